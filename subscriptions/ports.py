"""What subscriptions needs of a store. One method is one atomic step; the Redis store and its in-memory twin keep
the same contract, and one suite of tests runs on both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from subscriptions.types import QueryId, QueryPage, Subscriber, SubscriberId


class SubscriberStore(Protocol):
    """Subscribers with their subscriptions, the queries they share, and when each is due."""

    async def find_subscriber(self, id: SubscriberId, *, texts: bool | str = True) -> Subscriber | None:
        """Called by every chat command. Repeatable. Without `texts` its queries may have "" for theirs, which saves a round trip
        where this process has not read them; such a value may be put like any other. The first 16 digits of a query's id: that
        one's text is there, at no more round trips."""
        ...

    async def get_subscribers(self, ids: Sequence[SubscriberId], *, texts: bool | str = True) -> list[Subscriber]:
        """Those of `ids` that exist, in the order asked. One round trip per shard. `texts` as of find_subscriber. Repeatable."""
        ...

    async def put_subscriber(self, subscriber: Subscriber, *, due: datetime | None) -> Subscriber:
        """Store value, reverse index (query -> subscriber, also of instant ones) and due time as one step; answers the value with its new rev.

        `subscriber.rev` must be the stored one (0: must not exist yet); else raises ConflictError and stores
        nothing, and the caller reads again. `due` None: no slot (paused, instant without hits, no subscriptions).
        """
        ...

    async def delete_subscriber(self, id: SubscriberId) -> bool:
        """Remove every trace in this store; True if there was one. Repeatable."""
        ...

    async def move_subscriber(self, old: SubscriberId, new: SubscriberId) -> Subscriber | None:
        """A group became a supergroup: what `old` had is now `new`'s (merged where `new` exists). Repeatable: None
        when `old` is gone already. The new value is written before the old is removed."""
        ...

    def iter_subscribers(self) -> AsyncIterator[Subscriber]:
        """All, in no order, in batches. For start-up, export, statistics; not on a request's path."""
        ...

    async def count_subscribers(self) -> int: ...

    async def add_query(self, id: QueryId, canonical: str) -> int:
        """Store a query once and announce it to the matchers; answers the sequence number of its shard's newest hit, so that a
        new subscription counts from the next hit on. Repeatable. Called before put_subscriber."""
        ...

    async def get_queries(self, ids: Sequence[QueryId]) -> dict[QueryId, str]:
        """Canonical texts of those that exist. Repeatable."""
        ...

    async def find_query(self, id: QueryId) -> tuple[str, int] | None:
        """The canonical text of a stored query with the number that add_query would answer. Repeatable."""
        ...

    def iter_queries(self) -> AsyncIterator[QueryPage]:
        """All stored queries, some thousands at a time, as they lie in the store. For a matcher's start. Repeatable."""
        ...

    async def query_place(self) -> str:
        """The present end of what query_changes tells. Repeatable."""
        ...

    async def query_changes(self, after: str) -> tuple[list[tuple[QueryId, str]], str] | None:
        """Queries added since the place `after`, with "" for the text of one that was removed, and the new place. None: so far
        back is not known any more, and all are to be read anew. Repeatable."""
        ...

    async def idle_queries(self, now: datetime, since: timedelta) -> dict[QueryId, int]:
        """Queries that nobody holds, seen so for the first time at least `since` ago, and neither held at a call since nor asked
        for (add_query, find_query), with the number of their shard's newest hit. Notes those that it sees so for the first
        time. Repeatable."""
        ...

    async def remove_queries(self, ids: Sequence[QueryId]) -> int:
        """Remove those of idle_queries that nobody has asked for since, and announce it to the matchers; answers how many.
        Repeatable."""
        ...

    def iter_readers(self, query: QueryId) -> AsyncIterator[SubscriberId]:
        """Subscribers that hold the query, in batches, each once."""
        ...

    async def make_due(self, queries: Iterable[QueryId], now: datetime) -> int:
        """Subscribers with an instant cadence (own or the subscription's) on one of the queries become due now, never later than they were.
        Answers how many. Repeatable."""
        ...

    async def claim_due(self, now: datetime, limit: int, lease: timedelta) -> list[SubscriberId]:
        """At most `limit` subscribers whose slot has come; each is due again after `lease` unless put or composed
        before. Safe from any number of processes."""
        ...
