"""Files of subscriptions: what is written is read back, and what is wrong is told by its place."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions import Cadence, Settings, Subscriber, Subscription, parse_query, print_query, query_id
from subscriptions.service_export import export_subscriber
from subscriptions.service_import import (
    MOST_BYTES,
    ImportFileError,
    Wanted,
    plain_cadence,
    read_cadence,
    read_import,
    to_opml,
)

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
QUERIES = ("储能", '标题:"<a & b>"', '="中航锂电" -广告', "投资额>=10亿", "#动力电池", "(储能|锂电) 版:1-4")
CADENCES = st.builds(
    Cadence,
    st.sampled_from(["instant", "daily", "weekdays", "workdays", "weekly", "monthly"]),
    st.lists(st.integers(0, 1439), min_size=1, max_size=4, unique=True).map(lambda times: tuple(sorted(times))),
    st.integers(0, 6),
    st.integers(1, 31),
)


def held(text: str, cadence: Cadence | None = None) -> Subscription:
    query = print_query(parse_query(text))
    return Subscription(query_id(query), query, 0, NOW, cadence)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(QUERIES), st.none() | CADENCES), unique_by=lambda pair: pair[0], min_size=1))
def test_what_is_exported_is_read_back(pairs: list[tuple[str, Cadence | None]]) -> None:
    value = Subscriber("7", Settings(), NOW, tuple(held(*pair) for pair in pairs))
    expected = tuple(Wanted(s.query_id, s.query, s.cadence) for s in value.subscriptions)
    for content in (to_opml(value), json.dumps(export_subscriber(value))):
        plan = read_import(content.encode())
        assert (plan.wanted, plan.bad) == (expected, ())


def test_what_is_no_query_is_named_and_repetitions_are_one() -> None:
    plan = read_import('\ufeff["储能", "储能 ", "(锂电", {"query": "光伏"}, {"query": 7}, null]'.encode())
    assert [one.query for one in plan.wanted] == ["储能", "光伏"] and plan.bad == ('{"query": 7}', "null", "(锂电")


def test_outlines_of_feeds_are_no_queries() -> None:
    opml = '<opml><body><outline text="报"><outline type="rss" text="x" xmlUrl="u"/><outline type="kanbao" text=" "/></outline>'
    with pytest.raises(ImportFileError) as caught:
        read_import(f"{opml}</body></opml>".encode())
    assert caught.value.code == "no_list"


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"x" * (MOST_BYTES + 1), "too_big", 0),
        (b"\xff\xfe", "not_text", 0),
        (b"", "bad_json", 1),
        (b'{"a":\n1 2}', "bad_json", 2),
        (b"[" * 100_000, "bad_json", 0),
        (b"{}", "no_list", 0),
        (b"7", "no_list", 0),
        (b"[]", "no_list", 0),
        (json.dumps(["a"] * 1001).encode(), "too_many", 0),
        (b"<opml>\n<body>", "bad_xml", 2),
        (b'<!DOCTYPE o [<!ENTITY a "b">]>\n<opml>&a;</opml>', "bad_xml", 1),
    ],
)
def test_bad_files(content: bytes, code: str, line: int) -> None:
    with pytest.raises(ImportFileError) as caught:
        read_import(content)
    assert (caught.value.code, caught.value.line) == (code, line)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "hourly"},
        {"times": []},
        {"times": [1440]},
        {"times": "x"},
        {"times": [True]},
        {"weekday": 7},
        {"day": 0},
    ],
)
def test_a_cadence_that_makes_no_sense_is_none(change: dict[str, object]) -> None:
    plain = {**plain_cadence(Cadence("weekly")), **change}
    assert read_cadence(plain) is None and read_cadence(json.dumps(plain)) is None
    assert read_cadence("{") is None and read_cadence(None) is None
