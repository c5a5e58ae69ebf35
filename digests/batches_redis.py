"""Batches in Redis. All lie in one hash slot, so that each script is one atomic step.

{batches}:b:<id>  text  the batch as JSON; expires while it is planned, and when it is done
{batches}:due     zset  id -> when a batch under way is next looked at, microseconds
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from digests.batches import held, planned, saved, started
from digests.errors import StoreError
from digests.types import Batch, Hold
from subscriptions import Runner, Script, Word, from_json, to_json, to_microseconds, wall

TAG = "{batches}"
KEEP = timedelta(days=45)

FIND = Script("return redis.call('GET', KEYS[1] .. ':b:' .. ARGV[1])")
SWAP = Script("""
local tag, id, old, new, due, keep = KEYS[1], unpack(ARGV)
if (redis.call('GET', tag .. ':b:' .. id) or '') ~= old then return 0 end
if due == '' then
  redis.call('SET', tag .. ':b:' .. id, new, 'EX', keep)
  redis.call('ZREM', tag .. ':due', id)
else
  redis.call('SET', tag .. ':b:' .. id, new)
  if keep == 'LT' then redis.call('ZADD', tag .. ':due', 'LT', due, id) else redis.call('ZADD', tag .. ':due', due, id) end
end
return 1
""")
"""Writes what was decided from `old`, if that is still there."""
CLAIM = Script("""
local ids = redis.call('ZRANGEBYSCORE', KEYS[1] .. ':due', '-inf', ARGV[1], 'LIMIT', 0, 1)
if #ids == 0 then return false end
redis.call('ZADD', KEYS[1] .. ':due', ARGV[2], ids[1])
return redis.call('GET', KEYS[1] .. ':b:' .. ids[1])
""")
LIST = Script("""
local found = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1] .. ':due', 0, -1)) do
  found[#found + 1] = redis.call('GET', KEYS[1] .. ':b:' .. id)
end
return found
""")


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisBatchStore:
    """Implements BatchStore. `client`: answers not decoded."""

    def __init__(self, client: Redis | RedisCluster) -> None:
        self._runner = Runner(client, NoScriptError)

    async def put_batch(self, batch: Batch, ttl: timedelta) -> bool:
        seconds = int(ttl.total_seconds())
        return await self._change(batch.id, lambda stored: planned(stored, batch), "", seconds) is not None

    async def find_batch(self, id: str) -> Batch | None:
        value = await self._runner.run(FIND(TAG, id))
        return from_json(Batch, value) if value else None

    async def start_batch(self, plan: Batch, now: datetime, at: datetime | None = None) -> Batch | None:
        due = to_microseconds(at or now)
        return await self._change(plan.id, lambda stored: started(stored, plan, now, at), due, "")

    async def hold_batch(self, id: str, hold: Hold, now: datetime) -> Batch | None:
        return await self._change(id, lambda stored: held(stored, hold), to_microseconds(now), "")

    async def claim_batch(self, now: datetime, lease: timedelta) -> Batch | None:
        value = await self._runner.run(CLAIM(TAG, to_microseconds(now), to_microseconds(now + lease)))
        return from_json(Batch, value) if value else None

    async def save_batch(self, batch: Batch, *, due: datetime | None) -> None:
        how: tuple[Word, Word] = ("", int(KEEP.total_seconds())) if due is None else (to_microseconds(due), "LT")
        await self._change(batch.id, lambda stored: saved(stored, batch), *how)

    async def under_way(self) -> list[Batch]:
        return [from_json(Batch, value) for value in await self._runner.run(LIST(TAG)) if value]

    async def _change(
        self, id: str, decide: Callable[[Batch | None], Batch | None], due: Word, keep: Word
    ) -> Batch | None:
        """Decided from what is stored, and stored if that has not changed meanwhile; else decided again."""
        while True:
            old = await self._runner.run(FIND(TAG, id))
            new = decide(from_json(Batch, old) if old else None)
            if new is None or await self._runner.run(SWAP(TAG, id, old or b"", to_json(new), due, keep)):
                return new
