"""How fast and how evenly we send, beside a bare loop of plain aiogram in the same run.

    python tests/bench/sending.py [unlimited|two|steady30|steady1000|paid|compose ...]

A Bot API server of its own process answers. `unlimited`: messages a second without a limit, from the outbox in a real store to
settled, rendering included. `two`: the same with two processes. `steady…`: with Telegram's limit enforced and answers that take
200 ms. `paid`: a push that is paid for, beside a free backlog. `compose`: rendering for many readers with equal digests beside rendering one by one. On a busy machine read the ratios.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1] / "digests"))

import uvloop
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from lean_api import busiest_second, lean_api, stats
from render_samples import article, match, view

from bot.app import present
from bot.connect_redis import connect
from bot.line import Line
from bot.metrics import Metrics
from bot.rates import Rates
from bot.relay import Relay
from bot.relay_paid import PaidLane
from bot.relay_render import RenderOnce
from bot.run import spare_collector
from bot.sender import Sender
from bot.store_process import EmbeddedStore
from bot.texts import Texts
from digests.outbox_redis import RedisOutbox
from digests.rates import Budget, RateLimits
from digests.rates_redis import RedisRates
from digests.render import render_digest
from digests.render_labels import DigestView, remembered
from digests.types import Chunk, Delivery, Digest, DigestGroup, DigestItem
from subscriptions import Settings, Subscriber
from subscriptions.service import SubscriptionService
from subscriptions.subscribers_redis import RedisSubscriberStore

DAY = datetime.now(UTC)
TOKEN = "42:BENCH"
KINDS = 40
"""Different digests among all readers."""


def digest(kind: int) -> Digest:
    items = tuple(DigestItem(kind * 9 + n, (f"{kind:024x}",)) for n in range(9))
    return Digest(tuple(DigestGroup(f"组{g}", items[3 * g : 3 * g + 3]) for g in range(3)), ("i1",), 40, DAY)


WORDS = remembered(partial(Texts.load().get, "zh-Hans"))


async def render(delivery: Delivery, subscriber: Subscriber | None) -> tuple[Chunk, ...]:
    """Nine articles, laid out from the beginning, with a button for each."""
    assert delivery.digest is not None
    return render_digest(delivery.digest, replace(seen(delivery.digest), delivery=delivery.id), WORDS)


@lru_cache
def seen(digest: Digest) -> DigestView:
    """All that the digest names, as it would be read from the store."""
    (query,) = digest.items()[0].queries
    articles = [article(item.article_id) for item in digest.items()]
    proofs = [(one.id, match(one, query, "青禾锂电", "开工")) for one in articles]
    return view([(one, "i1") for one in articles], proofs, {query: "青禾锂电"})


async def fill(url: str, count: int, batch: str = "", first: int = 0) -> None:
    client = await connect(url)
    if not first:
        await client.flushall()
    outbox, subscribers = RedisOutbox(client), RedisSubscriberStore(client)
    for at in range(0, count, 500):
        chats = range(first + at + 1, first + min(at + 500, count) + 1)
        await asyncio.gather(
            *(subscribers.put_subscriber(Subscriber(str(c), Settings(), DAY), due=None) for c in chats)
        )
        some = [Delivery(f"{c:016x}", str(c), "digest", DAY, digest=digest(c % KINDS), batch=batch) for c in chats]
        await outbox.put(some, DAY)
    await client.aclose()


class NotedRates(Rates):
    """Notes when each message leaves."""

    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        self.moments: list[float] = []

    def left(self, at: datetime) -> None:
        super().left(at)
        self.moments.append(at.timestamp())


async def relay(
    url: str,
    base: str,
    rate: int,
    until: Callable[[Metrics], bool],
    leaving: list[float] | None = None,
    budget: int = 0,
) -> float:
    """Run one relay; answers seconds of this process's own work. `leaving` gets the moments at which messages left.
    `budget`: so many messages of the batch p are paid for."""
    client, line, metrics, limits = await connect(url), Line(base, TOKEN), Metrics(), RateLimits(per_second=rate)
    subscribers = RedisSubscriberStore(client)
    rates = NotedRates(RedisRates(client, 42, limits), limits, present)
    outbox, service = RedisOutbox(client), SubscriptionService(subscribers)

    async def alarm(words: str) -> None:
        print("alarm:", words)

    lane = paid_lane(RedisRates(client, 42, limits), Budget(budget, free=rate))
    made = Relay(
        outbox, subscribers, service, Sender(line.post), rates, render, alarm, present, metrics=metrics, paid=lane
    )
    spare_collector()
    begun = time.process_time()
    task = asyncio.create_task(made.run(idle=0.05))
    while not until(metrics):
        await asyncio.sleep(0.05)
    spent = time.process_time() - begun
    if leaving is not None:
        leaving += rates.moments
    made.stop()
    await task
    await line.close()
    await client.aclose()
    return spent


def paid_lane(store: RedisRates, budget: Budget) -> PaidLane | None:
    async def paying() -> frozenset[str]:
        return frozenset({"p"})

    if not budget.per_second:
        return None
    return PaidLane(Rates(store, RateLimits(per_second=budget.per_second), present, budget=budget), paying, present)


def sent(metrics: Metrics) -> int:
    return int(metrics.deliveries.labels("sent")._value.get())


async def plain_aiogram(base: str, count: int) -> tuple[float, float]:
    """Messages a second, and µs of CPU each, of a bare loop with 100 in flight."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(base))
    waiting, (chunk,) = (
        iter(range(1, count + 1)),
        await render(Delivery("0" * 16, "1", "digest", DAY, digest=digest(0)), None),
    )
    rows = [[InlineKeyboardButton(text=one.text, callback_data=one.data) for one in row] for row in chunk.buttons]
    keyboard = InlineKeyboardMarkup(inline_keyboard=rows)
    async with Bot(TOKEN, session=session) as bot:

        async def worker() -> None:
            for chat in waiting:
                await bot.send_message(chat, chunk.html, parse_mode="HTML", reply_markup=keyboard)

        begun, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(worker() for _ in range(100)))
        return count / (time.perf_counter() - begun), (time.process_time() - cpu) / count * 1e6


