"""How fast and how evenly we send, beside a bare loop of plain aiogram in the same run.

    python tests/bench/sending.py [unlimited|two|steady30|steady1000|compose ...]

A Bot API server of its own process answers. `unlimited`: messages a second without a limit, from the outbox in a real store to
settled, rendering included. `two`: the same with two processes. `steady…`: with Telegram's limit enforced and answers that take
200 ms. `compose`: rendering for many readers with equal digests beside rendering one by one. On a busy machine read the ratios.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

import uvloop
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from lean_api import busiest_second, lean_api, stats

from bot.app import present
from bot.connect_redis import connect
from bot.line import Line
from bot.metrics import Metrics
from bot.rates import Rates
from bot.relay import Relay
from bot.run import spare_collector
from bot.sender import Sender
from bot.store_process import EmbeddedStore
from digests.outbox_redis import RedisOutbox
from digests.rates import RateLimits
from digests.rates_redis import RedisRates
from digests.types import Chunk, Delivery, Digest, DigestGroup, DigestItem
from subscriptions import Settings, Subscriber
from subscriptions.service import SubscriptionService
from subscriptions.subscribers_redis import RedisSubscriberStore

DAY = datetime.now(UTC)
TOKEN = "42:BENCH"
KINDS = 40
"""Different digests among all readers."""
TEXT = "<b>临江日报</b> 2026年3月2日\n\n" + "\n".join(
    f"<b>{n}. 云岭新能源二期开工</b>，总投资六十亿元" for n in range(1, 9)
)


def digest(kind: int) -> Digest:
    items = tuple(DigestItem(kind * 9 + n, (f"{kind:032x}",)) for n in range(9))
    return Digest(tuple(DigestGroup(f"组{g}", items[3 * g : 3 * g + 3]) for g in range(3)), (f"{kind:032x}",), 40, DAY)


async def render(delivery: Delivery, subscriber: Subscriber | None) -> tuple[Chunk, ...]:
    """About what laying out a digest of nine items costs."""
    until = time.perf_counter() + 200e-6
    while time.perf_counter() < until:
        pass
    return (Chunk(TEXT, "plain"),)


async def fill(url: str, count: int) -> None:
    client = await connect(url)
    await client.flushall()
    outbox, subscribers = RedisOutbox(client), RedisSubscriberStore(client)
    for at in range(0, count, 500):
        chats = range(at + 1, min(at + 500, count) + 1)
        await asyncio.gather(
            *(subscribers.put_subscriber(Subscriber(str(c), Settings(), DAY), due=None) for c in chats)
        )
        some = [Delivery(f"{c:016x}", str(c), "digest", DAY, digest=digest(c % KINDS)) for c in chats]
        await outbox.put(some, DAY)
    await client.aclose()


async def relay(url: str, base: str, rate: int, until: Callable[[Metrics], bool]) -> float:
    """Run one relay; answers seconds of this process's own work."""
    client, line, metrics, limits = await connect(url), Line(base, TOKEN), Metrics(), RateLimits(per_second=rate)
    subscribers = RedisSubscriberStore(client)
    rates = Rates(RedisRates(client, 42, limits), limits, present)
    outbox, service = RedisOutbox(client), SubscriptionService(subscribers)

    async def alarm(words: str) -> None:
        print("alarm:", words)

    made = Relay(outbox, subscribers, service, Sender(line.post), rates, render, alarm, present, metrics=metrics)
    spare_collector()
    begun = time.process_time()
    task = asyncio.create_task(made.run(idle=0.05))
    while not until(metrics):
        await asyncio.sleep(0.05)
    spent = time.process_time() - begun
    made.stop()
    await task
    await line.close()
    await client.aclose()
    return spent


def sent(metrics: Metrics) -> int:
    return int(metrics.deliveries.labels("sent")._value.get())


