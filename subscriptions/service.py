"""What a chat, a page or the command line may do to subscribers: subscribe, change settings, pause, export, forget.

Each method is a few store calls around a pure change, repeated on a fresh value when somebody else stored one in
between. `who` is a subscriber's id, or the value just read, which saves the round trip; a value with `rev` 0 is not
stored yet and is with its first change. Must not know topics, chats or texts: what is wrong is said by error classes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from subscriptions import interest
from subscriptions.changes import texted, with_cadence, with_query, without
from subscriptions.errors import ConflictError, LimitError, NotFoundError, QueryError
from subscriptions.parse import parse_query
from subscriptions.ports import SubscriberStore
from subscriptions.query import Topic, print_query, query_id
from subscriptions.service_due import counted_from, due_after
from subscriptions.service_export import export_subscriber
from subscriptions.service_import import Wanted
from subscriptions.threads import in_own_thread, left_for, renamed
from subscriptions.types import (
    Cadence,
    Language,
    PauseReason,
    QueryId,
    Settings,
    Subscriber,
    SubscriberId,
    Subscription,
)

ChatKind = Literal["private", "group", "supergroup", "channel"]

DEFAULTS = Settings()
TRIES = 5
"""Attempts of one optimistic change before ConflictError reaches the caller."""

AUTOMATIC: frozenset[PauseReason] = frozenset({"blocked", "deactivated", "kicked", "rights", "not_found"})
"""Pauses that end by themselves when Telegram lets us in again; only the reader ends a `reader` pause."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`subscriptions`: how many one subscriber may hold; beyond it LimitError("subscriptions")."""

    subscriptions: int = 100


@dataclass(frozen=True, slots=True)
class SubscribeResult:
    """`existing`: the subscriber held this query before; nothing was stored."""

    subscription: Subscription
    existing: bool
    subscriber: Subscriber


