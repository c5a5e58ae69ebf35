"""A push that is rather lost than twice: what may have been sent is not sent again, and is counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from chat_driver import ADMIN, labels
from push_kit import Service, acts, deliver, looked, pushing, readers, running, steps_of, work
from store_servers import Stores

from bot.batch_steps import Guard
from bot.sandbox import Fault
from digests.types import Audience, Batch

MINUTE = timedelta(minutes=1)


async def broadcast(service: Service, once: bool, text: str = "明天休息") -> Batch:
    plan = await service.pushes.plan_broadcast(text, "", Audience(), ADMIN, service.now)
    if once:
        plan = await service.pushes.switch(plan.batch.id, "once", True, service.now)  # type: ignore[assignment]
    batch = await service.pushes.confirm(plan.batch.id, plan.batch.readers, ADMIN, service.now, way=plan.batch.way)
    assert isinstance(batch, Batch)
    return batch


def shown(service: Service, people: list[int]) -> list[int]:
    return [len([m for m in service.shown(person) if m["text"] == "明天休息"]) for person in people]


@pytest.mark.parametrize("once", [False, True])
async def test_a_connection_that_breaks_after_it_was_sent(redis_stores: Stores, once: bool) -> None:
    async with running(redis_stores) as service:
        people = await readers(service)
        service.api.sandbox.faults.add(Fault("sendMessage", "reset", after=True, chat=people[0]))
        batch = await broadcast(service, once)
        await service.work(9)
        (found,) = [d async for d in redis_stores.holds.iter_members(batch.id) if d.subscriber == f"{people[0]}"]
        if once:
            assert shown(service, people) == [1, 1, 1]
            assert await service.states(batch.id) == {"sent": 2, "uncertain": 1}
            assert found.state == "uncertain" and "(possibly sent)" in found.error
        else:
            assert shown(service, people) == [2, 1, 1] and await service.states(batch.id) == {"sent": 3}
            assert found.attempts == 2


@pytest.mark.parametrize("once", [False, True])
async def test_a_connection_that_breaks_before_nobody_can_tell(redis_stores: Stores, once: bool) -> None:
    async with running(redis_stores) as service:
        people = await readers(service)
        service.api.sandbox.faults.add(Fault("sendMessage", "reset", chat=people[0]))
        await broadcast(service, once)
        await service.work(9)
        assert shown(service, people) == [0 if once else 1, 1, 1]


async def test_what_telegram_certainly_refused_is_sent_again(redis_stores: Stores) -> None:
    async with running(redis_stores) as service:
        people = await readers(service)
        service.api.sandbox.faults.add(Fault("sendMessage", code=429, retry_after=3, chat=people[0], times=2))
        batch = await broadcast(service, once=True)
        await service.work(12)
        assert shown(service, people) == [1, 1, 1] and await service.states(batch.id) == {"sent": 3}


@pytest.mark.parametrize("once", [False, True])
async def test_a_process_that_dies_before_it_can_tell(redis_stores: Stores, once: bool) -> None:
    """It sent the message, and did not live to settle it."""
    async with running(redis_stores) as service:
        people = await readers(service)
        batch = await broadcast(service, once)
        await service.steps.step()
        relay, outcomes = service.relay, service.relay._outcomes

        async def die(*_: Any) -> None:
            raise RuntimeError("killed")

        relay._outcomes = type("Dead", (), {"settle": die, "stopped_until": outcomes.stopped_until})()
        await relay.step()
        assert shown(service, people) == [1, 1, 1] and await service.states(batch.id) == {"queued": 3}
        relay._outcomes = outcomes
        service.api.clock.seconds += 61
        await service.work(9)
        assert shown(service, people) == ([1, 1, 1] if once else [2, 2, 2])
        assert await service.states(batch.id) == ({"uncertain": 3} if once else {"sent": 3})


async def test_a_process_that_stood_still_does_not_send_what_another_has(redis_stores: Stores) -> None:
    async with running(redis_stores) as service:
        people = await readers(service)
        await broadcast(service, once=True)
        await service.steps.step()
        await service.relay._take()
        service.api.clock.seconds += 20
        claimed = await redis_stores.outbox.claim(service.now + MINUTE, 9, MINUTE)
        assert len(claimed) == 3
        await service.relay.step()
        assert shown(service, people) == [0, 0, 0]


async def test_an_admin_chooses_it_and_the_report_counts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = await pushing()
    await chat.say("/push", ADMIN)
    before = chat.data_of("发给 2 位读者")
    asked, _ = await chat.press("宁漏勿重", ADMIN)
    assert "不再重发" in asked.text and "✓ 宁漏勿重" in labels(asked)
    refused, *_ = await chat.tap(before, ADMIN)
    assert "还没有发送" in refused.text and await acts(chat) == []
    await chat.press("发给 2 位读者", ADMIN)
    await work(chat)
    claimed = await deliver(chat, "uncertain")
    assert len(claimed) == 2 and all(one.once for one in claimed)
    await work(chat)
    assert "不知道送到没有，未重发：2" in (await looked(chat)).text
    (entry,) = await chat.world.all.admin.recent_audit(9)
    assert entry.action == "push" and entry.detail["once"]
    monkeypatch.setattr(chat.digests, "audit", lambda _: chat.world.all.admin.recent_audit(9))
    (told,) = await chat.say("/audit", ADMIN)
    assert "推送：2 位读者" in told.text and "宁漏勿重" in told.text


async def test_a_push_of_which_nothing_is_certain_stops_itself() -> None:
    chat = await pushing(6)
    await chat.say("/push", ADMIN)
    await chat.press("宁漏勿重", ADMIN)
    await chat.press("发给 6 位读者", ADMIN)
    await steps_of(chat).step()
    await deliver(chat, "uncertain", most=3)
    await work(chat, Guard(share=0.2, least=3))
    assert await acts(chat) == ["push", "push-failing"]
