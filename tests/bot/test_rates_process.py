"""One process's side of the rates: what has really left is counted, answers wait for their turn, a store that is away holds nothing up."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageText,
    GetUpdates,
    SendChatAction,
    SendMessage,
    TelegramMethod,
)

from bot.patience import counted
from bot.rates import FULL, Rates
from digests.errors import StoreError
from digests.rates import RateLimits, RateStore, Turns
from digests.rates_memory import MemoryRates

pytestmark = pytest.mark.slow

SECOND = timedelta(seconds=1)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def made(clock: Clock, store: RateStore | None = None, name: str = "a", **limits: Any) -> Rates:
    rules = RateLimits(**limits)
    return Rates(store or MemoryRates(rules), rules, lambda: clock.now, clock.sleep, name)


async def test_late_messages_do_not_crowd_the_next_second() -> None:
    clock = Clock()
    rates = made(clock, per_second=3)
    start = clock.now
    assert rates.not_before(start) == start
    for n in range(3):
        rates.left(start + n * SECOND / 100)
    assert rates.not_before(start + SECOND / 2) == start + FULL > start + SECOND
    rates.left(start + FULL)
    assert rates.not_before(start + SECOND) == start + FULL + SECOND / 100
    assert made(clock, per_second=0).not_before(start) == start


async def test_a_moment_lapses_only_while_others_book() -> None:
    clock, store = Clock(), MemoryRates(RateLimits())
    one, other = made(clock, store), made(clock, store, "b")
    (turn,) = (await one.reserve([1])).turns
    await clock.sleep(0.05)
    assert not one.is_lapsed(turn.at)
    await other.reserve([2])
    await one.reserve([3])
    assert one.is_lapsed(turn.at) and not one.is_lapsed(clock.now)


async def test_answers_wait_for_their_turn_and_no_longer_than_it_is_worth() -> None:
    clock = Clock()
    rates = made(clock, per_second=1)
    start = clock.now
    await rates.answer(1)
    assert clock.now == start
    await rates.answer(2)
    assert SECOND < clock.now - start < SECOND * 1.1
    await rates.block(-7, clock.now + 3 * SECOND)
    before = clock.now
    await rates.answer(-7)
    assert clock.now - before == 3 * SECOND
    await rates.block(7, clock.now + 60 * SECOND)
    before = clock.now
    await rates.answer(7)
    await rates.block(None, clock.now + 12 * SECOND)
    await rates.answer(8)
    assert clock.now == before


async def test_a_store_that_is_away_holds_no_answer_up() -> None:
    class Away(MemoryRates):
        async def reserve(self, *words: Any, **named: Any) -> Turns:
            raise StoreError("away")

    await made(Clock(), Away(RateLimits())).answer(1)


@pytest.mark.parametrize(
    ("method", "chat"),
    [
        (SendMessage(chat_id=5, text="x"), 5),
        (SendMessage(chat_id="@there", text="x"), 0),
        (EditMessageText(chat_id=5, message_id=1, text="x"), 0),
        (SendChatAction(chat_id=5, action="typing"), None),
        (GetUpdates(), None),
        (AnswerCallbackQuery(callback_query_id="1"), None),
    ],
)
def test_what_is_counted(method: TelegramMethod[object], chat: int | None) -> None:
    assert counted(method) == chat


async def test_while_a_long_push_runs_answers_wait_less_than_a_second() -> None:
    """A push that always wants more than there is; five readers a second ask for something."""
    clock = Clock()
    store = MemoryRates(RateLimits())
    rates, draw, chats = made(clock, store), random.Random(7), count(1)
    begun, pushed, waits = clock.now, 0, list[float]()
    while clock.now - begun < 200 * SECOND:
        turns = await rates.reserve([next(chats) for _ in range(256)])
        pushed += sum(turn.taken for turn in turns.turns)
        if draw.random() < 0.5:
            chat = 1_000_000 + draw.randrange(100)
            (turn,) = (await store.reserve([chat], clock.now, by="chat", first=True)).turns
            waits.append((turn.at - clock.now).total_seconds())
        await clock.sleep(0.1)
    assert len(waits) > 900 and max(waits) < 1.0
    assert pushed + len(waits) >= 0.98 * 30 * (clock.now - begun).total_seconds()
