"""The keys and scripts of the outbox. All of a chat lies in the shard of the chat, so that each script is one atomic step.

{s07}:outbox            zset  chat -> when its first waiting delivery is due, microseconds; less AHEAD where a reader asked for it
{s07}:box:<chat>        list  its waiting deliveries in order, `subscriber`, line feed, `id`
{s07}:rest              zset  chat -> not before, where nothing waits just now
{s07}:l:<subscriber>    hash  id -> delivery (codec.py), waiting and settled; expires with the ledger
{s07}:had:<subscriber>  text  articles given, newest last, four bytes each
{s07}:owed:<subscriber> set   articles given back, for the next digest, four bytes each; those in `had` wait in case that comes back
{s07}:b:<batch>         hash  state -> how many deliveries of a push or broadcast
{s07}:of:<batch>        list  `subscriber`, line feed, `id` of its deliveries as they were queued, for MEMBERS_SECONDS
{s07}:held              set   batches of which nothing is claimed
{s07}:over:<batch>      list  `chat`, line feed, `subscriber`, line feed, `id`: passed over when they were due, for the batch is held
{s07}:begun             set   `subscriber`, line feed, `id` of deliveries of which nobody knows yet whether their message was sent
{s07}:dead              zset  `subscriber`, line feed, `id` of failed deliveries -> when, microseconds; the newest DEAD_KEPT
"""

from __future__ import annotations

from digests.codec import HAD_KEPT, LEDGER
from subscriptions import PUT_SUBSCRIBER, Script

LEDGER_SECONDS = int(LEDGER.total_seconds())
MEMBERS_SECONDS = 3 * 86_400
"""Longer than Telegram lets a bot delete what it sent."""
DEAD_KEPT = 500
"""Failed deliveries of one shard that an admin can still look at."""
AHEAD = 1 << 52
"""Microseconds, 142 years: a due time less this is before every other, and still exact."""

