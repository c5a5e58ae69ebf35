"""/list: the subscriptions with their numbers, cadence and what they bring; and the picker of /unsubscribe, one button each. Both paged."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Mapping, Sequence

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.chat.callbacks import Drop, Open, short
from bot.chat.filters import LEAN, Asks
from bot.chat.problems import shorten
from bot.chat.reader import Reader
from bot.chat.subscription_views import brings, is_silent, own
from bot.chat.threads import thread_link
from bot.chat.topic_views import pager
from bot.chat.view import View, grid, say, show
from bot.chat.wording import about, cadence, query_name, subscription_cadence, when
from bot.services import Activity, Services
from digests.types import Button
from subscriptions import QueryId, Subscriber, Subscription
from subscriptions.threads import threads_of

PER_PAGE = 15
PICKER_PAGE = 8
NO_ACTIVITY = Activity()


async def list_(message: Message, reader: Reader, services: Services) -> None:
    await say(message, await list_page(reader, services))


async def open_list(query: CallbackQuery, callback_data: Open, reader: Reader, services: Services) -> None:
    await show(query, await list_page(reader, services, callback_data.page))


async def list_page(reader: Reader, services: Services, page: int = 0) -> View:
    """The subscriptions of this place, and after them the forum topics that were made from here."""
    held, topics = reader.subscriber.subscriptions, threads_of(reader.subscriber)
    page = _clamp(page, len(held) + len(topics), PER_PAGE)
    first, last = page * PER_PAGE, (page + 1) * PER_PAGE
    told, threads, activity = await gather(
        services.subscriptions.with_texts(reader.subscriber),
        services.subscriptions.find_many(topics[max(0, first - len(held)) : max(0, last - len(held))]),
        services.digests.activity([one.query_id for one in held[first:last]], reader.now),
    )
    return list_view(reader.with_subscriber(told), activity, page, [*threads.values()])


def list_view(
    reader: Reader, activity: Mapping[QueryId, Activity], page: int = 0, threads: Sequence[Subscriber] = ()
) -> View:
    """`activity`, `threads`: of the page's subscriptions and forum topics."""
    held, elsewhere = reader.subscriber.subscriptions, _elsewhere(reader, threads)
    pages = pager(reader, "list", page, len(held) + len(reader.subscriber.threads), PER_PAGE)
    if not held:
        empty, text = empty_view(reader), "\n".join((reader.t("list-here-none"), *elsewhere))
        return View(about(reader) + text, (*pages, *empty.rows)) if elsewhere or pages else empty
    shown = list(enumerate(held, 1))[page * PER_PAGE : (page + 1) * PER_PAGE]
    lines = [_line(reader, number, one, activity.get(one.query_id, NO_ACTIVITY)) for number, one in shown]
    foot = when(reader)
    own_lines = [*lines, ""] if lines else []
    text = "\n".join((reader.t("list", count=len(held)), "", *own_lines, *elsewhere, foot, reader.t("list-open")))
    numbers = [Button(f"{number}", own(reader, subscription, "main")) for number, subscription in shown]
    return View(about(reader) + text, (*grid(numbers, 5), *pages, _ways(reader)))


def _line(reader: Reader, number: int, held: Subscription, activity: Activity) -> str:
    words = subscription_cadence(reader, held)
    name = query_name(reader, held.query)
    line = reader.t("list-line", number=f"{number}", name=name, cadence=words, brings=brings(reader, held, activity))
    return f"{line}\n{reader.t('list-silent', number=f'{number}')}" if is_silent(reader, held, activity) else line


def _elsewhere(reader: Reader, threads: Sequence[Subscriber]) -> list[str]:
    """What is delivered to forum topics of its own, a line for each of them; "" at the end, to part it from what follows."""
    lines = [_thread_line(reader, thread) for thread in threads if thread.subscriptions]
    return [reader.t("list-threads"), *lines, ""] if lines else []


def _thread_line(reader: Reader, thread: Subscriber) -> str:
    names = reader.plain("list-separator").join(query_name(reader, held.query) for held in thread.subscriptions)
    words = cadence(reader, thread.subscriptions[0].cadence or thread.settings.cadence)
    return reader.t("list-thread-line", name=shorten(names, 60), link=thread_link(thread.id), cadence=words)


def _ways(reader: Reader) -> tuple[Button, ...]:
    return tuple(
        Button(reader.plain(f"open-{screen}"), Open(target=reader.target, screen=screen).pack())
        for screen in ("unsubscribe", "topics", "settings")
    )


def empty_view(reader: Reader) -> View:
    topics = Button(reader.plain("open-topics"), Open(target=reader.target, screen="topics").pack())
    return View(about(reader) + reader.t("list-empty"), ((topics,),))


def picker_view(reader: Reader, page: int = 0) -> View:
    """Tap one to give it up."""
    held = reader.subscriber.subscriptions
    if not held:
        return empty_view(reader)
    page = _clamp(page, len(held), PICKER_PAGE)
    shown = held[page * PICKER_PAGE : (page + 1) * PICKER_PAGE]
    buttons = [_pick(reader, subscription, page) for subscription in shown]
    back = (Button(reader.plain("back"), Open(target=reader.target, screen="list").pack()),)
    rows = (*grid(buttons, 1), *pager(reader, "unsubscribe", page, len(held), PICKER_PAGE), back)
    return View(about(reader) + reader.t("unsubscribe-which"), rows)


def _pick(reader: Reader, held: Subscription, page: int) -> Button:
    data = Drop(target=reader.target, query=short(held.query_id), page=page)
    return Button("✕ " + query_name(reader, held.query, 40), data.pack())


def _clamp(page: int, total: int, per_page: int) -> int:
    return max(0, min(page, (max(total, 1) - 1) // per_page))


def listing_router() -> Router:
    router = Router(name="listing")
    router.message.register(list_, Asks("list"), flags=LEAN)
    router.callback_query.register(open_list, Open.filter(F.screen == "list"), flags=LEAN)
    return router
