"""Subscribers, queries and due times in Redis, one server or a cluster. Keys: keys.py; scripts: subscriber_scripts_redis.py.

Each method is one script, hence one atomic step in one hash slot; a method over many shards is one step per shard. Queries
are content-addressed and never change, so their texts are remembered in the process.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from subscriptions.codec import packed_queries, put_words, to_microseconds, unpack_subscriber
from subscriptions.errors import ConflictError, StoreError
from subscriptions.keys import (
    BUCKETS,
    SHARDS,
    bucket_of,
    chat_shard,
    chat_tag,
    query_shard,
    query_tag,
)
from subscriptions.lua import Reply, Runner, Script, wall
from subscriptions.moving import moved
from subscriptions.subscriber_scripts_redis import (
    ADD_QUERY,
    CHANGES,
    CLAIM,
    COUNT,
    DELETE,
    DUE,
    GET,
    IDLE,
    LOOK,
    NAMES,
    NEWEST,
    PUT,
    QUERY,
    READERS,
    REMOVE,
    SCAN,
    SHORT,
    TEXTS,
    WAKE,
    WAKEFUL,
)
from subscriptions.types import QUERY_ENCODING, QueryId, QueryPage, Subscriber, SubscriberId

TEXTS_KEPT = 200_000
"""Canonical queries remembered per process: some 30 MB."""

LOG_KEPT = 10_000
"""Newest queries of a shard that a matcher may be behind without reading all again."""

SCANNED, LOOKED_INTO = 64, 512
"""Buckets that one script reads: all of everything in them, and, at most, those that an index names."""
LOOKED_AT = 4000
"""Readers that one script looks at, and no bucket more: some milliseconds of the server, however full buckets are."""
WANTED, ASKED = 4000, 250
"""Queries that one script looks for, and those whose buckets one script tells."""

PAGES_A_TRIP = 4
"""Pages of queries that one round trip brings: of a million queries 8,000, some ten milliseconds of the process."""

NOTED = Script("return redis.call('ZRANGE', KEYS[1] .. ':idle', 0, -1)")
HELD = Script("""
for _, query in ipairs(ARGV) do redis.call('ZREM', KEYS[1] .. ':idle', query) end
return 1
""")


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisSubscriberStore:
    """Implements SubscriberStore. `client`: answers not decoded. `shards` must be the same for ever."""

    def __init__(self, client: Redis | RedisCluster, shards: int = SHARDS) -> None:
        self._runner = Runner(client, NoScriptError)
        self._shards = shards
        self._texts: dict[QueryId, str] = {}

    async def find_subscriber(self, id: SubscriberId, *, texts: bool | str = True) -> Subscriber | None:
        found = await self.get_subscribers([id], texts=texts)
        return found[0] if found else None

    async def get_subscribers(self, ids: Sequence[SubscriberId], *, texts: bool | str = True) -> list[Subscriber]:
        per_shard: defaultdict[int, list[SubscriberId]] = defaultdict(list)
        for id in dict.fromkeys(ids):
            per_shard[chat_shard(id, self._shards)].append(id)
        calls = [
            GET(chat_tag(shard), *(word for id in held for word in (bucket_of(id), id)))
            for shard, held in per_shard.items()
        ]
        short = (
            [SHORT(query_tag(n), bytes.fromhex(texts)) for n in range(self._shards)] if isinstance(texts, str) else []
        )
        replies = await self._runner.run_all([*calls, *short])
        packed = {id: data for held, reply in zip(per_shard.values(), replies[: len(calls)], strict=True)
                  for id, data in zip(held, reply, strict=True) if data}  # fmt: skip
        found = [(id, packed[id]) for id in ids if id in packed]
        if texts is True:
            return await self._unpack(found)
        told = [part for reply in replies[len(calls) :] for part in reply]
        self._remember({told[at].hex(): told[at + 1].decode(QUERY_ENCODING) for at in range(0, len(told), 2)})
        return [unpack_subscriber(id, data, self._known(packed_queries(data))) for id, data in found]

    async def put_subscriber(self, subscriber: Subscriber, *, due: datetime | None) -> Subscriber:
        await self._add_unknown(subscriber)
        if not await self._put(subscriber, subscriber.rev, None if due is None else to_microseconds(due)):
            raise ConflictError(subscriber.id)
        return replace(subscriber, rev=subscriber.rev + 1)

    async def delete_subscriber(self, id: SubscriberId) -> bool:
        return bool(await self._runner.run(DELETE(self._tag(id), bucket_of(id), id, "")))

    async def move_subscriber(self, old: SubscriberId, new: SubscriberId) -> Subscriber | None:
        while old != new:
            leaving, there = await self._look(old), await self._look(new)
            if leaving is None:
                return None
            dues = [look[1] for look in (leaving, there) if look and look[1] is not None]
            result = moved(leaving[0], new, there[0] if there else None)
            if not await self._put(result, result.rev, min(dues, default=None)):
                continue
            rev = leaving[0].rev.to_bytes(4, "big")
            if await self._runner.run(DELETE(self._tag(old), bucket_of(old), old, rev)):
                return replace(result, rev=result.rev + 1)
        return None

    async def iter_subscribers(self) -> AsyncIterator[Subscriber]:
        """One shard after the other, as many as it has at a time: some six megabytes of a million."""
        for shard in range(self._shards):
            calls = [SCAN(chat_tag(shard), ":v:", *span) for span in _spans(SCANNED)]
            for reply in await self._runner.run_all(calls):
                pairs = [(reply[at].decode(), reply[at + 1]) for at in range(0, len(reply), 2)]
                for subscriber in await self._unpack(pairs):
                    yield subscriber

    async def count_subscribers(self) -> int:
        counts = await self._runner.run_all([COUNT(chat_tag(shard), BUCKETS) for shard in range(self._shards)])
        return sum(counts)

    async def add_query(self, id: QueryId, canonical: str) -> int:
        call = ADD_QUERY(self._query_tag(id), bytes.fromhex(id), canonical.encode(QUERY_ENCODING), LOG_KEPT)
        seq: int = await self._runner.run(call)
        self._remember({id: canonical})
        return seq

    async def get_queries(self, ids: Sequence[QueryId]) -> dict[QueryId, str]:
        missing = [id for id in dict.fromkeys(ids) if id not in self._texts]
        found = {id: self._texts[id] for id in ids if id in self._texts}
        return found | await self._read_texts(missing)

    async def find_query(self, id: QueryId) -> tuple[str, int] | None:
        text, newest = await self._runner.run(QUERY(self._query_tag(id), bytes.fromhex(id)))
        return None if text is None else (text.decode(QUERY_ENCODING), newest)

    async def iter_queries(self) -> AsyncIterator[QueryPage]:
        """Few scripts a round trip: between two trips whoever shares the event loop has a turn."""
        for shard in range(self._shards):
            calls = [SCAN(query_tag(shard), ":t:", *span) for span in _spans(SCANNED)]
            for at in range(0, len(calls), PAGES_A_TRIP):
                for reply in await self._runner.run_all(calls[at : at + PAGES_A_TRIP]):
                    yield QueryPage(b"".join(reply[::2]), b"".join([text + b"\n" for text in reply[1::2]]))

    async def query_place(self) -> str:
        """One stream id per shard."""
        places = await self._runner.run_all([NEWEST(query_tag(shard)) for shard in range(self._shards)])
        return b",".join(places).decode()

    async def query_changes(self, after: str) -> tuple[list[tuple[QueryId, str]], str] | None:
        """None to whoever is behind what a log keeps, or ahead of it because a server lost its last second."""
        tags = [query_tag(shard) for shard in range(self._shards)]
        calls = [CHANGES(tag, place) for tag, place in zip(tags, after.split(","), strict=True)]
        replies = await self._runner.run_all(calls)
        if None in replies:
            return None
        added, removed = ([raw.hex() for reply in replies for raw in reply[kind]] for kind in (1, 2))
        for id in removed:
            self._texts.pop(id, None)
        texts = await self.get_queries(added)
        return [(id, texts.get(id, "")) for id in (*added, *removed)], b",".join(reply[0] for reply in replies).decode()

    async def idle_queries(self, now: datetime, since: timedelta) -> dict[QueryId, int]:
        """An index of a shard of subscribers names queries in the bucket that their texts lie in: bucket by bucket, what no shard
        names is held by nobody. What was noted and is held loses its note: it may have been seen between its adding and its
        first reader's being stored."""
        at, before = to_microseconds(now), to_microseconds(now - since)
        shards = range(self._shards)
        noted = [set(found) for found in await self._runner.run_all([NOTED(query_tag(shard)) for shard in shards])]
        idle: dict[QueryId, int] = {}
        for span in _spans(SCANNED):
            named = [NAMES(chat_tag(shard), ":r:", *span) for shard in shards]
            replies = await self._runner.run_all([*named, *(NAMES(query_tag(shard), ":t:", *span) for shard in shards)])
            held = [set[bytes]().union(*bucket) for bucket in zip(*replies[: len(named)], strict=True)]
            stored = replies[len(named) :]
            unheld = [_unheld(buckets, held) for buckets in stored]
            again = [noted[shard].intersection(chain(*stored[shard])).difference(unheld[shard]) for shard in shards]
            await self._runner.run_all([HELD(query_tag(shard), *again[shard]) for shard in shards if again[shard]])
            calls = [IDLE(query_tag(shard), at, before, *unheld[shard]) for shard in shards if unheld[shard]]
            for newest, found in await self._runner.run_all(calls):
                idle |= {query.hex(): newest for query in found}
        return idle

    async def remove_queries(self, ids: Sequence[QueryId]) -> int:
        per_shard: defaultdict[int, list[bytes]] = defaultdict(list)
        for id in ids:
            self._texts.pop(id, None)
            per_shard[query_shard(id, self._shards)].append(bytes.fromhex(id))
        calls = [REMOVE(query_tag(shard), LOG_KEPT, *some) for shard, some in per_shard.items()]
        return sum(await self._runner.run_all(calls))

    async def iter_readers(self, query: QueryId) -> AsyncIterator[SubscriberId]:
        for shard in range(self._shards):
            bucket = 0
            while bucket < BUCKETS:
                bucket, found = await self._runner.run(
                    READERS(chat_tag(shard), bytes.fromhex(query), bucket, LOOKED_AT)
                )
                for id in found:
                    yield id.decode()

    async def make_due(self, queries: Iterable[QueryId], now: datetime) -> int:
        raw = [bytes.fromhex(query) for query in dict.fromkeys(queries)]
        parts = [raw[at : at + WANTED] for at in range(0, len(raw), WANTED)]
        return sum([await self._wake(chat_tag(shard), part, now) for part in parts for shard in range(self._shards)])

    async def _wake(self, tag: str, wanted: list[bytes], now: datetime) -> int:
        """In one shard, in trips so short that others get in between however many readers there are: first the buckets that an
        index names, then what lies in them."""
        named, count = set[int](), 0
        for at in range(0, len(wanted), ASKED):
            named.update(await self._runner.run(WAKEFUL(tag, *wanted[at : at + ASKED])))
        buckets = sorted(named)
        while buckets:
            some = buckets[:LOOKED_INTO]
            call = WAKE(tag, to_microseconds(now), LOOKED_AT, len(some), *some, *wanted)
            woken, done = await self._runner.run(call)
            buckets, count = buckets[done:], count + woken
        return count

    async def claim_due(self, now: datetime, limit: int, lease: timedelta) -> list[SubscriberId]:
        """The longest overdue of all shards: first look, then claim from those shards that have them."""
        if limit <= 0:
            return []
        at, until = to_microseconds(now), to_microseconds(now + lease)
        looks = await self._runner.run_all([DUE(chat_tag(shard), at, limit) for shard in range(self._shards)])
        first = sorted((*item, shard) for shard, look in enumerate(looks) for item in _overdue(look))[:limit]
        shares = [sum(shard == item[3] for item in first) for shard in range(self._shards)]
        calls = [CLAIM(chat_tag(shard), at, share, until) for shard, share in enumerate(shares) if share]
        claimed = await self._runner.run_all(calls) if calls else []
        return [id.decode() for _, _, id in sorted(item for reply in claimed for item in _overdue(reply))]

    async def _unpack(self, packed: Sequence[tuple[SubscriberId, bytes]]) -> list[Subscriber]:
        texts = await self.get_queries([query for _, data in packed for query in packed_queries(data)])
        try:
            return [unpack_subscriber(id, data, texts) for id, data in packed]
        except KeyError as error:
            raise StoreError(f"a subscriber holds query {error}, which the store does not have") from error

    async def _look(self, id: SubscriberId) -> tuple[Subscriber, int | None] | None:
        data, due = await self._runner.run(LOOK(self._tag(id), bucket_of(id), id))
        return ((await self._unpack([(id, data)]))[0], None if due is None else int(float(due))) if data else None

    async def _put(self, subscriber: Subscriber, rev: int, due: int | None) -> bool:
        return bool(await self._runner.run(PUT(self._tag(subscriber.id), *put_words(subscriber, rev, due))))

    async def _add_unknown(self, subscriber: Subscriber) -> None:
        """A value without its queries' texts could not be read again: whatever the caller forgot is added first. A query that has no
        text here was read without it, and is there."""
        held = {s.query_id: s.query for s in subscriber.subscriptions if s.query}
        known = await self.get_queries(list(held))
        for id in held.keys() - known.keys():
            await self.add_query(id, held[id])

    async def _read_texts(self, ids: Sequence[QueryId]) -> dict[QueryId, str]:
        per_shard: defaultdict[int, list[QueryId]] = defaultdict(list)
        for id in ids:
            per_shard[query_shard(id, self._shards)].append(id)
        parts = [(shard, held[at : at + 1000]) for shard, held in per_shard.items() for at in range(0, len(held), 1000)]
        calls = [TEXTS(query_tag(shard), *map(bytes.fromhex, part)) for shard, part in parts]
        replies: list[Reply] = await self._runner.run_all(calls) if calls else []
        found = {id: text.decode(QUERY_ENCODING) for (_, part), reply in zip(parts, replies, strict=True)
                 for id, text in zip(part, reply, strict=True) if text is not None}  # fmt: skip
        self._remember(found)
        return found

    def _known(self, ids: Sequence[QueryId]) -> dict[QueryId, str]:
        return {id: self._texts.get(id, "") for id in ids}

    def _remember(self, texts: dict[QueryId, str]) -> None:
        if len(self._texts) > TEXTS_KEPT:
            self._texts.clear()
        self._texts |= texts

    def _tag(self, id: SubscriberId) -> str:
        return chat_tag(chat_shard(id, self._shards))

    def _query_tag(self, id: QueryId) -> str:
        return query_tag(query_shard(id, self._shards))


def _overdue(reply: Sequence[Sequence[bytes]]) -> list[tuple[float, bytes, bytes]]:
    return [(float(due), bucket, id) for due, bucket, id in reply]


def _unheld(buckets: Sequence[Sequence[bytes]], held: Sequence[set[bytes]]) -> list[bytes]:
    """Of the queries in some buckets those that no index names there (as `place` in keys.py does)."""
    pairs = zip(buckets, held, strict=True)
    return [query for queries, names in pairs for query in queries if query[:1] + query[2:8] not in names]


def _spans(width: int) -> Iterator[tuple[int, int]]:
    """All buckets, some at a time: the first and the last."""
    return ((first, min(first + width, BUCKETS) - 1) for first in range(0, BUCKETS, width))
