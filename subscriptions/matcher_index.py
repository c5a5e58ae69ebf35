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
from subscriptions.matcher_clauses import WIDTH, Plan, is_simple, plan_query
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
    under: Numbers
    anchors: Numbers
    columns: list[Numbers]
    queries: Numbers
    loose: npt.NDArray[np.bool_]
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
        present = _numbers({pattern for _, _, pattern in occurrences})
        special = self._special_leaves(prepared, occurrences, end)
        if special:
            present = np.concatenate([present, _numbers(special) + np.int32(self.patterns)])
        return Found(occurrences, self._sieve(present) if len(present) else present)

    def _find(self, text: str) -> list[Occurrence]:
        if self.automaton is None:
            return []
        found: list[Occurrence] = self.automaton.find_overlapping(text)
        return found

    def _special_leaves(self, prepared: Prepared, occurrences: list[Occurrence], end: int) -> set[int]:
        if not self.special.atoms:
            return set()
        wanted = self.special.by_pattern
        places = [occurrence for occurrence in occurrences if occurrence[2] in wanted]
        for start, stop, pattern in self._find(prepared.text[end:]):
            if pattern in wanted:
                places.append((start + end, stop + end, pattern))
        return self.special.holding(prepared, places)

    def _sieve(self, present: Numbers) -> Numbers:
        """The clauses that hold when exactly the leaves `present` do."""
        truth, pairs = self.truth, self.truth.reshape(-1, 2)
        pairs[present] = (True, False)
        clauses = self._candidates(present)
        for column in self.columns:
            if not len(clauses):
                break
            clauses = clauses[truth[column[clauses]]]
        pairs[present] = (False, True)
        return clauses

    def _candidates(self, present: Numbers) -> Numbers:
        """The clauses under the leaves that hold."""
        begins = self.under[present]
        sizes = self.under[present + 1] - begins
        ends = np.cumsum(sizes, dtype=np.int32)
        shifts = np.repeat(begins - ends + sizes, sizes)
        shifts += np.arange(len(shifts), dtype=np.int32)
        return shifts


def _numbers(some: set[int]) -> Numbers:
    return np.fromiter(some, dtype=np.int32, count=len(some))


def distinct(numbers: Numbers) -> Numbers:
    """Each once, ascending: many times faster than np.unique, which hashes."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def build_index(texts: Texts, aliases: AliasTable) -> Index:
    """Compile queries. About 5 µs a query, and the automaton's own time."""
    compiler = _Compiler(aliases)
    for number, text in enumerate(texts):
        compiler.add(text, number)
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

    def add(self, text: str, query: int) -> None:
        """Nearly all queries are words and operators alone: these need no parsing. Literals of special leaves are
        negative until the number of patterns is known."""
        if not is_simple(text):
            self._add_plan(plan_query(text), query)
            return
        for part in text.split("|"):
            words = part.split(" ")
            if len(words) > WIDTH:
                self._add_plan(plan_query(text), query)
                return
        for part in text.split("|"):
            self._literals.extend([self._literal(word) for word in part.split(" ")])
            self._ends.append(len(self._literals))
            self._queries.append(query)

    def _literal(self, word: str) -> int:
        return 2 * self._leaf(word) if word[0] != "-" else 2 * self._leaf(word[1:]) + 1

    def _add_plan(self, plan: Plan, query: int) -> None:
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
                return self._patterns.setdefault(atom, len(self._patterns))
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
        truth = np.zeros(2 * count + 2, dtype=np.bool_)
        truth[1::2] = True
        truth[2 * count] = True
        return Index(
            texts,
            CharwiseDoubleArrayAhoCorasick(list(self._patterns)) if patterns else None,
            patterns,
            self._special,
            np.searchsorted(anchors, np.arange(count + 1)).astype(np.int32),
            np.ascontiguousarray(anchors),
            [
                column
                for k in range(1, WIDTH)
                if (column := np.ascontiguousarray(table[:, k])).min(initial=2 * count) < 2 * count
            ],
            queries,
            loose,
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
    negated = (literals & 1).astype(np.int64) << 31
    order = np.argsort((clause.astype(np.int64) << 32) + negated + np.minimum(costs[literals >> 1], (1 << 31) - 1))
    place = np.arange(len(literals), dtype=np.int32) - np.repeat(ends - sizes, sizes)
    table = np.full((len(ends), WIDTH), always, dtype=np.int32)
    table[clause, place] = literals[order]
    return table
