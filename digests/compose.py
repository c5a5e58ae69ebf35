"""From stored hits to deliveries in the outbox: whose slot has come, what they have not had, one atomic step each.

Thin pipelines over the deciders of build. A crash repeats a step: the id of a delivery follows from the subscriber's
revision, so composing twice stores once.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from digests.build import advance_cursors, build_digest
from digests.corrections import live
from digests.pipeline import as_document
from digests.ports import HitStore, IssueStore, Outbox
from digests.reading_once import ReadOnce
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
NO_ALIASES = AliasTable()

Look = tuple[dict[QueryId, list[Hit]], frozenset[ArticleId], frozenset[ArticleId]]
"""Hits behind the cursors; articles that are owed; articles that they had."""
ReadIssues = Callable[[], Awaitable[Sequence[Issue]]]


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


async def compose_due(
    stores: Stores, now: datetime, limit: int = 200, answer: Answer | None = None, aliases: AliasTable = NO_ALIASES
) -> list[Composed]:
    """Compose for at most `limit` subscribers whose slot has come; an empty list: nobody is due. Many at a time, so that they share
    round trips; where one fails the others are composed all the same, and then its error is raised."""
    ids = await stores.subscribers.claim_due(now, limit, LEASE)
    room, read = asyncio.Semaphore(AT_ONCE), ReadOnce(stores.issues)

    async def one(id: SubscriberId) -> Composed:
        async with room:
            return await compose_for(stores, id, now, answer=answer, aliases=aliases, read=read)

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
    answer: Answer | None = None,
    aliases: AliasTable = NO_ALIASES,
    read: ReadOnce | None = None,
) -> Composed:
    """What is new for one subscriber, queued: of the subscriptions whose cadence is due, the others wait; where they asked for it, of
    all of them, whatever the hour. `aliases`: those in force. `read`: what others share."""
    answered, read = False, read or ReadOnce(stores.issues)
    for _ in range(ATTEMPTS):
        before = await stores.subscribers.find_subscriber(id, texts=False)
        if before is None or (before.paused and not before.asked):
            return Composed(id, None)
        quiet = None if before.asked else quiet_until(before.settings.quiet, before.settings.timezone, now)
        if quiet is not None:
            # What comes late, after an outage, keeps its slot until the quiet hours end.
            if await stores.outbox.compose(before, before, due=quiet, had=(), delivery=None):
                return Composed(id, None)
            continue
        due_now = before.subscriptions if before.asked else due_subscriptions(before, now)
        look, reader = await asyncio.gather(_look(stores, id, due_now), _told(stores, before))
        turn = _with_only(reader, due_now)
        digest, corrects = await _digest(stores, turn, look, now, aliases, read)
        if digest is not None and corrects and answer is not None:
            whole, digest = digest, await answer(reader, digest)
            answered = answered or digest is not whole
        given, with_it = (digest.given(), digest.stood_for()) if digest else ((), ())
        delivery = _delivery(turn, digest, now, answered)
        after = replace(_after(advance_cursors(reader, look[0]), turn), served=now.replace(microsecond=0), asked=False)
        due = subscriber_due(reader, now)
        if await stores.outbox.compose(
            reader, after, due=due, had=given, stood_for=with_it, delivery=delivery, first=reader.asked
        ):
            return Composed(id, delivery, answered, reader.settings.suggest)
    raise ConflictError(id)


async def is_waiting(stores: Stores, reader: Subscriber) -> bool:
    """Whether there may be something new for them, whatever the hour. Only composing tells what was reprinted."""
    hits, owed, had = await _look(stores, reader.id, reader.subscriptions)
    return bool((_numbers(hits) | _waiting(reader)) - had or owed)


def _numbers(hits: Mapping[QueryId, Sequence[Hit]]) -> set[ArticleId]:
    return {hit.article_id for some in hits.values() for hit in some}


def _waiting(subscriber: Subscriber) -> set[ArticleId]:
    return {article for held in subscriber.subscriptions for article in held.waiting}


async def _look(stores: Stores, id: SubscriberId, held: Sequence[Subscription]) -> Look:
    return await asyncio.gather(
        stores.hits.hits_after({one.query_id: one.cursor for one in held}, HITS_PER_QUERY),
        stores.outbox.owed(id),
        stores.outbox.had(id),
    )


def _delivery(subscriber: Subscriber, digest: Digest | None, now: datetime, told: bool) -> Delivery | None:
    """`told`: the reader hears of this turn otherwise. Who asked hears of it in any case, a channel's readers did not ask."""
    id = delivery_id(subscriber.id, subscriber.created.timestamp(), subscriber.rev)
    if digest is not None:
        return Delivery(id, subscriber.id, "digest", now, digest=digest)
    slot = any(cadence_of(subscriber, held).kind != "instant" for held in subscriber.subscriptions)
    asked = subscriber.asked and subscriber.chat_kind != "channel"
    tells = (asked or (subscriber.settings.nothing_today and slot)) and not told
    return Delivery(id, subscriber.id, "notice", now, html=NOTHING) if tells else None


