"""The contract of SubscriberStore for the texts of queries, on memory, a server and a cluster."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast

from redis.asyncio import Redis
from store_servers import Stores
from subscribers_kit import NOW, held, qid, reader

from subscriptions import (
    Match,
    QueryId,
    Settings,
    Subscriber,
    Subscription,
)
from subscriptions.matcher_texts import in_order
from subscriptions.subscribers_redis import RedisSubscriberStore


async def changes(stores: Stores, place: str) -> tuple[list[tuple[QueryId, str]], str]:
    told = await stores.subscribers.query_changes(place)
    assert told is not None
    return told


# ------------------------------------------------------------------------------------------------------------ queries
async def test_queries_are_stored_once(stores: Stores) -> None:
    assert await stores.subscribers.add_query(qid("a"), "a") == 0
    assert await stores.subscribers.add_query(qid("a"), "a") == 0
    await stores.subscribers.add_query(qid("b"), "b")
    assert await stores.subscribers.get_queries([qid("a"), qid("x"), qid("b")]) == {qid("a"): "a", qid("b"): "b"}
    assert await stores.subscribers.get_queries([]) == {}
    texts = in_order([page async for page in stores.subscribers.iter_queries()])
    assert {texts.id(number): texts.text(number) for number in range(len(texts))} == {qid("a"): "a", qid("b"): "b"}


async def test_a_query_of_any_script_comes_back(stores: Stores) -> None:
    text = "电池 | 𠮷野 | 錢 | ñandú -😀 | кабель | กรุงเทพ | \ue000\U0010ffff"
    await stores.subscribers.add_query(qid(text), text)
    (page,) = [page async for page in stores.subscribers.iter_queries() if len(page)]
    assert in_order([page]).text(0) == text
    assert await stores.subscribers.find_query(qid(text)) == (text, 0)


async def test_a_query_tells_its_newest_hit(stores: Stores) -> None:
    await stores.subscribers.add_query(qid("a"), "a")
    await stores.hits.add_hits(1, [Match(qid("a"))])
    newest = await stores.subscribers.add_query(qid("a"), "a")
    assert newest > 0
    assert await stores.hits.hits_after({qid("a"): newest}, 9) == {}
    await stores.hits.add_hits(2, [Match(qid("a"))])
    assert [hit.article_id for hit in (await stores.hits.hits_after({qid("a"): newest}, 9))[qid("a")]] == [2]


async def test_changes_of_queries_are_told(stores: Stores) -> None:
    await stores.subscribers.add_query(qid("old"), "old")
    place = await stores.subscribers.query_place()
    for n in range(40):
        await stores.subscribers.add_query(qid(f"q{n}"), f"q{n}")
    await stores.subscribers.add_query(qid("old"), "old")
    added, further = await changes(stores, place)
    assert sorted(added) == sorted((qid(f"q{n}"), f"q{n}") for n in range(40))
    assert await stores.subscribers.query_changes(further) == ([], further)
    assert sorted((await changes(stores, place))[0]) == sorted(added)


async def test_changes_are_told_from_the_very_first(stores: Stores) -> None:
    place = await stores.subscribers.query_place()
    await stores.subscribers.add_query(qid("a"), "a")
    assert (await changes(stores, place))[0] == [(qid("a"), "a")]


async def test_a_query_put_without_adding_it_is_added(stores: Stores) -> None:
    await stores.subscribers.put_subscriber(reader("1", held("a")), due=None)
    assert await stores.subscribers.get_queries([qid("a")]) == {qid("a"): "a"}


async def test_a_value_read_without_texts_may_be_put(stores: Stores) -> None:
    store = stores.subscribers
    await store.put_subscriber(reader("1", held("a"), held("b")), due=None)
    lean = await store.find_subscriber("1", texts=False)
    assert lean is not None and [one.query_id for one in lean.subscriptions] == [qid("a"), qid("b")]
    assert await store.get_subscribers(["2", "1"], texts=False) == [lean]
    await store.put_subscriber(replace(lean, title="t", subscriptions=(*lean.subscriptions, held("c"))), due=None)
    stored = await store.find_subscriber("1")
    assert stored is not None and [one.query for one in stored.subscriptions] == ["a", "b", "c"]
    assert await store.get_queries([qid("a"), qid("")]) == {qid("a"): "a"}


async def test_a_stored_query_tells_its_text_and_its_newest_hit(stores: Stores) -> None:
    assert await stores.subscribers.find_query(qid("a")) is None
    await stores.subscribers.add_query(qid("a"), "a")
    assert await stores.subscribers.find_query(qid("a")) == ("a", 0)
    await stores.hits.add_hits(1, [Match(qid("a"))])
    newest = await stores.subscribers.add_query(qid("a"), "a")
    assert newest > 0 and await stores.subscribers.find_query(qid("a")) == ("a", newest)


# ------------------------------------------------------------------------------------------------ what nobody holds
HOUR = timedelta(hours=1)


async def hold(stores: Stores, *texts: str) -> None:
    """The one reader of these tests holds exactly these."""
    before = await stores.subscribers.find_subscriber("7")
    held = [Subscription(qid(text), text, await stores.subscribers.add_query(qid(text), text), NOW) for text in texts]
    reader = replace(before or Subscriber("7", Settings(), NOW), subscriptions=tuple(held))
    await stores.subscribers.put_subscriber(reader, due=None)


async def test_what_nobody_holds_is_removed_once_it_was_seen_so_for_a_while(stores: Stores) -> None:
    store = stores.subscribers
    await hold(stores, "a", "b", "c")
    place = await store.query_place()
    assert await store.idle_queries(NOW, HOUR) == {}
    await hold(stores, "a")
    assert await store.idle_queries(NOW, HOUR) == {}, "seen so for the first time"
    assert await store.remove_queries([qid("a")]) == 0, "it is held"
    assert await store.idle_queries(NOW + HOUR / 2, HOUR) == {}
    idle = await store.idle_queries(NOW + HOUR, HOUR)
    assert set(idle) == {qid("b"), qid("c")}
    assert await store.remove_queries([*idle]) == 2 and await store.remove_queries([*idle]) == 0
    assert await store.get_queries([qid("a"), qid("b"), qid("c")]) == {qid("a"): "a"}
    assert await store.find_query(qid("b")) is None
    told, place = await changes(stores, place)
    assert sorted(told) == sorted([(qid("b"), ""), (qid("c"), "")])
    await hold(stores, "a", "b")
    assert await store.query_changes(place) == ([(qid("b"), "b")], await store.query_place())


async def test_whoever_asks_for_it_in_between_keeps_it(stores: Stores) -> None:
    store = stores.subscribers
    for text in ("a", "b", "c"):
        await store.add_query(qid(text), text)
    await store.idle_queries(NOW, HOUR)
    idle = await store.idle_queries(NOW + HOUR, HOUR)
    assert set(idle) == {qid("a"), qid("b"), qid("c")}
    await store.add_query(qid("a"), "a")
    await store.find_query(qid("b"))
    assert await store.remove_queries([*idle]) == 1
    assert set(await store.get_queries([*idle])) == {qid("a"), qid("b")}
    assert await store.idle_queries(NOW + HOUR, HOUR) == {}, "their time begins anew"
    assert set(await store.idle_queries(NOW + 2 * HOUR, HOUR)) == {qid("a"), qid("b")}


async def test_what_was_seen_before_its_first_reader_was_stored_has_its_time_anew(stores: Stores) -> None:
    """The text is added first, and then who holds it: a call in between notes what is not idle at all."""
    store = stores.subscribers
    cursor = await store.add_query(qid("a"), "a")
    assert await store.idle_queries(NOW, HOUR) == {}
    value = Subscriber("7", Settings(), NOW, (Subscription(qid("a"), "a", cursor, NOW),))
    value = await store.put_subscriber(value, due=None)
    assert await store.idle_queries(NOW + HOUR, HOUR) == {}
    await store.put_subscriber(replace(value, subscriptions=()), due=None)
    assert await store.idle_queries(NOW + 2 * HOUR, HOUR) == {}, "given up now"
    assert set(await store.idle_queries(NOW + 3 * HOUR, HOUR)) == {qid("a")}


async def test_the_text_of_one_query_comes_with_its_reader(stores: Stores) -> None:
    await hold(stores, "a", "b")
    fresh = RedisSubscriberStore(cast(Redis, stores.subscribers._runner._client)) if isinstance(stores.subscribers, RedisSubscriberStore) else stores.subscribers  # fmt: skip
    found = await fresh.find_subscriber("7", texts=qid("b")[:16])
    assert found is not None and [held.query for held in found.subscriptions] == ["", "b"]
    assert await fresh.find_subscriber("8", texts=qid("b")[:16]) is None
