"""From stored hits to deliveries in the outbox: whose slot has come, what they have not had, one atomic step each.

Thin pipelines over the deciders of build. A crash repeats a step: the id of a delivery follows from the subscriber's
revision, so composing twice stores once.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digests.build import advance_cursors, build_digest
from digests.corrections import live
from digests.pipeline import as_document
from digests.ports import HitStore, IssueStore, Outbox
from digests.types import Article, ArticleId, Batch, Delivery, Digest, Hit, Issue, IssueId
from subscriptions import (
    AliasTable,
    ConflictError,
    QueryId,
    Subscriber,
    SubscriberId,
    SubscriberStore,
    Subscription,
    cadence_of,
    due_after,
    due_subscriptions,
    evaluate,
    parse_query,
    quiet_until,
    subscriber_due,
)

LEASE = timedelta(minutes=2)
AT_ONCE = 32
"""Readers composed for at the same time."""
HITS_PER_QUERY = 1000
ATTEMPTS = 5

Found = Mapping[ArticleId, tuple[Article, IssueId]]


@dataclass(frozen=True, slots=True)
class Stores:
    """The ports that composing needs."""

    subscribers: SubscriberStore
    issues: IssueStore
    hits: HitStore
    outbox: Outbox


@dataclass(frozen=True, slots=True)
class Composed:
    """One subscriber's turn: the delivery that was queued, or None; `answered`: something was queued beside it; `suggest`: they
    asked for suggestions of words."""

    subscriber: SubscriberId
    delivery: Delivery | None
    answered: bool = False
    suggest: bool = False


def delivery_id(*parts: object) -> str:
    """16 hex digits that follow from `parts` alone."""
    return hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=8).hexdigest()


Answer = Callable[[Subscriber, Digest], Awaitable[Digest | None]]
"""Queues what is told otherwise than in the digest, and answers what is left of that, the same where nothing was queued."""


async def compose_due(stores: Stores, now: datetime, limit: int = 200, answer: Answer | None = None) -> list[Composed]:
    """Compose for at most `limit` subscribers whose slot has come; an empty list: nobody is due. Many at a time, so that they share
    round trips; where one fails the others are composed all the same, and then its error is raised."""
    ids = await stores.subscribers.claim_due(now, limit, LEASE)
    room = asyncio.Semaphore(AT_ONCE)

    async def one(id: SubscriberId) -> Composed:
        async with room:
            return await compose_for(stores, id, now, answer=answer)

    turns = await asyncio.gather(*(one(id) for id in ids), return_exceptions=True)
    for turn in turns:
        if isinstance(turn, BaseException):
            raise turn
    return [turn for turn in turns if isinstance(turn, Composed)]


async def compose_for(
    stores: Stores,
    id: SubscriberId,
    now: datetime,
    *,
    asked: bool = False,
    answer: Answer | None = None,
    known: Subscriber | None = None,
) -> Composed:
    """What is new for one subscriber, queued: of the subscriptions whose cadence is due, the others wait. `asked`: the reader wants
    all of it now, so quiet stays quiet. `known`: the value as it was just read."""
    answered = False
    for _ in range(ATTEMPTS):
        before, known = known or await stores.subscribers.find_subscriber(id), None
        if before is None or (before.paused and not asked):
            return Composed(id, None)
        quiet = None if asked else quiet_until(before.settings.quiet, before.settings.timezone, now)
        if quiet is not None:
            # What comes late, after an outage, keeps its slot until the quiet hours end.
            if await stores.outbox.compose(before, before, due=quiet, had=(), delivery=None):
                return Composed(id, None)
            continue
        turn = before if asked else replace(before, subscriptions=due_subscriptions(before, now))
        cursors = {s.query_id: s.cursor for s in turn.subscriptions}
        hits, owed, had = await asyncio.gather(
            stores.hits.hits_after(cursors, HITS_PER_QUERY), _owed_hits(stores, turn), stores.outbox.had(id)
        )
        digest, corrects = await _digest(stores, turn, _joined(hits, owed), had, now)
        if digest is not None and corrects and answer is not None:
            whole, digest = digest, await answer(before, digest)
            answered = answered or digest is not whole
        given = digest.given() if digest else ()
        delivery = _delivery(turn, digest, now, asked or answered)
        after = replace(advance_cursors(before, hits), served=now.replace(microsecond=0))
        due = subscriber_due(before, now)
        if await stores.outbox.compose(before, after, due=due, had=given, delivery=delivery):
            return Composed(id, delivery, answered, before.settings.suggest)
    raise ConflictError(id)


def _delivery(subscriber: Subscriber, digest: Digest | None, now: datetime, told: bool) -> Delivery | None:
    """`told`: the reader hears of this turn otherwise."""
    id = delivery_id(subscriber.id, subscriber.created.timestamp(), subscriber.rev)
    if digest is not None:
        return Delivery(id, subscriber.id, "digest", now, digest=digest)
    slot = any(cadence_of(subscriber, held).kind != "instant" for held in subscriber.subscriptions)
    quiet = subscriber.settings.nothing_today and slot and not told
    return Delivery(id, subscriber.id, "notice", now, html=NOTHING) if quiet else None


TEXT_KEY = "@"
"""A notice that begins so names a text; its words are chosen when it is sent, in the reader's language."""
NOTHING = f"{TEXT_KEY}digest-nothing"


