"""Words suggested from what a reader opened: noting what is opened, and the three answers to a suggestion.

Only in private chats, and only for readers who asked for it in /settings; else nothing is looked up and nothing kept.
"""

from __future__ import annotations

from dataclasses import replace

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery

from bot.chat.callbacks import Suggested
from bot.chat.filters import ADDS, CHANGES, KNOWS
from bot.chat.reader import Reader
from bot.chat.subscribing import Topics, meant, subscribed_view
from bot.chat.view import View, show
from bot.services import Services


async def note_opened(reader: Reader, services: Services, delivery: str, item: int) -> None:
    """Article `item` of a digest was opened."""
    if reader.subscriber.settings.suggest:
        article = await services.digests.article_of(delivery, reader.subscriber.id, item)
        if article is not None:
            await services.subscriptions.note_opened(reader.subscriber, article, reader.now)


async def note_found(reader: Reader, services: Services, article: int) -> None:
    """An article was opened from a search."""
    if reader.subscriber.settings.suggest:
        await services.subscriptions.note_opened(reader.subscriber, article, reader.now)


async def accept(
    query: CallbackQuery, callback_data: Suggested, reader: Reader, services: Services, bot: Bot, known: Topics
) -> None:
    await show(query, await subscribed_view(reader, services, bot, meant(known, callback_data.word)))


async def refuse(query: CallbackQuery, callback_data: Suggested, reader: Reader, services: Services) -> None:
    await services.subscriptions.refuse_word(reader.subscriber, callback_data.word, reader.now)
    await show(query, View(reader.t("suggest-refused", word=callback_data.word)))


async def switch_off(query: CallbackQuery, reader: Reader, services: Services) -> None:
    """With everything that was kept for it."""
    await services.subscriptions.set_settings(
        reader.subscriber, lambda settings: replace(settings, suggest=False), reader.now
    )
    await show(query, View(reader.t("suggest-switched-off")))


def suggesting_router() -> Router:
    router = Router(name="suggesting")
    taps = router.callback_query
    taps.register(accept, Suggested.filter(F.step == "yes"), flags=ADDS | KNOWS)
    taps.register(refuse, Suggested.filter(F.step == "no"), flags=CHANGES)
    taps.register(switch_off, Suggested.filter(F.step == "off"), flags=CHANGES)
    return router
