"""The settings as one message: a row for each with its present value, and a screen of choices behind each. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.callbacks import Open, Resume, Set
from bot.chat.reader import Reader
from bot.chat.view import View, grid
from bot.chat.wording import ZONES, about, cadence, clock, times, zone
from digests.types import Button

HALF = 30
KINDS = ("daily", "weekdays", "weekly", "monthly", "instant")
LENGTHS = ("titles", "extracts", "full")
DAYS = (1, 5, 10, 15, 20, 25, 31)


def settings_view(reader: Reader) -> View:
    """The first screen."""
    settings = reader.subscriber.settings
    kind = settings.cadence.kind
    rows = [_row(reader, "cadence", reader.plain(f"cadence-{kind}"))]
    if kind == "weekly":
        rows.append(_row(reader, "weekday", reader.plain(f"weekday-{settings.cadence.weekday}")))
    if kind == "monthly":
        rows.append(_row(reader, "day", _day(reader, settings.cadence.day)))
    if kind != "instant":
        rows.append(_row(reader, "time", times(reader, settings.cadence)))
    rows += [
        _row(reader, "zone", zone(reader, settings.timezone)),
        _row(reader, "language", reader.texts.get(settings.language, "language-name")),
        _row(reader, "length", reader.plain(f"length-{settings.length}")),
        _switch(reader, "nothing", settings.nothing_today),
        _switch(reader, "silent", settings.silent),
        _switch(reader, "paused", reader.subscriber.paused is not None),
    ]
    return View(about(reader) + reader.t("settings", cadence=cadence(reader, settings.cadence)), tuple(rows))


def _row(reader: Reader, name: str, value: str) -> tuple[Button, ...]:
    text = reader.plain("settings-row", name=reader.plain(f"settings-{name}"), value=value)
    return (Button(text, Set(target=reader.target, screen=name).pack()),)


def _switch(reader: Reader, name: str, on: bool) -> tuple[Button, ...]:
    value = reader.plain(f"settings-{name}-{'on' if on else 'off'}")
    text = reader.plain("settings-row", name=reader.plain(f"settings-{name}"), value=value)
    return (Button(text, Set(target=reader.target, screen=name, value="0" if on else "1").pack()),)


def screen_view(reader: Reader, screen: str, value: str = "") -> View | None:
    """The choices behind a row; None for a screen that does not exist. `value` "half": half hours instead of hours."""
    settings = reader.subscriber.settings
    match screen:
        case "main":
            return settings_view(reader)
        case "cadence":
            return _choices(reader, screen, ((k, reader.plain(f"cadence-{k}")) for k in KINDS), settings.cadence.kind)
        case "weekday":
            days = ((f"{n}", reader.plain(f"weekday-{n}")) for n in range(7))
            return _choices(reader, screen, days, f"{settings.cadence.weekday}", 2)
        case "day":
            days = ((f"{n}", _day(reader, n)) for n in DAYS)
            return _choices(reader, screen, days, f"{settings.cadence.day}", 3)
        case "zone":
            return _choices(reader, screen, ((name, zone(reader, name)) for name in ZONES), settings.timezone, 2)
        case "language":
            return language_view(reader, screen)
        case "length":
            return _choices(reader, screen, ((k, reader.plain(f"length-{k}")) for k in LENGTHS), settings.length)
        case "time":
            return time_view(reader, half=value == "half")
        case _:
            return None


def language_view(reader: Reader, screen: str = "lang") -> View:
    """From /lang without a way back, from the settings with one."""
    names = [(name, reader.texts.get(name, "language-name")) for name in reader.texts.languages]
    buttons = [_choice(reader, screen, *name, name[0] == reader.subscriber.settings.language) for name in names]
    way_back = (_back(reader),) if screen == "language" else ()
    return View(about(reader) + reader.t("settings-choose-language"), (*grid(buttons, 2), *way_back))


def _choices(reader: Reader, screen: str, options: Iterable[tuple[str, str]], now: str, width: int = 1) -> View:
    buttons = [_choice(reader, screen, value, text, value == now) for value, text in options]
    return View(about(reader) + reader.t(f"settings-choose-{screen}"), (*grid(buttons, width), _back(reader)))


def _choice(reader: Reader, screen: str, value: str, text: str, chosen: bool) -> Button:
    return Button(("✓ " if chosen else "") + text, Set(target=reader.target, screen=screen, value=value).pack())


def time_view(reader: Reader, *, half: bool) -> View:
    """All hours of a day, or all half hours; a tap adds or takes away."""
    chosen = reader.subscriber.settings.cadence.times
    minutes = [hour * 60 + (HALF if half else 0) for hour in range(24)]
    buttons = [_choice(reader, "time", f"{m}", clock(m), m in chosen) for m in minutes]
    text = reader.t("settings-choose-time", times=times(reader, reader.subscriber.settings.cadence))
    other = Set(target=reader.target, screen="time", value="hour" if half else "half")
    turn = Button(reader.plain("settings-time-hours" if half else "settings-time-halves"), other.pack())
    return View(about(reader) + text, (*grid(buttons, 4), (turn,), _back(reader)))


def _back(reader: Reader) -> tuple[Button, ...]:
    return (Button(reader.plain("back"), Set(target=reader.target, screen="main").pack()),)


def _day(reader: Reader, day: int) -> str:
    return reader.plain("day-last") if day == max(DAYS) else reader.plain("day", day=day)


def paused_view(reader: Reader) -> View:
    resume = Button(reader.plain("open-resume"), Resume(target=reader.target).pack())
    return View(about(reader) + reader.t("paused"), ((resume,),))


def resumed_view(reader: Reader) -> View:
    settings = Button(reader.plain("open-settings"), Open(target=reader.target, screen="settings").pack())
    when = cadence(reader, reader.subscriber.settings.cadence)
    return View(about(reader) + reader.t("resumed", cadence=when), ((settings,),))
