"""What the tests of searching share: articles, issues, a store that holds them, and an archive over it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from digests.issues_memory import MemoryIssueStore
from digests.search import Archive
from digests.search_index import Narrow
from digests.types import Article, DateEvidence, Fact, Issue
from subscriptions import Alias, AliasTable

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
ALL = Narrow()
ALIASES = AliasTable([Alias(("中航锂电", "中创新航"))])


def article(title: str, body: str = "", *, facts: tuple[Fact, ...] = (), **more: Any) -> Article:
    return replace(Article(title, body, fingerprint=f"{title}|{body}", facts=facts), **more)


def issue(paper: str | None, day: str | None, *articles: Article) -> Issue:
    dated = DateEvidence(day, day, printed=True) if day else None
    name = f"{paper}:{day}:{articles[0].title if articles else ''}"
    return Issue(paper, "newspaper", articles, fingerprint=name, id=name, date=dated)


@asynccontextmanager
async def archive(store: MemoryIssueStore, folder: Path, aliases: AliasTable = ALIASES) -> AsyncIterator[Archive]:
    made = Archive(store, folder, lambda: aliases)
    yield made
    await made.close()


async def fill(store: MemoryIssueStore, *issues: Issue) -> None:
    for number, one in enumerate(issues):
        await store.add_issue(one, NOW + timedelta(minutes=number))
