"""Standing queries compiled for matching: one automaton over all their strings, their clauses in NumPy tables.

Every clause lies under its rarest required atom, the one that the fewest clauses use. For a document the automaton
finds the strings present; the clauses under these are candidates, and column after column of their other atoms sieves
them. An index never changes; it is not safe for two threads at once (a scratch table is used and cleaned per document).
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from daachorse import CharwiseDoubleArrayAhoCorasick

from subscriptions.aliases import AliasTable
from subscriptions.matcher_clauses import WIDTH, Plan, plan_query
from subscriptions.matcher_leaves import Occurrence, SpecialLeaves
from subscriptions.matcher_texts import Texts
from subscriptions.prepare import Prepared
from subscriptions.query import Atom, Term

Numbers = npt.NDArray[np.int32]


@dataclass(slots=True)
class Found:
    """What the automaton saw in a document, and the clauses of an index that hold there."""

    occurrences: list[Occurrence]
    clauses: Numbers


@dataclass(slots=True)
class Index:
    """`columns[k][c]`: the literal (2 * leaf, + 1 where it must not hold) that clause c needs in place k + 1; `under`
    says where the clauses of each leaf begin. `loose[q]`: what holds of query q must be verified."""

    texts: Texts
    automaton: CharwiseDoubleArrayAhoCorasick | None
    patterns: int
    special: SpecialLeaves
    is_special: npt.NDArray[np.bool_]
    under: Numbers
    anchors: Numbers
    columns: list[Numbers]
    queries: Numbers
    loose: npt.NDArray[np.bool_]
    single: bool
    """No query has several clauses."""
    truth: npt.NDArray[np.bool_] = field(repr=False)

    def __len__(self) -> int:
        return len(self.texts)

    def positive_leaves(self, clauses: Numbers) -> list[list[int]]:
        """Of each clause the leaves that must hold, then -1 for the places that say something else."""
        rows = np.stack([2 * self.anchors[clauses], *(column[clauses] for column in self.columns)], axis=1)
        lists: list[list[int]] = np.where((rows & 1) | (rows == len(self.truth) - 2), -1, rows >> 1).tolist()
        return lists

    def find(self, prepared: Prepared) -> Found:
        """All clauses that hold in a document."""
        end = prepared.begins[-1]
        occurrences = self._find(prepared.text[:end])
        present = np.array([pattern for _, _, pattern in occurrences], dtype=np.int32)
        special = self._special_leaves(prepared, occurrences, present, end)
        if special:
            present = np.concatenate([present, np.array(sorted(special), dtype=np.int32) + self.patterns])
        return Found(occurrences, self._sieve(present) if len(present) else present)

    def _find(self, text: str) -> list[Occurrence]:
        if self.automaton is None:
            return []
        found: list[Occurrence] = self.automaton.find_overlapping(text)
        return found

    def _special_leaves(
        self, prepared: Prepared, occurrences: list[Occurrence], present: Numbers, end: int
    ) -> set[int]:
        if not self.special.atoms:
            return set()
        wanted = np.flatnonzero(self.is_special[present])
        places = [occurrences[number] for number in wanted]
        for start, stop, pattern in self._find(prepared.text[end:]):
            if self.is_special[pattern]:
                places.append((start + end, stop + end, pattern))
        return self.special.holding(prepared, places)

    def _sieve(self, present: Numbers) -> Numbers:
        """The clauses that hold when exactly the leaves `present` do."""
        truth = self.truth
        truth[2 * present] = True
        truth[2 * present + 1] = False
        clauses = self._candidates(present)
        for column in self.columns:
            if not len(clauses):
                break
            clauses = clauses[truth[column[clauses]]]
        truth[2 * present] = False
        truth[2 * present + 1] = True
        return clauses

    def _candidates(self, present: Numbers) -> Numbers:
        """The clauses under the leaves that hold, each once."""
        begins, ends = self.under[present], self.under[present + 1]
        used = ends > begins
        if not used.any():
            return np.empty(0, dtype=np.int32)
        leaves = np.unique(present[used])
        begins, ends = self.under[leaves], self.under[leaves + 1]
        sizes = ends - begins
        shifts = np.repeat(begins - np.cumsum(sizes, dtype=np.int32) + sizes, sizes)
        return shifts + np.arange(len(shifts), dtype=np.int32)


def build_index(texts: Texts, aliases: AliasTable) -> Index:
    """Compile queries. About 5 µs a query, and the automaton's own time."""
    compiler = _Compiler(aliases)
    for number in range(len(texts)):
        compiler.add(plan_query(texts.text(number)), number)
    return compiler.finish(texts)


