"""When a reader's next digest is due: pure arithmetic on calendars and time zones.

A slot is a wall-clock time on a day of the cadence; it falls on the first instant at which the local clock shows that
time or a later one. So a slot inside a daylight-saving gap moves to the end of the gap, and one in an hour that
comes twice is met once, the first time. A slot within the quiet hours falls on their end. Nothing here reads the clock.
Time zones are IANA names; an unknown one raises zoneinfo.ZoneInfoNotFoundError. Days off come from the table of
chinese_calendar; for years that it does not have yet, Monday to Friday are working days.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar

from subscriptions.types import Cadence, Subscriber, Subscription

Quiet = tuple[int, int] | None
"""From and to, in minutes after midnight: see Settings.quiet."""

DAY = timedelta(days=1)
LONGEST = 64
"""Days to look at: two months, so that one slot is always among them."""
KEPT = 8192
"""Instants remembered: most readers have the same few times of day in the same few zones."""
LARGEST_JUMP = 2
"""Days by which a local calendar has been put forward or back at most (Samoa 2011, Kwajalein 1993), rounded up."""


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """What to serve at a moment: `slot`, the newest that has passed, and `next`, when to come again; both None for instant."""

    slot: datetime | None
    next: datetime | None


def next_due(cadence: Cadence, timezone: str, after: datetime, quiet: Quiet = None) -> datetime | None:
    """The first slot strictly after `after` (aware), in UTC; None for instant."""
    if cadence.kind == "instant":
        return None
    zone = ZoneInfo(timezone)
    start = after.astimezone(zone).date() - LARGEST_JUMP * DAY
    days = (start + n * DAY for n in range(LONGEST + 2 * LARGEST_JUMP))
    return next((slot for slot in _slots(cadence, zone, days, quiet) if slot > after), None)


def last_slot(cadence: Cadence, timezone: str, now: datetime, quiet: Quiet = None) -> datetime | None:
    """The newest slot at or before `now` (aware), in UTC; None for instant."""
    if cadence.kind == "instant":
        return None
    zone = ZoneInfo(timezone)
    start = now.astimezone(zone).date() + LARGEST_JUMP * DAY
    days = (start - n * DAY for n in range(LONGEST + 2 * LARGEST_JUMP))
    backwards = Cadence(cadence.kind, cadence.times[::-1], cadence.weekday, cadence.day)
    return next((slot for slot in _slots(backwards, zone, days, quiet) if slot <= now), None)


def take_slot(cadence: Cadence, timezone: str, now: datetime) -> SlotTaken:
    """Decide what `now` serves. After an outage the missed slots are made good once, by the newest of them: the next one is
    counted from now, not from the one that was missed."""
    return SlotTaken(last_slot(cadence, timezone, now), next_due(cadence, timezone, now))


def quiet_until(quiet: Quiet, timezone: str, now: datetime) -> datetime | None:
    """The end, in UTC, of the quiet hours in which `now` lies; None outside them."""
    if quiet is None or quiet[0] == quiet[1]:
        return None
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    for day in (today + n * DAY for n in range(-LARGEST_JUMP, LARGEST_JUMP + 1)):
        end = first_instant(_wall(day + DAY * (quiet[1] < quiet[0]), quiet[1]), zone)
        if first_instant(_wall(day, quiet[0]), zone) <= now < end:
            return end
    return None


def cadence_of(subscriber: Subscriber, subscription: Subscription) -> Cadence:
    """The subscription's own cadence, or else the subscriber's."""
    return subscription.cadence or subscriber.settings.cadence


def subscriber_due(subscriber: Subscriber, after: datetime) -> datetime | None:
    """When to come again at the latest: the earliest slot after `after` over all subscriptions, or the end of the quiet hours for an
    instant one that may wait in them. None if paused, without any, or all of them instant."""
    if subscriber.paused is not None:
        return None
    settings = subscriber.settings
    cadences = {cadence_of(subscriber, subscription) for subscription in subscriber.subscriptions}
    slots = [next_due(cadence, settings.timezone, after, settings.quiet) for cadence in cadences]
    if any(cadence.kind == "instant" for cadence in cadences):
        slots.append(quiet_until(settings.quiet, settings.timezone, after))
    return min((slot for slot in slots if slot is not None), default=None)


def is_due(cadence: Cadence, timezone: str, since: datetime, now: datetime, quiet: Quiet = None) -> bool:
    """Whether something that waits since `since` may go out now: outside the quiet hours for instant, else once a slot has
    passed meanwhile."""
    if cadence.kind == "instant":
        return quiet_until(quiet, timezone, now) is None
    slot = last_slot(cadence, timezone, now, quiet)
    return slot is not None and slot > since


def due_subscriptions(subscriber: Subscriber, now: datetime) -> tuple[Subscription, ...]:
    """Those whose articles go out now: of the instant ones all, of the others those with a slot since they were last served,
    or made. The rest wait. Whether the subscriber is paused is the caller's business."""
    settings = subscriber.settings
    known: dict[tuple[Cadence, datetime], bool] = {}

    def due(held: Subscription) -> bool:
        cadence = cadence_of(subscriber, held)
        since = max(subscriber.served or held.created, held.created)
        if (cadence, since) not in known:
            known[cadence, since] = is_due(cadence, settings.timezone, since, now, settings.quiet)
        return known[cadence, since]

    return tuple(held for held in subscriber.subscriptions if due(held))


def _slots(cadence: Cadence, zone: ZoneInfo, days: Iterator[date], quiet: Quiet) -> Iterator[datetime]:
    for day in days:
        if _is_day(cadence, day):
            for minute in cadence.times:
                slot = first_instant(_wall(day, minute), zone)
                yield quiet_until(quiet, zone.key, slot) or slot


def _wall(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60))


def _is_day(cadence: Cadence, day: date) -> bool:
    if cadence.kind == "weekdays":
        return day.weekday() < 5
    if cadence.kind == "workdays":
        return is_workday(day)
    if cadence.kind == "weekly":
        return day.weekday() == cadence.weekday
    if cadence.kind == "monthly":
        return day.day == min(cadence.day, calendar.monthrange(day.year, day.month)[1])
    return True


def is_workday(day: date) -> bool:
    """By the Chinese calendar, as far as it is decreed; beyond that Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # what chinese_calendar says of years that are not decreed yet
        return day.weekday() < 5


@lru_cache(KEPT)
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
