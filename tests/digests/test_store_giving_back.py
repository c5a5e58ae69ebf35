"""The contract of Outbox, on memory, a server and a cluster: what moves, what is forgotten, given back, handed back, or dead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from outbox_kit import DAY, MINUTE, NOW, SECOND, claim, delivery, settle, subscribed
from store_servers import Stores

from digests.codec import HAD_KEPT
from subscriptions import (
    Settings,
    Subscriber,
)


# ------------------------------------------------------------------------------------------------ moving and forgetting
@pytest.mark.parametrize("new", ["-1005", "-21"])
async def test_a_group_moves_with_all_it_had(stores: Stores, new: str) -> None:
    value = await subscribed(stores, "-5")
    assert await stores.outbox.compose(value, value, due=None, had=[3, 4], delivery=delivery("a", "-5", batch="x"))
    await stores.outbox.put([delivery(id, "-5", batch="x") for id in "bc"], NOW)
    await stores.outbox.put([delivery("other", "-5:9"), delivery("there", new)], NOW)
    (first, *_) = [d for d in await stores.outbox.claim(NOW, 9, MINUTE) if d.id == "a"]
    await settle(stores, first)
    for _ in range(2):
        await stores.outbox.move("-5", new, NOW)
    await stores.outbox.move(new, new, NOW)
    assert await stores.outbox.had("-5") == frozenset()
    assert await stores.outbox.had(new) == {3, 4}
    assert await stores.outbox.find_delivery("b", "-5") is None
    assert await stores.outbox.find_delivery("a", new) == replace(first, subscriber=new, state="sent", settled=NOW)
    assert await stores.outbox.batch_report("x") == {"queued": 2, "sent": 1}
    order = []
    for minute in range(1, 4):
        for claimed in await stores.outbox.claim(NOW + minute * DAY, 9, MINUTE):
            order += [claimed.id] if claimed.subscriber == new else []
            await settle(stores, claimed)
    assert order == ["there", "b", "c"]


async def test_forgetting_leaves_nothing(stores: Stores) -> None:
    value = await subscribed(stores)
    await stores.outbox.compose(value, value, due=None, had=[3], delivery=delivery("a", batch="x"))
    await stores.outbox.put([delivery("b", batch="x"), delivery("c", "1:7", batch="x")], NOW)
    await settle(stores, delivery("a", batch="x"))
    for _ in range(2):
        await stores.outbox.drop("1")
    assert await stores.outbox.had("1") == frozenset()
    assert await stores.outbox.find_delivery("a", "1") is None
    assert await stores.outbox.find_delivery("b", "1") is None
    assert await stores.outbox.batch_report("x") == {"queued": 1, "sent": 1}
    assert await claim(stores) == ["c"]
    await stores.outbox.drop("1:7")
    assert await claim(stores, NOW + DAY) == []
    assert await stores.outbox.backlog(NOW) == (0, timedelta(0))


# ------------------------------------------------------------------------------------------------ giving back
async def test_what_is_given_back_is_owed_until_it_is_given(stores: Stores) -> None:
    reader = await stores.subscribers.put_subscriber(Subscriber("1", Settings(), NOW), due=None)
    assert await stores.outbox.compose(reader, reader, due=None, had=[1, 2, 3], delivery=None)
    await stores.outbox.give_back("1", [2, 3])
    await stores.outbox.give_back("1", [2, 3])
    assert (await stores.outbox.had("1"), await stores.outbox.owed("1")) == (frozenset({1}), frozenset({2, 3}))
    again = await stores.subscribers.find_subscriber("1")
    assert again is not None
    assert await stores.outbox.compose(again, again, due=None, had=[3, 4, 5], delivery=None)
    await stores.outbox.give_back("1", [], stood_for=[5, 6])
    assert (await stores.outbox.had("1"), await stores.outbox.owed("1")) == (frozenset({1, 3, 4}), frozenset({2}))
    await stores.outbox.move("1", "-1009", NOW)
    assert (await stores.outbox.had("-1009"), await stores.outbox.owed("-1009")) == (
        frozenset({1, 3, 4}),
        frozenset({2}),
    )
    assert (await stores.outbox.had("1"), await stores.outbox.owed("1")) == (frozenset(), frozenset())
    await stores.outbox.drop("-1009")
    assert (await stores.outbox.had("-1009"), await stores.outbox.owed("-1009")) == (frozenset(), frozenset())


async def test_what_an_article_stood_for_is_owed_again_where_that_comes_back(stores: Stores) -> None:
    async def given(*had: int, stood_for: Sequence[int] = ()) -> None:
        reader = await stores.subscribers.find_subscriber("1")
        assert reader is not None
        assert await stores.outbox.compose(reader, reader, due=None, had=had, stood_for=stood_for, delivery=None)

    await stores.subscribers.put_subscriber(Subscriber("1", Settings(), NOW), due=None)
    await stores.outbox.give_back("1", [1, 2])
    await given(3, stood_for=[1, 4])
    assert (await stores.outbox.had("1"), await stores.outbox.owed("1")) == (frozenset({1, 3, 4}), frozenset({2}))
    await stores.outbox.give_back("1", [3], stood_for=[1, 4])
    assert (await stores.outbox.had("1"), await stores.outbox.owed("1")) == (frozenset(), frozenset({1, 2, 3}))
    await given(3, stood_for=[1])
    await stores.outbox.move("1", "-1009", NOW)
    await stores.outbox.give_back("-1009", [3], stood_for=[1])
    assert await stores.outbox.owed("-1009") == {1, 2, 3}


async def test_what_was_had_long_ago_is_owed_no_more(stores: Stores) -> None:
    reader = await stores.subscribers.put_subscriber(Subscriber("1", Settings(), NOW), due=None)
    await stores.outbox.give_back("1", [1, 2])
    later = range(10, 10 + HAD_KEPT - 1)
    for n, (had, stood_for) in enumerate([([3], [1]), (later, [])]):
        value = replace(reader, rev=reader.rev + n)
        assert await stores.outbox.compose(value, value, due=None, had=had, stood_for=stood_for, delivery=None)
    assert await stores.outbox.had("1") == {1, *later}
    await stores.outbox.give_back("1", [later[-1]], stood_for=[1])
    assert await stores.outbox.owed("1") == {1, 2, later[-1]}
    value = replace(reader, rev=reader.rev + 2)
    assert await stores.outbox.compose(value, value, due=None, had=[4, 5], stood_for=[1], delivery=None)
    value = replace(reader, rev=reader.rev + 3)
    await stores.outbox.compose(value, value, due=None, had=range(2000, 2000 + HAD_KEPT), delivery=None)
    assert await stores.outbox.owed("1") == {2, later[-1]}


async def test_what_was_claimed_and_not_tried_is_handed_back(stores: Stores) -> None:
    await stores.outbox.put([delivery("a"), delivery("b"), delivery("c", "2")], NOW)
    claimed = await stores.outbox.claim(NOW, 9, MINUTE)
    assert await claim(stores) == []
    for _ in range(2):
        await stores.outbox.hand_back(claimed, NOW + SECOND)
    await stores.outbox.hand_back([], NOW)
    await stores.outbox.hand_back([delivery("b", attempts=0), delivery("none", attempts=1)], NOW)
    assert await claim(stores) == []
    again = await stores.outbox.claim(NOW + SECOND, 9, MINUTE)
    assert [(d.id, d.attempts) for d in again] == [("a", 1), ("c", 1)]


async def test_what_is_handed_back_twice_leaves_the_next_ones_claim_alone(stores: Stores) -> None:
    """The answer to the first was lost, and the client says it again: by then somebody else may be sending."""
    outbox = stores.outbox
    await outbox.put([delivery("a", once=True)], NOW)
    (mine,) = await outbox.claim(NOW, 9, MINUTE)
    await outbox.hand_back([mine], NOW)
    (other,) = await outbox.claim(NOW + SECOND, 9, MINUTE)
    assert (mine.attempts, other.attempts) == (1, 1) and await outbox.begin(other) == "begun"
    await outbox.hand_back([mine], NOW)
    assert await claim(stores, NOW + 2 * SECOND) == [], "nobody sends it a second time meanwhile"
    found = await outbox.find_delivery("a", "1")
    assert found is not None and found.attempts == 1, "and the attempt stays on record"
    assert await outbox.begin(other) == "unknown"
    await outbox.hand_back([other], NOW + SECOND)
    (third,) = await outbox.claim(NOW + 2 * SECOND, 9, MINUTE)
    assert third.attempts == 1


async def test_whoever_lost_his_claim_neither_hands_back_nor_puts_off(stores: Stores) -> None:
    await stores.outbox.put([delivery("a")], NOW)
    (slow,) = await stores.outbox.claim(NOW, 9, MINUTE)
    (quick,) = await stores.outbox.claim(NOW + MINUTE, 9, MINUTE)
    await stores.outbox.hand_back([slow], NOW)
    await stores.outbox.settle(replace(slow, error="429"), NOW, next_at=NOW, chat_at=NOW)
    assert await claim(stores, NOW + MINUTE) == []
    found = await stores.outbox.find_delivery("a", "1")
    assert found == quick
    await settle(stores, quick)
    await stores.outbox.hand_back([quick], NOW)
    assert await claim(stores, NOW + DAY) == []


async def test_the_usual_end_keeps_everything_else(stores: Stores) -> None:
    await stores.outbox.put([delivery("a", batch="x"), delivery("b")], NOW)
    (claimed,) = await stores.outbox.claim(NOW, 9, MINUTE)
    await settle(stores, claimed, sent=(7, 8), chat_at=NOW + SECOND)
    await settle(stores, claimed, sent=(9,))
    expected = replace(claimed, state="sent", sent=(7, 8), settled=NOW)
    assert await stores.outbox.find_delivery("a", "1") == expected
    assert await stores.outbox.batch_report("x") == {"sent": 1}
    assert await claim(stores) == []
    assert await claim(stores, NOW + SECOND) == ["b"]
    await settle(stores, delivery("unknown", attempts=1))


# ------------------------------------------------------------------------------------------------ dead letters
async def test_dead_letters_are_listed_retried_and_dismissed(stores: Stores) -> None:
    await stores.outbox.put([delivery(f"d{n}", str(n), batch="b") for n in (1, 2, 3)], NOW)
    for n, one in enumerate(await stores.outbox.claim(NOW, 9, MINUTE)):
        await settle(stores, replace(one, error="400"), NOW + n * SECOND, state="failed")
    found = await stores.outbox.failed(9)
    assert [one.settled for one in found] == [NOW + n * SECOND for n in (2, 1, 0)]
    assert [one.id for one in await stores.outbox.failed(1)] == [found[0].id] and await stores.outbox.failed(0) == []
    first, second, third = found
    assert await stores.outbox.retry(first.id, first.subscriber, NOW + MINUTE)
    assert not await stores.outbox.retry(first.id, first.subscriber, NOW + MINUTE)
    assert not await stores.outbox.retry("x", "1", NOW)
    again = await stores.outbox.claim(NOW + MINUTE, 9, MINUTE)
    assert again == [replace(first, state="queued", attempts=1, settled=None)]
    assert await stores.outbox.batch_report("b") == {"queued": 1, "failed": 2}
    assert await stores.outbox.dismiss(second.id, second.subscriber)
    assert not await stores.outbox.dismiss(second.id, second.subscriber)
    assert await stores.outbox.find_delivery(second.id, second.subscriber) == second
    assert await stores.outbox.failed(9) == [third]
    await stores.outbox.move(third.subscriber, "-7", NOW)
    assert await stores.outbox.failed(9) == [replace(third, subscriber="-7")]
    await stores.outbox.drop("-7")
    assert await stores.outbox.failed(9) == []
