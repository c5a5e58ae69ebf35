"""The command menus: per language and role, complete, and never a reason not to start."""

from __future__ import annotations

import pytest
from chat_driver import ADMIN, Chat

from bot.chat import register_commands
from bot.chat.sentences import ADMIN_COMMANDS, READER_COMMANDS


def names(params: dict[str, object]) -> set[str]:
    commands = params["commands"]
    assert isinstance(commands, list)
    return {command["command"] for command in commands}


async def test_menus_per_language_and_role() -> None:
    chat = Chat()
    await register_commands(chat.bot, chat.services)
    menus = chat.session.sent("setMyCommands")
    seen = {(menu.params["scope"]["type"], menu.params.get("language_code")): menu.params for menu in menus}
    scopes = ("all_private_chats", "all_group_chats", "all_chat_administrators", "chat")
    assert set(seen) == {(scope, code) for scope in scopes for code in (None, "en")}
    private = names(seen["all_private_chats", None])
    assert private == set(READER_COMMANDS) - {"start"}
    assert names(seen["chat", "en"]) == private | set(ADMIN_COMMANDS)
    assert names(seen["all_group_chats", None]) < names(seen["all_chat_administrators", None])
    assert seen["chat", None]["scope"]["chat_id"] == ADMIN


async def test_an_admin_without_a_chat_is_no_obstacle() -> None:
    chat = Chat()
    chat.session.refuse = lambda asked: "Bad Request: chat not found" if asked.params["scope"]["type"] == "chat" else ""
    await register_commands(chat.bot, chat.services)
    assert [menu.params["scope"]["type"] for menu in chat.session.sent("setMyCommands")].count("chat") == 1


async def test_waiting_when_told_to() -> None:
    chat = Chat()
    refusals = ["Too Many Requests: retry after 0"]
    chat.session.refuse = lambda asked: refusals.pop() if refusals else ""
    await register_commands(chat.bot, chat.services)
    assert len(chat.session.sent("setMyCommands")) == 9


async def test_menus_are_no_reason_not_to_start(caplog: pytest.LogCaptureFixture) -> None:
    chat = Chat()
    chat.session.failures["setMyCommands"] = "Too Many Requests: retry after 0"
    await register_commands(chat.bot, chat.services)
    assert "not registered" in caplog.text
