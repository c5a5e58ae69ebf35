"""Admins: /push, /broadcast and /preview. Every sending is planned, shown with two previews, asked for by the number of
readers, and reported while it goes out; a second admin who presses the same button sends nothing.
"""

from __future__ import annotations

import re

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message, MessageEntity
from aiogram.utils.text_decorations import html_decoration

from bot.chat.admin_words import issue_label, resolve_issue
from bot.chat.callbacks import Confirm, PlanPush
from bot.chat.filters import Asks, FromAdmin
from bot.chat.reader import Reader
from bot.chat.reports import Reporter, report_view, waits
from bot.chat.sentences import Request
from bot.chat.view import View, say, show
from bot.services import PushPlan, Services
from digests.types import Button


async def push(message: Message, request: Request, reader: Reader, services: Services) -> None:
    issue = await resolve_issue(services, request.args) if request.args else None
    plan = await services.digests.plan_push(issue, reader.actor, reader.now)
    await _ask(message, reader, plan, "push")


async def push_issue(query: CallbackQuery, callback_data: PlanPush, reader: Reader, services: Services) -> None:
    plan = await services.digests.plan_push(callback_data.issue, reader.actor, reader.now)
    if isinstance(query.message, Message):
        await _ask(query.message, reader, plan, "push")
    await query.answer()


async def broadcast(message: Message, request: Request, reader: Reader, services: Services) -> None:
    """The text after the command, with its bold and links, or the message that is answered."""
    html = _broadcast_html(message)
    if not html:
        await say(message, View(reader.t("broadcast-how")))
        return
    plan = await services.digests.plan_broadcast(html, reader.actor, reader.now)
    await _ask(message, reader, plan, "broadcast")


def _broadcast_html(message: Message) -> str:
    """What follows the command, as HTML; else the message that is answered; "" where there is neither."""
    text = message.text or message.caption or ""
    command = re.match(r"\s*\S+\s*", text)
    rest = text[command.end() :] if command else ""
    replied = message.reply_to_message
    if rest.strip():
        return html_decoration.unparse(rest, _shifted(message, text[: len(text) - len(rest)])).strip()
    return replied.html_text.strip() if replied is not None and (replied.text or replied.caption) else ""


def _shifted(message: Message, removed: str) -> list[MessageEntity]:
    """The entities of what remains when `removed` is cut off the front; offsets are UTF-16 units."""
    cut = len(removed.encode("utf-16-le")) // 2
    entities = message.entities or message.caption_entities or []
    ends = [(entity, max(entity.offset, cut), entity.offset + entity.length) for entity in entities]
    return [
        e.model_copy(update={"offset": start - cut, "length": end - start}) for e, start, end in ends if end > start
    ]


async def _ask(message: Message, reader: Reader, plan: PushPlan, kind: str) -> None:
    """Previews first, the question last, where the thumb is."""
    if plan.readers == 0:
        await say(message, View(reader.t(f"{kind}-nobody")))
        return
    for chunk in plan.previews:
        await say(message, View(chunk.html))
    issue = issue_label(reader, plan.issue) if plan.issue else ""
    yes = Button(reader.plain("send-yes", readers=plan.readers), Confirm(batch=plan.batch, step="yes").pack())
    no = Button(reader.plain("cancel"), Confirm(batch=plan.batch, step="no").pack())
    text = reader.t(f"{kind}-ask", readers=plan.readers, issue=issue, previews=len(plan.previews))
    await say(message, View(text, ((yes,), (no,))))


async def _ask_again(query: CallbackQuery, reader: Reader, plan: PushPlan) -> None:
    """The number is no longer what the admin agreed to: the same message asks for the new one."""
    if plan.readers == 0:
        await show(query, View(reader.t("push-nobody" if plan.issue else "broadcast-nobody")))
        return
    yes = Button(reader.plain("send-yes", readers=plan.readers), Confirm(batch=plan.batch, step="yes").pack())
    no = Button(reader.plain("cancel"), Confirm(batch=plan.batch, step="no").pack())
    await show(query, View(reader.t("send-changed", readers=plan.readers), ((yes,), (no,))))


async def confirm(
    query: CallbackQuery, callback_data: Confirm, reader: Reader, services: Services, reporter: Reporter
) -> None:
    queued = await services.digests.confirm(callback_data.batch, reader.actor, reader.now)
    if queued is None:
        await show(query, View(reader.t("send-known")))
        return
    if isinstance(queued, PushPlan):
        await _ask_again(query, reader, queued)
        return
    services.nudge()
    await show(query, report_view(reader, callback_data.batch, {"queued": queued}, sending=True))
    if isinstance(query.message, Message):
        reporter.watch(query.message, reader, callback_data.batch)


async def cancel(query: CallbackQuery, reader: Reader) -> None:
    await show(query, View(reader.t("send-cancelled")))


async def report(query: CallbackQuery, callback_data: Confirm, reader: Reader, services: Services) -> None:
    states = await services.digests.batch_report(callback_data.batch)
    view = report_view(reader, callback_data.batch, states, sending=waits(states))
    await show(query, view)


async def preview(message: Message, request: Request, reader: Reader, services: Services) -> None:
    issue, _, topic = request.args.partition(" ")
    if not topic.strip():
        await say(message, View(reader.t("preview-how")))
        return
    id = await resolve_issue(services, issue)
    chunks = await services.digests.preview(id, topic.strip().lstrip("#＃"), reader.language, reader.now)
    if not chunks:
        await say(message, View(reader.t("preview-nothing", topic=topic.strip())))
    for chunk in chunks:
        await say(message, View(chunk.html))


def admin_push_router() -> Router:
    router = Router(name="admin-push")
    router.message.filter(FromAdmin())
    router.callback_query.filter(FromAdmin())
    router.message.register(push, Asks("push"))
    router.message.register(broadcast, Asks("broadcast"))
    router.message.register(preview, Asks("preview"))
    router.callback_query.register(push_issue, PlanPush.filter())
    router.callback_query.register(confirm, Confirm.filter(F.step == "yes"))
    router.callback_query.register(cancel, Confirm.filter(F.step == "no"))
    router.callback_query.register(report, Confirm.filter(F.step == "report"))
    return router
