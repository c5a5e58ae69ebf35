"""A correction with very many readers outlives the lease of matching many times over: it is renewed, and the work is done once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chat_driver import KNOWLEDGE, TEXTS
from pipeline_world import NOW, SLOT, World, raw, read
from store_servers import Stores

from bot.notices import Notices
from bot.steps import Steps
from digests import follow_ups
from digests.compose import compose_due
from digests.pipeline import MATCH_LEASE, check_source
from digests.types import ArticleId, Delivery
from subscriptions import SubscriberId

WRONG = "青禾锂电开工：总投资25亿元的项目今天开工"


class Slow:
    """FollowUps to which a portion of readers takes as long as fourteen thousand of them would."""

    def __init__(self, world: World, clock: list[datetime]) -> None:
        self._world, self._clock = world, clock
        self.asked: list[SubscriberId] = []
        self.stolen = 0

    async def carrying(self, subscriber: SubscriberId, article: ArticleId) -> list[Delivery]:
        self.asked.append(subscriber)
        self._clock[0] += MATCH_LEASE / 50
        if await self._world.all.issues.claim_to_match(self._clock[0], MATCH_LEASE) is not None:
            self.stolen += 1
        return await self._world.all.follow_ups.carrying(subscriber, article)

    async def follow_up(self, delivery: Delivery, now: datetime) -> bool:
        return await self._world.all.follow_ups.follow_up(delivery, now)


async def publish(world: World, steps: Steps, text: str, now: datetime) -> None:
    world.source.items[:] = [raw(text)]
    assert [one async for one in check_source(world.source, world.all.issues, lambda r: replace(read(r), id="i"), now)]
    while await steps.match():
        pass


async def test_what_nobody_holds_is_forgotten_by_a_step(memory_stores: Stores) -> None:
    world, clock = World(memory_stores), [NOW]
    notices = Notices(world.stores, memory_stores.admin, TEXTS, frozenset())
    steps = Steps(world.stores, memory_stores.follow_ups, KNOWLEDGE, [], notices, lambda: clock[0], lambda: None, lambda *_: None)  # fmt: skip
    reader = await world.reader("1", "青禾锂电", "独家")
    await world.service.unsubscribe("1", reader.subscriptions[1].query_id, NOW)
    for _ in range(2):
        assert not await steps.forget_queries()
        clock[0] += timedelta(hours=1)
    assert [len(page) for page in [page async for page in memory_stores.subscribers.iter_queries()]] == [1]


async def test_the_lease_is_renewed_while_it_lasts(memory_stores: Stores, monkeypatch: object) -> None:
    world, clock, readers = World(memory_stores), [NOW], 200
    slow = Slow(world, clock)
    notices = Notices(world.stores, memory_stores.admin, TEXTS, frozenset())
    steps = Steps(
        world.stores, slow, KNOWLEDGE, [], notices, lambda: clock[0], lambda: None, lambda *_: None
    )  # fmt: skip
    for n in range(1, readers + 1):
        await world.reader(f"{n}", "青禾锂电")
    await publish(world, steps, WRONG, NOW)
    clock[0] = SLOT
    await compose_due(world.stores, SLOT, readers)
    for one in await memory_stores.outbox.claim(SLOT, readers, timedelta(minutes=1)):
        done = replace(one, state="sent", sent=(7,), settled=SLOT)
        await memory_stores.outbox.settle(done, SLOT, next_at=None, chat_at=SLOT)
    monkeypatch.setattr(follow_ups, "PORTION", 20)  # type: ignore[attr-defined]
    await publish(world, steps, WRONG.replace("25", "26"), SLOT)
    assert clock[0] - SLOT >= 4 * MATCH_LEASE, "it took four leases"
    assert slow.stolen == 0 and sorted(slow.asked) == sorted(f"{n}" for n in range(1, readers + 1))
    edits = await memory_stores.outbox.claim(clock[0], readers + 1, timedelta(minutes=1))
    assert len(edits) == readers and {one.kind for one in edits} == {"correction"}
