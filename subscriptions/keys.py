"""Where things lie in Redis: shards, keys, and the one script that stores a subscriber, which the outbox shares.

Everything of a chat lies under `{s07}`, everything of a query under `{q03}`: one hash slot each, so that an atomic step never
spans two. Knows no client.

    {s07}:v:<bucket>   hash    subscriber -> packed value
    {s07}:d:<bucket>   zset    subscriber -> due time, in microseconds
    {s07}:due          zset    bucket (four digits) -> the earliest due time in it
    {s07}:woken        set     made due by a hit since they were last claimed: a put must not take that away
    {s07}:r:<bucket>   hash    query -> buckets with subscribers that hold it, paused ones too
    {s07}:i:<bucket>   hash    query -> buckets with subscribers whom a hit of it makes due at once
    {q03}:t:<bucket>   hash    query (its raw bytes) -> canonical text
    {q03}:size         number  of entries in the log, ever
    {q03}:idle         zset    query that nobody holds -> since when, in microseconds
    {q03}:log          stream  the newest queries: q, added; x, removed
    {q03}:seq          number  of the newest hit

Everything there are millions of lies in buckets of some dozens, which the server keeps as packed lists: up to the limits of
hash-max-listpack-* and zset-max-listpack-entries; beyond them all works, in several times the memory. An index of queries names
buckets of subscribers, not subscribers: two bytes each, or a bit each where there are many. Whoever asks it looks into the
packed values of those buckets; it names a bucket at least as long as somebody in it holds the query.
"""

from __future__ import annotations

from zlib import crc32

from subscriptions.types import QUERY_BYTES, QueryId, SubscriberId, chat_of

SHARDS = 16
BUCKETS = 2048
"""Per shard; a multiple of 8, and at most 2^16. Changing it, or the number of shards, moves the data: export and import."""


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


BUCKET_OF_QUERY = f"""
local BUCKETS, QUERY_BYTES = {BUCKETS}, {QUERY_BYTES}
-- Of a query's raw bytes: its bucket, and what names it there in an index (with the bucket as good as its first 8 bytes).
local function place(query)
  local bucket = (string.byte(query, 1) * 256 + string.byte(query, 2)) % BUCKETS
  return string.format('%d', bucket), string.sub(query, 1, 1) .. string.sub(query, 3, 8)
end
"""
"""Lua, for the scripts of queries."""

INDEX = (
    BUCKET_OF_QUERY
    + """
local FULL = BUCKETS / 8  -- bytes of a map of bits: never a list, which is turned into one before it is as long

local function buckets_in(list)
  local found = {}
  if #list ~= FULL then
    for n = 1, #list, 2 do found[#found + 1] = string.byte(list, n) * 256 + string.byte(list, n + 1) end
    return found
  end
  for n = 1, FULL do
    local byte = string.byte(list, n)
    if byte > 0 then
      for bit_ = 0, 7 do
        if bit.band(byte, bit.lshift(1, bit_)) > 0 then found[#found + 1] = 8 * (n - 1) + bit_ end
      end
    end
  end
  return found
end

local function list_of(buckets)
  local parts = {}
  if 2 * #buckets < FULL then
    for n, bucket in ipairs(buckets) do parts[n] = string.char(math.floor(bucket / 256), bucket % 256) end
    return table.concat(parts)
  end
  for n = 1, FULL do parts[n] = 0 end
  for _, bucket in ipairs(buckets) do
    local n = math.floor(bucket / 8) + 1
    parts[n] = bit.bor(parts[n], bit.lshift(1, bucket % 8))
  end
  for n = 1, FULL do parts[n] = string.char(parts[n]) end
  return table.concat(parts)
end

local function named(tag, index, query)
  local bucket, name = place(query)
  return buckets_in(redis.call('HGET', tag .. index .. bucket, name) or '')
end

-- In an index (':r:' or ':i:'), name a bucket of subscribers under a query, or no more.
local function name_bucket(tag, index, query, bucket, wanted)
  local at, name = place(query)
  local key, kept, there = tag .. index .. at, {}, false
  for _, other in ipairs(buckets_in(redis.call('HGET', key, name) or '')) do
    if other == bucket then there = true end
    if wanted or other ~= bucket then kept[#kept + 1] = other end
  end
  if wanted and there then return end
  if wanted then kept[#kept + 1] = bucket end
  if #kept > 0 then redis.call('HSET', key, name, list_of(kept)) else redis.call('HDEL', key, name) end
end

-- Of a packed value: its queries, each with its mark. See codec.py.
local function held(value)
  local set = {}
  if value then
    local count = string.byte(value, 6) * 256 + string.byte(value, 7)
    local marks = 8 + QUERY_BYTES * count
    for n = 0, count - 1 do
      local at = 8 + QUERY_BYTES * n
      set[string.sub(value, at, at + QUERY_BYTES - 1)] = string.sub(value, marks + n, marks + n)
    end
  end
  return set
end
"""
)
"""Lua, for the scripts that read the index of queries."""

