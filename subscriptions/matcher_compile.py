"""From canonical texts to an index: words counted and clauses laid out by NumPy, a slice of the queries at a time.

Nearly all queries are words, spaces, | and - alone. Of these the separators say everything, so a slice of texts is cut
in one go and never becomes clause objects; the rest is parsed. Must not know documents.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import compress, count

import numpy as np
import numpy.typing as npt
from daachorse import CharwiseDoubleArrayAhoCorasick

from subscriptions.aliases import AliasTable
from subscriptions.matcher_clauses import WIDTH, Plan, plan_query
from subscriptions.matcher_index import Index, Numbers
from subscriptions.matcher_leaves import SpecialLeaves
from subscriptions.matcher_texts import Texts
from subscriptions.query import Atom, Term

SLICE = 1 << 15
"""Queries cut at a time: their words are few megabytes."""

TOGETHER = 1 << 19
"""Patterns of one automaton at most: its builder takes some 300 MB."""

ALIKE = 4
"""Patterns are in order by so many characters: in full order an automaton builds no faster."""

_Bytes = npt.NDArray[np.uint8]

_SPACE, _BAR, _END, _HARD = 1, 2, 3, 4

_KINDS = np.zeros(256, dtype=np.uint8)
_KINDS[[ord(" "), ord("|"), ord("\n")]] = _SPACE, _BAR, _END
_KINDS[list(b'"()~#<>=:')] = _HARD
"""A canonical text quotes every word that has one of these, or a space, a bar or a comparison sign, in it."""


def build_index(texts: Texts, aliases: AliasTable) -> Index:
    index, patterns = compile_queries(texts, aliases)
    index.automata = list(build_automata(patterns))
    return index


def compile_queries(texts: Texts, aliases: AliasTable) -> tuple[Index, list[str]]:
    """The index but for its automata, and the strings that these must find, in order: about 3 µs a query."""
    compiler = _Compiler(aliases)
    for start in range(0, len(texts), SLICE):
        compiler.add(texts.slice(start, start + SLICE), start)
    return compiler.finish(texts)


def build_automata(patterns: list[str]) -> Iterator[tuple[int, CharwiseDoubleArrayAhoCorasick]]:
    """Each with the number of its first pattern; takes the patterns out of the list as it goes, for there are many.

    What the library takes to build grows faster than the number of patterns, and the most memory of all: so at most
    TOGETHER at a time. They are in order, so that in a text each automaton has to do where one of its own begins."""
    while patterns:
        first = (len(patterns) - 1) // TOGETHER * TOGETHER
        part = patterns[first:]
        del patterns[first:]
        yield first, CharwiseDoubleArrayAhoCorasick(part, use_prefilter=False)


class _Compiler:
    """Collects the clauses of all queries as flat lists of literals, then lays out the tables in one go."""

    def __init__(self, aliases: AliasTable) -> None:
        self._patterns: defaultdict[str, int] = defaultdict(count().__next__)
        self._named = aliases.names()
        self._special = SpecialLeaves(aliases)
        self._parts: list[tuple[Numbers, Numbers, Numbers]] = []
        """Literals, literals per clause, query per clause. Those of special leaves are negative until the number of
        patterns is known."""
        self._loose: list[int] = []

    def add(self, texts: bytes, first: int) -> None:
        """Some texts, each with its line feed; `first`: the number of the first one's query."""
        raw = np.frombuffer(texts, dtype=np.uint8)
        hard = _hard(raw)
        queries = np.arange(first, first + len(hard), dtype=np.int32)
        if hard.any():
            lines = texts.decode().split("\n")[:-1]
            self._add_plans(zip(compress(lines, hard), queries[hard].tolist(), strict=True))
            texts = "".join(f"{line}\n" for line in compress(lines, ~hard)).encode()
            raw, queries = np.frombuffer(texts, dtype=np.uint8), queries[~hard]
        if texts:
            self._add_simple(texts, raw, queries)

    def _add_simple(self, texts: bytes, raw: _Bytes, queries: Numbers) -> None:
        """Words numbered and separators read, without an object for a clause."""
        places, kinds = _separators(raw)
        starts = np.concatenate([places[:1] * 0, places[:-1] + 1])
        negated = raw[starts] == ord("-")
        words = f" {texts.decode()}".replace("|", " ").replace("\n", " ").replace(" -", " ").split(" ")[1:-1]
        literals = 2 * np.fromiter(map(self._patterns.__getitem__, words), dtype=np.int32, count=len(words)) + negated
        ends = np.flatnonzero(kinds != _SPACE)
        alternatives = np.diff(np.flatnonzero(kinds[ends] == _END), prepend=-1)
        self._add_part(literals, np.diff(ends, prepend=-1), queries.repeat(alternatives))

    def _add_plans(self, queries: Iterable[tuple[str, int]]) -> None:
        literals, sizes, numbers = array("i"), array("i"), array("i")
        for text, query in queries:
            plan = plan_query(text)
            self._put_plan(plan, literals, sizes)
            numbers.extend([query] * len(plan.clauses))
            if plan.loose:
                self._loose.append(query)
        self._add_part(*(np.array(part, dtype=np.int32) for part in (literals, sizes, numbers)))

    def _put_plan(self, plan: Plan, literals: array[int], sizes: array[int]) -> None:
        for clause in plan.clauses:
            literals.extend([2 * self._leaf(atom) for atom in clause.required])
            literals.extend([2 * self._leaf(atom) + 1 for atom in clause.forbidden])
            sizes.append(len(clause.required) + len(clause.forbidden))

    def _add_part(self, literals: npt.NDArray[np.integer], sizes: npt.NDArray[np.integer], queries: Numbers) -> None:
        self._parts.append((literals.astype(np.int32), sizes.astype(np.int32), queries))

    def _pattern(self, text: str) -> int:
        return self._patterns[text]

    def _leaf(self, atom: Atom | str) -> int:
        return self._patterns[atom] if isinstance(atom, str) else -1 - self._special.number(atom, self._pattern)

    def finish(self, texts: Texts) -> tuple[Index, list[str]]:
        literals, sizes, queries = self._joined()
        patterns, ranks = self._ranked()
        total = len(patterns) + len(self._special.atoms)
        leaves = literals >> 1
        leaves = np.concatenate([ranks, np.arange(len(ranks), total, dtype=np.int32)]).take(
            np.where(leaves < 0, len(patterns) - 1 - leaves, leaves)
        )
        literals = 2 * leaves + (literals & 1)
        table = _table(literals, sizes, _costs(patterns, leaves, total), 2 * total)
        order = np.argsort(table[:, 0], kind="stable")
        anchors = table[order, 0] >> 1
        others, queries = table[order, 1:], queries[order]
        under = np.searchsorted(anchors, np.arange(total + 1, dtype=np.int32)).astype(np.int32)
        loose = np.zeros(len(texts), dtype=np.bool_)
        loose[self._loose] = True
        truth = _nothing(total)
        index = Index(texts, [], len(patterns), self._special, under, anchors, others, queries, loose, truth)
        return index, patterns

    def _ranked(self) -> tuple[list[str], Numbers]:
        """All patterns in order, and the place there of each by its number until now."""
        patterns = list(self._patterns)
        self._patterns.clear()
        order = np.array([pattern[:ALIKE].encode() for pattern in patterns], dtype=np.bytes_).argsort(kind="stable")
        ranks = np.empty(len(patterns), dtype=np.int32)
        ranks[order] = np.arange(len(patterns), dtype=np.int32)
        self._special.renumber_patterns(ranks)
        return [patterns[number] for number in order.tolist()], ranks

    def _joined(self) -> tuple[Numbers, Numbers, Numbers]:
        """All parts as one. A word that has other names is more than its string: its leaf is a special one."""
        none = np.empty(0, dtype=np.int32)
        literals, sizes, queries = map(np.concatenate, zip((none, none, none), *self._parts, strict=True))
        self._parts = []
        known = len(self._patterns)
        instead = np.arange(known, dtype=np.int32)
        for name in sorted(self._named & self._patterns.keys()):
            number = self._patterns[name]
            instead[number] = -1 - self._special.number(Term(name), self._pattern)
        plain = literals >= 0
        literals[plain] = 2 * instead[literals[plain] >> 1] + (literals[plain] & 1)
        return literals, sizes, queries


