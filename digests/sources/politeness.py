"""How often a server may be asked: gaps, back-off, what its headers ask for, when a move is believed.

Pure decisions on numbers, headers and times. Figures: at least 1.2 s between requests to a host, jitter of a tenth,
waits of at most 24 hours, a permanent redirect believed after three identical sightings. Sources: RFC 9110 (Retry-After,
Expires), RFC 9111 (Cache-Control).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LEAST_GAP = 1.2
"""Seconds between the end of one request to a host and the start of the next."""
LONGEST_GAP = 30.0
"""Seconds: the longest Crawl-delay that is followed; a site that asks for more is asked rarely anyway."""
JITTER = 0.1
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=24)
SIGHTINGS = 3

_AGE = re.compile(r"(?i)(?:^|[,\s])(s-maxage|max-age)\s*=\s*\"?(\d{1,10})")


def spread(seed: str) -> float:
    """A number in [-1, 1] that depends on nothing but the seed: jitter that can be repeated."""
    return zlib.crc32(seed.encode()) / 0xFFFFFFFF * 2 - 1


def gap(jitter: float, asked: float = 0.0) -> float:
    """Seconds to leave between two requests to a host, never below the least. `jitter` in [-1, 1]."""
    least = min(max(LEAST_GAP, asked), LONGEST_GAP)
    return least * (1 + JITTER * max(-1.0, min(1.0, jitter))) / (1 - JITTER)


def jittered(wait: timedelta, jitter: float) -> timedelta:
    return wait * (1 + JITTER * max(-1.0, min(1.0, jitter)))


def backoff(failures: int, jitter: float = 0.0, first: timedelta = FIRST_WAIT) -> timedelta:
    """How long to leave a place alone after its n-th failure in a row: doubled each time, at most 24 hours."""
    wait = first * 2 ** min(max(failures, 1) - 1, 16)
    return min(jittered(min(wait, LONGEST_WAIT), jitter), LONGEST_WAIT)


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """What Retry-After asks for, as seconds or a date; at most 24 hours ahead. None: nothing that can be understood."""
    value = (value or "").strip()
    if re.fullmatch(r"\d{1,10}", value):
        return now + min(timedelta(seconds=int(value)), LONGEST_WAIT)
    if (moment := http_date(value)) is None:
        return None
    return min(max(moment, now), now + LONGEST_WAIT)


def http_date(value: str) -> datetime | None:
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def fresh_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Until when the answer counts as fresh, at most 24 hours; None: the server says nothing, or forbids to keep it."""
    control = headers.get("Cache-Control", "")
    if re.search(r"(?i)\bno-(?:cache|store)\b", control):
        return None
    if ages := {name.lower(): int(age) for name, age in _AGE.findall(control)}:
        age = timedelta(seconds=min(ages.get("max-age", 0) or ages.get("s-maxage", 0), LONGEST_WAIT.total_seconds()))
        return now + age if age else None
    expires = http_date(headers.get("Expires", ""))  # "0" and "-1" are no dates, and mean nothing
    if expires is None:
        return None
    sent = http_date(headers.get("Date", "")) or now
    return now + min(expires - sent, LONGEST_WAIT) if expires > sent else None


def next_check(
    now: datetime,
    interval: timedelta,
    *,
    fresh: datetime | None = None,
    asked: datetime | None = None,
    jitter: float = 0.0,
) -> datetime:
    """After an answer: the interval, or longer if the server said so, never more than 24 hours away."""
    moments = [now + jittered(interval, jitter), *(moment for moment in (fresh, asked) if moment)]
    return min(max(moments), now + max(LONGEST_WAIT, interval))


def next_try(now: datetime, failures: int, *, asked: datetime | None = None, jitter: float = 0.0) -> datetime:
    """After a failure: the back-off, or what the server asked for if that is later."""
    moment = now + backoff(failures, jitter)
    return max(moment, asked) if asked else moment


@dataclass(frozen=True, slots=True)
class Sightings:
    """A permanent redirect that was met: where it led, how many times in a row."""

    address: str = ""
    count: int = 0

    @property
    def believed(self) -> bool:
        return self.count >= SIGHTINGS


def sight(before: Sightings, moved_to: str) -> Sightings:
    """`moved_to`: where a permanent redirect led this time, or ""."""
    if not moved_to:
        return Sightings()
    return Sightings(moved_to, before.count + 1 if moved_to == before.address else 1)
