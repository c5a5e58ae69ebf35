"""One message to Telegram, and what came of it: the only place that knows Telegram's words for a failure.

Every answer and every error of the network becomes an Outcome here; deciding what follows is the business of digests.settle.
The token never appears in an Outcome. Sends once: no retry, no sleep, no rate.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.line import NotConnectedError
from digests import Button, Chunk, Outcome, OutcomeKind, plain_parts

LONGEST = 300
"""Characters of a description that are kept."""

TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
"""Looks like a bot's token."""

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
    "not_found": r"chat not found|user not found|PEER_ID_INVALID|CHAT_ID_INVALID|chat_id is empty",
}
"""Telegram's words, in the order in which they are looked for."""
MEANING: dict[OutcomeKind, re.Pattern[str]] = {kind: re.compile(said, re.IGNORECASE) for kind, said in WORDS.items()}


class Sender:
    """Sends chunks through one bot's line."""

    def __init__(self, post: Post) -> None:
        self._post = post

    async def send(
        self, chat_id: int, thread_id: int | None, chunk: Chunk, *, silent: bool = False, plain: bool = False
    ) -> Outcome:
        """One sendMessage. `plain`: the same text without markup, in several messages if it is too long for one;
        the keyboard hangs on the last. Raises nothing of Telegram's."""
        texts = plain_parts(chunk.plain) if plain else (chunk.html,)
        for place, text in enumerate(texts):
            last = place == len(texts) - 1
            request = _request(chat_id, thread_id, text, chunk.buttons if last else (), silent, plain)
            outcome = await self._attempt(json.dumps(request, ensure_ascii=False).encode())
            if outcome.kind != "sent":
                break
        return outcome

    async def _attempt(self, body: bytes) -> Outcome:
        try:
            status, answer = await self._post("sendMessage", body)
        except OSError as error:
            return unreached(error)
        return understood(status, answer)


def _request(
    chat_id: int, thread_id: int | None, text: str, buttons: Sequence[Sequence[Button]], silent: bool, plain: bool
) -> dict[str, Any]:
    request: dict[str, Any] = {"chat_id": chat_id, "text": text, "link_preview_options": {"is_disabled": True}}
    if thread_id is not None:
        request["message_thread_id"] = thread_id
    if not plain:
        request["parse_mode"] = "HTML"
    if silent:
        request["disable_notification"] = True
    if buttons:
        request["reply_markup"] = {"inline_keyboard": [[_button(button) for button in row] for row in buttons]}
    return request


def _button(button: Button) -> dict[str, Any]:
    if button.copy_text is not None:
        return {"text": button.text, "copy_text": {"text": button.copy_text}}
    if button.url is not None:
        return {"text": button.text, "url": button.url}
    return {"text": button.text, "callback_data": button.data}


def understood(status: int, body: bytes) -> Outcome:
    """What an answer of the Bot API means for a delivery."""
    try:
        answer = json.loads(body)
        if status == 200 and answer["ok"]:
            return Outcome("sent", message_id=int(answer["result"]["message_id"]))
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
