"""Where things lie in Redis: shards, keys, and the one script that stores a subscriber, which the outbox shares.

Everything of a chat lies under `{s07}`, everything of a query under `{q03}`: one hash slot each, so that an atomic step never
spans two. Knows no client.

    {s07}:v:<bucket>   hash    subscriber -> packed value (some sixty to a bucket, so that they lie packed)
    {s07}:r:<query>    set     subscribers that hold the query (16 raw bytes), paused ones too
    {s07}:i:<query>    set     those of them whom a hit makes due at once
    {s07}:due          zset    subscriber -> due time, in seconds
    {s07}:woken        set     made due by a hit since they were last claimed: a put must not take that away
    {q03}:queries      hash    query -> canonical text
    {q03}:log          stream  the newest queries
    {q03}:seq          number  of the newest hit
"""

from __future__ import annotations

from zlib import crc32

from subscriptions.types import QueryId, SubscriberId, chat_of

SHARDS = 16
BUCKETS = 1024
"""Per shard. Changing it, or the number of shards, moves the data: export and import."""


def chat_shard(subscriber: SubscriberId, shards: int = SHARDS) -> int:
    return chat_of(subscriber) % shards


def query_shard(query: QueryId, shards: int = SHARDS) -> int:
    return crc32(query.encode()) % shards


def chat_tag(shard: int) -> str:
    return f"{{s{shard:02}}}"


def query_tag(shard: int) -> str:
    return f"{{q{shard:02}}}"


def bucket_of(subscriber: SubscriberId) -> int:
    return crc32(subscriber.encode()) % BUCKETS


PUT_SUBSCRIBER = """
local function indexed(value)
  local set = {}
  if value then
    local count = string.byte(value, 6) * 256 + string.byte(value, 7)
    for n = 0, count - 1 do
      set[string.sub(value, 8 + 16 * n, 23 + 16 * n)] = string.sub(value, 8 + 16 * count + n, 8 + 16 * count + n)
    end
  end
  return set
end

local function reindex(tag, id, old, new)
  local before, after = indexed(old), indexed(new)
  for query, mark in pairs(before) do
    if not after[query] then redis.call('SREM', tag .. ':r:' .. query, id) end
    if mark == 'i' and after[query] ~= 'i' then redis.call('SREM', tag .. ':i:' .. query, id) end
  end
  for query, mark in pairs(after) do
    if not before[query] then redis.call('SADD', tag .. ':r:' .. query, id) end
    if mark == 'i' and before[query] ~= 'i' then redis.call('SADD', tag .. ':i:' .. query, id) end
  end
end

local function set_due(tag, id, due, active)
  local woken = redis.call('SISMEMBER', tag .. ':woken', id) == 1
  if not active then
    redis.call('ZREM', tag .. ':due', id)
    redis.call('SREM', tag .. ':woken', id)
  elseif due == '' then
    if not woken then redis.call('ZREM', tag .. ':due', id) end
  elseif woken then
    redis.call('ZADD', tag .. ':due', 'LT', due, id)
  else
    redis.call('ZADD', tag .. ':due', due, id)
  end
end

-- rev: four bytes, zeros for a new one. True if stored, false if another rev is there.
local function put_subscriber(tag, id, bucket, rev, value, due, active)
  local key = tag .. ':v:' .. bucket
  local old = redis.call('HGET', key, id)
  if (old and string.sub(old, 2, 5) or '\\0\\0\\0\\0') ~= rev then return false end
  reindex(tag, id, old, value)
  redis.call('HSET', key, id, value)
  set_due(tag, id, due, active == '1')
  return true
end
"""
"""Lua: the functions that RedisSubscriberStore.put_subscriber and RedisOutbox.compose have in common."""
