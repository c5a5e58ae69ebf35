"""A reader's settings, language and leaving; words without a command, and what goes wrong."""

from __future__ import annotations

import json

import pytest
from aiogram.types import BufferedInputFile
from chat_driver import READER, Chat
from fake_session import Asked

from digests.types import Delivery
from subscriptions import Cadence, Subscriber


@pytest.fixture
def chat() -> Chat:
    return Chat()


def texts(asked: list[Asked]) -> str:
    return "\n".join(one.text for one in asked)


# ---------------------------------------------------------------------------------------- settings, language, leaving
async def test_settings_in_one_message(chat: Chat) -> None:
    (asked,) = await chat.say("/settings")
    rows = [button["text"] for button in asked.buttons]
    assert rows[:4] == ["节奏：每天", "时间：08:00", "免打扰：没有", "时区：北京时间"] and "推送：开着" in rows
    await chat.press("节奏")
    await chat.press("每周一次")
    await chat.press("星期：周一")
    await chat.press("周五")
    await chat.press("时间")
    await chat.press("18:00")
    await chat.press("半点")
    await chat.press("07:30")
    await chat.press("07:30")
    await chat.press("整点")
    edited, answered = await chat.press("08:00")
    assert answered.text == "已保存" and "现在：18:00" in edited.text
    (answered,) = await chat.press("✓ 18:00")
    assert "至少要留一个" in answered.text
    for time in ("05:00", "06:00", "07:00"):
        await chat.press(time)
    (answered,) = await chat.press("09:00")
    assert "最多选 4 个" in answered.text
    edited, _ = await chat.press("返回")
    assert "每周五 05:00、06:00、07:00、18:00" in edited.text
    assert (await chat.stored()).settings.cadence == Cadence("weekly", (300, 360, 420, 1080), 4)


async def test_the_other_settings(chat: Chat) -> None:
    await chat.say("/settings")
    for row, choice in (("时区", "东京"), ("篇幅", "全文"), ("节奏", "每月一次"), ("日期", "最后一天")):
        await chat.press(row)
        edited, answered = await chat.press(choice)
        assert answered.text == "已保存"
    edited, _ = await chat.press("没有新内容时")
    edited, _ = await chat.press("提示音")
    settings = (await chat.stored()).settings
    assert (settings.timezone, settings.length, settings.nothing_today, settings.silent) == (
        "Asia/Tokyo",
        "full",
        True,
        True,
    )
    assert (settings.cadence.kind, settings.cadence.day) == ("monthly", 31) and "每月最后一天 08:00" in edited.text
    edited, _ = await chat.press("推送：开着")
    assert (await chat.stored()).paused == "reader" and "推送：已暂停" in [button["text"] for button in edited.buttons]
    await chat.press("推送：已暂停")
    assert (await chat.stored()).paused is None
    await chat.press("节奏")
    edited, _ = await chat.press("随到随送")
    assert "时间" not in " ".join(button["text"] for button in edited.buttons)
    await chat.say("订阅 储能")
    assert "一有新文章就送来" in chat.session.asked[-1].text
    await chat.press("语言") if "语言" in str(chat.session.asked[-1].buttons) else None
    await chat.say("/settings")
    await chat.press("语言")
    edited, _ = await chat.press("English")
    assert "Settings" in edited.text


@pytest.mark.parametrize("data", ["s::nowhere", "s::zone:Mars/Base", "s::time:9999", "s::time:x", "s::day:0", "s::lang:fr", "zzz", "x::feed:0", "t::feed:0", "w::feed"])  # fmt: skip
async def test_buttons_that_are_no_more(chat: Chat, data: str) -> None:
    asked = await chat.tap(data)
    assert asked[-1].method == "answerCallbackQuery" and asked[-1].params["show_alert"] is True


async def test_pausing_and_going_on(chat: Chat) -> None:
    await chat.say("订阅 储能")
    await chat.say("暂停")
    assert (await chat.stored()).paused == "reader"
    (said,) = await chat.say("/digest")
    assert "没有新内容" in said.text and "推送还暂停着" in said.text and said.buttons[-1]["text"] == "恢复推送"
    chat.digests.delivery = Delivery("x1", "7", "digest", chat.clock)
    typing, said = await chat.say("/digest")
    assert typing.method == "sendChatAction" and said.text.startswith("这一份马上送来")
    edited, _ = await chat.press("恢复推送")
    assert (await chat.stored()).paused is None and "每天 08:00" in edited.text
    await chat.press("设置")


