"""Choosing a cadence by buttons: the rows of what it is, the choices behind each row, and what a tap changes. Pure.

The same screens serve a reader's own cadence and that of one subscription; `Pack` makes the callback data of either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import cast, get_args

from bot.chat.problems import RefusedError
from bot.chat.reader import Reader
from bot.chat.view import Rows, grid
from bot.chat.wording import clock, times
from digests.types import Button
from subscriptions import Cadence
from subscriptions.types import CadenceKind

Pack = Callable[[str, str], str]
"""(screen, value) -> callback data."""

SCREENS = ("cadence", "weekday", "day", "time")
KINDS = ("daily", "weekdays", "workdays", "weekly", "monthly", "instant")
DAYS = 31
HALF = 30
MOST_TIMES = 4


def changed(cadence: Cadence, screen: str, value: str) -> Cadence:
    """The cadence after a tap. Raises RefusedError for a choice that does not exist, or one time too many or too few."""
    match screen:
        case "cadence" if value in get_args(CadenceKind):
            return replace(cadence, kind=cast(CadenceKind, value))
        case "weekday" if value in set("0123456"):
            return replace(cadence, weekday=int(value))
        case "day" if value.isdecimal() and 1 <= int(value) <= DAYS:
            return replace(cadence, day=int(value))
        case "time" if value.isdecimal() and int(value) < 24 * 60:
            return _switch_time(cadence, int(value))
        case _:
            raise RefusedError("refused-outdated")


def _switch_time(cadence: Cadence, minutes: int) -> Cadence:
    chosen = set(cadence.times) ^ {minutes}
    if not chosen:
        raise RefusedError("refused-last-time")
    if len(chosen) > MOST_TIMES:
        raise RefusedError("refused-too-many-times", most=MOST_TIMES)
    return replace(cadence, times=tuple(sorted(chosen)))


def rows(reader: Reader, cadence: Cadence, pack: Pack, mark: str = "") -> Rows:
    """A row for each thing that this kind of cadence has. `mark`: after each value, such as ↩ for inherited ones."""
    kind = cadence.kind
    shown = [("cadence", reader.plain(f"cadence-{kind}"))]
    if kind == "weekly":
        shown.append(("weekday", reader.plain(f"weekday-{cadence.weekday}")))
    if kind == "monthly":
        shown.append(("day", day(reader, cadence.day)))
    if kind != "instant":
        shown.append(("time", times(reader, cadence)))
    return tuple(row(reader, name, value + mark, pack) for name, value in shown)


def row(reader: Reader, name: str, value: str, pack: Pack) -> tuple[Button, ...]:
    text = reader.plain("settings-row", name=reader.plain(f"settings-{name}"), value=value)
    return (Button(text, pack(name, "")),)


def choices(reader: Reader, cadence: Cadence, screen: str, value: str, pack: Pack) -> tuple[str, Rows] | None:
    """The words and buttons behind a row; None for a screen that does not exist. `value` "half": half hours."""
    match screen:
        case "cadence":
            kinds = ((kind, reader.plain(f"cadence-{kind}")) for kind in KINDS)
            return reader.t("settings-choose-cadence"), options(screen, kinds, cadence.kind, pack, 2)
        case "weekday":
            weekdays = ((f"{n}", reader.plain(f"weekday-{n}")) for n in range(7))
            return reader.t("settings-choose-weekday"), options(screen, weekdays, f"{cadence.weekday}", pack, 2)
        case "day":
            days = ((f"{n}", f"{n}" if n < DAYS else reader.plain("day-last")) for n in range(1, DAYS + 1))
            return reader.t("settings-choose-day"), options(screen, days, f"{cadence.day}", pack, 6)
        case "time":
            return _times(reader, cadence, pack, half=value == "half")
        case _:
            return None


def options(screen: str, found: Iterable[tuple[str, str]], now: str, pack: Pack, width: int = 1) -> Rows:
    """A button for each (value, text), with a tick on the present one."""
    return grid([Button(("✓ " if value == now else "") + text, pack(screen, value)) for value, text in found], width)


def _times(reader: Reader, cadence: Cadence, pack: Pack, *, half: bool) -> tuple[str, Rows]:
    """All hours of a day, or all half hours; a tap adds or takes away."""
    hours = clock_options(cadence.times, pack, "time", half=half)
    turn = Button(
        reader.plain("settings-time-hours" if half else "settings-time-halves"),
        pack("time", "hour" if half else "half"),
    )
    return reader.t("settings-choose-time", times=times(reader, cadence)), (*hours, (turn,))


def clock_options(chosen: Iterable[int], pack: Pack, screen: str, *, half: bool = False) -> Rows:
    ticked = set(chosen)
    minutes = [hour * 60 + (HALF if half else 0) for hour in range(24)]
    return grid([Button(("✓ " if m in ticked else "") + clock(m), pack(screen, f"{m}")) for m in minutes], 4)


def day(reader: Reader, number: int) -> str:
    return reader.plain("day-last") if number == DAYS else reader.plain("day", day=number)