def _separators(raw: _Bytes) -> tuple[npt.NDArray[np.int64], _Bytes]:
    """Where each word ends, and with what."""
    kinds = _KINDS.take(raw)
    places = np.flatnonzero((kinds != 0) & (kinds <= _END))
    return places, kinds[places]


def _hard(raw: _Bytes) -> npt.NDArray[np.bool_]:
    """Per text, whether it must be parsed: for its signs, or as one of its clauses has too many words."""
    kinds = _KINDS.take(raw)
    line_ends = np.flatnonzero(kinds == _END)
    hard = np.zeros(len(line_ends), dtype=np.bool_)
    hard[line_ends.searchsorted(np.flatnonzero(kinds == _HARD))] = True
    places = np.flatnonzero((kinds != 0) & (kinds <= _END))
    ends = np.flatnonzero(kinds[places] != _SPACE)
    long = ends[np.diff(ends, prepend=-1) > WIDTH]
    hard[line_ends.searchsorted(places[long])] = True
    return hard


def _costs(patterns: list[str], leaves: Numbers, total: int) -> npt.NDArray[np.int64]:
    """How common each leaf is taken to be: by the clauses that use it, then shorter strings first."""
    costs = np.bincount(leaves, minlength=total).astype(np.int64) * 16 + 15
    costs[: len(patterns)] -= np.minimum(np.fromiter(map(len, patterns), dtype=np.int64, count=len(patterns)), 15)
    return costs


def _table(literals: Numbers, sizes: Numbers, costs: npt.NDArray[np.int64], always: int) -> Numbers:
    """One row of WIDTH literals per clause: required ones first, each kind from the rarest; `always` fills up."""
    clause = np.arange(len(sizes), dtype=np.int64).repeat(sizes)
    negated = (literals & 1).astype(np.int64) << 31
    order = np.argsort((clause << 32) + negated + np.minimum(costs[literals >> 1], (1 << 31) - 1))
    place = np.arange(len(literals)) - (sizes.cumsum() - sizes).repeat(sizes)
    table = np.full((len(sizes), WIDTH), always, dtype=np.int32)
    table[clause, place] = literals[order]
    return table


def _nothing(total: int) -> _Bytes:
    """Which literals hold where no leaf does: those that say so, and the one that always holds."""
    truth = np.zeros(2 * total + 2, dtype=np.uint8)
    truth[1::2] = 1
    truth[2 * total] = 1
    return truth
