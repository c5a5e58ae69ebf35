"""The dispatcher: which router is asked first, and what stands around every handler.

Order: our place in chats, admins, readers, and last whatever nobody took. Around each handler: errors become answers, the
request is read from the words, the Reader is loaded. Everything here works for any number of bots and processes.
"""

from __future__ import annotations

import logging
from typing import Any, cast

from aiogram import BaseMiddleware, Bot, Dispatcher, F, Router
from aiogram.types import ErrorEvent, Message, TelegramObject

from bot.chat.access import Rights
from bot.chat.account import account_router
from bot.chat.admin_broadcast import admin_broadcast_router
from bot.chat.admin_look import admin_look_router
from bot.chat.admin_outbox import admin_outbox_router
from bot.chat.admin_push import admin_push_router
from bot.chat.admin_sources import admin_sources_router
from bot.chat.admin_topics import admin_topics_router
from bot.chat.albums import AlbumReader
from bot.chat.digest import digest_router
from bot.chat.importing import importing_router
from bot.chat.listing import listing_router
from bot.chat.membership import membership_router
from bot.chat.problems import ErrorTeller
from bot.chat.reader import Handler, ReaderLoader, language_of
from bot.chat.reports import Reporter, reports_router
from bot.chat.searching import searching_router
from bot.chat.sentences import read_request
from bot.chat.settings import settings_router
from bot.chat.sharing import sharing_router
from bot.chat.start import start_router, unknown_router
from bot.chat.subscribing import subscribing_router
from bot.chat.subscription import subscription_router
from bot.chat.suggesting import suggesting_router
from bot.chat.words import words_router
from bot.services import Services

log = logging.getLogger(__name__)


class RequestReader(BaseMiddleware):
    """Sets `request` for messages, before any filter asks."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if isinstance(event, Message):
            me = await cast(Bot, data["bot"]).me()
            private = event.chat.type == "private"
            data["request"] = read_request(event.text or event.caption or "", me.username or "", private=private)
        return await handler(event, data)


def build_dispatcher(services: Services, reporter: Reporter | None = None) -> Dispatcher:
    """Ready to be fed with updates, by polling or webhook."""
    reporter = reporter or Reporter(services)
    dispatcher = Dispatcher(services=services, reporter=reporter)
    dispatcher.message.outer_middleware(RequestReader())
    dispatcher.message.outer_middleware(AlbumReader())
    talk = _talk_router(services)
    dispatcher.include_routers(membership_router(), talk)
    dispatcher.errors.register(log_error)
    dispatcher.shutdown.register(reporter.close)
    return dispatcher


def _talk_router(services: Services) -> Router:
    router = Router(name="talk")
    router.message.filter(~F.via_bot)  # what somebody sent by inline mode is said to others, not to us
    for observer in (router.message, router.callback_query):
        observer.middleware(ErrorTeller(services.texts, language_of))
        observer.middleware(ReaderLoader(services, Rights(services.now)))
    router.inline_query.middleware(ErrorTeller(services.texts, language_of))
    router.include_routers(
        importing_router(),
        admin_push_router(),
        admin_broadcast_router(),
        reports_router(),
        admin_look_router(),
        admin_outbox_router(),
        admin_sources_router(),
        admin_topics_router(),
        start_router(),
        subscribing_router(),
        subscription_router(),
        sharing_router(),
        listing_router(),
        digest_router(),
        searching_router(),
        suggesting_router(),
        words_router(),
        settings_router(),
        account_router(),
        unknown_router(),
    )
    return router


async def log_error(event: ErrorEvent) -> bool:
    """What even the answer to an error could not mend; the update is done with."""
    error = event.exception
    log.error("update %s failed: %s", event.update.update_id, type(error).__name__, exc_info=error)
    return True
