"""Checks a Bot API call and its answer against the table of Bot API 10.3 that lies beside the repository.

`problems_of_call` for the parameters, `problems_of_value` for an answer. Empty lists mean that the table agrees.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

TABLE = Path(__file__).parents[1].parent / "shared" / "botapi-spec" / "botapi-10.3.json"

RESULTS = {
    "answerCallbackQuery": "Boolean",
    "copyMessage": "MessageId",
    "createForumTopic": "ForumTopic",
    "deleteMessage": "Boolean",
    "deleteMessages": "Boolean",
    "deleteMyCommands": "Boolean",
    "deleteWebhook": "Boolean",
    "editMessageCaption": "Message",
    "editMessageMedia": "Message",
    "editMessageReplyMarkup": "Message",
    "editMessageText": "Message",
    "forwardMessage": "Message",
    "getChat": "ChatFullInfo",
    "getChatAdministrators": "[ChatMember]",
    "getChatMember": "ChatMember",
    "getChatMemberCount": "Integer",
    "getChatMenuButton": "MenuButton",
    "getFile": "File",
    "getMe": "User",
    "getMyCommands": "[BotCommand]",
    "getMyDescription": "BotDescription",
    "getMyName": "BotName",
    "getMyShortDescription": "BotShortDescription",
    "getUpdates": "[Update]",
    "getWebhookInfo": "WebhookInfo",
    "sendDocument": "Message",
    "sendMediaGroup": "[Message]",
    "sendMessage": "Message",
    "sendPhoto": "Message",
}
"""What a method answers; the table itself holds only parameters. Methods that are not here answer True."""


@cache
def table() -> dict[str, Any]:
    """The table, or a skip where it does not lie beside the repository."""
    if not TABLE.is_file():
        pytest.skip("the table of the Bot API (../shared/botapi-spec) is not here")
    loaded: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return loaded


def problems_of_call(method: str, raw: dict[str, Any], uploads: set[str]) -> list[str]:
    """What is wrong with the parameters of a call as it came in (numbers and objects may be text)."""
    known = table()["methods"].get(method)
    if known is None:
        return [f"{method} is no method"]
    legacy = table()["legacy_parameters"].get(method, {})
    found = [
        f"{method}: {name} missing"
        for name, (required, _) in known.items()
        if required and name not in {*raw, *uploads}
    ]
    for name, value in raw.items():
        if name not in known and name not in legacy:
            found += [] if name in uploads else [f"{method}: {name} unknown"]
            continue
        kind = known[name][1] if name in known else legacy[name]
        found += [f"{method}: {name}{problem}" for problem in _misfits(kind, _decoded(kind, value))]
    return found


def problems_of_answer(method: str, result: Any) -> list[str]:
    """What is wrong with the result of a method."""
    return [f"{method}{problem}" for problem in _misfits(RESULTS.get(method, "Boolean"), result)]


def _decoded(kind: str, value: Any) -> Any:
    """A form carries everything as text; read it as its type asks."""
    if not isinstance(value, str) or "String" in kind.split("|") or kind == "InputFile":
        return value
    try:
        return json.loads(value.lower() if kind == "Boolean" else value)
    except ValueError:
        return value


def _misfits(kind: str, value: Any) -> list[str]:
    if kind.startswith("[") and kind.endswith("]") and "|" not in _outside(kind):
        if not isinstance(value, list):
            return [f": {value!r} is no array"]
        return [f"[{place}]{problem}" for place, item in enumerate(value) for problem in _misfits(kind[1:-1], item)]
    options = list(_split(kind))
    if len(options) > 1:
        tried = [_misfits(option, value) for option in options]
        return [] if any(not found for found in tried) else min(tried, key=len)
    return _named(kind, value)


def _named(kind: str, value: Any) -> list[str]:
    simple = {"Integer": int, "String": str, "Boolean": bool, "Float": float, "InputFile": str}.get(kind)
    if simple is not None:
        right = isinstance(value, simple) and (kind != "Integer" or not isinstance(value, bool))
        return [] if right else [f": {value!r} is no {kind}"]
    described = table()["types"][kind]
    if "subtypes" in described:
        return _misfits("|".join(described["subtypes"]), value)
    if not isinstance(value, dict):
        return [f": {value!r} is no {kind}"]
    fields = described["fields"]
    found = [f".{name} missing in {kind}" for name, (required, _) in fields.items() if required and name not in value]
    for name, content in value.items():
        if name not in fields:
            found.append(f".{name} unknown in {kind}")
        else:
            found += [f".{name}{problem}" for problem in _misfits(fields[name][1], content)]
    return found


def _split(kind: str) -> Iterator[str]:
    depth, start = 0, 0
    for place, character in enumerate(kind):
        depth += {"[": 1, "]": -1}.get(character, 0)
        if character == "|" and not depth:
            yield kind[start:place]
            start = place + 1
    yield kind[start:]


def _outside(kind: str) -> str:
    """The expression with what stands inside brackets taken out."""
    depth, kept = 0, ""
    for character in kind:
        depth += {"[": 1, "]": -1}.get(character, 0)
        kept += character if not depth else ""
    return kept
