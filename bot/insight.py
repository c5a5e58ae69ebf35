"""What a query brings and why: dry runs, better wording, how often it matched, the proof of one article, what would exclude it.

Looks things up and calls the deciders of digests.narrowing; shows nothing and stores nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.services import Activity, DryRun, Exclusion, Reason, Why
from digests.compose import Stores
from digests.html import sentence_at
from digests.narrowing import exclusions_for, holds_word, looser, narrowed, propose_exclusions
from digests.pipeline import as_document
from digests.ports import IssueSummary
from digests.recent import Recent, RecentMatch
from digests.render_marks import marks_of
from digests.types import Article, ArticleId, Delivery, Hit
from digests.words import keywords
from subscriptions import AliasTable, Match, QueryId, evaluate, parse_query

ISSUES = 30
SAMPLES = 2
PROPOSALS = 3
HITS = 30
"""The newest matches of a query that its activity is told from."""
KNOWN_ISSUES = 400
"""Issues whose arrival is looked up in one step; a match in an older one counts as long ago."""
PASSAGE = 240
WEEK = timedelta(days=7)


class Insight:
    """`aliases`: answers those in force."""

    def __init__(self, stores: Stores, aliases: Callable[[], AliasTable]) -> None:
        self._stores, self._aliases = stores, aliases
        self._recent = Recent(stores.issues, ISSUES)

    async def dry_run(self, query: str) -> DryRun:
        """Raises QueryError."""
        issues, (found,) = await self._recent.matches([query], self._aliases())
        return _dry_run(query, issues, found, self._aliases())

    async def dry_run_stored(self, query: QueryId) -> tuple[str, DryRun] | None:
        """The text is read beside the issues."""
        texts, _ = await asyncio.gather(self._stores.subscribers.get_queries([query]), self._recent.articles())
        if query not in texts:
            return None
        issues, (found,) = await self._recent.matches([texts[query]], self._aliases(), again=False)
        return texts[query], _dry_run(texts[query], issues, found, self._aliases())

    async def reword(self, query: str) -> Sequence[tuple[str, int]]:
        candidates = looser(query, keywords)
        _, found = await self._recent.matches(candidates, self._aliases())
        return [(text, len(some)) for text, some in zip(candidates, found, strict=True) if some][:PROPOSALS]

    # ------------------------------------------------------------------------------------------ activity
    async def activity(self, queries: Sequence[QueryId], now: datetime) -> dict[QueryId, Activity]:
        newest = await asyncio.gather(*(self._stores.hits.newest_hits(query, HITS) for query in queries))
        hits = {query: found for query, found in zip(queries, newest, strict=True) if found}
        ids = sorted({hit.article_id for found in hits.values() for hit in (found[0], found[-1])})
        if not ids:
            return dict.fromkeys(queries, Activity())
        articles, issues = await asyncio.gather(
            self._stores.issues.get_articles(ids), self._stores.issues.recent_issues(KNOWN_ISSUES)
        )
        seen = {issue.id: issue.first_seen for issue in issues}
        oldest = min(seen.values(), default=now)
        came = {id: seen.get(issue, oldest) for id, (_, issue) in articles.items()}
        titles = {id: article.title for id, (article, _) in articles.items()}
        return {query: _activity(hits.get(query, []), came, titles, now) for query in queries}

    # ------------------------------------------------------------------------------------------ reasons
    async def why(self, delivery: str, subscriber: str, item: int) -> Why | None:
        found, recent = await asyncio.gather(
            self._delivered(delivery, subscriber, item), self._stores.issues.recent_issues(ISSUES)
        )
        return await self._why(*found, recent) if found else None

    async def why_newest(self, query: QueryId) -> Why | None:
        hits, recent = await asyncio.gather(
            self._stores.hits.newest_hits(query, 1), self._stores.issues.recent_issues(ISSUES)
        )
        return await self._why(hits[0].article_id, (query,), recent) if hits else None

    async def _why(self, id: ArticleId, queries: Sequence[QueryId], recent: Sequence[IssueSummary]) -> Why | None:
        """`recent`: read before, beside something else; an older issue takes one more round trip."""
        stored, texts, hits = await asyncio.gather(
            self._stores.issues.get_articles([id]),
            self._stores.subscribers.get_queries(queries),
            self._stores.hits.get_matches([(query, id) for query in queries]),
        )
        if id not in stored:
            return None
        article, issue_id = stored[id]
        issue = next((one for one in recent if one.id == issue_id), None)
        issue = issue or (await self._stores.issues.get_summaries([issue_id])).get(issue_id)
        publication = issue.publication if issue else None
        document, aliases, reasons = as_document(article, publication), self._aliases(), []
        for query, text in texts.items():
            hit = hits.get((query, id))
            match = hit.match if hit else evaluate(parse_query(text), document, aliases)
            reasons.append(_reason(query, text, article, match or Match(query)))
        label = " ".join(filter(None, (publication, issue.day if issue else None)))
        return Why(article.title, label, article.page, tuple(reasons))

    async def _delivered(
        self, delivery: str, subscriber: str, item: int
    ) -> tuple[ArticleId, tuple[QueryId, ...]] | None:
        """Article `item` of a digest, with the queries that brought it."""
        found: Delivery | None = await self._stores.outbox.find_delivery(delivery, subscriber)
        items = found.digest.items() if found and found.digest else ()
        return (items[item].article_id, items[item].queries) if 0 <= item < len(items) else None

    async def _article_of(
        self, delivery: str, subscriber: str, item: int
    ) -> tuple[Article, tuple[QueryId, ...], dict[QueryId, str]] | None:
        """The same with the article itself and the texts."""
        found = await self._delivered(delivery, subscriber, item)
        if found is None:
            return None
        id, queries = found
        stored, texts = await asyncio.gather(
            self._stores.issues.get_articles([id]), self._stores.subscribers.get_queries(queries)
        )
        return (stored[id][0], queries, texts) if id in stored else None

    async def exclusions(self, delivery: str, subscriber: str, item: int) -> Sequence[Exclusion] | None:
        """For each query that brought the article the words that would have kept it out."""
        found, _ = await asyncio.gather(self._article_of(delivery, subscriber, item), self._recent.articles())
        if found is None:
            return None
        article, queries, texts = found
        known = [(query, texts[query]) for query in queries if query in texts]
        aliases = self._aliases()
        issues, matches = await self._recent.matches([text for _, text in known], aliases, again=False)
        return [
            one
            for (query, text), some in zip(known, matches, strict=True)
            for one in _exclusions(query, text, article, aliases, issues, some)
        ]


def _dry_run(query: str, issues: int, found: Sequence[RecentMatch], aliases: AliasTable) -> DryRun:
    samples = tuple((one.article.title, one.issue) for one in found[:SAMPLES])
    matched = [(one.article, one.match) for one in found]
    return DryRun(issues, len(found), samples, propose_exclusions(query, matched, aliases))


def _exclusions(
    query: QueryId, text: str, article: Article, aliases: AliasTable, issues: int, matches: Sequence[RecentMatch]
) -> list[Exclusion]:
    """Those first that hide the least of what else the query brings."""
    words = exclusions_for(text, article, aliases)
    made = [_exclusion(query, text, word, article, issues, matches) for word in words]
    return sorted(made, key=lambda one: one.hidden)


def _exclusion(
    query: QueryId, text: str, word: str, article: Article, issues: int, matches: Sequence[RecentMatch]
) -> Exclusion:
    hidden = [one.article for one in matches if one.article.id != article.id and holds_word(one.article, word)]
    titles = tuple(one.title for one in hidden[:SAMPLES])
    return Exclusion(query, text, word, narrowed(text, word) or text, issues, len(hidden), titles)


def _activity(
    hits: Sequence[Hit], came: dict[ArticleId, datetime], titles: dict[ArticleId, str], now: datetime
) -> Activity:
    """`hits`: newest first. The rate is that of these, over at least a week."""
    dates = [came[hit.article_id] for hit in ([hits[0], hits[-1]] if hits else []) if hit.article_id in came]
    if not dates:
        return Activity()
    weeks = max((now - dates[-1]) / WEEK, 1.0)
    return Activity(dates[0], titles.get(hits[0].article_id, ""), len(hits) / weeks)


def _reason(query: QueryId, text: str, article: Article, match: Match) -> Reason:
    passage, marks = _passage(article, match)
    return Reason(query, text, tuple(match.terms), tuple(match.aliases.items()), passage, marks)


def _passage(article: Article, match: Match) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The sentence of the first place in the body, else the title; and what is matched in it, as a digest marks it."""
    marks = marks_of(article, [match])
    body, title = marks.of("body"), marks.of("title")
    if not body:
        return (article.title if title else "", tuple(title))
    start, end = sentence_at(article.body, body[0][0])
    start = max(start, body[0][0] - PASSAGE // 2)
    end = max(min(end, start + PASSAGE), body[0][1])
    local = tuple((a - start, b - start) for a, b in body if a >= start and b <= end)
    return article.body[start:end].replace("\n", " "), local
