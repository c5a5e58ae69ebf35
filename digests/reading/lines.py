"""First step of splitting: pages to lines.

A line is a stretch of the source that can play one part (headline, paragraph, caption, author …). Physical lines are cut
where print puts two parts on one line (…目标。 融媒报道; 标题 本报讯 …; …(下转第二版)) and put together where OCR kept the
wrapping of a column. Every character of a page belongs to exactly one line, blanks to the line before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from statistics import median

from digests.reading.bylines import is_byline, split_tail
from digests.reading.tables import is_row
from digests.reading.text import clean, ends_sentence, is_open, join

MAX_LINES = 20_000
"""Lines read of one issue; a monthly of 200 pages has about 8,000."""
LEAD_MARKS = "■●◆▲▼□○◎★☆▪◼▍▌※"
_BREAK = re.compile(r"[^\n\r\f\v\u2028\u2029]*(?:\r\n|[\n\r\f\v\u2028\u2029])|[^\n\r\f\v\u2028\u2029]+\Z")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})(?!#)\s*")
_BULLET = re.compile(r"^\s*(?:[-*+•·]\s+|>\s?)+")
_BOLD = re.compile(r"^(?:\*\*|__)(?=\S)(.{1,400}?)(?:\*\*|__)\s*$")
_RULE = re.compile(r"^[\s\-=_*·.…—─━\|:+~]+$")
DATELINE = re.compile(
    r"(?:本[报刊网台]|[\u4e00-\u9fff]{0,4}(?:报|网|台|融媒体?))讯(?![息问号])|"
    r"(?:新华社|中新社|本报|本刊)\S{1,8}\d{1,2}月\d{1,2}日(?:电|讯)|本报\S{1,10}消息|"
    r"据(?:新华|中新|本)[社报网]\S{0,8}?(?:电|讯|消息|报道)"
)
CONTINUED_ON = re.compile(
    r"[（(【\[]?\s*(?:[▶►→>》]\s*)*(?:紧?下转|转[至到]?第?)\s*(?P<page>第?\s*[一二三四五六七八九十\dA-Za-z]{1,4}\s*[版页])[^（）()\n]{0,8}[）)】\]]?"
)
CONTINUED_FROM = re.compile(
    r"[（(【\[]?\s*(?:紧?上接)\s*(?P<page>第?\s*[一二三四五六七八九十\dA-Za-z]{1,4}\s*[版页])[^（）()\n]{0,8}[）)】\]]?"
)
_EARLY_DATELINE = re.compile(r"^(?P<head>[^。\n]{6,44}?[^。，,、；：:\s“（(《])\s*(?=本报讯[\s（(，,]?)")
_FRAMED_BRIEF = re.compile(
    r"^(?P<head>\s*(?:【[^【】。\n]{6,30}】|\*\*[^*。\n]{5,29}[^*。:：\n]\*\*(?=\s)))\s*[^【】*\n]{20,}?(?P<tail>[（(][^（）()\n]{1,8}[）)])\s*$"
)
"""A brief in one paragraph: its headline framed or bold, its author in brackets at the end."""
_GLUED_HEAD = re.compile(r"(?<=[。！？])\s*(?P<head>[^。！？；，,\n]{8,40})\s+(?=本报讯)")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_COMMA = re.compile(r"[，,。；、]")
_LABELS = re.compile(r"(?:^|\s)\S{2,8}[:：]")
"""主办：… 编辑：… : an imprint, however long."""
_SUBHEAD = 4
"""Fewest characters of a subhead after a paragraph's end."""
_WRAPPED = 4
"""Fewest lines that show a column's width."""
_HEAD, _RUBRIC = 40, 10
"""Most characters of a headline's line and of a rubric."""
_NEVER_LAST = "，、,“‘（(《「"
_NEVER_FIRST = "，、。；：,;:）)》」”’！？%"
_CUTS = (
    re.compile(r"(?<=\S)(?=[（(]\s*紧?(?:下转|转第))"),
    re.compile(r"(?<=[。！？”])\s*(?=[（(]?[▶►→➤]+\s*(?:详见|全文|报道|请看))"),
    re.compile(r"(?<=.{8}[版页][）)】])\s*(?=\S)"),
    re.compile(r"^\s*[（(【\[]\s*紧?上接[^（）()\n]{1,14}[）)】\]](?=\s*\S)"),
)


