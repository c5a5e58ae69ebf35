"""A subscriber as JSON values: what /export hands out. Times are ISO 8601 in UTC, times of day minutes after midnight.

Must not leave out anything that is kept of the subscriber, and must not add what is kept of others.
"""

from __future__ import annotations

from typing import Any

from subscriptions.service_import import plain_cadence
from subscriptions.types import Interest, Settings, Subscriber, Subscription

FORMAT = "kanbao-subscriber/1"


def export_subscriber(subscriber: Subscriber) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "id": subscriber.id,
        "chat_kind": subscriber.chat_kind,
        "title": subscriber.title,
        "owner": subscriber.owner,
        "created": subscriber.created.isoformat(),
        "paused": subscriber.paused,
        "served": subscriber.served.isoformat() if subscriber.served else None,
        "asked": subscriber.asked,
        "threads": list(subscriber.threads),
        "made_for": subscriber.made_for,
        "interest": _interest(subscriber.interest),
        "settings": _settings(subscriber.settings),
        "subscriptions": [_subscription(held) for held in subscriber.subscriptions],
    }


def _interest(interest: Interest) -> dict[str, Any]:
    suggested = interest.suggested.isoformat() if interest.suggested else None
    return {"opened": list(interest.opened), "refused": list(interest.refused), "suggested": suggested}


def _settings(settings: Settings) -> dict[str, Any]:
    return {
        "language": settings.language,
        "timezone": settings.timezone,
        "cadence": plain_cadence(settings.cadence),
        "length": settings.length,
        "nothing_today": settings.nothing_today,
        "silent": settings.silent,
        "quiet": list(settings.quiet) if settings.quiet else None,
        "suggest": settings.suggest,
    }


def _subscription(held: Subscription) -> dict[str, Any]:
    cadence = plain_cadence(held.cadence) if held.cadence else None
    return {
        "query": held.query,
        "created": held.created.isoformat(),
        "cadence": cadence,
        "waiting": list(held.waiting),
    }
