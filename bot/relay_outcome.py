"""What a settlement asks for, done: stored, blocked, paused, moved, told, and alarmed. Decides only whether a wait is the whole bot's.

The decision itself is digests.settle's. Each step may be repeated: a crash in between repeats the delivery.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.delivery_log import named
from bot.logs import event
from bot.metrics import Metrics
from bot.rates import Rates
from digests.compose import TEXT_KEY, delivery_id
from digests.ports import Outbox
from digests.settle import Outcome, Settlement, settle, unread_with_it
from digests.types import Delivery
from subscriptions import ConflictError, NotFoundError, SubscriberId, SubscriberStore, chat_of
from subscriptions.service import SubscriptionService

if TYPE_CHECKING:
    from bot.traces import Traces

log = logging.getLogger(__name__)

FLOOD_CHATS = 3
FLOOD_WITHIN = timedelta(seconds=2)
"""Telegram does not say for whom a wait holds. Told by so many chats within so short a time, it holds for the bot."""

Alarm = Callable[[str], Awaitable[None]]


class Floods:
    """The chats that were told to wait lately."""

    def __init__(self) -> None:
        self._told: dict[int, datetime] = {}

    def is_whole_bot(self, chat: int, now: datetime) -> bool:
        """Note one more wait, and judge."""
        self._told = {other: at for other, at in self._told.items() if now - at < FLOOD_WITHIN} | {chat: now}
        return len(self._told) >= FLOOD_CHATS


class Outcomes:
    """Settles deliveries."""

    def __init__(
        self,
        outbox: Outbox,
        subscribers: SubscriberStore,
        service: SubscriptionService,
        rates: Rates,
        alarm: Alarm,
        now: Callable[[], datetime],
        metrics: Metrics,
        traces: Traces | None = None,
    ) -> None:
        self._outbox, self._subscribers, self._service = outbox, subscribers, service
        self._rates, self._alarm, self._now, self._metrics = rates, alarm, now, metrics
        self._floods, self._traces = Floods(), traces
        self.stopped_until = datetime.min.replace(tzinfo=now().tzinfo)
        """The whole bot is told to wait until then."""

    async def settle(self, delivery: Delivery, outcome: Outcome) -> None:
        now = self._now()
        if outcome.kind == "retry_after":
            whole = self._floods.is_whole_bot(chat_of(delivery.subscriber), now)
            outcome = replace(outcome, whole_bot=outcome.whole_bot or whole)
        made = settle(delivery, outcome, now)
        if outcome.kind in ("retry_after", "unauthorized"):
            await self._block(delivery, made)
        await self._store(delivery, made, now)
        await self._follow(delivery, made, now)
        self._metrics.retry_after.inc(outcome.retry_after)
        self._note(made.delivery, now)

    async def _block(self, delivery: Delivery, made: Settlement) -> None:
        """Nobody writes there meanwhile: to the chat, or to anybody at all."""
        if made.bot_at is not None:
            if made.alarm == "unauthorized" and self._now() >= self.stopped_until:  # to tell the admins needs the token
                why = f"{made.delivery.error}; check KANBAO_BOT_TOKEN"
                event(log, "sending_stopped", level=logging.ERROR, until=f"{made.bot_at:%H:%M:%S}Z", error=why)
            self.stopped_until = max(self.stopped_until, made.bot_at)
            await self._rates.block(None, made.bot_at)
        elif made.next_at is not None:
            await self._rates.block(chat_of(delivery.subscriber), made.next_at)

    async def _store(self, delivery: Delivery, made: Settlement, now: datetime) -> None:
        if made.next_at is not None and made.delivery.attempts < delivery.attempts:
            await self._outbox.hand_back([delivery], made.next_at)
        else:
            await self._outbox.settle(made.delivery, now, next_at=made.next_at, chat_at=made.chat_at)

    async def _follow(self, delivery: Delivery, made: Settlement, now: datetime) -> None:
        if made.returned:
            await self._outbox.give_back(delivery.subscriber, made.returned, stood_for=unread_with_it(delivery))
        if made.pause is not None:
            with suppress(NotFoundError, ConflictError):
                await self._service.pause(delivery.subscriber, made.pause, now)
        if made.move_to is not None:
            await self._move(delivery.subscriber, made.move_to, now)
        if made.tell is not None:
            await self._tell(made.move_to or delivery.subscriber, made.tell, delivery, now)
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

    def _note(self, delivery: Delivery, now: datetime) -> None:
        """The ledger keeps everything; the log keeps what did not go as usual."""
        usual = delivery.state == "sent" and delivery.attempts == 1
        if delivery.state != "queued":
            self._metrics.deliveries.labels(delivery.state).inc()
            if self._traces is not None:
                self._traces.delivery(delivery, now)
        if delivery.state == "sent":
            self._metrics.delivery_age.observe(max(0.0, (now - delivery.created).total_seconds()))
        level = logging.DEBUG if usual else logging.INFO
        if not log.isEnabledFor(level):
            return
        event(
            log,
            "delivery",
            level=level,
            **named(delivery),
            state=delivery.state,
            attempts=delivery.attempts,
            error=delivery.error,
        )