SHARED = (
    f"""
local ledger, had_bytes, dead_kept, members, ahead = {LEDGER_SECONDS}, {4 * HAD_KEPT}, {DEAD_KEPT}, {MEMBERS_SECONDS}, {AHEAD}
"""
    + """
local tag = KEYS[1]

local function parse(value)
  local state, attempts, sent, settled, batch, body = string.match(value, '^(%a+);(%d+);([%d,]*);(%d*);([^\\n]*)(\\n.*)$')
  return {state = state, attempts = tonumber(attempts), sent = sent, settled = settled, batch = batch, body = body}
end

local function find(sub, id)
  local there = redis.call('HGET', tag .. ':l:' .. sub, id)
  return there and parse(there)
end

local function store(sub, id, d)
  local head = table.concat({d.state, string.format('%d', d.attempts), d.sent, d.settled, d.batch}, ';')
  local value = head .. d.body
  redis.call('HSET', tag .. ':l:' .. sub, id, value)
  return value
end

local function count(batch, state, by)
  if batch == '' then return end
  redis.call('HINCRBY', tag .. ':b:' .. batch, state, by)
  redis.call('EXPIRE', tag .. ':b:' .. batch, ledger)
end

local function bury(sub, id, d)
  if d.state ~= 'failed' then return end
  redis.call('ZADD', tag .. ':dead', d.settled == '' and 0 or d.settled, sub .. '\\n' .. id)
  redis.call('ZREMRANGEBYRANK', tag .. ':dead', 0, -dead_kept - 1)
end

local function exhume(sub, id) return redis.call('ZREM', tag .. ':dead', sub .. '\\n' .. id) end

-- first: before all that is due, also what is due in this chat; unless that is being sent just now, or told to wait.
local function enqueue(sub, chat, id, at, first)
  redis.call('PERSIST', tag .. ':l:' .. sub)
  local waits = redis.call('ZSCORE', tag .. ':outbox', chat)
  if first == '1' and not (waits and tonumber(waits) > tonumber(at)) then
    redis.call('LPUSH', tag .. ':box:' .. chat, sub .. '\\n' .. id)
    return redis.call('ZADD', tag .. ':outbox', at - ahead, chat)
  end
  redis.call('RPUSH', tag .. ':box:' .. chat, sub .. '\\n' .. id)
  local rest = redis.call('ZSCORE', tag .. ':rest', chat)
  if rest and tonumber(rest) > tonumber(at) then at = rest end
  redis.call('ZADD', tag .. ':outbox', 'NX', at, chat)
end

local function queue(sub, chat, id, value, at, first)
  local key = tag .. ':l:' .. sub
  if redis.call('HSETNX', key, id, value) == 0 then return 0 end
  local d = parse(value)
  count(d.batch, d.state, 1)
  if d.batch ~= '' and redis.call('RPUSH', tag .. ':of:' .. d.batch, sub .. '\\n' .. id) == 1 then
    redis.call('EXPIRE', tag .. ':of:' .. d.batch, members)
  end
  if d.state ~= 'queued' then
    if redis.call('HLEN', key) == 1 then redis.call('EXPIRE', key, ledger) end
    bury(sub, id, d)
    return 1
  end
  enqueue(sub, chat, id, at, first)
  return 1
end

local function owe_no_more(sub, articles)
  local key = tag .. ':owed:' .. sub
  if articles == '' or redis.call('EXISTS', key) == 0 then return end
  for n = 1, #articles, 4 do redis.call('SREM', key, string.sub(articles, n, n + 3)) end
end

-- with: had with the articles, but owed as before should these come back.
local function remember(sub, articles, with)
  local all = articles .. (with or '')
  if all == '' then return end
  local key = tag .. ':had:' .. sub
  local had = redis.call('GET', key) or ''
  local known, parts = {}, {had}
  for n = 1, #had, 4 do known[string.sub(had, n, n + 3)] = true end
  for n = 1, #all, 4 do
    local article = string.sub(all, n, n + 3)
    if not known[article] then parts[#parts + 1] = article end
    known[article] = true
  end
  had = table.concat(parts)
  redis.call('SET', key, string.sub(had, -had_bytes))
  owe_no_more(sub, articles .. string.sub(had, 1, -had_bytes - 1))
end

local function leave(sub, chat, id)
  local element, box = sub .. '\\n' .. id, tag .. ':box:' .. chat
  redis.call('SREM', tag .. ':begun', element)
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
local sub, bucket, rev, value, due, active, had, with, chat, id, delivery, at, first = unpack(ARGV)
if id ~= '' and redis.call('HEXISTS', tag .. ':l:' .. sub, id) == 1 then return 1 end
if redis.call('HEXISTS', tag .. ':v:' .. bucket, sub) == 0 then return 0 end
if not put_subscriber(tag, sub, bucket, rev, value, due, active) then return 0 end
remember(sub, had, with)
if id ~= '' then queue(sub, chat, id, delivery, at, first) end
return 1
""",
)
PUT = Script(
    SHARED,
    """
local new = 0
for n = 3, #ARGV, 4 do new = new + queue(ARGV[n], ARGV[n + 1], ARGV[n + 2], ARGV[n + 3], ARGV[1], ARGV[2]) end
return new
""",
)
DUE = Script("""
return redis.call('ZRANGEBYSCORE', KEYS[1] .. ':outbox', '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
""")
CLAIM = Script(
    SHARED,
    """
local held, passed, at_once = {}, 0, 500
for _, batch in ipairs(redis.call('SMEMBERS', tag .. ':held')) do held[batch] = true end

local function first_of(chat)
  local box = tag .. ':box:' .. chat
  while true do
    local element = redis.call('LINDEX', box, 0)
    if not element then return end
    local sub, id = string.match(element, '^([^\\n]*)\\n(.*)$')
    local d = find(sub, id)
    if d and not held[d.batch] then return sub, id, d end
    redis.call('LPOP', box)
    if d then
      redis.call('RPUSH', tag .. ':over:' .. d.batch, chat .. '\\n' .. element)
      passed = passed + 1
    end
  end
end
redis.call('ZREMRANGEBYSCORE', tag .. ':rest', '-inf', ARGV[1])
local limit, claimed = tonumber(ARGV[2]), {}
repeat
  local before, left = passed, limit - #claimed
  local ready = redis.call('ZRANGEBYSCORE', tag .. ':outbox', '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, left)
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
until passed == before or #claimed >= limit or passed >= at_once
return {passed, claimed}
""",
)
PROGRESS = Script(
    SHARED,
    """
local d = find(ARGV[1], ARGV[2])
if not d then return 0 end
redis.call('SREM', tag .. ':begun', ARGV[1] .. '\\n' .. ARGV[2])
if string.find(',' .. d.sent .. ',', ',' .. ARGV[3] .. ',', 1, true) then return 0 end
d.sent = d.sent == '' and ARGV[3] or d.sent .. ',' .. ARGV[3]
store(ARGV[1], ARGV[2], d)
return 1
""",
)
FINISH = """
local function longer(old, new)
  local function length(sent) return sent == '' and 0 or select(2, string.gsub(sent, ',', '')) + 1 end
  return length(old) >= length(new) and old or new
end

local function finish(sub, chat, id, old, d, chat_at, kept)
  local before = tonumber(d.settled) - kept * 1e6
  local key = tag .. ':l:' .. sub
  count(old.batch, 'queued', -1)
  count(d.batch, d.state, 1)
  bury(sub, id, d)
  local first, empty = leave(sub, chat, id)
  if first then
    redis.call('ZADD', tag .. ':rest', chat_at, chat)
    if not empty then redis.call('ZADD', tag .. ':outbox', chat_at, chat) end
  end
  if empty then redis.call('EXPIRE', key, kept) end
  if redis.call('HLEN', key) % 8 ~= 0 then return end
  local all = redis.call('HGETALL', key)
  for n = 1, #all, 2 do
    local settled = parse(all[n + 1]).settled
    if settled ~= '' and tonumber(settled) < before then
      redis.call('HDEL', key, all[n])
      exhume(sub, all[n])
    end
  end
end
"""
SETTLE = Script(
    SHARED,
    FINISH,
    """
local sub, chat, id, value, next_at, chat_at, kept = unpack(ARGV)
local old, d = find(sub, id), parse(value)
if not old or old.state ~= 'queued' then return 0 end
if next_at ~= '' and old.attempts > d.attempts then return 0 end
d.sent = longer(old.sent, d.sent)
d.attempts = math.max(d.attempts, old.attempts)
store(sub, id, d)
if next_at ~= '' then
  redis.call('SREM', tag .. ':begun', sub .. '\\n' .. id)
  if redis.call('LINDEX', tag .. ':box:' .. chat, 0) == sub .. '\\n' .. id then redis.call('ZADD', tag .. ':outbox', next_at, chat) end
  return 1
end
finish(sub, chat, id, old, d, chat_at, kept)
return 1
""",
)
SENT = Script(
    SHARED,
    FINISH,
    """
for n = 1, #ARGV, 7 do
  local sub, chat, id, sent, settled, chat_at, kept = unpack(ARGV, n, n + 6)
  local d = find(sub, id)
  if d and d.state == 'queued' then
    d.sent = longer(d.sent, sent)
    d.state, d.settled = 'sent', settled
    store(sub, id, d)
    finish(sub, chat, id, d, d, chat_at, kept)
  end
end
return 1
""",
    joins=True,
)
HAND_BACK = Script(
    SHARED,
    """
local sub, chat, id, attempts, claimed_until, at = unpack(ARGV)
local d = find(sub, id)
if not d or d.state ~= 'queued' or d.attempts ~= tonumber(attempts) or d.attempts == 0 then return 0 end
-- Said again, it meets the same count once somebody else has claimed it since: only the lease tells the two claims apart.
if redis.call('LINDEX', tag .. ':box:' .. chat, 0) ~= sub .. '\\n' .. id then return 0 end
if tonumber(redis.call('ZSCORE', tag .. ':outbox', chat)) ~= tonumber(claimed_until) then return 0 end
d.attempts = d.attempts - 1
store(sub, id, d)
redis.call('SREM', tag .. ':begun', sub .. '\\n' .. id)
redis.call('ZADD', tag .. ':outbox', at, chat)
return 1
""",
)
FIND = Script("return redis.call('HGET', KEYS[1] .. ':l:' .. ARGV[1], ARGV[2])")
ALL = Script("return redis.call('HVALS', KEYS[1] .. ':l:' .. ARGV[1])")
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
  if owner == sub then add(id, redis.call('HGET', tag .. ':l:' .. sub, id)) end
