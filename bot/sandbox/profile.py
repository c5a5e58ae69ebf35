"""What the bot says about itself: name, descriptions, commands by scope and language, the menu button."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.sandbox.chats import Chat
from bot.sandbox.errors import Json, bad

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_TEXTS = {"name": 64, "description": 512, "short_description": 120}


@dataclass(slots=True)
class Profile:
    """Texts by kind and language; command lists by scope and language ("" is every language)."""

    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    menu_buttons: dict[str, Json] = field(default_factory=dict)

    def set_text(self, kind: str, text: str, language: str) -> None:
        """Set or, with an empty text, remove a text. Raises `ApiError` where it is too long."""
        if len(text) > _TEXTS[kind]:
            raise bad(f"bot {kind.replace('_', ' ')} is too long")
        known = self.texts.setdefault(kind, {})
        known.pop(language, None)
        if text:
            known[language] = text

    def text(self, kind: str, language: str) -> str:
        known = self.texts.get(kind, {})
        return known.get(language) or known.get(language[:2]) or known.get("", "")

    def set_commands(self, commands: list[Json], scope: Json, language: str) -> None:
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not _COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description", ""))) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[_key(scope, language)] = [
            {**command, "command": command["command"].removeprefix("/")} for command in commands
        ]

    def get_commands(self, scope: Json, language: str) -> list[Json]:
        return self.commands.get(_key(scope, language), [])

    def delete_commands(self, scope: Json, language: str) -> None:
        self.commands.pop(_key(scope, language), None)

    def menu(self, chat: Chat, user_id: int, language: str) -> list[Json]:
        """The commands that a client would show to this user there: the narrowest scope that is set, the own language first."""
        for scope in _scopes(chat, user_id):
            for spoken in (language, language[:2], ""):
                if commands := self.get_commands(scope, spoken):
                    return commands
        return []


def _key(scope: Json, language: str) -> str:
    return json.dumps([scope, language], sort_keys=True)


def _scopes(chat: Chat, user_id: int) -> Iterator[Json]:
    """https://core.telegram.org/bots/api#determining-list-of-commands"""
    if chat.private:
        yield {"type": "chat", "chat_id": chat.id}
        yield {"type": "all_private_chats"}
    else:
        yield {"type": "chat_member", "chat_id": chat.id, "user_id": user_id}
        if chat.members.get(user_id) in ("creator", "administrator"):
            yield {"type": "chat_administrators", "chat_id": chat.id}
        yield {"type": "chat", "chat_id": chat.id}
        if chat.members.get(user_id) in ("creator", "administrator"):
            yield {"type": "all_chat_administrators"}
        yield {"type": "all_group_chats"}
    yield {"type": "default"}
