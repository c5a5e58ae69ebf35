"""First contact, help, language, and what is said to words that nobody understands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Chat, Message

from bot.chat.callbacks import Open, Set
from bot.chat.filters import ADDS, KNOWS, LEAN, Asks
from bot.chat.menus import register_chat_commands
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader
from bot.chat.sentences import Request
from bot.chat.settings_views import language_view
from bot.chat.sharing import offer, shared_query
from bot.chat.subscribing import Topics
from bot.chat.topic_views import onward, topic_rows
from bot.chat.view import View, say, show
from bot.chat.wording import when
from bot.chat.words import offers
from bot.services import Services
from digests.types import Button
from subscriptions import Language, Settings

LANGUAGES = {
    "简体": "zh-Hans", "简体中文": "zh-Hans", "简": "zh-Hans", "中文": "zh-Hans", "zh": "zh-Hans", "zh-hans": "zh-Hans", "zh-cn": "zh-Hans",
    "繁体": "zh-Hant", "繁體": "zh-Hant", "繁體中文": "zh-Hant", "繁体中文": "zh-Hant", "繁": "zh-Hant", "zh-hant": "zh-Hant",
    "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "英文": "en", "英语": "en", "英語": "en", "en": "en", "english": "en",
}  # fmt: skip
"""Words behind /lang, in lower case."""


async def start(message: Message, reader: Reader, services: Services, request: Request, known: Topics) -> None:
    """Greets, and from now on knows the reader; where a link led here, shows what it offers."""
    shared = shared_query(request.args)
    if shared is not None:
        await say(message, await offer(reader, services, shared))
        return
    reader = reader.with_subscriber(await services.subscriptions.keep(reader.subscriber, reader.now))
    key = "start" if message.chat.type == "private" else "start-group"
    said = f"{reader.t(key)}\n{_rhythm(reader)}"
    await say(message, View(said, (*topic_rows(reader, known, 0), onward(reader))))
    own = reader.admin and message.chat.type == "private"
    if own and await services.digests.tell_missed(reader.subscriber, reader.language, reader.now):
        services.nudge()


def _rhythm(reader: Reader) -> str:
    """When digests come: of one who comes back, as it was set."""
    settings, usual = reader.subscriber.settings, Settings()
    if reader.subscriber.paused is None and (settings.cadence, settings.nothing_today) == (usual.cadence, False):
        return reader.t("start-usual")
    return f"{when(reader)}\n{reader.t('start-change')}"


async def help_(message: Message, reader: Reader) -> None:
    await say(message, help_view(reader))


async def open_help(query: CallbackQuery, reader: Reader) -> None:
    await show(query, help_view(reader))


def help_view(reader: Reader) -> View:
    text = reader.t("help") + (f"\n\n{reader.t('help-admin')}" if reader.admin else "")
    rows = (("topics", "list"), ("search", "test"), ("settings", "digest"), ("account",))
    return View(text, tuple(_screens(reader, *row) for row in rows))


def _screens(reader: Reader, *names: str) -> tuple[Button, ...]:
    return tuple(Button(reader.plain(f"open-{name}"), Open(target=reader.target, screen=name).pack()) for name in names)


async def lang(message: Message, reader: Reader, services: Services, request: Request, bot: Bot) -> None:
    """`/lang en`, `/lang 繁體`: set at once; without a language, or with one that there is not, the choice."""
    language = LANGUAGES.get(request.args.strip().lower())
    if language is None:
        await say(message, language_view(reader))
        return
    reader = await _switched(reader, language, services)
    await say(message, View(reader.t("lang-set")))
    await _change_menu(bot, services, message.chat, reader)


async def set_language(query: CallbackQuery, callback_data: Set, reader: Reader, services: Services, bot: Bot) -> None:
    """From /lang: one tap."""
    if callback_data.value not in services.texts.languages:
        raise RefusedError("refused-outdated")
    reader = await _switched(reader, callback_data.value, services)
    await show(query, View(reader.t("lang-set"), toast=reader.plain("saved")))
    if query.message is not None:
        await _change_menu(bot, services, query.message.chat, reader)


async def _switched(reader: Reader, language: str, services: Services) -> Reader:
    change = _speaks(cast(Language, language))
    return reader.switched(await services.subscriptions.set_settings(reader.subscriber, change, reader.now))


async def _change_menu(bot: Bot, services: Services, chat: Chat, reader: Reader) -> None:
    """The command menu of a private chat follows its language."""
    if not reader.target and chat.type == "private":
        await register_chat_commands(bot, services, chat.id, reader.language, admin=reader.admin)


def _speaks(language: Language) -> Callable[[Settings], Settings]:
    return lambda settings: replace(settings, language=language)


async def unknown(message: Message, reader: Reader, request: Request | None = None) -> None:
    """Says what would help, and what may be done with the words."""
    words = (message.text or "").strip()
    if request is not None and request.command:
        await say(message, View(reader.t("unknown-command", command=f"/{shorten(request.name, 40)}")))
    elif not words:
        await say(message, View(reader.t("unknown-kind")))
    else:
        view = View(reader.t("unknown", words=shorten(words)), offers(reader, words))
        await say(message, view, reply=True)


def is_ours(message: Message, request: Request | None = None, stray: bool = False) -> bool:
    """In groups only commands are answered that nobody knows; talk is left alone. Of an album one picture is answered."""
    if message.chat.type == "private":
        return request is not None or not stray
    return request is not None and request.command and _named(message)


def _named(message: Message) -> bool:
    return "@" in (message.text or "").split(maxsplit=1)[0]


def start_router() -> Router:
    router = Router(name="start")
    router.message.register(start, Asks("start"), flags=KNOWS)
    router.message.register(help_, Asks("help"), flags=LEAN)
    router.message.register(lang, Asks("lang"), flags=ADDS)
    router.callback_query.register(open_help, Open.filter(F.screen == "help"), flags=LEAN)
    router.callback_query.register(set_language, Set.filter((F.screen == "lang") & (F.value != "")), flags=ADDS)
    return router


def unknown_router() -> Router:
    """The last one asked."""
    router = Router(name="unknown")
    router.message.register(unknown, is_ours)
    router.callback_query.register(outdated)
    return router


async def outdated(query: CallbackQuery, reader: Reader) -> None:
    """A button of an older version, or one whose rights are gone."""
    await query.answer(reader.plain("refused-outdated"), show_alert=True)
