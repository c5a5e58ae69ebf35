"""Pushes: as an admin's chat over stores in memory, and as everything between the confirmation and the sandbox, which holds every call
against the table of the Bot API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from chat_driver import ADMIN, KNOWLEDGE, MONDAY, TEXTS, Chat, pushes_of
from fake_session import Asked
from pipeline_world import World, raw
from sandbox_kit import TOKEN, Client, png, sandboxed
from store_servers import Stores

from bot.batch_steps import BatchSteps, Guard
from bot.fees import Fees
from bot.line import Line
from bot.notices import Notices
from bot.pushes import Plan, Pushes
from bot.rates import Rates
from bot.relay import Relay
from bot.relay_paid import PaidLane, paying
from bot.rendering import Renderer
from bot.sandbox import OFFICIAL_ID, UNLIMITED, Limits
from bot.sender import Sender
from digests.rates import Budget, RateLimits
from digests.rates_memory import MemoryRates
from digests.types import Batch, Delivery, DeliveryState
from subscriptions.service import SubscriptionService

MINUTE = timedelta(minutes=1)
BATTERY = "青禾锂电开工：动力电池项目\n\n春茶上市：茶园采摘"
Sleep = Callable[[float], Awaitable[None]]


@dataclass
class Service:
    """Everything between an admin's confirmation and the sandbox."""

    api: Client
    world: World
    relay: Relay
    steps: BatchSteps
    pushes: Pushes

    @property
    def now(self) -> datetime:
        return self.api.clock.now()

    async def send(self, plan: Plan) -> Batch:
        batch = await self.pushes.confirm(plan.batch.id, plan.batch.readers, ADMIN, self.now, way=plan.batch.way)
        assert isinstance(batch, Batch)
        await self.work()
        return batch

    async def work(self, rounds: int = 6) -> None:
        for _ in range(rounds):
            self.api.clock.seconds += 2
            await self.steps.step()
            await self.relay.step()

    def shown(self, person: int) -> list[dict[str, Any]]:
        bot = self.api.sandbox.world.bot_id
        messages = self.api.sandbox.world.chats[person].messages.values()
        return [message for message in messages if message.get("from", {}).get("id") == bot]

    async def states(self, id: str) -> dict[str, int]:
        return dict(await self.world.all.outbox.batch_report(id))


@asynccontextmanager
async def running(
    stores: Stores, *, people: int = 3, limits: Limits = UNLIMITED, budget: Budget | None = None
) -> AsyncIterator[Service]:
    """Some people of the sandbox who read about 青禾锂电. `limits`: the sandbox's; `budget`: what may be paid for."""
    async with sandboxed(limits) as api:
        world, clock = World(stores), api.clock
        for person in list(api.sandbox.world.people)[:people]:
            if person != api.sandbox.world.bot_id:
                api.sandbox.act.start(person)
                await world.reader(f"{person}", "青禾锂电")
        free, line, budget = RateLimits(), Line(api.sandbox.base_url, TOKEN), budget or Budget()
        shared = MemoryRates(free)

        async def sleep(seconds: float) -> None:
            clock.seconds += max(seconds, 0.001)

        async def alarm(_: str) -> None:
            """Dead letters are looked at in the ledger."""

        renderer = Renderer(stores.issues, stores.hits, stores.subscribers, TEXTS, KNOWLEDGE)
        relay = Relay(
            stores.outbox, stores.subscribers, SubscriptionService(stores.subscribers), Sender(line.post),
            Rates(shared, free, clock.now, sleep), renderer.chunks, alarm, clock.now, sleep,
            paid=_lane(shared, stores, budget, clock.now, sleep),
        )  # fmt: skip
        notices = Notices(world.stores, stores.admin, TEXTS, frozenset({ADMIN}))
        steps = BatchSteps(
            world.stores, stores.holds, stores.batches, stores.admin, KNOWLEDGE, notices, Guard(), clock.now, relay.nudge, Fees(shared, budget)
        )  # fmt: skip
        yield Service(api, world, relay, steps, pushes_of(world, TEXTS, fees=Fees(shared, budget)))
        await line.close()


def _lane(
    shared: MemoryRates, stores: Stores, budget: Budget, now: Callable[[], datetime], sleep: Sleep
) -> PaidLane | None:
    if not budget.per_second:
        return None
    rates = Rates(shared, RateLimits(per_second=budget.per_second), now, sleep, budget=budget)
    return PaidLane(rates, partial(paying, stores.batches), now)


async def readers(service: Service) -> list[int]:
    return sorted([int(one.id) async for one in service.world.all.subscribers.iter_subscribers()])


async def photo(service: Service) -> str:
    """As an admin's photo reaches the bot: with an id, good for sending it on."""
    _, body = await service.api.send_file("sendPhoto", "photo", "p.png", png(), chat_id=OFFICIAL_ID)
    return f"photo:{body['result']['photo'][-1]['file_id']}"


# ------------------------------------------------------------------------------------------------ in the chat
async def pushing(readers: int = 2) -> Chat:
    """An admin's chat, and readers who hold what the newest issue has."""
    chat = Chat()
    for n in range(readers):
        await chat.world.reader(
            f"{n + 10}", "#动力电池", kind="daily" if n else "weekly", language="en" if n else "zh-Hans"
        )
    await chat.world.publish(raw(BATTERY), now=MONDAY)
    chat.digests.found = list(await chat.world.all.issues.recent_issues(9))
    return chat


def steps_of(chat: Chat, guard: Guard | None = None) -> BatchSteps:
    world, all = chat.world, chat.world.all
    notices = Notices(world.stores, all.admin, TEXTS, frozenset({ADMIN}))
    return BatchSteps(
        world.stores, all.holds, all.batches, all.admin, chat.pushes._knowledge, notices, guard or Guard(),
        lambda: chat.clock, lambda: None, chat.pushes._fees,
    )  # fmt: skip


async def work(chat: Chat, guard: Guard | None = None) -> None:
    """What the service does about batches in the next minutes."""
    steps = steps_of(chat, guard)
    for _ in range(4):
        chat.later(seconds=2)
        await steps.step()


async def deliver(chat: Chat, state: DeliveryState = "sent", most: int = 99) -> list[Delivery]:
    """What a relay would do, all at once."""
    outbox = chat.world.all.outbox
    claimed = await outbox.claim(chat.clock, most, MINUTE)
    for n, one in enumerate(claimed):
        done = replace(one, state=state, sent=(n + 500,) if state == "sent" else ())
        await outbox.settle(done, chat.clock, next_at=None, chat_at=chat.clock)
    return claimed


async def looked(chat: Chat) -> Asked:
    """Let the reports in the background have their look; the newest."""
    for _ in range(60):
        await asyncio.sleep(0)
    return chat.session.asked[-1]


async def acts(chat: Chat) -> list[str]:
    return [entry.action for entry in reversed(await chat.world.all.admin.recent_audit(99))]


async def begun(readers: int = 3) -> Chat:
    chat = await pushing(readers)
    await begin(chat)
    return chat


async def begin(chat: Chat) -> None:
    await chat.say("/push", ADMIN)
    await chat.press("位读者", ADMIN)
    await work(chat)
