"""An album comes as a message for each of its pictures or files: whoever answers a message once answers an album once."""

from __future__ import annotations

from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject

from bot.chat.reader import Handler

KEPT = 1000


class AlbumReader(BaseMiddleware):
    """Sets `stray` for the messages of an album after the one that came first to this process. Keeps the newest albums in memory: what
    another process or a restart does not know is answered once more."""

    def __init__(self) -> None:
        self._first: dict[tuple[int, str], int] = {}

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        data["stray"] = isinstance(event, Message) and self._is_stray(event)
        return await handler(event, data)

    def _is_stray(self, message: Message) -> bool:
        if not message.media_group_id:
            return False
        first = self._first.setdefault((message.chat.id, message.media_group_id), message.message_id)
        while len(self._first) > KEPT:
            del self._first[next(iter(self._first))]
        return first != message.message_id
