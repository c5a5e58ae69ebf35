"""Answers to a reader: each waits for its turn in the rates that all processes share, and for Telegram if it asks to.

For what a handler says. The relay's sender does without: there the outbox holds the due time, and nobody sleeps on it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.rates import Rates
from digests.errors import StoreError

LONGEST = 5.0
"""Seconds. A longer wait is an error of the command, which the reader may give again."""
ATTEMPTS = 4
MESSAGES = ("send", "copy", "forward")
EDITS = ("edit",)
NO_MESSAGES = frozenset({"sendChatAction"})


class Patience(BaseRequestMiddleware):
    """`rates` None: only what Telegram asks for is waited for."""

    def __init__(self, rates: Rates | None = None) -> None:
        self._rates = rates

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        chat, tried = counted(method), 0
        while True:
            if self._rates is not None and chat is not None:
                # Before another attempt too: those that were refused together would come together again.
                await self._rates.answer(chat)
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                tried += 1
                await self._tell(chat, error.retry_after)
                if error.retry_after > LONGEST or tried == ATTEMPTS:
                    raise
                await asyncio.sleep(error.retry_after)

    async def _tell(self, chat: int | None, seconds: float) -> None:
        """So that no process writes there meanwhile."""
        if self._rates is not None and chat:
            with suppress(StoreError):
                await self._rates.block(chat, datetime.now(UTC) + timedelta(seconds=seconds))


def counted(method: TelegramMethod[TelegramType]) -> int | None:
    """The chat that a call is counted for; 0: only over all, as edits are; None: not counted."""
    name = method.__api_method__
    if name.startswith(EDITS):
        return 0
    if not name.startswith(MESSAGES) or name in NO_MESSAGES:
        return None
    chat = getattr(method, "chat_id", 0)
    return chat if isinstance(chat, int) else 0
