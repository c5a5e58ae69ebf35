"""What people say who do not know the query language, and what the answers hold while a reader or channel is paused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chat_driver import CHANNEL, TEXTS, Chat, labels
from fake_session import ADMINISTRATOR, BOT_ID

from bot.chat.readings import enumerated
from bot.services import DryRun

BOSS = 9
CREATOR = {"status": "creator", "is_anonymous": False}


@pytest.fixture
def chat() -> Chat:
    made = Chat()
    made.session.chats["qingshi"] = {"id": CHANNEL, "type": "channel", "title": "青石频道", "username": "qingshi"}
    made.session.members[CHANNEL, BOT_ID] = ADMINISTRATOR
    made.session.members[CHANNEL, BOSS] = CREATOR
    return made


async def test_an_enumeration_is_asked_about(chat: Chat) -> None:
    """储能、光伏 was refused, and 储能和光伏 subscribed to as one word that no paper prints."""
    for words, both, either in (
        ("动力电池、重大项目", {"#动力电池", "#重大项目"}, {"#动力电池", "#重大项目"}),
        ("动力电池和重大项目", {"#动力电池", "#重大项目"}, {"#动力电池", "#重大项目"}),
        ("隔膜，电解 液，动力电池", {"隔膜", "电解液", "#动力电池"}, {"隔膜", "电解液", "#动力电池"}),
    ):
        (asked,) = await chat.say(f"订阅 {words}")
        assert "有一个就行" in asked.text and len(labels(asked)) == 2 and await _held(chat) == []
        await chat.press("都要：")
        assert [set(query.split()) for query in await _held(chat)] == [both]
        await chat.say("退订 1")
        await chat.press("有一个就行")
        assert [set(query.split("|")) for query in await _held(chat)] == [either]
        await chat.say("退订 1")
    (asked,) = await chat.say("饱和蒸汽和冷凝水")
    assert "有一个就行" not in asked.text


async def _held(chat: Chat) -> list[str]:
    found = await chat.store.find_subscriber("7")
    return [one.query for one in found.subscriptions] if found else []


async def test_words_without_a_command_are_asked_about_too(chat: Chat) -> None:
    await chat.say("储能、光伏")
    said = {"message_id": 5, "date": 0, "chat": chat.chat(7), "from": chat.user(7), "text": "储能、光伏"}
    edited, *_ = await chat.tap(chat.data_of("订阅“储能"), reply_to_message=said)
    assert "有一个就行" in edited.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("储能、光伏", ("储能", "光伏")),
        ("储能,光伏；隔膜", ("储能", "光伏", "隔膜")),
        ("储能、储能", ()),
        ("投资1,000万", ()),
        ("储能和光伏", ()),
        ("储能|光伏，隔膜", ()),
        ("“储能、光伏”", ()),
        ("储能、光伏 -广告", ()),
        ("储能", ()),
        ("一、二、三、四、五、六、七", ()),
    ],
)
def test_what_counts_as_an_enumeration(text: str, expected: tuple[str, ...]) -> None:
    assert enumerated((), text) == expected


async def test_an_enumeration_that_fits_no_button_is_explained(chat: Chat) -> None:
    (asked,) = await chat.say("订阅 某某公司甲部门、某某公司乙部门、某某公司丙部门")
    assert "【、】" in asked.text and not labels(asked)


async def test_what_finds_nothing_offers_other_wordings(chat: Chat) -> None:
    chat.digests.trial = DryRun(30, 0, ())
    (asked,) = await chat.say("订阅 储能和招商")
    assert labels(asked) == ["保留", "改写", "不要了", "换个写法"]
    edited, *_ = await chat.press("换个写法")
    assert "储能和招商" in edited.text
    chat.digests.trial = replace(chat.digests.trial, articles=3)
    (asked,) = await chat.say("订阅 招商")
    assert "换个写法" not in labels(asked)


async def test_while_paused_nothing_is_promised(chat: Chat) -> None:
    await chat.say("订阅 招商")
    await chat.say("暂停")
    (asked,) = await chat.say("订阅 隔膜")
    assert "送达时间" not in asked.text and "推送已暂停，发送 /resume 恢复。" in asked.text
    (asked,) = await chat.say("/settings")
    assert "现在：已暂停。" in asked.text
    await chat.say("恢复")
    assert "现在：每天 08:00。" in (await chat.say("/settings"))[0].text


async def test_a_channels_command_names_the_channel(chat: Chat) -> None:
    await chat.say("/subscribe @qingshi 储能", BOSS)
    paused = (await chat.say("/pause @qingshi", BOSS))[-1]
    assert "随时发送 /resume @qingshi 恢复" in paused.text
    assert "发送 /resume @qingshi 恢复" in (await chat.say("/list @qingshi", BOSS))[-1].text


async def test_every_inherited_value_is_marked(chat: Chat) -> None:
    await chat.say("订阅 储能")
    await chat.say("/settings")
    await chat.tap("s::cadence:monthly")
    await chat.say("/list")
    edited, *_ = await chat.press("1")
    assert labels(edited)[:3] == ["节奏：每月一次 ↩", "日期：1 日 ↩", "时间：08:00 ↩"]


async def test_topics_go_by_the_name_of_the_readers_language(chat: Chat) -> None:
    """Emma tapped Energy storage and was told that she has 储能."""
    chat.language_code = "en"
    (asked,) = await chat.say("subscribe 动力电池")
    assert "topic <b>Power batteries</b>" in asked.text and "keyword “动力电池”" in labels(asked)[2]
    assert "1. Power batteries (topic)" in (await chat.say("/list"))[0].text
    await chat.say("/lang zh-hant")
    assert "1. 動力電池（主題）" in (await chat.say("/list"))[0].text
    assert "已退訂：<b>動力電池（主題）</b>" in (await chat.say("退訂 動力電池"))[0].text
    assert "重大項目" in labels((await chat.say("/topics"))[0])


def test_an_import_counts_what_is_held_only_where_something_is() -> None:
    told = {held: TEXTS.get("en", "import-plan", count=2, held=held) for held in (0, 1)}
    assert told[0] == "The file has 2 new subscriptions:" and told[1].endswith("subscriptions (1 you have already):")
    assert TEXTS.get("zh-Hans", "import-plan", count=2, held=0) == "文件里有 2 条新的订阅："
    assert "0" not in TEXTS.get("zh-Hans", "import-error-bad_json", line=0)


async def test_the_greeting_of_one_who_comes_back_tells_the_times_that_were_set(chat: Chat) -> None:
    assert "每天早上八点送一份摘要，没有新内容就不打扰。" in (await chat.say("/start"))[-1].text
    await chat.tap("s::cadence:weekly")
    told = (await chat.say("/start"))[-1].text
    assert "早上八点送一份" not in told and "送达时间：每周一 08:00（北京时间）\n时间可在 /settings 里改" in told
    await chat.say("暂停")
    assert "推送已暂停，发送 /resume 恢复。" in (await chat.say("/start"))[-1].text