PUT_SUBSCRIBER = (
    INDEX
    + """
-- What the index must go on to name for a bucket: the first 8 bytes of all its queries, and of those with the mark "i".
local function needed(tag, bucket)
  local all, instant = {}, {}
  for _, value in ipairs(redis.call('HVALS', tag .. ':v:' .. bucket)) do
    for query, mark in pairs(held(value)) do
      all[string.sub(query, 1, 8)] = true
      if mark == 'i' then instant[string.sub(query, 1, 8)] = true end
    end
  end
  return all, instant
end

-- After the new value was written, or the old one removed.
local function reindex(tag, bucket, old, new)
  local before, after, number = held(old), held(new), tonumber(bucket)
  for query, mark in pairs(after) do
    if not before[query] then name_bucket(tag, ':r:', query, number, true) end
    if mark == 'i' and before[query] ~= 'i' then name_bucket(tag, ':i:', query, number, true) end
  end
  local all, instant
  for query, mark in pairs(before) do
    local less = mark == 'i' and after[query] ~= 'i'
    if less or not after[query] then
      if not all then all, instant = needed(tag, bucket) end
      local start = string.sub(query, 1, 8)
      if not after[query] and not all[start] then name_bucket(tag, ':r:', query, number, false) end
      if less and not instant[start] then name_bucket(tag, ':i:', query, number, false) end
    end
  end
end

local function note_earliest(tag, bucket)
  local first = redis.call('ZRANGE', tag .. ':d:' .. bucket, 0, 0, 'WITHSCORES')
  local name = string.format('%04d', bucket)
  if first[1] then redis.call('ZADD', tag .. ':due', first[2], name) else redis.call('ZREM', tag .. ':due', name) end
end

local function set_due(tag, id, bucket, due, active)
  local key, woken = tag .. ':d:' .. bucket, redis.call('SISMEMBER', tag .. ':woken', id) == 1
  if not active then
    redis.call('ZREM', key, id)
    redis.call('SREM', tag .. ':woken', id)
  elseif due == '' then
    if not woken then redis.call('ZREM', key, id) end
  elseif woken then
    redis.call('ZADD', key, 'LT', due, id)
  else
    redis.call('ZADD', key, due, id)
  end
  note_earliest(tag, bucket)
end

-- rev: four bytes, zeros for a new one. True if stored, false if another rev is there.
local function put_subscriber(tag, id, bucket, rev, value, due, active)
  local key = tag .. ':v:' .. bucket
  local old = redis.call('HGET', key, id)
  if (old and string.sub(old, 2, 5) or '\\0\\0\\0\\0') ~= rev then return false end
  redis.call('HSET', key, id, value)
  reindex(tag, bucket, old, value)
  set_due(tag, id, bucket, due, active == '1')
  return true
end
"""
)
"""Lua: the functions that RedisSubscriberStore.put_subscriber and RedisOutbox.compose have in common."""
