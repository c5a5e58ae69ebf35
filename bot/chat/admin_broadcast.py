"""Admins: /broadcast and /recall. A broadcast is a text, perhaps with a photo or document that Telegram has already; it can be sent
to oneself first, and later than now. A recall deletes or replaces what a push or broadcast sent.
"""

from __future__ import annotations

import re

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.chat.admin_words import issue_label
from bot.chat.callbacks import Confirm, Recall
from bot.chat.content import ADVICE, after_command, broadcast_content, is_text, unsendable
from bot.chat.filters import Asks, FromAdmin
from bot.chat.plans import moment, question
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader
from bot.chat.reports import cancel_button
from bot.chat.sentences import Request
from bot.chat.view import View, say, toast
from bot.services import Services
from digests.html import strip_tags, utf16_len
from digests.render_messages import CAPTION
from digests.types import Audience, Batch, Button

RECENT = 8
"""Pushes that /recall lists."""


# ---------------------------------------------------------------------------------------------- broadcast
async def broadcast(message: Message, request: Request, reader: Reader, services: Services) -> None:
    """The text after the command, with its bold and links, or the message that is answered; with the photo or document of either.
    What cannot go along is refused, so that nothing is left out unsaid."""
    if found := unsendable(message):
        advice = ADVICE.get(found, "other")
        raise RefusedError(f"refused-broadcast-{advice}", found=reader.plain("content", kind=found))
    html, media = broadcast_content(message)
    if not html and not media:
        await say(message, await _how(reader, services))
        return
    plan = await services.pushes.plan_broadcast(html, media, Audience(), reader.actor, reader.now)
    await _preview(message, html, media)
    await say(message, question(reader, plan, services.pushes.per_second))


async def _preview(message: Message, html: str, media: str) -> None:
    """As readers see it: the text below the file, or after it where it is too long for that."""
    below = media and html and utf16_len(strip_tags(html)) <= CAPTION
    if media:
        kind, _, file = media.partition(":")
        answer = message.answer_photo if kind == "photo" else message.answer_document
        await (answer(file, caption=html, parse_mode="HTML") if below else answer(file))
    if html and not below:
        await say(message, View(html))


async def _how(reader: Reader, services: Services) -> View:
    """With what is scheduled, each to be cancelled."""
    waiting = await services.pushes.scheduled()
    lines = [reader.t("broadcast-how")]
    lines += [reader.t("scheduled")] if waiting else []
    lines += [await _line(reader, services, batch) for batch in waiting]
    return View("\n".join(lines), tuple((cancel_button(reader, batch),) for batch in waiting))


async def _line(reader: Reader, services: Services, batch: Batch) -> str:
    at = moment(reader, batch.at or batch.started or batch.created)
    return reader.t("batch-line", at=at, what=await _title(reader, services, batch), readers=batch.readers)


async def _title(reader: Reader, services: Services, batch: Batch) -> str:
    issue = await services.pushes.issue_of(batch)
    said = issue_label(reader, issue) if issue else shorten(strip_tags(batch.html), 30)
    return said or reader.plain("batch-media")


async def test(query: CallbackQuery, callback_data: Confirm, reader: Reader, services: Services) -> None:
    if not await services.pushes.test(callback_data.batch, reader.actor, reader.now):
        raise RefusedError("refused-plan-gone")
    services.nudge()
    await toast(query, reader.plain("send-tested"))


# ---------------------------------------------------------------------------------------------- recall
async def recall(message: Message, request: Request, reader: Reader, services: Services) -> None:
    """`/recall` lists; `/recall 1` deletes; `/recall 1` and a text puts that in its place."""
    recent = (await services.pushes.recent(reader.now))[:RECENT]
    word, _, rest = request.args.partition(" ")
    if not word:
        await say(message, await _recent_view(reader, services, recent))
        return
    if not is_text(message):
        raise RefusedError("refused-recall-content")
    found = next((b for n, b in enumerate(recent, 1) if word in (str(n), b.id)), None)
    html = _after_word(message, word) if rest.strip() else ""
    await _ask(message, found.id if found else word, html, reader, services)


def _after_word(message: Message, word: str) -> str:
    """What follows the first word after the command, as HTML with its looks."""
    return re.sub(rf"^\s*(?:<[^>]*>)*{re.escape(word)}\s*", "", after_command(message), count=1)


async def recall_this(query: CallbackQuery, callback_data: Recall, reader: Reader, services: Services) -> None:
    if isinstance(query.message, Message):
        await _ask(query.message, callback_data.batch, "", reader, services)
    await query.answer()


async def _ask(message: Message, target: str, html: str, reader: Reader, services: Services) -> None:
    plan = await services.pushes.plan_recall(target, html, reader.actor, reader.now)
    if html:
        await say(message, View(html))
    await say(message, question(reader, plan, services.pushes.per_second))


async def _recent_view(reader: Reader, services: Services, recent: list[Batch]) -> View:
    if not recent:
        return View(reader.t("recall-none"))
    lines = [f"{n}. {await _line(reader, services, batch)}" for n, batch in enumerate(recent, 1)]
    rows = [Button(reader.plain("recall-this", number=n), Recall(batch=b.id).pack()) for n, b in enumerate(recent, 1)]
    return View("\n".join((reader.t("recall"), *lines, "", reader.t("recall-how"))), tuple((row,) for row in rows))


def admin_broadcast_router() -> Router:
    router = Router(name="admin-broadcast")
    router.message.filter(FromAdmin())
    router.callback_query.filter(FromAdmin())
    router.message.register(broadcast, Asks("broadcast"))
    router.message.register(recall, Asks("recall"))
    router.callback_query.register(test, Confirm.filter(F.step == "test"))
    router.callback_query.register(recall_this, Recall.filter())
    return router
