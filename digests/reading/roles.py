"""Second step of splitting: the part that each line plays, as far as the line alone tells it.

Roles are the furniture of print (page pointers, captions, colophon, masthead …) by their form and by the vocabulary that
every paper shares; what remains is "text" (running text) or "short" (headline, label, unmarked caption: decided in context).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from digests.reading.bylines import AUTHOR_NOTE, is_byline
from digests.reading.lines import CONTINUED_FROM, CONTINUED_ON, DATELINE, Line
from digests.reading.neighbours import settle_roles
from digests.reading.pages import read_page_head
from digests.reading.text import ends_sentence, is_chinese, letters, squeeze

SHORT_CHINESE, SHORT_LATIN = 48, 90
_VERSION = (
    r"(?:第?\s*[一二三四五六七八九十\d]{1,3}(?:[、,至\-—][一二三四五六七八九十\d]{1,3})?\s*版|[A-H]\d{1,2}\s*版?)"
)
POINTER = re.compile(
    rf"(?:[▶►→➤»>》]+\s*)?(?:详见|全文见|报道见|请见|请看|详情见|均见|据?见|导读\s*[:：]?)\s*[《“]?\s*(?P<page>{_VERSION})|(?:[▶►→➤»]|>{{2,}})\s*(?P<bare>{_VERSION})\s*$|^[（(]\s*(?P<alone>{_VERSION})\s*[)）]$"
)
_PAGE_NUMBER = re.compile(
    r"^[\s\-—–·.…|/～~]*(?:第\s*)?(?:\d{1,3}|[A-H]\d{1,2})(?:\s*[页版])?[\s\-—–·.…|/～~]*$|^第\s*[一二三四五六七八九十\d]{1,3}\s*[版页]$|^Page\s+\d+$",
    re.IGNORECASE,
)
_RUNNING = re.compile(rf"^(?:{_VERSION}\s*\S{{0,6}}|\S{{0,6}}\s*{_VERSION})$")
_LISTED = re.compile(rf"^{_VERSION}[\s·:：|]+\S.{{4,40}}$")
_DATED = re.compile(
    r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|(?<!\d)20\d\d[.\-/]\d{1,2}[.\-/]\d{1,2}(?!\d)|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,2},?\s+\d{4}|星期[一二三四五六日天]|农历|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b.*\b\d{4}\b|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
)
_KEY = (
    r"(?:主\s*办|主\s*管|承\s*办|协\s*办|编\s*辑|主\s*编|副主编|总编辑|副总编|总编|执行主编|责任编辑|本版编辑|本版责编|责编|编审|编务|校\s*对|校\s*审|美\s*编|版\s*式|排\s*版|组\s*版|视觉|版面|"
    r"(?:美术|封面|版式|装帧|版面)?设计|制\s*图|电\s*话|传\s*真|地\s*址|社\s*址|邮\s*编|邮政编码|邮\s*箱|电子信箱|E-?mail|网\s*址|官\s*网|承\s*印|印\s*刷|印\s*数|定\s*价|零\s*售|订\s*阅|发\s*行|邮发代号|"
    r"国内统一|国际标准|刊\s*号|准印证|印刷许可|广告(?:经营|热线|部|许可)|新闻热线|投稿|来稿|出\s*版|社\s*长|值班|编\s*委|顾\s*问|法律顾问|监\s*印|主任|副主任|成员|编辑部|总策划|策划|监制|审核|终审|编\s*印|公众号|开\s*本)"
)  # fmt: skip
_COLOPHON = re.compile(
    rf"^[\s（(]*{_KEY}[^\s:：。，,]{{0,8}}\s*[:：]|^{_KEY}\s*[/／]\s*\S|^{_KEY}(?:单位|部门|时间|日期)$|"
    rf"准印证|国内统一(?:连续出版物|刊)号|邮发代号|\bISSN\b|\bCN\s?\d{{2}}[-—]|未经[^。]{{1,12}}不得转载|内部资料|免费交流|欢迎(?:投稿|赐稿|来稿)|每月.{{0,4}}出版|(?:主办|主管|编印|承办)$",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"(?:电话|邮箱|热线|传真|邮编|网址|QQ|微信)\s*[:：]\s*[\w@.\-]+")
_IMPRINT_ROLE = re.compile(
    r"^(?:本版|责任)?\s*(?:编辑|责编|校对|美编|版式|组版|编审|审校|主编|值班\S{0,4})\s*[:：/／\s]"
)
_NAME_LATIN = re.compile(
    r"^(?:THE\s+)?(?:[A-Z][\w.'&-]*\s+){0,4}(?:GAZETTE|TIMES|DAILY|POST|HERALD|TRIBUNE|NEWS|JOURNAL|CHRONICLE|OBSERVER|MAIL|EXPRESS|STAR|WEEKLY|REVIEW|BULLETIN)$",
    re.IGNORECASE,
)
_NAME_AND_NUMBER = re.compile(
    r"^(?:\d{1,3}\s+)?《?[\u4e00-\u9fff]{2,10}》?\s*[·|]?\s*(?:\d{4}\s*年\s*第\s*\d{1,3}\s*\S(?:\s*[（(]?总\s*第?\s*\d{1,4}\s*期[)）]?|\s+[\u4e00-\u9fff]{2,8})?|(?:19|20)\d\d\s*[.·/\-]\s*\d{1,2})(?:\s+\d{1,3})?$"
)
_BOARD = re.compile(r"^(?:《[^》]+》)?(?:编辑委员会|编\s*委\s*会|本刊编委会|理事会|顾问委员会|编辑部成员)$")
_NUMBERED_ISSUE = re.compile(
    r"第\s*\d{1,5}\s*期|总\s*第?\s*\d{1,5}\s*期|第\s*\d+\s*卷|今日\S{0,3}\d+\s*版|\d+\s*开\s*\d+\s*版|\d{4}\s*年(?:\s*\d{1,2}\s*月)?"
)
_MASTHEAD = re.compile(
    r"微信公众|公众号|微报|数字报|电子报|手机报|手机台|APP|客户端|扫一?扫|二维码|https?://|www\.|\.(?:com|cn|net)\b|^今日(?:导读|要目|天气|\d+版)|天气预报|出版日|新闻网$",
    re.IGNORECASE,
)
_NAME_OF_PAPER = re.compile(
    r"^《?\s*(?:[\u4e00-\u9fff]\s*){1,8}?(?:日\s*报|晚\s*报|时\s*报|早\s*报|晨\s*报|商\s*报|周\s*报|快\s*报|都市报|新\s*报|导\s*报|信\s*报|青年报|法治报|教育报|科技报|农民报|工人报|经济报|(?<![海公捷喜汇简预情通申年战电举回])报|周\s*刊|月\s*刊|季\s*刊|双月刊|旬\s*刊|简\s*报|通\s*讯|学\s*报|杂\s*志|导\s*刊|专\s*刊)\s*》?$"
)
_FILE_NUMBER = re.compile(r"^[（(]?[\u4e00-\u9fff]{1,10}[〔\[［【（(]\d{4}[〕\]］】）)]\s*\d{1,4}\s*号[)）]?$")
_STAFF = re.compile(r"责?编辑|责编|校对|版式|组版|电话|热线|邮箱|E-?mail", re.IGNORECASE)
_PAGE_AND_RUBRIC = re.compile(r"^\d{1,2}\s+[\u4e00-\u9fff]{2,8}$")
_SITE = re.compile(r"[:：\s](?:https?://|www\.)\S+$")
_CAPTION = re.compile(
    r"^(?:[上下左右中本题附]{1,2}图|图[①-⑩\d一二三四五六]?\s*(?:为|[:：]|\s)|图[①-⑩一二三四五六\d]|图片说明|[①-⑩]\S{2,40}$|封面说明|封面图片|本期封面|\(?资料图|（资料图|照片)|"
    r"(?:资料图片?|效果图|示意图|航拍图|视频截图|本报资料)[)）]?$|(?:摄|供图|摄影|制图|绘图|图/\S{2,8})\s*[)）]?$|^\S{0,3}图[/／]"
)
_BOX_LABEL = (
    r"(?:相关链接|相关新闻|新闻链接|新闻背景|背景链接|背景资料|延伸阅读|链接|名词解释|小贴士|新闻助读|知识链接|政策链接|人物名片|人物简介|企业名片|"
    r"新闻延伸|小资料|数读|小链接|温馨提示|延展阅读|相关阅读|新闻多一点)"
)  # fmt: skip
BOX = re.compile(
    rf"^(?:[【\[「<〈]\s*(?P<framed>{_BOX_LABEL})\s*[】\]」>〉]|(?P<bare>{_BOX_LABEL})(?=[:：\s]|$))[:：\s]*"
)
INTRO = re.compile(
    r"^[【\[（(]?\s*(?:编者按|编前|编者的话|编后|开栏语|开栏的话|按语|内容提要|核心提示|导语|前言|提要|摘要|阅读提示|引言)\s*[】\]）)]?\s*(?:[:：]|$|\s)"
)
_PUBLIC = re.compile(
    r"公益广告|文明网|宣教局|中宣部|讲文明|树新风|中国梦|核心价值观|富强\s*民主\s*文明|扫黑除恶|节约用水|光盘行动|垃圾分类.*人人|安全生产\s*人人|禁毒|反诈|关爱未成年|志愿服务\s*\S{2,4}$"
)
_PICTURED = re.compile(r"^(?:[上下左右]{0,2}图\s*(?:为|[:：])|图[①-⑩])")
_WEATHER = re.compile(
    r"^.{0,8}?(?:天气(?:预报)?\s*[:：]|今[天日](?:白天|夜间|到明天)?[^，。]{0,6}?(?:晴|阴|多云|雨|雪)).{0,90}(?:℃|\d\s*[度级])"
)
_ROW = re.compile(r"^[|｜].*[|｜].*[|｜]")
"""A row of a table."""
_BILINGUAL = re.compile(r"^(?P<rubric>[\u4e00-\u9fff]{2,8})\s*[|｜/·]\s*[A-Z][A-Z ]{3,40}$")
"""A rubric with its reading or translation beside it: 政策速递 ｜ ZHENGCE SUDI."""
_SPOKEN = re.compile(r"^(?:问|答|Q|A|记者|网友)\s*[:：]\s*\S|^(?:编辑|主持人|主编)\s*[:：].*[？?。！!]”?$")
"""Questions and answers are text, however short."""
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}\s*[、．.]\s*\D|第[一二三四五六七八九十百\d]{1,4}[章节部篇条]|其[一二三四五]\s*[,，、:：]|[①-⑩])"
)
NOTICE = re.compile(
    r"(?:预告|公告|启事|启示|通告|通知|公示|声明|招聘|讣告|更正|致歉|征稿|招标|拍卖|遗失|公开信|倡议书|热线)(?:书|函)?$|^(?:遗失|注销|公示|公告|更正)"
)


def read_roles(lines: Sequence[Line]) -> list[str]:
    """One role a line: text, short, subhead, byline, note, box, caption, rubric, pointer, continued_on, continued_from, page_number,
    running_header, masthead, colophon, board, public_service or noise."""
    roles = [_role(line) for line in lines]
    settle_roles(lines, roles)
    return roles


def _role(line: Line) -> str:
    text = line.text
    if not line.level and read_page_head(text):
        return "running_header"
    if not any(map(str.isalnum, text)) or (len(text) <= 30 and _FILE_NUMBER.match(text)):
        return "noise"
    if not line.level and (_SPOKEN.match(text) or _ROW.match(text)):
        return "text"
    if _BILINGUAL.match(text):
        return "rubric"
    return _marker(text) or _furniture(line) or ("text" if _is_text(line) else _label(line))


def rubric_of(text: str) -> str:
    """The Chinese words of a line whose role is rubric."""
    found = _BILINGUAL.match(text)
    return found["rubric"] if found else text


def is_notice(text: str) -> bool:
    """Whether a headline announces a notice; 公 告 is spaced out as print does with two characters."""
    return bool(NOTICE.search(squeeze(text) if all(len(part) == 1 for part in text.split()) else text))


def _marker(text: str) -> str:
    if len(text) <= 24 and CONTINUED_ON.search(text) and len(CONTINUED_ON.sub("", text)) <= 2:
        return "continued_on"
    if len(text) <= 24 and CONTINUED_FROM.search(text) and len(CONTINUED_FROM.sub("", text)) <= 2:
        return "continued_from"
    if (
        len(text) <= 80
        and "。" not in text
        and not DATELINE.match(text)
        and (found := POINTER.search(text))
        and found.end() >= len(text) - 3
    ):
        return "pointer"
    if len(text) <= 48 and _LISTED.match(text) and not _DATED.search(text):
        return "pointer"
    if len(text) <= 12 and _PAGE_NUMBER.match(text):
        return "page_number"
    return "masthead" if len(text) <= 120 and _WEATHER.match(text) else ""


def _furniture(line: Line) -> str:
    text = line.text
    if BOX.match(text):
        return "box"
    if (
        line.mark == "caption"
        or _PICTURED.match(text)
        or (len(text) <= 90 and _CAPTION.search(text) and not is_byline(text) and not _ends_story(text))
    ):
        return "caption"
    if len(text) <= 60 and AUTHOR_NOTE.match(text):
        return "note"
    if is_byline(text):
        return "colophon" if _IMPRINT_ROLE.match(text) else "byline"
    return _imprint(line)


def _ends_story(text: str) -> bool:
    return "。" in text and len(text) > 60


def _imprint(line: Line) -> str:
    """Masthead, colophon, board, running header: what a paper says of itself."""
    text = line.text
    if "。" in text and len(text) > 40 and not _COLOPHON.match(text):
        return ""
    if _BOARD.match(text.replace(" ", "")):
        return "board"
    if (
        len(text) <= 160
        and _COLOPHON.search(text)
        and not line.level
        and (len(text) <= 40 or ":" in text or "：" in text)
    ):
        return "colophon"
    if len(text) <= 40 and not line.bullet and _is_masthead(text):
        return "masthead"
    if (
        len(text) <= 40
        and text[0] not in "（("
        and _DATED.search(text)
        and len(letters(_NUMBERED_ISSUE.sub("", _DATED.sub("", text)))) <= 12
    ):
        return "running_header"
    if len(text) <= 16 and (_RUNNING.match(text) or (line.gap == 9 and _PAGE_AND_RUBRIC.match(text))):
        return "running_header"
    if len(text) <= 120 and "。" not in text and _DATED.match(text) and _STAFF.search(text):
        return "running_header"
    if len(text) <= 80 and "。" not in text and _CONTACT.search(text) and not line.level:
        return "colophon"
    if len(text) <= 40 and _NAME_AND_NUMBER.match(text):
        return "running_header"
    if len(text) <= 80 and not line.level and _is_strip(text):
        return "running_header"
    return "public_service" if len(text) <= 40 and _PUBLIC.search(text) and not line.level else ""


def _is_masthead(text: str) -> bool:
    named = bool(_NAME_OF_PAPER.match(text) or _NAME_LATIN.match(text))
    return named or _numbers_issue(text) or bool(_MASTHEAD.search(text) and (len(text) <= 30 or _SITE.search(text)))


def _numbers_issue(text: str) -> bool:
    """Nothing but the issue's number and year: 2021年第5期（总第160期）."""
    return bool(_NUMBERED_ISSUE.search(text)) and len(letters(_NUMBERED_ISSUE.sub("", text))) <= 3


