"""Third step of splitting: the table of contents, and which lines of the body are the headlines that it lists.

OCR errs in both places, so they are aligned by likeness. The contents know titles, sections and page numbers; where the body's
headline reads well it is what was printed, and stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from digests.reading.bylines import is_byline, is_name
from digests.reading.lines import Line
from digests.reading.text import letters, likeness

MAX_ENTRIES = 600
_HEADER = re.compile(
    r"^(?:《[^》]+》)?(?:本期)?(?:目\s*[录次錄]|要\s*目|CONTENTS|导\s*读|目\s*录\s*[/／|]?\s*CONTENTS)\s*(?:CONTENTS)?$",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"^[\[【(（]?(?:P\.?\s*)?0*(\d{1,3})[\]】)）]?\s*[\s/|｜.、·…—]\s*(?=\S)(?!\d{0,2}%)(.{3,80})$")
_AFTER = re.compile(r"^(.{3,80}?)\s*(?:[.…·．。_—\-/／|]{2,}|\s|[/／|])\s*[（(]?(?:P\.?)?0*(\d{1,3})[)）]?$")
_LEADERS = re.compile(r"[.…·．]{3,}\s*[（(]?(?:P\.?)?0*\d{1,3}[)）]?$")
"""Dots that lead to the number: what stands first belongs to the title (1—6月运行情况......12)."""
_MINIMUM = 4
_DASHES = ("——", "──", "--")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: page, section, and the title's parts as the contents print them."""

    page: int
    title: str
    kicker: str = ""
    subtitle: str = ""
    byline: str = ""
    section: str | None = None

    @property
    def whole(self) -> str:
        return self.kicker + self.title + self.subtitle


@dataclass(frozen=True, slots=True)
class Contents:
    """`first`..`last`: its lines, half open (0, 0: none). `roles`: line -> role inside it. `heads`: line of the body ->
    (entry, part) with part title, kicker or subtitle."""

    entries: tuple[Entry, ...] = ()
    first: int = 0
    last: int = 0
    roles: dict[int, str] = field(default_factory=dict)
    heads: dict[int, tuple[int, str]] = field(default_factory=dict)


def read_contents(lines: Sequence[Line], roles: Sequence[str]) -> Contents:
    numbered = _numbered(lines, roles)
    if len(numbered) < _MINIMUM:
        return Contents()
    header = next(
        (i for i, line in enumerate(lines[: numbered[0][0] + 1]) if _HEADER.match(line.text.replace("　", " "))), None
    )
    if header is None and len(numbered) < _MINIMUM + 2:
        return Contents()
    first, last = (numbered[0][0] if header is None else header), numbered[-1][0] + 1
    entries, inside, last = _entries(lines, roles, first, last, {i: (page, text) for i, page, text in numbered})
    return Contents(entries, first, last, inside, _align(entries, lines, roles, last))


def _numbered(lines: Sequence[Line], roles: Sequence[str]) -> list[tuple[int, int, str]]:
    """(line, page, text) of the lines with a page number, their numbers ascending, before the running text begins."""
    found: list[tuple[int, int, str]] = []
    quiet = 0
    bullets = 0
    for index, line in enumerate(lines[:4000]):
        if roles[index] == "text" and len(line.text) > 60:
            quiet += 1
            if quiet > 1:
                break
        elif (hit := _page_and_text(line.text)) is not None:
            found.append((index, *hit))
            bullets += line.bullet
    if 2 * bullets > len(found):
        found = [entry for entry in found if lines[entry[0]].bullet]
    return _ascending(found)[:MAX_ENTRIES]


def _page_and_text(text: str) -> tuple[int, str] | None:
    if not _LEADERS.search(text) and (before := _BEFORE.match(text)):
        return int(before[1]), before[2].strip()
    if (after := _AFTER.match(text)) and not re.search(r"\d\s*$", after[1]):
        return int(after[2]), after[1].strip(" .…·/|")
    return None


