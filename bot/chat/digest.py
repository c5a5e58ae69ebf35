"""/digest, the back-fill, and turning the pages of a digest that was sent.

A digest goes the way of every other: it is asked for here, composed by whoever composes, and sent from the outbox; they are only
woken. Pages are edited in place.
"""

from __future__ import annotations

from asyncio import gather

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot.chat.callbacks import ArticlePage, Backfill, DigestPage, Open, Unrelated, WhySent
from bot.chat.filters import ADDS, LEAN, Asks
from bot.chat.listing import empty_view
from bot.chat.problems import RefusedError
from bot.chat.reader import Reader
from bot.chat.settings_views import resume_button
from bot.chat.suggesting import note_opened
from bot.chat.view import View, chunk_view, say, show
from bot.chat.wording import about
from bot.services import Services
from digests.types import Button
from subscriptions import chat_of, thread_of

BACKFILLS = (1, 3, 10)
"""Issues that a reader may ask for at once."""


async def digest(message: Message, reader: Reader, services: Services, bot: Bot) -> None:
    view = await _digest(reader, services, bot)
    if view is not None:
        await say(message, view)


async def open_digest(query: CallbackQuery, reader: Reader, services: Services, bot: Bot) -> None:
    view = await _digest(reader, services, bot)
    if view is not None and isinstance(query.message, Message):
        await say(query.message, view)
    await query.answer()


def backfills(reader: Reader) -> tuple[Button, ...]:
    """The newest issues again, as many as are wanted."""
    return tuple(
        Button(reader.plain("backfill", issues=issues), Backfill(target=reader.target, issues=issues).pack())
        for issues in BACKFILLS
    )


async def open_backfill(query: CallbackQuery, reader: Reader) -> None:
    """Asked in a message of its own, so that the answer to a new subscription stays."""
    if isinstance(query.message, Message):
        await say(query.message, View(about(reader) + reader.t("backfill-which"), (backfills(reader),)))
    await query.answer()


async def _digest(reader: Reader, services: Services, bot: Bot) -> View | None:
    """What to say; None when the digest itself is the answer."""
    if not reader.subscriber.subscriptions:
        return empty_view(reader)
    if not await services.digests.ask_digest(reader.subscriber, reader.now):
        return _unless_paused(reader, View(about(reader) + reader.t("now-nothing"), (backfills(reader),)))
    view = await _on_its_way(reader, services, bot)
    if reader.subscriber.paused is None:
        return view
    return _unless_paused(reader, view) if view else _unless_paused(reader, View(""), "now-paused-coming")


def _unless_paused(reader: Reader, view: View, key: str = "now-paused") -> View:
    """Of one who paused: also that nothing comes by itself, and the way back."""
    if reader.subscriber.paused is None:
        return view
    words = "\n".join(filter(None, (view.html, ("" if view.html else about(reader)) + reader.t(key))))
    return View(words, (*view.rows, (resume_button(reader),)))


async def _on_its_way(reader: Reader, services: Services, bot: Bot) -> View | None:
    services.nudge()
    if reader.target:
        return View(reader.t("now-to-channel", channel=reader.label))
    id = reader.subscriber.id
    await bot.send_chat_action(chat_of(id), "typing", message_thread_id=thread_of(id))
    return None


async def backfill(query: CallbackQuery, callback_data: Backfill, reader: Reader, services: Services, bot: Bot) -> None:
    """What the newest issues have for a reader whose subscriptions are younger than they."""
    issues = min(max(callback_data.issues, 1), BACKFILLS[-1])
    delivery = await services.digests.backfill(reader.subscriber, reader.now, issues)
    if delivery is None:
        await show(query, View(about(reader) + reader.t("backfill-nothing")))
        return
    view = await _on_its_way(reader, services, bot)
    await show(query, view or View(about(reader) + reader.t("backfill-coming")))


async def digest_page(query: CallbackQuery, callback_data: DigestPage, reader: Reader, services: Services) -> None:
    chunk = await services.digests.digest_page(callback_data.delivery, reader.subscriber, callback_data.page)
    if chunk is None:
        raise RefusedError("refused-digest-gone")
    await show(query, chunk_view(chunk))


async def article_page(query: CallbackQuery, callback_data: ArticlePage, reader: Reader, services: Services) -> None:
    delivery, item = callback_data.delivery, callback_data.item
    chunk, _ = await gather(
        services.digests.article_page(delivery, reader.subscriber, item, callback_data.page),
        note_opened(reader, services, delivery, item),
    )
    if chunk is None:
        raise RefusedError("refused-digest-gone")
    why = Button(reader.plain("article-why-button"), WhySent(delivery=delivery, item=item).pack())
    unrelated = Button(reader.plain("article-unrelated"), Unrelated(delivery=delivery, item=item).pack())
    await show(query, chunk_view(chunk, (why, unrelated)))


def digest_router() -> Router:
    router = Router(name="digest")
    router.message.register(digest, Asks("digest"), flags=ADDS)
    router.callback_query.register(open_digest, Open.filter(F.screen == "digest"), flags=ADDS)
    router.callback_query.register(open_backfill, Open.filter(F.screen == "backfill"), flags=LEAN)
    router.callback_query.register(backfill, Backfill.filter(), flags=ADDS)
    router.callback_query.register(digest_page, DigestPage.filter(), flags=LEAN)
    router.callback_query.register(article_page, ArticlePage.filter(), flags=LEAN)
    return router
