"""Admins: /push and /preview, and what follows every plan: looking, aiming, confirming. A push is planned, shown as real readers
would see it, asked for by the number of readers, and reported while it goes out; a second admin who presses the same button
sends nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.chat.admin_words import resolve_issue
from bot.chat.audience import audience_view, choices_view, chosen, read_audience
from bot.chat.callbacks import Aim, Confirm, Later, Look, PlanPush, Way
from bot.chat.filters import Asks, FromAdmin
from bot.chat.plans import days_view, question, sample_view, times_view
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader
from bot.chat.reports import Reporter, report_view, scheduled_view
from bot.chat.sentences import Request
from bot.chat.topic_views import unknown_topic
from bot.chat.view import View, say, show
from bot.pushes import Plan
from bot.services import Services
from digests.errors import NotFoundError
from digests.types import Audience, Batch

WAYS = ("paid", "once")


async def push(message: Message, request: Request, reader: Reader, services: Services) -> None:
    """`/push`, `/push 2 #动力电池 每天 群组`, `/push 查询:江澜时代`."""
    words, audience = read_audience(request.args)
    unknown = unknown_topic(await services.digests.topics(), audience.query) if audience.query else None
    if unknown is not None:
        raise NotFoundError("topic", unknown)
    issue = await _issue_in(services, words)
    plan = await services.pushes.plan_push(issue, audience, reader.actor, reader.now)
    await _show_plan(message, reader, services, plan)


async def _issue_in(services: Services, words: str) -> str | None:
    """What names no readers names the issue; where it is more than that, say which words mean nothing. None: the newest."""
    if not await services.digests.issues(1):
        raise RefusedError("issues-none")
    if not words:
        return None
    try:
        return await resolve_issue(services, words)
    except NotFoundError:
        unknown = [word for word in words.split() if not word.isdecimal()]
        if len(words.split()) == 1 or not unknown:
            raise
        raise RefusedError("refused-push-words", words=shorten(" ".join(unknown), 40)) from None


async def push_issue(query: CallbackQuery, callback_data: PlanPush, reader: Reader, services: Services) -> None:
    plan = await services.pushes.plan_push(callback_data.issue, Audience(), reader.actor, reader.now)
    if isinstance(query.message, Message):
        await _show_plan(query.message, reader, services, plan)
    await query.answer()


async def _show_plan(message: Message, reader: Reader, services: Services, plan: Plan) -> None:
    """A preview first, the question last, where the thumb is."""
    sample = await services.pushes.sample(plan.batch.id, 0, reader.now)
    if sample is not None:
        await say(message, sample_view(reader, plan.batch.id, sample))
    await say(message, question(reader, plan, services.pushes.per_second))


async def look(query: CallbackQuery, callback_data: Look, reader: Reader, services: Services) -> None:
    """The next reader's preview in place; from the question, where the audience may be another by now, in a new message."""
    sample = await services.pushes.sample(callback_data.batch, max(callback_data.place, 0), reader.now)
    if sample is None:
        raise RefusedError("refused-plan-gone")
    view = sample_view(reader, callback_data.batch, sample)
    if callback_data.place >= 0:
        await show(query, view)
        return
    if isinstance(query.message, Message):
        await say(query.message, view)
    await query.answer()


async def aim(query: CallbackQuery, callback_data: Aim, reader: Reader, services: Services) -> None:
    batch = await _planned(services, callback_data.batch)
    what, value, pushes = callback_data.what, callback_data.value, services.pushes
    if what in ("main", "ask"):
        plan = await pushes.described(batch, reader.now)
    elif not value:
        topics = await services.digests.topics() if what == "topic" else ()
        await show(query, choices_view(reader, batch.id, what, topics, reader.t("audience-choose")))
        return
    else:
        topics = await services.digests.topics() if what == "topic" else ()
        made = await pushes.aim(batch.id, chosen(batch.audience, what, value, topics), reader.now)
        if made is None:
            raise RefusedError("refused-plan-gone")
        plan = made
    view = question(reader, plan, pushes.per_second)
    await show(query, view if what == "ask" else audience_view(reader, batch.id, plan.batch.audience, view.html))


async def way(query: CallbackQuery, callback_data: Way, reader: Reader, services: Services) -> None:
    if callback_data.what not in WAYS:
        raise RefusedError("refused-outdated")
    plan = await services.pushes.switch(callback_data.batch, callback_data.what, callback_data.on, reader.now)
    if plan is None:
        raise RefusedError("refused-plan-gone")
    await show(query, question(reader, plan, services.pushes.per_second))


async def later(query: CallbackQuery, callback_data: Later, reader: Reader, services: Services) -> None:
    batch = await _planned(services, callback_data.batch)
    head = question(reader, await services.pushes.described(batch, reader.now), services.pushes.per_second).html
    day = callback_data.day
    await show(query, times_view(reader, batch, day, head) if day else days_view(reader, batch, head))


async def _planned(services: Services, id: str) -> Batch:
    batch = await services.pushes.find_planned(id)
    if batch is None:
        raise RefusedError("refused-plan-gone")
    return batch


async def confirm(
    query: CallbackQuery, callback_data: Confirm, reader: Reader, services: Services, reporter: Reporter
) -> None:
    at = datetime.fromtimestamp(callback_data.at, UTC) if callback_data.at else None
    if at is not None and at <= reader.now:
        raise RefusedError("refused-past")
    pushes, id = services.pushes, callback_data.batch
    made = await pushes.confirm(id, callback_data.readers, reader.actor, reader.now, at, callback_data.way)
    if made is None:
        await show(query, View(reader.t("send-known")))
    elif isinstance(made, Plan):
        await show(query, question(reader, made, pushes.per_second, changed=True))
    elif made.at is not None:
        await show(query, scheduled_view(reader, made))
    else:
        progress = await pushes.progress(id, reader.now)
        if progress is not None:
            await show(query, report_view(reader, progress))
        if isinstance(query.message, Message):
            reporter.watch(query.message, reader, id)


async def cancel(query: CallbackQuery, reader: Reader) -> None:
    await show(query, View(reader.t("send-cancelled")))


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
    router.message.register(preview, Asks("preview"))
    router.callback_query.register(push_issue, PlanPush.filter())
    router.callback_query.register(look, Look.filter())
    router.callback_query.register(aim, Aim.filter())
    router.callback_query.register(way, Way.filter())
    router.callback_query.register(later, Later.filter())
    router.callback_query.register(confirm, Confirm.filter(F.step == "yes"))
    router.callback_query.register(cancel, Confirm.filter(F.step == "no"))
    return router
