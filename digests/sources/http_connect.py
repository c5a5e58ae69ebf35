"""Connections that go where the guard looked: names are resolved once, every address is checked, and only those checked
are dialled; what is dialled is checked once more. A second look-up, with another answer, never takes place.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from digests.sources.guard import Guard, Refused, Target, check_address

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""(host, port) to IP addresses. Raises OSError where the name is unknown."""


async def system_resolve(host: str, port: int) -> list[str]:
    """By the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class PinnedResolver(AbstractResolver):
    """Answers aiohttp with the addresses that were checked, and asks nobody else, except for the proxy's own name."""

    def __init__(self, resolve: Resolve, proxied: bool) -> None:
        self._resolve, self._proxied = resolve, proxied
        self._pinned: dict[str, list[str]] = {}

    async def pin(self, target: Target, guard: Guard) -> Refused | None:
        """Look the target up and check every address; Refused if a single one is not allowed. Raises OSError."""
        if target.is_literal:  # checked with the address itself
            return None
        try:
            addresses = await self._resolve(target.host, target.port)
        except OSError:
            if self._proxied:  # only the proxy may be able to look it up
                return None
            raise
        for address in addresses:
            if reason := check_address(address, guard):
                return Refused(reason)
        if not addresses:
            raise OSError(f"no address for {target.host}")
        self._pinned[target.host] = addresses
        return None

    def unpin(self, host: str) -> None:
        self._pinned.pop(host, None)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        addresses = self._pinned.get(host)
        if addresses is None:
            if not self._proxied:
                raise OSError(f"{host} was not checked")
            addresses = await self._resolve(host, port)
        return [_result(host, port, address) for address in addresses]

    async def close(self) -> None:
        self._pinned.clear()


def make_connector(resolver: PinnedResolver, guard: Guard, proxied: bool) -> aiohttp.TCPConnector:
    """Keeps connections to one host for the next page; the number of connections is limited by the client."""

    def dial(info: tuple[Any, ...]) -> socket.socket:
        family, kind, proto, _, sockaddr = info
        if not proxied and (reason := check_address(str(sockaddr[0]), guard)):
            raise OSError(reason)
        made = socket.socket(family, kind, proto)
        made.setblocking(False)
        return made

    return aiohttp.TCPConnector(
        resolver=resolver, use_dns_cache=False, limit=0, limit_per_host=0, keepalive_timeout=8, socket_factory=dial
    )


def _result(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=int(socket.AI_NUMERICHOST)
    )
