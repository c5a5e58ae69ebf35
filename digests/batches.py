"""Pushes and broadcasts as decisions: what may follow what, whom they are for, when they fail, how long they take. Pure.

A batch is planned, perhaps scheduled, composing, sending, done. What holds it back is told apart from that, so that an admin
may pause it at any of these without those who compose it having to know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digests.types import Audience, Batch, Hold
from subscriptions import Subscriber, SubscriberId

SAMPLES = 3
UNDER_WAY = frozenset({"scheduled", "composing", "sending"})
RECALLABLE = timedelta(hours=48)
"""For so long Telegram lets a bot delete what it sent."""
SETTLED = ("sent", "paused", "failed", "expired", "uncertain")
FAILED = ("failed", "expired", "uncertain")


# ---------------------------------------------------------------------------------------------- what may follow what
def planned(stored: Batch | None, plan: Batch) -> Batch | None:
    """None: it has been started since."""
    return plan if stored is None or stored.state == "planned" else None


def started(stored: Batch | None, plan: Batch, now: datetime, at: datetime | None) -> Batch | None:
    """None: somebody has started it, or it is no longer what was agreed to."""
    if stored != plan or plan.state != "planned":
        return None
    if at is not None:
        return replace(plan, state="scheduled", at=at)
    return replace(plan, state="composing", started=now)


def held(stored: Batch | None, hold: Hold) -> Batch | None:
    """None: it is not under way, is stopped, or is so already. Who goes on with one that failed means it."""
    if stored is None or stored.state not in UNDER_WAY or stored.hold == "stopped":
        return None
    if hold == "resumed" and stored.hold not in ("paused", "failing"):
        return None
    wanted: Hold = "forced" if hold == "resumed" and stored.hold == "failing" else hold
    return None if stored.hold == wanted else replace(stored, hold=wanted)


def saved(stored: Batch | None, batch: Batch) -> Batch:
    """What is stored of `batch`: its hold belongs to the admins."""
    return replace(batch, hold=stored.hold) if stored is not None else batch


# ---------------------------------------------------------------------------------------------- whom it is for
def is_meant(audience: Audience, reader: Subscriber) -> bool:
    """Whether a reader who is not paused belongs to it."""
    settings, private = reader.settings, reader.chat_kind == "private"
    return (
        reader.paused is None
        and audience.cadence in ("", settings.cadence.kind)
        and audience.language in ("", settings.language)
        and audience.place in ("", "private" if private else "groups")
        and (not audience.query or any(held.query == audience.query for held in reader.subscriptions))
    )


@dataclass(slots=True)
class Count:
    """Readers that a push would reach, and up to SAMPLES of them who differ most in how they see it."""

    readers: int = 0
    samples: tuple[SubscriberId, ...] = ()
    _kinds: tuple[tuple[object, ...], ...] = ()

    def add(self, reader: Subscriber) -> None:
        self.readers += 1
        kind = (reader.settings.language, reader.chat_kind, reader.settings.length)
        if len(self.samples) < SAMPLES:
            self.samples, self._kinds = (*self.samples, reader.id), (*self._kinds, kind)
        elif kind not in self._kinds:
            twin = next((at for at, one in enumerate(self._kinds) if one in self._kinds[:at]), None)
            if twin is not None:
                self.samples = (*self.samples[:twin], *self.samples[twin + 1 :], reader.id)
                self._kinds = (*self._kinds[:twin], *self._kinds[twin + 1 :], kind)


# ---------------------------------------------------------------------------------------------- how it goes
def is_failing(states: Mapping[str, int], share: float, least: int) -> bool:
    """Whether more than `share` of at least `least` settled deliveries failed. Readers who are gone (paused) did not fail."""
    settled = sum(states.get(state, 0) for state in SETTLED)
    return settled >= max(least, 1) and sum(states.get(state, 0) for state in FAILED) > share * settled


def takes(messages: int, per_second: float) -> timedelta:
    """How long so many messages take at a rate; nothing where there is no limit."""
    return timedelta(seconds=round(messages / per_second)) if per_second else timedelta()


def is_recallable(settled: datetime | None, now: datetime) -> bool:
    return settled is not None and now - settled < RECALLABLE
