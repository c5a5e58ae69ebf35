"""Issues read for one step of composing: each is fetched and decoded once for all readers of the step.

Lives as long as the step: what is stored meanwhile is seen as soon as a hit names it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from digests.ports import IssueStore
from digests.types import ArticleId, Issue


class ReadOnce:
    """`of`: as IssueStore.issues_of."""

    def __init__(self, issues: IssueStore) -> None:
        self._issues = issues
        self._known: dict[ArticleId, Issue] = {}
        self._fetching = asyncio.Lock()

    async def of(self, articles: Sequence[ArticleId]) -> list[Issue]:
        if not all(article in self._known for article in articles):
            async with self._fetching:
                await self._fetch([article for article in articles if article not in self._known])
        found = (self._known[article] for article in articles if article in self._known)
        return list({issue.id: issue for issue in found}.values())

    async def _fetch(self, missing: Sequence[ArticleId]) -> None:
        for issue in await self._issues.issues_of(missing) if missing else ():
            self._known |= dict.fromkeys((article.id for article in issue.articles), issue)
