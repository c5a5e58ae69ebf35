"""From canonical texts to an index: words counted and clauses laid out by NumPy, a slice of the queries at a time.

Nearly all queries are words, spaces, | and - alone. Of these the separators say everything, so a slice of texts is cut
in one go and never becomes clause objects; the rest is parsed. Must not know documents.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from itertools import count

import numpy as np
import numpy.typing as npt

from subscriptions.aliases import AliasTable
from subscriptions.matcher_clauses import WIDTH, plan_query
from subscriptions.matcher_index import Index
from subscriptions.matcher_leaves import SpecialLeaves
from subscriptions.matcher_strings import Codes, Numbers, Strings, StringsMaker, codes_of
from subscriptions.matcher_texts import Texts
from subscriptions.query import Atom, Term
from subscriptions.types import QUERY_ENCODING

SLICE = 1 << 15
"""Queries cut at a time: their words are few megabytes."""

_Bytes = npt.NDArray[np.uint8]

_SPACE, _BAR, _END, _HARD = 1, 2, 3, 4

_KINDS = np.zeros(256, dtype=np.uint8)
_KINDS[[ord(" "), ord("|"), ord("\n")]] = _SPACE, _BAR, _END
_KINDS[list(b'"()~#<>=:')] = _HARD
"""A canonical text quotes every word that has one of these, or a space, a bar or a comparison sign, in it. Of characters
from 255 on all are alike."""


def build_index(texts: Texts, aliases: AliasTable) -> Index:
    """About 4 µs a query."""
    compiler = _Compiler(aliases)
    for start in range(0, len(texts), SLICE):
        compiler.add(texts.slice(start, start + SLICE), start)
    return compiler.finish(texts)


class _Compiler:
    """Collects the clauses of all queries as flat lists of literals, then lays out the tables in one go."""

    def __init__(self, aliases: AliasTable) -> None:
        self._maker = StringsMaker()
        none = np.empty(0, dtype=np.int32)
        self._simple = [(none.astype(np.bool_), none, none)]
        """Of texts that were cut: for each word, as the maker has it, whether it must not occur; words per clause, query
        per clause."""
        self._parsed: defaultdict[str, int] = defaultdict(count().__next__)
        self._special = SpecialLeaves(aliases)
        self._named = aliases.names()
        self._plans = array("i"), array("i"), array("i")
        """Of texts that were parsed: literals, literals per clause, query per clause. Special leaves are negative."""
        self._loose: list[int] = []

    def add(self, texts: bytes, first: int) -> None:
        """Some texts, each with its line feed; `first`: the number of the first one's query."""
        codes = codes_of(texts.decode(QUERY_ENCODING))
        kinds = _KINDS.take(codes, mode="clip")
        hard = _hard(kinds)
        queries = np.arange(first, first + len(hard), dtype=np.int32)
        if hard.any():
            lines = texts.split(b"\n")
            for number in np.flatnonzero(hard).tolist():
                self._add_plan(lines[number].decode(QUERY_ENCODING), first + number)
            kept = ~hard.repeat(np.diff(np.flatnonzero(kinds == _END), prepend=-1))
            codes, kinds, queries = codes[kept], kinds[kept], queries[~hard]
        self._add_simple(codes, kinds, queries)

    def _add_simple(self, codes: Codes, kinds: _Bytes, queries: Numbers) -> None:
        """Words and separators read, without an object for either."""
        places = np.flatnonzero(kinds)
        kinds = kinds[places]
        starts = np.concatenate([places[:1] * 0, places[:-1] + 1])
        negated = codes[starts] == ord("-")
        starts += negated
        self._maker.add(codes, starts, places - starts)
        ends = np.flatnonzero(kinds != _SPACE)
        alternatives = np.diff(np.flatnonzero(kinds[ends] == _END), prepend=-1)
        sizes = np.diff(ends, prepend=-1).astype(np.int32)
        self._simple.append((negated, sizes, queries.repeat(alternatives)))

    def _add_plan(self, text: str, query: int) -> None:
        plan = plan_query(text)
        literals, sizes, queries = self._plans
        for clause in plan.clauses:
            literals.extend([2 * self._leaf(atom) for atom in clause.required])
            literals.extend([2 * self._leaf(atom) + 1 for atom in clause.forbidden])
            sizes.append(len(clause.required) + len(clause.forbidden))
            queries.append(query)
        if plan.loose:
            self._loose.append(query)

    def _leaf(self, atom: Atom | str) -> int:
        return (
            self._parsed[atom] if isinstance(atom, str) else -1 - self._special.number(atom, self._parsed.__getitem__)
        )

    def finish(self, texts: Texts) -> Index:
        literals, sizes, queries, lengths, strings = self._joined()
        total = len(strings) + len(self._special.atoms)
        table = _table(literals, sizes, _costs(lengths, literals >> 1, total), 2 * total)
        order = np.argsort(table[:, 0], kind="stable")
        anchors = table[order, 0] >> 1
        others, queries = table[order, 1:], queries[order]
        under = np.searchsorted(anchors, np.arange(total + 1, dtype=np.int32)).astype(np.int32)
        loose = np.zeros(len(texts), dtype=np.bool_)
        loose[self._loose] = True
        return Index(texts, strings, self._special, under, anchors, others, queries, loose, _nothing(total))

    def _joined(self) -> tuple[Numbers, Numbers, Numbers, Numbers, Strings]:
        """All literals, literals per clause, query per clause; how long each string is, and the strings. What was
        collected is let go."""
        named = {name: self._special.number(Term(name), self._parsed.__getitem__) for name in self._used_names()}
        cut = self._maker.slots
        self._maker.add_all(list(self._parsed))
        strings, numbers, lengths = self._maker.finish()
        parsed = numbers[cut:]
        self._special.renumber_patterns(parsed)
        leaves = np.arange(len(strings), dtype=np.int32)
        for name, number in named.items():
            leaves[parsed[self._parsed[name]]] = len(strings) + number
        negated, *simple = map(np.concatenate, zip(*self._simple, strict=True))
        literals, *plans = (np.array(part, dtype=np.int32) for part in self._plans)
        of_plans = len(strings) - 1 - (literals >> 1)
        plain = literals >= 0
        of_plans[plain] = leaves.take(parsed.take(literals[plain] >> 1))
        literals = np.concatenate([2 * leaves.take(numbers[:cut]) + negated, 2 * of_plans + (literals & 1)])
        self._simple.clear()
        sizes, queries = (np.concatenate(parts) for parts in zip(simple, plans, strict=True))
        return literals, sizes, queries, lengths, strings

    def _used_names(self) -> list[str]:
        """Names of several that occur as words: a word that has other names is more than its string."""
        names = sorted(self._named)
        return names and sorted({*self._maker.perhaps(names), *(self._named & self._parsed.keys())})


def _hard(kinds: _Bytes) -> npt.NDArray[np.bool_]:
    """Per text, whether it must be parsed: for its signs, or as one of its clauses has too many words."""
    line_ends = np.flatnonzero(kinds == _END)
    hard = np.zeros(len(line_ends), dtype=np.bool_)
    hard[line_ends.searchsorted(np.flatnonzero(kinds == _HARD))] = True
    places = np.flatnonzero((kinds != 0) & (kinds <= _END))
    ends = np.flatnonzero(kinds[places] != _SPACE)
    long = ends[np.diff(ends, prepend=-1) > WIDTH]
    hard[line_ends.searchsorted(places[long])] = True
    return hard


def _costs(lengths: Numbers, leaves: Numbers, total: int) -> npt.NDArray[np.int64]:
    """How common each leaf is taken to be: by the clauses that use it, then shorter strings first."""
    costs = np.bincount(leaves, minlength=total).astype(np.int64) * 16 + 15
    costs[: len(lengths)] -= np.minimum(lengths, 15)
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
