"""What is kept of what a reader opened: nothing unless asked for, little, and nothing when no longer asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from subscriptions import Interest, Settings, Subscriber
from subscriptions.interest import MOST_OPENED, MOST_REFUSED, only_if_asked, opened, refused, suggested

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
ASKS = Subscriber("7", Settings(suggest=True), NOW)
OTHERS = Subscriber("8", Settings(), NOW)


def test_nothing_is_kept_of_who_does_not_ask() -> None:
    assert opened(OTHERS, 1) is OTHERS and refused(OTHERS, "词") is OTHERS and only_if_asked(ASKS) is ASKS
    full = suggested(refused(opened(ASKS, 1), "词"), NOW)
    assert full.interest == Interest((1,), ("词",), NOW)
    assert only_if_asked(replace(full, settings=Settings())).interest == Interest()


def test_it_is_bounded_and_each_is_kept_once() -> None:
    value = ASKS
    for number in range(MOST_OPENED + 5):
        value = refused(opened(value, number), f"词{number}")
    assert value.interest.opened == tuple(range(5, MOST_OPENED + 5))
    assert len(value.interest.refused) == MOST_REFUSED
    assert opened(value, MOST_OPENED) is value and refused(value, "词9") is value
