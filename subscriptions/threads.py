"""A subscription in a forum topic (a thread) of its own: what the topic begins with, and what the place that it left keeps. Pure.

A topic is a subscriber like any other, so that it has its own settings, digests and ledger; only its name follows its query.
"""

from __future__ import annotations

from dataclasses import replace

from subscriptions.types import QueryId, Subscriber, Subscription, chat_of, subscriber_id

MOST_THREADS = 50
"""Topics that the place remembers, the newest last. An older one is no longer in its list, and is forgotten where one asks there."""


def in_own_thread(place: Subscriber, held: Subscription, thread: int) -> Subscriber:
    """The subscriber for a topic made for `held`: with the settings of the place, which it leaves with its cursor and its age."""
    id = subscriber_id(chat_of(place.id), thread)
    return replace(place, id=id, subscriptions=(held,), rev=0, threads=(), made_for=held.query_id, asked=False)


def left_for(place: Subscriber, query: QueryId, thread: int) -> Subscriber:
    """The place without the subscription, and with the topic that took it."""
    rest = tuple(held for held in place.subscriptions if held.query_id != query)
    return replace(place, subscriptions=rest, threads=(*place.threads, thread)[-MOST_THREADS:])


def renamed(subscriber: Subscriber, old: QueryId | None, new: QueryId) -> Subscriber:
    """`new` has taken the place of `old`: a topic made for that is now for this."""
    return replace(subscriber, made_for=new) if old and subscriber.made_for == old else subscriber


def threads_of(place: Subscriber) -> list[str]:
    """The subscribers' ids of the topics made from here."""
    return [subscriber_id(chat_of(place.id), thread) for thread in place.threads]
