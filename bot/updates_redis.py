"""The log of updates in Redis.

{u<bot>.<part>}:<update>   text   the attempt that handles it, for its lease; empty once it is done, for KEPT
{u<bot>}:hook              text   the mark of the webhook that was set last

Sixteen parts, so that a busy bot's updates lie on all nodes of a cluster.
"""

from __future__ import annotations

from datetime import timedelta

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from bot.updates import KEPT, Claim
from digests.errors import StoreError
from subscriptions import Runner, Script, wall

PARTS = 16

CLAIM = Script("""
local key = KEYS[1] .. ':' .. ARGV[1]
local holder = redis.call('GET', key)
if holder == '' then return 2 end
if holder and holder ~= ARGV[2] then return 1 end
redis.call('SET', key, ARGV[2], 'PX', ARGV[3])
return 0
""")
SETTLE = Script("redis.call('SET', KEYS[1] .. ':' .. ARGV[1], '', 'EX', ARGV[2]) return 1")
GIVE_BACK = Script("""
local key = KEYS[1] .. ':' .. ARGV[1]
if redis.call('GET', key) == ARGV[2] then redis.call('DEL', key) end
return 1
""")
FIND_HOOK = Script("return redis.call('GET', KEYS[1] .. ':hook')")
PUT_HOOK = Script("redis.call('SET', KEYS[1] .. ':hook', ARGV[1]) return 1")


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisUpdateLog:
    """Implements UpdateLog for the bot with the number `bot`. `client`: answers not decoded."""

    def __init__(self, client: Redis | RedisCluster, bot: int) -> None:
        self._runner = Runner(client, NoScriptError)
        self._bot = bot

    async def claim(self, update: int, by: str, lease: timedelta) -> Claim:
        milliseconds = lease // timedelta(milliseconds=1)
        return Claim(await self._runner.run(CLAIM(self._tag(update), update, by, milliseconds)))

    async def settle(self, update: int) -> None:
        await self._runner.run(SETTLE(self._tag(update), update, int(KEPT.total_seconds())))

    async def give_back(self, update: int, by: str) -> None:
        await self._runner.run(GIVE_BACK(self._tag(update), update, by))

    async def find_hook(self) -> str | None:
        found = await self._runner.run(FIND_HOOK(f"{{u{self._bot}}}"))
        return found.decode() if found is not None else None

    async def put_hook(self, mark: str) -> None:
        await self._runner.run(PUT_HOOK(f"{{u{self._bot}}}", mark))

    def _tag(self, update: int) -> str:
        return f"{{u{self._bot}.{update % PARTS:02}}}"
