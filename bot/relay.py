"""From the outbox to Telegram: claim, render, send under the rates, settle.

Decides nothing itself: rates say when, the sender says what came of it, `settle` says what follows. Claims a little ahead while
it sends, and no more than it can send while the claims are its own. A delivery that must wait goes back with a later time; nobody
sleeps on it. A crash leaves the claim to lapse, and it is sent again, from the first message that is not known to be sent. What
came of a message is not forgotten while the store is away: what has been sent would be sent again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.delivery_log import named
from bot.logs import event
from bot.metrics import Metrics
from bot.rates import Rates
from bot.relay_doubt import Doubt
from bot.relay_outcome import Alarm, Outcomes
from bot.relay_pace import Held, Pacer
from bot.relay_render import Render, RenderOnce
from digests.errors import StoreError
from digests.ports import Outbox
from digests.settle import CHAT_PAUSE, Outcome
from digests.types import Chunk, Delivery
from subscriptions import Subscriber, SubscriberStore, chat_of, thread_of
from subscriptions.service import SubscriptionService

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
STALE = timedelta(seconds=25)
"""A claim is not used after this long: a request may take 30 s more, and then the lease is nearly over."""
BATCH = 200
AHEAD = 1000
"""Deliveries held at once, at most; at a low rate as many as go in a second."""
IN_FLIGHT = 400
REMEMBER = timedelta(minutes=10)
"""How long a process tries to store what came of a message. Without a limit a defect would take up the room for good."""
REMEMBER_EVERY = 0.5
FINISH = 8.0
"""Seconds for what is in flight when the process ends."""


class Sends(Protocol):
    async def send(
        self, chat_id: int, thread_id: int | None, chunk: Chunk, *, silent: bool = False, plain: bool = False
    ) -> Outcome: ...


class Relay:
    """One process's share of the sending. Any number may run: each delivery is claimed by one of them."""

    def __init__(
        self,
        outbox: Outbox,
        subscribers: SubscriberStore,
        service: SubscriptionService,
        sender: Sends,
        rates: Rates,
        render: Render,
        alarm: Alarm,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        metrics: Metrics | None = None,
    ) -> None:
        self._outbox, self._subscribers, self._sender = outbox, subscribers, sender
        self._rates, self._now, self._sleep = rates, now, sleep
        self._metrics = metrics or Metrics()
        self._render = RenderOnce(render, self._metrics)
        self._outcomes = Outcomes(outbox, subscribers, service, rates, alarm, now, self._metrics)
        self._pacer = Pacer(rates, self._launch, self._too_far, now, sleep)
        self._ahead = min(AHEAD, max(30, rates.limits.per_second or AHEAD))
        self._doubt = Doubt()
        self._room = asyncio.Semaphore(IN_FLIGHT)
        self._flights: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._stopped = False

    def nudge(self) -> None:
        """Look at the outbox at once."""
        self._wake.set()

    def stop(self) -> None:
        """Finish what is in flight, hand back the rest, then end `run`: within FINISH seconds."""
        self._stopped = True
        self._wake.set()

    async def run(self, idle: float = 1.0) -> None:
        """Send until stopped; `idle`: seconds between looks at an empty outbox."""
        pacing = asyncio.create_task(self._pacer.run(), name="pacer")
        try:
            while not self._stopped:
                if len(self._pacer) > self._ahead // 2:
                    await asyncio.sleep(0.02)
                elif await self._take() == 0:
                    await self._rest(idle)
        finally:
            pacing.cancel()
            with suppress(asyncio.CancelledError):
                await pacing
            await self._finish()

    async def step(self) -> int:
        """Claim and deal with one batch; answers how many deliveries it had."""
        taken = await self._take()
        while len(self._pacer) or self._flights:
            await self._pacer.drain()
            await asyncio.gather(*self._flights)
        return taken

    async def _rest(self, idle: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), idle)
        self._wake.clear()

    async def _take(self) -> int:
        """Claim and prepare what there is room for."""
        now = self._now()
        if now < self._outcomes.stopped_until:
            return 0
        trial = self._doubt.is_deep
        room = self._doubt.room(min(BATCH, self._ahead - len(self._pacer)), now)
        if room <= 0:
            return 0
        try:
            deliveries = await self._outbox.claim(now, room, LEASE)
            ids = [delivery.subscriber for delivery in deliveries]
            known = {one.id: one for one in await self._subscribers.get_subscribers(ids)} if ids else {}
        except Exception as error:  # the relay outlives a store that is away
            event(log, "relay_failed", level=logging.ERROR, error=f"{type(error).__name__}: {error}")
            return 0
        made = await asyncio.gather(*(self._prepared(d, known.get(d.subscriber), now + STALE) for d in deliveries))
        self._pacer.put(replace(held, trial=trial) for held in made if held is not None)
        self._metrics.held.set(len(self._pacer))
        return len(deliveries)

    async def _prepared(self, delivery: Delivery, subscriber: Subscriber | None, until: datetime) -> Held | None:
        """None: it met a defect of ours, or the store's, and must not take the others with it: its claim lapses."""
        try:
            chunks = await self._render(delivery, subscriber)
            if len(delivery.sent) < len(chunks):
                return Held(delivery, chunks, subscriber, until)
            await self._outcomes.settle(delivery, Outcome("sent"))
        except Exception as error:
            _tell_defect(delivery, error)
        return None

    async def _launch(self, held: Held) -> None:
        await self._room.acquire()
        if self._now() >= held.until:  # this process stood still: by now somebody else may have it
            self._room.release()
            self._metrics.lapsed.inc()
            event(log, "claim_lapsed", level=logging.WARNING, **named(held.delivery))
            return
        if self._doubt.is_deep and not held.trial:
            self._room.release()
            await self._leave_to_others(held)
            return
        self._rates.left(self._now())
        flight = asyncio.create_task(self._fly(held))
        self._flights.add(flight)
        flight.add_done_callback(self._landed)

    async def _leave_to_others(self, held: Held) -> None:
        """This process does not reach the Bot API: the attempt is not counted. A store that is away lets the claim lapse."""
        self._metrics.handed_back.inc()
        with suppress(StoreError):
            await self._outbox.hand_back([held.delivery], self._now())

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        self._room.release()

    async def _fly(self, held: Held) -> None:
        try:
            outcome = await self._send(held)
            if outcome.message_id is not None:
                held.delivery = replace(held.delivery, sent=(*held.delivery.sent, outcome.message_id))
            await self._remembered(held, outcome, self._now() + REMEMBER)
        except Exception as error:
            _tell_defect(held.delivery, error)

    async def _remembered(self, held: Held, outcome: Outcome, until: datetime) -> None:
        """Stored, as soon as the store takes it: every step of it may be repeated. Raises StoreError if that takes too long."""
        level = logging.WARNING
        while True:
            try:
                return await self._after(held, outcome)
            except StoreError as error:
                if self._now() >= until:
                    raise
                event(log, "outcome_waits", level=level, **named(held.delivery), error=str(error))
            level = logging.DEBUG  # said once
            await self._sleep(REMEMBER_EVERY)

    async def _send(self, held: Held) -> Outcome:
        delivery, reader = held.delivery, held.subscriber
        chat, thread = chat_of(delivery.subscriber), thread_of(delivery.subscriber)
        silent = reader.settings.silent if reader else False
        begun = time.perf_counter()
        with self._metrics.in_flight.track_inprogress():
            chunk = held.chunks[len(delivery.sent)]
            outcome = await self._sender.send(chat, thread, chunk, silent=silent, plain=delivery.plain)
        self._metrics.send_seconds.observe(time.perf_counter() - begun)
        self._metrics.messages.labels(outcome.kind).inc()
        self._doubt.note(outcome)
        return outcome

    async def _after(self, held: Held, outcome: Outcome) -> None:
        delivery = held.delivery
        if outcome.message_id is not None and len(delivery.sent) < len(held.chunks):
            await self._outbox.progress(delivery.id, delivery.subscriber, outcome.message_id)
            self._pacer.put_later(held, self._now() + CHAT_PAUSE)
        else:
            await self._outcomes.settle(delivery, outcome)

    async def _too_far(self, far: list[tuple[Held, datetime]], blocked: datetime) -> None:
        """Back to the outbox, the attempt not counted; while the whole bot is stopped, nothing is claimed."""
        self._outcomes.stopped_until = max(self._outcomes.stopped_until, blocked)
        await asyncio.gather(*(self._outbox.hand_back([held.delivery], at) for held, at in far))
        self._metrics.handed_back.inc(len(far))

    async def _finish(self) -> None:
        """What has not been tried goes back at once; what is in flight has some seconds to come to its end."""
        held = self._pacer.take_all()
        self._metrics.handed_back.inc(len(held))
        try:
            await self._outbox.hand_back([one.delivery for one in held], self._now())
            if self._flights:
                await asyncio.wait(self._flights, timeout=FINISH)
            later = self._pacer.take_all()
            await self._outbox.hand_back([one.delivery for one in later], self._now() + CHAT_PAUSE)
        except Exception as error:
            event(log, "relay_failed", level=logging.ERROR, error=f"{type(error).__name__}: {error}")
        for flight in self._flights:
            flight.cancel()


def _tell_defect(delivery: Delivery, error: Exception) -> None:
    event(log, "delivery_failed", level=logging.ERROR, **named(delivery), error=f"{type(error).__name__}: {error}")
    log.debug("delivery %s", delivery.id, exc_info=error)