end
local all = redis.call('HGETALL', tag .. ':l:' .. sub)
for n = 1, #all, 2 do add(all[n], all[n + 1]) end
local owed = table.concat(redis.call('SMEMBERS', tag .. ':owed:' .. sub))
return {redis.call('GET', tag .. ':had:' .. sub) or '', deliveries, owed}
""",
)
IMPORT = Script(
    SHARED,
    """
for n = 1, #ARGV[5], 4 do redis.call('SADD', tag .. ':owed:' .. ARGV[1], string.sub(ARGV[5], n, n + 3)) end
remember(ARGV[1], '', ARGV[4])
for n = 6, #ARGV, 2 do queue(ARGV[1], ARGV[2], ARGV[n], ARGV[n + 1], ARGV[3]) end
return 1
""",
)
REMOVE = Script(
    SHARED,
    """
local sub, chat, had = unpack(ARGV, 1, 3)
for n = 4, #ARGV do
  local d = find(sub, ARGV[n])
  if d then
    count(d.batch, d.state, -1)
    leave(sub, chat, ARGV[n])
    exhume(sub, ARGV[n])
    redis.call('HDEL', tag .. ':l:' .. sub, ARGV[n])
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
local all = redis.call('HGETALL', tag .. ':l:' .. ARGV[1])
for n = 1, #all, 2 do
  local d = parse(all[n + 1])
  exhume(ARGV[1], all[n])
  if d.state == 'queued' then
    count(d.batch, 'queued', -1)
    leave(ARGV[1], ARGV[2], all[n])
  end
end
return redis.call('DEL', tag .. ':l:' .. ARGV[1], tag .. ':had:' .. ARGV[1], tag .. ':owed:' .. ARGV[1])
""",
)
FAILED = Script("""
local tag, found = KEYS[1], {}
local dead = redis.call('ZREVRANGE', tag .. ':dead', 0, ARGV[1] - 1, 'WITHSCORES')
for n = 1, #dead, 2 do
  local sub, id = string.match(dead[n], '^([^\\n]*)\\n(.*)$')
  local value = redis.call('HGET', tag .. ':l:' .. sub, id)
  if value then
    found[#found + 1] = {dead[n + 1], value}
  else
    redis.call('ZREM', tag .. ':dead', dead[n])
  end
end
return found
""")
RETRY = Script(
    SHARED,
    """
local sub, chat, id, at = unpack(ARGV)
local d = find(sub, id)
if not d or d.state ~= 'failed' then return 0 end
exhume(sub, id)
count(d.batch, 'failed', -1)
count(d.batch, 'queued', 1)
d.state, d.attempts, d.settled = 'queued', 0, ''
store(sub, id, d)
enqueue(sub, chat, id, at)
return 1
""",
)
