"""Groups, forum topics and channels: who may change what, what is ours to answer, and how we come and go."""

from __future__ import annotations

from typing import Any

import pytest
from chat_driver import CHANNEL, GROUP, READER, Chat, mention
from fake_session import ADMINISTRATOR, BOT_ID, DATE, MUTED, Asked

from digests.types import Delivery
from subscriptions import PauseReason

BOSS = 8
CREATOR = {"status": "creator", "is_anonymous": False}


@pytest.fixture
def chat() -> Chat:
    made = Chat()
    made.session.members[GROUP, BOSS] = ADMINISTRATOR
    made.session.chats["qingshi"] = {"id": CHANNEL, "type": "channel", "title": "青石频道", "username": "qingshi"}
    made.session.members[CHANNEL, BOT_ID] = ADMINISTRATOR
    made.session.members[CHANNEL, BOSS] = CREATOR
    return made


def replies(asked: list[Asked]) -> list[Asked]:
    return [one for one in asked if one.method not in ("getChat", "getChatMember")]


# ---------------------------------------------------------------------------------------------- groups
async def test_only_admins_of_the_group_subscribe(chat: Chat) -> None:
    (asked,) = replies(await chat.say("/subscribe 储能", READER, GROUP))
    assert "由群管理员来改" in asked.text and await chat.store.find_subscriber(f"{GROUP}") is None
    (asked,) = replies(await chat.say("/subscribe 储能", BOSS, GROUP))
    stored = await chat.stored(f"{GROUP}")
    assert "已订阅" in asked.text and (stored.chat_kind, stored.title) == ("supergroup", "青石新闻组")


async def test_anybody_may_look(chat: Chat) -> None:
    await chat.say("/subscribe 储能", BOSS, GROUP)
    (asked,) = replies(await chat.say("/list", READER, GROUP))
    assert "储能" in asked.text


async def test_rights_are_asked_again_at_each_tap(chat: Chat) -> None:
    await chat.say("/topics", BOSS, GROUP)
    assert "editMessageText" in [one.method for one in await chat.press("动力电池", BOSS, GROUP)]
    chat.session.members[GROUP, BOSS] = {"status": "member"}
    asked = await chat.press("动力电池", BOSS, GROUP)
    assert [one.method for one in asked] == ["getChatMember", "answerCallbackQuery"]
    assert asked[1].params["show_alert"] is True and await chat.queries(f"{GROUP}") == ["#动力电池"]


async def test_rights_are_kept_for_a_moment_for_commands(chat: Chat) -> None:
    assert [one.method for one in await chat.say("/pause", BOSS, GROUP)] == ["getChatMember", "sendMessage"]
    assert [one.method for one in await chat.say("/resume", BOSS, GROUP)] == ["sendMessage"]
    chat.later(seconds=30)
    assert [one.method for one in await chat.say("/pause", BOSS, GROUP)] == ["getChatMember", "sendMessage"]


async def test_an_anonymous_admin_speaks_as_the_group(chat: Chat) -> None:
    (asked,) = await chat.say("/subscribe 储能", 1087968824, GROUP, sender_chat=chat.chat(GROUP))
    assert "已订阅" in asked.text


async def test_no_answer_about_rights_means_no(chat: Chat) -> None:
    chat.session.failures["getChatMember"] = "Bad Request: user not found"
    (asked,) = replies(await chat.say("/subscribe 储能", BOSS, GROUP))
    assert "由群管理员来改" in asked.text


async def test_talk_in_groups_is_left_alone(chat: Chat) -> None:
    for words in ("你好", "订阅 储能", "/unknown", "/list@AnotherBot"):
        assert await chat.say(words, READER, GROUP) == [], words
    (asked,) = replies(await chat.say(mention("订阅 储能"), BOSS, GROUP))
    assert "已订阅" in asked.text
    assert "没有 /nonsense" in (await chat.say("/nonsense@KanbaoTestBot", READER, GROUP))[0].text
    for event in ({"new_chat_members": [chat.user(9)]}, {"left_chat_member": chat.user(9)}):
        assert await chat.message(READER, GROUP, **event) == []


