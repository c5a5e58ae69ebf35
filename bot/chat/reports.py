"""The report of a push or broadcast: edited in place while it goes out, and again on a button after a restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message

from bot.chat.callbacks import Confirm
from bot.chat.reader import Reader
from bot.chat.view import View, change
from bot.services import Services
from digests.types import Button

log = logging.getLogger(__name__)

STATES = ("sent", "queued", "paused", "failed", "expired", "nothing")
PAUSES = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0)
"""Seconds between looks, the last one repeated: prompt for a small push, cheap for a long one."""
LOOKS = 200


def report_view(reader: Reader, batch: str, states: Mapping[str, int], *, sending: bool) -> View:
    head = reader.t("report-sending" if sending else "report-done")
    lines = [reader.t(f"report-{state}", count=states[state]) for state in STATES if states.get(state)]
    again = Button(reader.plain("report-refresh"), Confirm(batch=batch, step="report").pack())
    return View("\n".join((head, *lines)), ((again,),) if sending else ())


class Reporter:
    """Follows batches in the background, one task each; `close` ends them with the service."""

    def __init__(self, services: Services, pauses: tuple[float, ...] = PAUSES) -> None:
        self._services, self._pauses = services, pauses
        self._tasks: set[asyncio.Task[None]] = set()

    def watch(self, message: Message, reader: Reader, batch: str) -> None:
        """Edit `message` until two looks in a row find the same and nothing waits."""
        task = asyncio.create_task(self._follow(message, reader, batch))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("report ended early", exc_info=task.exception())

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _follow(self, message: Message, reader: Reader, batch: str) -> None:
        shown: dict[str, int] = {}
        for look in range(LOOKS):
            await asyncio.sleep(self._pauses[min(look, len(self._pauses) - 1)])
            states = dict(await self._services.digests.batch_report(batch))
            ended = states == shown and not waits(states)
            if states != shown or ended:
                await _update(message, report_view(reader, batch, states, sending=not ended))
            if ended:
                return
            shown = states


def waits(states: Mapping[str, int]) -> bool:
    """Something is still to be sent, or nothing is counted yet."""
    return bool(states.get("queued")) or not any(states.values())


async def _update(message: Message, view: View) -> None:
    try:
        await change(message, view)
    except TelegramAPIError as error:
        log.info("report not shown: %s", error.message)
