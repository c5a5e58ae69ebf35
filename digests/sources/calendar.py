"""A publication's calendar: when its next issue is expected, how closely to look, what is late, which number is missing.

Pure. The rhythm is what people settled, and for the rest what was learnt from the moments at which issues were first seen. Joint
issues (合刊) count for every number and day they stand for; announced breaks (休刊) and skipped days expect nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

CLOSE, HOURLY, RARE = timedelta(minutes=12), timedelta(hours=1), timedelta(hours=3)
GRACE = timedelta(hours=2)
"""After the window, before an issue counts as late."""
USUAL_HOURS = (5 * 60, 9 * 60)
MARGIN = 60
"""Minutes around the moments that were learnt."""
LEAST_DAYS, LEAST_SPAN = 5, timedelta(days=12)
"""Of what was seen, before weekdays are believed."""
REGULAR = 0.6
"""Share of a weekday's dates on which an issue came."""
STEADY = 0.85
"""The same share, before an issue that did not come is told of."""
KEPT = 90
LONGEST_GAP = 30
"""Numbers: a wider jump is another way of counting, not so many issues missed."""
FURTHEST = 14
"""Days that a joint issue may stand for, and that are looked ahead."""
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Calendar:
    """What people settled. `weekdays`: 0 is Monday; () is learnt. `start`, `end`: the window in minutes of the local day, None is
    learnt. `skip`: days without an issue, as YYYY-MM-DD or MM-DD."""

    weekdays: tuple[int, ...] = ()
    start: int | None = None
    end: int | None = None
    skip: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """An issue that came. `day` to `until`: its printed dates (ISO), "" where none is printed. `number` to `last`: its printed
    numbers. `series`: numbers are compared within one: "" for those that run on, the year for those that begin anew each year."""

    at: datetime
    day: str = ""
    until: str = ""
    number: int | None = None
    last: int | None = None
    series: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """Days, ISO, both included, on which the paper said it would not appear."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a source's calendar remembers: what came, the oldest first; breaks; when a check last went well."""

    sightings: tuple[Sighting, ...] = ()
    closed: tuple[Closure, ...] = ()
    succeeded: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Expected: weekdays (0 is Monday), and the window in minutes of the local day."""

    weekdays: frozenset[int]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Expectation:
    """Everything that the questions below are asked of. `rhythm` None: not known (yet), or no fixed days."""

    rhythm: Rhythm | None
    calendar: Calendar
    record: Record
    zone: tzinfo


def expectation(calendar: Calendar, record: Record, zone: tzinfo) -> Expectation:
    days = [day_of(sighting, zone) for sighting in record.sightings]
    weekdays = frozenset(calendar.weekdays) or learnt_weekdays(days)
    start, end = learnt_hours(record.sightings, zone)
    start = start if calendar.start is None else calendar.start
    end = end if calendar.end is None else calendar.end
    rhythm = Rhythm(weekdays, start, max(end, start)) if weekdays else None
    return Expectation(rhythm, calendar, record, zone)


def day_of(sighting: Sighting, zone: tzinfo) -> date:
    """The printed day, else that on which it was first seen."""
    return date.fromisoformat(sighting.day) if sighting.day else sighting.at.astimezone(zone).date()


def learnt_weekdays(days: Sequence[date]) -> frozenset[int]:
    """Those on most of whose dates an issue came; empty before enough was seen, and for what has no weekdays (a monthly)."""
    distinct = sorted(set(days))
    if len(distinct) < LEAST_DAYS or distinct[-1] - distinct[0] < LEAST_SPAN:
        return frozenset()
    came = Counter(day.weekday() for day in distinct)
    span = (distinct[-1] - distinct[0]).days + 1
    dates = Counter((distinct[0] + timedelta(days=n)).weekday() for n in range(span))
    return frozenset(weekday for weekday, count in came.items() if count >= REGULAR * dates[weekday])


def steady_weekdays(days: Sequence[date]) -> frozenset[int]:
    """Those on (nearly) every one of whose dates an issue came, twice at least: only there a missing issue is late, and
    what comes every other day has none."""
    distinct = sorted(set(days))
    came = Counter(day.weekday() for day in distinct)
    dates = (
        Counter((distinct[0] + timedelta(days=n)).weekday() for n in range((distinct[-1] - distinct[0]).days + 1))
        if distinct
        else Counter()
    )
    return frozenset(
        weekday for weekday, count in came.items() if dates[weekday] >= 2 and count >= STEADY * dates[weekday]
    )


def learnt_hours(sightings: Sequence[Sighting], zone: tzinfo) -> tuple[int, int]:
    """Around the middle eight tenths of the moments at which issues came on their own day; the first one was found, not awaited."""
    local = [(day_of(s, zone), s.at.astimezone(zone)) for s in sightings[1:]]
    minutes = sorted(at.hour * 60 + at.minute for day, at in local if at.date() == day)
    if len(minutes) < LEAST_DAYS:
        return USUAL_HOURS
    tenth = len(minutes) // 10
    return max(minutes[tenth] - MARGIN, 0), min(minutes[-1 - tenth] + MARGIN, DAY_MINUTES - 1)


def is_expected(day: date, known: Expectation) -> bool:
    if known.rhythm is None or day.weekday() not in known.rhythm.weekdays:
        return False
    text = day.isoformat()
    is_skipped = text in known.calendar.skip or text[5:] in known.calendar.skip
    return not is_skipped and not any(closure.first <= text <= closure.last for closure in known.record.closed)


def is_found(day: date, known: Expectation) -> bool:
    """Whether an issue that came stands for this day: by its dates, or as a joint issue of that many numbers."""
    return any(_stands_for(sighting, day, known) for sighting in known.record.sightings)


def _stands_for(sighting: Sighting, day: date, known: Expectation) -> bool:
    first = day_of(sighting, known.zone)
    if not first <= day <= first + timedelta(days=FURTHEST):
        return False
    if day.isoformat() <= max(sighting.until, first.isoformat()):
        return True
    further = (sighting.last or 0) - (sighting.number or 0)
    between = (first + timedelta(days=n) for n in range(1, (day - first).days + 1))
    return further > 0 and sum(is_expected(one, known) for one in between) <= further


def next_poll(known: Expectation, now: datetime, usual: timedelta) -> datetime:
    """When to look again: closely in the window until the issue is there, hourly after it, rarely else; never later than the
    next window's start. `usual`: the interval where no rhythm is known."""
    if known.rhythm is None:
        return now + usual
    opening = _next_opening(known, now)
    gap = _gap(known, known.rhythm, now)
    return min(now + gap, opening) if opening else now + gap


