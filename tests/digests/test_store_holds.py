"""The contract of Holds over an outbox, on memory, a server and a cluster."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from store_servers import Stores

from digests import holds_redis
from digests.types import Delivery

NOW = datetime(2026, 5, 1, 8, 0, 0, 123456, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def of(batch: str, chat: int, id: str = "") -> Delivery:
    return Delivery(id or f"{batch}-{chat}", f"{chat}", "broadcast", NOW, html="x", batch=batch)


async def claim(stores: Stores, now: datetime = NOW, limit: int = 99) -> set[str]:
    return {d.id for d in await stores.outbox.claim(now, limit, MINUTE)}


async def test_a_hold_holds_one_batch_and_nothing_else(stores: Stores) -> None:
    await stores.outbox.put([of("a", 1), of("b", 1), of("a", 2), of("a", -3), of("", 4, "own")], NOW)
    for _ in range(2):
        await stores.holds.hold("a")
    assert await claim(stores) == {"b-1", "own"}
    assert await claim(stores) == set()
    assert dict(await stores.outbox.batch_report("a")) == {"queued": 3}
    for _ in range(2):
        await stores.holds.release("a", NOW + MINUTE)
    assert await claim(stores, NOW + MINUTE + SECOND) == {"b-1", "own", "a-2", "a--3"}, "a-1 stands behind b-1 now"
    assert await stores.outbox.backlog(NOW + MINUTE) != (0, timedelta(0))


async def test_few_who_may_be_sent_are_found_among_many_who_may_not(stores: Stores) -> None:
    await stores.outbox.put([of("a", n) for n in range(1, 60)], NOW)
    await stores.outbox.put([of("b", 60)], NOW + SECOND)
    await stores.holds.hold("a")
    assert await claim(stores, NOW + MINUTE, limit=5) == {"b-60"}
    assert await claim(stores, NOW + MINUTE, limit=5) == set()
    assert await stores.outbox.backlog(NOW) == (1, timedelta(0))


async def test_what_is_put_later_is_held_too(stores: Stores) -> None:
    await stores.holds.hold("a")
    await stores.outbox.put([of("a", 1)], NOW)
    assert await claim(stores) == set()
    assert [d.id for d in await stores.holds.passed_over("a", 9)] == ["a-1"]
    await stores.holds.release("a", NOW)
    assert await claim(stores) == {"a-1"}


async def test_what_is_on_its_way_ends_as_it_ends(stores: Stores) -> None:
    """Claimed before: its claim stays good; only when that lapses is it passed over."""
    await stores.outbox.put([of("a", 1), of("a", 2)], NOW)
    one, two = sorted(await stores.outbox.claim(NOW, 9, MINUTE), key=lambda d: d.id)
    await stores.holds.hold("a")
    assert await stores.holds.passed_over("a", 9) == []
    await stores.outbox.settle(replace(one, state="sent", sent=(5,)), NOW, next_at=None, chat_at=NOW)
    await stores.outbox.settle(two, NOW, next_at=NOW + SECOND, chat_at=NOW)
    assert await claim(stores, NOW + SECOND) == set()
    assert [d.id for d in await stores.holds.passed_over("a", 9)] == ["a-2"]
    await stores.outbox.settle(replace(two, state="sent", sent=(6,)), NOW, next_at=None, chat_at=NOW)
    assert await stores.holds.passed_over("a", 9) == [], "a slow sender was quicker than the hold"
    await stores.holds.release("a", NOW)
    assert await claim(stores, NOW + MINUTE) == set()
    assert dict(await stores.outbox.batch_report("a")) == {"sent": 2}


async def test_stopping_settles_what_was_passed_over(stores: Stores) -> None:
    await stores.outbox.put([of("a", n) for n in range(1, 6)] + [of("b", 1)], NOW)
    await stores.holds.hold("a")
    await claim(stores)
    stopped = 0
    while found := await stores.holds.passed_over("a", 2):
        assert len(found) <= 2
        for one in found:
            await stores.outbox.settle(replace(one, state="stopped"), NOW, next_at=None, chat_at=NOW)
            stopped += 1
    assert stopped == 5 and dict(await stores.outbox.batch_report("a")) == {"stopped": 5}
    await stores.holds.release("a", NOW)
    assert await claim(stores, NOW + 2 * MINUTE) == {"b-1"}
    assert await stores.holds.passed_over("a", 0) == []


async def test_what_moves_or_is_forgotten_meanwhile(stores: Stores) -> None:
    await stores.outbox.put([of("a", -1), of("a", 2), of("a", 3)], NOW)
    await stores.holds.hold("a")
    await claim(stores)
    await stores.outbox.drop("2")
    await stores.outbox.move("-1", "-1001", NOW)
    assert [d.id for d in await stores.holds.passed_over("a", 9)] == ["a-3"]
    await stores.holds.release("a", NOW)
    assert await claim(stores, NOW + SECOND) == {"a--1", "a-3"}
    found = await stores.outbox.find_delivery("a--1", "-1001")
    assert found is not None and found.attempts == 1


async def test_one_that_is_tried_again_is_not_queued_twice(stores: Stores) -> None:
    await stores.outbox.put([of("a", 1)], NOW)
    (one,) = await stores.outbox.claim(NOW, 9, MINUTE)
    await stores.holds.hold("a")
    assert await claim(stores, NOW + MINUTE) == set()
    await stores.outbox.settle(replace(one, state="failed"), NOW, next_at=None, chat_at=NOW)
    assert await stores.outbox.retry("a-1", "1", NOW + MINUTE)
    await stores.holds.release("a", NOW + MINUTE)
    (again,) = await stores.outbox.claim(NOW + 2 * MINUTE, 9, MINUTE)
    await stores.outbox.settle(replace(again, state="sent"), NOW, next_at=None, chat_at=NOW)
    assert await claim(stores, NOW + 9 * MINUTE) == set()


async def test_the_members_of_a_batch(stores: Stores, monkeypatch: object) -> None:
    monkeypatch.setattr(holds_redis, "PORTION", 2)  # type: ignore[attr-defined]
    await stores.outbox.put([of("a", n) for n in range(1, 30)] + [of("b", 1)], NOW)
    await stores.outbox.drop("7")
    for one in await stores.outbox.claim(NOW, 99, MINUTE):
        await stores.outbox.settle(replace(one, state="sent", sent=(1,)), NOW, next_at=None, chat_at=NOW)
    members = [d async for d in stores.holds.iter_members("a")]
    assert {d.subscriber for d in members} == {f"{n}" for n in range(1, 30) if n != 7} and len(members) == 28
    assert [d.subscriber async for d in stores.holds.iter_members("b")] == ["1"]
    assert [d async for d in stores.holds.iter_members("none")] == []
