"""A group became a supergroup, or a forum topic is gone: which subscriber results. Pure."""

from __future__ import annotations

from dataclasses import replace

from subscriptions.types import Subscriber, SubscriberId, Subscription


def moved(old: Subscriber, id: SubscriberId, there: Subscriber | None) -> Subscriber:
    """What `id` has after it took over what `old` had. `there`: what it had before; its settings win.

    A query that both had is counted from the lower cursor, and slots from the earlier serving: rather looked at twice than
    missed.
    """
    if there is None:
        kind = "supergroup" if old.chat_kind == "group" else old.chat_kind
        return replace(old, id=id, rev=0, chat_kind=kind, made_for="")
    mine = {s.query_id: s for s in there.subscriptions}
    for subscription in old.subscriptions:
        mine[subscription.query_id] = _earlier(mine.get(subscription.query_id, subscription), subscription)
    served = min(old.served, there.served) if old.served and there.served else None
    threads = tuple(dict.fromkeys((*there.threads, *old.threads)))
    asked = there.asked or old.asked
    return replace(there, subscriptions=tuple(mine.values()), served=served, threads=threads, asked=asked)


def _earlier(kept: Subscription, other: Subscription) -> Subscription:
    waiting = tuple(sorted({*kept.waiting, *other.waiting}))
    return replace(
        kept, cursor=min(kept.cursor, other.cursor), created=min(kept.created, other.created), waiting=waiting
    )
