"""When a bot may send its next messages: a pure decision for a whole batch, over what all processes share.

Moments are booked one by one at equal distances, so that no second holds more than the rate wherever it begins; a push
may book only a short way ahead (`horizon`), an answer to a reader's own command further, and so answers go first. Each
chat keeps its own pace besides. The figures are Telegram's (bot FAQ): about 30 messages a second over all, one a second
in a chat, 20 a minute in a group. What an admin pays for (allow_paid_broadcast) has a line of moments of its own, so that it
takes nothing from the rest, and a budget that is counted in the same step. Knows no store and no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import repeat
from typing import Protocol
from zoneinfo import ZoneInfo

from subscriptions import moment

SECOND = 1_000_000
ROOM = 16_000
"""As many messages as may go in a second are booked over a second and this. It takes up what leaves, or arrives, late."""
EXCESS = 1.006
"""No second that leaves holds more than this times the rate; of a low rate not one message more than the rate. What arrives is up to
.004 times the rate more, while connections open: 1.01 is wanted there."""
PACE = SECOND / (SECOND + ROOM)
"""Share of the rate that is booked, at least."""
MINUTE = 60_000_000
ALONE_AFTER = 2_000_000
LOST_CLOCK = 10_000_000
"""A booking further ahead than this was made under a clock that has been set back since. All in microseconds."""
RATE_LIMIT = 1000
"""Messages a second that Telegram allows at most (allow_paid_broadcast)."""
WAIT, TAKEN, UNPAID = range(3)
"""What a turn may be: not yet, booked, or nobody pays for it."""


@dataclass(frozen=True, slots=True)
class RateLimits:
    """`per_second` over all, 0: no limit. `horizon`, `horizon_first`: how far ahead a push, and an answer, may book."""

    per_second: int = 30
    per_chat: timedelta = timedelta(seconds=1)
    group_per_minute: int = 20
    horizon: timedelta = timedelta(milliseconds=250)
    horizon_first: timedelta = timedelta(seconds=5)

    @property
    def spacing(self) -> int:
        """Microseconds between two messages."""
        return -(-(SECOND + ROOM) // self.most) if self.per_second else 0

    @property
    def most(self) -> int:
        """Messages within any second."""
        return int(self.per_second * EXCESS)

    def ahead(self, first: bool) -> int:
        return microseconds(self.horizon_first if first else self.horizon)


@dataclass(frozen=True, slots=True)
class Budget:
    """`messages` that may be paid for on one day of `timezone`, 0: none; `price` of each in Telegram Stars; `free`: the bot's
    own rate, messages a second, which costs nothing; 0: it has no limit, so nothing is paid for."""

    messages: int = 0
    price: Decimal = Decimal("0.1")
    timezone: str = "UTC"
    free: int = 30

    @property
    def per_second(self) -> int:
        """What is left of Telegram's utmost for paid messages; 0: nothing can be paid for."""
        return max(0, RATE_LIMIT - self.free) if self.messages and self.free else 0

    def day(self, now: datetime) -> str:
        return now.astimezone(ZoneInfo(self.timezone)).date().isoformat()


@dataclass(frozen=True, slots=True)
class Purse:
    """Messages that are paid for. `limits`: their own rate; `budget`: how many may be paid for on `day` (ISO); `payers`: for each
    message the batch that pays, or "" where it has been counted before."""

    limits: RateLimits
    budget: int
    day: str
    payers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """`taken`: the message may go at `at`. Else nothing is booked: ask again at `at`, not before (where the chat is free then, so
    far ahead of the moment as may be booked). `unpaid`: the budget is used up."""

    at: datetime
    taken: bool
    unpaid: bool = False


@dataclass(frozen=True, slots=True)
class Turns:
    """One turn for each chat asked for, in order. `alone`: no other process has booked lately; `blocked`: Telegram told the
    whole bot to wait until then."""

    turns: tuple[Turn, ...]
    alone: bool
    blocked: datetime


