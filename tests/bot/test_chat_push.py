"""Admins push: whom it is for, as readers would see it, confirmed by its number."""

from __future__ import annotations

from typing import Any

import pytest
from chat_driver import ADMIN, READER, Chat, labels
from push_kit import acts, deliver, looked, pushing, work

from bot.chat.audience import read_audience
from digests.types import Audience
from subscriptions import QueryError


# ------------------------------------------------------------------------------------------------ planning
async def test_a_push_shows_asks_sends_and_reports() -> None:
    chat = await pushing()
    sample, question = await chat.say("/push", ADMIN)
    assert "青禾锂电开工" in sample.text and labels(sample) == ["‹", "1/2 · 简体 · 私聊", "›"]
    assert "云溪时报 2026年3月3日" in question.text and "2 位读者" in question.text
    assert "对象：全部" in question.text and "每秒 30 条，预计用时：不到一分钟" in question.text
    assert labels(question) == ["发给 2 位读者", "看样张", "定时发送…", "宁漏勿重", "选择对象…", "取消"]
    asked = await chat.press("发给 2 位读者", ADMIN)
    assert "正在发送" in asked[0].text and labels(asked[0]) == ["暂停", "停止", "刷新"]
    await work(chat)
    assert "等待中：2" in (await looked(chat)).text
    assert {d.kind for d in await deliver(chat)} == {"push"}
    await work(chat)
    last = await looked(chat)
    assert (
        last.method == "editMessageText" and "发送完毕" in last.text and "已送达：2" in last.text and not last.buttons
    )
    assert "用时：不到一分钟" in last.text and await acts(chat) == ["push"]


async def test_previews_as_real_readers_see_it() -> None:
    chat = await pushing(3)
    await chat.say("/push", ADMIN)
    turned, _ = await chat.press("›", ADMIN)
    assert turned.method == "editMessageText" and "2/3 · 英文 · 私聊" in labels(turned) and "for you" in turned.text
    turned, _ = await chat.press("›", ADMIN)
    turned, _ = await chat.press("›", ADMIN)
    assert "1/3 · 简体 · 私聊" in labels(turned)
    await chat.say("/push", ADMIN)
    shown, _ = await chat.press("看样张", ADMIN)
    assert shown.method == "sendMessage" and "青禾锂电开工" in shown.text
    for reader in ("10", "11", "12"):
        await chat.world.service.forget(reader)
    (answered,) = await chat.press("看样张", ADMIN)
    assert "已经开始、取消或者过期" in answered.text


async def test_what_a_reader_had_meanwhile_is_no_sample() -> None:
    chat = await pushing(1)
    await chat.say("/push", ADMIN)
    before = await chat.world.all.subscribers.find_subscriber("10")
    assert before is not None
    issue = await chat.world.all.issues.find_issue(chat.digests.found[0].id)
    assert issue is not None
    await chat.world.all.outbox.compose(before, before, due=None, had=[a.id for a in issue.articles], delivery=None)
    shown, _ = await chat.press("看样张", ADMIN)
    assert "没有要收的文章了" in shown.text and labels(shown) == ["1/1 · 简体 · 私聊"]


@pytest.mark.parametrize(
    ("words", "issue", "audience"),
    [
        ("", "", Audience()), ("2", "2", Audience()), ("1 #动力电池 每天", "1", Audience("#动力电池", "daily")),
        ("青石 2026-01-05 群组 English", "青石 2026-01-05", Audience(language="en", place="groups")),
        ("2 查询:江澜时代 -招聘", "2", Audience("江澜时代 -招聘")), ("query: 江澜时代", "", Audience("江澜时代")),
        ("＃储能 即时 繁体 私聊", "", Audience("#储能", "instant", "zh-Hant", "private")),
    ],
)  # fmt: skip
def test_an_audience_in_words(words: str, issue: str, audience: Audience) -> None:
    assert read_audience(words) == (issue, audience)


def test_a_query_that_is_none_is_refused() -> None:
    with pytest.raises(QueryError):
        read_audience("查询:(江澜")


@pytest.mark.parametrize("words", ["1 #无此主题 每天", "查询:江澜 #无此主题"])
async def test_an_audience_of_a_topic_that_is_none_is_refused(words: str) -> None:
    chat = await pushing(3)
    (asked,) = await chat.say(f"/push {words}", ADMIN)
    assert "没有这个主题：无此主题" in asked.text, "not: nobody would get it"


