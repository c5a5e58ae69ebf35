"""The ticks: one APScheduler job for each role that works in the background, with no state of its own.

A job calls one pipeline step until it answers that nothing is left. What is due stands in the store, so any number
of processes may tick; a step that fails is logged and tried again at the next tick, and stops no other.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.logs import event

log = logging.getLogger(__name__)

Step = Callable[[], Awaitable[bool]]
"""One piece of work; True if there may be more at once."""

ROUNDS = 1000


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
