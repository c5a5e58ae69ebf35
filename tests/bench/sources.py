"""Sources checked per second on one core, most answering "not modified", against plain feedparser in threads in the same run.

    python tests/bench/sources.py [--sources 1000] [--threads 32]

A small server in a process of its own answers for all hosts (each source has its own address in 127.0.0.0/8). Of a hundred sources 90
answer 304, 8 ignore validators and send the same again, 2 have something new. Both are held to one core; figures are of the second
round, after a first one has filled what is remembered. Memory is of the watching process and its worker.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import ClassVar, NamedTuple

import uvloop

sys.path.insert(0, str(Path(__file__).parents[2]))

from digests.sources.feed_source import FeedSource
from digests.sources.feed_worker import FeedWorker
from digests.sources.guard import LOOPBACK
from digests.sources.http import HttpClient
from digests.sources.state import MemorySourceStates
from digests.types import RawIssue

START = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ENTRIES = 20


def body(source: int, version: int) -> bytes:
    """A feed of ordinary size (about 20 KB); a newer version has one entry more at its head."""
    items = "".join(
        f"<item><title>云溪第{n}号消息</title><link>https://p{source}.example/a/{n}.html</link><guid>g{source}-{n}</guid>"
        f"<pubDate>Fri, 20 Nov 2026 08:{n % 60:02}:00 +0800</pubDate><description>&lt;p&gt;{'青石岭储能电站昨日开工。' * 25}&lt;/p&gt;</description></item>"
        for n in range(version + ENTRIES, version, -1)
    )
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>云溪日报{source}</title>{items}</channel></rss>".encode()


class Row(NamedTuple):
    """Of the second round: sources per second, places with something new, MiB at most, milliseconds of processor time per source."""

    speed: float
    found: int
    memory: int
    busy: float


def address(source: int, port: int) -> str:
    return f"http://127.{1 + source // 65000}.{source // 250 % 250}.{1 + source % 250}:{port}/{source}"


# ---------------------------------------------------------------------------------------------- the server
class Answering(asyncio.Protocol):
    """As little as a server can do, so that it is not what is measured."""

    asked: ClassVar[dict[int, int]] = {}
    bodies: ClassVar[dict[tuple[int, int], bytes]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.data = transport, b""

    def data_received(self, data: bytes) -> None:
        self.data += data
        if self.data.endswith(b"\r\n\r\n"):
            source = int(self.data[5 : self.data.index(b" ", 5)])
            self.transport.write(self.answer(source, b"if-none-match" in self.data.lower()))
            self.transport.close()

    def answer(self, source: int, knows: bool) -> bytes:
        kind = source % 50  # 45 not modified, 4 the same again, 1 new
        if knows and kind < 45:
            return b'HTTP/1.1 304 Not Modified\r\nETag: "v"\r\nConnection: close\r\n\r\n'
        round_ = self.asked[source] = self.asked.get(source, 0) + 1
        key = (source % 50, round_ if kind == 49 else 0)
        sent = self.bodies.get(key) or self.bodies.setdefault(key, body(*key))
        return (
            b'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: "v"\r\nConnection: close\r\nContent-Length: %d\r\n\r\n'
            % len(sent)
            + sent
        )


def serve(pipe: Connection) -> None:
    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Answering, "0.0.0.0", 0, backlog=4096)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.to_thread(pipe.recv)
        server.close()

    asyncio.run(main())


# ---------------------------------------------------------------------------------------------- the two watchers
async def ours(port: int, count: int) -> Row:
    client = HttpClient("https://kanbao.example", guard=LOOPBACK)
    worker, states = FeedWorker(), MemorySourceStates()
    sources = [FeedSource(f"s{n}", address(n, port), client, states, worker.parse) for n in range(count)]

    async def check_all(now: datetime) -> int:
        waiting, found = iter(sources), 0

        async def some() -> None:
            nonlocal found
            for source in waiting:
                async for item in source.check(now):
                    assert isinstance(item, RawIssue), item
                    found += 1

        await asyncio.gather(*(some() for _ in range(64)))
        return found

    await check_all(START)
    spent, begun = busy(worker), time.perf_counter()
    found = await check_all(START + timedelta(hours=2))
    speed = count / (time.perf_counter() - begun)
    spent = busy(worker) - spent
    memory = resident(os.getpid()) + (resident(worker._child.pid) if worker._child else 0)
    await worker.close()
    await client.close()
    return Row(speed, found, memory, spent / count * 1e3)


def theirs(port: int, count: int, threads: int) -> Row:
    """feedparser with validators, its own fetching, in threads; new is what was not seen."""
    import feedparser

    known: dict[int, tuple[str | None, str | None, set[str]]] = {}

    def check(source: int) -> int:
        etag, modified, seen = known.get(source, (None, None, set()))
        parsed = feedparser.parse(address(source, port), etag=etag, modified=modified)
        assert parsed.status in (200, 304), parsed
        new = [entry.id for entry in parsed.entries if entry.id not in seen]
        known[source] = (parsed.get("etag"), parsed.get("modified"), seen | set(new))
        return bool(new)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(check, range(count)))
        spent, begun = time.process_time(), time.perf_counter()
        found = sum(pool.map(check, range(count)))
        speed = count / (time.perf_counter() - begun)
        return Row(speed, found, resident(os.getpid()), (time.process_time() - spent) / count * 1e3)


def busy(worker: FeedWorker) -> float:
    """Seconds of processor time of this process and the worker, so far."""
    ticks = 0
    if worker._child:
        fields = Path(f"/proc/{worker._child.pid}/stat").read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0


def measured(pipe: Connection, which: str, port: int, count: int, threads: int) -> None:
    """In a process of its own, on one core, as its children are."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pipe.send(tuple(uvloop.run(ours(port, count)) if which == "ours" else theirs(port, count, threads)))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=32)
    given = parser.parse_args()
    context = get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=serve, args=(there,), daemon=True)
    server.start()
    port = here.recv()
    rows: dict[str, Row] = {}
    for which in ("ours", "feedparser in threads"):
        mine, other = context.Pipe()
        child = context.Process(target=measured, args=(other, which, port, given.sources, given.threads))
        child.start()
        row = rows[which] = Row(*mine.recv())
        child.join()
        print(
            f"{which:22}{row.speed:8.0f} sources/s {row.found:6} with something new {row.memory:5} MiB {row.busy:7.2f} ms of processor each"
        )
    first, second = rows.values()
    print(
        f"{first.speed / second.speed:.1f} times as many by the clock, {second.busy / first.busy:.1f} times by processor time"
    )
    here.send(None)
    server.join(5)


if __name__ == "__main__":
    main()
