"""From hits to a digest: merge, drop what the reader had, group, rank.

Pure. An article appears once however many queries brought it, and every article that the hits name is in the digest
unless the reader had it (by number or, reprinted, by its text), a correction of it is there too, or the store no longer has it. Nothing is cut here:
how much fits a message is the business of render.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from digests.types import Article, ArticleId, Digest, DigestGroup, DigestItem, Hit, IssueId
from subscriptions import QueryId, Subscriber, Subscription

Found = Mapping[ArticleId, tuple[Article, IssueId]]
Brought = dict[ArticleId, tuple[QueryId, ...]]
NONE: Mapping[ArticleId, ArticleId] = {}

TOPIC = re.compile(r'#(?:([^\s()|"~]+)|"([^"]+)")')
"""A canonical query that is one topic and nothing else."""


def build_digest(
    subscriber: Subscriber,
    hits: Mapping[QueryId, Sequence[Hit]],
    articles: Found,
    had: frozenset[ArticleId],
    slot: datetime,
    totals: Mapping[IssueId, int],
    reprints: Mapping[ArticleId, ArticleId] = NONE,
    corrects: Mapping[ArticleId, ArticleId] = NONE,
) -> Digest | None:
    """What `subscriber` gets in `slot` of `hits`; None if nothing is new to them.

    `hits`: per query of theirs. `articles`: those that the hits name and, to recognise reprints, any of `had` at hand.
    `totals`: per issue how many articles were looked at. `reprints`, `corrects`: of the articles that those here correct, what they
    reprint and what they correct in their turn.
    """
    order = _reading_order(subscriber)
    older = {id: _older(id, articles, corrects) for id in articles}
    brought = _drop_corrected(_drop_reprints(_merge(order, hits, articles, had), articles, had), older)
    if not brought:
        return None
    newest = _newest_first(brought, articles)
    groups = tuple(_groups(order, brought, articles, newest))
    groups = tuple(_with_what_they_stand_for(group, articles, older, reprints, had) for group in groups)
    return Digest(groups, tuple(newest), sum(totals.get(issue, 0) for issue in newest), slot)


def advance_cursors(subscriber: Subscriber, hits: Mapping[QueryId, Sequence[Hit]]) -> Subscriber:
    """The subscriber after these hits were dealt with: no cursor ever goes back."""
    return replace(subscriber, subscriptions=tuple(_advance(held, hits) for held in subscriber.subscriptions))


def _advance(held: Subscription, hits: Mapping[QueryId, Sequence[Hit]]) -> Subscription:
    newest = max((hit.seq for hit in hits.get(held.query_id, ())), default=held.cursor)
    return replace(held, cursor=newest) if newest > held.cursor else held


def topic_name(query: str) -> str | None:
    """The topic's name if the canonical `query` is one topic and nothing else."""
    found = TOPIC.fullmatch(query)
    return (found[1] or found[2]) if found else None


def heading_of(query: str) -> str:
    """How a group of the canonical `query` is headed: the topic's name or the query's text."""
    return topic_name(query) or query


def _reading_order(subscriber: Subscriber) -> list[Subscription]:
    """Topics first, else as subscribed: the order of the groups, and of the queries that claim an article."""
    return sorted(subscriber.subscriptions, key=lambda held: topic_name(held.query) is None)


def _merge(
    order: Sequence[Subscription], hits: Mapping[QueryId, Sequence[Hit]], articles: Found, had: frozenset[ArticleId]
) -> Brought:
    """Per article the queries that brought it, the one that heads it first."""
    brought: Brought = {}
    for held in order:
        for article in dict.fromkeys(hit.article_id for hit in hits.get(held.query_id, ())):
            if article in articles and article not in had:
                brought[article] = (*brought.get(article, ()), held.query_id)
    return brought


def _drop_reprints(brought: Brought, articles: Found, had: frozenset[ArticleId]) -> Brought:
    """Of articles with equal text, by fingerprint or by the store's word, the one printed first stays, with the queries of
    all; none if the reader had it."""
    first: dict[str | ArticleId, ArticleId] = dict.fromkeys(had, 0)
    first.update((articles[id][0].fingerprint, 0) for id in had if id in articles)
    kept: Brought = {}
    for id in sorted(brought):
        article = articles[id][0]
        known = [first[key] for key in (article.fingerprint, article.reprint_of) if key and key in first]
        first[id] = first[article.fingerprint] = same = min(known, default=id)
        if same:
            kept[same] = _both(kept.get(same, ()), brought[id])
    return kept


def _older(id: ArticleId, articles: Found, corrects: Mapping[ArticleId, ArticleId]) -> tuple[ArticleId, ...]:
    """What it corrects, what that corrected, and so on."""
    before = articles[id][0].corrects
    if not before:
        return ()
    older = [before]
    while 0 < (before := corrects.get(before, 0)) < older[-1]:
        older.append(before)
    return tuple(older)


def _drop_corrected(brought: Brought, older: Mapping[ArticleId, tuple[ArticleId, ...]]) -> Brought:
    """An article and what corrects it are one: the newest stays, with the queries of all; none if the reader had it, here or in
    another paper."""
    newest = {old: id for id in sorted(older) for old in older[id]}
    kept = dict(brought)
    for id in sorted(brought):
        if id in newest:
            queries = kept.pop(id)
            if newest[id] in kept:
                kept[newest[id]] = _both(queries, kept[newest[id]])
    return kept


def _both(some: tuple[QueryId, ...], more: tuple[QueryId, ...]) -> tuple[QueryId, ...]:
    return tuple(dict.fromkeys((*some, *more)))


def _newest_first(brought: Brought, articles: Found) -> dict[IssueId, int]:
    """Issue -> its rank, 0 the newest. The store numbers articles as they come, so the largest number is the newest."""
    issues = dict.fromkeys(articles[id][1] for id in sorted(brought, reverse=True))
    return {issue: rank for rank, issue in enumerate(issues)}


def _groups(
    order: Sequence[Subscription], brought: Brought, articles: Found, newest: Mapping[IssueId, int]
) -> Iterator[DigestGroup]:
    def rank(item: DigestItem) -> tuple[int, float, int, ArticleId]:
        article, issue = articles[item.article_id]
        return newest[issue], -article.prominence, article.order, item.article_id

    place = {held.query_id: n for n, held in enumerate(order)}
    groups: dict[int, list[DigestItem]] = {}
    for article, queries in brought.items():
        queries = tuple(sorted(queries, key=place.__getitem__))
        groups.setdefault(place[queries[0]], []).append(DigestItem(article, queries))
    for n, items in sorted(groups.items()):
        yield DigestGroup(heading_of(order[n].query), tuple(sorted(items, key=rank)))


def _with_what_they_stand_for(
    group: DigestGroup,
    articles: Found,
    older: Mapping[ArticleId, tuple[ArticleId, ...]],
    reprints: Mapping[ArticleId, ArticleId],
    had: frozenset[ArticleId],
) -> DigestGroup:
    """So that neither an outdated text comes after its correction, also where it had been printed before, nor one more reprint
    of what was itself a reprint."""

    def told(item: DigestItem) -> DigestItem:
        before = older[item.article_id]
        numbers = (*before, *(reprints.get(one, 0) for one in before), articles[item.article_id][0].reprint_of)
        return replace(item, stands_for=tuple(n for n in dict.fromkeys(numbers) if n and n not in had))

    return replace(group, items=tuple(map(told, group.items)))
