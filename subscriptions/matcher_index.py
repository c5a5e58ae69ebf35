"""Standing queries compiled for matching: a table of all their strings, their clauses in NumPy tables.

Every clause lies under its rarest required atom, the one that the fewest clauses use. For a document the strings present
are found; the clauses under these are candidates, and column after column of their other atoms sieves them. An index
never changes; it is not safe for two threads at once (a scratch table is used and cleaned per document).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from subscriptions.matcher_leaves import SpecialLeaves
from subscriptions.matcher_strings import Numbers, Occurrences, Strings, Windows
from subscriptions.matcher_texts import Texts
from subscriptions.prepare import Prepared

ALL_HOLD = 0x01010101
"""Four truths, a byte each, read as one number."""


@dataclass(slots=True)
class Found:
    """Where the strings of an index stand in a document, and its clauses that hold there."""

    occurrences: Occurrences
    clauses: Numbers


@dataclass(slots=True)
class Index:
    """`others[c]`: the four literals (2 * leaf, + 1 where it must not hold) that clause c needs beside its anchor; `under`
    says where the clauses of each leaf begin. `loose[q]`: what holds of query q must be verified. `truth[l]`: 1 if
    literal l holds; between two documents no leaf does."""

    texts: Texts
    strings: Strings
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

    def find(self, prepared: Prepared, windows: Windows) -> Found:
        """All clauses that hold in a document; `windows`: of its text."""
        everywhere = self.strings.find(windows)
        if not len(everywhere) and not self.special.atoms:
            return Found(everywhere, everywhere.numbers)
        occurrences = everywhere.before(prepared.begins[-1])
        present = distinct(occurrences.numbers)
        special = self._special_leaves(prepared, everywhere)
        if special:
            leaves = np.fromiter(special, dtype=np.int32, count=len(special))
            present = np.concatenate([present, leaves + np.int32(len(self.strings))])
        return Found(occurrences, self._sieve(present) if len(present) else present)

    def _special_leaves(self, prepared: Prepared, found: Occurrences) -> set[int]:
        if not self.special.atoms:
            return set()
        wanted = self.special.by_pattern
        places = zip(found.starts.tolist(), found.numbers.tolist(), strict=True)
        return self.special.holding(prepared, [place for place in places if place[1] in wanted])

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


def distinct(numbers: Numbers) -> Numbers:
    """Each once, ascending: many times faster than np.unique, which hashes."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]