class _Compiler:
    """Collects the clauses of all queries as flat lists of literals, then lays out the tables in one go."""

    def __init__(self, aliases: AliasTable) -> None:
        self._patterns: dict[str, int] = {}
        self._named = aliases.names()
        self._special = SpecialLeaves(aliases)
        self._literals = array("i")
        self._ends = array("i")
        self._queries = array("i")
        self._loose: list[int] = []

    def _pattern(self, text: str) -> int:
        return self._patterns.setdefault(text, len(self._patterns))

    def add(self, plan: Plan, query: int) -> None:
        """Literals of special leaves are negative until all patterns are known."""
        for clause in plan.clauses:
            self._literals.extend([2 * self._leaf(atom) for atom in clause.required])
            self._literals.extend([2 * self._leaf(atom) + 1 for atom in clause.forbidden])
            self._ends.append(len(self._literals))
            self._queries.append(query)
        if plan.loose:
            self._loose.append(query)

    def _leaf(self, atom: Atom | str) -> int:
        if isinstance(atom, str):
            if atom not in self._named:
                return self._pattern(atom)
            atom = Term(atom)
        return -1 - self._special.number(atom, self._pattern)

    def finish(self, texts: Texts) -> Index:
        patterns = len(self._patterns)
        literals = np.frombuffer(self._literals, dtype=np.int32) if self._literals else np.empty(0, dtype=np.int32)
        leaves = literals >> 1
        leaves = np.where(leaves < 0, patterns - 1 - leaves, leaves).astype(np.int32)
        literals = 2 * leaves + (literals & 1)
        count = patterns + len(self._special.atoms)
        ends = np.frombuffer(self._ends, dtype=np.int32) if self._ends else np.empty(0, dtype=np.int32)
        table = _table(literals, ends, self._costs(leaves, count), 2 * count)
        order = np.argsort(table[:, 0], kind="stable")
        table = table[order]
        queries = np.frombuffer(self._queries, dtype=np.int32)[order] if self._queries else order.astype(np.int32)
        anchors = table[:, 0] >> 1
        loose = np.zeros(len(texts), dtype=np.bool_)
        loose[self._loose] = True
        is_special = np.zeros(patterns, dtype=np.bool_)
        is_special[list(self._special.by_pattern)] = True
        truth = np.zeros(2 * count + 2, dtype=np.bool_)
        truth[1::2] = True
        truth[2 * count] = True
        return Index(
            texts,
            CharwiseDoubleArrayAhoCorasick(list(self._patterns)) if patterns else None,
            patterns,
            self._special,
            is_special,
            np.searchsorted(anchors, np.arange(count + 1)).astype(np.int32),
            np.ascontiguousarray(anchors),
            [
                column
                for k in range(1, WIDTH)
                if (column := np.ascontiguousarray(table[:, k])).min(initial=2 * count) < 2 * count
            ],
            queries,
            loose,
            len(np.unique(queries)) == len(queries),
            truth,
        )

    def _costs(self, leaves: Numbers, count: int) -> npt.NDArray[np.int64]:
        """How common each leaf is taken to be: by the clauses that use it, then shorter strings first."""
        lengths = np.fromiter(
            (min(len(text), 15) for text in self._patterns), dtype=np.int64, count=len(self._patterns)
        )
        costs = np.bincount(leaves, minlength=count).astype(np.int64) * 16 + 15
        costs[: len(lengths)] -= lengths
        return costs


def _table(literals: Numbers, ends: Numbers, costs: npt.NDArray[np.int64], always: int) -> Numbers:
    """One row of WIDTH literals per clause: required ones first, each kind from the rarest; `always` fills up."""
    sizes = np.diff(ends, prepend=0)
    clause = np.repeat(np.arange(len(ends), dtype=np.int32), sizes)
    order = np.lexsort((costs[literals >> 1], literals & 1, clause))
    place = np.arange(len(literals), dtype=np.int32) - np.repeat(ends - sizes, sizes)
    table = np.full((len(ends), WIDTH), always, dtype=np.int32)
    table[clause, place] = literals[order]
    return table
