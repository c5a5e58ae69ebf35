"""The sandbox as a service: a local Bot API server and a chat page on one loopback address.

Puts the parts together, keeps the state in a file, starts and stops. It must never listen anywhere but on this machine.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.sandbox.actions import Actions
from bot.sandbox.api import Api
from bot.sandbox.errors import SandboxError
from bot.sandbox.faults import Faults
from bot.sandbox.files import FileStore
from bot.sandbox.guard import guard
from bot.sandbox.limits import Limits, Pace
from bot.sandbox.page import Page, Publish
from bot.sandbox.people import people, rooms
from bot.sandbox.webhook import push_updates
from bot.sandbox.world import World, files_folder

UPLOAD_LIMIT = 52 << 20
SAVE_AFTER = 0.5


class Sandbox:
    """`base_url` is for `TelegramAPIServer.from_base`, `page_url` for people.

    `token` is the bot's token, its leading number the bot's id. `state_file` None keeps nothing. `publish` drops the next sample
    issue and answers its name. `now` gives aware datetimes. Raises `SandboxError` for a host that is not loopback and for a state
    file that cannot be read.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        token: str,
        state_file: Path | None,
        publish: Publish | None,
        now: Callable[[], datetime],
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        require_loopback(host)
        self.host, self.port, self.token = host, port, token
        self._state_file = state_file
        files = FileStore(files_folder(state_file))
        pace = Pace(limits or Limits())
        self.world = World(_bot_id(token), now, clock, pace, files)
        self.act = Actions(self.world)
        self.faults = Faults()
        self.record = self.world.record
        self.api = Api(self.world, token, self.faults)
        self._open_state()
        self.world.changed = self._save_soon
        self._publish = publish
        self._pages: list[Page] = []
        self._runner: web.AppRunner | None = None
        self._pusher: asyncio.Task[None] | None = None
        self._saving: asyncio.TimerHandle | None = None

    @property
    def base_url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def page_url(self) -> str:
        return f"{self.base_url}/"

    def application(self) -> web.Application:
        """A new aiohttp application with the page and the Bot API on this sandbox, for mounting with `add_subapp("/chat/", …)`."""
        app = web.Application(middlewares=[guard], client_max_size=UPLOAD_LIMIT)
        page = Page(self.world, self.act, self._publish)
        self._pages.append(page)
        app.add_routes(page.routes())
        app.add_routes(self.api.routes())
        return app

    async def start(self) -> None:
        """Listen; a port of 0 becomes the one that was given. Raises OSError where the port is taken."""
        self._runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=1, handle_signals=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._pusher = asyncio.create_task(push_updates(self.world), name="sandbox webhook")

    async def stop(self) -> None:
        """Stop listening and keep the state. May be called twice."""
        self.world.updates.close()
        for page in self._pages:
            page.close()
        if self._pusher is not None:
            self._pusher.cancel()
            with suppress(asyncio.CancelledError):
                await self._pusher
            self._pusher = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._saving is not None:
            self._saving.cancel()
        self.save()

    async def __aenter__(self) -> Sandbox:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def save(self) -> None:
        """Write the state file: whole or not at all."""
        self._saving = None
        if self._state_file is None:
            return
        self._state_file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._state_file.with_suffix(".new")
        draft.write_text(json.dumps(self.world.to_json(), ensure_ascii=False), encoding="utf-8")
        draft.replace(self._state_file)

    def _open_state(self) -> None:
        if self._state_file is None or not self._state_file.exists():
            self.world.add_people(people())
            self.world.chats |= {room.id: room for room in rooms()}
            return
        try:
            self.world.load(json.loads(self._state_file.read_text(encoding="utf-8")))
        except (KeyError, TypeError, ValueError) as error:
            raise SandboxError(
                f"the sandbox cannot read its state; delete {self._state_file.name} to begin anew"
            ) from error

    def _save_soon(self) -> None:
        if self._state_file is not None and self._saving is None:
            with suppress(RuntimeError):
                self._saving = asyncio.get_running_loop().call_later(SAVE_AFTER, self.save)


def require_loopback(host: str) -> None:
    """Raises `SandboxError` unless the host is this machine and nothing else."""
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise SandboxError(f"the sandbox listens on this machine only (127.0.0.1, ::1 or localhost), not on {host}")


def _bot_id(token: str) -> int:
    number = token.partition(":")[0]
    if not number.isdigit():
        raise SandboxError("the sandbox's token must look like 42:NAME")
    return int(number)
