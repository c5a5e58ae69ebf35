"""A web server on loopback with a feed and an e-paper of our own, and the parts that watch them, on stores in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer
from store_servers import Stores as AllStores
from store_servers import memory

from bot.notices import Notices
from bot.services import SourceState
from bot.source_service import SourceService
from bot.source_watch import SourceWatch
from bot.source_web import SourceWeb
from bot.texts import Texts
from digests.compose import Stores
from digests.enrich import load_knowledge
from digests.pipeline import Noticed
from digests.read import read_issue
from digests.sources.guard import LOOPBACK
from digests.sources.http import HttpClient
from digests.sources.registry_toml import Declared
from digests.sources_memory import MemorySourceStore

ADMIN = 1
MONDAY = datetime(2026, 3, 2, 5, tzinfo=UTC)
"""13:00 in Shanghai."""
KNOWLEDGE = load_knowledge()
TEXTS = Texts.load()


async def to_loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


@dataclass
class Site:
    """`pages`: by path, a text or a status. `asked`: every path, in order."""

    pages: dict[str, str | int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hold: asyncio.Event | None = None

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if self.hold is not None:
            await self.hold.wait()
        found = self.pages.get(request.path, 404)
        if isinstance(found, int):
            return web.Response(status=found)
        kind = "application/rss+xml" if found.startswith("<rss") else "text/html"
        return web.Response(text=found, content_type=kind, charset="utf-8")


@dataclass
class Kit:
    """`url`: the site's. `clock` is moved by hand. `seen`: what the checks brought."""

    url: str
    site: Site
    folder: Path
    all: AllStores
    store: MemorySourceStore
    web: SourceWeb
    clock: datetime = MONDAY
    seen: list[Noticed] = field(default_factory=list)

    def __post_init__(self) -> None:
        stores = Stores(self.all.subscribers, self.all.issues, self.all.hits, self.all.outbox)
        notices = Notices(stores, self.all.admin, TEXTS, frozenset({ADMIN}))
        self.watch = SourceWatch(
            self.store, self.web, self.all.issues, lambda raw: read_issue(raw, KNOWLEDGE), self._noticed, notices,
            lambda: self.clock,
        )  # fmt: skip
        inbox = [SourceState("inbox", "/data/inbox", MONDAY, "")]
        self.service = SourceService(self.store, self.web, self.all.admin, lambda: inbox, lambda: self.clock)

    async def _noticed(self, noticed: Noticed) -> None:
        self.seen.append(noticed)

    async def tick(self, **later: float) -> list[Noticed]:
        """One tick, and all that it began; answers what it brought."""
        self.clock += timedelta(**later)
        before = len(self.seen)
        await self.watch.step()
        await self.watch.finish()
        return self.seen[before:]

    async def told(self) -> list[str]:
        """The notices that wait for the admin, each once."""
        said = []
        while claimed := await self.all.outbox.claim(self.clock, 9, timedelta(minutes=1)):
            for delivery in claimed:
                said.append(delivery.html or "")
                await self.all.outbox.settle(delivery, self.clock, next_at=None, chat_at=self.clock)
        return said


@asynccontextmanager
async def kit(folder: Path) -> AsyncIterator[Kit]:
    site, app = Site(), web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    store = MemorySourceStore()
    ticks = [0.0]

    async def sleep(seconds: float) -> None:
        ticks[0] += seconds
        await asyncio.sleep(0)

    def client(declared: Declared) -> HttpClient:
        return HttpClient("tests", guard=LOOPBACK, resolve=to_loopback, sleep=sleep, ticks=lambda: ticks[0])

    async with TestServer(app) as server:
        outside = SourceWeb(folder, store, "Asia/Shanghai", make_client=client)
        made = Kit(f"http://paper.example:{server.port}", site, folder, memory(), store, outside)
        try:
            yield made
        finally:
            await made.watch.close()
            await outside.close()


def feed(*titles: str, day: str = "2026-03-02") -> str:
    items = "".join(
        f"<item><title>{title}</title><guid>{title}</guid><pubDate>{day}</pubDate>"
        f"<description>本报讯 {title}的消息传遍全城，各项工作进展顺利。</description></item>"
        for title in titles
    )
    return f"<rss version='2.0'><channel><title>云溪快讯</title>{items}</channel></rss>"


def paper(day: str, stories: tuple[str, ...] = ("储能电站在云溪开工", "青石岭大桥合龙")) -> dict[str, str]:
    """One page of family A."""
    y, m, d = day.split("-")
    stamp = f"{y}{m}/{d}"
    links = "".join(
        f'<li><a href="../../../content/{stamp}/content_{n}.html">{s}</a></li>' for n, s in enumerate(stories)
    )
    node = f'<html><title>云溪日报</title><ul id="list"><li><a href="node_A01.html">第A01版：要闻</a></li></ul><ul class="newsList">{links}</ul></html>'
    refresh = f'<html><meta http-equiv="refresh" content="0; URL={stamp}/node_A01.html"></html>'
    pages = {"/pc/layout/index.html": refresh, f"/pc/layout/{stamp}/node_A01.html": node}
    for n, s in enumerate(stories):
        body = f"<p>本报讯 昨天，{s}的消息传遍全城。{day}</p><p>记者从现场了解到，各项工作进展顺利。</p>"
        pages[f"/pc/content/{stamp}/content_{n}.html"] = (
            f'<html><h1 id="Title">{s}</h1><div id="ozoom">{body}</div></html>'
        )
    return pages