def calibrate() -> float:
    """Seconds of CPU for ten million turns of a loop that does nothing: how fast this machine is just now."""
    begun = time.process_time()
    for _ in range(10_000_000):
        pass
    return time.process_time() - begun


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
        f"relay with store {ours:7.0f}/s  {cpu:4.0f} µs CPU a message  {ours / bare:.2f} x as many, {bare_cpu / cpu:.2f} x by CPU  "
        f"(chats {told['chats']}, most {told['most']})"
    )


async def store_cpu(url: str) -> float:
    client = await connect(url)
    told = await client.info("cpu")
    await client.aclose()
    return float(told["used_cpu_user"] + told["used_cpu_sys"])


async def shared(url: str, processes: int, count: int) -> tuple[float, list[float]]:
    """Messages a second, and µs of CPU a message of all senders, the store and the answering server."""
    await fill(url, count)
    with lean_api() as base:
        line = [sys.executable, __file__, "worker", url, base, "0"]
        begun, told = await store_cpu(url), stats(base)
        pipe = asyncio.subprocess.PIPE
        workers = [await asyncio.create_subprocess_exec(*line, stdout=pipe) for _ in range(processes)]
        while len((now := await asyncio.to_thread(stats, base))["moments"]) < count:
            await asyncio.sleep(0.5)
        store, answers = await store_cpu(url) - begun, now["cpu"] - told["cpu"]
        for worker in workers:
            worker.terminate()
        senders = sum([float((await worker.communicate())[0]) for worker in workers])
    return rate_of(now["moments"][count // 10 :]), [spent / count * 1e6 for spent in (senders, store, answers)]


async def two(url: str, count: int = 6000) -> None:
    rates = []
    for processes in (1, 2):
        rate, (senders, store, answers) = await shared(url, processes, count)
        rates.append(rate)
        print(
            f"{processes} sending: {rate:5.0f}/s; CPU a message: senders {senders:.0f}, store {store:.0f}, server {answers:.0f} µs"
        )
    cores, alone = os.cpu_count() or 1, 1e6 / senders
    most = min(2 * alone, 1e6 / store, 1e6 * cores / (senders + store + answers))
    one = min(alone, 1e6 * cores / (senders + store + answers))
    print(
        f"two for one: {rates[1] / rates[0]:.2f} x; {cores} cores, of which store and server use their share, allow "
        f"{most / one:.2f} x, enough cores {min(2 * alone, 1e6 / store) / alone:.2f} x"
    )


async def steady(url: str, rate: int, seconds: int = 12) -> None:
    count = rate * seconds
    await fill(url, count)
    with lean_api(rate, 0.2) as base:
        begun, leaving = time.perf_counter(), list[float]()
        cpu = await relay(url, base, rate, lambda metrics: sent(metrics) >= count, leaving)
        wall, told = time.perf_counter() - begun, stats(base)
    reached = rate_of(told["moments"]) / rate
    print(
        f"{rate}/s allowed, 200 ms: {100 * reached:.1f} % of the rate, refused {told['refused']}, busiest second "
        f"{busiest_second(sorted(leaving))} leaving, {busiest_second(told['arrivals'])} arriving, {busiest_second(told['moments'])} read, "
        f"{100 * cpu / wall:.0f} % of a core"
    )


async def paid_push(url: str, seconds: int = 10) -> None:
    """A paid push beside more free messages than thirty a second can take, all of which were there before it."""
    fast, free = 970 * seconds, 30 * seconds * 2
    await fill(url, free)
    await fill(url, fast, "p", free)
    with lean_api(30, 0.2) as base:
        begun = time.perf_counter()
        cpu = await relay(url, base, 30, lambda metrics: sent(metrics) >= fast + free // 3, budget=fast)
        wall, told = time.perf_counter() - begun, stats(base)
    unpaid = sorted(set(told["moments"]) - set(told["paid"]))
    print(
        f"paid push: {len(told['paid'])} at {rate_of(told['paid']):.0f}/s beside {len(unpaid)} free at {rate_of(unpaid):.1f}/s, refused "
        f"{told['refused']}, busiest second {busiest_second(told['moments'])}, {100 * cpu / wall:.0f} % of a core"
    )


async def compose(url: str, readers: int = 1_000_000, portion: int = 1000) -> None:
    digests = [digest(kind) for kind in range(KINDS)]  # as they come from the store, where equal ones are read once
    once, singly, shared = RenderOnce(render, Metrics()), 0.0, 0.0

    async def took(each: Callable[[Delivery, None], Awaitable[object]], many: list[Delivery]) -> float:
        begun = time.process_time()
        for one in many:
            await each(one, None)
        return time.process_time() - begun

    spare_collector()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for first in range(0, readers, portion):
        some = [
            Delivery(f"{n:016x}", str(n), "digest", DAY, digest=digests[n % KINDS])
            for n in range(first, first + portion)
        ]
        shared += await took(once, some)
        singly += await took(render, some[: 1000 * portion // readers])
    single, each = singly / 1000 * 1e6, shared / readers * 1e6
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"rendering one by one {single:.0f} µs a reader, equal ones once {each:.2f} µs: {single / each:.0f} x; "
        f"{readers} readers took {(most - before) >> 10} MiB more than before, {most >> 10} MiB in all"
    )


async def worker(url: str, base: str, rate: str) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    print(await relay(url, base, int(rate), lambda metrics: ended.is_set()))


async def main(parts: list[str]) -> None:
    if parts[:1] == ["worker"]:
        await worker(*parts[1:])
        return
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        url = await store.start()
        runs: dict[str, Callable[[str], Awaitable[None]]] = {
            "unlimited": unlimited,
            "two": two,
            "compose": compose,
            "paid": paid_push,
        }
        print(f"ten million turns of an empty loop: {calibrate():.2f} s of CPU")
        for part in parts or ["unlimited", "two", "steady30", "steady1000", "paid", "compose"]:
            if part.startswith("steady"):
                await steady(url, int(part.removeprefix("steady")))
            else:
                await runs[part](url)
        await store.stop()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:]))
