"""The newest issues, read and made ready for trying queries on: what a query would have brought.

Kept between calls, so that a try costs some milliseconds; an issue is read again when it has more articles. The work of
making ready is done in a thread, away from the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from digests.corrections import live
from digests.pipeline import as_document
from digests.ports import IssueStore, IssueSummary
from digests.types import Article, Issue, IssueId
from subscriptions import AliasTable, Match, Prepared, evaluate_prepared, parse_query, prepare


@dataclass(frozen=True, slots=True)
class RecentArticle:
    issue: IssueSummary
    article: Article
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class RecentMatch:
    issue: IssueSummary
    article: Article
    match: Match


class Recent:
    """`limit`: so many issues, the newest ones."""

    def __init__(self, issues: IssueStore, limit: int) -> None:
        self._issues, self._limit = issues, limit
        self._kept: dict[IssueId, tuple[IssueSummary, tuple[RecentArticle, ...]]] = {}
        self._newest: Sequence[IssueSummary] = ()

    async def articles(self) -> tuple[int, list[RecentArticle]]:
        """How many issues there are, and their articles, those of the newest issue first."""
        summaries = await self._issues.recent_issues(self._limit)
        missing = [s for s in summaries if s.id not in self._kept or self._kept[s.id][0].articles != s.articles]
        found = await asyncio.gather(*(self._issues.find_issue(summary.id) for summary in missing))
        made = await asyncio.to_thread(_prepare, list(zip(missing, found, strict=True)))
        known = self._kept | made
        self._newest = summaries
        self._kept = {summary.id: known[summary.id] for summary in summaries if summary.id in known}
        self._newest = summaries  # now, with their articles: others look meanwhile
        return self._known()

    def _known(self) -> tuple[int, list[RecentArticle]]:
        newest = self._newest
        return len(newest), [one for summary in newest for one in self._kept.get(summary.id, (summary, ()))[1]]

    async def matches(
        self, queries: Sequence[str], aliases: AliasTable, *, again: bool = True
    ) -> tuple[int, list[list[RecentMatch]]]:
        """How many issues there are, and per query what matches in them, newest first. `again`: look for new issues; else the
        caller has just done it. Raises QueryError."""
        parsed = [parse_query(query) for query in queries]
        count, articles = await self.articles() if again else self._known()

        def tried() -> list[list[RecentMatch]]:
            proofs = [[(one, evaluate_prepared(query, one.prepared, aliases)) for one in articles] for query in parsed]
            return [[RecentMatch(one.issue, one.article, m) for one, m in row if m is not None] for row in proofs]

        return count, await asyncio.to_thread(tried)


def _prepare(
    found: Sequence[tuple[IssueSummary, Issue | None]],
) -> dict[IssueId, tuple[IssueSummary, tuple[RecentArticle, ...]]]:
    return {
        summary.id: (
            summary,
            tuple(
                RecentArticle(summary, article, prepare(as_document(article, summary.publication)))
                for article in live(issue.articles)
            ),
        )
        for summary, issue in found
        if issue is not None
    }
