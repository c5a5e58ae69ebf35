"""Everything about issues, topics and digests that people can ask for: the one implementation of DigestService.

Thin: looks things up, calls pipelines and deciders, notes admins' acts in the audit trail. Knows no Telegram.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.insight import Insight
from bot.issue_page import issue_page
from bot.knowledge import CurrentKnowledge
from bot.notices import LATE, acknowledged, missed
from bot.rendering import Renderer, probe
from bot.services import Activity, DryRun, Exclusion, SourceState, Why
from bot.texts import Texts
from digests.compose import Stores, carry_to, compose_newest, is_waiting, issue_digest, waiting_for
from digests.errors import NotFoundError, TopicError
from digests.ports import AdminStore, IssueSummary
from digests.topics import Topic, parse_topic, print_topic
from digests.types import ArticleId, AuditEntry, Chunk, Delivery
from subscriptions import (
    AliasTable,
    Language,
    QueryId,
    Settings,
    Subscriber,
    SubscriberId,
    Subscription,
    parse_query,
    print_query,
    query_id,
)
from subscriptions.service import SubscriptionService

LEDGER_LOOK = 500
"""Deliveries that are looked through for what an admin missed."""
KNOWN_FOR = timedelta(days=1)
"""After so long an alarm that an admin knows of is told again, if it is still so."""


class Digests:
    """`sources`: answers the watched places and their state."""

    def __init__(
        self,
        stores: Stores,
        admin: AdminStore,
        knowledge: CurrentKnowledge,
        renderer: Renderer,
        texts: Texts,
        sources: Callable[[], Sequence[SourceState]],
    ) -> None:
        self._stores, self._admin = stores, admin
        self._knowledge, self._renderer, self._texts, self._sources = knowledge, renderer, texts, sources
        self._service = SubscriptionService(stores.subscribers)
        self._insight = Insight(stores, lambda: self._aliases)

    @property
    def _aliases(self) -> AliasTable:
        return self._knowledge.aliases

    # ------------------------------------------------------------------------------------------ readers
    async def ask_digest(self, reader: Subscriber, now: datetime) -> bool:
        if not await is_waiting(self._stores, reader):
            return False
        await self._service.ask(reader, now)
        return True

    async def backfill(self, reader: Subscriber, now: datetime, issues: int = 1) -> Delivery | None:
        return await compose_newest(self._stores, reader, issues, self._aliases, now) if reader.rev else None

    async def digest_page(self, delivery: str, reader: Subscriber, page: int) -> Chunk | None:
        found = await self._stores.outbox.find_delivery(delivery, reader.id)
        return await self._renderer.digest_page(found, reader.settings, page) if found else None

    async def article_page(self, delivery: str, reader: Subscriber, item: int, page: int) -> Chunk | None:
        found = await self._stores.outbox.find_delivery(delivery, reader.id)
        return await self._renderer.article_page(found, reader.settings, item, page) if found else None

    async def dry_run(self, query: str, now: datetime) -> DryRun:
        return await self._insight.dry_run(query)

    async def dry_run_stored(self, query: QueryId, now: datetime) -> tuple[str, DryRun] | None:
        return await self._insight.dry_run_stored(query)

    async def activity(self, queries: Sequence[QueryId], now: datetime) -> dict[QueryId, Activity]:
        return await self._insight.activity(queries, now)

    async def reword(self, query: str, now: datetime) -> Sequence[tuple[str, int]]:
        return await self._insight.reword(query)

    async def why(self, delivery: str, subscriber: SubscriberId, item: int) -> Why | None:
        return await self._insight.why(delivery, subscriber, item)

    async def why_newest(self, query: QueryId) -> Why | None:
        return await self._insight.why_newest(query)

    async def exclusions(self, delivery: str, subscriber: SubscriberId, item: int) -> Sequence[Exclusion] | None:
        return await self._insight.exclusions(delivery, subscriber, item)

    async def waiting_for(self, reader: Subscriber, held: Subscription) -> tuple[ArticleId, ...]:
        return await waiting_for(self._stores, reader, held)

    async def article_of(self, delivery: str, subscriber: SubscriberId, item: int) -> ArticleId | None:
        found = await self._stores.outbox.find_delivery(delivery, subscriber)
        items = found.digest.items() if found and found.digest else ()
        return items[item].article_id if 0 <= item < len(items) else None

    async def carry_to(self, old: SubscriberId, new: SubscriberId, query: QueryId) -> None:
        await carry_to(self._stores, old, new, query)

    async def forget(self, subscriber: SubscriberId) -> None:
        await self._stores.outbox.drop(subscriber)

    async def move(self, old: SubscriberId, new: SubscriberId, now: datetime) -> None:
        await self._stores.outbox.move(old, new, now)

    # ------------------------------------------------------------------------------------------ topics
    async def topics(self) -> Sequence[Topic]:
        await self._knowledge.refresh()
        return self._knowledge.knowledge.topics.topics

    async def put_topic(self, toml: str, actor: int, now: datetime) -> Topic:
        topic = parse_topic(toml)
        await self._admin.put_topic(topic.name, print_topic(topic))
        await self._knowledge.refresh()
        await self.add_audit(actor, "topic", now, name=topic.name)
        return topic

    async def remove_topic(self, name: str, actor: int, now: datetime) -> None:
        if name not in {topic.name for topic in await self.topics()}:
            raise TopicError(name, "没有这个主题 / there is no such topic")
        await self._admin.put_topic(name, "")
        await self._knowledge.refresh()
        await self.add_audit(actor, "topic-removed", now, name=name)

    # ------------------------------------------------------------------------------------------ issues
    async def issues(self, limit: int = 20) -> Sequence[IssueSummary]:
        return await self._stores.issues.recent_issues(limit)

    async def issue_page(self, issue: str, page: int, language: Language) -> Chunk | None:
        found = await self._stores.issues.find_issue(issue)
        return issue_page(found, page, language, self._texts) if found else None

    async def preview(self, issue: str, topic: str, language: Language, now: datetime) -> Sequence[Chunk]:
        summary = await self._issue(issue)
        canonical = print_query(parse_query(f"#{topic}" if topic in await self._topic_names() else topic))
        settings = Settings(language=language)
        reader = probe([(query_id(canonical), canonical)], settings, now)
        pages = await self._preview(summary, reader, now)
        if not pages:
            raise NotFoundError("match", topic)
        return pages

    async def _topic_names(self) -> set[str]:
        return {topic.name for topic in await self.topics()}

    async def _issue(self, named: str | None) -> IssueSummary:
        """The newest issue, or the one that `named` identifies: its id, the start of it, or its place in the list from 1."""
        recent = await self._stores.issues.recent_issues(200)
        if named is None and recent:
            return recent[0]
        for place, summary in enumerate(recent, 1):
            if named and (
                summary.id == named or named == str(place) or (len(named) > 5 and summary.id.startswith(named))
            ):
                return summary
        raise NotFoundError("issue", named or "")

    async def _preview(self, issue: IssueSummary, reader: Subscriber, now: datetime) -> tuple[Chunk, ...]:
        digest = await issue_digest(self._stores, reader, [issue.id], self._aliases, now)
        return await self._renderer.preview(digest, reader) if digest else ()

    async def failed(self, limit: int) -> Sequence[Delivery]:
        return await self._stores.outbox.failed(limit)

    async def ledger(self, subscriber: SubscriberId, limit: int) -> Sequence[Delivery]:
        """What was sent to a reader, and what waits, the last made first."""
        return await self._stores.outbox.ledger(subscriber, limit)

    async def tell_missed(self, admin: Subscriber, language: Language, now: datetime) -> int:
        """Queue what the admin could not be told before; answers how many."""
        ledger, zone = await self.ledger(admin.id, LEDGER_LOOK), ZoneInfo(admin.settings.timezone)
        again = missed(ledger, now, partial(self._texts.get, language), zone)
        return await self._stores.outbox.put(again, now)

    async def retry(self, delivery: str, subscriber: SubscriberId, actor: int, now: datetime) -> bool:
        done = await self._stores.outbox.retry(delivery, subscriber, now)
        if done:
            await self.add_audit(actor, "retry", now, chat=subscriber)
        return done

    async def retry_all(self, most: int, actor: int, now: datetime) -> int:
        retry, dead = self._stores.outbox.retry, await self._stores.outbox.failed(most)
        done = sum(await asyncio.gather(*(retry(one.id, one.subscriber, now) for one in dead)))
        if done:
            await self.add_audit(actor, "retry", now, letters=str(done))
        return done

    async def dismiss(self, delivery: str, subscriber: SubscriberId, actor: int, now: datetime) -> bool:
        done = await self._stores.outbox.dismiss(delivery, subscriber)
        if done:
            await self.add_audit(actor, "dismiss", now, chat=subscriber)
        return done

    async def dismiss_all(self, most: int, until: datetime, actor: int, now: datetime) -> int:
        dismiss, dead = self._stores.outbox.dismiss, await self._stores.outbox.failed(most)
        known = [one for one in dead if (one.settled or one.created) <= until]
        done = sum(await asyncio.gather(*(dismiss(one.id, one.subscriber) for one in known)))
        if done:
            await self.add_audit(actor, "dismiss", now, letters=str(done))
        return done

    async def acknowledge(self, kind: str, actor: int, now: datetime) -> bool:
        new = await self._admin.once(acknowledged(kind), KNOWN_FOR)
        if new:
            await self.add_audit(actor, "ack", now, alarm=LATE if kind.startswith(LATE) else kind)
        return new

    # ------------------------------------------------------------------------------------------ looking
    async def sources(self) -> Sequence[SourceState]:
        return self._sources()

    async def stats(self, now: datetime) -> dict[str, int]:
        subscribers = paused = subscriptions = 0
        async for reader in self._stores.subscribers.iter_subscribers():
            subscribers += 1
            paused += reader.paused is not None
            subscriptions += len(reader.subscriptions)
        issues = await self._stores.issues.recent_issues(1000)
        chats, age = await self._stores.outbox.backlog(now)
        return {
            "subscribers": subscribers,
            "paused": paused,
            "subscriptions": subscriptions,
            "issues": len(issues),
            "articles": sum(issue.articles for issue in issues),
            "backlog": chats,
            "backlog_seconds": int(age.total_seconds()),
        }

    async def audit(self, limit: int = 20) -> Sequence[AuditEntry]:
        return await self._admin.recent_audit(limit)

    async def add_audit(self, actor: int, action: str, now: datetime, **detail: str) -> None:
        await self._admin.add_audit(AuditEntry(now, actor, action, detail))