class SubscriptionService:
    """The one way to change subscribers."""

    def __init__(self, store: SubscriberStore, limits: Limits = Limits()) -> None:
        self._store, self._limits = store, limits

    # ------------------------------------------------------------------------------------------ read
    async def find(self, id: SubscriberId) -> Subscriber | None:
        return await self._store.find_subscriber(id)

    async def get(self, id: SubscriberId) -> Subscriber:
        """Raises NotFoundError."""
        subscriber = await self._store.find_subscriber(id)
        if subscriber is None:
            raise NotFoundError("subscriber", id)
        return subscriber

    async def find_or_new(
        self, id: SubscriberId, language: Language, chat_kind: ChatKind, title: str, owner: int | None, now: datetime,
        settings: Settings = DEFAULTS, *, texts: bool | str = True,
    ) -> Subscriber:  # fmt: skip
        """The stored subscriber, or a new one that is not stored (`rev` 0) before its first change. `texts` as of the store."""
        stored = await self._store.find_subscriber(id, texts=texts)
        fresh = replace(settings, language=language)
        return stored or Subscriber(id, fresh, created=now, chat_kind=chat_kind, title=title, owner=owner)

    async def find_many(
        self, ids: Sequence[SubscriberId], *, texts: bool | str = True
    ) -> dict[SubscriberId, Subscriber]:
        """Those of `ids` that are stored, in one go. `texts` as of the store."""
        return {subscriber.id: subscriber for subscriber in await self._store.get_subscribers(ids, texts=texts)}

    async def with_texts(self, who: Subscriber) -> Subscriber:
        """A value that was read without them, with the texts of its queries."""
        return who.told(await self._store.get_queries([held.query_id for held in who.subscriptions]))

    def iter_subscribers(self) -> AsyncIterator[Subscriber]:
        """All of them, for the command line; never on a request's path."""
        return self._store.iter_subscribers()

    async def count(self) -> int:
        return await self._store.count_subscribers()

    async def export(self, who: Subscriber | SubscriberId) -> dict[str, Any]:
        """Everything kept of this subscriber that it may take away, as JSON values. Raises NotFoundError."""
        return export_subscriber(await self._read(who))

    # ------------------------------------------------------------------------------------------ change
    async def get_or_create(
        self, id: SubscriberId, language: Language, chat_kind: ChatKind, title: str, owner: int | None, now: datetime
    ) -> Subscriber:
        """The stored subscriber, stored now if it was new."""
        return await self.keep(await self.find_or_new(id, language, chat_kind, title, owner, now), now)

    async def keep(self, who: Subscriber, now: datetime) -> Subscriber:
        """Store a subscriber that is not stored yet; else nothing is done."""
        return await self._change(who, now, lambda subscriber: subscriber)

    async def subscribe(
        self, who: Subscriber | SubscriberId, text: str, now: datetime, *, instead_of: QueryId | None = None
    ) -> SubscribeResult:
        """Add a standing query, counting from the next hit on, in place of another where one is named.
        Raises QueryError, LimitError, NotFoundError."""
        canonical = print_query(parse_query(text))
        id = query_id(canonical)
        subscriber = await self._read(who)
        held = find_subscription(subscriber, id)
        if held is not None:
            held = replace(held, query=canonical)
            return SubscribeResult(held, True, await self._replace(subscriber, held, instead_of, now))
        self._check_quota(without(subscriber, instead_of))
        added = Subscription(id, canonical, cursor=await self._store.add_query(id, canonical), created=now)
        return SubscribeResult(added, False, await self._replace(subscriber, added, instead_of, now))

    async def subscribe_stored(self, who: Subscriber | SubscriberId, id: QueryId, now: datetime) -> SubscribeResult:
        """The same with a query that is stored, by its id. Raises NotFoundError("query"), LimitError, NotFoundError."""
        found = await self._store.find_query(id)
        if found is None:
            raise NotFoundError("query", id)
        subscriber = await self._read(who)
        held = find_subscription(subscriber, id)
        if held is not None:
            return SubscribeResult(replace(held, query=found[0]), True, subscriber)
        added = Subscription(id, found[0], cursor=found[1], created=now)
        return SubscribeResult(added, False, await self._replace(subscriber, added, None, now))

    async def replace_query(
        self,
        who: Subscriber | SubscriberId,
        old: QueryId,
        text: str,
        now: datetime,
        waiting: Callable[[], Awaitable[tuple[int, ...]]] | None = None,
    ) -> tuple[Subscriber, Subscription]:
        """Another wording of a subscription, which keeps its place, its age and its cadence, and counts from the next hit on.
        A wording that is held already takes the place of both. `waiting`: answers the articles that it shall be tried on next.
        Raises QueryError, NotFoundError("subscription")."""
        canonical = print_query(parse_query(text))
        id = query_id(canonical)
        subscriber = await self._read(who)
        held = find_subscription(subscriber, id)
        adding = self._store.add_query(id, canonical)
        newest, articles = await asyncio.gather(adding, waiting() if waiting else _nothing())
        if held is not None:
            held = replace(held, query=canonical)
            return await self._replace(subscriber, held, old, now, articles), held
        new = Subscription(id, canonical, newest, now, waiting=articles)

        def change(value: Subscriber) -> Subscriber:
            return with_query(value, old, new)

        after = await self._change(subscriber, now, change)
        replaced = find_subscription(after, id)
        if replaced is None:
            raise NotFoundError("subscription", text)
        return after, replaced

    async def add_many(self, who: Subscriber | SubscriberId, wanted: Sequence[Wanted], now: datetime) -> Subscriber:
        """Add queries with their cadences, each counting from its next hit on; those held already stay as they are.
        All or none: raises LimitError."""
        subscriber = await self._read(who)
        new = [one for one in wanted if find_subscription(subscriber, one.query_id) is None]
        if len(subscriber.subscriptions) + len(new) > self._limits.subscriptions:
            raise LimitError("subscriptions", self._limits.subscriptions)
        add_query = self._store.add_query  # asked for all at once, the store takes them in one trip
        cursors = await asyncio.gather(*(add_query(one.query_id, one.query) for one in new))
        added = [
            Subscription(one.query_id, one.query, cursor, now, one.cadence)
            for one, cursor in zip(new, cursors, strict=True)
        ]

        def change(value: Subscriber) -> Subscriber:
            for one in added:
                value = self._with(value, one)
            return value

        return await self._change(subscriber, now, change)

    async def move_to_thread(
        self, who: Subscriber | SubscriberId, query: QueryId, thread: int, now: datetime
    ) -> tuple[Subscriber, Subscriber]:
        """A subscription leaves for a forum topic of its own; answers the place that it left and the topic. Stored there first: a
        crash in between has it twice rather than nowhere; of two who move it at once the second undoes what it did.
        Raises NotFoundError("subscription")."""
        place = await self._read(who)
        held = find_subscription(place, query)
        if held is None:
            raise NotFoundError("subscription", query)
        made = in_own_thread(place, held, thread)
        made = await self._store.put_subscriber(made, due=None if made.paused else now)

        def leave(value: Subscriber) -> Subscriber:
            if find_subscription(value, query) is None:
                raise NotFoundError("subscription", query)
            return left_for(value, query, thread)

        try:
            return await self._change(place, now, leave), made
        except NotFoundError:
            await self.forget(made.id)
            raise

    async def unsubscribe(self, who: Subscriber | SubscriberId, query: QueryId, now: datetime) -> Subscriber:
        """Give up one query. Repeatable: nothing happens when it is not held."""
        return await self._change(who, now, lambda subscriber: without(subscriber, query))

    async def unsubscribe_text(
        self, who: Subscriber | SubscriberId, text: str, now: datetime
    ) -> tuple[Subscription, Subscriber]:
        """Give up the query that `text` names: as written, as a topic's name, or by its number in the list; answers it, and who had it.
        Raises NotFoundError("subscription")."""
        subscriber = await self._read(who)
        held = named_subscription(subscriber, text)
        if held is None:
            raise NotFoundError("subscription", text)
        return held, await self.unsubscribe(subscriber, held.query_id, now)

    async def set_settings(
        self, who: Subscriber | SubscriberId, change: Callable[[Settings], Settings], now: datetime
    ) -> Subscriber:
        """`change` must be pure: it may be called again on a fresher value."""
        return await self._change(
            who, now, lambda value: interest.only_if_asked(replace(value, settings=change(value.settings)))
        )

    async def set_cadence(
        self, who: Subscriber | SubscriberId, query: QueryId, cadence: Cadence | None, now: datetime
    ) -> Subscriber:
        """A cadence of its own for one subscription; None: the subscriber's."""
        return await self._change(who, now, lambda subscriber: with_cadence(subscriber, query, cadence))

    async def ask(self, who: Subscriber | SubscriberId, now: datetime) -> Subscriber:
        """All that waits is wanted at once: whoever composes next serves them first. Repeatable."""
        return await self._change(who, now, lambda subscriber: replace(subscriber, asked=True))

    async def note_opened(self, who: Subscriber | SubscriberId, article: int, now: datetime) -> Subscriber:
        """Of a reader who asked for suggestions: they opened this article. Repeatable."""
        return await self._change(who, now, lambda subscriber: interest.opened(subscriber, article))

    async def refuse_word(self, who: Subscriber | SubscriberId, word: str, now: datetime) -> Subscriber:
        """A word that was suggested is not wanted. Repeatable."""
        return await self._change(who, now, lambda subscriber: interest.refused(subscriber, word))

    async def note_suggested(self, who: Subscriber | SubscriberId, now: datetime) -> Subscriber:
        return await self._change(who, now, lambda subscriber: interest.suggested(subscriber, now))

    async def pause(self, who: Subscriber | SubscriberId, reason: PauseReason, now: datetime) -> Subscriber:
        """Stop sending and keep everything. The reader's own pause is never replaced by an automatic one."""

        def change(subscriber: Subscriber) -> Subscriber:
            return subscriber if subscriber.paused == "reader" else replace(subscriber, paused=reason)

        return await self._change(who, now, change)

    async def resume(
        self, who: Subscriber | SubscriberId, now: datetime, reasons: Collection[PauseReason] | None = None
    ) -> Subscriber:
        """Send again. `reasons`: only where the pause has one of these; None: whatever it was."""

        def change(subscriber: Subscriber) -> Subscriber:
            kept = reasons is not None and subscriber.paused not in reasons
            return subscriber if kept else replace(subscriber, paused=None)

        return await self._change(who, now, change)

    async def move(self, old: SubscriberId, new: SubscriberId) -> Subscriber | None:
        """A group became a supergroup. Repeatable."""
        return await self._store.move_subscriber(old, new)

    async def forget(self, id: SubscriberId) -> bool:
        """Remove the subscriber with every trace in this package's store; True if there was one."""
        return await self._store.delete_subscriber(id)

    # ------------------------------------------------------------------------------------------ inside
    async def _read(self, who: Subscriber | SubscriberId) -> Subscriber:
        return who if isinstance(who, Subscriber) else await self.get(who)

    async def _change(
        self, who: Subscriber | SubscriberId, now: datetime, change: Callable[[Subscriber], Subscriber]
    ) -> Subscriber:
        subscriber = await self._read(who)
        for _ in range(TRIES - 1):
            try:
                return await self._put(subscriber, change(subscriber), now)
            except ConflictError:
                subscriber = await self.get(subscriber.id)
        return await self._put(subscriber, change(subscriber), now)

    async def _put(self, before: Subscriber, after: Subscriber, now: datetime) -> Subscriber:
        if after == before and before.rev:
            return before
        after = counted_from(before, after, now)
        return await self._store.put_subscriber(after, due=due_after(before, after, now))

    async def _replace(
        self, who: Subscriber, added: Subscription, old: QueryId | None, now: datetime, waiting: tuple[int, ...] = ()
    ) -> Subscriber:
        gone = None if old == added.query_id else old

        def change(subscriber: Subscriber) -> Subscriber:
            kept = self._with(without(subscriber, gone), added)
            return renamed(texted(kept, added, waiting), gone, added.query_id) if gone else kept

        return await self._change(who, now, change)

    def _with(self, subscriber: Subscriber, added: Subscription) -> Subscriber:
        if find_subscription(subscriber, added.query_id) is not None:
            return subscriber
        self._check_quota(subscriber)
        return replace(subscriber, subscriptions=(*subscriber.subscriptions, added))

    def _check_quota(self, subscriber: Subscriber) -> None:
        if len(subscriber.subscriptions) >= self._limits.subscriptions:
            raise LimitError("subscriptions", self._limits.subscriptions)


def find_subscription(subscriber: Subscriber, query: QueryId) -> Subscription | None:
    return next((held for held in subscriber.subscriptions if held.query_id == query), None)


def named_subscription(subscriber: Subscriber, text: str) -> Subscription | None:
    """The subscription that a person means by `text`: the query, the bare name of a topic, or a number from 1."""
    wanted = text.strip()
    for form in (wanted, f"#{wanted}"):
        held = find_subscription(subscriber, _id_of(form))
        if held is not None:
            return held
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 5 else 0
    return subscriber.subscriptions[number - 1] if 0 < number <= len(subscriber.subscriptions) else None


def topic_of(query: str) -> str | None:
    """The topic's name where a canonical query is nothing but one topic."""
    parsed = parse_query(query)
    return parsed.name if isinstance(parsed, Topic) else None


def _id_of(text: str) -> QueryId:
    try:
        return query_id(print_query(parse_query(text)))
    except QueryError:
        return ""


async def _nothing() -> tuple[int, ...]:
    return ()