TEXT_KEY = "@"
"""A notice that begins so names a text; its words are chosen when it is sent, in the reader's language."""
NOTHING = f"{TEXT_KEY}digest-nothing"


async def _digest(
    stores: Stores,
    turn: Subscriber,
    look: Look,
    now: datetime,
    aliases: AliasTable,
    read: ReadOnce,
) -> tuple[Digest | None, bool]:
    """And whether anything in it corrects another article. `turn`: the reader with those subscriptions that are due."""
    hits, owed, had = look
    back = owed | _waiting(turn)
    if not back and not hits:
        return None, False
    pairs = [(held.query_id, article) for held in turn.subscriptions for article in sorted(owed | set(held.waiting))]
    issues, proven = await asyncio.gather(read.of(sorted(_numbers(hits) | back)), stores.hits.get_matches(pairs))
    more = [(query, hit) for (query, _), hit in proven.items()]
    more += await _tried(stores, turn, issues, proven, aliases)
    found = _joined(hits, more)
    wanted = _numbers(found)
    articles = {one.id: (one, issue.id) for issue in issues for one in issue.articles if one.id in wanted}
    totals = {issue.id: len(live(issue.articles)) for issue in issues}
    digest = build_digest(turn, found, articles, had, now, totals, _reprints(issues), _corrects(issues))
    items = digest.items() if digest else ()
    return digest, any(articles[item.article_id][0].corrects for item in items)


async def _tried(
    stores: Stores,
    turn: Subscriber,
    issues: Sequence[Issue],
    known: Mapping[tuple[QueryId, ArticleId], Hit],
    aliases: AliasTable,
) -> list[tuple[QueryId, Hit]]:
    """Of what waited for an earlier wording, what the present one wants; the proofs are kept, beside those that are `known`."""
    worded = [(held, set(held.waiting), parse_query(held.query)) for held in turn.subscriptions if held.waiting]
    hits = []
    printed = [(one, issue.publication) for issue in issues for one in issue.articles] if worded else []
    for article, publication in printed:
        for held, waiting, query in worded:
            if article.id in waiting and (held.query_id, article.id) not in known:
                match = evaluate(query, as_document(article, publication), aliases)
                if match is not None:
                    hits.append((held.query_id, Hit(article.id, 0, match)))
    await asyncio.gather(*(stores.hits.add_hits(hit.article_id, [hit.match], past=True) for _, hit in hits))
    return hits


async def _told(stores: Stores, subscriber: Subscriber) -> Subscriber:
    """With the texts of its queries, which it may have been read without."""
    missing = [held.query_id for held in subscriber.subscriptions if not held.query]
    return subscriber.told(await stores.subscribers.get_queries(missing))


def _after(subscriber: Subscriber, turn: Subscriber) -> Subscriber:
    """What waited for the subscriptions of `turn` has been tried."""
    tried = {held.query_id for held in turn.subscriptions}
    held = (replace(one, waiting=()) if one.query_id in tried else one for one in subscriber.subscriptions)
    return replace(subscriber, subscriptions=tuple(held))


