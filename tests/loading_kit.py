"""A store with many queries, and how long the event loop was kept from its other work while they were read."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Mapping
from pathlib import Path

from redis.asyncio import Redis, RedisCluster

from subscriptions import QueryId
from subscriptions.keys import BUCKETS, SHARDS, query_shard, query_tag
from subscriptions.types import QUERY_ENCODING

TICK = 0.01


async def fill(client: Redis | RedisCluster, queries: Mapping[QueryId, str]) -> None:
    """As add_query leaves them, but for the logs, which keep the newest: here one each."""
    pipe = client.pipeline(transaction=False)
    for number, (id, text) in enumerate(queries.items(), 1):
        raw = bytes.fromhex(id)
        pipe.hset(f"{_tag(id)}:t:{int.from_bytes(raw[:2], 'big') % BUCKETS}", items=[raw, text.encode(QUERY_ENCODING)])
        if number % 10_000 == 0:
            await pipe.execute()
    for tag, size in Counter(map(_tag, queries)).items():
        pipe.set(f"{tag}:size", size)
    for tag, id in {_tag(id): id for id in queries}.items():
        pipe.xadd(f"{tag}:log", {"q": bytes.fromhex(id)})
    await pipe.execute()


def _tag(id: QueryId) -> str:
    return query_tag(query_shard(id, SHARDS))


async def longest_pause(work: Awaitable[object]) -> float:
    """Milliseconds that the loop was kept from a task that sleeps again and again, without what this process's threads
    meanwhile waited for a processor, which is the doing of others."""
    task = asyncio.ensure_future(work)
    worst, last, queued = 0.0, time.perf_counter(), _queued()
    while not task.done():
        await asyncio.sleep(TICK)
        now, waited = time.perf_counter(), _queued()
        worst = max(worst, now - last - TICK - max(0.0, waited - queued))
        last, queued = now, waited
    await task
    return worst * 1e3


def _queued() -> float:
    """Seconds that the threads of this process were ready and not running, where the system tells it (Linux)."""
    waited = 0
    for told in Path("/proc/self/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):  # a thread that has just ended
            waited += int(told.read_text().split()[1])
    return waited / 1e9
