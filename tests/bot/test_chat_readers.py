"""A reader's way through the chat: every command and every button, in a private chat, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chat_driver import READER, TEXTS, Chat

from bot.services import DryRun
from digests.types import Delivery

COMMANDS = (
    "/start", "/help", "/topics", "/subscribe", "/subscribe 动力电池", "/sub 储能 -广告", "/sub (储能", "/list", "/digest", "/search",
    "/search 储能", "/settings", "/pause", "/list", "/resume", "/lang", "/export", "/test 储能", "/test", "/why", "/why 1", "/change", "/import", "/timezone", "/timezone UTC+8", "/timezone 月球", "/unsubscribe", "/unsub 储能 -广告", "/unsub 没有",
    "/forget", "/nonsense", "你好", "订阅 投产", "我的订阅", "今日摘要", "退订 投产", "帮助", "设置", "暂停", "恢复",
)  # fmt: skip


FAULTS = {TEXTS.get(language, "error-unexpected") for language in TEXTS.languages}


@pytest.fixture
def chat() -> Chat:
    return Chat()


# ------------------------------------------------------------------------------------------------------ first contact
@pytest.mark.parametrize("code", ["zh-hans", "en", "de", "zh-TW"])
@pytest.mark.parametrize("user", [READER, 1])
async def test_every_command_answers_once(code: str, user: int) -> None:
    """Each request was checked by the session against Telegram's rules."""
    chat = Chat(language_code=code)
    chinese = code.startswith("zh")
    for command in COMMANDS:
        asked = await chat.say(command, user)
        assert len(asked) == 1 or (command == "/export" and len(asked) == 2), command
        has_chinese = any("，" in one.text or "。" in one.text or "：" in one.text for one in asked)
        assert asked[0].method in ("sendMessage", "sendDocument") and (chinese or not has_chinese), (command, asked)
        assert not FAULTS & {asked[0].text}, command


async def test_first_contact(chat: Chat) -> None:
    (asked,) = await chat.say("/start")
    assert "刊报" in asked.text and len([line for line in asked.text.splitlines() if line]) == 4
    assert [button["text"] for button in asked.buttons] == ["动力电池", "重大项目", "科技创新", "我的订阅", "用法"]
    assert (await chat.stored()).rev == 1


async def test_first_contact_in_english() -> None:
    chat = Chat(language_code="en-GB")
    (asked,) = await chat.say("/start")
    assert "Kanbao" in asked.text and asked.buttons[0]["text"] == "Power batteries"
    assert (await chat.stored()).settings.language == "en"


# -------------------------------------------------------------------------------------------------------- subscribing
async def test_topics_switch_in_place(chat: Chat) -> None:
    await chat.say("/topics")
    edited, answered = await chat.press("重大项目")
    assert edited.method == "editMessageText" and "✓ 重大项目" in [button["text"] for button in edited.buttons]
    assert answered.method == "answerCallbackQuery" and answered.text == "已订阅：重大项目"
    assert await chat.queries() == ["#重大项目"]
    _, answered = await chat.press("重大项目")
    assert answered.text == "已退订：重大项目" and await chat.queries() == []


async def test_many_topics_are_paged(chat: Chat) -> None:
    first = chat.digests.known[0]
    chat.digests.known = [replace(first, name=f"主题{n}", name_en=f"Topic {n}") for n in range(30)]
    (asked,) = await chat.say("/topics")
    assert len(asked.buttons) == 15
    edited, _ = await chat.press("下一页")
    assert edited.buttons[0]["text"] == "主题12" and len(edited.buttons) == 16
    edited, _ = await chat.press("下一页")
    assert edited.buttons[-3]["text"] == "‹ 上一页" and len(edited.buttons) == 9
    chat.digests.known = []
    (asked,) = await chat.say("/topics")
    assert not asked.buttons


async def test_a_query_is_tried_on_the_recent_issues(chat: Chat) -> None:
    (asked,) = await chat.say("/subscribe 储能 -广告")
    assert "储能 -广告" in asked.text and "最近 30 期中有 7 篇符合" in asked.text
    assert "青石湖畔电池项目投产 &lt;二期&gt;" in asked.text and "每天 08:00" in asked.text
    assert [button["text"] for button in asked.buttons] == ["保留", "改写", "不要了", "补看最近几期"]
    kept, _ = await chat.press("保留")
    assert kept.method == "editMessageReplyMarkup" and not kept.buttons
    edited, _ = await chat.press("不要了")
    assert "已退订" in edited.text and await chat.queries() == []
    (answered,) = await chat.press("不要了")
    assert answered.text == "这一条已经退订了。"


