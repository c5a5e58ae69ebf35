"""Feeds are read in a process of their own, with limits on time and memory: a hostile body costs that process, no more.

One child, started at the first feed and again after it had to be ended; one feed at a time. Frames on its pipes: a JSON
header, a line feed, then the body. Run as `python -m digests.sources.feed_worker` it is the child.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, BinaryIO

from digests.errors import UnreadableError
from digests.sources.feed_items import Enclosure, Entry, Feed

SECONDS = 20.0
MEMORY = 1 << 30
"""Bytes of address space of the child."""
LINE = 64 * 1024 * 1024
"""Longest answer of the child, in bytes."""


class FeedWorker:
    """Reads feeds in a child. Close it when done."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds, self._lock = seconds, asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None

    async def parse(
        self, body: bytes, content_type: str, address: str, now: datetime, known: Sequence[str] = ()
    ) -> Feed:
        """As digests.sources.feed.parse_feed. Raises UnreadableError, also where a limit was reached."""
        head = {
            "type": content_type,
            "address": address,
            "now": now.isoformat(),
            "size": len(body),
            "known": list(known),
        }
        async with self._lock:
            try:
                async with asyncio.timeout(self._seconds):
                    line = await self._ask(json.dumps(head).encode() + b"\n" + body)
            except (TimeoutError, OSError, ValueError):
                line = b""
            except BaseException:  # cancelled half-way: the next feed must not get this one's answer
                await self.close()
                raise
            if not line.endswith(b"\n"):
                await self.close()
                raise UnreadableError(address, f"解析订阅源超出时间（{self._seconds:g} 秒）或内存限制 / reading the feed took more than {self._seconds:g} seconds, or too much memory")  # fmt: skip
        return read_answer(json.loads(line), address)

    async def close(self) -> None:
        child, self._child = self._child, None
        if child and child.returncode is None:
            child.kill()
        if child:
            await child.wait()

    async def _ask(self, frame: bytes) -> bytes:
        child = self._child = self._child or await asyncio.create_subprocess_exec(
            sys.executable, "-m", "digests.sources.feed_worker",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LINE,
        )  # fmt: skip
        assert child.stdin and child.stdout
        child.stdin.write(frame)
        await child.stdin.drain()
        return await child.stdout.readline()


def read_answer(answer: dict[str, Any], address: str) -> Feed:
    """The feed, or its error raised, from what the child wrote."""
    if "error" in answer:
        raise UnreadableError(address, answer["error"])
    entries, marks = tuple(_entry(given) for given in answer["entries"]), tuple(answer["marks"])
    return Feed(**{**answer, "entries": entries, "marks": marks})


def write_answer(feed: Feed) -> dict[str, Any]:
    answer = asdict(feed)
    for entry in answer["entries"]:
        entry["published"] = entry["published"].isoformat() if entry["published"] else None
    return answer


def _entry(given: dict[str, Any]) -> Entry:
    stated = given["published"]
    moment = None if stated is None else datetime.fromisoformat(stated) if "T" in stated else date.fromisoformat(stated)
    files = tuple(Enclosure(**one) for one in given["enclosures"])
    return Entry(**{**given, "published": moment, "enclosures": files, "sections": tuple(given["sections"])})


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """The child's life: one answer per frame, until the pipe closes."""
    from digests.sources.feed import parse_feed  # the parent needs no feedparser

    while line := source.readline():
        head = json.loads(line)
        try:
            body, now = source.read(head["size"]), datetime.fromisoformat(head["now"])
            feed = parse_feed(body, head["type"], head["address"], now, frozenset(head["known"]))
            answer = write_answer(feed)
        except UnreadableError as error:
            answer = {"error": error.reason}
        sink.write(json.dumps(answer).encode() + b"\n")
        sink.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    serve(sys.stdin.buffer, sys.stdout.buffer)
