"""Equal digests are rendered once: readers with the same articles, queries and settings get the same text.

Only the buttons differ, for they carry the delivery's id: a digest is rendered for ADDRESS, which the id replaces as it is sent. Keeps
the latest few hundred, never all: a push to a million readers must not fill the memory.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import replace
from itertools import count

from bot.metrics import Metrics
from digests.types import ADDRESS, Chunk, Delivery, Digest
from subscriptions import Settings, Subscriber

Render = Callable[[Delivery, Subscriber | None], Awaitable[tuple[Chunk, ...]]]
KEPT = 500
TOLD_EACH = 32
"""So many remembered renderings are counted at once: counting one takes as long as remembering it."""
DEFAULTS = Settings()


class Addressed:
    """Messages that many deliveries share, as those of the delivery `id`."""

    __slots__ = ("_id", "_shared")

    def __init__(self, shared: Sequence[Chunk], id: str) -> None:
        self._shared, self._id = shared, id

    def __len__(self) -> int:
        return len(self._shared)

    def __getitem__(self, place: int, /) -> Chunk:
        chunk = self._shared[place]
        return replace(chunk, address=self._id) if chunk.buttons else chunk


class RenderOnce:
    """A Render over another."""

    def __init__(self, render: Render, metrics: Metrics, kept: int = KEPT) -> None:
        self._render, self._kept = render, kept
        self._made, self._remembered = (metrics.renders.labels(source) for source in ("made", "remembered"))
        self._untold = 0
        self._objects: dict[int, tuple[Digest, int]] = {}
        self._numbers: dict[Digest, int] = {}
        self._counted = count(1)
        self._known: OrderedDict[Hashable, asyncio.Future[tuple[Chunk, ...]]] = OrderedDict()

    async def __call__(self, delivery: Delivery, subscriber: Subscriber | None) -> Addressed:
        key = self._key(delivery, subscriber)
        known = self._known.get(key)
        if known is None:
            self._made.inc()
            self._tell()
            known = self._remember(key, delivery, subscriber)
        else:
            self._known.move_to_end(key)
            self._untold += 1
            if self._untold == TOLD_EACH:
                self._tell()
        chunks = known.result() if known.done() else await asyncio.shield(known)
        return Addressed(chunks, delivery.id)

    def _tell(self) -> None:
        self._remembered.inc(self._untold)
        self._untold = 0

    def _remember(
        self, key: Hashable, delivery: Delivery, subscriber: Subscriber | None
    ) -> asyncio.Future[tuple[Chunk, ...]]:
        made = asyncio.ensure_future(self._render(replace(delivery, id=ADDRESS), subscriber))
        self._known[key] = made
        made.add_done_callback(lambda done: self._drop_failed(key, done))
        while len(self._known) > self._kept:
            self._known.popitem(last=False)
        return made

    def _key(self, delivery: Delivery, subscriber: Subscriber | None) -> Hashable:
        settings = subscriber.settings if subscriber else DEFAULTS
        digest = self._number(delivery.digest)
        text = delivery.kind, delivery.html, delivery.media, delivery.edits, delivery.buttons
        return digest, *text, settings.language, settings.timezone, settings.length

    def _number(self, digest: Digest | None) -> int:
        """Equal digests have the same. Most of them are the same object too (digests.codec), which spares comparing them."""
        if digest is None:
            return 0
        same = self._objects.get(id(digest))
        if same is None or same[0] is not digest:
            if len(self._objects) >= 4 * self._kept:
                self._objects.clear()
            number = self._numbers.setdefault(digest, next(self._counted))
            while len(self._numbers) > 4 * self._kept:
                del self._numbers[next(iter(self._numbers))]
            same = self._objects[id(digest)] = (digest, number)
        return same[1]

    def _drop_failed(self, key: Hashable, done: asyncio.Future[tuple[Chunk, ...]]) -> None:
        if (done.cancelled() or done.exception() is not None) and self._known.get(key) is done:
            del self._known[key]
