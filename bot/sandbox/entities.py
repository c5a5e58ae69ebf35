"""From what a bot or a person wrote to the text and entities that Telegram keeps.

Pure. Cleans and trims the text, finds commands, mentions, hashtags and addresses, sorts and caps the entities and holds the
limits on length. Limits as https://core.telegram.org/bots/api states them; 32 KiB before parsing is the Bot API server's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.sandbox.errors import Json, bad
from bot.sandbox.markup import parse_html, utf16

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
RAW_LIMIT = 1 << 15
ENTITY_LIMIT = 100

_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
_OPAQUE = frozenset({"code", "pre", "text_link", "text_mention"})
_FOUND: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "url",
        re.compile(r"https?://[^\s<>\"“”，。；：、！？（）《》【】]+[^\s<>\"“”，。；：、！？（）《》【】.,;:!?')\]]"),
    ),
    ("email", re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")),
    ("mention", re.compile(r"(?<![\w/])@[A-Za-z0-9_]{2,32}\b")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("hashtag", re.compile(r"(?<![\w&])#(?=\w*[^\W\d])\w{1,256}")),
)


def clean(text: str) -> str:
    """Telegram drops carriage returns and turns other control characters into spaces."""
    return _CONTROL.sub(" ", text.replace("\r", ""))


def formatted(source: str, mode: str, given: list[Json] | None, limit: int, too_long: str) -> tuple[str, list[Json]]:
    """The text and entities that Telegram would store.

    `mode` is the parse mode in any case, `given` the entities of a call that sends them itself, `limit` in UTF-16 units and
    `too_long` Telegram's words where it is passed. Raises `ApiError` (400).
    """
    if len(source.encode("utf-8", "surrogatepass")) > RAW_LIMIT:
        raise bad("text is too long")
    if mode and mode.lower() != "html":
        raise bad("unsupported parse_mode")
    text, entities = parse_html(clean(source)) if mode else (clean(source), list(given or []))
    text, entities = _trimmed(text, entities)
    if utf16(text) > limit:
        raise bad(too_long)
    return text, sorted([*entities, *_detected(text, entities)], key=_order)[:ENTITY_LIMIT]


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    start = utf16(text) - utf16(text.lstrip())
    stripped = text.strip()
    units = stripped.encode("utf-16-le", "surrogatepass")
    end = len(units) >> 1
    kept = []
    for entity in entities:
        first = max(0, entity["offset"] - start)
        last = min(end, entity["offset"] + entity["length"] - start)
        if first < last and not _blank(units, first, last):
            kept.append({**entity, "offset": first, "length": last - first})
    return stripped, kept


def _blank(units: bytes, first: int, last: int) -> bool:
    return not units[first * 2 : last * 2].decode("utf-16-le", "surrogatepass").strip()


def _detected(text: str, entities: list[Json]) -> Iterator[Json]:
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _OPAQUE]
    for kind, pattern in _FOUND:
        for found in pattern.finditer(text):
            offset, length = utf16(text[: found.start()]), utf16(found.group())
            if all(offset + length <= first or offset >= last for first, last in taken):
                taken.append((offset, offset + length))
                yield {"type": kind, "offset": offset, "length": length}


def _order(entity: Json) -> tuple[int, int]:
    """Outer before inner."""
    return entity["offset"], -entity["length"]
