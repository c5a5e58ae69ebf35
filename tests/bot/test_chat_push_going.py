"""A push that goes: held back by admins or by itself, and followed to its report."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chat_driver import ADMIN, MONDAY, labels
from pipeline_world import raw, read
from push_kit import BATTERY, MINUTE, acts, begin, begun, deliver, looked, pushing, steps_of, work

from bot.batch_steps import LEASE, Guard
from bot.chat.reports import Reporter
from digests.errors import StoreError
from digests.pipeline import match_next
from digests.types import Batch, Delivery


# ------------------------------------------------------------------------------------------------ holding
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


async def test_what_a_stopped_push_stood_for_does_not_count_as_had() -> None:
    """The paper had printed it before."""
    chat = await pushing()
    world, all = chat.world, chat.world.all
    await all.issues.add_issue(replace(read(raw(BATTERY)), id="again", fingerprint="anew"), MONDAY + MINUTE)
    assert await match_next(all.issues, all.hits, all.subscribers, world.feed, MONDAY + MINUTE)
    chat.digests.found = list(await all.issues.recent_issues(1))
    await begin(chat)
    assert await all.outbox.had("10") == {1, 3}
    await chat.press("停止", ADMIN)
    await deliver(chat)
    await work(chat)
    assert (await all.outbox.had("10"), await all.outbox.owed("10")) == (frozenset(), frozenset({3}))


async def test_what_is_stopped_while_it_is_composed_goes_no_further() -> None:
    chat = await pushing()
    await chat.say("/push", ADMIN)
    await chat.press("位读者", ADMIN)
    await chat.press("停止", ADMIN)
    await work(chat)
    assert await deliver(chat) == [] and "已停止" in (await looked(chat)).text
    assert await chat.world.all.outbox.owed("10") == frozenset(), "nothing of it was ever given"


async def test_a_hold_whose_process_died_in_between_is_kept() -> None:
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


async def test_a_second_process_does_not_raise_the_alarm_again() -> None:
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


@pytest.mark.parametrize("place", ["outbox.put", "batches.save_batch"])
async def test_a_process_that_dies_while_it_ends_a_push_leaves_the_report_to_the_next(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise StoreError("away")

    chat = await begun()
    await deliver(chat)
    chat.later(minutes=12)
    part, method = place.split(".")
    with monkeypatch.context() as patched:
        patched.setattr(getattr(chat.world.all, part), method, away)
        with pytest.raises(StoreError):
            await steps_of(chat).step()
    chat.clock += LEASE
    await work(chat)
    (told,) = await deliver(chat)
    assert "推送结束" in told.html and await chat.world.all.batches.under_way() == []


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


async def test_a_report_that_telegram_refuses_goes_on() -> None:
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

    async def broken(*_: Any) -> None:
        raise StoreError("away")

    monkeypatch.setattr(chat.pushes, "progress", broken)
    await looked(chat)
    assert "report ended early" in caplog.text


async def test_a_report_of_what_is_gone_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = await pushing()

    async def gone(*_: Any) -> None:
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
