"""The sandbox's small pure parts: pace, faults, keyboards, pictures, the guard, commands, the event log."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandbox_kit import png

from bot.sandbox import ApiError, Fault, Limits
from bot.sandbox.chats import Chat
from bot.sandbox.events import KEPT_EVENTS, EventLog
from bot.sandbox.faults import Faults
from bot.sandbox.files import picture_size
from bot.sandbox.guard import allowed
from bot.sandbox.keyboards import chat_keyboard, inline_keyboard
from bot.sandbox.limits import UNLIMITED, Pace
from bot.sandbox.profile import Profile


def test_a_chat_takes_a_burst_and_then_one_a_second() -> None:
    pace = Pace(Limits())
    assert [pace.take(1, False, 0) for _ in range(5)] == [0, 0, 0, 0, 1]
    assert pace.take(2, False, 0) == 0
    assert [pace.take(1, False, 1.0) for _ in range(2)] == [0, 1]


def test_a_group_takes_twenty_a_minute() -> None:
    pace = Pace(Limits(per_second=0, per_chat_second=0))
    assert [pace.take(-1, True, 0) for _ in range(21)] == [0] * 20 + [3]
    assert pace.take(-1, True, 3) == 0


def test_thirty_a_second_over_all() -> None:
    pace = Pace(Limits())
    assert [pace.take(chat, False, 0) for chat in range(1, 32)] == [0] * 30 + [1]
    assert pace.take_any(0) == 1
    assert pace.take_any(1) == 0


def test_no_limits() -> None:
    pace = Pace(UNLIMITED)
    assert not any(pace.take(-1, True, 0) or pace.take_any(0) for _ in range(100))


@given(st.lists(st.tuples(st.integers(1, 3), st.floats(0, 0.4)), max_size=80))
def test_no_chat_gets_more_than_its_burst_and_rate(sends: list[tuple[int, float]]) -> None:
    pace, now = Pace(Limits()), 0.0
    taken: dict[int, list[float]] = {}
    for chat, pause in sends:
        now += pause
        if not pace.take(chat, False, now):
            taken.setdefault(chat, []).append(now)
    for times in taken.values():
        for first, start in enumerate(times):
            within = [time for time in times[first:] if time - start <= 3]
            assert len(within) <= 4 + 3


def test_faults_strike_in_order_and_are_counted_down() -> None:
    faults = Faults()
    faults.add(Fault("sendMessage", times=2, skip=1, chat=7), Fault("*", "reset"))
    assert faults.take("getupdates", "") is None
    assert faults.take("sendmessage", "7") is None
    assert [faults.take("sendmessage", "7"), faults.take("sendmessage", "7")] != [None, None]
    struck = faults.take("sendmessage", "@x")
    assert struck is not None and struck.kind == "reset"
    faults.add(Fault())
    faults.clear()
    assert faults.take("sendmessage", "7") is None


def key(**fields: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x", **fields}]]}


def test_keeps_an_inline_keyboard_without_empty_rows() -> None:
    markup = {"inline_keyboard": [[], [{"text": "x", "callback_data": "甲" * 21, "style": None}]]}
    assert inline_keyboard(markup) == key(callback_data="甲" * 21)
    assert inline_keyboard({"inline_keyboard": [[]]}) is None
    assert inline_keyboard({}) is None


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (key(callback_data="甲" * 22), "BUTTON_DATA_INVALID"),
        (key(callback_data=""), "Text buttons are unallowed in the inline keyboard"),
        (key(url="no address"), "inline keyboard button URL 'no address' is invalid"),
        (key(copy_text={"text": ""}), "BUTTON_COPY_TEXT_INVALID"),
        ({"inline_keyboard": [[{"callback_data": "x"}]]}, 'Field "text" must be of type String'),
        ({"inline_keyboard": [["x"]]}, "expected an Object"),
        ({"inline_keyboard": ["x"]}, "expected an Array of Arrays"),
        ({"inline_keyboard": "x"}, "object expected as reply markup"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 101}, "reply markup is too long"),
    ],
)
def test_refuses_keyboards(markup: dict[str, Any], words: str) -> None:
    with pytest.raises(ApiError) as refused:
        inline_keyboard(markup)
    assert words in refused.value.description


def test_the_chats_own_keyboard() -> None:
    assert chat_keyboard({"keyboard": [["甲", {"text": "乙"}]]}) == {"rows": [["甲", "乙"]], "once": False}
    assert chat_keyboard({"remove_keyboard": True}) == {}
    assert chat_keyboard({"force_reply": True}) == {"force_reply": True, "placeholder": ""}
    assert chat_keyboard({"inline_keyboard": []}) is None
    with pytest.raises(ApiError, match="must be of type String"):
        chat_keyboard({"keyboard": [[{}]]})


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (png(7, 5), (7, 5)),
        (b"GIF89a" + struct.pack("<HH", 3, 4) + b"\0" * 8, (3, 4)),
        (b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + b"\x09\0\0\x04\0\0", (10, 5)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x06\x00\x08" + b"\0" * 9, (8, 6)),
        (b"\xff\xd8\xff\xe0\x00\x04ab", None),
        (b"%PDF-1.7", None),
        (b"", None),
    ],
)
def test_picture_sizes(data: bytes, size: tuple[int, int] | None) -> None:
    assert picture_size(data) == size


@pytest.mark.parametrize(
    ("host", "origin", "site", "answer"),
    [
        ("127.0.0.1:8080", None, None, True),
        ("localhost", "http://localhost", "same-origin", True),
        ("[::1]:9", "http://[::1]:9", "none", True),
        ("kanbao.example:8080", None, None, False),
        ("127.0.0.1.evil.example", None, None, False),
        ("127.0.0.1:8080", "http://evil.example", None, False),
        ("127.0.0.1:8080", "null", None, False),
        ("127.0.0.1:8080", "http://127.0.0.1:9090", None, False),
        ("127.0.0.1:8080", None, "cross-site", False),
        ("[", None, None, False),
        ("", None, None, False),
    ],
)
def test_the_guard(host: str, origin: str | None, site: str | None, answer: bool) -> None:
    assert allowed(host, origin, site) is answer


def test_the_menu_is_the_narrowest_that_is_set() -> None:
    profile = Profile()
    group = Chat(-5, "group", "member", members={1: "creator", 2: "member"})
    private = Chat(1, "private", "member", members={1: "member"})

    def menu(chat: Chat, user: int, language: str = "zh-hans") -> list[str]:
        return [command["command"] for command in profile.menu(chat, user, language)]

    assert menu(private, 1) == []
    commands: list[tuple[str, dict[str, Any], str]] = [
        ("everywhere", {"type": "default"}, ""),
        ("chinese", {"type": "default"}, "zh"),
        ("rooms", {"type": "all_group_chats"}, ""),
        ("owners", {"type": "all_chat_administrators"}, ""),
        ("one", {"type": "chat", "chat_id": 1}, ""),
    ]
    for name, scope, language in commands:
        profile.set_commands([{"command": name, "description": "x"}], scope, language)
    assert menu(private, 1) == ["one"]
    assert menu(group, 1) == ["owners"]
    assert menu(group, 2) == ["rooms"]
    profile.delete_commands({"type": "chat", "chat_id": 1}, "")
    assert menu(private, 1) == ["chinese"]
    assert menu(private, 1, "en") == ["everywhere"]


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([{"command": "Start", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "start", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "start", "description": "x"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
def test_refuses_commands(commands: list[dict[str, str]], words: str) -> None:
    with pytest.raises(ApiError, match=words):
        Profile().set_commands(commands, {"type": "default"}, "")


def test_the_event_log_tells_what_was_missed_or_that_too_much_was() -> None:
    log = EventLog()
    with log.listen() as queue:
        for number in range(KEPT_EVENTS + 1):
            log.add("message", number=number)
        assert queue.qsize() == KEPT_EVENTS + 1
    assert [event["number"] for event in log.since(KEPT_EVENTS) or []] == [KEPT_EVENTS]
    assert log.since(log.seq) == []
    assert log.since(0) is None
    assert log.since(log.seq + 1) is None
