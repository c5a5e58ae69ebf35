"""A newcomer who knows no command: from the greeting everything is reached by tapping, and by words that are plain words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from chat_driver import CHANNEL, READER, TEXTS, Chat
from fake_session import ADMINISTRATOR, BOT_ID, DATE, Asked
from town import in_town

from bot.chat.callbacks import REWRITE, Own, short
from bot.sandbox import OFFICIAL_ID
from subscriptions import query_id

FAULTS = {TEXTS.get("zh-Hans", key) for key in ("error-unexpected", "error-refused-by-telegram", "refused-outdated")}
ENDS = ("已退订", "已保存", "好的", "已全部删除", "没有与您有关")
"""What is said last on a way, where nothing needs to follow."""


@pytest.fixture
def chat() -> Chat:
    return Chat()


def said(text: str, user: int = READER) -> dict[str, Any]:
    """A message of the reader's, as the answer to it carries it."""
    place = {"id": user, "type": "private", "first_name": "小金"}
    return {"message_id": 50, "date": DATE, "chat": place, "from": {**place, "is_bot": False}, "text": text}


def asked_by_us(own: Own, by: int = BOT_ID) -> dict[str, Any]:
    """A screen of ours, as the reply to it carries it."""
    markup = {
        "inline_keyboard": [[{"text": "‹", "url": "https://t.me"}, {"text": "‹ 返回", "callback_data": own.pack()}]]
    }
    sender = {"id": by, "is_bot": True, "first_name": "K"}
    return {**said("…"), "from": sender, "reply_markup": markup}


# ---------------------------------------------------------------------------------------------- everything by tapping
def shape(data: str) -> str:
    """Buttons that differ in numbers, ids and zones alone are one kind."""
    return re.sub(r"[A-Z][\w+-]*/[\w/+-]+|[0-9a-f]{16}|-?\d+", "#", data)


SKIPPED = ("f::1", "x:", "s::language:en", "s::language:zh-Hant")
"""Forgetting everything, the picker's ways out, and other languages, which would make the walk another one."""


async def walk(chat: Chat, first: list[Asked]) -> dict[str, list[Asked]]:
    """Taps one of each kind of button that turns up, and so on with what is shown; those that give up a subscription last."""
    seen: dict[str, list[Asked]] = {}
    waiting = [button for asked in first for button in asked.buttons]
    last: list[dict[str, Any]] = []
    while waiting or last:
        button = (waiting or last).pop(0)
        data = button.get("callback_data", "")
        if not data or shape(data) in seen or data.startswith(SKIPPED):
            continue
        if ":drop" in data and waiting:
            last.append(button)
            continue
        answer = seen[shape(data)] = await chat.tap(data)
        waiting += [button for asked in answer for button in asked.buttons]
    return seen


async def test_everything_is_reached_by_tapping(chat: Chat) -> None:
    first = await chat.say("/start")
    await chat.say("订阅 储能电站")
    seen = await walk(chat, first)
    screens = {data.split(":")[3 if data[0] == "o" else 2] for data in seen if data[:2] in ("m:", "s:", "o:")}
    assert screens >= {
        "topics", "list", "unsubscribe", "settings", "help", "digest", "search", "test", "account", "export", "import", "forget",
        "cadence", "weekday", "day", "time", "quiet", "zone", "language", "length", "nothing", "silent", "suggest", "paused",
        "main", "last", "change", "share", "drop", "inherit",
    }  # fmt: skip
    for data, asked in seen.items():
        shown = [one for one in asked if one.method in ("sendMessage", "editMessageText")]
        assert not FAULTS & {one.text for one in asked}, data
        assert all(one.buttons or any(words in one.text for words in ENDS) for one in shown), (data, shown)


async def test_all_cadences_quiet_hours_and_lengths_are_among_the_buttons(chat: Chat) -> None:
    await chat.say("/settings")
    offered = {
        screen: {button["text"].removeprefix("✓ ") for button in (await chat.tap(f"s::{screen}:"))[0].buttons}
        for screen in ("cadence", "quiet", "zone", "language", "length")
    }
    assert offered["cadence"] >= {"随到随送", "每天", "周一至周五", "工作日", "每周一次", "每月一次"}
    assert {"22:00", "不设免打扰"} <= offered["quiet"] and {"北京时间", "伦敦"} <= offered["zone"]
    assert offered["language"] >= {"简体中文", "繁體中文", "English"} and len(offered["length"]) == 4


