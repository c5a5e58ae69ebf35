"""A corrected article finds its way to those who have read the wrong one: the message that carries it is edited.

Only what was sent within two days is edited. Of what is older, gone, or not to be edited, the correction comes in the reader's next
slot: as an answer to the message that carries it, which says what it said and what is right, where that is a figure, a name or a
title; else with the digest, marked as one. Whoever gets the edit or the answer does not get the article once more.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from digests.batches import is_recallable
from digests.changes import changes
from digests.compose import Stores, delivery_id
from digests.corrections import live
from digests.pipeline import Alive
from digests.ports import FollowUps
from digests.types import Article, ArticleId, Delivery, Digest, DigestGroup, DigestItem
from subscriptions import Subscriber, SubscriberId

PORTION = 500


async def correct(stores: Stores, follow_ups: FollowUps, article: Article, now: datetime, alive: Alive) -> int:
    """Queue an edit for each message that carries what `article` corrects; answers how many. Called before the article is
    matched; calls `alive` before each portion of readers. Repeatable: the ids follow from message and article."""
    readers, queued = await _readers(stores, article.corrects), 0
    for start in range(0, len(readers), PORTION):
        await alive()
        here = await stores.subscribers.get_subscribers(readers[start : start + PORTION])
        edits = (_correct(follow_ups, reader.id, article, now) for reader in here if reader.paused is None)
        queued += sum(await asyncio.gather(*edits))
    return queued


async def _readers(stores: Stores, article: ArticleId) -> list[SubscriberId]:
    """Everybody who may have had the article: holders of the queries that it matched."""
    found: set[SubscriberId] = set()
    for query in (await stores.hits.queries_of([article])).get(article, ()):
        found.update([id async for id in stores.subscribers.iter_readers(query)])
    return sorted(found)


async def _correct(follow_ups: FollowUps, reader: SubscriberId, article: Article, now: datetime) -> bool:
    """The newest message alone: an older one has been made that already, or is edited no more."""
    sent = [d for d in await follow_ups.carrying(reader, article.corrects) if d.sent and is_recallable(d.settled, now)]
    if not sent:
        return False
    newest = max(sent, key=lambda delivery: delivery.settled or now)
    return await follow_ups.follow_up(corrected(newest, article, now), now)


def corrected(sent: Delivery, article: Article, now: datetime) -> Delivery:
    """What makes of the first message of `sent` one with `article` in the place of what that corrects."""
    id = delivery_id(sent.subscriber, sent.id, article.id)
    digest = with_article(sent.digest, article) if sent.digest else None
    edits, news = sent.sent[:1], (article.id,)
    return Delivery(id, sent.subscriber, "correction", now, digest=digest, edits=edits, news=news, replies=sent.replies)


async def answer(
    stores: Stores, follow_ups: FollowUps, reader: Subscriber, digest: Digest, now: datetime
) -> Digest | None:
    """The reader's new digest without what is told as answers to messages, which are queued; None: nothing else is in it.
    Repeatable: the ids follow from the reader's revision, and what is queued counts as given."""
    carried: defaultdict[str, list[DigestItem]] = defaultdict(list)
    carrying: dict[str, Delivery] = {}
    for item, corrects in await _worth_telling(stores, digest):
        sent = [d for d in await follow_ups.carrying(reader.id, corrects) if d.sent]
        if sent:
            newest = max(sent, key=lambda delivery: delivery.settled or now)
            carried[newest.id].append(item)
            carrying[newest.id] = newest
    for id, items in carried.items():
        await follow_ups.follow_up(answering(carrying[id], reader, digest, tuple(items), now), now)
    told = [item for items in carried.values() for item in items]
    return await _without(stores, digest, told) if told else digest


async def _worth_telling(stores: Stores, digest: Digest) -> list[tuple[DigestItem, ArticleId]]:
    """Corrections of the digest by which a figure, a name or a title is another, and what they correct."""
    found = await stores.issues.get_articles([item.article_id for item in digest.items()])
    corrects = [article.corrects for article, _ in found.values() if article.corrects]
    were = await stores.issues.get_articles(corrects)
    pairs = [(item, found[item.article_id][0]) for item in digest.items() if item.article_id in found]
    return [
        (item, article.corrects)
        for item, article in pairs
        if article.corrects in were and changes(were[article.corrects][0], article)
    ]


def answering(
    sent: Delivery, reader: Subscriber, digest: Digest, items: tuple[DigestItem, ...], now: datetime
) -> Delivery:
    """What tells of the corrections `items` below the first message of `sent`."""
    told = replace(digest, groups=(DigestGroup("", items),))
    news = tuple(item.article_id for item in items)
    id = delivery_id(reader.id, reader.rev, sent.id, *news)
    return Delivery(id, reader.id, "correction", now, digest=told, replies=sent.sent[0], news=news)


async def _without(stores: Stores, digest: Digest, told: list[DigestItem]) -> Digest | None:
    """With the issues that are left in it, and how many articles these have."""
    kept = ((group, tuple(item for item in group.items if item not in told)) for group in digest.groups)
    groups = tuple(replace(group, items=items) for group, items in kept if items)
    if not groups:
        return None
    rest = replace(digest, groups=groups)
    found = await stores.issues.get_articles([item.article_id for item in rest.items()])
    named = {issue for _, issue in found.values()}
    gone = [await stores.issues.find_issue(id) for id in digest.issues if id not in named]
    total = digest.total - sum(len(live(issue.articles)) for issue in gone if issue)
    return replace(rest, issues=tuple(id for id in digest.issues if id in named), total=total)


def with_article(digest: Digest, article: Article) -> Digest:
    groups = tuple(
        replace(group, items=tuple(
            replace(item, article_id=article.id) if item.article_id == article.corrects else item for item in group.items
        ))
        for group in digest.groups
    )  # fmt: skip
    return replace(digest, groups=groups)
