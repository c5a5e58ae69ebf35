"""The ticks: a step is drained, a failing one is tried again at the next tick and stops no other."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.schedule import ROUNDS, drain, follow_clock, hurry, scheduler, ticking


async def test_a_step_is_called_until_nothing_is_left() -> None:
    left = [True, True, False, True]

    async def step() -> bool:
        return left.pop(0)

    await drain("step", step)
    assert left == [True]


async def test_a_step_that_never_ends_leaves_the_others_their_turn() -> None:
    calls = 0

    async def step() -> bool:
        nonlocal calls
        calls += 1
        return True

    await drain("step", step)
    assert calls == ROUNDS


async def test_a_failing_step_is_logged_and_over(caplog: pytest.LogCaptureFixture) -> None:
    async def step() -> bool:
        raise LookupError("gone")

    with caplog.at_level(logging.DEBUG):
        await drain("watch", step)
    assert "step_failed" in caplog.text


async def test_every_step_ticks_by_itself() -> None:
    ticks: dict[str, int] = {"good": 0, "bad": 0}

    async def good() -> bool:
        ticks["good"] += 1
        return False

    async def bad() -> bool:
        ticks["bad"] += 1
        raise LookupError("always")

    made = scheduler({"good": (good, timedelta(seconds=0.02)), "bad": (bad, timedelta(seconds=0.02))})
    made.start()
    async with asyncio.timeout(5):
        while min(ticks.values()) < 3:
            await asyncio.sleep(0.01)
    made.shutdown(wait=False)


async def test_a_step_that_is_hurried_does_not_wait_for_its_tick() -> None:
    ticked = asyncio.Queue[str]()

    async def step() -> bool:
        await ticked.put("ticked")
        return False

    async with ticking({"step": (step, timedelta(hours=1))}) as made, asyncio.timeout(5):
        for _ in range(2):
            hurry(made, "step")
            assert await ticked.get() == "ticked"


async def test_a_clock_that_is_set_back_makes_no_step_wait_for_it() -> None:
    ticks, wall = list[str](), [1000.0]

    async def step() -> bool:
        ticks.append("ticked")
        return False

    async with ticking({"step": (step, timedelta(seconds=0.05))}) as made:
        (job,) = made.get_jobs()
        job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))  # as it looks after an hour back
        watching = asyncio.create_task(follow_clock(made, lambda: wall[0], lambda: 0.0, 0.01))
        wall[0] += 3600  # forward: the next moment is past already, nothing needs doing
        await asyncio.sleep(0.1)
        assert ticks == []
        wall[0] -= 3600
        async with asyncio.timeout(5):
            while len(ticks) < 3:
                await asyncio.sleep(0.01)
        watching.cancel()
        await asyncio.wait([watching])
    await asyncio.sleep(0.01)
    assert not made.running
