"""Where sentences stand in a Chinese text.

Pure. A sentence ends at 。！？； or a line feed, with the closing quotation marks and brackets that follow; a full stop
between quotation marks ends one only where the quotation ends too. Ranges are code points, half open, without outer white space.
"""

from __future__ import annotations

import re

import numpy as np

from subscriptions import normalise

_END = re.compile(r"(?:[。！？!?…]+[”’」』）)》〉]*|[;；]|\n)")


def sentences(text: str) -> list[tuple[int, int]]:
    """All sentences in reading order; semicolons end a sentence too."""
    return _cut(text, _END)


def _cut(text: str, end: re.Pattern[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = 0
    for match in end.finditer(text):
        _add(found, text, start, match.end())
        start = match.end()
    _add(found, text, start, len(text))
    return found


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append((start, end))


_FULL = re.compile(r"(?:[。！？!?…]+[”’」』）)》〉]*|\n)")


def full_sentences(text: str) -> list[tuple[int, int]]:
    """Sentences that a reader may be shown: semicolons do not end them."""
    return _cut(text, _FULL)


def fold_each(text: str, places: list[tuple[int, int]]) -> list[str]:
    """The folded text of each place, folding the whole only once."""
    normal = normalise(text)
    starts = np.searchsorted(normal.starts, [start for start, _ in places]).tolist()
    ends = np.searchsorted(normal.starts, [end for _, end in places]).tolist()
    return [normal.text[start:end] for start, end in zip(starts, ends, strict=True)]
