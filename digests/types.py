"""What an issue says and what a reader gets: issues, articles, facts, hits, digests, deliveries.

Frozen values only. Nothing here reads a clock, a store or the environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from subscriptions import Figure, Match, QueryId, SubscriberId

IssueId = str
"""Stable key of an issue: `<publication>:<date or number>` hashed, or its content fingerprint where both are unknown."""

ArticleId = int
"""A number that the store hands out, ascending, never reused."""

LeftoverKind = Literal[
    "masthead", "colophon", "board", "contents", "caption", "pointer", "running_header", "page_number",
    "public_service", "notice", "advertisement", "section", "noise", "space",
]  # fmt: skip


# ---------------------------------------------------------------------------------------------- raw
@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one file of an issue. `name`: the file's name, used for hints and messages."""

    name: str
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of an issue before reading: from the file's name, front matter, a side-car or the source. None: unknown."""

    publication: str | None = None
    kind: Literal["newspaper", "periodical"] | None = None
    number: str | None = None
    total_number: int | None = None
    date: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class RawArticle:
    """An article that a source delivers as such (a feed's entry, an e-paper's article page): plain text, paragraphs of `body` apart by one
    line feed. `address`: where people can read it, or ""."""

    title: str
    body: str
    kicker: str | None = None
    subtitle: str | None = None
    byline: str | None = None
    section: str | None = None
    page: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class RawIssue:
    """An issue as a source delivers it: pages of text that are still to be split, or articles, or both.

    `key`: where it lies (path or address), for messages only. `recognised`: 0..1, how sure the recognition of pages that are
    pictures was; None where all text was there as text.
    """

    source: str
    key: str
    pages: tuple[PageText, ...] = ()
    hints: Hints = Hints()
    articles: tuple[RawArticle, ...] = ()
    recognised: float | None = None


# ---------------------------------------------------------------------------------------------- read
@dataclass(frozen=True, slots=True)
class SourceSpan:
    """A place in the source: page index into RawIssue.pages, code points, half open."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure that an article states.

    `value` and `unit` as printed (60.0, "亿元"); `normalised` in `base` (CNY, USD, EUR, GWh, GW, t, m2, km, ratio, count);
    `value_max` of a range; `qualifier`: 超, 约, 近, 以上 … as printed; `stage`: signed, started, under_construction,
    completed, in_production, planned; `start`, `end`: code points in Article.body, or in the title when `in_title`.
    """

    subject: str
    metric: str
    value: float
    unit: str
    normalised: float
    base: str
    printed: str
    start: int
    end: int
    value_max: float | None = None
    qualifier: str | None = None
    stage: str | None = None
    place: str | None = None
    time: str | None = None
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class TopicReason:
    """Why an article has a topic: the score reached and the terms that made it, each with its field and count."""

    topic: str
    score: float
    terms: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """The smallest unit that is matched. `title` and `body` are the printed text with OCR's layout removed:
    paragraphs of `body` are separated by one line feed.

    `spans`: where it stands in the source. `order`: its place in the issue, from 0. `confidence` 0..1 of the split.
    `fingerprint`: 32 hex digits over the normalised title and body: equal for the same text in other wrapping.
    """

    title: str
    body: str
    subtitle: str | None = None
    kicker: str | None = None
    byline: str | None = None
    section: str | None = None
    page: int | None = None
    continued_on: str | None = None
    continued_from: str | None = None
    kind: Literal["news", "box", "notice"] = "news"
    spans: tuple[SourceSpan, ...] = ()
    order: int = 0
    prominence: float = 0.0
    confidence: float = 1.0
    fingerprint: str = ""
    topics: tuple[str, ...] = ()
    reasons: tuple[TopicReason, ...] = ()
    facts: tuple[Fact, ...] = ()
    keywords: tuple[str, ...] = ()
    extract: tuple[tuple[int, int], ...] = ()
    """Whole sentences chosen from `body`, as code-point ranges in it, in reading order."""
    address: str = ""
    """Where people can read it, or ""."""
    corrects: ArticleId = 0
    """The article of the same issue that this one replaces, or 0."""
    reprint_of: ArticleId = 0
    """The article of an earlier issue of the paper with the same text, or 0."""
    id: ArticleId = 0
    """0 until the store has given it a number."""

    def figures(self) -> tuple[Figure, ...]:
        return tuple(Figure(f.metric, f.normalised, f.base, f.stage) for f in self.facts)


@dataclass(frozen=True, slots=True)
class Leftover:
    """Source text that is no article, kept so that a reader may look at the whole page."""

    kind: LeftoverKind
    span: SourceSpan
    text: str


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """`date_from`..`date_to`: ISO days that the text allows (equal when the date is printed). `quotes` prove it."""

    date_from: str
    date_to: str
    printed: bool
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """One dated or numbered number of a publication, read. Unknown is None, never guessed.

    `fingerprint`: 32 hex digits over the normalised text of all pages. `problems`: plain words for the admins. `recognised`: as
    of a RawIssue.
    """

    publication: str | None
    kind: Literal["newspaper", "periodical"] | None
    articles: tuple[Article, ...]
    leftovers: tuple[Leftover, ...] = ()
    number: str | None = None
    total_number: int | None = None
    sponsors: tuple[str, ...] = ()
    page: int | None = None
    date: DateEvidence | None = None
    publication_confidence: float = 1.0
    fingerprint: str = ""
    problems: tuple[str, ...] = ()
    source: str = ""
    key: str = ""
    id: IssueId = ""
    first_seen: datetime | None = None
    recognised: float | None = None

    @property
    def day(self) -> str | None:
        """The ISO date if it is certain, else None."""
        return self.date.date_from if self.date and self.date.date_from == self.date.date_to else None


