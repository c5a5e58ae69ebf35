"""A forum topic for one subscription: made by a button, delivered to, renamed, closed, and lost; the last parts against the sandbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from chat_driver import GROUP, MONDAY, READER, Chat
from fake_session import ADMINISTRATOR, BOT_ID
from pipeline_world import raw
from store_servers import memory
from test_chat_groups import replies
from town import Town, in_town

from bot.chat.threads import thread_link
from bot.sandbox import GROUP_ID, OFFICIAL_ID, SUPPLIER_ID
from digests.compose import Stores, carry_to
from digests.errors import StoreError
from digests.html import LIMIT, strip_tags, utf16_len
from subscriptions import Cadence, Match, NotFoundError, Subscriber, Subscription, query_id
from subscriptions.service import SubscriptionService
from subscriptions.threads import MOST_THREADS, in_own_thread, left_for

BOSS = 8
FORUM = {"type": "supergroup", "title": "青石新闻组", "is_forum": True}
MANAGER = {**ADMINISTRATOR, "can_manage_topics": True}


class Forum(Chat):
    """Private chats with a bot may have topics too; there a subscriber is the chat as a whole."""

    def chat(self, id: int) -> dict[str, object]:
        return {"id": id, **FORUM} if id == GROUP else {**super().chat(id), "is_forum": True}


@pytest.fixture
def chat() -> Chat:
    made = Forum()
    made.session.members[GROUP, BOSS] = ADMINISTRATOR
    made.session.members[GROUP, BOT_ID] = MANAGER
    return made


def there(thread: int) -> dict[str, object]:
    return {"message_thread_id": thread, "is_topic_message": True}


async def test_a_button_gives_a_subscription_its_own_topic(chat: Chat) -> None:
    await chat.say("/subscribe 储能", BOSS, GROUP)
    asked = await chat.press("单开一个话题", BOSS, GROUP)
    assert [one.method for one in asked] == [
        "getChatMember", "getChatMember", "createForumTopic", "sendMessage", "editMessageText", "answerCallbackQuery",
    ]  # fmt: skip
    assert asked[2].params["name"] == "储能" and asked[3].params["message_thread_id"] == 77
    assert "这个话题只送 <b>储能</b>" in asked[3].text and "/c/500/77" in asked[4].text
    assert await chat.queries(f"{GROUP}") == [] and await chat.queries(f"{GROUP}:77") == ["储能"]
    (asked_here,) = replies(await chat.say("/list", READER, GROUP))
    assert "这里没有别的订阅" in asked_here.text and ">储能</a> · 每天 08:00" in asked_here.text
    await chat.say("/subscribe 光伏", BOSS, GROUP)
    (asked_here,) = replies(await chat.say("/list", READER, GROUP))
    assert "1. 光伏" in asked_here.text and "送到单独话题的" in asked_here.text
    (asked_there,) = replies(await chat.say("/list", READER, GROUP, **there(77)))
    assert "1. 储能" in asked_there.text and "单独话题" not in asked_there.text
    edited, _ = replies(await chat.tap(chat.data_of("1"), BOSS, GROUP, **there(77)))
    assert "单开一个话题" not in [button["text"] for button in edited.buttons]


async def test_a_list_of_many_topics_is_paged_and_fits_into_a_message(chat: Chat) -> None:
    """As full as it can be: long words, four times of day, and topics that took several subscriptions more."""
    await chat.say(f"/subscribe {'很长的词' * 20}", BOSS, GROUP)
    place, times = await chat.stored(f"{GROUP}"), Cadence("weekly", (480, 720, 1080, 1320))
    for thread in range(1, MOST_THREADS + 1):
        texts = [f"{n}号话题{thread}的很长很长的词" * 5 for n in range(3)]
        held = [
            Subscription(query_id(text), text, await chat.store.add_query(query_id(text), text), MONDAY, times)
            for text in texts
        ]
        made = replace(in_own_thread(place, held[0], thread), subscriptions=tuple(held))
        await chat.store.put_subscriber(made, due=None)
        place = left_for(place, "", thread)
    await chat.store.put_subscriber(place, due=None)
    (asked,) = replies(await chat.say("/list", READER, GROUP))
    seen = [asked.text]
    for _ in range(3):
        edited, *_ = replies(await chat.press("下一页", READER, GROUP))
        seen.append(edited.text)
    assert all(utf16_len(strip_tags(text)) <= LIMIT for text in seen)
    assert [text.count("/c/500/") for text in seen] == [14, 15, 15, 6]
    assert ["\n1. 很长的词" in text for text in seen] == [True, False, False, False]


@pytest.mark.parametrize(
    ("member", "refusal", "words"),
    [
        (ADMINISTRATOR, "", "管理话题"),
        ({"status": "member"}, "", "管理话题"),
        (MANAGER, "Bad Request: the chat is not a forum", "没有开启话题"),
        (MANAGER, "Bad Request: not enough rights to create a topic", "管理话题"),
    ],
)
async def test_without_the_right_nothing_is_moved(
    chat: Chat, member: dict[str, object], refusal: str, words: str
) -> None:
    chat.session.members[GROUP, BOT_ID] = member
    chat.session.failures["createForumTopic"] = refusal
    await chat.say("/subscribe 储能", BOSS, GROUP)
    (*_, answered) = await chat.press("单开一个话题", BOSS, GROUP)
    assert words in answered.text and answered.params["show_alert"] is True
    assert await chat.queries(f"{GROUP}") == ["储能"]


async def test_two_taps_at_once_leave_one_open_topic(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    move = chat.services.subscriptions.move_to_thread

    async def second(who: Subscriber, query: str, thread: int, now: datetime) -> object:
        await move(who, query, 76, now)  # the first tap is that much quicker
        raise NotFoundError("subscription", query)

    await chat.say("/subscribe 储能", BOSS, GROUP)
    monkeypatch.setattr(chat.services.subscriptions, "move_to_thread", second)
    (*_, answered) = await chat.press("单开一个话题", BOSS, GROUP)
    assert "已经退订" in answered.text
    (closed,) = chat.session.sent("closeForumTopic")
    assert closed.params["message_thread_id"] == 77 and await chat.queries(f"{GROUP}:76") == ["储能"]


async def test_only_a_forum_offers_it_and_only_its_admins_may(chat: Chat) -> None:
    await chat.say("/subscribe 储能", BOSS, GROUP)
    data = chat.data_of("单开一个话题")
    (*_, answered) = await chat.tap(data, READER, GROUP)
    assert "群管理员" in answered.text
    (asked,) = await chat.say("/subscribe 储能", READER)
    assert "单开一个话题" not in [button["text"] for button in asked.buttons]
    (answered,) = await chat.tap(data, READER)
    assert "没有开启话题" in answered.text


async def test_the_name_follows_the_query_and_the_topic_is_closed_with_it(chat: Chat) -> None:
    await chat.say("/subscribe #动力电池", BOSS, GROUP)
    await chat.press("单开一个话题", BOSS, GROUP)
    assert chat.session.sent("createForumTopic")[0].params["name"] == "动力电池（主题）"
    await chat.say("/change 1 动力电池 -广告", BOSS, GROUP, **there(77))
    (edited,) = chat.session.sent("editForumTopic")
    assert (edited.params["message_thread_id"], edited.params["name"]) == (77, "动力电池 -广告")
    await chat.say("/subscribe 光伏", BOSS, GROUP, **there(77))
    await chat.say("/unsubscribe 光伏", BOSS, GROUP, **there(77))
    assert not chat.session.sent("closeForumTopic")
    (asked,) = replies([one for one in await chat.say("/unsubscribe 1", BOSS, GROUP, **there(77)) if one.text])
    assert "这个话题已关闭" in asked.text and len(chat.session.sent("closeForumTopic")) == 1
    for refusal in ("Bad Request: TOPIC_NOT_MODIFIED", "Too Many Requests: retry after 30"):
        chat.session.failures["reopenForumTopic"] = refusal
        (asked,) = replies([one for one in await chat.say("/subscribe 光伏", BOSS, GROUP, **there(77)) if one.text])
        assert "已订阅" in asked.text and await chat.queries(f"{GROUP}:77") == ["光伏"]
        await chat.say("/unsubscribe 1", BOSS, GROUP, **there(77))
    assert len(chat.session.sent("reopenForumTopic")) == 2


@pytest.mark.parametrize("how", ["own", "picker", "topics", "forget"])
async def test_every_way_out_closes_it(chat: Chat, how: str) -> None:
    await chat.say("/subscribe #动力电池", BOSS, GROUP)
    await chat.press("单开一个话题", BOSS, GROUP)
    if how == "own":
        await chat.say("/list", BOSS, GROUP, **there(77))
        await chat.tap(chat.data_of("1"), BOSS, GROUP, **there(77))
        await chat.tap(chat.data_of("退订"), BOSS, GROUP, **there(77))
    elif how == "picker":
        await chat.say("/unsubscribe", BOSS, GROUP, **there(77))
        await chat.tap(chat.data_of("✕"), BOSS, GROUP, **there(77))
    elif how == "topics":
        await chat.say("/topics", BOSS, GROUP, **there(77))
        await chat.tap(chat.data_of("✓ 动力电池"), BOSS, GROUP, **there(77))
    else:
        await chat.say("/forget", BOSS, GROUP, **there(77))
        await chat.tap(chat.data_of("全部删除"), BOSS, GROUP, **there(77))
    assert len(chat.session.sent("closeForumTopic")) == 1


async def test_forgetting_the_group_forgets_its_topics(chat: Chat) -> None:
    await chat.say("/subscribe 储能", BOSS, GROUP)
    await chat.press("单开一个话题", BOSS, GROUP)
    await chat.say("/forget", BOSS, GROUP)
    await chat.tap(chat.data_of("全部删除"), BOSS, GROUP)
    assert await chat.store.count_subscribers() == 0
    assert sorted(chat.digests.forgotten) == [f"{GROUP}", f"{GROUP}:77"]


async def test_what_could_not_all_be_forgotten_is_known_to_the_next_try(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(subscriber: str) -> None:
        raise StoreError("away")

    await chat.say("/subscribe 储能", BOSS, GROUP)
    await chat.press("单开一个话题", BOSS, GROUP)
    await chat.say("/forget", BOSS, GROUP)
    with monkeypatch.context() as patched:
        patched.setattr(chat.digests, "forget", away)
        await chat.tap(chat.data_of("全部删除"), BOSS, GROUP)
    await chat.tap(chat.data_of("全部删除"), BOSS, GROUP)
    assert await chat.store.count_subscribers() == 0
    assert chat.digests.forgotten == [f"{GROUP}:77", f"{GROUP}"]


async def test_a_store_that_goes_away_in_between_loses_nothing_that_is_owed(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(old: str, new: str, query: str) -> None:
        raise StoreError("away")

    await chat.say("/subscribe 储能", BOSS, GROUP)
    monkeypatch.setattr(chat.digests, "carry_to", away)
    await chat.press("单开一个话题", BOSS, GROUP)
    assert await chat.queries(f"{GROUP}") == ["储能"], "it leaves after what is owed"


# ---------------------------------------------------------------------------------------------- what is stored
async def test_two_who_move_it_at_once_leave_one_topic() -> None:
    stores = memory()
    service = SubscriptionService(stores.subscribers)
    now = Chat().clock
    await service.get_or_create("-5", "zh-Hans", "supergroup", "组", None, now)
    stale = (await service.subscribe("-5", "储能", now)).subscriber
    id = query_id("储能")
    place, made = await service.move_to_thread(stale, id, 3, now)
    assert (place.threads, made.made_for, made.subscriptions) == ((3,), id, stale.subscriptions)
    with pytest.raises(NotFoundError):
        await service.move_to_thread(stale, id, 4, now)
    with pytest.raises(NotFoundError):
        await service.move_to_thread("-5", id, 5, now)
    assert await service.find("-5:4") is None and (await service.get("-5")).threads == (3,)
    assert len([one async for one in service.iter_subscribers()]) == 2


async def test_what_is_owed_goes_along() -> None:
    all = memory()
    stores = Stores(all.subscribers, all.issues, all.hits, all.outbox)
    id = query_id("储能")
    await stores.hits.add_hits(1, [Match(id)])
    await stores.outbox.give_back("-5", [1, 2])
    await carry_to(stores, "-5", "-5:3", id)
    await carry_to(stores, "-6", "-6:3", id)
    assert await stores.outbox.owed("-5:3") == {1} and await stores.outbox.owed("-6:3") == frozenset()


async def test_a_place_remembers_so_many_topics() -> None:
    place = await SubscriptionService(memory().subscribers).find_or_new("-5", "en", "group", "", None, Chat().clock)
    for thread in range(MOST_THREADS + 3):
        place = left_for(place, "", thread)
    assert place.threads == tuple(range(3, MOST_THREADS + 3))
    assert thread_link("-1001234:5") == "https://t.me/c/1234/5"


# ---------------------------------------------------------------------------------------------- against the sandbox
async def a_forum(town: Town) -> int:
    """A group of the sandbox with topics, whose admin the bot is."""
    group = town.act.upgrade(OFFICIAL_ID, GROUP_ID)
    town.act.set_forum(group, True)
    town.act.add_bot(OFFICIAL_ID, group, administrator=True)
    return group


async def test_from_the_button_to_the_digest_in_the_topic_until_people_delete_it() -> None:
    async with in_town() as town:
        group = await a_forum(town)
        for query in ("青禾锂电", "临江电缆"):
            await town.says(OFFICIAL_ID, group, f"/subscribe {query}", f"已订阅：{query}")
        town.act.allow_topics(group, False)
        assert "管理话题" in await town.press(OFFICIAL_ID, group, "单开一个话题")
        town.act.allow_topics(group, True)
        assert await town.press(OFFICIAL_ID, group, "单开一个话题") == "已保存"
        ((thread, name),) = town.api.sandbox.world.chats[group].threads.items()
        assert name == "临江电缆" and "这个话题只送 临江电缆" in town.text(group, thread)
        await town.world.publish(raw("临江电缆开工：项目\n\n青禾锂电投产：项目"), now=town.api.clock.now())
        await town.deliver(hours=25)
        assert "临江电缆开工" in town.text(group, thread) and "青禾锂电投产" not in town.text(group, thread)
        assert "青禾锂电投产" in town.text(group, 0) and "临江电缆开工" not in town.text(group, 0)

        await town.says(OFFICIAL_ID, group, "/change 1 临江电缆 -广告", "已改为", thread)
        assert town.api.sandbox.world.chats[group].threads[thread] == "临江电缆 -广告"

        town.act.delete_topic(group, thread)
        await town.world.publish(
            raw("临江电缆并网：项目", "b.txt"), raw("临江电缆扩建：项目", "c.txt"), now=town.api.clock.now()
        )
        await town.deliver(hours=24)
        await town.deliver(hours=24)
        general = [one["text"] for one in town.messages(group, 0) if "text" in one]
        assert sum("原来的话题已关闭或删除" in text for text in general) == 1
        assert sum("临江电缆并网" in text for text in general) == 1
        await town.says(SUPPLIER_ID, group, "/list", "2. 临江电缆 -广告")
        assert "单独话题" not in town.text(group)


async def test_unsubscribing_closes_the_topic_that_the_bot_made() -> None:
    async with in_town() as town:
        group = await a_forum(town)
        await town.says(OFFICIAL_ID, group, "/subscribe 青禾锂电", "已订阅")
        await town.press(OFFICIAL_ID, group, "单开一个话题")
        shown = town.api.sandbox.world.chats[group]
        (thread,) = shown.threads
        await town.says(OFFICIAL_ID, group, "/unsubscribe 青禾锂电", "这个话题已关闭", thread)
        assert shown.closed_threads == [thread]
        await town.says(OFFICIAL_ID, group, "/subscribe 临江电缆", "已订阅", thread)
        assert shown.closed_threads == []
