"""Corrections of what was sent, in Redis. Keys: outbox_scripts_redis.py."""

from __future__ import annotations

from datetime import datetime

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from digests.codec import pack_delivery, pack_numbers, unpack_delivery
from digests.errors import StoreError
from digests.outbox_scripts_redis import SHARED
from digests.types import ArticleId, Delivery
from subscriptions import SHARDS, Runner, Script, SubscriberId, chat_of, chat_shard, chat_tag, to_microseconds, wall

CARRYING = Script(
    SHARED,
    """
local sub, item = unpack(ARGV)
local all, found = redis.call('HGETALL', tag .. ':l:' .. sub), {}
for n = 2, #all, 2 do
  if string.find(all[n], item, 1, true) and parse(all[n]).state == 'sent' then found[#found + 1] = all[n] end
end
return found
""",
)
FOLLOW_UP = Script(
    SHARED,
    """
local sub, chat, id, value, at, news = unpack(ARGV)
if queue(sub, chat, id, value, at) == 0 then return 0 end
remember(sub, news)
return 1
""",
)


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisFollowUps:
    """Implements FollowUps. `client`, `shards` as in RedisOutbox."""

    def __init__(self, client: Redis | RedisCluster, shards: int = SHARDS) -> None:
        self._runner = Runner(client, NoScriptError)
        self._shards = shards

    async def carrying(self, subscriber: SubscriberId, article: ArticleId) -> list[Delivery]:
        """By the item as codec.py writes it, so that only what is wanted leaves the server."""
        item = f'"article_id":{article},'
        return [
            unpack_delivery(value)
            for value in await self._runner.run(CARRYING(self._tag(subscriber), subscriber, item))
        ]

    async def follow_up(self, delivery: Delivery, now: datetime) -> bool:
        subscriber, news = delivery.subscriber, pack_numbers(sorted(set(delivery.news)))
        words = (str(chat_of(subscriber)), delivery.id, pack_delivery(delivery), to_microseconds(now), news)
        return bool(await self._runner.run(FOLLOW_UP(self._tag(subscriber), subscriber, *words)))

    def _tag(self, subscriber: SubscriberId) -> str:
        return chat_tag(chat_shard(subscriber, self._shards))