@pytest.mark.parametrize(
    ("words", "language"), [("en", "en"), ("English", "en"), ("繁體", "zh-Hant"), ("zh-TW", "zh-Hant"), ("英文", "en")]
)
async def test_a_language_behind_the_command_is_set_at_once(chat: Chat, words: str, language: str) -> None:
    said, *menu = await chat.say(f"/lang {words}")
    assert (await chat.stored()).settings.language == language
    assert said.text in ("English from now on.", "好的，以後用繁體中文。")
    assert {one.method for one in menu} == {"setMyCommands"}
    (asked,) = await chat.say("/lang 火星文")
    assert "繁體中文" in str(asked.buttons) and (await chat.stored()).settings.language == language


async def test_language_and_its_menu(chat: Chat) -> None:
    await chat.say("/lang")
    asked = await chat.press("English")
    assert asked[0].text == "English from now on." and (await chat.stored()).settings.language == "en"
    menus = [one for one in asked if one.method == "setMyCommands"]
    assert [menu.params.get("language_code") for menu in menus] == [None, "en"]
    assert all(menu.params["scope"]["chat_id"] == READER for menu in menus)
    assert "push" not in {command["command"] for command in menus[0].params["commands"]}
    assert (await chat.say("/nonsense"))[0].text.startswith("There is no command /nonsense")


async def test_the_export(chat: Chat) -> None:
    assert "没有保存" in (await chat.say("/export"))[0].text
    await chat.say("订阅 储能")
    files = [next(iter(asked.files.values())) for asked in await chat.say("/export")]
    data, outline = (file for file in files if isinstance(file, BufferedInputFile))
    assert (data.filename, outline.filename) == ("kanbao-20260105.json", "kanbao-20260105.opml")
    assert json.loads(data.data)["subscriptions"][0]["query"] == "储能"
    assert b'text="\xe5\x82\xa8\xe8\x83\xbd"' in outline.data


async def test_being_forgotten(chat: Chat) -> None:
    assert "没有保存" in (await chat.say("/forget"))[0].text
    await chat.say("订阅 储能")
    assert "1 条订阅" in (await chat.say("/forget"))[0].text
    await chat.press("取消")
    assert await chat.queries() == ["储能"]
    edited, _ = await chat.press("全部删除")
    assert "已全部删除" in edited.text and chat.digests.forgotten == ["7"]
    assert await chat.store.find_subscriber("7") is None


# ----------------------------------------------------------------------- words without a command, and what goes wrong
async def test_words_are_offered_as_a_subscription(chat: Chat) -> None:
    for words, label in (
        ("青石储能", "订阅“青石储能”"), ("标题:签约", "订阅“标题:签约”"), ("两行\n文字", "订阅“两行 文字”"),
        ("很长的一句话" * 10, "订阅“很长的一句话很长的一句话很长的一句话很…”"),
    ):  # fmt: skip
        (asked,) = await chat.say(words)
        assert [button["text"] for button in asked.buttons] == [label, "先试查", "检索旧报"]
        assert asked.params["reply_parameters"]["message_id"] == chat.session.next_message - 1
    (asked,) = await chat.message(sticker={"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False})  # fmt: skip
    assert "只读文字" in asked.text


async def test_what_goes_wrong_inside_is_told_in_plain_words(
    chat: Chat, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(id: str, *, texts: bool = True) -> Subscriber | None:
        raise RuntimeError("boom")

    monkeypatch.setattr(chat.store, "find_subscriber", broken)
    (asked,) = await chat.say("/list")
    assert "不是您的错" in asked.text and "boom" in caplog.text


async def test_somebody_who_blocked_us_is_left_alone(chat: Chat) -> None:
    chat.session.failures["sendMessage"] = "Forbidden: bot was blocked by the user"
    assert len(await chat.say("/list")) == 1


async def test_even_the_apology_may_fail(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    chat.session.failures["sendMessage"] = "Bad Request: chat not found"
    assert [one.method for one in await chat.say("/list")] == ["sendMessage", "sendMessage"]
    assert "update 1 failed" in caplog.text


async def test_a_button_whose_message_is_out_of_reach(chat: Chat) -> None:
    query = {"id": "q", "from": chat.user(READER), "chat_instance": "c", "data": "m::list:0"}
    (answered,) = await chat.feed(callback_query=query)
    assert "已经过时" in answered.text and answered.params["show_alert"] is True


async def test_screens_that_are_no_more(chat: Chat) -> None:
    (answered,) = await chat.tap("m::nowhere:0")
    assert "已经过时" in answered.text


async def test_an_error_of_telegram_is_told_apart(chat: Chat) -> None:
    chat.session.failures["sendDocument"] = "Bad Request: file is too big"
    await chat.say("/start")
    asked = await chat.say("/export")
    assert "Telegram 没有接受" in asked[-1].text
