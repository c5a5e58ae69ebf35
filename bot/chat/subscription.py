"""One subscription's screen, reached by its number in /list: its own cadence, better wording, sharing, dropping; /change and /why.

What a tap changes is the pure `cadences.changed`; a changed query keeps its place, its cadence and what waits for it.
"""

from __future__ import annotations

from asyncio import gather
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot.chat import cadences
from bot.chat.callbacks import REWRITE, Narrow, Open, Own, Reword, Unrelated, WhySent, short
from bot.chat.filters import ADDS, CHANGES, KNOWS, LEAN, OF_ONE, Asks, Rewords
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader
from bot.chat.sentences import Request
from bot.chat.sharing import share_view
from bot.chat.subscription_views import (
    article_back,
    back_row,
    cadence_view,
    change_view,
    exclusions_view,
    reword_view,
    subscription_view,
    why_view,
)
from bot.chat.suggesting import note_opened
from bot.chat.threads import follow, give_thread
from bot.chat.topic_views import refuse_unknown_topic
from bot.chat.view import View, say, show
from bot.chat.wording import about, dry_run, query_name
from bot.services import Activity, Services
from digests.narrowing import looser, narrowed
from digests.topics import Topic
from digests.types import Button
from digests.words import keywords
from subscriptions import Subscriber, Subscription, cadence_of, query_id
from subscriptions.service import find_subscription, named_subscription


def held_by(reader: Reader, query: str) -> Subscription:
    """The subscription of this short id. Raises RefusedError."""
    found = next((held for held in reader.subscriber.subscriptions if short(held.query_id) == query), None)
    if found is None:
        raise RefusedError("refused-not-held")
    return found


async def main_view(reader: Reader, services: Services, held: Subscription) -> View:
    found = await services.digests.activity([held.query_id], reader.now)
    return subscription_view(reader, held, found.get(held.query_id, Activity()))


async def open_screen(query: CallbackQuery, callback_data: Own, reader: Reader, services: Services, bot: Bot) -> None:
    held = held_by(reader, callback_data.query)
    await show(query, await _screen(callback_data, reader, services, held, bot))


async def _screen(data: Own, reader: Reader, services: Services, held: Subscription, bot: Bot) -> View:
    match data.screen:
        case "main":
            return await main_view(reader, services, held)
        case "change":
            return change_view(reader, held)
        case "share":
            return share_view(reader, held, (await bot.me()).username or "", back_row(reader, held))
        case "reword":
            return reword_view(reader, held, await services.digests.reword(held.query, reader.now))
        case "last":
            why = await services.digests.why_newest(held.query_id)
            return why_view(reader, why, back_row(reader, held)) if why else await main_view(reader, services, held)
    view = cadence_view(reader, held, data.screen, data.value)
    if view is None:
        raise RefusedError("refused-outdated")
    return view


async def choose(query: CallbackQuery, callback_data: Own, reader: Reader, services: Services) -> None:
    """A cadence of its own, beginning with the one it had; or the reader's again."""
    held, screen, value = held_by(reader, callback_data.query), callback_data.screen, callback_data.value
    before = cadence_of(reader.subscriber, held)
    wanted = None if screen == "inherit" else cadences.changed(before, screen, value)
    after = await services.subscriptions.set_cadence(reader.subscriber, held.query_id, wanted, reader.now)
    reader = reader.with_subscriber(after)
    held = find_subscription(after, held.query_id) or held
    half = "half" if screen == "time" and int(value) % 60 == cadences.HALF else ""
    stay = cadence_view(reader, held, "time", half) if screen == "time" else None
    view = stay or await main_view(reader, services, held)
    await show(query, replace(view, toast=reader.plain("saved")))


async def drop(query: CallbackQuery, callback_data: Own, reader: Reader, services: Services, bot: Bot) -> None:
    held = held_by(reader, callback_data.query)
    after = await services.subscriptions.unsubscribe(reader.subscriber, held.query_id, reader.now)
    name = query_name(reader, held.query)
    text = about(reader) + reader.t("unsubscribed", name=name) + await follow(bot, reader, after)
    back = Button(reader.plain("open-list"), Open(target=reader.target, screen="list").pack())
    await show(query, View(text, ((back,),), toast=reader.plain("unsubscribed-toast", name=shorten(name))))


async def thread(query: CallbackQuery, callback_data: Own, reader: Reader, services: Services, bot: Bot) -> None:
    """A forum topic of its own."""
    await give_thread(query, reader, services, bot, held_by(reader, callback_data.query))


# ---------------------------------------------------------------------------------------------- another wording
async def replaced(
    reader: Reader, services: Services, held: Subscription, text: str
) -> tuple[Subscriber, Subscription]:
    """The subscription with another query, in its place; what waits and still matches comes along."""
    waiting = partial(services.digests.waiting_for, reader.subscriber, held)
    return await services.subscriptions.replace_query(reader.subscriber, held.query_id, text, reader.now, waiting)


