"""How long a reader waits for an answer while a long push runs: from the update at the webhook to Telegram's having the answer.

    python tests/bench/answers.py [rate] [seconds] [readers]

The push (100,000 deliveries in a real store) is sent by a process of its own, through a Bot API server that enforces the limit and
answers after 200 ms, which are part of what is told here. Readers send /list at random moments, four a second on average.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from aiogram.types import User
from lean_api import busiest_second, lean_api, stats
from pydantic import SecretStr
from sending import TOKEN, fill, rate_of

from bot.app import open_app
from bot.listening import Listening
from bot.run import _bot
from bot.settings import Settings
from bot.store_process import EmbeddedStore

SENDING = Path(__file__).with_name("sending.py")
ASKED = 4.0
"""Commands a second."""


def update(number: int, chat: int) -> dict[str, object]:
    who = {"id": chat, "is_bot": False, "first_name": "林"}
    place = {"id": chat, "type": "private", "first_name": "林"}
    return {
        "update_id": number,
        "message": {"message_id": 1, "date": 1, "chat": place, "from": who, "text": "/list"},
    }


async def ask(listening: Listening, number: int, chat: int) -> float:
    begun = time.perf_counter()
    assert listening.hook is not None
    status, _ = await listening.hook._answer(update(number, chat))
    assert status == 200
    return time.perf_counter() - begun


async def asking(listening: Listening, seconds: float, readers: int) -> list[float]:
    draw, end, asked = random.Random(7), time.perf_counter() + seconds, list[asyncio.Task[float]]()
    while time.perf_counter() < end:
        asked.append(asyncio.create_task(ask(listening, len(asked), draw.randint(1, readers))))
        await asyncio.sleep(draw.expovariate(ASKED))
    return await asyncio.gather(*asked)


async def measure(url: str, folder: str, rate: int, seconds: float, readers: int) -> None:
    hook: dict[str, Any] = {"webhook_url": "http://127.0.0.1/hook", "webhook_secret": SecretStr("bench")}
    given: dict[str, Any] = {
        "bot_token": SecretStr(TOKEN),
        "redis_url": SecretStr(url),
        "data_dir": Path(folder),
        "rate": rate,
    }
    await fill(url, readers)
    with lean_api(rate, 0.2) as base:
        async with open_app(Settings(**given, **hook)) as app, AsyncExitStack() as stack:
            bot = _bot(app, base, TOKEN, stack)
            bot._me = User(id=42, is_bot=True, first_name="刊报", username="kanbao_bot")
            listening = Listening(app, bot)
            await ask(listening, 1_000_000, 1)
            pushing = await asyncio.create_subprocess_exec(sys.executable, SENDING, "worker", url, base, str(rate))
            while (
                len(stats(base)["moments"]) <= rate
            ):  # until the push is under way: its process takes seconds to start
                await asyncio.sleep(0.5)
            begun = time.monotonic()
            waits = sorted(await asking(listening, seconds, readers))
            told = stats(base)
            moments = [at for at in told["moments"] if begun < at < begun + seconds]
            pushing.terminate()
            await pushing.wait()
            await listening.finish(5)
    print(
        f"{rate}/s, {readers} in the outbox, {len(waits)} commands in {seconds:.0f} s: half answered within "
        f"{waits[len(waits) // 2]:.2f} s, 99 % within {waits[len(waits) * 99 // 100]:.2f} s, all within {waits[-1]:.2f} s; "
        f"all messages at {100 * rate_of(moments) / rate:.1f} % of the rate, refused {told['refused']}, busiest second "
        f"{busiest_second(told['arrivals'])}"
    )


async def main() -> None:
    rate, seconds, readers = (
        int(word) if word else standard
        for word, standard in zip([*sys.argv[1:], "", "", ""], (30, 60, 100_000), strict=False)
    )
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        url = await store.start()
        await measure(url, folder, rate, seconds, readers)
        await store.stop()


if __name__ == "__main__":
    asyncio.run(main())
