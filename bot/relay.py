"""From the outbox to Telegram: claim, render, send under the rates, settle.

Decides nothing itself: rates say when, the sender says what came of it, `settle` says what follows. A delivery that
must wait goes back with a later time; nobody sleeps on it. A crash leaves the claim to lapse, and it is sent again,
from the first message that is not known to be sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot.logs import event
from bot.rates import Rates
from bot.sender import Sender
from digests.compose import TEXT_KEY, delivery_id
from digests.ports import Outbox
from digests.settle import Outcome, Settlement, settle
from digests.types import Chunk, Delivery
from subscriptions import ConflictError, NotFoundError, Subscriber, SubscriberId, SubscriberStore, chat_of, thread_of
from subscriptions.service import SubscriptionService

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
BATCH = 30
PATIENCE = timedelta(seconds=1.5)
"""How far ahead the rates may put a delivery before it goes back to the outbox instead of being held in memory."""

Render = Callable[[Delivery, Subscriber | None], Awaitable[tuple[Chunk, ...]]]
Alarm = Callable[[str], Awaitable[None]]


class Relay:
    """One process's share of the sending. Any number may run: each delivery is claimed by one of them."""

    def __init__(
        self,
        outbox: Outbox,
        subscribers: SubscriberStore,
        service: SubscriptionService,
        sender: Sender,
        rates: Rates,
        render: Render,
        alarm: Alarm,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._outbox, self._subscribers, self._service = outbox, subscribers, service
        self._sender, self._rates, self._render, self._alarm, self._now = sender, rates, render, alarm, now
        self._sleep = sleep
        self._wake = asyncio.Event()
        self._stopped = False

    def nudge(self) -> None:
        """Look at the outbox at once."""
        self._wake.set()

    def stop(self) -> None:
        """Finish what is claimed, then end `run`."""
        self._stopped = True
        self._wake.set()

    async def run(self, idle: float = 1.0) -> None:
        """Send until stopped; `idle`: seconds between looks at an empty outbox."""
        while not self._stopped:
            if await self.step() == 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), idle)
                self._wake.clear()

    async def step(self) -> int:
        """Claim and deal with one batch; answers how many deliveries it had."""
        try:
            deliveries = await self._outbox.claim(self._now(), BATCH, LEASE)
        except Exception as error:  # the relay outlives a store that is away
            event(log, "relay_failed", level=logging.ERROR, error=f"{type(error).__name__}: {error}")
            return 0
        await asyncio.gather(*(self._guarded(delivery) for delivery in deliveries))
        return len(deliveries)

    async def _guarded(self, delivery: Delivery) -> None:
        """One delivery that meets a defect of ours, or the store's, must not take the others with it: its claim lapses."""
        try:
            await self._deliver(delivery)
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            event(log, "delivery_failed", level=logging.ERROR, id=delivery.id, error=told)
            log.debug("delivery %s", delivery.id, exc_info=error)

    async def _deliver(self, delivery: Delivery) -> None:
        subscriber = await self._subscribers.find_subscriber(delivery.subscriber)
        chunks = await self._render(delivery, subscriber)
        for chunk in chunks[len(delivery.sent) :]:
            if not await self._wait_for_turn(delivery):
                return
            outcome = await self._send(delivery, chunk, subscriber)
            if outcome.message_id is None:
                await self._apply(delivery, settle(delivery, outcome, self._now()))
                return
            await self._outbox.progress(delivery.id, delivery.subscriber, outcome.message_id)
            delivery = replace(delivery, sent=(*delivery.sent, outcome.message_id))
        await self._apply(delivery, settle(delivery, Outcome("sent"), self._now()))

    async def _wait_for_turn(self, delivery: Delivery) -> bool:
        """False: its turn is too far off, and it went back to the outbox, the attempt not counted."""
        now = self._now()
        at = self._rates.reserve(chat_of(delivery.subscriber), now)
        if at - now > PATIENCE:
            back = replace(delivery, attempts=delivery.attempts - 1)
            await self._outbox.settle(back, now, next_at=at, chat_at=at)
            return False
        await self._sleep(max(0.0, (at - now).total_seconds()))
        return True

    async def _send(self, delivery: Delivery, chunk: Chunk, subscriber: Subscriber | None) -> Outcome:
        chat, thread = chat_of(delivery.subscriber), thread_of(delivery.subscriber)
        silent = subscriber.settings.silent if subscriber else False
        return await self._sender.send(chat, thread, chunk, silent=silent, plain=delivery.plain)

    async def _apply(self, delivery: Delivery, made: Settlement) -> None:
        now = self._now()
        if made.bot_at is not None:
            self._rates.block(None, made.bot_at)
        elif made.next_at is not None:
            self._rates.block(chat_of(delivery.subscriber), made.next_at)
        await self._outbox.settle(made.delivery, now, next_at=made.next_at, chat_at=made.chat_at)
        if made.returned:
            await self._outbox.give_back(delivery.subscriber, made.returned)
        if made.pause is not None:
            with suppress(NotFoundError, ConflictError):
                await self._service.pause(delivery.subscriber, made.pause, now)
        if made.move_to is not None:
            await self._move(delivery.subscriber, made.move_to, now)
        if made.tell is not None:
            await self._tell(made.move_to or delivery.subscriber, made.tell, delivery, now)
        _log(made.delivery)
        if made.alarm is not None:
            await self._alarm(made.delivery.error)

    async def _tell(self, subscriber: SubscriberId, text: str, because_of: Delivery, now: datetime) -> None:
        """Once for each delivery that gave the reason."""
        id = delivery_id(because_of.id, text)
        await self._outbox.put([Delivery(id, subscriber, "notice", now, html=f"{TEXT_KEY}{text}")], now)

    async def _move(self, old: SubscriberId, new: SubscriberId, now: datetime) -> None:
        """The deliveries first: a crash in between leaves the subscriber under the old id, and the move is made again."""
        await self._outbox.move(old, new, now)
        await self._subscribers.move_subscriber(old, new)


def _log(delivery: Delivery) -> None:
    event(
        log,
        "delivery",
        id=delivery.id,
        subscriber=delivery.subscriber,
        kind=delivery.kind,
        state=delivery.state,
        attempts=delivery.attempts,
        error=delivery.error,
    )
