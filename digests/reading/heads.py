"""Fourth step of splitting: which short lines before a text are its headline.

A headline is known by several weak signs at once (heading marks, the contents, a dateline or ■ after it, the end of an article before
it, its length and its two-part form), a caption by others (a picture's gap before it, an open sentence around it, a bare
noun). Signs are added up, so that one OCR error does not turn a page over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digests.reading.contents import Contents
from digests.reading.lines import DATELINE, Line
from digests.reading.roles import is_notice
from digests.reading.text import letters

THRESHOLD = 1.5
_LONELY = 0.75
_LEAD = re.compile(
    r"^(?:\d{1,2}月\d{1,2}[日至\-—]|\d{4}年\d{1,2}月|近日|日前|昨[天日]|今[天日]|近期|近年来|今年以来|连日来|本周|上周|[一二三四]季度|这几天|记者|随着|“?十[二三四五六]五|截至|截止)"
)
_NOUN = re.compile(
    r"(?:基地|公司|仪式|现场|项目|揭牌|园区|大会|中心|实验室|一角|全景|外景|车间|生产线|景区|公园|大桥|广场|度假区|合影|掠影|风光|夜景|展厅|展台|鸟瞰|沙盘|厂房|大楼|校园|产品|设备|瞬间)$"
)
_VIEW = re.compile(r"(?:一角|一瞥|全景|外景|远景|鸟瞰|夜景|合影)$")
"""What only a picture is called."""
_ACTION = re.compile(
    r"^(?:督查|调研|参观|视察|考察|走访|慰问|合影|启动|签约|揭牌|开工|工人|市民|村民|学生|记者|志愿者|游客)"
)
_DASH = re.compile(r"(?:——|──|--|—|：|:|强调|指出|要求|表示|提出|寄语)\s*$")
"""How a kicker ends: with a dash or colon, or with the verb whose words the headline is."""
_SERIES = re.compile(
    r"(?:调查|观察|报道|访谈|系列|巡礼|纪行|笔谈|谈|记|评|论)\s*(?:[①-⑳]|[（(][一二三四五六七八九十上中下\d]{1,2}[)）]|之[一二三四五六七八九十])$"
)
"""The name of a series with its number stands over the headline of its part."""
_CUT_SHORT = re.compile(
    r"[，,][^，,]{1,3}$|^(?:目前|此外|另外|同时|其中|随后|据悉|据了解|据介绍|据统计|为此|因此|对此)[，,]"
)
"""A sentence that a column's end cut: a crumb after the last comma, or the word with which running text goes on."""
_DASHES = ("——", "──", "--")
_TWO_PARTS = re.compile(r"^\S{3,24}[\s　]+\S{4,24}")


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a run of short lines. `open`: the sentence before is open; `ended`: an article ended before;
    `waiting`: a headline before still waits for its text; `image`: a caption stood between; `signed`: the article before
    has its author on top, so that it may go on under subheads; `lonely`: no fellow divides the same article."""

    open: bool
    ended: bool
    waiting: bool
    next: Line | None
    byline: bool = False
    image: bool = False
    signed: bool = False
    lonely: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """Lines of a headline by part. `entry`: its number in the contents, or None. `score` of `score_group`."""

    title: tuple[int, ...]
    kicker: tuple[int, ...] = ()
    subtitle: tuple[int, ...] = ()
    entry: int | None = None
    score: float = 9.0

    @property
    def lines(self) -> tuple[int, ...]:
        return (*self.kicker, *self.title, *self.subtitle)


def groups(lines: Sequence[Line], shorts: Sequence[int]) -> list[list[int]]:
    """Runs of short lines that stand together: no picture's gap between, at most four; headings with marks stay together."""
    out: list[list[int]] = []
    for index in shorts:
        last = out[-1] if out else None
        adjacent = last and index == last[-1] + 1 and len(last) < 4
        if last and adjacent and (lines[index].gap <= 1 or (lines[index].level and lines[last[-1]].level)):
            last.append(index)
        else:
            out.append([index])
    return out


def is_caption_like(line: Line) -> bool:
    """Printed under a picture rather than over a text: a picture's gap before it, and a bare noun or a few words."""
    if not line.level and not line.bold and len(line.text) <= 16 and _VIEW.search(line.text):
        return True
    return (
        2 <= line.gap < 9
        and not line.level
        and not line.bold
        and bool(len(line.text) <= 8 or _NOUN.search(line.text) or (_ACTION.match(line.text) and len(line.text) < 16))
    )


def score_group(lines: Sequence[Line], group: Sequence[int], context: Context) -> float:
    """How much a run of short lines looks like a headline; THRESHOLD and above is taken for one."""
    texts = [lines[i].text for i in group]
    longest = max(texts, key=len)
    return _form(lines, group, longest) + _surroundings(lines[group[0]], context, longest) + _together(texts)


