"""Subscribing: topics by tapping, queries by /subscribe with a dry run, and giving them up again."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Sequence

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot.chat.callbacks import AsKeyword, Drop, Keep, Open, Own, SwitchTopic, Take, short, take_data
from bot.chat.filters import ADDS, CHANGES, KNOWS, Asks
from bot.chat.listing import picker_view
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader
from bot.chat.readings import either_or_both
from bot.chat.sentences import Request
from bot.chat.subscription_views import narrow_button
from bot.chat.threads import follow, offered
from bot.chat.topic_views import (
    find_short,
    find_topic,
    holds,
    label,
    refuse_unknown_topic,
    topic_id,
    topic_query,
    topic_rows,
    topics_view,
)
from bot.chat.view import Rows, View, say, show
from bot.chat.wording import about, dry_run, query_name, topic_name, when
from bot.services import DryRun, Services
from digests.topics import Topic
from digests.types import Button
from subscriptions import QueryError, QueryId, Subscriber, Subscription, Term, parse_query
from subscriptions.service import SubscribeResult, topic_of

COPY_LIMIT = 256
"""Characters that a button may copy."""


Topics = Sequence[Topic]


async def topics(message: Message, reader: Reader, known: Topics) -> None:
    await say(message, topics_view(reader, known))


async def open_topics(query: CallbackQuery, callback_data: Open, reader: Reader, known: Topics) -> None:
    await show(query, topics_view(reader, known, callback_data.page))


async def switch_topic(
    query: CallbackQuery, callback_data: SwitchTopic, reader: Reader, services: Services, bot: Bot, known: Topics
) -> None:
    """Hold it, or not any more; the same message shows the new state."""
    topic = find_short(known, callback_data.topic)
    if topic is None:
        raise RefusedError("refused-topic-gone")
    held = holds(reader.subscriber, topic)
    after = await _switch(reader, services, topic, held=held)
    await follow(bot, reader, after)
    view = topics_view(reader.with_subscriber(after), known, callback_data.page)
    words = reader.plain("topic-off" if held else "topic-on", topic=label(reader, topic))
    await show(query, View(view.html, view.rows, toast=words))


async def _switch(reader: Reader, services: Services, topic: Topic, *, held: bool) -> Subscriber:
    if held:
        return await services.subscriptions.unsubscribe(reader.subscriber, topic_id(topic.name), reader.now)
    result = await services.subscriptions.subscribe(reader.subscriber, topic_query(topic.name), reader.now)
    return result.subscriber


async def subscribe(
    message: Message, request: Request, reader: Reader, services: Services, bot: Bot, known: Topics
) -> None:
    if not request.args:
        await say(message, View(about(reader) + reader.t("subscribe-how"), topic_rows(reader, known, 0)))
        return
    view = either_or_both(reader, known, request.args)
    await say(message, view or await subscribed_view(reader, services, bot, meant(known, request.args)))


async def take(
    query: CallbackQuery, callback_data: Take, reader: Reader, services: Services, bot: Bot, known: Topics
) -> None:
    await show(query, await subscribed_view(reader, services, bot, meant(known, callback_data.text)))


async def as_keyword(
    query: CallbackQuery, callback_data: AsKeyword, reader: Reader, services: Services, bot: Bot, known: Topics
) -> None:
    """A topic's name as a plain word instead of the topic."""
    topic = find_short(known, callback_data.topic)
    if topic is None:
        raise RefusedError("refused-topic-gone")
    view = await subscribed_view(reader, services, bot, f'"{topic.name}"', instead_of=topic_id(topic.name))
    await show(query, view)


def meant(known: Topics, text: str) -> str:
    """The query that a person means: the topic where the words are its name. Raises RefusedError for an unknown #topic."""
    topic = find_topic(known, text) or find_topic(known, _only_word(text))
    if topic is not None:
        return topic_query(topic.name)
    refuse_unknown_topic(known, text)
    return text


def _only_word(text: str) -> str:
    """动力电池 动力电池 asks for no more than 动力电池; "" where a query asks for more than one word."""
    try:
        query = parse_query(text)
    except QueryError:
        return ""
    plain = isinstance(query, Term) and query.field is None and not query.exact and '"' not in text and "“" not in text
    return query.text if isinstance(query, Term) and plain else ""


async def test(message: Message, request: Request, reader: Reader, services: Services, known: Topics) -> None:
    """What a query would bring, without subscribing to it."""
    if not request.args:
        await say(message, View(reader.t("test-how")))
        return
    await say(message, await test_view(reader, services, meant(known, request.args)))


async def test_view(reader: Reader, services: Services, text: str) -> View:
    trial = await services.digests.dry_run(text, reader.now)
    head = reader.t("test", query=shorten(text, 200))
    return View(f"{about(reader)}{head}\n{dry_run(reader, trial)}", _take_rows(reader, text))


def _take_rows(reader: Reader, text: str) -> Rows:
    """A button that subscribes to `text`, where it fits into one, else one that copies the command."""
    data = take_data(reader.target, text)
    if data is not None:
        return ((Button(reader.plain("words-subscribe", words=shorten(text, 20)), data),),)
    command = f"/subscribe {text}"
    return ((Button(reader.plain("own-copy"), copy_text=command),),) if len(command) <= COPY_LIMIT else ()


