"""Telegram's pace: how many messages a bot may send, over all, to one chat, to one group.

Pure but for its counters: the caller gives the time. The true limits are unpublished; these are the ones that Telegram's own
FAQ names (https://core.telegram.org/bots/faq#broadcasting-to-users), with the short burst that a chat is known to allow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages a second over all and per chat, a minute per group; `burst` messages may come at once in one chat. `paid_second`:
    over all, of those that are paid for (allow_paid_broadcast), which count apart. 0: no limit."""

    per_second: float = 30
    per_chat_second: float = 1
    burst: int = 4
    per_group_minute: float = 20
    paid_second: float = 1000


UNLIMITED = Limits(0, 0, 0, 0, 0)


@dataclass(slots=True)
class _Bucket:
    rate: float
    size: float
    tokens: float
    filled: float

    def wait(self, now: float) -> float:
        """Seconds until a token is there; 0 if there is one."""
        self.tokens = min(self.size, self.tokens + (now - self.filled) * self.rate)
        self.filled = now
        return 0 if self.tokens >= 1 else (1 - self.tokens) / self.rate


@dataclass(slots=True)
class Pace:
    """Counts what was sent. A refused message costs nothing here, so a bot that obeys gets through."""

    limits: Limits
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def take(self, chat_id: int, group: bool, now: float, paid: bool = False) -> int:
        """0 if the message may go, else the whole seconds to wait (at least 1)."""
        buckets = [bucket for bucket in self._of(chat_id, group, now, paid) if bucket.rate]
        wait = max((bucket.wait(now) for bucket in buckets), default=0.0)
        if wait > 0:
            return max(1, math.ceil(wait))
        for bucket in buckets:
            bucket.tokens -= 1
        return 0

    def take_any(self, now: float) -> int:
        """The same for calls that count only over all, such as edits."""
        return self.take(0, False, now) if self.limits.per_second else 0

    def _of(self, chat_id: int, group: bool, now: float, paid: bool) -> list[_Bucket]:
        limits = self.limits
        name, rate = ("paid", limits.paid_second) if paid else ("all", limits.per_second)
        found = [self._bucket(name, rate, max(1, rate), now)]
        if chat_id:
            found.append(self._bucket(f"chat {chat_id}", limits.per_chat_second, max(1, limits.burst), now))
        if group:
            found.append(self._bucket(f"group {chat_id}", limits.per_group_minute / 60, limits.per_group_minute, now))
        return found

    def _bucket(self, name: str, rate: float, size: float, now: float) -> _Bucket:
        if not rate:
            return _Bucket(0, 0, 0, now)
        if name not in self._buckets:
            self._buckets[name] = _Bucket(rate, size, size, now)
        return self._buckets[name]
