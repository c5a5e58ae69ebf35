"""Random commands: what the Redis stores answer is what the stores in memory answer. The seed is in the test's name."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from store_servers import Stores, memory

from digests.types import Article, Delivery, Issue
from subscriptions import Cadence, ConflictError, Match, Settings, Span, Subscriber, Subscription, query_id

START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
READERS = ["1", "17", "17:3", "2", "-1002", "-9:1"]
TEXTS = [f"q{n}" for n in range(6)]
IDS = {text: query_id(text) for text in TEXTS}
Command = Callable[[Stores], Awaitable[Any]]


class World:
    """Draws commands. `now` goes forward."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = START
        self.drawn = 0

    def command(self) -> tuple[str, Command]:
        self.now += timedelta(seconds=self.random.choice([0, 0, 1, 7.5, 60]))
        self.drawn += 1
        make = self.random.choice([getattr(self, name) for name in dir(type(self)) if name.startswith("do_")])
        return make.__name__, make()

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def when(self) -> datetime:
        return self.now + timedelta(seconds=self.random.randint(-50, 200))

    def some(self, items: list[Any]) -> list[Any]:
        return self.random.sample(items, self.random.randint(0, len(items)))

    def query(self) -> str:
        return IDS[self.pick(*TEXTS)]

    def reader(self) -> Subscriber:
        cadences = (None, Cadence("instant", ()), Cadence("weekly", (9,), 3))
        held = tuple(
            Subscription(IDS[t], t, self.random.randint(0, 9), START, self.pick(*cadences)) for t in self.some(TEXTS)
        )
        cadence = self.pick(Cadence(), Cadence("instant", ()))
        return Subscriber(self.pick(*READERS), Settings(cadence=cadence), START, held, self.pick(None, None, "reader"))

    def delivery(self) -> Delivery:
        id, batch = f"d{self.random.randint(0, 12)}", self.pick("", "b1", "b2")
        return Delivery(id, self.pick(*READERS), "notice", self.now, html=id, batch=batch)

    def do_put(self) -> Command:
        value, due, outdated = self.reader(), self.pick(None, self.when()), self.random.random() < 0.1

        async def run(stores: Stores) -> Any:
            there = await stores.subscribers.find_subscriber(value.id)
            rev = (there.rev if there else 0) + outdated
            return await stores.subscribers.put_subscriber(replace(value, rev=rev), due=due)

        return run

    def do_find(self) -> Command:
        ids = self.some(READERS)
        return lambda stores: stores.subscribers.get_subscribers(ids)

    def do_delete(self) -> Command:
        id = self.pick(*READERS)
        return lambda stores: stores.subscribers.delete_subscriber(id)

    def do_move_subscriber(self) -> Command:
        old, new = self.pick(*READERS), self.pick(*READERS)
        return lambda stores: stores.subscribers.move_subscriber(old, new)

    def do_list(self) -> Command:
        often = self.random.random() < 0.2

        async def run(stores: Stores) -> Any:
            if not often:
                return None
            everybody = [s async for s in stores.subscribers.iter_subscribers()]
            return sorted(everybody, key=lambda s: s.id), await stores.subscribers.count_subscribers()

        return run

    def do_readers(self) -> Command:
        query = self.query()

        async def run(stores: Stores) -> Any:
            return sorted([id async for id in stores.subscribers.iter_readers(query)])

        return run

    def do_wake(self) -> Command:
        queries, now = self.some(list(IDS.values())), self.now
        return lambda stores: stores.subscribers.make_due(queries, now)

    def do_claim_due(self) -> Command:
        now, limit, lease = self.now, self.random.randint(0, 4), timedelta(seconds=30)
        return lambda stores: stores.subscribers.claim_due(now, limit, lease)

    def do_hits(self) -> Command:
        article, queries = self.random.randint(1, 8), self.some(list(IDS.values()))
        matches = [Match(q, {"词": (Span("body", self.random.randint(0, 9), 10),)}) for q in queries]
        return lambda stores: stores.hits.add_hits(article, matches)

    def do_hits_after(self) -> Command:
        text, back, limit = self.pick(*TEXTS), self.random.randint(1, 9), self.random.randint(1, 5)
        query = IDS[text]

        async def run(stores: Stores) -> Any:
            newest = await stores.hits.newest_hits(query, back)
            cursor = newest[-1].seq if newest else await stores.subscribers.add_query(query, text)
            after = await stores.hits.hits_after({query: cursor}, limit)
            return [(hit.article_id, hit.match) for hit in (*newest, *after.get(query, ()))]

        return run

    def do_queries_of(self) -> Command:
        articles = self.some(list(range(1, 9)))
        return lambda stores: stores.hits.queries_of(articles)

    def do_compose(self) -> Command:
        id, due, had = self.pick(*READERS), self.pick(None, self.when()), self.some(list(range(1, 30)))
        stood_for = self.some(list(range(1, 12)))
        outdated, moved, delivery, first = (
            self.random.random() < 0.1,
            self.random.randint(0, 99),
            self.pick(None, self.delivery()),
            self.pick(False, True),
        )

        async def run(stores: Stores) -> Any:
            before = await stores.subscribers.find_subscriber(id)
            if before is None:
                return None
            after = replace(before, subscriptions=tuple(replace(s, cursor=moved) for s in before.subscriptions))
            before = replace(before, rev=before.rev + outdated)
            queued = None if delivery is None else replace(delivery, subscriber=id)
            return await stores.outbox.compose(
                before, after, due=due, had=had, stood_for=stood_for, delivery=queued, first=first
            )

        return run

    def do_had(self) -> Command:
        id, back = self.pick(*READERS), self.some(list(range(1, 12)))
        gone = self.some([1, 2, 3])

        async def run(stores: Stores) -> Any:
            before = await stores.outbox.had(id), await stores.outbox.owed(id)
            await stores.outbox.give_back(id, back, stood_for=gone)
            return before

        return run

    def do_queue(self) -> Command:
        deliveries, now = [self.delivery() for _ in range(3)], self.now
        return lambda stores: stores.outbox.put(deliveries, now)

    def do_claim_and_settle(self) -> Command:
        now, limit = self.now, self.random.randint(0, 4)
        state, next_at = self.pick("sent", "failed", "paused"), self.pick(None, None, self.when())
        chat_at, message = self.when(), self.random.randint(1, 99)

        async def run(stores: Stores) -> Any:
            claimed = await stores.outbox.claim(now, limit, timedelta(seconds=30))
            for delivery in claimed[::2]:
                await stores.outbox.progress(delivery.id, delivery.subscriber, message)
                done = replace(delivery, state=state, error="e")
                await stores.outbox.settle(done, now, next_at=next_at, chat_at=chat_at)
            return claimed

        return run

    def do_settle_anything(self) -> Command:
        delivery, now, next_at = replace(self.delivery(), state="expired"), self.now, self.pick(None, self.when())

        async def run(stores: Stores) -> None:
            found = await stores.outbox.find_delivery(delivery.id, delivery.subscriber)
            settled = replace(delivery, batch=found.batch if found else "")
            await stores.outbox.settle(settled, now, next_at=next_at, chat_at=now)

        return run

    def do_find_delivery(self) -> Command:
        delivery = self.delivery()
        return lambda stores: stores.outbox.find_delivery(delivery.id, delivery.subscriber)

    def do_move_deliveries(self) -> Command:
        old, new, now = self.pick(*READERS), self.pick(*READERS), self.now
        return lambda stores: stores.outbox.move(old, new, now)

    def do_drop(self) -> Command:
        id = self.pick(*READERS)
        return lambda stores: stores.outbox.drop(id)

    def do_reports(self) -> Command:
        now = self.now

        async def run(stores: Stores) -> Any:
            return [await stores.outbox.backlog(now), *[await stores.outbox.batch_report(b) for b in ("b1", "b2")]]

        return run

    def do_issue(self) -> Command:
        prints = [f"a{self.random.randint(0, 9)}" for _ in range(3)]
        articles = tuple(Article(p, p, fingerprint=p, order=n) for n, p in enumerate(prints))
        id, now = f"i{self.random.randint(0, 3)}", self.now
        issue = Issue(self.pick(None, "p"), None, articles, id=id, fingerprint=f"f{self.random.randint(0, 30)}")
        return lambda stores: stores.issues.add_issue(issue, now)

    def do_read_issues(self) -> Command:
        id, limit = f"i{self.random.randint(0, 3)}", self.random.randint(0, 5)

        async def run(stores: Stores) -> Any:
            whole = await stores.issues.issues_of([limit, 3 * limit]), await stores.issues.newest_issues(limit)
            return await stores.issues.find_issue(id), await stores.issues.recent_issues(limit), whole

        return run

    def do_match_issue(self) -> Command:
        now, part = self.now, self.random.randint(0, 3)

        async def run(stores: Stores) -> Any:
            claimed = await stores.issues.claim_to_match(now, timedelta(seconds=30))
            if claimed is not None:
                await stores.issues.settle_matched(claimed[0], claimed[1][part:])
            return claimed

        return run


async def answer(command: Command, stores: Stores) -> Any:
    try:
        return await command(stores)
    except ConflictError as error:
        return repr(error)


RUNS = [*((seed, "redis") for seed in range(5)), (100, "cluster"), (101, "cluster")]


@pytest.mark.parametrize(("seed", "stores"), RUNS, indirect=["stores"])
async def test_redis_answers_as_memory_does(seed: int, stores: Stores) -> None:
    oracle, world = memory(), World(seed)
    told = []
    for _ in range(250):
        name, command = world.command()
        expected = await answer(command, oracle)
        told.append((name, expected))
        assert await answer(command, stores) == expected, told[-5:]
