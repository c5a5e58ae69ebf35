"""The background work, one step at a time: watch, match, compose. Each answers whether more may be waiting.

Steps join a pipeline of digests with what the edge does about it: a log line, a notice, a nudge to the relay.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.delivery_log import named
from bot.knowledge import CurrentKnowledge
from bot.logs import event
from bot.notices import Notices
from bot.suggestions import Suggestions
from digests.compose import Stores, compose_due
from digests.follow_ups import answer, correct
from digests.pipeline import (
    IN_MEMORY,
    MATCH_LEASE,
    Alive,
    MatcherFeed,
    Noticed,
    Secure,
    check_source,
    forget_queries,
    match_next,
)
from digests.ports import FollowUps, Source
from digests.types import Article, Digest, IssueId
from subscriptions import AliasTable, Subscriber, SubscriberId

if TYPE_CHECKING:
    from bot.traces import Traces

log = logging.getLogger(__name__)

COMPOSE_AT_ONCE = 200


class Steps:
    """`sources`: what is watched. `nudge` wakes the relay when something was queued; `noted` hears of each check and what
    it could not read. `secure`: whether what was stored lasts. `suggestions`: None suggests nothing."""

    def __init__(
        self,
        stores: Stores,
        follow_ups: FollowUps,
        knowledge: CurrentKnowledge,
        sources: list[Source],
        notices: Notices,
        now: Callable[[], datetime],
        nudge: Callable[[], None],
        noted: Callable[[datetime, str | None], None],
        secure: Secure = IN_MEMORY,
        traces: Traces | None = None,
        suggestions: Suggestions | None = None,
    ) -> None:
        self._stores, self._follow_ups = stores, follow_ups
        self._knowledge, self._sources = knowledge, sources
        self._notices, self._now, self._nudge = notices, now, nudge
        self._noted, self._secure, self._traces, self._suggestions = noted, secure, traces, suggestions
        self._feed: MatcherFeed | None = None
        self._feed_aliases: AliasTable | None = None

    async def watch(self) -> bool:
        """Check every source once; the next tick looks again."""
        if wrong := await self._knowledge.refresh():
            await self._notices.unreadable(wrong.key, wrong.reason, self._now())
            self._nudge()
        for source in self._sources:
            async for noticed in check_source(
                source, self._stores.issues, self._knowledge.read, self._now(), self._secure
            ):
                await self.noticed(noticed)
                if noticed.unreadable:
                    self._noted(self._now(), f"{noticed.key}: {noticed.unreadable}")
        self._noted(self._now(), None)
        return False

    async def noticed(self, noticed: Noticed) -> None:
        """What a check brought: a log line, and a notice of what cannot be read or was read with doubts."""
        if noticed.unreadable:
            event(log, "unreadable", level=logging.WARNING, key=noticed.key, reason=noticed.unreadable)
            await self._notices.unreadable(noticed.key, noticed.unreadable, self._now())
            self._nudge()
        elif noticed.added is not None and noticed.issue is not None:
            event(
                log,
                "issue",
                issue=noticed.added.issue_id,
                key=noticed.key,
                outcome=noticed.added.outcome,
                publication=noticed.issue.publication,
                articles=len(noticed.added.articles),
                problems=len(noticed.issue.problems),
            )
            if noticed.added.outcome != "duplicate" and (noticed.issue.problems or not noticed.issue.articles):
                await self._notices.doubtful(noticed.key, noticed.issue, self._now())
                self._nudge()

    async def match(self) -> bool:
        await self._knowledge.refresh()
        stores, feed = self._stores, self._feed_now()
        now = self._now()
        follow_up = partial(self._correct, now=now)
        done = await match_next(
            stores.issues, stores.hits, stores.subscribers, feed, now, follow_up, self._renew, self._secure
        )
        if done is None:
            return False
        counts = {"articles": done.articles, "hits": done.hits, "instant": done.instant}
        event(log, "matched", issue=done.issue, **counts)
        if self._traces is not None:
            known = await stores.issues.get_summaries([done.issue])
            self._traces.issue(done.issue, known[done.issue].first_seen, self._now(), **counts)
        return True

    async def forget_queries(self) -> bool:
        removed = await forget_queries(self._stores.subscribers, self._stores.hits, self._now())
        if removed:
            event(log, "queries_forgotten", queries=removed)
        return False

    async def _renew(self, issue: IssueId) -> None:
        await self._stores.issues.settle_matched(issue, (), until=self._now() + MATCH_LEASE)

    async def _correct(self, article: Article, alive: Alive, now: datetime) -> int:
        edited = await correct(self._stores, self._follow_ups, article, now, alive)
        event(log, "corrected", article=article.id, corrects=article.corrects, messages=edited)
        if edited:
            self._nudge()
        return edited

    def _feed_now(self) -> MatcherFeed:
        """A matcher knows the aliases of its making: after a change of theirs it is made anew."""
        if self._feed is None or self._feed_aliases is not self._knowledge.aliases:
            self._feed_aliases = self._knowledge.aliases
            self._feed = MatcherFeed(self._stores.subscribers, self._feed_aliases)
        return self._feed

    async def compose(self) -> bool:
        composed = await compose_due(self._stores, self._now(), COMPOSE_AT_ONCE, self._answer, self._knowledge.aliases)
        for turn in composed:
            if turn.delivery is not None:
                event(log, "digest", level=logging.INFO, **named(turn.delivery))
        if any(turn.delivery or turn.answered for turn in composed):
            self._nudge()
        await self._suggest([turn.subscriber for turn in composed if turn.suggest and turn.delivery is not None])
        return len(composed) == COMPOSE_AT_ONCE

    async def _suggest(self, readers: Sequence[SubscriberId]) -> None:
        """After the digests, which do not wait for it."""
        if self._suggestions is not None and any([await self._suggestions.offer(id, self._now()) for id in readers]):
            self._nudge()

    async def _answer(self, reader: Subscriber, digest: Digest) -> Digest | None:
        return await answer(self._stores, self._follow_ups, reader, digest, self._now())
