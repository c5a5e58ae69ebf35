"""Telegram's HTML: escaping, measuring, cutting, and pieces that carry markup and plain text side by side.

Lengths are UTF-16 units of the text without markup, as Telegram counts them (Bot API, "Formatting options": a message has
1 to 4096 characters after entities parsing; the server keeps the first 100 entities). A tag is opened and closed in one
piece, so joining pieces can never break one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

LIMIT = 4096
ENTITIES = 100

SLOT = "\ue000"
"""A character of the private use area, kept out of every text by `clean`: stands for a number that is filled in later."""

_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ue000]")
_SPECIAL = re.compile(r"[&<>]")
_TAG = re.compile(r"<[^>]*>")
_BEFORE = ("。", "！", "？", "!", "?", "\n", ". ")
_STOP = re.compile(r"[。！？!?\n]|\.(?= )")
_SENTENCE_END = "。！？!?…；;"
_CLOSERS = "”’』」）)】》\"'"
_JOINED = frozenset(map(chr, (0x200D, 0xFE0E, 0xFE0F, *range(0x300, 0x370), *range(0x1F3FB, 0x1F400))))
"""Characters that belong to the one before them: joiner, variation selectors, combining accents, skin tones."""


def clean(text: str) -> str:
    """`text` with the characters that a message cannot carry replaced one for one: offsets stay."""
    return _UNFIT.sub("\ufffd", text)


def html_escape(text: str) -> str:
    return _escape(clean(text))


def _escape(text: str) -> str:
    if _SPECIAL.search(text) is None:
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def strip_tags(html: str) -> str:
    """The text that Telegram shows for `html`."""
    return unescape(_TAG.sub("", html))


def utf16_len(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) >> 1


def reach(text: str, start: int, units: int) -> int:
    """The furthest end so that `text[start:end]` has at most `units` UTF-16 units and no joined character is torn off."""
    end = min(len(text), start + units)
    over = utf16_len(text[start:end]) - units
    while over > 0:
        # Each character taken away frees at most two units, so this never takes too many.
        end -= (over + 1) // 2
        over = utf16_len(text[start:end]) - units
    return _untorn(text, start, end)


def _untorn(text: str, start: int, end: int) -> int:
    for place in range(end, max(start, end - 16), -1):
        if place >= len(text) or (text[place] not in _JOINED and text[place - 1] != "\u200d"):
            return place
    return end


def shorten(text: str, units: int) -> str:
    """`text` if it fits, else its beginning and a visible …"""
    if len(text) <= units // 2 or utf16_len(text) <= units:
        return text
    return text[: reach(text, 0, units - 1)].rstrip() + "…"


def sentence_end(text: str, start: int, end: int) -> int:
    """The last place in `start`..`end` right after a paragraph or a sentence, or `start` if there is none."""
    line = text.rfind("\n", start, end)
    if line >= start + (end - start) // 2:
        return line + 1
    stop = max(text.rfind(mark, start, end) for mark in _SENTENCE_END)
    stop = max(stop, text.rfind(". ", start, end), line)
    if stop < start:
        return start
    stop += 1
    while stop < end and text[stop] in _CLOSERS:
        stop += 1
    return stop


def sentence_at(text: str, place: int) -> tuple[int, int]:
    """The sentence around `place`, as a range without white space at its ends."""
    begin = max(text.rfind(mark, 0, place) for mark in _BEFORE) + 1
    while begin < place and text[begin] in _CLOSERS:
        begin += 1
    stop = _STOP.search(text, place)
    end = stop.start() + 1 if stop else len(text)
    while end < len(text) and text[end] in _CLOSERS:
        end += 1
    return trim(text, begin, end)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def split_ranges(text: str, first: int, rest: int) -> list[tuple[int, int]]:
    """Cut `text` into ranges of at most `first`, then `rest` UTF-16 units (>= 32), together the whole of it: after paragraphs,
    else after sentences, else after a whole character."""
    ranges: list[tuple[int, int]] = []
    start, room = 0, first
    while start < len(text):
        end = reach(text, start, room)
        if end < len(text):
            stop = sentence_end(text, start, end)
            end = stop if stop > start else end
        ranges.append((start, end))
        start, room = end, rest
    return ranges


def plain_parts(text: str, units: int = LIMIT) -> tuple[str, ...]:
    """A plain text as messages of at most `units` each; never none."""
    parts = (text[start:end].strip() for start, end in split_ranges(text, units, units))
    return tuple(part for part in parts if part) or ("…",)


@dataclass(frozen=True, slots=True)
class Piece:
    """A bit of a message: `html` and the `plain` text it shows. `entities`: how many tags it opens."""

    html: str
    plain: str
    entities: int = 0

    @property
    def units(self) -> int:
        return utf16_len(self.plain)

    def __add__(self, other: Piece) -> Piece:
        return Piece(self.html + other.html, self.plain + other.plain, self.entities + other.entities)

    def __bool__(self) -> bool:
        return bool(self.plain)


EMPTY = Piece("", "")


def text(value: str) -> Piece:
    value = clean(value)
    return Piece(_escape(value), value)


def markup(html: str) -> Piece:
    """HTML of our own or of an admin, as it is."""
    return Piece(html, strip_tags(html), html.count("<") // 2)


def tag(name: str, inner: Piece, attributes: str = "") -> Piece:
    """`inner` in a tag; nothing if there is nothing in it."""
    if not inner:
        return EMPTY
    return Piece(f"<{name}{attributes}>{inner.html}</{name}>", inner.plain, inner.entities + 1)


def join(pieces: Iterable[Piece], between: str = "\n") -> Piece:
    """The pieces that are not empty, with `between` (plain text without special characters) between them."""
    kept = [piece for piece in pieces if piece]
    return Piece(
        between.join(piece.html for piece in kept),
        between.join(piece.plain for piece in kept),
        sum(piece.entities for piece in kept),
    )
