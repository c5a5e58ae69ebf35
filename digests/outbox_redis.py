"""The outbox in Redis: what each chat is still to get, when, and what became of it. Keys and scripts: outbox_scripts_redis.py.

A chat is the unit of sending: its forum topics share one box, because Telegram's limits are the chat's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from digests.codec import LEDGER, pack_delivery, pack_numbers, unpack_delivery, unpack_numbers
from digests.errors import StoreError
from digests.outbox_scripts_redis import (
    AHEAD,
    ALL,
    CLAIM,
    COMPOSE,
    DROP,
    DUE,
    DUMP,
    FAILED,
    FIND,
    HAND_BACK,
    IMPORT,
    PROGRESS,
    PUT,
    REMOVE,
    RETRY,
    SENT,
    SETTLE,
    SHARED,
)
from digests.ports import Begun
from digests.settle import newest
from digests.types import ArticleId, Delivery
from subscriptions import (
    SHARDS,
    Runner,
    Script,
    Subscriber,
    SubscriberId,
    Word,
    chat_of,
    chat_shard,
    chat_tag,
    put_words,
    to_microseconds,
    wall,
)

BEGIN = Script(
    SHARED,
    """
local sub, id, attempts = unpack(ARGV)
local d = find(sub, id)
if not d or d.state ~= 'queued' or d.attempts ~= tonumber(attempts) then return 2 end
return redis.call('SADD', tag .. ':begun', sub .. '\\n' .. id)
""",
)
GIVE_BACK = Script("""
local tag, sub, articles, gone = KEYS[1], unpack(ARGV)
local had, back, kept = redis.call('GET', tag .. ':had:' .. sub) or '', {}, {}
for n = 1, #articles, 4 do
  back[string.sub(articles, n, n + 3)] = true
  redis.call('SADD', tag .. ':owed:' .. sub, string.sub(articles, n, n + 3))
