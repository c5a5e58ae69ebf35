"""What a person asks for: commands, their short forms, and plain sentences (订阅 动力电池, 我的订阅), as one Request.

Pure. Full-width forms count as half-width ones in the command itself; what follows it is kept as typed, because the
query language has its own rules. In groups only commands and sentences that begin with the bot's name are for us.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

SHORT = {
    "sub": "subscribe",
    "unsub": "unsubscribe",
    "channels": "list",
    "menu": "help",
    "tz": "timezone",
    "try": "test",
}

READER_COMMANDS = (
    "start", "help", "topics", "subscribe", "unsubscribe", "list", "digest", "search", "settings", "pause", "resume",
    "lang", "timezone", "test", "change", "why", "export", "import", "forget",
)  # fmt: skip
ADMIN_COMMANDS = ("push", "preview", "broadcast", "recall", "issues", "sources", "topic", "stats", "outbox", "audit")

WHOLE = {
    "我的订阅": "list", "订阅列表": "list", "查看订阅": "list", "今日摘要": "digest", "摘要": "digest", "帮助": "help",
    "设置": "settings", "暂停": "pause", "恢复": "resume", "主题": "topics", "语言": "lang", "导出": "export", "开始": "start",
    "我的訂閱": "list", "訂閱列表": "list", "幫助": "help", "設置": "settings", "設定": "settings", "暫停": "pause",
    "恢復": "resume", "主題": "topics", "語言": "lang", "暂停推送": "pause", "恢复推送": "resume",
    "别发了": "pause", "别再发了": "pause", "不要再发了": "pause", "不要再给我发了": "pause", "停止推送": "pause",
    "有什么新闻": "digest", "今天有什么新闻": "digest", "有什么新内容": "digest",
}  # fmt: skip
"""Sentences that must be all that is said."""

OPENING = {
    "取消订阅": "unsubscribe", "取消訂閱": "unsubscribe", "退订": "unsubscribe", "退訂": "unsubscribe", "订阅": "subscribe",
    "訂閱": "subscribe", "搜索": "search", "检索": "search",
    "试查": "test", "試查": "test", "时区": "timezone", "時區": "timezone", "改写": "change", "改寫": "change",
}  # fmt: skip
"""Words that something follows, with or without a space; the longest first."""

ENGLISH = frozenset({"subscribe", "unsubscribe", "sub", "unsub"})
ENGLISH_WHOLE = frozenset({"help", "list", "topics", "digest", "settings", "pause", "resume"})

_COMMAND = re.compile(r"/(?P<name>[a-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s+|$)", re.IGNORECASE)
_CHANNEL = re.compile(r"[@＠](?P<name>[A-Za-z]\w{3,31})(?=\s|$|[,，:：])[\s,，:：]*", re.ASCII)
_ABOUT = r"(?:关于|關於|有关|有關)?"
_NEWS = "(?:新闻|新聞|消息|报道|報道|文章|动态|動態|内容|內容|资讯|資訊)"
_WHAT = rf"{_ABOUT}(?P<what>[^，。！？；,!?;\n]{{2,24}}?)(?:方面|有关|有關|相关|相關)?(?:的)?{_NEWS}?(?:了|吧)?"
# 别 and 排除 are also parts of words (特别国债, 排除隐患): they refuse only behind a comma or 但.
_UNWANTED = (
    r"(?:但是?|不过|不過|可是?)?(?:请|請|我)?(?:不要|不想看|不想要|(?<=[\s，,、；;但是过過我请請])(?:不看|别|別|排除|除了|不含|不包括))"
    rf"(?:看|有|含|给我|給我|推送?|送|发|發)*{_ABOUT}(?P<not>[^，。！？；,!?;\n]{{1,24}}?)"
    rf"(?:以外|之外|除外|方面|有关|有關|相关|相關|之类|之類)?(?:的)?{_NEWS}?(?:了|吧)?"
)
_BUT = rf"(?:[\s，,、；;]*{_UNWANTED})?"
_TAIL = re.compile(rf"[，,、；;]\s{{0,3}}{_UNWANTED}$")
_WISH = re.compile(
    r"(?:(?:请|請|麻烦|麻煩|帮我|幫我|给我|給我|我想要?|我要|想要?)+(?:订阅|訂閱|订|訂|关注|關注|看看?|了解|知道|盯着?)"
    r"|(?:请|請|麻烦|麻煩|帮我|幫我)*(?:给我|給我)(?:推送?|发|發))(?:一下|一些|点|點)?\s*" + _WHAT + _BUT
)
_REFUSAL = re.compile(
    r"(?:(?:请|請|帮我|幫我)*(?:取消|退掉|停掉)(?:关注|關注)?|(?:我)?(?:不想再?|不要再?|别再?|別再?)(?:看|推送?|送|发|發|关注|關注)(?:我|给我)?)\s*"
    + _WHAT
)
_LOOK_UP = re.compile(
    rf"(?:请|請|帮我|幫我|我想)*(?:(?:查|搜|找|查找|搜索)(?:一下|一查|一搜|一找)\s*{_WHAT}"
    rf"|(?:最近)?有没有\s*{_ABOUT}(?P<asked>[^，。！？；,!?;\n]{{2,24}}?)的?{_NEWS}[吗嗎]?)"
)
_THANKS = re.compile(r"[\s，,。!！]{0,4}(?:谢谢|謝謝|多谢|多謝|拜托|拜託)[您你了啦]*$")
_EACH = re.compile(r"[、和及与與]")
_QUESTION = re.compile("^(?:什么|什麼|啥|哪)|怎么|怎麼|怎样|怎樣|[吗嗎呢]$|是不是|有没有|有沒有|为什么|為什麼")
"""我想看看天气怎么样 asks and wishes for nothing."""
_LINKS = " \t\n\u3000:：,，、"
_ENDS = " \t\n\u3000。.!！?？~～"


@dataclass(frozen=True, slots=True)
class Request:
    """`name`: the command without its slash; `args`: what follows, trimmed; `command`: typed with a slash."""

    name: str
    args: str = ""
    command: bool = True


def read_request(text: str, username: str, *, private: bool) -> Request | None:
    """What is asked, or None: plain talk, or a command for another bot."""
    text = text.strip()
    mentioned = text.lower().startswith(f"@{username.lower()}")
    if mentioned:
        text = text[len(username) + 1 :].strip(_LINKS)
    if text.startswith(("/", "／")):
        return _without(_command(text, username))
    return _without(_sentence(text)) if private or mentioned else None


def split_channel(args: str) -> tuple[str, str]:
    """("name", rest) of `@name rest`; ("", args) where no channel is addressed."""
    found = _CHANNEL.match(args)
    return (found["name"], args[found.end() :].strip()) if found else ("", args)


def _command(text: str, username: str) -> Request | None:
    head, rest = _halve(text)
    found = _COMMAND.match(unicodedata.normalize("NFKC", head) + " ")
    if found is None:
        return _sentence(text[1:].strip()) or Request(head[1:], rest)
    if found["bot"] and found["bot"].lower() != username.lower():
        return None
    name = found["name"].lower()
    return Request(SHORT.get(name, name), rest)


def _sentence(text: str) -> Request | None:
    whole = WHOLE.get(unicodedata.normalize("NFKC", text).strip(_ENDS))
    if whole is not None:
        return Request(whole, command=False)
    for word, name in OPENING.items():
        if text.startswith(word):
            return Request(name, text[len(word) :].lstrip(_LINKS).rstrip(), command=False)
    return _polite(text) or _english(text)


def _polite(text: str) -> Request | None:
    """我想看储能的新闻，但不要招聘; 不想再看储能了; 查一下江澜时代: a wish, a refusal or a question, and a short thing that it is about."""
    said = _THANKS.sub("", text.strip(_ENDS))
    for pattern, name in ((_REFUSAL, "unsubscribe"), (_WISH, "subscribe"), (_LOOK_UP, "search")):
        found = pattern.fullmatch(said)
        parts = found.groupdict() if found else {}
        what = parts.get("what") or parts.get("asked") or ""
        if what and not _QUESTION.search(what):
            return Request(name, what.strip() + _excluded(parts.get("not")), command=False)
    return None


def _without(request: Request | None) -> Request | None:
    """With 储能，不要招聘 as 储能 -招聘."""
    if request is None or request.name not in ("subscribe", "test", "search"):
        return request
    said = _THANKS.sub("", request.args.rstrip(_ENDS))
    tail = _TAIL.search(said)
    return replace(request, args=said[: tail.start()] + _excluded(tail["not"])) if tail and tail.start() else request


def _excluded(said: str | None) -> str:
    """-招聘 -广告 for 招聘和广告."""
    words = [word.strip() for word in _EACH.split(said or "")]
    return "".join(f' -"{word}"' if " " in word else f" -{word}" for word in words if word)


def _english(text: str) -> Request | None:
    head, rest = _halve(text)
    word = unicodedata.normalize("NFKC", head).lower()
    if word in ENGLISH or (word in ENGLISH_WHOLE and not rest):
        return Request(SHORT.get(word, word), rest, command=False)
    return None


def _halve(text: str) -> tuple[str, str]:
    head, *rest = text.split(maxsplit=1) if text else [""]
    return head, rest[0].strip() if rest else ""
