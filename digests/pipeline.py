"""From a watched place to stored hits: retrieve, detect, read, add, match.

Short steps that call stores, sources and deciders in order and decide nothing. Each may be repeated after a crash:
adding an issue twice is a duplicate, a hit keeps its number, an issue is matched again until it is settled.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from digests.corrections import with_corrections
from digests.errors import UnreadableError
from digests.fingerprint import issue_fingerprint
from digests.ports import Added, HitStore, IssueStore, Source
from digests.types import Article, Issue, IssueId, RawIssue
from subscriptions import AliasTable, Document, Match, Matcher, QueryId, SubscriberStore

log = logging.getLogger(__name__)

MATCH_LEASE = timedelta(minutes=1)
IDLE = timedelta(hours=1)
"""For so long a query that nobody holds any more can be taken up again by a link or a button."""
AT_ONCE = 200
"""Queries that are removed in one go, so that no script of the store's takes long."""

Servers = Mapping[str, str]
"""Which servers hold what, at a moment: part of the store -> the life of its server."""


class Secure(Protocol):
    """Asked before something is written that relies on what was written elsewhere, or in several steps."""

    async def begin(self) -> Servers:
        """Asked before the first of it is written. Raises StoreError."""
        ...

    async def wait(self, since: Servers) -> None:
        """Waits until what was stored since then outlives any one server. Raises StoreError if that takes too long, or if since then a
        server died, or another took its place: either may have forgotten what was written to it, while whoever wrote it lives on."""
        ...


class InMemory:
    """Implements Secure for stores that are in this process: they end together."""

    async def begin(self) -> Servers:
        return {}

    async def wait(self, since: Servers) -> None: ...


