"""The parameters of one Bot API call, whatever way they came: query, urlencoded form, multipart or JSON.

Values are read as the Bot API server reads them: numbers and booleans may be strings, objects may be JSON in a string.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import BodyPartReader, web

from bot.sandbox.errors import Json, bad
from bot.sandbox.files import Upload

_TRUE = frozenset({"true", "yes", "1"})


class Params:
    """Typed access to the raw parameters; every getter raises `ApiError` (400) where a value is not what it should be."""

    def __init__(self, raw: Mapping[str, Any], uploads: Mapping[str, Upload] | None = None) -> None:
        self.raw = dict(raw)
        self.uploads = dict(uploads or {})

    def text(self, name: str, default: str = "") -> str:
        value = self.raw.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.raw.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(f"can't parse {name}: expected an Integer") from None

    def flag(self, name: str) -> bool:
        return str(self.raw.get(name, "")).lower() in _TRUE

    def object(self, name: str) -> Json:
        """A JSON object; empty if it is not given."""
        value = self._decoded(name, {})
        if not isinstance(value, dict):
            raise bad(f"object expected as {name.replace('_', ' ')}")
        return value

    def array(self, name: str) -> list[Any]:
        """A JSON array; empty if it is not given."""
        value = self._decoded(name, [])
        if not isinstance(value, list):
            raise bad(f"can't parse {name}: expected an Array")
        return value

    def objects(self, name: str) -> list[Json]:
        """A JSON array of objects."""
        found = self.array(name)
        if not all(isinstance(item, dict) for item in found):
            raise bad(f"can't parse {name}: expected an Object")
        return found

    def chat(self, name: str = "chat_id") -> int | str:
        """A chat id, or an @username."""
        value = str(self.raw.get(name, "")).strip()
        if not value:
            raise bad(f"{name} is empty")
        if value.startswith("@"):
            return value
        if not value.removeprefix("-").isdigit():
            raise bad("chat not found")
        return int(value)

    def upload(self, value: str, name: str) -> Upload | None:
        """The file that a parameter carries itself or points to as attach://part; None if it is none."""
        return self.uploads.get(value.removeprefix("attach://") if value.startswith("attach://") else name)

    def _decoded(self, name: str, default: Any) -> Any:
        value = self.raw.get(name)
        if value in (None, ""):
            return default
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None


async def read_params(request: web.Request) -> Params:
    """Collect query and body. Raises `ApiError` (400) for a body that is not what it says it is."""
    raw: Json = dict(request.query)
    uploads: dict[str, Upload] = {}
    match request.content_type:
        case "application/json":
            raw |= await _json(request)
        case "application/x-www-form-urlencoded":
            raw |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        case "multipart/form-data":
            await _multipart(request, raw, uploads)
    return Params(raw, uploads)


async def _json(request: web.Request) -> Json:
    try:
        body = await request.json()
    except ValueError:
        raise bad("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise bad("JSON object expected")
    return body


async def _multipart(request: web.Request, raw: Json, uploads: dict[str, Upload]) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        data = bytes(await part.read(decode=False))
        if part.filename is None:
            raw[part.name] = data.decode("utf-8", "replace")
        else:
            mime = part.headers.get("Content-Type", "")
            uploads[part.name] = Upload(part.filename, "" if mime == "application/octet-stream" else mime, data)
