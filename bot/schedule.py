"""The ticks: one APScheduler job for each role that works in the background, with no state of its own.

A job calls one pipeline step until it answers that nothing is left. What is due stands in the store, so any number
of processes may tick; a step that fails is logged and tried again at the next tick, and stops no other. The scheduler keeps
its next moments by the clock on the wall, so a clock that is set back would make it wait for so long: then all is due at once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.logs import event

log = logging.getLogger(__name__)

Step = Callable[[], Awaitable[bool]]
"""One piece of work; True if there may be more at once."""

ROUNDS = 1000
LOOK_EVERY = 1.0
SET_BACK = 1.0
"""Seconds by which the clock must fall behind between two looks."""


async def drain(name: str, step: Step) -> None:
    """Call `step` until it has nothing left, at most ROUNDS times, so that one role never starves the others."""
    for _ in range(ROUNDS):
        try:
            if not await step():
                return
        except Exception as error:  # the tick must survive whatever one step meets
            event(log, "step_failed", level=logging.ERROR, step=name, error=f"{type(error).__name__}: {error}")
            log.debug("step %s", name, exc_info=error)
            return


def scheduler(steps: Mapping[str, tuple[Step, timedelta]]) -> AsyncIOScheduler:
    """A scheduler, not yet started, that drains each step at its interval; a late tick runs once, never twice at a time."""
    made = AsyncIOScheduler(timezone="UTC")
    for name, (step, every) in steps.items():
        made.add_job(
            drain,
            "interval",
            args=(name, step),
            seconds=every.total_seconds(),
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    return made


@asynccontextmanager
async def ticking(steps: Mapping[str, tuple[Step, timedelta]]) -> AsyncIterator[AsyncIOScheduler]:
    """The scheduler at work, until the end of the block."""
    made = scheduler(steps)
    made.start()
    watching = asyncio.create_task(follow_clock(made), name="clock")
    try:
        yield made
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        made.shutdown(wait=False)


def hurry(made: AsyncIOScheduler, name: str) -> None:
    """This step now; where it is at work, at its next tick."""
    made.modify_job(name, next_run_time=datetime.now(UTC))


async def follow_clock(
    made: AsyncIOScheduler,
    wall: Callable[[], float] = time.time,
    steady: Callable[[], float] = time.monotonic,
    look_every: float = LOOK_EVERY,
) -> None:
    """Runs until cancelled: after the clock was set back, everything is due now."""
    ahead = wall() - steady()
    while True:
        await asyncio.sleep(look_every)
        before, ahead = ahead, wall() - steady()
        if ahead < before - SET_BACK:
            event(log, "clock_set_back", level=logging.WARNING, seconds=round(before - ahead, 1))
            for job in made.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))
