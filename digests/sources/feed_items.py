"""What a feed says, whatever its format: entries of plain text, and the keys by which one is known again.

An entry is known by its guid, else by its address, else by its content; any hit means known, because sites change one
while they keep the others. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode, urlsplit

from digests.sources.dates import day_of

MAX_ENTRIES = 1000
TELLING = 40
"""Characters of title and text from which the content of an undated entry tells it from others."""
_NOISE = re.compile(r"(?i)utm_\w+|div|from|spm|share\w*")
"""Parameters that do not change what an address shows."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that hangs on an entry. `kind`: its media type, or ""."""

    address: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. Unknown is "" or None. `text`: plain, paragraphs apart by one line feed. `sections`: its categories."""

    title: str
    text: str = ""
    guid: str = ""
    address: str = ""
    author: str = ""
    sections: tuple[str, ...] = ()
    published: datetime | date | None = None
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """`home`: the site's own page, or "". `minutes`: how long the feed asks to be left alone (ttl), or 0. `marks`: of all its
    items, byte for byte; `left_out`: how many of these were known by their marks, and are not among the entries."""

    title: str
    entries: tuple[Entry, ...]
    home: str = ""
    minutes: int = 0
    version: str = ""
    marks: tuple[str, ...] = ()
    left_out: int = 0


def keys_of(feed: Feed) -> list[tuple[str, ...]]:
    """For each entry its keys, in the order in which they are trusted. An entry without any has its content's key."""
    guids = Counter(normal_address(entry.guid) for entry in feed.entries)
    links = Counter(normal_address(entry.address) for entry in feed.entries)
    home = normal_address(feed.home)
    return [_keys(entry, guids, links, home) for entry in feed.entries]


def normal_address(address: str) -> str:
    """An address or guid without what changes while the page stays the same: scheme, fragment, tracking parameters."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address.strip()
    if parts.scheme.lower() not in ("http", "https"):
        return address.strip()
    kept = urlencode(
        sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _NOISE.fullmatch(k))
    )
    host = parts.netloc.lower().rpartition("@")[2].removesuffix(":80").removesuffix(":443")
    return f"//{host}{parts.path.rstrip('/')}" + (f"?{kept}" if kept else "")


def _keys(entry: Entry, guids: Counter[str], links: Counter[str], home: str) -> tuple[str, ...]:
    guid, link, content = normal_address(entry.guid), normal_address(entry.address), _content(entry)
    keys = []
    if guid:
        keys.append(_digest("guid", guid, link) if guids[guid] > 1 else _digest("guid", guid))
    if link and links[link] == 1 and link != home and _leads_to_one_page(link):
        keys.append(_digest("link", link))
    if entry.published or len(entry.title) + len(entry.text) >= TELLING or not keys:
        keys.append(_digest("content", *content))
    return tuple(keys)


def _content(entry: Entry) -> Iterable[str]:
    yield entry.title
    yield entry.text
    yield day_of(entry.published).isoformat() if entry.published else ""


def _leads_to_one_page(link: str) -> bool:
    return not link.startswith("//") or "/" in link[2:] or "?" in link


def _digest(*parts: str) -> str:
    """12 hex digits: 48 bits tell the few thousand entries of one feed apart."""
    text = "\0".join("".join(unicodedata.normalize("NFKC", part).split()) for part in parts)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
