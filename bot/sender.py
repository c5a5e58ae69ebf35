"""One message to Telegram, and what came of it: the only place that knows Telegram's words for a failure.

Every error of aiogram becomes an Outcome here; deciding what follows is the business of digests.settle. The token
never appears in an Outcome. Sends once: no retry, no sleep, no rate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiogram import Bot
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramEntityTooLarge,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage
from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from digests import Button, Chunk, Outcome, OutcomeKind, plain_parts

TIMEOUT = 30
"""Seconds that one request may take."""
LONGEST = 300
"""Characters of a description that are kept."""

TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
NEVER_SENT = re.compile(r"ClientConnector|ConnectionRefused|Cannot connect|ConnectionTimeout|gaierror", re.IGNORECASE)
"""Words of aiohttp for a request that never reached the other side."""

WORDS: dict[OutcomeKind, str] = {
    "blocked": r"bot was blocked by the user|USER_IS_BLOCKED",
    "deactivated": r"user is deactivated|INPUT_USER_DEACTIVATED|USER_DEACTIVATED",
    "kicked": r"bot was kicked|bot is not a member|group chat was (deleted|deactivated)|CHANNEL_PRIVATE|USER_NOT_PARTICIPANT",
    "cant_initiate": r"can't initiate conversation",
    "topic_closed": r"TOPIC_(CLOSED|DELETED)|message thread not found|topic (is|was) (closed|deleted)",
    "no_rights": r"not enough rights|have no rights|need administrator rights|CHAT_(WRITE|SEND_\w+)_FORBIDDEN"
    r"|CHAT_ADMIN_REQUIRED|CHAT_RESTRICTED",
    "bad_entities": r"can't parse entities|ENTIT(Y|IES)_\w+|unsupported start tag|find end of the entity",
    "too_long": r"message is too long|MESSAGE_TOO_LONG|text is too long",
    "not_found": r"chat not found|user not found|PEER_ID_INVALID|CHAT_ID_INVALID|chat_id is empty",
}
"""Telegram's words, in the order in which they are looked for."""
MEANING: dict[OutcomeKind, re.Pattern[str]] = {kind: re.compile(said, re.IGNORECASE) for kind, said in WORDS.items()}


class Sender:
    """Sends chunks through one bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(
        self, chat_id: int, thread_id: int | None, chunk: Chunk, *, silent: bool = False, plain: bool = False
    ) -> Outcome:
        """One sendMessage. `plain`: the same text without markup, in several messages if it is too long for one;
        the keyboard hangs on the last. Raises nothing of Telegram's."""
        texts = plain_parts(chunk.plain) if plain else (chunk.html,)
        for place, text in enumerate(texts):
            last = place == len(texts) - 1
            request = _request(chat_id, thread_id, text, chunk.buttons if last else (), silent, plain)
            outcome = await self._attempt(request)
            if outcome.kind != "sent":
                break
        return outcome

    async def _attempt(self, request: SendMessage) -> Outcome:
        try:
            message = await self._bot(request, request_timeout=TIMEOUT)
        except (AiogramError, TimeoutError, OSError) as error:
            return classify(error)
        return Outcome("sent", message_id=message.message_id)


def _request(
    chat_id: int,
    thread_id: int | None,
    text: str,
    buttons: Sequence[Sequence[Button]],
    silent: bool,
    plain: bool,
) -> SendMessage:
    return SendMessage(
        chat_id=chat_id,
        message_thread_id=thread_id,
        text=text,
        parse_mode=None if plain else ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=silent or None,
        reply_markup=keyboard(buttons),
    )


def keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """The rows as Telegram takes them; None for none."""
    if not rows:
        return None
    return InlineKeyboardMarkup(inline_keyboard=[[_button(button) for button in row] for row in rows])


def _button(button: Button) -> InlineKeyboardButton:
    copy = CopyTextButton(text=button.copy_text) if button.copy_text is not None else None
    return InlineKeyboardButton(text=button.text, callback_data=button.data, url=button.url, copy_text=copy)


def classify(error: BaseException) -> Outcome:
    """What an error of aiogram, or of the network below it, means for a delivery."""
    said = describe(error)
    match error:
        case TelegramRetryAfter():
            return Outcome("retry_after", said, retry_after=float(error.retry_after))
        case TelegramMigrateToChat():
            return Outcome("migrated", said, new_chat=error.migrate_to_chat_id)
        case TelegramEntityTooLarge():
            return Outcome("rejected", said)
        case TelegramNetworkError() | OSError():
            return Outcome("network", said, ambiguous=NEVER_SENT.search(said) is None)
        case TelegramServerError() | ClientDecodeError():
            return Outcome("server_error", said, ambiguous=True)
        case TelegramUnauthorizedError() | TelegramNotFound():
            # A token that is not even well formed gets a bare 404 for every method.
            return Outcome("unauthorized", said)
        case _:
            return Outcome(_by_words(said), said)


def _by_words(said: str) -> OutcomeKind:
    return next((kind for kind, words in MEANING.items() if words.search(said)), "rejected")


def describe(error: BaseException) -> str:
    """The error's own words, short, on one line, without anything that looks like a token."""
    said = (
        error.message if isinstance(error, TelegramAPIError | ClientDecodeError) else f"{type(error).__name__}: {error}"
    )
    return TOKEN.sub("<token>", " ".join(said.split()))[:LONGEST]