async def test_subscribing_again_says_so(chat: Chat) -> None:
    await chat.say("订阅 储能")
    (asked,) = await chat.say("订阅：储能")
    assert "您已经订阅过" in asked.text and await chat.queries() == ["储能"]


async def test_dry_runs_without_articles_and_without_issues(chat: Chat) -> None:
    chat.digests.trial = DryRun(30, 0, ())
    (asked,) = await chat.say("订阅 储能")
    assert "没有符合" in asked.text
    chat.digests.trial = DryRun(0, 0, ())
    (asked,) = await chat.say("订阅 锂电")
    assert "还没有收到" in asked.text


async def test_a_topics_name_means_the_topic(chat: Chat) -> None:
    (asked,) = await chat.say("订阅 动力电池")
    assert "主题" in asked.text and await chat.queries() == ["#动力电池"]
    edited, _ = await chat.press("改按关键词")
    assert "动力电池" in edited.text and await chat.queries() == ["动力电池"]
    assert (await chat.say("订阅 power BATTERIES"))[0].text.startswith("已订阅主题")
    for words in ("訂閱 動力電池", "订阅 动力电池 动力电池", "我想看动力电池的新闻"):
        assert (await chat.say(words))[0].text.startswith("您已经订阅过主题")


async def test_an_unknown_topic(chat: Chat) -> None:
    (asked,) = await chat.say("订阅 #无此主题")
    assert "没有“无此主题”这个主题" in asked.text
    await chat.say("订阅 #动力电池 -广告")
    assert await chat.queries() == ["#动力电池 -广告"]
    for words in ("#无此主题 江澜", "江澜 -#无此主题", "(#动力电池|#无此主题) 江澜"):
        (asked,) = await chat.say(f"订阅 {words}")
        assert "没有“无此主题”这个主题" in asked.text, "a subscription that could never find anything"
        (asked,) = await chat.say(f"/test {words}")
        assert "没有“无此主题”这个主题" in asked.text
        (asked,) = await chat.say(f"/change 1 {words}")
        assert "没有“无此主题”这个主题" in asked.text
    assert await chat.queries() == ["#动力电池 -广告"]
    assert "#動力電池" in (await chat.say("/test #動力電池 江澜"))[0].text


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("动力电池 (投产", "动力电池 【(】投产"),
        ("动力电池 <投产", ""),
        ("的", "【的】"),
        ("-广告", "【-广告】"),
        ("动力电池 |", ""),
    ],
)
async def test_a_bad_query_is_shown_with_its_place(chat: Chat, query: str, marked: str) -> None:
    await chat.say("/start")
    (asked,) = await chat.say(f"/subscribe {query}")
    assert marked in asked.text and ("【" in asked.text or "▲" in asked.text), asked.text
    assert await chat.queries() == []


async def test_the_quota_is_told(chat: Chat) -> None:
    reader = await chat.services.subscriptions.get_or_create("7", "zh-Hans", "private", "", None, chat.clock)
    for number in range(100):
        reader = (await chat.services.subscriptions.subscribe(reader, f"词语{number}号", chat.clock)).subscriber
    (asked,) = await chat.say("订阅 储能")
    assert "最多 100 条" in asked.text
    (asked,) = await chat.say("/list")
    assert "15. 词语14号 · 每天 08:00" in asked.text and "16." not in asked.text
    edited, _ = await chat.press("下一页")
    assert "16. 词语15号" in edited.text
    (asked,) = await chat.say("/unsubscribe")
    assert len(asked.buttons) == 10
    edited, answered = await chat.press("词语3号")
    assert "词语3号" in answered.text and len(await chat.queries()) == 99
    edited, _ = await chat.press("下一页")
    assert "词语9号" in edited.buttons[0]["text"]