async def test_admin_commands_do_not_exist_in_groups(chat: Chat) -> None:
    assert await chat.say("/push", 1, GROUP) == []


async def test_a_forum_topic_is_a_subscriber_of_its_own(chat: Chat) -> None:
    topic = {"message_thread_id": 33, "is_topic_message": True}
    asked = replies(await chat.say("/subscribe 储能", BOSS, GROUP, **topic))
    assert asked[0].params["message_thread_id"] == 33
    assert await chat.queries(f"{GROUP}:33") == ["储能"] and await chat.store.find_subscriber(f"{GROUP}") is None
    await chat.tap(chat.data_of("不要了"), BOSS, GROUP, **topic)
    assert await chat.queries(f"{GROUP}:33") == []


async def test_the_greeting_of_a_group(chat: Chat) -> None:
    assert "群管理员" in (await chat.say("/start", BOSS, GROUP))[0].text


# ---------------------------------------------------------------------------------------------- channels
async def test_a_channel_is_run_from_the_private_chat(chat: Chat) -> None:
    await chat.say("/start", BOSS)
    (asked,) = replies(await chat.say("/subscribe @qingshi 储能", BOSS))
    stored = await chat.stored(f"{CHANNEL}")
    assert "频道 <b>@qingshi</b>" in asked.text and await chat.queries(f"{CHANNEL}") == ["储能"]
    assert (stored.chat_kind, stored.title, stored.owner) == ("channel", "青石频道", BOSS)
    assert await chat.queries(f"{BOSS}") == []
    assert "储能" in replies(await chat.say("/list @qingshi", BOSS))[0].text
    (asked,) = replies(await chat.say("退订 @qingshi 储能", BOSS))
    assert "已退订" in asked.text and await chat.queries(f"{CHANNEL}") == []


async def test_a_channels_buttons_carry_its_id(chat: Chat) -> None:
    await chat.say("/settings @qingshi", BOSS)
    await chat.press("时区", BOSS)
    edited, _ = replies(await chat.press("洛杉矶", BOSS))
    assert "频道" in edited.text and (await chat.stored(f"{CHANNEL}")).settings.timezone == "America/Los_Angeles"
    await chat.press("语言", BOSS)
    edited, _ = replies(await chat.press("English", BOSS))
    assert "设置" in edited.text and (await chat.stored(f"{CHANNEL}")).settings.language == "en"
    assert "频道" in replies(await chat.say("/topics @qingshi", BOSS))[0].text
    await chat.press("重大项目", BOSS)
    assert await chat.queries(f"{CHANNEL}") == ["#重大项目"]
    await chat.say("/forget @qingshi", BOSS)
    await chat.press("全部删除", BOSS)
    assert chat.digests.forgotten == [f"{CHANNEL}"]


async def test_a_digest_for_a_channel(chat: Chat) -> None:
    await chat.say("/subscribe @qingshi 储能", BOSS)
    chat.digests.delivery = Delivery("x", f"{CHANNEL}", "digest", chat.clock)
    (asked,) = replies(await chat.say("/digest @qingshi", BOSS))
    assert "已发往 @qingshi" in asked.text and chat.nudged == 1


@pytest.mark.parametrize(
    ("whose", "member", "words"),
    [(BOT_ID, {"status": "member"}, "我还不能"), (BOT_ID, {**ADMINISTRATOR, "can_post_messages": False}, "我还不能"), (BOSS, {"status": "member"}, "由它的管理员来改")],
)  # fmt: skip
async def test_rights_in_the_channel(chat: Chat, whose: int, member: dict[str, object], words: str) -> None:
    await chat.say("/settings @qingshi", BOSS)
    data = chat.data_of("推送")
    chat.session.members[CHANNEL, whose] = member
    assert words in replies(await chat.say("/subscribe @qingshi 储能", BOSS))[0].text
    (answered,) = replies(await chat.tap(data, BOSS))
    assert words in answered.text and answered.params["show_alert"] is True


