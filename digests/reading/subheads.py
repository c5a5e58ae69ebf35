"""Subheads come in sets: an editor who divides an article divides it in two at least.

So a plain short line between two paragraphs that has no fellow before the next sure beginning of an article is more likely a
headline than a subhead; unless a word goes on from it into the paragraph below: then a column was cut there. Counts lines only;
what they are is decided in shorts.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from digests.reading.heads import lead_strength
from digests.reading.lines import Line

_BARRIERS = frozenset(("byline", "note", "pointer", "continued_on", "continued_from", "masthead", "colophon"))
_SURE = 3.0
_SHORTEST = 8
_OFTEN = 2
"""So often an issue prints two characters beside each other that are a word, or a part of one."""


def torn(lines: Sequence[Line], roles: Sequence[str]) -> frozenset[int]:
    """The plain short lines between paragraphs whose last character makes a word with the first of the paragraph below: the issue
    prints the two beside each other elsewhere."""
    beside = Counter(pair for line in lines for pair in pairwise(line.text))
    return frozenset(
        index
        for index, line in enumerate(lines)
        if _divides(lines, roles, index) and beside[line.text[-1], lines[index + 1].text[0]] >= _OFTEN
    )


def lonely(lines: Sequence[Line], roles: Sequence[str], cut: frozenset[int]) -> frozenset[int]:
    """The plain short lines between paragraphs that stand alone between two sure bounds of articles. `cut`: of `torn`."""
    alone: set[int] = set()
    stretch: list[int] = []
    for index, line in enumerate(lines):
        if roles[index] in _BARRIERS or line.level or (roles[index] == "text" and lead_strength(line) >= _SURE):
            alone.update(stretch if len(stretch) == 1 else ())
            stretch = []
        elif _divides(lines, roles, index) and index not in cut:
            stretch.append(index)
    alone.update(stretch if len(stretch) == 1 else ())
    return frozenset(alone)


def _divides(lines: Sequence[Line], roles: Sequence[str], index: int) -> bool:
    line = lines[index]
    plain = roles[index] == "short" and not line.bold and not line.mark and len(line.text) >= _SHORTEST
    inside = 0 < index < len(lines) - 1 and roles[index - 1] in ("text", "caption") and roles[index + 1] == "text"
    return plain and inside and line.gap > 0 and lines[index + 1].gap > 0
