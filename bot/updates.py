"""What all chat processes know of the updates that Telegram pushes: which one is being handled, and which is done.

Telegram sends an update again when an answer is late or lost, and any replica may get it. Whoever claims it handles it; a
claim lapses with its lease, so that an update whose process died is handled by another. Knows no Telegram types.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from typing import Protocol

KEPT = timedelta(hours=25)
"""How long an update is known to be done: Telegram itself forgets undelivered ones after 24 hours."""


class Claim(Enum):
    """`MINE`: handle it. `BUSY`: somebody else is at it. `DONE`: it was handled."""

    MINE = 0
    BUSY = 1
    DONE = 2


class UpdateLog(Protocol):
    """Called by the webhook. Every method is one atomic step and raises StoreError."""

    async def claim(self, update: int, by: str, lease: timedelta) -> Claim:
        """Take an update for the time of a lease. `by` names the attempt; repeatable under the same name."""
        ...

    async def settle(self, update: int) -> None:
        """It is handled: known as DONE for KEPT. Repeatable."""
        ...

    async def give_back(self, update: int, by: str) -> None:
        """Not handled: the next one may claim it at once. Repeatable; does nothing once another attempt holds it."""
        ...

    async def find_hook(self) -> str | None:
        """What `put_hook` kept last: the mark of the webhook that was set."""
        ...

    async def put_hook(self, mark: str) -> None: ...


class MemoryUpdateLog:
    """Implements UpdateLog. `clock`: seconds, ascending."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._held: dict[int, tuple[str, float]] = {}
        self._hook: str | None = None

    async def claim(self, update: int, by: str, lease: timedelta) -> Claim:
        self._held = {key: held for key, held in self._held.items() if held[1] > self._clock()}
        holder, _ = self._held.get(update, (by, 0.0))
        if holder == "":
            return Claim.DONE
        if holder != by:
            return Claim.BUSY
        self._held[update] = (by, self._clock() + lease.total_seconds())
        return Claim.MINE

    async def settle(self, update: int) -> None:
        self._held[update] = ("", self._clock() + KEPT.total_seconds())

    async def give_back(self, update: int, by: str) -> None:
        if self._held.get(update, ("", 0.0))[0] == by:
            del self._held[update]

    async def find_hook(self) -> str | None:
        return self._hook

    async def put_hook(self, mark: str) -> None:
        self._hook = mark