_DAY_OF_NEWS = re.compile(r"(?:\d{1,2}月)?\d{1,2}日|近日|日前|昨[天日]|今[天日]")


def is_brief(text: str) -> bool:
    """A piece of news under a triangle: captions are no stories."""
    return "。" in text and (len(text) > 60 or (len(text) > 24 and bool(_DAY_OF_NEWS.match(text))))


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch `start`..`end` (code points, with trailing blanks) of page `page` and its clean `text`.

    `gap`: blank lines before it (9 at a page's start). `level`: Markdown heading level or 0. `mark`: "lead" or "caption" for a
    ■ before or after the text, else "". `first`: it begins a physical line. `indent`: printed with a first-line indent. `within`: in one
    block with the line before, which ends in the two blanks of a Markdown line break. `wrapped`: in a block whose lines were wrapped to a column.
    """

    page: int
    start: int
    end: int
    text: str
    gap: int = 0
    level: int = 0
    bold: bool = False
    bullet: bool = False
    mark: str = ""
    first: bool = True
    indent: bool = False
    within: bool = False
    wrapped: bool = False


def read_lines(page: int, text: str, room: int = MAX_LINES) -> list[Line]:
    """The lines of one page, at most about `room`, without a hole between them. All of `text` after its leading blanks is in
    them, unless there are more."""
    physical = list(islice(_physical(page, text), room + 1))
    whole = len(physical) <= room
    lines = [part for line in _triangles(physical[:room], text) for part in _cut(line, text)]
    return _fill(_unwrap(lines), len(text) if whole else physical[room].start)


def _physical(page: int, text: str) -> Iterator[Line]:
    gap, within = 9, False
    for found in _BREAK.finditer(text):
        line = _line(page, found.start(), found.end(), found[0])
        if line.text and not _RULE.match(line.text):
            yield replace(line, gap=gap, within=within)
            gap, within = 0, found[0].rstrip("\r\n").endswith("  ")
        else:
            gap, within = min(gap + 1, 9), False


def _triangles(lines: list[Line], source: str) -> list[Line]:
    """Triangles point from captions to pictures, but also open briefs: under a short line of its own, or, twice at least on a
    page, right over a text."""
    marked = [
        at
        for at, line in enumerate(lines)
        if line.mark == "caption" and source[line.start : line.end].lstrip()[0] in "▲▼△▽"
    ]
    out = list(lines)
    heads: list[int] = []
    for at in marked:
        line = lines[at]
        if "。" in line.text and at and not line.gap and _opens(lines[at - 1]):
            out[at] = replace(line, mark="lead")
        elif _opens(line) and at + 1 < len(lines) and not lines[at + 1].gap and "。" in lines[at + 1].text:
            heads.append(at)
    for at in heads if len(heads) > 1 else ():
        out[at] = replace(lines[at], mark="lead")
    return out


def _opens(line: Line) -> bool:
    return 6 <= len(line.text) <= _HEAD and "。" not in line.text


def _line(page: int, start: int, end: int, raw: str) -> Line:
    """One physical line with its marks taken off; text "" if nothing is printed on it."""
    body = raw.strip()
    if not body or _RULE.match(body):
        return Line(page, start, end, "")
    heading = _HEADING.match(raw)
    body = raw[heading.end() :] if heading else raw
    bullet = _BULLET.match(body)
    body = (body[bullet.end() :] if bullet else body).strip()
    bold = bool(_BOLD.match(body)) and "**" not in body[2:-2]
    printed = clean(body)
    mark, printed = _take_mark(printed)
    indent = raw.startswith(("\u3000\u3000", "    ")) and not heading
    return Line(page, start, end, printed, 0, len(heading[1]) if heading else 0, bold, bool(bullet), mark, True, indent)


def _take_mark(text: str) -> tuple[str, str]:
    if len(text) > 1 and text[-1] in LEAD_MARKS and len(text) <= 60:
        return "caption", text[:-1].rstrip()
    if len(text) > 1 and text[0] in "▲▼△▽◀◁" and len(text) <= 80:
        bare = text.lstrip("▲▼△▽◀◁ ")
        return ("lead" if is_brief(bare) else "caption"), bare
    if len(text) > 1 and text[0] in LEAD_MARKS:
        return "lead", text.lstrip(LEAD_MARKS + " ")
    return "", text


def _cut(line: Line, source: str) -> Iterator[Line]:
    """The parts of a physical line. Cuts are sought in the source, so that places stay exact."""
    raw = source[line.start : line.end]
    places = sorted({0, *_cut_places(raw)})
    if len(places) == 1:
        yield line
        return
    ends = [*places[1:], len(raw)]
    for start, end in zip(places, ends, strict=True):
        mark, text = _take_mark(clean(_BULLET.sub("", _HEADING.sub("", raw[start:end]))))
        if text:
            first = start == 0
            yield replace(
                line, start=line.start + start, end=line.start + end, text=text, first=first, gap=line.gap if first else 0,
                level=line.level if first else 0, bold=bool(_BOLD.match(raw[start:end].strip())) and first, mark=mark, indent=line.indent and first,
                within=line.within and first,
            )  # fmt: skip


def _cut_places(raw: str) -> Iterator[int]:
    if len(raw) < 8:
        return
    if head := _EARLY_DATELINE.match(raw[:80].replace("*", " ").replace("#", " ")):
        yield head.end()
    for glued in _GLUED_HEAD.finditer(raw):
        yield glued.start("head")
        yield glued.end()
    for pattern in _CUTS:
        for cut in pattern.finditer(raw):
            yield cut.end()
    if brief := _FRAMED_BRIEF.match(raw):
        yield brief.end("head")
        yield brief.start("tail")
    stripped = raw.rstrip()
    tail = split_tail(stripped)
    if tail is not None and not CONTINUED_ON.search(stripped, tail):
        yield tail


def _unwrap(lines: list[Line]) -> list[Line]:
    """Put the lines of a wrapped column together: full lines run on into the next where no part ends."""
    out: list[Line] = []
    width = _column_width(lines)
    columns = [] if width else _block_widths(lines)
    pieces: list[str] = []
    previous: Line | None = None
    for at, line in enumerate(lines):
        column = width or columns[at]
        within = len(pieces) > 1 and not width and bool(column) and is_open(pieces[-1])
        if previous is not None and (
            _runs_on(previous, line, column, under_head=_under_head(out)) or (within and _may_follow(previous, line))
        ):
            pieces.append(line.text)
            out[-1] = replace(out[-1], end=line.end)
        else:
            _settle(out, pieces)
            pieces = [line.text]
            out.append(replace(line, wrapped=True) if column and not width else line)
        previous = line
    _settle(out, pieces)
    return out


def _under_head(out: list[Line]) -> bool:
    """Whether the last line stands right under a headline that opens a block, or under one below its rubric, or under a
    paragraph that has ended: then it is a part of the head, its author, or a subhead."""
    if len(out) < 2 or out[-1].gap:
        return False
    above = out[-2]
    if ends_sentence(above.text) and len(out[-1].text) >= _SUBHEAD:
        return True
    opens = above.gap > 0 or (len(out) > 2 and out[-3].gap > 0 and len(out[-3].text) <= _RUBRIC)
    return opens and len(above.text) <= _HEAD and not ends_sentence(above.text) and not is_byline(above.text)


def _settle(out: list[Line], pieces: list[str]) -> None:
    if len(pieces) > 1:
        text = pieces[0]
        tail = pieces[1:]
        joined = [text]
        for piece in tail:
            joined.append(join(joined[-1][-1:], piece)[len(joined[-1][-1:]) :])
        out[-1] = replace(out[-1], text="".join(joined))


def _column_width(lines: list[Line]) -> float:
    """The usual length of a full line, 0 where the text is not wrapped: most lines with a follower have the same length."""
    full = [len(a.text) for a, b in pairwise(lines) if b.gap == 0 and b.first and is_open(a.text)]
    if len(full) < 8:
        return 0.0
    usual = median(full)
    near = sum(abs(n - usual) <= max(2, usual * 0.12) for n in full)
    return usual if 10 <= usual <= 120 and near * 10 >= len(full) * 6 else 0.0


def _block_widths(lines: list[Line]) -> list[float]:
    """For each line the width of the column that its block was wrapped to, 0 where the block is none: four lines at least
    without a blank, most of one length, a third with a comma or full stop within (a poem or a list has none)."""
    widths = [0.0] * len(lines)
    start = 0
    for at in range(1, len(lines) + 1):
        if at < len(lines) and not lines[at].gap:
            continue
        block = [line for line in lines[start:at] if line.first]
        if len(block) >= _WRAPPED:
            usual = median(len(line.text) for line in block)
            near = sum(abs(len(line.text) - usual) <= max(3, usual * 0.15) for line in block)
            inner = sum(bool(_COMMA.search(line.text[1:-1])) for line in block)
            if 12 <= usual <= 40 and 2 * near >= len(block) and 3 * inner >= len(block):
                widths[start:at] = [usual] * (at - start)
        start = at
    return widths


def _may_follow(line: Line, after: Line) -> bool:
    """Whether `after` can be the next line of the same paragraph: nothing marks it as a beginning or as its author."""
    begins = after.gap or not after.first or after.level or after.mark or after.bullet or after.indent
    return not (begins or is_byline(after.text) or is_byline(line.text) or DATELINE.match(after.text))


def _runs_on(line: Line, after: Line, width: float, *, under_head: bool) -> bool:
    if (
        after.gap
        or not after.first
        or after.level
        or after.mark
        or after.bullet
        or after.indent
        or line.level
        or line.bullet
    ):
        return False
    if line.mark == "caption" or line.text.endswith(("——", "──", "--")):
        return False
    if is_byline(after.text) or is_byline(line.text) or DATELINE.match(after.text):
        return False
    if CONTINUED_ON.match(after.text) or CONTINUED_FROM.match(line.text):
        return False
    if width and len(line.text) >= width - max(2, width * 0.12):
        return not ends_sentence(line.text) or abs(len(line.text) - width) <= 1
    if width:
        return after.text[0] in _NEVER_FIRST
    return (
        is_open(line.text)
        and not after.bold
        and (_is_clause(line.text) or _is_torn(line.text, after.text, standing=line.gap == 0 and not under_head))
    )


def _is_clause(text: str) -> bool:
    """Running text rather than a headline or label: commas inside, an open bracket, or too long."""
    if len(_LABELS.findall(text)) > 1 and not _COMMA.search(text):
        return False
    bare = _BRACKETS.sub("", text)
    marks = len(_COMMA.findall(bare))
    whole = sum(bare.count(c) for c in "，,") == 1 and len(text) >= 16
    return len(text) > 46 or text[-1] in _NEVER_LAST or marks >= 2 or whole or _is_unbalanced(text)


def _is_torn(text: str, after: str, *, standing: bool) -> bool:
    """A line feed in the middle of a word or clause: no line of print ends or begins like this."""
    if after[0] in _NEVER_FIRST or (text[-1].isdigit() and after[0].isdigit() and not is_row(text)) or len(text) == 1:
        return True
    return standing and len(text) < 8 and bool(_COMMA.search(after) or "。" in after)


def _is_unbalanced(text: str) -> bool:
    return any(text.count(a) > text.count(b) for a, b in ("“”", "（）", "《》", "「」"))


def _fill(lines: list[Line], length: int) -> list[Line]:
    """Stretch each line to the start of the next, so that no character is between two."""
    ends = [*(after.start for after in lines[1:]), length][: len(lines)]
    return [replace(line, end=end) for line, end in zip(lines, ends, strict=True)]
