"""Admins: when a source's issues are expected, settled by buttons or left to be learnt; days without an issue by words.

One message edited in place: weekdays to switch, windows to choose from, everything back to what is learnt.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.chat.callbacks import OpenSource
from bot.chat.problems import RefusedError
from bot.chat.reader import Reader
from bot.chat.view import View, grid
from bot.source_service import SourceService, source_id
from digests.sources.calendar import Calendar
from digests.sources.registry import Watched
from digests.types import Button

WINDOWS = ((5, 9), (6, 10), (8, 12), (12, 18), (18, 23))
"""Hours of the day that are offered."""
MOST_SKIPPED = 60
SKIP = frozenset({"skip", "休刊"})

_WINDOW = re.compile(r"h(\d{1,4})-(\d{1,4})")
_DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")


def rhythm_view(reader: Reader, one: Watched) -> View:
    """What is settled, and the choices; ✓ marks those that are."""
    calendar = one.spec.calendar
    days = [
        _button(one, reader.plain("source-weekday", day=day), f"d{day}", day in calendar.weekdays) for day in range(7)
    ]
    windows = [
        _button(one, f"{start:02}–{end:02}", f"h{start * 60}-{end * 60}", (start * 60, end * 60) == (calendar.start, calendar.end))
        for start, end in WINDOWS
    ]  # fmt: skip
    learnt = _button(one, reader.plain("source-rhythm-auto"), "auto", calendar == Calendar())
    back = _button(one, reader.plain("source-rhythm-back"), "show", False)
    skipped = reader.plain("list-separator").join(calendar.skip) or reader.plain("source-rhythm-none")
    text = reader.t("source-rhythm-how", name=one.spec.name, skip=skipped)
    return View(text, (*grid(days, 4), *grid(windows, 3), (learnt,), (back,)))


def _button(one: Watched, text: str, do: str, chosen: bool) -> Button:
    return Button(f"✓ {text}" if chosen else text, OpenSource(source=source_id(one.spec.name), do=do).pack())


def settled(calendar: Calendar, do: str) -> Calendar | None:
    """The calendar after a tap; None: the tap is about something else."""
    if do == "auto":
        return Calendar()
    if re.fullmatch("d[0-6]", do):
        return replace(calendar, weekdays=tuple(sorted({*calendar.weekdays} ^ {int(do[1])})))
    if found := _WINDOW.fullmatch(do):
        start, end = int(found[1]), int(found[2])
        same = (start, end) == (calendar.start, calendar.end)
        return replace(calendar, start=None if same else start, end=None if same else end)
    return None


def skipped(words: str) -> tuple[str, ...]:
    """Days as people write them (10-01, 10月1日, 2026-10-01); none for "-" or 无. Raises RefusedError."""
    if words.strip() in ("-", "无", "none"):
        return ()
    days = tuple(dict.fromkeys(_day(word) for word in re.split(r"[\s,，、;；]+", words.strip()) if word))
    if not 0 < len(days) <= MOST_SKIPPED:
        raise RefusedError("refused-skip")
    return days


def _day(word: str) -> str:
    found = _DAY.fullmatch(word)
    try:
        day = (
            date(int(found[1] or 2024), int(found[2]), int(found[3])) if found else None
        )  # 2024 has a 29th of February
    except ValueError:
        day = None
    if day is None or found is None:
        raise RefusedError("refused-skip")
    return day.isoformat() if found[1] else day.isoformat()[5:]


async def skip(words: str, reader: Reader, service: SourceService) -> View:
    """`words`: a source's name, then days without an issue."""
    name, _, days = words.strip().partition(" ")
    if not name:
        raise RefusedError("refused-skip")
    one = await service.get(name)
    if one.spec.declared:
        raise RefusedError("refused-source-declared")
    calendar = replace(one.spec.calendar, skip=skipped(days))
    return rhythm_view(reader, await service.settle_calendar(name, calendar, reader.actor))
