"""Which pushes are paid for just now, and their own rate: what a relay must know to send some deliveries faster than the rest.

Paid for is what an admin said so of, as long as the budget lasts and Telegram takes the fee. Where it does not, such deliveries are
like all the others: they go at the free rate, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.rates import Rates
from digests.ports import BatchStore
from digests.types import Delivery

LOOK_EVERY = timedelta(seconds=1)
USED_UP = timedelta(minutes=1)
"""For so long nothing is tried once the budget is used up: then it may be another day."""
REFUSED = timedelta(minutes=10)
"""The same once Telegram does not take the fee, or tells the whole bot to wait: then it does not let this bot go faster."""

Paying = Callable[[], Awaitable[frozenset[str]]]


class PaidLane:
    """`rates`: those of paid messages, with their budget. `paying`: the batches under way that an admin pays for."""

    def __init__(self, rates: Rates, paying: Paying, now: Callable[[], datetime]) -> None:
        self.rates = rates
        self._paying, self._now = paying, now
        self._batches: frozenset[str] = frozenset()
        self._looked = self._closed_until = datetime.min.replace(tzinfo=now().tzinfo)

    async def look(self) -> None:
        """See what is paid for, once a second. Raises StoreError."""
        if self._now() - self._looked >= LOOK_EVERY:
            self._looked = self._now()
            self._batches = await self._paying()

    @property
    def is_open(self) -> bool:
        return bool(self._batches) and self._now() >= self._closed_until

    def pays(self, delivery: Delivery) -> bool:
        return self.is_open and delivery.batch in self._batches

    def close(self, wait: timedelta) -> None:
        self._closed_until = max(self._closed_until, self._now() + wait)


async def paying(batches: BatchStore) -> frozenset[str]:
    return frozenset([batch.id for batch in await batches.under_way() if batch.paid])
