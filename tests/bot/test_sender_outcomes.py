"""Telegram's real words and what they mean; what is sent, over a line that answers from a list, and over a real one."""

import asyncio
import json
import socket
from dataclasses import replace
from typing import Any

import pytest

from bot.app import present
from bot.line import Line, NotConnectedError, parse
from bot.sandbox import OFFICIAL_ID, UNLIMITED, Fault, Sandbox
from bot.sender import Sender, understood, unreached
from digests import Button, Chunk, Outcome, OutcomeKind
from digests.types import ADDRESS

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_"
CHUNK = Chunk(
    "<b>甲</b> &lt;乙&gt;",
    "甲 <乙>",
    ((Button("1", data="a:d:0:0"), Button("网页", url="https://example.org"), Button("抄", copy_text="文")),),
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


Answer = tuple[int, dict[str, Any]] | Exception


class ListedAnswers:
    """Answers requests from a list of (status, body) or errors to raise, and keeps what was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.asked = list(answers), list[dict[str, Any]]()

    async def post(self, method: str, body: bytes) -> tuple[int, bytes]:
        assert method == "sendMessage"
        self.asked.append(json.loads(body))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer[0], json.dumps(answer[1]).encode()


def refusal(status: int, words: str, **parameters: int) -> tuple[int, dict[str, Any]]:
    return status, {"ok": False, "error_code": status, "description": words, "parameters": parameters}


def sent(id: int) -> tuple[int, dict[str, Any]]:
    return 200, {"ok": True, "result": {"message_id": id, "date": 0, "chat": {"id": 5, "type": "private"}}}


async def send(*answers: Answer, chunk: Chunk = CHUNK, **more: Any) -> tuple[Outcome, list[dict[str, Any]]]:
    line = ListedAnswers(*answers)
    outcome = await Sender(line.post).send(5, None, chunk, **more)
    return outcome, line.asked


@pytest.mark.parametrize(("status", "words", "kind"), SAID)
async def test_what_telegram_says(status: int, words: str, kind: OutcomeKind) -> None:
    outcome, _ = await send(refusal(status, words))
    assert (outcome.kind, outcome.description, outcome.message_id) == (kind, words, None)


async def test_sent() -> None:
    outcome, (asked,) = await send(sent(77))
    assert outcome == Outcome("sent", message_id=77)
    (row,) = asked.pop("reply_markup")["inline_keyboard"]
    assert row == [
        {"text": "1", "callback_data": "a:d:0:0"},
        {"text": "网页", "url": "https://example.org"},
        {"text": "抄", "copy_text": {"text": "文"}},
    ]
    preview = {"link_preview_options": {"is_disabled": True}}
    assert asked == {"chat_id": 5, "text": CHUNK.html, "parse_mode": "HTML", **preview}


@pytest.mark.parametrize(
    "body",
    [
        b'{"ok":true,"result":{"message_id":77,"date":0}}',
        b'\n{ "ok" : true, "result" : {"message_id" : 77}}',
        b'{"result": {"date": 0, "message_id": 77}, "ok": true}',
        b'{"ok": true, "description": "\\"ok\\":true", "result": {"chat": {"message_id": 5}, "message_id": 77}}',
    ],
)
def test_sent_in_whatever_order_it_is_said(body: bytes) -> None:
    assert understood(200, body) == Outcome("sent", message_id=77)
    assert understood(200, body, 5) == Outcome("sent", message_id=5)
    assert understood(500, body).kind == "server_error"


async def test_equal_texts_reach_each_in_its_own_place() -> None:
    line = ListedAnswers(sent(1), sent(2), sent(3))
    sender = Sender(line.post)
    for chat, thread, chunk in (
        (5, None, Chunk("<b>甲</b>", "甲")),
        (-6, 44, Chunk("<b>甲</b>", "甲")),
        (7, None, CHUNK),
    ):
        await sender.send(chat, thread, chunk)
    first, second, third = line.asked
    row = (Button("1", data=f"a:{ADDRESS}:0:0"), Button("网", url="https://example.org"))
    for n in range(1200):
        rows = (row,) if n % 2 else ((*row, row[0]),)
        line.answers.append(sent(n))
        chunk = Chunk("x", "x", rows, f"{n:016x}")
        assert (await sender.send(n, None, chunk)).message_id == n
        (asked,) = line.asked[-1]["reply_markup"]["inline_keyboard"]
        assert {button.get("callback_data") for button in asked} == {None, f"a:{n:016x}:0:0"}
        assert len(asked) == 2 + (n % 2 == 0)
    assert first | {"chat_id": -6, "message_thread_id": 44} == second and "reply_markup" in third


async def test_silent_into_a_forum_topic() -> None:
    line = ListedAnswers(sent(1))
    await Sender(line.post).send(-100, 44, Chunk("x", "x"), silent=True)
    assert line.asked[0]["message_thread_id"] == 44 and line.asked[0]["disable_notification"]
    assert "reply_markup" not in line.asked[0]


async def test_plain() -> None:
    _, (asked,) = await send(sent(3), plain=True)
    assert asked["text"] == "甲 <乙>" and "parse_mode" not in asked and asked["reply_markup"]


async def test_a_plain_text_that_is_too_long_goes_in_parts_and_the_buttons_hang_on_the_last() -> None:
    long = Chunk("", "一句话。" * 2000, CHUNK.buttons)
    outcome, asked = await send(sent(3), sent(4), chunk=long, plain=True)
    assert outcome.message_id == 4 and "".join(part["text"] for part in asked) == long.plain
    assert ["reply_markup" in part for part in asked] == [False, True]
    outcome, asked = await send(refusal(403, "Forbidden: bot was blocked by the user"), chunk=long, plain=True)
    assert outcome.kind == "blocked" and len(asked) == 1


class ByMethod(ListedAnswers):
    """Notes the methods as well."""

    async def post(self, method: str, body: bytes) -> tuple[int, bytes]:
        status, answer = await super().post("sendMessage", body)
        self.asked[-1]["method"] = method
        return status, answer


DONE: Answer = (200, {"ok": True, "result": True})


async def by_method(chunk: Chunk, *answers: Answer, plain: bool = False) -> tuple[Outcome, dict[str, Any]]:
    line = ByMethod(*answers)
    outcome = await Sender(line.post).send(5, 44, chunk, silent=True, plain=plain)
    (asked,) = line.asked
    return outcome, asked


async def test_a_file_that_telegram_has() -> None:
    where = {"chat_id": 5, "message_thread_id": 44, "disable_notification": True}
    outcome, asked = await by_method(Chunk("<b>甲</b>", "甲", media="photo:AgAC:1"), sent(9))
    assert outcome == Outcome("sent", message_id=9)
    assert asked == where | {"method": "sendPhoto", "photo": "AgAC:1", "caption": "<b>甲</b>", "parse_mode": "HTML"}
    _, asked = await by_method(Chunk("", "", media="document:B"), sent(9))
    assert asked == where | {"method": "sendDocument", "document": "B"}
    _, asked = await by_method(Chunk("<b>甲</b>", "甲", media="photo:A"), sent(9), plain=True)
    assert asked == where | {"method": "sendPhoto", "photo": "A", "caption": "甲"}


async def test_messages_are_deleted_and_edited() -> None:
    outcome, asked = await by_method(Chunk("", "", edits=7), DONE)
    assert outcome == Outcome("sent", message_id=7)
    assert asked == {"method": "deleteMessage", "chat_id": 5, "message_id": 7}
    outcome, asked = await by_method(Chunk("<b>乙</b>", "乙", edits=7), sent(7))
    assert asked["method"] == "editMessageText" and asked["text"] == "<b>乙</b>" and asked["message_id"] == 7
    assert "reply_markup" not in asked
    _, asked = await by_method(replace(CHUNK, edits=7), sent(7))
    assert asked["method"] == "editMessageText" and len(asked["reply_markup"]["inline_keyboard"][0]) == 3
    _, asked = await by_method(Chunk("<b>乙</b>", "乙", edits=7), sent(7), plain=True)
    assert asked["text"] == "乙" and "parse_mode" not in asked
    _, asked = await by_method(Chunk("<b>乙</b>", "乙", media="photo:A", edits=7), sent(7))
    assert asked == {
        "method": "editMessageCaption",
        "chat_id": 5,
        "message_id": 7,
        "caption": "<b>乙</b>",
        "parse_mode": "HTML",
    }


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("message to delete not found", "sent"), ("MESSAGE_ID_INVALID", "sent"),
        ("message is not modified: specified new message content and reply markup are exactly the same", "sent"),
        ("message can't be deleted for everyone", "rejected"), ("message can't be edited", "unchangeable"), ("chat not found", "not_found"),
    ],
)  # fmt: skip
async def test_what_is_gone_or_so_already_needs_no_more_doing(words: str, kind: OutcomeKind) -> None:
    outcome, _ = await by_method(Chunk("", "", edits=7), refusal(400, f"Bad Request: {words}"))
    assert (outcome.kind, outcome.message_id) == (kind, 7 if kind == "sent" else None)
    outcome, _ = await by_method(CHUNK, refusal(400, "Bad Request: message to edit not found"))
    assert outcome.kind == "rejected", "of what is sent it means nothing"


async def test_whether_a_message_that_is_gone_matters_is_not_the_senders_business() -> None:
    for words in ("message to edit not found", "MESSAGE_ID_INVALID"):
        outcome, _ = await by_method(Chunk("甲", "甲", edits=7), refusal(400, f"Bad Request: {words}"))
        assert (outcome.kind, outcome.message_id) == ("gone", 7)


async def test_an_answer_and_a_fee_are_told_to_telegram() -> None:
    _, request = await by_method(Chunk("甲", "甲", replies=9, paid=True), sent(5))
    assert request["reply_parameters"] == {"message_id": 9, "allow_sending_without_reply": True}
    assert request["allow_paid_broadcast"] is True


async def test_told_to_wait() -> None:
    outcome, _ = await send(refusal(429, "Too Many Requests: retry after 35", retry_after=35))
    assert (outcome.kind, outcome.retry_after) == ("retry_after", 35.0)
    assert "Too Many Requests: retry after 35" in outcome.description
    assert (await send(refusal(429, "Too Many Requests")))[0].retry_after == 1


async def test_migrated() -> None:
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    outcome, _ = await send(refusal(400, words, migrate_to_chat_id=-1001234567890))
    assert (outcome.kind, outcome.new_chat) == ("migrated", -1001234567890)


@pytest.mark.parametrize(
    ("error", "ambiguous"),
    [
        (NotConnectedError("refused"), False),
        (ConnectionError("closed"), True),
        (TimeoutError(), True),
        (ConnectionResetError(104, "reset"), True),
    ],
)
async def test_below_telegram(error: Exception, ambiguous: bool) -> None:
    outcome, _ = await send(error)
    assert (outcome.kind, outcome.ambiguous) == ("network", ambiguous)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"ok": true}', b'{"ok": true, "result": true}', b""])
def test_what_is_no_answer_of_the_bot_api(body: bytes) -> None:
    for status in (200, 302, 502):
        outcome = understood(status, body)
        assert (outcome.kind, outcome.ambiguous) == ("server_error", True)
    assert understood(413, body).kind == "rejected"


def test_the_token_never_appears() -> None:
    words = f"InvalidURL: https://example.org/bot{TOKEN}/sendMessage\nsecond line " + "x" * 500
    body = json.dumps({"ok": False, "error_code": 400, "description": words}).encode()
    for outcome in (understood(400, body), unreached(OSError(words))):
        said = outcome.description
        assert TOKEN not in said and TOKEN[10:] not in said and "<token>" in said
        assert "\n" not in said and len(said) <= 300


async def test_over_a_real_line() -> None:
    async with Sandbox(
        "127.0.0.1", 0, token="42:T", state_file=None, publish=None, now=present, limits=UNLIMITED
    ) as server:
        server.act.start(OFFICIAL_ID)
        line = Line(server.base_url, "42:T", timeout=2.0)
        sender = Sender(line.post)
        outcomes = await asyncio.gather(*(sender.send(OFFICIAL_ID, None, CHUNK) for _ in range(20)))
        assert len({outcome.message_id for outcome in outcomes}) == 20
        server.faults.add(Fault(kind="status", code=502), Fault(kind="reset", after=True), Fault(kind="timeout"))
        kinds = [await sender.send(OFFICIAL_ID, None, CHUNK) for _ in range(3)]
        assert [(one.kind, one.ambiguous) for one in kinds] == [
            ("server_error", True),
            ("network", True),
            ("network", True),
        ]
        wrong = Line(server.base_url, "42:OTHER")
        assert (await Sender(wrong.post).send(OFFICIAL_ID, None, CHUNK)).kind == "unauthorized"
        await wrong.close()
        await line.close()
        await line.close()


async def test_a_server_that_is_not_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        line = Line(f"http://127.0.0.1:{unused.getsockname()[1]}", "42:T")
        outcome = await Sender(line.post).send(5, None, CHUNK)
        assert (outcome.kind, outcome.ambiguous) == ("network", False)
        await line.close()


ANSWERS = [
    (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", (200, b"{}", True)),
    (b"HTTP/1.1 502 Bad\r\nContent-Length:0\r\nConnection: close\r\n\r\n", (502, b"", False)),
    (b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", (200, b"x", False)),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nab\r\n1\r\nc\r\n0\r\n\r\n", (200, b"abc", True)),
]


@pytest.mark.parametrize(("data", "expected"), ANSWERS)
def test_answers_are_read_however_they_come_apart(data: bytes, expected: tuple[int, bytes, bool]) -> None:
    for cut in range(len(data)):
        assert parse(data[:cut]) is None
    status, body, used, keeps = parse(data + b"next") or (0, b"", 0, False)
    assert ((status, body, keeps), used) == (expected, len(data))


def test_an_answer_may_end_with_the_connection() -> None:
    data = b"HTTP/1.1 200 OK\r\n\r\nabc"
    assert parse(data) is None
    assert parse(data, ended=True) == (200, b"abc", len(data), False)


@pytest.mark.parametrize(
    "data", [b"SSH-2.0", b"junk\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"]
)
def test_what_is_no_answer(data: bytes) -> None:
    with pytest.raises(ValueError):
        parse(data)


@pytest.mark.parametrize("said", [b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", b""])
async def test_a_server_that_breaks_off(said: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"}")
        writer.write(said)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        line = Line(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "42:T")
        for _ in range(2):
            outcome = await Sender(line.post).send(5, None, CHUNK)
            assert (outcome.kind, outcome.ambiguous) == ("network", True)
        await line.close()
