"""How the stores speak to Redis: scripts by their hash, several calls in one round trip, and one wall for errors.

Knows no client library: the `*_redis.py` files hand in the client and the classes of its errors.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Callable, Sequence
from hashlib import sha1
from typing import Any, Protocol, TypeVar

C = TypeVar("C", bound=type[Any])
Word = str | bytes | int
STUMBLES = (RuntimeError, AttributeError)
"""What an event loop, and the client, say of a connection that was closed while it was used."""
TRIP = 200
"""Calls in one round trip, at most: a trip stays below some milliseconds."""
OWN_TRIPS = 16
"""Round trips of `run_all` at once, at most: each takes a connection, and the client refuses what is more than its pool holds. So
when very many readers write at once, the calls of some wait for some milliseconds instead of failing."""

Reply = Any
"""What the server answered: bytes, int, None, or lists of them."""


class Client(Protocol):
    """The part of redis.asyncio.Redis and RedisCluster that the stores use. Answers must not be decoded."""

    async def execute_command(self, *words: Any) -> Any: ...
    def pipeline(self, transaction: Any = None) -> Any: ...


class Script:
    """A Lua script. Its first key is a hash tag such as `{s07}`; it may touch any key that begins with it. `joins`: it takes the
    words of many calls, one after the other, and has one answer for all of them."""

    def __init__(self, *parts: str, joins: bool = False) -> None:
        self.source, self.joins = "\n".join(parts), joins
        self.sha = sha1(self.source.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, tag: str, *words: Word) -> Call:
        return Call(self, tag, words)


class Call:
    """A script with what it is called with."""

    __slots__ = ("script", "tag", "words")

    def __init__(self, script: Script, tag: str, words: Sequence[Word]) -> None:
        self.script, self.tag, self.words = script, tag, words

    def short(self) -> tuple[Word, ...]:
        return ("EVALSHA", self.script.sha, 1, self.tag, *self.words)

    def whole(self) -> tuple[Word, ...]:
        return ("EVAL", self.script.source, 1, self.tag, *self.words)


class Runner:
    """Runs calls. A server that does not know a script (new, restarted, failed over) is told its source.

    Calls of many tasks share round trips: while one trip is under way, those that come meanwhile wait for the next. Nothing
    waits when nothing is under way. A task that is cancelled before its trip begins sends nothing. `pause`: seconds between two
    trips, for calls that nobody waits for and that go together more cheaply.
    """

    def __init__(self, client: Client, unknown_script: type[Exception], *, pause: float = 0.0) -> None:
        self._client = client
        self._unknown = unknown_script
        self._pause = pause
        self._own_trips = asyncio.Semaphore(OWN_TRIPS)
        self._waiting: list[tuple[Call, asyncio.Future[Reply]]] = []
        self._sender: asyncio.Task[None] | None = None

    async def run(self, call: Call) -> Reply:
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.append((call, answer))
        if self._sender is None:
            self._sender = asyncio.create_task(self._send_waiting())
        return await answer

    async def run_all(self, calls: Sequence[Call]) -> list[Reply]:
        """In one round trip (per node of a cluster), each atomic, all of them not. Raises the first error."""
        async with self._own_trips:
            replies = await self._trip(calls)
        for reply in replies:
            if isinstance(reply, Exception):
                raise reply
        return replies

    async def _send_waiting(self) -> None:
        try:
            while self._waiting:
                trip, self._waiting = self._waiting[:TRIP], self._waiting[TRIP:]
                await self._send_trip([item for item in trip if not item[1].cancelled()])
                if self._pause:
                    await asyncio.sleep(self._pause)
        finally:
            self._sender = None
            for _, answer in self._waiting:  # only when this task was cancelled: the loop ends
                answer.cancel()
            self._waiting = []

    async def _send_trip(self, trip: Sequence[tuple[Call, asyncio.Future[Reply]]]) -> None:
        joined = _joined(trip)
        try:
            replies = await self._trip([call for call, _ in joined])
        except Exception as error:
            replies = [error] * len(joined)
        except BaseException:
            for _, answer in trip:
                answer.cancel()
            raise
        for (_, answers), reply in zip(joined, replies, strict=True):
            for answer in answers:
                if not answer.done():
                    _settle(answer, reply)

    async def _trip(self, calls: Sequence[Call]) -> list[Reply]:
        """Replies, or errors in their places."""
        replies = await self._send([call.short() for call in calls])
        again = [at for at, reply in enumerate(replies) if isinstance(reply, self._unknown)]
        for at, reply in zip(again, await self._send([calls[at].whole() for at in again]), strict=True):
            replies[at] = reply
        return replies

    async def _send(self, commands: Sequence[Sequence[Word]]) -> list[Reply]:
        try:
            replies = await self._send_all(commands)
        except STUMBLES as error:
            raise _closed(error) from error
        return [_closed(reply) if isinstance(reply, STUMBLES) else reply for reply in replies]

    async def _send_all(self, commands: Sequence[Sequence[Word]]) -> list[Reply]:
        if len(commands) < 2:
            return [await self._send_one(command) for command in commands]
        async with self._client.pipeline(transaction=False) as pipe:
            for command in commands:
                pipe.execute_command(*command)
            replies: list[Reply] = await pipe.execute(raise_on_error=False)
        return replies

    async def _send_one(self, command: Sequence[Word]) -> Reply:
        try:
            return await self._client.execute_command(*command)
        except Exception as error:
            return error


def _joined(trip: Sequence[tuple[Call, asyncio.Future[Reply]]]) -> list[tuple[Call, list[asyncio.Future[Reply]]]]:
    """Calls of the same joining script at the same tag as one, in the place of the first."""
    made: list[tuple[Call, list[asyncio.Future[Reply]]]] = []
    places: dict[tuple[str, str], int] = {}
    for call, answer in trip:
        key = (call.script.sha, call.tag)
        if call.script.joins and key in places:
            first, answers = made[places[key]]
            made[places[key]] = Call(call.script, call.tag, (*first.words, *call.words)), [*answers, answer]
        else:
            places[key] = len(made)
            made.append((call, [answer]))
    return made


def _closed(error: Exception) -> ConnectionError:
    """An error of the network like others."""
    return ConnectionError(str(error))


def _settle(answer: asyncio.Future[Reply], reply: Reply) -> None:
    if isinstance(reply, Exception):
        answer.set_exception(reply)
    else:
        answer.set_result(reply)


def wall(raising: type[Exception], *lower: type[BaseException]) -> Callable[[C], C]:
    """Class decorator: what a public method raises of `lower` becomes `raising`, its cause chained."""

    def build(cls: C) -> C:
        for name, member in list(vars(cls).items()):
            if not name.startswith("_") and inspect.iscoroutinefunction(member):
                setattr(cls, name, _guarded(member, raising, lower))
            elif not name.startswith("_") and inspect.isasyncgenfunction(member):
                setattr(cls, name, _guarded_stream(member, raising, lower))
        return cls

    return build


def _guarded(method: Any, raising: type[Exception], lower: tuple[type[BaseException], ...]) -> Any:
    @functools.wraps(method)
    async def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return await method(*args, **kwargs)
        except lower as error:
            raise raising(f"{method.__name__}: {error}") from error

    return guarded


def _guarded_stream(method: Any, raising: type[Exception], lower: tuple[type[BaseException], ...]) -> Any:
    @functools.wraps(method)
    async def guarded(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        try:
            async for item in method(*args, **kwargs):
                yield item
        except lower as error:
            raise raising(f"{method.__name__}: {error}") from error

    return guarded
