"""The in-memory twin of the outbox. Nothing in it waits, so each method is atomic.

A chat is the unit of sending: its forum topics share one box, because Telegram's limits are the chat's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from digests.codec import HAD_KEPT, LEDGER
from digests.ports import Begun
from digests.settle import newest
from digests.types import ArticleId, Delivery
from subscriptions import MemorySubscriberStore, Subscriber, SubscriberId, chat_of, moment

AHEAD = timedelta(days=50_000)
"""A due time less this is before every other."""

Key = tuple[SubscriberId, str]


class MemoryOutbox:
    """Implements Outbox, Holds and FollowUps over the subscribers of `subscribers`."""

    def __init__(self, subscribers: MemorySubscriberStore, ledger: timedelta = LEDGER) -> None:
        self._subscribers, self._kept = subscribers, ledger
        self._deliveries: dict[Key, Delivery] = {}
        self._keys: defaultdict[SubscriberId, list[Key]] = defaultdict(list)
        self._boxes: defaultdict[str, list[Key]] = defaultdict(list)
        self._due: dict[str, datetime] = {}
        self._rest: dict[str, datetime] = {}
        self._had: defaultdict[SubscriberId, list[ArticleId]] = defaultdict(list)
        self._owed: defaultdict[SubscriberId, set[ArticleId]] = defaultdict(set)
        self._batches: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._dead: set[Key] = set()
        self._begun: set[Key] = set()
        self._held: set[str] = set()
        self._passed: defaultdict[str, list[Key]] = defaultdict(list)
        self._of: defaultdict[str, list[Key]] = defaultdict(list)

    async def compose(
        self,
        before: Subscriber,
        after: Subscriber,
        *,
        due: datetime | None,
        had: Iterable[ArticleId],
        stood_for: Iterable[ArticleId] = (),
        delivery: Delivery | None,
        first: bool = False,
    ) -> bool:
        if delivery is not None and (delivery.subscriber, delivery.id) in self._deliveries:
            return True
        if await self._subscribers.find_subscriber(before.id) is None:
            return False
        if not self._subscribers.put_if_unchanged(after, before.rev, due):
            return False
        self._remember(before.id, sorted(set(had)), sorted(set(stood_for)))
        if delivery is not None:
            self._queue(delivery, delivery.created, first)
        return True

    async def had(self, subscriber: SubscriberId) -> frozenset[ArticleId]:
        return frozenset(self._had.get(subscriber, ()))

    async def give_back(
        self, subscriber: SubscriberId, articles: Iterable[ArticleId], *, stood_for: Iterable[ArticleId] = ()
    ) -> None:
        back, gone = set(articles), set(stood_for)
        self._had[subscriber] = [article for article in self._had[subscriber] if article not in back | gone]
        self._owed[subscriber] |= back

    async def owed(self, subscriber: SubscriberId) -> frozenset[ArticleId]:
        return frozenset(self._owed.get(subscriber, ())) - await self.had(subscriber)

    async def put(self, deliveries: Sequence[Delivery], now: datetime, *, first: bool = False) -> int:
        return sum(self._queue(delivery, now, first) for delivery in deliveries)

    async def claim(self, now: datetime, limit: int, lease: timedelta) -> list[Delivery]:
        for chat in [chat for chat, at in self._due.items() if at <= now]:
            self._pass_over(chat)
        ready = sorted((at, chat) for chat, at in self._due.items() if at <= now)[: max(limit, 0)]
        return [self._take(chat, now + lease) for _, chat in ready]

    async def begin(self, delivery: Delivery) -> Begun:
        key = (delivery.subscriber, delivery.id)
        stored = self._deliveries.get(key)
        if stored is None or stored.state != "queued" or stored.attempts != delivery.attempts:
            return "lost"
        known = key in self._begun
        self._begun.add(key)
        return "unknown" if known else "begun"

    async def progress(self, delivery: str, subscriber: SubscriberId, message_id: int) -> None:
        stored = self._deliveries.get((subscriber, delivery))
        self._begun.discard((subscriber, delivery))
        if stored is not None and message_id not in stored.sent:
            self._deliveries[subscriber, delivery] = replace(stored, sent=(*stored.sent, message_id))

    async def settle(self, delivery: Delivery, now: datetime, *, next_at: datetime | None, chat_at: datetime) -> None:
        key = (delivery.subscriber, delivery.id)
        stored = self._deliveries.get(key)
        if stored is None or stored.state != "queued" or (next_at is not None and stored.attempts > delivery.attempts):
            return
        self._begun.discard(key)
        sent = max(stored.sent, delivery.sent, key=len)
        settled = replace(delivery, sent=sent, attempts=max(stored.attempts, delivery.attempts))
        if next_at is None:
            self._finish(key, replace(settled, settled=delivery.settled or now), now, chat_at)
        else:
            self._deliveries[key] = replace(settled, state="queued", settled=None)
            self._set_due(key, next_at)

    async def hand_back(self, deliveries: Sequence[Delivery], at: datetime) -> None:
        for delivery in deliveries:
            key = (delivery.subscriber, delivery.id)
            stored = self._deliveries.get(key)
            if stored is None or stored.state != "queued" or not stored.attempts == delivery.attempts > 0:
                continue
            chat = str(chat_of(delivery.subscriber))
            if self._boxes[chat][:1] == [key] and self._due[chat] == delivery.claimed_until:
                self._deliveries[key] = replace(stored, attempts=stored.attempts - 1)
                self._begun.discard(key)
                self._due[chat] = at

    async def find_delivery(self, id: str, subscriber: SubscriberId) -> Delivery | None:
        return self._deliveries.get((subscriber, id))

    async def ledger(self, subscriber: SubscriberId, limit: int) -> list[Delivery]:
        return newest((one for _, one in self._mine(subscriber)), limit)

    async def move(self, old: SubscriberId, new: SubscriberId, now: datetime) -> None:
        waiting = [key for key in self._boxes[str(chat_of(old))] if key[0] == old]
        rest = [key for key, _ in self._mine(old) if key not in waiting]
        for delivery in [] if old == new else [self._deliveries[key] for key in (*waiting, *rest)]:
            self._queue(replace(delivery, subscriber=new), now)
            self._batches[delivery.batch][delivery.state] -= delivery.state != "queued"
        if old != new:
            self._owed[new] |= self._owed.get(old, set())
            self._remember(new, (), self._had.get(old, ()))
            await self.drop(old)

    async def drop(self, subscriber: SubscriberId) -> None:
        chat = str(chat_of(subscriber))
        for key, gone in self._mine(subscriber):
            del self._deliveries[key]
            self._dead.discard(key)
            self._begun.discard(key)
            self._batches[gone.batch][gone.state] -= gone.state == "queued"
        self._boxes[chat] = [key for key in self._boxes[chat] if key[0] != subscriber]
        if not self._boxes[chat]:
            self._due.pop(chat, None)
        self._keys.pop(subscriber, None)
        self._had.pop(subscriber, None)
        self._owed.pop(subscriber, None)

    async def backlog(self, now: datetime) -> tuple[int, timedelta]:
        oldest = min((at if at > moment(0) else at + AHEAD for at in self._due.values()), default=now)
        return len(self._due), max(now - oldest, timedelta(0))

    async def failed(self, limit: int) -> list[Delivery]:
        found = [self._deliveries[key] for key in self._dead if key in self._deliveries]
        return sorted(found, key=lambda delivery: delivery.settled or delivery.created, reverse=True)[: max(limit, 0)]

    async def retry(self, id: str, subscriber: SubscriberId, now: datetime) -> bool:
        key = (subscriber, id)
        stored = self._deliveries.get(key)
        if stored is None or stored.state != "failed":
            return False
        self._dead.discard(key)
        self._batches[stored.batch].update({"failed": -1, "queued": 1})
        self._deliveries[key] = replace(stored, state="queued", attempts=0, settled=None)
        self._enqueue(key, now)
        return True

    async def dismiss(self, id: str, subscriber: SubscriberId) -> bool:
        there = (subscriber, id) in self._dead
        self._dead.discard((subscriber, id))
        return there

    async def hold(self, batch: str) -> None:
        self._held.add(batch)

    async def release(self, batch: str, now: datetime) -> None:
        self._held.discard(batch)
        for key in self._passed.pop(batch, []):
            if self._waits(key) and key not in self._boxes[str(chat_of(key[0]))]:
                self._enqueue(key, now)

    async def passed_over(self, batch: str, limit: int) -> list[Delivery]:
        return [self._deliveries[key] for key in self._passed[batch] if self._waits(key)][: max(limit, 0)]

    async def iter_members(self, batch: str) -> AsyncIterator[Delivery]:
        for key in self._of[batch]:
            if key in self._deliveries:
                yield self._deliveries[key]

    async def carrying(self, subscriber: SubscriberId, article: ArticleId) -> list[Delivery]:
        mine = [d for _, d in self._mine(subscriber) if d.state == "sent" and d.digest]
        return [d for d in mine if d.digest and article in [item.article_id for item in d.digest.items()]]

    async def follow_up(self, delivery: Delivery, now: datetime) -> bool:
        new = self._queue(delivery, now)
        if new:
            self._remember(delivery.subscriber, sorted(set(delivery.news)))
        return new

    def _waits(self, key: Key) -> bool:
        return key in self._deliveries and self._deliveries[key].state == "queued"

    async def batch_report(self, batch: str) -> Mapping[str, int]:
        return {state: count for state, count in self._batches[batch].items() if count}

    def _remember(
        self, subscriber: SubscriberId, had: Sequence[ArticleId], stood_for: Sequence[ArticleId] = ()
    ) -> None:
        all_ = list(dict.fromkeys((*self._had[subscriber], *had, *stood_for)))
        self._had[subscriber] = all_[-HAD_KEPT:]
        self._owed[subscriber] -= {*had, *all_[:-HAD_KEPT]}

    def _queue(self, delivery: Delivery, at: datetime, first: bool = False) -> bool:
        key = (delivery.subscriber, delivery.id)
        if key in self._deliveries:
            return False
        self._deliveries[key] = delivery
        self._keys[delivery.subscriber].append(key)
        self._batches[delivery.batch][delivery.state] += 1
        self._of[delivery.batch].append(key)
        if delivery.state == "failed":
            self._dead.add(key)
        if delivery.state == "queued":
            self._enqueue(key, at, first)
        return True

    def _enqueue(self, key: Key, at: datetime, first: bool = False) -> None:
        chat = str(chat_of(key[0]))
        if first and self._due.get(chat, at) <= at:
            self._boxes[chat].insert(0, key)
            self._due[chat] = at - AHEAD
        else:
            self._boxes[chat].append(key)
            self._due.setdefault(chat, max(at, self._rest.get(chat, at)))

    def _pass_over(self, chat: str) -> None:
        box = self._boxes[chat]
        while box and (batch := self._deliveries[box[0]].batch) in self._held:
            self._passed[batch].append(box.pop(0))
        if not box:
            del self._due[chat]

    def _take(self, chat: str, until: datetime) -> Delivery:
        key = self._boxes[chat][0]
        self._due[chat] = until
        self._deliveries[key] = replace(self._deliveries[key], attempts=self._deliveries[key].attempts + 1)
        return replace(self._deliveries[key], claimed_until=until)

    def _set_due(self, key: Key, at: datetime) -> None:
        chat = str(chat_of(key[0]))
        if self._boxes[chat][:1] == [key]:
            self._due[chat] = at

    def _finish(self, key: Key, delivery: Delivery, now: datetime, chat_at: datetime) -> None:
        chat = str(chat_of(key[0]))
        self._deliveries[key] = delivery
        if delivery.state == "failed":
            self._dead.add(key)
        self._batches[delivery.batch]["queued"] -= 1
        self._batches[delivery.batch][delivery.state] += 1
        if self._boxes[chat][:1] == [key]:
            self._rest[chat] = chat_at
            self._due[chat] = chat_at
        if key in self._boxes[chat]:
            self._boxes[chat].remove(key)
        if not self._boxes[chat]:
            self._due.pop(chat, None)
        self._forget_settled(key[0], (delivery.settled or now) - self._kept)

    def _forget_settled(self, subscriber: SubscriberId, before: datetime) -> None:
        for key, delivery in self._mine(subscriber):
            if delivery.settled is not None and delivery.settled < before:
                del self._deliveries[key]
        self._keys[subscriber] = [key for key in self._keys[subscriber] if key in self._deliveries]

    def _mine(self, subscriber: SubscriberId) -> list[tuple[Key, Delivery]]:
        return [(key, self._deliveries[key]) for key in self._keys[subscriber]]
