"""What may follow what, whom a push is for, when it fails: tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from digests.batches import Count, held, is_failing, is_meant, is_recallable, planned, saved, started, takes
from digests.types import Audience, Batch, Hold
from subscriptions import Cadence, Settings, Subscriber, Subscription

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
PLAN = Batch("b", "push", 1, NOW, 3)
SENDING = replace(PLAN, state="sending")


def reader(id: str = "1", **more: Any) -> Subscriber:
    value = Subscriber(id, Settings(cadence=Cadence("daily")), NOW, (Subscription("q", "#动力电池", 0, NOW),))
    return replace(value, **more)


def test_only_the_plan_that_was_agreed_to_starts() -> None:
    assert started(None, PLAN, NOW, None) is None and started(SENDING, SENDING, NOW, None) is None
    assert started(replace(PLAN, readers=4), PLAN, NOW, None) is None
    assert started(PLAN, PLAN, NOW, None) == replace(PLAN, state="composing", started=NOW)
    assert started(PLAN, PLAN, NOW, NOW) == replace(PLAN, state="scheduled", at=NOW)
    assert planned(None, PLAN) == planned(replace(PLAN, readers=4), PLAN) == PLAN and planned(SENDING, PLAN) is None


@pytest.mark.parametrize(
    ("had", "asked", "becomes"),
    [
        ("", "paused", "paused"), ("paused", "paused", None), ("paused", "resumed", "resumed"), ("", "resumed", None),
        ("failing", "resumed", "forced"), ("forced", "paused", "paused"), ("resumed", "failing", "failing"),
        ("paused", "stopped", "stopped"), ("stopped", "paused", None), ("stopped", "resumed", None), ("forced", "resumed", None),
    ],
)  # fmt: skip
def test_what_holds_it_back(had: Hold, asked: Hold, becomes: Hold | None) -> None:
    made = held(replace(SENDING, hold=had), asked)
    assert (made and made.hold) == becomes


def test_what_is_not_under_way_is_not_held() -> None:
    assert held(None, "paused") is None
    assert held(PLAN, "paused") is None and held(replace(PLAN, state="done"), "stopped") is None


def test_saving_leaves_the_hold() -> None:
    assert saved(None, SENDING) == SENDING
    assert saved(replace(SENDING, hold="paused"), replace(SENDING, queued=3)).hold == "paused"


@pytest.mark.parametrize(
    ("audience", "meant"),
    [
        (Audience(), True), (Audience("#动力电池"), True), (Audience("#储能"), False), (Audience(cadence="daily"), True),
        (Audience(cadence="instant"), False), (Audience(language="zh-Hans"), True), (Audience(language="en"), False),
        (Audience(place="private"), True), (Audience(place="groups"), False),
    ],
)  # fmt: skip
def test_whom_it_is_for(audience: Audience, meant: bool) -> None:
    assert is_meant(audience, reader()) is meant
    assert not is_meant(audience, reader(paused="user"))
    group = reader(chat_kind="supergroup")
    assert is_meant(Audience(place="groups"), group) and not is_meant(Audience(place="private"), group)


def test_samples_differ() -> None:
    count = Count()
    english = Settings(language="en")
    for n, settings in enumerate((Settings(), Settings(), Settings(), Settings(), english)):
        count.add(reader(f"{n}", settings=settings))
    assert (count.readers, count.samples) == (5, ("0", "2", "4"))
    count.add(reader("5", chat_kind="group"))
    count.add(reader("6", chat_kind="channel"))
    assert (count.readers, count.samples) == (7, ("0", "4", "5"))


@pytest.mark.parametrize(
    ("states", "failing"),
    [
        ({}, False), ({"failed": 9}, False), ({"failed": 2, "sent": 8}, False), ({"failed": 3, "sent": 7}, True),
        ({"expired": 3, "paused": 7, "queued": 100}, True), ({"paused": 10}, False), ({"stopped": 90, "failed": 1}, False),
    ],
)  # fmt: skip
def test_when_it_fails(states: dict[str, int], failing: bool) -> None:
    assert is_failing(states, 0.2, 10) is failing


def test_times() -> None:
    assert takes(90, 30) == timedelta(seconds=3) and takes(90, 0) == timedelta(0)
    assert is_recallable(NOW, NOW + timedelta(hours=47)) and not is_recallable(NOW, NOW + timedelta(hours=48))
    assert not is_recallable(None, NOW)
