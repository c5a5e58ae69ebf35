"""What paid pushes may cost and have cost: the day's budget, what is left of it, and Stars for messages.

Counts nothing itself: what is booked as paid is counted where it is booked (digests.rates).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from digests.rates import Budget, RateStore


@dataclass(frozen=True, slots=True)
class Fee:
    """`messages` paid for, or to be paid for, at the `price` of each: at most `stars`. `left`: how many more may be today."""

    messages: int
    price: Decimal
    left: int

    @property
    def stars(self) -> Decimal:
        return self.messages * self.price


class Fees:
    def __init__(self, store: RateStore, budget: Budget) -> None:
        self._store, self.budget = store, budget

    async def planned(self, messages: int, now: datetime) -> Fee:
        """For so many messages, as far as today's budget goes. Raises StoreError."""
        fee = await self.spent("", now)
        return replace(fee, messages=min(messages, fee.left))

    async def spent(self, batch: str, now: datetime) -> Fee:
        """What was paid for the batch. Raises StoreError."""
        of_day, of_batch = await self._store.spent(batch, self.budget.day(now))
        left = max(0, self.budget.messages - of_day) if self.budget.per_second else 0
        return Fee(of_batch, self.budget.price, left)


def stars(amount: Decimal) -> str:
    """Such as 12.3 or 100: no more digits than it has."""
    return f"{amount.normalize():f}" if amount else "0"
