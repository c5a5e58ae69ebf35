"""Messages that are no digests: a text with a file, and what becomes of messages that are recalled. Pure."""

from __future__ import annotations

from dataclasses import replace

from digests.html import markup, utf16_len
from digests.render import render_html
from digests.types import Chunk

CAPTION = 1024
"""UTF-16 units that Telegram allows under a photo or document."""


def render_media(html: str, media: str) -> tuple[Chunk, ...]:
    """The file with the text below it; a text that is too long for that follows in messages of its own."""
    piece = markup(html)
    if utf16_len(piece.plain) <= CAPTION:
        return (Chunk(piece.html, piece.plain, media=media),)
    return (Chunk("", "", media=media), *render_html(html))


def render_edits(html: str, media: str, messages: tuple[int, ...]) -> tuple[Chunk, ...]:
    """The first message becomes `html`, the others are deleted; all of them where it is ""."""
    gone = tuple(Chunk("", "", edits=message) for message in messages)
    if not html:
        return gone
    first = render_media(html, media)[-1] if media else render_html(html)[0]
    return (replace(first, media=media, edits=messages[0]), *gone[1:])
