"""The command menus: per language and role, complete, and never a reason not to start."""

from __future__ import annotations

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
    assert private == set(READER_COMMANDS) - {"start", "search"}
    assert names(seen["chat", "en"]) == private | set(ADMIN_COMMANDS)
    assert names(seen["all_group_chats", None]) < names(seen["all_chat_administrators", None])
    assert seen["chat", None]["scope"]["chat_id"] == ADMIN


async def test_an_admin_without_a_chat_is_no_obstacle() -> None:
    chat = Chat()
    asked = chat.session.asked
    chat.session.failures["setMyCommands"] = "Bad Request: chat not found"
    from bot.chat.menus import _register_admin

    await _register_admin(chat.bot, chat.services.texts, ADMIN)
    assert len(asked) == 1
