"""A web server on loopback that behaves, or misbehaves, as a test says; a clock that only sleeping moves."""

from __future__ import annotations

import asyncio
import gzip
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from digests.sources.guard import LOOPBACK, Guard
from digests.sources.http import HttpClient
from digests.sources.http_connect import Resolve
from digests.sources.http_outcomes import Failed, Fetched, Outcome

START = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """A request as it arrived. `at`: ticks of the test's clock."""

    path: str
    headers: dict[str, str]
    at: float

    @property
    def host(self) -> str:
        return self.headers["host"].partition(":")[0]


@dataclass(frozen=True)
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    claim: int | None = None
    """A Content-Length that is not true."""


@dataclass(frozen=True)
class Script:
    """A route that writes for itself, and closes the connection after."""

    run: Callable[[asyncio.StreamWriter], Awaitable[None]]


Route = Reply | Script | Callable[[Asked], Reply]


class Clock:
    """Ticks that only sleeping moves on, and the time of day that goes with them."""

    def __init__(self, start: datetime = START) -> None:
        self.start = start
        self.ticks = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.ticks

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.ticks += seconds
        await asyncio.sleep(0)

    @property
    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.ticks)


class Site:
    """Serves `routes`, by "host/path" or "/path", else `other`; remembers what was asked and how many connections stood open per host."""

    def __init__(self, clock: Clock) -> None:
        self.routes: dict[str, Route] = {}
        self.other: Route = Reply(status=404)
        self.asked: list[Asked] = []
        self.open: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.clock = clock
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def url(self, path: str, host: str = "paper.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Site]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if not await self._serve(head.decode(), writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, head: str, writer: asyncio.StreamWriter) -> bool:
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        asked = Asked(first.split(" ")[1], headers, self.clock())
        self.asked.append(asked)
        self.open[asked.host] += 1
        self.most[asked.host] = max(self.most[asked.host], self.open[asked.host])
        try:
            route = self.routes.get(asked.host + asked.path) or self.routes.get(asked.path) or self.other
            if isinstance(route, Script):
                await route.run(writer)
                return False
            await write(writer, route if isinstance(route, Reply) else route(asked))
        finally:
            self.open[asked.host] -= 1
        return headers.get("connection") != "close"


async def write(writer: asyncio.StreamWriter, reply: Reply) -> None:
    length = len(reply.body) if reply.claim is None else reply.claim
    headers = {"Content-Length": str(length), **reply.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"HTTP/1.1 {reply.status} X\r\n{lines}\r\n".encode("utf-8", "surrogateescape") + reply.body)
    await writer.drain()


def gzipped(data: bytes, **headers: str) -> Reply:
    return Reply(gzip.compress(data), headers={"Content-Encoding": "gzip", **headers})


async def to_loopback(host: str, port: int) -> list[str]:
    """A resolver: every name is this machine, but the unknown."""
    if host.startswith("unknown"):
        raise OSError("no such name")
    return ["127.0.0.1"]


def make_client(
    clock: Clock, *, guard: Guard = LOOPBACK, seconds: float = 30.0, resolve: Resolve = to_loopback
) -> HttpClient:
    return HttpClient(
        "https://kanbao.example/contact", guard=guard, resolve=resolve, sleep=clock.sleep, ticks=clock, total_seconds=seconds,
        connect_seconds=min(seconds, 5.0),
    )  # fmt: skip


@asynccontextmanager
async def world(
    *, guard: Guard = LOOPBACK, seconds: float = 30.0, resolve: Resolve = to_loopback
) -> AsyncIterator[tuple[Site, HttpClient, Clock]]:
    """A site, a client and their clock."""
    clock = Clock()
    client = make_client(clock, guard=guard, seconds=seconds, resolve=resolve)
    try:
        async with Site(clock).running() as site:
            yield site, client, clock
    finally:
        await client.close()


def failed(outcome: Outcome, kind: str) -> Failed:
    assert isinstance(outcome, Failed) and outcome.kind == kind, outcome
    assert " / " in outcome.reason
    return outcome


def fetched(outcome: Outcome) -> Fetched:
    assert isinstance(outcome, Fetched), outcome
    return outcome
