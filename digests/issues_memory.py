"""The in-memory twin of the issue store. Nothing in it waits, so each method is atomic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from digests.issue_parts import is_named, join_parts, scope_of, summary
from digests.ports import Added, IssueSummary
from digests.types import Article, ArticleId, Issue, IssueId


@dataclass
class _Stored:
    first_seen: datetime
    parts: list[Issue] = field(default_factory=list)
    articles: list[ArticleId] = field(default_factory=list)
    unmatched: set[ArticleId] = field(default_factory=set)


class MemoryIssueStore:
    """Implements IssueStore."""

    def __init__(self) -> None:
        self._seen: dict[str, IssueId] = {}
        self._issues: dict[IssueId, _Stored] = {}
        self._articles: dict[ArticleId, tuple[Article, IssueId]] = {}
        self._first: dict[tuple[str, str], ArticleId] = {}
        self._to_match: dict[IssueId, datetime] = {}
        self._reported: set[tuple[str, str]] = set()

    async def is_seen(self, fingerprint: str) -> bool:
        return fingerprint in self._seen

    async def add_issue(self, issue: Issue, now: datetime) -> Added:
        if issue.fingerprint and issue.fingerprint in self._seen:
            return Added("duplicate", self._seen[issue.fingerprint], ())
        outcome = "changed" if issue.id in self._issues else "new"
        fresh = self._fresh(issue, outcome)
        if outcome == "new" and issue.articles and not fresh:
            self._remember(issue)
            return Added("duplicate", issue.id, ())
        stored = self._issues.setdefault(issue.id, _Stored(issue.first_seen or now))
        added = self._add_articles(issue, stored, fresh, append=outcome == "changed")
        stored.parts.append(replace(issue, articles=()))
        self._remember(issue)
        if added:
            self._to_match[issue.id] = min(now, self._to_match.get(issue.id, now))
        return Added(outcome, issue.id, added)

    def _remember(self, issue: Issue) -> None:
        if issue.fingerprint:
            self._seen[issue.fingerprint] = issue.id

    def _fresh(self, issue: Issue, outcome: str) -> list[Article]:
        whole = outcome == "new" and is_named(issue)
        return [a for a in issue.articles if whole or (scope_of(issue), a.fingerprint) not in self._first]

    def _add_articles(
        self, issue: Issue, stored: _Stored, fresh: list[Article], *, append: bool
    ) -> tuple[Article, ...]:
        scope = scope_of(issue)
        first = len(stored.articles)
        added = []
        for place, article in enumerate(fresh):
            order = first + place if append else article.order
            earlier = self._first.get((scope, article.fingerprint), 0)
            article = replace(article, id=len(self._articles) + 1, order=order, reprint_of=earlier)
            if article.fingerprint:
                self._first.setdefault((scope, article.fingerprint), article.id)
            self._articles[article.id] = (article, issue.id)
            added.append(article)
        stored.articles += [a.id for a in added]
        stored.unmatched |= {a.id for a in added}
        return tuple(added)

    async def find_issue(self, id: IssueId) -> Issue | None:
        stored = self._issues.get(id)
        if stored is None:
            return None
        return join_parts(stored.parts, [self._articles[a][0] for a in stored.articles], stored.first_seen)

    async def issues_of(self, articles: Sequence[ArticleId]) -> list[Issue]:
        ids = dict.fromkeys(self._articles[one][1] for one in articles if one in self._articles)
        return [issue for id in ids if (issue := await self.find_issue(id))]

    async def newest_issues(self, limit: int) -> list[Issue]:
        return [issue for id in self._newest(limit) if (issue := await self.find_issue(id))]

    async def recent_issues(self, limit: int) -> list[IssueSummary]:
        return [self._summary(self._issues[id]) for id in self._newest(limit)]

    def _newest(self, limit: int) -> list[IssueId]:
        newest = sorted(((stored.first_seen, id) for id, stored in self._issues.items()), reverse=True)
        return [id for _, id in newest[: max(limit, 0)]]

    def _summary(self, stored: _Stored) -> IssueSummary:
        whole = join_parts(stored.parts, (), stored.first_seen)
        return summary(whole, stored.first_seen, len(stored.articles), matched=not stored.unmatched)

    async def get_articles(self, ids: Sequence[ArticleId]) -> dict[ArticleId, tuple[Article, IssueId]]:
        return {id: self._articles[id] for id in ids if id in self._articles}

    async def articles_after(self, number: ArticleId, limit: int) -> list[tuple[Article, IssueId]]:
        last = min(number + limit, len(self._articles))
        return [self._articles[id] for id in range(max(number, 0) + 1, last + 1)]

    async def get_summaries(self, ids: Sequence[IssueId]) -> dict[IssueId, IssueSummary]:
        return {id: self._summary(self._issues[id]) for id in ids if id in self._issues}

    async def claim_to_match(self, now: datetime, lease: timedelta) -> tuple[IssueId, tuple[ArticleId, ...]] | None:
        ready = min(((at, id) for id, at in self._to_match.items() if at <= now), default=None)
        if ready is None:
            return None
        id = ready[1]
        self._to_match[id] = now + lease
        return id, tuple(sorted(self._issues[id].unmatched))

    async def settle_matched(
        self, issue: IssueId, articles: Sequence[ArticleId], *, until: datetime | None = None
    ) -> None:
        stored = self._issues.get(issue)
        if stored is not None:
            stored.unmatched -= set(articles)
            if not stored.unmatched:
                self._to_match.pop(issue, None)
            elif until is not None:
                self._to_match[issue] = until

    async def report_once(self, key: str, fingerprint: str) -> bool:
        first = (key, fingerprint) not in self._reported
        self._reported.add((key, fingerprint))
        return first
