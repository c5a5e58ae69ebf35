"""One shard's buckets as full as they would be with ten million readers: memory, and what an issue and a slot cost the store there.

    python tests/bench/density.py [readers of all shards]

Fills 64 of the 32,768 buckets, from which the whole is computed: a bucket's readers are found by looking through it, so its cost
follows from how full it is. Three subscriptions each, half of them to 1,000 popular queries; a third of the readers instant.
Times are the server's CPU time.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from datetime import timedelta
from itertools import count, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from redis.asyncio import Redis
from stores import NOW, POPULAR

from bot.connect_redis import connect
from bot.store_process import EmbeddedStore
from subscriptions import SHARDS, Cadence, Settings, Subscriber, Subscription, chat_tag, query_id
from subscriptions.keys import BUCKETS, bucket_of
from subscriptions.subscribers_redis import RedisSubscriberStore

FILLED, TIMES = 64, 5
POPULAR_IDS = [query_id(f"p{n}") for n in range(POPULAR)]
MANY = 100_000


def readers(number: int) -> list[Subscriber]:
    """Of the first shard, in its first buckets."""
    draw, chats = random.Random(7), (str(SHARDS * n) for n in count(10_000_000))
    found = []
    for n, chat in enumerate(islice((chat for chat in chats if bucket_of(chat) < FILLED), number)):
        wanted = {draw.choice(POPULAR_IDS) if draw.random() < 0.5 else query_id(f"{draw.random()}") for _ in range(3)}
        held = tuple(Subscription(query, "", 0, NOW) for query in wanted)
        found.append(Subscriber(chat, Settings(cadence=Cadence("daily" if n % 3 else "instant")), NOW, held))
    return found


async def cpu(client: Redis) -> float:
    told = await client.info("cpu")
    return float(told["used_cpu_user"] + told["used_cpu_sys"])


async def longest(client: Redis) -> float:
    """Milliseconds of the longest command since the log was emptied."""
    return float(max(one["duration"] for one in await client.slowlog_get(MANY)) / 1000)


async def used(client: Redis, kind: str) -> int:
    keys = [f"{chat_tag(0)}:{kind}:{bucket}" for bucket in range(FILLED)]
    return sum([await client.memory_usage(key, samples=0) or 0 for key in keys])


async def filled(whole: int) -> tuple[float, float]:
    """Seconds of CPU, and the longest script in milliseconds, for an issue that wakes readers."""
    number = whole * FILLED // (BUCKETS * SHARDS)
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedStore(Path(folder))
        client = await connect(await server.start())
        assert isinstance(client, Redis)
        store, all = RedisSubscriberStore(client), readers(number)
        for first in range(0, number, 50):
            some = [store.put_subscriber(one, due=NOW + timedelta(days=1)) for one in all[first : first + 50]]
            await asyncio.gather(*some)
        values, due = await used(client, "v") / number, await used(client, "d") / number
        for _ in range(2):  # the first time the scripts are told
            await client.config_set("slowlog-log-slower-than", 0)
            await client.config_set("slowlog-max-len", 100_000)
            await client.slowlog_reset()
            begun = await cpu(client)
            for _ in range(TIMES):
                woken = await store.make_due(POPULAR_IDS, NOW)
            spent, most = (await cpu(client) - begun) / TIMES, await longest(client)
        await client.aclose()
        await server.stop()
    print(
        f"{whole} readers, {number / FILLED:.0f} in a bucket: value {values:.0f} and due time {due:.0f} bytes a reader; an issue that "
        f"hits {POPULAR} queries wakes {woken} of these {number}: {1000 * spent:.0f} ms of CPU, longest script {most:.0f} ms"
    )
    return spent, most


async def main() -> None:
    whole = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    (few, _), (many, most) = await filled(whole // 10), await filled(whole)
    each = (many - few) / (0.9 * whole * FILLED / (BUCKETS * SHARDS))
    print(f"{1e6 * each:.1f} µs a reader: {each * whole:.0f} s for all {whole}, in scripts of at most {most:.0f} ms")


if __name__ == "__main__":
    asyncio.run(main())
