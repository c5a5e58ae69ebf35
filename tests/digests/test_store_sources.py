"""The contract of SourceStore, on memory, a server and a cluster."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digests.sources.calendar import Calendar, Closure, Record, Sighting
from digests.sources.politeness import Sightings
from digests.sources.registry import SourceSpec, SourceStore, Watched
from digests.sources.state import WatchState
from digests.sources_memory import MemorySourceStore
from digests.sources_redis import RedisSourceStore

NOW = datetime(2026, 5, 1, 8, 0, 0, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PAPER = SourceSpec(
    "云溪日报", "epaper", "http://paper.example/x", "A", calendar=Calendar((0, 4), 300, None, ("10-01",))
)
FEED = SourceSpec("feed", "feed", "https://paper.example/rss", paused=True, origin="7")
STATE = WatchState(
    seen=("a", "乙"), begun=True, checked_at=NOW, next_at=NOW + MINUTE, moved=Sightings("https://b.example/", 2)
)
RECORD = Record((Sighting(NOW, "2026-05-01", number=7, last=8),), (Closure("2026-05-01", "2026-05-03"),), NOW)


@pytest.fixture(params=["memory", "redis", "cluster"])
def store(request: pytest.FixtureRequest) -> SourceStore:
    if request.param == "memory":
        return MemorySourceStore()
    return RedisSourceStore(request.getfixturevalue(f"{request.param}_client"))


async def test_sources_are_kept_whole(store: SourceStore) -> None:
    assert await store.get_sources() == [] and await store.find_source("feed") is None
    added = await asyncio.gather(*(store.add_source(spec, NOW) for spec in (PAPER, FEED, PAPER)))
    assert sorted(added) == [False, True, True]
    assert await store.get_sources() == [Watched(FEED), Watched(PAPER, due=NOW)]
    await store.put_state(PAPER.name, STATE)
    await store.settle(PAPER.name, NOW + MINUTE, RECORD)
    whole = Watched(PAPER, STATE, RECORD, NOW + MINUTE)
    assert await store.find_source(PAPER.name) == whole and await store.find_state(PAPER.name) == STATE
    assert await store.get_sources() == [Watched(FEED), whole]


async def test_due_sources_are_claimed_once(store: SourceStore) -> None:
    for n in range(4):
        await store.add_source(replace(PAPER, name=f"p{n}"), NOW + n * MINUTE)
    await store.add_source(FEED, NOW)
    assert await store.claim_due(NOW - MINUTE, MINUTE, 9) == [] and await store.claim_due(NOW, MINUTE, 0) == []
    claims = await asyncio.gather(*(store.claim_due(NOW + 2 * MINUTE, 5 * MINUTE, 2) for _ in range(3)))
    assert sorted(name for claim in claims for name in claim) == ["p0", "p1", "p2"] and max(map(len, claims)) == 2
    await store.settle("p1", NOW + 30 * MINUTE, Record())
    await store.settle("p2", None, Record())
    assert await store.claim_due(NOW + 7 * MINUTE, MINUTE, 9) == ["p3", "p0"]
    assert await store.claim_due(NOW + 99 * MINUTE, MINUTE, 9) == ["p0", "p3", "p1"]


async def test_what_is_paused_or_removed_stays_so(store: SourceStore) -> None:
    await store.add_source(PAPER, NOW)
    assert await store.claim_due(NOW, MINUTE, 1) == [PAPER.name]
    paused = replace(PAPER, paused=True)
    assert await store.put_spec(paused, None)
    await store.settle(PAPER.name, NOW + MINUTE, RECORD)
    assert await store.find_source(PAPER.name) == Watched(paused, record=RECORD)
    assert await store.claim_due(NOW + 9 * MINUTE, MINUTE, 1) == []
    assert await store.put_spec(PAPER, NOW) and await store.claim_due(NOW, MINUTE, 1) == [PAPER.name]
    assert await store.remove_source(PAPER.name) and not await store.remove_source(PAPER.name)
    await store.put_state(PAPER.name, STATE)
    await store.settle(PAPER.name, NOW, RECORD)
    assert await store.get_sources() == [] and await store.find_state(PAPER.name) is None
    assert not await store.put_spec(PAPER, NOW)
    assert await store.add_source(PAPER, NOW) and await store.find_source(PAPER.name) == Watched(PAPER, due=NOW)