end
for n = 1, #gone, 4 do back[string.sub(gone, n, n + 3)] = true end
for n = 1, #had, 4 do
  local article = string.sub(had, n, n + 3)
  if not back[article] then kept[#kept + 1] = article end
end
if #kept > 0 then
  redis.call('SET', tag .. ':had:' .. sub, table.concat(kept))
else
  redis.call('DEL', tag .. ':had:' .. sub)
end
return 1
""")
OWED = Script("""
local owed, had = redis.call('SMEMBERS', KEYS[1] .. ':owed:' .. ARGV[1]), {}
if #owed == 0 then return '' end
local given = redis.call('GET', KEYS[1] .. ':had:' .. ARGV[1]) or ''
for n = 1, #given, 4 do had[string.sub(given, n, n + 3)] = true end
for n = #owed, 1, -1 do
  if had[owed[n]] then table.remove(owed, n) end
end
return table.concat(owed)
""")
HAD = Script("return redis.call('GET', KEYS[1] .. ':had:' .. ARGV[1])")
DISMISS = Script(SHARED, "return exhume(ARGV[1], ARGV[2])")
BACKLOG = Script("""
local key = KEYS[1] .. ':outbox'
local plain = redis.call('ZRANGEBYSCORE', key, 0, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
return {redis.call('ZCARD', key), redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2] or '0', plain or '0'}
""")
REPORT = Script("return redis.call('HGETALL', KEYS[1] .. ':b:' .. ARGV[1])")
BEGUN: tuple[Begun, ...] = ("unknown", "begun", "lost")
ENDS_APART = 0.01
"""Seconds. At 1000 messages a second ten of them are settled in one trip, where each alone would take three times the work."""


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisOutbox:
    """Implements Outbox. `client`: answers not decoded. `shards` as in RedisSubscriberStore. `ledger`: how long it is kept."""

    def __init__(self, client: Redis | RedisCluster, shards: int = SHARDS, ledger: timedelta = LEDGER) -> None:
        self._runner, self._ends = Runner(client, NoScriptError), Runner(client, NoScriptError, pause=ENDS_APART)
        self._shards, self._kept = shards, int(ledger.total_seconds())

    async def compose(
        self,
        before: Subscriber,
        after: Subscriber,
        *,
        due: datetime | None,
        had: Iterable[ArticleId],
        stood_for: Iterable[ArticleId] = (),
        delivery: Delivery | None,
        first: bool = False,
    ) -> bool:
        words = put_words(after, before.rev, None if due is None else to_microseconds(due))
        queued: tuple[Word, ...] = ("", "", "", "")
        if delivery is not None:
            queued = (delivery.id, pack_delivery(delivery), to_microseconds(delivery.created), str(int(first)))
        given = (pack_numbers(sorted(set(numbers))) for numbers in (had, stood_for))
        return bool(await self._runner.run(COMPOSE(self._tag(before.id), *words, *given, _chat(before.id), *queued)))

    async def had(self, subscriber: SubscriberId) -> frozenset[ArticleId]:
        return frozenset(unpack_numbers(await self._runner.run(HAD(self._tag(subscriber), subscriber)) or b""))

    async def give_back(
        self, subscriber: SubscriberId, articles: Iterable[ArticleId], *, stood_for: Iterable[ArticleId] = ()
    ) -> None:
        back, gone = (pack_numbers(sorted(set(numbers))) for numbers in (articles, stood_for))
        await self._runner.run(GIVE_BACK(self._tag(subscriber), subscriber, back, gone))

    async def owed(self, subscriber: SubscriberId) -> frozenset[ArticleId]:
        return frozenset(unpack_numbers(await self._runner.run(OWED(self._tag(subscriber), subscriber))))

    async def put(self, deliveries: Sequence[Delivery], now: datetime, *, first: bool = False) -> int:
        per_shard: defaultdict[str, list[Delivery]] = defaultdict(list)
        for delivery in deliveries:
            per_shard[self._tag(delivery.subscriber)].append(delivery)
        parts = [(tag, held[at : at + 500]) for tag, held in per_shard.items() for at in range(0, len(held), 500)]
        new = 0
        for tag, part in parts:
            words = (word for d in part for word in (d.subscriber, _chat(d.subscriber), d.id, pack_delivery(d)))
            new += await self._runner.run(PUT(tag, to_microseconds(now), int(first), *words))
        return new

    async def claim(self, now: datetime, limit: int, lease: timedelta) -> list[Delivery]:
        """The longest overdue of all shards: first look, then claim from those shards that have them. Where all of these belong to
        batches that are held, look again: they are out of the way now."""
        at, until, passed = to_microseconds(now), to_microseconds(now + lease), limit > 0
        while passed:
            shares = await self._shares(at, limit)
            calls = [CLAIM(chat_tag(shard), at, share, until) for shard, share in shares.items()]
            replies = await self._runner.run_all(calls) if calls else []
            claimed = sorted((float(score), chat, value) for _, reply in replies for chat, score, value in reply)
            if claimed:
                return [unpack_delivery(value, now + lease) for _, _, value in claimed]
            passed = any(count for count, _ in replies)
        return []

    async def begin(self, delivery: Delivery) -> Begun:
        subscriber = delivery.subscriber
        return BEGUN[await self._runner.run(BEGIN(self._tag(subscriber), subscriber, delivery.id, delivery.attempts))]

    async def _shares(self, at: int, limit: int) -> Counter[int]:
        """How many of the longest overdue each shard has. Looks at a few of each first: mostly they are spread evenly."""
        looks: dict[int, list[tuple[float, bytes, int]]] = {}
        again, depth = list(range(self._shards)), min(limit, 2 * limit // self._shards + 8)
        while True:
            replies = await self._runner.run_all([DUE(chat_tag(shard), at, depth) for shard in again])
            looks |= {shard: [(float(reply[n + 1]), reply[n], shard) for n in range(0, len(reply), 2)]
                      for shard, reply in zip(again, replies, strict=True)}  # fmt: skip
            first = sorted(item for look in looks.values() for item in look)[:limit]
            shares = Counter(shard for _, _, shard in first)
            again = [shard for shard in again if shares[shard] == depth < limit]
            if not again:
                return shares
            depth = limit

    async def progress(self, delivery: str, subscriber: SubscriberId, message_id: int) -> None:
        await self._runner.run(PROGRESS(self._tag(subscriber), subscriber, delivery, message_id))

    async def settle(self, delivery: Delivery, now: datetime, *, next_at: datetime | None, chat_at: datetime) -> None:
        as_it_was = delivery.attempts == 1 and not delivery.plain and not delivery.error
        if next_at is None and delivery.state == "sent" and as_it_was:
            await self._settle_sent(delivery, now, chat_at)
            return
        if next_at is None:
            stored = replace(delivery, settled=delivery.settled or now)
        else:
            stored = replace(delivery, state="queued", settled=None)
        subscriber = delivery.subscriber
        call = SETTLE(
            self._tag(subscriber), subscriber, _chat(subscriber), delivery.id, pack_delivery(stored),
            "" if next_at is None else to_microseconds(next_at), to_microseconds(chat_at), self._kept,
        )  # fmt: skip
        await self._runner.run(call)

    async def hand_back(self, deliveries: Sequence[Delivery], at: datetime) -> None:
        calls = [HAND_BACK(self._tag(d.subscriber), d.subscriber, _chat(d.subscriber), d.id, d.attempts,
                           to_microseconds(d.claimed_until), to_microseconds(at))
                 for d in deliveries if d.claimed_until is not None]  # fmt: skip
        if calls:
            await self._runner.run_all(calls)

    async def find_delivery(self, id: str, subscriber: SubscriberId) -> Delivery | None:
        found = await self._runner.run(FIND(self._tag(subscriber), subscriber, id))
        return unpack_delivery(found) if found else None

    async def ledger(self, subscriber: SubscriberId, limit: int) -> list[Delivery]:
        found = map(unpack_delivery, await self._runner.run(ALL(self._tag(subscriber), subscriber)))
        return newest(found, limit)

    async def move(self, old: SubscriberId, new: SubscriberId, now: datetime) -> None:
        """Written there before it is removed here, and again while more comes in: what is known by id is not doubled."""
        while old != new:
            had, values, owed = await self._runner.run(DUMP(self._tag(old), old, _chat(old)))
            if not had and not values and not owed:
                return
            deliveries = [replace(unpack_delivery(value), subscriber=new) for value in values]
            words = [word for d in deliveries for word in (d.id, pack_delivery(d))]
            await self._runner.run(IMPORT(self._tag(new), new, _chat(new), to_microseconds(now), had, owed, *words))
            await self._runner.run(REMOVE(self._tag(old), old, _chat(old), had, *(d.id for d in deliveries)))

    async def drop(self, subscriber: SubscriberId) -> None:
        await self._runner.run(DROP(self._tag(subscriber), subscriber, _chat(subscriber)))

    async def backlog(self, now: datetime) -> tuple[int, timedelta]:
        replies = await self._runner.run_all([BACKLOG(chat_tag(shard)) for shard in range(self._shards)])
        at = to_microseconds(now)
        scores = [int(float(score)) for reply in replies for score in reply[1:]]
        oldest = min((score if score > 0 else score + AHEAD for score in scores if score), default=at)
        return sum(reply[0] for reply in replies), timedelta(microseconds=max(at - oldest, 0))

    async def batch_report(self, batch: str) -> Mapping[str, int]:
        total: Counter[str] = Counter()
        for reply in await self._runner.run_all([REPORT(chat_tag(shard), batch) for shard in range(self._shards)]):
            total.update({reply[at].decode(): int(reply[at + 1]) for at in range(0, len(reply), 2)})
        return {state: count for state, count in total.items() if count}

    async def failed(self, limit: int) -> list[Delivery]:
        replies = await self._runner.run_all([FAILED(chat_tag(shard), limit) for shard in range(self._shards)])
        found = sorted(((float(at), value) for reply in replies for at, value in reply), reverse=True)
        return [unpack_delivery(value) for _, value in found[: max(limit, 0)]]

    async def retry(self, id: str, subscriber: SubscriberId, now: datetime) -> bool:
        call = RETRY(self._tag(subscriber), subscriber, _chat(subscriber), id, to_microseconds(now))
        return bool(await self._runner.run(call))

    async def dismiss(self, id: str, subscriber: SubscriberId) -> bool:
        return bool(await self._runner.run(DISMISS(self._tag(subscriber), subscriber, id)))

    async def _settle_sent(self, delivery: Delivery, now: datetime, chat_at: datetime) -> None:
        """The usual end: at the first attempt nothing of it has changed but its head, so the rest is not written anew."""
        subscriber, sent = delivery.subscriber, ",".join(map(str, delivery.sent))
        call = SENT(
            self._tag(subscriber), subscriber, _chat(subscriber), delivery.id, sent,
            to_microseconds(delivery.settled or now), to_microseconds(chat_at), self._kept,
        )  # fmt: skip
        await self._ends.run(call)

    def _tag(self, subscriber: SubscriberId) -> str:
        return chat_tag(chat_shard(subscriber, self._shards))


def _chat(subscriber: SubscriberId) -> str:
    return str(chat_of(subscriber))
