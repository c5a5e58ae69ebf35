"""Claimed deliveries on their way to their moments: books turns a little ahead, lets each go when its moment comes.

Decides nothing about what is sent. A clock that was set back makes moments wrong: then they are booked anew. What must wait for its
chat is held here for a short while; what would have to wait longer is given to `too_far`. Nothing is lost by forgetting a Pacer: the
claims lapse.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Protocol

from bot.logs import event
from bot.rates import Rates
from digests.errors import StoreError
from digests.rates import Turn, Turns, microseconds
from digests.types import Chunk, Delivery
from subscriptions import Subscriber, chat_of

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=1.5)
"""How far ahead a turn may be before its delivery goes back to the outbox instead of being held in memory."""
PORTION = 256
"""Turns booked at once, at most."""
NAP = 0.05
"""Seconds between two looks while everything held waits for its chat."""
STORE_AWAY = 0.5
"""Seconds before a store that is away is asked again."""
LOST_CLOCK = timedelta(seconds=3)
"""A moment further ahead than this was booked under a clock that has been set back since."""
NOW_ENOUGH = timedelta(milliseconds=0.5)


class Messages(Protocol):
    """Of one delivery, in order."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: int, /) -> Chunk: ...


@dataclass(slots=True)
class Held:
    """A claimed delivery with its messages. `until`: from then on the claim may be somebody else's, so it must not be sent.
    `paid`: its messages are paid for; `payer`: the batch that the next one is still to be counted for, or "".
    `trial`: sent to see whether the Bot API is to be reached."""

    delivery: Delivery
    chunks: Messages
    subscriber: Subscriber | None
    until: datetime
    paid: bool = False
    payer: str = ""
    trial: bool = False

    @property
    def chat(self) -> int:
        return chat_of(self.delivery.subscriber)


Launch = Callable[[Held], Awaitable[None]]
"""Begins to send, after waiting for room if there is none; must not wait for the answer."""
TooFar = Callable[[list[tuple[Held, datetime]], datetime], Awaitable[None]]
"""Takes back what is not to be held, each with its moment, and until when the whole bot is stopped."""


class Pacer:
    """`run` paces until cancelled; `drain` until nothing is held. What nobody pays for any more is given to `too_far` at once."""

    def __init__(
        self,
        rates: Rates,
        launch: Launch,
        too_far: TooFar,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._rates, self._launch, self._too_far, self._now, self._sleep = rates, launch, too_far, now, sleep
        self._hand: deque[Held] = deque()
        self._later: list[tuple[datetime, int, Held]] = []
        self._booked: deque[tuple[datetime, Held]] = deque()
        self._booking: asyncio.Task[None] | None = None
        self._asked: list[Held] = []
        self._number = count()
        self._work = asyncio.Event()

    def __len__(self) -> int:
        return len(self._hand) + len(self._later) + len(self._booked) + len(self._asked)

    def put(self, held: Iterable[Held]) -> None:
        self._hand.extend(held)
        self._work.set()

    def put_later(self, held: Held, at: datetime) -> None:
        """Not before `at`."""
        heapq.heappush(self._later, (at, next(self._number), held))
        self._work.set()

    def take_all(self) -> list[Held]:
        """Everything held, which is then held no more. Only while nothing runs."""
        held = [*self._asked, *(one for _, one in self._booked), *self._hand, *(one for *_, one in self._later)]
        for kept in (self._asked, self._booked, self._hand, self._later):
            kept.clear()
        return held

    async def run(self) -> None:
        try:
            while True:
                self._work.clear()
                await self.drain()
                await self._work.wait()
        finally:
            if self._booking is not None:
                self._booking.cancel()
                self._booking = None

    async def drain(self) -> None:
        while len(self):
            self._ripen()
            if self._booking is None and self._hand and self._is_low():
                self._booking = asyncio.create_task(self._book())
            if self._booked:
                await self._let_go_first()
            elif self._booking is not None:
                await self._booking
            elif not self._hand:
                wait = (self._later[0][0] - self._now()).total_seconds()
                await self._sleep(min(max(wait, 0.0), NAP))

    def _ripen(self) -> None:
        now = self._now()
        while self._later and not now < self._later[0][0] <= now + LOST_CLOCK:
            self._hand.append(heapq.heappop(self._later)[2])

    def _is_low(self) -> bool:
        """A quarter of the horizon is free: time to book more. The rest lasts while the store, or this process, is slow."""
        return self._ahead() < 0.75 * self._rates.limits.horizon

    def _ahead(self) -> timedelta:
        """How far from now all is booked by this process."""
        return max(self._booked[-1][0] - self._now(), timedelta()) if self._booked else timedelta()

    async def _book(self) -> None:
        try:
            self._asked = [self._hand.popleft() for _ in range(min(self._portion(), len(self._hand)))]
            turns = await self._rates.reserve([held.chat for held in self._asked], [held.payer for held in self._asked])
            asked, self._asked = self._asked, []
            await self._sort(list(zip(asked, turns.turns, strict=True)), turns)
        except StoreError as error:
            event(log, "rates_failed", level=logging.ERROR, error=str(error))
            self._hand.extendleft(reversed(self._asked))
            self._asked = []
            await self._sleep(STORE_AWAY)
        finally:
            self._booking = None

    def _portion(self) -> int:
        """As many as the free part of the horizon has room for."""
        limits = self._rates.limits
        slots = microseconds(limits.horizon - self._ahead()) // limits.spacing + 1 if limits.spacing else PORTION
        return min(slots, PORTION)

    async def _sort(self, asked: list[tuple[Held, Turn]], turns: Turns) -> None:
        now, far = self._now(), list[tuple[Held, datetime]]()
        for held, turn in asked:
            if turn.taken:
                held.payer = ""
                self._booked.append((turn.at, held))
            elif turn.unpaid:
                far.append((held, now))
            elif turn.at - now <= PATIENCE:
                self.put_later(held, turn.at)
            else:
                far.append((held, turn.at))
        if far:
            await self._too_far(far, turns.blocked)

    async def _let_go_first(self) -> None:
        """It stays among the booked until it has gone: whoever is cancelled here must not lose it."""
        at, held = self._booked[0]
        at = self._rates.not_before(at)
        wait = at - self._now()
        if NOW_ENOUGH < wait <= LOST_CLOCK:
            await self._sleep(wait.total_seconds())
        if wait > LOST_CLOCK or self._rates.is_lapsed(at):
            self._hand.appendleft(held)
        else:
            await self._launch(held)
        self._booked.popleft()
        # Now it is written, before the next leaves: else many that are late go out long after they were counted.
        await asyncio.sleep(0)
