"""Admins push: whom it is for, as readers would see it, confirmed by its number, held back, followed to its report."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from chat_driver import ADMIN, MONDAY, READER, TEXTS, Chat
from fake_session import Asked
from pipeline_world import raw

from bot.batch_steps import BatchSteps, Guard
from bot.chat.audience import read_audience
from bot.chat.reports import Reporter
from bot.notices import Notices
from digests.errors import StoreError
from digests.types import Audience, Batch, Delivery
from subscriptions import QueryError

MINUTE = timedelta(minutes=1)
BATTERY = "青禾锂电开工：动力电池项目\n\n春茶上市：茶园采摘"


async def pushing(readers: int = 2, **more: str) -> Chat:
    """An admin's chat, and readers who hold what the newest issue has."""
    chat = Chat()
    for n in range(readers):
        await chat.world.reader(
            f"{n + 10}", "#动力电池", kind="daily" if n else "weekly", language="en" if n else "zh-Hans"
        )
    await chat.world.publish(raw(BATTERY), now=MONDAY)
    chat.digests.found = list(await chat.world.all.issues.recent_issues(9))
    return chat


def steps_of(chat: Chat, guard: Guard | None = None) -> BatchSteps:
    world, all = chat.world, chat.world.all
    notices = Notices(world.stores, all.admin, TEXTS, frozenset({ADMIN}))
    return BatchSteps(
        world.stores, all.holds, all.batches, all.admin, chat.pushes._knowledge, notices, guard or Guard(),
        lambda: chat.clock, lambda: None, chat.pushes._fees,
    )  # fmt: skip


async def work(chat: Chat, guard: Guard | None = None) -> None:
    """What the service does about batches in the next minutes."""
    steps = steps_of(chat, guard)
    for _ in range(4):
        chat.later(seconds=2)
        await steps.step()


async def deliver(chat: Chat, state: str = "sent", most: int = 99) -> list[Delivery]:
    """What a relay would do, all at once."""
    outbox = chat.world.all.outbox
    claimed = await outbox.claim(chat.clock, most, MINUTE)
    for n, one in enumerate(claimed):
        done = Delivery(
            **{
                **{f: getattr(one, f) for f in one.__slots__},
                "state": state,
                "sent": (n + 500,) if state == "sent" else (),
            }
        )
        await outbox.settle(done, chat.clock, next_at=None, chat_at=chat.clock)
    return claimed


async def looked(chat: Chat) -> Asked:
    """Let the reports in the background have their look; the newest."""
    for _ in range(60):
        await asyncio.sleep(0)
    return chat.session.asked[-1]


async def acts(chat: Chat) -> list[str]:
    return [entry.action for entry in reversed(await chat.world.all.admin.recent_audit(99))]


def labels(asked: Asked) -> list[str]:
    return [button["text"] for button in asked.buttons]


# ------------------------------------------------------------------------------------------------ planning
async def test_a_push_shows_asks_sends_and_reports() -> None:
    chat = await pushing()
    sample, question = await chat.say("/push", ADMIN)
    assert "青禾锂电开工" in sample.text and labels(sample) == ["‹", "1/2 · 简体 · 私聊", "›"]
    assert "云溪时报 2026年3月3日" in question.text and "2 位读者" in question.text
    assert "对象：全部" in question.text and "每秒 30 条，大约需要 不到一分钟" in question.text
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
    articles = (await chat.world.all.issues.find_issue(chat.digests.found[0].id)).articles  # type: ignore[union-attr]
    await chat.world.all.outbox.compose(before, before, due=None, had=[a.id for a in articles], delivery=None)
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

    async def gone(*_: object) -> None:
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
    assert "找不到这一期" in (await chat.say("/push 无此报", ADMIN))[0].text


# ------------------------------------------------------------------------------------------------ holding
async def begun(readers: int = 3) -> Chat:
    chat = await pushing(readers)
    await chat.say("/push", ADMIN)
    await chat.press("位读者", ADMIN)
    await work(chat)
    return chat


async def test_a_push_pauses_and_goes_on() -> None:
    chat = await begun()
    edited, answered = await chat.press("暂停", ADMIN)
    assert "已暂停" in edited.text and labels(edited) == ["继续", "停止", "刷新"] and "已暂停" in answered.text
    await work(chat)
    assert await deliver(chat) == []
    own = Delivery("own", "10", "notice", chat.clock, html="x")
    await chat.world.all.outbox.put([own], chat.clock)
    assert [d.id for d in await deliver(chat)] == ["own"], "only that push is held"
    _, answered = await chat.tap(chat.data_of("停止").replace("stopped", "paused"), ADMIN)
    assert "已经是这样了" in answered.text
    edited, _ = await chat.press("继续", ADMIN)
    assert "正在发送" in edited.text and labels(edited) == ["暂停", "停止", "刷新"]
    chat.later(seconds=2)
    assert len(await deliver(chat)) == 3
    await work(chat)
    assert "已送达：3" in (await looked(chat)).text
    assert await acts(chat) == ["push", "push-paused", "push-resumed"]


async def test_a_push_stops_and_its_articles_come_with_the_next_digest() -> None:
    chat = await begun()
    await deliver(chat, most=1)
    edited, _ = await chat.press("停止", ADMIN)
    assert "正在停止" in edited.text and labels(edited) == ["刷新"]
    assert await deliver(chat) == []
    await work(chat)
    last = await looked(chat)
    assert "已停止" in last.text and "停止后未发：2" in last.text and "已送达：1" in last.text
    owed = [await chat.world.all.outbox.owed(f"{n}") for n in (10, 11, 12)]
    assert sorted(map(len, owed)) == [0, 1, 1]
    assert await acts(chat) == ["push", "push-stopped"]
    (answered,) = [a for a in await chat.tap("hb:none:stopped", ADMIN) if a.method == "answerCallbackQuery"]
    assert "已经开始、取消或者过期" in answered.text
    (answered,) = await chat.tap("hb:none:thrown", ADMIN)
    assert answered.method == "answerCallbackQuery"


