"""Deliveries as messages: looks up what a digest names and renders it in the reader's language.

The same delivery gives the same pages, so a page can be made anew when somebody turns to it. Rendered fragments are kept
for a while and shared between readers.
"""

from __future__ import annotations

from asyncio import gather
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.knowledge import CurrentKnowledge
from bot.texts import Texts
from bot.topic_names import names_in
from digests.compose import TEXT_KEY
from digests.pipeline import as_document
from digests.ports import HitStore, IssueStore, IssueSummary
from digests.render import render_digest, render_html
from digests.render_article import render_article
from digests.render_correction import Correction, render_corrections
from digests.render_labels import DigestView, Words, issue_label, remembered
from digests.render_messages import render_edits, render_media
from digests.types import Article, ArticleId, Chunk, Delivery, Digest, IssueId
from subscriptions import (
    Match,
    QueryId,
    Settings,
    Subscriber,
    SubscriberStore,
    Subscription,
    evaluate,
    parse_query,
)

KEPT_FRAGMENTS = 5000

Found = Mapping[ArticleId, tuple[Article, IssueId]]


class Renderer:
    """`chunks` for sending, `digest_page` and `article_page` for turning pages."""

    def __init__(
        self,
        issues: IssueStore,
        hits: HitStore,
        subscribers: SubscriberStore,
        texts: Texts,
        knowledge: CurrentKnowledge,
    ) -> None:
        self._issues, self._hits, self._subscribers, self._texts = issues, hits, subscribers, texts
        self._knowledge = knowledge
        self._fragments: MutableMapping[Any, Any] = {}
        self._words: dict[str, Words] = {}

    async def chunks(self, delivery: Delivery, subscriber: Subscriber | None) -> tuple[Chunk, ...]:
        """The messages of a delivery: of a digest the first page, from which the others are reached."""
        settings = subscriber.settings if subscriber else Settings()
        words = self._in(settings.language)
        if delivery.digest is not None:
            edits = delivery.edits[0] if delivery.edits else None
            if delivery.replies is not None:
                chunks = await self._correction(delivery.digest, settings)
                replies = None if edits else delivery.replies
                return tuple(replace(chunk, edits=edits, replies=replies) for chunk in chunks)
            pages = await self.pages(delivery.id, delivery.digest, settings, first=True)
            return tuple(replace(page, edits=edits) for page in pages)
        if delivery.edits:
            return render_edits(delivery.html, delivery.media, delivery.edits)
        if delivery.media:
            return render_media(delivery.html, delivery.media)
        if delivery.kind == "notice" and delivery.html.startswith(TEXT_KEY):
            return render_html(words(delivery.html.removeprefix(TEXT_KEY)))
        return render_html(delivery.html, delivery.buttons)

    async def pages(self, id: str, digest: Digest, settings: Settings, *, first: bool = False) -> tuple[Chunk, ...]:
        """All pages, or only the first."""
        words = self._in(settings.language)
        pages = render_digest(digest, await self._view(id, digest, settings), words, self._cache())
        return pages[:1] if first else pages

    async def _correction(self, digest: Digest, settings: Settings) -> tuple[Chunk, ...]:
        """What was told wrong, and what is right."""
        words = self._in(settings.language)
        articles = [item.article_id for item in digest.items()]
        found = await self._issues.get_articles(articles)
        corrected = await self._issues.get_articles([article.corrects for article, _ in found.values()])
        issues = await self._issues.get_summaries(sorted({issue for _, issue in found.values()}))
        corrections = [
            Correction(
                article, issue_label(issues.get(issue), settings.timezone, words), corrected[article.corrects][0]
            )
            for article, issue in found.values()
            if article.corrects in corrected
        ]
        return render_corrections(corrections, words)

    async def preview(self, digest: Digest, reader: Subscriber) -> tuple[Chunk, ...]:
        """What `reader` would get, as it would look; nothing of it need be stored, so there are no buttons."""
        words = self._in(reader.settings.language)
        known = {held.query_id: held.query for held in reader.subscriptions}
        pages = render_digest(digest, await self._view("preview", digest, reader.settings, known), words)
        return tuple(replace(page, buttons=()) for page in pages)

    async def digest_page(self, delivery: Delivery, settings: Settings, page: int) -> Chunk | None:
        if delivery.digest is None:
            return None
        pages = await self.pages(delivery.id, delivery.digest, settings)
        return pages[page] if 0 <= page < len(pages) else None

    async def article_page(self, delivery: Delivery, settings: Settings, item: int, page: int) -> Chunk | None:
        if delivery.digest is None or not 0 <= item < len(delivery.digest.items()):
            return None
        view = await self._view(delivery.id, delivery.digest, settings)
        words = self._in(settings.language)
        pages = render_article(delivery.digest, view, item, words, self._cache())
        return pages[page] if 0 <= page < len(pages) else None

    def _in(self, language: str) -> Words:
        """The texts of one language, remembered: most of rendering is the same few labels."""
        if language not in self._words:
            self._words[language] = remembered(partial(self._texts.get, language))
        return self._words[language]

    def _cache(self) -> MutableMapping[Any, Any]:
        if len(self._fragments) > KEPT_FRAGMENTS:
            self._fragments = {}
        return self._fragments

    async def _view(
        self, id: str, digest: Digest, settings: Settings, known: Mapping[QueryId, str] | None = None
    ) -> DigestView:
        pairs = [(query, item.article_id) for item in digest.items() for query in item.queries]
        articles, issues, texts, hits = await gather(
            self._issues.get_articles([item.article_id for item in digest.items()]),
            self._issues.get_summaries(digest.issues),
            self._subscribers.get_queries(() if known else sorted({query for query, _ in pairs})),
            self._hits.get_matches(pairs),
        )
        queries = known or texts
        matches = self._matches({pair: hit.match for pair, hit in hits.items()}, pairs, articles, issues, queries)
        knowledge = self._knowledge.knowledge
        names = names_in(settings.language, knowledge.topics.topics)
        return DigestView(id, articles, matches, queries, issues, settings, knowledge.aliases, names)

    def _matches(
        self,
        stored: Mapping[tuple[QueryId, ArticleId], Match],
        pairs: Sequence[tuple[QueryId, ArticleId]],
        articles: Found,
        issues: Mapping[IssueId, IssueSummary],
        queries: Mapping[QueryId, str],
    ) -> dict[tuple[QueryId, ArticleId], Match]:
        """The stored proofs; what a back-fill matched without storing is tried again, which gives the same."""
        proofs = dict(stored)
        for query, id in pairs:
            if (query, id) not in proofs and id in articles and query in queries:
                article, issue_id = articles[id]
                issue = issues.get(issue_id)
                document = as_document(article, issue.publication if issue else None)
                match = evaluate(parse_query(queries[query]), document, self._knowledge.aliases)
                if match is not None:
                    proofs[query, id] = match
        return proofs


def probe(queries: Sequence[tuple[QueryId, str]], settings: Settings, now: datetime) -> Subscriber:
    """A subscriber that stands for nobody, for previews: holds `queries` and had nothing."""
    held = tuple(Subscription(id, text, 0, now) for id, text in queries)
    return replace(Subscriber("0", settings, now), subscriptions=held)
