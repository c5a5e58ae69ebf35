"""A process that starts takes in all stored queries while its event loop goes on with everything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from loading_kit import fill, longest_pause
from redis.asyncio import Redis

from digests.pipeline import MatcherFeed
from subscriptions import (
    AliasTable,
    Document,
    Matcher,
    MemorySubscriberStore,
    QueryPage,
    StoreError,
    query_id,
    subscribers_redis,
)
from subscriptions.lua import Call
from subscriptions.matcher_apart import build_apart
from subscriptions.matcher_index import Index
from subscriptions.subscribers_redis import PAGES_A_TRIP, RedisSubscriberStore

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MANY = 25_000
LONGEST = 50.0
"""Milliseconds; what lies in pages is no more for the loop however many there are."""
TRIES = 3
"""A machine that is busy with other things may keep the loop once; work that keeps it does so each time."""


@pytest.mark.slow
async def test_loading_many_queries_does_not_keep_the_loop(redis_client: Redis) -> None:
    texts = [f"词{number % 977} 语{number}" for number in range(MANY)]
    await fill(redis_client, {query_id(text): text for text in texts})
    for _ in range(TRIES):
        feed = MatcherFeed(RedisSubscriberStore(redis_client))
        if (pause := await longest_pause(feed.follow())) < LONGEST:
            break
    assert pause < LONGEST
    assert feed.matcher.tiers == (MANY,)
    assert feed.matcher.match_ids(Document("词3 语3", "")) == [query_id(texts[3])]


async def test_pages_come_a_few_at_a_time(redis_client: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    store = RedisSubscriberStore(redis_client)
    for number in range(30):
        await store.add_query(query_id(f"词{number}"), f"词{number}")
    trips: list[int] = []
    run_all = store._runner.run_all

    async def counted(calls: Sequence[Call]) -> list[Any]:
        trips.append(len(calls))
        return await run_all(calls)

    monkeypatch.setattr(store._runner, "run_all", counted)
    assert sum([len(page) async for page in store.iter_queries()]) == 30
    assert max(trips) == PAGES_A_TRIP


async def test_a_store_that_fails_while_loading_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemorySubscriberStore()
    await store.add_query(query_id("甲"), "甲")
    feed = MatcherFeed(store)

    iter_queries = store.iter_queries

    async def broken() -> AsyncIterator[QueryPage]:
        async for page in iter_queries():
            yield page
        raise StoreError("gone")

    with monkeypatch.context() as away:
        away.setattr(store, "iter_queries", broken)
        with pytest.raises(StoreError):
            await feed.follow()
    await feed.follow()
    assert len(feed.matcher) == 1


async def test_whoever_is_behind_reads_all_anew_and_misses_nothing(
    redis_client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribers_redis, "LOG_KEPT", 1)
    store = RedisSubscriberStore(redis_client, shards=1)
    for text in ("甲", "乙"):
        await store.add_query(query_id(text), text)
    feed = MatcherFeed(store)
    await feed.follow()
    await store.idle_queries(NOW, timedelta(0))
    assert await store.remove_queries([query_id("乙")]) == 1
    for number in range(300):
        await store.add_query(query_id(f"词{number}"), f"词{number}")
    read: list[int] = []
    iter_queries = store.iter_queries

    async def counted() -> AsyncIterator[QueryPage]:
        read.append(len(read))
        async for page in iter_queries():
            yield page
        await store.add_query(query_id("丙"), "丙")  # while they were read

    monkeypatch.setattr(store, "iter_queries", counted)
    await feed.follow()
    found = {match.query_id for match in feed.match(Document("甲 乙 丙 词7", ""))}
    assert found == {query_id(text) for text in ("甲", "丙", "词7")}, "what was removed is not known any more"
    await feed.follow()
    assert read == [0], "once"


async def test_queries_are_compiled_beside_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small: the thread that compiles is not the loop's."""
    store = MemorySubscriberStore()
    await store.add_query(query_id("甲"), "甲")
    beside: list[bool] = []

    def build(pages: Sequence[QueryPage], aliases: AliasTable) -> Index:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            beside.append(True)
        return build_apart(pages, aliases)

    feed = MatcherFeed(store)
    monkeypatch.setattr(Matcher.merge, "__defaults__", (build,))
    await feed.follow()
    assert beside == [True] and len(feed.matcher) == 1