def _gap(known: Expectation, rhythm: Rhythm, now: datetime) -> timedelta:
    local = now.astimezone(known.zone)
    minute = local.hour * 60 + local.minute
    if minute < rhythm.start or not is_expected(local.date(), known) or is_found(local.date(), known):
        return RARE
    return CLOSE if minute <= rhythm.end else HOURLY


def _next_opening(known: Expectation, now: datetime) -> datetime | None:
    today = now.astimezone(known.zone).date()
    for n in range(FURTHEST):
        day = today + timedelta(days=n)
        if is_expected(day, known) and (at := _opening(day, known)) > now:
            return at
    return None


def _opening(day: date, known: Expectation) -> datetime:
    minute = known.rhythm.start if known.rhythm else 0
    return datetime.combine(day, time(minute // 60, minute % 60), known.zone)


def late_day(known: Expectation, now: datetime) -> date | None:
    """Today, if its issue should be there by now and is not."""
    local = now.astimezone(known.zone)
    if known.rhythm is None or not _is_sure(local.date(), known) or is_found(local.date(), known):
        return None
    return local.date() if local.hour * 60 + local.minute >= _limit(known.rhythm) else None


def _is_sure(day: date, known: Expectation) -> bool:
    """Whether people settled, or every week so far showed, that an issue comes that day."""
    days = [day_of(sighting, known.zone) for sighting in known.record.sightings]
    steady = known.calendar.weekdays or steady_weekdays([one for one in days if one < day])
    return is_expected(day, known) and day.weekday() in steady


def _limit(rhythm: Rhythm) -> int:
    """The minute of the day from which an issue is late."""
    return min(rhythm.end + GRACE // timedelta(minutes=1), DAY_MINUTES - 30)


def came_late(sighting: Sighting, known: Expectation) -> bool:
    """Whether an issue came on its own day after it counted as late, or on a later day."""
    day = day_of(sighting, known.zone)
    if known.rhythm is None or not sighting.day or not _is_sure(day, known):
        return False
    local = sighting.at.astimezone(known.zone)
    return local.date() > day or local.hour * 60 + local.minute >= _limit(known.rhythm)


def missing_numbers(sightings: Sequence[Sighting]) -> list[int]:
    """Numbers between those seen, ascending: of what lies within one series, and not further apart than LONGEST_GAP."""
    missing: list[int] = []
    for series in {sighting.series for sighting in sightings}:
        runs = sorted((s.number, s.last or s.number) for s in sightings if s.series == series and s.number is not None)
        reached: int | None = None
        for first, last in runs:
            if reached is not None and reached + 1 < first <= reached + LONGEST_GAP:
                missing += range(reached + 1, first)
            reached = max(last, reached or last)
    return sorted(missing)


def with_sighting(record: Record, sighting: Sighting) -> Record:
    """With an issue that came; one of the same day and number stays as it was first seen."""
    same = [
        s for s in record.sightings if (s.day, s.number, s.series) == (sighting.day, sighting.number, sighting.series)
    ]
    if same and (sighting.day or sighting.number is not None):
        return record
    return replace(record, sightings=(*record.sightings, sighting)[-KEPT:])


def with_closures(record: Record, closures: Sequence[Closure], today: date) -> Record:
    """With breaks that the paper announced; those long past are dropped."""
    old = (today - timedelta(days=60)).isoformat()
    kept = tuple(dict.fromkeys((*record.closed, *closures)))
    return replace(record, closed=tuple(closure for closure in kept if closure.last >= old))
