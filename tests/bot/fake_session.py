"""A Telegram that answers everything plausibly and remembers what it was asked: an aiogram session, not a fake bot.

Every request is checked as Telegram would: HTML that parses, lengths in UTF-16 units, buttons, callback data, and, where the
table of the Bot API lies beside the repository, that each parameter exists and each required one is given.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.methods import TelegramMethod
from aiogram.types import ChatMember, ChatMemberAdministrator, ChatMemberRestricted, InputFile

from bot.sandbox.markup import parse_html, utf16

SPEC = Path(__file__).parents[2].parent / "shared" / "botapi-spec" / "botapi-10.3.json"
METHODS = json.loads(SPEC.read_text("utf-8"))["methods"] if SPEC.exists() else {}
BOT_ID = 42
USERNAME = "KanbaoTestBot"
DATE = int(datetime(2026, 1, 5, 3, tzinfo=UTC).timestamp())


@dataclass
class Asked:
    """One request: the method's name, its parameters as they go over the wire, files by their parameter."""

    method: str
    params: dict[str, Any]
    files: dict[str, InputFile] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return str(self.params.get("text") or self.params.get("caption") or "")

    @property
    def buttons(self) -> list[dict[str, Any]]:
        markup = self.params.get("reply_markup") or {"inline_keyboard": []}
        return [button for row in markup["inline_keyboard"] for button in row]


class FakeSession(BaseSession):
    """`members`: (chat, user) -> a member's fields, else an ordinary member. `chats`: @name or id -> a chat's fields.
    `failures`: method -> what Telegram says (429, 403 and 400 are told apart by their first word); `refuse` decides by request."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self.members: dict[tuple[int, int], dict[str, Any]] = {}
        self.chats: dict[str | int, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.failures: dict[str, str] = {}
        self.refuse: Callable[[Asked], str] = lambda asked: self.failures.get(asked.method, "")
        self.next_message = 1000

    async def close(self) -> None:
        """Nothing is open."""

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109  aiogram calls it so
        asked = self._wire(bot, method)
        self.asked.append(asked)
        check(asked)
        if words := self.refuse(asked):
            self._fail(method, words)
        result = self._answer(asked)
        if result is None:
            self._fail(method, "Bad Request: chat not found")
        body = json.dumps({"ok": True, "result": result})
        return self.check_response(bot, method, 200, body).result

    async def stream_content(self, url: str, *args: Any, **kwargs: Any) -> AsyncGenerator[bytes, None]:
        yield self.files[url.rsplit("/", 1)[-1]]

    def _wire(self, bot: Bot, method: TelegramMethod[Any]) -> Asked:
        files: dict[str, InputFile] = {}
        params = {}
        for name, value in method.model_dump(warnings=False).items():
            prepared = self.prepare_value(value, bot=bot, files=files, _dumps_json=False)
            if prepared is not None:
                params[name] = prepared
        return Asked(method.__api_method__, params, files)

    def _fail(self, method: TelegramMethod[Any], words: str) -> None:
        if words.startswith("Too Many Requests"):
            raise TelegramRetryAfter(method, words, retry_after=int(words.split()[-1]))
        raise (TelegramForbiddenError if words.startswith("Forbidden") else TelegramBadRequest)(method, words)

    def _answer(self, asked: Asked) -> Any:
        params = asked.params
        match asked.method:
            case "getMe":
                return {"id": BOT_ID, "is_bot": True, "first_name": "Kanbao", "username": USERNAME}
            case "sendMessage" | "sendPhoto" | "editMessageText" | "sendDocument" | "editMessageReplyMarkup":
                return self._message(params)
            case "getChat":
                return self._chat(asked)
            case "getChatMember":
                return self._member(int(params["chat_id"]), int(params["user_id"]))
            case "createForumTopic":
                return {"message_thread_id": 77, "name": params["name"], "icon_color": 7322096}
            case "getFile":
                return {
                    "file_id": params["file_id"],
                    "file_unique_id": "u",
                    "file_path": f"documents/{params['file_id']}",
                }
            case _:
                return True

    def _message(self, params: dict[str, Any]) -> dict[str, Any]:
        self.next_message += "message_id" not in params
        chat = int(params["chat_id"])
        return {
            "message_id": int(params.get("message_id", self.next_message)),
            "date": DATE,
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup", "title": "Group"},
            "text": params.get("text", ""),
        }

    def _chat(self, asked: Asked) -> dict[str, Any] | None:
        wanted = asked.params["chat_id"]
        found = next((c for c in self.chats.values() if wanted in (c["id"], f"@{c.get('username')}")), None)
        if found is None:
            return None
        gifts = dict.fromkeys(("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False)  # fmt: skip
        return {"accent_color_id": 0, "max_reaction_count": 0, "accepted_gift_types": gifts, **found}

    def _member(self, chat: int, user: int) -> dict[str, Any]:
        someone = {"id": user, "is_bot": user == BOT_ID, "first_name": "X"}
        return {"user": someone, **self.members.get((chat, user), {"status": "member"})}

    def sent(self, *methods: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.method in methods]


def rights(member: type[ChatMember]) -> dict[str, Any]:
    """Every right that Telegram always tells of such a member, and none of them given."""
    wanted = (name for name, info in member.model_fields.items() if info.is_required())
    return {name: False for name in wanted if name.startswith(("can_", "is_"))}


ADMINISTRATOR: dict[str, Any] = {
    "status": "administrator",
    **rights(ChatMemberAdministrator),
    "can_post_messages": True,
}
MUTED: dict[str, Any] = {"status": "restricted", **rights(ChatMemberRestricted), "is_member": True, "until_date": 0}


def check(asked: Asked) -> None:
    """What Telegram refuses, refused here."""
    params = asked.params
    if METHODS:
        known = METHODS[asked.method]
        unknown = set(params) - set(known)
        missing = {name for name, (required, _) in known.items() if required} - set(params)
        assert not unknown and not missing, f"{asked.method}: unknown {unknown}, missing {missing}"
    if params.get("parse_mode") == "HTML":
        plain, _ = parse_html(asked.text)
        assert plain.strip(), f"empty text: {asked.text!r}"
        assert utf16(plain) <= (1024 if "caption" in params else 4096)
    for button in asked.buttons:
        assert 0 < utf16(button["text"]) <= 64, button
        assert sum(key in button for key in ("callback_data", "url", "copy_text")) == 1, button
        assert len(button.get("callback_data", "x").encode()) <= 64, button
    if asked.method == "answerCallbackQuery":
        assert len(params.get("text", "")) <= 200 and "<" not in params.get("text", "")
    for command in params.get("commands", []):
        assert 1 <= len(command["command"]) <= 32 and 1 <= len(command["description"]) <= 256
