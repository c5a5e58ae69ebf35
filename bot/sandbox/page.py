"""The chat page over HTTP: the page's files, the state, an event stream, and one route for each deed.

All addresses are relative to the page, so it may be mounted below any path that ends with a slash.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from bot.sandbox.actions import Actions
from bot.sandbox.chats import Chat
from bot.sandbox.errors import ActionError, Json
from bot.sandbox.files import PICTURES, Upload
from bot.sandbox.world import World

STATIC = Path(__file__).parent / "static"
Publish = Callable[[], Awaitable[str | None]]
HEARTBEAT = 15.0
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class Page:
    """Routes for people, beside the Bot API's for bots."""

    def __init__(self, world: World, actions: Actions, publish: Publish | None) -> None:
        self._world = world
        self._actions = actions
        self._publish = publish
        self._closing = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.index),
            web.get("/healthz", self.health),
            web.get("/assets/{name}", self.asset),
            web.get("/sandbox/state", self.state),
            web.get("/sandbox/events", self.events),
            web.get("/sandbox/chats/{chat}/messages", self.messages),
            web.get("/sandbox/chats/{chat}/commands", self.commands),
            web.post("/sandbox/chats/{chat}/file", self.file),
            web.post("/sandbox/chats/{chat}/inline", self.inline),
            web.post("/sandbox/chats/{chat}/{deed}", self.deed),
            web.get("/sandbox/files/{file}", self.download),
            web.post("/sandbox/publish", self.publish),
        ]

    def close(self) -> None:
        """End the event streams."""
        self._closing.set()

    async def health(self, request: web.Request) -> web.StreamResponse:
        """For machines: the process answers."""
        return web.json_response({"status": "ok"})

    async def index(self, request: web.Request) -> web.StreamResponse:
        return _file(STATIC / "index.html", "text/html")

    async def asset(self, request: web.Request) -> web.StreamResponse:
        path = STATIC / request.match_info["name"]
        if path.parent != STATIC or path.suffix not in _TYPES or not path.is_file():
            raise web.HTTPNotFound
        return _file(path, _TYPES[path.suffix])

    async def state(self, request: web.Request) -> web.StreamResponse:
        """Bot, people and chats; `seq` is the event from which to listen."""
        world = self._world
        people = [self._person(user_id) for user_id in world.people]
        chats = [self._described(chat) for chat in world.chats.values() if not chat.migrated_to]
        bot = world.bot_user() | {"description": self._descriptions()}
        return _json(seq=world.events.seq, bot=bot, people=people, chats=chats, publish=self._publish is not None)

    async def messages(self, request: web.Request) -> web.StreamResponse:
        return _json(messages=list(self._chat(request).messages.values()))

    async def commands(self, request: web.Request) -> web.StreamResponse:
        user = self._world.people.get(_integer(request.query.get("user", "")))
        if user is None:
            raise web.HTTPNotFound
        return _json(commands=self._world.profile.menu(self._chat(request), user.id, user.language))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events after ?since=N; one of kind `reset` where they are no longer kept."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        log = self._world.events
        with log.listen() as queue:
            asked = request.headers.get("Last-Event-ID") or request.query.get("since", "")
            missed = log.since(_integer(asked))
            for event in [{"seq": log.seq, "kind": "reset"}] if missed is None else missed:
                await response.write(_event(event))
            await self._stream(response, queue)
        return response

    async def file(self, request: web.Request) -> web.StreamResponse:
        fields: dict[str, str] = {}
        uploads: list[Upload] = []
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name:
                continue
            data = bytes(await part.read(decode=False))
            if part.filename is None:
                fields[part.name] = data.decode("utf-8", "replace")
            else:
                uploads.append(Upload(part.filename, part.headers.get("Content-Type", ""), data))
        if not uploads:
            raise web.HTTPBadRequest
        caption, photo = fields.get("caption", ""), fields.get("photo") == "true"
        return _done(lambda: self._send(_integer(fields["user"]), self._chat(request).id, uploads, caption, photo))

    async def deed(self, request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        body, chat, act = await request.json(), self._chat(request).id, self._actions
        user = int(body.get("user", 0))
        deeds: dict[str, Callable[[], object]] = {
            "text": lambda: act.write(user, chat, body["text"], body.get("reply_to", 0), body.get("thread", 0)),
            "choose": lambda: act.choose_inline(user, chat, body["query"], body["result"], body.get("thread", 0)),
            "press": lambda: act.press(user, chat, body["message_id"], body["data"]),
            "start": lambda: act.start(user, body.get("payload", "")),
            "block": lambda: act.block(user),
            "unblock": lambda: act.unblock(user),
            "remove_bot": lambda: act.remove_bot(user, chat),
            "add_bot": lambda: act.add_bot(user, chat, bool(body.get("administrator"))),
            "upgrade": lambda: act.upgrade(user, chat),
            "forum": lambda: act.set_forum(chat, bool(body.get("forum", True))),
            "topics": lambda: act.allow_topics(chat, bool(body["allowed"])),
            "delete_topic": lambda: act.delete_topic(chat, int(body["thread"])),
            "deactivate": lambda: act.deactivate(user),
        }
        if request.match_info["deed"] not in deeds:
            raise web.HTTPNotFound
        return _done(deeds[request.match_info["deed"]])

    async def inline(self, request: web.Request) -> web.StreamResponse:
        """What the bot offers for words behind its name; 409 with the reason where it offers nothing."""
        body, chat = await request.json(), self._chat(request).id
        try:
            user, text = int(body.get("user", 0)), str(body.get("query", ""))
            return _json(**await self._actions.ask_inline(user, chat, text, str(body.get("offset", ""))))
        except ActionError as error:
            return web.json_response({"error": str(error)}, status=409)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """An uploaded file; only pictures are ever shown by the browser, everything else is saved."""
        stored = self._world.files.find(request.match_info["file"])
        data = self._world.files.read(stored.id) if stored else None
        if stored is None or data is None:
            raise web.HTTPNotFound
        picture = stored.mime in PICTURES
        disposition = web.Response(body=data, content_type=stored.mime if picture else "application/octet-stream")
        if not picture:
            disposition.headers["Content-Disposition"] = _attachment(stored.name)
        return disposition

    async def publish(self, request: web.Request) -> web.StreamResponse:
        """Drop the next sample issue into the inbox; `published` is its name, null when there is none left."""
        if self._publish is None:
            raise web.HTTPNotFound
        return _json(published=await self._publish())

    async def _stream(self, response: web.StreamResponse, queue: asyncio.Queue[Json]) -> None:
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            while not self._closing.is_set():
                getting = asyncio.ensure_future(queue.get())
                await asyncio.wait({getting, closing}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
                if not getting.done():
                    getting.cancel()
                await response.write(
                    _event(getting.result()) if getting.done() and not getting.cancelled() else b":\n\n"
                )
        except ConnectionError:
            return
        finally:
            closing.cancel()

    def _send(self, user: int, chat: int, uploads: list[Upload], caption: str, photo: bool) -> object:
        """Several files are one album."""
        if len(uploads) > 1:
            return self._actions.album(user, chat, uploads, caption, photo)
        return self._actions.upload(user, chat, uploads[0], caption, photo)

    def _person(self, user_id: int) -> Json:
        person = self._world.people[user_id]
        roles = {"role": person.role, "role_en": person.role_en, "admin": person.admin}
        return person.user() | roles

    def _described(self, chat: Chat) -> Json:
        described = self._world.chat_object(chat)
        described |= {
            "standing": chat.standing,
            "members": chat.members,
            "keyboard": chat.keyboard,
            "pinned": chat.pinned,
        }
        last = next(reversed(chat.messages.values()), None)
        forum = {"forum": chat.forum, "threads": chat.threads, "closed_threads": chat.closed_threads}
        return described | forum | {"topic_right": chat.topic_right, "last": last}

    def _descriptions(self) -> dict[str, str]:
        profile = self._world.profile
        return {language: profile.text("description", language) for language in ("zh", "en")}

    def _chat(self, request: web.Request) -> Chat:
        chat = self._world.chats.get(_integer(request.match_info["chat"]))
        if chat is None:
            raise web.HTTPNotFound
        # As Telegram's own apps do: what is said in a group while it is being upgraded goes to the new one.
        return self._world.chats[chat.migrated_to] if chat.migrated_to else chat


def _done(deed: Callable[[], object]) -> web.Response:
    """Do it; what is not possible becomes a 409 with the reason."""
    try:
        return _json(done=deed())
    except ActionError as error:
        return web.json_response({"error": str(error)}, status=409)
    except (KeyError, TypeError, ValueError):
        raise web.HTTPBadRequest from None


def _json(**content: object) -> web.Response:
    return web.json_response(content, headers={"Cache-Control": "no-store"})


def _file(path: Path, content_type: str) -> web.Response:
    headers = {"Cache-Control": "no-cache"}
    return web.Response(body=path.read_bytes(), content_type=content_type, charset="utf-8", headers=headers)


def _event(event: Json) -> bytes:
    return f"id: {event['seq']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def _integer(text: str) -> int:
    """A number, 0 where there is none."""
    return int(text) if text.removeprefix("-").isdigit() else 0


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
