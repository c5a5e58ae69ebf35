"""What is being sent, told in place: how much has gone, how long the rest takes, and buttons to pause, resume and stop it. Followed in
the background, and taken up again on any of its buttons after a restart.
"""

from __future__ import annotations

import asyncio
import logging

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.chat.callbacks import Acknowledge, Confirm, HoldBack
from bot.chat.filters import FromAdmin
from bot.chat.plans import moment
from bot.chat.problems import RefusedError
from bot.chat.reader import Reader
from bot.chat.view import Rows, View, change, show
from bot.chat.wording import duration
from bot.fees import stars
from bot.pushes import Progress
from bot.services import Services
from digests.types import Batch, Button, Hold

log = logging.getLogger(__name__)

STATES = ("sent", "queued", "paused", "failed", "expired", "uncertain", "stopped", "nothing")
DEEDS = ("sending", "done")
PAUSES = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0)
"""Seconds between looks, the last one repeated: prompt for a small push, cheap for a long one."""
LOOKS = 4000
"""Nearly a day."""
ASKED: dict[str, Hold] = {"paused": "paused", "resumed": "resumed", "stopped": "stopped"}


def report_view(reader: Reader, progress: Progress) -> View:
    batch, states = progress.batch, progress.states
    phase = _phase(progress)
    lines = [reader.t(f"report-{phase}{_deed(batch) if phase in DEEDS else ''}")]
    for state in STATES:
        if states.get(state):
            key = f"sent{_deed(batch)}" if state == "sent" else state
            lines.append(reader.t(f"report-{key}", count=states[state]))
    if progress.fee is not None:
        lines.append(reader.t("report-paid", count=progress.fee.messages, stars=stars(progress.fee.stars)))
        lines += [reader.t("report-used-up")] if progress.fee.left == 0 and not progress.done else []
    if progress.done:
        lines.append(reader.t("report-took", time=duration(reader, progress.took)))
    elif not progress.held:
        lines.append(reader.t("report-left", time=duration(reader, progress.left)))
    return View("\n".join(lines), _buttons(reader, progress))


def _deed(batch: Batch) -> str:
    """A recall sends nothing: it deletes, or puts another text in its place."""
    return "" if batch.kind != "recall" else "-amend" if batch.html else "-delete"


def _phase(progress: Progress) -> str:
    batch = progress.batch
    if progress.done:
        return "ended" if batch.hold == "stopped" else "done"
    if progress.held:
        return {"paused": "held", "failing": "failing"}.get(batch.hold, "stopping")
    return "sending"


def _buttons(reader: Reader, progress: Progress) -> Rows:
    batch = progress.batch
    if progress.done:
        return ()
    again = Button(reader.plain("report-refresh"), Confirm(batch=batch.id, step="report").pack())
    if batch.hold == "stopped":
        return ((again,),)
    turn = ("push-resume", "resumed") if progress.held else ("push-pause", "paused")
    holds = [
        Button(reader.plain(key), HoldBack(batch=batch.id, hold=to).pack())
        for key, to in (turn, ("push-stop", "stopped"))
    ]
    return (tuple(holds), (again,))


def scheduled_view(reader: Reader, batch: Batch) -> View:
    at = moment(reader, batch.at or reader.now)
    return View(reader.t("send-scheduled", at=at, readers=batch.readers), ((cancel_button(reader, batch),),))


def cancel_button(reader: Reader, batch: Batch) -> Button:
    at = moment(reader, batch.at or reader.now)
    return Button(reader.plain("scheduled-cancel", at=at), HoldBack(batch=batch.id, hold="stopped").pack())


class Reporter:
    """Follows batches in the background, one task for each message; `close` ends them with the service."""

    def __init__(self, services: Services, pauses: tuple[float, ...] = PAUSES) -> None:
        self._services, self._pauses = services, pauses
        self._tasks: dict[tuple[int, int], asyncio.Task[None]] = {}

    def watch(self, message: Message, reader: Reader, batch: str) -> None:
        """Edit `message` whenever something changes, until all is done; once is enough."""
        key = (message.chat.id, message.message_id)
        if key not in self._tasks:
            task = self._tasks[key] = asyncio.create_task(self._follow(message, reader, batch))
            task.add_done_callback(lambda ended: self._ended(key, ended))

    def _ended(self, key: tuple[int, int], task: asyncio.Task[None]) -> None:
        self._tasks.pop(key, None)
        if not task.cancelled() and task.exception() is not None:
            log.error("report ended early", exc_info=task.exception())

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, message: Message, reader: Reader, batch: str) -> None:
        shown: View | None = None
        for look in range(LOOKS):
            await asyncio.sleep(self._pauses[min(look, len(self._pauses) - 1)])
            progress = await self._services.pushes.progress(batch, self._services.now())
            if progress is None:
                return
            view = report_view(reader, progress)
            if view != shown:
                await _update(message, view)
            if progress.done:
                return
            shown = view


async def _update(message: Message, view: View) -> None:
    try:
        await change(message, view)
    except TelegramAPIError as error:
        log.info("report not shown: %s", error.message)


# ---------------------------------------------------------------------------------------------- buttons
async def report(
    query: CallbackQuery, callback_data: Confirm, reader: Reader, services: Services, reporter: Reporter
) -> None:
    await _show(query, callback_data.batch, reader, services, reporter)


async def hold(
    query: CallbackQuery, callback_data: HoldBack, reader: Reader, services: Services, reporter: Reporter
) -> None:
    """Pause, resume, stop; or cancel what is scheduled."""
    if callback_data.hold not in ASKED:
        raise RefusedError("refused-outdated")
    wanted = ASKED[callback_data.hold]
    done = await services.pushes.hold(callback_data.batch, wanted, reader.actor, reader.now)
    services.nudge()
    said = reader.plain(f"push-{wanted}" if done else "push-as-it-was")
    await _show(query, callback_data.batch, reader, services, reporter, said)


async def _show(
    query: CallbackQuery, batch: str, reader: Reader, services: Services, reporter: Reporter, said: str = ""
) -> None:
    progress = await services.pushes.progress(batch, reader.now)
    if progress is None:
        raise RefusedError("refused-plan-gone")
    if progress.batch.state == "scheduled":
        view = View(reader.t("scheduled-cancelled"))
    else:
        view = report_view(reader, progress)
        if isinstance(query.message, Message) and not progress.done:
            reporter.watch(query.message, reader, batch)
    await show(query, View(view.html, view.rows, toast=said))


async def acknowledge(query: CallbackQuery, callback_data: Acknowledge, reader: Reader, services: Services) -> None:
    """The alarm stays to be read; its button goes, those of other alarms in the same message stay."""
    new = await services.digests.acknowledge(callback_data.kind, reader.actor, reader.now)
    if isinstance(query.message, Message):
        await query.message.edit_reply_markup(reply_markup=_without(query.message.reply_markup, query.data))
    await query.answer(reader.plain("alarm-known" if new else "alarm-known-already"))


def _without(shown: InlineKeyboardMarkup | None, data: str | None) -> InlineKeyboardMarkup | None:
    rows = [
        row for row in (shown.inline_keyboard if shown else []) if data not in [button.callback_data for button in row]
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def reports_router() -> Router:
    router = Router(name="reports")
    router.callback_query.filter(FromAdmin())
    router.callback_query.register(report, Confirm.filter(F.step == "report"))
    router.callback_query.register(hold, HoldBack.filter())
    router.callback_query.register(acknowledge, Acknowledge.filter())
    return router
