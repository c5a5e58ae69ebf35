"""A DigestService that knows three topics and two issues, and notes what it was asked to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from bot.services import Activity, DryRun, Exclusion, SourceState, Why
from digests.errors import NotFoundError
from digests.ports import IssueSummary
from digests.topics import Topic, parse_topic
from digests.types import AuditEntry, Button, Chunk, Delivery
from subscriptions import Language, QueryId, Subscriber, SubscriberId, Subscription, parse_query

SEEN = datetime(2026, 1, 4, 22, tzinfo=UTC)


def made_topic(name: str, name_en: str) -> Topic:
    return Topic(name=name, name_en=name_en, definition=f"关于{name}的报道", terms=((name, 3.0),))


def summary(id: str, day: str | None, *, matched: bool = True, problems: tuple[str, ...] = ()) -> IssueSummary:
    return IssueSummary(
        id=id, publication="青石时报" if day else None, kind="newspaper", number=None, day=day, date_from=day, date_to=day,
        first_seen=SEEN, articles=12, matched=matched, source="inbox", key=f"{id}.txt", problems=problems,
    )  # fmt: skip


class FakeDigests:
    def __init__(self) -> None:
        self.known = [made_topic("动力电池", "Power batteries"), made_topic("重大项目", "Major projects"), made_topic("科技创新", "Innovation")]  # fmt: skip
        self.found = [summary("a" * 32, "2026-01-05"), summary("b" * 32, None, matched=False, problems=("第3版缺失",))]
        self.delivery: Delivery | None = None
        self.dead = [
            Delivery(f"d{n}", f"{n}", "digest", SEEN, error=f"Bad Request: <{n}>", settled=SEEN) for n in (1, 2, 3)
        ]
        self.missed: list[SubscriberId] = []
        self.queries: Callable[[Sequence[QueryId]], Awaitable[dict[QueryId, str]]] = self._no_queries
        self.retried: list[tuple[str, SubscriberId]] = []
        self.trial = DryRun(
            30,
            7,
            (
                ("青石湖畔电池项目投产 <二期>", summary("a" * 32, "2026-01-05")),
                ("储能电站开工", summary("b" * 32, None)),
            ),
        )
        self.page: Chunk | None = Chunk("<b>页</b>", "页", ((Button("还有 3 篇", "d:x1:1"),),))
        self.known_alarms: frozenset[str] = frozenset()
        self.brings = Activity(SEEN, "储能电站开工", 2.2)
        self.wordings: list[tuple[str, int]] = []
        self.reasons: Why | None = None
        self.excludable: list[Exclusion] | None = None
        self.waiting = (100,)
        self.carried: list[tuple[str, str, str]] = []
        self.backfilled: list[int] = []
        self.forgotten: list[SubscriberId] = []
        self.moved: list[tuple[SubscriberId, SubscriberId]] = []
        self.entries: list[AuditEntry] = [
            AuditEntry(SEEN, 1, "push", {"batch": "b1", "readers": "2", "issue": "青石时报 <1>"}),
            AuditEntry(SEEN, 0, "start"),
        ]

    async def _no_queries(self, ids: Sequence[QueryId]) -> dict[QueryId, str]:
        return {}

    async def ask_digest(self, reader: Subscriber, now: datetime) -> bool:
        return self.delivery is not None

    async def backfill(self, reader: Subscriber, now: datetime, issues: int = 1) -> Delivery | None:
        self.backfilled.append(issues)
        return self.delivery

    async def digest_page(self, delivery: str, reader: Subscriber, page: int) -> Chunk | None:
        return self.page

    async def article_page(self, delivery: str, reader: Subscriber, item: int, page: int) -> Chunk | None:
        return self.page

    async def dry_run(self, query: str, now: datetime) -> DryRun:
        parse_query(query)
        return self.trial

    async def dry_run_stored(self, query: QueryId, now: datetime) -> tuple[str, DryRun] | None:
        found = await self.queries([query])
        return (found[query], self.trial) if found else None

    async def activity(self, queries: Sequence[QueryId], now: datetime) -> dict[QueryId, Activity]:
        return dict.fromkeys(queries, self.brings)

    async def reword(self, query: str, now: datetime) -> Sequence[tuple[str, int]]:
        return self.wordings

    async def why(self, delivery: str, subscriber: SubscriberId, item: int) -> Why | None:
        return self.reasons

    async def why_newest(self, query: QueryId) -> Why | None:
        return self.reasons

    async def exclusions(self, delivery: str, subscriber: SubscriberId, item: int) -> Sequence[Exclusion] | None:
        return self.excludable

    async def waiting_for(self, reader: Subscriber, held: Subscription) -> tuple[int, ...]:
        return self.waiting

    async def article_of(self, delivery: str, subscriber: SubscriberId, item: int) -> int | None:
        return 100 + item if delivery == "x1" else None

    async def carry_to(self, old: SubscriberId, new: SubscriberId, query: QueryId) -> None:
        self.carried.append((old, new, query))

    async def topics(self) -> Sequence[Topic]:
        return self.known

    async def put_topic(self, toml: str, actor: int, now: datetime) -> Topic:
        topic = parse_topic(toml)
        self.known = [*(t for t in self.known if t.name != topic.name), topic]
        return topic

    async def remove_topic(self, name: str, actor: int, now: datetime) -> None:
        self.known = [topic for topic in self.known if topic.name != name]

    async def issues(self, limit: int = 20) -> Sequence[IssueSummary]:
        return self.found[:limit]

    async def issue_page(self, issue: str, page: int, language: Language) -> Chunk | None:
        return self.page if any(found.id == issue for found in self.found) else None

    def _previews(self) -> tuple[Chunk, ...]:
        return (Chunk("<b>样一</b>", "样一", ((Button("还有", "d:p:1"),),)), Chunk("<b>样二</b>", "样二"))

    async def acknowledge(self, kind: str, actor: int, now: datetime) -> bool:
        self.known_alarms, before = self.known_alarms | {kind}, len(self.known_alarms)
        return len(self.known_alarms) > before

    async def failed(self, limit: int) -> Sequence[Delivery]:
        return self.dead[:limit]

    async def ledger(self, subscriber: SubscriberId, limit: int) -> Sequence[Delivery]:
        return [one for one in await self.failed(limit) if one.subscriber == subscriber]

    async def tell_missed(self, admin: Subscriber, language: Language, now: datetime) -> int:
        self.missed, told = [one for one in self.missed if one != admin.id], self.missed.count(admin.id)
        return told

    async def retry(self, delivery: str, subscriber: SubscriberId, actor: int, now: datetime) -> bool:
        self.retried.append((delivery, subscriber))
        return await self.dismiss(delivery, subscriber, actor, now)

    async def retry_all(self, most: int, actor: int, now: datetime) -> int:
        return sum([await self.retry(one.id, one.subscriber, actor, now) for one in self.dead[:most]])

    async def dismiss(self, delivery: str, subscriber: SubscriberId, actor: int, now: datetime) -> bool:
        before = len(self.dead)
        self.dead = [one for one in self.dead if (one.id, one.subscriber) != (delivery, subscriber)]
        return len(self.dead) < before

    async def dismiss_all(self, most: int, until: datetime, actor: int, now: datetime) -> int:
        known = [one for one in self.dead[:most] if (one.settled or one.created) <= until]
        return sum([await self.dismiss(one.id, one.subscriber, actor, now) for one in known])

    async def preview(self, issue: str, topic: str, language: Language, now: datetime) -> Sequence[Chunk]:
        if topic not in {known.name for known in self.known}:
            raise NotFoundError("match", topic)
        return self._previews()

    async def sources(self) -> Sequence[SourceState]:
        return [
            SourceState("inbox", "/data/inbox", SEEN, ""),
            SourceState("feed", "https://example.org/<x>", None, "没有回音"),
        ]

    async def stats(self, now: datetime) -> dict[str, int]:
        return {
            "subscribers": 3,
            "paused": 1,
            "subscriptions": 5,
            "issues": 2,
            "articles": 24,
            "backlog": 0,
            "backlog_seconds": 0,
        }

    async def audit(self, limit: int = 20) -> Sequence[AuditEntry]:
        return self.entries

    async def add_audit(self, actor: int, action: str, now: datetime, **detail: str) -> None:
        self.entries.append(AuditEntry(now, actor, action, detail))

    async def forget(self, subscriber: SubscriberId) -> None:
        self.forgotten.append(subscriber)

    async def move(self, old: SubscriberId, new: SubscriberId, now: datetime) -> None:
        self.moved.append((old, new))
