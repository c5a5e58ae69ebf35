"""What becomes of a subscriber whose subscriptions change: one given up, worded anew, with a cadence of its own. Pure."""

from __future__ import annotations

from dataclasses import replace

from subscriptions.threads import renamed
from subscriptions.types import Cadence, QueryId, Subscriber, Subscription


def without(subscriber: Subscriber, query: QueryId | None) -> Subscriber:
    left = tuple(held for held in subscriber.subscriptions if held.query_id != query)
    return replace(subscriber, subscriptions=left)


def texted(subscriber: Subscriber, known: Subscription, waiting: tuple[int, ...]) -> Subscriber:
    """With the text of a query that may have been read without it, and more that waits for it."""
    held = (
        replace(one, query=known.query, waiting=tuple(sorted({*one.waiting, *waiting})))
        if one.query_id == known.query_id
        else one
        for one in subscriber.subscriptions
    )
    return replace(subscriber, subscriptions=tuple(held))


def with_cadence(subscriber: Subscriber, query: QueryId, cadence: Cadence | None) -> Subscriber:
    changed = tuple(
        replace(held, cadence=cadence) if held.query_id == query else held for held in subscriber.subscriptions
    )
    return replace(subscriber, subscriptions=changed)


def with_query(subscriber: Subscriber, old: QueryId, new: Subscription) -> Subscriber:
    """`new` with the age and the cadence of `old`."""
    changed = tuple(
        replace(new, created=held.created, cadence=held.cadence) if held.query_id == old else held
        for held in subscriber.subscriptions
    )
    return renamed(replace(subscriber, subscriptions=changed), old, new.query_id)
