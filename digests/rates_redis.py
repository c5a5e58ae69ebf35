"""The shared rates in Redis: one script decides for a whole batch. Its measure is `digests.rates.decide`, word for word.

{rate<bot>}            hash  next, blocked, by, other: as in BotLine, microseconds
{rate<bot>}:c:<chat>   text  `next blocked log log …` as in ChatLine; expires when it says nothing any more

At most a thousand messages a second are decided for a bot, so all of a bot lies in one hash slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from digests.errors import StoreError
from digests.rates import ALONE_AFTER, LOST_CLOCK, MINUTE, RateLimits, Turn, Turns, microseconds
from subscriptions import Runner, Script, moment, to_microseconds, wall

CHATS = (
    f"""
local minute, alone_after, lost_clock = {MINUTE}, {ALONE_AFTER}, {LOST_CLOCK}
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
local line = redis.call('HMGET', tag, 'next', 'blocked', 'by', 'other')
local next, blocked, other = tonumber(line[1] or 0), tonumber(line[2] or 0), tonumber(line[4] or 0)
if next > now + lost_clock then next = now end
if line[3] and line[3] ~= by then other = now end
local answer = {now - other > alone_after and 1 or 0, blocked}
for n = 8, #ARGV do
  local chat, mine = tonumber(ARGV[n]), ARGV[n] == '0' and {0, 0} or read(ARGV[n])
  local at, free = math.max(next, blocked, now), mine[2]
  if not (first and chat > 0) then free = math.max(free, mine[1]) end
  if #mine - 2 >= per_minute then free = math.max(free, mine[3] + minute) end
  local taken = free <= at and at <= now + ahead
  if taken then
    next = at + spacing
    if chat ~= 0 then
      mine[1] = at + gap
      if chat < 0 then
        mine[#mine + 1] = at
        if #mine - 2 > per_minute then table.remove(mine, 3) end
      end
      keep(ARGV[n], mine, now)
    end
  end
  answer[#answer + 1] = math.max(at, free)
  answer[#answer + 1] = taken and 1 or 0
end
redis.call('HSET', tag, 'next', string.format('%.0f', next), 'by', by, 'other', string.format('%.0f', other))
return answer
""",
)
BLOCK = Script(
    CHATS,
    """
local chat, till = ARGV[1], tonumber(ARGV[2])
if chat == '' then
  if tonumber(redis.call('HGET', tag, 'blocked') or 0) < till then redis.call('HSET', tag, 'blocked', ARGV[2]) end
  return 1
end
local mine = read(chat)
mine[2] = math.max(mine[2], till)
keep(chat, mine, tonumber(ARGV[3]))
return 1
""",
)


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisRates:
    """Implements RateStore for the bot with the number `bot`. `client`: answers not decoded."""

    def __init__(self, client: Redis | RedisCluster, bot: int, limits: RateLimits) -> None:
        self._runner = Runner(client, NoScriptError)
        self._tag = f"{{rate{bot}}}"
        self._limits = limits

    async def reserve(self, chats: Sequence[int], now: datetime, *, by: str, first: bool = False) -> Turns:
        limits = self._limits
        call = RESERVE(
            self._tag, to_microseconds(now), by, int(first), limits.spacing, limits.ahead(first),
            microseconds(limits.per_chat), limits.group_per_minute, *chats,
        )  # fmt: skip
        reply = await self._runner.run(call)
        pairs = zip(reply[2::2], reply[3::2], strict=True)
        return Turns(tuple(Turn(moment(at), bool(taken)) for at, taken in pairs), bool(reply[0]), moment(reply[1]))

    async def block(self, chat: int | None, until: datetime, now: datetime) -> None:
        words = ("" if chat is None else chat, to_microseconds(until), to_microseconds(now))
        await self._runner.run(BLOCK(self._tag, *words))