async def plain_aiogram(base: str, count: int) -> tuple[float, float]:
    """Messages a second, and µs of CPU each, of a bare loop with 100 in flight."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(base))
    waiting = iter(range(1, count + 1))
    async with Bot(TOKEN, session=session) as bot:

        async def worker() -> None:
            for chat in waiting:
                await bot.send_message(chat, TEXT, parse_mode="HTML")

        begun, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(worker() for _ in range(100)))
        return count / (time.perf_counter() - begun), (time.process_time() - cpu) / count * 1e6


def rate_of(moments: list[float]) -> float:
    return (len(moments) - 1) / (moments[-1] - moments[0])


async def unlimited(url: str, count: int = 6000) -> None:
    with lean_api() as base:
        bare, bare_cpu = await plain_aiogram(base, count // 2)
    await fill(url, count)
    with lean_api() as base:
        cpu = await relay(url, base, 0, lambda metrics: sent(metrics) >= count) / count * 1e6
        told = stats(base)
    ours = rate_of(told["moments"])
    print(f"plain aiogram    {bare:7.0f}/s  {bare_cpu:4.0f} µs CPU a message")
    print(
        f"relay with store {ours:7.0f}/s  {cpu:4.0f} µs CPU a message  {ours / bare:.2f} x  (chats {told['chats']}, most {told['most']})"
    )


async def two(url: str, count: int = 6000) -> None:
    rates = []
    for processes in (1, 2):
        await fill(url, count)
        with lean_api() as base:
            line = [sys.executable, __file__, "worker", url, base, "0"]
            workers = [await asyncio.create_subprocess_exec(*line) for _ in range(processes)]
            while len(moments := (await asyncio.to_thread(stats, base))["moments"]) < count:
                await asyncio.sleep(0.5)
            for worker in workers:
                worker.terminate()
                await worker.wait()
        rates.append(rate_of(moments[count // 10 :]))
    print(f"one process {rates[0]:.0f}/s, two {rates[1]:.0f}/s: {rates[1] / rates[0]:.2f} x")


async def steady(url: str, rate: int, seconds: int = 12) -> None:
    count = rate * seconds
    await fill(url, count)
    with lean_api(rate, 0.2) as base:
        begun = time.perf_counter()
        cpu = await relay(url, base, rate, lambda metrics: sent(metrics) >= count)
        wall, told = time.perf_counter() - begun, stats(base)
    reached = rate_of(told["moments"]) / rate
    print(
        f"{rate}/s allowed, 200 ms: {100 * reached:.1f} % of the rate, refused {told['refused']}, busiest second "
        f"{busiest_second(told['moments'])}, {100 * cpu / wall:.0f} % of a core"
    )


async def compose(url: str, readers: int = 20000) -> None:
    from bot.relay_render import RenderOnce

    digests = [digest(kind) for kind in range(KINDS)]  # as they come from the store, where equal ones are read once
    some = [Delivery(f"{n:016x}", str(n), "digest", DAY, digest=digests[n % KINDS]) for n in range(readers)]
    once = RenderOnce(render, Metrics())

    async def took(each: Callable[[Delivery, None], Awaitable[object]], many: list[Delivery]) -> float:
        begun = time.process_time()
        for one in many:
            await each(one, None)
        return (time.process_time() - begun) / len(many) * 1e6

    single, shared = await took(render, some[:1000]), await took(once, some)
    print(f"rendering one by one {single:.1f} µs a reader, equal ones once {shared:.1f} µs: {single / shared:.0f} x")


async def worker(url: str, base: str, rate: str) -> None:
    await relay(url, base, int(rate), lambda metrics: False)


async def main(parts: list[str]) -> None:
    if parts[:1] == ["worker"]:
        await worker(*parts[1:])
        return
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        url = await store.start()
        runs = {"unlimited": unlimited, "two": two, "compose": compose}
        for part in parts or ["unlimited", "two", "steady30", "steady1000", "compose"]:
            if part.startswith("steady"):
                await steady(url, int(part.removeprefix("steady")))
            else:
                await runs[part](url)
        await store.stop()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:]))
