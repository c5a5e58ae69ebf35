"""What digests needs of its stores and sources. One method is one atomic step; Redis stores and their in-memory
twins keep the same contract, and one suite of tests runs on both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from digests.types import (
    Article,
    ArticleId,
    AuditEntry,
    Batch,
    Delivery,
    Hit,
    Hold,
    Issue,
    IssueId,
)
from subscriptions import Match, QueryId, Subscriber, SubscriberId


@dataclass(frozen=True, slots=True)
class IssueSummary:
    """An issue without its texts, for lists. `articles` counts those stored; `matched`: all of them have been matched."""

    id: IssueId
    publication: str | None
    kind: str | None
    number: str | None
    day: str | None
    date_from: str | None
    date_to: str | None
    first_seen: datetime
    articles: int
    matched: bool
    source: str
    key: str
    problems: tuple[str, ...] = ()
    recognised: float | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What add_issue did. `outcome`: new, changed (only `articles` are new in it), duplicate (nothing was stored)."""

    outcome: str
    issue_id: IssueId
    articles: tuple[Article, ...]
    """Those that were new, with their numbers."""


class IssueStore(Protocol):
    """Issues, their articles, what was seen, and what waits to be matched."""

    async def is_seen(self, fingerprint: str) -> bool:
        """Whether an issue with this content was added before. Repeatable."""
        ...

    async def add_issue(self, issue: Issue, now: datetime) -> Added:
        """Store issue, articles and the mark "to match" as one step.

        A known issue fingerprint is a duplicate. Of an issue whose id is known, and of one that has no day or number,
        articles whose fingerprint was stored for the same publication before are left out; where nothing remains of
        an issue whose id is new, it is a duplicate as well. A new issue with a day or number is stored whole, with
        what it repeats marked (`reprint_of`). What was stored waits to be matched.
        Repeatable: the second call answers duplicate.
        """
        ...

    async def find_issue(self, id: IssueId) -> Issue | None:
        """Whole, with all its articles (also those added later), their numbers set."""
        ...

    async def issues_of(self, articles: Sequence[ArticleId]) -> list[Issue]:
        """The issues that hold these articles, each once and as find_issue answers it. One round trip. Repeatable."""
        ...

    async def newest_issues(self, limit: int) -> list[Issue]:
        """Whole, newest first by first_seen. One round trip. Repeatable."""
        ...

    async def recent_issues(self, limit: int) -> list[IssueSummary]:
        """Newest first by first_seen."""
        ...

    async def get_articles(self, ids: Sequence[ArticleId]) -> dict[ArticleId, tuple[Article, IssueId]]:
        """Those that exist. One round trip. Repeatable."""
        ...

    async def articles_after(self, number: ArticleId, limit: int) -> list[tuple[Article, IssueId]]:
        """The articles with the next `limit` numbers above `number`, ascending; fewer only where there are no more.
        One round trip. Repeatable: for replicas that follow the store."""
        ...

    async def get_summaries(self, ids: Sequence[IssueId]) -> dict[IssueId, IssueSummary]:
        """Those that exist. One round trip. Repeatable."""
        ...

    async def claim_to_match(self, now: datetime, lease: timedelta) -> tuple[IssueId, tuple[ArticleId, ...]] | None:
        """An issue with articles not matched yet, or None; claimed again by others after `lease` unless settled."""
        ...

    async def settle_matched(
        self, issue: IssueId, articles: Sequence[ArticleId], *, until: datetime | None = None
    ) -> None:
        """These are matched. What is left of the issue, if anything, is claimed by nobody else before `until`: whoever is still
        at it says so before the lease is over. Repeatable."""
        ...

    async def report_once(self, key: str, fingerprint: str) -> bool:
        """True the first time that this content of `key` is reported unreadable, False after. Atomic."""
        ...


class HitStore(Protocol):
    """Which queries matched which articles: per query, never per subscriber."""

    async def add_hits(self, article: ArticleId, matches: Sequence[Match], *, past: bool = False) -> None:
        """Store each hit once, with the next sequence number of its query's shard, and the article's list of queries.
        `past`: with number 0, which no cursor lets through, so that get_matches alone finds it.
        Repeatable: a hit that is there keeps its number, unless it is 0. Each query shard is one atomic step."""
        ...

    async def hits_after(self, cursors: Mapping[QueryId, int], limit: int) -> dict[QueryId, list[Hit]]:
        """Per query its hits with a number above the cursor, ascending, at most `limit` each. Few round trips."""
        ...

    async def get_matches(self, wanted: Sequence[tuple[QueryId, ArticleId]]) -> dict[tuple[QueryId, ArticleId], Hit]:
        """Proofs of given pairs, those that exist."""
        ...

    async def queries_of(self, articles: Sequence[ArticleId]) -> dict[ArticleId, tuple[QueryId, ...]]:
        """All queries that matched each article."""
        ...

    async def newest_hits(self, query: QueryId, limit: int) -> list[Hit]:
        """Newest first, without those of the past."""
        ...

    async def drop_hits(self, up_to: Mapping[QueryId, int]) -> None:
        """Forget the hits of queries that nobody holds, each up to a number. Repeatable."""
        ...


