"""How often a server is asked: gaps, waits, what headers mean, when a move is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.sources.politeness import (
    LEAST_GAP,
    LONGEST_GAP,
    LONGEST_WAIT,
    Sightings,
    backoff,
    fresh_until,
    gap,
    http_date,
    next_check,
    next_try,
    retry_after,
    sight,
    spread,
)

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@given(st.floats(-3, 3), st.floats(0, 500))
def test_the_gap_is_never_below_the_least(jitter: float, asked: float) -> None:
    least = min(max(LEAST_GAP, asked), LONGEST_GAP)
    assert least - 1e-9 <= gap(jitter, asked) <= least * 1.23


@given(st.text())
def test_jitter_is_within_its_bounds_and_repeatable(seed: str) -> None:
    assert -1 <= spread(seed) <= 1 and spread(seed) == spread(seed)


def test_jitter_spreads() -> None:
    drawn = [spread(f"source {n}") for n in range(500)]
    assert min(drawn) < -0.9 and max(drawn) > 0.9 and abs(sum(drawn) / 500) < 0.1


def test_the_wait_doubles_up_to_a_day() -> None:
    assert [backoff(n) // timedelta(minutes=1) for n in (0, 1, 2, 3, 4)] == [5, 5, 10, 20, 40]
    assert backoff(10) == backoff(10_000) == backoff(10, 1.0) == LONGEST_WAIT


@given(st.integers(0, 10**6), st.floats(-1, 1))
def test_the_wait_is_bounded(failures: int, jitter: float) -> None:
    assert timedelta(minutes=4) < backoff(failures, jitter) <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)), (" 0 ", timedelta(0)), ("9999999", LONGEST_WAIT), ("Sat, 21 Nov 2026 05:00:00 GMT", HOUR),
        ("Sat, 21 Nov 2026 05:00:00", HOUR), ("Sat, 21 Nov 2020 05:00:00 GMT", timedelta(0)), ("Sat, 21 Nov 2099 05:00:00 GMT", LONGEST_WAIT),
        ("soon", None), ("-5", None), ("", None), (None, None), ("99999999999999", None), ("Sat, 99 Nov 2026 05:00:00 GMT", None),
    ],
)  # fmt: skip
def test_retry_after(value: str | None, wait: timedelta | None) -> None:
    assert retry_after(value, NOW) == (None if wait is None else NOW + wait)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None), ({"Cache-Control": "max-age=3600"}, HOUR), ({"Cache-Control": "public, Max-Age=3600, s-maxage=9"}, HOUR),
        ({"Cache-Control": "s-maxage=3600"}, HOUR), ({"Cache-Control": "max-age=99999999"}, LONGEST_WAIT), ({"Cache-Control": "max-age=0"}, None),
        ({"Cache-Control": "no-cache, max-age=3600"}, None), ({"Cache-Control": "no-store"}, None), ({"Cache-Control": "private"}, None),
        ({"Expires": "0"}, None), ({"Expires": "Sat, 21 Nov 2026 05:00:00 GMT"}, HOUR),
        ({"Expires": "Sat, 21 Nov 2026 05:00:00 GMT", "Cache-Control": "max-age=60"}, timedelta(minutes=1)),
        ({"Expires": "Sat, 21 Nov 2026 05:00:00 GMT", "Date": "Sat, 21 Nov 2026 04:30:00 GMT"}, HOUR / 2),
        ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, None),
    ],
)  # fmt: skip
def test_how_long_an_answer_is_fresh(headers: dict[str, str], wait: timedelta | None) -> None:
    assert fresh_until(headers, NOW) == (None if wait is None else NOW + wait)


@given(st.text(max_size=60), st.text(max_size=60))
def test_headers_of_any_kind_have_an_answer(value: str, other: str) -> None:
    for moment in (retry_after(value, NOW), fresh_until({"Cache-Control": value, "Expires": other}, NOW)):
        assert moment is None or NOW <= moment <= NOW + LONGEST_WAIT
    assert http_date(value) is None or isinstance(http_date(value), datetime)


def test_the_next_check_is_the_latest_of_what_is_asked_within_a_day() -> None:
    assert next_check(NOW, HOUR) == NOW + HOUR
    assert next_check(NOW, HOUR, fresh=NOW + 2 * HOUR) == NOW + 2 * HOUR
    assert next_check(NOW, HOUR, fresh=NOW + 2 * HOUR, asked=NOW + 3 * HOUR) == NOW + 3 * HOUR
    assert next_check(NOW, HOUR, asked=NOW + 300 * HOUR) == NOW + LONGEST_WAIT
    assert next_check(NOW, 48 * HOUR) == NOW + 48 * HOUR
    assert NOW + 0.89 * HOUR < next_check(NOW, HOUR, jitter=-1) < NOW + HOUR


def test_the_next_try_obeys_the_server() -> None:
    assert next_try(NOW, 1) == NOW + timedelta(minutes=5)
    assert next_try(NOW, 1, asked=NOW + HOUR) == NOW + HOUR
    assert next_try(NOW, 10, asked=NOW + HOUR) == NOW + LONGEST_WAIT


def test_a_move_is_believed_after_three_identical_sightings() -> None:
    seen = Sightings()
    for n, believed in ((1, False), (2, False), (3, True)):
        seen = sight(seen, "https://new.example/")
        assert (seen.count, seen.believed) == (n, believed)
    assert sight(seen, "https://other.example/") == Sightings("https://other.example/", 1)
    assert sight(seen, "") == Sightings()
