"""What was searched for, kept for a while under a short token, so that the buttons below results still work.

A token is the beginning of the query's id: equal searches of all readers share it, and nothing says who searched.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from subscriptions import query_id

TOKEN = 16
KEPT = timedelta(days=45)


def token_of(query: str) -> str:
    """Of a canonical text."""
    return query_id(query)[:TOKEN]


class KeptQueries(Protocol):
    """Called by the chat. Both steps are atomic and may be repeated. Raise StoreError."""

    async def keep(self, query: str) -> str:
        """Keep a canonical text for KEPT from now on; answers its token."""
        ...

    async def find_kept(self, token: str) -> str | None: ...


class MemoryKeptQueries:
    """Implements KeptQueries for tests; forgets nothing."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    async def keep(self, query: str) -> str:
        self._kept[token_of(query)] = query
        return token_of(query)

    async def find_kept(self, token: str) -> str | None:
        return self._kept.get(token)
