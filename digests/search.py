"""Searching all stored issues: candidates from the local index, each one shown proved by the query evaluator.

What a search finds is what a subscription to the same query would have found. The index follows the store: a call brings in
what was added since, and while much is missing (a new machine) it searches what there is and says so.
Decides nothing about how results look.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from digests.pipeline import as_document
from digests.ports import IssueStore, IssueSummary
from digests.search_index import BusyError, Facets, Narrow, SearchIndex
from digests.types import Article, ArticleId, IssueId
from subscriptions import AliasTable, Match, Query, evaluate, print_query

log = logging.getLogger(__name__)

TRIP = 48
"""Articles fetched from the store at once: decoding them takes the event loop some milliseconds."""
COMMIT = 4096
"""Articles added to the index in one step."""
PATIENCE = 1.0
"""Seconds a search waits for the index to catch up."""
STRIDE, LONGEST = 32, 512
"""Candidates proved at once where the index alone cannot tell: at first, and at most, as it doubles."""
SCANS = 64
"""Searches remembered for their next pages."""


@dataclass(frozen=True, slots=True)
class Result:
    """An article that matches, with its proof. `newer`: what it was corrected to, as that counts now; `newer_found`: that
    matches too."""

    article: Article
    issue_id: IssueId
    issue: IssueSummary | None
    match: Match
    newer: Article | None = None
    newer_found: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """One page. `total`: all that match, where `counted`; else at least so many, and there are more. `facets` count
    what matches where the index alone can tell (`exact`), else what may match. `complete`: every stored article was searched."""

    items: tuple[Result, ...]
    total: int
    counted: bool
    exact: bool
    facets: Facets
    complete: bool


@dataclass(slots=True)
class _Scan:
    """What is known of one search for its next pages: the facets, and where the index alone cannot answer, how far its
    candidates have been proved: `offset` of them, `proved` the numbers that match."""

    offset: int = 0
    done: bool = False
    facets: Facets | None = None
    proved: dict[ArticleId, None] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Archive:
    """`folder`: of the index. `aliases`: answers those in force. Close it at the end."""

    def __init__(self, issues: IssueStore, folder: Path, aliases: Callable[[], AliasTable]) -> None:
        self._issues, self._folder, self._aliases = issues, folder, aliases
        self._index: SearchIndex | None = None
        self._newest: ArticleId = 0
        self._following: asyncio.Task[bool] | None = None
        self._scans: OrderedDict[tuple[str, Narrow, ArticleId], _Scan] = OrderedDict()

    async def close(self) -> None:
        if self._following is not None:
            self._following.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._following

    # ------------------------------------------------------------------------------------------ following
    async def follow(self, patience: float | None = None) -> bool:
        """Bring in what was added to the store. Answers whether all of it is in the index; after `patience` seconds the
        work goes on in the background and the answer is no. Never raises for what goes wrong there: it is logged."""
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow(), name="search-index")
        done, _ = await asyncio.wait({self._following}, timeout=patience)
        if not done or self._following.cancelled():
            return False
        if (error := self._following.exception()) is not None:
            log.error("search index: %s", type(error).__name__, exc_info=error)
            return False
        return self._following.result()

    async def _follow(self) -> bool:
        try:
            index = await self._opened()
            while added := await self._additions():
                await asyncio.to_thread(index.add, added)
                self._newest = added[-1][0].id
        except BusyError:
            return False
        return True

    async def _opened(self) -> SearchIndex:
        """The index, at first compared with the store: one that was made of another store is emptied."""
        if self._index is None:
            index = await asyncio.to_thread(SearchIndex, self._folder)
            newest, print_ = await asyncio.to_thread(index.newest)
            stored = await self._issues.get_articles([newest]) if newest else {}
            if newest and (newest not in stored or stored[newest][0].fingerprint != print_):
                await asyncio.to_thread(index.clear)
                newest = 0
            self._index, self._newest = index, newest
        else:
            self._newest, _ = await asyncio.to_thread(self._index.newest)
        return self._index

    async def _additions(self) -> list[tuple[Article, IssueSummary]]:
        """The next articles to be added, with their issues; none when the index has all."""
        added: list[tuple[Article, IssueSummary]] = []
        after = self._newest
        while len(added) < COMMIT:
            batch = await self._issues.articles_after(after, TRIP)
            issues = await self._issues.get_summaries(list({issue for _, issue in batch}))
            added += [(article, issues[issue]) for article, issue in batch]
            if len(batch) < TRIP:
                break
            after = batch[-1][0].id
        return added

    # ------------------------------------------------------------------------------------------ searching
    async def search(self, query: Query, narrow: Narrow, offset: int, limit: int) -> Results:
        """Results `offset`..`offset + limit`, newest first. Raises StoreError."""
        complete = await self.follow(PATIENCE)
        if self._index is None:
            return Results((), 0, False, True, Facets(), complete=False)
        aliases = self._aliases()
        scan = self._scan(query, narrow)
        window, facets = await asyncio.gather(
            asyncio.to_thread(self._index.find, query, aliases, narrow, offset, limit),
            self._facets(scan, self._index, query, aliases, narrow),
        )
        if window.exact:
            items = await self._prove(query, aliases, window.numbers, corrected=True)
            return Results(tuple(items), window.total, True, True, facets, complete)
        await self._look(scan, self._index, query, aliases, narrow, offset + limit + 1)
        numbers = list(scan.proved)[offset : offset + limit]
        items = await self._prove(query, aliases, numbers, corrected=True)
        return Results(tuple(items), len(scan.proved), scan.done, False, facets, complete)

    async def find(self, query: Query, number: ArticleId) -> Result | None:
        """One article, if it exists and matches."""
        if self._index is None:
            await self.follow(PATIENCE)
        return next(iter(await self._prove(query, self._aliases(), [number], corrected=True)), None)

    def _scan(self, query: Query, narrow: Narrow) -> _Scan:
        key = (print_query(query), narrow, self._newest)
        scan = self._scans.pop(key, None) or _Scan()
        self._scans[key] = scan
        while len(self._scans) > SCANS:
            self._scans.popitem(last=False)
        return scan

    async def _facets(
        self, scan: _Scan, index: SearchIndex, query: Query, aliases: AliasTable, narrow: Narrow
    ) -> Facets:
        if scan.facets is None:
            scan.facets = await asyncio.to_thread(index.facets, query, aliases, narrow)
        return scan.facets

    async def _look(
        self, scan: _Scan, index: SearchIndex, query: Query, aliases: AliasTable, narrow: Narrow, need: int
    ) -> None:
        """Prove candidates, the newest first, until `need` match or there are no more."""
        stride = STRIDE
        async with scan.lock:
            while len(scan.proved) < need and not scan.done:
                window = await asyncio.to_thread(index.find, query, aliases, narrow, scan.offset, stride)
                results = await self._prove(query, aliases, window.numbers)
                scan.proved |= {result.article.id: None for result in results}
                scan.offset += len(window.numbers)
                scan.done, stride = scan.offset >= window.total, min(2 * stride, LONGEST)

    async def _prove(
        self, query: Query, aliases: AliasTable, numbers: Sequence[ArticleId], *, corrected: bool = False
    ) -> list[Result]:
        """Those of the articles that match, in the order given; with what they were `corrected` to, as far as the index knows."""
        index = self._index if corrected else None
        newer = await asyncio.to_thread(index.newer, numbers) if index is not None else {}
        asked = list(dict.fromkeys((*numbers, *newer.values())))
        found = await self._issues.get_articles(asked)
        issues = await self._issues.get_summaries(list({issue for _, issue in found.values()}))
        rows = [(*found[number], issues.get(found[number][1])) for number in asked if number in found]
        proofs = {proof.article.id: proof for proof in await asyncio.to_thread(proved, query, aliases, rows)}
        return [
            _with_newer(proofs[number], newer.get(number, 0), found, proofs) for number in numbers if number in proofs
        ]


def proved(
    query: Query, aliases: AliasTable, rows: Sequence[tuple[Article, IssueId, IssueSummary | None]]
) -> list[Result]:
    """The truth: what the evaluator says. Pure."""
    results = []
    for article, issue_id, issue in rows:
        document = as_document(article, issue.publication if issue else None)
        if (match := evaluate(query, document, aliases)) is not None:
            results.append(Result(article, issue_id, issue, match))
    return results


def _with_newer(
    proof: Result, newer: ArticleId, found: Mapping[ArticleId, tuple[Article, IssueId]], proofs: Container[ArticleId]
) -> Result:
    """`newer`: what the article was corrected to, or 0."""
    return replace(proof, newer=found[newer][0], newer_found=newer in proofs) if newer in found else proof
