"""Handing a subscription on: a link that opens this bot and offers it, and what is shown to whoever follows one.

A link holds the id of the stored query, nothing of the person who shares it.
"""

from __future__ import annotations

import re
from asyncio import gather
from urllib.parse import quote

from aiogram import Bot, Router
from aiogram.types import CallbackQuery

from bot.chat.callbacks import TakeShared
from bot.chat.filters import ADDS
from bot.chat.problems import RefusedError
from bot.chat.reader import Reader
from bot.chat.subscribing import result_view
from bot.chat.view import View, show
from bot.chat.wording import about, dry_run, query_name
from bot.services import DryRun, Services
from digests.types import Button
from subscriptions import Subscription

PREFIX = "s"
_PAYLOAD = re.compile(PREFIX + r"([0-9a-f]{24})")


def share_link(username: str, query: str) -> str:
    return f"https://t.me/{username}?start={PREFIX}{query}"


def shared_query(payload: str) -> str | None:
    """The id of the query in what follows /start; None: it is no link of ours."""
    found = _PAYLOAD.fullmatch(payload)
    return found[1] if found else None


def share_view(reader: Reader, held: Subscription, username: str, back: tuple[Button, ...]) -> View:
    link = share_link(username, held.query_id)
    words = reader.plain("share-words", name=query_name(reader, held.query, 60))
    send = Button(
        reader.plain("share-send"), url=f"https://t.me/share/url?url={quote(link, safe='')}&text={quote(words)}"
    )
    copy = Button(reader.plain("share-copy"), copy_text=link)
    text = reader.t("share", name=query_name(reader, held.query), link=link)
    return View(about(reader) + text, ((send, copy), back))


async def offer(reader: Reader, services: Services, query: str) -> View:
    """What a link offers, tried on the newest issues. Raises RefusedError if it is not known."""
    found = await services.digests.dry_run_stored(query, reader.now)
    if found is None:
        raise RefusedError("refused-link-unknown")
    text, trial = found
    take = Button(reader.plain("share-take"), TakeShared(query=query).pack())
    head = reader.t("share-offer", name=query_name(reader, text, 200))
    return View(f"{head}\n{dry_run(reader, trial)}", ((take,),))


async def take_shared(
    query: CallbackQuery, callback_data: TakeShared, reader: Reader, services: Services, bot: Bot
) -> None:
    stored = callback_data.query
    result, found = await gather(
        services.subscriptions.subscribe_stored(reader.subscriber, stored, reader.now),
        services.digests.dry_run_stored(stored, reader.now),
    )
    trial = found[1] if found else DryRun(0, 0, ())
    await show(query, await result_view(reader, bot, result, trial))


def sharing_router() -> Router:
    router = Router(name="sharing")
    router.callback_query.register(take_shared, TakeShared.filter(), flags=ADDS)
    return router