@dataclass(frozen=True, slots=True)
class BotLine:
    """A bot's bookings. `next`: the first free moment; `blocked`: not before; `by`: who booked last; `other`: when that
    last changed. Microseconds since 1970."""

    next: int = 0
    blocked: int = 0
    by: str = ""
    other: int = 0


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A chat's bookings: `next` and `blocked` as in BotLine, `log`: a group's moments of the last minute."""

    next: int = 0
    blocked: int = 0
    log: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """`turns`: moment, and WAIT, TAKEN or UNPAID. `chats`: those that changed. `paid`: how many each payer pays for."""

    line: BotLine
    turns: tuple[tuple[int, int], ...]
    alone: bool
    chats: Mapping[int, ChatLine] = field(default_factory=dict)
    paid: Mapping[str, int] = field(default_factory=dict)


class RateStore(Protocol):
    """What all processes know of the bookings of one bot."""

    async def reserve(
        self, chats: Sequence[int], now: datetime, *, by: str, first: bool = False, purse: Purse | None = None
    ) -> Turns:
        """Book a moment for a message to each chat, in order, in one atomic step. 0 stands for a call that only counts
        over all. `by`: the process that asks; `first`: answers to readers' own commands; `purse`: these are paid for, and
        what is booked is counted in the same step. Not repeatable: it books and counts again."""
        ...

    async def spent(self, batch: str, day: str) -> tuple[int, int]:
        """Paid messages of the day, and of the batch (kept 45 days). Repeatable."""
        ...

    async def block(self, chat: int | None, until: datetime, now: datetime) -> None:
        """Telegram said to wait: this chat, or with None the whole bot. Repeatable; the longest wait holds."""
        ...


def microseconds(wait: timedelta) -> int:
    return wait // timedelta(microseconds=1)


def turns_of(turns: Iterable[tuple[int, int]], alone: bool, blocked: int) -> Turns:
    """What was decided, as callers see it."""
    made = (Turn(moment(at), state == TAKEN, state == UNPAID) for at, state in turns)
    return Turns(tuple(made), alone, moment(blocked))


def decide(
    limits: RateLimits,
    line: BotLine,
    known: Mapping[int, ChatLine],
    chats: Sequence[int],
    now: int,
    by: str,
    first: bool = False,
    payers: Sequence[str] = (),
    left: int = 0,
) -> Decision:
    """The turns of `chats`, and what to store. `known`: the lines of those chats that have one. Microseconds. `payers`: as in
    Purse, none where nothing is paid for; `left`: how many may still be paid for."""
    if line.next > now + LOST_CLOCK:
        line = replace(line, next=now)
    line = replace(line, by=by, other=line.other if line.by in ("", by) else now)
    lines, changed, turns, paid = dict(known), {}, [], Counter[str]()
    for chat, payer in zip(chats, payers or repeat(""), strict=False):
        at, taken = _turn(limits, line, lines.get(chat, ChatLine()), chat, now, first)
        if payer and paid.total() >= left:
            at, taken = now, UNPAID
        turns.append((at, taken))
        if taken != TAKEN:
            continue
        line = replace(line, next=at + limits.spacing)
        if payer:
            paid[payer] += 1
        if chat:
            lines[chat] = changed[chat] = _booked(limits, lines.get(chat, ChatLine()), chat, at)
    return Decision(line, tuple(turns), now - line.other > ALONE_AFTER, changed, paid)


def _turn(limits: RateLimits, line: BotLine, mine: ChatLine, chat: int, now: int, first: bool) -> tuple[int, int]:
    at = max(line.next, line.blocked, now)
    free = mine.blocked
    if not (first and chat > 0):  # what a reader asks for in a private chat may come at once: a short burst is allowed
        free = max(free, mine.next)
    if len(mine.log) >= limits.group_per_minute:
        free = max(free, mine.log[0] + MINUTE)
    if free > at:
        return free, WAIT
    ahead = limits.ahead(first)
    return (at, TAKEN) if at <= now + ahead else (at - ahead, WAIT)


def _booked(limits: RateLimits, mine: ChatLine, chat: int, at: int) -> ChatLine:
    log = (*mine.log, at)[-limits.group_per_minute :] if chat < 0 else ()
    return replace(mine, next=at + microseconds(limits.per_chat), log=log)