Begun = Literal["begun", "unknown", "lost"]


class Outbox(Protocol):
    """At-least-once sending. A chat with something to send has one due time; its deliveries go out in order."""

    async def compose(self, before: Subscriber, after: Subscriber, *, due: datetime | None,
                      had: Iterable[ArticleId], stood_for: Iterable[ArticleId] = (), delivery: Delivery | None,
                      first: bool = False) -> bool:  # fmt: skip
        """The one atomic step of composing: if the stored rev is still `before.rev`, store `after` (rev + 1) and its
        due time, remember the articles in `had` as given to this subscriber, those in `stood_for` with them, and put `delivery`
        into the outbox; `first`: before all that is due there, for a reader waits for it.
        False, and nothing stored, if the subscriber changed or is gone meanwhile. A delivery id that is known stores nothing and answers True."""
        ...

    async def had(self, subscriber: SubscriberId) -> frozenset[ArticleId]:
        """The articles lately given to this subscriber (the newest 512 at least)."""
        ...

    async def give_back(self, subscriber: SubscriberId, articles: Iterable[ArticleId], *,
                        stood_for: Iterable[ArticleId] = ()) -> None:  # fmt: skip
        """These were not given after all (a delivery expired, or the reader could not be reached): they do not count as had,
        and are owed until a composed digest gives them. Nor do those in `stood_for` count as had, which were had with them;
        they are owed again if they were before. Repeatable."""
        ...

    async def owed(self, subscriber: SubscriberId) -> frozenset[ArticleId]:
        """Articles that were given back and belong into the next digest: none that counts as had."""
        ...

    async def put(self, deliveries: Sequence[Delivery], now: datetime, *, first: bool = False) -> int:
        """Queue deliveries that carry no cursor (broadcast, notice); answers how many ids were new. `first`: before all that is due,
        for what is told would come too late behind it."""
        ...

    async def claim(self, now: datetime, limit: int, lease: timedelta) -> list[Delivery]:
        """The first waiting delivery of at most `limit` chats that are due, attempts + 1; each chat is due again after `lease` unless settled."""
        ...

    async def begin(self, delivery: Delivery) -> Begun:
        """Note that a message of a claimed delivery is about to be sent, until it is known what came of it: for those with `once`.
        `unknown`: one was begun before, and whoever did so did not live to tell; `lost`: the claim is somebody else's by now.
        Not repeatable."""
        ...

    async def progress(self, delivery: str, subscriber: SubscriberId, message_id: int) -> None:
        """Note one more chunk as sent, so that a crash goes on with the next. Repeatable: a message is noted once."""
        ...

    async def settle(self, delivery: Delivery, now: datetime, *, next_at: datetime | None, chat_at: datetime) -> None:
        """Store the new state. `next_at` not None: it stays first in its chat and is tried again then, unless somebody has
        claimed it since; else it is done, kept in the ledger, and the chat's next delivery is due at `chat_at`. Repeatable."""
        ...

    async def hand_back(self, deliveries: Sequence[Delivery], at: datetime) -> None:
        """Claimed but not attempted: they are due again at `at`, the attempt not counted. Whoever was too slow, and whose
        claim somebody else has, changes nothing. Repeatable, also after somebody else has claimed what was handed back."""
        ...

    async def find_delivery(self, id: str, subscriber: SubscriberId) -> Delivery | None:
        """From the ledger, also when settled (kept as long as the settings say)."""
        ...

    async def ledger(self, subscriber: SubscriberId, limit: int) -> list[Delivery]:
        """What waits and what was settled for this subscriber, the last made first."""
        ...

    async def move(self, old: SubscriberId, new: SubscriberId, now: datetime) -> None:
        """A group became a supergroup: its waiting deliveries and what it had go to `new`. Repeatable."""
        ...

    async def drop(self, subscriber: SubscriberId) -> None:
        """/forget: remove waiting deliveries, ledger and what it had."""
        ...

    async def backlog(self, now: datetime) -> tuple[int, timedelta]:
        """How many chats wait, and since when the oldest due one does."""
        ...

    async def failed(self, limit: int) -> list[Delivery]:
        """Dead letters, the newest first: deliveries that Telegram refused for good, until retried, dismissed or out of the ledger."""
        ...

    async def retry(self, id: str, subscriber: SubscriberId, now: datetime) -> bool:
        """A failed delivery is queued again, last of its chat, with no attempts counted. False: it is not failed (any more)."""
        ...

    async def dismiss(self, id: str, subscriber: SubscriberId) -> bool:
        """Off the list of failed ones; the ledger keeps it. False: it was not there."""
        ...

    async def batch_report(self, batch: str) -> Mapping[str, int]:
        """Of a push or broadcast: how many deliveries are in each state."""
        ...


