"""One connection per host, and a gap between two: the turns in which requests to a host are made.

Knows no address and no server's wishes but its delay; time and sleep are arguments.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from digests.sources.politeness import gap, spread

MANY = 4096
"""Hosts remembered before those that are free again are forgotten."""


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    count: int = 0
    free_at: float = 0.0
    delay: float = 0.0
    held_until: datetime | None = None


class HostTurns:
    """`ticks`: seconds that only go up. `sleep`: waits so many of them."""

    def __init__(self, ticks: Callable[[], float], sleep: Callable[[float], Awaitable[object]]) -> None:
        self._ticks, self._sleep = ticks, sleep
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Inside: this request is the only one to the host, and the gap to the one before has passed."""
        host = self._get(name)
        host.users += 1
        try:
            async with host.lock:
                if (wait := host.free_at - self._ticks()) > 0:
                    await self._sleep(wait)
                try:
                    yield
                finally:
                    host.count += 1
                    host.free_at = self._ticks() + gap(spread(f"{name} {host.count}"), host.delay)
        finally:
            host.users -= 1

    def set_delay(self, name: str, seconds: float) -> None:
        """The host's robots.txt asks for this gap."""
        self._get(name).delay = seconds

    def hold(self, name: str, until: datetime) -> None:
        """The host asked to be left alone."""
        self._get(name).held_until = until

    def held(self, name: str, now: datetime) -> datetime | None:
        host = self._hosts.get(name)
        return host.held_until if host and host.held_until and host.held_until > now else None

    def _get(self, name: str) -> _Host:
        if name not in self._hosts:
            if len(self._hosts) >= MANY:
                self._forget()
            self._hosts[name] = _Host()
        return self._hosts[name]

    def _forget(self) -> None:
        """A host asked for a hold or a delay is kept; the delay is read again with robots.txt otherwise."""
        now = self._ticks()
        self._hosts = {
            name: host
            for name, host in self._hosts.items()
            if host.users or host.free_at > now or host.held_until or host.delay
        }