async def _digest(
    stores: Stores,
    subscriber: Subscriber,
    found: Mapping[QueryId, list[Hit]],
    had: frozenset[ArticleId],
    now: datetime,
) -> tuple[Digest | None, bool]:
    """And whether anything in it corrects another article."""
    ids = sorted({hit.article_id for some in found.values() for hit in some})
    if not ids:
        return None, False
    articles = await stores.issues.get_articles(ids)
    issues = await _issues(stores, articles)
    totals = {issue.id: len(live(issue.articles)) for issue in issues}
    digest = build_digest(subscriber, found, articles, had, now, totals, _reprints(issues), _corrects(issues))
    items = digest.items() if digest else ()
    return digest, any(articles[item.article_id][0].corrects for item in items)


async def _owed_hits(stores: Stores, subscriber: Subscriber) -> list[tuple[QueryId, Hit]]:
    """Hits of articles that were given back: behind the cursors, yet not had."""
    owed = await stores.outbox.owed(subscriber.id)
    if not owed:
        return []
    pairs = [(held.query_id, article) for held in subscriber.subscriptions for article in sorted(owed)]
    return [(query, hit) for (query, _), hit in (await stores.hits.get_matches(pairs)).items()]


def _joined(hits: Mapping[QueryId, list[Hit]], more: Iterable[tuple[QueryId, Hit]]) -> dict[QueryId, list[Hit]]:
    joined = {query: list(found) for query, found in hits.items()}
    for query, hit in more:
        joined.setdefault(query, []).append(hit)
    return joined


async def carry_over(
    stores: Stores, subscriber: SubscriberId, held: Subscription, query: str, aliases: AliasTable
) -> None:
    """What waits for `held` and matches `query` is owed to this subscriber. Others who hold that query notice nothing."""
    waiting, had, owed = await asyncio.gather(
        stores.hits.hits_after({held.query_id: held.cursor}, HITS_PER_QUERY),
        stores.outbox.had(subscriber),
        stores.outbox.owed(subscriber),
    )
    numbers = {hit.article_id for hit in waiting.get(held.query_id, ())} - had | owed
    if not numbers:
        return
    parsed = parse_query(query)
    articles = await stores.issues.get_articles(sorted(numbers))
    papers = await stores.issues.get_summaries(sorted({issue for _, issue in articles.values()}))
    matching = {}
    for number, (article, issue) in articles.items():
        match = evaluate(parsed, as_document(article, papers[issue].publication), aliases)
        if match is not None and (number in owed or article.reprint_of not in had):
            matching[number] = match
    proofs = [stores.hits.add_hits(number, [match], past=True) for number, match in matching.items()]
    await asyncio.gather(*proofs, stores.outbox.give_back(subscriber, matching))


