"""Canonical queries by number in flat tables: a million of them as a few arrays instead of two million objects."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subscriptions.types import QueryId

_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Texts:
    """`ids`: the raw bytes of all query ids, ascending, one after the other; `blob`: the texts in UTF-8, ending at `ends`."""

    ids: bytes
    blob: bytes
    ends: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends)

    def __contains__(self, id: object) -> bool:
        if not isinstance(id, str):
            return False
        number = bisect_left(range(len(self)), id, key=self.id)
        return number < len(self) and self.id(number) == id

    def id(self, number: int) -> QueryId:
        return self.ids[number * _ID_BYTES : (number + 1) * _ID_BYTES].hex()

    def text(self, number: int) -> str:
        return self._raw(number).decode()

    def _raw(self, number: int) -> bytes:
        start = int(self.ends[number - 1]) if number else 0
        return self.blob[start : int(self.ends[number])]

    def pairs(self) -> Iterator[tuple[bytes, bytes]]:
        """Raw ids and raw texts, in order."""
        for number in range(len(self)):
            yield self.ids[number * _ID_BYTES : (number + 1) * _ID_BYTES], self._raw(number)

    def ids_of(self, numbers: npt.NDArray[np.int32]) -> list[QueryId]:
        """Many ids at once: about .1 µs each."""
        rows = np.frombuffer(self.ids, dtype=np.uint8).reshape(-1, _ID_BYTES)[numbers]
        text = rows.tobytes().hex()
        return [text[at : at + 2 * _ID_BYTES] for at in range(0, len(text), 2 * _ID_BYTES)]


def pack(queries: Iterable[tuple[QueryId, str]]) -> Texts:
    """Each id once."""
    return _pack((bytes.fromhex(id), text.encode()) for id, text in queries)


def join(parts: Sequence[Texts]) -> Texts:
    """All of them as one."""
    return _pack(pair for part in parts for pair in part.pairs())


def _pack(pairs: Iterable[tuple[bytes, bytes]]) -> Texts:
    ordered = sorted(dict(pairs).items())
    ends = np.cumsum(np.fromiter((len(text) for _, text in ordered), dtype=np.int64, count=len(ordered)))
    return Texts(b"".join(id for id, _ in ordered), b"".join(text for _, text in ordered), ends)
