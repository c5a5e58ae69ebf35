"""Trying queries on the newest issues while others are being read."""

from __future__ import annotations

import asyncio

import pytest
from pipeline_world import NOW, World, raw
from store_servers import memory

from digests.recent import Recent
from digests.types import Issue
from subscriptions import AliasTable


async def test_an_issue_counts_together_with_its_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    world, read = World(memory()), asyncio.Event()
    recent, aliases = Recent(world.all.issues, 9), AliasTable(())
    await world.publish(raw("青禾锂电开工：项目", "a.txt"), now=NOW)
    await recent.articles()
    await world.publish(raw("青禾锂电投产：项目", "b.txt"), now=NOW)
    find_issue = world.all.issues.find_issue

    async def slow(id: str) -> Issue | None:
        await read.wait()
        return await find_issue(id)

    monkeypatch.setattr(world.all.issues, "find_issue", slow)
    reading = asyncio.create_task(recent.articles())
    await asyncio.sleep(0)
    count, (found,) = await recent.matches(["青禾锂电"], aliases, again=False)
    assert (count, len(found)) == (1, 1), "what is still being read is not there yet"
    read.set()
    await reading
    count, (found,) = await recent.matches(["青禾锂电"], aliases, again=False)
    assert (count, len(found)) == (2, 2)
