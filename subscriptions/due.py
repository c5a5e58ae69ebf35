"""When a reader's next digest is due: pure arithmetic on calendars and time zones.

A slot is a wall-clock time on a day of the cadence; it falls on the first instant at which the local clock shows that
time or a later one. So a slot inside a daylight-saving gap moves to the end of the gap, and one in an hour that
comes twice is met once, the first time. Nothing here reads the clock. Time zones are IANA names; an unknown one raises
zoneinfo.ZoneInfoNotFoundError.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from subscriptions.types import Cadence, Subscriber, Subscription

DAY = timedelta(days=1)
LONGEST = 64
"""Days to look at: two months, so that one slot is always among them."""
LARGEST_JUMP = 2
"""Days by which a local calendar has been put forward or back at most (Samoa 2011, Kwajalein 1993), rounded up."""


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """What to serve at a moment: `slot`, the newest that has passed, and `next`, when to come again; both None for instant."""

    slot: datetime | None
    next: datetime | None


def next_due(cadence: Cadence, timezone: str, after: datetime) -> datetime | None:
    """The first slot strictly after `after` (aware), in UTC; None for instant."""
    if cadence.kind == "instant":
        return None
    zone = ZoneInfo(timezone)
    start = after.astimezone(zone).date() - LARGEST_JUMP * DAY
    days = (start + n * DAY for n in range(LONGEST + 2 * LARGEST_JUMP))
    return next((slot for slot in _slots(cadence, zone, days) if slot > after), None)


def last_slot(cadence: Cadence, timezone: str, now: datetime) -> datetime | None:
    """The newest slot at or before `now` (aware), in UTC; None for instant."""
    if cadence.kind == "instant":
        return None
    zone = ZoneInfo(timezone)
    start = now.astimezone(zone).date() + LARGEST_JUMP * DAY
    days = (start - n * DAY for n in range(LONGEST + 2 * LARGEST_JUMP))
    backwards = Cadence(cadence.kind, cadence.times[::-1], cadence.weekday, cadence.day)
    return next((slot for slot in _slots(backwards, zone, days) if slot <= now), None)


def take_slot(cadence: Cadence, timezone: str, now: datetime) -> SlotTaken:
    """Decide what `now` serves. After an outage the missed slots are made good once, by the newest of them: the next one is
    counted from now, not from the one that was missed."""
    return SlotTaken(last_slot(cadence, timezone, now), next_due(cadence, timezone, now))


def cadence_of(subscriber: Subscriber, subscription: Subscription) -> Cadence:
    """The subscription's own cadence, or else the subscriber's."""
    return subscription.cadence or subscriber.settings.cadence


def subscriber_due(subscriber: Subscriber, after: datetime) -> datetime | None:
    """The earliest slot after `after` over all subscriptions; None if paused, without any, or all of them instant."""
    if subscriber.paused is not None:
        return None
    cadences = {cadence_of(subscriber, subscription) for subscription in subscriber.subscriptions}
    slots = (next_due(cadence, subscriber.settings.timezone, after) for cadence in cadences)
    return min((slot for slot in slots if slot is not None), default=None)


def is_due(cadence: Cadence, timezone: str, since: datetime, now: datetime) -> bool:
    """Whether something that waits since `since` may go out now: always for instant, else once a slot has passed meanwhile."""
    slot = last_slot(cadence, timezone, now)
    return cadence.kind == "instant" or (slot is not None and slot > since)


def _slots(cadence: Cadence, zone: ZoneInfo, days: Iterator[date]) -> Iterator[datetime]:
    for day in days:
        if _is_day(cadence, day):
            for minute in cadence.times:
                yield first_instant(datetime.combine(day, time(minute // 60, minute % 60)), zone)


def _is_day(cadence: Cadence, day: date) -> bool:
    if cadence.kind == "weekdays":
        return day.weekday() < 5
    if cadence.kind == "weekly":
        return day.weekday() == cadence.weekday
    if cadence.kind == "monthly":
        return day.day == min(cadence.day, calendar.monthrange(day.year, day.month)[1])
    return True


def first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which a clock in `zone` shows the naive time `wall` or a later one."""
    # PEP 495: fold=0 counts a missing time with the offset from before the gap, fold=1 with the one from after it.
    late = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None) == wall:
        return late
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _gap_end(early, late, wall, zone)


def _gap_end(early: datetime, late: datetime, wall: datetime, zone: ZoneInfo) -> datetime:
    """Halve `early`..`late`, between which the clock jumps over `wall`, down to the second of the jump."""
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) >= wall:
            late = middle
        else:
            early = middle
    return late
