"""Alarms: what is wrong, told once an hour in each admin's language; and a real store's vitals."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis, RedisCluster
from store_servers import Stores

from bot.alarms import Alarms, Vitals, alarms
from bot.connect_redis import StoreVitals, read_vitals
from bot.notices import Notices
from bot.texts import Texts
from digests.types import Delivery

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
WELL = Vitals(timedelta(minutes=29), StoreVitals(0.89, True, NOW.timestamp()), timedelta(seconds=-29))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"waits": timedelta(minutes=31, seconds=5)}, {"alarm-backlog": {"minutes": "31"}}),
        ({"store": StoreVitals(0.912, True, 0)}, {"alarm-memory": {"percent": "91%"}}),
        ({"store": StoreVitals(0, False, 0)}, {"alarm-persistence": {}}),
        ({"skew": timedelta(seconds=-31)}, {"alarm-skew": {"seconds": "31"}}),
    ],
)
def test_what_is_wrong(changes: dict[str, object], expected: dict[str, dict[str, str]]) -> None:
    assert alarms(replace(WELL, **changes)) == expected  # type: ignore[arg-type]


async def test_each_kind_is_told_once_an_hour(memory_stores: Stores) -> None:
    stores, now, nudged = memory_stores, NOW, []

    async def vitals() -> StoreVitals:
        return StoreVitals(0.95, False, now.timestamp() - 60)

    notices = Notices(stores, stores.admin, Texts.load(), frozenset({7}))  # type: ignore[arg-type]
    watch = Alarms(stores.outbox, vitals, notices, lambda: now, lambda: nudged.append(1))
    assert not await watch.step()
    await watch.step()
    assert nudged

    async def told() -> list[str]:
        found: list[Delivery] = []
        while new := await stores.outbox.claim(now, 9, timedelta(minutes=1)):
            for one in new:
                await stores.outbox.settle(replace(one, state="sent"), now, next_at=None, chat_at=now)
            found += new
        return [one.html for one in found]

    first = await told()
    assert len(first) == 3 and "95%" in first[0] and "60 秒" in first[2]
    await watch.step()
    assert await told() == []
    now += timedelta(hours=1)
    await watch.step()
    assert len(await told()) == 3


async def test_a_real_store_tells_how_it_is(redis_client: Redis, cluster_client: RedisCluster) -> None:
    for client in (redis_client, cluster_client):
        vitals = await read_vitals(client)
        assert vitals.full < 0.9 and abs(vitals.clock - time.time()) < 5
    await redis_client.config_set("maxmemory", "1gb")
    assert 0 < (await read_vitals(redis_client)).full < 0.5
    await redis_client.config_set("maxmemory", "0")
