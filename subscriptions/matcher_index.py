"""Standing queries compiled for matching: an automaton over all their strings, their clauses in NumPy tables.

Every clause lies under its rarest required atom, the one that the fewest clauses use. For a document the automaton
finds the strings present; the clauses under these are candidates, and column after column of their other atoms sieves
them. Of very many strings there are several automata, each with those that begin alike. An index never changes; it is not safe for two threads at once (a scratch table is used and cleaned per document).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np
import numpy.typing as npt
from daachorse import CharwiseDoubleArrayAhoCorasick

from subscriptions.matcher_leaves import Occurrence, SpecialLeaves
from subscriptions.matcher_texts import Texts
from subscriptions.prepare import Prepared

Numbers = npt.NDArray[np.int32]

ALL_HOLD = 0x01010101
"""Four truths, a byte each, read as one number."""

_PATTERN = itemgetter(2)
_NONE = np.empty(0, dtype=np.int32)


@dataclass(slots=True)
class Found:
    """What each automaton saw in a document, with the number of its first pattern, and the clauses of an index that hold there."""

    occurrences: list[tuple[int, list[Occurrence]]]
    clauses: Numbers


@dataclass(slots=True)
class Index:
    """`automata`: each with the number of its first pattern. `others[c]`: the four literals (2 * leaf, + 1 where it must not hold) that clause c needs beside its anchor; `under`
    says where the clauses of each leaf begin. `loose[q]`: what holds of query q must be verified. `truth[l]`: 1 if
    literal l holds; between two documents no leaf does."""

    texts: Texts
    automata: list[tuple[int, CharwiseDoubleArrayAhoCorasick]]
    patterns: int
    special: SpecialLeaves
    under: Numbers
    anchors: Numbers
    others: Numbers
    queries: Numbers
    loose: npt.NDArray[np.bool_]
    truth: npt.NDArray[np.uint8] = field(repr=False)

    def __len__(self) -> int:
        return len(self.texts)

    def positive_leaves(self, clauses: Numbers) -> list[list[int]]:
        """Of each clause the leaves that must hold, then -1 for the places that say something else."""
        rows = np.column_stack([2 * self.anchors[clauses], self.others[clauses]])
        lists: list[list[int]] = np.where((rows & 1) | (rows == len(self.truth) - 2), -1, rows >> 1).tolist()
        return lists

    def find(self, prepared: Prepared) -> Found:
        """All clauses that hold in a document."""
        end = prepared.begins[-1]
        occurrences = self._find(prepared.text[:end])
        seen = [first + _numbers(map(_PATTERN, found), len(found)) for first, found in occurrences]
        present = distinct(np.concatenate([_NONE, *seen]))
        special = self._special_leaves(prepared, occurrences, end)
        if special:
            present = np.concatenate([present, np.int32(self.patterns) + _numbers(special, len(special))])
        return Found(occurrences, self._sieve(present) if len(present) else present)

    def _find(self, text: str) -> list[tuple[int, list[Occurrence]]]:
        return [(first, automaton.find_overlapping(text)) for first, automaton in self.automata]

    def _special_leaves(
        self, prepared: Prepared, occurrences: list[tuple[int, list[Occurrence]]], end: int
    ) -> set[int]:
        if not self.special.atoms:
            return set()
        wanted = self.special.by_pattern
        places = [
            (start + shift, first + pattern)
            for shift, seen in ((0, occurrences), (end, self._find(prepared.text[end:])))
            for first, found in seen
            for start, _, pattern in found
            if first + pattern in wanted
        ]
        return self.special.holding(prepared, places)

    def _sieve(self, present: Numbers) -> Numbers:
        """The clauses that hold when exactly the leaves `present` do."""
        clauses = self._candidates(present)
        leaves = self.truth.view("<u2")
        leaves[present] = 0x0001
        hold = self.truth.take(self.others.take(clauses, axis=0)).view("<u4").ravel() == ALL_HOLD
        leaves[present] = 0x0100
        matching: Numbers = clauses.compress(hold)
        return matching

    def _candidates(self, present: Numbers) -> Numbers:
        """The clauses under the leaves that hold."""
        begins = self.under.take(present)
        sizes = self.under.take(present + 1) - begins
        ends = sizes.cumsum(dtype=np.int32)
        shifts: Numbers = (begins - ends + sizes).repeat(sizes)
        shifts += np.arange(len(shifts), dtype=np.int32)
        return shifts


def _numbers(some: Iterable[int], count: int) -> Numbers:
    return np.fromiter(some, dtype=np.int32, count=count)


def distinct(numbers: Numbers) -> Numbers:
    """Each once, ascending: many times faster than np.unique, which hashes."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]
