"""Answers to a reader that Telegram asks to send a little later: waited for once, if the wait is short.

For what a handler says. The relay's bot does without: there the outbox holds the due time, and nobody sleeps on it.
"""

from __future__ import annotations

import asyncio

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

LONGEST = 5.0
"""Seconds. A longer wait is an error of the command, which the reader may give again."""


class Patience(BaseRequestMiddleware):
    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as error:
            if error.retry_after > LONGEST:
                raise
            await asyncio.sleep(error.retry_after)
            return await make_request(bot, method)
