"""Slots: the plain cases, daylight saving, short months, and a brute-force clock as oracle."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions import (
    Cadence,
    Settings,
    Subscriber,
    Subscription,
    due_subscriptions,
    is_due,
    last_slot,
    next_due,
    quiet_until,
    subscriber_due,
    take_slot,
)
from subscriptions.due import first_instant

DAILY = Cadence()
SHANGHAI, BERLIN, NEW_YORK, APIA = "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Apia"


def at(zone: str, year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=ZoneInfo(zone))


def daily(*times: int) -> Cadence:
    return Cadence("daily", times)


@pytest.mark.parametrize(
    ("cadence", "zone", "after", "expected"),
    [
        (daily(480), SHANGHAI, (2026, 11, 20, 7, 59), (2026, 11, 20, 8, 0)),
        (daily(480), SHANGHAI, (2026, 11, 20, 8, 0), (2026, 11, 21, 8, 0)),
        (daily(480, 1080), SHANGHAI, (2026, 11, 20, 8, 0), (2026, 11, 20, 18, 0)),
        (daily(0), SHANGHAI, (2026, 11, 20, 23, 59), (2026, 11, 21, 0, 0)),
        (daily(0, 400, 800, 1439), SHANGHAI, (2026, 12, 31, 23, 59), (2027, 1, 1, 0, 0)),
        (Cadence("weekdays", (480,)), SHANGHAI, (2026, 11, 20, 8, 0), (2026, 11, 23, 8, 0)),
        (Cadence("weekly", (480,), weekday=2), SHANGHAI, (2026, 11, 20, 8, 0), (2026, 11, 25, 8, 0)),
        (Cadence("weekly", (480,), weekday=4), SHANGHAI, (2026, 11, 20, 8, 0), (2026, 11, 27, 8, 0)),
        (Cadence("monthly", (480,), day=31), SHANGHAI, (2026, 2, 1, 0, 0), (2026, 2, 28, 8, 0)),
        (Cadence("monthly", (480,), day=31), SHANGHAI, (2028, 2, 1, 0, 0), (2028, 2, 29, 8, 0)),
        (Cadence("monthly", (480,), day=29), SHANGHAI, (2028, 2, 29, 7, 0), (2028, 2, 29, 8, 0)),
        (Cadence("monthly", (480,), day=29), SHANGHAI, (2027, 2, 20, 7, 0), (2027, 2, 28, 8, 0)),
        (Cadence("monthly", (480,), day=1), SHANGHAI, (2026, 12, 1, 8, 0), (2027, 1, 1, 8, 0)),
        # the clock goes from 02:00 to 03:00 on 29 March 2026
        (daily(150), BERLIN, (2026, 3, 28, 12, 0), (2026, 3, 29, 3, 0)),
        (daily(150, 180), BERLIN, (2026, 3, 29, 3, 0), (2026, 3, 30, 2, 30)),
        (daily(480), NEW_YORK, (2026, 3, 7, 8, 0), (2026, 3, 8, 8, 0)),
    ],
)
def test_next_due(cadence: Cadence, zone: str, after: tuple[int, ...], expected: tuple[int, ...]) -> None:
    due = next_due(cadence, zone, at(zone, *after))
    assert due == at(zone, *expected)
    assert due.tzinfo is UTC


def test_an_hour_that_comes_twice_is_met_once() -> None:
    """Berlin, 25 October 2026: 02:30 comes at 00:30 and at 01:30 UTC."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_due(daily(150), BERLIN, first - timedelta(hours=3)) == first
    assert next_due(daily(150), BERLIN, first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)
    assert next_due(daily(150), BERLIN, first + timedelta(minutes=90)) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_a_day_that_never_was_falls_on_the_next_midnight() -> None:
    """Samoa went from 29 to 31 December 2011."""
    midnight = at(APIA, 2011, 12, 31, 0, 0)
    assert next_due(daily(480), APIA, at(APIA, 2011, 12, 29, 8, 0)) == midnight
    assert next_due(daily(480), APIA, midnight) == at(APIA, 2011, 12, 31, 8, 0)


def test_instant_has_no_slot() -> None:
    now = at(SHANGHAI, 2026, 11, 20, 8, 0)
    instant = Cadence("instant")
    assert next_due(instant, SHANGHAI, now) is None
    assert last_slot(instant, SHANGHAI, now) is None
    assert take_slot(instant, SHANGHAI, now).next is None
    assert is_due(instant, SHANGHAI, now, now)


def test_missed_slots_are_made_good_once() -> None:
    """Away from Monday to Thursday 09:00: one digest then, for the slot of Thursday; the next on Friday."""
    taken = take_slot(daily(480), SHANGHAI, at(SHANGHAI, 2026, 11, 19, 9, 0))
    assert taken.slot == at(SHANGHAI, 2026, 11, 19, 8, 0)
    assert taken.next == at(SHANGHAI, 2026, 11, 20, 8, 0)


def test_waiting_articles_are_due_once_a_slot_has_passed() -> None:
    came = at(SHANGHAI, 2026, 11, 20, 7, 0)
    weekly = Cadence("weekly", (480,), weekday=0)
    assert not is_due(weekly, SHANGHAI, came, came + timedelta(days=2))
    assert is_due(weekly, SHANGHAI, came, came + timedelta(days=4))
    assert not is_due(daily(480), SHANGHAI, came, came + timedelta(minutes=59))
    assert is_due(daily(480), SHANGHAI, came, came + timedelta(minutes=60))


def reader(*cadences: Cadence | None, own: Cadence = DAILY) -> Subscriber:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    held = tuple(Subscription(f"q{n}", "x", 0, now, cadence) for n, cadence in enumerate(cadences))
    return Subscriber("1", Settings(cadence=own), now, held)


def test_a_subscriber_is_due_at_the_earliest_slot_of_all_subscriptions() -> None:
    now = at(SHANGHAI, 2026, 11, 20, 9, 0)
    assert subscriber_due(reader(None), now) == at(SHANGHAI, 2026, 11, 21, 8, 0)
    assert subscriber_due(reader(None, daily(600)), now) == at(SHANGHAI, 2026, 11, 20, 10, 0)
    assert subscriber_due(reader(Cadence("instant"), daily(600)), now) == at(SHANGHAI, 2026, 11, 20, 10, 0)
    assert subscriber_due(reader(None, own=Cadence("instant")), now) is None
    assert subscriber_due(reader(), now) is None


def test_a_paused_subscriber_is_never_due() -> None:
    paused = Subscriber("1", Settings(), datetime(2026, 1, 1, tzinfo=UTC), reader(None).subscriptions, paused="reader")
    assert subscriber_due(paused, datetime(2026, 1, 1, tzinfo=UTC)) is None


# ---------------------------------------------------------------------------------------------- properties
ZONES = st.sampled_from(
    [SHANGHAI, BERLIN, NEW_YORK, APIA, "America/Havana", "Australia/Lord_Howe", "Asia/Beirut", "UTC"]
)
MOMENTS = st.datetimes(datetime(2009, 1, 1), datetime(2027, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
CADENCES = st.builds(
    Cadence,
    st.sampled_from(["daily", "weekdays", "workdays", "weekly", "monthly"]),
    st.lists(st.integers(0, 1439), min_size=1, max_size=4, unique=True).map(lambda times: tuple(sorted(times))),
    st.integers(0, 6),
    st.integers(1, 31),
)


@settings(max_examples=200, deadline=None)
@given(CADENCES, ZONES, MOMENTS)
def test_slots_follow_one_another(cadence: Cadence, zone: str, moment: datetime) -> None:
    due = next_due(cadence, zone, moment)
    assert due is not None and due > moment
    assert last_slot(cadence, zone, due) == due
    assert next_due(cadence, zone, due - timedelta(microseconds=1)) == due
    before = last_slot(cadence, zone, due - timedelta(microseconds=1))
    assert before is not None and before <= moment
    assert next_due(cadence, zone, before) == due
    assert due - moment <= timedelta(days=33)


@settings(max_examples=60, deadline=None)
@given(ZONES, MOMENTS, st.integers(0, 1439))
def test_a_slot_is_the_first_minute_at_which_the_clock_shows_it_or_later(
    zone: str, moment: datetime, minute: int
) -> None:
    here = ZoneInfo(zone)
    wall = moment.replace(tzinfo=None, hour=minute // 60, minute=minute % 60, second=0)
    tick = datetime.combine(wall.date(), wall.time(), UTC) - timedelta(hours=20)
    while tick.astimezone(here).replace(tzinfo=None) < wall:
        tick += timedelta(minutes=1)
    assert first_instant(wall, here) == tick


@pytest.mark.parametrize(
    ("zone", "day"),
    [(BERLIN, (2026, 3, 29)), (BERLIN, (2026, 10, 25)), (NEW_YORK, (2026, 3, 8)), ("America/Havana", (2026, 3, 8)),
     ("Australia/Lord_Howe", (2026, 10, 4)), ("Asia/Beirut", (2026, 3, 29)), (APIA, (2011, 12, 30))],
)  # fmt: skip
def test_every_half_hour_around_a_change_of_the_clock(zone: str, day: tuple[int, int, int]) -> None:
    here = ZoneInfo(zone)
    for minute in range(0, 1440, 30):
        wall = datetime(*day) + timedelta(minutes=minute)
        tick = datetime(*day, tzinfo=UTC) - timedelta(hours=30)
        while tick.astimezone(here).replace(tzinfo=None) < wall:
            tick += timedelta(minutes=1)
        assert first_instant(wall, here) == tick, wall


def test_an_unknown_zone_is_told() -> None:
    with pytest.raises(KeyError):
        next_due(daily(480), "Mars/Olympus", datetime(2026, 1, 1, tzinfo=UTC))


def test_without_a_time_of_day_there_is_no_slot() -> None:
    assert next_due(daily(), SHANGHAI, datetime(2026, 1, 1, tzinfo=UTC)) is None


# ---------------------------------------------------------------------------------------------- quiet hours, days off
NIGHT = (22 * 60, 7 * 60)


def test_a_slot_within_quiet_hours_moves_to_their_end() -> None:
    evening = at(SHANGHAI, 2026, 11, 20, 21, 0)
    assert next_due(daily(23 * 60), SHANGHAI, evening, NIGHT) == at(SHANGHAI, 2026, 11, 21, 7, 0)
    assert next_due(daily(22 * 60 - 1), SHANGHAI, evening, NIGHT) == at(SHANGHAI, 2026, 11, 20, 21, 59)
    assert next_due(daily(6 * 60), SHANGHAI, evening, NIGHT) == at(SHANGHAI, 2026, 11, 21, 7, 0)
    assert next_due(daily(7 * 60), SHANGHAI, evening, NIGHT) == at(SHANGHAI, 2026, 11, 21, 7, 0)
    noon = daily(12 * 60 + 30)
    assert next_due(noon, SHANGHAI, evening, (12 * 60, 14 * 60)) == at(SHANGHAI, 2026, 11, 21, 14, 0)


def test_quiet_hours_have_an_end() -> None:
    night = at(SHANGHAI, 2026, 11, 20, 23, 0)
    assert quiet_until(NIGHT, SHANGHAI, night) == at(SHANGHAI, 2026, 11, 21, 7, 0)
    assert quiet_until(NIGHT, SHANGHAI, at(SHANGHAI, 2026, 11, 21, 7, 0)) is None
    assert quiet_until(NIGHT, SHANGHAI, at(SHANGHAI, 2026, 11, 20, 22, 0)) is not None
    assert quiet_until(None, SHANGHAI, night) is None
    assert quiet_until((60, 60), SHANGHAI, night) is None


def test_an_instant_subscription_waits_for_the_end_of_quiet_hours() -> None:
    night = at(SHANGHAI, 2026, 11, 20, 23, 0)
    quiet = replace(reader(Cadence("instant"), daily(600)), settings=Settings(quiet=NIGHT))
    assert not is_due(Cadence("instant"), SHANGHAI, night, night, NIGHT)
    assert subscriber_due(quiet, night) == at(SHANGHAI, 2026, 11, 21, 7, 0)
    assert subscriber_due(quiet, at(SHANGHAI, 2026, 11, 21, 7, 0)) == at(SHANGHAI, 2026, 11, 21, 10, 0)


def test_working_days_follow_the_chinese_calendar() -> None:
    """Spring Festival 2026: off from 15 to 23 February, made up for on Saturday 14 and Saturday 28."""
    work = Cadence("workdays", (480,))
    assert next_due(work, SHANGHAI, at(SHANGHAI, 2026, 2, 13, 9, 0)) == at(SHANGHAI, 2026, 2, 14, 8, 0)
    assert next_due(work, SHANGHAI, at(SHANGHAI, 2026, 2, 14, 9, 0)) == at(SHANGHAI, 2026, 2, 24, 8, 0)
    assert next_due(work, SHANGHAI, at(SHANGHAI, 2099, 1, 2, 9, 0)) == at(SHANGHAI, 2099, 1, 5, 8, 0)


def test_only_subscriptions_with_a_slot_since_they_were_served_are_due() -> None:
    now = at(SHANGHAI, 2026, 11, 20, 9, 0)
    value = replace(reader(daily(480), daily(600), Cadence("instant")), served=now - timedelta(hours=2))
    assert [held.query_id for held in due_subscriptions(value, now)] == ["q0", "q2"]
    value = replace(value, served=now - timedelta(minutes=60))
    assert [held.query_id for held in due_subscriptions(value, now)] == ["q2"]


@settings(max_examples=150, deadline=None)
@given(CADENCES, ZONES, MOMENTS, st.tuples(st.integers(0, 1439), st.integers(0, 1439)))
def test_no_slot_lies_within_quiet_hours_and_none_is_lost(
    cadence: Cadence, zone: str, moment: datetime, quiet: tuple[int, int]
) -> None:
    plain, moved = next_due(cadence, zone, moment), next_due(cadence, zone, moment, quiet)
    assert plain is not None and moved is not None
    assert quiet_until(quiet, zone, moved) is None
    assert moved <= (quiet_until(quiet, zone, plain) or plain)
    assert last_slot(cadence, zone, moved, quiet) == moved
