"""How often what a chat command calls goes to a real server and back, counted at the client: three times at most."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from subscriptions import Cadence, Settings, Subscriber, SubscriberId
from subscriptions.parse import parse_query
from subscriptions.query import print_query, query_id
from subscriptions.service import SubscriptionService
from subscriptions.service_import import Wanted
from subscriptions.subscribers_redis import RedisSubscriberStore

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
ME: SubscriberId = "16"
HELD = query_id(print_query(parse_query("动力电池")))
SHARED = query_id("光伏")


class CountingClient:
    """A client that counts its trips: single commands and whole pipelines."""

    def __init__(self, client: Redis) -> None:
        self._client: Any = client
        self.trips = 0

    async def execute_command(self, *words: Any) -> Any:
        self.trips += 1
        return await self._client.execute_command(*words)

    def pipeline(self, transaction: bool = False) -> Any:
        self.trips += 1
        return self._client.pipeline(transaction=transaction)


def nothing_changed(value: Any) -> Any:
    return value


async def as_the_chat(service: SubscriptionService) -> Subscriber:
    """How the chat reads a reader who is about to add something."""
    return await service.find_or_new(ME, "zh-Hans", "private", "", None, NOW, texts=False)


async def subscribe(service: SubscriptionService, text: str) -> object:
    return await service.subscribe(await as_the_chat(service), text, NOW)


async def take_shared(service: SubscriptionService) -> object:
    return await service.subscribe_stored(await as_the_chat(service), SHARED, NOW)


async def change(service: SubscriptionService) -> object:
    return await service.replace_query(await as_the_chat(service), HELD, "储能 -广告", NOW)


async def take_many(service: SubscriptionService) -> object:
    wanted = [Wanted(query_id(text), text) for text in ("储能", "风电", "动力电池")]
    return await service.add_many(await as_the_chat(service), wanted, NOW)


COMMANDS: dict[str, Callable[[SubscriptionService], Awaitable[object]]] = {
    "start": lambda it: it.get_or_create("32", "zh-Hans", "private", "", None, NOW),
    "list": lambda it: it.get(ME),
    "subscribe": lambda it: subscribe(it, "储能 -广告"),
    "subscribe again": lambda it: subscribe(it, "动力电池"),
    "a shared one": take_shared,
    "change": change,
    "import": take_many,
    "unsubscribe": lambda it: it.unsubscribe(ME, HELD, NOW),
    "cadence": lambda it: it.set_cadence(ME, HELD, Cadence("instant"), NOW),
    "settings": lambda it: it.set_settings(ME, nothing_changed, NOW),
    "pause": lambda it: it.pause(ME, "reader", NOW),
    "resume": lambda it: it.resume(ME, NOW),
    "export": lambda it: it.export(ME),
    "forget": lambda it: it.forget(ME),
}


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_command_takes_three_round_trips_at_most(redis_client: Redis, name: str) -> None:
    counting = CountingClient(redis_client)
    service = SubscriptionService(RedisSubscriberStore(cast(Any, counting)))
    await service.get_or_create(ME, "zh-Hans", "private", "", None, NOW)
    await service.subscribe(Subscriber("48", Settings(), NOW), "光伏", NOW)
    for text in ("动力电池", "风电", "标题:签约"):
        await service.subscribe(ME, text, NOW)
    await COMMANDS[name](service)  # so that the server knows the scripts; as every other time
    await service.forget(ME)
    await service.get_or_create(ME, "zh-Hans", "private", "", None, NOW)
    await service.subscribe(ME, "动力电池", NOW)
    counting.trips = 0
    await COMMANDS[name](service)
    assert 1 <= counting.trips <= 3


@pytest.mark.parametrize("name", COMMANDS)
async def test_also_where_the_process_is_new(redis_client: Redis, name: str) -> None:
    """Where the texts of the reader's queries are told they are read as well; where one is added they are not looked at."""
    before = SubscriptionService(RedisSubscriberStore(redis_client))
    await before.subscribe(Subscriber("48", Settings(), NOW), "光伏", NOW)
    await before.get_or_create(ME, "zh-Hans", "private", "", None, NOW)
    await before.subscribe(ME, "动力电池", NOW)
    await COMMANDS[name](before)
    await before.get_or_create(ME, "zh-Hans", "private", "", None, NOW)
    await before.subscribe(ME, "动力电池", NOW)
    counting = CountingClient(redis_client)
    await COMMANDS[name](SubscriptionService(RedisSubscriberStore(counting)))  # type: ignore[arg-type]
    assert 1 <= counting.trips <= 3
    after = await before.find(ME)
    assert after is None or all(held.query for held in after.subscriptions)
