"""The decision table of the outbox, row by row, and the waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests import Delivery, Digest, Outcome, OutcomeKind, settle
from digests.settle import BACKOFF_LONGEST, CHAT_PAUSE, STOPPED, TTL, backoff, is_stale, unread_with_it
from digests.types import DigestGroup, DigestItem

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
DIGEST = Digest((DigestGroup("q", (DigestItem(7, ("q",)), DigestItem(9, ("q",)))),), ("i",), 12, NOW)
DELIVERY = Delivery("d1", "-100200", "digest", NOW - timedelta(minutes=1), digest=DIGEST, attempts=1)
TOPIC = replace(DELIVERY, subscriber="-100200:44")
SECOND = timedelta(seconds=1)


def test_sent() -> None:
    made = settle(DELIVERY, Outcome("sent", message_id=5), NOW)
    assert (made.state, made.next_at, made.chat_at) == ("sent", None, NOW + CHAT_PAUSE)
    assert made.delivery.settled == NOW and made.delivery.error == "" and not made.returned


def test_retry_after_waits_exactly_as_told() -> None:
    made = settle(DELIVERY, Outcome("retry_after", "Too Many Requests: retry after 35", retry_after=35), NOW)
    assert (made.state, made.next_at, made.chat_at, made.bot_at) == (
        "queued",
        NOW + 35 * SECOND,
        NOW + 35 * SECOND,
        None,
    )
    assert made.delivery.error == "retry_after: Too Many Requests: retry after 35"


def test_a_wait_for_the_whole_bot_is_told() -> None:
    made = settle(DELIVERY, Outcome("retry_after", retry_after=3, whole_bot=True), NOW)
    assert made.bot_at == NOW + 3 * SECOND


@pytest.mark.parametrize("kind", ["network", "server_error"])
def test_what_did_not_get_through_is_tried_again(kind: OutcomeKind) -> None:
    made = settle(DELIVERY, Outcome(kind, "Bad Gateway", ambiguous=True), NOW)
    assert made.state == "queued" and made.next_at == made.chat_at == NOW + backoff(DELIVERY)
    assert made.delivery.error == f"{kind}: Bad Gateway (possibly sent)" and made.delivery.settled is None


@pytest.mark.parametrize("kind", ["network", "server_error", "unknown"])
@pytest.mark.parametrize(("once", "ambiguous"), [(False, False), (False, True), (True, False), (True, True)])
def test_what_may_have_been_sent_is_sent_again_unless_it_is_rather_lost(
    kind: OutcomeKind, once: bool, ambiguous: bool
) -> None:
    """The default is once too often, on record; only a push for which an admin chose so is left as it is."""
    made = settle(replace(DELIVERY, once=once), Outcome(kind, "reset", ambiguous=ambiguous), NOW)
    if once and ambiguous:
        assert (made.state, made.next_at, made.returned) == ("uncertain", None, ())
        assert made.delivery.settled == NOW and made.delivery.error == f"{kind}: reset (possibly sent)"
    else:
        assert (made.state, made.next_at) == ("queued", NOW + backoff(DELIVERY))
        assert made.delivery.error.endswith("(possibly sent)") == ambiguous


@pytest.mark.parametrize("kind", sorted(set(get_args(OutcomeKind)) - {"network", "server_error", "unknown"}))
def test_a_certain_end_is_the_same_whatever_was_chosen(kind: OutcomeKind) -> None:
    outcome = Outcome(kind, message_id=5, new_chat=-9, retry_after=3)
    usual, once = settle(DELIVERY, outcome, NOW), settle(replace(DELIVERY, once=True), outcome, NOW)
    assert replace(once, delivery=replace(once.delivery, once=False)) == usual


CORRECTION = replace(DELIVERY, kind="correction", edits=(3,), news=(9,))


def test_a_message_that_is_gone_is_recalled_but_not_corrected() -> None:
    """As the sender counts it: the message is among those dealt with."""
    gone = Outcome("gone", "message to edit not found", message_id=3)
    recalled = settle(replace(DELIVERY, kind="recall", digest=None, edits=(3,), sent=(3,)), gone, NOW)
    assert (recalled.state, recalled.delivery.error, recalled.returned) == ("sent", "", ())
    told = settle(replace(CORRECTION, sent=(3,)), gone, NOW)
    assert (told.state, told.delivery.sent, told.returned, told.alarm) == ("expired", (), (9,), None)


def test_a_message_that_cannot_be_edited() -> None:
    refused = Outcome("unchangeable", "message can't be edited")
    assert settle(replace(DELIVERY, kind="recall", digest=None), refused, NOW).state == "failed"
    told = settle(CORRECTION, refused, NOW)
    assert (told.state, told.returned, told.alarm) == ("expired", (9,), None)


def test_a_fee_that_is_not_taken_is_told_and_the_message_goes_again() -> None:
    made = settle(DELIVERY, Outcome("unpaid", "BALANCE_TOO_LOW"), NOW)
    assert (made.state, made.next_at, made.alarm, made.bot_at) == ("queued", NOW, "unpaid", None)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("blocked", "blocked"), ("deactivated", "deactivated"), ("kicked", "kicked"), ("no_rights", "rights"),
     ("cant_initiate", "blocked"), ("not_found", "not_found")],
)  # fmt: skip
def test_a_closed_door_pauses_and_gives_the_articles_back(kind: OutcomeKind, reason: str) -> None:
    made = settle(DELIVERY, Outcome(kind, "Forbidden"), NOW)
    assert (made.state, made.pause, made.next_at, made.returned) == ("paused", reason, None, (7, 9))
    partly = settle(replace(DELIVERY, sent=(3,)), Outcome(kind), NOW)
    assert partly.returned == ()
    stands = replace(DELIVERY, digest=replace(DIGEST, groups=(DigestGroup("q", (DigestItem(7, ("q",), (3,)),)),)))
    assert unread_with_it(stands) == (3,)
    for read in (replace(stands, sent=(3,)), replace(stands, news=(7,)), replace(stands, digest=None)):
        assert unread_with_it(read) == ()
    assert settle(replace(DELIVERY, digest=None, html="x"), Outcome(kind), NOW).returned == ()


def test_a_supergroup_moves_with_its_forum_topic() -> None:
    made = settle(TOPIC, Outcome("migrated", new_chat=-100999), NOW)
    assert (made.state, made.move_to, made.next_at) == ("queued", "-100999:44", NOW)
    assert made.delivery.subscriber == "-100200:44"


def test_a_move_to_nowhere_is_a_dead_letter() -> None:
    made = settle(TOPIC, Outcome("migrated"), NOW)
    assert (made.state, made.move_to, made.alarm) == ("failed", None, "migrated")


def test_a_closed_topic_falls_back_on_the_general_one_and_says_so() -> None:
    made = settle(TOPIC, Outcome("topic_closed"), NOW)
    assert (made.state, made.move_to, made.next_at, made.tell) == ("queued", "-100200", NOW, "topic-closed")


def test_a_closed_general_topic_pauses() -> None:
    made = settle(DELIVERY, Outcome("topic_closed"), NOW)
    assert (made.state, made.pause, made.move_to) == ("paused", "rights", None)


@pytest.mark.parametrize("kind", ["bad_entities", "too_long"])
def test_a_refused_text_goes_once_more_as_plain_text(kind: OutcomeKind) -> None:
    made = settle(DELIVERY, Outcome(kind), NOW)
    assert (made.state, made.plain, made.next_at, made.alarm) == ("queued", True, NOW, kind)
    again = settle(made.delivery, Outcome(kind), NOW)
    assert (again.state, again.next_at, again.alarm) == ("failed", None, kind)


def test_a_refused_token_stops_everything_and_counts_no_attempt() -> None:
    made = settle(DELIVERY, Outcome("unauthorized", "Unauthorized"), NOW)
    assert (made.state, made.bot_at, made.next_at, made.alarm) == (
        "queued",
        NOW + STOPPED,
        NOW + STOPPED,
        "unauthorized",
    )
    assert made.delivery.attempts == 0


def test_the_unknown_is_a_dead_letter_with_an_alarm() -> None:
    made = settle(DELIVERY, Outcome("rejected", "Bad Request: BUTTON_DATA_INVALID"), NOW)
    assert (made.state, made.next_at, made.chat_at, made.alarm) == ("failed", None, NOW + CHAT_PAUSE, "rejected")
    assert made.delivery.error == "rejected: Bad Request: BUTTON_DATA_INVALID"


def test_an_old_digest_expires_and_gives_its_articles_back() -> None:
    old = replace(DELIVERY, created=NOW - TTL)
    made = settle(old, Outcome("network"), NOW)
    assert (made.state, made.next_at, made.returned, made.delivery.settled) == ("expired", None, (7, 9), NOW)
    assert settle(old, Outcome("sent"), NOW).state == "sent"
    assert settle(old, Outcome("blocked"), NOW).state == "paused"
    assert settle(old, Outcome("network"), NOW, ttl=timedelta(days=9)).state == "queued"


def test_what_waited_too_long_is_not_even_tried() -> None:
    old = replace(DELIVERY, created=NOW - TTL - timedelta(seconds=1))
    assert is_stale(old, NOW) and not is_stale(replace(old, created=NOW - TTL), NOW)
    assert not is_stale(old, NOW, ttl=timedelta(days=9))
    for goes in (replace(old, batch="b"), replace(old, kind="notice"), replace(old, sent=(5,))):
        assert not is_stale(goes, NOW)
    made = settle(old, Outcome("stale", "why"), NOW)
    assert (made.state, made.next_at, made.chat_at, made.returned) == ("expired", None, NOW, (7, 9))
    assert made.delivery.error == "stale: why"


@given(st.sampled_from(get_args(OutcomeKind)), st.integers(1, 10**6), st.booleans(), st.integers(0, 10**7))
def test_every_outcome_is_done_or_due_again(kind: OutcomeKind, attempts: int, plain: bool, age: int) -> None:
    delivery = replace(TOPIC, attempts=attempts, plain=plain, created=NOW - timedelta(seconds=age))
    made = settle(delivery, Outcome(kind, retry_after=5, new_chat=-7), NOW)
    assert (made.next_at is None) == (made.state != "queued") == (made.delivery.settled is not None)
    assert made.next_at is None or NOW <= made.next_at <= NOW + BACKOFF_LONGEST * 1.25
    assert made.chat_at >= NOW
    assert made.delivery.digest is delivery.digest and made.delivery.id == delivery.id


def test_backoff_grows_within_its_bounds_and_is_the_same_each_time() -> None:
    waits = [backoff(replace(DELIVERY, attempts=n)) for n in range(1, 10**3)]
    assert waits == [backoff(replace(DELIVERY, attempts=n)) for n in range(1, 10**3)]
    assert timedelta(seconds=1.5) <= waits[0] <= timedelta(seconds=2.5)
    assert all(later > earlier for earlier, later in pairwise(waits[:8]))
    assert all(BACKOFF_LONGEST * 0.75 <= wait <= BACKOFF_LONGEST * 1.25 for wait in waits[12:])
    assert len({backoff(replace(DELIVERY, id=f"d{n}")) for n in range(50)}) == 50
    assert backoff(replace(DELIVERY, attempts=0)) <= timedelta(seconds=2.5)
