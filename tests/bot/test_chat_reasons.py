"""A reader's control over what comes: trying and narrowing, reasons, what is not relevant, sharing, files."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from aiogram.types import BufferedInputFile
from chat_driver import ADMIN, MONDAY, READER, Chat, labels
from fake_session import DATE

from bot.chat.sharing import share_link, shared_query
from bot.services import Activity, DryRun, Exclusion, Reason, Why
from subscriptions import Cadence, parse_query, print_query, query_id

FRIEND = 8
WHY = Why(
    "青石湖畔 <二期> 投产", "青石时报 2026-01-05", 3,
    (
        Reason(query_id("储能"), "储能", ("储能",), (("中航锂电", "中创新航"),), "昨日 <储能> 电站开工。", ((4, 6),)),
        Reason("f" * 24, "#动力电池"),
    ),
)  # fmt: skip


@pytest.fixture
def chat() -> Chat:
    return Chat()


# ---------------------------------------------------------------------------------------------- trying, narrowing
async def test_trying_without_subscribing(chat: Chat) -> None:
    (asked,) = await chat.say("/test 储能 -广告")
    assert "试查" in asked.text and "最近 30 期中有 7 篇符合" in asked.text
    assert await chat.store.find_subscriber(f"{READER}") is None
    await chat.press("订阅“储能 -广告”")
    assert await chat.queries() == ["储能 -广告"]
    for typed, query in (
        ("标题:签约 报：青石", "报:青石 标题:签约"),
        ('"10:30 开会"\n#动力电池 版:1', '"10:30 开会" #动力电池 版:1'),
    ):
        (asked,) = await chat.say(f"/test {typed}")
        await chat.tap(asked.buttons[0]["callback_data"])
        assert print_query(parse_query(query)) in await chat.queries(), "a colon and a line's end fit into a button too"
    (asked,) = await chat.say(f"/test 标题:{'很长的词' * 8}")
    assert asked.buttons[0]["copy_text"]["text"] == f"/subscribe 标题:{'很长的词' * 8}"
    assert "先看看会收到什么" in (await chat.say("/test"))[0].text
    assert "【(】" in (await chat.say("/test (储能"))[0].text


async def test_narrowing_from_what_was_seen(chat: Chat) -> None:
    chat.digests.trial = replace(chat.digests.trial, exclusions=("招聘", "十分长的词语" * 3, "a:b"))
    (asked,) = await chat.say("订阅 储能")
    assert labels(asked) == ["-招聘", "保留", "改写", "不要了", "补看最近几期"] and "想少收一些" in asked.text
    chat.digests.trial = DryRun(30, 2, ())
    edited, _ = await chat.press("-招聘")
    assert "已改为：<b>储能 -招聘</b>" in edited.text and await chat.queries() == ["储能 -招聘"]
    (answered,) = await chat.press("-招聘")
    assert answered.text == "这一条已经退订了。"


# ---------------------------------------------------------------------------------------------- why, not relevant
async def test_why_an_article_came(chat: Chat) -> None:
    edited, _ = await chat.tap("a:d1:0:0")
    assert labels(edited)[-2:] == ["为何推送", "不相关"]
    (answered,) = await chat.press("为何推送")
    assert "不在了" in answered.text
    chat.digests.reasons = WHY
    edited, _ = await chat.press("为何推送")
    assert "青石湖畔 &lt;二期&gt; 投产" in edited.text and "第 3 版" in edited.text
    assert "昨日 &lt;<b>储能</b>&gt; 电站开工。" in edited.text
    assert "“中航锂电”又名“中创新航”" in edited.text and "动力电池" in edited.text
    edited, _ = await chat.press("返回")
    assert "为何推送" in labels(edited)


async def test_why_by_number(chat: Chat) -> None:
    await chat.say("订阅 储能")
    assert "/why 3" in (await chat.say("/why"))[0].text
    assert "还没有文章" in (await chat.say("/why 1"))[0].text
    await chat.say("/list")
    await chat.press("1")
    edited, _ = await chat.press("为何推送")
    chat.digests.reasons = replace(WHY, issue="", page=None, reasons=())
    edited, _ = await chat.press("为何推送")
    assert "未知期号" in edited.text and "已经不在了" in edited.text
    chat.digests.reasons = WHY
    assert "因为订阅：<b>储能</b>" in (await chat.say("/why 储能"))[0].text


async def test_not_relevant_proposes_what_would_have_prevented_it(chat: Chat) -> None:
    await chat.say("订阅 储能")
    await chat.tap("a:d1:0:0")
    (answered,) = await chat.press("不相关")
    assert "不在了" in answered.text
    id = query_id("储能")
    chat.digests.excludable = [Exclusion("e" * 24, "别人的", "词语", "别人的 -词语", 30, 0)]
    edited, _ = await chat.press("不相关")
    assert "没有合适的词" in edited.text
    chat.digests.excludable = [
        Exclusion(id, "储能", "招聘", "储能 -招聘", 30, 2, ("校招 <开始>",)),
        Exclusion(id, "储能", "球赛", "储能 -球赛", 30, 0),
    ]
    await chat.tap("a:d1:0:0")
    edited, _ = await chat.press("不相关")
    assert "还会少收 2 篇" in edited.text and "校招 &lt;开始&gt;" in edited.text and "都不受影响" in edited.text
    assert "-招聘" in labels(edited) and "1. " not in edited.text, "with one subscription there is nothing to number"
    edited, _ = await chat.press("-球赛")
    assert await chat.queries() == ["储能 -球赛"]


async def test_the_same_exclusion_for_two_subscriptions_says_for_which(chat: Chat) -> None:
    await chat.say("订阅 储能")
    await chat.say("订阅 锂电")
    chat.digests.excludable = [
        Exclusion(query_id(query), query, word, f"{query} -{word}", 30, 0)
        for query in ("储能", "锂电")
        for word in ("招聘", "球赛", "天气")
    ]
    await chat.tap("a:d1:0:0")
    edited, _ = await chat.press("不相关")
    assert "1. 订阅 <b>储能</b>" in edited.text and "2. 订阅 <b>锂电</b>" in edited.text
    assert labels(edited)[:6] == ["1. -招聘", "1. -球赛", "1. -天气", "2. -招聘", "2. -球赛", "2. -天气"]
    await chat.press("2. -招聘")
    assert await chat.queries() == ["储能", "锂电 -招聘"]


# ---------------------------------------------------------------------------------------------- sharing
async def test_a_link_offers_a_subscription(chat: Chat) -> None:
    await chat.say("订阅 储能 -广告")
    await chat.say("/list")
    await chat.press("1")
    edited, _ = await chat.press("分享")
    link = next(button["copy_text"]["text"] for button in edited.buttons if "copy_text" in button)
    payload = link.partition("?start=")[2]
    assert link == share_link("KanbaoTestBot", query_id("储能 -广告")) and len(payload) <= 64
    assert edited.buttons[0]["url"].startswith("https://t.me/share/url?url=https%3A%2F%2Ft.me")
    (asked,) = await chat.say(f"/start {payload}", FRIEND)
    assert "储能 -广告" in asked.text and "7 篇" in asked.text
    edited, _ = await chat.press("订阅", FRIEND)
    assert "已订阅" in edited.text and await chat.queries(f"{FRIEND}") == ["储能 -广告"]
    (asked,) = await chat.say(f"/start s{'0' * 24}", FRIEND)
    assert "找不到了" in asked.text
    (answered,) = await chat.tap("z:" + "0" * 24, FRIEND)
    assert "找不到了" in answered.text
    assert shared_query("s123") is None and "刊报" in (await chat.say("/start s123", FRIEND))[0].text


# ---------------------------------------------------------------------------------------------- files
def file(name: str = "kanbao.json", size: int = 100) -> dict[str, Any]:
    return {"file_id": name, "file_unique_id": "u", "file_name": name, "file_size": size}


async def test_an_export_can_be_brought_back(chat: Chat) -> None:
    await chat.say("订阅 储能")
    await chat.say("订阅 标题:<光伏> -广告")
    held = (await chat.stored()).subscriptions
    await chat.services.subscriptions.set_cadence("7", held[1].query_id, Cadence("weekly", (540,), 4), MONDAY)
    for asked in await chat.say("/export"):
        made = next(iter(asked.files.values()))
        assert isinstance(made, BufferedInputFile)
        friend = FRIEND + len(chat.session.files)
        chat.session.files[str(made.filename)] = made.data
        *_, asked = await chat.message(friend, document=file(str(made.filename)))
        assert "2 条新的订阅" in asked.text and asked.params["reply_parameters"]
        document = {"message_id": 5, "date": DATE, "chat": chat.chat(friend), "document": file(str(made.filename))}
        *_, edited, _ = await chat.tap(chat.data_of("加入这 2 条"), friend, reply_to_message=document)
        assert "已加入 2 条" in edited.text
        stored = await chat.stored(f"{friend}")
        assert [(s.query, s.cadence) for s in stored.subscriptions] == [
            (s.query, s.cadence) for s in (await chat.stored()).subscriptions
        ]
        *_, asked = await chat.message(friend, document=file(str(made.filename)))
        assert "没有新的订阅（2 条" in asked.text and not asked.buttons


async def test_importing_asks_and_tells_what_is_wrong(chat: Chat) -> None:
    assert "/export" in (await chat.say("/import"))[0].text
    many = [f"词语{n}号" for n in range(20)]
    chat.session.files["a.json"] = json.dumps([*many, "(坏的", 7]).encode()
    document = {"message_id": 5, "date": DATE, "chat": chat.chat(READER), "document": file("a.json")}
    *_, asked = await chat.say("/import", reply_to_message=document)
    assert "还有 5 条" in asked.text and "2 条读不懂，会略过：7、(坏的" in asked.text
    edited, _ = await chat.press("取消")
    assert "什么都没有加" in edited.text
    (answered,) = await chat.tap("im:1")
    assert "请再发一次" in answered.text
    for name, content, words in (
        ("b.json", b"{", "第 1 行有误"), ("c.opml", b"<opml>", "OPML"), ("d.json", b"\xff\xfe", "UTF-8"), ("e.json", b"{}", "没有订阅"),
    ):  # fmt: skip
        chat.session.files[name] = content
        assert words in (await chat.message(document=file(name)))[-1].text
    assert "太大" in (await chat.message(document=file(size=1 << 20)))[-1].text


async def test_the_quota_holds_for_files_too(chat: Chat) -> None:
    chat.session.files["a.json"] = json.dumps([f"词语{n}号" for n in range(101)]).encode()
    document = {"message_id": 5, "date": DATE, "chat": chat.chat(READER), "document": file("a.json")}
    *_, answered = await chat.tap("im:1", reply_to_message=document)
    assert "最多 100 条" in answered.text and await chat.store.find_subscriber("7") is None


async def test_an_admins_files_are_issues_unless_they_are_outlines(chat: Chat) -> None:
    chat.session.files |= {"a.md": b"[]", "a.opml": b"<opml/>"}
    assert "没有订阅" in (await chat.message(ADMIN, document=file("a.opml")))[-1].text
    await chat.message(ADMIN, document=file("a.md"))
    assert "a.md" in chat.taken


@pytest.mark.parametrize("data", ["o::feed:main", "o::feed:cadence:weekly", "n::feed:词", "rw::feed:x", "o::feed:drop"])
async def test_buttons_of_what_is_gone(chat: Chat, data: str) -> None:
    asked = await chat.tap(data)
    assert asked[-1].method == "answerCallbackQuery" and asked[-1].params["show_alert"] is True


@pytest.mark.parametrize("screen", ["nowhere", "cadence:hourly", "day:32", "time:1440"])
async def test_choices_that_do_not_exist(chat: Chat, screen: str) -> None:
    await chat.say("订阅 储能")
    asked = await chat.tap(f"o::{query_id('储能')[:16]}:{screen}" + ("" if ":" in screen else ":"))
    assert asked[-1].params["show_alert"] is True and (await chat.stored()).subscriptions[0].cadence is None


@pytest.mark.parametrize("code", ["zh-hans", "zh-TW", "en"])
async def test_the_longest_screens_fit_a_message(code: str) -> None:
    """The session refuses what Telegram would."""
    chat = Chat(language_code=code)
    words = [f"{n:02}" + "很长的词语" * 10 for n in range(40)]
    chat.session.files["a.json"] = json.dumps([*words, *("(" + word for word in words)]).encode()
    document = {"message_id": 5, "date": DATE, "chat": chat.chat(READER), "document": file("a.json")}
    await chat.say("/import", reply_to_message=document)
    await chat.tap("im:1", reply_to_message=document)
    at_most = Cadence("workdays", (480, 720, 1080, 1439))
    await chat.services.subscriptions.set_settings("7", lambda old: replace(old, cadence=at_most), MONDAY)
    chat.digests.brings = Activity(MONDAY.replace(year=2025), "题" * 300, 0.01)
    chat.later(days=100)
    (asked,) = await chat.say("/list")
    assert labels(asked)[14] == "15" and len(asked.text) > 2000
    id = (await chat.stored()).subscriptions[0].query_id
    reason = Reason(
        id, words[0] * 3, ("长" * 60,) * 9, (("长" * 60, "名" * 60),) * 9, "句" * 400, ((0, 300), (301, 302))
    )
    chat.digests.reasons = Why("题" * 300, "刊" * 100, 3, (reason,) * 9)
    chat.digests.excludable = [Exclusion(id, words[0], f"词{n}", "x", 30, 9, ("题" * 200,) * 2) for n in range(9)]
    chat.digests.wordings = [(word, 3) for word in words[:3]]
    for data in (
        "y:d1:0",
        "u:d1:0",
        *(f"o::{id[:16]}:{screen}:" for screen in ("main", "share", "change", "reword", "last")),
    ):
        edited = (await chat.tap(data))[0]
        assert edited.method == "editMessageText", (data, edited.text)
    (asked,) = await chat.say("/test " + words[0])
    assert asked.buttons


async def test_everything_in_english() -> None:
    chat = Chat(language_code="en")
    chat.digests.reasons, chat.digests.wordings = WHY, [("储能", 1)]
    chat.digests.excludable = [Exclusion(query_id("储能"), "储能", "招聘", "储能 -招聘", 30, 1, ("x",))]
    chat.digests.trial = replace(chat.digests.trial, exclusions=("招聘",))
    await chat.say("/sub 储能")
    for text in ("/list", "/test 储能", "/why 1", "/change", "/import", "/timezone", "/timezone UTC-5", "/timezone x"):
        (asked,) = await chat.say(text)
        assert not any(mark in asked.text.replace("电站开工。", "") for mark in "，。："), text
    await chat.say("/list")
    for screen in ("main", "change", "share", "reword", "last", "cadence", "time", "day", "weekday"):
        edited, _ = await chat.tap(f"o::{query_id('储能')[:16]}:{screen}:")
        assert not any(mark in edited.text for mark in "，："), screen
    edited, _ = await chat.tap("u:d1:0")
    assert "1 more article" in edited.text
