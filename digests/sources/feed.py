"""Feeds of every format to entries: RSS 0.9 to 2.0 and Atom through feedparser, JSON Feed through our own parser.

feedparser sees nothing but bytes that our client fetched and that were decoded and cleaned before: never an address,
never text of a person. Dates are read by our own parser only. May take seconds of one core for a hostile body: run it
in a worker with a time limit.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import feedparser

from digests.errors import UnreadableError
from digests.sources.dates import parse_date
from digests.sources.feed_fresh import items_of, without_known
from digests.sources.feed_items import MAX_ENTRIES, Enclosure, Entry, Feed
from digests.sources.feed_sniff import clean_xml, decode_web, root_of
from digests.sources.feed_text import html_to_text, plain_line
from digests.sources.json_feed import parse_json_feed

Parsed = dict[str, Any]


def parse_feed(
    body: bytes, content_type: str, address: str, now: datetime, known: Container[str] = frozenset()
) -> Feed:
    """What a body says. `content_type`: as the server sent it. `known`: marks of items that were read before, and are left out.
    Raises UnreadableError(address) for what is no feed."""
    kind, text = root_of(decode_web(body, content_type), address)
    if kind == "json":
        return parse_json_feed(text, address, now)
    xml = clean_xml(text)
    xml, marks, left_out = without_known(xml, items_of(xml, address), known)
    parsed = feedparser.parse(
        BytesIO(xml),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": address},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not parsed.entries and parsed.bozo and not parsed.feed:
        raise UnreadableError(
            address,
            f"订阅源的 XML 损坏，读不出内容（{str(parsed.bozo_exception)[:120]}） / the feed's XML is broken and nothing can be read from it",
        )
    return Feed(
        plain_line(_text(parsed.feed, "title")),
        tuple(_entry(entry, address, now) for entry in parsed.entries[:MAX_ENTRIES]),
        home=_address(parsed.feed, "link", address),
        minutes=_minutes(_text(parsed.feed, "ttl")),
        version=str(parsed.get("version") or kind),
        marks=marks,
        left_out=left_out,
    )


def _entry(entry: Parsed, base: str, now: datetime) -> Entry:
    return Entry(
        plain_line(_text(entry, "title")),
        _body(entry),
        guid=_text(entry, "id"),
        address=_address(entry, "link", base),
        author=plain_line(_text(entry, "author")),
        sections=tuple(term for tag in entry.get("tags") or () if (term := plain_line(_text(tag, "term")))),
        published=_published(entry, now),
        enclosures=tuple(
            Enclosure(urljoin(base, href), _text(one, "type"))
            for one in entry.get("enclosures") or ()
            if (href := _text(one, "href"))
        ),
    )


def _body(entry: Parsed) -> str:
    """The longest of what it offers: a summary is often the beginning of the content."""
    offered = [_text(part, "value") for part in entry.get("content") or ()] + [_text(entry, "summary")]
    return html_to_text(max(offered, key=len))


def _published(entry: Parsed, now: datetime) -> datetime | date | None:
    for name in ("published", "updated", "created"):
        if (stated := _text(entry, name)) and (found := parse_date(stated, now)):
            return found
    return None


def _address(given: Parsed, key: str, base: str) -> str:
    try:
        return urljoin(base, _text(given, key)) if _text(given, key) else ""
    except ValueError:
        return ""


def _text(given: Parsed, key: str) -> str:
    value = dict.get(given, key)  # its own get() answers "updated" with "published", and warns of it
    return value.strip() if isinstance(value, str) else ""


def _minutes(text: str) -> int:
    return min(int(text), 24 * 60) if text.isascii() and text.isdigit() and len(text) < 8 else 0
