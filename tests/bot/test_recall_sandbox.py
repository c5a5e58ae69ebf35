"""Broadcasts, holds and recalls through a relay against the sandbox, which holds every call against the table of the Bot API."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chat_driver import ADMIN, KNOWLEDGE, TEXTS
from pipeline_world import raw, read
from push_kit import Service, photo, readers, running
from store_servers import Stores

from bot.notices import Notices
from bot.sandbox import OFFICIAL_ID
from bot.steps import Steps
from digests.compose import compose_for
from digests.follow_ups import answer
from digests.pipeline import check_source
from digests.types import Audience, Batch


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
        for turn in [await world.asks(f"{person}", service.now) for person in people]:
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
        for person, (told,) in zip(people, after, strict=True):  # and what it says can still be opened
            number = told["reply_markup"]["inline_keyboard"][0][0]
            opened = await world.all.outbox.find_delivery(number["callback_data"].split(":")[1], f"{person}")
            assert number["text"] == "1" and opened is not None and opened.digest is not None


async def compose(service: Service) -> None:
    """The slot of every reader has come."""
    world = service.world
    for person in await readers(service):
        await compose_for(
            world.stores, f"{person}", service.now,
            answer=lambda reader, digest: answer(world.stores, world.all.follow_ups, reader, digest, service.now),
        )  # fmt: skip


async def test_what_cannot_be_edited_is_corrected_by_an_answer(redis_stores: Stores) -> None:
    """Of one reader the message is gone, the other's is too old."""
    async with running(redis_stores) as service:
        people = await readers(service)
        wrong = "青禾锂电开工：总投资25亿元的项目今天开工，书记王建国出席"
        await publish(service, wrong)
        await compose(service)
        await service.work()
        first, *_ = people
        before = {person: service.shown(person)[-1]["message_id"] for person in people}
        service.api.sandbox.world.remove(service.api.sandbox.world.chats[first], before[first])
        service.api.clock.seconds += timedelta(hours=24).total_seconds()
        await publish(service, wrong.replace("25", "26"))
        await service.work()
        assert service.shown(first) == [], "nothing to edit, and nothing told before the slot"
        await compose(service)
        await service.work()
        (told,) = service.shown(first)
        assert "更正" in told["text"] and "原为“总投资25亿元”，现为“总投资26亿元”" in told["text"]
        assert "reply_to_message" not in told, "what is gone is answered by a message of its own"
        assert [len(service.shown(person)) for person in people[1:]] == [1, 1], "they have the edit"
        service.api.clock.seconds += timedelta(hours=49).total_seconds()
        await publish(service, wrong.replace("25", "26").replace("王建国", "王建军"))
        await compose(service)
        await service.work()
        for person in people[1:]:
            (*_, told) = service.shown(person)
            assert told["reply_to_message"]["message_id"] == before[person]
            assert "《青禾锂电开工》（云溪时报 2026年3月3日）" in told["text"]
            assert "原为“王建国”，现为“王建军”" in told["text"] and "25亿元" not in told["text"]


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