async def test_what_is_stopped_while_it_is_composed_goes_no_further() -> None:
    chat = await pushing()
    await chat.say("/push", ADMIN)
    await chat.press("位读者", ADMIN)
    await chat.press("停止", ADMIN)
    await work(chat)
    assert await deliver(chat) == [] and "已停止" in (await looked(chat)).text
    assert await chat.world.all.outbox.owed("10") == frozenset(), "nothing of it was ever given"


async def test_a_hold_whose_process_died_in_between_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = await begun()
    (batch,) = await chat.world.all.batches.under_way()
    await chat.world.all.batches.hold_batch(batch.id, "paused", chat.clock)
    await work(chat)
    assert await deliver(chat) == []
    await chat.world.all.batches.hold_batch(batch.id, "resumed", chat.clock)
    await work(chat)
    assert len(await deliver(chat)) == 3


async def test_a_push_that_fails_stops_itself_and_says_so() -> None:
    chat, guard = await begun(10), Guard(0.2, 5)
    assert len(await deliver(chat, "failed", most=4)) == 4
    await work(chat, guard)
    (batch,) = await chat.world.all.batches.under_way()
    assert batch.hold == "", "four are too few to judge by"
    await deliver(chat, "sent", most=1)
    await work(chat, guard)
    assert (await chat.world.all.batches.under_way())[0].hold == "failing"
    (alarm,) = await deliver(chat)
    assert alarm.subscriber == f"{ADMIN}" and "失败 4，送达 1" in alarm.html
    assert [button.data for row in alarm.buttons for button in row] == [
        f"hb:{batch.id}:resumed",
        f"hb:{batch.id}:stopped",
    ]
    assert "失败太多" in (await looked(chat)).text
    edited, _ = await chat.tap(f"hb:{batch.id}:resumed", ADMIN)
    assert "正在发送" in edited.text
    await work(chat, guard)
    assert (await chat.world.all.batches.under_way())[0].hold == "forced", "the admin means it"
    assert len(await deliver(chat)) == 5
    assert await acts(chat) == ["push", "push-failing", "push-resumed"]


async def test_a_second_process_does_not_raise_the_alarm_again(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = await begun(5)
    await deliver(chat, "failed", most=4)
    (batch,) = await chat.world.all.batches.under_way()
    await chat.world.all.batches.hold_batch(batch.id, "failing", chat.clock)
    await steps_of(chat)._fail(batch, {"failed": 4})
    assert await acts(chat) == ["push"]


async def test_a_long_push_is_told_about_when_it_ends() -> None:
    chat = await begun()
    await deliver(chat, "paused", most=1)
    await deliver(chat)
    chat.later(minutes=12)
    await work(chat)
    (told,) = await deliver(chat)
    assert told.subscriber == f"{ADMIN}" and "用时约 12 分钟" in told.html and "送达 2，停用 1，失败 0" in told.html


# ------------------------------------------------------------------------------------------------ following
async def test_a_report_is_taken_up_again_on_its_button() -> None:
    chat = await begun()
    await looked(chat)
    await chat.reporter.close()
    (batch,) = await chat.world.all.batches.under_way()
    edited, _ = await chat.tap(f"p:{batch.id}:report:0:0:", ADMIN)
    assert "等待中：3" in edited.text
    await deliver(chat)
    await work(chat)
    assert "发送完毕" in (await looked(chat)).text
    edited, _ = await chat.tap(f"p:{batch.id}:report:0:0:", ADMIN)
    assert "发送完毕" in edited.text
    (answered,) = await chat.tap("p:none:report:0:0:", ADMIN)
    assert "过期" in answered.text


async def test_a_report_that_telegram_refuses_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    chat = await begun()
    await looked(chat)
    chat.session.failures["editMessageText"] = "Bad Request: message to edit not found"
    await deliver(chat, most=1)
    await looked(chat)
    chat.session.failures.clear()
    await deliver(chat)
    await work(chat)
    assert "发送完毕" in (await looked(chat)).text


async def test_a_report_that_breaks_is_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = await pushing()
    await chat.say("/push", ADMIN)
    await chat.press("发给 2 位读者", ADMIN)

    async def broken(*_: object) -> None:
        raise StoreError("away")

    monkeypatch.setattr(chat.pushes, "progress", broken)
    await looked(chat)
    assert "report ended early" in caplog.text


async def test_a_report_of_what_is_gone_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = await pushing()

    async def gone(*_: object) -> None:
        return None

    await chat.say("/push", ADMIN)
    monkeypatch.setattr(chat.pushes, "progress", gone)
    await chat.press("发给 2 位读者", ADMIN)
    await looked(chat)
    assert isinstance(chat.reporter, Reporter) and not chat.reporter._tasks


async def test_readers_who_had_it_all() -> None:
    chat = await pushing(0)
    batch = Batch("b9", "push", ADMIN, MONDAY, 1, issue=chat.digests.found[0].id)
    await chat.world.all.batches.put_batch(batch, MINUTE)
    await chat.world.all.batches.start_batch(batch, chat.clock)
    await work(chat)
    edited, _ = await chat.tap("p:b9:report:0:0:", ADMIN)
    assert "都已经收到过了" in edited.text
