"""Admins and sources in the chat: looking at an address, adding it, its health, pausing, removing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from chat_driver import ADMIN, READER, Chat
from fake_session import Asked
from source_kit import Kit, feed, kit, paper

from bot.chat import build_dispatcher
from digests.sources.calendar import Calendar, Record, Sighting
from digests.sources.registry import SourceSpec


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Kit]:
    async with kit(tmp_path) as made:
        yield made


@pytest.fixture
def chat(world: Kit) -> Chat:
    made = Chat()
    made.services = replace(made.services, sources=world.service)
    made.dispatcher = build_dispatcher(made.services, made.reporter)
    return made


def shown(asked: Asked, name: str, address: str) -> dict[str, Any]:
    """The message as Telegram gives it back with a tap."""
    text = f"{name}\n{address}\n…"
    head = len(name.encode("utf-16-le")) // 2
    entities = [
        {"type": "bold", "offset": 0, "length": head},
        {"type": "code", "offset": head + 1, "length": len(address.encode("utf-16-le")) // 2},
    ]
    assert f"<b>{name}</b>\n<code>{address}</code>" in asked.text
    return {"text": text, "entities": entities}


async def test_a_feed_is_looked_at_shown_and_added(chat: Chat, world: Kit) -> None:
    world.site.pages = {"/rss": feed("电池项目投产", "旧闻")}
    address = f"{world.url}/rss"
    waiting, found = await chat.say(f"/sources add {address}", ADMIN)
    assert waiting.method == "sendMessage" and found.method == "editMessageText"
    assert "订阅源" in found.text and "电池项目投产" in found.text and "<b>云溪快讯</b>" in found.text
    assert await world.service.all() == []
    yes = chat.data_of("开始监看")
    edited, _ = await chat.tap(yes, ADMIN, **shown(found, "云溪快讯", address))
    assert "云溪快讯" in edited.text
    (one,) = await world.service.all()
    assert (one.spec.name, one.spec.kind, one.spec.address, one.spec.publication) == ("云溪快讯", "feed", address, "")
    assert one.spec.origin == f"{ADMIN}" and one.due == world.clock
    _, known = await chat.say(f"/sources add {address}", ADMIN)
    assert "已经在监看" in known.text
    again, _ = await chat.tap(yes, ADMIN, **shown(found, "云溪快讯", address))
    assert "已经在监看" in again.text and len(await world.service.all()) == 1
    assert [entry.action for entry in await world.all.admin.recent_audit(5)] == ["source-add"]


async def test_a_paper_is_recognised_and_named(chat: Chat, world: Kit) -> None:
    world.site.pages = dict(paper("2026-03-02"))
    address = f"{world.url}/pc/layout/index.html"
    _, found = await chat.say(f"/sources add {address} 云溪日报", ADMIN)
    assert "电子报（A 类）" in found.text and "2026-03-02" in found.text and "储能电站在云溪开工" in found.text
    await chat.tap(chat.data_of("开始监看"), ADMIN, **shown(found, "云溪日报", address))
    (one,) = await world.service.all()
    assert (one.spec.kind, one.spec.profile, one.spec.publication) == ("epaper", "A", "云溪日报")
    (noticed,) = await world.tick()
    assert noticed.issue is not None and noticed.issue.publication == "云溪日报"


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("<html><body><p>您好</p></body></html>", "普通网页"),
        (500, "什么都没有读到"),
        ("<rss version='2.0'><channel>", "什么都没有读到"),
    ],
)
async def test_what_cannot_be_watched_is_said(chat: Chat, world: Kit, page: str | int, told: str) -> None:
    world.site.pages = {"/x": page}
    _, found = await chat.say(f"/sources add {world.url}/x", ADMIN)
    assert told in found.text and not found.buttons


async def test_adding_needs_an_address_and_may_be_declined(chat: Chat, world: Kit) -> None:
    (how,) = await chat.say("/sources add", ADMIN)
    assert "/sources add https://" in how.text and "金坛时报" in how.text
    (too_long,) = (await chat.say(f"/sources add https://a.example/{'x' * 1000}", ADMIN))[1:]
    assert "1000" in too_long.text
    world.site.pages = {"/rss": feed("一")}
    await chat.say(f"/sources add {world.url}/rss", ADMIN)
    edited, _ = await chat.press("取消", ADMIN)
    assert "没有增加" in edited.text and await world.service.all() == []
    (answered,) = await chat.tap(chat.data_of("开始监看"), ADMIN)
    assert answered.method == "answerCallbackQuery" and await world.service.all() == []


async def test_health_is_shown_and_sources_are_paused_resumed_removed(chat: Chat, world: Kit) -> None:
    world.site.pages = {"/rss": feed("一"), "/bad": 500}
    for name in ("rss", "bad"):
        await world.store.add_source(SourceSpec(name, "feed", f"{world.url}/{name}"), world.clock)
    await world.tick()
    (listed,) = await chat.say("/sources", ADMIN)
    assert "上次查看：03-02 13:00" in listed.text, "of the inbox too"
    assert "（3 个）" in listed.text and "🟢 <b>rss</b>" in listed.text and "🟠 <b>bad</b>" in listed.text
    opened, _ = await chat.press("bad", ADMIN)
    assert "500" in opened.text and "连续失败 1 次" in opened.text and "从未" in opened.text
    paused, _ = await chat.press("暂停", ADMIN)
    assert "⏸" in paused.text
    (bad, _) = await world.service.all()
    assert bad.spec.paused and bad.due is None
    resumed, _ = await chat.press("恢复", ADMIN)
    assert "🟠" in resumed.text
    asked, _ = await chat.press("撤下", ADMIN)
    assert "bad" in asked.text and len(await world.service.all()) == 2
    removed, _ = await chat.press("确定撤下", ADMIN)
    assert "已撤下" in removed.text and [one.spec.name for one in await world.service.all()] == ["rss"]
    back, _ = await chat.press("全部来源", ADMIN)
    assert "（2 个）" in back.text
    (gone,) = await chat.press("确定撤下", ADMIN)
    assert gone.method == "answerCallbackQuery"


async def test_rhythm_and_declaration_are_shown(chat: Chat, world: Kit) -> None:
    spec = SourceSpec("金坛时报", "epaper", "", "jintan-times", calendar=Calendar((0, 4), 360, 480), declared=True)
    await world.store.add_source(spec, world.clock)
    record = Record((Sighting(world.clock, "2026-03-02", number=2421),), succeeded=world.clock)
    await world.store.settle("金坛时报", world.clock + timedelta(hours=1), record)
    (opened,) = await chat.say("/sources 金坛时报", ADMIN)
    for told in ("周一、周五", "06:00–08:00", "2026-03-02", "sources.toml", "xpaper", "03-02 13:00", "03-02 14:00"):
        assert told in opened.text
    assert [button["text"] for button in opened.buttons] == ["暂停", "全部来源"]
    gone = chat.data_of("暂停").replace("pause", "gone")
    (refused,) = await chat.tap(gone, ADMIN)
    assert refused.method == "answerCallbackQuery" and len(await world.service.all()) == 1
    (none,) = await chat.say("/sources 没有", ADMIN)
    assert "没有这个来源" in none.text


async def test_for_readers_it_does_not_exist(chat: Chat, world: Kit) -> None:
    await chat.say(f"/sources add {world.url}/rss", READER)
    assert world.site.asked == []


async def test_where_nothing_but_the_inbox_is_watched() -> None:
    chat = Chat()
    (listed,) = await chat.say("/sources", ADMIN)
    assert "inbox" in listed.text
    (refused,) = await chat.say("/sources add https://a.example/", ADMIN)
    assert "不能增加" in refused.text


async def test_steps_are_printed_for_profiles_under_work(world: Kit) -> None:
    world.site.pages = dict(paper("2026-03-02"))
    address = f"{world.url}/pc/layout/index.html"
    steps = await world.service.try_steps(address)
    assert len(steps) == 6 and all(step.ok for step in steps)
    (world.folder / "profiles").mkdir()
    (world.folder / "profiles" / "own.toml").write_text('preset = "A"\npublication = "云溪日报"\n', "utf-8")
    assert all(step.ok for step in await world.service.try_steps(address, "own"))
    broken = await world.service.try_steps(f"{world.url}/nothing", "A")
    assert not broken[-1].ok


async def test_states_in_brief_begin_with_the_inbox(world: Kit) -> None:
    await world.store.add_source(SourceSpec("月刊", "list", "", "changzhou-keji"), world.clock)
    assert [(state.name, "gov.cn" in state.address) for state in await world.service.states()] == [
        ("inbox", False),
        ("月刊", True),
    ]


async def test_a_ready_paper_may_be_added_while_its_site_is_silent(chat: Chat, world: Kit) -> None:
    """Every name leads to this machine here, where nothing answers as an e-paper would."""
    _, found = await chat.say("/sources add 金坛时报", ADMIN)
    assert "遇到问题" in found.text and "开始监看" in found.buttons[0]["text"]
    await chat.tap(chat.data_of("开始监看"), ADMIN, **shown(found, "金坛时报", "http://i.xpaper.net/JTSB008"))
    (one,) = await world.service.all()
    assert (one.spec.kind, one.spec.profile, one.spec.publication) == ("epaper", "jintan-times", "金坛时报")
    look = await world.service.look("常州科技")
    assert look.kind == "periodicals" and look.spec is not None and look.spec.kind == "list"


async def test_a_rhythm_is_settled_by_buttons_and_words(chat: Chat, world: Kit) -> None:
    await world.store.add_source(SourceSpec("云溪日报", "feed", f"{world.url}/rss"), world.clock)
    await chat.say("/sources 云溪日报", ADMIN)
    opened, _ = await chat.press("出报日程", ADMIN)
    assert "自己学" in opened.text and "✓ 自己学" in str(opened.buttons)
    for name in ("周一", "周五", "06–10"):
        await chat.press(name, ADMIN)
    (one,) = await world.service.all()
    assert one.spec.calendar == Calendar((0, 4), 360, 600)
    opened, _ = await chat.press("✓ 周一", ADMIN)
    assert "✓ 周五" in str(opened.buttons) and "✓ 周一" not in str(opened.buttons)
    (skipped,) = await chat.say("/sources skip 云溪日报 10-01 10月2日、2027-02-06", ADMIN)
    assert "10-01、10-02、2027-02-06" in skipped.text
    (one,) = await world.service.all()
    assert one.spec.calendar == Calendar((4,), 360, 600, ("10-01", "10-02", "2027-02-06"))
    for wrong in ("云溪日报 昨天", "云溪日报 13-01", "云溪日报"):
        (refused,) = await chat.say(f"/sources skip {wrong}", ADMIN)
        assert "/sources skip" in refused.text and "没有" in refused.text
    await chat.say("/sources 休刊 云溪日报 -", ADMIN)
    await chat.press("✓ 06–10", ADMIN)
    (one,) = await world.service.all()
    assert one.spec.calendar == Calendar((4,))
    await chat.press("自己学", ADMIN)
    back, _ = await chat.press("返回", ADMIN)
    (one,) = await world.service.all()
    assert one.spec.calendar == Calendar() and "云溪日报" in back.text
    assert {entry.action for entry in await world.all.admin.recent_audit(20)} == {"source-rhythm"}


async def test_a_page_of_one_issue_is_no_entry(chat: Chat, world: Kit) -> None:
    world.site.pages = dict(paper("2026-03-02"))
    (dated,) = [path for path in world.site.pages if "node_" in path]
    _, found = await chat.say(f"/sources add {world.url}{dated}", ADMIN)
    assert "不是首页" in found.text
    _, found = await chat.say(f"/sources add {world.url}/pc/layout/index.html", ADMIN)
    assert "不是首页" not in found.text
    await chat.tap(chat.data_of("开始监看"), ADMIN, **shown(found, "云溪日报", f"{world.url}/pc/layout/index.html"))
    (one,) = await world.service.all()
    assert one.spec.publication == "云溪日报", "a title that is a paper's name is its name"
    (how,) = await chat.say("/sources skip", ADMIN)
    assert "10-01" in how.text


async def test_a_feed_is_tried_to_its_newest_entry(world: Kit) -> None:
    world.site.pages = {"/rss": feed("电池项目投产"), "/bad": "<rss version='2.0'><channel>"}
    steps = await world.service.try_steps(f"{world.url}/rss")
    assert [step.ok for step in steps] == [True, True] and "电池项目投产" in steps[1].found
    steps = await world.service.try_steps(f"{world.url}/bad")
    assert [step.ok for step in steps] == [True, False] and "XML" in steps[1].found


async def test_what_a_file_declares_is_settled_there(chat: Chat, world: Kit) -> None:
    await world.store.add_source(SourceSpec("a", "feed", f"{world.url}/rss", declared=True), world.clock)
    (refused,) = await chat.say("/sources skip a 10-01", ADMIN)
    assert "sources.toml" in refused.text
    await chat.say("/sources a", ADMIN)
    do = chat.data_of("暂停").replace("pause", "auto")
    (answered,) = await chat.tap(do, ADMIN)
    assert answered.method == "answerCallbackQuery" and "sources.toml" in str(answered)
