"""What of a push waits in the outbox, in Redis: held back, gone on with, stopped, enumerated. Keys: outbox_scripts_redis.py.

A hold is one word in each shard, which the script that claims looks at; whatever it passes over it puts aside, so that a
chat's other deliveries go on and nothing is looked at twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from digests.codec import unpack_delivery
from digests.errors import StoreError
from digests.outbox_scripts_redis import SHARED
from digests.types import Delivery
from subscriptions import SHARDS, Runner, Script, chat_tag, to_microseconds, wall

PORTION = 200
"""Deliveries that one script deals with, at most: some milliseconds."""

PLACE = """
local function place(element) return string.match(element, '^([^\\n]*)\\n([^\\n]*)\\n(.*)$') end

local function waiting(sub, id)
  local value = redis.call('HGET', tag .. ':l:' .. sub, id)
  return value and parse(value).state == 'queued' and value
end
"""
HOLD = Script("return redis.call('SADD', KEYS[1] .. ':held', ARGV[1])")
RELEASE = Script(
    SHARED,
    PLACE,
    """
local batch, at, limit = unpack(ARGV)
redis.call('SREM', tag .. ':held', batch)
for _ = 1, limit do
  local element = redis.call('LPOP', tag .. ':over:' .. batch)
  if not element then return 0 end
  local chat, sub, id = place(element)
  local boxed = redis.call('LPOS', tag .. ':box:' .. chat, sub .. '\\n' .. id)
  if waiting(sub, id) and not boxed then enqueue(sub, chat, id, at) end
end
return 1
""",
)
PASSED_OVER = Script(
    SHARED,
    PLACE,
    """
local key, limit, found, at = tag .. ':over:' .. ARGV[1], tonumber(ARGV[2]), {}, 0
while #found < limit do
  local element = redis.call('LINDEX', key, at)
  if not element then break end
  local _, sub, id = place(element)
  local value = waiting(sub, id)
  if value then found[#found + 1] = value end
  if value or at > 0 then at = at + 1 else redis.call('LPOP', key) end
end
return found
""",
)
MEMBERS = Script("""
local tag, batch, first, last = KEYS[1], unpack(ARGV)
local elements, found = redis.call('LRANGE', tag .. ':of:' .. batch, first, last), {}
for _, element in ipairs(elements) do
  local sub, id = string.match(element, '^([^\\n]*)\\n(.*)$')
  local value = redis.call('HGET', tag .. ':l:' .. sub, id)
  if value then found[#found + 1] = value end
end
return {#elements, found}
""")


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisHolds:
    """Implements Holds. `client`, `shards` as in RedisOutbox."""

    def __init__(self, client: Redis | RedisCluster, shards: int = SHARDS) -> None:
        self._runner = Runner(client, NoScriptError)
        self._tags = [chat_tag(shard) for shard in range(shards)]

    async def hold(self, batch: str) -> None:
        await self._runner.run_all([HOLD(tag, batch) for tag in self._tags])

    async def release(self, batch: str, now: datetime) -> None:
        tags, at = self._tags, to_microseconds(now)
        while tags:
            left = await self._runner.run_all([RELEASE(tag, batch, at, PORTION) for tag in tags])
            tags = [tag for tag, more in zip(tags, left, strict=True) if more]

    async def passed_over(self, batch: str, limit: int) -> list[Delivery]:
        replies = await self._runner.run_all([PASSED_OVER(tag, batch, max(limit, 0)) for tag in self._tags])
        return [unpack_delivery(value) for reply in replies for value in reply][: max(limit, 0)]

    async def iter_members(self, batch: str) -> AsyncIterator[Delivery]:
        for tag in self._tags:
            first, asked = 0, PORTION
            while asked == PORTION:
                asked, values = await self._runner.run(MEMBERS(tag, batch, first, first + PORTION - 1))
                first += PORTION
                for value in values:
                    yield unpack_delivery(value)
