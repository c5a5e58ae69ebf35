"""Telegram's real words and what they mean; what is sent, through a session that answers from a list."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import ClientDecodeError, TelegramEntityTooLarge, TelegramNetworkError
from aiogram.methods import SendMessage, TelegramMethod

from bot.sender import Sender, classify, keyboard
from digests import Button, Chunk, Outcome, OutcomeKind

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_"
METHOD = SendMessage(chat_id=5, text="x")
CHUNK = Chunk(
    "<b>甲</b> &lt;乙&gt;", "甲 <乙>", ((Button("1", data="a:d:0:0"), Button("网页", url="https://example.org")),)
)

SAID: list[tuple[int, str, OutcomeKind]] = [
    (403, "Forbidden: bot was blocked by the user", "blocked"),
    (400, "Bad Request: USER_IS_BLOCKED", "blocked"),
    (403, "Forbidden: user is deactivated", "deactivated"),
    (400, "Bad Request: INPUT_USER_DEACTIVATED", "deactivated"),
    (403, "Forbidden: bot was kicked from the group chat", "kicked"),
    (403, "Forbidden: bot was kicked from the supergroup chat", "kicked"),
    (403, "Forbidden: bot was kicked from the channel chat", "kicked"),
    (403, "Forbidden: bot is not a member of the supergroup chat", "kicked"),
    (403, "Forbidden: bot is not a member of the channel chat", "kicked"),
    (403, "Forbidden: the group chat was deleted", "kicked"),
    (400, "Bad Request: group chat was deactivated", "kicked"),
    (403, "Forbidden: bot can't initiate conversation with a user", "cant_initiate"),
    (400, "Bad Request: not enough rights to send text messages to the chat", "no_rights"),
    (400, "Bad Request: have no rights to send a message", "no_rights"),
    (400, "Bad Request: need administrator rights in the channel chat", "no_rights"),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN", "no_rights"),
    (403, "Forbidden: CHAT_SEND_PLAIN_FORBIDDEN", "no_rights"),
    (400, "Bad Request: CHAT_RESTRICTED", "no_rights"),
    (400, "Bad Request: TOPIC_CLOSED", "topic_closed"),
    (400, "Bad Request: TOPIC_DELETED", "topic_closed"),
    (400, "Bad Request: message thread not found", "topic_closed"),
    (400, "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"", "bad_entities"),
    (400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0', "bad_entities"),
    (400, "Bad Request: ENTITIES_TOO_LONG", "bad_entities"),
    (400, "Bad Request: message is too long", "too_long"),
    (400, "Bad Request: MESSAGE_TOO_LONG", "too_long"),
    (400, "Bad Request: chat not found", "not_found"),
    (400, "Bad Request: PEER_ID_INVALID", "not_found"),
    (401, "Unauthorized", "unauthorized"),
    (404, "Not Found", "unauthorized"),
    (500, "Internal Server Error", "server_error"),
    (502, "Bad Gateway", "server_error"),
    (400, "Bad Request: BUTTON_DATA_INVALID", "rejected"),
    (400, "Bad Request: message text is empty", "rejected"),
    (403, "Forbidden: bot can't send messages to bots", "rejected"),
    (403, "Forbidden: bot can't send messages to the user", "rejected"),
    (409, "Conflict: terminated by other getUpdates request", "rejected"),
    (418, "I'm a teapot", "rejected"),
]


class ListedAnswers(BaseSession):
    """Answers requests from a list of (status, body) or errors to raise, and keeps what was asked."""

    def __init__(self, *answers: tuple[int, dict[str, Any]] | Exception) -> None:
        super().__init__()
        self.answers, self.asked = list(answers), []

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], **limits: Any) -> Any:
        self.asked.append(method)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return self.check_response(bot, method, status, json.dumps(body)).result

    async def close(self) -> None: ...

    async def stream_content(self, *args: Any, **kwargs: Any) -> AsyncGenerator[bytes, None]:
        yield b""


def refusal(status: int, words: str, **parameters: int) -> tuple[int, dict[str, Any]]:
    return status, {"ok": False, "error_code": status, "description": words, "parameters": parameters}


def sent(id: int) -> tuple[int, dict[str, Any]]:
    return 200, {"ok": True, "result": {"message_id": id, "date": 0, "chat": {"id": 5, "type": "private"}}}


async def send(
    *answers: tuple[int, dict[str, Any]] | Exception, chunk: Chunk = CHUNK, **more: Any
) -> tuple[Outcome, list[Any]]:
    session = ListedAnswers(*answers)
    outcome = await Sender(Bot(TOKEN, session=session)).send(5, None, chunk, **more)
    return outcome, session.asked


@pytest.mark.parametrize(("status", "words", "kind"), SAID)
async def test_what_telegram_says(status: int, words: str, kind: OutcomeKind) -> None:
    outcome, _ = await send(refusal(status, words))
    assert (outcome.kind, outcome.description, outcome.message_id) == (kind, words, None)


async def test_sent() -> None:
    outcome, (asked,) = await send(sent(77))
    assert outcome == Outcome("sent", message_id=77)
    assert (asked.chat_id, asked.text, asked.parse_mode, asked.message_thread_id) == (5, CHUNK.html, "HTML", None)
    assert asked.link_preview_options.is_disabled and asked.disable_notification is None
    (row,) = asked.reply_markup.inline_keyboard
    assert [(b.text, b.callback_data, b.url) for b in row] == [
        ("1", "a:d:0:0", None),
        ("网页", None, "https://example.org"),
    ]


async def test_silent_into_a_forum_topic() -> None:
    session = ListedAnswers(sent(1))
    await Sender(Bot(TOKEN, session=session)).send(-100, 44, Chunk("x", "x"), silent=True)
    assert session.asked[0].message_thread_id == 44 and session.asked[0].disable_notification
    assert session.asked[0].reply_markup is None


async def test_plain() -> None:
    _, (asked,) = await send(sent(3), plain=True)
    assert (asked.text, asked.parse_mode) == ("甲 <乙>", None) and asked.reply_markup is not None


async def test_a_plain_text_that_is_too_long_goes_in_parts_and_the_buttons_hang_on_the_last() -> None:
    long = Chunk("", "一句话。" * 2000, CHUNK.buttons)
    outcome, asked = await send(sent(3), sent(4), chunk=long, plain=True)
    assert outcome.message_id == 4 and "".join(part.text for part in asked) == long.plain
    assert [part.reply_markup is None for part in asked] == [True, False]
    outcome, asked = await send(refusal(403, "Forbidden: bot was blocked by the user"), chunk=long, plain=True)
    assert outcome.kind == "blocked" and len(asked) == 1


async def test_told_to_wait() -> None:
    outcome, _ = await send(refusal(429, "Too Many Requests: retry after 35", retry_after=35))
    assert (outcome.kind, outcome.retry_after) == ("retry_after", 35.0)
    assert "Too Many Requests: retry after 35" in outcome.description


async def test_migrated() -> None:
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    outcome, _ = await send(refusal(400, words, migrate_to_chat_id=-1001234567890))
    assert (outcome.kind, outcome.new_chat) == ("migrated", -1001234567890)


@pytest.mark.parametrize(
    ("error", "kind", "ambiguous"),
    [
        (TelegramNetworkError(METHOD, "Request timeout error"), "network", True),
        (TelegramNetworkError(METHOD, "ServerDisconnectedError: Server disconnected"), "network", True),
        (TelegramNetworkError(METHOD, "ClientConnectorError: Cannot connect to host h:443"), "network", False),
        (TelegramNetworkError(METHOD, "ClientConnectorDNSError: gaierror"), "network", False),
        (TimeoutError(), "network", True),
        (ConnectionRefusedError(111, "refused"), "network", False),
        (ConnectionResetError(104, "reset"), "network", True),
        (ClientDecodeError("Failed to decode object", ValueError("x"), "<html>"), "server_error", True),
        (TelegramEntityTooLarge(METHOD, "Request Entity Too Large"), "rejected", False),
    ],
)
async def test_below_telegram(error: Exception, kind: OutcomeKind, ambiguous: bool) -> None:
    outcome, _ = await send(error)
    assert (outcome.kind, outcome.ambiguous) == (kind, ambiguous)


def test_the_token_never_appears() -> None:
    words = f"InvalidURL: https://example.org/bot{TOKEN}/sendMessage\nsecond line " + "x" * 500
    for error in (TelegramNetworkError(METHOD, words), ClientDecodeError(words, ValueError(), ""), OSError(words)):
        said = classify(error).description
        assert TOKEN not in said and TOKEN[10:] not in said and "<token>" in said
        assert "\n" not in said and len(said) <= 300


def test_buttons() -> None:
    assert keyboard(()) is None
    made = keyboard([[Button("抄", copy_text="文")]])
    assert made is not None and made.inline_keyboard[0][0].copy_text.text == "文"
