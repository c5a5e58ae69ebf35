"""Admins: looking, editing topics, sending files; and everybody else, for whom none of it exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from chat_driver import ADMIN, READER, TEXTS, Chat
from fake_digests import SEEN
from fake_session import Asked

from digests.html import LIMIT, strip_tags, utf16_len
from digests.topics import print_topic
from digests.types import AuditEntry, Chunk, Delivery

COMMANDS = (
    "/push 9", "/preview", "/preview 1 动力电池", "/preview 青石 无此主题", "/broadcast", "/broadcast 明天停刊 <一天>", "/recall", "/recall 1",
    "/issues", "/sources", "/stats", "/audit", "/audit 1", "/audit x", "/topic", "/topic 动力电池", "/topic 没有", "/topic name = 1", "/help",
)  # fmt: skip
FAULTS = {TEXTS.get(language, "error-unexpected") for language in TEXTS.languages}


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.mark.parametrize("code", ["zh-hans", "en"])
async def test_every_admin_command_answers(code: str) -> None:
    chat = Chat(language_code=code)
    for command in COMMANDS:
        asked = await chat.say(command, ADMIN)
        assert asked and all(one.method == "sendMessage" for one in asked), command
        assert not FAULTS & {one.text for one in asked}, command


async def test_for_others_the_commands_do_not_exist(chat: Chat) -> None:
    (unknown,) = await chat.say("/nonsense")
    for name in ("push", "preview", "broadcast", "issues", "sources", "stats", "audit", "topic"):
        (asked,) = await chat.say(f"/{name} 1")
        assert asked.text == unknown.text.replace("/nonsense", f"/{name}")
    assert "/push" not in (await chat.say("/help"))[0].text and "/push" in (await chat.say("/help", ADMIN))[0].text
    (asked,) = await chat.message(document=document("金坛.txt"))
    assert "只读文字" in asked.text and not chat.taken


async def test_previews(chat: Chat) -> None:
    for issue in ("1", "最新", "2026-01-05", "青石时报", "a" * 32):
        asked = await chat.say(f"/preview {issue} #动力电池", ADMIN)
        assert [one.text for one in asked] == ["<b>样一</b>", "<b>样二</b>"], issue
    assert "没有与“无此主题”有关" in (await chat.say("/preview 1 无此主题", ADMIN))[0].text
    assert "找不到这一期" in (await chat.say("/preview 7 动力电池", ADMIN))[0].text


async def test_issues_and_one_of_them(chat: Chat) -> None:
    (asked,) = await chat.say("/issues", ADMIN)
    assert (
        "1. 青石时报 2026年1月5日 · 12 篇" in asked.text
        and "2. 刊名不详 日期未印，2026年1月5日 06:00 首见 · 12 篇，正在比对 · ⚠ 1 处待查" in asked.text
    )
    edited, _ = await chat.press("1", ADMIN)
    assert [button["text"] for button in edited.buttons] == ["还有 3 篇", "‹ 返回", "推送本期"]
    await chat.say("/issues", ADMIN)
    await chat.press("2", ADMIN)
    edited, _ = await chat.press("返回", ADMIN)
    assert "最近的报刊" in edited.text
    chat.digests.page = None
    (answered,) = await chat.tap(f"i:{'a' * 32}:0", ADMIN)
    assert "已经不在" in answered.text


async def test_looking_around(chat: Chat) -> None:
    (asked,) = await chat.say("/sources", ADMIN)
    assert (
        "正常" in asked.text
        and "⚠ 没有回音" in asked.text
        and "&lt;x&gt;" in asked.text
        and "01-05 06:00" in asked.text
    )
    assert "读者：3" in (await chat.say("/stats", ADMIN))[0].text
    (asked,) = await chat.say("/audit", ADMIN)
    assert "01-05 06:00 · 1 · 推送：2 位读者，青石时报 &lt;1&gt;" in asked.text and "系统 · 启动" in asked.text
    chat.digests.entries = [AuditEntry(SEEN, 1, "ack", {"alarm": kind}) for kind in ("alarm-memory", "0a1b")]
    (asked,) = await chat.say("/audit", ADMIN)
    assert "知道了告警：存储将满" in asked.text and "知道了告警：发送出错" in asked.text
    for at in ("2026-01-06T00:00:00+00:00", "01-06 00:00 UTC"):  # as it is written, and as it once was
        chat.digests.entries = [AuditEntry(SEEN, 1, "broadcast", {"readers": "2", "at": at})]
        (asked,) = await chat.say("/audit", ADMIN)
        assert f"定于 {'01-06 08:00' if '+' in at else at}" in asked.text
    chat.digests.entries = []
    assert "还没有记录" in (await chat.say("/audit", ADMIN))[0].text


async def test_start_tells_an_admin_what_was_missed(chat: Chat) -> None:
    chat.digests.missed = [f"{ADMIN}", f"{READER}"]
    nudged = chat.nudged
    await chat.say("/start", ADMIN)
    assert chat.digests.missed == [f"{READER}"] and chat.nudged == nudged + 1
    await chat.say("/start", ADMIN)
    await chat.say("/start", READER)
    assert chat.digests.missed == [f"{READER}"] and chat.nudged == nudged + 1


async def test_what_was_sent_to_a_reader(chat: Chat) -> None:
    chat.digests.dead = [Delivery("d1", "-100:7", "push", SEEN, state="sent", attempts=2, sent=(41, 42), settled=SEEN)]
    (shown,) = await chat.say("/audit -100:7", ADMIN)
    assert "-100:7" in shown.text
    assert "01-05 06:00:00 · 推送 · 已送达（01-05 06:00:00）· 尝试 2 次 · 消息 41 42" in shown.text
    chat.digests.dead = [Delivery("d1", "5", "digest", SEEN, error="network: <x>")]
    (shown,) = await chat.say("/audit 5", ADMIN)
    assert "摘要 · 等待中（–）· 尝试 0 次 · 消息 –：网络不通（&lt;x&gt;）" in shown.text
    ends = [replace(chat.digests.dead[0], state="paused", settled=SEEN, sent=(2**31,) * 9, error="<" * 200)] * 20
    chat.digests.dead = ends
    (shown,) = await chat.say("/audit 5", ADMIN)
    assert 10 < shown.text.count("停用") < 20 and 3800 < utf16_len(strip_tags(shown.text)) <= LIMIT
    assert "没有记录" in (await chat.say("/audit 6", ADMIN))[0].text
    (refused,) = await chat.say("/audit 张三", ADMIN)
    assert "/audit 1001" in refused.text


async def test_topics_are_shown_changed_and_removed(chat: Chat) -> None:
    (asked,) = await chat.say("/topic", ADMIN)
    shown, _ = await chat.press("重大项目", ADMIN)
    assert "<pre>" in shown.text and "重大项目" in shown.text
    toml = print_topic(chat.digests.known[0]).replace("动力电池", "氢能")
    (asked,) = await chat.say(f"/topic\n{toml}", ADMIN)
    assert "“氢能”已保存，共 1 个词" in asked.text
    await chat.say("/topic 氢能", ADMIN)
    await chat.press("撤下", ADMIN)
    await chat.press("撤下", ADMIN)
    assert "氢能" not in {topic.name for topic in chat.digests.known}
    (answered,) = await chat.press("撤下", ADMIN)
    assert "已经撤下" in answered.text
    (asked,) = await chat.say("/topic name = 1", ADMIN)
    assert "定义有误" in asked.text and "name" in asked.text


async def test_a_long_definition_comes_as_a_file(chat: Chat) -> None:
    first = chat.digests.known[0]
    toml = (
        print_topic(first)
        + "\n[[terms]]\nweight = 1.0\nany = ["
        + ", ".join(f'"很长的词{n}"' for n in range(900))
        + "]\n"
    )
    await chat.say(f"/topic {toml}", ADMIN)
    asked = await chat.say("/topic 动力电池", ADMIN)
    assert [one.method for one in asked] == ["sendDocument", "sendMessage"] and "901 个词" in asked[1].text


def document(name: str | None, size: int = 10) -> dict[str, object]:
    return {"file_id": "f1", "file_unique_id": "u", "file_size": size, **({"file_name": name} if name else {})}


async def files(chat: Chat, name: str | None, content: bytes, size: int = 10) -> list[Asked]:
    chat.session.files["f1"] = content
    asked = await chat.message(ADMIN, document=document(name, size))
    return [one for one in asked if one.method != "getFile"]


async def test_files_go_into_the_inbox(chat: Chat) -> None:
    (asked,) = await files(chat, "青石时报-2026-01-05-01.txt", "青石".encode())
    assert chat.taken == {"青石时报-2026-01-05-01.txt": "青石".encode()} and "收件目录" in asked.text
    await files(chat, None, b"x")
    assert "file.txt" in chat.taken
    (asked,) = await files(chat, "big.txt", b"", 30_000_000)
    assert "最多 20 MB" in asked.text
    answers = await chat.message(ADMIN, document=document("../../etc/报纸.exe"))
    assert (
        [one.method for one in answers] == ["sendMessage"]
        and "“报纸.exe”" in answers[0].text
        and ".pdf" in answers[0].text
    )
    assert len(chat.taken) == 2
    object.__setattr__(chat.services, "inbox", None)
    (asked,) = await files(chat, "b.txt", b"x")
    assert "收不了文件" in asked.text


async def test_toml_files_are_topics(chat: Chat) -> None:
    toml = print_topic(chat.digests.known[0]).replace("动力电池", "氢能")
    (asked,) = await files(chat, "氢能.toml", toml.encode("utf-8-sig"))
    assert "“氢能”已保存" in asked.text
    (asked,) = await files(chat, "坏.toml", b"\xff\xfe")
    assert "UTF-8" in asked.text


async def test_a_page_of_a_preview_may_have_no_button(chat: Chat) -> None:
    """The buttons of a preview lead to a delivery that does not exist."""
    chat.digests.page = Chunk("x", "x")
    asked = await chat.say("/preview 1 动力电池", ADMIN)
    assert not any(one.buttons for one in asked)


async def test_topics_that_are_gone(chat: Chat) -> None:
    for data in ("ts:feed", "tr:feed:1"):
        (answered,) = await chat.tap(data, ADMIN)
        assert "已经撤下" in answered.text
    await chat.say("/topic 动力电池", ADMIN)
    await chat.press("撤下", ADMIN)
    asked = await chat.press("取消", ADMIN)
    assert "动力电池" in asked[0].text and len(chat.digests.known) == 3


async def test_dead_letters_are_sent_again_or_dropped(chat: Chat) -> None:
    (asked,) = await chat.say("/outbox", ADMIN)
    assert "1. 01-05 06:00 · 摘要 · 1 · Bad Request: &lt;1&gt;" in asked.text and "等待发送的会话：0" in asked.text
    nudged = chat.nudged
    edited, answered = await chat.press("2 重发", ADMIN)
    assert chat.digests.retried == [("d2", "2")] and chat.nudged == nudged + 1
    assert "重新排队" in answered.text and "· 2 ·" not in edited.text
    edited, answered = await chat.press("2 移出", ADMIN)
    assert "已移出" in answered.text and "· 3 ·" not in edited.text
    edited, answered = await chat.press("全部重发", ADMIN)
    assert chat.digests.retried[-1] == ("d1", "1") and "没有送不出的消息" in edited.text
    (answered,) = [one for one in await chat.tap("dl:drop:d1:1", ADMIN) if one.method == "answerCallbackQuery"]
    assert "已经有人处理过" in answered.text


async def test_a_recall_is_done_and_not_delivered(chat: Chat) -> None:
    made = Delivery("d1", "5", "recall", SEEN, state="sent", attempts=1, sent=(41,), settled=SEEN)
    chat.digests.dead = [made, replace(made, id="d2", kind="push")]
    (asked,) = await chat.say("/audit 5", ADMIN)
    assert "撤回 · 已办" in asked.text and "推送 · 已送达" in asked.text


async def test_all_dead_letters_are_counted_and_sent_again_not_only_those_shown(chat: Chat) -> None:
    first = chat.digests.dead[0]
    chat.digests.dead = [replace(first, id=f"d{n}") for n in range(79)]
    (asked,) = await chat.say("/outbox", ADMIN)
    assert "79 条" in asked.text and "8. " in asked.text and "9. " not in asked.text
    edited, answered = await chat.press("全部重发", ADMIN)
    assert "已重新排队：79" in answered.text and "没有送不出的消息" in edited.text
    chat.digests.dead = [first] * 1001
    (asked,) = await chat.say("/outbox", ADMIN)
    assert "1000+ 条" in asked.text


async def test_all_dead_letters_are_dropped_once_that_is_agreed_to(chat: Chat) -> None:
    first = chat.digests.dead[0]
    chat.digests.dead = [replace(first, id=f"d{n}") for n in range(79)]
    await chat.say("/outbox", ADMIN)
    edited, _ = await chat.press("全部移出…", ADMIN)
    assert "79 条都移出吗" in edited.text and [b["text"] for b in edited.buttons] == ["移出 79 条", "‹ 返回"]
    edited, answered = await chat.press("‹ 返回", ADMIN)
    assert "79 条" in edited.text and "全部移出…" in [b["text"] for b in edited.buttons] and not answered.text
    edited, _ = await chat.press("全部移出…", ADMIN)
    unseen = replace(first, id="later", settled=chat.clock + timedelta(seconds=2))
    chat.digests.dead = [unseen, *chat.digests.dead]
    edited, answered = await chat.press("移出 79 条", ADMIN)
    assert "已移出：79" in answered.text and chat.digests.dead == [unseen] and "1. " in edited.text


async def test_why_it_failed_is_told_in_chinese_with_telegrams_words(chat: Chat) -> None:
    chat.digests.dead = [replace(chat.digests.dead[0], error="not_found: Bad Request: chat not found")]
    (asked,) = await chat.say("/outbox", ADMIN)
    assert "· 找不到这个会话（Bad Request: chat not found）" in asked.text
    (asked,) = await chat.say("/audit 1", ADMIN)
    assert "找不到这个会话（Bad Request: chat not found）" in asked.text


async def test_when_nothing_is_left_to_drop_nothing_is_asked(chat: Chat) -> None:
    await chat.say("/outbox", ADMIN)
    chat.digests.dead = []
    edited, _ = await chat.press("全部移出…", ADMIN)
    assert "没有送不出的消息" in edited.text and not edited.buttons
    _, answered = await chat.tap("dd:1767582000", ADMIN)
    assert "已经有人处理过" in answered.text


async def test_of_two_alarms_in_a_message_one_is_acknowledged(chat: Chat) -> None:
    rows = [[{"text": kind, "callback_data": f"ak:alarm-{kind}"}] for kind in ("memory", "skew")]
    edited, _ = await chat.tap("ak:alarm-memory", ADMIN, reply_markup={"inline_keyboard": rows})
    assert [button["callback_data"] for button in edited.buttons] == ["ak:alarm-skew"]


async def test_an_alarm_is_acknowledged_once(chat: Chat) -> None:
    edited, answered = await chat.tap("ak:alarm-memory", ADMIN)
    assert edited.method == "editMessageReplyMarkup" and not edited.buttons and "不再提醒" in answered.text
    *_, answered = await chat.tap("ak:alarm-memory", ADMIN)
    assert "已经有人记下" in answered.text
    await chat.tap("ak:alarm-skew")
    assert chat.digests.known_alarms == {"alarm-memory"}