async def carry_to(stores: Stores, old: SubscriberId, new: SubscriberId, query: QueryId) -> None:
    """What `old` is owed for the query is owed to `new`, to whom the subscription went."""
    owed = await stores.outbox.owed(old)
    found = await stores.hits.get_matches([(query, article) for article in sorted(owed)]) if owed else {}
    await stores.outbox.give_back(new, [article for _, article in found])


async def _issues(stores: Stores, articles: Found) -> list[Issue]:
    ids = dict.fromkeys(issue for _, issue in articles.values())
    found = await asyncio.gather(*(stores.issues.find_issue(id) for id in ids))
    return [issue for issue in found if issue is not None]


def _reprints(issues: Iterable[Issue]) -> dict[ArticleId, ArticleId]:
    return {article.id: article.reprint_of for issue in issues for article in issue.articles if article.reprint_of}


def _corrects(issues: Iterable[Issue]) -> dict[ArticleId, ArticleId]:
    return {article.id: article.corrects for issue in issues for article in issue.articles if article.corrects}


async def compose_issue(
    stores: Stores,
    subscriber: Subscriber,
    issues: Iterable[IssueId],
    aliases: AliasTable,
    now: datetime,
    *,
    batch: Batch | None = None,
) -> Delivery | None:
    """A digest of whole issues for one subscriber, whatever the age of the subscriptions; never an article twice. `batch`: the push
    that it belongs to.

    The cursors stay: what was given here is remembered article by article. So does a slot that has passed and waits to be served.
    """
    for _ in range(ATTEMPTS):
        digest = await issue_digest(stores, subscriber, issues, aliases, now)
        if digest is None:
            return None
        token = batch.id if batch else f"asked {subscriber.rev}"
        delivery = Delivery(
            delivery_id(subscriber.id, subscriber.created.timestamp(), token),
            subscriber.id,
            "push" if batch else "digest",
            now,
            digest=digest,
            batch=batch.id if batch else "",
            once=batch is not None and batch.once,
        )
        due = due_after(subscriber, subscriber, now)
        if await stores.outbox.compose(subscriber, subscriber, due=due, had=digest.given(), delivery=delivery):
            return delivery
        again = await stores.subscribers.find_subscriber(subscriber.id)
        if again is None:
            return None
        subscriber = again
    raise ConflictError(subscriber.id)


async def issue_digest(
    stores: Stores, subscriber: Subscriber, issues: Iterable[IssueId], aliases: AliasTable, now: datetime
) -> Digest | None:
    """What `subscriber` has not had of `issues`, tried afresh against their queries; nothing is stored."""
    articles: dict[ArticleId, tuple[Article, IssueId]] = {}
    hits: dict[QueryId, list[Hit]] = {}
    totals: dict[IssueId, int] = {}
    reprints: dict[ArticleId, ArticleId] = {}
    corrects: dict[ArticleId, ArticleId] = {}
    queries = [(s.query_id, parse_query(s.query)) for s in subscriber.subscriptions]
    wanted = list(issues)
    found = await asyncio.gather(*(stores.issues.find_issue(id) for id in wanted))
    for issue_id, issue in zip(wanted, found, strict=True):
        if issue is None:
            continue
        current = live(issue.articles)
        totals[issue_id] = len(current)
        reprints |= _reprints([issue])
        corrects |= _corrects([issue])
        for article in current:
            document = as_document(article, issue.publication)
            articles[article.id] = (article, issue_id)
            for id, query in queries:
                match = evaluate(query, document, aliases)
                if match is not None:
                    hits.setdefault(id, []).append(Hit(article.id, article.id, match))
    had = await stores.outbox.had(subscriber.id)
    return build_digest(subscriber, hits, articles, had, now, totals, reprints, corrects)


async def audience(stores: Stores, issue: IssueId) -> set[SubscriberId]:
    """Subscribers that hold a query which matched an article of the issue."""
    found = await stores.issues.find_issue(issue)
    if found is None:
        return set()
    by_article = await stores.hits.queries_of([article.id for article in found.articles])
    readers: set[SubscriberId] = set()
    for query in {query for queries in by_article.values() for query in queries}:
        readers.update([id async for id in stores.subscribers.iter_readers(query)])
    return readers