# ---------------------------------------------------------------------------------------------- hits and digests
@dataclass(frozen=True, slots=True)
class Hit:
    """A query's match in one article, as stored. `seq` ascends per query shard in the order in which hits were stored."""

    article_id: ArticleId
    seq: int
    match: Match


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One article for one reader, and the queries that brought it. `stands_for`: what counts as had with it, corrected or reprinted."""

    article_id: ArticleId
    queries: tuple[QueryId, ...]
    stands_for: tuple[ArticleId, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestGroup:
    """`heading`: a topic's name or the query's text."""

    heading: str
    items: tuple[DigestItem, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What one subscriber gets in one slot, by reference: rendering looks it up. `total`: articles of all issues named."""

    groups: tuple[DigestGroup, ...]
    issues: tuple[IssueId, ...]
    total: int
    slot: datetime

    def items(self) -> tuple[DigestItem, ...]:
        return tuple(item for group in self.groups for item in group.items)

    def given(self) -> tuple[ArticleId, ...]:
        return tuple(item.article_id for item in self.items())

    def stood_for(self) -> tuple[ArticleId, ...]:
        """What the reader has had with them."""
        return tuple(number for item in self.items() for number in item.stands_for)


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button. Exactly one of data (<= 64 bytes), url, copy_text."""

    text: str
    data: str | None = None
    url: str | None = None
    copy_text: str | None = None


ADDRESS = "~~the delivery~~"
"""Stands in buttons for the id of a delivery, and is as long: so equal digests have equal messages but for this."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One message: Telegram HTML, at most 4096 UTF-16 units after parsing, and its keyboard rows. With `media` it is the
    caption (1024 units) of that file. `edits`: the message that it replaces; without text it deletes that one. `paid`: sent
    beyond the free rate, for a fee."""

    html: str
    plain: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    address: str = ""
    """The delivery that the buttons name, where they say ADDRESS; it is filled in as they are sent."""
    media: str = ""
    edits: int | None = None
    paid: bool = False
    replies: int | None = None
    """The message that it answers, if that is still there."""


DeliveryKind = Literal["digest", "push", "broadcast", "notice", "recall", "correction"]
DeliveryState = Literal["queued", "sent", "paused", "failed", "expired", "stopped", "uncertain"]
"""`stopped`: an admin stopped the push before it was sent; `uncertain`: it may have been sent, and is not sent again."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The record of sending one digest or text to one subscriber; waits in the outbox until settled.

    `digest` for digest, push and correction, `html` for the other kinds. `sent`: message ids of the chunks known to be sent. `media`: of a
    broadcast, as in Batch. `batch`: the admin's push or broadcast it belongs to, or "". `plain`: without HTML, for Telegram refused it.
    """

    id: str
    subscriber: SubscriberId
    kind: DeliveryKind
    created: datetime
    digest: Digest | None = None
    html: str = ""
    batch: str = ""
    state: DeliveryState = "queued"
    attempts: int = 0
    sent: tuple[int, ...] = ()
    error: str = ""
    settled: datetime | None = None
    plain: bool = False
    media: str = ""
    edits: tuple[int, ...] = ()
    """Of a recall: the messages that become `html`, or are deleted where it is ""; of a correction: the one that becomes the digest."""
    buttons: tuple[tuple[Button, ...], ...] = ()
    """Of a notice, below its text."""
    news: tuple[ArticleId, ...] = ()
    """Of a correction: the articles of its digest that the message did not have before."""
    replies: int | None = None
    """Of a correction that is a message of its own: the one that it answers, which carries what is corrected."""
    once: bool = False
    """Rather lost than twice: not sent again where nobody knows whether it was sent."""
    claimed_until: datetime | None = field(default=None, compare=False)
    """When the claim lapses by which somebody holds it; not stored. With `attempts` it tells this claim from every other."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what when. `actor`: user id, 0 for the service itself, -1 for the command line."""

    at: datetime
    actor: int
    action: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a push or broadcast is for; "" is everybody. `query`: canonical text of a query that they hold, a topic's too;
    `cadence`: instant, daily, weekly; `place`: private, or groups (channels too)."""

    query: str = ""
    cadence: str = ""
    language: str = ""
    place: str = ""


BatchState = Literal["planned", "scheduled", "composing", "sending", "done"]
Hold = Literal["", "paused", "failing", "stopped", "resumed", "forced"]
"""What holds a batch back: `paused` by an admin, `failing`: by itself, for too much of it failed; `stopped` for good. Those that
go on: `resumed`, and `forced`: whatever fails."""
HELD_BACK: frozenset[Hold] = frozenset({"paused", "failing", "stopped"})


@dataclass(frozen=True, slots=True)
class Batch:
    """An admin's push of an issue, broadcast of a text, or recall of either. `id` is the token that confirms it (<= 16
    characters).

    `html`, `media` ("photo:<file id>" or "document:<file id>"): of a broadcast; `html` of a recall: what the messages become, ""
    to delete them; `target`: the batch that is recalled. `samples`: readers whose previews are shown. `at`: to be sent then.
    `paid`: faster than the free rate, for a fee, as far as the day's budget goes; `once`: rather lost than twice.
    """

    id: str
    kind: Literal["push", "broadcast", "recall"]
    actor: int
    created: datetime
    readers: int
    issue: IssueId = ""
    html: str = ""
    state: BatchState = "planned"
    queued: int = 0
    media: str = ""
    target: str = ""
    audience: Audience = Audience()
    samples: tuple[SubscriberId, ...] = ()
    hold: Hold = ""
    at: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    paid: bool = False
    once: bool = False

    @property
    def way(self) -> str:
        """How it is to be sent, a letter for each choice: whoever confirms it names what was shown."""
        return "p" * self.paid + "o" * self.once
