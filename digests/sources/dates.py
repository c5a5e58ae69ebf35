"""The moment that a feed or page states, in whichever of the many forms Chinese publishing software writes it.

Never guesses: what is ambiguous or implausible is None. Without a zone, China's is meant; CST is China Standard Time.
A result is never later than a day from now, nor earlier than FIRST_YEAR. Pure. Sources: RFC 822 and 3339 for the forms,
the rest from what sites print.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
FIRST_YEAR = 1990
AHEAD = timedelta(days=1)
"""A paper's site may be a day ahead of us; what lies further ahead is set back to now."""
ABSURD = timedelta(days=370)
"""What lies further ahead than this is no date of a publication."""
READ = 200
"""Code points of the text that are looked at."""

MONTHS = {name: n for n, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
HAN_MONTHS = {name: n for n, name in enumerate(("一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"), 1)}  # fmt: skip
HAN_DIGITS = {
    char: n for chars in ("〇一二三四五六七八九", "○壹贰叁肆伍陆柒捌玖", "零") for n, char in enumerate(chars)
}
ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "cst": 8, "hkt": 8, "sgt": 8, "jst": 9, "kst": 9, "bst": 1, "cet": 1, "cest": 2, "msk": 3,
    "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "北京时间": 8,
}  # fmt: skip

_WEEKDAY = r"(?:[(]?(?:星期|周|礼拜)[一二三四五六日天][)]?|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?)"
_CLOCK = r"(?P<h>\d{1,2})\s*(?::|时|點|点)\s*(?P<mi>\d{1,2})?\s*分?(?:\s*:?\s*(?P<s>\d{1,2})(?:[.,]\d+)?\s*秒?)?\s*(?P<pm>[ap]\.?m\.?)?"
_OFFSET = r"(?P<zone>z\b|(?:gmt|utc)?\s*(?P<sign>[+-])(?P<oh>\d{1,2}):?(?P<om>\d{2})?\b|[a-z]{2,4}\b|北京时间)"
_TIME = re.compile(
    rf"(?i)\s*(?:t|[,，]|\s)?\s*{_WEEKDAY}?\s*,?\s*(?P<half>凌晨|早上|上午|中午|下午|晚上|晚)?\s*{_CLOCK}\s*[(]?{_OFFSET}?"
)

_MONTH_NAME = r"(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_NUMERIC = re.compile(
    r"(?<![\d.])(?P<y>\d{4})\s*(?P<sep>[-/.年])\s*(?P<m>\d{1,2})\s*(?:(?P=sep)|月)\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?"
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:t?(?P<h>\d\d)(?P<mi>\d\d)(?P<s>\d\d)?)?(?!\d)", re.I
)
_DAY_FIRST = re.compile(rf"(?i)(?<!\d)(?P<d>\d{{1,2}})[\s-]+(?:{_MONTH_NAME}|(?P<han>[一二三四五六七八九十]{{1,2}}月|\d{{1,2}}月))[\s,-]+(?P<y>\d{{4}}|\d\d)(?!\d)")  # fmt: skip
_MONTH_FIRST = re.compile(rf"(?i)\b{_MONTH_NAME}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)(?!:)")
_ASCTIME = re.compile(
    rf"(?i)\b{_MONTH_NAME}\s+(?P<d>\d{{1,2}})\s+{_CLOCK}\s+(?:(?P<zone>[a-z]{{2,4}})\s+)?(?P<y>\d{{4}})(?!\d)"
)
_HAN = re.compile(r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]")
_UNIX = re.compile(r"\d{9,10}(?:\.\d+)?|\d{13}")


def parse_date(text: str, now: datetime, zone: tzinfo = CHINA) -> datetime | date | None:
    """A datetime in `zone` where a time of day is stated, a date where none is, None where nothing plausible is."""
    text = _plain(text)
    found = _unix(text, zone) or _in_words(text, zone)
    return _plausible(found, now.astimezone(zone)) if found else None


def day_of(moment: datetime | date, zone: tzinfo = CHINA) -> date:
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:READ]).strip()
    return _HAN.sub(_from_han, text)


