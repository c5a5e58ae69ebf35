"""Broadcasts, holds and recalls through a relay against the sandbox, which holds every call against the table of the Bot API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chat_driver import ADMIN, KNOWLEDGE, TEXTS, pushes_of
from pipeline_world import World, raw, read
from sandbox_kit import TOKEN, Client, png, sandboxed
from store_servers import Stores

from bot.batch_steps import BatchSteps, Guard
from bot.line import Line
from bot.notices import Notices
from bot.pushes import Plan
from bot.rates import Rates
from bot.relay import Relay
from bot.rendering import Renderer
from bot.sandbox import OFFICIAL_ID
from bot.sender import Sender
from bot.steps import Steps
from digests.compose import compose_for
from digests.pipeline import check_source
from digests.rates import RateLimits
from digests.rates_memory import MemoryRates
from digests.types import Audience, Batch
from subscriptions.service import SubscriptionService


@dataclass
class Service:
    """Everything between an admin's confirmation and the sandbox."""

    api: Client
    world: World
    relay: Relay
    steps: BatchSteps

    def __post_init__(self) -> None:
        self.pushes = pushes_of(self.world, TEXTS)

    @property
    def now(self) -> datetime:
        return self.api.clock.now()

    async def send(self, plan: Plan) -> Batch:
        batch = await self.pushes.confirm(plan.batch.id, plan.batch.readers, ADMIN, self.now)
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
async def running(stores: Stores) -> AsyncIterator[Service]:
    async with sandboxed() as api:
        world, clock = World(stores), api.clock
        people = list(api.sandbox.world.people)[:3]
        for person in people:
            if person != api.sandbox.world.bot_id:
                api.sandbox.act.start(person)
                await world.reader(f"{person}", "青禾锂电")
        limits, line = RateLimits(), Line(api.sandbox.base_url, TOKEN)

        async def sleep(seconds: float) -> None:
            clock.seconds += max(seconds, 0.001)

        async def alarm(_: str) -> None:
            """Dead letters are looked at in the ledger."""

        renderer = Renderer(stores.issues, stores.hits, stores.subscribers, TEXTS, KNOWLEDGE)
        relay = Relay(
            stores.outbox, stores.subscribers, SubscriptionService(stores.subscribers), Sender(line.post),
            Rates(MemoryRates(limits), limits, clock.now, sleep), renderer.chunks, alarm, clock.now, sleep,
        )  # fmt: skip
        notices = Notices(world.stores, stores.admin, TEXTS, frozenset({ADMIN}))
        steps = BatchSteps(
            world.stores, stores.holds, stores.batches, stores.admin, KNOWLEDGE, notices, Guard(), clock.now, relay.nudge
        )  # fmt: skip
        yield Service(api, world, relay, steps)
        await line.close()


async def readers(service: Service) -> list[int]:
    return sorted([int(one.id) async for one in service.world.all.subscribers.iter_subscribers()])


async def photo(service: Service) -> str:
    """As an admin's photo reaches the bot: with an id, good for sending it on."""
    _, body = await service.api.send_file("sendPhoto", "photo", "p.png", png(), chat_id=OFFICIAL_ID)
    return f"photo:{body['result']['photo'][-1]['file_id']}"


async def test_a_broadcast_goes_out_with_a_photo_and_is_deleted(redis_stores: Stores) -> None:
    async with running(redis_stores) as service:
        service.api.sandbox.act.start(OFFICIAL_ID)
        media, people = await photo(service), await readers(service)
        plan = await service.pushes.plan_broadcast("<b>明天</b>休息", media, Audience(), ADMIN, service.now)
        sent = await service.send(plan)
        assert await service.states(sent.id) == {"sent": len(people)}
        for person in people:
            (*_, message) = service.shown(person)
            assert message["photo"] and message["caption"] == "明天休息"
        recall = await service.pushes.plan_recall(sent.id, "", ADMIN, service.now)
        assert (recall.batch.readers, recall.old, recall.running) == (len(people), 0, False)
        gone = await service.send(recall)
        assert await service.states(gone.id) == {"sent": len(people)}
        assert not any(message.get("caption") == "明天休息" for person in people for message in service.shown(person))
        assert {"sendPhoto", "deleteMessage"} <= service.api.calls


async def test_what_was_sent_becomes_another_text(redis_stores: Stores) -> None:
    async with running(redis_stores) as service:
        service.api.sandbox.act.start(OFFICIAL_ID)
        media, people = await photo(service), await readers(service)
        for kind in ("", media):
            plan = await service.pushes.plan_broadcast("明天休息", kind, Audience(), ADMIN, service.now)
            sent = await service.send(plan)
            first, *rest = people
            service.api.sandbox.world.remove(
                service.api.sandbox.world.chats[first], service.shown(first)[-1]["message_id"]
            )
            recall = await service.pushes.plan_recall(sent.id, "<b>后天</b>休息", ADMIN, service.now)
            amended = await service.send(recall)
            assert await service.states(amended.id) == {"sent": len(people)}, "one was gone already"
            for person in rest:
                message = service.shown(person)[-1]
                assert message.get("text", message.get("caption")) == "后天休息"
        assert {"editMessageText", "editMessageCaption"} <= service.api.calls


