"""The outbox in Redis: what each chat is still to get, when, and what became of it. In the shard of the chat.

    {s07}:outbox            zset  chat -> when its first waiting delivery is due, microseconds
    {s07}:box:<chat>        list  its waiting deliveries in order, `subscriber`, line feed, `id`
    {s07}:rest              zset  chat -> not before, where nothing waits just now
    {s07}:d:<subscriber>    hash  id -> delivery (codec.py), waiting and settled; expires with the ledger
    {s07}:had:<subscriber>  text  articles given, newest last, four bytes each
    {s07}:owed:<subscriber> set   articles given back, for the next digest, four bytes each
    {s07}:b:<batch>         hash  state -> how many deliveries of a push or broadcast

A chat is the unit of sending: its forum topics share one box, because Telegram's limits are the chat's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisError

from digests.codec import HAD_KEPT, LEDGER, pack_delivery, pack_numbers, unpack_delivery, unpack_numbers
from digests.errors import StoreError
from digests.types import ArticleId, Delivery
from subscriptions import (
    PUT_SUBSCRIBER,
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

LEDGER_SECONDS = int(LEDGER.total_seconds())

SHARED = (
    f"""
local ledger, had_bytes = {LEDGER_SECONDS}, {4 * HAD_KEPT}
"""
    + """
local tag = KEYS[1]

local function parse(value)
  local state, attempts, sent, settled, batch, body = string.match(value, '^(%a+);(%d+);([%d,]*);(%d*);([^\\n]*)(\\n.*)$')
  return {state = state, attempts = tonumber(attempts), sent = sent, settled = settled, batch = batch, body = body}
end

local function store(sub, id, d)
  local head = table.concat({d.state, string.format('%d', d.attempts), d.sent, d.settled, d.batch}, ';')
  local value = head .. d.body
  redis.call('HSET', tag .. ':d:' .. sub, id, value)
  return value
end

local function count(batch, state, by)
  if batch == '' then return end
  redis.call('HINCRBY', tag .. ':b:' .. batch, state, by)
  redis.call('EXPIRE', tag .. ':b:' .. batch, ledger)
end

local function queue(sub, chat, id, value, at)
  local key = tag .. ':d:' .. sub
  if redis.call('HSETNX', key, id, value) == 0 then return 0 end
  local d = parse(value)
  count(d.batch, d.state, 1)
  if d.state ~= 'queued' then
    if redis.call('HLEN', key) == 1 then redis.call('EXPIRE', key, ledger) end
    return 1
  end
  redis.call('PERSIST', key)
  redis.call('RPUSH', tag .. ':box:' .. chat, sub .. '\\n' .. id)
  local rest = redis.call('ZSCORE', tag .. ':rest', chat)
  if rest and tonumber(rest) > tonumber(at) then at = rest end
  redis.call('ZADD', tag .. ':outbox', 'NX', at, chat)
  return 1
end

