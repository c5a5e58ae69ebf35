"""/settings: one message, edited in place; /pause and /resume beside it.

What a tap means is decided by `changed`, a pure function from the old settings to the new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast, get_args

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.chat import cadences
from bot.chat.cadences import SCREENS
from bot.chat.callbacks import Open, Resume, Set
from bot.chat.filters import CHANGES, Asks
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader
from bot.chat.sentences import Request
from bot.chat.settings_views import paused_view, resumed_view, screen_view, settings_view, zones_offered
from bot.chat.view import say, show
from bot.chat.zones import by_location, is_zone, named_zones
from bot.services import Services
from subscriptions import Language, Length, Settings

DAY = 24 * 60


def changed(settings: Settings, screen: str, value: str) -> Settings:
    """The settings after a tap. Raises RefusedError for a choice that does not exist, or one time too many or too few."""
    if screen in SCREENS:
        return replace(settings, cadence=cadences.changed(settings.cadence, screen, value))
    match screen:
        case "zone" if is_zone(value):
            return replace(settings, timezone=value)
        case "quiet":
            return replace(settings, quiet=_quiet(value))
        case "language" if value in get_args(Language):
            return replace(settings, language=cast(Language, value))
        case "length" if value in get_args(Length):
            return replace(settings, length=cast(Length, value))
        case "nothing":
            return replace(settings, nothing_today=value == "1")
        case "suggest":
            return replace(settings, suggest=value == "1")
        case "silent":
            return replace(settings, silent=value == "1")
        case _:
            raise RefusedError("refused-outdated")


def _quiet(value: str) -> tuple[int, int] | None:
    if value == "off":
        return None
    start, _, end = value.partition("-")
    if not (start.isdecimal() and end.isdecimal() and int(start) < DAY and int(end) < DAY):
        raise RefusedError("refused-outdated")
    if start == end:
        raise RefusedError("refused-quiet-all-day")
    return int(start), int(end)


def _change(screen: str, value: str) -> Callable[[Settings], Settings]:
    return lambda settings: changed(settings, screen, value)


async def settings(message: Message, reader: Reader) -> None:
    await say(message, settings_view(reader))


async def open_settings(query: CallbackQuery, reader: Reader) -> None:
    await show(query, settings_view(reader))


async def timezone(message: Message, request: Request, reader: Reader, services: Services) -> None:
    """`/timezone UTC+8`, `/timezone Tokyo`: set at once where only one zone is meant, else the choice is offered."""
    if not request.args:
        view = screen_view(reader, "zone")
        await say(message, view or settings_view(reader))
        return
    found = named_zones(request.args, reader.now)
    if not found:
        raise RefusedError("refused-zone-unknown", zone=shorten(request.args, 40))
    if len(found) > 1:
        await say(message, zones_offered(reader, found))
        return
    after = await services.subscriptions.set_settings(reader.subscriber, _change("zone", found[0]), reader.now)
    await say(message, settings_view(reader.with_subscriber(after)))


async def location(message: Message, reader: Reader) -> None:
    """The zones that are likely there; nothing of the place is kept."""
    if message.location is not None:
        await say(message, zones_offered(reader, by_location(message.location.longitude, reader.now)))


async def open_screen(query: CallbackQuery, callback_data: Set, reader: Reader) -> None:
    view = screen_view(reader, callback_data.screen, callback_data.value)
    if view is None:
        raise RefusedError("refused-outdated")
    await show(query, view)


async def choose(query: CallbackQuery, callback_data: Set, reader: Reader, services: Services) -> None:
    screen, value = callback_data.screen, callback_data.value
    after = await services.subscriptions.set_settings(reader.subscriber, _change(screen, value), reader.now)
    reader = reader.switched(after)
    half = screen == "time" and int(value) % 60 == cadences.HALF
    stay = screen_view(reader, "time", "half" if half else "") if screen == "time" else None
    view = stay or settings_view(reader)
    await show(query, replace(view, toast=reader.plain("saved")))


async def switch_pause(query: CallbackQuery, callback_data: Set, reader: Reader, services: Services) -> None:
    who, now = reader.subscriber, reader.now
    pausing = callback_data.value == "1"
    after = await (
        services.subscriptions.pause(who, "reader", now) if pausing else services.subscriptions.resume(who, now)
    )
    view = settings_view(reader.with_subscriber(after))
    await show(query, replace(view, toast=reader.plain("saved")))


async def pause(message: Message, reader: Reader, services: Services) -> None:
    after = await services.subscriptions.pause(reader.subscriber, "reader", reader.now)
    await say(message, paused_view(reader.with_subscriber(after)))


async def resume(message: Message, reader: Reader, services: Services) -> None:
    after = await services.subscriptions.resume(reader.subscriber, reader.now)
    await say(message, resumed_view(reader.with_subscriber(after)))


async def tap_resume(query: CallbackQuery, reader: Reader, services: Services) -> None:
    after = await services.subscriptions.resume(reader.subscriber, reader.now)
    await show(query, resumed_view(reader.with_subscriber(after)))


def settings_router() -> Router:
    router = Router(name="settings")
    router.message.register(settings, Asks("settings"))
    router.message.register(pause, Asks("pause"), flags=CHANGES)
    router.message.register(resume, Asks("resume"), flags=CHANGES)
    router.message.register(timezone, Asks("timezone"), flags=CHANGES)
    router.message.register(location, F.location & (F.chat.type == "private"))
    router.callback_query.register(open_settings, Open.filter(F.screen == "settings"))
    router.callback_query.register(tap_resume, Resume.filter(), flags=CHANGES)
    router.callback_query.register(switch_pause, Set.filter((F.screen == "paused") & (F.value != "")), flags=CHANGES)
    router.callback_query.register(
        open_screen, Set.filter(F.value.in_({"", "half", "hour"}) | F.value.startswith("from-"))
    )
    router.callback_query.register(choose, Set.filter(F.screen != "lang"), flags=CHANGES)
    return router
