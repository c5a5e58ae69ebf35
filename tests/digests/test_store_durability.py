"""What was acknowledged survives the server: kill -9, forgotten scripts, a trimmed log, and errors of one kind only."""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from store_servers import Stores, over

import digests.errors
import subscriptions.errors
from bot.connect_redis import make_client
from bot.store_process import EmbeddedStore
from digests.types import Article, AuditEntry, Batch, Delivery, Issue
from subscriptions import Cadence, Match, QueryId, Settings, Subscriber, Subscription, query_id
from subscriptions import subscribers_redis as module
from subscriptions.subscribers_redis import RedisSubscriberStore

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def qid(text: str) -> QueryId:
    return query_id(text)


async def fill(stores: Stores) -> None:
    await stores.subscribers.add_query(qid("a"), "a")
    value = Subscriber("1", Settings(), NOW, (Subscription(qid("a"), "a", 0, NOW),))
    value = await stores.subscribers.put_subscriber(value, due=NOW)
    await stores.issues.add_issue(Issue("p", None, (Article("t", "b"),), id="i", fingerprint="f"), NOW)
    await stores.hits.add_hits(1, [Match(qid("a"))])
    assert await stores.outbox.compose(value, value, due=NOW, had=[1], delivery=Delivery("d", "1", "notice", NOW))
    await stores.admin.add_audit(AuditEntry(NOW, 1, "push"))


async def everything(stores: Stores) -> list[object]:
    return [
        await stores.subscribers.find_subscriber("1"),
        await stores.subscribers.query_place(),
        await stores.issues.find_issue("i"),
        await stores.issues.issues_of([1]),
        await stores.issues.newest_issues(9),
        await stores.hits.hits_after({qid("a"): 0}, 9),
        await stores.outbox.had("1"),
        await stores.outbox.find_delivery("d", "1"),
        await stores.admin.recent_audit(9),
        await stores.outbox.claim(NOW, 9, MINUTE),
        await stores.subscribers.claim_due(NOW, 9, MINUTE),
        await stores.issues.claim_to_match(NOW, MINUTE),
    ]


