"""Connections and the wire: kept ones, secured ones, proxies, servers with several addresses, answers in odd framings."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from http_kit import START, Clock, Reply, Script, to_loopback, world

from digests.sources import http_connect
from digests.sources.guard import LOOPBACK
from digests.sources.http import PAGE, HttpClient
from digests.sources.http_outcomes import Failed, Fetched, Outcome

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
TLS = Path(__file__).parent / "tls"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def body(outcome: Outcome) -> bytes:
    assert isinstance(outcome, Fetched), outcome
    return outcome.body


@asynccontextmanager
async def server(serve: Serve, **more: Any) -> AsyncIterator[int]:
    async def safely(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    made = await asyncio.start_server(safely, "127.0.0.1", 0, **more)
    async with made:
        yield made.sockets[0].getsockname()[1]


@asynccontextmanager
async def client(**more: Any) -> AsyncIterator[HttpClient]:
    clock = Clock()
    made = HttpClient("x", guard=LOOPBACK, sleep=clock.sleep, ticks=clock, **{"resolve": to_loopback, **more})
    try:
        yield made
    finally:
        await made.close()


# ---------------------------------------------------------------------------------------------- kept connections
async def test_pages_of_one_host_come_over_one_connection() -> None:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(OK)

    async with server(serve) as port, client() as made:
        for _ in range(3):
            assert body(await made.get(f"http://a.example:{port}/", START)) == b"ok"
        assert body(await made.get(f"http://b.example:{port}/", START)) == b"ok"
        assert connections == 2


async def test_a_connection_that_the_server_closed_is_made_anew() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)

    async with server(serve) as port, client() as made:
        for _ in range(3):
            assert body(await made.get(f"http://a.example:{port}/", START)) == b"ok"


async def test_a_connection_that_breaks_at_the_second_request_is_made_anew() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await reader.readuntil(b"\r\n\r\n")

    async with server(serve) as port, client() as made:
        for _ in range(2):
            assert body(await made.get(f"http://a.example:{port}/", START)) == b"ok"


async def test_idle_connections_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digests.sources.http_wire.IDLE_SECONDS", 0.01)
    closed = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        assert await reader.read() == b""
        closed.set()

    async with server(serve) as port, client() as made:
        await made.get(f"http://a.example:{port}/", START)
        await asyncio.wait_for(closed.wait(), 5)


# ---------------------------------------------------------------------------------------------- framings
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n", b"ok"),
        (b"HTTP/1.1 200\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.0 200 OK\r\n\r\nold", b"old"),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", b"ok"),
        (b"HTTP/1.1 200 OK\r\nX: \xe4\xba\x91\xff\r\nContent-Length: 2\r\n\r\nok", b"ok"),
    ],
)
async def test_framings_as_servers_send_them(sent: bytes, expected: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sent)

    async with server(serve) as port, client() as made:
        assert body(await made.get(f"http://a.example:{port}/", START, want=PAGE)) == expected


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "damaged"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nzz\r\n", "damaged"),
        (b"SSH-2.0-OpenSSH_9\r\n", "network"),
        (b"HTTP/1.1 200 OK\r\nX: 1", "network"),
    ],
)
async def test_what_is_no_whole_answer_is_told(sent: bytes, kind: str) -> None:
    async def write(writer: asyncio.StreamWriter) -> None:
        for n in range(len(sent)):
            writer.write(sent[n : n + 1])
            await writer.drain()
            await asyncio.sleep(0.001)

    async with world() as (site, made, _):
        site.routes["/a"] = Script(write)
        outcome = await made.get(site.url("/a"), START)
        assert isinstance(outcome, Failed) and outcome.kind == kind, outcome


# ---------------------------------------------------------------------------------------------- addresses
async def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    async def two(host: str, port: int) -> list[str]:
        return ["::1", "127.0.0.1"]

    async with world(resolve=two) as (site, made, _):
        site.routes["/a"] = Reply(b"a")
        assert body(await made.get(site.url("/a"), START)) == b"a"


async def test_nobody_listens() -> None:
    async with client() as made:
        outcome = await made.get("http://a.example:1/", START)
        assert isinstance(outcome, Failed) and outcome.kind == "network"


# ---------------------------------------------------------------------------------------------- secured ones
@pytest.fixture
def secured(monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate for a.example, and a client that trusts its authority alone. Made for these tests."""
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(TLS / "site.pem")
    trusting = ssl.create_default_context(cafile=TLS / "authority.pem")
    monkeypatch.setattr(http_connect, "tls", lambda: trusting)
    return served


async def test_a_secured_site_is_read_by_its_name_and_no_other(secured: ssl.SSLContext) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)

    async with server(serve, ssl=secured) as port, client() as made:
        assert body(await made.get(f"https://a.example:{port}/", START)) == b"ok"
        outcome = await made.get(f"https://b.example:{port}/", START)
        assert isinstance(outcome, Failed) and outcome.kind == "network" and "certificate" in outcome.reason.lower()


@pytest.mark.parametrize("allows", [True, False])
async def test_a_proxy_tunnels_to_secured_sites(secured: ssl.SSLContext, allows: bool) -> None:
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        if not allows:
            writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            return
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            await asyncio.gather(_copy(reader, there_writer), _copy(there_reader, writer))
        finally:
            there_writer.close()
            await there_writer.wait_closed()

    async with (
        server(serve, ssl=secured) as port, server(proxy) as by, client(proxy=f"http://proxy.example:{by}") as made
    ):  # fmt: skip
        outcome = await made.get(f"https://a.example:{port}/", START)
        if allows:
            assert body(outcome) == b"ok"
        else:
            assert isinstance(outcome, Failed) and outcome.kind == "network" and "403" in outcome.reason
        assert asked[0].startswith(f"CONNECT a.example:{port} HTTP/1.1\r\n".encode())


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 14):
        writer.write(data)
    writer.close()
