"""What a paper prints about its own appearing: joint numbers (第2421、2422期合刊) and breaks (10月1日至7日休刊).

Pure, on lines of text; what is not said plainly is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from digests.sources.calendar import Closure, Sighting
from digests.types import Issue

MOST_JOINT = 10
JOINT_SPAN = timedelta(days=14)
LONGEST_BREAK = 31
"""Days."""

_LINK = r"\s*(?:期|号)?\s*[-—–－~～、,，/至和及]+\s*第?\s*"
_NUMBERS = re.compile(rf"(\d{{1,6}})(?:{_LINK}(\d{{1,6}}))?")
_DAY = r"(?:(?P<y{n}>\d{{4}})年)?(?P<m{n}>\d{{1,2}})月(?P<d{n}>\d{{1,2}})日(?:[（(][^（）()\n]{{1,8}}[）)])?"
_BREAK = re.compile(
    _DAY.format(n=1)
    + r"(?:\s*(?:至|到|[-—–－~～]+|、)\s*(?:(?:(?P<y2>\d{4})年)?(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})日(?:[（(][^（）()\n]{1,8}[）)])?)?"
    + r"[^。；;，,！!?？\n]{0,10}[，,]?\s*(?:本报|本刊)?[^。；;，,！!?？\n]{0,6}(?<!不)(?:休刊|停刊|停报)"
)


def numbers_of(text: str) -> tuple[int, int] | None:
    """First and last number of an issue: "2421" is (2421, 2421), "2421-2422", "2421、2422" and "2421-22" are (2421, 2422)."""
    found = _NUMBERS.search(text)
    if found is None:
        return None
    first, tail = found[1], found[2] or ""
    last = int(first[: max(len(first) - len(tail), 0)] + tail) if tail else int(first)
    return (int(first), last) if 0 <= last - int(first) < MOST_JOINT else (int(first), int(first))


def closures_in(text: str, today: date) -> Iterator[Closure]:
    """Breaks that a text announces. A date without its year is the nearest one to `today`."""
    for found in _BREAK.finditer(text):
        first = _day(found["y1"], found["m1"], found["d1"], today)
        last = (
            _day(found["y2"] or found["y1"], found["m2"] or found["m1"], found["d2"], today) if found["d2"] else first
        )
        if first and last and timedelta(0) <= last - first < timedelta(days=LONGEST_BREAK):
            yield Closure(first.isoformat(), last.isoformat())


def _day(year: str | None, month: str, day: str, today: date) -> date | None:
    years = (int(year),) if year else (today.year - 1, today.year, today.year + 1)
    days = [made for y in years if (made := _made(y, int(month), int(day)))]
    return min(days, key=lambda one: abs(one - today), default=None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def sighting_of(issue: Issue, at: datetime) -> Sighting:
    """How an issue that came counts for its paper's calendar."""
    dates = issue.date
    certain = dates is not None and date.fromisoformat(dates.date_to) - date.fromisoformat(dates.date_from) < JOINT_SPAN
    day, until = (dates.date_from, dates.date_to) if dates and certain else ("", "")
    if issue.total_number is not None:
        joint = numbers_of(issue.number or "")
        last = joint[1] if joint and joint[0] == issue.total_number else issue.total_number
        return Sighting(at, day, until, issue.total_number, last)
    numbers = numbers_of(issue.number or "")
    year = dates.date_from[:4] if dates else ""
    if numbers is None or (issue.kind == "periodical" and not year):
        return Sighting(at, day, until)
    return Sighting(at, day, until, *numbers, series=year if issue.kind == "periodical" else "")


def closures_of(issue: Issue, today: date) -> list[Closure]:
    return [
        closure
        for article in issue.articles
        if "刊" in article.title or "休刊" in article.body or "停刊" in article.body or "停报" in article.body
        for closure in closures_in(f"{article.title}\n{article.body}", today)
    ]
