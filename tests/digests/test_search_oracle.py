"""Searching finds what the evaluator finds, whatever is stored and asked; queries kept for paging; and the store's part."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_kit import ALL, NOW, archive, article, issue
from store_servers import Stores

from digests.issues_memory import MemoryIssueStore
from digests.ports import IssueSummary
from digests.search_grams import PAIRS, day_of, figure_key, figure_range, folded, grams, number_of, order_key, phrase
from digests.search_kept import MemoryKeptQueries, token_of
from digests.search_kept_redis import RedisKeptQueries
from digests.types import Article, DateEvidence, Fact, Issue
from subscriptions import AliasTable, Document, FigureIs, evaluate, parse_query, print_query

sys.path.append(str(Path(__file__).parents[1] / "subscriptions"))
from query_worlds import alias_tables, documents, stored_queries, unhurried

pytestmark = pytest.mark.slow

# ------------------------------------------------------------------------------------------ oracle
DAYS = st.sampled_from(["2025-12-31", "2026-01-01", "2026-01-02", None])


def stored(document: Document, number: int) -> Article:
    facts = tuple(
        Fact("甲", figure.metric, figure.value, figure.unit, figure.value, figure.unit, "", 0, 0, stage=figure.stage)
        for figure in document.figures
    )
    return Article(
        document.title, document.body, subtitle=document.subtitle, byline=document.byline, section=document.section,
        page=document.page, topics=tuple(sorted(document.topics)), facts=facts, fingerprint=f"{number}",
    )  # fmt: skip


@settings(unhurried, max_examples=15)
@given(
    st.lists(st.tuples(documents, DAYS), min_size=1, max_size=12),
    st.lists(stored_queries, min_size=1, max_size=12),
    alias_tables,
)
async def test_a_search_finds_what_the_evaluator_finds(
    world: list[tuple[Document, str | None]], queries: list[object], aliases: AliasTable
) -> None:
    store = MemoryIssueStore()
    for number, (document, day) in enumerate(world):
        dated = DateEvidence(day, day, printed=True) if day else None
        one = Issue(document.publication or None, "newspaper", (stored(document, number),), id=f"{number}", date=dated)
        await store.add_issue(replace(one, fingerprint=f"f{number}"), NOW)
    order = sorted(range(len(world)), key=lambda n: (world[n][1] or "2026-03-02", -n), reverse=True)
    with TemporaryDirectory() as folder:
        async with archive(store, Path(folder), aliases) as made:
            for query in queries:
                parsed = parse_query(print_query(query))  # type: ignore[arg-type]
                expected = [n for n in order if evaluate(parsed, world[n][0], aliases) is not None]
                found = await made.search(parsed, ALL, 0, 50)
                assert [int(item.issue_id) for item in found.items] == expected
                assert found.counted and found.total == len(expected)


@given(st.text("甲乙ab 　\n，", max_size=30), st.text("甲乙ab ，", min_size=2, max_size=6))
def test_a_phrase_of_bigrams_is_a_substring(text: str, part: str) -> None:
    text, part = folded(text), folded(part)
    if len(part) > 1:
        places = dict(enumerate(grams(text).split(" ")))
        hits = [start for start in places if all(places.get(start + at) == gram for at, gram in phrase(part))]
        assert bool(hits) == (part in text)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_keys_sort_as_values_to_nine_digits_do(one: float, other: float) -> None:
    keys = [figure_key("sales", value, "CNY") for value in (one, other)]
    values = [float(f"{value:.9g}") for value in (one, other)]
    assert keys[0] is not None and keys[1] is not None
    assert (keys[0] < keys[1], keys[0] == keys[1]) == (values[0] < values[1], values[0] == values[1])


def test_figures_nobody_can_ask_for() -> None:
    assert len(PAIRS) <= 256
    assert figure_key("unheard_of", 1.0, "CNY") is None and figure_key("sales", float("nan"), "CNY") is None
    assert figure_range(FigureIs("unheard_of", ">=", 1.0, "元")) is None


def test_the_day_of_an_issue() -> None:
    came = datetime(2026, 11, 20, 3, tzinfo=UTC)
    seen = IssueSummary("i", None, None, None, None, None, None, came, 1, True, "s", "k")
    month = replace(seen, date_from="2026-11-01", date_to="2026-11-30")
    assert day_of(seen) == day_of(month) == date(2026, 11, 20)
    assert day_of(replace(month, date_to="2026-10-31")) == date(2026, 10, 31)
    assert day_of(replace(month, day="2026-11-21")) == date(2026, 11, 21)


def test_order() -> None:
    days = [date(2026, 1, 1), date(2025, 12, 31)]
    keys = [order_key(day, number) for day in days for number in (1, 2**32 - 1)]
    assert keys == sorted(keys, reverse=True) and [number_of(key) for key in keys] == [1, 2**32 - 1] * 2


# ------------------------------------------------------------------------------------------ kept queries
@pytest.fixture(params=["memory", "redis", "cluster"])
def kept(request: pytest.FixtureRequest) -> Callable[[], MemoryKeptQueries | RedisKeptQueries]:
    if request.param == "memory":
        return MemoryKeptQueries
    client = request.getfixturevalue(f"{request.param}_client")
    return lambda: RedisKeptQueries(client)


async def test_searched_queries_are_kept(kept: Callable[[], MemoryKeptQueries | RedisKeptQueries]) -> None:
    queries = kept()
    assert await queries.find_kept(token_of("动力电池")) is None
    for _ in range(2):
        assert await queries.keep("动力电池") == token_of("动力电池")
    assert await queries.find_kept(token_of("动力电池")) == "动力电池"


# ------------------------------------------------------------------------------------------ the store's part
async def test_replicas_follow_the_store(stores: Stores) -> None:
    assert await stores.issues.articles_after(0, 10) == []
    for one in (issue("青石时报", "2026-03-01", article("一"), article("二")), issue("云溪日报", None, article("三"))):
        await stores.issues.add_issue(one, NOW)
    first = await stores.issues.articles_after(0, 2)
    assert [(a.id, a.title, i) for a, i in first] == [
        (1, "一", "青石时报:2026-03-01:一"),
        (2, "二", "青石时报:2026-03-01:一"),
    ]
    assert [a.title for a, _ in await stores.issues.articles_after(1, 9)] == ["二", "三"]
    assert await stores.issues.articles_after(3, 9) == [] and await stores.issues.articles_after(9, 9) == []
    ids = ["云溪日报:None:三", "none", "青石时报:2026-03-01:一"]
    found = await stores.issues.get_summaries(ids)
    recent = await stores.issues.recent_issues(9)
    assert found == {summary.id: summary for summary in recent} and await stores.issues.get_summaries([]) == {}
