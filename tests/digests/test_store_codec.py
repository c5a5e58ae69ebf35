"""Deliveries, proofs and numbers as bytes and back; the joining of an issue's parts where the contract does not reach."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.codec import pack_delivery, pack_match, pack_numbers, unpack_delivery, unpack_match, unpack_numbers
from digests.issue_parts import issue_summary, join_parts
from digests.types import DateEvidence, Delivery, Digest, DigestGroup, DigestItem, Issue
from subscriptions import Match, Span

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
query_ids = st.binary(min_size=12, max_size=12).map(bytes.hex)
items = st.builds(DigestItem, st.integers(0), st.lists(query_ids, max_size=2).map(tuple))
groups = st.builds(DigestGroup, texts, st.lists(items, max_size=3).map(tuple))
digests = st.builds(
    Digest, st.lists(groups, max_size=2).map(tuple), st.lists(texts, max_size=2).map(tuple), st.integers(0), moments
)
deliveries = st.builds(
    Delivery,
    texts,
    st.just("-1001:7"),
    st.sampled_from(["digest", "push"]),
    moments,
    st.none() | digests,
    texts,
    texts.filter(lambda text: "\n" not in text),
    st.sampled_from(["queued", "sent"]),
    st.integers(0, 99),
    st.lists(st.integers(1), max_size=3).map(tuple),
    texts,
    st.none() | moments,
    st.booleans(),
)
spans = st.builds(Span, st.sampled_from(["title", "body"]), st.integers(0), st.integers(0))
matches = st.builds(
    Match, st.just("0" * 24), st.dictionaries(texts, st.lists(spans).map(tuple)), st.dictionaries(texts, texts)
)


@settings(max_examples=40, deadline=None)
@given(deliveries)
def test_a_delivery_comes_back_equal(value: Delivery) -> None:
    assert unpack_delivery(pack_delivery(value)) == value


@settings(max_examples=40, deadline=None)
@given(matches)
def test_a_proof_comes_back_equal(value: Match) -> None:
    assert unpack_match(value.query_id, pack_match(value)) == value


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, (1 << 32) - 1)))
def test_numbers_come_back(numbers: list[int]) -> None:
    assert unpack_numbers(pack_numbers(numbers)) == numbers


def test_parts_that_agree_keep_their_page() -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    worked_out, printed = (
        DateEvidence("2026-05-01", "2026-05-03", False),
        DateEvidence("2026-05-02", "2026-05-02", True),
    )
    parts = [
        Issue(None, None, (), page=3),
        Issue("p", "newspaper", (), page=3, date=worked_out),
        Issue("q", None, (), page=3),
    ]
    whole = join_parts(parts, (), at)
    assert (whole.page, whole.publication, whole.kind, whole.date) == (3, "p", "newspaper", worked_out)
    assert join_parts([*parts, Issue(None, None, (), date=printed)], (), at).date == printed
    assert join_parts(parts[:1], (), at).date is None


def test_an_issue_tells_its_summary_once_it_was_stored() -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    stored = Issue(
        "p", "newspaper", (), number="7", id="i", first_seen=at, date=DateEvidence("2026-05-01", "2026-05-01", True)
    )
    told = issue_summary(stored)
    assert (told.id, told.publication, told.day, told.first_seen, told.articles) == ("i", "p", "2026-05-01", at, 0)
    with pytest.raises(ValueError, match="never stored"):
        issue_summary(Issue("p", None, ()))
