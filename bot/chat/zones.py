"""Which time zone a person means: by name, by offset, or by where they are. Pure; asks no service about places.

From a longitude only likely zones follow, so they are offered and not set.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from bot.chat.wording import ZONES

MOST = 8
DATA_LIMIT = 40
"""Bytes of a zone's name that fit a button beside the rest."""

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)

PLACES = {
    "北京": "Asia/Shanghai", "上海": "Asia/Shanghai", "中国": "Asia/Shanghai", "香港": "Asia/Hong_Kong", "澳门": "Asia/Macau",
    "台北": "Asia/Taipei", "新加坡": "Asia/Singapore", "东京": "Asia/Tokyo", "日本": "Asia/Tokyo", "首尔": "Asia/Seoul",
    "韩国": "Asia/Seoul", "乌鲁木齐": "Asia/Urumqi", "曼谷": "Asia/Bangkok", "吉隆坡": "Asia/Kuala_Lumpur", "迪拜": "Asia/Dubai",
    "莫斯科": "Europe/Moscow", "柏林": "Europe/Berlin", "巴黎": "Europe/Paris", "伦敦": "Europe/London", "纽约": "America/New_York",
    "china": "Asia/Shanghai", "beijing": "Asia/Shanghai", "japan": "Asia/Tokyo", "korea": "Asia/Seoul", "india": "Asia/Kolkata",
    "芝加哥": "America/Chicago", "洛杉矶": "America/Los_Angeles", "悉尼": "Australia/Sydney", "世界时": "UTC",
}  # fmt: skip
"""Places that people type by names which the tz database does not know."""

ABBREVIATIONS = {
    "CST": ("Asia/Shanghai", "America/Chicago", "Asia/Taipei"), "EST": ("America/New_York",), "EDT": ("America/New_York",),
    "ET": ("America/New_York",), "CDT": ("America/Chicago",), "CT": ("America/Chicago",), "MST": ("America/Denver",),
    "MDT": ("America/Denver",), "PST": ("America/Los_Angeles",), "PDT": ("America/Los_Angeles",), "PT": ("America/Los_Angeles",),
    "BST": ("Europe/London",), "CET": ("Europe/Berlin", "Europe/Paris"), "CEST": ("Europe/Berlin", "Europe/Paris"),
    "MSK": ("Europe/Moscow",), "IST": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"), "HKT": ("Asia/Hong_Kong",),
    "SGT": ("Asia/Singapore",), "JST": ("Asia/Tokyo",), "KST": ("Asia/Seoul",), "AEST": ("Australia/Sydney",), "AEDT": ("Australia/Sydney",),
}  # fmt: skip
"""What people type for a zone; those that mean several are asked about. From the tz database's own abbreviations."""
_EAST_OR_WEST = re.compile(r"([东東西])(1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])[区區]")
_HOURS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def _of_tzdata(name: str) -> list[str]:
    """The lines of one of the tz database's own tables."""
    return files("tzdata").joinpath("zoneinfo", name).read_text("utf-8").splitlines()


@cache
def _names() -> frozenset[str]:
    """The names by which zones go today, as the tz database lists them by country (zone.tab)."""
    listed = {line.split("\t")[2] for line in _of_tzdata("zone.tab") if line and not line.startswith("#")}
    return frozenset(name for name in (listed & available_timezones()) | {"UTC"} if len(name) <= DATA_LIMIT)


@cache
def _earlier() -> dict[str, str]:
    """Old and other names of zones, such as Asia/Calcutta or US/Eastern, with today's."""
    links = dict(line.split()[2:0:-1] for line in _of_tzdata("tzdata.zi") if line.startswith("L "))
    found = dict[str, str]()
    for name, target in links.items():
        while target not in _names() and target in links:
            target = links[target]
        if target in _names() and name not in _names() and len(name) <= DATA_LIMIT:
            found[name] = target
    return found


def is_zone(name: str) -> bool:
    """Also by an old name, which an earlier button may hold, and the fixed ones, Etc/GMT-8 for UTC+8."""
    fixed = re.fullmatch(r"Etc/GMT[+-]\d{1,2}", name) is not None and _known(name)
    return name in _names() or name in _earlier() or name in ZONES or fixed


def _known(name: str) -> bool:
    return name in available_timezones()


def named_zones(text: str, now: datetime) -> tuple[str, ...]:
    """The zones that `text` may mean, the likeliest first, at most eight; () where it means none."""
    wanted = unicodedata.normalize("NFKC", text).strip()
    offset = _OFFSET.fullmatch(wanted.replace(" ", "").replace("−", "-"))
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return at_offset(timedelta(minutes=-minutes if offset[1] == "-" else minutes), now)
    if numbered := _EAST_OR_WEST.fullmatch(wanted):
        hours = int(numbered[2]) if numbered[2].isdecimal() else _HOURS.index(numbered[2]) + 1
        return at_offset(timedelta(hours=-hours if numbered[1] == "西" else hours), now)
    if wanted.upper() in ABBREVIATIONS:
        return ABBREVIATIONS[wanted.upper()]
    place = next((zone for name, zone in PLACES.items() if name == wanted.removesuffix("时间").casefold()), None)
    return (place,) if place else _by_name(wanted)


def _by_name(wanted: str) -> tuple[str, ...]:
    """By today's names; by an old one what it is today."""
    key, today = wanted.casefold().replace(" ", "_"), {name: name for name in sorted(_names())} | _earlier()
    found = [now for name, now in today.items() if key in (name.casefold(), name.casefold().rpartition("/")[2])]
    if not found and len(key) >= 3:
        found = [now for name, now in today.items() if key in name.casefold()]
    return tuple(dict.fromkeys(found))[:MOST]


def at_offset(offset: timedelta, now: datetime) -> tuple[str, ...]:
    """Zones whose clocks are so far from UTC now: those offered as buttons anyway, then the one that never changes."""
    usual = [name for name in ZONES if now.astimezone(ZoneInfo(name)).utcoffset() == offset]
    hours, rest = divmod(offset, timedelta(hours=1))
    fixed = f"Etc/GMT{-hours:+d}" if hours else "UTC"
    if not rest and _known(fixed):
        return tuple(dict.fromkeys((*usual, fixed)))[:MOST]
    others = [name for name in sorted(_names()) if now.astimezone(ZoneInfo(name)).utcoffset() == offset]
    return tuple(dict.fromkeys((*usual, *others)))[:MOST]


def by_location(longitude: float, now: datetime) -> tuple[str, ...]:
    """Zones likely at this longitude: by the sun, 15 degrees an hour, and an hour beside it either way."""
    sun = round(longitude / 15)
    near = [zone for hours in (sun, sun + 1, sun - 1) for zone in at_offset(timedelta(hours=hours), now)]
    named = [zone for zone in dict.fromkeys(near) if not zone.startswith("Etc/")]
    china = ["Asia/Shanghai"] if 73 <= longitude <= 135 else []
    return tuple(dict.fromkeys((*china, *named, *near)))[:MOST]
