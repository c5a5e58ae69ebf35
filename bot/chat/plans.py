"""A planned push, broadcast or recall as admins see it: the question that names the number, previews, and when to send. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.chat.admin_words import issue_label
from bot.chat.audience import described
from bot.chat.callbacks import Aim, Confirm, Later, Look, Way
from bot.chat.reader import Reader
from bot.chat.view import View, grid
from bot.chat.wording import clock, duration, zone
from bot.fees import stars
from bot.pushes import Plan, Sample
from digests.types import Batch, Button

DAYS = 7
STEP = 30
"""Minutes between two offered times."""
SHOWN = {True: "on", False: "off"}


def question(reader: Reader, plan: Plan, per_second: int, *, changed: bool = False) -> View:
    """`changed`: the number is no longer the one that was agreed to."""
    batch = plan.batch
    issue = issue_label(reader, plan.issue) if plan.issue else ""
    if batch.kind == "recall":
        return _recall_question(reader, plan, issue)
    kind, lines = batch.kind, [reader.t("send-changed")] if changed else []
    if batch.readers == 0:
        lines.append(reader.t(f"{kind}-nobody"))
    else:
        lines.append(reader.t(f"{kind}-ask", issue=issue, readers=batch.readers))
    lines.append(reader.t("send-audience", audience=described(reader, batch.audience)))
    if batch.readers:
        takes = "send-takes-paid" if batch.paid and plan.fee else "send-takes"
        lines.append(reader.t(takes, time=duration(reader, plan.takes), rate=per_second))
        lines += _ways(reader, plan)
    return View("\n".join(lines), (*_doing(reader, batch), *_switches(reader, plan), *_choosing(reader, batch)))


def _ways(reader: Reader, plan: Plan) -> list[str]:
    """What the admin has chosen, and what it costs."""
    batch, fee, lines = plan.batch, plan.fee, []
    if batch.paid and fee is not None:
        cost = stars(fee.stars)
        lines.append(reader.t("send-paid", messages=fee.messages, price=stars(fee.price), stars=cost, left=fee.left))
    if batch.once:
        lines.append(reader.t("send-once"))
    return lines


def _switches(reader: Reader, plan: Plan) -> tuple[tuple[Button, ...], ...]:
    """Paying is offered only where there is a budget for it."""
    batch = plan.batch
    if batch.readers == 0:
        return ()
    choices = {"once": batch.once} if plan.fee is None else {"paid": batch.paid, "once": batch.once}
    row = []
    for what, on in choices.items():
        label = reader.plain(f"way-{what}-{SHOWN[on]}")
        row.append(Button(label, Way(batch=batch.id, what=what, on=not on).pack()))
    return (tuple(row),)


def _doing(reader: Reader, batch: Batch) -> tuple[tuple[Button, ...], ...]:
    if batch.readers == 0:
        return ()
    yes = Button(reader.plain("send-yes", readers=batch.readers), confirming(batch, "yes"))
    test = Button(reader.plain("send-test"), confirming(batch, "test"))
    look = Button(reader.plain("send-look"), Look(batch=batch.id, place=-1).pack())
    later = Button(reader.plain("send-later"), Later(batch=batch.id).pack())
    return ((yes,), (test if batch.kind == "broadcast" else look, later))


def _choosing(reader: Reader, batch: Batch) -> tuple[tuple[Button, ...], ...]:
    aim = Button(reader.plain("send-aim"), Aim(batch=batch.id, what="main").pack())
    return ((aim, Button(reader.plain("cancel"), confirming(batch, "no"))),)


def _recall_question(reader: Reader, plan: Plan, issue: str) -> View:
    batch = plan.batch
    what = "amend" if batch.html else "delete"
    lines = [reader.t("recall-running")] if plan.running else []
    if batch.readers or plan.running:
        lines.append(reader.t(f"recall-ask-{what}", readers=batch.readers, issue=issue))
    else:
        lines.append(reader.t("recall-nothing"))
    lines += [reader.t("recall-old", count=plan.old)] if plan.old else []
    lines += [reader.t("recall-how")] if not batch.html else []
    yes = Button(reader.plain(f"recall-yes-{what}", readers=batch.readers), confirming(batch, "yes"))
    no = Button(reader.plain("cancel"), confirming(batch, "no"))
    return View("\n".join(lines), ((yes,), (no,)) if batch.readers or plan.running else ((no,),))


def confirming(batch: Batch, step: str, at: int = 0) -> str:
    return Confirm(batch=batch.id, step=step, readers=batch.readers, at=at, way=batch.way).pack()


def sample_view(reader: Reader, batch: str, sample: Sample) -> View:
    """One reader's first page, with the way to the others; who reads it stands on the middle button."""
    html = sample.chunks[0].html if sample.chunks else reader.t("sample-nothing")
    who = reader.plain(
        "sample-who",
        place=sample.place + 1,
        of=sample.of,
        language=reader.plain(f"audience-language-{sample.language.lower()}"),
        where=reader.plain(f"audience-place-{'private' if sample.chat_kind == 'private' else 'groups'}"),
    )
    turns = [("‹", -1), (who, 0), ("›", 1)] if sample.of > 1 else [(who, 0)]
    row = tuple(
        Button(label, Look(batch=batch, place=(sample.place + step) % sample.of).pack()) for label, step in turns
    )
    return View(html, (row,))


def days_view(reader: Reader, batch: Batch, head: str) -> View:
    """The next seven days in the admin's own zone."""
    today = _local(reader, reader.now).date()
    days = [today + timedelta(days=n) for n in range(DAYS)]
    buttons = [Button(_day(reader, day, today), Later(batch=batch.id, day=day.toordinal()).pack()) for day in days]
    back = (Button(reader.plain("back"), Aim(batch=batch.id, what="ask").pack()),)
    return View(f"{head}\n\n{reader.t('later-day')}", (*grid(buttons, 3), back))


def times_view(reader: Reader, batch: Batch, ordinal: int, head: str) -> View:
    """The half-hours of a day that are still to come; a tap schedules. A time that the clocks skip is not offered."""
    name = reader.subscriber.settings.timezone
    clocks, day = ZoneInfo(name), date.fromordinal(ordinal)
    buttons = []
    for minutes in range(0, 24 * 60, STEP):
        local = datetime.combine(day, time(minutes // 60, minutes % 60), clocks)
        at = int(local.timestamp())
        if at > reader.now.timestamp() and datetime.fromtimestamp(at, clocks).time() == local.time():
            buttons.append(Button(clock(minutes), confirming(batch, "yes", at)))
    back = (Button(reader.plain("back"), Later(batch=batch.id).pack()),)
    shown = reader.t("later-time", day=f"{day:%m-%d}", readers=batch.readers, zone=zone(reader, name))
    return View(f"{head}\n\n{shown}", (*grid(buttons, 6), back))


def moment(reader: Reader, at: datetime) -> str:
    return f"{_local(reader, at):%m-%d %H:%M}"


def _local(reader: Reader, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(reader.subscriber.settings.timezone))


def _day(reader: Reader, day: date, today: date) -> str:
    near = {0: "later-today", 1: "later-tomorrow"}.get((day - today).days)
    return reader.plain(near) if near else f"{day:%m-%d} {reader.plain(f'weekday-{day.weekday()}')}"
