"""What Telegram accepts as a reply_markup, and how it says no.

Pure. Inline keyboards become part of the message; reply keyboards, their removal and forced replies belong to the chat.
"""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.errors import Json, bad

DATA_LIMIT = 64
COPY_LIMIT = 256
BUTTON_LIMIT = 100
_KINDS = [
    "url",
    "login_url",
    "callback_data",
    "web_app",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
]
_URL = re.compile(r"(?i)(https?://|tg://)?[^\s/.]+(\.[^\s/.]+)*(:\d+)?([/?#]\S*)?")


def inline_keyboard(markup: Json) -> Json | None:
    """The InlineKeyboardMarkup to keep with the message, None if there is none. Raises `ApiError` (400)."""
    if "inline_keyboard" not in markup:
        return None
    rows = [[_button(button) for button in _row(row)] for row in _rows(markup["inline_keyboard"])]
    rows = [row for row in rows if row]
    if sum(map(len, rows)) > BUTTON_LIMIT:
        raise bad("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def chat_keyboard(markup: Json) -> Json | None:
    """What a markup does to the chat's own keyboard: {} takes it away, None leaves it as it is."""
    if markup.get("remove_keyboard"):
        return {}
    if markup.get("force_reply"):
        return {"force_reply": True, "placeholder": str(markup.get("input_field_placeholder", ""))}
    if "keyboard" not in markup:
        return None
    rows = [[_label(button) for button in _row(row)] for row in _rows(markup["keyboard"])]
    return {"rows": rows, "once": bool(markup.get("one_time_keyboard"))}


def _rows(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise bad("object expected as reply markup")
    return value


def _row(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise bad("can't parse inline keyboard: expected an Array of Arrays of buttons")
    return value


def _label(button: Any) -> str:
    text = button.get("text") if isinstance(button, dict) else button
    if not isinstance(text, str) or not text:
        raise bad('can\'t parse keyboard button: Field "text" must be of type String')
    return text


def _button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: expected an Object")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
    kinds = [kind for kind in _KINDS if button.get(kind) or (kind.startswith("switch_inline") and kind in button)]
    if not kinds:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in kinds and len(str(button["callback_data"]).encode()) > DATA_LIMIT:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in kinds and not _URL.fullmatch(str(button["url"])):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "copy_text" in kinds and not 1 <= len(button["copy_text"].get("text", "")) <= COPY_LIMIT:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    return {key: value for key, value in button.items() if value is not None}
