"""The relay where a process, the store, the Bot API or a clock fails it, and at its end: nothing is lost and nothing comes twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from relay_kit import NOW, Bench, notice
from store_servers import memory

from bot.rates import Rates
from bot.relay_doubt import Doubt
from bot.relay_pace import Held, Pacer
from digests.errors import StoreError
from digests.rates import RateLimits
from digests.settle import Outcome
from digests.types import Chunk


@pytest.fixture
def bench() -> Bench:
    return Bench(memory())


async def test_a_process_that_stood_still_does_not_send_what_others_may_have(bench: Bench) -> None:
    await bench.put(notice("a"), notice("b", "2"))
    await bench.relay._take()
    bench.now += timedelta(seconds=61)
    while len(bench.relay._pacer):
        await bench.relay._pacer.drain()
    assert bench.texts == []
    assert await bench.relay.step() == 2
    assert sorted(chat for chat, _, _, _ in bench.sender.sent) == [1, 2]


async def test_many_chats_told_to_wait_mean_the_bot(bench: Bench) -> None:
    await bench.put(*(notice(f"d{n}", str(n)) for n in range(1, 7)))
    bench.sender.outcomes = [Outcome("retry_after", retry_after=30)] * 3
    await bench.relay.step()
    assert await bench.after(timedelta(seconds=20)) == 0
    await bench.after(timedelta(seconds=11))
    assert len(bench.texts) == 6


async def test_a_wait_that_another_process_was_told(bench: Bench) -> None:
    other = Rates(bench.rates._store, bench.limits, lambda: bench.now, bench.sleep, "b")
    await bench.put(*(notice(f"d{n}", str(n)) for n in range(1, 7)))
    await other.block(None, NOW + timedelta(seconds=30))
    assert await bench.relay.step() == 6
    assert bench.texts == [] and await bench.after(timedelta(seconds=29)) == 0
    assert await bench.after(timedelta(seconds=1)) == 6
    found = await bench.stores.outbox.find_delivery("d1", "1")
    assert found is not None and (found.state, found.attempts) == ("sent", 1)


def away(bench: Bench, name: str, times: float) -> list[object]:
    """That method of the outbox raises so many times; answers the calls."""
    method, calls = getattr(bench.stores.outbox, name), list[object]()

    async def failing(*words: Any, **named: Any) -> object:
        calls.append(words)
        if len(calls) <= times:
            raise StoreError("away")
        return await method(*words, **named)

    setattr(bench.stores.outbox, name, failing)
    return calls


async def test_what_came_of_a_message_waits_for_a_store_that_is_away(bench: Bench) -> None:
    await bench.put(notice("a", html="一|二"), notice("b", "2"))
    progressed, settled = away(bench, "progress", 3), away(bench, "settle", 20)
    begun = bench.now
    await bench.relay.step()
    assert sorted(bench.texts) == ["一", "二", "甲"] and len(progressed) == 4 and len(settled) > 20
    assert bench.now - begun > timedelta(seconds=9)
    for id, chat in (("a", "1"), ("b", "2")):
        found = await bench.stores.outbox.find_delivery(id, chat)
        assert found is not None and (found.state, found.attempts) == ("sent", 1)


async def test_a_wait_counts_once_however_often_it_is_stored(bench: Bench) -> None:
    await bench.put(notice("a"))
    bench.sender.outcomes = [Outcome("retry_after", retry_after=7)]
    settled = away(bench, "settle", 3)
    await bench.relay.step()
    assert len(settled) == 4 and bench.relay._metrics.retry_after._value.get() == 7


async def test_what_can_never_be_stored_gives_its_room_back(bench: Bench) -> None:
    await bench.put(notice("a"))
    settled = away(bench, "settle", float("inf"))
    assert await bench.relay.step() == 1
    assert bench.texts == ["甲"] and len(settled) > 100 and not bench.relay._flights


async def test_a_process_that_does_not_reach_the_bot_api_leaves_the_work_to_others(bench: Bench) -> None:
    other = Bench(bench.stores)
    bench.sender.outcomes = [Outcome("network", "refused")] * 10_000
    await bench.put(*(notice(f"d{n}", str(n)) for n in range(1, 201)))
    assert await bench.relay.step() == 30
    while await bench.relay.step():
        pass
    tried = 10_000 - len(bench.sender.outcomes)
    assert tried <= 32  # the doubt comes after twenty, what flew by then included; then one at a time
    other.now = bench.now + timedelta(seconds=5)
    for _ in range(20):
        await other.relay.step()
    assert len(other.texts) == 200
    ledger = [await bench.stores.outbox.find_delivery(f"d{n}", str(n)) for n in range(1, 201)]
    assert sum(one.attempts for one in ledger if one) <= 200 + tried


async def test_doubt_ends_with_the_first_message_that_arrives(bench: Bench) -> None:
    await bench.put(*(notice(f"d{n}", str(n)) for n in range(1, 61)))
    bench.sender.outcomes = [Outcome("server_error", "502")] * 25
    begun = bench.now
    while len(bench.texts) < 60 and bench.now - begun < timedelta(minutes=2):
        await bench.after(timedelta(seconds=1))
    assert len(bench.texts) == 60 and not bench.relay._doubt.is_deep


async def test_a_clock_set_back_prolongs_no_doubt() -> None:
    doubt = Doubt()
    for _ in range(20):
        doubt.note(Outcome("network"))
    assert [doubt.room(9, NOW), doubt.room(9, NOW), doubt.room(9, NOW - timedelta(hours=1))] == [1, 0, 1]


@pytest.mark.parametrize("back", [timedelta(seconds=5), timedelta(hours=1)])
async def test_a_clock_that_is_set_back_holds_nothing_up(back: timedelta) -> None:
    bench = Bench(memory(), limits=RateLimits(per_second=4))
    await bench.put(*(notice(f"d{n}", str(n), "一|二") for n in range(1, 7)))
    await bench.relay.step()
    await bench.relay.step()
    assert len(bench.texts) == 12
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await bench.sleep(seconds)

    bench.relay._pacer._sleep = sleep
    held = [Held(notice(f"e{n}", str(n)), (Chunk("甲", "甲"),), None, NOW + timedelta(hours=9)) for n in (7, 8, 9)]
    bench.relay._pacer.put(held[:1])
    bench.relay._pacer._booked.append((bench.now + timedelta(milliseconds=200), held[1]))
    bench.relay._pacer.put_later(held[2], bench.now + timedelta(seconds=1))
    bench.now -= back
    await bench.relay._pacer.drain()
    await asyncio.gather(*bench.relay._flights)
    gone = {chat for chat, _, _, _ in bench.sender.sent[12:]}
    handed_back = 3 - len(gone)  # a few seconds back, bookings of before still stand: that is a later time, not a sleep
    assert sum(slept) < 5 and (handed_back == 0 or back < timedelta(seconds=10))


async def test_rates_that_are_away_delay_and_lose_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    reserve, failures = bench.rates._store.reserve, [StoreError("away"), StoreError("away")]

    async def failing(*words: Any, **named: Any) -> object:
        if failures:
            raise failures.pop()
        return await reserve(*words, **named)

    monkeypatch.setattr(bench.rates._store, "reserve", failing)
    await bench.put(notice("a"))
    await bench.relay.step()
    assert bench.texts == ["甲"] and failures == []


# ------------------------------------------------------------------------------------------------ the end
async def test_the_end_finishes_what_flies_and_hands_the_rest_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.put(*(notice(f"d{n}", str(n), "一|二") for n in range(1, 31)))
    answer = asyncio.Event()
    send = bench.sender.send

    async def slow(*words: Any, **named: Any) -> Outcome:
        await answer.wait()
        return await send(*words, **named)

    monkeypatch.setattr(bench.sender, "send", slow)
    task = asyncio.create_task(bench.relay.run(idle=60))
    while not bench.relay._flights:
        await asyncio.sleep(0)
    bench.relay.stop()
    while any(one.get_name() == "pacer" for one in asyncio.all_tasks()):  # all_tasks: those that are not done
        await asyncio.sleep(0.01)
    flying = len(bench.relay._flights)
    answer.set()
    await asyncio.wait_for(task, 5)
    assert len(bench.texts) == flying
    other = Bench(bench.stores, now=bench.now + timedelta(seconds=2))
    while await other.relay.step():
        other.now += timedelta(seconds=1)
    told = Counter((chat, text) for chat, _, text, _ in bench.sender.sent + other.sender.sent)
    assert told == Counter({(n, text): 1 for n in range(1, 31) for text in ("一", "二")})


async def test_whoever_is_stopped_while_waiting_for_a_turn_loses_nothing(bench: Bench) -> None:
    async def never(seconds: float) -> None:
        await asyncio.Event().wait()

    async def launch(held: Held) -> None:
        raise AssertionError("nobody's moment has come")

    async def too_far(far: list[tuple[Held, datetime]], blocked: datetime) -> None:
        raise AssertionError("nothing is far")

    pacer = Pacer(bench.rates, launch, too_far, lambda: NOW - timedelta(seconds=1), never)
    held = [Held(notice(f"d{n}", str(n)), (Chunk("甲", "甲"),), None, NOW) for n in range(1, 6)]
    pacer.put(held)
    running = asyncio.create_task(pacer.run())
    await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.wait([running])
    assert sorted(one.chat for one in pacer.take_all()) == [1, 2, 3, 4, 5] and not len(pacer)


async def test_what_is_late_leaves_one_by_one(bench: Bench) -> None:
    """Each is written before the next is counted as left: counted together, all but the first would be written later than that."""
    told = list[str]()

    async def fly(chat: int) -> None:
        told.append(f"written {chat}")

    async def launch(held: Held) -> None:
        told.append(f"left {held.chat}")
        flights.append(asyncio.create_task(fly(held.chat)))

    async def too_far(far: list[tuple[Held, datetime]], blocked: datetime) -> None:
        raise AssertionError("nothing is far")

    flights = list[asyncio.Task[None]]()
    pacer = Pacer(bench.rates, launch, too_far, lambda: bench.now, bench.sleep)
    pacer.put(Held(notice(f"d{n}", str(n)), (Chunk("甲", "甲"),), None, NOW) for n in range(1, 4))
    booking = asyncio.create_task(pacer.drain())
    while not pacer._booked:
        await asyncio.sleep(0)
    bench.now += timedelta(seconds=1)  # this process stood still
    await booking
    await asyncio.gather(*flights)
    assert told == [f"{what} {chat}" for chat in (1, 2, 3) for what in ("left", "written")]
