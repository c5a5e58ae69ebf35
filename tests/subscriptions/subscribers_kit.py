"""What the tests of subscribers' stores share: readers, what they hold, and moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from subscriptions import Cadence, QueryId, Settings, Subscriber, Subscription, query_id

NOW = datetime(2026, 5, 1, 8, 0, 0, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAILY, INSTANT = Cadence(), Cadence("instant", ())


def qid(text: str) -> QueryId:
    return query_id(text)


def held(text: str, cursor: int = 0, cadence: Cadence | None = None) -> Subscription:
    return Subscription(qid(text), text, cursor, NOW, cadence)


def reader(id: str, *subscriptions: Subscription, cadence: Cadence = DAILY, **more: Any) -> Subscriber:
    return Subscriber(id, Settings(cadence=cadence), NOW, subscriptions, **more)