async def test_channels_that_are_none(chat: Chat) -> None:
    assert "找不到频道 @nowhere" in replies(await chat.say("/subscribe @nowhere 储能", BOSS))[0].text
    chat.session.chats["somebody"] = {"id": 99, "type": "private", "username": "somebody", "first_name": "某"}
    assert "找不到频道" in replies(await chat.say("/subscribe @somebody 储能", BOSS))[0].text


# ---------------------------------------------------------------------------------------------- coming and going
def member(status: str, **more: Any) -> dict[str, object]:
    user = {"id": BOT_ID, "is_bot": True, "first_name": "K"}
    extra = {"until_date": 0} if status == "kicked" else {}
    return {"user": user, "status": status, **extra, **more}


async def place(chat: Chat, id: int, old: dict[str, object], new: dict[str, object]) -> list[Asked]:
    update = {
        "chat": chat.chat(id),
        "from": chat.user(BOSS),
        "date": DATE,
        "old_chat_member": old,
        "new_chat_member": new,
    }
    return await chat.feed(my_chat_member=update)


async def test_blocked_and_let_in_again(chat: Chat) -> None:
    await chat.say("订阅 储能")
    assert await place(chat, READER, member("member"), member("kicked")) == []
    assert (await chat.stored()).paused == "blocked"
    assert await place(chat, READER, member("kicked"), member("member")) == []
    assert (await chat.stored()).paused is None and await chat.queries() == ["储能"]


async def test_whoever_paused_stays_paused(chat: Chat) -> None:
    await chat.say("/pause")
    await place(chat, READER, member("member"), member("kicked"))
    await place(chat, READER, member("kicked"), member("member"))
    assert (await chat.stored()).paused == "reader"


@pytest.mark.parametrize("reason", ["kicked", "rights", "not_found", "deactivated"])
async def test_whoever_speaks_to_us_is_there_again(chat: Chat, reason: PauseReason) -> None:
    await chat.say("订阅 储能")
    await chat.services.subscriptions.pause("7", reason, chat.clock)
    await chat.say("/list")
    assert (await chat.stored()).paused is None


async def test_put_out_of_a_group_and_taken_in(chat: Chat) -> None:
    (asked,) = await place(chat, GROUP, member("left"), member("member"))
    assert "群管理员" in asked.text
    await chat.say("/subscribe 储能", BOSS, GROUP)
    await place(chat, GROUP, member("member"), member("left"))
    assert (await chat.stored(f"{GROUP}")).paused == "kicked"
    assert await place(chat, GROUP, member("left"), member("member")) == []
    assert (await chat.stored(f"{GROUP}")).paused is None
    muted = {**member("restricted"), **MUTED}
    await place(chat, GROUP, member("member"), muted)
    assert (await chat.stored(f"{GROUP}")).paused == "rights"


async def test_rights_lost_in_a_channel(chat: Chat) -> None:
    await chat.say("/subscribe @qingshi 储能", BOSS)
    admin = {**member("administrator"), **ADMINISTRATOR}
    await place(chat, CHANNEL, admin, {**admin, "can_post_messages": False})
    assert (await chat.stored(f"{CHANNEL}")).paused == "rights"
    await place(chat, CHANNEL, {**admin, "can_post_messages": False}, admin)
    assert (await chat.stored(f"{CHANNEL}")).paused is None


async def test_strangers_who_block_us_are_not_stored(chat: Chat) -> None:
    await place(chat, 555, member("member"), member("kicked"))
    assert await chat.store.find_subscriber("555") is None


async def test_a_group_that_became_a_supergroup_moves(chat: Chat) -> None:
    chat.session.members[-500, BOSS] = ADMINISTRATOR
    await chat.say("/subscribe 储能", BOSS, -500)
    assert await chat.message(BOSS, -500, migrate_to_chat_id=-100999) == []
    assert await chat.queries("-100999") == ["储能"] and chat.digests.moved == [("-500", "-100999")]
    assert await chat.store.find_subscriber("-500") is None
