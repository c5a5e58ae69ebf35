"""Text, figures and issues as the search index holds them: bigrams of folded text, numbers that sort as figures do. Pure.

Both sides go through here, what is stored and what is asked, so that a phrase of bigrams is exactly a substring:
every character begins one bigram, and the last one is paired with a mark that no query contains.
"""

from __future__ import annotations

import hashlib
import struct
from datetime import date

from digests.ports import IssueSummary
from subscriptions import METRIC_NAMES, UNITS, FigureIs, fold, in_base, rounded

END = "\uffff"
"""After each text, and between two that share a field: nothing is found across it."""
_SPACE = "\ufdd0"
"""Stands for a space, at which the index would cut."""

_BASES = sorted({base for base, _ in UNITS.values()})
PAIRS = {(metric, base): n for n, (metric, base) in enumerate((m, b) for m in sorted(METRIC_NAMES) for b in _BASES)}
"""Number of each metric in each base unit: at most 256."""
_VALUE_BITS = 56
_LAST = (1 << _VALUE_BITS) - 1
_NUMBER_BITS = 32
_NUMBERS = (1 << _NUMBER_BITS) - 1


# ---------------------------------------------------------------------------------------------- text
def folded(*texts: str) -> str:
    """The texts in their one form, apart by marks."""
    return END.join(_encodable(fold(text.replace(END, " "))) for text in texts if text)


def grams(text: str) -> str:
    """All bigrams of a folded text, in order, apart by spaces; as many as it has characters."""
    return " ".join(map("".join, zip(text, (text + END)[1:], strict=True)))


def phrase(text: str) -> list[tuple[int, str]]:
    """The fewest bigrams, each with its place, that together prove the folded `text` of two characters or more."""
    last = len(text) - 2
    return [(place, text[place : place + 2]) for place in dict.fromkeys((*range(0, last, 2), last))]


def _encodable(text: str) -> str:
    """Without spaces, and without halves of surrogate pairs, which the index cannot hold."""
    return text.replace(" ", _SPACE).encode("utf-8", "replace").decode()


def asked(text: str) -> str:
    """A query's normalised text as it stands in the index."""
    return _encodable(text)


def key_of(name: str) -> str:
    """Eight hex digits that stand for a publication's name in buttons."""
    return hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=4).hexdigest()


# ---------------------------------------------------------------------------------------------- figures
def figure_key(metric: str, value: float, base: str) -> int | None:
    """A number of 64 bits that sorts as the values of one metric in one base unit do; None for what no query can ask.

    Values count to nine digits, so the upper 56 bits of a double tell all of them apart.
    """
    pair = PAIRS.get((metric, base))
    if pair is None or value != value:
        return None
    bits = int.from_bytes(struct.pack(">d", rounded(value) + 0.0))
    ordered = bits ^ ((1 << 64) - 1) if bits >> 63 else bits | 1 << 63
    return pair << _VALUE_BITS | ordered >> 64 - _VALUE_BITS


def figure_range(condition: FigureIs) -> tuple[int, int] | None:
    """The first and the last key of figures for which the condition holds, or None where there can be none."""
    value, base = in_base(condition)
    key = figure_key(condition.metric, value, base)
    if key is None:
        return None
    first = key >> _VALUE_BITS << _VALUE_BITS
    ranges = {
        ">=": (key, first | _LAST),
        ">": (key + 1, first | _LAST),
        "<=": (first, key),
        "<": (first, key - 1),
        "=": (key, key),
    }
    return ranges[condition.operator]


# ---------------------------------------------------------------------------------------------- order
def day_of(issue: IssueSummary) -> date:
    """The day that an issue is listed under: its own, or the last one possible, which is not after the one it was first seen on:
    the November number of a monthly does not stand above the dailies until the month is over."""
    if issue.day:
        return date.fromisoformat(issue.day)
    seen = issue.first_seen.date()
    return min(date.fromisoformat(issue.date_to), seen) if issue.date_to else seen


def order_key(day: date, number: int) -> int:
    """Sorts by day, and within a day the article with the lower number above."""
    return day.toordinal() << _NUMBER_BITS | _NUMBERS - number


def number_of(order: int) -> int:
    return _NUMBERS - (order & _NUMBERS)
