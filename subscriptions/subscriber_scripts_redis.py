"""The scripts of RedisSubscriberStore. KEYS[1] is a hash tag; keys and what the index is made of: keys.py."""

from __future__ import annotations

from subscriptions.keys import BUCKET_OF_QUERY, INDEX, PUT_SUBSCRIBER
from subscriptions.lua import Script

GET = Script("""
local found = {}
for n = 1, #ARGV, 2 do
  found[#found + 1] = redis.call('HGET', KEYS[1] .. ':v:' .. ARGV[n], ARGV[n + 1])
end
return found
""")
PUT = Script(PUT_SUBSCRIBER, "return put_subscriber(KEYS[1], unpack(ARGV)) and 1 or 0")
SHORT = Script(
    BUCKET_OF_QUERY,
    """
local found = {}
local texts = redis.call('HGETALL', KEYS[1] .. ':t:' .. place(ARGV[1]))
for n = 1, #texts, 2 do
  if string.sub(texts[n], 1, #ARGV[1]) == ARGV[1] then
    found[#found + 1] = texts[n]
    found[#found + 1] = texts[n + 1]
  end
end
return found
""",
)
LOOK = Script("""
return {redis.call('HGET', KEYS[1] .. ':v:' .. ARGV[1], ARGV[2]), redis.call('ZSCORE', KEYS[1] .. ':d:' .. ARGV[1], ARGV[2])}
""")
DELETE = Script(
    PUT_SUBSCRIBER,
    """
local key, id = KEYS[1] .. ':v:' .. ARGV[1], ARGV[2]
local old = redis.call('HGET', key, id)
if not old or (ARGV[3] ~= '' and string.sub(old, 2, 5) ~= ARGV[3]) then return 0 end
redis.call('HDEL', key, id)
reindex(KEYS[1], ARGV[1], old, nil)
set_due(KEYS[1], id, ARGV[1], '', false)
return 1
""",
)
SCAN = Script("""
local found = {}
for bucket = ARGV[2], ARGV[3] do
  for _, item in ipairs(redis.call('HGETALL', KEYS[1] .. ARGV[1] .. string.format('%d', bucket))) do
    found[#found + 1] = item
  end
end
return found
""")
COUNT = Script("""
local count = 0
for bucket = 0, ARGV[1] - 1 do
  count = count + redis.call('HLEN', KEYS[1] .. ':v:' .. string.format('%d', bucket))
end
return count
""")
READERS = Script(
    INDEX,
    """
local query, most, readers, looked = ARGV[1], tonumber(ARGV[3]), {}, 0
local buckets = named(KEYS[1], ':r:', query)
table.sort(buckets)
for _, bucket in ipairs(buckets) do
  if bucket >= tonumber(ARGV[2]) then
    if looked >= most then return {bucket, readers} end
    local items = redis.call('HGETALL', KEYS[1] .. ':v:' .. string.format('%d', bucket))
    for n = 1, #items, 2 do
      if held(items[n + 1])[query] then readers[#readers + 1] = items[n] end
    end
    looked = looked + #items / 2
  end
end
return {BUCKETS, readers}
""",
)
WAKEFUL = Script(
    INDEX,
    """
local known, buckets = {}, {}
for _, query in ipairs(ARGV) do
  for _, bucket in ipairs(named(KEYS[1], ':i:', query)) do
    if not known[bucket] then
      known[bucket] = true
      buckets[#buckets + 1] = bucket
    end
  end
end
return buckets
""",
)
WAKE = Script(
    PUT_SUBSCRIBER,
    """
local tag, now, most, last = KEYS[1], ARGV[1], tonumber(ARGV[2]), 3 + tonumber(ARGV[3])
local wanted, count, looked, done = {}, 0, 0, 0
for n = last + 1, #ARGV do wanted[ARGV[n]] = true end
local function wakes(value)  -- as `held` reads it (keys.py), but without a table for each of many readers
  local held, instant = string.byte(value, 6) * 256 + string.byte(value, 7), string.byte('i')
  for n = 0, held - 1 do
    local at = 8 + QUERY_BYTES * n
    if string.byte(value, 8 + QUERY_BYTES * held + n) == instant and wanted[string.sub(value, at, at + QUERY_BYTES - 1)] then
      return true
    end
  end
  return false
end
for place = 4, last do
  if looked >= most then break end
  local name, woken = ARGV[place], 0
  local items = redis.call('HGETALL', tag .. ':v:' .. name)
  for n = 1, #items, 2 do
    if wakes(items[n + 1]) then
      woken = woken + 1
      redis.call('ZADD', tag .. ':d:' .. name, 'LT', now, items[n])
      redis.call('SADD', tag .. ':woken', items[n])
    end
  end
  if woken > 0 then note_earliest(tag, name) end
  count, looked, done = count + woken, looked + #items / 2, done + 1
end
return {count, done}
""",
)
OVERDUE = """
-- The first of the overdue, as {time, bucket, subscriber}, by these. Buckets come by their earliest: once there are enough,
-- a bucket whose earliest comes after the last of them is the end, so that a crowd due at once costs no more than its share.
local function earlier(a, b)
  if a[1] ~= b[1] then return tonumber(a[1]) < tonumber(b[1]) end
  if a[2] ~= b[2] then return a[2] < b[2] end
  return a[3] < b[3]
end
local function overdue(tag, now, limit)
  local found, from, last = {}, 0, nil
  local function cut()
    table.sort(found, earlier)
    for n = #found, limit + 1, -1 do found[n] = nil end
    last = found[limit]
  end
  repeat
    local buckets = redis.call('ZRANGEBYSCORE', tag .. ':due', '-inf', now, 'WITHSCORES', 'LIMIT', from, 100)
    from = from + 100
    for n = 1, #buckets, 2 do
      if #found >= limit and (not last or #found >= 2 * limit) then cut() end
      if last and earlier(last, {buckets[n + 1], buckets[n], ''}) then
        cut()
        return found
      end
      local key = tag .. ':d:' .. string.format('%d', buckets[n])
      local items = redis.call('ZRANGEBYSCORE', key, '-inf', last and last[1] or now, 'WITHSCORES', 'LIMIT', 0, limit)
      for m = 1, #items, 2 do found[#found + 1] = {items[m + 1], buckets[n], items[m]} end
    end
  until #buckets < 200
  cut()
  return found
end
"""
DUE = Script(OVERDUE, "return overdue(KEYS[1], ARGV[1], tonumber(ARGV[2]))")
CLAIM = Script(
    PUT_SUBSCRIBER,
    OVERDUE,
    """
local ready, touched = overdue(KEYS[1], ARGV[1], tonumber(ARGV[2])), {}
for _, item in ipairs(ready) do
  local bucket = string.format('%d', item[2])
  redis.call('ZADD', KEYS[1] .. ':d:' .. bucket, ARGV[3], item[3])
  redis.call('SREM', KEYS[1] .. ':woken', item[3])
  touched[bucket] = true
end
for bucket in pairs(touched) do note_earliest(KEYS[1], bucket) end
return ready
""",
)
ADD_QUERY = Script(
    BUCKET_OF_QUERY,
    """
if redis.call('HSETNX', KEYS[1] .. ':t:' .. place(ARGV[1]), ARGV[1], ARGV[2]) == 1 then
  redis.call('INCR', KEYS[1] .. ':size')
  redis.call('XADD', KEYS[1] .. ':log', 'MAXLEN', '~', ARGV[3], '*', 'q', ARGV[1])
end
redis.call('ZREM', KEYS[1] .. ':idle', ARGV[1])
return tonumber(redis.call('GET', KEYS[1] .. ':seq') or 0)
""",
)
QUERY = Script(
    BUCKET_OF_QUERY,
    """
local bucket = place(ARGV[1])
redis.call('ZREM', KEYS[1] .. ':idle', ARGV[1])
return {redis.call('HGET', KEYS[1] .. ':t:' .. bucket, ARGV[1]), tonumber(redis.call('GET', KEYS[1] .. ':seq') or 0)}
""",
)
TEXTS = Script(
    BUCKET_OF_QUERY,
    """
local found = {}
for n, query in ipairs(ARGV) do
  local bucket = place(query)
  found[n] = redis.call('HGET', KEYS[1] .. ':t:' .. bucket, query)
end
return found
""",
)
NEWEST = Script("""
local last = redis.call('XREVRANGE', KEYS[1] .. ':log', '+', '-', 'COUNT', 1)
return last[1] and last[1][1] or '0-0'
""")
NAMES = Script("""
local found = {}
for bucket = ARGV[2], ARGV[3] do
  found[#found + 1] = redis.call('HKEYS', KEYS[1] .. ARGV[1] .. string.format('%d', bucket))
end
return found
""")
IDLE = Script("""
local idle, now, before = {}, ARGV[1], tonumber(ARGV[2])
for n = 3, #ARGV do
  redis.call('ZADD', KEYS[1] .. ':idle', 'NX', now, ARGV[n])
  if tonumber(redis.call('ZSCORE', KEYS[1] .. ':idle', ARGV[n])) <= before then idle[#idle + 1] = ARGV[n] end
end
return {tonumber(redis.call('GET', KEYS[1] .. ':seq') or 0), idle}
""")
REMOVE = Script(
    BUCKET_OF_QUERY,
    """
local removed = 0
for n = 2, #ARGV do
  if redis.call('ZREM', KEYS[1] .. ':idle', ARGV[n]) == 1 then
    removed = removed + redis.call('HDEL', KEYS[1] .. ':t:' .. place(ARGV[n]), ARGV[n])
    redis.call('INCR', KEYS[1] .. ':size')
    redis.call('XADD', KEYS[1] .. ':log', 'MAXLEN', '~', ARGV[1], '*', 'x', ARGV[n])
  end
end
return removed
""",
)
CHANGES = Script("""
local function split(id)
  local time, number = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(time), tonumber(number)
end
local function before(a, b)
  local x, m = split(a)
  local y, n = split(b)
  return x < y or (x == y and m < n)
end
local log, size = KEYS[1] .. ':log', tonumber(redis.call('GET', KEYS[1] .. ':size') or 0)
local first, last = redis.call('XRANGE', log, '-', '+', 'COUNT', 1), redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)
local newest, trimmed = last[1] and last[1][1] or '0-0', redis.call('XLEN', log) < size
if before(newest, ARGV[1]) or (trimmed and (not first[1] or before(ARGV[1], first[1][1]))) then return false end
local kinds, found = {}, {q = {}, x = {}}
for _, entry in ipairs(redis.call('XRANGE', log, '(' .. ARGV[1], '+')) do kinds[entry[2][2]] = entry[2][1] end
for query, kind in pairs(kinds) do table.insert(found[kind], query) end
return {newest, found.q, found.x}
""")
