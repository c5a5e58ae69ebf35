"""The comparison at the end: what the Bot API took, against what every reader should have got, and what the store says of it.

A message that came twice needs two attempts on record: in the ledger, or in the log of a server whose last moments were lost. Each
number that came must be in the ledger too, else this would look for the attempts in the wrong place and not know it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import pairwise

from chaos import Told
from fleet_kit import MARKER, judge
from redis.asyncio import Redis, RedisCluster
from servers import Image

from bot.connect_redis import connect
from digests.follow_ups_redis import RedisFollowUps
from digests.hits_redis import RedisHitStore
from digests.issues_redis import RedisIssueStore
from digests.outbox_redis import RedisOutbox
from digests.types import ArticleId, Delivery
from subscriptions import parse_query, query_id

WINDOW = 6.0
"""Seconds before a loss of the store's last second at which a message may have left that the store then knew nothing of, so that what
was matched before it came after it: the second itself, and what it takes a message from the claim to its settlement."""

Record = list[tuple[int, str, float]]
Pair = tuple[int, int]
"""Chat, number."""
Ledger = dict[Pair, list[Delivery]]


@dataclass(frozen=True)
class Report:
    """`tried_again`: doubled, and the ledger has as many attempts; `store_lost`: doubled, and attempts that the ledger lacks are in the log of
    a server whose last moments were lost; `bare`: doubled for no reason on record, and what is known of each; `unknown`: came, and is not in the ledger."""

    messages: int
    lost: list[Pair]
    doubled: int
    tried_again: int
    store_lost: int
    bare: dict[Pair, str]
    unknown: list[Pair]
    disordered: list[int]

    @property
    def passed(self) -> bool:
        return not (self.lost or self.bare or self.unknown or self.disordered)


async def compare(url: str, record: Record, chats: range, numbers: range, query: str, told: Told) -> Report:
    client = await connect(url)
    try:
        articles = await matched(client, query)
        ledger = await carried(client, first_moments(record), articles)
    finally:
        await client.aclose()
    verdict, first = judge(record, chats, numbers), first_moments(record)
    again = {pair for pair, times in verdict.doubled.items() if attempts(ledger[pair]) > times}
    rest = {pair: ledger[pair] for pair in verdict.doubled if pair not in again}
    forgotten = await lost_attempts(told, rest)
    bare = [pair for pair in rest if attempts(ledger[pair]) + forgotten[pair] <= verdict.doubled[pair]]
    return Report(
        messages=len(record),
        lost=verdict.lost,
        doubled=sum(verdict.doubled.values()),
        tried_again=sum(verdict.doubled[pair] for pair in again),
        store_lost=sum(verdict.doubled[pair] for pair in rest if pair not in bare),
        bare={pair: known_of(pair, ledger[pair], forgotten[pair], record, told) for pair in bare},
        unknown=[pair for pair, deliveries in ledger.items() if not deliveries],
        disordered=[chat for chat in first if disordered(first[chat], list(articles.values()), told)],
    )


async def matched(client: Redis | RedisCluster, query: str) -> dict[ArticleId, int]:
    """The articles' numbers in the order in which they were matched, which need not be that of the papers' dates."""
    hits = await RedisHitStore(client).newest_hits(query_id(parse_query(query)), 1000)
    articles = await RedisIssueStore(client).get_articles([hit.article_id for hit in hits])
    in_order = [hit.article_id for hit in sorted(hits, key=lambda hit: hit.seq) if hit.article_id in articles]
    return {id: int(found[1]) for id in in_order if (found := MARKER.search(articles[id][0].title))}


async def carried(
    client: Redis | RedisCluster, first: dict[int, dict[int, float]], articles: dict[ArticleId, int]
) -> Ledger:
    """Of everything that came, the deliveries that carry it by the ledger."""
    store, ids = RedisFollowUps(client), {number: id for id, number in articles.items()}
    pairs = [(chat, number) for chat, numbers in first.items() for number in numbers]
    found: Ledger = {}
    for some in (pairs[at : at + 200] for at in range(0, len(pairs), 200)):
        replies = await asyncio.gather(*(store.carrying(str(chat), ids.get(number, 0)) for chat, number in some))
        found |= zip(some, replies, strict=True)
    return found


def attempts(deliveries: Iterable[Delivery]) -> int:
    return sum(delivery.attempts for delivery in deliveries)


async def lost_attempts(told: Told, doubled: Ledger) -> dict[Pair, int]:
    """How many attempts at them were on record in a server that was killed, and not with whoever went on in its place."""
    lost = dict.fromkeys(doubled, 0)
    for loss in told.losses if doubled else ():
        async with AsyncExitStack() as stack:
            had, kept = [await opened(stack, image) for image in (loss.had, loss.kept)]
            for pair, deliveries in doubled.items():
                for one in deliveries:
                    lost[pair] += max(0, await known(had, one) - await known(kept, one))
    return lost


async def opened(stack: AsyncExitStack, image: Image) -> RedisOutbox:
    client = await connect(stack.enter_context(image.served()))
    stack.push_async_callback(client.aclose)
    return RedisOutbox(client)


async def known(outbox: RedisOutbox, delivery: Delivery) -> int:
    found = await outbox.find_delivery(delivery.id, delivery.subscriber)
    return 0 if found is None else found.attempts


def known_of(pair: Pair, deliveries: Sequence[Delivery], forgotten: int, record: Record, told: Told) -> str:
    """For whoever has to find out why."""
    chat, number = pair
    moments = [at - told.begun for to, text, at in record if to == chat and str(number) in MARKER.findall(text)]
    came = ", ".join(f"{at:.1f} s" for at in moments)
    ledger = "; ".join(f"{one.id} {one.state} {one.attempts} attempts, sent as {one.sent}" for one in deliveries)
    return f"came at {came}; ledger: {ledger or 'nothing'}; {forgotten} attempts lost"


def first_moments(record: Record) -> dict[int, dict[int, float]]:
    """For each chat when it got each number first, in the order in which that was."""
    first: dict[int, dict[int, float]] = {}
    for chat, text, at in record:
        for number in sorted({int(found) for found in MARKER.findall(text)}):
            first.setdefault(chat, {}).setdefault(number, at)
    return first


def near_loss(at: float, told: Told) -> bool:
    return any(-1 <= loss.at - at <= WINDOW for loss in told.losses)


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
