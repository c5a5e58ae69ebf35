"""Search results as text: a page of them, one for a message of its own, the full text of one. Pure; the buttons are the edge's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from digests.html import EMPTY, LIMIT, Piece, join, shorten, tag, text
from digests.render_article import render_article
from digests.render_fragment import TITLES_ONLY, body_parts, headline, place_line, subtitle_line
from digests.render_labels import DigestView, Words, alias_labels, newer_label
from digests.render_marks import marks_of
from digests.search import Result
from digests.types import ArticleId, Chunk, Digest, DigestGroup, DigestItem
from subscriptions import Alias, Settings, print_query
from subscriptions import Query as Asked

TITLE_UNITS, NOTE_UNITS, QUERY_UNITS = 240, 120, 200
NOWHERE: Mapping[ArticleId, int] = {}


def view_of(results: Sequence[Result], query: Asked, settings: Settings, aliases: tuple[Alias, ...] = ()) -> DigestView:
    """What the renderers of digests need to know of the results."""
    return DigestView(
        delivery="search",
        articles={result.article.id: (result.article, result.issue_id) for result in results},
        matches={(result.match.query_id, result.article.id): result.match for result in results},
        queries={result.match.query_id: print_query(query) for result in results},
        issues={result.issue_id: result.issue for result in results if result.issue is not None},
        settings=settings,
        aliases=aliases,
        newer={result.article.id: result.newer for result in results if result.newer is not None},
    )


def render_results(head: Piece, results: Sequence[Result], view: DigestView, first: int, words: Words) -> Chunk:
    """One page, numbered from `first`; without extracts where they would not fit."""
    places = {result.article.id: number for number, result in enumerate(results, first)}
    for depth in (0, TITLES_ONLY):
        items = [
            text(f"{number}. ") + render_result(result, view, words, depth, places)
            for number, result in enumerate(results, first)
        ]
        page = join([head, *items], "\n\n")
        if page.units <= LIMIT:
            break
    return Chunk(page.html, page.plain)


def render_result(
    result: Result, view: DigestView, words: Words, depth: int = 0, places: Mapping[ArticleId, int] = NOWHERE
) -> Piece:
    """Title, issue and page, extract, and under which name it was found; of what was corrected, what counts: `places` on the page."""
    article = result.article
    marks = marks_of(article, [result.match])
    place = places.get(result.newer.id, 0) if result.newer is not None else 0
    return join(
        [
            headline(view, article, marks, TITLE_UNITS, words),
            text(newer_label(view, article, words, place)),
            subtitle_line(article, marks),
            place_line(view, article, result.issue_id, marks, words),
            body_parts(article, marks, depth, words)[0],
            text(shorten(words("digest-semicolon").join(alias_labels(view, result.match, words)), NOTE_UNITS)),
        ]
    )


def query_piece(query: str) -> Piece:
    return tag("code", text(shorten(query, QUERY_UNITS))) if query else EMPTY


def render_full(result: Result, query: Asked, view: DigestView, words: Words) -> tuple[Chunk, ...]:
    """The pages of the article's full text, as digests show it, without buttons."""
    item = DigestItem(result.article.id, (result.match.query_id,))
    slot = result.issue.first_seen if result.issue else None
    if slot is None:
        return ()
    digest = Digest((DigestGroup(print_query(query), (item,)),), (result.issue_id,), 1, slot)
    return tuple(replace(page, buttons=()) for page in render_article(digest, view, 0, words))
