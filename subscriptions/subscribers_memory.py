"""The in-memory twin of the subscriber store: for tests, and as the plainest statement of the contract.

Nothing in it waits, so each method is atomic. Queries' hit numbers live here because both stores of hits and of
subscribers tell them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from subscriptions.codec import is_instant
from subscriptions.errors import ConflictError
from subscriptions.keys import SHARDS, bucket_of, query_shard
from subscriptions.matcher_texts import page_of
from subscriptions.moving import moved
from subscriptions.types import QueryId, QueryPage, Subscriber, SubscriberId


class MemorySubscriberStore:
    """Implements SubscriberStore. `newest_hit`: per query shard; MemoryHitStore counts it up."""

    def __init__(self, shards: int = SHARDS) -> None:
        self.shards = shards
        self.newest_hit: Counter[int] = Counter()
        self._subscribers: dict[SubscriberId, Subscriber] = {}
        self._queries: dict[QueryId, str] = {}
        self._log: list[QueryId] = []
        self._idle: dict[QueryId, datetime] = {}
        self._due: dict[SubscriberId, datetime] = {}
        self._woken: set[SubscriberId] = set()

    async def find_subscriber(self, id: SubscriberId, *, texts: bool | str = True) -> Subscriber | None:
        found = self._subscribers.get(id)
        return self._told(found, texts) if found else None

    async def get_subscribers(self, ids: Sequence[SubscriberId], *, texts: bool | str = True) -> list[Subscriber]:
        return [self._told(self._subscribers[id], texts) for id in ids if id in self._subscribers]

    async def put_subscriber(self, subscriber: Subscriber, *, due: datetime | None) -> Subscriber:
        if not self.put_if_unchanged(subscriber, subscriber.rev, due):
            raise ConflictError(subscriber.id)
        return replace(subscriber, rev=subscriber.rev + 1)

    def put_if_unchanged(self, subscriber: Subscriber, rev: int, due: datetime | None) -> bool:
        """The step that MemoryOutbox.compose shares; False if the stored rev is another."""
        there = self._subscribers.get(subscriber.id)
        if (there.rev if there else 0) != rev:
            return False
        for held in subscriber.subscriptions:
            self._learn(held.query_id, held.query)
        self._subscribers[subscriber.id] = _with_texts(replace(subscriber, rev=rev + 1), self._queries)
        self._set_due(subscriber, due)
        return True

    async def delete_subscriber(self, id: SubscriberId) -> bool:
        self._due.pop(id, None)
        self._woken.discard(id)
        return self._subscribers.pop(id, None) is not None

    async def move_subscriber(self, old: SubscriberId, new: SubscriberId) -> Subscriber | None:
        leaving = self._subscribers.get(old)
        if leaving is None or old == new:
            return None
        there = self._subscribers.get(new)
        due = min((d for d in (self._due.get(old), self._due.get(new)) if d), default=None)
        self.put_if_unchanged(moved(leaving, new, there), there.rev if there else 0, due)
        await self.delete_subscriber(old)
        return self._subscribers[new]

    async def iter_subscribers(self) -> AsyncIterator[Subscriber]:
        for subscriber in list(self._subscribers.values()):
            yield subscriber

    async def count_subscribers(self) -> int:
        return len(self._subscribers)

    async def add_query(self, id: QueryId, canonical: str) -> int:
        self._learn(id, canonical)
        self._idle.pop(id, None)
        return self.newest_hit[query_shard(id, self.shards)]

    async def get_queries(self, ids: Sequence[QueryId]) -> dict[QueryId, str]:
        return {id: self._queries[id] for id in ids if id in self._queries}

    async def find_query(self, id: QueryId) -> tuple[str, int] | None:
        self._idle.pop(id, None)
        return (self._queries[id], self.newest_hit[query_shard(id, self.shards)]) if id in self._queries else None

    async def iter_queries(self) -> AsyncIterator[QueryPage]:
        yield page_of(self._queries.items())

    async def query_place(self) -> str:
        return str(len(self._log))

    async def query_changes(self, after: str) -> tuple[list[tuple[QueryId, str]], str] | None:
        changed = dict.fromkeys(self._log[int(after) :])
        return [(id, self._queries.get(id, "")) for id in changed], str(len(self._log))

    async def idle_queries(self, now: datetime, since: timedelta) -> dict[QueryId, int]:
        held = {one.query_id for subscriber in self._subscribers.values() for one in subscriber.subscriptions}
        self._idle = {id: self._idle.get(id, now) for id in self._queries.keys() - held}
        idle = [id for id, at in self._idle.items() if at <= now - since]
        return {id: self.newest_hit[query_shard(id, self.shards)] for id in idle}

    async def remove_queries(self, ids: Sequence[QueryId]) -> int:
        gone = [id for id in dict.fromkeys(ids) if self._idle.pop(id, None)]
        self._log += gone
        for id in gone:
            del self._queries[id]
        return len(gone)

    async def iter_readers(self, query: QueryId) -> AsyncIterator[SubscriberId]:
        for subscriber in list(self._subscribers.values()):
            if any(held.query_id == query for held in subscriber.subscriptions):
                yield subscriber.id

    async def make_due(self, queries: Iterable[QueryId], now: datetime) -> int:
        wanted = set(queries)
        readers = [s for s in self._subscribers.values() if _wakes(s, wanted)]
        for reader in readers:
            self._due[reader.id] = min(self._due.get(reader.id, now), now)
            self._woken.add(reader.id)
        return len(readers)

    async def claim_due(self, now: datetime, limit: int, lease: timedelta) -> list[SubscriberId]:
        overdue = [(due, bucket_of(id), id) for id, due in self._due.items() if due <= now]
        ready = sorted(overdue)[: max(limit, 0)]
        for _, _, id in ready:
            self._due[id] = now + lease
            self._woken.discard(id)
        return [id for _, _, id in ready]

    def _learn(self, id: QueryId, text: str) -> None:
        if id not in self._queries:
            self._queries[id] = text
            self._log.append(id)

    def _told(self, subscriber: Subscriber, texts: bool | str) -> Subscriber:
        if texts is True:
            return subscriber
        held = subscriber.subscriptions
        return _with_texts(subscriber, {s.query_id: s.query for s in held if texts and s.query_id.startswith(texts)})

    def _set_due(self, subscriber: Subscriber, due: datetime | None) -> None:
        id = subscriber.id
        woken = id in self._woken
        if subscriber.paused is not None and not subscriber.asked:
            self._due.pop(id, None)
            self._woken.discard(id)
        elif due is not None:
            self._due[id] = min(due, self._due.get(id, due)) if woken else due
        elif not woken:
            self._due.pop(id, None)


def _with_texts(subscriber: Subscriber, texts: Mapping[QueryId, str]) -> Subscriber:
    held = tuple(replace(one, query=texts.get(one.query_id, "")) for one in subscriber.subscriptions)
    return replace(subscriber, subscriptions=held)


def _wakes(subscriber: Subscriber, queries: set[QueryId]) -> bool:
    return any(held.query_id in queries and is_instant(subscriber, held) for held in subscriber.subscriptions)