local function remember(sub, articles)
  if articles == '' then return end
  local key = tag .. ':had:' .. sub
  local had = redis.call('GET', key) or ''
  local known, parts = {}, {had}
  for n = 1, #had, 4 do known[string.sub(had, n, n + 3)] = true end
  for n = 1, #articles, 4 do
    local article = string.sub(articles, n, n + 3)
    redis.call('SREM', tag .. ':owed:' .. sub, article)
    if not known[article] then parts[#parts + 1] = article end
  end
  redis.call('SET', key, string.sub(table.concat(parts), -had_bytes))
end

local function leave(sub, chat, id)
  local element, box = sub .. '\\n' .. id, tag .. ':box:' .. chat
  local first = redis.call('LINDEX', box, 0) == element
  redis.call('LREM', box, 1, element)
  local empty = redis.call('EXISTS', box) == 0
  if empty then redis.call('ZREM', tag .. ':outbox', chat) end
  return first, empty
end
"""
)
COMPOSE = Script(
    PUT_SUBSCRIBER,
    SHARED,
    """
local sub, bucket, rev, value, due, active, had, chat, id, delivery, at = unpack(ARGV)
if id ~= '' and redis.call('HEXISTS', tag .. ':d:' .. sub, id) == 1 then return 1 end
if redis.call('HEXISTS', tag .. ':v:' .. bucket, sub) == 0 then return 0 end
if not put_subscriber(tag, sub, bucket, rev, value, due, active) then return 0 end
remember(sub, had)
if id ~= '' then queue(sub, chat, id, delivery, at) end
return 1
""",
)
PUT = Script(
    SHARED,
    """
local new = 0
for n = 2, #ARGV, 4 do new = new + queue(ARGV[n], ARGV[n + 1], ARGV[n + 2], ARGV[n + 3], ARGV[1]) end
return new
""",
)
GIVE_BACK = Script("""
local tag, sub, articles = KEYS[1], unpack(ARGV)
local had, back, kept = redis.call('GET', tag .. ':had:' .. sub) or '', {}, {}
for n = 1, #articles, 4 do
  back[string.sub(articles, n, n + 3)] = true
  redis.call('SADD', tag .. ':owed:' .. sub, string.sub(articles, n, n + 3))
end
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
OWED = Script("return redis.call('SMEMBERS', KEYS[1] .. ':owed:' .. ARGV[1])")
HAD = Script("return redis.call('GET', KEYS[1] .. ':had:' .. ARGV[1])")
DUE = Script("""
return redis.call('ZRANGEBYSCORE', KEYS[1] .. ':outbox', '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
""")
CLAIM = Script(
    SHARED,
    """
local function first_of(chat)
  local box = tag .. ':box:' .. chat
  while true do
    local element = redis.call('LINDEX', box, 0)
    if not element then return end
    local sub, id = string.match(element, '^([^\\n]*)\\n(.*)$')
    local value = redis.call('HGET', tag .. ':d:' .. sub, id)
    if value then return sub, id, parse(value) end
    redis.call('LPOP', box)
  end
end
redis.call('ZREMRANGEBYSCORE', tag .. ':rest', '-inf', ARGV[1])
local ready = redis.call('ZRANGEBYSCORE', tag .. ':outbox', '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local claimed = {}
for n = 1, #ready, 2 do
  local sub, id, d = first_of(ready[n])
  if sub then
    d.attempts = d.attempts + 1
    redis.call('ZADD', tag .. ':outbox', ARGV[3], ready[n])
    claimed[#claimed + 1] = {ready[n], ready[n + 1], store(sub, id, d)}
  else
    redis.call('ZREM', tag .. ':outbox', ready[n])
  end
end
return claimed
""",
)
PROGRESS = Script(
    SHARED,
    """
local value = redis.call('HGET', tag .. ':d:' .. ARGV[1], ARGV[2])
if not value then return 0 end
local d = parse(value)
if string.find(',' .. d.sent .. ',', ',' .. ARGV[3] .. ',', 1, true) then return 0 end
d.sent = d.sent == '' and ARGV[3] or d.sent .. ',' .. ARGV[3]
store(ARGV[1], ARGV[2], d)
return 1
""",
)
SETTLE = Script(
    SHARED,
    """
local sub, chat, id, value, next_at, chat_at, before = unpack(ARGV)
local key = tag .. ':d:' .. sub
local there = redis.call('HGET', key, id)
local old, d = there and parse(there), parse(value)
if not old or old.state ~= 'queued' then return 0 end
local function length(sent) return sent == '' and 0 or select(2, string.gsub(sent, ',', '')) + 1 end
if length(old.sent) >= length(d.sent) then d.sent = old.sent end
d.attempts = math.max(d.attempts, old.attempts)
store(sub, id, d)
if next_at ~= '' then
  local first = redis.call('LINDEX', tag .. ':box:' .. chat, 0)
  if first == sub .. '\\n' .. id then redis.call('ZADD', tag .. ':outbox', next_at, chat) end
  return 1
end
count(old.batch, 'queued', -1)
count(d.batch, d.state, 1)
local first, empty = leave(sub, chat, id)
if first then
  redis.call('ZADD', tag .. ':rest', chat_at, chat)
  if not empty then redis.call('ZADD', tag .. ':outbox', chat_at, chat) end
end
if empty then redis.call('EXPIRE', key, ledger) end
if redis.call('HLEN', key) % 8 == 0 then
  local all = redis.call('HGETALL', key)
  for n = 1, #all, 2 do
    local settled = parse(all[n + 1]).settled
    if settled ~= '' and tonumber(settled) < tonumber(before) then redis.call('HDEL', key, all[n]) end
  end
end
return 1
""",
)
FIND = Script("return redis.call('HGET', KEYS[1] .. ':d:' .. ARGV[1], ARGV[2])")
DUMP = Script(
    SHARED,
    """
local sub, chat = unpack(ARGV)
local waiting, deliveries = {}, {}
local function add(id, value)
  if value and not waiting[id] then
    waiting[id] = true
    deliveries[#deliveries + 1] = value
  end
end
for _, element in ipairs(redis.call('LRANGE', tag .. ':box:' .. chat, 0, -1)) do
  local owner, id = string.match(element, '^([^\\n]*)\\n(.*)$')
  if owner == sub then add(id, redis.call('HGET', tag .. ':d:' .. sub, id)) end
end
local all = redis.call('HGETALL', tag .. ':d:' .. sub)
for n = 1, #all, 2 do add(all[n], all[n + 1]) end
local owed = table.concat(redis.call('SMEMBERS', tag .. ':owed:' .. sub))
return {redis.call('GET', tag .. ':had:' .. sub) or '', deliveries, owed}
""",
)
IMPORT = Script(
    SHARED,
    """
for n = 1, #ARGV[5], 4 do redis.call('SADD', tag .. ':owed:' .. ARGV[1], string.sub(ARGV[5], n, n + 3)) end
remember(ARGV[1], ARGV[4])
for n = 6, #ARGV, 2 do queue(ARGV[1], ARGV[2], ARGV[n], ARGV[n + 1], ARGV[3]) end
return 1
""",
)
REMOVE = Script(
    SHARED,
    """
local sub, chat, had = unpack(ARGV, 1, 3)
for n = 4, #ARGV do
  local value = redis.call('HGET', tag .. ':d:' .. sub, ARGV[n])
  if value then
    local d = parse(value)
    count(d.batch, d.state, -1)
    leave(sub, chat, ARGV[n])
    redis.call('HDEL', tag .. ':d:' .. sub, ARGV[n])
  end
end
if (redis.call('GET', tag .. ':had:' .. sub) or '') == had then
  redis.call('DEL', tag .. ':had:' .. sub, tag .. ':owed:' .. sub)
end
return 1
""",
)
DROP = Script(
    SHARED,
    """
local all = redis.call('HGETALL', tag .. ':d:' .. ARGV[1])
for n = 1, #all, 2 do
  local d = parse(all[n + 1])
  if d.state == 'queued' then
    count(d.batch, 'queued', -1)
    leave(ARGV[1], ARGV[2], all[n])
  end
end
return redis.call('DEL', tag .. ':d:' .. ARGV[1], tag .. ':had:' .. ARGV[1], tag .. ':owed:' .. ARGV[1])
""",
)
BACKLOG = Script("""
return {redis.call('ZCARD', KEYS[1] .. ':outbox'), redis.call('ZRANGE', KEYS[1] .. ':outbox', 0, 0, 'WITHSCORES')[2]}
""")
REPORT = Script("return redis.call('HGETALL', KEYS[1] .. ':b:' .. ARGV[1])")


@wall(StoreError, RedisError, OSError)
class RedisOutbox:
    """Implements Outbox. `client`: answers not decoded. `shards` as in RedisSubscriberStore."""

    def __init__(self, client: Redis | RedisCluster, shards: int = SHARDS) -> None:
        self._runner = Runner(client, NoScriptError)
        self._shards = shards

    async def compose(
        self,
        before: Subscriber,
        after: Subscriber,
        *,
        due: datetime | None,
        had: Iterable[ArticleId],
        delivery: Delivery | None,
    ) -> bool:
        words = put_words(after, before.rev, None if due is None else to_microseconds(due))
        queued: tuple[Word, ...] = ("", "", "")
        if delivery is not None:
            queued = (delivery.id, pack_delivery(delivery), to_microseconds(delivery.created))
        given = pack_numbers(sorted(set(had)))
        return bool(await self._runner.run(COMPOSE(self._tag(before.id), *words, given, _chat(before.id), *queued)))

    async def had(self, subscriber: SubscriberId) -> frozenset[ArticleId]:
        return frozenset(unpack_numbers(await self._runner.run(HAD(self._tag(subscriber), subscriber)) or b""))

    async def give_back(self, subscriber: SubscriberId, articles: Iterable[ArticleId]) -> None:
        await self._runner.run(GIVE_BACK(self._tag(subscriber), subscriber, pack_numbers(sorted(set(articles)))))

    async def owed(self, subscriber: SubscriberId) -> frozenset[ArticleId]:
        packed = await self._runner.run(OWED(self._tag(subscriber), subscriber))
        return frozenset(unpack_numbers(b"".join(packed)))

    async def put(self, deliveries: Sequence[Delivery], now: datetime) -> int:
        per_shard: defaultdict[str, list[Delivery]] = defaultdict(list)
        for delivery in deliveries:
            per_shard[self._tag(delivery.subscriber)].append(delivery)
        parts = [(tag, held[at : at + 500]) for tag, held in per_shard.items() for at in range(0, len(held), 500)]
        new = 0
        for tag, part in parts:
            words = (word for d in part for word in (d.subscriber, _chat(d.subscriber), d.id, pack_delivery(d)))
            new += await self._runner.run(PUT(tag, to_microseconds(now), *words))
        return new

    async def claim(self, now: datetime, limit: int, lease: timedelta) -> list[Delivery]:
        """The longest overdue of all shards: first look, then claim from those shards that have them."""
        if limit <= 0:
            return []
        at, until = to_microseconds(now), to_microseconds(now + lease)
        looks = await self._runner.run_all([DUE(chat_tag(shard), at, limit) for shard in range(self._shards)])
        first = sorted((float(look[n + 1]), look[n], shard) for shard, look in enumerate(looks)
                       for n in range(0, len(look), 2))[:limit]  # fmt: skip
        shares = Counter(shard for _, _, shard in first)
        calls = [CLAIM(chat_tag(shard), at, share, until) for shard, share in shares.items()]
        replies = await self._runner.run_all(calls) if calls else []
        claimed = sorted((float(score), chat, value) for reply in replies for chat, score, value in reply)
        return [unpack_delivery(value) for _, _, value in claimed]

    async def progress(self, delivery: str, subscriber: SubscriberId, message_id: int) -> None:
        await self._runner.run(PROGRESS(self._tag(subscriber), subscriber, delivery, message_id))

    async def settle(self, delivery: Delivery, now: datetime, *, next_at: datetime | None, chat_at: datetime) -> None:
        if next_at is None:
            stored = replace(delivery, settled=delivery.settled or now)
        else:
            stored = replace(delivery, state="queued", settled=None)
        subscriber = delivery.subscriber
        call = SETTLE(
            self._tag(subscriber), subscriber, _chat(subscriber), delivery.id, pack_delivery(stored),
            "" if next_at is None else to_microseconds(next_at), to_microseconds(chat_at), to_microseconds(now - LEDGER),
        )  # fmt: skip
        await self._runner.run(call)

    async def find_delivery(self, id: str, subscriber: SubscriberId) -> Delivery | None:
        found = await self._runner.run(FIND(self._tag(subscriber), subscriber, id))
        return unpack_delivery(found) if found else None

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
        oldest = min((int(float(reply[1])) for reply in replies if reply[0]), default=at)
        return sum(reply[0] for reply in replies), timedelta(microseconds=max(at - oldest, 0))

    async def batch_report(self, batch: str) -> Mapping[str, int]:
        total: Counter[str] = Counter()
        for reply in await self._runner.run_all([REPORT(chat_tag(shard), batch) for shard in range(self._shards)]):
            total.update({reply[at].decode(): int(reply[at + 1]) for at in range(0, len(reply), 2)})
        return {state: count for state, count in total.items() if count}

    def _tag(self, subscriber: SubscriberId) -> str:
        return chat_tag(chat_shard(subscriber, self._shards))


def _chat(subscriber: SubscriberId) -> str:
    return str(chat_of(subscriber))
