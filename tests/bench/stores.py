"""Memory per subscriber and speed of the steps that composing and sending repeat, on an embedded store.

    python tests/bench/stores.py [subscribers]

Prints what the server tells of its memory (three subscriptions each, every index and due time included; half of the
subscriptions are to 1,000 popular queries, half to one each of as many queries as there are readers), and operations a second
of one process. The queries are those of the matcher's bench: one to five words of two to eight characters.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from matcher_world import make_world
from redis.asyncio import Redis, RedisCluster

from bot.connect_redis import connect
from bot.store_process import EmbeddedStore
from digests.hits_redis import RedisHitStore
from digests.outbox_redis import RedisOutbox
from digests.types import Delivery, Digest, DigestGroup, DigestItem
from subscriptions import Match, Settings, Span, Subscriber, Subscription, query_id
from subscriptions.subscribers_redis import RedisSubscriberStore
from subscriptions.types import QUERY_ENCODING

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
POPULAR, IN_FLIGHT = 1000, 50


def some_reader(draw: random.Random, chat: int, queries: list[str]) -> Subscriber:
    """The first queries are the popular ones."""
    texts: set[str] = set()
    while len(texts) < 3:
        texts.add(queries[draw.randrange(POPULAR if draw.random() < 0.5 else len(queries))])
    created = NOW - timedelta(microseconds=draw.randrange(2 * 365 * 86400 * 10**6))
    days = [created + timedelta(microseconds=draw.randrange(60 * 86400 * 10**6)) for _ in texts]
    held = tuple(Subscription(query_id(t), t, draw.randrange(1 << 40), at) for t, at in zip(texts, days, strict=True))
    return Subscriber(str(chat), Settings(), created, held)


async def in_flight(name: str, calls: list[Callable[[], Awaitable[object]]]) -> None:
    waiting = iter(calls)

    async def worker() -> None:
        for call in waiting:
            await call()

    with timed(name, len(calls)):
        await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))


@contextmanager
def timed(name: str, count: int) -> Iterator[None]:
    """Prints operations per second of the clock, and per second of this process's own work (other processes may be busy)."""
    clock, work = time.perf_counter(), time.process_time()
    yield
    clock, work = time.perf_counter() - clock, time.process_time() - work
    print(f"{name:34} {count / clock:10,.0f}/s {count / work:10,.0f} per CPU second")


async def used(client: Redis | RedisCluster) -> int:
    told = await client.execute_command("INFO", "memory")
    return int(told["used_memory_dataset"]) + int(told["used_memory_overhead"]) - int(told["used_memory_startup"])


async def measure(client: Redis | RedisCluster, count: int) -> None:
    draw = random.Random(1)
    subscribers, outbox, hits = RedisSubscriberStore(client), RedisOutbox(client), RedisHitStore(client)
    queries = list(make_world(count, 0, "uniform").queries.values())
    readers = [some_reader(draw, chat, queries) for chat in draw.sample(range(10**8, 8 * 10**9), count)]
    texts = {s.query_id: s.query for reader in readers for s in reader.subscriptions}
    long = sum(len(text.encode(QUERY_ENCODING)) for text in texts.values()) / len(texts)
    empty = await used(client)
    await in_flight("add_query", [partial(subscribers.add_query, id, text) for id, text in texts.items()])
    with_queries = await used(client)
    await in_flight("put_subscriber", [partial(subscribers.put_subscriber, r, due=NOW) for r in readers])
    with_readers = await used(client)
    a_query = (with_queries - empty) / len(texts)
    print(
        f"queries: {len(texts):,} of {long:.0f} bytes, {a_query:.0f} bytes each, {(with_queries - empty) / count:.0f} a subscriber"
    )
    print(f"subscribers: {(with_readers - with_queries) / count:.0f} bytes each, indexes and due times included")
    with timed("subscriptions, a new process", sum(len(reader.subscriptions) for reader in readers)):
        loaded = [s async for s in RedisSubscriberStore(client).iter_subscribers()]
    some = loaded[: min(20_000, count)]
    await in_flight("find_subscriber", [partial(subscribers.find_subscriber, r.id) for r in some])
    with timed("claim_due, 500 at a time", 10_000):
        for _ in range(20):
            await subscribers.claim_due(NOW, 500, timedelta(minutes=1))
    matches = [Match(id, {"动力电池": (Span("title", 0, 4),)}) for id in list(texts)[:20_000]]
    with timed("add_hits, one article", len(matches)):
        await hits.add_hits(1, matches)
    await compose_and_send(outbox, some)


async def compose_and_send(outbox: RedisOutbox, readers: list[Subscriber]) -> None:
    items = tuple(DigestItem(n, (query_id("热 1"),)) for n in range(1, 6))
    digest = Digest((DigestGroup("动力电池", items),), ("issue",), 40, NOW)

    async def compose(reader: Subscriber) -> None:
        delivery = Delivery(f"{reader.id}:1", reader.id, "digest", NOW, digest)
        after = replace(reader, subscriptions=tuple(replace(s, cursor=s.cursor + 1) for s in reader.subscriptions))
        assert await outbox.compose(reader, after, due=NOW, had=range(1, 6), delivery=delivery)

    async def send(_: int) -> None:
        claimed = await outbox.claim(NOW, 100, timedelta(minutes=1))
        settled = [replace(delivery, state="sent") for delivery in claimed]
        await asyncio.gather(*(outbox.settle(d, NOW, next_at=None, chat_at=NOW) for d in settled))

    await in_flight("compose", [partial(compose, r) for r in readers])
    with timed("claim 100, settle in flight", 2000):
        await asyncio.gather(*(send(n) for n in range(20)))


async def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        client = await connect(await store.start())
        try:
            await measure(client, count)
        finally:
            await client.aclose()
            await store.stop()


if __name__ == "__main__":
    asyncio.run(main())