# ---------------------------------------------------------------------------------------------- plain words
@pytest.mark.parametrize("words", ["标题:签约", "储能 电站 -广告 -招聘 -启事 -公告 -讣告 -声明 -更正", "青石储能"])
async def test_words_may_be_subscribed_to_and_tried_however_long(chat: Chat, words: str) -> None:
    (asked,) = await chat.say(words)
    assert "要怎么办" in asked.text and asked.params["reply_parameters"]["message_id"]
    edited, _ = await chat.tap("wd:test", reply_to_message=said(words))
    assert "试查" in edited.text and "7 篇符合" in edited.text and await chat.store.count_subscribers() == 0
    assert [button["callback_data"] for button in edited.buttons] == ["wd:subscribe", "wd:search"]
    edited, _ = await chat.tap("wd:subscribe", reply_to_message=said(words))
    assert "已订阅" in edited.text and len(await chat.queries()) == 1


async def test_words_that_are_gone_or_wrong(chat: Chat) -> None:
    no_words: dict[str, Any] = {"reply_to_message": {**said(""), "text": None}}
    for shown in ({}, no_words):
        (answered,) = await chat.tap("wd:test", **shown)
        assert "再发一次" in answered.text and answered.params["show_alert"] is True
    (answered,) = await chat.tap("wd:subscribe", reply_to_message=said("(储能"))
    assert "括号" in answered.text


# ---------------------------------------------------------------------------------------------- another wording
async def test_a_new_wording_is_the_answer_to_the_question(chat: Chat) -> None:
    await chat.say("订阅 储能电站")
    await chat.press("改写")
    own = Own(target="", query=short(query_id("储能电站")), screen="main", value=REWRITE)
    assert chat.data_of("返回") == own.pack()
    (asked,) = await chat.say("储能电站 -广告", reply_to_message=asked_by_us(own))
    assert "已改为：<b>储能电站 -广告</b>" in asked.text and await chat.queries() == ["储能电站 -广告"]
    (asked,) = await chat.say("光伏", reply_to_message=asked_by_us(own))
    assert "已经退订了" in asked.text


async def test_only_that_question_is_answered_so(chat: Chat) -> None:
    await chat.say("订阅 储能电站")
    held = short(query_id("储能电站"))
    mark, plain = (Own(target="", query=held, screen="main", value=value) for value in (REWRITE, ""))
    for asked, words in (
        (asked_by_us(plain), "光伏板"), (asked_by_us(mark, by=99), "光伏板"), (said("光伏"), "光伏板"), (asked_by_us(mark), "我的订阅"),
    ):  # fmt: skip
        await chat.say(words, reply_to_message=asked)
        assert await chat.queries() == ["储能电站"]


async def test_a_channels_wording_is_its_admins(chat: Chat) -> None:
    chat.session.chats["qingshi"] = {"id": CHANNEL, "type": "channel", "title": "青石频道", "username": "qingshi"}
    chat.session.members[CHANNEL, BOT_ID] = chat.session.members[CHANNEL, READER] = ADMINISTRATOR
    await chat.say("/subscribe @qingshi 储能电站")
    own = Own(target=f"{CHANNEL}", query=short(query_id("储能电站")), screen="main", value=REWRITE)
    await chat.say("光伏板", reply_to_message=asked_by_us(own))
    assert await chat.queries(f"{CHANNEL}") == ["光伏板"]
    chat.session.members[CHANNEL, READER] = {"status": "member"}
    own = Own(target=f"{CHANNEL}", query=short(query_id("光伏板")), screen="main", value=REWRITE)
    asked = await chat.say("风电场", reply_to_message=asked_by_us(own))
    assert "由它的管理员来改" in asked[-1].text and await chat.queries(f"{CHANNEL}") == ["光伏板"]


async def test_in_the_sandbox_without_a_single_command() -> None:
    async with in_town() as town:
        me = OFFICIAL_ID
        town.act.start(me)
        await town.until(lambda: "这里是刊报" in town.text(me))
        await town.says(me, me, "临江电缆 标题:签约", "要怎么办")
        await town.press(me, me, "先试查")
        assert "试查：临江电缆" in town.text(me)
        await town.says(me, me, "临江电缆 标题:签约", "要怎么办")
        await town.press(me, me, "订阅“临江电缆 标题:签约”")
        assert "已订阅：临江电缆 标题:签约" in town.text(me)
        await town.press(me, me, "改写")
        question = town.messages(me)[-1]["message_id"]
        town.act.write(me, me, "临江电缆 -广告", reply_to=question)
        await town.until(lambda: "已改为：临江电缆 -广告" in town.text(me))
        await town.press(me, me, "返回")
        await town.press(me, me, "返回")
        assert "1. 临江电缆 -广告" in town.text(me)
