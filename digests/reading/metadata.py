"""What an issue says of itself: publication, kind, number, sponsors, page.

Read from masthead, colophon and running heads; failing these, from the text's own mention with lower confidence. What is not proved is
None.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from digests.reading.contents import Contents
from digests.reading.lines import CONTINUED_ON, DATELINE, Line
from digests.reading.pages import page_number
from digests.reading.roles import POINTER, is_paper_name
from digests.reading.text import letters, squeeze

Kind = Literal["newspaper", "periodical"]
_NUMBER = re.compile(r"((?:19|20)\d{2})\s*年\s*[（(]?\s*第\s*(\d{1,3})\s*期")
_BARE_NUMBER = re.compile(r"第\s*(\d{1,5})\s*期")
_TOTAL = re.compile(r"总\s*(?:第)?\s*(\d{1,6})\s*期")
_LABEL = r"(?:主办|主管|承办|协办|编辑|主编|出版|印刷|承印|地址|电话|邮编|传真|发行|责任编辑|总编辑|支持|指导|技术支持|编印)(?:单位|部门|机构|出版)?\s*[:：]"
_SPONSOR = re.compile(rf"主\s*办(?:单位|部门|机构)?\s*[:：]\s*(.*?)(?=\s*{_LABEL}|\s[^\s:：]{{2,8}}[:：]|$)")
_SPONSOR_TAIL = re.compile(r"^(\S.*?)\s*(?:主管)?(?:主办|编印)(?=\s|$)")
_OTHER_PART = re.compile(r"(?:主管|承办|协办|出版|编印|印刷|期)$")
"""What the body named before the sponsor does: 某部主管 某中心主办."""
_MENTION = re.compile(r"《([\u4e00-\u9fff]{2,10}(?:日报|晚报|时报|早报|晨报|商报|周报|快报|都市报|新报|导报))》")
_NEWSPAPER = re.compile(
    r"本报(?:记者|评论员|讯|通讯员|编辑部)|全媒体记者|融媒体?记者|今日\S{0,3}\d+版|国内统一(?:连续出版物|刊)号|邮发代号"
)
_PERIODICAL = re.compile(
    r"本刊(?:记者|评论员|讯|编辑部|特约)|总\s*第?\s*\d+\s*期|\d{4}\s*年\s*第\s*\d{1,2}\s*期|[双半]?月刊|季刊|旬刊|卷首语|封面说明|准印证"
)
_PRINTED_PAGE = re.compile(
    r"^0?(\d{1,2})\s+[\u4e00-\u9fff]{2,8}(?:\s|$)|^(?:第\s*)?0?([一二三四五六七八九十]{1,3}|\d{1,3})\s*版|^[A-H]0?(\d{1,2})(?:版|$|\s)|第\s*0?([一二三四五六七八九十]{1,3}|\d{1,3})\s*版"
)
_FRONT = re.compile(r"第\s*\d{2,6}\s*期|国内统一|CN\s?\d{2}|[今本][日期]\S{0,3}\S\s*版")
"""What only the masthead on the front page carries."""
_OWN = frozenset(("masthead", "colophon", "running_header"))
_TOP = 6
"""Lines of a page's head, where a bare number is the page's."""
_LONG = 10_000
"""Code points that no newspaper page holds."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """Issue fields as read; None and () where nothing proves them. `confidence` of the publication."""

    publication: str | None = None
    confidence: float = 1.0
    kind: Kind | None = None
    number: str | None = None
    total_number: int | None = None
    sponsors: tuple[str, ...] = ()
    page: int | None = None


def head_lines(lines: Sequence[Line], roles: Sequence[str], front: int) -> list[str]:
    """Lines in which an issue speaks of itself: front matter, masthead, running heads, colophon."""
    own = ("masthead", "colophon", "running_header", "page_number")
    return [line.text for i, line in enumerate(lines) if roles[i] in own or i < front]


def read_kind(lines: Sequence[Line], roles: Sequence[str], contents: Contents, pages: int) -> Kind | None:
    """By the marks that only the one or the other carries, else by length; None where they balance."""
    text = [line.text for line in lines]
    paper = sum(bool(_NEWSPAPER.search(t)) for t in text) + 2 * sum(role == "pointer" for role in roles)
    paper += 2 * sum(bool(CONTINUED_ON.search(t)) for t in text) + sum(bool(DATELINE.match(t)) for t in text)
    paper += 3 * any(is_paper_name(t) == "newspaper" for t in text[:40])
    journal = 4 * bool(contents.entries) + 2 * sum(bool(_PERIODICAL.search(t)) for t in text if len(t) <= 60)
    journal += 3 * any(is_paper_name(t) == "periodical" for t in text[:40])
    journal += 2 * (sum(map(len, text)) > _LONG * pages) + sum(role == "note" for role in roles)
    journal += sum(line.mark == "lead" and role == "text" for line, role in zip(lines, roles, strict=True)) > 2
    if paper == journal:
        return None
    return "newspaper" if paper > journal else "periodical"


def read_metadata(
    lines: Sequence[Line], roles: Sequence[str], contents: Contents, *, front: int, kind: Kind | None, pages: int
) -> Metadata:
    head = head_lines(lines, roles, front)
    publication, confidence = _publication(lines, roles, head, kind, front)
    number, total = _numbers(head)
    page = _page(lines, roles, pages) if kind == "newspaper" else None
    return Metadata(publication, confidence, kind, number, total, _sponsors(lines, roles, front), page)


# ---------------------------------------------------------------------------------------------- publication
def _publication(
    lines: Sequence[Line], roles: Sequence[str], head: Sequence[str], kind: Kind | None, front: int
) -> tuple[str | None, float]:
    named = [name for line in head if (name := _paper_name(line))]
    if named:
        return Counter(named).most_common(1)[0][0], 0.95
    beside = Counter(name for line in head if (name := _beside_number(line)))
    if beside:
        return beside.most_common(1)[0][0], 0.85
    title = _cover_title(lines, roles, front) or (kind == "periodical" and _running_title(lines, roles))
    if title:
        return title, 0.85
    mentioned = Counter(name for line in lines for name in _MENTION.findall(line.text))
    if kind == "newspaper" and len(mentioned) == 1:
        return mentioned.most_common(1)[0][0], 0.5
    return None, 0.0


def _paper_name(text: str) -> str | None:
    for part in (text, *text.split()):
        kind = is_paper_name(part)
        if kind and (kind == "newspaper" or not text[0].isdigit()):
            name = part.strip("《》 ")
            return name if name.isascii() else name.replace(" ", "")
    return None


def _beside_number(text: str) -> str | None:
    """A running head of the form 刊名 2021年第4期."""
    found = re.match(r"^《?([\u4e00-\u9fff]{2,10})》?\s*[·|　 ]?\s*(?:\d{4}\s*年\s*)?第\s*\d+\s*期", text)
    return found[1] if found and len(text) <= 40 else None


def _cover_title(lines: Sequence[Line], roles: Sequence[str], front: int) -> str | None:
    """The name on a periodical's cover: the short line that opens it and comes again, or stands beside the number."""
    shorts = [squeeze(line.text) for line in lines[:front] if 2 <= len(squeeze(line.text)) <= 12 and _plain(line.text)]
    if not shorts:
        return None
    name, times = Counter(shorts).most_common(1)[0]
    first = next(i for i, line in enumerate(lines[:front]) if squeeze(line.text) == name)
    beside = any(_BARE_NUMBER.search(line.text) or _TOTAL.search(line.text) for line in lines[first + 1 : first + 4])
    return lines[first].text.replace(" ", "") if times > 1 or (first < 2 and beside) else None


