"""A network that can be cut: doors in front of a server, each of which may be cut, stalled and healed while connections run through it.

The doors live in a thread of their own with its own event loop. A stalled door loses nothing: what was on its way arrives when it is
healed. A cut one breaks every connection, in the middle of whatever is said, and lets no new one in.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from pathlib import Path
from typing import Literal, cast

State = Literal["open", "cut", "stalled"]
Target = Path | int
"""A unix socket, or a port on this machine."""


class Network:
    """Opens doors until `close`."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network", daemon=True)
        self._thread.start()
        self._doors: list[Door] = []

    def door(self, target: Target, port: int = 0, *, greeting: bytes = b"") -> Door:
        """A new door to `target`. `greeting`: connections whose first words do not hold it are `inner` ones: of those behind the
        doors among themselves."""
        made = Door(self._loop, target, greeting)
        asyncio.run_coroutine_threadsafe(made.start(port), self._loop).result(10)
        self._doors.append(made)
        return made

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        for door in self._doors:
            door.end()
        await asyncio.sleep(0.05)  # connections that were broken off are closed in the next rounds


class Door:
    """One address in front of a server. `port`: where it listens; `turn` is for other threads.

    Where there are inner connections the door lets everybody in, and breaks off when it has heard who it is."""

    def __init__(self, loop: asyncio.AbstractEventLoop, target: Target, greeting: bytes) -> None:
        self.loop, self.target, self.greeting = loop, target, greeting
        self.port = 0
        self.states: dict[bool, State] = {False: "open", True: "open"}
        """By whether a connection is an inner one."""
        self.fronts: set[Front] = set()
        self._server: asyncio.Server | None = None

    async def start(self, port: int) -> None:
        self._server = await self.loop.create_server(lambda: Front(self), "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    def turn(self, state: State, *, inner: bool = False) -> None:
        asyncio.run_coroutine_threadsafe(self._turn(state, inner), self.loop).result(10)

    async def _turn(self, state: State, inner: bool) -> None:
        self.states[inner] = state
        if state == "cut" and not self.greeting:
            self._shut()
        elif state != "cut" and self._server is None:
            await self.start(self.port)
        for front in list(self.fronts):
            front.obey()

    def end(self) -> None:
        """For its own thread."""
        self._shut()
        self.states = {False: "cut", True: "cut"}
        for front in list(self.fronts):
            front.obey()

    def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


class Side(asyncio.Protocol):
    """One end of a connection through a door."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.other: Side | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()

    def pause(self, paused: bool) -> None:
        if self.transport is not None and not self.transport.is_closing():
            (self.transport.pause_reading if paused else self.transport.resume_reading)()

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()


class Front(Side):
    """The end at which a process knocks; the way on to the server is laid when it has said its first words."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door
        self._said = b""
        self._inner = False
        self._laying: asyncio.Task[None] | None = None

    def data_received(self, data: bytes) -> None:
        if self.other is not None:
            super().data_received(data)
            return
        self._said += data
        self._inner = self._door.greeting not in self._said
        self._door.fronts.add(self)
        self.obey()

    def connection_lost(self, exc: Exception | None) -> None:
        self._door.fronts.discard(self)
        super().connection_lost(exc)

    def obey(self) -> None:
        """Do what the door's state says."""
        state = self._door.states[self._inner]
        if state == "cut":
            self.abort()
            if self.other is not None:
                self.other.abort()
            return
        stalled = state == "stalled"
        for side in (self, self.other):
            if side is not None:
                side.pause(stalled)
        if not stalled and self.other is None:
            self._lay()

    def _lay(self) -> None:
        if self._laying is None:
            self._laying = self._door.loop.create_task(self._connect())

    async def _connect(self) -> None:
        loop, target, back = self._door.loop, self._door.target, Side()
        with suppress(OSError):
            if isinstance(target, Path):
                await loop.create_unix_connection(lambda: back, str(target))
            else:
                await loop.create_connection(lambda: back, "127.0.0.1", target)
        if back.transport is None or self.transport is None:
            self.abort()
            back.abort()
            return
        self.other, back.other = back, self
        back.transport.write(self._said)
        self.obey()
