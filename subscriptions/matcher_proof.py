"""From the clauses that hold in a document to matches: ids alone, or with the terms, names and places that prove them.

What a leaf proves is worked out once per document and shared by all matches. Loose clauses are verified here by
evaluating the whole query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from subscriptions.aliases import AliasTable
from subscriptions.evaluate import PROOF_SPANS, Evidence, Witness, build_match, evaluate_prepared, find_all
from subscriptions.matcher_index import Found, Index, distinct
from subscriptions.matcher_strings import Numbers
from subscriptions.parse import parse_query
from subscriptions.prepare import Prepared
from subscriptions.types import Match, QueryId, Span


class Prover:
    """For one index, one document and what was found of the one in the other."""

    def __init__(self, index: Index, prepared: Prepared, aliases: AliasTable, found: Found) -> None:
        self._index = index
        self._prepared = prepared
        self._aliases = aliases
        self._found = found
        self._known: dict[int, tuple[str, tuple[Span, ...]]] = {}
        self._special: dict[int, Evidence] = {}
        self._witness = Witness(prepared, aliases, lambda text: find_all(prepared.text, text))

    def ids(self) -> list[QueryId]:
        queries = distinct(self._index.queries.take(self._found.clauses))
        loose = self._index.loose.take(queries)
        if not loose.any():
            return self._index.texts.ids_of(queries)
        sure = self._index.texts.ids_of(queries[~loose])
        return [*sure, *(match.query_id for match in self._verified(queries[loose]))]

    def matches(self) -> list[Match]:
        index = self._index
        queries = index.queries[self._found.clauses]
        loose = index.loose[queries]
        matches = list(self._verified(distinct(queries[loose])))
        clauses, queries = self._found.clauses[~loose], queries[~loose]
        if len(clauses):
            order = np.argsort(queries, kind="stable")
            matches += self._proved(queries[order], index.positive_leaves(clauses[order]))
        return matches

    def _verified(self, queries: Numbers) -> Iterator[Match]:
        for query in queries.tolist():
            text = self._index.texts.text(query)
            if (match := evaluate_prepared(parse_query(text), self._prepared, self._aliases)) is not None:
                yield match

    def _proved(self, queries: Numbers, leaves: list[list[int]]) -> Iterator[Match]:
        """One match per query; `queries` ascending, so that the clauses of one query stand together."""
        first = np.flatnonzero(np.diff(queries, prepend=-1)).tolist()
        self._see_strings({leaf for row in leaves for leaf in row})
        known, strings = self._known, len(self._index.strings)
        for id, start, end in zip(
            self._index.texts.ids_of(queries[first]), first, [*first[1:], len(leaves)], strict=True
        ):
            row = leaves[start] if end == start + 1 else sorted({leaf for row in leaves[start:end] for leaf in row})
            if max(row) < strings:
                yield Match(id, dict([known[leaf] for leaf in row if leaf >= 0]))
            else:
                yield build_match(id, [self._prove(leaf) for leaf in row if leaf >= 0])

    def _see_strings(self, wanted: set[int]) -> None:
        """Term and places of all wanted strings, in one walk."""
        places: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        found = self._found.occurrences
        for start, end, number in zip(found.starts.tolist(), found.ends.tolist(), found.numbers.tolist(), strict=True):
            if number in wanted:
                places[number].append((start, end))
        for number, at in places.items():
            spans = tuple(self._prepared.span(*place) for place in at[:PROOF_SPANS])
            self._known[number] = self._prepared.text[slice(*at[0])], spans

    def _prove(self, leaf: int) -> Evidence:
        if leaf < len(self._index.strings):
            return Evidence(*self._known[leaf])
        evidence = self._special.get(leaf)
        if evidence is None:
            seen = self._witness.see(self._index.special.atoms[leaf - len(self._index.strings)])
            assert seen is not None
            evidence = self._special[leaf] = seen[0]
        return evidence