def _from_han(found: re.Match[str]) -> str:
    year = "".join(str(HAN_DIGITS[char]) for char in found[1])
    return f"{year}年{_han_number(found[2])}月{_han_number(found[3])}日"


def _han_number(text: str) -> int:
    """一 to 三十一; 99, which is no day, for anything else."""
    tens, ten, units = text.rpartition("十")
    if len(tens) > 1 or len(units) > 1:
        return 99
    return (HAN_DIGITS[tens] if tens else 1 if ten else 0) * 10 + (HAN_DIGITS[units] if units else 0)


def _unix(text: str, zone: tzinfo) -> datetime | None:
    if not _UNIX.fullmatch(text):
        return None
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds >= 1e11 else seconds, zone)


def _in_words(text: str, zone: tzinfo) -> datetime | date | None:
    """The first form that fits; a day that the calendar lacks makes it None, never another day."""
    if found := _ASCTIME.search(text):
        return _joined(_day(found), found, _zone(found["zone"], zone), zone)
    for form in (_NUMERIC, _DAY_FIRST, _MONTH_FIRST, _COMPACT):
        if found := form.search(text):
            day = _day(found)
            if form is _COMPACT and found["h"]:
                return _joined(day, found, zone, zone)
            clock = _TIME.match(text, found.end())
            return _joined(day, clock, _offset(clock, zone), zone) if clock else day
    return None


def _day(found: re.Match[str]) -> date | None:
    given = found.groupdict()
    if name := given.get("mon"):
        month = MONTHS[name.lower()]
    elif han := given.get("han"):
        month = HAN_MONTHS.get(han) or int(han[:-1]) if han in HAN_MONTHS or han[:-1].isdecimal() else 0
    else:
        month = int(given["m"])
    year = int(given["y"])
    try:
        return date(year + (2000 if year < 70 else 1900) if len(given["y"]) == 2 else year, month, int(given["d"]))
    except ValueError:
        return None


def _joined(day: date | None, clock: re.Match[str] | None, said: tzinfo, zone: tzinfo) -> datetime | date | None:
    """Day and time of day in `zone`; the day alone where the time is none."""
    if day is None or clock is None:
        return day
    given = clock.groupdict()
    hour = _hour(int(given["h"]), given.get("half") or "", (given.get("pm") or "").lower())
    try:
        at = time(hour % 24, int(given["mi"] or 0), min(int(given["s"] or 0), 59))
        moment = datetime.combine(day, at, said) + timedelta(days=1 if hour == 24 else 0)
        return moment.astimezone(zone) if hour <= 24 else day
    except (ValueError, OverflowError):
        return day


def _hour(hour: int, half: str, meridian: str) -> int:
    if meridian.startswith("p") or half in ("下午", "晚上", "晚") or (half == "中午" and hour < 3):
        return hour + 12 if hour < 12 else hour
    return 0 if hour == 12 and (meridian.startswith("a") or half in ("凌晨", "上午")) else hour


def _offset(clock: re.Match[str] | None, zone: tzinfo) -> tzinfo:
    if clock is None or not clock["sign"]:
        return _zone(clock["zone"] if clock else None, zone)
    minutes = int(clock["oh"]) * 60 + int(clock["om"] or 0)
    return timezone(timedelta(minutes=-minutes if clock["sign"] == "-" else minutes)) if minutes <= 14 * 60 else zone


def _zone(name: str | None, zone: tzinfo) -> tzinfo:
    """A zone's name; unknown ones say nothing."""
    hours = ZONES.get((name or "").lower())
    return zone if hours is None else UTC if hours == 0 else timezone(timedelta(hours=hours))


def _plausible(found: datetime | date, now: datetime) -> datetime | date | None:
    is_moment = isinstance(found, datetime)
    today: datetime | date = now if is_moment else now.date()
    if found.year < FIRST_YEAR or _ahead(found, today) > ABSURD:
        return None
    return today if _ahead(found, today) > AHEAD else found


def _ahead(found: datetime | date, today: datetime | date) -> timedelta:
    if isinstance(found, datetime) and isinstance(today, datetime):
        return found - today
    return date(found.year, found.month, found.day) - date(today.year, today.month, today.day)
