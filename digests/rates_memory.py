"""The in-memory twin of the shared rates: one process's, and the measure of the script in rates_redis.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from digests.rates import MINUTE, BotLine, ChatLine, RateLimits, Turn, Turns, decide
from subscriptions import moment, to_microseconds

SWEEP = 4096
"""Chats remembered before those that are quiet for a minute are forgotten."""


class MemoryRates:
    """Implements RateStore."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits
        self._line = BotLine()
        self._chats: dict[int, ChatLine] = {}
        self._sweep_at = SWEEP

    async def reserve(self, chats: Sequence[int], now: datetime, *, by: str, first: bool = False) -> Turns:
        made = decide(self._limits, self._line, self._chats, chats, to_microseconds(now), by, first)
        self._line = made.line
        self._chats.update(made.chats)
        self._sweep(to_microseconds(now))
        return Turns(tuple(Turn(moment(at), taken) for at, taken in made.turns), made.alone, moment(made.line.blocked))

    async def block(self, chat: int | None, until: datetime, now: datetime) -> None:
        at = to_microseconds(until)
        if chat is None:
            self._line = replace(self._line, blocked=max(self._line.blocked, at))
        else:
            mine = self._chats.get(chat, ChatLine())
            self._chats[chat] = replace(mine, blocked=max(mine.blocked, at))

    def _sweep(self, now: int) -> None:
        if len(self._chats) <= self._sweep_at:
            return
        kept = self._chats.items()
        self._chats = {chat: mine for chat, mine in kept if max(mine.next, mine.blocked, *mine.log) > now - MINUTE}
        self._sweep_at = max(SWEEP, 2 * len(self._chats))