async def _tell_replaced(reader: Reader, services: Services, bot: Bot, held: Subscription, text: str) -> View:
    (after, now_held), trial = await gather(
        replaced(reader, services, held, text), services.digests.dry_run(text, reader.now)
    )
    await follow(bot, reader, after)
    reader = reader.with_subscriber(after)
    name = query_name(reader, now_held.query, 200)
    words = "\n".join((about(reader) + reader.t("changed", name=name), dry_run(reader, trial)))
    return View(words, (back_row(reader, now_held),))


async def narrow(query: CallbackQuery, callback_data: Narrow, reader: Reader, services: Services, bot: Bot) -> None:
    held = held_by(reader, callback_data.query)
    text = narrowed(held.query, callback_data.word)
    if text is None:
        raise RefusedError("refused-outdated")
    view = await _tell_replaced(reader, services, bot, held, text)
    await show(query, replace(view, toast=reader.plain("saved")))


async def reword(query: CallbackQuery, callback_data: Reword, reader: Reader, services: Services, bot: Bot) -> None:
    held = held_by(reader, callback_data.query)
    text = next((one for one in looser(held.query, keywords) if short(query_id(one)) == callback_data.to), None)
    if text is None:
        raise RefusedError("refused-outdated")
    view = await _tell_replaced(reader, services, bot, held, text)
    await show(query, replace(view, toast=reader.plain("saved")))


async def change(
    message: Message, request: Request, reader: Reader, services: Services, bot: Bot, known: Sequence[Topic]
) -> None:
    """`/change 3 动力电池 -广告`: the third subscription gets another wording."""
    number, _, text = request.args.partition(" ")
    if not number.isdecimal() or not reader.subscriber.subscriptions:
        raise RefusedError("refused-change-how")
    held = _numbered(reader, number)
    if not text.strip():
        raise RefusedError("refused-change-how")
    refuse_unknown_topic(known, text)
    await say(message, await _tell_replaced(reader, services, bot, held, text.strip()))


async def answer_wording(
    message: Message, callback_data: Own, reader: Reader, services: Services, bot: Bot, known: Sequence[Topic]
) -> None:
    """The same by answering its screen with the new wording alone."""
    held = held_by(reader, callback_data.query)
    refuse_unknown_topic(known, message.text or "")
    await say(message, await _tell_replaced(reader, services, bot, held, (message.text or "").strip()))


def _numbered(reader: Reader, number: str) -> Subscription:
    """Raises RefusedError that says which numbers there are."""
    held = named_subscription(reader.subscriber, number)
    if held is None:
        raise RefusedError("refused-number", number=shorten(number, 20), last=len(reader.subscriber.subscriptions))
    return held


# ---------------------------------------------------------------------------------------------- why, and not relevant
async def why(message: Message, request: Request, reader: Reader, services: Services) -> None:
    """`/why 3`: the newest article of the third subscription. Of any article that was sent its page has a button."""
    if not request.args or not reader.subscriber.subscriptions:
        await say(message, View(reader.t("why-how")))
        return
    numbered = request.args.isdecimal()
    held = _numbered(reader, request.args) if numbered else named_subscription(reader.subscriber, request.args)
    if held is None:
        await say(message, View(reader.t("why-how")))
        return
    found = await services.digests.why_newest(held.query_id)
    view = why_view(reader, found) if found else View(reader.t("why-never", name=query_name(reader, held.query)))
    await say(message, view)


async def why_sent(query: CallbackQuery, callback_data: WhySent, reader: Reader, services: Services) -> None:
    found, _ = await gather(
        services.digests.why(callback_data.delivery, reader.subscriber.id, callback_data.item),
        note_opened(reader, services, callback_data.delivery, callback_data.item),
    )
    if found is None:
        raise RefusedError("refused-digest-gone")
    await show(query, why_view(reader, found, article_back(reader, callback_data.delivery, callback_data.item)))


async def unrelated(query: CallbackQuery, callback_data: Unrelated, reader: Reader, services: Services) -> None:
    found = await services.digests.exclusions(callback_data.delivery, reader.subscriber.id, callback_data.item)
    if found is None:
        raise RefusedError("refused-digest-gone")
    await show(query, exclusions_view(reader, found, article_back(reader, callback_data.delivery, callback_data.item)))


def subscription_router() -> Router:
    router = Router(name="subscription")
    router.message.register(change, Asks("change"), flags=ADDS | KNOWS)
    router.message.register(why, Asks("why"))
    router.message.register(answer_wording, Rewords(), flags=ADDS | KNOWS)
    taps = router.callback_query
    taps.register(thread, Own.filter(F.screen == "thread"), flags=CHANGES | OF_ONE)
    taps.register(drop, Own.filter(F.screen == "drop"), flags=CHANGES | OF_ONE)
    taps.register(open_screen, Own.filter(F.value.in_({"", "half", "hour", REWRITE})), flags=OF_ONE)
    taps.register(choose, Own.filter(), flags=CHANGES | OF_ONE)
    taps.register(narrow, Narrow.filter(), flags=CHANGES | OF_ONE)
    taps.register(reword, Reword.filter(), flags=CHANGES | OF_ONE)
    taps.register(why_sent, WhySent.filter(), flags=LEAN)
    taps.register(unrelated, Unrelated.filter(), flags=ADDS)
    return router
