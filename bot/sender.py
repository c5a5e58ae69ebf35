"""One message to Telegram, sent, edited or deleted, and what came of it: the only place that knows Telegram's words for a failure.

Every answer and every error of the network becomes an Outcome here; deciding what follows is the business of digests.settle.
The token never appears in an Outcome. Sends once: no retry, no sleep, no rate.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Any

from bot.line import NotConnectedError
from digests import Button, Chunk, Outcome, OutcomeKind, plain_parts
from digests.types import ADDRESS

LONGEST = 300
"""Characters of a description that are kept."""

TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
"""Looks like a bot's token."""

TAKEN = re.compile(rb'\s*\{\s*"ok":\s*true,\s*"result":\s*\{\s*"message_id":\s*(\d+)\s*[,}]')
"""How the answer to a message that was sent begins: the rest of it, which repeats the message, is not read."""
READY = 512
"""Texts kept as they go out: most messages say what others have said."""

Rows = tuple[tuple[Button, ...], ...]
Post = Callable[[str, bytes], Awaitable[tuple[int, bytes]]]
"""Method and JSON body to status and body, as bot.line.Line.post does it."""

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
    "unchangeable": r"message can't be edited|MESSAGE_EDIT_TIME_EXPIRED",
    "unpaid": r"BALANCE_TOO_LOW|ALLOW_PAYMENT_REQUIRED|not enough (Telegram )?Stars",
    "not_found": r"chat not found|user not found|PEER_ID_INVALID|CHAT_ID_INVALID|chat_id is empty",
}
"""Telegram's words, in the order in which they are looked for."""
NEEDLESS = re.compile(r"message to delete not found|message is not modified", re.IGNORECASE)
"""What was to be deleted is gone, or what was to be changed is so already."""
GONE = re.compile(r"message to edit not found|MESSAGE_ID_INVALID", re.IGNORECASE)
MEANING: dict[OutcomeKind, re.Pattern[str]] = {kind: re.compile(said, re.IGNORECASE) for kind, said in WORDS.items()}


class Sender:
    """Sends chunks through one bot's line."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._keyboards: dict[int, tuple[Rows, bytes]] = {}

    async def send(
        self, chat_id: int, thread_id: int | None, chunk: Chunk, *, silent: bool = False, plain: bool = False
    ) -> Outcome:
        """One message sent, edited or deleted. `plain`: the same text without markup, in several messages if it is too long for
        one; the keyboard hangs on the last. Raises nothing of Telegram's."""
        if chunk.edits is not None:
            return await self._edit(chat_id, chunk, chunk.edits, plain)
        where = _where(chat_id, thread_id, silent) | _how(chunk)
        texts = plain_parts(chunk.plain) if plain and not chunk.media else (chunk.plain if plain else chunk.html,)
        for place, text in enumerate(texts):
            last = place == len(texts) - 1
            method, content = _encoded(text, chunk.media, plain)
            outcome = await self._attempt(method, where, content + (self._keyboard(chunk) if last else b""))
            if outcome.kind != "sent":
                break
        return outcome

    async def _edit(self, chat_id: int, chunk: Chunk, message: int, plain: bool) -> Outcome:
        """What is deleted, or is so already, needs no more doing; whether what cannot be changed does is not decided here. The
        keyboard goes along: of a message that is changed without one Telegram takes the old one away."""
        request: dict[str, Any] = {"chat_id": chat_id, "message_id": message}
        method, keyboard = "deleteMessage", b""
        if chunk.html:
            method, content = _content(plain_parts(chunk.plain)[0] if plain else chunk.html, chunk.media, plain)
            content.pop(chunk.media.partition(":")[0], None)
            method = "editMessageCaption" if chunk.media else "editMessageText"
            request |= content
            keyboard = self._keyboard(chunk)
        outcome = await self._attempt(method, request, keyboard, message=message)
        if outcome.kind != "rejected":
            return outcome
        if NEEDLESS.search(outcome.description) or (GONE.search(outcome.description) and not chunk.html):
            return Outcome("sent", message_id=message)
        return Outcome("gone", outcome.description, message) if GONE.search(outcome.description) else outcome

    def _keyboard(self, chunk: Chunk) -> bytes:
        """As it stands in the request behind other fields. Equal messages share their rows, which are encoded once."""
        rows = chunk.buttons
        same = self._keyboards.get(id(rows))
        if same is None or same[0] is not rows:
            if len(self._keyboards) >= READY:
                self._keyboards.clear()
            same = self._keyboards[id(rows)] = rows, _encoded_keyboard(rows)
        return same[1].replace(ADDRESS.encode(), chunk.address.encode()) if chunk.address else same[1]

    async def _attempt(
        self, method: str, request: Mapping[str, Any], more: bytes = b"", message: int | None = None
    ) -> Outcome:
        try:
            status, answer = await self._post(method, _json(request)[:-1] + more + b"}")
        except OSError as error:
            return unreached(error)
        return understood(status, answer, message)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


