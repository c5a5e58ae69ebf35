"""The updates that wait for the bot, and the one getUpdates call that may wait for them.

A second getUpdates ends the first with 409, as Telegram does. Updates are kept until an offset behind them confirms them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.errors import ApiError, Json

UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(slots=True)
class Webhook:
    """Where updates are pushed to; an empty url means polling."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_date: int = 0


@dataclass(slots=True)
class Updates:
    """`changed` is called whenever the queue changes."""

    changed: Callable[[], None]
    next_id: int = 1
    pending: list[Json] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    webhook: Webhook = field(default_factory=Webhook)
    _waiter: asyncio.Future[None] | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, kind: str, content: Json) -> int | None:
        """Queue an update unless the bot did not ask for its kind. Returns its id."""
        wanted = kind in self.allowed if self.allowed else kind not in UNASKED
        if not wanted:
            return None
        update_id = self.next_id
        self.next_id += 1
        self.pending.append({"update_id": update_id, kind: content})
        self.arrived.set()
        self._wake(None)
        self.changed()
        return update_id

    async def get(self, offset: int, limit: int, patience: float) -> list[Json]:
        """One getUpdates: confirms what lies before `offset`, waits up to `patience` seconds for something to give."""
        if self.webhook.url:
            raise ApiError(409, WEBHOOK_ACTIVE)
        self._wake(ApiError(409, CONFLICT))
        self.confirm(offset)
        if not self.pending and patience > 0:
            await self._wait(patience)
        return self.pending[: limit or 100]

    def confirm(self, offset: int) -> None:
        before = len(self.pending)
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        if len(self.pending) != before:
            self.changed()

    def drop(self) -> None:
        self.pending.clear()
        self.changed()

    def close(self) -> None:
        """End a waiting call with nothing."""
        self._wake(None)

    async def _wait(self, patience: float) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiter = waiter
        try:
            await asyncio.wait_for(waiter, patience)
        except TimeoutError:
            return
        finally:
            if self._waiter is waiter:
                self._waiter = None

    def _wake(self, error: ApiError | None) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is None or waiter.done():
            return
        if error:
            waiter.set_exception(error)
        else:
            waiter.set_result(None)
