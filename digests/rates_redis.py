"""The shared rates in Redis: one script decides for a whole batch. Its measure is `digests.rates.decide`, word for word.

{rate<bot>}            hash  next, blocked, by, other: as in BotLine, microseconds
{rate<bot>}:paid       hash  the same of what is paid for; day, spent: how many messages were paid for that day
{rate<bot>}:c:<chat>   text  `next blocked log log …` as in ChatLine; expires when it says nothing any more
{rate<bot>}:p:<batch>  text  how many messages of a push were paid for

At most a thousand messages a second are decided for a bot, so all of a bot lies in one hash slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from digests.codec import LEDGER
from digests.errors import StoreError
from digests.rates import ALONE_AFTER, LOST_CLOCK, MINUTE, Purse, RateLimits, Turns, microseconds, turns_of
from subscriptions import Runner, Script, to_microseconds, wall

CHATS = (
    f"""
local minute, alone_after, lost_clock, kept = {MINUTE}, {ALONE_AFTER}, {LOST_CLOCK}, {int(LEDGER.total_seconds())}
"""
    + """
local tag = KEYS[1]

local function read(chat)
  local numbers = {}
  for number in string.gmatch(redis.call('GET', tag .. ':c:' .. chat) or '0 0', '%d+') do
    numbers[#numbers + 1] = tonumber(number)
  end
  return numbers
end

local function keep(chat, numbers, now)
  local parts, last = {}, 0
  for n, number in ipairs(numbers) do
    parts[n] = string.format('%.0f', number)
    last = math.max(last, n > 2 and number + minute or number)
  end
  local wait = math.ceil((last - now) / 1000)
  if wait > 0 then redis.call('SET', tag .. ':c:' .. chat, table.concat(parts, ' '), 'PX', wait) end
end
"""
)
RESERVE = Script(
    CHATS,
    """
local now, by, first = tonumber(ARGV[1]), ARGV[2], ARGV[3] == '1'
local spacing, ahead, gap, per_minute = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local day, left, spent, paid = ARGV[8], 0, 0, {}
local own, step = tag, 1
if day ~= '' then
  own, step = tag .. ':paid', 2
  local stored = redis.call('HMGET', own, 'day', 'spent')
  if stored[1] and stored[1] >= day then day, spent = stored[1], tonumber(stored[2]) end
  left = tonumber(ARGV[9]) - spent
end
local line = redis.call('HMGET', own, 'next', 'blocked', 'by', 'other')
local next, blocked, other = tonumber(line[1] or 0), tonumber(line[2] or 0), tonumber(line[4] or 0)
if next > now + lost_clock then next = now end
if line[3] and line[3] ~= by then other = now end
local answer = {now - other > alone_after and 1 or 0, blocked}
for n = 10, #ARGV, step do
  local chat, mine = tonumber(ARGV[n]), ARGV[n] == '0' and {0, 0} or read(ARGV[n])
  local payer = step == 2 and ARGV[n + 1] or ''
  local at, free = math.max(next, blocked, now), mine[2]
  if not (first and chat > 0) then free = math.max(free, mine[1]) end
  if #mine - 2 >= per_minute then free = math.max(free, mine[3] + minute) end
  local taken = free <= at and at <= now + ahead
  local again = free > at and free or at - ahead
  local unpaid = payer ~= '' and left <= 0
  if taken and not unpaid then
    next = at + spacing
    if payer ~= '' then
      left, spent, paid[payer] = left - 1, spent + 1, (paid[payer] or 0) + 1
    end
    if chat ~= 0 then
      mine[1] = at + gap
      if chat < 0 then
        mine[#mine + 1] = at
        if #mine - 2 > per_minute then table.remove(mine, 3) end
      end
      keep(ARGV[n], mine, now)
    end
  end
  answer[#answer + 1] = unpaid and now or taken and at or again
  answer[#answer + 1] = unpaid and 2 or taken and 1 or 0
end
redis.call('HSET', own, 'next', string.format('%.0f', next), 'by', by, 'other', string.format('%.0f', other))
if day ~= '' then redis.call('HSET', own, 'day', day, 'spent', spent) end
for batch, count in pairs(paid) do
  redis.call('INCRBY', tag .. ':p:' .. batch, count)
  redis.call('EXPIRE', tag .. ':p:' .. batch, kept)
end
return answer
""",
)
BLOCK = Script(
    CHATS,
    """
local chat, till = ARGV[1], tonumber(ARGV[2])
if chat == '' then
  for _, own in ipairs({tag, tag .. ':paid'}) do
    if tonumber(redis.call('HGET', own, 'blocked') or 0) < till then redis.call('HSET', own, 'blocked', ARGV[2]) end
  end
  return 1
end
local mine = read(chat)
mine[2] = math.max(mine[2], till)
keep(chat, mine, tonumber(ARGV[3]))
return 1
""",
)

SPENT = Script("""
local stored = redis.call('HMGET', KEYS[1] .. ':paid', 'day', 'spent')
return {stored[1] == ARGV[2] and stored[2] or 0, redis.call('GET', KEYS[1] .. ':p:' .. ARGV[1]) or 0}
""")


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisRates:
    """Implements RateStore for the bot with the number `bot`. `client`: answers not decoded."""

    def __init__(self, client: Redis | RedisCluster, bot: int, limits: RateLimits) -> None:
        self._runner = Runner(client, NoScriptError)
        self._tag = f"{{rate{bot}}}"
        self._limits = limits

    async def reserve(
        self, chats: Sequence[int], now: datetime, *, by: str, first: bool = False, purse: Purse | None = None
    ) -> Turns:
        limits = purse.limits if purse else self._limits
        paying = (purse.day, purse.budget) if purse else ("", 0)
        asked = chain.from_iterable(zip(chats, purse.payers, strict=True)) if purse else chats
        call = RESERVE(
            self._tag, to_microseconds(now), by, int(first), limits.spacing, limits.ahead(first),
            microseconds(limits.per_chat), limits.group_per_minute, *paying, *asked,
        )  # fmt: skip
        reply = await self._runner.run(call)
        return turns_of(zip(reply[2::2], reply[3::2], strict=True), bool(reply[0]), reply[1])

    async def spent(self, batch: str, day: str) -> tuple[int, int]:
        of_day, of_batch = await self._runner.run(SPENT(self._tag, batch, day))
        return int(of_day), int(of_batch)

    async def block(self, chat: int | None, until: datetime, now: datetime) -> None:
        words = ("" if chat is None else chat, to_microseconds(until), to_microseconds(now))
        await self._runner.run(BLOCK(self._tag, *words))
