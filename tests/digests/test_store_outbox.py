"""The contract of Outbox, on memory, a server and a cluster: composing, queueing, claiming, settling, the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from outbox_kit import DAY, DIGEST, MINUTE, NOW, QUERY, SECOND, advanced, claim, delivery, settle, subscribed
from redis.asyncio import Redis
from store_servers import Stores

from digests.codec import HAD_KEPT
from digests.outbox_memory import MemoryOutbox
from digests.outbox_redis import RedisOutbox
from digests.types import Delivery
from subscriptions import (
    SHARDS,
    MemorySubscriberStore,
    Settings,
    Subscriber,
    chat_shard,
    chat_tag,
)
from subscriptions.keys import bucket_of


# ------------------------------------------------------------------------------------------------ composing
async def test_composing_is_one_step(stores: Stores) -> None:
    before = await subscribed(stores)
    after = advanced(before, 1 << 40)
    digest = Delivery("d1", "1", "digest", NOW, DIGEST, batch="b")
    assert await stores.outbox.compose(before, after, due=NOW + MINUTE, had=[7, 9], delivery=digest)
    assert await stores.subscribers.find_subscriber("1") == replace(after, rev=2)
    assert await stores.outbox.had("1") == {7, 9}
    assert await stores.outbox.find_delivery("d1", "1") == digest
    assert await stores.subscribers.claim_due(NOW, 9, MINUTE) == []
    assert await stores.subscribers.claim_due(NOW + MINUTE, 9, MINUTE) == ["1"]
    assert await stores.outbox.claim(NOW - SECOND, 9, MINUTE) == []
    assert await stores.outbox.claim(NOW, 9, MINUTE) == [replace(digest, attempts=1)]
    assert await stores.outbox.batch_report("b") == {"queued": 1}


async def test_a_chat_whose_number_is_small_has_its_own_place(stores: Stores) -> None:
    """Its number may be that of a bucket of subscribers in the same shard."""
    ids = [f"{n}" for n in range(1, 5000)]
    x, y = next((one, f"{bucket_of(one)}") for one in ids if bucket_of(one) % SHARDS == chat_shard(one))
    assert chat_shard(x) == chat_shard(y)
    await stores.outbox.put([delivery("a", y)], NOW)
    await stores.subscribers.put_subscriber(Subscriber(x, Settings(), NOW), due=NOW)
    assert await stores.subscribers.claim_due(NOW, 9, MINUTE) == [x] and await claim(stores) == ["a"]


async def test_what_is_to_be_told_at_once_goes_before_all_that_is_due(stores: Stores) -> None:
    outbox = stores.outbox
    assert await outbox.put([delivery("a"), delivery("b", "2")], NOW) == 2
    assert await outbox.put([delivery("n", "3"), delivery("m", "2")], NOW + MINUTE, first=True) == 2
    assert await outbox.put([delivery("n", "3")], NOW + MINUTE, first=True) == 0
    first = await outbox.claim(NOW + MINUTE, 2, MINUTE)
    assert {one.id for one in first} == {"n", "m"} and first[0].attempts == 1
    assert [one.id for one in await outbox.claim(NOW + MINUTE, 9, MINUTE)] == ["a"]


async def test_what_was_begun_is_known_until_its_end_is(stores: Stores) -> None:
    outbox = stores.outbox
    await outbox.put([delivery("a", once=True)], NOW)
    (first,) = await outbox.claim(NOW, 9, MINUTE)
    assert first.once and await outbox.begin(first) == "begun"
    assert await outbox.begin(first) == "unknown"
    (second,) = await outbox.claim(NOW + MINUTE, 9, MINUTE)
    assert await outbox.begin(first) == "lost", "whoever stood still no longer has it"
    assert await outbox.begin(second) == "unknown", "and nobody knows what the first one did"
    await outbox.settle(second, NOW, next_at=NOW + 2 * MINUTE, chat_at=NOW)
    (third,) = await outbox.claim(NOW + 2 * MINUTE, 9, MINUTE)
    assert await outbox.begin(third) == "begun", "that attempt has come to a known end"
    await outbox.progress("a", "1", 5)
    assert await outbox.begin(third) == "begun", "and so has a message of several"
    await outbox.hand_back([third], NOW + 3 * MINUTE)
    (fourth,) = await outbox.claim(NOW + 3 * MINUTE, 9, MINUTE)
    assert await outbox.begin(fourth) == "begun"
    await settle(stores, fourth, state="uncertain")
    found = await outbox.find_delivery("a", "1")
    assert found is not None and found.state == "uncertain" and await outbox.begin(fourth) == "lost"
    await outbox.put([delivery("b")], NOW + 3 * MINUTE)
    (other,) = await outbox.claim(NOW + 4 * MINUTE, 9, MINUTE)
    assert await outbox.begin(other) == "begun"
    await outbox.drop("1")
    await outbox.put([delivery("b")], NOW + 4 * MINUTE)
    (again,) = await outbox.claim(NOW + 5 * MINUTE, 9, MINUTE)
    assert await outbox.begin(again) == "begun", "who is forgotten leaves nothing behind"


async def test_chats_with_small_numbers_share_no_key_with_the_buckets_of_readers(stores: Stores) -> None:
    reader = next(id for id in map(str, range(10**6, 10**7)) if bucket_of(id) % SHARDS == int(id) % SHARDS)
    chat = str(bucket_of(reader))
    for id in (reader, chat):
        await stores.subscribers.put_subscriber(await subscribed(stores, id), due=NOW)
        assert await stores.outbox.put([delivery(f"d{id}", id)], NOW) == 1
    assert sorted(await claim(stores)) == sorted([f"d{reader}", f"d{chat}"])
    assert sorted(await stores.subscribers.claim_due(NOW, 9, MINUTE)) == sorted([reader, chat])


async def test_the_longest_overdue_are_claimed_first_though_one_shard_has_them_all(stores: Stores) -> None:
    crowd, others = [str(16 * n) for n in range(1, 61)], [str(16 * n + n % 15 + 1) for n in range(1, 61)]
    for later, chats in enumerate((crowd, others)):
        at = NOW + later * SECOND
        await stores.outbox.put([delivery(f"d{chat}", chat) for chat in chats], at)
    assert sorted(await claim(stores, NOW + MINUTE, 50)) == sorted(f"d{chat}" for chat in sorted(crowd)[:50])
    assert len(await claim(stores, NOW + MINUTE, 50)) == 50
    assert len(await claim(stores, NOW + MINUTE, 50)) == 20


async def test_composing_over_a_change_stores_nothing(stores: Stores) -> None:
    before = await subscribed(stores)
    changed = await stores.subscribers.put_subscriber(replace(before, title="new"), due=NOW)
    assert not await stores.outbox.compose(before, advanced(before, 5), due=None, had=[7], delivery=delivery("d1"))
    gone = replace(before, id="99", rev=0)
    assert not await stores.outbox.compose(gone, gone, due=NOW, had=[7], delivery=delivery("d1", "99"))
    assert await stores.subscribers.find_subscriber("1") == changed
    assert await stores.subscribers.find_subscriber("99") is None
    assert await stores.outbox.had("1") == frozenset()
    assert await claim(stores) == []
    assert await stores.subscribers.claim_due(NOW, 9, MINUTE) == ["1"]


async def test_composing_without_a_delivery_moves_on(stores: Stores) -> None:
    before = await subscribed(stores)
    assert await stores.outbox.compose(before, advanced(before, 5), due=None, had=(), delivery=None)
    assert await stores.subscribers.find_subscriber("1") == replace(advanced(before, 5), rev=2)
    assert await claim(stores) == []


async def test_composing_twice_queues_once(stores: Stores) -> None:
    before = await subscribed(stores)
    assert await stores.outbox.compose(before, advanced(before, 5), due=None, had=[1], delivery=delivery("d1"))
    assert await stores.outbox.compose(before, advanced(before, 9), due=NOW, had=[2], delivery=delivery("d1"))
    assert await stores.subscribers.find_subscriber("1") == replace(advanced(before, 5), rev=2)
    assert await stores.outbox.had("1") == {1}


async def test_a_hit_while_composing_is_not_lost(stores: Stores) -> None:
    before = await subscribed(stores, cadence="instant")
    assert await stores.subscribers.make_due([QUERY], NOW) == 1
    assert await stores.subscribers.claim_due(NOW, 9, MINUTE) == ["1"]
    await stores.subscribers.make_due([QUERY], NOW)
    assert await stores.outbox.compose(before, advanced(before, 5), due=None, had=(), delivery=None)
    assert await stores.subscribers.claim_due(NOW, 9, MINUTE) == ["1"]


async def test_what_was_given_is_remembered_newest_first(stores: Stores) -> None:
    value = await subscribed(stores)
    for had in ([5, 5, 3], range(100, 100 + HAD_KEPT - 2), [5, 2**32 - 1]):
        assert await stores.outbox.compose(value, value, due=None, had=had, delivery=None)
        value = replace(value, rev=value.rev + 1)
    kept = await stores.outbox.had("1")
    assert len(kept) == HAD_KEPT
    assert kept == {5, *range(100, 100 + HAD_KEPT - 2), 2**32 - 1}
    assert await stores.outbox.had("2") == frozenset()


# ------------------------------------------------------------------------------------------------ queueing and claiming
async def test_put_queues_each_id_once(stores: Stores) -> None:
    many = [delivery("a"), delivery("b"), delivery("a"), delivery("a", "2"), delivery("c", "-100:5", batch="x")]
    assert await stores.outbox.put(many, NOW) == 4
    assert await stores.outbox.put(many, NOW + MINUTE) == 0
    assert await stores.outbox.put([], NOW) == 0
    assert sorted(await claim(stores)) == ["a", "a", "c"]
    assert await stores.outbox.batch_report("x") == {"queued": 1}
    assert await stores.outbox.batch_report("y") == {}


async def test_a_chat_gets_its_deliveries_one_by_one_in_order(stores: Stores) -> None:
    await stores.outbox.put([delivery("a"), delivery("b", "1:7"), delivery("c")], NOW)
    for id in ("a", "b", "c"):
        (claimed,) = await stores.outbox.claim(NOW, 9, MINUTE)
        assert claimed.id == id
        assert await claim(stores) == []
        await settle(stores, claimed)
    assert await claim(stores, NOW + DAY) == []


async def test_claims_go_to_the_longest_waiting(stores: Stores) -> None:
    for n in range(5):
        await stores.outbox.put([delivery(f"d{n}", str(n))], NOW + (5 - n) * SECOND)
    assert await claim(stores, NOW) == []
    assert await claim(stores, NOW + MINUTE, 0) == []
    assert await claim(stores, NOW + MINUTE, 2) == ["d4", "d3"]
    assert await claim(stores, NOW + MINUTE, 9) == ["d2", "d1", "d0"]


async def test_a_lost_claim_comes_again(stores: Stores) -> None:
    await stores.outbox.put([delivery("a")], NOW)
    assert await claim(stores) == ["a"]
    assert await claim(stores, NOW + 59 * SECOND) == []
    (again,) = await stores.outbox.claim(NOW + MINUTE, 9, MINUTE)
    assert again.attempts == 2


# ------------------------------------------------------------------------------------------------ settling
async def test_progress_is_kept(stores: Stores) -> None:
    await stores.outbox.put([delivery("a")], NOW)
    (claimed,) = await stores.outbox.claim(NOW, 9, MINUTE)
    for message in (11, 1, 11):
        await stores.outbox.progress("a", "1", message)
    await stores.outbox.progress("none", "1", 5)
    (again,) = await stores.outbox.claim(NOW + MINUTE, 9, MINUTE)
    assert again.sent == (11, 1)
    await settle(stores, claimed)
    found = await stores.outbox.find_delivery("a", "1")
    assert found is not None
    assert (found.sent, found.attempts, found.state, found.settled) == ((11, 1), 2, "sent", NOW)


async def test_trying_again_keeps_the_place(stores: Stores) -> None:
    await stores.outbox.put([delivery("a", batch="x"), delivery("b", batch="x")], NOW)
    (claimed,) = await stores.outbox.claim(NOW, 9, MINUTE)
    again = replace(claimed, error="429", plain=True, state="failed")
    await stores.outbox.settle(again, NOW, next_at=NOW + 5 * MINUTE, chat_at=NOW)
    assert await claim(stores, NOW + 2 * MINUTE) == []
    (claimed,) = await stores.outbox.claim(NOW + 5 * MINUTE, 9, MINUTE)
    assert claimed == replace(again, state="queued", attempts=2)
    assert await stores.outbox.batch_report("x") == {"queued": 2}


async def test_trying_again_what_is_not_first_moves_nothing(stores: Stores) -> None:
    await stores.outbox.put([delivery("a"), delivery("b")], NOW)
    await stores.outbox.settle(delivery("b", error="x"), NOW, next_at=NOW + DAY, chat_at=NOW)
    assert await claim(stores) == ["a"]


async def test_settling_spaces_the_chat(stores: Stores) -> None:
    await stores.outbox.put([delivery("a"), delivery("b")], NOW)
    (claimed,) = await stores.outbox.claim(NOW, 9, MINUTE)
    await settle(stores, claimed, chat_at=NOW + SECOND)
    assert await claim(stores, NOW) == []
    (claimed,) = await stores.outbox.claim(NOW + SECOND, 9, MINUTE)
    await settle(stores, claimed, chat_at=NOW + 2 * SECOND)
    await stores.outbox.put([delivery("c")], NOW + SECOND)
    assert await claim(stores, NOW + SECOND) == []
    assert await claim(stores, NOW + 2 * SECOND) == ["c"]


async def test_settling_is_for_the_waiting(stores: Stores) -> None:
    await stores.outbox.put([delivery("a", batch="x"), delivery("b", batch="x"), delivery("c")], NOW)
    (claimed,) = await stores.outbox.claim(NOW, 9, MINUTE)
    await settle(stores, claimed, state="failed", error="first", settled=NOW - SECOND)
    await settle(stores, claimed, state="sent", chat_at=NOW + DAY)
    await stores.outbox.settle(claimed, NOW, next_at=NOW + DAY, chat_at=NOW)
    await settle(stores, delivery("unknown"))
    found = await stores.outbox.find_delivery("a", "1")
    assert found is not None
    assert (found.state, found.error, found.settled) == ("failed", "first", NOW - SECOND)
    await settle(stores, delivery("c", state="expired"), state="expired", chat_at=NOW + DAY)
    assert await stores.outbox.batch_report("x") == {"queued": 1, "failed": 1}
    assert await claim(stores) == ["b"]


# ------------------------------------------------------------------------------------------------ the ledger
async def test_the_ledger_ends(stores: Stores) -> None:
    for n in range(8):
        await stores.outbox.put([delivery(f"d{n}")], NOW)
    await settle(stores, delivery("d0"), NOW)
    for n in range(1, 8):
        await settle(stores, delivery(f"d{n}"), NOW + 46 * DAY)
    assert await stores.outbox.find_delivery("d0", "1") is None
    assert await stores.outbox.find_delivery("d1", "1") is not None


async def test_the_ledger_of_a_reader(stores: Stores) -> None:
    for n, id in enumerate(("a", "b", "c")):
        await stores.outbox.put([replace(delivery(id), created=NOW + n * SECOND)], NOW)
    await stores.outbox.put([delivery("other", "2")], NOW)
    await settle(stores, replace(delivery("a"), sent=(5, 6), attempts=2), NOW, state="sent")
    assert [one.id for one in await stores.outbox.ledger("1", 9)] == ["c", "b", "a"]
    assert [one.id for one in await stores.outbox.ledger("1", 2)] == ["c", "b"]
    kept = (await stores.outbox.ledger("1", 9))[-1]
    assert (kept.state, kept.sent, kept.attempts, kept.settled) == ("sent", (5, 6), 2, NOW)
    assert await stores.outbox.ledger("3", 9) == []


@pytest.mark.parametrize("in_memory", [True, False])
async def test_how_long_the_ledger_is_kept_is_settable(redis_client: Redis, in_memory: bool) -> None:
    outbox = MemoryOutbox(MemorySubscriberStore(), 5 * DAY) if in_memory else RedisOutbox(redis_client, ledger=5 * DAY)
    for n in range(8):
        await outbox.put([delivery(f"d{n}")], NOW)
        await outbox.settle(delivery(f"d{n}", state="sent"), NOW + n * DAY, next_at=None, chat_at=NOW)
    assert {one.id for one in await outbox.ledger("1", 99)} == {f"d{n}" for n in range(2, 8)}
    if not in_memory:
        assert 4 * 86_400 < await redis_client.ttl(f"{chat_tag(chat_shard('1'))}:l:1") <= 5 * 86_400


async def test_what_a_reader_asked_for_goes_before_what_waits_longer(stores: Stores) -> None:
    """Before other chats, and before what waits in the reader's own; not before what is being sent there, or was told to wait."""
    outbox, asker = stores.outbox, await subscribed(stores, "1")
    await outbox.put([delivery("old", id, batch="push") for id in ("2", "3", "1")], NOW - DAY)
    asked = delivery("asked")
    assert await outbox.compose(asker, asker, due=None, had=(), delivery=asked, first=True)
    assert await outbox.backlog(NOW + MINUTE) == (3, DAY + MINUTE)
    (first,) = await outbox.claim(NOW, 1, MINUTE)
    assert first.id == "asked"
    busy = replace(asker, rev=asker.rev + 1)
    assert await outbox.compose(busy, busy, due=None, had=(), delivery=delivery("again"), first=True)
    assert sorted(await claim(stores)) == ["old", "old"], "of the others: this chat is being sent to"
    await settle(stores, first, chat_at=NOW + SECOND)
    assert await claim(stores) == []
    (next_one,) = await outbox.claim(NOW + SECOND, 9, MINUTE)
    assert (next_one.subscriber, next_one.id) == ("1", "old")


async def test_the_backlog_of_what_was_asked_for_is_told(stores: Stores) -> None:
    asker = await subscribed(stores)
    assert await stores.outbox.compose(asker, asker, due=None, had=(), delivery=delivery("asked"), first=True)
    assert await stores.outbox.backlog(NOW + MINUTE) == (1, MINUTE)


async def test_the_backlog_is_told(stores: Stores) -> None:
    assert await stores.outbox.backlog(NOW) == (0, timedelta(0))
    await stores.outbox.put([delivery("a"), delivery("b"), delivery("c", "2")], NOW)
    await stores.outbox.put([delivery("d", "3")], NOW + MINUTE)
    assert await stores.outbox.backlog(NOW - MINUTE) == (3, timedelta(0))
    assert await stores.outbox.backlog(NOW + 3 * MINUTE) == (3, 3 * MINUTE)