def _ascending(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The longest run of non-descending page numbers: what breaks it is a figure in a headline."""
    tails: list[int] = []
    tail_at: list[int] = []
    back: list[int] = []
    for at, (_, page, _) in enumerate(found):
        place = bisect_right(tails, page)
        back.append(tail_at[place - 1] if place else -1)
        tails[place : place + 1] = [page]
        tail_at[place : place + 1] = [at]
    chain, at = [], tail_at[-1] if tail_at else -1
    while at >= 0:
        chain.append(found[at])
        at = back[at]
    return chain[::-1]


def _entries(
    lines: Sequence[Line], roles: Sequence[str], first: int, last: int, numbered: dict[int, tuple[int, str]]
) -> tuple[tuple[Entry, ...], dict[int, str], int]:
    entries: list[Entry] = []
    inside: dict[int, str] = {}
    section: str | None = None
    parts: list[str] = []
    above: list[str] = []
    page = 0
    index = first
    whole = False
    while index < len(lines) and (index < last or (not whole and _continues(lines, roles, index, parts))):
        line = lines[index]
        inside[index] = "contents"
        if index in numbered:
            _close(entries, page, parts, section)
            page, text = numbered[index]
            parts, whole = [*above, text], bool(_LEADERS.search(line.text)) or not _BEFORE.match(line.text)
            above = []
        elif (
            not whole
            and _continues(lines, roles, index, parts)
            and not (index + 1 in numbered and _is_label(line.text, parts))
        ):
            parts.append(line.text)
        elif roles[index] in ("colophon", "board", "masthead", "page_number", "noise", "caption"):
            inside[index] = roles[index]
        elif _is_title_above(index, numbered):
            above = [line.text]
        elif _is_section(lines, index, numbered):
            _close(entries, page, parts, section)
            parts, section = [], line.text.strip("【】[]〔〕「」 ")
        index += 1
    _close(entries, page, parts, section)
    return tuple(entries), inside, index


def _continues(lines: Sequence[Line], roles: Sequence[str], index: int, parts: list[str]) -> bool:
    line = lines[index]
    return (
        bool(parts)
        and len(parts) < 4
        and line.gap == 0
        and line.mark != "lead"
        and not line.bullet
        and roles[index] in ("short", "text", "subhead", "byline")
    )


def _is_label(text: str, parts: list[str]) -> bool:
    """A few characters over the next entry name a section, unless a dash announces more of the title."""
    return len(text) <= 6 and not is_byline(text) and not parts[-1].endswith(("——", "──", "--"))


def _is_title_above(index: int, numbered: dict[int, tuple[int, str]]) -> bool:
    """The page number stands behind the subtitle: 于无声处 / ——记某某 …… 7."""
    return numbered.get(index + 1, (0, ""))[1].startswith(_DASHES)


def _is_section(lines: Sequence[Line], index: int, numbered: dict[int, tuple[int, str]]) -> bool:
    text = lines[index].text
    return (
        len(text) <= 20
        and not _HEADER.match(text)
        and (lines[index].mark == "lead" or index + 1 in numbered or _is_title_above(index + 1, numbered))
    )


def _close(entries: list[Entry], page: int, parts: list[str], section: str | None) -> None:
    if parts:
        entries.append(_entry(page, parts, section))
        parts.clear()


def _entry(page: int, parts: list[str], section: str | None) -> Entry:
    last, byline = _author(parts[-1])
    parts = [*parts[:-1], last] if last else parts[:-1] or [parts[-1]]
    if len(parts) > 1 and parts[-1].startswith(("——", "--", "──")):
        return Entry(page, " ".join(parts[:-1]), subtitle=parts[-1].lstrip("—-─ "), byline=byline, section=section)
    whole = " ".join(parts)
    if dash := re.search(r"\s*(?:——|──|--)\s*", whole):
        left, right = whole[: dash.start()].strip(), whole[dash.end() :].strip()
        if left and right and parts[0].rstrip().endswith(("—", "─", "-")):
            return Entry(page, right, kicker=left, byline=byline, section=section)
        if left and right:
            return Entry(page, left, subtitle=right, byline=byline, section=section)
    return Entry(page, whole, byline=byline, section=section)


def _author(text: str) -> tuple[str, str]:
    """Title and author of `标题 / 王某` or `标题……王某`."""
    if is_byline(text):
        return "", text
    left, mark, right = re.sub(r"\s*(?:[/／|]|…+|·{2,}|\.{3,})\s*", "\x00", text).rpartition("\x00")
    if mark and is_byline(right) and letters(left):
        return left.replace("\x00", " "), right
    left, _, right = text.rpartition(" ")
    return (left, right) if is_name(right) and len(left) >= 8 else (text, "")


# ---------------------------------------------------------------------------------------------- alignment
def _align(
    entries: Sequence[Entry], lines: Sequence[Line], roles: Sequence[str], start: int
) -> dict[int, tuple[int, str]]:
    windows, index = _windows(lines, roles, start)
    heads: dict[int, tuple[int, str]] = {}
    for number, entry in enumerate(entries):
        best = _best(entry, windows, index, heads)
        for line in best or ():
            heads[line] = (number, _part(lines[line].text, entry, len(best or ())))
    return heads


def _windows(
    lines: Sequence[Line], roles: Sequence[str], start: int
) -> tuple[list[tuple[tuple[int, ...], str]], dict[str, list[int]]]:
    """Runs of one to three short lines of the body, and an index of their bigrams."""
    windows: list[tuple[tuple[int, ...], str]] = []
    index: dict[str, list[int]] = defaultdict(list)
    for at in range(start, len(lines)):
        run: tuple[int, ...] = ()
        for after in range(at, min(at + 3, len(lines))):
            if roles[after] not in ("short", "subhead", "caption", "public_service", "masthead") or (
                run and lines[after].gap > 1
            ):
                break
            run = (*run, after)
            text = letters("".join(lines[i].text for i in run))
            for pair in {text[i : i + 2] for i in range(len(text) - 1)}:
                index[pair].append(len(windows))
            windows.append((run, text))
    return windows, index


def _best(
    entry: Entry,
    windows: Sequence[tuple[tuple[int, ...], str]],
    index: dict[str, list[int]],
    taken: dict[int, tuple[int, str]],
) -> tuple[int, ...] | None:
    best: tuple[float, int, tuple[int, ...]] | None = None
    for wanted in {letters(entry.whole), letters(entry.title)}:
        shared = Counter(w for i in range(len(wanted) - 1) for w in index.get(wanted[i : i + 2], ())[:200])
        for at, _ in shared.most_common(12):
            run, text = windows[at]
            score = _same(wanted, text) + (0.01 if wanted == letters(entry.whole) else 0.0)
            if score >= 0.7 and not any(i in taken for i in run) and (best is None or (score, -run[0]) > best[:2]):
                best = (score, -run[0], run)
    return best[2] if best else None


def _same(listed: str, printed: str) -> float:
    """Likeness by bigrams; of short titles also by characters, for one wrong character spoils two bigrams of six."""
    score = likeness(listed, printed)
    if 0.3 <= score < 0.9 and len(listed) <= 24 and len(printed) <= 28:
        score = max(score, SequenceMatcher(None, listed, printed, autojunk=False).ratio() - 0.05)
    return score


def _part(text: str, entry: Entry, lines: int) -> str:
    if lines == 1:
        return "title"
    printed = letters(text)
    parts = {"title": entry.title, "kicker": entry.kicker, "subtitle": entry.subtitle}
    return max(parts, key=lambda part: (likeness(printed, letters(parts[part])), part == "title"))
