"""Trying queries on the newest issues while others are being read."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from pipeline_world import NOW, World, raw, read
from store_servers import memory

from digests.corrections import with_corrections
from digests.recent import Recent
from digests.types import Issue
from subscriptions import AliasTable


async def test_an_issue_counts_together_with_its_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    world, ready = World(memory()), asyncio.Event()
    recent, aliases = Recent(world.all.issues, 9), AliasTable(())
    await world.publish(raw("青禾锂电开工：项目", "a.txt"), now=NOW)
    await recent.articles()
    await world.publish(raw("青禾锂电投产：项目", "b.txt"), now=NOW)
    find_issue = world.all.issues.find_issue

    async def slow(id: str) -> Issue | None:
        await ready.wait()
        return await find_issue(id)

    monkeypatch.setattr(world.all.issues, "find_issue", slow)
    reading = asyncio.create_task(recent.articles())
    await asyncio.sleep(0)
    count, (found,) = await recent.matches(["青禾锂电"], aliases, again=False)
    assert (count, len(found)) == (1, 1), "what is still being read is not there yet"
    ready.set()
    await reading
    count, (found,) = await recent.matches(["青禾锂电"], aliases, again=False)
    assert (count, len(found)) == (2, 2)


async def test_an_article_and_what_corrects_it_count_once() -> None:
    issues, wrong = memory().issues, "青禾锂电开工：总投资25亿元的项目今天开工"
    recent = Recent(issues, 9)
    for text in (wrong, wrong.replace("25", "26")):
        printed = replace(read(raw(text)), id="i")
        await issues.add_issue(with_corrections(await issues.find_issue("i"), printed), NOW)
    _, (found,) = await recent.matches(["青禾锂电"], AliasTable(()))
    assert [match.article.body for match in found] == ["总投资26亿元的项目今天开工"]
