"""What admins change, and what is told of it, in Redis.

{admin}:topics      hash  name -> TOML text
{admin}:audit       list  entries as JSON, newest first
{admin}:once:<key>  text  taken, until it expires
"""

from __future__ import annotations

from datetime import timedelta

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from digests.codec import AUDIT_KEPT
from digests.errors import StoreError
from digests.types import AuditEntry
from subscriptions import Runner, Script, from_json, to_json, wall

TAG = "{admin}"

TOPICS = Script("return redis.call('HGETALL', KEYS[1] .. ':topics')")
PUT_TOPIC = Script("return redis.call('HSET', KEYS[1] .. ':topics', ARGV[1], ARGV[2])")
ADD_AUDIT = Script("""
redis.call('LPUSH', KEYS[1] .. ':audit', ARGV[1])
redis.call('LTRIM', KEYS[1] .. ':audit', 0, ARGV[2] - 1)
return 1
""")
AUDIT = Script("return redis.call('LRANGE', KEYS[1] .. ':audit', 0, ARGV[1] - 1)")
ONCE = Script("return redis.call('SET', KEYS[1] .. ':once:' .. ARGV[1], 1, 'NX', 'PX', ARGV[2]) and 1 or 0")

IS_TAKEN = Script("return redis.call('EXISTS', KEYS[1] .. ':once:' .. ARGV[1])")
GIVE_UP = Script("return redis.call('DEL', KEYS[1] .. ':once:' .. ARGV[1])")


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisAdminStore:
    """Implements AdminStore. `client`: answers not decoded. The server's clock ends what `once` took."""

    def __init__(self, client: Redis | RedisCluster) -> None:
        self._runner = Runner(client, NoScriptError)

    async def get_topics(self) -> dict[str, str]:
        flat = [word.decode() for word in await self._runner.run(TOPICS(TAG))]
        return dict(zip(flat[::2], flat[1::2], strict=True))

    async def put_topic(self, name: str, toml: str) -> None:
        await self._runner.run(PUT_TOPIC(TAG, name, toml))

    async def add_audit(self, entry: AuditEntry) -> None:
        await self._runner.run(ADD_AUDIT(TAG, to_json(entry), AUDIT_KEPT))

    async def recent_audit(self, limit: int) -> list[AuditEntry]:
        found = await self._runner.run(AUDIT(TAG, limit)) if limit > 0 else []
        return [from_json(AuditEntry, entry) for entry in found]

    async def once(self, key: str, ttl: timedelta) -> bool:
        milliseconds = max(ttl // timedelta(milliseconds=1), 1)
        return bool(await self._runner.run(ONCE(TAG, key, milliseconds)))

    async def is_taken(self, key: str) -> bool:
        return bool(await self._runner.run(IS_TAKEN(TAG, key)))

    async def give_up(self, key: str) -> None:
        await self._runner.run(GIVE_UP(TAG, key))
