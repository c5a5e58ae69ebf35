"""Searching as people ask for it: a query or a token in, a page of results as text out. Thin, and knows no Telegram.

What a button needs to come back to a search is kept in the store under a short token, so it works in every process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.texts import Texts
from digests.html import EMPTY, Piece, join, shorten, text
from digests.render_labels import Words
from digests.search import Archive, Results
from digests.search_grams import key_of
from digests.search_index import Narrow
from digests.search_kept import KeptQueries
from digests.search_render import query_piece, render_full, render_result, render_results, view_of
from digests.types import ArticleId, Chunk
from subscriptions import Alias, Query, Settings, parse_query, print_query

PER_PAGE = 5
INLINE_PAGE = 10
DEEPEST = 10_000
"""Results that can be reached by turning pages; who wants more narrows the search."""
DESCRIPTION = 120


@dataclass(frozen=True, slots=True)
class Facet:
    """`key`: what a button carries. `count` None: not known."""

    key: str
    name: str
    count: int | None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`page` from 0; `numbers` of its articles, shown from `first` on. `query`: canonical."""

    html: str
    token: str
    query: str
    narrow: Narrow
    page: int
    first: int
    numbers: tuple[ArticleId, ...]
    more: bool
    papers: tuple[Facet, ...]
    years: tuple[Facet, ...]


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """One of `parts` pages; `newer`: what the article was corrected to, if the search finds that too, or 0."""

    page: Chunk
    parts: int
    newer: ArticleId


@dataclass(frozen=True, slots=True)
class InlineResult:
    id: str
    title: str
    description: str
    html: str


class Search:
    """`aliases`: answers those in force."""

    def __init__(
        self, archive: Archive, kept: KeptQueries, texts: Texts, aliases: Callable[[], tuple[Alias, ...]]
    ) -> None:
        self._archive, self._kept, self._texts, self._aliases = archive, kept, texts, aliases

    async def warm(self) -> None:
        """Begin to bring the index in step with the store; does not wait."""
        await self._archive.follow(0.0)

    async def close(self) -> None:
        await self._archive.close()

    async def search(self, asked: str, settings: Settings) -> SearchPage:
        """The first page. Raises QueryError."""
        query = parse_query(asked)
        token = await self._kept.keep(print_query(query))
        return await self._page(token, query, Narrow(), 0, settings)

    async def turn(self, token: str, narrow: Narrow, page: int, settings: Settings) -> SearchPage | None:
        """Another page, or another narrowing, of a search; None if it is no longer kept."""
        query = await self._kept.find_kept(token)
        if query is None:
            return None
        return await self._page(token, parse_query(query), narrow, min(max(page, 0), DEEPEST // PER_PAGE), settings)

    async def article(self, token: str, number: ArticleId, part: int, settings: Settings) -> FoundArticle | None:
        """Page `part` (from 0) of an article's full text; None if the search or the article is gone."""
        kept = await self._kept.find_kept(token)
        if kept is None:
            return None
        query = parse_query(kept)
        result = await self._archive.find(query, number)
        if result is None:
            return None
        view = view_of([result], query, settings, self._aliases())
        pages = render_full(result, query, view, self._words(settings))
        if not 0 <= part < len(pages):
            return None
        newer = result.newer.id if result.newer is not None and result.newer_found else 0
        return FoundArticle(pages[part], len(pages), newer)

    async def inline(self, asked: str, offset: int, settings: Settings) -> tuple[tuple[InlineResult, ...], bool]:
        """Results from `offset` on as messages of their own, and whether there are more. Raises QueryError."""
        query = parse_query(asked)
        offset = min(max(offset, 0), DEEPEST)
        found = await self._archive.search(query, Narrow(), offset, INLINE_PAGE)
        words = self._words(settings)
        view = view_of(found.items, query, settings, self._aliases())
        shown = []
        for result in found.items:
            piece = render_result(result, view, words)
            title, _, rest = piece.plain.partition("\n")
            shown.append(
                InlineResult(str(result.article.id), title, shorten(rest.replace("\n", " "), DESCRIPTION), piece.html)
            )
        return tuple(shown), _more(found, offset, INLINE_PAGE)

    def _words(self, settings: Settings) -> Words:
        """Of digests, but that nothing was pushed and nothing can be late."""

        def words(key: str, **params: str | int) -> str:
            if key == "digest-late":
                return str(params["issue"])
            return self._texts.get(settings.language, "search-why" if key == "article-why" else key, **params)

        return words

    async def _page(self, token: str, query: Query, narrow: Narrow, page: int, settings: Settings) -> SearchPage:
        offset, words = page * PER_PAGE, self._words(settings)
        found = await self._archive.search(query, narrow, offset, PER_PAGE)
        view = view_of(found.items, query, settings, self._aliases())
        head = _head(print_query(query), found, page, words)
        chunk = render_results(head, found.items, view, offset + 1, words)
        return SearchPage(
            html=chunk.html,
            token=token,
            query=print_query(query),
            narrow=narrow,
            page=page,
            first=offset + 1,
            numbers=tuple(result.article.id for result in found.items),
            more=_more(found, offset, PER_PAGE) and offset < DEEPEST,
            papers=_papers(found),
            years=tuple(Facet(str(year), str(year), _count(found, count)) for year, count in found.facets.years),
        )


def _more(found: Results, offset: int, limit: int) -> bool:
    return found.total > offset + limit or not found.counted


def _papers(found: Results) -> tuple[Facet, ...]:
    return tuple(Facet(key_of(name), name, _count(found, count)) for name, count in found.facets.papers)


def _count(found: Results, count: int) -> int | None:
    return count if found.exact else None


def _head(query: str, found: Results, page: int, words: Words) -> Piece:
    """What was searched for, how much was found, and whether that is all."""
    title = text(words("search-title")) + query_piece(query)
    incomplete = EMPTY if found.complete else text(words("search-incomplete"))
    return join([title, text(_counted(found, page, words)), incomplete])


def _counted(found: Results, page: int, words: Words) -> str:
    if not found.items and found.counted:
        return words("search-none")
    if not found.counted:
        return words("search-at-least", count=found.total, page=page + 1)
    pages = -(-found.total // PER_PAGE)
    key = "search-count" if pages == 1 else "search-count-pages"
    return words(key, count=found.total, **({} if pages == 1 else {"page": page + 1, "pages": pages}))
