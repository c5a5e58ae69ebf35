"""Answers that Telegram wants a little later are waited for, each time for a turn of their own; long waits, and the fourth refusal, are errors."""

from __future__ import annotations

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter

from bot.app import present
from bot.patience import Patience
from bot.rates import Rates
from bot.sandbox import OFFICIAL_ID, UNLIMITED, Fault, Sandbox
from digests.rates import RateLimits
from digests.rates_memory import MemoryRates

NO_LIMITS = RateLimits()


@pytest.mark.parametrize(("wait", "times", "sent"), [(1, 3, True), (1, 4, False), (60, 1, False)])
async def test_a_short_wait_is_waited(wait: int, times: int, sent: bool) -> None:
    turns: list[int] = []

    class Turns(Rates):
        async def answer(self, chat: int) -> None:
            turns.append(chat)

    async with Sandbox(
        "127.0.0.1", 0, token="42:T", state_file=None, publish=None, now=present, limits=UNLIMITED
    ) as server:
        server.act.start(OFFICIAL_ID)
        server.faults.add(Fault(method="sendMessage", kind="status", code=429, retry_after=wait, times=times))
        session = AiohttpSession(api=TelegramAPIServer.from_base(server.base_url))
        session.middleware(Patience(Turns(MemoryRates(NO_LIMITS), NO_LIMITS, present)))
        async with Bot("42:T", session=session) as bot:
            if sent:
                assert (await bot.send_message(OFFICIAL_ID, "甲")).text == "甲"
            else:
                with pytest.raises(TelegramRetryAfter):
                    await bot.send_message(OFFICIAL_ID, "甲")
    assert turns == [OFFICIAL_ID] * (times + sent)
