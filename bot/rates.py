"""One process's side of the shared rates: books moments for batches, keeps its own seconds within the rate, waits for answers.

The bookings of all processes lie in a RateStore. A message that leaves late may crowd the second after it, so what has really
left is counted here too. Waits only for answers to readers; the relay plans by the moments it gets.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.logs import event
from bot.metrics import Metrics
from digests.errors import StoreError
from digests.rates import Budget, Purse, RateLimits, RateStore, Turns

log = logging.getLogger(__name__)

FULL = timedelta(seconds=1, milliseconds=12)
"""A second, and what messages that left on time may lose of their distance on the way; of what digests.rates.ROOM leaves the rest is
for catching up."""
LATE = timedelta(milliseconds=16)
"""How much later than its moment a message may leave while others book too. digests.rates.ROOM leaves room for it."""
LONGEST_ANSWER = timedelta(seconds=10)
"""A wait beyond this is not made: Telegram then says itself what it thinks."""


class Rates:
    """`name` tells this process from the others. `budget`: these turns are paid for, by the payers that `reserve` names."""

    def __init__(
        self,
        store: RateStore,
        limits: RateLimits,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        name: str = "",
        metrics: Metrics | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.limits, self._budget = limits, budget
        self.used_up = False
        """The last turns asked for were more than the budget holds."""
        self._metrics = metrics or Metrics()
        self._store, self._now, self._sleep = store, now, sleep
        self._name = name or uuid.uuid4().hex[:12]
        self._left: deque[datetime] = deque(maxlen=max(1, limits.most))
        self._alone = True

    async def reserve(self, chats: Sequence[int], payers: Sequence[str] = ()) -> Turns:
        """Turns of a push; `payers` as in Purse, where these are paid for. Raises StoreError."""
        now, purse = self._now(), None
        if self._budget is not None:
            purse = Purse(self.limits, self._budget.messages, self._budget.day(now), tuple(payers))
        turns = await self._store.reserve(chats, now, by=self._name, purse=purse)
        self._alone, self.used_up = turns.alone, any(turn.unpaid for turn in turns.turns)
        return turns

    async def block(self, chat: int | None, until: datetime) -> None:
        """Telegram said to wait: this chat, or with None the whole bot. Raises StoreError."""
        await self._store.block(chat, until, self._now())

    def not_before(self, at: datetime) -> datetime:
        """`at`, or as much later as this process's own last second demands."""
        if self._left and self._left[-1] - self._now() > FULL:  # the clock was set back: those seconds are not these
            self._left.clear()
        if self.limits.per_second and len(self._left) == self._left.maxlen:
            return max(at, self._left[0] + FULL)
        return at

    def is_lapsed(self, at: datetime) -> bool:
        """Whether the moment `at` is past, and others may be using what follows: then book anew."""
        return not self._alone and self.limits.per_second > 0 and self._now() - at > LATE

    def left(self, at: datetime) -> None:
        """A message leaves at `at`."""
        self._left.append(at)

    async def answer(self, chat: int) -> None:
        """Wait for the turn of an answer to a reader, before any push; `chat` 0: a call that only counts over all.
        A store that is away holds no answer up."""
        begun = self._now()
        try:
            while self._now() - begun < LONGEST_ANSWER:
                turns = await self._store.reserve([chat], self._now(), by=self._name, first=True)
                (turn,) = turns.turns
                if max(turn.at, turns.blocked) - begun > LONGEST_ANSWER:
                    break
                await self._sleep(max(0.0, (turn.at - self._now()).total_seconds()))
                if turn.taken:
                    break
        except StoreError as error:
            event(log, "rates_failed", level=logging.WARNING, error=str(error))
        self.left(self._now())
        self._metrics.answer_wait.observe(max(0.0, (self._now() - begun).total_seconds()))
