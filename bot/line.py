"""The sending line to the Bot API: a JSON body there, status and body back, and nothing else.

HTTP/1.1 over connections that are kept, one request on each at a time, as many at once as are wanted. A client library costs
several times as much per message as the message itself, and for sending only the message's id is of interest. No redirects, no
compression, no cookies, no second try: a request is written once. Knows no outcome and no rate.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from typing import cast
from urllib.parse import urlsplit

TIMEOUT = 30.0
"""Seconds that one request may take."""
CONNECT = 10.0
LARGEST_ANSWER = 4 << 20

STATUS = re.compile(rb"HTTP/1\.([01]) (\d{3})")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


class NotConnectedError(OSError):
    """No connection came about, so nothing was sent."""


class Line:
    """`base`: address of the Bot API server. `close` ends it."""

    def __init__(self, base: str, token: str, *, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(base)
        self._host, self._timeout = parts.hostname or "", timeout
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._port = parts.port or (443 if self._tls else 80)
        self._path = f"{parts.path.rstrip('/')}/bot{token}/"
        self._head = f"Host: {parts.netloc.rpartition('@')[2]}\r\nContent-Type: application/json\r\nContent-Length: "
        self._free: list[Wire] = []
        self._all: set[Wire] = set()

    async def post(self, method: str, body: bytes) -> tuple[int, bytes]:
        """Raises OSError: NotConnectedError where nothing was sent, TimeoutError and others where it may have been."""
        wire = self._take() or await self._connect()
        head = f"POST {self._path}{method} HTTP/1.1\r\n{self._head}{len(body)}\r\n\r\n"
        try:
            answer = await wire.ask(head.encode() + body, self._timeout)
        except BaseException:
            wire.close()
            raise
        if wire.is_open:
            self._free.append(wire)
        return answer

    async def close(self) -> None:
        for wire in list(self._all):
            wire.close()
        self._free.clear()

    def _take(self) -> Wire | None:
        """The connection used last, so that those not needed grow old and are closed by the other side."""
        while self._free:
            wire = self._free.pop()
            if wire.is_open:
                return wire
        return None

    async def _connect(self) -> Wire:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(min(CONNECT, self._timeout)):
                _, wire = await loop.create_connection(lambda: Wire(self._all), self._host, self._port, ssl=self._tls)
        except (OSError, ssl.CertificateError) as error:
            raise NotConnectedError(f"{type(error).__name__}: {error}") from error
        return wire


class Wire(asyncio.Protocol):
    """One connection. `among`: holds it while it is open."""

    def __init__(self, among: set[Wire]) -> None:
        self._among = among
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes, seconds: float) -> tuple[int, bytes]:
        """Write a request and wait at most so long for its answer."""
        loop = asyncio.get_running_loop()
        if self._transport is None or self._transport.is_closing():
            raise NotConnectedError("the connection was closed")
        self._answer = loop.create_future()
        timer = loop.call_later(seconds, self._fail, TimeoutError(f"no answer within {seconds:g} s"))
        try:
            self._transport.write(request)
            return await self._answer
        finally:
            timer.cancel()
            self._answer = None

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is not of the class
        self._among.add(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._answer is None or len(self._buffer) > LARGEST_ANSWER:
            self._fail(ConnectionError("more than was asked for"))
            self.close()
            return
        self._read(ended=False)

    def eof_received(self) -> None:
        self._read(ended=True)

    def connection_lost(self, exc: Exception | None) -> None:
        self._among.discard(self)
        self._transport = None
        self._fail(exc if isinstance(exc, OSError) else ConnectionError("the server closed the connection"))

    def _read(self, *, ended: bool) -> None:
        try:
            read = parse(self._buffer, ended=ended)
        except ValueError:
            self._fail(ConnectionError("not an answer in HTTP/1.1"))
            self.close()
            return
        if read is None:
            return
        status, body, used, keeps = read
        self._buffer = self._buffer[used:]
        if not keeps:
            self.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((status, body))

    def _fail(self, error: OSError) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)


def parse(data: bytes, *, ended: bool = False) -> tuple[int, bytes, int, bool] | None:
    """(status, body, bytes used, whether the connection is kept) of an answer; None: not all is there yet. `ended`: no more
    will come. Raises ValueError for what is no answer. (RFC 9112, 6.3)"""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        if data and not b"HTTP/1.".startswith(data[:7]):
            raise ValueError
        return None
    head, start = data[:end], end + 4
    if (found := STATUS.match(head)) is None:
        raise ValueError
    status, keeps = int(found[2]), found[1] == b"1" and CLOSES.search(head) is None
    if CHUNKED.search(head):
        whole = _chunks(data, start)
        return None if whole is None else (status, whole[0], whole[1], keeps)
    if length := LENGTH.search(head):
        used = start + int(length[1])
        return (status, data[start:used], used, keeps) if len(data) >= used else None
    return (status, data[start:], len(data), False) if ended else None


def _chunks(data: bytes, at: int) -> tuple[bytes, int] | None:
    """The body in chunks that begins at `at`, and where it ends; trailers are not expected."""
    parts: list[bytes] = []
    while (line := data.find(b"\r\n", at)) >= 0:
        size = int(data[at:line].partition(b";")[0], 16)
        start, at = line + 2, line + 4 + size
        if len(data) < at:
            return None
        if size == 0:
            return b"".join(parts), at
        parts.append(data[start : at - 2])
    return None