@lru_cache(READY)
def _encoded(text: str, media: str, plain: bool) -> tuple[str, bytes]:
    """Method, and what it sends as it stands in the request behind other fields."""
    method, content = _content(text, media, plain)
    return method, b", " + _json(content)[1:-1]


def _where(chat_id: int, thread_id: int | None, silent: bool) -> dict[str, Any]:
    where: dict[str, Any] = {"chat_id": chat_id}
    if thread_id is not None:
        where["message_thread_id"] = thread_id
    return where | {"disable_notification": True} if silent else where


def _how(chunk: Chunk) -> dict[str, Any]:
    """For a fee, as an answer."""
    paid = {"allow_paid_broadcast": True} if chunk.paid else {}
    if chunk.replies is None:
        return paid
    return paid | {"reply_parameters": {"message_id": chunk.replies, "allow_sending_without_reply": True}}


def _content(text: str, media: str, plain: bool) -> tuple[str, dict[str, Any]]:
    """Method and what it sends: a text, or a file that Telegram has, with its caption."""
    mode = {} if plain else {"parse_mode": "HTML"}
    kind, _, file = media.partition(":")
    if not kind:
        return "sendMessage", {"text": text, "link_preview_options": {"is_disabled": True}, **mode}
    caption = {"caption": text, **mode} if text else {}
    return f"send{kind.capitalize()}", {kind: file, **caption}


def _encoded_keyboard(rows: Rows) -> bytes:
    keyboard = [[_button(one) for one in row] for row in rows]
    return b", " + _json({"reply_markup": {"inline_keyboard": keyboard}})[1:-1] if keyboard else b""


def _button(button: Button) -> dict[str, Any]:
    if button.copy_text is not None:
        return {"text": button.text, "copy_text": {"text": button.copy_text}}
    if button.url is not None:
        return {"text": button.text, "url": button.url}
    return {"text": button.text, "callback_data": button.data}


def understood(status: int, body: bytes, message: int | None = None) -> Outcome:
    """What an answer of the Bot API means for a delivery. `message`: the one that was to be changed."""
    taken = TAKEN.match(body) if status == 200 and message is None else None
    if taken:
        return Outcome("sent", message_id=int(taken[1]))
    try:
        answer = json.loads(body)
        if status == 200 and answer["ok"]:
            return Outcome("sent", message_id=int(answer["result"]["message_id"] if message is None else message))
        code, said = int(answer["error_code"]), short(str(answer["description"]))
        return _refused(code, said, answer.get("parameters") or {})
    except (ValueError, KeyError, TypeError, AttributeError):
        return _unintelligible(status)


def _unintelligible(status: int) -> Outcome:
    """Not Telegram's own words: something in between has answered, and what it did with the request is not known."""
    if status == 413:
        return Outcome("rejected", "Request Entity Too Large")
    return Outcome("server_error", f"HTTP {status} without an answer of the Bot API", ambiguous=True)


def _refused(code: int, said: str, parameters: dict[str, Any]) -> Outcome:
    if "retry_after" in parameters or code == 429:
        return Outcome("retry_after", said, retry_after=float(parameters.get("retry_after", 1)))
    if "migrate_to_chat_id" in parameters:
        return Outcome("migrated", said, new_chat=int(parameters["migrate_to_chat_id"]))
    if code >= 500:
        return Outcome("server_error", said, ambiguous=True)
    if code in (401, 404):  # a token that is not even well formed gets a bare 404 for every method
        return Outcome("unauthorized", said)
    return Outcome(_by_words(said), said)


def _by_words(said: str) -> OutcomeKind:
    return next((kind for kind, words in MEANING.items() if words.search(said)), "rejected")


def unreached(error: BaseException) -> Outcome:
    """What an error of the network means: taken for possibly sent, unless no connection came about."""
    return Outcome(
        "network", short(f"{type(error).__name__}: {error}"), ambiguous=not isinstance(error, NotConnectedError)
    )


def short(said: str) -> str:
    """On one line, without anything that looks like a token."""
    return TOKEN.sub("<token>", " ".join(said.split()))[:LONGEST]
