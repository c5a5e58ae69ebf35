"""Filters and flags that handlers name: which request, whose message."""

from __future__ import annotations

from typing import Any

from aiogram import Bot
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.chat.callbacks import REWRITE, Own
from bot.chat.sentences import Request
from bot.services import Services

CHANGES = {"changes": True}
"""Flag of handlers that change something: in groups only its admins reach them."""
LEAN = {"texts": False}
"""Flag of handlers that never look at the text of a query held before: it is not read for them, which keeps them at three round
trips to the store in a process that does not know it yet."""
OF_ONE = {"texts": "one"}
"""Flag of handlers that look at the text of the query that their button names, and of no other."""
KNOWS = {**LEAN, "topics": True}
"""Flag of handlers that get all topics as `known`: they are read beside the reader."""
ADDS = {**CHANGES, **LEAN}
"""Flag of handlers that add or change by what they were told."""


class Asks(Filter):
    """The message asks for one of these commands, in whatever form."""

    def __init__(self, *names: str) -> None:
        self._names = names

    async def __call__(self, message: Message, request: Request | None = None) -> bool:
        return request is not None and request.name in self._names


class Rewords(Filter):
    """A reply to the screen that asks for a new wording of a subscription; which one comes as `callback_data`."""

    async def __call__(self, message: Message, bot: Bot, request: Request | None = None) -> bool | dict[str, Any]:
        asked = message.reply_to_message
        ours = asked is not None and asked.from_user is not None and asked.from_user.id == bot.id
        if request is not None or asked is None or not ours or asked.reply_markup is None or not message.text:
            return False
        for button in (button for row in asked.reply_markup.inline_keyboard for button in row):
            if (button.callback_data or "").startswith(f"{Own.__prefix__}:"):
                own = Own.unpack(button.callback_data or "")
                if own.value == REWRITE:
                    return {"callback_data": own}
        return False


class FromAdmin(Filter):
    """One of the service's admins, in a private chat; for anybody else the command does not exist."""

    async def __call__(self, event: Message | CallbackQuery, services: Services) -> bool:
        message: Any = event.message if isinstance(event, CallbackQuery) else event
        user = event.from_user
        return (
            user is not None and user.id in services.admins and message is not None and message.chat.type == "private"
        )
