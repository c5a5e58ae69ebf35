"""What a reader controls, each point as a chat in the sandbox with the real digests behind it: from the dry run to being forgotten."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from pipeline_world import raw, read
from town import Town, in_town

from bot.sandbox import CHANNEL_ID, GROUP_ID, JOURNALIST_ID, OFFICIAL_ID, SUPPLIER_ID, Upload
from digests.pipeline import forget_queries
from digests.types import DateEvidence

ME, OTHER = OFFICIAL_ID, SUPPLIER_ID
OLD = (
    "\n\n".join(f"青禾电站{n}号并网：青禾电站{n}号并网，青禾，青禾" for n in range(1, 4))
    + "\n\n招聘启事：某公司做青禾。另有球赛。球赛免费"
)
NEW = "青禾电站签约：总投资60亿元的青禾项目签约，青禾\n\n球赛开幕：青禾公司冠名的球赛。球赛免费"


async def publish(town: Town, text: str) -> None:
    """On page 3; their keywords are those of these words that they hold."""
    issue, now = read(raw(text, text[:4])), town.api.clock.now()
    keyed = [
        replace(one, page=3, keywords=tuple(w for w in ("球赛", "招聘") if w in one.body)) for one in issue.articles
    ]
    await town.world.all.issues.add_issue(replace(issue, articles=tuple(keyed)), now)
    await town.world.publish(now=now)


async def started(town: Town) -> None:
    await publish(town, OLD)
    await began(town, ME)


async def began(town: Town, who: int) -> None:
    town.act.start(who)
    await town.until(lambda: "Kanbao" in town.text(who) or "这里是刊报" in town.text(who))


def _asked_to_forget(town: Town, who: int) -> bool:
    return "forget" not in town.text(who)


async def test_a_dry_run_the_newest_two_and_a_narrower_query() -> None:
    async with in_town() as town:
        await started(town)
        await town.says(ME, ME, "/subscribe 青禾", "已订阅：青禾")
        shown = town.text(ME)
        assert "4 篇符合" in shown and shown.count("·") == 2 and "想少收一些" in shown
        await town.press(ME, ME, "球赛")
        assert "已改为：青禾 -球赛" in town.text(ME) and "3 篇符合" in town.text(ME)
        await town.says(ME, ME, "/test 标题:招聘", "1 篇符合")
        await town.says(ME, ME, "/list", "1. 青禾 -球赛")
        await publish(town, NEW)
        assert "已改为：签约 青禾" in await town.asks(ME, ME, "/change 1 青禾 签约"), "while two articles wait"
        await town.deliver(hours=25)
        assert "1 篇与您有关" in town.text(ME) and "青禾电站签约" in town.text(ME)


async def test_why_and_not_relevant_on_what_was_delivered() -> None:
    async with in_town() as town:
        await started(town)
        await town.says(ME, ME, "/subscribe 青禾", "已订阅")
        await publish(town, NEW)
        await town.deliver(hours=25)
        assert "青禾电站签约" in town.text(ME) and "球赛开幕" in town.text(ME)
        place = 1 + (town.text(ME).index("球赛开幕") > town.text(ME).index("青禾电站签约"))
        await town.press(ME, ME, f"{place}")
        await town.press(ME, ME, "为何推送")
        assert "因为订阅：青禾" in town.text(ME) and "第 3 版" in town.text(ME)
        await town.press(ME, ME, "返回")
        await town.press(ME, ME, "不相关")
        assert "这篇不相关" in town.text(ME) and "招聘启事" in town.text(ME), "what else it would have hidden"
        await town.press(ME, ME, "球赛")
        assert "已改为：青禾 -球赛" in town.text(ME)


async def test_a_place_sets_the_zone_and_quiet_hours_cross_midnight() -> None:
    async with in_town() as town:
        await started(town)
        await town.says(ME, ME, "/subscribe 青禾", "已订阅")
        town.act.locate(ME, ME, 35.7, 139.7)
        await town.until(lambda: "东京" in str(town.messages(ME)[-1].get("reply_markup")))
        await town.press(ME, ME, "东京")
        await town.says(ME, ME, "/settings", "设置")
        for label in ("节奏", "随到随送"):
            await town.press(ME, ME, label)
        await town.says(ME, ME, "/settings", "设置")
        for label in ("免打扰", "22:00", "07:00"):
            await town.press(ME, ME, label)
        reader = await town.world.service.get(f"{ME}")
        assert (reader.settings.timezone, reader.settings.quiet) == ("Asia/Tokyo", (1320, 420))
        midnight = town.api.clock.now().replace(hour=16, minute=0) + timedelta(days=1)
        await town.deliver(seconds=(midnight - town.api.clock.now()).total_seconds())
        await publish(town, NEW)
        await town.deliver(seconds=1)
        assert "青禾电站签约" not in town.text(ME), "01:00 in Tokyo"
        await town.deliver(hours=6.1)
        assert "青禾电站签约" in town.text(ME)


async def test_a_shared_link_a_file_taken_away_and_brought_back_and_no_trace() -> None:
    async with in_town() as town:
        await started(town)
        await town.says(ME, ME, "/subscribe 青禾 -独家不要", "已订阅")
        await town.says(ME, ME, "/list", "青禾 -独家不要")
        for label in ("1", "分享"):
            await town.press(ME, ME, label)
        link = town.text(ME).partition("start=")[2].split()[0]
        town.act.start(OTHER, link)
        await town.until(lambda: "有人给您分享了一条订阅：青禾 -独家不要" in town.text(OTHER))
        await town.press(OTHER, OTHER, "订阅")
        assert "已订阅" in town.text(OTHER)
        exported = json.dumps({"subscriptions": [{"query": "青禾"}, {"query": "青光"}]}).encode()
        town.act.upload(ME, ME, Upload("kanbao.json", "application/json", exported))
        await town.until(lambda: "青光" in town.text(ME))
        await town.press(ME, ME, "加入这 2 条")
        await town.says(ME, ME, "/export", "/export")
        await town.until(lambda: sum("document" in one for one in town.messages(ME)) == 3)
        for who in (ME, OTHER):
            town.act.write(who, who, "/forget")
            await town.until(partial(_asked_to_forget, town, who))
            await town.press(who, who, "删除")
            assert "已全部删除" in town.text(who)
        for _ in range(2):
            await forget_queries(town.world.all.subscribers, town.world.all.hits, town.api.clock.now())
            town.api.clock.seconds += 3600
        kept = [page async for page in town.world.all.subscribers.iter_queries()]
        assert await town.world.all.subscribers.count_subscribers() == 0 and sum(map(len, kept)) == 0


async def test_search_in_pages_and_by_facets_and_in_any_chat(tmp_path: Path) -> None:
    async with in_town(tmp_path) as town:
        for paper, day, count in (("云溪时报", "2025-06-01", 4), ("临江日报", "2026-03-03", 5)):
            text = "\n\n".join(f"{paper}青禾电站{n}号并网：第{n}台机组，青禾电站。" for n in range(1, count + 1))
            issue = replace(read(raw(text, paper, paper)), date=DateEvidence(day, day, printed=True))
            await town.world.all.issues.add_issue(issue, town.api.clock.now())
        await began(town, ME)
        assert "共 9 篇 · 第 1/2 页" in await town.asks(ME, ME, "/search 青禾电站 -球赛")
        assert town.text(ME).count("临江日报青禾电站") == 5, "the newest first"
        await town.press(ME, ME, "下一页")
        assert "第 2/2 页" in town.text(ME) and town.text(ME).count("云溪时报青禾电站") == 4
        await town.press(ME, ME, "临江日报 5")
        assert "共 5 篇" in town.text(ME)
        await town.press(ME, ME, "✕ 临江日报")
        await town.press(ME, ME, "2025 4")
        assert "共 4 篇" in town.text(ME) and "临江日报青禾电站" not in town.text(ME)
        await town.press(ME, ME, "1")
        assert "第1台机组" in town.text(ME) or "第4台机组" in town.text(ME)
        await town.press(ME, ME, "返回结果")
        await town.press(ME, ME, "订阅这个检索")
        assert "已订阅：青禾电站 -球赛" in town.text(ME) and "9 篇符合" in town.text(ME), "the same truth"

        offered = await town.act.ask_inline(ME, GROUP_ID, "报:云溪时报 青禾电站3号")
        (only,) = offered["results"]
        assert only["title"].startswith("云溪时报青禾电站3号并网") and "云溪时报" in only["description"]
        sent = town.act.choose_inline(ME, GROUP_ID, offered["id"], only["id"])
        assert "云溪时报青禾电站3号并网" in sent["text"] and sent["from"]["id"] == ME
        assert "右括号" in (await town.act.ask_inline(ME, GROUP_ID, "(青禾"))["button"]["text"]


async def test_a_channel_is_run_from_the_private_chat_while_both_are_its_admins() -> None:
    async with in_town() as town:
        boss, channel = JOURNALIST_ID, "@linjiang_watch"
        await began(town, ME)
        assert "由它的管理员来改" in await town.asks(ME, ME, f"/subscribe {channel} 青禾")
        await began(town, boss)
        await town.asks(boss, boss, "/lang")
        await town.press(boss, boss, "简体中文")
        told = await town.asks(boss, boss, f"/subscribe {channel} 青禾 -球赛")
        assert told.startswith(f"频道 {channel}") and "已订阅：青禾 -球赛" in told
        assert "1. 青禾 -球赛" in await town.asks(boss, boss, f"/list {channel}")
        assert "还没有订阅" in await town.asks(boss, boss, "/list")
        await publish(town, NEW)
        await town.deliver(hours=25)
        assert "青禾电站签约" in town.text(CHANNEL_ID) and "球赛开幕" not in town.text(CHANNEL_ID)
        await town.asks(boss, boss, f"/list {channel}")
        town.act.change_member(CHANNEL_ID, boss, "member", ME)
        assert f"admins of {channel}" in await town.press(boss, boss, "1"), "rights are asked for at each tap"
        town.act.change_member(CHANNEL_ID, boss, "administrator", ME)
        await town.press(boss, boss, "1")
        await town.press(boss, boss, "退订")
        assert f"频道 {channel}" in town.text(boss) and "已退订：青禾 -球赛" in town.text(boss)


async def test_one_that_never_matched_gets_another_wording_and_a_newcomer_the_last_issues() -> None:
    async with in_town() as town:
        await started(town)
        await town.says(ME, ME, "/subscribe 青禾 海底隧道", "没有符合的文章")
        town.api.clock.seconds += timedelta(days=61).total_seconds()
        await publish(town, NEW)
        assert "还没有文章\n　　⚠ 六十天没有文章了，点 1 换个写法" in await town.asks(ME, ME, "/list")
        await town.press(ME, ME, "1")
        assert "六十天没有文章了。点“换个写法”" in town.text(ME)
        await town.press(ME, ME, "换个写法")
        assert "· 青禾：6 篇" in town.text(ME)
        await town.press(ME, ME, "青禾")
        assert "已改为：青禾\n" in town.text(ME)
        assert "现在没有新内容" in await town.asks(ME, ME, "/digest")
        await town.press(ME, ME, "看最近一期")
        assert "这就送来" in town.text(ME)
        await town.deliver()
        assert "2 篇中有 2 篇与您有关" in town.text(ME) and "青禾电站签约" in town.text(ME)
        await publish(town, "青禾三期开工：青禾三期")
        town.api.calls.clear()
        town.act.write(ME, ME, "/digest")
        await town.until(lambda: "sendChatAction" in town.api.calls)
        await town.deliver()
        assert "1 篇与您有关" in town.text(ME) and "青禾三期开工" in town.text(ME)
