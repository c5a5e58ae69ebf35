"""A Bot API server that only takes sendMessage, for measuring what sends: a bare protocol with the sandbox's own limits.

    python tests/lean_api.py RATE LATENCY

Prints its port. RATE 0: no limits. LATENCY: seconds until each answer. GET /stats tells what came, and when: `arrivals` at the
socket, `moments` when this process had read it, which is later where it does not get the processor at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import re
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.sandbox.limits import UNLIMITED, Limits, Pace

CHAT = re.compile(rb'(?:"chat_id": ?|chat_id=|name="chat_id"\r\n\r\n)(-?\d+)')
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
TEXT = "临江日报 2026年3月2日\n\n" + "\n".join(
    f"{n}. 云岭新能源二期开工，总投资六十亿元，年产十八吉瓦时" for n in range(1, 9)
)
ENTITIES = [{"type": "bold", "offset": 20 + 26 * n, "length": 8} for n in range(8)]


ANSWER = json.dumps({"message_id": "ID", "from": {"id": 42, "is_bot": True, "first_name": "刊报", "username": "kanbao_bot"},
                     "chat": {"id": "CHAT", "type": "private", "first_name": "读者"}, "date": 1772409600, "text": TEXT,
                     "entities": ENTITIES})  # fmt: skip
BEFORE, BETWEEN, AFTER = re.split(r'"ID"|"CHAT"', f'{{"ok": true, "result": {ANSWER}}}')
SO_TIMESTAMPNS = 35
"""Linux says of what is read when it came to the socket: however late this process gets to read it."""


class Api:
    def __init__(self, rate: float, latency: float) -> None:
        self.pace = Pace(Limits(per_second=rate) if rate else UNLIMITED)
        self.latency = latency
        self.moments: list[float] = []
        self.arrivals: list[float] = []
        self.paid: list[float] = []
        self.refused = 0
        self.chats: dict[int, int] = {}

    def answer(self, body: bytes, came: float) -> tuple[int, str]:
        found = CHAT.search(body)
        chat, now = int(found[1]) if found else 0, time.monotonic()
        paid = b"allow_paid_broadcast" in body
        if wait := self.pace.take(chat, chat < 0, now, paid):
            self.refused += 1
            said = f"Too Many Requests: retry after {wait}"
            refusal = {"ok": False, "error_code": 429, "description": said, "parameters": {"retry_after": wait}}
            return 429, json.dumps(refusal)
        self.moments.append(now)
        self.arrivals.append(came)
        if paid:
            self.paid.append(now)
        self.chats[chat] = self.chats.get(chat, 0) + 1
        return 200, f"{BEFORE}{len(self.moments)}{BETWEEN}{chat}{AFTER}"

    def stats(self) -> str:
        told = {
            "moments": self.moments,
            "arrivals": sorted(self.arrivals),
            "paid": self.paid,
            "refused": self.refused,
            "cpu": time.process_time(),
            "chats": len(self.chats),
            "most": max(self.chats.values(), default=0),
        }
        return json.dumps(told)


class Connection:
    """One request at a time, read as it comes."""

    def __init__(self, api: Api, there: socket.socket) -> None:
        self._api, self._there, self._buffer = api, there, b""
        self._loop = asyncio.get_running_loop()
        there.setblocking(False)
        there.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if sys.platform == "linux":
            there.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._loop.add_reader(there, self._read)

    def _read(self) -> None:
        try:
            data, told, _, _ = self._there.recvmsg(65536, 64)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close()
            return
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            length = LENGTH.search(self._buffer, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < whole:
                return
            request, self._buffer = self._buffer[:whole], self._buffer[whole:]
            self._take(request, end, came(told))

    def _take(self, request: bytes, end: int, at: float) -> None:
        if request.startswith(b"GET /stats"):
            self._there.setblocking(True)
            self._write(200, self._api.stats())
            self._there.setblocking(False)
            return
        answer = self._api.answer(request[end + 4 :], at)
        if self._api.latency:
            self._loop.call_later(self._api.latency, self._write, *answer)
        else:
            self._write(*answer)

    def _write(self, status: int, answer: str) -> None:
        body = answer.encode()
        head = b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        with contextlib.suppress(OSError):  # whoever asked is gone
            self._there.sendall(head % (status, len(body)) + body)

    def _close(self) -> None:
        self._loop.remove_reader(self._there)
        self._there.close()


def came(told: list[tuple[int, int, bytes]]) -> float:
    """When it came, in seconds since 1970, as the system noted it; or now."""
    for level, kind, data in told:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack("@ll", data[:16])
            return float(seconds + nanoseconds / 1e9)
    return time.time()


async def serve(rate: float, latency: float) -> None:
    api, loop = Api(rate, latency), asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as listening:
        listening.setblocking(False)
        print(listening.getsockname()[1], flush=True)
        gc.disable()
        while True:
            there, _ = await loop.sock_accept(listening)
            Connection(api, there)


@contextlib.contextmanager
def lean_api(rate: float = 0, latency: float = 0) -> Iterator[str]:
    """The base address of such a server in a process of its own."""
    line = [sys.executable, __file__, str(rate), str(latency)]
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1], env={"PYTHONPATH": "."}
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def stats(base: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{base}/stats") as answer:
        return dict(json.loads(answer.read()))


def busiest_second(moments: list[float]) -> int:
    """The most messages within any second."""
    first, most = 0, 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    return most


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(float(sys.argv[1]), float(sys.argv[2])))
