"""What each role asks of the store: scripts for each piece of its work, and the server's own time for them.

    python tests/bench/roles.py [readers]

`match` an article, `compose` a due reader, `deliver` a message from the outbox to settled, `chat` an update (/list) at the webhook,
claimed and settled. The counts are the server's own. Of its time there are two measures, both too long in their way: its CPU time
has network, log and idling in it, the clock of its scripts goes on while others have the processor; the shorter one is told.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from lean_api import lean_api
from pydantic import SecretStr
from redis.asyncio import Redis
from sending import relay, sent

from bot.app import App, open_app, present
from bot.listening import Listening
from bot.run import _bot
from bot.sandbox import OFFICIAL_ID, UNLIMITED, Sandbox
from bot.settings import Settings
from bot.store_process import EmbeddedStore
from digests.compose import compose_due
from digests.pipeline import MatcherFeed, match_next
from digests.types import Article, Issue
from subscriptions import Cadence
from subscriptions import Settings as ReaderSettings

ARTICLES, UPDATES, AT_ONCE = 40, 300, 50
WORDS = [f"甲{n}电池" for n in range(1000)]


async def cpu(client: Redis) -> float:
    """Seconds that the server has worked: its clock goes on while others have the processor, this does not."""
    told = await client.info("cpu")
    return float(told["used_cpu_user"] + told["used_cpu_sys"])


@asynccontextmanager
async def counted(client: Redis, role: str, pieces: int, piece: str) -> AsyncIterator[None]:
    await client.config_resetstat()
    before = await cpu(client)
    yield
    spent = (await cpu(client) - before) * 1e6
    stats = await client.info("commandstats")
    scripts = [stats[name] for name in ("cmdstat_evalsha", "cmdstat_eval") if name in stats]
    calls, clock = sum(one["calls"] for one in scripts), sum(one["usec"] for one in scripts)
    print(
        f"{role:8} {calls / pieces:6.2f} scripts {min(spent, clock) / pieces:8.1f} µs of the store for each {piece} "
        f"(CPU {spent / pieces:.0f}, clock {clock / pieces:.0f})"
    )


async def fill(app: App, count: int) -> None:
    subscriptions, now = app.services.subscriptions, present() - timedelta(days=1)

    async def reader(chat: str, at: int) -> None:
        await subscriptions.get_or_create(chat, "zh-Hans", "private", chat, None, now)
        await subscriptions.set_settings(chat, lambda _: ReaderSettings(cadence=Cadence("instant")), now)
        for n in range(3):
            await subscriptions.subscribe(chat, WORDS[(at * 7 + n * 331) % len(WORDS)], now)

    for first in range(0, count, 100):
        await asyncio.gather(*(reader(str(10_000 + at), at) for at in range(first, min(first + 100, count))))


def issue() -> Issue:
    """Every word stands in it once, so every reader has something."""
    share = len(WORDS) // ARTICLES
    bodies = ["，".join(WORDS[n * share : (n + 1) * share]) for n in range(ARTICLES)]
    articles = tuple(Article(f"第{n}篇", body, order=n, fingerprint=f"a{n}") for n, body in enumerate(bodies))
    return Issue("云溪时报", "newspaper", articles, fingerprint="f", id="f")


async def background(app: App, client: Redis, url: str, count: int) -> None:
    stores = app.stores
    await stores.issues.add_issue(issue(), present())
    feed = MatcherFeed(stores.subscribers)
    async with counted(client, "match", ARTICLES, "article of an issue with 1,000 hits"):
        while await match_next(stores.issues, stores.hits, stores.subscribers, feed, present()):
            pass
    async with counted(client, "compose", count, "due reader"):
        while await compose_due(stores, present(), 200):
            pass
    waiting, _ = await stores.outbox.backlog(present())
    assert waiting == count, f"{waiting} of {count} readers have a digest"
    with lean_api() as base:
        async with counted(client, "deliver", count, "message"):
            await relay(url, base, 0, lambda metrics: sent(metrics) >= count)


async def chat(app: App, client: Redis) -> None:
    telegram = Sandbox("127.0.0.1", 0, token="42:B", state_file=None, publish=None, now=present, limits=UNLIMITED)
    async with telegram, AsyncExitStack() as stack:
        telegram.act.start(OFFICIAL_ID)
        listening = Listening(app, _bot(app, telegram.base_url, "42:B", stack))
        assert listening.hook is not None
        async with counted(client, "chat", UPDATES, "update at the webhook"):
            for number in range(UPDATES):
                status, _ = await listening.hook._answer(update(number))
                assert status == 200
        await listening.finish(5)


def update(number: int) -> dict[str, object]:
    who = {"id": OFFICIAL_ID, "is_bot": False, "first_name": "林"}
    place = {"id": OFFICIAL_ID, "type": "private", "first_name": "林"}
    message = {"message_id": 1, "date": 1, "chat": place, "from": who, "text": "/list"}
    return {"update_id": number, "message": message}


async def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        url = await store.start()
        client = Redis.from_url(url)
        hook: dict[str, Any] = {"webhook_url": "http://127.0.0.1/hook", "webhook_secret": SecretStr("bench")}
        settings = Settings(
            data_dir=Path(folder), bot_token=SecretStr("42:B"), redis_url=SecretStr(url), rate=1000, **hook
        )
        try:
            async with open_app(settings) as app:
                await fill(app, count)
                await background(app, client, url, count)
                await chat(app, client)
        finally:
            await client.aclose()
            await store.stop()


if __name__ == "__main__":
    asyncio.run(main())
