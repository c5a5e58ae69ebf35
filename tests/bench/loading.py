"""All stored queries into a fresh process: read from an embedded store, packed, compiled in a process of their own.

    python tests/bench/loading.py [queries]

Every step by the clock and by this process's own work (other processes may be busy), the longest that the event loop
was kept from its other work meanwhile, and the memory of the process that will match.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from matcher_world import make_world

from bot.connect_redis import connect
from bot.store_process import EmbeddedStore
from digests.pipeline import MatcherFeed
from subscriptions import Matcher
from subscriptions.keys import SHARDS, query_shard, query_tag
from subscriptions.subscribers_redis import RedisSubscriberStore

TICK = 0.002


async def fill(address: str, queries: int) -> None:
    """As add_query leaves them, but for the logs, which keep the newest: here one each."""
    client = await connect(address)
    world = make_world(queries, 1, "uniform")
    pipe = client.pipeline(transaction=False)
    for number, (id, text) in enumerate(world.queries.items(), 1):
        pipe.hset(f"{query_tag(query_shard(id, SHARDS))}:queries", bytes.fromhex(id), text)
        if number % 10_000 == 0:
            await pipe.execute()
    newest = {query_shard(id, SHARDS): id for id in world.queries}
    for shard, id in newest.items():
        pipe.xadd(f"{query_tag(shard)}:log", {"q": bytes.fromhex(id)})
    await pipe.execute()
    await client.aclose()


def fill_apart(address: str, queries: int) -> None:
    asyncio.run(fill(address, queries))


async def longest_pause(work: Awaitable[object]) -> float:
    """Milliseconds that the loop was kept from a task that sleeps again and again."""
    task = asyncio.ensure_future(work)
    worst, last = 0.0, time.perf_counter()
    while not task.done():
        await asyncio.sleep(TICK)
        now = time.perf_counter()
        worst, last = max(worst, now - last - TICK), now
    await task
    return worst * 1e3


async def measured(name: str, work: Awaitable[object]) -> None:
    clock, own = time.perf_counter(), time.process_time()
    pause = await longest_pause(work)
    clock, own = time.perf_counter() - clock, time.process_time() - own
    print(f"  {name:44}{clock:8.1f} s{own:8.1f} s of its own{pause:10.0f} ms pause", flush=True)


async def load(address: str) -> int:
    """In a process that knows nothing yet. Answers how many queries are live."""
    client = await connect(address)
    store = RedisSubscriberStore(client)

    async def read() -> None:
        assert [item async for item in store.iter_queries()]

    await measured("reading all queries", read())
    feed = MatcherFeed(store, Matcher())
    await measured("reading, packing and compiling (first follow)", feed.follow())
    await measured("following when nothing is new", feed.follow())
    print(f"  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most in this process")
    await client.aclose()
    return len(feed.matcher)


def load_apart(address: str) -> int:
    return asyncio.run(load(address))


async def main() -> None:
    queries = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        address = await store.start()
        try:
            for work in (fill_apart, load_apart):
                arguments = (address, queries) if work is fill_apart else (address,)
                with ProcessPoolExecutor(1, get_context("spawn")) as pool:
                    done = await asyncio.wrap_future(pool.submit(work, *arguments))
            assert done == queries
        finally:
            await store.stop()


if __name__ == "__main__":
    asyncio.run(main())
