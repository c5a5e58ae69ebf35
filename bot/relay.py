"""From the outbox to Telegram: claim, render, send under the rates, settle.

Decides nothing itself: rates say when, the sender says what came of it, `settle` says what follows. Claims a little ahead while
it sends, and no more than it can send while the claims are its own. A delivery that must wait goes back with a later time; nobody
sleeps on it. A crash leaves the claim to lapse, and it is sent again, from the first message that is not known to be sent. What
came of a message is not forgotten while the store is away: what has been sent would be sent again.
What is paid for has a pacer of its own, at a rate of its own: whatever else it is claimed with does not hold it up.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from bot.delivery_log import named
from bot.logs import event
from bot.metrics import Metrics
from bot.rates import Rates
from bot.relay_doubt import Doubt
from bot.relay_outcome import Alarm, Outcomes
from bot.relay_pace import Held, Pacer
from bot.relay_paid import REFUSED, USED_UP, PaidLane
from bot.relay_render import Render, RenderOnce
from digests.errors import StoreError
from digests.ports import Outbox
from digests.settle import CHAT_PAUSE, Outcome, is_stale
from digests.types import Chunk, Delivery
from subscriptions import Subscriber, SubscriberStore, chat_of, thread_of
from subscriptions.service import SubscriptionService

if TYPE_CHECKING:
    from bot.traces import Traces

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
STALE = timedelta(seconds=25)
"""A claim is not used after this long: a request may take 30 s more, and then the lease is nearly over."""
BATCH = 400
AHEAD = 1000
"""Deliveries held at once, at most; at a low rate as many as go in a second: what is held still goes when a push is paused."""
LEAST_AHEAD = 4
IN_FLIGHT = 600
"""At 1000 messages a second answers may take half a second; with the usual limit of 1,024 open files there is room for the rest."""
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
        paid: PaidLane | None = None,
        traces: Traces | None = None,
    ) -> None:
        self._outbox, self._subscribers, self._sender = outbox, subscribers, sender
        self._rates, self._now, self._sleep, self._traces = rates, now, sleep, traces
        self._metrics = metrics or Metrics()
        self._render = RenderOnce(render, self._metrics)
        self._outcomes = Outcomes(outbox, subscribers, service, rates, alarm, now, self._metrics, traces)
        self._pacer = Pacer(rates, partial(self._launch, rates), self._too_far, now, sleep)
        self._paid = paid
        self._fast = (
            Pacer(paid.rates, partial(self._launch, paid.rates), self._paid_too_far, now, sleep) if paid else None
        )
        self._ahead = min(AHEAD, max(LEAST_AHEAD, rates.limits.per_second or AHEAD))
        self._put_off_until = now()
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
        pacing = [asyncio.create_task(pacer.run(), name="pacer") for pacer in self._pacers()]
        try:
            while not self._stopped:
                if self._is_busy():
                    await asyncio.sleep(0.02)
                elif await self._take() == 0:
                    await self._rest(idle)
        finally:
            for task in pacing:
                task.cancel()
            await asyncio.gather(*pacing, return_exceptions=True)
            await self._finish()

    def _pacers(self) -> list[Pacer]:
        return [self._pacer] if self._fast is None else [self._pacer, self._fast]

    def _is_busy(self) -> bool:
        """More than half of what can be held is: at the free rate, and while something is paid for also at the other."""
        fast = self._fast if self._paid is not None and self._paid.is_open else None
        return len(self._pacer) > self._ahead // 2 and (fast is None or len(fast) > AHEAD // 2)

    async def step(self) -> int:
        """Claim and deal with one batch; answers how many deliveries it had."""
        taken = await self._take()
        while self._flights or any(len(pacer) for pacer in self._pacers()):
            await asyncio.gather(*(pacer.drain() for pacer in self._pacers()))
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
        try:
            deliveries = await self._claim(now)
            ids = [delivery.subscriber for delivery in deliveries]
            known = {one.id: one for one in await self._subscribers.get_subscribers(ids)} if ids else {}
        except Exception as error:  # the relay outlives a store that is away
            event(log, "relay_failed", level=logging.ERROR, error=f"{type(error).__name__}: {error}")
            return 0
        until = now + STALE
        made = await asyncio.gather(*(self._prepared(d, known.get(d.subscriber), until, trial) for d in deliveries))
        self._pacer.put(held for held in made if held is not None and not held.paid)
        if self._fast is not None:
            self._fast.put(held for held in made if held is not None and held.paid)
        self._metrics.held.set(sum(len(pacer) for pacer in self._pacers()))
        return len(deliveries)

    async def _claim(self, now: datetime) -> list[Delivery]:
        """As many as can be sent soon. Where something is paid for, what it is claimed with may be more than the free rate allows:
        the rest of that is put off, to the moments at which it could be sent."""
        room, paid, fast = max(self._ahead - len(self._pacer), 0), self._paid, self._fast
        most = room
        if paid is not None and fast is not None:
            await paid.look()
            most = max(room, AHEAD - len(fast)) if paid.is_open else room
        most = self._doubt.room(min(BATCH, most), now)
        if most <= 0:
            return []
        claimed = await self._outbox.claim(now, most, LEASE)
        if paid is None:
            return claimed
        free = [one for one in claimed if not paid.pays(one)]
        await self._put_off(free[room:], now)
        return [one for one in claimed if paid.pays(one)] + free[:room]

    async def _put_off(self, surplus: list[Delivery], now: datetime) -> None:
        """Each to a moment of its own, so that they come back no faster than they can go."""
        spacing = timedelta(microseconds=self._rates.limits.spacing)
        first = max(self._put_off_until, now)
        self._put_off_until = first + len(surplus) * spacing
        turns = [(one, first + (n + 1) * spacing) for n, one in enumerate(surplus)]
        await asyncio.gather(*(self._outbox.hand_back([one], at) for one, at in turns))
        self._metrics.handed_back.inc(len(surplus))

    async def _prepared(
        self, delivery: Delivery, subscriber: Subscriber | None, until: datetime, trial: bool
    ) -> Held | None:
        """None: it met a defect of ours, or the store's, and must not take the others with it: its claim lapses."""
        try:
            if is_stale(delivery, self._now()):
                await self._outcomes.settle(delivery, Outcome("stale", "its articles come with the next digest"))
                return None
            chunks = await self._render(delivery, subscriber)
            if len(delivery.sent) < len(chunks):
                paid = self._paid is not None and self._paid.pays(delivery)
                return Held(delivery, chunks, subscriber, until, paid, delivery.batch if paid else "", trial)
            await self._outcomes.settle(delivery, Outcome("sent"))
        except Exception as error:
            _tell_defect(delivery, error)
        return None

    async def _launch(self, rates: Rates, held: Held) -> None:
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
        rates.left(self._now())
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
            if held.delivery.once and not await self._begin(held.delivery):
                return
            outcome = await self._send(held)
            if outcome.message_id is not None:
                held.delivery = replace(held.delivery, sent=(*held.delivery.sent, outcome.message_id))
            await self._remembered(held, outcome, self._now() + REMEMBER)
            if held.paid:
                self._judge_fee(outcome)
        except Exception as error:
            _tell_defect(held.delivery, error)

    async def _begin(self, delivery: Delivery) -> bool:
        """Of what is rather lost than twice it is noted first that it is being sent: a crash leaves the note."""
        begun = await self._outbox.begin(delivery)
        if begun == "unknown":
            await self._outcomes.settle(delivery, Outcome("unknown", "not known to be sent", ambiguous=True))
        return begun == "begun"

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
        begun, at = time.perf_counter(), self._now()
        with self._metrics.in_flight.track_inprogress():
            chunk = held.chunks[len(delivery.sent)]
            chunk = replace(chunk, paid=True) if held.paid else chunk
            outcome = await self._sender.send(chat, thread, chunk, silent=silent, plain=delivery.plain)
        self._metrics.send_seconds.observe(time.perf_counter() - begun)
        self._metrics.messages.labels(outcome.kind).inc()
        if self._traces is not None:
            self._traces.attempt(delivery, at, self._now(), outcome)
        self._doubt.note(outcome)
        return outcome

    async def _after(self, held: Held, outcome: Outcome) -> None:
        delivery = held.delivery
        if outcome.message_id is not None and len(delivery.sent) < len(held.chunks):
            await self._outbox.progress(delivery.id, delivery.subscriber, outcome.message_id)
            held.payer = delivery.batch if held.paid else ""
            pacer = self._fast if held.paid and self._fast is not None else self._pacer
            pacer.put_later(held, self._now() + CHAT_PAUSE)
        else:
            await self._outcomes.settle(delivery, outcome)

    def _judge_fee(self, outcome: Outcome) -> None:
        """Whoever pays and is told to wait like all the others has no right to go faster."""
        flooded = outcome.kind == "retry_after" and self._now() < self._outcomes.stopped_until
        if self._paid is not None and (flooded or outcome.kind == "unpaid"):
            self._paid.close(REFUSED)
            event(log, "paid_refused", level=logging.WARNING, error=outcome.description)

    async def _paid_too_far(self, far: list[tuple[Held, datetime]], blocked: datetime) -> None:
        if self._paid is not None and self._paid.rates.used_up:
            self._paid.close(USED_UP)
        await self._too_far(far, blocked)

    async def _too_far(self, far: list[tuple[Held, datetime]], blocked: datetime) -> None:
        """Back to the outbox, the attempt not counted; while the whole bot is stopped, nothing is claimed."""
        self._outcomes.stopped_until = max(self._outcomes.stopped_until, blocked)
        await asyncio.gather(*(self._outbox.hand_back([held.delivery], at) for held, at in far))
        self._metrics.handed_back.inc(len(far))

    async def _finish(self) -> None:
        """What has not been tried goes back at once; what is in flight has some seconds to come to its end."""
        held = [one for pacer in self._pacers() for one in pacer.take_all()]
        self._metrics.handed_back.inc(len(held))
        try:
            await self._outbox.hand_back([one.delivery for one in held], self._now())
            if self._flights:
                await asyncio.wait(self._flights, timeout=FINISH)
            later = [one for pacer in self._pacers() for one in pacer.take_all()]
            await self._outbox.hand_back([one.delivery for one in later], self._now() + CHAT_PAUSE)
        except Exception as error:
            event(log, "relay_failed", level=logging.ERROR, error=f"{type(error).__name__}: {error}")
        for flight in self._flights:
            flight.cancel()


def _tell_defect(delivery: Delivery, error: Exception) -> None:
    event(log, "delivery_failed", level=logging.ERROR, **named(delivery), error=f"{type(error).__name__}: {error}")
    log.debug("delivery %s", delivery.id, exc_info=error)
