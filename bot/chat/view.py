"""One message as handlers make it: HTML and rows of buttons; and the three ways to show it.

Knows Telegram's calls, not what is said. Text is HTML everywhere; whatever people wrote must be escaped before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    CallbackQuery,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
)

from digests.types import Button, Chunk

Rows = tuple[tuple[Button, ...], ...]
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
NOT_MODIFIED = "message is not modified"


@dataclass(frozen=True, slots=True)
class View:
    """`toast`: a few words at the top of the screen when it answers a tap; `alert`: until the reader closes them."""

    html: str
    rows: Rows = ()
    toast: str = ""
    alert: bool = False


def chunk_view(chunk: Chunk, *extra: tuple[Button, ...]) -> View:
    return View(chunk.html, (*chunk.buttons, *extra))


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    made = [[_button(button) for button in row] for row in rows if row]
    return InlineKeyboardMarkup(inline_keyboard=made) if made else None


def _button(button: Button) -> InlineKeyboardButton:
    copy = CopyTextButton(text=button.copy_text) if button.copy_text else None
    return InlineKeyboardButton(text=button.text, callback_data=button.data, url=button.url, copy_text=copy)


def grid(buttons: Sequence[Button], width: int) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


async def say(message: Message, view: View, *, reply: bool = False) -> Message:
    """A new message in the same chat and topic. `reply`: as an answer to this very one, which a tap below it finds by that."""
    send = message.reply if reply else message.answer
    return await send(view.html, parse_mode="HTML", reply_markup=keyboard(view.rows), link_preview_options=NO_PREVIEW)


async def change(message: Message, view: View) -> None:
    """Edit one of our messages; the same text again is no error."""
    try:
        await message.edit_text(
            view.html, parse_mode="HTML", reply_markup=keyboard(view.rows), link_preview_options=NO_PREVIEW
        )
    except TelegramBadRequest as error:
        if NOT_MODIFIED not in error.message:
            raise


async def show(query: CallbackQuery, view: View) -> None:
    """Answer a tap: the message under it becomes `view`, if Telegram still gives that message."""
    if isinstance(query.message, Message):
        await change(query.message, view)
    await query.answer(view.toast or None, show_alert=view.alert or None)


async def toast(query: CallbackQuery, text: str, *, alert: bool = False) -> None:
    """Answer a tap with words only."""
    await query.answer(text[:200], show_alert=alert or None)
