"""The reading order of a printed page: boxes of text cut apart at the white between columns. Pure geometry.

Recursive cutting (XY-cut): where a white gutter runs through a region from top to bottom, its columns are read from left
to right; else it is cut into bands from top to bottom. Bands that share a gutter stay together, else white that happens
to lie at one height in all columns would tear them. Source: Nagy and Seth, Hierarchical representation of optically
scanned documents, 1984; keeping bands together is our own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

MIN_GUTTER = 3.0
"""Points: the narrowest white between two columns of a newspaper."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box of text: left, right, and top and bottom measured downwards. `size`: of its letters, in the same unit."""

    left: float
    top: float
    right: float
    bottom: float
    text: str = ""
    size: float = 10.0


def reading_order(boxes: Sequence[Box], gutter: float = MIN_GUTTER) -> list[Box]:
    """All boxes, in the order in which they are read."""
    ordered: list[Box] = []
    waiting = [list(boxes)]
    while waiting:
        region = waiting.pop()
        parts = columns(region, gutter)
        if len(parts) < 2:
            parts = _bands(region, gutter)
        if len(parts) < 2:
            ordered += sorted(region, key=lambda box: (box.top, box.left))
        else:
            waiting += reversed(parts)
    return ordered


def columns(boxes: Sequence[Box], gutter: float) -> list[list[Box]]:
    """Cut at white that runs from top to bottom, left to right."""
    return _cut(boxes, lambda box: (box.left, box.right), gutter)


def _bands(boxes: Sequence[Box], gutter: float) -> list[list[Box]]:
    """Cut at white that runs from left to right, top to bottom; neighbours that share a gutter are one."""
    joined: list[list[Box]] = []
    for band in _cut(boxes, lambda box: (box.top, box.bottom), 0.0):
        if joined and len(columns([*joined[-1], *band], gutter)) > 1:
            joined[-1] += band
        else:
            joined.append(band)
    return joined


def _cut(boxes: Sequence[Box], side: Callable[[Box], tuple[float, float]], gap: float) -> list[list[Box]]:
    parts: list[list[Box]] = []
    end = float("-inf")
    for box in sorted(boxes, key=side):
        begin, stop = side(box)
        if (parts and begin - end < gap) or (parts and begin < end):
            parts[-1].append(box)
        else:
            parts.append([box])
        end = max(end, stop)
    return parts
