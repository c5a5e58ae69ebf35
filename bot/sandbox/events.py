"""What the chat page is told: a short numbered log of changes, and subscribers that wait for the next one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.sandbox.errors import Json

KEPT_EVENTS = 500


@dataclass(slots=True)
class EventLog:
    """Events carry `seq`, ascending without gaps, and `kind`."""

    seq: int = 0
    _kept: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))
    _waiting: set[asyncio.Queue[Json]] = field(default_factory=set)

    def add(self, kind: str, **what: object) -> None:
        self.seq += 1
        event: Json = {"seq": self.seq, "kind": kind, **what}
        self._kept.append(event)
        for queue in self._waiting:
            queue.put_nowait(event)

    def since(self, seq: int) -> list[Json] | None:
        """The events after `seq`; None if some of them are no longer kept or the number is not ours."""
        missed = self.seq - seq
        if missed < 0 or missed > len(self._kept):
            return None
        return [event for event in self._kept if event["seq"] > seq]

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Json]]:
        """A queue that receives every event from now on."""
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self._waiting.add(queue)
        try:
            yield queue
        finally:
            self._waiting.discard(queue)
