"""What a change does to a subscriber's times: nothing that is due is put off, and nothing goes out early because of it.

Pure. To compose once too often is harmless, since only what is due goes out; to compose too late is not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from subscriptions.due import cadence_of, due_subscriptions, subscriber_due
from subscriptions.types import Subscriber

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
"""When those are due who wait in front of the chat: the longest overdue are composed for first."""


def counted_from(before: Subscriber, after: Subscriber, now: datetime) -> Subscriber:
    """`after` with the moment from which its slots count. Under new times of day, and after a pause, that is now, so that a
    slot of the new kind that lies in the past brings nothing; unless a slot of the old kind has passed and is not served."""
    if _times(before) == _times(after) and before.paused == after.paused:
        return after
    waiting = before.paused is None and any(
        cadence_of(before, held).kind != "instant" for held in due_subscriptions(before, now)
    )
    return after if waiting else replace(after, served=now.replace(microsecond=0))


def due_after(before: Subscriber, after: Subscriber, now: datetime) -> datetime | None:
    """When to compose next after a change; None: paused, without subscriptions, or waiting for a hit.

    Before everybody whose slot has come, where the reader asked. Now, if something may be waiting for a subscription that is not new: a slot that passed before the change and is not served
    yet, or what came before it became instant, was worded anew, or was free of quiet hours or a pause.
    """
    if after.asked:
        return FIRST
    if after.paused or not after.subscriptions:
        return None
    settled = _settled(before, now)
    had = {held.query_id for held in before.subscriptions} - settled
    waiting = any(
        held.query_id in had or (held.created < now and held.query_id not in settled)
        for held in due_subscriptions(after, now)
    )
    return now if waiting else subscriber_due(after, now)


def _settled(before: Subscriber, now: datetime) -> set[str]:
    """The queries that were instant and free: nothing of theirs waits unless a hit has made the subscriber due."""
    if before.paused is not None:
        return set()
    due = due_subscriptions(before, now)
    return {held.query_id for held in due if cadence_of(before, held).kind == "instant"}


def _times(subscriber: Subscriber) -> object:
    settings = subscriber.settings
    own = {held.query_id: held.cadence for held in subscriber.subscriptions if held.cadence is not None}
    return settings.cadence, settings.timezone, settings.quiet, own
