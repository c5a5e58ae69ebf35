"""The command menus that Telegram shows, per language and per role. Called once at start, and when a chat changes its language.

Chinese is the default for clients of every language but English.
"""

from __future__ import annotations

import asyncio
import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
)

from bot.services import Services
from bot.texts import Texts

log = logging.getLogger(__name__)

READER_MENU = (
    "topics", "subscribe", "unsubscribe", "list", "digest", "search", "test", "change", "why", "settings", "timezone", "pause",
    "resume", "lang", "export", "import", "forget", "help",
)  # fmt: skip
GROUP_MENU = ("topics", "subscribe", "unsubscribe", "list", "digest", "search", "settings", "pause", "resume", "help")
MEMBER_MENU = ("list", "search", "help")
ADMIN_MENU = ("push", "preview", "broadcast", "recall", "issues", "sources", "topic", "stats", "outbox", "audit")


def _public_languages(texts: Texts) -> tuple[str, ...]:
    """The default one, and those that a client's two letters tell from it: of Chinese ones only a chat's own menu knows more."""
    default = texts.languages[0]
    return (default, *(name for name in texts.languages[1:] if name[:2] != default[:2]))


def menu(texts: Texts, language: str, names: tuple[str, ...]) -> list[BotCommand]:
    return [BotCommand(command=name, description=texts.get(language, f"command-{name}")) for name in names]


async def register_commands(bot: Bot, services: Services) -> None:
    """For everybody in private chats and groups, for the admins of groups, and for our own admins.

    A menu that Telegram does not take is logged and left as it was.
    """
    try:
        for language in _public_languages(services.texts):
            for scope, names in _public():
                await _set(bot, services.texts, language, names, scope)
        for admin in sorted(services.admins):
            await _register_admin(bot, services.texts, admin)
    except TelegramAPIError as error:
        log.warning("command menus not registered: %s", error.message)


def _public() -> tuple[tuple[BotCommandScopeUnion, tuple[str, ...]], ...]:
    return (
        (BotCommandScopeAllPrivateChats(), READER_MENU),
        (BotCommandScopeAllGroupChats(), MEMBER_MENU),
        (BotCommandScopeAllChatAdministrators(), GROUP_MENU),
    )


async def _register_admin(bot: Bot, texts: Texts, admin: int) -> None:
    """An admin who has not opened the chat yet has no menu of their own; the next start tries again."""
    for language in _public_languages(texts):
        try:
            await _set(bot, texts, language, READER_MENU + ADMIN_MENU, BotCommandScopeChat(chat_id=admin))
        except (TelegramBadRequest, TelegramForbiddenError) as error:
            log.info("no menu for admin %s yet: %s", admin, error.message)
            return


async def _set(bot: Bot, texts: Texts, language: str, names: tuple[str, ...], scope: BotCommandScopeUnion) -> None:
    """Menus change seldom and Telegram counts them strictly: when it says wait, we wait, once."""
    code = None if language == texts.languages[0] else language[:2]
    commands = menu(texts, language, names)
    try:
        await bot.set_my_commands(commands, scope=scope, language_code=code)
    except TelegramRetryAfter as busy:
        await asyncio.sleep(busy.retry_after)
        await bot.set_my_commands(commands, scope=scope, language_code=code)


async def register_chat_commands(bot: Bot, services: Services, chat: int, language: str, *, admin: bool) -> None:
    """One chat's own menu, in the language chosen there, whatever the client's."""
    names = READER_MENU + ADMIN_MENU if admin else READER_MENU
    for code in (None, *(name[:2] for name in _public_languages(services.texts)[1:])):
        await bot.set_my_commands(
            menu(services.texts, language, names), scope=BotCommandScopeChat(chat_id=chat), language_code=code
        )
