"""From what an admin confirmed to deliveries in the outbox: pushes, broadcasts and recalls.

Repeatable after a crash, for the ids of deliveries follow from batch and reader. Stops where it is once the batch is stopped.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

from digests.batches import is_meant, is_recallable
from digests.compose import Stores, audience, compose_issue, delivery_id
from digests.ports import Holds
from digests.types import Batch, Delivery
from subscriptions import AliasTable, Subscriber

PORTION = 500

GoOn = Callable[[], Awaitable[bool]]
"""Asked before each portion: False once the batch is stopped."""


async def compose_batch(
    stores: Stores, holds: Holds, batch: Batch, aliases: AliasTable, now: datetime, go_on: GoOn
) -> int:
    """Queue every delivery; answers how many were new."""
    if batch.kind == "push":
        return await _compose_push(stores, batch, aliases, now, go_on)
    made = _broadcast(stores, batch, now) if batch.kind == "broadcast" else _recall(holds, batch, now)
    queued = 0
    async for portion in _portions(made):
        if not await go_on():
            break
        queued += await stores.outbox.put(portion, now)
    return queued


async def reached(stores: Stores, batch: Batch) -> AsyncIterator[Subscriber]:
    """Readers that a push or broadcast is meant for. Of a push some have had all of it: only composing tells."""
    if batch.kind == "broadcast":
        async for reader in stores.subscribers.iter_subscribers():
            if is_meant(batch.audience, reader):
                yield reader
        return
    ids = sorted(await audience(stores, batch.issue))
    for start in range(0, len(ids), PORTION):
        for reader in await stores.subscribers.get_subscribers(ids[start : start + PORTION]):
            if is_meant(batch.audience, reader):
                yield reader


async def recallable(holds: Holds, target: str, now: datetime) -> tuple[int, int]:
    """Of a batch, how many deliveries can still be recalled, and how many were sent too long ago."""
    able = old = 0
    async for delivery in holds.iter_members(target):
        if delivery.sent:
            is_able = _is_recallable(delivery, now)
            able, old = able + is_able, old + (not is_able)
    return able, old


async def _compose_push(stores: Stores, batch: Batch, aliases: AliasTable, now: datetime, go_on: GoOn) -> int:
    queued = looked = 0
    async for reader in reached(stores, batch):
        if looked % PORTION == 0 and not await go_on():
            break
        looked += 1
        made = await compose_issue(stores, reader, [batch.issue], aliases, now, batch=batch)
        queued += made is not None
    return queued


async def _broadcast(stores: Stores, batch: Batch, now: datetime) -> AsyncIterator[Delivery]:
    async for reader in reached(stores, batch):
        yield broadcast_to(batch, reader.id, delivery_id(reader.id, batch.id), now)


def broadcast_to(batch: Batch, subscriber: str, id: str, now: datetime) -> Delivery:
    return Delivery(
        id, subscriber, "broadcast", now, html=batch.html, media=batch.media, batch=batch.id, once=batch.once
    )


async def _recall(holds: Holds, batch: Batch, now: datetime) -> AsyncIterator[Delivery]:
    async for sent in holds.iter_members(batch.target):
        if sent.sent and _is_recallable(sent, now):
            id = delivery_id(sent.subscriber, sent.id, batch.id)
            yield Delivery(
                id, sent.subscriber, "recall", now, html=batch.html, media=sent.media, batch=batch.id, edits=sent.sent
            )


def _is_recallable(delivery: Delivery, now: datetime) -> bool:
    """One that is being sent in parts counts by its beginning."""
    return is_recallable(delivery.settled or delivery.created, now)


async def _portions(made: AsyncIterator[Delivery]) -> AsyncIterator[list[Delivery]]:
    portion: list[Delivery] = []
    async for one in made:
        portion.append(one)
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion
