"""When issues are expected, looked for, late and missing; joint issues and breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.sources.announced import closures_in, closures_of, numbers_of, sighting_of
from digests.sources.calendar import (
    CLOSE,
    HOURLY,
    LONGEST_GAP,
    RARE,
    Calendar,
    Closure,
    Expectation,
    Record,
    Rhythm,
    Sighting,
    came_late,
    expectation,
    is_expected,
    is_found,
    late_day,
    learnt_weekdays,
    missing_numbers,
    next_poll,
    steady_weekdays,
    with_closures,
    with_sighting,
)
from digests.types import Article, DateEvidence, Issue

CHINA = timezone(timedelta(hours=8))
MONDAY = date(2026, 3, 2)
USUAL = timedelta(minutes=30)
WORKDAYS = Calendar(weekdays=(0, 1, 2, 3, 4), start=6 * 60, end=8 * 60)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)


def seen(day: date, hour: int = 6, minute: int = 30, **more: Any) -> Sighting:
    return Sighting(at(day, hour, minute).astimezone(UTC), day.isoformat(), **more)


def weeks(count: int, hour: int = 6) -> tuple[Sighting, ...]:
    days = (MONDAY + timedelta(days=n) for n in range(7 * count))
    return tuple(seen(day, hour) for day in days if day.weekday() < 5)


def known(calendar: Calendar = WORKDAYS, *sightings: Sighting, closed: tuple[Closure, ...] = ()) -> Expectation:
    return expectation(calendar, Record(sightings, closed), CHINA)


def test_a_rhythm_is_learnt_from_what_came() -> None:
    learnt = known(Calendar(), *weeks(3))
    assert learnt.rhythm == Rhythm(frozenset(range(5)), 5 * 60 + 30, 7 * 60 + 30)
    assert known(Calendar(), *weeks(1)).rhythm is None
    monthly = [seen(date(2026, month, 15)) for month in range(1, 8)]
    assert known(Calendar(), *monthly).rhythm is None
    settled = known(Calendar(start=60, end=90), *weeks(3)).rhythm
    assert settled == Rhythm(frozenset(range(5)), 60, 90)
    assert learnt_weekdays([]) == frozenset()


def test_issues_of_other_days_teach_no_hours() -> None:
    late = [replace(one, at=one.at + timedelta(days=1)) for one in weeks(3)]
    rhythm = known(Calendar(), *late).rhythm
    assert rhythm is not None and (rhythm.start, rhythm.end) == (5 * 60, 9 * 60)


@pytest.mark.parametrize(
    ("hour", "minute", "wait"),
    [(1, 0, RARE), (5, 0, HOURLY), (6, 0, CLOSE), (7, 59, CLOSE), (9, 0, HOURLY), (23, 30, HOURLY)],
)
def test_how_closely_it_looks(hour: int, minute: int, wait: timedelta) -> None:
    now = at(MONDAY, hour, minute)
    assert next_poll(known(), now, USUAL) == now + wait


def test_what_is_found_is_not_awaited() -> None:
    now = at(MONDAY, 6, 40)
    assert next_poll(known(WORKDAYS, seen(MONDAY)), now, USUAL) == now + RARE
    friday = MONDAY + timedelta(days=4)
    assert next_poll(known(WORKDAYS, seen(friday)), at(friday, 23), USUAL) == at(friday, 23) + RARE
    assert next_poll(known(WORKDAYS, seen(MONDAY)), at(MONDAY, 22), USUAL) == at(MONDAY, 22) + RARE
    night = at(MONDAY + timedelta(days=1), 4)
    assert next_poll(known(WORKDAYS, seen(MONDAY)), night, USUAL) == at(MONDAY + timedelta(days=1), 6)


def test_without_a_rhythm_the_usual_interval_holds() -> None:
    now = at(MONDAY, 6)
    assert next_poll(known(Calendar()), now, USUAL) == now + USUAL and late_day(known(Calendar()), now) is None


def test_nothing_more_is_expected() -> None:
    """All days of the next fortnight are days off."""
    closed = (Closure("2026-03-01", "2026-04-30"),)
    now = at(MONDAY, 6)
    assert next_poll(known(closed=closed), now, USUAL) == now + RARE


def test_an_issue_is_late_after_window_and_grace() -> None:
    assert late_day(known(), at(MONDAY, 9, 59)) is None
    assert late_day(known(), at(MONDAY, 10)) == MONDAY
    assert late_day(known(WORKDAYS, seen(MONDAY)), at(MONDAY, 12)) is None
    assert late_day(known(), at(MONDAY - timedelta(days=1), 12)) is None
    evening = Calendar(weekdays=(0,), start=22 * 60, end=23 * 60)
    assert late_day(known(evening), at(MONDAY, 23, 30)) == MONDAY


def test_what_came_late() -> None:
    known_days = known()
    assert not came_late(seen(MONDAY, 9, 59), known_days) and came_late(seen(MONDAY, 10), known_days)
    next_day = replace(seen(MONDAY), at=at(MONDAY + timedelta(days=1), 5))
    assert came_late(next_day, known_days) and not came_late(next_day, known(Calendar()))
    assert not came_late(Sighting(at(MONDAY, 12)), known_days)
    assert not came_late(seen(MONDAY + timedelta(days=5), 23), known_days)


def test_days_without_an_issue() -> None:
    for calendar in (replace(WORKDAYS, skip=("2026-03-02",)), replace(WORKDAYS, skip=("03-02",))):
        assert late_day(known(calendar), at(MONDAY, 12)) is None
    closed = (Closure("2026-03-01", "2026-03-02"),)
    assert late_day(known(closed=closed), at(MONDAY, 12)) is None
    assert is_expected(MONDAY + timedelta(days=1), known(closed=closed))


def test_a_joint_issue_stands_for_its_days() -> None:
    friday = MONDAY + timedelta(days=4)
    by_dates = known(WORKDAYS, seen(MONDAY, until="2026-03-03"))
    by_numbers = known(WORKDAYS, seen(friday, number=2421, last=2422))
    assert is_found(MONDAY + timedelta(days=1), by_dates) and not is_found(MONDAY + timedelta(days=2), by_dates)
    next_monday = MONDAY + timedelta(days=7)
    assert is_found(next_monday, by_numbers) and not is_found(next_monday + timedelta(days=1), by_numbers)
    assert not is_found(MONDAY, known(WORKDAYS, seen(friday)))
    undated = known(WORKDAYS, Sighting(at(MONDAY, 7)))
    assert is_found(MONDAY, undated)


def test_missing_numbers() -> None:
    def numbers(*given: tuple[int, int | None, str]) -> list[int]:
        return missing_numbers([seen(MONDAY, number=n, last=last, series=series) for n, last, series in given])

    assert numbers((2421, None, ""), (2423, None, "")) == [2422]
    assert numbers((2423, None, ""), (2421, 2422, "")) == []
    assert numbers((2420, 2421, ""), (2424, None, ""), (2423, 2424, "")) == [2422]
    assert numbers((12, None, "2025"), (2, None, "2026"), (4, None, "2026")) == [3]
    assert numbers((5, None, ""), (6 + LONGEST_GAP, None, "")) == []
    assert missing_numbers([seen(MONDAY)]) == []


@given(st.sets(st.integers(1, 60)))
def test_missing_numbers_are_those_between(numbers: set[int]) -> None:
    missing = missing_numbers([seen(MONDAY, number=n) for n in numbers])
    assert not set(missing) & numbers
    assert all(min(numbers) < n < max(numbers) for n in missing)
    near = all(b - a <= LONGEST_GAP for a, b in zip(sorted(numbers), sorted(numbers)[1:], strict=False))
    if near and numbers:
        assert set(missing) | numbers == set(range(min(numbers), max(numbers) + 1))


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20), timezones=st.just(CHINA)),
    st.frozensets(st.integers(0, 6)),
    st.integers(0, 1439),
    st.integers(0, 1439),
)
def test_it_looks_neither_at_once_nor_too_late(now: datetime, weekdays: frozenset[int], start: int, end: int) -> None:
    asked = known(Calendar(tuple(weekdays), start, end))
    at_next = next_poll(asked, now, USUAL)
    assert now < at_next <= now + max(RARE, USUAL)
    minute = now.hour * 60 + now.minute
    if now.weekday() in weekdays and start <= minute <= end:
        assert at_next - now <= timedelta(minutes=15)


def test_polls_of_a_week_are_few_and_the_issue_is_found_soon() -> None:
    """Seven days simulated: the paper comes at 07:05 on workdays."""
    record, polls, delays = Record(), 0, []
    now, end = at(MONDAY, 0), at(MONDAY, 0) + timedelta(days=7)
    while now < end:
        polls += 1
        came = at(now.date(), 7, 5)
        if now.weekday() < 5 and now >= came and not is_found(now.date(), expectation(WORKDAYS, record, CHINA)):
            record = with_sighting(record, Sighting(now, now.date().isoformat()))
            delays.append(now - came)
        now = next_poll(expectation(WORKDAYS, record, CHINA), now, USUAL)
    assert len(delays) == 5 and max(delays) <= CLOSE and polls <= 5 * 16 + 2 * 9


def test_records_keep_the_first_sight_and_the_breaks_to_come() -> None:
    first = seen(MONDAY, number=7)
    record = with_sighting(Record(), first)
    assert with_sighting(record, replace(first, at=first.at + timedelta(hours=5))) == record
    assert len(with_sighting(record, seen(MONDAY, number=8)).sightings) == 2
    undated = Sighting(at(MONDAY, 8))
    assert len(with_sighting(with_sighting(record, undated), undated).sightings) == 3
    old, new = Closure("2025-10-01", "2025-10-07"), Closure("2026-03-05", "2026-03-06")
    assert with_closures(Record(closed=(old, new)), [new], MONDAY).closed == (new,)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2421", (2421, 2421)), ("第2421期", (2421, 2421)), ("2421-2422", (2421, 2422)), ("第2421、2422期合刊", (2421, 2422)),
        ("第2421期—第2422期", (2421, 2422)), ("2421-22", (2421, 2422)), ("第5、6期", (5, 6)), ("9-12", (9, 12)),
        ("2026-03", (2026, 2026)), ("99-100", (99, 100)), ("9-8", (9, 9)), ("", None), ("合刊", None),
    ],
)  # fmt: skip
def test_numbers(text: str, numbers: tuple[int, int] | None) -> None:
    assert numbers_of(text) == numbers


@given(st.integers(1, 99999), st.integers(0, 9), st.sampled_from(["-", "—", "、", "至", "期-第"]))
def test_joint_numbers_are_read_back(first: int, more: int, link: str) -> None:
    assert numbers_of(f"第{first}{link}{first + more}期") == (first, first + more)


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("根据假期安排，本报10月1日至7日休刊，10月8日恢复出版。", [("2026-10-01", "2026-10-07")]),
        ("本报2026年2月16日（除夕）至2月22日休刊。", [("2026-02-16", "2026-02-22")]),
        ("12月30日—1月2日休刊", [("2026-12-30", "2027-01-02")]),
        ("5月1日本报休刊一天", [("2026-05-01", "2026-05-01")]),
        ("10月1日照常出版，不休刊", []),
        ("2月30日休刊", []),
        ("10月7日至1日休刊", []),
        ("10月1日，全市人民欢度国庆，各景区人头攒动。", []),
    ],
)
def test_breaks(text: str, breaks: list[tuple[str, str]]) -> None:
    today = date(2026, 12, 28) if "12月30日" in text else date(2026, 6, 1)
    assert [(found.first, found.last) for found in closures_in(text, today)] == breaks


@given(st.text(alphabet="0123456789年月日至休刊停报、—（） \n", max_size=80))
def test_any_text_is_read_for_breaks(text: str) -> None:
    for found in closures_in(text, date(2026, 6, 1)):
        assert found.first <= found.last


def issue(**given: Any) -> Issue:
    return replace(Issue("云溪时报", "newspaper", ()), **given)


def test_how_an_issue_counts() -> None:
    now = at(MONDAY, 7)
    assert sighting_of(issue(total_number=2421), now) == Sighting(now, number=2421, last=2421)
    assert sighting_of(issue(total_number=2421, number="2421-2422"), now).last == 2422
    assert sighting_of(issue(number="33"), now) == Sighting(now, number=33, last=33)
    assert sighting_of(issue(kind="periodical", number="3"), now) == Sighting(now)
    assert sighting_of(issue(), now) == Sighting(now)
    two_days, month = DateEvidence("2026-03-01", "2026-03-02", True), DateEvidence("2026-03-01", "2026-03-31", True)
    assert sighting_of(issue(date=two_days), now) == Sighting(now, "2026-03-01", "2026-03-02")
    monthly = sighting_of(issue(kind="periodical", number="3", date=month), now)
    assert monthly == Sighting(now, number=3, last=3, series="2026")


def test_breaks_in_an_issue() -> None:
    told = Article("休刊启事", "本报10月1日至7日休刊。")
    other = Article("国庆见闻", "10月1日，人头攒动。")
    assert closures_of(issue(articles=(told, other)), date(2026, 9, 28)) == [Closure("2026-10-01", "2026-10-07")]


def test_only_what_came_every_week_can_be_late() -> None:
    other_days = tuple(seen(MONDAY + timedelta(days=n)) for n in range(0, 18, 2))
    irregular = known(Calendar(), *other_days)
    assert irregular.rhythm is not None
    assert all(late_day(irregular, at(MONDAY + timedelta(days=n), 23)) is None for n in range(18, 25))
    regular = known(Calendar(), *weeks(3))
    assert late_day(regular, at(MONDAY + timedelta(days=21), 23)) == MONDAY + timedelta(days=21)
    assert not came_late(seen(MONDAY, 23), known(Calendar(), *weeks(1))) and steady_weekdays([]) == frozenset()
