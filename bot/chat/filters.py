"""Filters and flags that handlers name: which request, whose message."""

from __future__ import annotations

from typing import Any

from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.chat.sentences import Request
from bot.services import Services

CHANGES = {"changes": True}
"""Flag of handlers that change something: in groups only its admins reach them."""


ADDS = {**CHANGES, "texts": False}
"""Flag of handlers that add or change by what they were told, and never look at the text of a query held before: it is not read
for them, which keeps them at three round trips in a process that does not know it yet."""


class Asks(Filter):
    """The message asks for one of these commands, in whatever form."""

    def __init__(self, *names: str) -> None:
        self._names = names

    async def __call__(self, message: Message, request: Request | None = None) -> bool:
        return request is not None and request.name in self._names


class FromAdmin(Filter):
    """One of the service's admins, in a private chat; for anybody else the command does not exist."""

    async def __call__(self, event: Message | CallbackQuery, services: Services) -> bool:
        message: Any = event.message if isinstance(event, CallbackQuery) else event
        user = event.from_user
        return (
            user is not None and user.id in services.admins and message is not None and message.chat.type == "private"
        )
