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
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))
from loading_kit import fill, longest_pause
from matcher_world import make_world

from bot.connect_redis import connect
from bot.store_process import EmbeddedStore
from digests.pipeline import MatcherFeed
from subscriptions.subscribers_redis import RedisSubscriberStore


def fill_apart(address: str, queries: int) -> None:
    async def run() -> None:
        client = await connect(address)
        await fill(client, make_world(queries, 1, "uniform").queries)
        await client.aclose()

    asyncio.run(run())


async def measured(name: str, work: Awaitable[object]) -> None:
    clock, own, child = time.perf_counter(), time.process_time(), children()
    pause = await longest_pause(work)
    clock, own, child = time.perf_counter() - clock, time.process_time() - own, children() - child
    print(f"  {name:40}{clock:6.1f} s{own:6.1f} s own{child:6.1f} s child's{pause:6.0f} ms pause", flush=True)


def children() -> float:
    """Seconds of work of the processes that this one started and that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def load(address: str) -> int:
    """In a process that knows nothing yet. Answers how many queries are live."""
    client = await connect(address)
    store = RedisSubscriberStore(client)

    async def read() -> None:
        assert [page async for page in store.iter_queries()]

    await measured("reading all queries", read())
    feed = MatcherFeed(store)
    await measured("reading, packing and compiling (first follow)", feed.follow())
    await measured("following when nothing is new", feed.follow())
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"  {own:.0f} MiB at most in this process, {child:.0f} MiB in its child")
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
