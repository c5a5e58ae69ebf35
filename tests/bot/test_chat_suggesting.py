"""Suggested words: off unless asked for, what is kept, the message, its three answers; at last against the sandbox."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from aiogram.types import BufferedInputFile
from chat_driver import GROUP, KNOWLEDGE, READER, TEXTS, Chat, labels
from fake_session import ADMINISTRATOR
from pipeline_world import NOW, World, raw, read
from store_servers import Stores, memory
from test_delivery_log import Knowledge
from town import in_town

from bot.chat.callbacks import Suggested
from bot.knowledge import CurrentKnowledge
from bot.notices import Notices
from bot.sandbox import OFFICIAL_ID
from bot.steps import Steps
from bot.suggestions import Suggestions
from digests.errors import StoreError
from digests.types import Delivery
from subscriptions import AliasTable, Interest

WEEK = timedelta(days=7)
OPENED = "\n\n".join(f"固态电池{n}：固态电池，固态电池" for n in range(4)) + "\n\n青禾氢能：青禾"
OTHERS = "\n\n".join(f"青石要闻{n}：青石" for n in range(20))


@pytest.fixture
def chat() -> Chat:
    return Chat()


# ---------------------------------------------------------------------------------------------- asking for it
async def test_it_is_off_unless_asked_for_and_leaves_nothing_when_switched_off(chat: Chat) -> None:
    await chat.say("订阅 储能")
    await chat.tap("a:x1:3:0")
    assert (await chat.stored()).interest == Interest()
    await chat.say("/settings")
    edited, _ = await chat.press("建议关键词：不要")
    assert "最近点开的四十篇文章的编号" in edited.text and "✓ 不要" in labels(edited)
    edited, _ = await chat.press("每周建议一个")
    assert "建议关键词：每周一个" in labels(edited)
    await chat.tap("a:x1:3:0")
    await chat.tap("a:x1:3:1")
    await chat.tap("a:gone:3:0")
    chat.digests.reasons = None
    await chat.tap("y:gone:4")
    assert (await chat.stored()).interest.opened == (103,)
    await chat.say("/export")
    (kept, _) = chat.session.sent("sendDocument")[-2:]
    exported = json.loads(cast(BufferedInputFile, next(iter(kept.files.values()))).data)
    assert exported["settings"]["suggest"] is True and exported["interest"]["opened"] == [103]
    await chat.say("/settings")
    await chat.press("建议关键词：每周一个")
    await chat.press("不要")
    assert (await chat.stored()).interest == Interest()


async def test_groups_are_not_asked(chat: Chat) -> None:
    chat.session.members[GROUP, READER] = ADMINISTRATOR
    await chat.say("/subscribe 储能", READER, GROUP)
    assert not any("建议" in label for label in labels((await chat.say("/settings", READER, GROUP))[-1]))
    (*_, answered) = await chat.tap("s::suggest:", READER, GROUP)
    assert "过时" in answered.text


async def test_the_three_answers(chat: Chat) -> None:
    await chat.say("订阅 储能")
    await chat.tap("s::suggest:1")
    edited, _ = await chat.tap(Suggested(step="no", word="氢能").pack())
    assert "不再建议“氢能”" in edited.text and (await chat.stored()).interest.refused == ("氢能",)
    edited, _ = await chat.tap(Suggested(step="yes", word="固态电池").pack())
    assert "已订阅：<b>固态电池</b>" in edited.text and await chat.queries() == ["储能", "固态电池"]
    await chat.tap(Suggested(step="yes", word="动力电池").pack())
    assert (await chat.queries())[-1] == "#动力电池"
    edited, _ = await chat.tap(Suggested(step="off", word="氢能").pack())
    stored = await chat.stored()
    assert "都已删除" in edited.text and not stored.settings.suggest and stored.interest == Interest()


# ---------------------------------------------------------------------------------------------- the message
def with_keywords(source: Any) -> Any:
    issue = read(source)
    words = [
        ("固态电池",) if "固态" in one.title else ("青石",) if "青石" in one.title else () for one in issue.articles
    ]
    made = [replace(one, keywords=some) for one, some in zip(issue.articles, words, strict=True)]
    return replace(issue, articles=tuple(made))


async def published(world: World) -> list[int]:
    """The numbers of the articles that are to be opened."""
    for text, key in ((OPENED, "a.txt"), (OTHERS, "b.txt")):
        await world.all.issues.add_issue(with_keywords(raw(text, key)), NOW)
    found = await world.all.issues.articles_after(0, 99)
    return [one.id for one, _ in found if "固态" in one.title or "氢能" in one.title]


async def test_one_message_a_week(redis_stores: Stores) -> None:
    world = World(redis_stores)
    await world.reader("7", "青石", suggest=True)
    suggestions = Suggestions(world.stores, TEXTS, lambda: AliasTable(()))
    assert not await suggestions.offer("7", NOW) and not await suggestions.offer("9", NOW)
    for number in await published(world):
        await world.service.note_opened("7", number, NOW)
    before = await world.service.get("7")
    assert await suggestions.offer("7", NOW)
    assert not await suggestions.offer("7", NOW + timedelta(days=6))
    (delivery,) = await redis_stores.outbox.claim(NOW, 9, timedelta(minutes=1))
    assert "“固态电池”" in delivery.html and [b.text for row in delivery.buttons for b in row] == [
        "订阅",
        "不要这个",
        "不再建议",
    ]
    assert [b.data for b in delivery.buttons[0]] == [Suggested(step=s, word="固态电池").pack() for s in ("yes", "no")]
    await redis_stores.outbox.settle(replace(delivery, state="sent"), NOW, next_at=None, chat_at=NOW)
    after = await world.service.get("7")
    await world.all.subscribers.put_subscriber(replace(before, rev=after.rev), due=None)  # as after a crash in between
    assert await suggestions.offer("7", NOW)
    assert await redis_stores.outbox.claim(NOW, 9, timedelta(minutes=1)) == []
    await world.service.refuse_word("7", "固态电池", NOW)
    assert not await suggestions.offer("7", NOW + WEEK)


def steps_at(world: World, clock: list[datetime], nudged: list[int], suggestions: Suggestions) -> Steps:
    notices = Notices(world.stores, world.all.admin, TEXTS, frozenset())
    return Steps(
        world.stores, world.all.follow_ups, cast(CurrentKnowledge, Knowledge()), [], notices, lambda: clock[0],
        lambda: nudged.append(1), lambda *_: None, suggestions=suggestions,
    )  # fmt: skip


async def test_it_comes_after_a_digest_to_those_who_asked() -> None:
    world, nudged, clock = World(memory()), list[int](), [NOW]
    steps = steps_at(world, clock, nudged, Suggestions(world.stores, TEXTS, lambda: KNOWLEDGE.aliases))
    await world.reader("7", "青石", suggest=True)
    await world.reader("8", "青石")
    for number in await published(world):
        await world.service.note_opened("7", number, NOW)
        await world.service.note_opened("8", number, NOW)
    await steps.compose()
    assert await queued(world, clock[0]) == []
    while await steps.match():
        pass
    clock[0] += timedelta(hours=1)
    await steps.compose()
    assert nudged and await queued(world, clock[0]) == ["7 digest", "7 notice", "8 digest"]


async def test_no_digest_waits_for_a_suggestion_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any) -> bool:
        raise StoreError("away")

    world, nudged, clock = World(memory()), list[int](), [NOW]
    suggestions = Suggestions(world.stores, TEXTS, lambda: KNOWLEDGE.aliases)
    monkeypatch.setattr(suggestions, "offer", away)
    steps = steps_at(world, clock, nudged, suggestions)
    await world.reader("7", "青石", suggest=True)
    await published(world)
    while await steps.match():
        pass
    clock[0] += timedelta(hours=1)
    with pytest.raises(StoreError):
        await steps.compose()
    assert nudged and await queued(world, clock[0]) == ["7 digest"]


async def queued(world: World, now: datetime) -> list[str]:
    found: list[Delivery] = []
    while claimed := await world.all.outbox.claim(now, 9, timedelta(minutes=1)):
        found += claimed
        for one in claimed:
            await world.all.outbox.settle(replace(one, state="sent"), now, next_at=None, chat_at=now)
    return sorted(f"{one.subscriber} {one.kind}" for one in found)


# ---------------------------------------------------------------------------------------------- against the sandbox
async def test_from_opening_articles_to_the_subscription() -> None:
    async with in_town() as town:
        town.act.start(OFFICIAL_ID)
        await town.until(lambda: "这里是刊报" in town.text(OFFICIAL_ID))
        await town.says(OFFICIAL_ID, OFFICIAL_ID, "订阅 固态", "已订阅：固态")
        await town.says(OFFICIAL_ID, OFFICIAL_ID, "/settings", "设置")
        await town.press(OFFICIAL_ID, OFFICIAL_ID, "建议关键词")
        await town.press(OFFICIAL_ID, OFFICIAL_ID, "每周建议一个")
        text = "\n\n".join(f"固态中试线{n}：青禾中试线，中试线" for n in range(5))
        issue = read(raw(text))
        keyed = [replace(one, keywords=("中试线", "固态")) for one in issue.articles]
        now = town.api.clock.now()
        await town.world.all.issues.add_issue(replace(issue, articles=tuple(keyed)), now)
        await town.world.all.issues.add_issue(with_keywords(raw(OTHERS, "b.txt")), now)
        await town.world.publish(now=now)
        await town.deliver(hours=25)
        for number in "12345":
            await town.press(OFFICIAL_ID, OFFICIAL_ID, number)
            await town.press(OFFICIAL_ID, OFFICIAL_ID, "返回")
        suggestions = Suggestions(town.world.stores, TEXTS, lambda: AliasTable(()))
        assert await suggestions.offer(f"{OFFICIAL_ID}", town.api.clock.now())
        await town.deliver(seconds=5)
        assert "常有“中试线”，要订阅吗" in town.text(OFFICIAL_ID)
        await town.press(OFFICIAL_ID, OFFICIAL_ID, "订阅")
        assert "已订阅：中试线" in town.text(OFFICIAL_ID)
