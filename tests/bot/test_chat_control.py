"""A reader's control over when it comes: a subscription's own times, the list, quiet hours, zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from chat_driver import MONDAY, Chat, labels

from bot.chat.zones import at_offset, is_zone, named_zones
from bot.services import Activity
from subscriptions import Cadence


@pytest.fixture
def chat() -> Chat:
    return Chat()


# ---------------------------------------------------------------------------------------------- own cadence, list
async def test_a_subscription_has_times_of_its_own_and_inherits_them_again(chat: Chat) -> None:
    await chat.say("订阅 储能")
    chat.clock += timedelta(days=8)
    (asked,) = await chat.say("/list")
    assert "1. 储能 · 每天 08:00 · 最近 01-05，每周约 2 篇" in asked.text
    edited, _ = await chat.press("1")
    assert "节奏：每天 ↩" in labels(edited) and "最近一篇：储能电站开工" in edited.text
    await chat.press("节奏")
    edited, _ = await chat.press("每周一次")
    assert "节奏：每周一次" in labels(edited) and "星期：周一" in labels(edited)
    await chat.press("星期")
    await chat.press("周三")
    await chat.press("时间")
    edited, answered = await chat.press("18:00")
    assert answered.text == "已保存" and "✓ 18:00" in labels(edited)
    stored = await chat.stored()
    assert stored.subscriptions[0].cadence == Cadence("weekly", (480, 1080), 2) and stored.settings.cadence == Cadence()
    await chat.press("返回")
    edited, _ = await chat.press("跟随总设置")
    assert (await chat.stored()).subscriptions[0].cadence is None and "节奏：每天 ↩" in labels(edited)
    edited, answered = await chat.press("退订")
    assert "已退订" in edited.text and await chat.queries() == []
    (answered,) = await chat.press("退订")
    assert answered.text == "这一条已经退订了。"


async def test_one_that_is_silent_is_pointed_out_and_reworded(chat: Chat) -> None:
    await chat.say('订阅 ="储能电站"')
    chat.digests.brings = Activity()
    assert "⚠" not in (await chat.say("/list"))[0].text
    chat.later(days=61)
    (asked,) = await chat.say("/list")
    assert "⚠ 六十天没有文章了，点 1" in asked.text
    edited, _ = await chat.press("1")
    assert "换个写法" in labels(edited)
    edited, _ = await chat.press("换个写法")
    assert "也许该等等" in edited.text
    chat.digests.wordings = [("储能电站", 4)]
    await chat.tap(chat.data_of("返回"))
    edited, _ = await chat.press("换个写法")
    assert "<code>储能电站</code>：4 篇" in edited.text
    before = (await chat.stored()).subscriptions[0]
    edited, _ = await chat.press("储能电站")
    after = (await chat.stored()).subscriptions[0]
    assert "已改为：<b>储能电站</b>" in edited.text
    assert (after.query, after.created) == ("储能电站", before.created)


async def test_in_its_first_week_a_subscription_has_no_rate(chat: Chat) -> None:
    await chat.say("订阅 储能")
    chat.digests.brings = Activity(MONDAY.replace(year=2025), "旧", 5.4)
    assert "1. 储能 · 每天 08:00 · 订阅后还没有新文章" in (await chat.say("/list"))[0].text
    chat.digests.brings = Activity(chat.clock, "新", 5.4)
    (asked,) = await chat.say("/list")
    assert "最近 01-05\n" in asked.text and "每周" not in asked.text


async def test_rates_are_told_in_words_that_fit(chat: Chat) -> None:
    await chat.say("订阅 储能")
    chat.clock += timedelta(days=8)
    for per_week, words in ((5.4, "每周约 5 篇"), (0.5, "每月约 2 篇"), (0.02, "不到每月一篇")):
        chat.digests.brings = Activity(MONDAY.replace(year=2025), "旧", per_week)
        assert f"最近 2025-01-05，{words}" in (await chat.say("/list"))[0].text


async def test_rewording_by_hand_keeps_the_place(chat: Chat) -> None:
    await chat.say("订阅 储能")
    await chat.say("订阅 光伏")
    await chat.say("/list")
    await chat.press("1")
    edited, _ = await chat.press("改写")
    assert "<code>/change 1 储能</code>" in edited.text and edited.buttons[0]["copy_text"]["text"] == "/change 1 储能"
    (asked,) = await chat.say("/change 1 储能 -广告")
    assert "已改为：<b>储能 -广告</b>" in asked.text and await chat.queries() == ["储能 -广告", "光伏"]
    assert (await chat.stored()).subscriptions[0].waiting == (100,)
    for bad in ("/change", "/change 1", "/change 储能 光伏"):
        assert "请写编号" in (await chat.say(bad))[0].text
    for bad in ("/change 99 储能", "/change 99", "/change 0 储能", "/why 99"):
        assert "现有的编号是 1 到 2" in (await chat.say(bad))[0].text
    assert "【(】" in (await chat.say("/change 1 (储能"))[0].text
    await chat.say("/change 2 储能 -广告")
    assert await chat.queries() == ["储能 -广告"]
    assert "现有的编号是 1，" in (await chat.say("/change 2 储能"))[0].text


# ---------------------------------------------------------------------------------------------- quiet hours, zones
async def test_quiet_hours(chat: Chat) -> None:
    await chat.say("/settings")
    edited, _ = await chat.press("免打扰")
    assert "现在：没有" in edited.text
    edited, _ = await chat.press("22:00")
    assert "到几点为止" in edited.text
    (refused,) = await chat.press("22:00")
    assert "不能相同" in refused.text
    edited, _ = await chat.press("07:00")
    assert "免打扰：22:00 至 07:00" in labels(edited)
    assert (await chat.stored()).settings.quiet == (1320, 420)
    edited, _ = await chat.press("免打扰")
    assert "✓ 22:00" in labels(edited)
    edited, _ = await chat.press("不设")
    assert (await chat.stored()).settings.quiet is None


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("东京", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("Europe/Paris", "Europe/Paris"),
        ("北京时间", "Asia/Shanghai"),
        ("EST", "America/New_York"),
        ("pst", "America/Los_Angeles"),
        ("China", "Asia/Shanghai"),
        ("calcutta", "Asia/Kolkata"),
    ],
)
async def test_a_zone_by_name(chat: Chat, typed: str, zone: str) -> None:
    await chat.say(f"/timezone {typed}")
    assert (await chat.stored()).settings.timezone == zone


async def test_a_zone_that_may_be_several_is_asked_about(chat: Chat) -> None:
    (asked,) = await chat.say("/timezone CST")
    assert labels(asked)[0] == "北京时间" and len(labels(asked)) > 2
    for words in ("东八区", "東八區"):
        assert "UTC+8" in labels((await chat.say(f"/timezone {words}"))[0])
    assert "UTC-5" in labels((await chat.say("/timezone 西5区"))[0])
    for words in ("UTC+5:45", "kat"):
        assert "Asia/Katmandu" not in labels((await chat.say(f"/timezone {words}"))[0]), "one place under two names"


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("UTC+5:30", ("Asia/Colombo", "Asia/Kolkata")), ("+5:45", ("Asia/Kathmandu",)), ("+9:30", ("Australia/Darwin",)),
        ("Calcutta", ("Asia/Kolkata",)), ("us/eastern", ("America/New_York",)), ("Saigon", ("Asia/Ho_Chi_Minh",)),
        ("PRC", ("Asia/Shanghai",)), ("kuala", ("Asia/Kuala_Lumpur",)), ("York", ("America/New_York",)), ("Mars", ()),
    ],
)  # fmt: skip
def test_zones_go_by_todays_names(text: str, zones: tuple[str, ...]) -> None:
    assert named_zones(text, datetime(2026, 11, 21, tzinfo=UTC)) == zones
    assert all(is_zone(zone) for zone in zones)


def test_a_zone_is_offered_once_and_an_old_button_still_holds() -> None:
    offered = [
        zone
        for minutes in range(-720, 841, 15)
        for zone in at_offset(timedelta(minutes=minutes), datetime(2026, 11, 21, tzinfo=UTC))
    ]
    assert {"Asia/Calcutta", "Asia/Katmandu", "Asia/Rangoon", "Australia/North"}.isdisjoint(offered)
    assert {"Asia/Kolkata", "Asia/Kathmandu", "Asia/Yangon", "Asia/Tehran"} <= set(offered)
    assert is_zone("Asia/Calcutta") and not is_zone("Asia/Nowhere")


async def test_a_zone_by_offset_and_by_location(chat: Chat) -> None:
    (asked,) = await chat.say("时区 UTC+8")
    assert "北京时间" in labels(asked) and "UTC+8" in labels(asked)
    edited, _ = await chat.press("UTC+8")
    assert (await chat.stored()).settings.timezone == "Etc/GMT-8" and "时区：UTC+8" in labels(edited)
    assert "不认识时区" in (await chat.say("/timezone 月球"))[0].text
    (asked,) = await chat.message(location={"latitude": 35.7, "longitude": 139.7})
    assert labels(asked)[0] == "东京"
    await chat.press("东京")
    assert (await chat.stored()).settings.timezone == "Asia/Tokyo"
    (asked,) = await chat.message(location={"latitude": 31.8, "longitude": 119.9})
    assert labels(asked)[0] == "北京时间"
    assert "/timezone" in (await chat.say("/timezone"))[0].text


async def test_working_days_are_a_choice(chat: Chat) -> None:
    await chat.say("/settings")
    await chat.press("节奏")
    edited, _ = await chat.press("工作日")
    assert "现在：工作日 08:00" in edited.text and (await chat.stored()).settings.cadence.kind == "workdays"
