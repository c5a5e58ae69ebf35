"""A watched feed: every entry once, none missed, nothing of the past; what is told, and when it is asked again."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from http_kit import START, Asked, Clock, Reply, Site, world

from digests.errors import UnreadableError
from digests.sources.feed_items import Entry, Feed
from digests.sources.feed_source import FeedSource, ReadEnclosure, parse_in_thread
from digests.sources.feed_worker import FeedWorker
from digests.sources.state import MemorySourceStates, WatchState
from digests.types import Hints, RawIssue

HOUR = timedelta(hours=1)


def entry(
    n: int, *, day: int = 20, guid: str | None = None, link: str | None = None, title: str = "", extra: str = ""
) -> str:
    return (
        f"<item><title>{title or f'第{n}条消息'}</title><link>{link or f'https://paper.example/a/{n}.html'}</link>"
        f"<guid isPermaLink='false'>{guid or f'g{n}'}</guid><description>云溪的第{n}件事，说来话长。</description>"
        f"<pubDate>2026-11-{day:02}</pubDate>{extra}</item>"
    )


def feed(*entries: str, title: str = "云溪日报", head: str = "") -> Reply:
    body = f"<rss version='2.0'><channel><title>{title}</title><link>https://paper.example/</link>{head}{''.join(entries)}</channel></rss>"
    return Reply(body.encode(), headers={"Content-Type": "application/rss+xml"})


@dataclass
class Watch:
    """A feed, its server, and the moments at which it is checked."""

    site: Site
    clock: Clock
    source: FeedSource
    states: MemorySourceStates
    now: datetime = START
    told: list[str] = field(default_factory=list)

    async def check(self, hours: float = 1) -> list[tuple[str, list[str]]]:
        """(day, titles) of each issue; what cannot be read goes to `told`."""
        self.now += timedelta(hours=hours)
        issues = []
        async for item in self.source.check(self.now):
            if isinstance(item, UnreadableError):
                self.told.append(item.reason)
            else:
                issues.append((item.hints.date or "", [article.title for article in item.articles]))
        return issues

    async def state(self) -> WatchState:
        return await self.states.find_state("feed") or WatchState()

    def serve(self, reply: Reply) -> None:
        self.site.routes["/feed"] = reply


@asynccontextmanager
async def watching(
    *, sample: bool = False, enclosures: ReadEnclosure | None = None, publication: str = ""
) -> AsyncIterator[Watch]:
    async with world() as (site, client, clock):
        states = MemorySourceStates()
        source = FeedSource(
            "feed",
            site.url("/feed"),
            client,
            states,
            parse_in_thread,
            sample=sample,
            enclosures=enclosures,
            publication=publication,
        )
        yield Watch(site, clock, source, states)


# ------------------------------------------------------------------------------------------------ what is new
async def test_the_past_is_seen_and_the_new_comes_once_grouped_by_day() -> None:
    async with watching() as watch:
        watch.serve(feed(entry(2), entry(1)))
        assert await watch.check() == []
        watch.serve(feed(entry(5, day=21), entry(4, day=21), entry(3), entry(2), entry(1)))
        assert await watch.check() == [("2026-11-20", ["第3条消息"]), ("2026-11-21", ["第5条消息", "第4条消息"])]
        assert await watch.check() == []


async def test_a_sample_is_the_newest() -> None:
    async with watching(sample=True) as watch:
        watch.serve(feed(entry(1, day=18), entry(2, day=20), entry(3, day=19)))
        assert await watch.check() == [("2026-11-20", ["第2条消息"])]
        assert await watch.check() == []


async def test_a_sample_of_nothing() -> None:
    async with watching(sample=True) as watch:
        watch.serve(feed())
        assert await watch.check() == []
        watch.serve(feed(entry(1)))
        assert await watch.check() == [("2026-11-20", ["第1条消息"])]


@pytest.mark.parametrize(
    "again",
    [entry(1, guid="other"), entry(1, link="http://paper.example/a/1.html?div=-1", guid="other"), entry(1, title="改过的题目"),
     entry(1, guid="other", link="https://paper.example/moved/1.html")],
)  # fmt: skip
async def test_any_key_that_is_known_makes_an_entry_known(again: str) -> None:
    async with watching() as watch:
        watch.serve(feed(entry(1)))
        await watch.check()
        watch.serve(feed(again, entry(2)))
        assert await watch.check() == [("2026-11-20", ["第2条消息"])]


async def test_an_entry_that_comes_back_or_is_reordered_is_known() -> None:
    async with watching() as watch:
        watch.serve(feed(entry(1), entry(2)))
        await watch.check()
        watch.serve(feed(entry(3, day=1)))
        assert await watch.check() == [("2026-11-01", ["第3条消息"])], "back-dated, yet new"
        watch.serve(feed(entry(2), entry(3), entry(1)))
        assert await watch.check() == []


async def test_what_the_caller_did_not_take_comes_again() -> None:
    async with watching() as watch:
        watch.serve(feed())
        await watch.check()
        watch.serve(feed(entry(2, day=21), entry(1)))
        watch.now += HOUR
        stream = watch.source.check(watch.now)
        first = await anext(stream)
        assert isinstance(first, RawIssue) and first.hints.date == "2026-11-20"
        second = await anext(stream)
        assert isinstance(second, RawIssue)
        await stream.aclose()  # type: ignore[attr-defined]
        assert await watch.check() == [("2026-11-21", ["第2条消息"])], "the first was taken, the second was not"


async def test_issues_carry_the_paper_and_articles_their_address() -> None:
    async with watching(publication="云溪晚报") as watch:
        watch.serve(feed())
        await watch.check()
        watch.serve(
            feed(
                entry(1, extra="<author>闻笛</author><category>要闻</category>"),
                "<item><description>第一行\n第二行</description></item>",
            )
        )
        watch.now += HOUR
        [undated, dated] = sorted([i async for i in watch.source.check(watch.now)], key=lambda i: getattr(i, "key", ""))
        assert isinstance(dated, RawIssue) and isinstance(undated, RawIssue)
        assert dated.hints == Hints("云溪晚报", date="2026-11-20") and dated.source == "feed"
        [article] = dated.articles
        assert (article.address, article.byline, article.section) == ("https://paper.example/a/1.html", "闻笛", "要闻")
        assert article.body == "云溪的第1件事，说来话长。"
        assert undated.hints.date is None and undated.articles[0].title, "a day is never made up"


async def test_an_entry_with_a_file_is_an_issue_of_its_own() -> None:
    async def read(entry: Entry, hints: Hints, source: str, now: datetime) -> RawIssue | UnreadableError:
        return RawIssue(source, entry.enclosures[0].address, hints=hints)

    async with watching(enclosures=read) as watch:
        watch.serve(feed())
        await watch.check()
        watch.serve(feed(entry(1), entry(2, extra="<enclosure url='/2.pdf' type='application/pdf'/>")))
        watch.now += HOUR
        keys = [item.key async for item in watch.source.check(watch.now) if isinstance(item, RawIssue)]
        assert keys[1].endswith("/2.pdf") and len(keys) == 2
        assert await watch.check() == []


# ------------------------------------------------------------------------------------------------ asking
async def test_validators_are_sent_but_once_a_day_all_is_asked_for() -> None:
    def answer(asked: Asked) -> Reply:
        known = asked.headers.get("if-none-match") == '"v1"'
        return Reply(status=304) if known else Reply(feed(entry(1)).body, headers={"ETag": '"v1"'})

    async with watching() as watch:
        watch.site.routes["/feed"] = answer
        for _ in range(26):
            await watch.check()
        whole = [n for n, asked in enumerate(watch.site.asked) if "if-none-match" not in asked.headers]
        assert whole == [0, 24]


async def test_the_same_body_is_not_read_again() -> None:
    parsed = 0

    async with watching() as watch:

        async def counting(*given: Any) -> object:
            nonlocal parsed
            parsed += 1
            return await parse_in_thread(*given)

        watch.source._parse = counting  # type: ignore[assignment]
        watch.serve(feed(entry(1)))
        for _ in range(5):
            await watch.check()
        assert (parsed, len(watch.site.asked)) == (1, 5)


async def test_a_source_that_is_not_due_is_not_asked() -> None:
    async with watching() as watch:
        watch.serve(Reply(feed(entry(1)).body, headers={"Cache-Control": "max-age=7200"}))
        for _ in range(5):
            await watch.check(0.5)
        assert len(watch.site.asked) == 2
        watch.serve(feed(entry(1), head="<ttl>180</ttl>", title="新"))
        await watch.check(2)
        assert (await watch.state()).next_at == watch.now + 3 * HOUR


async def test_a_permanent_move_is_taken_over_after_three_sightings() -> None:
    async with watching() as watch:
        watch.serve(Reply(status=301, headers={"Location": watch.site.url("/new")}))
        watch.site.routes["/new"] = feed(entry(1))
        for _ in range(4):
            await watch.check()
        assert watch.site.paths() == ["/feed", "/new"] * 3 + ["/new"]
        assert (await watch.state()).address == watch.site.url("/new")


async def test_410_stops_and_tells_once() -> None:
    async with watching() as watch:
        watch.serve(Reply(status=410))
        for _ in range(3):
            await watch.check()
        assert len(watch.site.asked) == 1 and len(watch.told) == 1 and "410" in watch.told[0]


async def test_failures_are_told_from_the_third_and_asked_later_and_later() -> None:
    async with watching() as watch:
        watch.serve(Reply(status=500))
        for _ in range(24):
            await watch.check(1 / 12)
        times = [asked.at for asked in watch.site.asked]
        assert 4 <= len(times) <= 6
        assert len(watch.told) == len(times) - 2 and len(set(watch.told)) == 1, "one breakdown, one message"
        assert "500" in watch.told[0] and "2026-11-21" in watch.told[0]
        watch.serve(feed(entry(1)))
        await watch.check(24)
        assert (await watch.state()).failures == 0


async def test_retry_after_is_obeyed() -> None:
    async with watching() as watch:
        watch.serve(Reply(status=503, headers={"Retry-After": "36000"}))
        for _ in range(9):
            await watch.check()
        assert len(watch.site.asked) == 1


async def test_a_page_in_the_feeds_place_is_told_at_once_and_nothing_is_lost() -> None:
    async with watching() as watch:
        watch.serve(feed(entry(1)))
        await watch.check()
        watch.serve(Reply(b"<html><title>x</title>captcha</html>"))
        assert await watch.check() == [] and len(watch.told) == 1 and "验证" in watch.told[0]
        watch.serve(feed(entry(2), entry(1)))
        assert await watch.check() == [("2026-11-20", ["第2条消息"])]


async def test_every_entry_once_over_three_weeks() -> None:
    """Two entries a day, twenty in the feed, a server that fails every fifth time and reorders: all come, each once."""
    async with watching() as watch:
        began = watch.now

        def answer(asked: Asked) -> Reply:
            if len(watch.site.asked) % 5 == 4:
                return Reply(status=502)
            count = int((watch.now - began) / timedelta(hours=12))
            numbers = list(range(max(0, count - 19), count + 1))
            body = feed(*(entry(n, day=1 + n // 2 % 20) for n in (reversed(numbers) if count % 2 else numbers))).body
            return Reply(body)

        watch.site.routes["/feed"] = answer
        await watch.check(0)
        titles = [title for _ in range(21 * 24) for _, titles in await watch.check() for title in titles]
        assert sorted(titles) == sorted(f"第{n}条消息" for n in range(1, 43))
        assert len(watch.site.asked) <= 21 * 24 + 1


# ------------------------------------------------------------------------------------------------ the worker
async def test_the_worker_reads_as_the_thread_does_and_outlives_bad_bodies() -> None:
    worker = FeedWorker()
    good = feed(
        entry(1, extra="<enclosure url='/2.pdf' type='application/pdf'/><category>甲</category>"),
        "<item><title>x</title></item>",
    ).body
    try:
        with pytest.raises(UnreadableError, match="网页"):
            await worker.parse(b"<html></html>", "", "https://paper.example/", START)
        assert await worker.parse(good, "", "https://paper.example/", START) == await parse_in_thread(
            good, "", "https://paper.example/", START
        )
    finally:
        await worker.close()


async def test_a_body_that_takes_too_long_costs_the_child_only() -> None:
    worker = FeedWorker(seconds=0.05)
    try:
        with pytest.raises(UnreadableError, match="超出时间"):
            await worker.parse(feed(entry(1)).body, "", "https://paper.example/", START)
        worker._seconds = 30
        assert (await worker.parse(feed(entry(1)).body, "", "https://paper.example/", START)).title == "云溪日报"
    finally:
        await worker.close()
        await worker.close()


async def test_only_what_is_new_is_read_and_nothing_is_missed_by_that() -> None:
    """Random feeds whose entries share guids and addresses, are edited, leave and return: read with and without what was
    left out before, the same comes."""
    rng = random.Random(7)
    for _ in range(12):
        shared = rng.random() < 0.3
        async with watching() as with_marks, watching() as whole:

            async def parse(body: bytes, kind: str, address: str, now: datetime, known: object) -> Feed:
                return await parse_in_thread(body, kind, address, now)

            whole.source._parse = parse
            texts: dict[int, str] = {}
            for n in range(12):
                texts[n] = f"第{n}条消息，云溪的储能电站昨日开工，各方都来了，还要再看。{rng.random()}"
                if rng.random() < 0.3:
                    texts[rng.choice(list(texts))] += "（更正）"
                current = [*rng.sample(sorted(texts), min(len(texts), rng.randint(2, 6))), n]
                items = "".join(
                    f"<item><title>消息{k}</title><guid>{'same' if shared else k}</guid><link>https://a.example/{'' if shared else k}</link>"
                    f"<pubDate>Fri, 20 Nov 2026 08:00:00 +0800</pubDate><description>{texts[k]}</description></item>"
                    for k in dict.fromkeys(current)
                )
                reply = Reply(f"<rss version='2.0'><channel><title>云溪</title>{items}</channel></rss>".encode())
                with_marks.serve(reply)
                whole.serve(reply)
                assert await with_marks.check() == await whole.check()
