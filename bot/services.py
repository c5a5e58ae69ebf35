"""What the handlers, the pages and the command line may call: one bundle, made once by the composition root.

Rule: a handler makes one service call and one reply; it never meets a store or Redis.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.search_service import Search
from bot.texts import Texts
from digests.ports import IssueSummary
from digests.topics import Topic
from digests.types import ArticleId, AuditEntry, Chunk, Delivery
from subscriptions import Language, QueryId, Subscriber, SubscriberId, Subscription
from subscriptions.service import SubscriptionService

if TYPE_CHECKING:
    from bot.pushes import Pushes
    from bot.source_service import SourceService


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a query would have brought: articles of the last `issues` issues, newest first; `samples` at most two (title, issue).
    `exclusions`: words worth excluding, best first."""

    issues: int
    articles: int
    samples: tuple[tuple[str, IssueSummary], ...]
    exclusions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an article came: a query with the terms found, the aliases that stood for some (term, name), and the sentence that
    proves it, with the matched ranges in it; "" where no text does."""

    query_id: QueryId
    query: str
    terms: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    passage: str = ""
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """An article that was matched, where it stands, and the reasons."""

    title: str
    issue: str
    page: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An exclusion that keeps an article out: the subscription's query, the `word`, the query `narrowed` by it, and of the last
    `issues` issues how many more articles it would have hidden, with the titles of at most two."""

    query_id: QueryId
    query: str
    word: str
    narrowed: str
    issues: int
    hidden: int
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """What a query brings: `last`, when the issue with its newest match came, None: never matched; `title` of that article;
    `per_week`: articles a week, lately."""

    last: datetime | None = None
    title: str = ""
    per_week: float = 0.0


@dataclass(frozen=True, slots=True)
class SourceState:
    """One watched place: its name, address, when last checked, and the last problem in plain words or ""."""

    name: str
    address: str
    checked: datetime | None
    problem: str