def _running_title(lines: Sequence[Line], roles: Sequence[str]) -> str | None:
    """The name that stands over or under the pages, twice at least."""
    heads = (line.text for line, role in zip(lines, roles, strict=True) if role == "running_header")
    names = Counter(squeeze(text) for text in heads if 2 <= len(squeeze(text)) <= 12 and _plain(text))
    name, times = names.most_common(1)[0] if names else ("", 0)
    return name if times > 1 else None


def _plain(text: str) -> bool:
    return letters(text) == squeeze(text).strip("《》") and not any(c.isdigit() for c in text)


# ---------------------------------------------------------------------------------------------- number, sponsors, page
def _numbers(head: Iterable[str]) -> tuple[str | None, int | None]:
    head = [re.sub(r"[*_]", "", line) for line in head]
    totals = [int(found[1]) for line in head for found in _TOTAL.finditer(line)]
    yearly = Counter(f"{found[1]}年第{int(found[2])}期" for line in head for found in _NUMBER.finditer(line))
    if yearly:
        return yearly.most_common(1)[0][0], totals[0] if totals else None
    bare = [found[1] for line in head for found in _BARE_NUMBER.finditer(_TOTAL.sub("", line))]
    return (f"第{int(bare[0])}期" if bare else None), totals[0] if totals else None


def _sponsors(lines: Sequence[Line], roles: Sequence[str], front: int) -> tuple[str, ...]:
    for index, line in enumerate(lines):
        if roles[index] not in ("colophon", "masthead") and index >= front:
            continue
        if found := _SPONSOR.search(line.text):
            values = found[1] or _below(lines, roles, index)
            if names := _split_names(values):
                return names
        if found := _SPONSOR_TAIL.search(line.text):
            names = _split_names(found[1])
            own = next((at for at in range(len(names), 0, -1) if _OTHER_PART.search(names[at - 1])), 0)
            return names[own:]
    return ()


def _below(lines: Sequence[Line], roles: Sequence[str], label: int) -> str:
    """The lines under `主办单位：` up to the next label."""
    values: list[str] = []
    for index in range(label + 1, min(label + 8, len(lines))):
        if roles[index] != "colophon" or re.search(r"[:：]", lines[index].text):
            break
        values.append(lines[index].text)
    return " ".join(values)


def _split_names(text: str) -> tuple[str, ...]:
    return tuple(name for name in re.split(r"[\s、,，;；|]+", text) if 2 <= len(name) <= 40)


def _page(lines: Sequence[Line], roles: Sequence[str], pages: int) -> int | None:
    """The number printed on a newspaper's only page; a page with the masthead or with pointers to later pages is the first."""
    if pages != 1:
        return None
    for index, line in enumerate(lines):
        top = roles[index] if index < _TOP else ""
        if roles[index] in ("running_header", "page_number") and (found := printed_page(line.text, top)):
            return found
    leads_on = any(_leads_on(line.text) for line in lines)
    colophon = any(role == "colophon" and "主办" in line.text for line, role in zip(lines[:60], roles, strict=False))
    masthead = any(is_paper_name(line.text) for line in lines[:8])
    numbered = any(_FRONT.search(line.text) for line, role in zip(lines[:40], roles, strict=False) if role in _OWN)
    return 1 if (masthead and (colophon or leads_on or numbered)) or (colophon and leads_on) else None


def printed_page(text: str, role: str) -> int | None:
    """The page number in a running head (第2版 综合新闻, A03) or alone on its line (— 12 —)."""
    if found := _PRINTED_PAGE.search(text):
        return page_number(next(g for g in found.groups() if g))
    return page_number(text) if role == "page_number" else None


def _leads_on(text: str) -> bool:
    found = POINTER.search(text) or CONTINUED_ON.search(text)
    return bool(found) and (page_number(found[0] if found else None) or 0) > 1
