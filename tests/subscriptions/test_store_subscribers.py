"""The contract of SubscriberStore, on memory, a server and a cluster."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from redis.asyncio import Redis
from store_servers import Stores
from subscribers_kit import INSTANT, MINUTE, NOW, held, qid, reader

from subscriptions import (
    Cadence,
    ConflictError,
    Settings,
    Subscriber,
    Subscription,
    bucket_of,
)
from subscriptions import subscribers_redis as module
from subscriptions.subscribers_redis import RedisSubscriberStore


async def readers_of(stores: Stores, text: str) -> list[str]:
    return sorted([id async for id in stores.subscribers.iter_readers(qid(text))])


async def claim(stores: Stores, now: datetime, limit: int = 10) -> list[str]:
    return await stores.subscribers.claim_due(now, limit, MINUTE)


# -------------------------------------------------------------------------------------------------------- subscribers
async def test_what_is_put_is_found(stores: Stores) -> None:
    value = reader(
        "-1001234567890:7",
        replace(held("动力电池", 5), waiting=(3, 70_000)),
        held("金坛 -广告", 1 << 45, Cadence("weekly", (540, 1080), weekday=3)),
        paused="rights",
        chat_kind="supergroup",
        title="金坛\n新能源 👋",
        owner=77,
    )
    value = replace(value, settings=Settings("en", "Asia/Tokyo", Cadence("monthly", (1,), day=31), "full", True, True))
    stored = await stores.subscribers.put_subscriber(value, due=NOW)
    assert stored == replace(value, rev=1)
    assert await stores.subscribers.find_subscriber(value.id) == stored
    assert await stores.subscribers.find_subscriber("5") is None


async def test_plain_values_are_found_too(stores: Stores) -> None:
    stored = await stores.subscribers.put_subscriber(reader("12"), due=None)
    assert await stores.subscribers.find_subscriber("12") == stored


async def test_subscribers_come_in_the_order_asked(stores: Stores) -> None:
    for id in ("1", "2", "17", "-33"):
        await stores.subscribers.put_subscriber(reader(id, held("a")), due=None)
    found = await stores.subscribers.get_subscribers(["-33", "9", "17", "1"])
    assert [s.id for s in found] == ["-33", "17", "1"]
    assert await stores.subscribers.get_subscribers([]) == []


async def test_an_outdated_value_is_refused_and_changes_nothing(stores: Stores) -> None:
    first = await stores.subscribers.put_subscriber(reader("1", held("a")), due=None)
    second = await stores.subscribers.put_subscriber(replace(first, subscriptions=(held("b"),)), due=None)
    for outdated in (first, replace(first, rev=0), replace(first, rev=9)):
        with pytest.raises(ConflictError) as caught:
            await stores.subscribers.put_subscriber(replace(outdated, subscriptions=(held("c"),)), due=NOW)
        assert caught.value.key == "1"
    with pytest.raises(ConflictError):
        await stores.subscribers.put_subscriber(replace(first, id="2"), due=NOW)
    assert await stores.subscribers.find_subscriber("1") == second
    assert (await readers_of(stores, "a"), await readers_of(stores, "b"), await readers_of(stores, "c")) == (
        [],
        ["1"],
        [],
    )
    assert await claim(stores, NOW) == []


# -------------------------------------------------------------------------------------------------- who holds a query
async def test_the_reverse_index_follows(stores: Stores) -> None:
    one = await stores.subscribers.put_subscriber(reader("1", held("a"), held("b")), due=None)
    await stores.subscribers.put_subscriber(reader("2:5", held("a"), paused="reader"), due=None)
    assert await readers_of(stores, "a") == ["1", "2:5"]
    await stores.subscribers.put_subscriber(replace(one, subscriptions=(held("b"),)), due=None)
    assert await readers_of(stores, "a") == ["2:5"]
    assert await readers_of(stores, "b") == ["1"]
    assert await readers_of(stores, "never") == []


async def test_readers_of_a_popular_query_come_and_go(stores: Stores) -> None:
    """So many of one shard that the index goes over to bits; each is found until the last has left."""
    ids = [str(16 * n) for n in range(1, 161)]
    values = [reader(id, held("a"), held(id), cadence=INSTANT) for id in ids]
    put = [await stores.subscribers.put_subscriber(value, due=None) for value in values]
    assert await readers_of(stores, "a") == sorted(ids)
    assert await stores.subscribers.make_due([qid("a"), qid(ids[7])], NOW) == len(ids)
    assert await stores.subscribers.make_due([qid(ids[7])], NOW) == 1
    for value in put[:-3]:
        await stores.subscribers.put_subscriber(replace(value, subscriptions=value.subscriptions[1:]), due=None)
    assert await readers_of(stores, "a") == sorted(ids[-3:])
    assert await stores.subscribers.make_due([qid("a")], NOW) == 3
    for id in ids[-3:]:
        await stores.subscribers.delete_subscriber(id)
    assert await readers_of(stores, "a") == []
    assert await stores.subscribers.make_due([qid("a"), qid(ids[7])], NOW) == 1


async def test_neighbours_keep_what_another_leaves(stores: Stores) -> None:
    """Two readers in one bucket: the index names the bucket as long as one of them holds the query."""
    one = "16"
    other = next(id for id in map(str, range(32, 10**6, 16)) if bucket_of(id) == bucket_of(one))
    first = await stores.subscribers.put_subscriber(reader(one, held("a"), cadence=INSTANT), due=None)
    await stores.subscribers.put_subscriber(reader(other, held("a"), cadence=INSTANT), due=NOW + 9 * MINUTE)
    first = await stores.subscribers.put_subscriber(replace(first, settings=Settings()), due=NOW + MINUTE)
    assert await stores.subscribers.make_due([qid("a")], NOW) == 1
    assert await claim(stores, NOW) == [other]
    await stores.subscribers.delete_subscriber(one)
    assert await readers_of(stores, "a") == [other]
    assert await stores.subscribers.make_due([qid("a")], NOW) == 1


async def test_many_overdue_are_claimed_each_once_in_order(stores: Stores) -> None:
    """More than the limit are due at one time, and some before: each claim takes the earliest that are left."""
    dues = {str(16 * n): NOW + (n % 4 // 2) * MINUTE for n in range(1, 241)}
    for id, due in dues.items():
        await stores.subscribers.put_subscriber(reader(id), due=due)
    claimed = [await stores.subscribers.claim_due(NOW + 5 * MINUTE, 50, 60 * MINUTE) for _ in range(6)]
    assert [len(part) for part in claimed] == [50, 50, 50, 50, 40, 0]
    order = [id for part in claimed for id in part]
    assert sorted(order) == sorted(dues)
    assert [dues[id] for id in order] == sorted(dues.values())


async def test_deleting_leaves_nothing(stores: Stores) -> None:
    await stores.subscribers.put_subscriber(reader("1", held("a"), cadence=INSTANT), due=NOW)
    assert await stores.subscribers.delete_subscriber("1")
    assert not await stores.subscribers.delete_subscriber("1")
    assert await stores.subscribers.find_subscriber("1") is None
    assert await readers_of(stores, "a") == []
    assert await stores.subscribers.make_due([qid("a")], NOW) == 0
    assert await claim(stores, NOW) == []
    assert await stores.subscribers.put_subscriber(reader("1"), due=None) == reader("1", rev=1)


async def test_all_are_iterated_and_counted(stores: Stores) -> None:
    ids = {str(n) for n in range(-40, 40)}
    for id in ids:
        await stores.subscribers.put_subscriber(reader(id, held(f"q{id}")), due=None)
    everybody = [s async for s in stores.subscribers.iter_subscribers()]
    assert len(everybody) == len(ids)
    assert {s.id for s in everybody} == ids
    assert all(s.subscriptions[0].query == f"q{s.id}" for s in everybody)
    assert await stores.subscribers.count_subscribers() == len(ids)


# ----------------------------------------------------------------------------------------------- due times and waking
async def test_due_ones_are_claimed_longest_overdue_first_under_a_lease(stores: Stores) -> None:
    for n in range(5):
        await stores.subscribers.put_subscriber(reader(str(n), held("a")), due=NOW + n * MINUTE)
    assert await claim(stores, NOW - MINUTE) == []
    assert await claim(stores, NOW + 2 * MINUTE, 0) == []
    assert await claim(stores, NOW + 2 * MINUTE, 2) == ["0", "1"]
    assert await claim(stores, NOW + 2 * MINUTE, 9) == ["2"]
    assert sorted(await claim(stores, NOW + 3 * MINUTE, 9)) == ["0", "1", "2", "3"]


async def test_put_sets_moves_and_removes_the_slot(stores: Stores) -> None:
    value = await stores.subscribers.put_subscriber(reader("1", held("a")), due=NOW)
    value = await stores.subscribers.put_subscriber(value, due=NOW + MINUTE)
    assert await claim(stores, NOW) == []
    value = await stores.subscribers.put_subscriber(value, due=None)
    assert await claim(stores, NOW + 9 * MINUTE) == []
    value = await stores.subscribers.put_subscriber(replace(value, paused="blocked"), due=NOW)
    assert await claim(stores, NOW + 9 * MINUTE) == []


async def test_whoever_asks_is_due_in_spite_of_a_pause(stores: Stores) -> None:
    value = await stores.subscribers.put_subscriber(reader("1", held("a"), paused="reader", asked=True), due=NOW)
    assert await stores.subscribers.find_subscriber("1") == value
    assert await claim(stores, NOW) == ["1"]
    await stores.subscribers.put_subscriber(replace(value, asked=False), due=None)
    assert await claim(stores, NOW + 9 * MINUTE) == []


async def test_a_hit_wakes_readers_at_once(stores: Stores) -> None:
    await stores.subscribers.put_subscriber(reader("1", held("a"), cadence=INSTANT), due=None)
    await stores.subscribers.put_subscriber(reader("2", held("a", cadence=INSTANT)), due=NOW + 90 * MINUTE)
    await stores.subscribers.put_subscriber(reader("3", held("a"), held("b", cadence=INSTANT)), due=NOW + 90 * MINUTE)
    await stores.subscribers.put_subscriber(reader("4", held("a", cadence=Cadence()), cadence=INSTANT), due=None)
    await stores.subscribers.put_subscriber(reader("5", held("a"), cadence=INSTANT, paused="reader"), due=None)
    await stores.subscribers.put_subscriber(reader("6", held("a"), cadence=INSTANT), due=NOW - MINUTE)
    assert await stores.subscribers.make_due([qid("a"), qid("a"), qid("c")], NOW) == 3
    assert await stores.subscribers.make_due([], NOW) == 0
    first, *others = await claim(stores, NOW)
    assert (first, sorted(others)) == ("6", ["1", "2"])


async def test_many_queries_wake(stores: Stores) -> None:
    await stores.subscribers.put_subscriber(reader("1", held("q7"), held("q1900"), cadence=INSTANT), due=None)
    await stores.subscribers.make_due([qid(f"q{n}") for n in range(2000)], NOW)
    assert await claim(stores, NOW) == ["1"]


async def test_a_hit_between_claim_and_put_is_not_lost(stores: Stores) -> None:
    value = await stores.subscribers.put_subscriber(reader("1", held("a"), cadence=INSTANT), due=NOW)
    assert await claim(stores, NOW) == ["1"]
    await stores.subscribers.make_due([qid("a")], NOW)
    value = await stores.subscribers.put_subscriber(value, due=None)
    assert await claim(stores, NOW) == ["1"]
    value = await stores.subscribers.put_subscriber(value, due=None)
    assert await claim(stores, NOW + 9 * MINUTE) == []
    await stores.subscribers.make_due([qid("a")], NOW)
    value = await stores.subscribers.put_subscriber(value, due=NOW + 5 * MINUTE)
    assert await claim(stores, NOW) == ["1"]
    await stores.subscribers.make_due([qid("a")], NOW)
    value = await stores.subscribers.put_subscriber(replace(value, paused="reader"), due=None)
    value = await stores.subscribers.put_subscriber(replace(value, paused=None), due=NOW + 5 * MINUTE)
    assert await claim(stores, NOW) == []


async def test_leaving_instant_ends_waking(stores: Stores) -> None:
    value = await stores.subscribers.put_subscriber(reader("1", held("a"), cadence=INSTANT), due=None)
    value = await stores.subscribers.put_subscriber(replace(value, settings=Settings()), due=None)
    assert await stores.subscribers.make_due([qid("a")], NOW) == 0
    await stores.subscribers.put_subscriber(replace(value, subscriptions=(held("a", cadence=INSTANT),)), due=None)
    assert await stores.subscribers.make_due([qid("a")], NOW) == 1


# ------------------------------------------------------------------------------------------------------------- moving
async def test_a_group_moves(stores: Stores) -> None:
    value = reader("-5", held("a", 3), cadence=INSTANT, chat_kind="group", title="组")
    await stores.subscribers.put_subscriber(value, due=NOW)
    moved = await stores.subscribers.move_subscriber("-5", "-1005")
    assert moved == replace(value, id="-1005", rev=1, chat_kind="supergroup")
    assert await stores.subscribers.find_subscriber("-1005") == moved
    assert await stores.subscribers.find_subscriber("-5") is None
    assert await readers_of(stores, "a") == ["-1005"]
    assert await claim(stores, NOW) == ["-1005"]
    assert await stores.subscribers.move_subscriber("-5", "-1005") is None
    assert await stores.subscribers.move_subscriber("-1005", "-1005") is None
    assert await stores.subscribers.find_subscriber("-1005") == moved


async def test_a_group_moves_into_one_that_is_there(stores: Stores) -> None:
    await stores.subscribers.put_subscriber(
        reader("-5", replace(held("a", 3), waiting=(1, 5)), held("b", 4), asked=True), due=NOW
    )
    there = reader("-1005", held("c", 8), replace(held("a", 9), waiting=(2, 5)), title="new")
    await stores.subscribers.put_subscriber(there, due=NOW + MINUTE)
    moved = await stores.subscribers.move_subscriber("-5", "-1005")
    assert moved == replace(
        there, rev=2, asked=True, subscriptions=(held("c", 8), replace(held("a", 3), waiting=(1, 2, 5)), held("b", 4))
    )
    assert await stores.subscribers.find_subscriber("-1005") == moved
    assert await claim(stores, NOW) == ["-1005"]


async def test_nothing_is_lost_when_a_group_moves_while_it_is_changed(stores: Stores) -> None:
    async def add(id: str, text: str) -> str:
        for _ in range(50):
            value = await stores.subscribers.find_subscriber(id)
            if value is None:
                return await add("-1005", text) if id == "-5" else "gone"
            with contextlib.suppress(ConflictError):
                await stores.subscribers.put_subscriber(
                    replace(value, subscriptions=(*value.subscriptions, held(text))), due=None
                )
                return id
        return "never"

    for round in range(5):
        await stores.subscribers.put_subscriber(reader("-5", held(f"old {round}")), due=None)
        if round == 0:
            await stores.subscribers.put_subscriber(reader("-1005"), due=None)
        changes = [add(id, f"{id} {n} {round}") for n in range(4) for id in ("-5", "-1005")]
        move = stores.subscribers.move_subscriber("-5", "-1005")
        await asyncio.gather(*changes[:4], move, *changes[4:])
    assert await stores.subscribers.find_subscriber("-5") is None
    there = await stores.subscribers.find_subscriber("-1005")
    assert there is not None
    expected = {f"{id} {n} {r}" for r in range(5) for n in range(4) for id in ("-5", "-1005")} | {
        f"old {r}" for r in range(5)
    }
    assert {s.query for s in there.subscriptions} == expected
    for text in expected:
        assert await readers_of(stores, text) == ["-1005"]


async def test_slices_of_readers_and_queries_leave_nobody_out(
    redis_client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few one script looks at: no reader is left out, none is woken that does not hold it or is not instant."""
    for name, most in (("LOOKED_AT", 3), ("LOOKED_INTO", 2), ("WANTED", 2), ("ASKED", 1)):
        monkeypatch.setattr(module, name, most)
    store, queries = RedisSubscriberStore(redis_client), [qid(f"q{n}") for n in range(5)]
    for n in range(120):
        held = (Subscription(queries[n % 5], "q", 0, NOW),)
        cadence = Cadence("daily" if n % 4 == 0 else "instant")
        await store.put_subscriber(Subscriber(f"{16 * n + 32}", Settings(cadence=cadence), NOW, held), due=None)
    for n in range(5):
        found = [id async for id in store.iter_readers(queries[n])]
        assert sorted(found, key=int) == [f"{16 * m + 32}" for m in range(n, 120, 5)]
    wanted = {f"{16 * n + 32}" for n in range(120) if n % 4 and n % 5 < 3}
    assert await store.make_due([*queries[:3], qid("nobody")], NOW) == len(wanted)
    assert set(await store.claim_due(NOW, 200, timedelta(minutes=1))) == wanted
