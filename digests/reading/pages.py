"""The heads of printed pages: 第2版　综合新闻　2024年5月6日　责任编辑：某某, 【02版】 经济新闻, A1 综合, 3版·副刊.

A head names its page and, where the paper has them, the page's rubric; date, paper, staff and website may stand beside them. Whatever
else a line says, it is no head: 3版 某地建成百亿产业园 is a pointer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digests.reading.lines import Line

_NUMBER = (
    r"(?:第?\s*0?(?P<han>[一二三四五六七八九十]{1,3}|\d{1,3})\s*[版页]|(?P<letter>[A-H])\s*0?(?P<digits>\d{1,2})\s*版?)"
)
_FIRST = re.compile(rf"^[【\[〔（(]?\s*{_NUMBER}\s*[】\]〕）)]?(?=$|[\s·:：|｜/—－-]|[\u4e00-\u9fff])")
_LAST = re.compile(rf"(?:^|[\s·|｜/—－-])[【\[〔（(]?\s*{_NUMBER}\s*[】\]〕）)]?$")
_STAFF = re.compile(
    r"(?:本版|责任|值班|执行)?(?:编辑|责编|主编|校对|美编|版式|组版|编审|审校|视觉|总监|制图|电话|热线|邮箱|E-?mail|投稿)\S{0,4}?\s*[:：/／]\s*\S+(?:\s+(?=[\u4e00-\u9fff]{2,3}(?:\s|$))\S+)?",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"(?:19|20)\d\d\s*(?:年|[.\-/])\s*\d{1,2}\s*(?:月|[.\-/])\s*(?:\d{1,2}\s*日?)?|(?:星期|周)[一二三四五六日天]|农历\S+|\S{2}年\S{1,2}月\S{2,3}(?=\s|$)|总?第\s*\d+\s*期"
)
_SITE = re.compile(r"(?:https?://|www\.)\S+")
_PARTS = re.compile(r"[\s·:：|｜/]+")
_RUBRIC = re.compile(r"^[\u4e00-\u9fffA-Z&]{2,8}$")
_TOP = 8
"""Lines at the top of a page among which the paper's name stands."""
_FEW, _SHORT = 2, 5
"""Most words of a rubric, and most characters of each where neither a date nor a name of the staff proves the head."""


@dataclass(frozen=True, slots=True)
class PageHead:
    """`page`: as printed, 1 and up (A2 is 2). `rubric`: the page's own name (综合新闻, 副刊·花径), or None."""

    page: int
    rubric: str | None


def read_page_head(text: str) -> PageHead | None:
    """The head of a page if `text`, one line, is nothing else."""
    if len(text) > 120 or "。" in text:
        return None
    found = _FIRST.match(text) or _LAST.search(text)
    if found is None:
        return None
    rest = text[: found.start()] + " " + text[found.end() :]
    bare = _STAFF.sub(" ", _DAY.sub(" ", _SITE.sub(" ", rest)))
    words = [word for word in _PARTS.split(bare.strip(" 　—－-·【】[]")) if word]
    proved = bare != rest
    glued = text[found.end() - 1] in "版页" and "\u4e00" <= text[found.end() : found.end() + 1] <= "\u9fff"
    if not (words or proved) or (glued and not proved):
        return None
    named = [word for word in words if not (proved and word.endswith("报") and len(words) > 1)]
    if proved and len(named) > 1 and named[-1].endswith("新闻"):
        named.pop()
    if not (len(named) <= _FEW and all(_RUBRIC.match(word) for word in named)):
        return None
    if not proved and any(len(word) > _SHORT for word in named):
        return None
    number = page_number(found["han"] or found["digits"])
    return PageHead(number, "·".join(named) or None) if number else None


_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九十")}


def page_number(text: str | None) -> int | None:
    """第二版 -> 2, A3版 -> 3, 12版 -> 12; None if there is none."""
    if text is None:
        return None
    if digits := re.search(r"\d{1,3}", text):
        return int(digits[0])
    found = re.search(r"[一二三四五六七八九十]{1,3}", text)
    if not found:
        return None
    word = found[0]
    if "十" not in word:
        return _DIGITS[word[-1]]
    tens, _, ones = word.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def page_heads(lines: Sequence[Line], roles: Sequence[str]) -> dict[int, PageHead]:
    """The heads by their line, where a source's page holds several printed pages: two different ones at least, or a later
    one under the paper's name."""
    found: dict[int, dict[int, PageHead]] = {}
    tops: dict[int, int] = {}
    for index, line in enumerate(lines):
        tops.setdefault(line.page, index)
        if roles[index] == "running_header" and (head := read_page_head(line.text)):
            found.setdefault(line.page, {})[index] = head
    out: dict[int, PageHead] = {}
    for page, heads in found.items():
        numbers, top = {head.page for head in heads.values()}, tops[page]
        front = any(role == "masthead" for role in roles[top : top + _TOP])
        if len(numbers) > 1 or (front and min(numbers) > 1 and min(heads) > top + _TOP):
            out |= heads
    return out
