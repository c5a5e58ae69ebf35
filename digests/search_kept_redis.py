"""Searched queries in Redis.

{search}:q:<token>   text   the canonical query, for as long as its buttons work
"""

from __future__ import annotations

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from digests.errors import StoreError
from digests.search_kept import KEPT, token_of
from subscriptions import Runner, Script, wall

TAG = "{search}"

KEEP = Script("redis.call('SET', KEYS[1] .. ':q:' .. ARGV[1], ARGV[2], 'EX', ARGV[3]) return 1")
FIND = Script("return redis.call('GET', KEYS[1] .. ':q:' .. ARGV[1])")


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisKeptQueries:
    """Implements KeptQueries. `client`: answers not decoded."""

    def __init__(self, client: Redis | RedisCluster) -> None:
        self._runner = Runner(client, NoScriptError)

    async def keep(self, query: str) -> str:
        token = token_of(query)
        await self._runner.run(KEEP(TAG, token, query, int(KEPT.total_seconds())))
        return token

    async def find_kept(self, token: str) -> str | None:
        found = await self._runner.run(FIND(TAG, token))
        return found.decode() if found is not None else None
