"""Pushes, broadcasts and recalls as deliveries: to whom, once, and no further than an admin wants."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pipeline_world import NOW, SLOT, World, raw
from store_servers import Stores

from digests.compose import audience, compose_due
from digests.compose_batches import compose_batch, recallable
from digests.types import Audience, Batch, Delivery
from subscriptions import AliasTable

NONE = AliasTable()
BATTERY = "青禾锂电开工：动力电池项目\n\n春茶上市：茶园采摘"
HOURS = timedelta(hours=1)


@pytest.fixture
def world(memory_stores: Stores) -> World:
    return World(memory_stores)


async def newest(world: World) -> str:
    return (await world.all.issues.recent_issues(1))[0].id


async def queue(world: World, batch: Batch, now: datetime = NOW, portions: int = 99) -> int:
    """`portions`: after so many it is stopped."""
    left = portions

    async def go_on() -> bool:
        nonlocal left
        left -= 1
        return left >= 0

    return await compose_batch(world.stores, world.all.holds, batch, NONE, now, go_on)


async def test_a_push_reaches_holders_of_matching_queries_once(world: World) -> None:
    for id, query in (("1", "青禾锂电"), ("2", "茶园"), ("3", "光伏")):
        await world.reader(id, query)
    await world.reader("4", "青禾锂电")
    await world.service.pause("4", "reader", NOW)
    await world.publish(raw(BATTERY))
    issue = await newest(world)
    assert await audience(world.stores, issue) == {"1", "2", "4"}
    batch = Batch("b1", "push", 7, NOW, 2, issue=issue)
    assert await queue(world, batch) == 2
    assert await queue(world, batch) == 0
    assert await world.all.outbox.batch_report("b1") == {"queued": 2}
    assert {turn.delivery for turn in await compose_due(world.stores, SLOT)} == {None}
    assert await audience(world.stores, "gone") == set()


async def test_a_broadcast_reaches_everybody_who_is_not_paused_once(world: World) -> None:
    for n in range(3):
        await world.reader(str(n + 1), "光伏")
    await world.service.pause("3", "reader", NOW)
    batch = Batch("b2", "broadcast", 7, NOW, 2, html="<b>维护</b>")
    assert await queue(world, batch) == 2
    assert await queue(world, batch) == 0
    (first, *_) = await world.all.outbox.claim(NOW, 10, timedelta(minutes=1))
    assert (first.kind, first.html) == ("broadcast", "<b>维护</b>")


async def test_a_broadcast_goes_out_in_portions(world: World) -> None:
    one = await world.reader("1")
    for n in range(2, 502):
        await world.all.subscribers.put_subscriber(replace(one, id=str(n), rev=0), due=None)
    batch = Batch("b3", "broadcast", 7, NOW, 501, html="甲")
    assert await queue(world, batch) == 501


async def test_one_that_is_stopped_is_composed_no_further(world: World) -> None:
    for n in range(1, 4):
        await world.reader(str(n), "青禾锂电")
    await world.publish(raw(BATTERY))
    for kind in ("push", "broadcast"):
        batch = Batch(kind, kind, 7, NOW, 3, issue=await newest(world), html="甲")
        assert await queue(world, batch, portions=0) == 0
        assert await queue(world, batch, portions=1) == 3


async def test_both_are_for_those_who_are_meant(world: World) -> None:
    await world.reader("1", "青禾锂电")
    await world.reader("2", "青禾锂电", language="en")
    await world.publish(raw(BATTERY))
    for kind in ("push", "broadcast"):
        english = Batch(kind, kind, 7, NOW, 1, issue=await newest(world), audience=Audience(language="en"))
        assert await queue(world, english) == 1


async def sent(world: World, *deliveries: Delivery) -> None:
    await world.all.outbox.put(deliveries, NOW)
    for n, one in enumerate(await world.all.outbox.claim(NOW, 99, timedelta(minutes=1))):
        done = (
            replace(one, state="sent", sent=(100 + n, 200 + n))
            if one.subscriber != "3"
            else replace(one, state="failed")
        )
        await world.all.outbox.settle(done, NOW, next_at=None, chat_at=NOW)


async def test_a_recall_is_for_what_was_sent_within_two_days(world: World) -> None:
    await sent(
        world, *(Delivery(f"d{n}", f"{n}", "broadcast", NOW, html="甲", media="photo:x", batch="b") for n in (1, 2, 3))
    )
    await world.all.outbox.put([Delivery("d4", "4", "broadcast", NOW, html="甲", batch="b")], NOW)
    assert await recallable(world.all.holds, "b", NOW + 47 * HOURS) == (2, 0)
    assert await recallable(world.all.holds, "b", NOW + 48 * HOURS) == (0, 2)
    recall = Batch("r", "recall", 7, NOW, 2, html="乙", target="b")
    assert await queue(world, recall, NOW + 48 * HOURS) == 0
    assert await queue(world, recall, NOW + HOURS) == 2
    assert await queue(world, recall, NOW + HOURS) == 0
    first, *_ = sorted(await world.all.outbox.claim(NOW + HOURS, 9, HOURS), key=lambda d: d.subscriber)
    assert (first.kind, first.subscriber, first.edits, first.html, first.media) == (
        "recall",
        "1",
        (100, 200),
        "乙",
        "photo:x",
    )


async def test_what_is_sent_in_parts_is_recalled_as_far_as_it_went(world: World) -> None:
    await world.all.outbox.put([Delivery("d", "1", "broadcast", NOW, html="甲", batch="b")], NOW)
    await world.all.outbox.progress("d", "1", 55)
    assert await queue(world, Batch("r", "recall", 7, NOW, 1, target="b"), NOW + HOURS) == 1
