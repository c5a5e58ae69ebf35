"""Random queries and documents over a small alphabet, so that what is asked for is often there."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from subscriptions import Alias, AliasTable, Document, Figure, QueryError, parse_query, print_query
from subscriptions.query import (
    FIELD_NAMES,
    METRIC_NAMES,
    STAGE_NAMES,
    And,
    FigureIs,
    Near,
    Not,
    Or,
    PageIs,
    Query,
    StageIs,
    Term,
    TermField,
    Topic,
    canonical,
)

unhurried = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
"""For machines that have other work as well."""

LETTERS = "甲乙丙丁ab"
TOPICS = ("甲乙", "丙")

words = st.text(LETTERS, min_size=1, max_size=3).filter(lambda word: len(word) > 1 or word not in "ab")
fields: st.SearchStrategy[TermField | None] = st.sampled_from([None, None, None, *FIELD_NAMES])
terms = st.one_of(st.builds(Term, words), st.builds(Term, words, fields, st.booleans()))


NEAR_FIELDS: list[TermField | None] = [None, None, "title", "body"]


def _nears(field: TermField | None) -> st.SearchStrategy[Near]:
    side = st.lists(st.builds(Term, words, st.just(field), st.booleans()), min_size=1, max_size=2).map(tuple)
    return st.builds(Near, side, side, st.integers(0, 4))


pages = st.tuples(st.integers(1, 4), st.integers(1, 4)).map(lambda ends: PageIs(min(ends), max(ends)))
amounts = st.sampled_from([1.0, 2.0, 1e8, 2.5e8])
figures_are = st.builds(
    FigureIs,
    st.sampled_from(["total_investment", "sales"]),
    st.sampled_from([">=", ">", "<=", "<", "="]),
    amounts,
    st.just("元"),
)
atoms = st.one_of(
    terms,
    terms,
    terms,
    st.sampled_from(NEAR_FIELDS).flatmap(_nears),
    st.builds(Topic, st.sampled_from(TOPICS)),
    pages,
    figures_are,
    st.builds(StageIs, st.sampled_from(sorted(STAGE_NAMES))),
)


def _grow(children: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    items = st.lists(children, min_size=2, max_size=4).map(tuple)
    return st.one_of(st.builds(Not, children), st.builds(And, items), st.builds(Or, items))


queries: st.SearchStrategy[Query] = st.recursive(atoms, _grow, max_leaves=8)


def can_be_stored(query: Query) -> bool:
    """Not refused for what it means; any other refusal of a printed query is an error."""
    try:
        parse_query(print_query(query))
    except QueryError as error:
        assert error.code in {"only_negative", "contradiction", "too_long", "too_many_terms"}, error
        return False
    return True


stored_queries = queries.map(canonical).filter(can_be_stored)

texts = st.text(LETTERS + " \n。", max_size=12)
figures = st.builds(
    Figure,
    st.sampled_from(["total_investment", "sales", next(iter(METRIC_NAMES))]),
    amounts,
    st.sampled_from(["CNY", "USD"]),
    st.one_of(st.none(), st.sampled_from(sorted(STAGE_NAMES))),
)
documents = st.builds(
    Document,
    title=texts,
    body=st.text(LETTERS + " \n。", max_size=40),
    subtitle=texts,
    byline=texts,
    section=texts,
    publication=texts,
    page=st.one_of(st.none(), st.integers(1, 4)),
    topics=st.frozensets(st.sampled_from(TOPICS)),
    figures=st.lists(figures, max_size=3).map(tuple),
)
alias_tables = st.lists(
    st.lists(st.text(LETTERS, min_size=2, max_size=3), min_size=2, max_size=3).map(tuple), max_size=3
).map(lambda groups: AliasTable([Alias(names) for names in groups]))
