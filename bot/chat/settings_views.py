"""The settings as one message: a row for each with its present value, and a screen of choices behind each. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.cadences import SCREENS, choices, clock_options, row, rows
from bot.chat.callbacks import Open, Resume, Set
from bot.chat.reader import Reader
from bot.chat.topic_views import onward
from bot.chat.view import View, grid
from bot.chat.wording import ZONES, about, cadence, command, quiet, zone
from digests.types import Button

LENGTHS = ("titles", "extracts", "full")


def settings_view(reader: Reader) -> View:
    """The first screen."""
    settings = reader.subscriber.settings

    def pack(screen: str, value: str) -> str:
        return _pack(reader, screen, value)

    shown = (
        *rows(reader, settings.cadence, pack),
        row(reader, "quiet", quiet(reader, settings.quiet), pack),
        row(reader, "zone", zone(reader, settings.timezone), pack),
        row(reader, "language", reader.texts.get(settings.language, "language-name"), pack),
        row(reader, "length", reader.plain(f"length-{settings.length}"), pack),
        _switch(reader, "nothing", settings.nothing_today),
        _switch(reader, "silent", settings.silent),
        *_suggest_row(reader),
        _switch(reader, "paused", reader.subscriber.paused is not None),
        onward(reader),
    )
    paused = reader.subscriber.paused is not None
    now = reader.plain("settings-paused-on") if paused else cadence(reader, settings.cadence)
    return View(about(reader) + reader.t("settings", cadence=now), shown)


def _pack(reader: Reader, screen: str, value: str = "") -> str:
    return Set(target=reader.target, screen=screen, value=value).pack()


def _switch(reader: Reader, name: str, on: bool) -> tuple[Button, ...]:
    value = reader.plain(f"settings-{name}-{'on' if on else 'off'}")
    text = reader.plain("settings-row", name=reader.plain(f"settings-{name}"), value=value)
    return (Button(text, Set(target=reader.target, screen=name, value="0" if on else "1").pack()),)


def _suggest_row(reader: Reader) -> tuple[tuple[Button, ...], ...]:
    """Whose chat it is may ask for it; in groups it would be about everybody."""
    if reader.subscriber.chat_kind != "private":
        return ()
    value = reader.plain(f"settings-suggest-{'on' if reader.subscriber.settings.suggest else 'off'}")
    return (row(reader, "suggest", value, lambda screen, value: _pack(reader, screen, value)),)


def screen_view(reader: Reader, screen: str, value: str = "") -> View | None:
    """The choices behind a row; None for a screen that does not exist. `value`: a page of it."""
    settings = reader.subscriber.settings
    if screen in SCREENS:
        found = choices(reader, settings.cadence, screen, value, lambda screen, value: _pack(reader, screen, value))
        return None if found is None else View(about(reader) + found[0], (*found[1], _back(reader)))
    match screen:
        case "main":
            return settings_view(reader)
        case "zone":
            return zone_view(reader)
        case "quiet":
            return quiet_view(reader, value)
        case "language":
            return language_view(reader, screen)
        case "suggest" if reader.subscriber.chat_kind == "private":
            on = "1" if settings.suggest else "0"
            return _choices(reader, screen, ((k, reader.plain(f"suggest-choose-{k}")) for k in "10"), on)
        case "length":
            return _choices(reader, screen, ((k, reader.plain(f"length-{k}")) for k in LENGTHS), settings.length)
        case _:
            return None


def zone_view(reader: Reader) -> View:
    """The usual zones; others are typed, or found by a location that is sent."""
    names = ((name, zone(reader, name)) for name in ZONES)
    return _choices(reader, "zone", names, reader.subscriber.settings.timezone, 2)


def zones_offered(reader: Reader, names: Iterable[str]) -> View:
    """What fits what was typed or sent, as buttons."""
    view = _choices(reader, "zone", ((name, zone(reader, name)) for name in names), "")
    return View(about(reader) + reader.t("zone-which"), view.rows)


def quiet_view(reader: Reader, value: str) -> View:
    """First the start, then (`value` "from-<minutes>") the end."""
    now = reader.subscriber.settings.quiet
    if value.startswith("from-"):
        rows = clock_options(now[1:] if now else (), lambda _, end: _pack(reader, "quiet", f"{value[5:]}-{end}"), "")
        return View(about(reader) + reader.t("settings-choose-quiet-to"), (*rows, _back(reader)))
    starts = clock_options(now[:1] if now else (), lambda _, start: _pack(reader, "quiet", f"from-{start}"), "")
    off = Button(reader.plain("quiet-off"), _pack(reader, "quiet", "off"))
    words = reader.t("settings-choose-quiet", quiet=quiet(reader, now))
    return View(about(reader) + words, (*starts, (off,), _back(reader)))


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


def _back(reader: Reader) -> tuple[Button, ...]:
    return (Button(reader.plain("back"), Set(target=reader.target, screen="main").pack()),)


def paused_view(reader: Reader) -> View:
    text = reader.t("paused", command=command(reader, "resume"))
    return View(about(reader) + text, ((resume_button(reader),),))


def resume_button(reader: Reader) -> Button:
    return Button(reader.plain("open-resume"), Resume(target=reader.target).pack())


def resumed_view(reader: Reader) -> View:
    settings = Button(reader.plain("open-settings"), Open(target=reader.target, screen="settings").pack())
    when = cadence(reader, reader.subscriber.settings.cadence)
    return View(about(reader) + reader.t("resumed", cadence=when), ((settings,),))
