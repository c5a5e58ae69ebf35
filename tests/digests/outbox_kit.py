"""What the tests of outboxes share: a digest, deliveries, readers, and the usual steps with few words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from store_servers import Stores

from digests.types import Delivery, Digest, DigestGroup, DigestItem
from subscriptions import Cadence, Settings, Subscriber, Subscription, query_id
from subscriptions.types import CadenceKind

NOW = datetime(2026, 5, 1, 8, 0, 0, 123456, tzinfo=UTC)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
QUERY = query_id("a")
DIGEST = Digest(
    (DigestGroup("动力电池", (DigestItem(7, (QUERY,)), DigestItem(1 << 31, (QUERY, QUERY)))),), ("i1",), 12, NOW
)


def delivery(id: str, subscriber: str = "1", **more: Any) -> Delivery:
    return Delivery(id, subscriber, "notice", NOW, html=f"<b>{id}</b>", **more)


async def subscribed(stores: Stores, id: str = "1", cadence: CadenceKind = "daily") -> Subscriber:
    value = Subscriber(id, Settings(cadence=Cadence(cadence)), NOW, (Subscription(QUERY, "a", 0, NOW),))
    return await stores.subscribers.put_subscriber(value, due=None)


def advanced(value: Subscriber, cursor: int) -> Subscriber:
    return replace(value, subscriptions=tuple(replace(s, cursor=cursor) for s in value.subscriptions))


async def claim(stores: Stores, now: datetime = NOW, limit: int = 9) -> list[str]:
    return [d.id for d in await stores.outbox.claim(now, limit, MINUTE)]


async def settle(stores: Stores, value: Delivery, now: datetime = NOW, chat_at: datetime = NOW, **more: Any) -> None:
    await stores.outbox.settle(
        replace(value, state=more.pop("state", "sent"), **more), now, next_at=None, chat_at=chat_at
    )
