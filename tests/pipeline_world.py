"""A small world for tests of the pipelines: stores in memory, issues made by hand, readers with queries, a clock by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from store_servers import Stores as AllStores

from digests.compose import Composed, Stores, compose_for
from digests.errors import UnreadableError
from digests.fingerprint import article_fingerprint, issue_fingerprint
from digests.pipeline import MatcherFeed, Noticed, check_source, match_next
from digests.types import Article, DateEvidence, Delivery, Hints, Issue, PageText, RawIssue
from subscriptions import Cadence, Settings, Subscriber
from subscriptions.service import SubscriptionService

NOW = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
"""07:30 of 3 March in Shanghai: half an hour before the usual slot."""
SLOT = NOW + timedelta(minutes=31)


@dataclass
class ListSource:
    """A place that yields what the test put there."""

    items: list[RawIssue | UnreadableError] = field(default_factory=list)
    name: str = "list"

    async def check(self, now: datetime) -> AsyncIterator[object]:
        for item in list(self.items):
            yield item


def raw(text: str, key: str = "a.txt", publication: str | None = "云溪时报") -> RawIssue:
    return RawIssue("list", key, (PageText(key, text),), Hints(publication=publication))


def read(source: RawIssue) -> Issue:
    """Articles apart by blank lines, the title before the first colon: enough of a reader for pipelines."""
    articles = []
    for order, part in enumerate(source.pages[0].text.split("\n\n")):
        title, _, body = part.partition("：")
        print_ = article_fingerprint(title, body)
        articles.append(
            Article(title, body, order=order, fingerprint=print_, topics=("动力电池",) if "电池" in part else ())
        )
    print_ = issue_fingerprint(source)
    date = DateEvidence("2026-03-03", "2026-03-03", printed=True)
    issue = Issue(source.hints.publication, "newspaper", tuple(articles), fingerprint=print_, id=print_, date=date)
    return replace(issue, key=source.key, source=source.source)


@dataclass
class World:
    all: AllStores
    source: ListSource = field(default_factory=ListSource)

    def __post_init__(self) -> None:
        self.stores = Stores(self.all.subscribers, self.all.issues, self.all.hits, self.all.outbox)
        self.service = SubscriptionService(self.all.subscribers)
        self.feed = MatcherFeed(self.all.subscribers)

    async def reader(self, id: str, *queries: str, kind: str = "daily", **settings: Any) -> Subscriber:
        await self.service.get_or_create(id, "zh-Hans", "private", id, None, NOW)
        wanted = Settings(cadence=Cadence(kind), **settings)  # type: ignore[arg-type]
        reader = await self.service.set_settings(id, lambda _: wanted, NOW)
        for query in queries:
            reader = (await self.service.subscribe(id, query, NOW)).subscriber
        return reader

    async def asks(self, id: str, now: datetime) -> Composed:
        """The reader wants a digest now, and it is composed."""
        await self.service.ask(id, now)
        return await compose_for(self.stores, id, now)

    async def publish(self, *items: RawIssue | UnreadableError, now: datetime = NOW) -> list[Noticed]:
        self.source.items[:] = items
        noticed = [one async for one in check_source(self.source, self.all.issues, read, now)]
        while await match_next(self.all.issues, self.all.hits, self.all.subscribers, self.feed, now):
            pass
        return noticed

    async def titles(self, deliveries: Sequence[Delivery | None]) -> list[list[str]]:
        """Of each delivery the titles of its articles in order."""
        told = []
        for delivery in deliveries:
            ids = [item.article_id for item in delivery.digest.items()] if delivery and delivery.digest else []
            found = await self.all.issues.get_articles(ids)
            told.append([found[id][0].title for id in ids])
        return told
