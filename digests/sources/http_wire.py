"""One request and its answer in HTTP/1.1, parsed by httptools; a connection may be kept for the next page of the same host.

What comes is bounded: a head in bytes, a body as it is read. Knows no guard and no meaning of a status.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httptools
from multidict import CIMultiDict

from digests.sources.guard import Target
from digests.sources.http_connect import Connector, Stream, host_header

HEAD = 64 * 1024
"""Bytes of an answer's head."""
PIECE = 1 << 16
IDLE_SECONDS = 8.0
"""So long a connection is kept for the next request."""
CLOSE_SECONDS = 1.0


class WireError(Exception):
    """What came is no HTTP, or ended before its head was complete."""


class CutError(Exception):
    """The body ended too early, or is damaged in its framing."""


@dataclass(slots=True)
class _Parsed:
    """What httptools tells. An informational answer (1xx) is passed over."""

    headers: CIMultiDict[str] = field(default_factory=CIMultiDict)
    pieces: list[bytes] = field(default_factory=list)
    has_head: bool = False
    is_over: bool = False
    bounded: bool = False
    stays: bool = False
    parser: httptools.HttpResponseParser = field(init=False)

    def __post_init__(self) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_cr_before_lf=True, lenient_optional_lf_after_cr=True
        )

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.add(name.decode("latin-1"), value.decode("utf-8", "surrogateescape"))

    def on_headers_complete(self) -> None:
        if self.parser.get_status_code() >= 200:
            self.has_head = True
            self.bounded = (
                "Content-Length" in self.headers or "chunked" in self.headers.get("Transfer-Encoding", "").lower()
            )
        else:
            self.headers.clear()

    def on_body(self, body: bytes) -> None:
        self.pieces.append(body)

    def on_message_complete(self) -> None:
        self.is_over = self.has_head
        self.stays = self.bounded and self.parser.should_keep_alive()


class Response:
    """An answer whose head is there. Its body is read once."""

    def __init__(self, parsed: _Parsed, reader: asyncio.StreamReader) -> None:
        self._parsed, self._reader = parsed, reader
        self.status = parsed.parser.get_status_code()
        self.headers = parsed.headers

    @property
    def may_be_kept(self) -> bool:
        """Whether the connection serves for another request."""
        return self._parsed.is_over and self._parsed.stays

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises CutError."""
        parsed = self._parsed
        while True:
            waiting, parsed.pieces = parsed.pieces, []
            for piece in waiting:
                yield piece
            if parsed.is_over:
                return
            data = await self._reader.read(PIECE)
            if not data:
                if parsed.bounded:
                    raise CutError("the connection ended before the body did")
                return
            try:
                parsed.parser.feed_data(data)
            except httptools.HttpParserError as error:
                raise CutError(str(error)) from error


class Wire:
    """Sends requests. Close it when done."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._kept: dict[tuple[str, str, int], tuple[Stream, asyncio.TimerHandle]] = {}

    async def close(self) -> None:
        streams = [stream for stream, _ in self._kept.values()]
        for place in list(self._kept):
            self._drop(place)
        for _, writer in streams:
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await writer.wait_closed()

    @asynccontextmanager
    async def ask(self, target: Target, headers: Mapping[str, str], connect_seconds: float) -> AsyncIterator[Response]:
        """Inside: the answer's head is there. Raises RefusedError, WireError, OSError, TimeoutError."""
        place = (target.scheme, target.host, target.port)
        async with asyncio.timeout(connect_seconds):
            addresses = await self._connector.check(target)
            kept = self._take(place)
            stream = kept or await self._connector.open(target, addresses)
        try:
            response = await self._exchange(stream, target, headers)
        except (WireError, OSError):
            if kept is None:
                raise
            async with asyncio.timeout(connect_seconds):  # the server had closed it meanwhile
                stream = await self._connector.open(target, addresses)
            response = await self._exchange(stream, target, headers)
        is_whole = False
        try:
            yield response
            is_whole = response.may_be_kept
        finally:
            if is_whole and headers.get("Connection") != "close":
                self._keep(place, stream)
            else:
                stream[1].close()

    async def _exchange(self, stream: Stream, target: Target, headers: Mapping[str, str]) -> Response:
        reader, writer = stream
        try:
            writer.write(self._request(target, headers))
            return await _answer(reader)
        except BaseException:
            writer.close()
            raise

    def _request(self, target: Target, headers: Mapping[str, str]) -> bytes:
        path = target.url.split("/", 3)[3]
        by_proxy = self._connector.proxy is not None and target.scheme == "http"
        lines = [f"GET {target.url if by_proxy else '/' + path} HTTP/1.1", f"Host: {host_header(target)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    # ------------------------------------------------------------------------------------------ kept connections
    def _keep(self, place: tuple[str, str, int], stream: Stream) -> None:
        self._drop(place)
        timer = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._drop, place)
        self._kept[place] = (stream, timer)

    def _take(self, place: tuple[str, str, int]) -> Stream | None:
        if place not in self._kept:
            return None
        stream, timer = self._kept.pop(place)
        timer.cancel()
        if stream[0].at_eof() or stream[1].is_closing():
            stream[1].close()
            return None
        return stream

    def _drop(self, place: tuple[str, str, int]) -> None:
        if place in self._kept:
            (_, writer), timer = self._kept.pop(place)
            timer.cancel()
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> Response:
    parsed, size = _Parsed(), 0
    while not parsed.has_head:
        data = await reader.read(PIECE)
        size += len(data)
        if not data or size > HEAD + PIECE:
            raise WireError("no answer" if not data else f"a head of more than {HEAD} bytes")
        try:
            parsed.parser.feed_data(data)
        except httptools.HttpParserError as error:
            raise WireError(str(error)) from error
    return Response(parsed, reader)