async def subscribed_view(
    reader: Reader, services: Services, bot: Bot, text: str, instead_of: QueryId | None = None
) -> View:
    """Subscribes, and tells of it. What it would have brought is looked up meanwhile."""
    result, trial = await gather(
        services.subscriptions.subscribe(reader.subscriber, text, reader.now, instead_of=instead_of),
        services.digests.dry_run(text, reader.now),
    )
    return await result_view(reader, bot, result, trial)


async def result_view(reader: Reader, bot: Bot, result: SubscribeResult, trial: DryRun) -> View:
    """What a new subscription would have brought, and how to go on."""
    await follow(bot, reader, result.subscriber)
    reader = reader.with_subscriber(result.subscriber)
    said = "\n".join((about(reader) + _headline(reader, result), dry_run(reader, trial), when(reader)))
    exclude = [narrow_button(reader, result.subscription.query_id, word) for word in trial.exclusions]
    narrowing = tuple(button for button in exclude if button is not None)
    hint = "\n" + reader.t("narrow-hint") if narrowing else ""
    past = Button(reader.plain("open-backfill"), Open(target=reader.target, screen="backfill").pack())
    rows = (narrowing, *_choices(reader, result.subscription, trial), (past,) if trial.articles else ())
    return View(said + hint, tuple(row for row in rows if row))


def _headline(reader: Reader, result: SubscribeResult) -> str:
    query = result.subscription.query
    topic = topic_of(query)
    key = f"subscribed-{'query' if topic is None else 'topic'}{'-already' if result.existing else ''}"
    return reader.t(key, name=query if topic is None else topic_name(reader, topic))


def _choices(reader: Reader, held: Subscription, trial: DryRun) -> Rows:
    """What may be done with it; where it would have brought nothing, also a look at other wordings."""
    keep = Button(reader.plain("keep"), Keep(target=reader.target).pack())
    drop = Button(reader.plain("drop"), Drop(target=reader.target, query=short(held.query_id)).pack())
    topic = topic_of(held.query)
    if topic is None:
        change = Own(target=reader.target, query=short(held.query_id), screen="change")
        found_none = trial.issues > 0 and trial.articles == 0
        reword = Own(target=reader.target, query=short(held.query_id), screen="reword")
        other = (Button(reader.plain("own-reword"), reword.pack()),) if found_none else ()
        return ((keep, Button(reader.plain("own-change"), change.pack()), drop), other, offered(reader, held))
    data = AsKeyword(target=reader.target, topic=short(held.query_id))
    keyword = Button(reader.plain("as-keyword", name=shorten(topic, 20)), data.pack())
    return ((keep, drop), (keyword,), offered(reader, held))


async def keep(query: CallbackQuery, reader: Reader) -> None:
    """Leave the words and take the buttons away."""
    if isinstance(query.message, Message):
        await query.message.edit_reply_markup(reply_markup=None)
    await query.answer(reader.plain("kept"))


async def unsubscribe(message: Message, request: Request, reader: Reader, services: Services, bot: Bot) -> None:
    if not request.args:
        await say(message, picker_view(reader))
        return
    held, after = await services.subscriptions.unsubscribe_text(reader.subscriber, request.args, reader.now)
    text = about(reader) + reader.t("unsubscribed", name=query_name(reader, held.query))
    await say(message, View(text + await follow(bot, reader, after)))


async def open_picker(query: CallbackQuery, callback_data: Open, reader: Reader) -> None:
    await show(query, picker_view(reader, callback_data.page))


async def drop(query: CallbackQuery, callback_data: Drop, reader: Reader, services: Services, bot: Bot) -> None:
    held = next((s for s in reader.subscriber.subscriptions if short(s.query_id) == callback_data.query), None)
    if held is None:
        raise RefusedError("refused-not-held")
    after = await services.subscriptions.unsubscribe(reader.subscriber, held.query_id, reader.now)
    gone = reader.plain("unsubscribed-toast", name=query_name(reader, held.query))
    closed = await follow(bot, reader, after)
    if callback_data.page < 0:
        view = View(about(reader) + reader.t("unsubscribed", name=query_name(reader, held.query)) + closed)
    else:
        view = picker_view(reader.with_subscriber(after), callback_data.page)
    await show(query, View(view.html, view.rows, toast=gone))


def subscribing_router() -> Router:
    router = Router(name="subscribing")
    router.message.register(topics, Asks("topics"), flags=KNOWS)
    router.message.register(subscribe, Asks("subscribe"), flags=ADDS | KNOWS)
    router.message.register(unsubscribe, Asks("unsubscribe"), flags=CHANGES)
    router.message.register(test, Asks("test"), flags=KNOWS)
    taps = router.callback_query
    taps.register(open_topics, Open.filter(F.screen == "topics"), flags=KNOWS)
    taps.register(open_picker, Open.filter(F.screen == "unsubscribe"))
    taps.register(switch_topic, SwitchTopic.filter(), flags=ADDS | KNOWS)
    taps.register(take, Take.filter(), flags=ADDS | KNOWS)
    taps.register(as_keyword, AsKeyword.filter(), flags=ADDS | KNOWS)
    taps.register(keep, Keep.filter(), flags=ADDS)
    taps.register(drop, Drop.filter(), flags=CHANGES)
    return router
