"""What an admin wrote, or answered, as the content of a broadcast: a text, perhaps with a photo or document that Telegram has
already; and what of it cannot be broadcast. Sends nothing.
"""

from __future__ import annotations

import re

from aiogram.enums import ContentType
from aiogram.types import Message, MessageEntity
from aiogram.utils.text_decorations import html_decoration

SENDABLE = frozenset({"text", "photo", "document"})
ALBUM, ELSEWHERE = "album", "elsewhere"
ADVICE = {
    ALBUM: "album", ELSEWHERE: "elsewhere", "video": "video", "animation": "video",
    "audio": "audio", "voice": "audio", "video_note": "audio",
}  # fmt: skip
"""Which advice fits what was found; the rest is `other`."""


def unsendable(message: Message) -> str:
    """What a broadcast cannot take along of a message with the command and of the one that it answers, in Telegram's word for the
    kind, or `album` or `elsewhere` (an answer to another chat's message, of which a bot learns too little); "" where there is nothing."""
    if message.external_reply is not None:
        return ELSEWHERE
    found = [_kind(one) for one in (message, message.reply_to_message) if one is not None]
    return next((kind for kind in found if kind not in SENDABLE), "")


def is_text(message: Message) -> bool:
    return _kind(message) == "text"


def _kind(message: Message) -> str:
    return ALBUM if message.media_group_id else ContentType(message.content_type).value


def broadcast_content(message: Message) -> tuple[str, str]:
    """What follows the command as HTML, else what is answered; and "photo:…" or "document:…" of either, by Telegram's file id."""
    replied = message.reply_to_message
    html = after_command(message)
    if not html and replied is not None and (replied.text or replied.caption):
        own = re.match(r"/broadcast\b", replied.text or replied.caption or "")  # an earlier one of the admin's own
        html = after_command(replied) if own else replied.html_text.strip()
    return html, _media(message) or (_media(replied) if replied is not None else "")


def _media(message: Message) -> str:
    if message.photo:
        return f"photo:{message.photo[-1].file_id}"
    return f"document:{message.document.file_id}" if message.document else ""


def after_command(message: Message) -> str:
    text = message.text or message.caption or ""
    command = re.match(r"\s*\S+\s*", text)
    rest = text[command.end() :] if command else ""
    return (
        html_decoration.unparse(rest, _shifted(message, text[: len(text) - len(rest)])).strip() if rest.strip() else ""
    )


def _shifted(message: Message, removed: str) -> list[MessageEntity]:
    """The entities of what remains when `removed` is cut off the front; offsets are UTF-16 units."""
    cut = len(removed.encode("utf-16-le")) // 2
    entities = message.entities or message.caption_entities or []
    ends = [(entity, max(entity.offset, cut), entity.offset + entity.length) for entity in entities]
    return [
        e.model_copy(update={"offset": start - cut, "length": end - start}) for e, start, end in ends if end > start
    ]
