"""JSON Feed 1.0 and 1.1, read by a small parser of our own: https://www.jsonfeed.org/version/1.1/.

Lenient where publishers are: numbers as ids, one author instead of several, relative addresses. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from digests.errors import UnreadableError
from digests.sources.dates import parse_date
from digests.sources.feed_items import MAX_ENTRIES, Enclosure, Entry, Feed
from digests.sources.feed_text import html_to_text, plain_line, tidy

Json = Mapping[str, Any]


def parse_json_feed(text: str, address: str, now: datetime) -> Feed:
    """Raises UnreadableError where the text is no JSON Feed."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _other(address, f"{type(error).__name__}: {str(error)[:80]}") from error
    if not isinstance(given, dict) or not isinstance(given.get("items"), list):
        raise _other(address, "JSON")
    base = _text(given, "feed_url") or address
    items = [item for item in given["items"][:MAX_ENTRIES] if isinstance(item, dict)]
    return Feed(
        plain_line(_text(given, "title")),
        tuple(_entry(item, urljoin(address, base), now) for item in items),
        home=_address(given, "home_page_url", address),
        version=_text(given, "version").rpartition("/")[2] or "json",
    )


def _entry(item: Json, base: str, now: datetime) -> Entry:
    html = _text(item, "content_html")
    text = html_to_text(html) if html else tidy(_text(item, "content_text") or _text(item, "summary"))
    stated = _text(item, "date_published") or _text(item, "date_modified")
    return Entry(
        plain_line(_text(item, "title")),
        text,
        guid=_text(item, "id"),
        address=_address(item, "url", base) or _address(item, "external_url", base),
        author=_author(item),
        sections=tuple(plain_line(str(tag)) for tag in _list(item, "tags") if isinstance(tag, str)),
        published=parse_date(stated, now) if stated else None,
        enclosures=tuple(
            Enclosure(_address(one, "url", base), _text(one, "mime_type"))
            for one in _list(item, "attachments")
            if isinstance(one, dict) and _text(one, "url")
        ),
    )


def _author(item: Json) -> str:
    single = item.get("author")
    people = _list(item, "authors") or ([single] if isinstance(single, dict) else [])
    return "、".join(name for one in people if isinstance(one, dict) and (name := plain_line(_text(one, "name"))))


def _text(given: Json, key: str) -> str:
    value = given.get(key)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _list(given: Json, key: str) -> list[Any]:
    value = given.get(key)
    return value if isinstance(value, list) else []


def _address(given: Json, key: str, base: str) -> str:
    try:
        return urljoin(base, _text(given, key)) if _text(given, key) else ""
    except ValueError:
        return ""


def _other(address: str, found: str) -> UnreadableError:
    return UnreadableError(
        address, f"应为 JSON Feed，实为别的内容（{found}） / expected a JSON Feed, found something else ({found})"
    )
