"""Sources in the service: checked when due, apart from each other; what is late, missing or broken is told once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from source_kit import Kit, feed, kit, paper

from digests.sources.calendar import Calendar, Record, Sighting
from digests.sources.registry import SourceSpec

HOUR = timedelta(hours=1)
WORKDAYS = Calendar((0, 1, 2, 3, 4), 6 * 60, 8 * 60)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Kit]:
    async with kit(tmp_path) as made:
        yield made


async def put(world: Kit, spec: SourceSpec) -> None:
    assert await world.store.add_source(spec, world.clock)


def epaper(world: Kit, **more: Any) -> SourceSpec:
    spec = SourceSpec("云溪日报", "epaper", f"{world.url}/pc/layout/index.html", "A", "云溪日报")
    return replace(spec, **more)


async def test_a_feed_and_a_paper_bring_their_issues(world: Kit) -> None:
    world.site.pages = {"/rss": feed("旧闻"), **paper("2026-03-02")}
    await put(world, SourceSpec("feed", "feed", f"{world.url}/rss"))
    await put(world, epaper(world))
    first = await world.tick()
    assert [one.issue.publication for one in first if one.issue] == ["云溪日报"]
    world.site.pages |= {"/rss": feed("电池项目投产", "旧闻")}
    assert await world.tick(minutes=1) == []
    (later,) = await world.tick(hours=2)
    assert later.issue is not None and [a.title for a in later.issue.articles] == ["电池项目投产"]
    found = await world.store.find_source("云溪日报")
    assert found is not None and found.record.succeeded == world.clock and len(found.record.sightings) == 1
    assert found.due is not None and found.due > world.clock


async def test_one_that_fails_stops_no_other(world: Kit) -> None:
    world.site.pages = {"/bad": 500, "/html": "<html><body>hello</body></html>", **paper("2026-03-02")}
    await put(world, SourceSpec("bad", "feed", f"{world.url}/bad"))
    await put(world, SourceSpec("html", "feed", f"{world.url}/html"))
    await put(world, epaper(world, name="no-profile", profile="gone"))
    await put(world, epaper(world))
    brought = await world.tick()
    assert [one.issue.publication for one in brought if one.issue] == ["云溪日报"]
    assert any("/html" in one.key for one in brought if one.unreadable)
    states = {one.spec.name: one for one in await world.store.get_sources()}
    assert {name: one.state.failures for name, one in states.items()} == {
        "bad": 1,
        "html": 1,
        "no-profile": 1,
        "云溪日报": 0,
    }
    assert all(one.due and one.due > world.clock for one in states.values())
    assert states["bad"].record.succeeded is None and "500" in states["bad"].state.problem
    (told,) = await world.told()
    assert "no-profile" in told


async def test_a_feed_that_is_gone_is_not_asked_again(world: Kit) -> None:
    world.site.pages = {"/rss": 410}
    await put(world, SourceSpec("feed", "feed", f"{world.url}/rss"))
    (told,) = await world.tick()
    assert "410" in told.unreadable
    assert await world.tick(days=9) == [] and world.site.asked == ["/rss"]
    await world.service.pause("feed", False, 1)
    world.site.pages = {"/rss": feed("回来了")}
    await world.tick()
    found = await world.store.find_source("feed")
    assert found is not None and found.state.begun and not found.state.stopped


async def test_a_paper_that_is_late_is_told_once_a_day(world: Kit) -> None:
    world.site.pages = dict(paper("2026-03-02"))
    await put(world, epaper(world, calendar=WORKDAYS))
    await world.tick()
    assert await world.told() == []
    world.clock = world.clock.replace(day=2, hour=22)  # Tuesday 06:00 in Shanghai
    asked = len(world.site.asked)
    for _ in range(12 * 5):
        await world.tick(minutes=5)
    (late,) = await world.told()
    assert "云溪日报" in late and "2026-03-03" in late
    entries = world.site.asked[asked:].count("/pc/layout/index.html")
    assert 8 <= entries <= 16
    world.site.pages |= paper("2026-03-03", ("雨水充沛", "春耕开始"))
    brought = [await world.tick(minutes=20) for _ in range(6)]
    assert [one.issue.day for some in brought for one in some if one.issue] == ["2026-03-03"]
    (came,) = await world.told()
    assert "2026-03-03" in came and "到了" in came


async def test_a_number_that_is_missing_is_told(world: Kit) -> None:
    """No. 2422 came neither before nor with what the check brings."""
    world.site.pages = {"/rss": feed("一")}
    await put(world, SourceSpec("feed", "feed", f"{world.url}/rss"))
    before = Record((Sighting(world.clock, "2026-02-26", number=2421, last=2421),))
    found = await world.store.find_source("feed")
    assert found is not None
    after = replace(before, sightings=(*before.sightings, Sighting(world.clock, "2026-02-27", number=2423, last=2424)))
    for _ in range(2):
        await world.watch.tell(replace(found, record=before), after, world.clock)
    (told,) = await world.told()
    assert "2422" in told
    await world.watch.tell(replace(found, record=after), after, world.clock)
    assert await world.told() == []


async def test_slow_sources_keep_nobody_waiting(world: Kit) -> None:
    world.site.pages, world.site.hold = {"/rss": feed("一")}, asyncio.Event()
    await put(world, SourceSpec("slow", "feed", f"{world.url}/rss"))
    assert await world.watch.step() is False
    for _ in range(50):
        await asyncio.sleep(0.01)
        if world.site.asked:
            break
    assert await world.watch.step() is False and len(world.site.asked) == 1
    await world.watch.close()
    found = await world.store.find_source("slow")
    assert found is not None and found.due == world.clock
    world.site.hold.set()


async def test_a_folder_may_be_a_source(world: Kit) -> None:
    (world.folder / "scans").mkdir()
    (world.folder / "scans" / "a.txt").write_text(
        "云溪时报\n2026年3月2日\n\n电池项目投产\n\n本报讯 电池项目昨天投产。\n", "utf-8"
    )
    await put(world, SourceSpec("scans", "folder", "scans"))
    world.clock += timedelta(days=3650)  # after the file's own time
    brought = [*await world.tick(), *await world.tick(seconds=10), *await world.tick(seconds=10)]
    assert [one.key for one in brought if one.issue] == ["a.txt"]


async def test_sources_toml_is_followed(world: Kit) -> None:
    file = world.folder / "sources.toml"
    file.write_text(f'[[source]]\nname = "快讯"\nkind = "feed"\naddress = "{world.url}/rss"\n', "utf-8")
    world.site.pages = {"/rss": feed("一")}
    await world.tick()
    assert world.site.asked == ["/rss"]
    file.write_text('[[source]]\nname = "x"\nkind = "papyrus"\n', "utf-8")
    await world.tick(minutes=1)
    (told,) = await world.told()
    assert "sources.toml" in told and "papyrus" in told
    assert [one.spec.name for one in await world.store.get_sources()] == ["快讯"]
    file.write_text(f'[[source]]\nname = "另一"\nkind = "feed"\naddress = "{world.url}/rss"\npaused = true\n', "utf-8")
    await world.tick(seconds=5)
    await world.tick(minutes=1)
    (one,) = await world.store.get_sources()
    assert one.spec.name == "另一" and one.due is None
    file.write_text(file.read_text("utf-8").replace("paused = true", "paused = false"), "utf-8")
    await world.tick(minutes=1)
    (one,) = await world.store.get_sources()
    assert not one.spec.paused and one.due is not None
    await world.service.pause("另一", True, 1)
    file.write_text(file.read_text("utf-8") + "# 无关的改动\n", "utf-8")
    await world.tick(minutes=1)
    (one,) = await world.store.get_sources()
    assert one.spec.paused, "what an admin paused stays paused"
    file.unlink()
    await world.tick(minutes=1)
    assert await world.store.get_sources() == []


async def test_sources_toml_in_other_encodings_and_with_profiles_that_come_later(world: Kit) -> None:
    file = world.folder / "sources.toml"
    text = f'[[source]]\nname = "快讯"\nkind = "feed"\naddress = "{world.url}/rss"\n'
    world.site.pages = {"/rss": feed("一")}
    file.write_bytes((text + 'publication = "云溪日报，每天早上六点半出版"\n').encode("gbk"))
    await world.tick()
    assert [one.spec.publication for one in await world.store.get_sources()] == ["云溪日报，每天早上六点半出版"]
    file.write_bytes(bytes(range(256)) * 4)
    await world.tick(minutes=1)
    (told,) = await world.told()
    assert "sources.toml" in told and len(await world.store.get_sources()) == 1
    later = text + f'[[source]]\nname = "报"\nkind = "epaper"\naddress = "{world.url}/x"\nprofile = "mine"\n'
    file.write_text(later, "utf-8")
    await world.tick(minutes=1)
    assert len(await world.told()) == 1 and len(await world.store.get_sources()) == 1
    await world.tick(minutes=1)
    assert await world.told() == [], "told once"
    (world.folder / "profiles").mkdir()
    (world.folder / "profiles" / "mine.toml").write_text('preset = "A"\n', "utf-8")
    await world.tick(minutes=1)
    assert len(await world.store.get_sources()) == 2


async def test_what_was_removed_meanwhile_is_left_alone(world: Kit) -> None:
    await world.watch.check("nobody")
    assert await world.told() == []
