"""Admins broadcast: with looks and files, to themselves first, later; and recall what went out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chat_driver import ADMIN, Chat, labels
from fake_session import Asked
from push_kit import acts, deliver, looked, pushing, work

from digests.outbox_memory import MemoryOutbox
from digests.types import Audience, Batch
from subscriptions import Settings, Subscriber

DAY = timedelta(days=1)
PHOTO = [{"file_id": f"p{n}", "file_unique_id": f"u{n}", "width": n, "height": n} for n in (90, 800)]


async def replied(chat: Chat, **content: Any) -> dict[str, object]:
    return {"message_id": 5, "date": 0, "chat": chat.chat(ADMIN), "from": chat.user(ADMIN), **content}


def new(asked: list[Asked]) -> list[Asked]:
    """Without what reports in the background do meanwhile."""
    return [one for one in asked if one.method.startswith("send")]


async def test_a_broadcast_keeps_its_looks() -> None:
    chat = await pushing()
    bold = [{"type": "bot_command", "offset": 0, "length": 10}, {"type": "bold", "offset": 0, "length": 13}]
    preview, question = await chat.say("/broadcast 明天<停刊>", ADMIN, entities=bold)
    assert preview.text == "<b>明天</b>&lt;停刊&gt;" and "要群发吗？2 位读者会收到" in question.text
    assert labels(question) == ["发给 2 位读者", "先发给我自己", "定时发送…", "宁漏勿重", "选择对象…", "取消"]
    preview, _ = await chat.say("/broadcast", ADMIN, reply_to_message=await replied(chat, text="下周起改在九点"))
    assert preview.text == "下周起改在九点"
    assert "在命令后面写上" in (await chat.say("/broadcast", ADMIN))[0].text
    await chat.press("2 位读者", ADMIN)
    await work(chat)
    assert {d.html for d in await deliver(chat)} == {"下周起改在九点"}
    assert await acts(chat) == ["broadcast"]


async def test_photos_and_documents_go_by_the_id_that_telegram_gave() -> None:
    chat = await pushing()
    shown, question = await chat.message(ADMIN, photo=PHOTO, caption="/broadcast 新刊")
    assert (shown.method, shown.params["photo"], shown.params["caption"]) == ("sendPhoto", "p800", "新刊")
    await chat.press("2 位读者", ADMIN)
    await work(chat)
    assert {(d.html, d.media) for d in await deliver(chat)} == {("新刊", "photo:p800")}
    file = {"file_id": "f1", "file_unique_id": "u", "file_name": "目录.pdf"}
    shown, question = new(await chat.message(ADMIN, document=file, caption="/broadcast"))
    assert (shown.method, shown.params["document"]) == ("sendDocument", "f1") and not chat.taken
    shown, _ = new(await chat.say("/broadcast", ADMIN, reply_to_message=await replied(chat, photo=PHOTO)))
    assert shown.params["photo"] == "p800" and "要群发吗" in question.text
    shown, text, _ = new(
        await chat.say(f"/broadcast {'长' * 1025}", ADMIN, reply_to_message=await replied(chat, photo=PHOTO))
    )
    assert "caption" not in shown.params and text.text == "长" * 1025, "readers get it as two messages too"


async def test_an_earlier_broadcast_that_is_answered_goes_without_its_command() -> None:
    chat = await pushing()
    for kept in ({"text": "/broadcast 明天休息"}, {"photo": PHOTO, "caption": "/broadcast 明天休息"}):
        shown, question = new(await chat.say("/broadcast", ADMIN, reply_to_message=await replied(chat, **kept)))
        assert (shown.params.get("caption") or shown.text) == "明天休息" and "要群发吗" in question.text


async def test_an_answer_to_another_chats_message_is_refused() -> None:
    chat = await pushing()
    elsewhere = {"origin": {"type": "hidden_user", "date": 0, "sender_user_name": "乙"}, "photo": PHOTO}
    for text in ("/broadcast", "/broadcast 明天停刊"):
        (refused,) = await chat.say(text, ADMIN, external_reply=elsewhere)
        assert "在别的会话里" in refused.text and "转发给我" in refused.text


async def test_what_went_out_becomes_another_text_and_no_picture() -> None:
    chat = await pushing()
    await chat.say("/broadcast 错字", ADMIN)
    await chat.press("2 位读者", ADMIN)
    await work(chat)
    (refused,) = new(await chat.message(ADMIN, photo=PHOTO, caption="/recall 1 对的"))
    assert "只能改成另一段文字" in refused.text


async def test_kinds_that_have_no_name_of_their_own_are_refused_too() -> None:
    chat = await pushing()
    game = {"title": "棋", "description": "棋", "photo": PHOTO}
    (refused,) = await chat.say("/broadcast", ADMIN, reply_to_message=await replied(chat, game=game))
    assert "没有群发：这种消息不能群发" in refused.text


async def test_to_oneself_first() -> None:
    chat = await pushing()
    await chat.say("/broadcast <试>", ADMIN)
    nudged = chat.nudged
    (answered,) = await chat.press("先发给我自己", ADMIN)
    assert "单独发给您" in answered.text and chat.nudged == nudged + 1
    (mine,) = await deliver(chat)
    assert (mine.subscriber, mine.html, mine.batch) == (f"{ADMIN}", "&lt;试&gt;", "")
    await chat.press("2 位读者", ADMIN)
    await work(chat)
    assert len(await deliver(chat)) == 2 and await acts(chat) == ["test", "broadcast"]
    (answered,) = await chat.tap(chat.data_of("先发给我自己"), ADMIN)
    assert "已经开始、取消或者过期" in answered.text


# ------------------------------------------------------------------------------------------------ later
async def scheduled(chat: Chat, day: str = "明天", time: str = "08:30") -> str:
    await chat.press("定时发送", ADMIN)
    await chat.press(day, ADMIN)
    edited, _ = await chat.press(time, ADMIN)
    return edited.text


async def test_at_a_time_of_the_admins_own_zone() -> None:
    chat = await pushing()
    await chat.store.put_subscriber(await admin(chat, "Asia/Tokyo"), due=None)
    await chat.say("/broadcast 早", ADMIN)
    await chat.press("定时发送", ADMIN)
    edited, _ = await chat.press("今天", ADMIN)
    assert labels(edited)[0] == "12:30", "it is noon there, and what is past is not offered"
    assert "时区：东京" in edited.text
    await chat.press("返回", ADMIN)
    await chat.press("01-07 周三", ADMIN)
    edited, _ = await chat.press("08:30", ADMIN)
    assert "已排定：01-07 08:30" in edited.text
    (batch,) = await chat.pushes.scheduled()
    assert batch.at == datetime(2026, 1, 6, 23, 30, tzinfo=UTC)
    chat.clock = batch.at - timedelta(seconds=10)
    await work(chat)
    assert await deliver(chat) == []
    chat.later(seconds=10)
    await work(chat)
    assert len(await deliver(chat)) == 2 and await chat.pushes.scheduled() == []
    assert await acts(chat) == ["broadcast"]


async def admin(chat: Chat, zone: str) -> Subscriber:
    return Subscriber(f"{ADMIN}", Settings(timezone=zone), chat.clock)


async def test_a_time_that_the_clocks_skip_is_not_offered() -> None:
    chat = await pushing()
    await chat.store.put_subscriber(await admin(chat, "Europe/Berlin"), due=None)
    chat.clock = datetime(2026, 3, 28, 3, tzinfo=UTC)
    await chat.say("/broadcast 早", ADMIN)
    await chat.press("定时发送", ADMIN)
    edited, _ = await chat.press("明天", ADMIN)
    assert "01:30" in labels(edited) and "02:30" not in labels(edited) and "03:00" in labels(edited)


async def test_what_is_scheduled_is_cancelled() -> None:
    chat = await pushing()
    await chat.say("/broadcast 早", ADMIN)
    assert "已排定：01-06 08:30 发给届时符合的读者，现在是 2 位" in await scheduled(chat)
    (listed,) = await chat.say("/broadcast", ADMIN)
    assert "已排定" in listed.text and "01-06 08:30 · 早 · 2 位读者" in listed.text
    edited, _ = await chat.press("取消 01-06 08:30 的发送", ADMIN)
    assert "不会发送" in edited.text
    chat.later(days=2)
    await work(chat)
    assert await deliver(chat) == [] and await chat.pushes.scheduled() == []
    assert await acts(chat) == ["broadcast", "push-stopped"]
    outbox = chat.world.all.outbox
    assert isinstance(outbox, MemoryOutbox) and outbox._held == set()


async def test_a_time_that_has_passed_meanwhile_is_refused() -> None:
    chat = await pushing()
    await chat.say("/broadcast 早", ADMIN)
    await chat.press("定时发送", ADMIN)
    await chat.press("明天", ADMIN)
    late = chat.data_of("08:30")
    chat.later(days=2)
    (answered,) = await chat.tap(late, ADMIN)
    assert "已经过了" in answered.text and await chat.pushes.scheduled() == []


# ------------------------------------------------------------------------------------------------ recall
async def sent(chat: Chat, text: str = "/broadcast 明天停刊") -> None:
    await chat.say(text, ADMIN)
    await chat.press("2 位读者", ADMIN)
    await work(chat)
    await deliver(chat)
    await work(chat)
    await looked(chat)


async def test_what_went_out_is_listed_and_recalled() -> None:
    chat = await pushing()
    assert "没有发出过" in (await chat.say("/recall", ADMIN))[0].text
    await sent(chat)
    await sent(chat, "/push")
    (listed,) = await chat.say("/recall", ADMIN)
    assert "1. 01-05 " in listed.text and "云溪时报" in listed.text and "明天停刊 · 2 位读者" in listed.text
    question, _ = await chat.press("撤回第 2 次", ADMIN)
    assert "要删除已经发出的 2 份吗" in question.text
    edited, _ = await chat.press("删除 2 份", ADMIN)
    assert "正在撤回" in edited.text
    await work(chat)
    recalls = await deliver(chat)
    assert [(d.kind, d.html, len(d.edits)) for d in recalls] == [("recall", "", 1)] * 2
    await work(chat)
    looks = (await looked(chat)).text
    assert "撤回完毕" in looks and "已删除：2" in looks and "发送" not in looks
    assert await acts(chat) == ["broadcast", "push", "recall"]
    (answered,) = [a for a in await chat.tap("rc:none", ADMIN) if a.method == "answerCallbackQuery"]
    assert "找不到这次推送" in answered.text


@pytest.mark.parametrize("words", ["1", "b"])
async def test_what_went_out_becomes_another_text(words: str) -> None:
    chat = await pushing()
    await sent(chat)
    (batch,) = await chat.pushes.recent(chat.clock)
    name = words if words == "1" else batch.id
    text = f"/recall {name} 后天停刊"
    bold = [{"type": "bot_command", "offset": 0, "length": 7}, {"type": "bold", "offset": len(text) - 4, "length": 2}]
    preview, question = await chat.say(text, ADMIN, entities=bold)
    assert preview.text == "<b>后天</b>停刊" and "改成上面的话" in question.text
    await chat.press("改动 2 份", ADMIN)
    await work(chat)
    assert {d.html for d in await deliver(chat)} == {"<b>后天</b>停刊"}
    await work(chat)
    assert "改动完毕" in (looks := (await looked(chat)).text) and "已改动：2" in looks
    assert [b.id for b in await chat.pushes.recent(chat.clock)] == [batch.id], "there still is something to delete"


async def test_what_is_deleted_or_never_went_out_is_not_offered_again() -> None:
    chat = await pushing()
    await sent(chat)
    (batch,) = await chat.pushes.recent(chat.clock)
    plan = await chat.pushes.plan_broadcast("改日", "", Audience(), ADMIN, chat.clock)
    later = await chat.pushes.confirm(plan.batch.id, 2, ADMIN, chat.clock, chat.clock + timedelta(hours=9))
    assert isinstance(later, Batch) and await chat.pushes.hold(later.id, "stopped", ADMIN, chat.clock)
    await work(chat)
    (listed,) = new(await chat.say("/recall", ADMIN))
    assert "2 位读者" in listed.text and "改日" not in listed.text, "it was cancelled before it went"
    await chat.tap(f"rc:{batch.id}", ADMIN)
    await chat.press("删除 2 份", ADMIN)
    await work(chat)
    await deliver(chat)
    await work(chat)
    (listed,) = new(await chat.say("/recall", ADMIN))
    assert "没有发出过" in listed.text
    question, *_ = await chat.tap(f"rc:{batch.id}", ADMIN)
    assert "已经撤回" in question.text and labels(question) == ["取消"]


async def test_a_text_that_is_too_long_for_a_caption_is_refused() -> None:
    chat = await pushing()
    await chat.message(ADMIN, photo=PHOTO, caption="/broadcast 新刊")
    await chat.press("2 位读者", ADMIN)
    await work(chat)
    await deliver(chat)
    asked = new(await chat.say(f"/recall 1 {'长' * 1025}", ADMIN))
    assert "最多 1,024 个字" in asked[-1].text
    asked = new(await chat.say(f"/recall 1 {'长' * 1024}", ADMIN))
    assert "改成上面的话" in asked[-1].text


async def test_what_can_be_recalled_no_more_is_said() -> None:
    chat = await pushing()
    await sent(chat)
    await sent(chat, "/push")
    (batch, _) = await chat.pushes.recent(chat.clock)
    chat.later(hours=47)
    question, *_ = await chat.tap(f"rc:{batch.id}", ADMIN)
    assert "2 份" in question.text
    chat.later(hours=2)
    question, *_ = await chat.tap(f"rc:{batch.id}", ADMIN)
    assert "没有可以撤回的消息" in question.text and "另有 2 份超过 48 小时" in question.text
    assert labels(question) == ["取消"]
    assert "没有发出过" in (await chat.say("/recall", ADMIN))[0].text
    assert "找不到这次推送" in (await chat.say("/recall 1", ADMIN))[0].text


async def test_a_push_under_way_is_stopped_by_its_recall() -> None:
    chat = await pushing()
    await chat.say("/broadcast 错", ADMIN)
    await chat.press("2 位读者", ADMIN)
    await work(chat)
    await deliver(chat, most=1)
    (question,) = new(await chat.say("/recall 1", ADMIN))
    assert "还在发送，确认后会先停下来" in question.text and "1 份" in question.text
    (batch,) = await chat.pushes.recent(chat.clock)
    assert batch.readers == 1, "who has got it, not who was meant to"
    await chat.press("删除 1 份", ADMIN)
    for _ in range(3):
        await work(chat)
        await deliver(chat)
    assert dict(await chat.world.all.outbox.batch_report(batch.id)) == {"sent": 1, "stopped": 1}
    assert await acts(chat) == ["broadcast", "recall", "push-stopped"]
