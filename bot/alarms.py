"""What admins must hear of before readers do: messages that wait too long, a store that is full or forgets, a wrong clock.

`alarms` decides and is pure; `Alarms.step` looks and tells, each kind at most once an hour, until an admin says that
it is known; once it is over, the next time is told again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.connect_redis import StoreVitals
from bot.notices import Notices
from digests.html import html_escape
from digests.ports import Outbox

LATE = timedelta(minutes=30)
"""A message waits longer than any burst explains; a push to more than 50,000 readers at 30 a second takes as long, and is told too."""
FULL = 0.9
"""Share of the store's allowed memory: behind it, it refuses to write."""
SKEW = timedelta(seconds=30)
"""Between this machine's clock and the store's: due times of several processes would drift apart."""
EVERY = timedelta(minutes=1)

SHARED = frozenset({"alarm-backlog", "alarm-memory", "alarm-persistence"})
"""What is so for all processes, so that each can see when it is over. A clock is one machine's."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """`waits`: the longest overdue message; `skew`: our clock before the store's; `chats`: how many wait; `machine`: whose clock it is."""

    waits: timedelta
    store: StoreVitals
    skew: timedelta
    chats: int = 0
    machine: str = ""


def alarms(vitals: Vitals) -> dict[str, dict[str, str]]:
    """Text keys of what is wrong, with their parameters."""
    found: dict[str, dict[str, str]] = {}
    if vitals.waits >= LATE:
        found["alarm-backlog"] = {
            "minutes": f"{vitals.waits // timedelta(minutes=1)}",
            "chats": f"{vitals.chats}",
        }
    if vitals.store.full >= FULL:
        found["alarm-memory"] = {"percent": f"{vitals.store.full:.0%}"}
    if not vitals.store.persistent:
        found["alarm-persistence"] = {}
    if abs(vitals.skew) >= SKEW:
        found["alarm-skew"] = {
            "seconds": f"{abs(vitals.skew) // timedelta(seconds=1)}",
            "side": "ahead" if vitals.skew > timedelta(0) else "behind",
            "machine": html_escape(vitals.machine),
        }
    return found


class Alarms:
    """`vitals`: asks the store how it is. `machine`: this one's name, as admins know it."""

    def __init__(
        self,
        outbox: Outbox,
        vitals: Callable[[], Awaitable[StoreVitals]],
        notices: Notices,
        now: Callable[[], datetime],
        nudge: Callable[[], None],
        machine: str,
    ) -> None:
        self._outbox, self._vitals, self._notices, self._now, self._nudge = outbox, vitals, notices, now, nudge
        self._machine = machine

    async def step(self) -> bool:
        store, now = await self._vitals(), self._now()
        chats, waits = await self._outbox.backlog(now)
        skew = timedelta(seconds=now.timestamp() - store.clock)
        wrong = alarms(Vitals(waits, store, skew, chats, self._machine))
        if await self._notices.warn(wrong, now):
            self._nudge()
        for key in SHARED - set(wrong):
            await self._notices.well(key)
        return False