def _is_strip(text: str) -> bool:
    """The page's head in one line: 某某周报 | 产业 | 2023年5月18日 第20期 | 3版."""
    if is_paper_name(text.split()[0]) and _DATED.search(text) and "。" not in text:
        return True
    parts = re.split(r"\s*[|｜]\s*", text.strip("|｜ "))
    dated = any(_DATED.search(part) or _NUMBERED_ISSUE.search(part) for part in parts)
    return len(parts) >= 3 and dated and all(len(letters(part)) <= 24 for part in parts) and "。" not in text


def _is_text(line: Line) -> bool:
    text = line.text
    limit = SHORT_CHINESE if is_chinese(text) else SHORT_LATIN
    if line.level and len(text) <= limit + 12:
        return False
    if len(text) > limit or "。" in text or DATELINE.match(text) or INTRO.match(text):
        return True
    if line.indent and len(text) > 20:
        return True
    commas = sum(text.count(c) for c in "，,；;")
    return (commas >= 2 and len(text) > 24) or (text[-1] in "，、,；;" and len(text) > 7) or _is_sentence(text)


def _is_sentence(text: str) -> bool:
    """A whole short sentence; headlines may end in ? or !, but have no full stop."""
    return ends_sentence(text) and (
        (text.rstrip("”’\"'」』）)")[-1:] in ".｡…" and len(text) > 14)
        or (("，" in text or "," in text) and len(text) > 20)
    )


def _label(line: Line) -> str:
    text = line.text
    if line.level:
        return "short"
    if text[-1] in ":：" or _NUMBERED.match(text):
        return "subhead"
    return "short"


def is_paper_name(text: str) -> str | None:
    """ "newspaper" or "periodical" if the text is the name of one, by its last word; else None."""
    text = text.strip()
    if len(text) <= 40 and _NAME_LATIN.match(text) and " " in text:
        return "newspaper"
    if len(text) > 16 or not _NAME_OF_PAPER.match(text):
        return None
    bare = text.rstrip("》 ").replace(" ", "")
    return "newspaper" if bare.endswith("报") and not bare.endswith(("简报", "学报")) else "periodical"
