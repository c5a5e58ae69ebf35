"""The index finds exactly what evaluating every query finds, with the same proof, however the queries came into it.

Hypothesis looks for small examples; the dice, many times quicker, make many documents for the long run.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from query_dice import dice_aliases, dice_document, dice_query
from query_worlds import alias_tables, documents, stored_queries, unhurried

from subscriptions import AliasTable, Document, Match, Matcher, QueryId, print_query, query_id
from subscriptions.evaluate import evaluate_prepared
from subscriptions.prepare import prepare
from subscriptions.query import Query

pytestmark = pytest.mark.slow

EXAMPLES = 20
CASES = int(os.environ.get("ORACLE_CASES", "400"))
"""Documents drawn by dice, in PARTS: `make oracle` has a hundred thousand."""
PARTS = 10

stored = st.lists(stored_queries, max_size=10)


def _pairs(some: Sequence[Query]) -> list[tuple[QueryId, str]]:
    return [(query_id(query), print_query(query)) for query in some]


def _truth(some: Sequence[Query], document: Document, aliases: AliasTable) -> dict[QueryId, Match]:
    prepared = prepare(document)
    found = (evaluate_prepared(query, prepared, aliases) for query in some)
    return {match.query_id: match for match in found if match is not None}


def _check(matcher: Matcher, some: Sequence[Query], document: Document, aliases: AliasTable) -> None:
    truth = _truth(some, document, aliases)
    found = matcher.match(document)
    assert {match.query_id: match for match in found} == truth
    assert len(found) == len(truth)
    assert sorted(matcher.match_ids(document)) == sorted(truth)


@settings(unhurried, max_examples=EXAMPLES)
@given(stored, st.lists(documents, min_size=1, max_size=4), alias_tables)
def test_the_index_equals_brute_force(some: list[Query], several: list[Document], aliases: AliasTable) -> None:
    matcher = Matcher(_pairs(some), aliases)
    for document in several:
        _check(matcher, some, document, aliases)


@settings(unhurried, max_examples=EXAMPLES)
@given(stored, st.lists(st.one_of(stored_queries, st.just("merge"), documents), max_size=10), documents)
def test_additions_and_merges_at_any_moment(
    first: list[Query], steps: list[Query | str | Document], last: Document
) -> None:
    matcher = Matcher(_pairs(first))
    known = list(first)
    for step in steps:
        if isinstance(step, Document):
            _check(matcher, known, step, AliasTable())
        elif step == "merge":
            matcher.merge()
        else:
            assert not isinstance(step, str)
            matcher.add(*_pairs([step])[0])
            known.append(step)
    _check(matcher, known, last, AliasTable())
    assert len(matcher) == len({id for id, _ in _pairs(known)})


@pytest.mark.parametrize("part", range(PARTS))
def test_documents_by_dice(part: int) -> None:
    """A dozen documents for each matcher, to which queries are added, and which is merged, between them."""
    dice = random.Random(part)
    for number in range(0, CASES // PARTS, 12):
        aliases = dice_aliases(dice) if number % 24 == 0 else AliasTable()
        known = [dice_query(dice) for _ in range(dice.randrange(16))]
        matcher = Matcher(_pairs(known), aliases)
        for _ in range(12):
            for query in [dice_query(dice) for _ in range(dice.randrange(3))]:
                matcher.add(*_pairs([query])[0])
                known.append(query)
            if dice.random() < 0.1:
                matcher.merge()
            _check(matcher, known, dice_document(dice), aliases)