async def test_what_is_too_old_is_told_and_left(redis_stores: Stores) -> None:
    async with running(redis_stores) as service:
        plan = await service.pushes.plan_broadcast("明天休息", "", Audience(), ADMIN, service.now)
        sent, people = await service.send(plan), await readers(service)
        recall = await service.pushes.plan_recall(sent.id, "", ADMIN, service.now)
        service.api.clock.seconds += timedelta(hours=48).total_seconds()
        late = await service.pushes.plan_recall(sent.id, "", ADMIN, service.now)
        assert (late.batch.readers, late.old) == (0, len(people))
        service.api.clock.seconds -= 60
        queued = await service.pushes.confirm(recall.batch.id, recall.batch.readers, ADMIN, service.now)
        assert isinstance(queued, Batch)
        await service.steps.step()
        service.api.clock.seconds += 120
        await service.work()
        assert await service.states(queued.id) == {"failed": len(people)}, "Telegram's own word comes last"
        (dead, *_) = await service.world.all.outbox.failed(9)
        assert dead.kind == "recall" and "can't be deleted" in dead.error


async def test_a_recall_of_what_is_still_being_sent_stops_it_first(redis_stores: Stores) -> None:
    async with running(redis_stores) as service:
        people = await readers(service)
        plan = await service.pushes.plan_broadcast("明天休息", "", Audience(), ADMIN, service.now)
        batch = await service.pushes.confirm(plan.batch.id, plan.batch.readers, ADMIN, service.now)
        assert isinstance(batch, Batch)
        await service.steps.step()
        first = (await service.world.all.outbox.claim(service.now, 1, timedelta(minutes=1)))[0]
        recall = await service.pushes.plan_recall(batch.id, "", ADMIN, service.now)
        assert recall.running
        doing = await service.pushes.confirm(recall.batch.id, recall.batch.readers, ADMIN, service.now)
        assert isinstance(doing, Batch)
        await service.work()
        assert await service.states(batch.id) == {"queued": 1, "stopped": len(people) - 1}
        service.api.clock.seconds += 60
        await service.work(12)
        assert await service.states(batch.id) == {"stopped": len(people)}, "a claim that lapsed is no delivery"
        assert service.shown(int(first.subscriber)) == [] and await service.states(doing.id) == {}
        progress = await service.pushes.progress(doing.id, service.now)
        assert progress is not None and progress.done and progress.states == {"nothing": 1}


async def test_a_push_is_held_while_everything_else_goes_out(redis_stores: Stores) -> None:
    async with running(redis_stores) as service:
        people = await readers(service)
        plan = await service.pushes.plan_broadcast("明天休息", "", Audience(), ADMIN, service.now)
        batch = await service.pushes.confirm(plan.batch.id, plan.batch.readers, ADMIN, service.now)
        assert isinstance(batch, Batch) and await service.pushes.hold(batch.id, "paused", ADMIN, service.now)
        other = await service.pushes.plan_broadcast("今天照常", "", Audience(), ADMIN, service.now)
        await service.send(other)
        await service.work()
        assert [[m["text"] for m in service.shown(p)] for p in people] == [["今天照常"]] * len(people)
        assert await service.pushes.hold(batch.id, "resumed", ADMIN, service.now)
        await service.work()
        assert [[m["text"] for m in service.shown(p)] for p in people] == [["今天照常", "明天休息"]] * len(people)


async def test_a_correction_edits_the_message_that_carries_it(redis_stores: Stores) -> None:
    async with running(redis_stores) as service:
        world, people = service.world, await readers(service)
        wrong = "青禾锂电开工：总投资25亿元的项目今天开工"
        await publish(service, wrong)
        for turn in [await compose_for(world.stores, f"{person}", service.now, asked=True) for person in people]:
            assert turn.delivery is not None
        await service.work()
        before = [service.shown(person) for person in people]
        assert all("25亿元" in message["text"] for (message,) in before)
        await publish(service, wrong.replace("25", "26"))
        await service.work()
        after = [service.shown(person) for person in people]
        assert all("26亿元" in message["text"] and "更正" in message["text"] for (message,) in after)
        assert [m["message_id"] for (m,) in before] == [m["message_id"] for (m,) in after]
        assert "editMessageText" in service.api.calls


async def publish(service: Service, text: str) -> None:
    """The same issue, each time as it is printed then."""
    world, all = service.world, service.world.all
    world.source.items[:] = [raw(text)]
    assert [
        one async for one in check_source(world.source, all.issues, lambda r: replace(read(r), id="i"), service.now)
    ]
    steps = Steps(
        world.stores, all.follow_ups, KNOWLEDGE, [], Notices(world.stores, all.admin, TEXTS, frozenset()),
        lambda: service.now, service.relay.nudge, lambda *_: None,
    )  # fmt: skip
    while await steps.match():
        pass
