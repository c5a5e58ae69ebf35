"""The in-memory twin of the admin store. Nothing in it waits, so each method is atomic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from digests.codec import AUDIT_KEPT
from digests.types import AuditEntry


class MemoryAdminStore:
    """Implements AdminStore. `clock`: seconds, for `once`; as it stands time does not pass."""

    def __init__(self, clock: Callable[[], float] = lambda: 0.0) -> None:
        self._clock = clock
        self._topics: dict[str, str] = {}
        self._audit: list[AuditEntry] = []
        self._taken: dict[str, float] = {}

    async def get_topics(self) -> dict[str, str]:
        return dict(self._topics)

    async def put_topic(self, name: str, toml: str) -> None:
        self._topics[name] = toml

    async def add_audit(self, entry: AuditEntry) -> None:
        self._audit.append(entry)
        del self._audit[:-AUDIT_KEPT]

    async def recent_audit(self, limit: int) -> list[AuditEntry]:
        return self._audit[::-1][: max(limit, 0)]

    async def once(self, key: str, ttl: timedelta) -> bool:
        if await self.is_taken(key):
            return False
        self._taken[key] = self._clock() + ttl.total_seconds()
        return True

    async def is_taken(self, key: str) -> bool:
        return self._taken.get(key, self._clock()) > self._clock()

    async def give_up(self, key: str) -> None:
        self._taken.pop(key, None)