class AdminStore(Protocol):
    """What admins change and what is told of it: topics over the shipped ones, the audit trail, counters."""

    async def get_topics(self) -> dict[str, str]:
        """Name -> definition as TOML text, of the topics that admins added or changed; "" : removed."""
        ...

    async def put_topic(self, name: str, toml: str) -> None: ...

    async def add_audit(self, entry: AuditEntry) -> None: ...

    async def recent_audit(self, limit: int) -> list[AuditEntry]: ...

    async def once(self, key: str, ttl: timedelta) -> bool:
        """True for the first caller within `ttl`. Two admins pressing at once push once."""
        ...

    async def is_taken(self, key: str) -> bool:
        """Whether somebody was the first, and `ttl` is not over. Repeatable."""
        ...

    async def give_up(self, key: str) -> None:
        """The next caller is the first again. Repeatable."""
        ...


class BatchStore(Protocol):
    """Pushes, broadcasts and recalls that admins planned, and those under way, so that a crash goes on with them."""

    async def put_batch(self, batch: Batch, ttl: timedelta) -> bool:
        """Keep a planned batch until it is started or `ttl` is over, in place of an earlier plan. False: it was started. Repeatable."""
        ...

    async def find_batch(self, id: str) -> Batch | None: ...

    async def start_batch(self, plan: Batch, now: datetime, at: datetime | None = None) -> Batch | None:
        """Planned becomes composing, or with `at` scheduled for then; once: the second caller gets None, and whoever agreed to
        another plan than the one that is kept."""
        ...

    async def hold_batch(self, id: str, hold: Hold, now: datetime) -> Batch | None:
        """What holds a batch under way back, or no longer: stored, and the batch is due at once. None, and nothing is stored, if
        it is not under way, is stopped, or has that hold already: of two admins the second gets None."""
        ...

    async def claim_batch(self, now: datetime, lease: timedelta) -> Batch | None:
        """A batch that is under way and due; due again after `lease` unless saved."""
        ...

    async def save_batch(self, batch: Batch, *, due: datetime | None) -> None:
        """Store its state; of its hold the stored one stays. `due` None: it is done, and kept 45 days; if it was held or resumed
        since it was claimed, it is due no later than that asked for. Repeatable."""
        ...

    async def under_way(self) -> list[Batch]:
        """All that are scheduled, composing or sending, the first due first."""
        ...


class Holds(Protocol):
    """What of a push waits in the outbox, for whoever holds it back, goes on with it, stops it, or recalls it.

    Held back is what was not claimed before: what a process has on its way by then still goes, a second's worth at most.
    """

    async def hold(self, batch: str) -> None:
        """From now on no delivery of the batch is claimed; a chat's other deliveries go on. One atomic step in each shard. Repeatable."""
        ...

    async def release(self, batch: str, now: datetime) -> None:
        """The deliveries are claimed again; what was passed over is queued behind what its chat has meanwhile. Repeatable."""
        ...

    async def passed_over(self, batch: str, limit: int) -> list[Delivery]:
        """Deliveries of a held batch that were due and not claimed. They are nobody's, so whoever holds the batch may settle them."""
        ...

    def iter_members(self, batch: str) -> AsyncIterator[Delivery]:
        """The deliveries of the batch queued in the last three days, in portions, those forgotten since left out. What is queued
        meanwhile may be missing."""
        ...


class FollowUps(Protocol):
    """What was sent, changed afterwards."""

    async def carrying(self, subscriber: SubscriberId, article: ArticleId) -> list[Delivery]:
        """Deliveries in the ledger that were sent, and whose digest has the article. Repeatable."""
        ...

    async def follow_up(self, delivery: Delivery, now: datetime) -> bool:
        """Queue a correction and remember its news as given, as one step. False, and nothing is stored, if its id is known. Repeatable."""
        ...


class Source(Protocol):
    """A place that is watched. Retrieval only: deciding and reading are not its business."""

    name: str

    def check(self, now: datetime) -> AsyncIterator[object]:
        """Yield what is ready: RawIssue for an issue, UnreadableError (as a value) for what cannot be read."""
        ...
