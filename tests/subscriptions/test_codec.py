"""Values as bytes and back: whatever it is, it comes back equal; subscribers stay small."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from subscriptions import Cadence, Interest, Match, Settings, Span, Subscriber, Subscription, from_json, to_json
from subscriptions.codec import (
    FORMAT,
    HEAD,
    moment,
    pack_subscriber,
    packed_queries,
    to_microseconds,
    unpack_subscriber,
)

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
cadences = st.builds(
    Cadence,
    st.sampled_from(["instant", "daily", "weekdays", "workdays", "weekly", "monthly"]),
    st.lists(st.integers(0, 1439), max_size=4).map(tuple),
    st.integers(0, 6),
    st.integers(1, 31),
)
settings = st.builds(
    Settings,
    st.sampled_from(["zh-Hans", "zh-Hant", "en"]),
    texts,
    cadences,
    st.sampled_from(["titles", "extracts", "full"]),
    st.booleans(),
    st.booleans(),
    st.none() | st.tuples(st.integers(0, 1439), st.integers(0, 1439)),
    st.booleans(),
)
query_ids = st.binary(min_size=12, max_size=12).map(bytes.hex)
held = st.builds(Subscription, query_ids, texts, st.integers(0, 1 << 53), moments, st.none() | cadences)
subscribers = st.builds(
    Subscriber,
    st.just("-1001:7"),
    st.just(Settings()) | settings,
    moments,
    st.lists(held, max_size=5, unique_by=lambda s: s.query_id).map(tuple),
    st.sampled_from([None, "reader", "blocked"]),
    st.sampled_from(["private", "channel"]),
    texts,
    st.none() | st.integers(),
    st.integers(0, (1 << 32) - 1),
    st.none() | moments.filter(lambda at: at.year > 1970).map(lambda at: at.replace(microsecond=0)),
    st.lists(st.integers(1, 1 << 31), max_size=3).map(tuple),
    st.just("") | query_ids,
    st.builds(Interest, st.just((1, 2)), st.lists(texts).map(tuple), st.none() | moments),
)
matches = st.builds(
    Match,
    query_ids,
    st.dictionaries(texts, st.lists(st.builds(Span, st.just("body"), st.integers(), st.integers())).map(tuple)),
    st.dictionaries(texts, texts),
)


@run(max_examples=40, deadline=None)
@given(subscribers)
def test_a_packed_subscriber_comes_back_equal(value: Subscriber) -> None:
    data = pack_subscriber(value)
    assert packed_queries(data) == [s.query_id for s in value.subscriptions]
    assert HEAD.unpack_from(data) == (FORMAT, value.rev, len(value.subscriptions))
    assert unpack_subscriber(value.id, data, {s.query_id: s.query for s in value.subscriptions}) == value


@run(max_examples=40, deadline=None)
@given(subscribers | matches | settings)
def test_any_value_comes_back_equal_from_json(value: Subscriber | Match | Settings) -> None:
    assert from_json(type(value), to_json(value)) == value


@run(max_examples=40, deadline=None)
@given(moments)
def test_a_moment_comes_back_exactly(at: datetime) -> None:
    assert moment(to_microseconds(at)) == at


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=8)))
    assert moment(to_microseconds(there)) == NOW


def test_a_usual_subscriber_of_three_takes_ninety_bytes() -> None:
    later = NOW + timedelta(days=60, microseconds=1)
    many = tuple(Subscription(f"{n:024x}", "a query of any length", 1 << 39, later) for n in range(3))
    value = Subscriber("123456789", Settings(), NOW, many)
    assert len(pack_subscriber(value)) <= 94
    assert len(pack_subscriber(replace(value, title="t"))) > 94


def test_values_of_another_format_are_refused() -> None:
    data = pack_subscriber(Subscriber("1", Settings(), NOW))
    with pytest.raises(ValueError, match="format 2"):
        unpack_subscriber("1", b"\x02" + data[1:], {})


def test_marks_tell_whom_a_hit_wakes() -> None:
    instant = Cadence("instant")
    many = (Subscription("0" * 24, "a", 0, NOW, instant), Subscription("1" * 24, "b", 0, NOW))

    def marks(value: Subscriber) -> bytes:
        return pack_subscriber(value)[HEAD.size + 24 : HEAD.size + 26]

    value = Subscriber("1", Settings(), NOW, many)
    assert marks(value) == b"i-"
    assert marks(replace(value, settings=Settings(cadence=instant))) == b"ii"
    assert marks(replace(value, settings=Settings(cadence=instant), paused="reader")) == b"--"


@dataclass(frozen=True)
class Old:
    a: int
    b: tuple[int, str] = (1, "x")
    c: frozenset[str] = frozenset()


@dataclass(frozen=True)
class New(Old):
    d: str = "later"
    e: list[int] | None = None


def test_versions_read_each_other() -> None:
    assert from_json(New, to_json(Old(1, (2, "y"), frozenset("ba")))) == New(1, (2, "y"), frozenset("ab"))
    assert from_json(Old, to_json(New(1, d="unknown to Old", e=[1]))) == Old(1)
    assert to_json(Old(1)) == b'{"a":1}'
    assert b'["a","b"]' in to_json(Old(1, c=frozenset("ba")))
