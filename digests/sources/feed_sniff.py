"""What a body really is, before any parser sees it: its encoding, and whether it is a feed at all.

Encoding: byte order mark, valid UTF-8, header, XML declaration or meta, GB18030; declarations lie both ways, so that a
declared encoding counts only where it can be read by it. A page in a feed's place is told from a feed. Pure.
"""

from __future__ import annotations

import codecs
import re
from html.entities import name2codepoint

from digests.errors import UnreadableError
from digests.sources.decode import MARKS
from digests.sources.feed_text import plain_line

CHINESE = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}
WESTERN = frozenset({"iso8859-1", "cp1252", "ascii"})
"""What servers say when nobody told them: believed only from the document itself."""
DAMAGE = 1 / 500
HEAD = 4096
"""Code points at the beginning in which declarations and the root element stand."""
ROOTS = {"rss": "rss", "rdf": "rss", "feed": "atom"}

_TEXTUAL = re.compile(
    r"gb18030|big5hkscs|hz|johab|ascii|euc_\w+|shift_jis\w*|iso2022_\w+|iso8859-\d+|cp\d+|koi8-[rut]|utf-(?:16|32)-[lb]e"
)
"""Python has codecs for other things, too: nothing that a server says may choose among those."""

_HEADER = re.compile(r"(?i)charset\s*=\s*[\"']?([\w.:-]{2,40})")
_DECLARED = re.compile(
    rb"(?i)<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})|<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{2,40})"
)
_ROOT = re.compile(r"<(?:[A-Za-z]\w*:)?([A-Za-z]\w*)")
_TITLE = re.compile(r"(?is)<title[^>]*>(.{0,200}?)</title")
_CHALLENGE = re.compile(r"(?i)captcha|cf-chl|challenge|安全验证|人机|滑块|访问验证|verify you are|waf")
_NAMED = re.compile(r"&([A-Za-z]{2,8}\d?);")
_ILLEGAL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));",
    re.I,
)
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def decode_web(body: bytes, content_type: str) -> str:
    """The text of a body; damaged bytes become U+FFFD where no reading is without loss."""
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    if (text := _strict(body, "utf-8")) is not None and "\0" not in text[:64]:
        return text
    inside = _declared(body)
    header = _codec(found[1]) if (found := _HEADER.search(content_type)) else ""
    names = [*_wide(body), header if header not in WESTERN else "", inside, "gb18030"]
    for name in filter(None, names):
        if (text := _strict(body, name)) is not None:
            return text
    damaged = body.decode("utf-8", "replace")
    return damaged if damaged.count("\ufffd") <= 4 + len(damaged) * DAMAGE else body.decode("gb18030", "replace")


def root_of(text: str, address: str) -> tuple[str, str]:
    """("rss" | "atom" | "json", the text from where the document begins). Raises UnreadableError for anything else."""
    text = text.lstrip("\ufeff \t\r\n\x00")
    if text[:1] == "{":
        return "json", text
    at = _root_at(text)
    found = _ROOT.match(text, at)
    if found and (kind := ROOTS.get(found[1].lower())):
        return kind, text[at:]
    if (start := re.search(r"(?i)<(?:rss|rdf:rdf|feed)[\s>]", text[:HEAD])) and not (
        found and found[1].lower() == "html"
    ):
        return ROOTS[start[0][1:4].lower().replace("fee", "feed")], text[start.start() :]
    raise UnreadableError(address, _what_else(text, found[1].lower() if found else ""))


def clean_xml(text: str) -> bytes:
    """From the root on, in UTF-8, without characters that XML forbids, and with HTML's names for characters written as
    numbers. Without its document type: no entity of its own making is left to unfold."""
    text = _NAMED.sub(_as_number, _ILLEGAL.sub("", text))
    return b'<?xml version="1.0" encoding="utf-8"?>' + text.encode("utf-8", "replace")


def _as_number(found: re.Match[str]) -> str:
    code = None if found[1] in _XML_NAMES else name2codepoint.get(found[1])
    return f"&#{code};" if code else found[0]


def _root_at(text: str) -> int:
    """Where the root element begins, past declarations, comments and the document type."""
    at = 0
    while at < len(text):
        at += len(text[at : at + HEAD]) - len(text[at : at + HEAD].lstrip())
        if text.startswith("<?", at):
            end = text.find("?>", at)
        elif text.startswith("<!--", at):
            end = text.find("-->", at) + 1
        elif text[at : at + 9].upper() == "<!DOCTYPE":
            end = _doctype_end(text, at) - 1
        else:
            return at
        if end <= 0:
            return len(text)
        at = end + 2
    return at


def _doctype_end(text: str, at: int) -> int:
    """Its closing bracket; an internal subset in [] may hold others. 0: it does not end."""
    close, subset = text.find(">", at), text.find("[", at)
    if 0 <= subset < close:
        found = re.compile(r"\]\s*>").search(text, subset)
        return found.end() - 1 if found else 0
    return max(close, 0)


def _what_else(text: str, root: str) -> str:
    zh, en = "实为别的内容", "something else"
    if not text.strip():
        zh, en = "实为空白", "nothing"
    elif root in ("html", "head", "body", "script", "div", "p") or "<html" in text[:HEAD].lower():
        title = plain_line(found[1])[:60] if (found := _TITLE.search(text[: HEAD * 8])) else ""
        kind = (
            ("防爬虫的验证页", "a challenge page against robots")
            if _CHALLENGE.search(text[: HEAD * 8])
            else ("网页", "a web page")
        )
        zh, en = f"实为{kind[0]}“{title}”", f"{kind[1]} {title!r}"
    elif root:
        zh, en = f"实为根元素是 {root} 的 XML", f"XML whose root is {root}"
    return f"应为 RSS、Atom 或 JSON 订阅源，{zh} / expected an RSS, Atom or JSON feed, found {en}"


def _declared(body: bytes) -> str:
    head = body[:HEAD].replace(b"\0", b"")
    found = _DECLARED.search(head)
    return _codec((found[1] or found[2]).decode("ascii")) if found else ""


def _codec(name: str) -> str:
    """Python's name of a declared encoding; "" for an unknown one, and for UTF-8, which was tried."""
    try:
        known = codecs.lookup(CHINESE.get(name.lower(), name)).name
    except LookupError:
        return ""
    return known if _TEXTUAL.fullmatch(known) else ""


def _wide(body: bytes) -> tuple[str, ...]:
    """Markup in a wide encoding is full of zero bytes, and no other has any."""
    return ("utf-16-le", "utf-16-be")[:: 1 if body[1:2] == b"\0" else -1] if b"\0" in body[:HEAD] else ()


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return None
