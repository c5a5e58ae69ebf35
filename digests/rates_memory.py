"""The in-memory twin of the shared rates: one process's, and the measure of the script in rates_redis.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from digests.rates import MINUTE, BotLine, ChatLine, Decision, Purse, RateLimits, Turns, decide, turns_of
from subscriptions import to_microseconds

SWEEP = 4096
"""Chats remembered before those that are quiet for a minute are forgotten."""


class MemoryRates:
    """Implements RateStore."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits
        self._line, self._paid_line = BotLine(), BotLine()
        self._day, self._spent = "", 0
        self._batches = Counter[str]()
        self._chats: dict[int, ChatLine] = {}
        self._sweep_at = SWEEP

    async def reserve(
        self, chats: Sequence[int], now: datetime, *, by: str, first: bool = False, purse: Purse | None = None
    ) -> Turns:
        at = to_microseconds(now)
        if purse is None:
            made = decide(self._limits, self._line, self._chats, chats, at, by, first)
            self._line = made.line
        else:
            made = self._pay(purse, chats, at, by, first)
        self._chats.update(made.chats)
        self._sweep(at)
        return turns_of(made.turns, made.alone, made.line.blocked)

    def _pay(self, purse: Purse, chats: Sequence[int], at: int, by: str, first: bool) -> Decision:
        if purse.day > self._day:
            self._day, self._spent = purse.day, 0
        left = purse.budget - self._spent
        made = decide(purse.limits, self._paid_line, self._chats, chats, at, by, first, purse.payers, left)
        self._paid_line = made.line
        self._spent += sum(made.paid.values())
        self._batches.update(made.paid)
        return made

    async def spent(self, batch: str, day: str) -> tuple[int, int]:
        return self._spent if day == self._day else 0, self._batches[batch]

    async def block(self, chat: int | None, until: datetime, now: datetime) -> None:
        at = to_microseconds(until)
        if chat is None:
            self._line = replace(self._line, blocked=max(self._line.blocked, at))
            self._paid_line = replace(self._paid_line, blocked=max(self._paid_line.blocked, at))
        else:
            mine = self._chats.get(chat, ChatLine())
            self._chats[chat] = replace(mine, blocked=max(mine.blocked, at))

    def _sweep(self, now: int) -> None:
        if len(self._chats) <= self._sweep_at:
            return
        kept = self._chats.items()
        self._chats = {chat: mine for chat, mine in kept if max(mine.next, mine.blocked, *mine.log) > now - MINUTE}
        self._sweep_at = max(SWEEP, 2 * len(self._chats))
