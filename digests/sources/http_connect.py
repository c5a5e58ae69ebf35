"""Where a connection goes: a name is resolved once, every address is checked, and the connection is made to one of those
checked. A second look-up, with another answer, never takes place.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from digests.sources.guard import Guard, Target, check_address

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""(host, port) to IP addresses. Raises OSError where the name is unknown."""
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
BUFFER = 1 << 18
"""Bytes that wait to be read before the server is slowed down."""


async def system_resolve(host: str, port: int) -> list[str]:
    """By the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


@dataclass(frozen=True, slots=True)
class Proxy:
    """An http proxy that people set; it is not guarded."""

    host: str
    port: int

    @classmethod
    def of(cls, address: str) -> Proxy:
        parts = urlsplit(address)
        return cls(parts.hostname or "", parts.port or 80)


class RefusedError(Exception):
    """The guard does not allow it; says why."""


class Connector:
    """Opens connections to what the guard allows. `proxy`: through which, or None."""

    def __init__(self, resolve: Resolve, guard: Guard, proxy: Proxy | None) -> None:
        self._resolve, self._guard, self.proxy = resolve, guard, proxy

    async def check(self, target: Target) -> list[str]:
        """Every address of the target. Raises RefusedError if a single one is not allowed, OSError where there is none."""
        if target.is_literal:  # checked with the address itself
            return [target.host]
        try:
            addresses = await self._resolve(target.host, target.port)
        except OSError:
            if self.proxy is not None:  # only the proxy may be able to look it up
                return []
            raise
        for address in addresses:
            if reason := check_address(address, self._guard):
                raise RefusedError(reason)
        return addresses

    async def open(self, target: Target, addresses: Sequence[str]) -> Stream:
        """To the first of the checked addresses that answers. Raises OSError, which ssl.SSLError is one of."""
        if self.proxy is not None:
            return await self._open_by_proxy(self.proxy, target)
        secured = tls() if target.scheme == "https" else None
        name = target.host if secured else None
        error = OSError(f"no address for {target.host}")
        for address in addresses:
            try:
                return await asyncio.open_connection(
                    address, target.port, ssl=secured, server_hostname=name, limit=BUFFER
                )
            except OSError as failure:
                error = failure
        raise error

    async def _open_by_proxy(self, proxy: Proxy, target: Target) -> Stream:
        addresses = await self._resolve(proxy.host, proxy.port)
        reader, writer = await asyncio.open_connection(addresses[0], proxy.port, limit=BUFFER)
        if target.scheme == "https":
            try:
                await _tunnel(reader, writer, target)
            except BaseException:
                writer.close()
                raise
        return reader, writer


async def _tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: Target) -> None:
    """Through the proxy to the target, secured end to end. Raises OSError where the proxy refuses."""
    place = host_header(target, always_port=True)
    writer.write(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode("ascii"))
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise ConnectionError("the proxy gave no answer") from error
    first = head.partition(b"\r\n")[0].decode("ascii", "replace")
    if first.split(" ")[1:2] != ["200"]:
        raise ConnectionError(f"the proxy answered {first[:80]}")
    await writer.start_tls(tls(), server_hostname=target.host)


def host_header(target: Target, *, always_port: bool = False) -> str:
    """host, or host:port where the port is not the usual one."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = target.port == (443 if target.scheme == "https" else 80)
    return host if usual and not always_port else f"{host}:{target.port}"


@cache
def tls() -> ssl.SSLContext:
    """Certificates are verified against the system's."""
    return ssl.create_default_context()
