"""A relay over stores in memory or not, with a sender, a clock and alarms that the test holds."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from store_servers import Stores

from bot.rates import Rates
from bot.relay import Relay
from digests.rates import RateLimits
from digests.rates_memory import MemoryRates
from digests.settle import Outcome
from digests.types import Button, Chunk, Delivery
from subscriptions import Subscriber
from subscriptions.service import SubscriptionService

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass
class FakeSender:
    """Notes what is sent; answers from `outcomes` while there are any, then with a message id."""

    outcomes: list[Outcome] = field(default_factory=list)
    sent: list[tuple[int, int | None, str, bool]] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)

    async def send(
        self, chat_id: int, thread_id: int | None, chunk: Chunk, *, silent: bool = False, plain: bool = False
    ) -> Outcome:
        if self.outcomes:
            return self.outcomes.pop(0)
        self.chunks.append(chunk)
        self.sent.append((chat_id, thread_id, chunk.plain if plain else chunk.html, silent))
        return Outcome("sent", message_id=len(self.sent))


@dataclass
class Bench:
    stores: Stores
    sender: FakeSender = field(default_factory=FakeSender)
    alarms: list[str] = field(default_factory=list)
    now: datetime = NOW
    broken: set[str] = field(default_factory=set)
    limits: RateLimits = field(default_factory=RateLimits)
    renders: int = 0

    def __post_init__(self) -> None:
        self.rates = Rates(MemoryRates(self.limits), self.limits, lambda: self.now, self.sleep, "a")
        service = SubscriptionService(self.stores.subscribers)
        self.service = service
        self.relay = Relay(
            self.stores.outbox,
            self.stores.subscribers,
            service,
            self.sender,
            self.rates,
            self.render,
            self.alarm,
            lambda: self.now,
            self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        """The clock by hand: whoever waits longest has moved it."""
        until = self.now + timedelta(seconds=seconds)
        await asyncio.sleep(0)
        self.now = max(self.now, until)

    async def render(self, delivery: Delivery, subscriber: Subscriber | None) -> tuple[Chunk, ...]:
        self.renders += 1
        if delivery.html in self.broken:
            raise LookupError("a defect of ours")
        rows = ((Button("1", f"a:{delivery.id}:0:0"),),) if delivery.digest else ()
        return tuple(Chunk(part, f"plain {part}", rows) for part in delivery.html.split("|"))

    async def alarm(self, words: str) -> None:
        self.alarms.append(words)

    async def put(self, *deliveries: Delivery) -> None:
        await self.stores.outbox.put(deliveries, self.now)

    async def after(self, wait: timedelta) -> int:
        self.now += wait
        return await self.relay.step()

    @property
    def texts(self) -> list[str]:
        return [text for _, _, text, _ in self.sender.sent]


def notice(id: str, chat: str = "1", html: str = "甲") -> Delivery:
    return Delivery(id, chat, "notice", NOW, html=html)
