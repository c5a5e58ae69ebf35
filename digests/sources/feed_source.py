"""A feed that is watched: each new entry an article, those of one day an issue; or each entry an issue of its own.

The first check marks the past as seen. A check asks the server at most once, reads the body only if it changed, and
remembers what the caller took when the caller asks on. Retrieval only: what is new in an issue, the store knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from digests.errors import UnreadableError
from digests.sources.dates import CHINA
from digests.sources.feed_decide import (
    Group,
    Known,
    answered,
    body_hash,
    failed,
    groups,
    is_due,
    is_told,
    issue_of,
    newest,
    telling,
    trimmed,
    unseen,
    validators,
    with_seen,
)
from digests.sources.feed_items import Entry, Feed
from digests.sources.http import FEED, HttpClient
from digests.sources.http_outcomes import Failed, Fetched, Gone, NotModified
from digests.sources.state import SourceStates, WatchState
from digests.types import Hints, RawIssue

ParseFeed = Callable[[bytes, str, str, datetime, Sequence[str]], Awaitable[Feed]]
"""(body, content type, address, now, marks of known items) to what it says; FeedWorker.parse. Raises UnreadableError."""


class ReadEnclosure(Protocol):
    """Fetches and reads the file of an entry: the issue, or why it cannot be read."""

    async def __call__(self, entry: Entry, hints: Hints, source: str, now: datetime) -> RawIssue | UnreadableError: ...


class FeedSource:
    """Implements digests.ports.Source. `publication`: the paper's name; else the feed's title. `sample`: the first check
    yields the newest entry. `enclosures`: given, each entry with a file is an issue of its own."""

    def __init__(
        self,
        name: str,
        address: str,
        client: HttpClient,
        states: SourceStates,
        parse: ParseFeed,
        *,
        publication: str = "",
        interval: timedelta = timedelta(minutes=30),
        zone: tzinfo = CHINA,
        sample: bool = False,
        enclosures: ReadEnclosure | None = None,
    ) -> None:
        self.name = name
        self._address, self._client, self._states, self._parse = address, client, states, parse
        self._publication, self._interval, self._zone, self._sample = publication, interval, zone, sample
        self._enclosures = enclosures

    async def check(self, now: datetime) -> AsyncIterator[RawIssue | UnreadableError]:
        """What is new since the last check; nothing if it is not due. What is yielded counts as taken when the caller asks on."""
        state = await self._states.find_state(self.name) or WatchState()
        if not is_due(state, now):
            return
        etag, modified = validators(state, now)
        address = state.address or self._address
        match await self._client.get(address, now, want=FEED, etag=etag, modified=modified):
            case Fetched() as answer:
                async for item in self._read(state, answer, now):
                    yield item
            case NotModified() as answer:
                await self._put(answered(state, answer, self.name, now, self._interval))
            case Gone():
                reason = "网站答复 410：此订阅源已永久关闭，不再访问 / the site answered 410: this feed is gone for good, and is no longer asked"
                yield UnreadableError(address, reason)
                await self._put(replace(state, stopped=reason, checked_at=now))
            case Failed() as failure:
                state = failed(state, failure.reason, self.name, now, failure.retry_at)
                if is_told(state, failure):
                    yield UnreadableError(address, telling(state, self._zone))
                await self._put(state)

    async def _read(
        self, state: WatchState, answer: Fetched, now: datetime
    ) -> AsyncIterator[RawIssue | UnreadableError]:
        if state.begun and body_hash(answer.body) == state.body_hash:
            await self._put(answered(state, answer, self.name, now, self._interval))
            return
        try:
            feed = await self._parsed(state, answer, now)
        except UnreadableError as error:
            state = failed(state, error.reason, self.name, now)
            yield UnreadableError(error.key, telling(state, self._zone))
            await self._put(state)
            return
        async for group, item in self._items(self._new(feed, state), feed, answer.address, now):
            yield item
            if state.begun:  # the past is seen as a whole, or not at all
                state = with_seen(state, group.keys)
                await self._put(state)
        await self._put(answered(trimmed(state, feed), answer, self.name, now, self._interval, feed.minutes))

    async def _parsed(self, state: WatchState, answer: Fetched, now: datetime) -> Feed:
        """Without the items that were read before. If one that is left is known by its keys, keys are in doubt (they depend on
        what else the feed holds), and all of it is read."""
        feed = await self._parse(answer.body, answer.content_type, answer.address, now, state.marks)
        if feed.left_out and len(unseen(feed, state)) < len(feed.entries):
            feed = await self._parse(answer.body, answer.content_type, answer.address, now, ())
        return feed

    def _new(self, feed: Feed, state: WatchState) -> list[Known]:
        if state.begun:
            return unseen(feed, state)
        return newest(feed, self._zone) if self._sample else []

    async def _items(
        self, new: list[Known], feed: Feed, address: str, now: datetime
    ) -> AsyncIterator[tuple[Group, RawIssue | UnreadableError]]:
        """Each issue with the entries that it is made of."""
        publication = self._publication or feed.title
        alone = [known for known in new if self._enclosures and known[0].enclosures]
        together = [known for known in new if known not in alone]
        for group in groups(together, now, self._zone):
            yield group, issue_of(group, self.name, address, publication)
        for known in reversed(alone):
            [group] = groups([known], now, self._zone)
            assert self._enclosures
            yield (
                group,
                await self._enclosures(known[0], Hints(publication or None, date=group.day or None), self.name, now),
            )

    async def _put(self, state: WatchState) -> None:
        await self._states.put_state(self.name, state)


async def parse_in_thread(
    body: bytes, content_type: str, address: str, now: datetime, known: Sequence[str] = ()
) -> Feed:
    """For trials and tests: without the worker's limits."""
    from digests.sources.feed import parse_feed

    return await asyncio.to_thread(parse_feed, body, content_type, address, now, frozenset(known))