async def test_an_audience_by_words_and_by_buttons() -> None:
    chat = await pushing(3)
    *_, question = await chat.say("/push 1 英文 #动力电池", ADMIN)
    assert "2 位读者" in question.text and "对象：动力电池（主题）、英文" in question.text
    edited, _ = await chat.press("选择对象", ADMIN)
    assert {"语言：英文", "节奏：全部", "主题：动力电池（主题）"} <= set(labels(edited))
    await chat.press("语言：英文", ADMIN)
    edited, _ = await chat.press("简体", ADMIN)
    assert "1 位读者" in edited.text and "语言：简体" in labels(edited)
    await chat.press("语言：简体", ADMIN)
    edited, _ = await chat.press("全部", ADMIN)
    assert "3 位读者" in edited.text
    await chat.press("节奏：全部", ADMIN)
    edited, _ = await chat.press("每周一次", ADMIN)
    assert "1 位读者" in edited.text and "节奏：每周一次" in labels(edited)
    await chat.press("主题：", ADMIN)
    edited, _ = await chat.press("重大项目", ADMIN)
    assert "没有读者要收" in edited.text
    edited, _ = await chat.press("返回", ADMIN)
    assert labels(edited) == ["选择对象…", "取消"], "there is nobody to send it to"
    await chat.press("选择对象", ADMIN)
    await chat.press("会话：", ADMIN)
    edited, _ = await chat.press("群组和频道", ADMIN)
    assert "会话：群组和频道" in labels(edited)
    batch = chat.data_of("返回").split(":")[1]
    for gone in (
        f"am:{batch}:cadence:hourly",
        f"am:{batch}:topic:{'0' * 16}",
        f"am:{batch}:nothing:x",
        "am:none:main:",
        "lt:none:0",
    ):
        (answered,) = await chat.tap(gone, ADMIN)
        assert answered.method == "answerCallbackQuery" and answered.text, gone


async def test_a_plan_that_is_started_is_aimed_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = await pushing()
    await chat.say("/push", ADMIN)
    await chat.press("选择对象", ADMIN)
    await chat.press("语言：", ADMIN)

    async def gone(*_: Any) -> None:
        return None

    monkeypatch.setattr(chat.pushes, "aim", gone)
    (answered,) = await chat.press("英文", ADMIN)
    assert "已经开始、取消或者过期" in answered.text


# ------------------------------------------------------------------------------------------------ confirming
async def test_two_admins_pressing_at_once_push_once() -> None:
    chat = await pushing()
    await chat.say("/push", ADMIN)
    yes = chat.data_of("发给 2 位读者")
    await chat.tap(yes, ADMIN)
    edited, _ = await chat.tap(yes, ADMIN)
    assert "已经有人确认过" in edited.text
    await work(chat)
    assert len(await deliver(chat)) == 2 and await acts(chat) == ["push"]
    (known,) = [asked for asked in await chat.tap("p:none:yes:2:0:", ADMIN) if asked.method == "editMessageText"]
    assert "已经过期" in known.text


async def test_buttons_of_admins_do_nothing_for_others() -> None:
    chat = await pushing()
    await chat.say("/push", ADMIN)
    for label in ("发给 2 位读者", "选择对象", "›"):
        (answered,) = await chat.tap(chat.data_of(label), READER)
        assert answered.method == "answerCallbackQuery"
    assert await chat.world.all.batches.under_way() == []


async def test_a_push_that_would_reach_others_is_asked_again() -> None:
    chat = await pushing()
    await chat.say("/push", ADMIN)
    await chat.world.reader("20", "#动力电池")
    asked, _ = await chat.press("发给 2 位读者", ADMIN)
    assert "还没有发送" in asked.text and "3 位读者" in asked.text and await acts(chat) == []
    await chat.press("发给 3 位读者", ADMIN)
    assert await acts(chat) == ["push"]


async def test_the_button_holds_for_the_number_it_names() -> None:
    """Another admin, or another window, has chosen other readers for the same plan meanwhile."""
    chat = await pushing(3)
    await chat.say("/push", ADMIN)
    old = chat.data_of("发给 3 位读者")
    await chat.press("选择对象", ADMIN)
    await chat.press("语言：", ADMIN)
    await chat.press("英文", ADMIN)
    asked, _ = await chat.tap(old, ADMIN)
    assert "还没有发送" in asked.text and "2 位读者" in asked.text and await acts(chat) == []


async def test_an_issue_is_pushed_from_the_list_and_a_push_cancelled() -> None:
    chat = await pushing()
    await chat.tap(f"pu:{chat.digests.found[0].id}", ADMIN)
    edited, _ = await chat.press("取消", ADMIN)
    assert "什么都没有发" in edited.text and await chat.world.all.batches.under_way() == []
    (answered,) = await chat.tap("pu:none", ADMIN)
    assert "找不到这一期" in answered.text


async def test_nobody_to_push_to() -> None:
    chat = await pushing(0)
    (question,) = await chat.say("/push", ADMIN)
    assert "没有读者要收" in question.text and labels(question) == ["选择对象…", "取消"]
    assert "找不到这一期" in (await Chat().say("/push", ADMIN))[0].text
    assert "找不到这一期：无此报" in (await chat.say("/push 无此报", ADMIN))[0].text


async def test_words_that_mean_nothing_are_named() -> None:
    chat = await pushing()
    assert "不明白“每小时”" in (await chat.say("/push 1 每小时 群组", ADMIN))[0].text
    assert "找不到这一期：999" in (await chat.say("/push 999", ADMIN))[0].text
    chat.digests.found = []
    for words in ("/push", "/push #动力电池", "/push 1"):
        assert (await chat.say(words, ADMIN))[0].text.startswith("还没有收到报刊")
