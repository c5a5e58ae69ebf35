"""A corrected article finds its way to those who have read the wrong one: the message that carries it is edited.

Only what was sent within two days is edited: later nobody looks at it any more, and the correction comes with the reader's next
digest, marked as one. Whoever gets the edit does not get the article once more.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

from digests.batches import is_recallable
from digests.compose import Stores, delivery_id
from digests.ports import FollowUps
from digests.types import Article, ArticleId, Delivery, Digest
from subscriptions import SubscriberId

PORTION = 500


async def correct(stores: Stores, follow_ups: FollowUps, article: Article, now: datetime) -> int:
    """Queue an edit for each message that carries what `article` corrects; answers how many. Called before the article is
    matched. Repeatable: the ids follow from message and article."""
    readers, queued = await _readers(stores, article.corrects), 0
    for start in range(0, len(readers), PORTION):
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
    return Delivery(id, sent.subscriber, "correction", now, digest=digest, edits=sent.sent[:1], news=(article.id,))


def with_article(digest: Digest, article: Article) -> Digest:
    groups = tuple(
        replace(group, items=tuple(
            replace(item, article_id=article.id) if item.article_id == article.corrects else item for item in group.items
        ))
        for group in digest.groups
    )  # fmt: skip
    return replace(digest, groups=groups)
