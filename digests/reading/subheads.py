"""Subheads come in sets: an editor who divides an article divides it in two at least.

So a plain short line between two paragraphs that has no fellow before the next sure beginning of an article is more likely a
headline than a subhead. Counts lines only; what they are is decided in shorts.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from digests.reading.heads import lead_strength
from digests.reading.lines import Line

_BARRIERS = frozenset(("byline", "note", "pointer", "continued_on", "continued_from", "masthead", "colophon"))
_SURE = 3.0
_SHORTEST = 8


def lonely(lines: Sequence[Line], roles: Sequence[str]) -> frozenset[int]:
    """The plain short lines between paragraphs that stand alone between two sure bounds of articles."""
    alone: set[int] = set()
    stretch: list[int] = []
    for index, line in enumerate(lines):
        if roles[index] in _BARRIERS or line.level or (roles[index] == "text" and lead_strength(line) >= _SURE):
            alone.update(stretch if len(stretch) == 1 else ())
            stretch = []
        elif _divides(lines, roles, index):
            stretch.append(index)
    alone.update(stretch if len(stretch) == 1 else ())
    return frozenset(alone)


def _divides(lines: Sequence[Line], roles: Sequence[str], index: int) -> bool:
    line = lines[index]
    plain = roles[index] == "short" and not line.bold and not line.mark and len(line.text) >= _SHORTEST
    inside = 0 < index < len(lines) - 1 and roles[index - 1] in ("text", "caption") and roles[index + 1] == "text"
    return plain and inside and line.gap > 0 and lines[index + 1].gap > 0
