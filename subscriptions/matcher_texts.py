"""Canonical queries by number in flat tables: a million of them as a few arrays instead of two million objects.

Pages of raw bytes, as a store keeps queries, are put in order here without an object for a query.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from subscriptions.types import QUERY_BYTES, QUERY_ENCODING, QueryId, QueryPage

_ID = np.dtype(f"S{QUERY_BYTES}")
_CHUNK = 1 << 14
"""Texts moved at a time: half a megabyte."""


@dataclass(frozen=True, slots=True)
class Texts(QueryPage):
    """A page in order: ids ascending, each once; text n ends at `ends[n]`."""

    ends: npt.NDArray[np.int64] = field(repr=False)

    @classmethod
    def of(cls, page: QueryPage) -> Texts:
        """A page that is in order already."""
        return cls(page.ids, page.blob, _line_ends(page.blob))

    def __contains__(self, id: QueryId) -> bool:
        number = bisect_left(range(len(self)), id, key=self.id)
        return number < len(self) and self.id(number) == id

    def id(self, number: int) -> QueryId:
        return self.ids[number * QUERY_BYTES : (number + 1) * QUERY_BYTES].hex()

    def text(self, number: int) -> str:
        return self.blob[self.begin(number) : int(self.ends[number])].decode(QUERY_ENCODING)

    def begin(self, number: int) -> int:
        """Where text `number` begins in `blob`; for the number after the last, where the blob ends."""
        return int(self.ends[number - 1]) + 1 if number else 0

    def slice(self, start: int, end: int) -> bytes:
        """These texts, each with its line feed."""
        return self.blob[self.begin(start) : self.begin(min(end, len(self)))]

    def without(self, other: Texts) -> Texts:
        """Those that `other` does not have."""
        if not len(other):
            return self
        mine, theirs = np.frombuffer(self.ids, dtype=_ID), np.frombuffer(other.ids, dtype=_ID)
        fresh = theirs.take(theirs.searchsorted(mine), mode="clip") != mine
        return self if fresh.all() else _taken(self, self.ends, np.flatnonzero(fresh))

    def ids_of(self, numbers: npt.NDArray[np.int32]) -> list[QueryId]:
        """Many ids at once: about .08 µs each."""
        if not len(numbers):
            return []
        rows = np.frombuffer(self.ids, dtype=_ID).take(numbers)
        return rows.tobytes().hex(" ", QUERY_BYTES).split(" ")


def page_of(queries: Iterable[tuple[QueryId, str]]) -> QueryPage:
    pairs = list(queries)
    ids = bytes.fromhex("".join([id for id, _ in pairs]))
    return QueryPage(ids, "".join([f"{text}\n" for _, text in pairs]).encode(QUERY_ENCODING))


def pack(queries: Iterable[tuple[QueryId, str]]) -> Texts:
    return in_order([page_of(queries)])


def in_order(pages: Iterable[QueryPage]) -> Texts:
    """All of them as one, each id once (it says all of its text): about 1 µs a query, most of it without the interpreter."""
    parts = list(pages)
    whole = QueryPage(b"".join([part.ids for part in parts]), b"".join([part.blob for part in parts]))
    del parts
    ids = np.frombuffer(whole.ids, dtype=_ID)
    order = ids.argsort(kind="stable")
    ascending = ids.take(order)
    first = np.ones(len(ids), dtype=np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    return _taken(whole, _line_ends(whole.blob), order.compress(first))


def _taken(page: QueryPage, ends: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64]) -> Texts:
    """These queries of a page, in this order."""
    raw = np.frombuffer(page.blob, dtype=np.uint8)
    sizes = np.diff(ends, prepend=-1)
    parts = []
    for at in range(0, len(numbers), _CHUNK):
        some = numbers[at : at + _CHUNK]
        lengths = sizes[some]
        places = (ends[some] + 1 - lengths.cumsum()).repeat(lengths)
        places += np.arange(len(places))
        parts.append(raw.take(places).tobytes())
    return Texts.of(QueryPage(np.frombuffer(page.ids, dtype=_ID).take(numbers).tobytes(), b"".join(parts)))


def _line_ends(blob: bytes) -> npt.NDArray[np.int64]:
    return np.flatnonzero(np.frombuffer(blob, dtype=np.uint8) == ord("\n"))
