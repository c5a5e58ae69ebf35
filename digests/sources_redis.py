"""What is watched, in Redis. All keys share one hash slot, so each method is one atomic step. Values are JSON.

{sources}:specs    hash  name -> SourceSpec
{sources}:states   hash  name -> WatchState
{sources}:records  hash  name -> Record
{sources}:due      zset  name by microseconds; absent: paused or stopped
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from digests.errors import StoreError
from digests.sources.calendar import Record
from digests.sources.registry import SourceSpec, Watched
from digests.sources.state import WatchState
from subscriptions import Runner, Script, from_json, moment, to_json, to_microseconds, wall

TAG = "{sources}"

ONE = """
local function one(name)
  local due = redis.call('ZSCORE', KEYS[1] .. ':due', name)
  return {redis.call('HGET', KEYS[1] .. ':specs', name), redis.call('HGET', KEYS[1] .. ':states', name) or '',
    redis.call('HGET', KEYS[1] .. ':records', name) or '', due and string.format('%.0f', due) or ''}
end
"""
GET = Script(ONE, """
local names, found = redis.call('HKEYS', KEYS[1] .. ':specs'), {}
for n, name in ipairs(names) do found[n] = one(name) end
return found
""")  # fmt: skip
FIND = Script(ONE, """
if redis.call('HEXISTS', KEYS[1] .. ':specs', ARGV[1]) == 0 then return {} end
return one(ARGV[1])
""")  # fmt: skip
PUT = """
if ARGV[3] == '' then redis.call('ZREM', KEYS[1] .. ':due', ARGV[1])
else redis.call('ZADD', KEYS[1] .. ':due', ARGV[3], ARGV[1]) end
"""
ADD = Script("if redis.call('HSETNX', KEYS[1] .. ':specs', ARGV[1], ARGV[2]) == 0 then return 0 end", PUT, "return 1")
PUT_SPEC = Script(
    "if redis.call('HEXISTS', KEYS[1] .. ':specs', ARGV[1]) == 0 then return 0 end",
    "redis.call('HSET', KEYS[1] .. ':specs', ARGV[1], ARGV[2])",
    PUT,
    "return 1",
)
REMOVE = Script("""
for _, part in ipairs({':states', ':records'}) do redis.call('HDEL', KEYS[1] .. part, ARGV[1]) end
redis.call('ZREM', KEYS[1] .. ':due', ARGV[1])
return redis.call('HDEL', KEYS[1] .. ':specs', ARGV[1])
""")
CLAIM = Script("""
local names = redis.call('ZRANGEBYSCORE', KEYS[1] .. ':due', '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, name in ipairs(names) do redis.call('ZADD', KEYS[1] .. ':due', ARGV[2], name) end
return names
""")
SETTLE = Script("""
if redis.call('HEXISTS', KEYS[1] .. ':specs', ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1] .. ':records', ARGV[1], ARGV[2])
if not redis.call('ZSCORE', KEYS[1] .. ':due', ARGV[1]) then return 0 end
""" + PUT + "return 1")  # fmt: skip
PUT_STATE = Script("""
if redis.call('HEXISTS', KEYS[1] .. ':specs', ARGV[1]) == 0 then return 0 end
return redis.call('HSET', KEYS[1] .. ':states', ARGV[1], ARGV[2])
""")


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisSourceStore:
    """Implements SourceStore and SourceStates. `client`: answers not decoded."""

    def __init__(self, client: Redis | RedisCluster) -> None:
        self._runner = Runner(client, NoScriptError)

    async def get_sources(self) -> list[Watched]:
        found = [_watched(parts) for parts in await self._runner.run(GET(TAG))]
        return sorted(found, key=lambda one: one.spec.name)

    async def find_source(self, name: str) -> Watched | None:
        parts = await self._runner.run(FIND(TAG, name))
        return _watched(parts) if parts else None

    async def add_source(self, spec: SourceSpec, due: datetime) -> bool:
        return bool(await self._runner.run(ADD(TAG, spec.name, to_json(spec), _score(None if spec.paused else due))))

    async def put_spec(self, spec: SourceSpec, due: datetime | None) -> bool:
        return bool(await self._runner.run(PUT_SPEC(TAG, spec.name, to_json(spec), _score(due))))

    async def remove_source(self, name: str) -> bool:
        return bool(await self._runner.run(REMOVE(TAG, name)))

    async def claim_due(self, now: datetime, lease: timedelta, limit: int) -> list[str]:
        if limit <= 0:
            return []
        names = await self._runner.run(CLAIM(TAG, to_microseconds(now), to_microseconds(now + lease), limit))
        return [name.decode() for name in names]

    async def settle(self, name: str, due: datetime | None, record: Record) -> None:
        await self._runner.run(SETTLE(TAG, name, to_json(record), _score(due)))

    async def find_state(self, name: str) -> WatchState | None:
        one = await self.find_source(name)
        return None if one is None else one.state

    async def put_state(self, name: str, state: WatchState) -> None:
        await self._runner.run(PUT_STATE(TAG, name, to_json(state)))


def _score(due: datetime | None) -> str:
    return "" if due is None else str(to_microseconds(due))


def _watched(parts: Sequence[bytes]) -> Watched:
    spec, state, record, due = parts
    return Watched(
        from_json(SourceSpec, spec),
        from_json(WatchState, state or b"{}"),
        from_json(Record, record or b"{}"),
        moment(int(due)) if due else None,
    )