def _with_only(subscriber: Subscriber, held: Sequence[Subscription]) -> Subscriber:
    wanted = {one.query_id for one in held}
    left = tuple(one for one in subscriber.subscriptions if one.query_id in wanted)
    return replace(subscriber, subscriptions=left)


def _joined(hits: Mapping[QueryId, list[Hit]], more: Iterable[tuple[QueryId, Hit]]) -> dict[QueryId, list[Hit]]:
    joined = {query: list(found) for query, found in hits.items()}
    for query, hit in more:
        joined.setdefault(query, []).append(hit)
    return joined


async def waiting_for(stores: Stores, subscriber: Subscriber, held: Subscription) -> tuple[ArticleId, ...]:
    """What waits for `held`, by its hits or since an earlier wording, or is owed: for another wording of it to be tried on. Also what
    they had by another subscription: that is known by then, where the new wording still is in this place."""
    hits, owed = await asyncio.gather(
        stores.hits.hits_after({held.query_id: held.cursor}, HITS_PER_QUERY), stores.outbox.owed(subscriber.id)
    )
    return tuple(sorted({*_numbers(hits), *held.waiting, *owed}))


async def carry_to(stores: Stores, old: SubscriberId, new: SubscriberId, query: QueryId) -> None:
    """What `old` is owed for the query is owed to `new`, to whom the subscription went."""
    owed = await stores.outbox.owed(old)
    found = await stores.hits.get_matches([(query, article) for article in sorted(owed)]) if owed else {}
    await stores.outbox.give_back(new, [article for _, article in found])


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
    return await _compose_whole(stores, subscriber, partial(_find_issues, stores, list(issues)), aliases, now, batch)


async def compose_newest(
    stores: Stores, subscriber: Subscriber, issues: int, aliases: AliasTable, now: datetime
) -> Delivery | None:
    """The same of so many of the newest issues."""
    return await _compose_whole(stores, subscriber, partial(stores.issues.newest_issues, issues), aliases, now, None)


async def _compose_whole(
    stores: Stores, subscriber: Subscriber, read: ReadIssues, aliases: AliasTable, now: datetime, batch: Batch | None
) -> Delivery | None:
    for _ in range(ATTEMPTS):
        digest = await _digest_whole(stores, subscriber, read, aliases, now)
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
        given, with_it, asked = digest.given(), digest.stood_for(), batch is None
        if await stores.outbox.compose(
            subscriber, subscriber, due=due, had=given, stood_for=with_it, delivery=delivery, first=asked
        ):
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
    return await _digest_whole(stores, subscriber, partial(_find_issues, stores, list(issues)), aliases, now)


async def _find_issues(stores: Stores, ids: Sequence[IssueId]) -> list[Issue]:
    found = await asyncio.gather(*(stores.issues.find_issue(id) for id in ids))
    return [issue for issue in found if issue is not None]


async def _digest_whole(
    stores: Stores, subscriber: Subscriber, read: ReadIssues, aliases: AliasTable, now: datetime
) -> Digest | None:
    issues, had, subscriber = await asyncio.gather(read(), stores.outbox.had(subscriber.id), _told(stores, subscriber))
    articles: dict[ArticleId, tuple[Article, IssueId]] = {}
    hits: dict[QueryId, list[Hit]] = {}
    totals: dict[IssueId, int] = {}
    reprints: dict[ArticleId, ArticleId] = {}
    corrects: dict[ArticleId, ArticleId] = {}
    queries = [(s.query_id, parse_query(s.query)) for s in subscriber.subscriptions]
    for issue in issues:
        current = live(issue.articles)
        totals[issue.id] = len(current)
        reprints |= _reprints([issue])
        corrects |= _corrects([issue])
        for article in current:
            document = as_document(article, issue.publication)
            articles[article.id] = (article, issue.id)
            for id, query in queries:
                match = evaluate(query, document, aliases)
                if match is not None:
                    hits.setdefault(id, []).append(Hit(article.id, article.id, match))
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
