"""A Bot API server that only takes sendMessage, for measuring what sends: a bare protocol with the sandbox's own limits.

    python tests/lean_api.py RATE LATENCY

Prints its port. RATE 0: no limits. LATENCY: seconds until each answer. GET /stats tells what came, and when.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
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


class Api:
    def __init__(self, rate: float, latency: float) -> None:
        self.pace = Pace(Limits(per_second=rate) if rate else UNLIMITED)
        self.latency = latency
        self.moments: list[float] = []
        self.free = 0
        self.refused = 0
        self.chats: dict[int, int] = {}

    def answer(self, body: bytes) -> tuple[int, dict[str, Any]]:
        found = CHAT.search(body)
        chat, now = int(found[1]) if found else 0, time.monotonic()
        paid = b"allow_paid_broadcast" in body
        if wait := self.pace.take(chat, chat < 0, now, paid):
            self.refused += 1
            said = f"Too Many Requests: retry after {wait}"
            return 429, {"ok": False, "error_code": 429, "description": said, "parameters": {"retry_after": wait}}
        self.moments.append(now)
        self.free += not paid
        self.chats[chat] = self.chats.get(chat, 0) + 1
        bot, user = (
            {"id": 42, "is_bot": True, "first_name": "刊报", "username": "kanbao_bot"},
            {"id": chat, "type": "private", "first_name": "读者"},
        )
        message = {
            "message_id": len(self.moments),
            "from": bot,
            "chat": user,
            "date": 1772409600,
            "text": TEXT,
            "entities": ENTITIES,
        }
        return 200, {"ok": True, "result": message}

    def stats(self) -> dict[str, Any]:
        return {
            "moments": self.moments,
            "free": self.free,
            "refused": self.refused,
            "cpu": time.process_time(),
            "chats": len(self.chats),
            "most": max(self.chats.values(), default=0),
        }


class Connection(asyncio.Protocol):
    def __init__(self, api: Api) -> None:
        self._api, self._buffer = api, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            length = LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
            self._take(head, body)

    def _take(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET /stats"):
            self._write(200, self._api.stats())
            return
        answer = self._api.answer(body)
        if self._api.latency:
            asyncio.get_running_loop().call_later(self._api.latency, self._write, *answer)
        else:
            self._write(*answer)

    def _write(self, status: int, answer: dict[str, Any]) -> None:
        if self._transport.is_closing():
            return
        body = json.dumps(answer).encode()
        self._transport.write(
            b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (status, len(body), body)
        )


async def serve(rate: float, latency: float) -> None:
    api = Api(rate, latency)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(api), "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


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