# ----------------------------------------------------------------------------------------------------------- the list
async def test_the_list(chat: Chat) -> None:
    (asked,) = await chat.say("我的订阅")
    assert "还没有订阅" in asked.text and asked.buttons[0]["text"] == "主题"
    await chat.say("订阅 储能|锂电")
    await chat.say("订阅 动力电池")
    (asked,) = await chat.say("我的订阅")
    assert "1. 储能|锂电 · 每天 08:00" in asked.text or "1. 锂电|储能 · 每天 08:00" in asked.text
    assert "2. 动力电池（主题） · 每天 08:00" in asked.text
    await chat.say("/pause")
    assert "已暂停" in (await chat.say("/list"))[0].text
    for label in ("退订", "主题", "设置", "我的订阅"):
        await chat.say("/help" if label == "我的订阅" else "/list")
        edited, _ = await chat.press(label)
        assert edited.method == "editMessageText"


async def test_unsubscribing_by_words_and_number(chat: Chat) -> None:
    await chat.say("订阅 储能")
    await chat.say("订阅 动力电池")
    assert "已退订" in (await chat.say("退订 动力电池"))[0].text
    assert "已退订" in (await chat.say("/unsub 1"))[0].text
    assert "没有订阅过“&lt;储能&gt;”" in (await chat.say("退订 <储能>"))[0].text
    assert "还没有订阅" in (await chat.say("退订"))[0].text


async def test_the_picker_empties(chat: Chat) -> None:
    await chat.say("订阅 储能")
    await chat.say("退订")
    edited, _ = await chat.press("储能")
    assert "还没有订阅" in edited.text


# ------------------------------------------------------------------------------------------------------------ digests
async def test_a_digest_goes_through_the_outbox(chat: Chat) -> None:
    assert "还没有订阅" in (await chat.say("今日摘要"))[0].text
    await chat.say("订阅 储能")
    (asked,) = await chat.say("今日摘要")
    assert "没有新内容" in asked.text and chat.nudged == 0
    edited, _ = await chat.press("看最近一期")
    assert "没有与您有关" in edited.text
    chat.digests.delivery = Delivery("x1", "7", "digest", chat.clock)
    (asked,) = await chat.say("今日摘要")
    assert asked.method == "sendChatAction" and chat.nudged == 1
    asked = (await chat.press("看最近一期"))[1]
    assert "这就送来" in asked.text and chat.nudged == 2
    await chat.say("/help")
    action, answered = await chat.press("今日摘要")
    assert (action.method, answered.method) == ("sendChatAction", "answerCallbackQuery")
    chat.digests.delivery = None
    await chat.say("/help")
    answers = await chat.press("今日摘要")
    assert [one.method for one in answers] == ["sendMessage", "answerCallbackQuery"]


async def test_a_new_reader_may_ask_for_past_issues_at_once(chat: Chat) -> None:
    chat.digests.delivery = Delivery("x1", "7", "digest", chat.clock)
    await chat.say("订阅 储能")
    asked, _ = await chat.press("补看最近几期")
    assert asked.method == "sendMessage" and "要补看" in asked.text
    assert [button["text"] for button in asked.buttons] == ["看最近一期", "最近 3 期", "最近 10 期"]
    edited = (await chat.press("最近 10 期"))[1]
    assert "这就送来" in edited.text and chat.nudged == 1
    await chat.tap("b::5000")
    assert chat.digests.backfilled == [10, 10]
    chat.digests.trial = replace(chat.digests.trial, articles=0)
    (asked,) = await chat.say("订阅 光伏")
    assert "补看最近几期" not in [button["text"] for button in asked.buttons]


async def test_pages_of_a_digest(chat: Chat) -> None:
    edited, _ = await chat.tap("d:x1:1")
    assert edited.text == "<b>页</b>" and edited.buttons[0]["callback_data"] == "d:x1:1"
    edited, _ = await chat.tap("a:x1:0:0")
    assert edited.method == "editMessageText"
    chat.digests.page = None
    for data in ("d:x1:9", "a:x1:0:9"):
        (answered,) = await chat.tap(data)
        assert answered.params["show_alert"] is True and "已经不在" in answered.text


async def test_an_edit_that_changes_nothing_is_no_error(chat: Chat) -> None:
    chat.session.failures["editMessageText"] = "Bad Request: message is not modified: specified new message content"
    asked = await chat.tap("d:x1:1")
    assert [one.method for one in asked] == ["editMessageText", "answerCallbackQuery"] and "show_alert" not in asked[
        1
    ].params