class DigestService(Protocol):
    """Everything about issues, topics and digests that people can ask for."""

    async def ask_digest(self, reader: Subscriber, now: datetime) -> bool:
        """What is new for this subscriber is composed next. False: there is nothing new. Not moved: the next slot."""
        ...

    async def backfill(self, reader: Subscriber, now: datetime, issues: int = 1) -> Delivery | None:
        """The same over the newest `issues` issues, whatever the subscription's age; never an article twice."""
        ...

    async def digest_page(self, delivery: str, reader: Subscriber, page: int) -> Chunk | None:
        """Page `page` (from 0) of a digest that was sent; None if it is no longer kept or has no such page."""
        ...

    async def article_page(self, delivery: str, reader: Subscriber, item: int, page: int) -> Chunk | None:
        """The full text of article `item` (from 0) of a digest that was sent, page by page, with a way back."""
        ...

    async def dry_run(self, query: str, now: datetime) -> DryRun:
        """Try a query on the newest 30 issues without subscribing. Raises QueryError."""
        ...

    async def dry_run_stored(self, query: QueryId, now: datetime) -> tuple[str, DryRun] | None:
        """The same with a stored query, and its canonical text; None if there is none with this id."""
        ...

    async def activity(self, queries: Sequence[QueryId], now: datetime) -> dict[QueryId, Activity]:
        """What each stored query brings. A few round trips for all of them."""
        ...

    async def reword(self, query: str, now: datetime) -> Sequence[tuple[str, int]]:
        """Queries that ask for less, with how many articles of the newest 30 issues each has; only those that have some."""
        ...

    async def why(self, delivery: str, subscriber: SubscriberId, item: int) -> Why | None:
        """Why article `item` (from 0) of a digest that was sent is in it; None if it is no longer kept."""
        ...

    async def why_newest(self, query: QueryId) -> Why | None:
        """The same for the newest article that a stored query matched; None if there is none."""
        ...

    async def exclusions(self, delivery: str, subscriber: SubscriberId, item: int) -> Sequence[Exclusion] | None:
        """What would have kept article `item` of a digest out, for the queries that brought it; None if it is no longer kept."""
        ...

    async def waiting_for(self, reader: Subscriber, held: Subscription) -> tuple[ArticleId, ...]:
        """The articles that another wording of a subscription is to be tried on."""
        ...

    async def article_of(self, delivery: str, subscriber: SubscriberId, item: int) -> ArticleId | None:
        """The number of article `item` (from 0) of a digest that was sent; None if it is no longer kept."""
        ...

    async def carry_to(self, old: SubscriberId, new: SubscriberId, query: QueryId) -> None:
        """A subscription went from one subscriber to the other: what is owed for it comes along. Repeatable."""
        ...

    async def topics(self) -> Sequence[Topic]: ...

    async def put_topic(self, toml: str, actor: int, now: datetime) -> Topic:
        """Add or change a topic from its TOML text. Raises TopicError that says what is wrong where."""
        ...

    async def remove_topic(self, name: str, actor: int, now: datetime) -> None: ...

    async def issues(self, limit: int = 20) -> Sequence[IssueSummary]: ...

    async def issue_page(self, issue: str, page: int, language: Language) -> Chunk | None:
        """An issue's articles for an admin: title, page, topics, confidence; paged."""
        ...

    async def failed(self, limit: int) -> Sequence[Delivery]:
        """Dead letters: deliveries that Telegram refused for good, the newest first."""
        ...

    async def ledger(self, subscriber: SubscriberId, limit: int) -> Sequence[Delivery]:
        """What was sent to a reader, and what waits, the last made first."""
        ...

    async def retry(self, delivery: str, subscriber: SubscriberId, actor: int, now: datetime) -> bool:
        """Queue a dead letter again. False: somebody was quicker, or it is gone."""
        ...

    async def retry_all(self, most: int, actor: int, now: datetime) -> int:
        """Queue the `most` newest dead letters again; answers how many."""
        ...

    async def dismiss_all(self, most: int, until: datetime, actor: int, now: datetime) -> int:
        """Take the `most` newest dead letters off the list, of those that had failed by `until`; the ledger keeps them. Answers how many."""
        ...

    async def tell_missed(self, admin: Subscriber, language: Language, now: datetime) -> int:
        """Queue what the admin could not be told while the bot could not write to them; answers how many."""
        ...

    async def dismiss(self, delivery: str, subscriber: SubscriberId, actor: int, now: datetime) -> bool:
        """Take a dead letter off the list; the ledger keeps it. False: it was not there."""
        ...

    async def acknowledge(self, kind: str, actor: int, now: datetime) -> bool:
        """An alarm of this kind is known, and not told again before it is over, or a day is. False: it was known."""
        ...

    async def preview(self, issue: str, topic: str, language: Language, now: datetime) -> Sequence[Chunk]:
        """The digest that a subscriber of `topic` would get of `issue`. Raises NotFoundError."""
        ...

    async def sources(self) -> Sequence[SourceState]: ...

    async def stats(self, now: datetime) -> dict[str, int]:
        """Counts by name: subscribers, paused, queries, issues, articles, backlog, backlog_seconds."""
        ...

    async def audit(self, limit: int = 20) -> Sequence[AuditEntry]: ...

    async def add_audit(self, actor: int, action: str, now: datetime, **detail: str) -> None: ...

    async def forget(self, subscriber: SubscriberId) -> None:
        """/forget: remove waiting deliveries, the ledger and what the subscriber had. Repeatable."""
        ...

    async def move(self, old: SubscriberId, new: SubscriberId, now: datetime) -> None:
        """A group became a supergroup: its deliveries and what it had go to `new`. Repeatable."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """`now` answers the present as an aware UTC datetime: the only clock. `admins`: Telegram user ids.
    `nudge` wakes who composes and who sends in this process, so that an answer need not wait for the next tick."""

    subscriptions: SubscriptionService
    digests: DigestService
    pushes: Pushes
    texts: Texts
    admins: frozenset[int]
    now: Callable[[], datetime]
    nudge: Callable[[], None]
    sandbox: bool = False
    inbox: Callable[[str, bytes], Awaitable[None]] | None = None
    """Puts a file that an admin sent (name, content) into the inbox; None: files are not taken."""
    timezone: str = "Asia/Shanghai"
    """Of new subscribers."""
    topics: Callable[[], Iterable[Topic]] = tuple
    """Those known at the moment, for their names."""
    search: Search | None = None
    """None: this process keeps no index."""
    sources: SourceService | None = None
    """What admins may do about sources; None: only the inbox is shown."""
