"""The contract of BatchStore, on memory, a server and a cluster."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from store_servers import Stores

from digests.types import Audience, Batch

NOW = datetime(2026, 5, 1, 8, 0, 0, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PLAN = Batch(
    "b1", "broadcast", 7, NOW, 120, html='<b>各位</b> "state": "planned"', media="photo:x",
    audience=Audience("#动力电池", place="groups"), samples=("1", "-5:2"),
)  # fmt: skip


async def begun(stores: Stores, id: str = "b1", at: datetime = NOW) -> Batch:
    await stores.batches.put_batch(replace(PLAN, id=id), MINUTE)
    started = await stores.batches.start_batch(replace(PLAN, id=id), at)
    assert started is not None
    return started


async def test_a_plan_is_kept(stores: Stores) -> None:
    assert await stores.batches.find_batch("b1") is None
    for _ in range(2):
        await stores.batches.put_batch(PLAN, MINUTE)
    assert await stores.batches.find_batch("b1") == PLAN
    assert await stores.batches.claim_batch(NOW + MINUTE, MINUTE) is None
    assert await stores.batches.under_way() == []


async def test_a_plan_starts_once(stores: Stores) -> None:
    await stores.batches.put_batch(PLAN, MINUTE)
    starts = await asyncio.gather(*(stores.batches.start_batch(PLAN, NOW) for _ in range(4)))
    assert [batch for batch in starts if batch] == [replace(PLAN, state="composing", started=NOW)]
    assert await stores.batches.start_batch(replace(PLAN, id="none"), NOW) is None
    assert await stores.batches.find_batch("b1") == replace(PLAN, state="composing", started=NOW)


async def test_a_plan_may_be_changed_until_it_starts(stores: Stores) -> None:
    other = replace(PLAN, readers=3, audience=Audience(language="en"))
    assert await stores.batches.put_batch(PLAN, MINUTE) and await stores.batches.put_batch(other, MINUTE)
    assert await stores.batches.start_batch(PLAN, NOW) is None, "that is not what would be sent"
    assert await stores.batches.start_batch(other, NOW) == replace(other, state="composing", started=NOW)
    assert not await stores.batches.put_batch(PLAN, MINUTE)
    assert (await stores.batches.find_batch("b1") or PLAN).state == "composing"


async def test_what_is_under_way_is_claimed_under_a_lease(stores: Stores) -> None:
    for n in (1, 2):
        await begun(stores, f"b{n}", NOW + n * MINUTE)
    assert await stores.batches.claim_batch(NOW, MINUTE) is None
    claimed = await stores.batches.claim_batch(NOW + 2 * MINUTE, 9 * MINUTE)
    assert claimed is not None
    assert claimed.id == "b1"
    assert (await stores.batches.claim_batch(NOW + 2 * MINUTE, 9 * MINUTE) or PLAN).id == "b2"
    assert await stores.batches.claim_batch(NOW + 2 * MINUTE, MINUTE) is None
    sending = replace(claimed, state="sending", queued=30)
    await stores.batches.save_batch(sending, due=NOW + 3 * MINUTE)
    assert await stores.batches.claim_batch(NOW + 3 * MINUTE, MINUTE) == sending
    await stores.batches.save_batch(replace(sending, state="done"), due=None)
    assert (await stores.batches.claim_batch(NOW + 60 * MINUTE, MINUTE) or PLAN).id == "b2"
    assert await stores.batches.claim_batch(NOW + 60 * MINUTE, MINUTE) is None
    assert await stores.batches.find_batch("b1") == replace(sending, state="done")
    assert [batch.id for batch in await stores.batches.under_way()] == ["b2"]


async def test_one_that_is_scheduled_waits_for_its_time(stores: Stores) -> None:
    await stores.batches.put_batch(PLAN, MINUTE)
    waiting = await stores.batches.start_batch(PLAN, NOW, NOW + 9 * MINUTE)
    assert waiting == replace(PLAN, state="scheduled", at=NOW + 9 * MINUTE)
    assert await stores.batches.start_batch(PLAN, NOW) is None
    assert await stores.batches.under_way() == [waiting]
    assert await stores.batches.claim_batch(NOW + 8 * MINUTE, MINUTE) is None
    assert await stores.batches.claim_batch(NOW + 9 * MINUTE, MINUTE) == waiting


async def test_of_two_who_hold_it_back_one_does(stores: Stores) -> None:
    started = await begun(stores)
    assert await stores.batches.hold_batch("none", "paused", NOW) is None
    assert await stores.batches.hold_batch("b1", "resumed", NOW) is None
    await stores.batches.claim_batch(NOW, 9 * MINUTE)
    held = await asyncio.gather(*(stores.batches.hold_batch("b1", "paused", NOW + MINUTE) for _ in range(3)))
    assert [batch for batch in held if batch] == [replace(started, hold="paused")]
    assert await stores.batches.claim_batch(NOW + MINUTE, MINUTE) == replace(started, hold="paused")
    resumed = await stores.batches.hold_batch("b1", "resumed", NOW)
    assert resumed is not None and resumed.hold == "resumed"
    stopped = await stores.batches.hold_batch("b1", "stopped", NOW)
    assert stopped is not None and stopped.hold == "stopped"
    assert await stores.batches.hold_batch("b1", "resumed", NOW) is None
    assert await stores.batches.hold_batch("b1", "stopped", NOW) is None


async def test_saving_does_not_undo_a_hold(stores: Stores) -> None:
    await begun(stores)
    claimed = await stores.batches.claim_batch(NOW, 9 * MINUTE)
    assert claimed is not None
    await stores.batches.hold_batch("b1", "stopped", NOW)
    await stores.batches.save_batch(replace(claimed, state="sending"), due=NOW + MINUTE)
    assert await stores.batches.claim_batch(NOW, MINUTE) == replace(claimed, state="sending", hold="stopped")
    await stores.batches.save_batch(replace(claimed, state="done", ended=NOW), due=None)
    assert await stores.batches.find_batch("b1") == replace(claimed, state="done", ended=NOW, hold="stopped")
    assert await stores.batches.hold_batch("b1", "paused", NOW) is None
