"""Who may change a group's or a channel's subscriptions: its admins, as Telegram says at this moment.

Answers for commands are kept for a few seconds; a tap is always asked afresh. No answer counts as no.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import Chat, ChatMemberAdministrator, ChatMemberOwner, Message, User

from bot.chat.problems import RefusedError

KEPT = timedelta(seconds=20)
MOST = 10_000
"""Answers kept at most; then all are asked again."""

NO_ANSWER = (TelegramBadRequest, TelegramForbiddenError)


class Rights:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._known: dict[tuple[int, int], tuple[datetime, bool]] = {}

    async def require_group_admin(self, bot: Bot, message: Message, user: User | None, *, fresh: bool) -> None:
        """Raises RefusedError. An admin who writes anonymously speaks as the group itself."""
        if not fresh and message.sender_chat is not None and message.sender_chat.id == message.chat.id:
            return
        if user is None or not await self.is_admin(bot, message.chat.id, user.id, fresh=fresh):
            raise RefusedError("refused-group-admins")

    async def require_channel(self, bot: Bot, channel: str | int, user: User) -> Chat:
        """The channel, where both the bot and the person are its admins. Raises RefusedError."""
        name = str(channel)
        try:
            chat = await bot.get_chat(channel)
            ours = await bot.get_chat_member(chat.id, bot.id)
        except NO_ANSWER as error:
            raise RefusedError("refused-channel-unknown", channel=name) from error
        if chat.type == "private":
            raise RefusedError("refused-channel-unknown", channel=name)
        label = f"@{chat.username}" if chat.username else chat.title or name
        if not may_post(ours):
            raise RefusedError("refused-channel-bot", channel=label)
        if not await self.is_admin(bot, chat.id, user.id, fresh=True):
            raise RefusedError("refused-channel-admins", channel=label)
        return chat

    async def is_admin(self, bot: Bot, chat: int, user: int, *, fresh: bool = False) -> bool:
        until, answer = self._known.get((chat, user), (self._now(), False))
        if until > self._now() and not fresh:
            return answer
        answer = await _ask(bot, chat, user)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[chat, user] = (self._now() + KEPT, answer)
        return answer


async def _ask(bot: Bot, chat: int, user: int) -> bool:
    try:
        member = await bot.get_chat_member(chat, user)
    except NO_ANSWER:
        return False
    return isinstance(member, ChatMemberOwner | ChatMemberAdministrator)


def may_post(member: object) -> bool:
    """Whether the bot, as this member, may write there. Groups name no such right."""
    if isinstance(member, ChatMemberAdministrator):
        return member.can_post_messages is not False
    return isinstance(member, ChatMemberOwner)
