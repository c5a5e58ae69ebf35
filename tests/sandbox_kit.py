"""A sandbox for tests, a bare client of its Bot API, and an observer that holds every call against the table of the Bot API."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher
from aiohttp import ClientSession, FormData
from botapi_table import problems_of_answer, problems_of_call

from bot.listening import UnderWay
from bot.sandbox import UNLIMITED, Limits, Sandbox
from bot.sandbox.page import Publish
from bot.sandbox.params import Params

TOKEN = "42:SANDBOX"
NOW = datetime(2026, 11, 18, 0, 0, tzinfo=UTC)


class Clock:
    """Time that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds - 1000)


@asynccontextmanager
async def polled(dispatcher: Dispatcher, bot: Bot) -> AsyncIterator[None]:
    """The bot polls, and is gone when all that it heard has been handled."""
    under_way = UnderWay()
    dispatcher.update.outer_middleware(under_way)
    polling = asyncio.create_task(
        dispatcher.start_polling(bot, polling_timeout=1, handle_signals=False, close_bot_session=False)
    )
    try:
        yield
    finally:
        await dispatcher.stop_polling()
        await polling
        await under_way.ended()
        await bot.session.close()


@dataclass
class Client:
    """Calls the Bot API as any HTTP client would; `calls` remembers which methods succeeded."""

    sandbox: Sandbox
    http: ClientSession
    clock: Clock
    calls: set[str]
    problems: list[str]

    async def __call__(self, method: str, **params: Any) -> Any:
        """The result of a call that must succeed."""
        status, body = await self.raw(method, params)
        assert body.get("ok") and status == 200, body
        return body["result"]

    async def refused(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to a call that must fail; its HTTP status equals error_code."""
        status, body = await self.raw(method, params)
        assert body["ok"] is False and body["error_code"] == status, body
        return body

    async def raw(self, method: str, params: dict[str, Any], token: str = TOKEN) -> tuple[int, dict[str, Any]]:
        async with self.http.post(f"{self.sandbox.base_url}/bot{token}/{method}", json=params) as answer:
            return answer.status, await answer.json()

    async def send_file(
        self, method: str, field: str, name: str, data: bytes, **params: Any
    ) -> tuple[int, dict[str, Any]]:
        form = FormData(quote_fields=False)
        for key, value in params.items():
            form.add_field(key, str(value))
        form.add_field(field, BytesIO(data), filename=name)
        async with self.http.post(f"{self.sandbox.base_url}/bot{TOKEN}/{method}", data=form) as answer:
            return answer.status, await answer.json()

    def observe(self, method: str, params: Params, result: object) -> None:
        self.calls.add(method)
        self.problems += problems_of_call(method, params.raw, set(params.uploads))
        self.problems += problems_of_answer(method, result)


@asynccontextmanager
async def sandboxed(
    limits: Limits = UNLIMITED, state_file: Path | None = None, publish: Publish | None = None
) -> AsyncIterator[Client]:
    """A running sandbox and a client. On leaving, every call that was made must agree with the table of the Bot API."""
    clock = Clock()
    sandbox = Sandbox(
        "127.0.0.1", 0, token=TOKEN, state_file=state_file, publish=publish, now=clock.now, limits=limits, clock=clock
    )
    async with sandbox, ClientSession() as http:
        client = Client(sandbox, http, clock, set(), [])
        sandbox.api.observers.append(client.observe)
        yield client
        assert client.problems == []


async def eventually(ready: Callable[[], object]) -> None:
    """Wait for at most five seconds until something is so."""
    for _ in range(500):
        if ready():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen within five seconds")


def png(width: int = 4, height: int = 3) -> bytes:
    """A small grey picture."""
    rows = b"".join(b"\0" + bytes([128] * 3 * width) for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
