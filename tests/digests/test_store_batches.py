"""The contract of BatchStore, on memory, a server and a cluster."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from store_servers import Stores

from digests.types import Batch

NOW = datetime(2026, 5, 1, 8, 0, 0, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PLAN = Batch("b1", "broadcast", 7, NOW, 120, html='<b>各位</b> "state": "planned"')


async def test_a_plan_is_kept(stores: Stores) -> None:
    assert await stores.batches.find_batch("b1") is None
    for _ in range(2):
        await stores.batches.put_batch(PLAN, MINUTE)
    assert await stores.batches.find_batch("b1") == PLAN
    assert await stores.batches.claim_batch(NOW + MINUTE, MINUTE) is None


async def test_a_plan_starts_once(stores: Stores) -> None:
    await stores.batches.put_batch(PLAN, MINUTE)
    started = await asyncio.gather(*(stores.batches.start_batch("b1", NOW) for _ in range(4)))
    assert [batch for batch in started if batch] == [replace(PLAN, state="composing")]
    assert await stores.batches.start_batch("none", NOW) is None
    assert await stores.batches.find_batch("b1") == replace(PLAN, state="composing")


async def test_what_is_under_way_is_claimed_under_a_lease(stores: Stores) -> None:
    for n in (1, 2):
        await stores.batches.put_batch(replace(PLAN, id=f"b{n}"), MINUTE)
        await stores.batches.start_batch(f"b{n}", NOW + n * MINUTE)
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
