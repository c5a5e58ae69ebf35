"""The rates that all processes share: the pure decision, and the script in Redis against it under random orders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.connect_redis import make_client
from digests.rates import PACE, BotLine, Budget, ChatLine, Purse, RateLimits, RateStore, Turns, decide
from digests.rates_memory import SWEEP, MemoryRates
from digests.rates_redis import RedisRates
from subscriptions import to_microseconds

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
FAR = RateLimits(horizon=timedelta(seconds=3))


@pytest.fixture(params=["memory", "redis", "cluster"])
def make(request: pytest.FixtureRequest) -> Callable[[RateLimits], RateStore]:
    if request.param == "memory":
        return MemoryRates
    client = request.getfixturevalue(f"{request.param}_client")
    return lambda limits: RedisRates(client, 42, limits)


Make = Callable[[RateLimits], RateStore]


def booked(turns: Turns) -> list[datetime]:
    return [turn.at for turn in turns.turns if turn.taken]


async def test_equal_distances_and_no_further_than_the_horizon(make: Make) -> None:
    rates = make(RateLimits())
    first = await rates.reserve(range(1, 100), NOW, by="a")
    at = booked(first)
    assert at[0] == NOW and at[-1] <= NOW + timedelta(milliseconds=250)
    gap = timedelta(microseconds=round(1_000_000 / (30 * PACE)))
    assert [later - earlier for earlier, later in pairwise(at)] == [gap] * (len(at) - 1) and len(at) == 8
    assert [turn.taken for turn in first.turns] == [True] * 8 + [False] * 91
    later = await rates.reserve([200], first.turns[-1].at, by="a")
    assert booked(later) == [at[-1] + gap]


@pytest.mark.parametrize("rate", [1, 7, 30, 99, 100, 500, 970, 1000])
def test_no_second_holds_more_than_the_rate_and_a_hundredth_though_some_leave_16_ms_late(rate: int) -> None:
    spacing = RateLimits(per_second=rate).spacing
    assert 0.984 * rate <= 1_000_000 / spacing < 1.01 * rate
    late = 15_999  # the first, and those whose moments come before it has left
    assert sum(max(n * spacing, late) < late + 1_000_000 for n in range(2 * rate + 4)) <= 1.01 * rate


async def test_answers_go_before_a_push(make: Make) -> None:
    rates = make(RateLimits())
    pushed = booked(await rates.reserve(range(1, 100), NOW, by="a"))
    (answer,) = booked(await rates.reserve([500], NOW, by="b", first=True))
    assert pushed[-1] < answer <= NOW + timedelta(milliseconds=300)
    many = booked(await rates.reserve(range(600, 700), NOW, by="b", first=True))
    assert len(many) == 100 and booked(await rates.reserve([7], NOW + SECOND, by="a")) == []


async def test_a_push_is_told_when_it_may_book_again_not_when_it_could_go(make: Make) -> None:
    """Else its bookings would come too late for the first free moment after many answers."""
    limits = RateLimits()
    rates = make(limits)
    answers = booked(await rates.reserve(range(600, 630), NOW, by="b", first=True))
    (turn,) = (await rates.reserve([7], NOW, by="a")).turns
    gap = timedelta(microseconds=limits.spacing)
    assert (turn.taken, turn.at) == (False, answers[-1] + gap - limits.horizon)
    assert booked(await rates.reserve([7], turn.at, by="a")) == [answers[-1] + gap]


async def test_a_chat_has_its_own_pace(make: Make) -> None:
    rates = make(FAR)
    turns = await rates.reserve([7, 7, 8], NOW, by="a")
    assert [turn.taken for turn in turns.turns] == [True, False, True]
    assert turns.turns[1].at == NOW + SECOND
    assert (await rates.reserve([7], NOW + SECOND / 2, by="a")).turns[0].at == NOW + SECOND
    assert booked(await rates.reserve([7], NOW + SECOND, by="a")) == [NOW + SECOND]


async def test_a_reader_who_asks_quickly_is_answered_quickly_but_a_push_waits(make: Make) -> None:
    rates = make(FAR)
    assert len(booked(await rates.reserve([7, 7, 7], NOW, by="a", first=True))) == 3
    assert booked(await rates.reserve([7], NOW + SECOND / 2, by="a")) == []


async def test_twenty_a_minute_in_a_group(make: Make) -> None:
    rates = make(FAR)
    for n in range(20):
        assert len(booked(await rates.reserve([-7], NOW + n * SECOND, by="a", first=n % 2 == 0))) == 1
    for first in (True, False):
        (turn,) = (await rates.reserve([-7], NOW + 30 * SECOND, by="a", first=first)).turns
        assert (turn.at, turn.taken) == (NOW + MINUTE, False)
    assert booked(await rates.reserve([-7], NOW + MINUTE, by="a")) == [NOW + MINUTE]
    assert booked(await rates.reserve([-7], NOW + MINUTE + SECOND, by="a")) == [NOW + MINUTE + SECOND]


async def test_told_to_wait_exactly_as_long_as_told(make: Make) -> None:
    rates = make(FAR)
    await rates.block(7, NOW + 30 * SECOND, NOW)
    await rates.block(7, NOW + 10 * SECOND, NOW)
    for first in (False, True):
        turns = (await rates.reserve([7, 8], NOW, by="b", first=first)).turns
        assert (turns[0].at, [turn.taken for turn in turns]) == (NOW + 30 * SECOND, [False, True])
    assert booked(await rates.reserve([7], NOW + 30 * SECOND, by="b")) == [NOW + 30 * SECOND]
    await rates.block(None, NOW + 60 * SECOND, NOW)
    await rates.block(None, NOW + 50 * SECOND, NOW)
    told = await rates.reserve([9], NOW + 40 * SECOND, by="b", first=True)
    assert booked(told) == [] and told.blocked == NOW + 60 * SECOND
    assert booked(await rates.reserve([9], NOW + 60 * SECOND, by="b")) == [NOW + 60 * SECOND]


async def test_calls_that_only_count_over_all(make: Make) -> None:
    rates = make(RateLimits())
    assert len(booked(await rates.reserve([0, 0, 0], NOW, by="a"))) == 3


async def test_a_clock_that_was_set_back_stops_nothing(make: Make) -> None:
    rates = make(RateLimits())
    await rates.reserve([1], NOW + timedelta(hours=1), by="a")
    assert booked(await rates.reserve([2], NOW, by="a")) == [NOW]


async def test_who_else_books(make: Make) -> None:
    rates = make(RateLimits())
    assert (await rates.reserve([1], NOW, by="a")).alone
    assert not (await rates.reserve([1], NOW, by="b")).alone
    assert not (await rates.reserve([1], NOW + SECOND, by="b")).alone
    assert (await rates.reserve([1], NOW + 3 * SECOND, by="b")).alone


async def test_no_limit(make: Make) -> None:
    rates = make(RateLimits(per_second=0))
    assert booked(await rates.reserve(range(1, 500), NOW, by="a")) == [NOW] * 499


async def test_quiet_chats_are_forgotten(redis_client: Redis) -> None:
    rates = MemoryRates(RateLimits(per_second=0))
    for n in range(2 * SWEEP):
        await rates.reserve([n + 1], NOW + n * timedelta(milliseconds=100), by="a")
    assert len(rates._chats) <= SWEEP + 1
    shared = RedisRates(redis_client, 42, RateLimits())
    await shared.reserve([5], NOW, by="a")
    await asyncio.sleep(1.2)
    assert await redis_client.exists("{rate42}:c:5") == 0


def purse(*payers: str, budget: int = 100, day: str = "2026-11-20") -> Purse:
    return Purse(RateLimits(per_second=970), budget, day, payers)


async def test_what_is_paid_for_goes_at_its_own_rate_and_takes_nothing_from_the_rest(make: Make) -> None:
    rates = make(RateLimits())
    paid = booked(await rates.reserve(range(1, 100), NOW, by="a", purse=purse(*["p"] * 99)))
    assert len(paid) == 99 and paid[-1] - NOW < timedelta(milliseconds=110)
    free = booked(await rates.reserve(range(200, 300), NOW, by="a"))
    assert len(free) == 8 and free[0] == NOW, "the rest keeps thirty a second, all of it"
    (again,) = (await rates.reserve([5], NOW, by="a")).turns
    assert (again.taken, again.at) == (False, paid[4] + SECOND), "a chat has one pace, whoever pays"


async def test_a_budget_is_counted_as_it_is_booked(make: Make) -> None:
    rates = make(RateLimits())
    turns = (await rates.reserve([1, 2, 3, 4], NOW, by="a", purse=purse("p", "q", "p", "p", budget=3))).turns
    assert [(turn.taken, turn.unpaid) for turn in turns] == [(True, False)] * 3 + [(False, True)]
    assert turns[3].at == NOW
    assert await rates.spent("p", "2026-11-20") == (3, 2) and await rates.spent("q", "2026-11-20") == (3, 1)
    counted = (await rates.reserve([9, 10], NOW, by="b", purse=purse("", "q", budget=3))).turns
    assert [(turn.taken, turn.unpaid) for turn in counted] == [(True, False), (False, True)]
    assert await rates.spent("none", "2026-11-19") == (0, 0)
    assert booked(await rates.reserve([20], NOW, by="a", purse=purse("p", budget=3, day="2026-11-21")))
    assert await rates.spent("p", "2026-11-21") == (1, 3)
    (behind,) = (await rates.reserve([21], NOW, by="b", purse=purse("p", budget=1, day="2026-11-20"))).turns
    assert behind.unpaid, "a clock behind the others does not begin a day anew"


async def test_processes_that_spend_at_once_stay_within_the_budget(make: Make) -> None:
    rates = make(RateLimits())
    orders = [
        rates.reserve([n * 10 + k + 1 for k in range(10)], NOW, by=f"p{n}", purse=purse(*["p"] * 10, budget=55))
        for n in range(10)
    ]
    taken = sum(len(booked(turns)) for turns in await asyncio.gather(*orders))
    assert taken == 55 and await rates.spent("p", "2026-11-20") == (55, 55)


async def test_a_wait_of_the_whole_bot_holds_for_what_is_paid_too(make: Make) -> None:
    rates = make(RateLimits())
    await rates.block(None, NOW + 5 * SECOND, NOW)
    turns = await rates.reserve([1], NOW, by="a", purse=purse("p"))
    assert booked(turns) == [] and turns.blocked == NOW + 5 * SECOND and await rates.spent("p", "2026-11-20") == (0, 0)


def test_a_budget_in_words() -> None:
    budget = Budget(1000, Decimal("0.1"), "Asia/Shanghai", free=30)
    assert budget.per_second == 970
    assert budget.day(datetime(2026, 11, 20, 16, tzinfo=UTC)) == "2026-11-21"
    assert [Budget().per_second, Budget(9, free=1000).per_second, Budget(9, free=0).per_second] == [0, 0, 0]


ORDERS = st.lists(
    st.tuples(
        st.lists(st.integers(-2, 6), min_size=1, max_size=9), st.integers(0, 900), st.booleans(), st.sampled_from("ab")
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=80, deadline=None)
@given(ORDERS, st.integers(1, 40))
def test_no_second_is_over_the_rate_and_no_chat_over_its_own(
    orders: list[tuple[list[int], int, bool, str]], rate: int
) -> None:
    limits = RateLimits(per_second=rate, group_per_minute=5)
    line, known, now, taken = BotLine(), dict[int, ChatLine](), to_microseconds(NOW), list[tuple[int, int, bool]]()
    for chats, wait, first, by in orders:
        now += wait * 1000
        made = decide(limits, line, known, chats, now, by, first)
        line, known = made.line, known | dict(made.chats)
        taken += [(at, chat, first) for chat, (at, yes) in zip(chats, made.turns, strict=True) if yes]
        assert all(at >= now for at, _ in made.turns)
    moments = [at for at, _, _ in taken]
    assert moments == sorted(moments)
    assert all(later - earlier >= 1_000_000 for earlier, later in zip(moments, moments[rate:], strict=False))
    for chat in {-2, -1}:
        mine = [at for at, other, _ in taken if other == chat]
        assert all(later - earlier >= 1_000_000 for earlier, later in pairwise(mine))
        assert all(later - earlier >= 60_000_000 for earlier, later in zip(mine, mine[5:], strict=False))
    for earlier, later in pairwise([one for one in taken if one[1] == 1]):
        assert later[2] or later[0] - earlier[0] >= 1_000_000


@settings(max_examples=40, deadline=None)
@given(orders=ORDERS, blocks=st.lists(st.tuples(st.integers(-2, 6), st.integers(0, 9)), max_size=3))
def test_the_script_decides_as_the_pure_function(
    store_url: str, orders: list[tuple[list[int], int, bool, str]], blocks: list[tuple[int, int]]
) -> None:
    limits = RateLimits(group_per_minute=3)

    paid_limits = RateLimits(per_second=200, group_per_minute=3)

    async def both() -> None:
        client = make_client(store_url)
        await client.flushall()
        stores: list[RateStore] = [MemoryRates(limits), RedisRates(client, 7, limits)]
        now = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)  # ahead, so that nothing expires meanwhile
        for chat, seconds in blocks:
            for store in stores:
                await store.block(chat or None, now + seconds * SECOND, now)
        for chats, wait, first, by in orders:
            now += timedelta(milliseconds=wait)
            memory, shared = [await store.reserve(chats, now, by=by, first=first) for store in stores]
            assert memory == shared
            payers = tuple("ab "[chat % 3].strip() for chat in chats)
            purse = Purse(paid_limits, 40, now.date().isoformat(), payers)
            memory, shared = [await store.reserve(chats, now, by=by, purse=purse) for store in stores]
            assert memory == shared
            for batch in "ab":
                memory_spent, shared_spent = [await store.spent(batch, purse.day) for store in stores]
                assert memory_spent == shared_spent and memory_spent[0] <= 40
        await client.aclose()

    asyncio.run(both())
