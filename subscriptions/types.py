"""What a reader has asked for: subscribers, their settings, their subscriptions, and the text a query is tried on.

Frozen values only. Nothing here reads a clock, a store or the environment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

SubscriberId = str
"""A receiving chat, `"<chat id>"`, or a forum topic in it, `"<chat id>:<thread id>"`."""

QueryId = str
"""24 hex digits: the BLAKE2b-96 of a query's canonical form. Equal queries of different readers share it."""

QUERY_BYTES = 12
"""Of a query's id where it is stored as it is. Of 10^9 queries two have the same id with a chance of 1 in 10^11 (n^2 / 2^97)."""

QUERY_ENCODING = "gb18030"
"""Of canonical texts where there are millions: all of Unicode, as UTF-8, but two bytes for most Chinese characters, not three."""

CadenceKind = Literal["instant", "daily", "weekdays", "workdays", "weekly", "monthly"]
Length = Literal["titles", "extracts", "full"]
Language = Literal["zh-Hans", "zh-Hant", "en"]
PauseReason = Literal["reader", "blocked", "deactivated", "kicked", "rights", "not_found"]


def subscriber_id(chat_id: int, thread_id: int | None = None) -> SubscriberId:
    return f"{chat_id}" if thread_id is None else f"{chat_id}:{thread_id}"


def is_subscriber_id(text: str) -> bool:
    """Whether it is a chat's number, or that of a topic in it."""
    return re.fullmatch(r"-?[0-9]+(:[0-9]+)?", text) is not None


def chat_of(subscriber: SubscriberId) -> int:
    return int(subscriber.partition(":")[0])


def thread_of(subscriber: SubscriberId) -> int | None:
    thread = subscriber.partition(":")[2]
    return int(thread) if thread else None


@dataclass(frozen=True, slots=True)
class Cadence:
    """When digests go out, in the subscriber's time zone.

    `times`: one to four minutes after midnight (0..1439), ascending; ignored for instant. `weekdays`: Monday to Friday;
    `workdays`: by the Chinese calendar of days off and of weekends made up for.
    `weekday`: 0 Monday .. 6 Sunday, for weekly. `day`: 1..31 for monthly (clamped to the month's last day).
    """

    kind: CadenceKind = "daily"
    times: tuple[int, ...] = (8 * 60,)
    weekday: int = 0
    day: int = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """A subscriber's settings. `timezone` is an IANA name.

    `quiet`: nothing goes out from the first to the second minute after midnight, local time; from a later to an earlier one
    is over midnight. What would have gone out meanwhile goes at the end. None, or two equal ones: no quiet hours. `suggest`: words
    may be suggested from what the reader opens.
    """

    language: Language = "zh-Hans"
    timezone: str = "Asia/Shanghai"
    cadence: Cadence = Cadence()
    length: Length = "extracts"
    nothing_today: bool = False
    silent: bool = False
    quiet: tuple[int, int] | None = None
    suggest: bool = False


@dataclass(frozen=True, slots=True)
class Interest:
    """Of a reader who asked for suggestions: the numbers of the newest articles `opened` and the words `refused`, both newest
    last, and when a word was last `suggested`. Of everybody else nothing."""

    opened: tuple[int, ...] = ()
    refused: tuple[str, ...] = ()
    suggested: datetime | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscriber's hold on one stored query.

    `query` is the canonical text. `cursor`: hits of this query with a sequence number above it are still to be
    delivered. `cadence` None: the subscriber's own. `waiting`: articles that waited for an earlier wording; the next digest tries
    them against the query.
    """

    query_id: QueryId
    query: str
    cursor: int
    created: datetime
    cadence: Cadence | None = None
    waiting: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One receiver. `rev` grows by one with each stored change: the compare-and-set token of the store.

    `chat_kind`: Telegram's word for the chat. `owner`: the user id of whoever manages a channel or group from a
    private chat, else None. `paused` None: active. `served`: when a digest was last composed, in whole seconds: a slot after it
    is still to be served. `threads`: the forum topics that were made for subscriptions of this place, newest last; `made_for`: the
    query for which the bot made this forum topic, "": people made it, or it is none. `asked`: they want all that waits at once,
    whatever the times and a pause; the next digest serves it.
    """

    id: SubscriberId
    settings: Settings
    created: datetime
    subscriptions: tuple[Subscription, ...] = ()
    paused: PauseReason | None = None
    chat_kind: Literal["private", "group", "supergroup", "channel"] = "private"
    title: str = ""
    owner: int | None = None
    rev: int = 0
    served: datetime | None = None
    threads: tuple[int, ...] = ()
    made_for: QueryId = ""
    interest: Interest = Interest()
    asked: bool = False

    def told(self, texts: Mapping[QueryId, str]) -> Subscriber:
        """With the texts of its queries, those that are in `texts`; the rest as they were."""
        held = (replace(one, query=texts.get(one.query_id, one.query)) for one in self.subscriptions)
        return replace(self, subscriptions=tuple(held))


@dataclass(frozen=True, slots=True)
class Figure:
    """A fact as a query sees it: `value` in the base unit of `unit` (CNY, USD, EUR, GWh, GW, t, m2, km, ratio, count)."""

    metric: str
    value: float
    unit: str
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the matcher sees it: printed text, not normalised. `topics` are topic names already assigned.

    Terms without a field are looked for in title, subtitle, body, byline and section; positions are reported per field.
    """

    title: str
    body: str
    subtitle: str = ""
    byline: str = ""
    section: str = ""
    publication: str = ""
    page: int | None = None
    topics: frozenset[str] = frozenset()
    figures: tuple[Figure, ...] = ()


DocumentField = Literal["title", "subtitle", "body", "byline", "section", "topic", "page", "publication", "figure"]


@dataclass(frozen=True, slots=True)
class Span:
    """Where a term stands in the printed text of one field: code points, half open."""

    field: DocumentField
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """A query that matches, with its proof: each term that was found, as the reader wrote it, and where.

    `aliases`: term as written -> name that was found in the text instead (中航锂电 -> 中创新航).
    """

    query_id: QueryId
    terms: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QueryPage:
    """Some stored queries as raw bytes, for there are millions. `ids`: QUERY_BYTES each, one after the other; `blob`: their
    canonical texts in the same order, in QUERY_ENCODING, each with a line feed after it."""

    ids: bytes = field(repr=False)
    blob: bytes = field(repr=False)

    def __len__(self) -> int:
        return len(self.ids) // QUERY_BYTES


@dataclass(frozen=True, slots=True)
class Alias:
    """Two or more names of one thing. `since`: ISO date from which `names[-1]` is in use, or None."""

    names: tuple[str, ...]
    since: str | None = None