def _form(lines: Sequence[Line], group: Sequence[int], longest: str) -> float:
    score = 3.0 * any(lines[i].level for i in group) + 1.5 * any(lines[i].bold for i in group)
    score += 2.0 * any(lines[i].mark == "lead" and len(lines[i].text) >= 6 for i in group)
    score += 1.0 if 12 <= len(longest) <= 40 else 0.5 if 8 <= len(longest) < 12 else 0.0 if len(longest) > 40 else -0.5
    notice = any(is_notice(lines[i].text) for i in group)
    score -= 1.5 if len(longest) < 5 and not notice and not any(lines[i].level for i in group) else 0.0
    score += 1.0 if len(longest) >= 11 and _TWO_PARTS.match(longest) else 0.0
    score += 4.0 * notice
    score -= 2.0 if longest[-1] in ":：，、,；;" and len(group) == 1 else 0.0
    commas = sum(longest.count(c) for c in "，,")
    score -= 1.5 if longest.count("、") > 1 else 0.0
    score -= 2.5 if commas > 1 else 1.5 if _CUT_SHORT.search(longest) else 0.5 if commas and len(longest) > 18 else 0.0
    return score - (3.0 if "。" in longest else 0.0)


def _surroundings(first: Line, context: Context, longest: str) -> float:
    score = 2.0 * context.ended + 2.5 * context.byline - 2.0 * context.waiting + 0.5 * context.image
    picture = first.gap >= 2
    # Where recognition kept the columns' lines, a blank stands between articles rather than between paragraphs.
    wrapped = first.gap > 0 and first.wrapped and context.next is not None and context.next.wrapped
    score += 1.5 * (wrapped and not context.open)
    if context.lonely:
        score += _LONELY
    elif context.signed and not (context.ended or context.byline):
        score -= 1.0
    if context.open:
        score -= 3.0 if picture else 2.5 if not first.gap else 1.0
    lead = lead_strength(context.next)
    if (picture or lead < 3) and (_NOUN.search(longest) or (_ACTION.match(longest) and len(longest) < 16)):
        score -= 1.5 if len(longest) < 14 else 0.75
    return score + lead - (1.5 if picture and lead < 3 and not first.level else 0.0)


def _together(texts: Sequence[str]) -> float:
    if len(texts) < 2:
        return 0.0
    return 3.0 if _DASH.search(texts[0]) or texts[1].startswith(_DASHES) else 1.5


def lead_strength(line: Line | None) -> float:
    """How surely a text line begins an article: dateline, lead mark, a date or time word at its start."""
    if line is None:
        return 0.0
    if DATELINE.match(line.text):
        return 3.5
    if line.mark == "lead" and len(line.text) > 24:
        return 3.0
    return 1.0 if _LEAD.match(line.text) else 0.0


def compose(lines: Sequence[Line], group: Sequence[int], contents: Contents, score: float) -> Head:
    """The parts of a headline: by the contents where they list it, else by dashes, heading levels and order."""
    listed = [i for i in group if i in contents.heads]
    if listed:
        return _listed(lines, group, contents)
    if len(group) == 1:
        return Head(tuple(group), score=score)
    start = _title_start(lines, group)
    title_end = _title_end(lines, group, start)
    return Head(tuple(group[start:title_end]), tuple(group[:start]), tuple(group[title_end:]), score=score)


def _title_start(lines: Sequence[Line], group: Sequence[int]) -> int:
    """After a kicker: what ends in a dash, or stands under a lower heading mark than what follows; of three lines apart
    from each other the first."""
    dashed = [at for at, i in enumerate(group[:-1]) if _DASH.search(lines[i].text) or _SERIES.search(lines[i].text)]
    if dashed:
        return dashed[-1] + 1
    ranks = [lines[i].level or (7 if lines[i].bold else 8) for i in group]
    if min(ranks) < ranks[0]:
        return ranks.index(min(ranks))
    apart = all(lines[i].gap for i in group[1:]) and not any(lines[i].text.startswith(_DASHES) for i in group)
    return 1 if len(group) == 3 and apart and max(ranks) == min(ranks) else 0


def _title_end(lines: Sequence[Line], group: Sequence[int], start: int) -> int:
    """Lines of one headline broken over several: no blank between, a line that goes on with a figure, or a heading too short to stand
    alone."""
    end = start + 1
    while end < len(group):
        before, line = lines[group[end - 1]], lines[group[end]]
        if line.text.startswith(_DASHES) or (line.level != before.level and (line.level or line.gap)):
            break
        broken = (
            (line.gap == 0 and not (line.level or line.bold))
            or line.text[0].isdigit()
            or (line.level and min(len(before.text), len(line.text)) <= 7)
        )
        if not broken:
            break
        end += 1
    return end


def _listed(lines: Sequence[Line], group: Sequence[int], contents: Contents) -> Head:
    entry = contents.heads[next(i for i in group if i in contents.heads)][0]
    parts: dict[str, list[int]] = {"title": [], "kicker": [], "subtitle": []}
    for index in group:
        number, part = contents.heads.get(index, (-1, ""))
        if number != entry:
            part = "subtitle" if parts["title"] else "kicker"
        parts[part].append(index)
    title = parts["title"] or [i for i in group if i in contents.heads]
    kicker, subtitle = ([i for i in parts[part] if i not in title] for part in ("kicker", "subtitle"))
    return Head(tuple(title), tuple(kicker), tuple(subtitle), entry)


def title_text(lines: Sequence[Line], head: Head, contents: Contents) -> str:
    """The headline as printed. Where the contents list a shorter form that it begins with, the rest is overflow of a neighbouring
    column; a listed headline is never replaced otherwise."""
    printed = " ".join(lines[i].text for i in head.title)
    if head.entry is None:
        return printed
    listed = contents.entries[head.entry].title
    a, b = letters(printed), letters(listed)
    return listed if a != b and a.startswith(b) and len(a) - len(b) <= 6 else printed
