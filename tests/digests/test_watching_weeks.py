"""Weeks of watching, with the real client, over a real server: every issue once, none missed, every site asked politely,
whatever its neighbours do.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import press
import pytest
from http_kit import Clock, Reply, Script, Site, make_client
from press import PaperSite, Town
from store_servers import Stores as AllStores
from store_servers import memory

from bot.notices import Notices
from bot.source_watch import SourceWatch
from bot.source_web import SourceWeb
from bot.texts import Texts
from digests.compose import Stores
from digests.enrich import load_knowledge
from digests.pipeline import Noticed
from digests.read import read_issue
from digests.sources.politeness import LEAST_GAP
from digests.sources.registry import SourceSpec
from digests.sources_memory import MemorySourceStore

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ADMIN = 1
ZONE = ZoneInfo("Asia/Shanghai")
KNOWLEDGE = load_knowledge()
START = datetime(2026, 11, 23, 0, 30, tzinfo=ZONE)
"""A Monday, soon after midnight."""
EVE = START - timedelta(days=3)
"""The Friday before: what stands on the sites when the watch begins."""


@dataclass
class Watching:
    """A watch over a town. `seen`: what the checks brought, and when."""

    town: Town
    site: Site
    clock: Clock
    folder: Path
    all: AllStores = field(default_factory=memory)
    store: MemorySourceStore = field(default_factory=MemorySourceStore)
    seen: list[tuple[datetime, Noticed]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.web = SourceWeb(self.folder, self.store, "Asia/Shanghai", make_client=lambda _: make_client(self.clock, seconds=0.5))  # fmt: skip
        stores = Stores(self.all.subscribers, self.all.issues, self.all.hits, self.all.outbox)
        notices = Notices(stores, self.all.admin, Texts.load(), frozenset({ADMIN}))
        self.watch = SourceWatch(
            self.store, self.web, self.all.issues, lambda raw: read_issue(raw, KNOWLEDGE), self._noticed, notices,
            lambda: self.clock.now,
        )  # fmt: skip

    async def _noticed(self, noticed: Noticed) -> None:
        self.seen.append((self.clock.now, noticed))

    async def add(self, name: str, kind: str, path: str, profile: str = "", host: str = "") -> None:
        address = self.site.url(path, host or f"{name}.example")
        spec = SourceSpec(name, kind, address, profile, name if kind != "feed" else "")  # type: ignore[arg-type]
        assert await self.store.add_source(spec, self.clock.now)

    async def until(self, end: datetime) -> None:
        """Tick whenever something is due."""
        while True:
            await self.watch.step()
            await self.watch.finish()
            dues = [one.due for one in await self.store.get_sources() if one.due is not None]
            coming = max(min(dues), self.clock.now + timedelta(seconds=1))
            if coming > end:
                return
            self.clock.ticks += (coming - self.clock.now).total_seconds()

    def brought(self, name: str) -> list[tuple[datetime, str]]:
        """What came from a source: when, and the title; as often as it came."""
        hosts = {name, f"{name}.example"}
        found = []
        for at, one in self.seen:
            if one.added is not None and one.issue is not None and hosts & {one.issue.publication, _host(one.key)}:
                found += [(at, article.title) for article in one.added.articles]
        return found

    def asked(self, host: str, path: str) -> int:
        return sum(one.host == host and one.path == path for one in self.site.asked)

    def lateness(self, name: str, after: datetime) -> list[timedelta]:
        """How long after it could be seen each thing was seen."""
        seen = {title: at for at, title in reversed(self.brought(name))}
        prints = self.town.sites[f"{name}.example"].prints
        shown = [(title, one.online) for one in prints if one.online > after for title in one.titles]
        return [seen[title] - online for title, online in shown if title in seen]

    async def told(self) -> list[str]:
        said = []
        while claimed := await self.all.outbox.claim(self.clock.now, 9, timedelta(minutes=1)):
            for delivery in claimed:
                said.append(delivery.html or "")
                await self.all.outbox.settle(delivery, self.clock.now, next_at=None, chat_at=self.clock.now)
        return said


def _host(key: str) -> str:
    return key.split("/")[2].partition(":")[0] if "://" in key else ""


@asynccontextmanager
async def watching(folder: Path) -> AsyncIterator[Watching]:
    clock = Clock(START)
    town = Town(clock)
    async with Site(clock).running() as site:
        site.other = town.answer
        made = Watching(town, site, clock, folder)
        try:
            yield made
        finally:
            await made.watch.close()
            await made.web.close()


def at(day: int, hour: float) -> datetime:
    return START.replace(hour=0, minute=0) + timedelta(days=day, hours=hour)


# ---------------------------------------------------------------------------------------------- the papers
def print_all(town: Town, days: int) -> None:
    """Papers of every family, with what happens to papers in three weeks."""
    a = town.add("a.example")
    press.daily(a, "A", "a", press.week(EVE, days + 3, 6.5, "012345"))
    a.faults += [press.outage(at(10, 5), at(12, 3)), press.stumbles("/content/202611/27/", 2, 429)]
    b = town.add("b.example")
    press.daily(b, "B", "b", press.week(EVE, days + 3, 7, "01234"))
    b.faults.append(press.stale(b, "/paperindex.htm", at(8, 6), at(9, 20)))
    b2 = town.add("b2.example")
    press.daily(b2, "B2", "b2", press.week(EVE, days + 3, 6, "0123456"))
    b2.faults.append(press.moved("/old", "/"))
    c = town.add("c.example", robots="User-agent: *\nCrawl-delay: 3\nDisallow: /cgi/")
    press.daily(
        c, "C", "c", [one if one.day != 9 else at(16, 14.5) for one in press.week(EVE, days + 3, 6.75, "01234")]
    )
    d = town.add("d.example")
    closed = {"2026-12-08": "敬告读者：本报12月9日至10日休刊，12月11日恢复正常出版。"}
    onlines = press.week(EVE, days + 3, 7, "01234", (19, 20))
    press.numbered(d, "d", onlines, closed, {"2026-12-02": at(10, 6.5)})
    gov = town.add("gov.example")
    press.column(gov, "/class/ABC", [at(-3, 9), *(at(n, 9 + n % 8) for n in range(1, days, 2))])
    gov.faults.append(press.stumbles("/1003.html", 3, 500))
    keji = town.add("keji.example")
    press.periodical(keji, "/list", [(at(-40, 9), 10), (at(4, 15), 11), (at(19, 10), 12)])
    rss = town.add("rss.example")
    press.feed(rss, "/rss", [at(-1, 9), *(at(0, 3 + 5 * n) for n in range(days * 24 // 5))])
    as_json = town.add("json.example")
    press.feed(as_json, "/feed.json", [at(-1, 9), *(at(n, 11.2) for n in range(days))], as_json=True)


async def watch_all(world: Watching) -> None:
    for name, kind, path, profile in (
        ("a", "epaper", "/yx/pc/layout/index.html", "A"), ("b", "epaper", "/paperindex.htm", "B"), ("b2", "epaper", "/old", "B2"),
        ("c", "epaper", "/content/PaperIndex.htm", "C"), ("d", "epaper", "/YX001", "D"), ("gov", "list", "/class/ABC", "gov-cms"),
        ("keji", "list", "/list", "periodical-list"), ("rss", "feed", "/rss", ""), ("json", "feed", "/feed.json", ""),
    ):  # fmt: skip
        await world.add(name, kind, path, profile)


# ---------------------------------------------------------------------------------------------- the neighbours
async def _trickle(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.1)


NEIGHBOURS: dict[str, Reply | Script] = {
    "bomb": Reply(press.bomb(), headers={"Content-Type": "application/rss+xml"}),
    "nested": Reply(press.nested(), headers={"Content-Type": "application/rss+xml"}),
    "huge": press.huge(),
    "trickle": Script(_trickle),
    "loop": Reply(b"", 302, {"Location": "/feed"}),
    "gone": Reply(b"", 410),
    "challenge": Reply(b"<html><title>Are you human?</title></html>", headers={"Content-Type": "text/html"}),
    "forever": Reply(press.rss([("永远不变的快讯", START)]).encode(), headers={"Content-Type": "application/rss+xml"}),
}


TOLD = {
    "gone": "410",
    "challenge": "Are you human?",
    "nested": "200",
    "trickle": "0.5 秒",
    "loop": "转址",
    "huge": "15 MiB",
}


async def invite_neighbours(world: Watching) -> None:
    for name, reply in NEIGHBOURS.items():
        world.site.routes[f"{name}.example/feed"] = reply
        await world.add(name, "feed", "/feed")


# ---------------------------------------------------------------------------------------------- the weeks
FOUND = timedelta(hours=3)
"""What came out before the end by so much must have been found."""
PAPERS = ("a", "b", "b2", "c", "d", "gov", "keji", "rss", "json")


async def test_three_weeks_of_papers(tmp_path: Path) -> None:
    days = 21
    async with watching(tmp_path) as world:
        print_all(world.town, days)
        await watch_all(world)
        await world.until(at(days, 0.5))
        for name in PAPERS:
            expect_all_once(world, world.town.sites[f"{name}.example"], name)
        expect_politeness(world, most=60)
        for name in PAPERS:
            print(name, figures(world, name))
        assert world.asked("b2.example", "/old") == 3, "a move is taken over the third time"
        assert world.asked("c.example", "/robots.txt") <= days + 1
        waits = [
            late.total_seconds() / 60 for name in ("b2", "c", "d") for late in world.lateness(name, after=at(14, 0))
        ]
        # By the rhythm it is a quarter of an hour. This clock adds up the pauses of all nine sites, which in life pass together:
        # whose turn comes when several papers' pages are being fetched waits for their sum, in an order that is not set.
        assert max(waits) <= 20, "once the rhythm is known, an issue is found within minutes"
        assert max(late.total_seconds() / 60 for late in world.lateness("rss", after=START)) <= 35
        said = await world.told()
        late = [one for one in said if one.startswith("⏰")]
        assert len(late) == 1 and "<b>c</b> 2026-12-09" in late[0]
        assert any("<b>c</b> 2026-12-09 的一期到了" in one for one in said)
        assert not any("缺第" in one for one in said), "the missing number was fetched"


async def test_bad_neighbours_are_told_of_and_stop_nobody(tmp_path: Path) -> None:
    days = 2
    async with watching(tmp_path) as world:
        print_all(world.town, days)
        await watch_all(world)
        await invite_neighbours(world)
        await world.until(at(days, 0.5))
        for name in PAPERS:
            expect_all_once(world, world.town.sites[f"{name}.example"], name)
        expect_politeness(world, most=60)
        assert world.asked("gone.example", "/feed") == 1
        said = [f"{one.key} {one.unreadable}" for _, one in world.seen if one.unreadable]
        for name, word in TOLD.items():
            assert any(f"{name}.example" in one and word in one for one in said), (name, said)
        assert [title for _, title in world.brought("forever")] == [], "what stood there before is seen"


def figures(world: Watching, name: str) -> str:
    site = world.town.sites[f"{name}.example"]
    waits = sorted(late.total_seconds() / 60 for late in world.lateness(name, after=START))
    statuses = Counter(status for _, status, _ in site.answered)
    return f"{len(site.answered)} requests {dict(statuses)}, minutes until seen: median {median(waits):.0f}, most {waits[-1]:.0f}"


def expect_all_once(world: Watching, site: PaperSite, name: str) -> None:
    """All that was printed since the watch began, each once, and of what stood there before the newest at most."""
    brought = [title for _, title in world.brought(name)]
    assert [title for title, times in Counter(brought).items() if times > 1] == [], name
    begun = {title for one in site.prints if START < one.online < world.clock.now - FOUND for title in one.titles}
    newest = [one for one in site.prints if one.online <= START][-1:]
    assert begun - set(brought) == set(), name
    assert set(brought) - begun <= {title for one in newest for title in one.titles}, name


def expect_politeness(world: Watching, most: int) -> None:
    """A gap between two requests to a host, never two at once, `most` a day."""
    by_host: dict[str, list[float]] = defaultdict(list)
    for one in world.site.asked:
        by_host[one.host].append(one.at)
    for host, times in by_host.items():
        least = 3 if host == "c.example" else LEAST_GAP
        robots = [one.at for one in world.site.asked if one.host == host and one.path == "/robots.txt"]
        gaps = [later - earlier for earlier, later in pairwise(times) if earlier not in robots]
        assert all(gap >= least - 1e-6 for gap in gaps), host
        assert all(later - earlier >= LEAST_GAP - 1e-6 for earlier, later in pairwise(times)), host
        assert world.site.most[host] == 1 or host == "trickle.example", host  # whose server notices late that we left
        days = Counter(int(time // 86400) for time in times)
        assert max(days.values()) <= most, (host, days)
