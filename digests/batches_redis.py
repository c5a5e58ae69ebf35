"""Batches in Redis: one value each, and a sorted set of those under way by the time they are next looked at.

All keys share one hash slot, so each method is one atomic step. Values are JSON.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, cast

from redis.exceptions import RedisError

from digests.errors import StoreError
from digests.types import Batch

PREFIX = "{batches}"
DUE = f"{PREFIX}:due"
KEEP = timedelta(days=45)

START = """
local value = redis.call('GET', KEYS[1])
if not value then return false end
local batch = cjson.decode(value)
if batch.state ~= 'planned' then return false end
value = string.gsub(value, '"state": "planned"', '"state": "composing"', 1)
redis.call('SET', KEYS[1], value)
redis.call('ZADD', KEYS[2], ARGV[1], ARGV[2])
return value
"""

CLAIM = """
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 1)
if #ids == 0 then return false end
redis.call('ZADD', KEYS[1], ARGV[2], ids[1])
return redis.call('GET', ARGV[3] .. ids[1])
"""


def key(id: str) -> str:
    return f"{PREFIX}:b:{id}"


def encode(batch: Batch) -> str:
    return json.dumps({**asdict(batch), "created": batch.created.isoformat()}, ensure_ascii=False)


def decode(value: bytes) -> Batch:
    fields: dict[str, Any] = json.loads(value)
    return Batch(**{**fields, "created": datetime.fromisoformat(fields["created"])})


async def _answer(call: Any) -> Any:
    try:
        return await cast(Awaitable[Any], call)
    except RedisError as error:
        raise StoreError(f"the store did not carry out a batch's step: {error}") from error


class RedisBatchStore:
    """`client`: redis.asyncio.Redis or RedisCluster that answers bytes."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def put_batch(self, batch: Batch, ttl: timedelta) -> None:
        await _answer(self._client.set(key(batch.id), encode(batch), ex=int(ttl.total_seconds())))

    async def find_batch(self, id: str) -> Batch | None:
        value = await _answer(self._client.get(key(id)))
        return decode(value) if value else None

    async def start_batch(self, id: str, now: datetime) -> Batch | None:
        value = await _answer(self._client.eval(START, 2, key(id), DUE, now.timestamp(), id))
        return decode(value) if value else None

    async def claim_batch(self, now: datetime, lease: timedelta) -> Batch | None:
        until = (now + lease).timestamp()
        value = await _answer(self._client.eval(CLAIM, 1, DUE, now.timestamp(), until, key("")))
        return decode(value) if value else None

    async def save_batch(self, batch: Batch, *, due: datetime | None) -> None:
        pipe = self._client.pipeline(transaction=True)
        if due is None:
            pipe.set(key(batch.id), encode(batch), ex=int(KEEP.total_seconds()))
            pipe.zrem(DUE, batch.id)
        else:
            pipe.set(key(batch.id), encode(batch))
            pipe.zadd(DUE, {batch.id: due.timestamp()})
        await _answer(pipe.execute())
