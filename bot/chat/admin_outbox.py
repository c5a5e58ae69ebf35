"""Admins: what waits to be sent, and the dead letters, each to be sent again or taken off the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.chat.callbacks import DeadLetter, DropDead
from bot.chat.filters import Asks, FromAdmin
from bot.chat.problems import shorten
from bot.chat.reader import Reader
from bot.chat.view import Rows, View, say, show
from bot.reasons import delivery_cause
from bot.services import Services
from digests.types import Button, Delivery

SHOWN = 8
"""Dead letters in one message; the next come when these are dealt with."""
MOST = 1000
"""So many are counted, and sent again or dropped at once."""


async def outbox(message: Message, reader: Reader, services: Services) -> None:
    await say(message, await _view(reader, services))


async def act(query: CallbackQuery, callback_data: DeadLetter, reader: Reader, services: Services) -> None:
    """Retry or drop, and show what is left."""
    digests, one = services.digests, (callback_data.delivery, callback_data.subscriber, reader.actor, reader.now)
    if callback_data.step == "drop":
        said = reader.plain("dead-dropped", count=int(await digests.dismiss(*one)))
    elif callback_data.step == "retry-all":
        said = reader.plain("dead-retried", count=await digests.retry_all(MOST, reader.actor, reader.now))
    else:
        said = reader.plain("dead-retried", count=int(await digests.retry(*one)))
    services.nudge()
    await _show(query, reader, services, said)


async def drop_all(query: CallbackQuery, callback_data: DropDead, reader: Reader, services: Services) -> None:
    """What failed after it was asked stays, for nobody has seen it."""
    until = datetime.fromtimestamp(callback_data.until, UTC)
    done = await services.digests.dismiss_all(MOST, until, reader.actor, reader.now)
    await _show(query, reader, services, reader.plain("dead-dropped", count=done))


async def again(query: CallbackQuery, reader: Reader, services: Services) -> None:
    await _show(query, reader, services)


async def ask_drop(query: CallbackQuery, reader: Reader, services: Services) -> None:
    """Before all are taken off the list."""
    count = len(await services.digests.failed(MOST))
    if not count:
        await again(query, reader, services)
        return
    sure = DropDead(until=ceil(reader.now.timestamp())).pack()
    yes = Button(reader.plain("dead-drop-yes", count=count), sure)
    back = Button(reader.plain("back"), DeadLetter(step="show").pack())
    await show(query, View(reader.t("dead-drop-ask", count=count), ((yes,), (back,))))


async def _show(query: CallbackQuery, reader: Reader, services: Services, said: str = "") -> None:
    view = await _view(reader, services)
    await show(query, View(view.html, view.rows, toast=said))


async def _view(reader: Reader, services: Services) -> View:
    counts = await services.digests.stats(reader.now)
    letters = await services.digests.failed(MOST)
    dead = letters[:SHOWN]
    waiting = reader.t("outbox-waiting", count=counts["backlog"], seconds=counts["backlog_seconds"])
    if not dead:
        return View(f"{waiting}\n{reader.t('dead-none')}")
    lines = [_line(reader, services, number, one) for number, one in enumerate(dead, 1)]
    return View("\n".join((waiting, _head(reader, len(letters)), "", *lines)), _rows(reader, dead))


def _head(reader: Reader, count: int) -> str:
    """How many there are, where not all are shown."""
    more = f"{count}+" if count == MOST else f"{count}"
    return reader.t("dead-more", count=more, shown=SHOWN) if count > SHOWN else reader.t("dead")


def _line(reader: Reader, services: Services, number: int, one: Delivery) -> str:
    at = f"{(one.settled or one.created).astimezone(ZoneInfo(services.timezone)):%m-%d %H:%M}"
    kind = reader.plain(f"delivery-{one.kind}")
    error = shorten(delivery_cause(one.error, reader.plain), 160) or "–"
    return reader.t("dead-line", number=f"{number}", at=at, kind=kind, chat=one.subscriber, error=error)


def _rows(reader: Reader, dead: Sequence[Delivery]) -> Rows:
    rows = [
        tuple(
            Button(
                reader.plain(f"dead-{step}", number=f"{number}"),
                DeadLetter(step=step, delivery=one.id, subscriber=one.subscriber).pack(),
            )
            for step in ("retry", "drop")
        )
        for number, one in enumerate(dead, 1)
    ]
    retry = Button(reader.plain("dead-retry-all"), DeadLetter(step="retry-all").pack())
    return (*rows, (retry, Button(reader.plain("dead-drop-all"), DropDead().pack())))


def admin_outbox_router() -> Router:
    router = Router(name="admin-outbox")
    router.message.filter(FromAdmin())
    router.callback_query.filter(FromAdmin())
    router.message.register(outbox, Asks("outbox"))
    router.callback_query.register(again, DeadLetter.filter(F.step == "show"))
    router.callback_query.register(act, DeadLetter.filter())
    router.callback_query.register(ask_drop, DropDead.filter(F.until == 0))
    router.callback_query.register(drop_all, DropDead.filter())
    return router