async def test_all_survives_a_killed_server(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    client = make_client(await store.start())
    await fill(over(client))
    expected = await everything(over(client))
    await client.execute_command("WAITAOF", 1, 0, 5000)
    assert store.pid is not None
    os.kill(store.pid, signal.SIGKILL)
    await client.aclose()
    await store.stop()
    client = make_client(await store.start())
    found = await everything(over(client))
    await client.aclose()
    await store.stop()
    assert found[:7] == expected[:7]
    assert found[8] == expected[8]
    assert found[9:] == [[], [], None]  # claimed before: the leases survive too


async def test_forgotten_scripts_are_told_again(redis_client: Redis) -> None:
    stores = over(redis_client)
    await fill(stores)
    await redis_client.script_flush()
    assert await stores.subscribers.count_subscribers() == 1
    await redis_client.script_flush()
    assert await stores.outbox.had("1") == {1}


async def test_a_deleted_subscriber_leaves_no_key(redis_client: Redis) -> None:
    """What is left is the stored query, which belongs to everybody, and its place in the log."""
    store = RedisSubscriberStore(redis_client)
    held = Subscription(qid("a"), "a", 0, NOW)
    for id in ("16", "32"):
        await store.put_subscriber(Subscriber(id, Settings(cadence=Cadence("instant")), NOW, (held,)), due=NOW)
    assert await store.make_due([qid("a")], NOW) == 2
    assert await redis_client.keys("{s*}*")
    for id in ("16", "32"):
        await store.delete_subscriber(id)
    assert await redis_client.keys("{s*}*") == []
    assert {bytes(key).split(b":")[1] for key in await redis_client.keys("*") if isinstance(key, bytes)} == {
        b"t",
        b"size",
        b"log",
    }


async def test_numbers_of_hits_go_on_above_those_a_server_lost(redis_client: Redis) -> None:
    stores = over(redis_client)
    await stores.hits.add_hits(1, [Match(qid("a"))])
    (lost,) = (await stores.hits.hits_after({qid("a"): 0}, 9))[qid("a")]
    await redis_client.flushall()
    await asyncio.sleep(1.0)
    await stores.hits.add_hits(1, [Match(qid("a"))])
    (after,) = await stores.hits.newest_hits(qid("a"), 9)
    assert after.seq > lost.seq


async def test_whoever_is_behind_the_log_is_told_so(redis_client: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    store = RedisSubscriberStore(redis_client, shards=1)
    await store.add_query(qid("first"), "first")
    place = await store.query_place()
    monkeypatch.setattr(module, "LOG_KEPT", 1)
    for n in range(300):
        await store.add_query(qid(f"q{n}"), f"q{n}")
    assert await redis_client.xlen("{q00}:log") < 300
    assert await store.query_changes(place) is None
    assert await store.query_changes("0-0") is None
    newest = await store.query_place()
    assert await store.query_changes(newest) == ([], newest)


async def test_whoever_is_ahead_of_the_log_is_told_so(redis_client: Redis) -> None:
    store = RedisSubscriberStore(redis_client, shards=1)
    await store.add_query(qid("a"), "a")
    assert await store.query_changes("9999999999999-0") is None
    await redis_client.delete("{q00}:log")
    assert await store.query_changes("5-0") is None
    await redis_client.flushall()
    assert await store.query_changes("5-0") is None
    assert await store.query_changes("0-0") == ([], "0-0")


async def test_remembered_texts_are_bounded(redis_client: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TEXTS_KEPT", 2)
    store = RedisSubscriberStore(redis_client)
    for n in range(5):
        await store.add_query(qid(f"q{n}"), f"q{n}")
        assert await store.get_queries([qid(f"q{n}")]) == {qid(f"q{n}"): f"q{n}"}


async def test_a_subscriber_whose_query_is_lost_is_an_error_of_the_store(redis_client: Redis) -> None:
    await fill(over(redis_client))
    for key in await redis_client.keys("{q*}:t:*"):
        await redis_client.delete(key)
    with pytest.raises(subscriptions.errors.StoreError, match=qid("a")):
        await over(redis_client).subscribers.find_subscriber("1")


async def test_every_method_turns_the_librarys_errors_into_the_packages(tmp_path: Path) -> None:
    """Called on a server that is not there; the methods are found, not listed, so that none can be forgotten."""
    client = make_client(f"unix://{tmp_path}/none", patience=0.2, retries=0)
    stores, tried = over(client), 0
    errors = dict.fromkeys(
        ("issues", "hits", "outbox", "admin", "batches", "holds", "follow_ups"), digests.errors.StoreError
    )
    for name, error in {"subscribers": subscriptions.errors.StoreError, **errors}.items():
        store = getattr(stores, name)
        for method in [getattr(store, m) for m in dir(store) if not m.startswith("_")]:
            with pytest.raises(error) as caught:
                await call_with_samples(method)
            assert caught.value.__cause__ is not None
            tried += 1
    await client.aclose()
    assert tried >= 40


SAMPLES: dict[str, object] = {
    "subscriber": Subscriber("1", Settings(), NOW, ()),
    "issue": Issue(None, None, (), id="i"),
    "matches": [Match(qid("a"))],
    "ids": ["1"],
    "queries": [qid("a")],
    "query": qid("a"),
    "canonical": "a",
    "cursors": {qid("a"): 0},
    "wanted": [(qid("a"), 1)],
    "articles": [1],
    "article": 1,
    "limit": 1,
    "number": 1,
    "at": NOW,
    "lease": MINUTE,
    "ttl": MINUTE,
    "now": NOW,
    "chat_at": NOW,
    "next_at": None,
    "until": NOW,
    "due": None,
    "had": [1],
    "before": Subscriber("1", Settings(), NOW),
    "after": Subscriber("1", Settings(), NOW),
    "delivery": Delivery("d", "1", "notice", NOW),
    "first": False,
    "deliveries": [Delivery("d", "1", "notice", NOW, claimed_until=NOW)],
    "message_id": 1,
    "entry": AuditEntry(NOW, 1, "x"),
    "id": "1",
    "old": "1",
    "new": "2",
}


BATCH = Batch("b", "push", 1, NOW, 1)
SPECIAL: dict[str, dict[str, object]] = {
    "add_query": {"id": qid("a")},
    "find_query": {"id": qid("a")},
    "get_queries": {"ids": [qid("a")]},
    "idle_queries": {"since": timedelta()},
    "remove_queries": {"ids": [qid("a")]},
    "drop_hits": {"up_to": {qid("a"): 1}},
    "query_changes": {"after": ",".join(["0-0"] * 16)},
    "get_articles": {"ids": [1]},
    "queries_of": {"articles": [1]},
    "settle_matched": {"issue": "i"},
    "had": {"subscriber": "1"},
    "owed": {"subscriber": "1"},
    "give_back": {"subscriber": "1"},
    "progress": {"subscriber": "1", "delivery": "d"},
    "find_delivery": {"subscriber": "1"},
    "drop": {"subscriber": "1"},
    "ledger": {"subscriber": "1"},
    "carrying": {"subscriber": "1"},
    "retry": {"subscriber": "1"},
    "dismiss": {"subscriber": "1"},
    "put_batch": {"batch": BATCH},
    "save_batch": {"batch": BATCH},
    "start_batch": {"plan": BATCH},
}


async def call_with_samples(method: Callable[..., Any]) -> None:
    """By the names of its parameters; a text where no sample is named."""
    name, parameters = method.__name__, inspect.signature(method).parameters
    samples = SAMPLES | SPECIAL.get(name, {})
    words = {p: samples.get(p, "") for p in parameters}
    answer = method(**words)
    if inspect.isasyncgen(answer):
        async for _ in answer:
            break
    else:
        await answer
