"""The comparison at the end: what the Bot API took, against what every reader should have got, and what the store says of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from chaos import Told
from fleet_kit import MARKER, judge
from redis.asyncio import Redis, RedisCluster

from bot.connect_redis import connect
from digests.codec import unpack_delivery
from digests.hits_redis import RedisHitStore
from digests.issues_redis import RedisIssueStore
from digests.types import ArticleId
from subscriptions import chat_shard, chat_tag, parse_query, query_id

WINDOW = 6.0
"""Seconds before a loss of the store's last second at which a message may have left that the store then knew nothing of: the second
itself, and what it takes a message from the claim to its settlement."""

Record = list[tuple[int, str, float]]


@dataclass(frozen=True)
class Report:
    """Pairs of (chat, number), and chats. `tried_again`: doubled, and the ledger has as many attempts; `store_lost`: doubled where the store had
    lost its last second; `bare`: doubled for no reason on record."""

    messages: int
    lost: list[tuple[int, int]]
    doubled: int
    tried_again: int
    store_lost: int
    bare: list[tuple[int, int]]
    disordered: list[int]

    @property
    def passed(self) -> bool:
        return not (self.lost or self.bare or self.disordered)


async def compare(url: str, record: Record, chats: range, numbers: range, query: str, told: Told) -> Report:
    client = await connect(url)
    try:
        articles = await matched(client, query)
        verdict = judge(record, chats, numbers)
        tried_again, store_lost, bare = 0, 0, list[tuple[int, int]]()
        first = first_moments(record)
        for (chat, number), times in verdict.doubled.items():
            if await attempts(client, chat, number, articles) > times:
                tried_again += times
            elif near_loss(first[chat][number], told):
                store_lost += times
            else:
                bare.append((chat, number))
    finally:
        await client.aclose()
    wrong = [chat for chat in first if disordered(first[chat], list(articles.values()), told)]
    doubled = sum(verdict.doubled.values())
    return Report(len(record), verdict.lost, doubled, tried_again, store_lost, bare, wrong)


async def matched(client: Redis | RedisCluster, query: str) -> dict[ArticleId, int]:
    """The articles' numbers in the order in which they were matched, which need not be that of the papers' dates."""
    hits = await RedisHitStore(client).newest_hits(query_id(parse_query(query)), 1000)
    articles = await RedisIssueStore(client).get_articles([hit.article_id for hit in hits])
    in_order = [hit.article_id for hit in sorted(hits, key=lambda hit: hit.seq) if hit.article_id in articles]
    return {id: int(found[1]) for id in in_order if (found := MARKER.search(articles[id][0].title))}


async def attempts(client: Redis | RedisCluster, chat: int, number: int, articles: dict[ArticleId, int]) -> int:
    """How often what carries that number was claimed for a chat, by the ledger."""
    key = f"{chat_tag(chat_shard(str(chat)))}:d:{chat}"
    deliveries = [unpack_delivery(value) for value in await client.hvals(key)]
    return sum(
        one.attempts
        for one in deliveries
        if one.digest and any(articles.get(item.article_id) == number for item in one.digest.items())
    )


def first_moments(record: Record) -> dict[int, dict[int, float]]:
    """For each chat when it got each number first, in the order in which that was."""
    first: dict[int, dict[int, float]] = {}
    for chat, text, at in record:
        for number in sorted({int(found) for found in MARKER.findall(text)}):
            first.setdefault(chat, {}).setdefault(number, at)
    return first


def near_loss(at: float, told: Told) -> bool:
    return any(-1 <= loss - at <= WINDOW for loss in told.losses)


def disordered(first: dict[int, float], order: list[int], told: Told) -> bool:
    """Whether something came before what was matched before it: in another message, and not because the store had forgotten it."""
    place = {number: at for at, number in enumerate(order)}
    return any(
        place.get(one, 0) > place.get(other, 0)
        and first[one] < first[other]
        and not near_loss(first[one], told)
        and not near_loss(first[other], told)
        for one, other in pairwise(first)
    )