IN_MEMORY = InMemory()
ReadIssue = Callable[[RawIssue], Issue]
"""Splits an issue and reads its articles; pure, and run in a thread."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """One thing that a check brought: an issue that was added (with its problems), or a place that cannot be read."""

    key: str
    added: Added | None = None
    issue: Issue | None = None
    unreadable: str = ""


def as_document(article: Article, publication: str | None) -> Document:
    """The article as queries see it."""
    return Document(
        title=article.title,
        subtitle=" ".join(part for part in (article.kicker, article.subtitle) if part),
        body=article.body,
        byline=article.byline or "",
        section=article.section or "",
        publication=publication or "",
        page=article.page,
        topics=frozenset(article.topics),
        figures=article.figures(),
    )


async def check_source(
    source: Source, issues: IssueStore, read: ReadIssue, now: datetime, secure: Secure = IN_MEMORY
) -> AsyncIterator[Noticed]:
    """Everything that is new at `source`; what is known already yields nothing. One bad item does not stop the rest. What was added
    is secure before the source may hold it for taken."""
    async for item in source.check(now):
        if isinstance(item, UnreadableError):
            noticed = await _unreadable(item, issues)
        elif isinstance(item, RawIssue):
            noticed = await _add(item, issues, read, now, secure)
        else:
            raise TypeError(f"source {source.name} yielded {type(item).__name__}")
        if noticed is not None:
            yield noticed


async def _unreadable(error: UnreadableError, issues: IssueStore) -> Noticed | None:
    content = hashlib.blake2b(str(error).encode(), digest_size=16).hexdigest()
    if not await issues.report_once(error.key, content):
        return None
    return Noticed(error.key, unreadable=error.reason)


async def _add(raw: RawIssue, issues: IssueStore, read: ReadIssue, now: datetime, secure: Secure) -> Noticed | None:
    if await issues.is_seen(issue_fingerprint(raw)):
        return None
    issue = await asyncio.to_thread(read, raw)
    issue = with_corrections(await issues.find_issue(issue.id), issue)
    since = await secure.begin()
    added = await issues.add_issue(issue, now)
    if added.outcome == "duplicate":
        return None
    await secure.wait(since)
    return Noticed(raw.key, added=added, issue=issue)


class MatcherFeed:
    """Keeps a matcher in step with the stored queries: all of them at the start, then each addition; all anew when it has fallen
    behind what is told. One that was removed stays in the matcher, which is immutable, but matches nothing any more."""

    def __init__(self, store: SubscriberStore, aliases: AliasTable | None = None) -> None:
        self._store, self._aliases = store, aliases
        self._place: str | None = None
        self._gone: set[QueryId] = set()
        self.matcher = Matcher(aliases=aliases)

    async def follow(self) -> None:
        """Take in what was added since the last call. Repeatable."""
        while (told := await self._told()) is None:
            await self._read_all()
        changes, self._place = told
        self._gone = (self._gone - {id for id, text in changes if text}) | {id for id, text in changes if not text}
        self.matcher.add_all([(id, text) for id, text in changes if text])
        if self.matcher.wants_merge:
            await asyncio.to_thread(self.matcher.merge)

    async def _told(self) -> tuple[list[tuple[QueryId, str]], str] | None:
        return None if self._place is None else await self._store.query_changes(self._place)

    async def _read_all(self) -> None:
        """The matcher before is let go first: two of a million queries need too much memory."""
        self.matcher, self._place, self._gone = Matcher(aliases=self._aliases), None, set()
        place = await self._store.query_place()
        self.matcher.add_pages([page async for page in self._store.iter_queries()])
        await asyncio.to_thread(self.matcher.merge)
        self._place = place

    def match(self, document: Document) -> list[Match]:
        return [match for match in self.matcher.match(document) if match.query_id not in self._gone]


async def forget_queries(subscribers: SubscriberStore, hits: HitStore, now: datetime) -> int:
    """Remove what nobody has held for IDLE, first its hits, which prove it in its own words; answers how many queries. A crash in
    between leaves the rest to the next time. Who subscribes meanwhile is asked for first (remove_queries), and counts from a later hit."""
    idle, removed = list((await subscribers.idle_queries(now, IDLE)).items()), 0
    for at in range(0, len(idle), AT_ONCE):
        some = dict(idle[at : at + AT_ONCE])
        await hits.drop_hits(some)
        removed += await subscribers.remove_queries(list(some))
    return removed


@dataclass(frozen=True, slots=True)
class Matched:
    """What matching one issue did; `instant`: readers that became due now."""

    issue: str
    articles: int
    hits: int
    instant: int


Alive = Callable[[], Awaitable[None]]
"""Called every now and then by whoever takes long: the work stays this process's."""
Correct = Callable[[Article, Alive], Awaitable[int]]
"""What is done about an article that corrects another, before anybody can be given it; answers how many messages it changes."""
Renew = Callable[[IssueId], Awaitable[None]]
"""Renews the lease of the issue that is being matched."""


async def match_next(
    issues: IssueStore,
    hits: HitStore,
    subscribers: SubscriberStore,
    feed: MatcherFeed,
    now: datetime,
    correct: Correct | None = None,
    renew: Renew | None = None,
    secure: Secure = IN_MEMORY,
) -> Matched | None:
    """Match the articles of one waiting issue against every stored query once; None if nothing waits. `renew`: so that it is done
    once, however long a correction with many readers takes. Their numbers are secure before hits hold them, and the hits before
    the issue counts as matched."""
    claimed = await issues.claim_to_match(now, MATCH_LEASE)
    if claimed is None:
        return None
    since = await secure.begin()
    await secure.wait(since)
    await feed.follow()
    issue_id, ids = claimed
    issue = await issues.find_issue(issue_id)
    articles = await issues.get_articles(ids)
    alive = partial(_alive, renew, issue_id)
    count = 0
    queries: set[QueryId] = set()
    for id, (article, _) in articles.items():
        if correct is not None and article.corrects:
            await correct(article, alive)
        matches = feed.match(as_document(article, issue.publication if issue else None))
        await hits.add_hits(id, matches)
        count += len(matches)
        queries.update(match.query_id for match in matches)
        await alive()
    instant = await subscribers.make_due(queries, now)
    await secure.wait(since)
    await issues.settle_matched(issue_id, ids, until=now)
    return Matched(issue_id, len(articles), count, instant)


async def _alive(renew: Renew | None, issue: IssueId) -> None:
    if renew is not None:
        await renew(issue)
