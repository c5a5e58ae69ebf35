"""The sandbox's Bot API: every method against the table of Bot API 10.3, every refusal in Telegram's words."""

from __future__ import annotations

from typing import Any

from botapi_table import table
from sandbox_kit import TOKEN, Client, png, sandboxed

from bot.sandbox import (
    CHANNEL_ID,
    GROUP_ID,
    JOURNALIST_ID,
    OFFICIAL_ID,
    SANDBOX_ADMIN_ID,
    SUPPLIER_ID,
    Upload,
)
from bot.sandbox.api import METHODS

LIN = OFFICIAL_ID
KEYS = {"inline_keyboard": [[{"text": "甲", "callback_data": "a"}]]}


# ------------------------------------------------------------------------------------------------ every method once
async def texts(api: Client) -> None:
    sent = await api("sendMessage", chat_id=str(LIN), text="<b>甲</b>", parse_mode="HTML", reply_markup=KEYS)
    assert (sent["text"], sent["entities"]) == ("甲", [{"type": "bold", "offset": 0, "length": 1}])
    here = {"chat_id": LIN, "message_id": sent["message_id"]}
    preview = {"is_disabled": True}
    edited = await api("editMessageText", **here, text="乙", reply_markup=KEYS, link_preview_options=preview)
    assert edited["edit_date"] and edited["reply_markup"] == KEYS and edited["link_preview_options"] == preview
    bare = await api("editMessageReplyMarkup", **here)
    assert "reply_markup" not in bare and bare["text"] == "乙"
    answer = await api("sendMessage", chat_id=LIN, text="丙", reply_parameters={"message_id": sent["message_id"]})
    assert answer["reply_to_message"]["text"] == "乙"
    assert (await api("copyMessage", chat_id=SUPPLIER_ID, from_chat_id=LIN, message_id=sent["message_id"]))[
        "message_id"
    ]
    forwarded = await api("forwardMessage", chat_id=SUPPLIER_ID, from_chat_id=LIN, message_id=sent["message_id"])
    assert forwarded["forward_origin"]["sender_user"]["is_bot"]
    await api("pinChatMessage", **here)
    assert (await api("getChat", chat_id=LIN))["pinned_message"]["text"] == "乙"
    await api("unpinChatMessage", **here)
    await api("setMessageReaction", **here, reaction=[{"type": "emoji", "emoji": "👍"}])
    await api("sendChatAction", chat_id=LIN, action="typing")
    await api("deleteMessage", **here)
    await api("deleteMessages", chat_id=LIN, message_ids=[answer["message_id"], 99999])


async def media(api: Client) -> None:
    _, body = await api.send_file(
        "sendDocument", "document", "甲.txt", b"abc", chat_id=LIN, caption="<i>x</i>", parse_mode="HTML"
    )
    document = body["result"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == ("甲.txt", "text/plain", 3)
    again = await api("sendDocument", chat_id=LIN, document=document["file_id"], caption="a")
    here = {"chat_id": LIN, "message_id": again["message_id"]}
    assert (await api("editMessageCaption", **here, caption="b"))["caption"] == "b"
    _, body = await api.send_file("sendPhoto", "photo", "a.png", png(6, 4), chat_id=LIN, has_spoiler="true")
    photo = body["result"]["photo"][0]
    assert (photo["width"], photo["height"]) == (6, 4)
    media = [
        {"type": "photo", "media": photo["file_id"]},
        {"type": "document", "media": document["file_id"], "caption": "c"},
    ]
    album = await api("sendMediaGroup", chat_id=LIN, media=media)
    assert len({message["media_group_id"] for message in album}) == 1
    swapped = await api("editMessageMedia", **here, media=media[0])
    assert "document" not in swapped and swapped["photo"]
    path = (await api("getFile", file_id=document["file_id"]))["file_path"]
    async with api.http.get(f"{api.sandbox.base_url}/file/bot{TOKEN}/{path}") as answer:
        assert await answer.read() == b"abc"


async def profile(api: Client) -> None:
    assert (await api("getMe"))["username"] == "kanbao_sandbox_bot"
    commands = [{"command": "/start", "description": "开始"}]
    await api("setMyCommands", commands=commands, language_code="zh", scope={"type": "chat", "chat_id": LIN})
    read = await api("getMyCommands", language_code="zh", scope={"type": "chat", "chat_id": LIN})
    assert read == [{"command": "start", "description": "开始"}]
    await api("deleteMyCommands", language_code="zh", scope={"type": "chat", "chat_id": LIN})
    assert await api("getMyCommands", language_code="zh", scope={"type": "chat", "chat_id": LIN}) == []
    for kind, method in [("name", "Name"), ("description", "Description"), ("short_description", "ShortDescription")]:
        await api(f"setMy{method}", **{kind: "读报"}, language_code="zh")
        assert await api(f"getMy{method}", language_code="zh") == {kind: "读报"}
    assert (await api("getMyName"))["name"] == "Kanbao 刊报"
    await api("setChatMenuButton", menu_button={"type": "default"})
    assert await api("getChatMenuButton", chat_id=LIN) == {"type": "default"}


async def rooms(api: Client) -> None:
    assert (await api("getChat", chat_id="@linjiang_watch"))["id"] == CHANNEL_ID
    assert (await api("getChatMember", chat_id=GROUP_ID, user_id=LIN))["status"] == "creator"
    assert (await api("getChatMember", chat_id=CHANNEL_ID, user_id=42))["status"] == "administrator"
    assert (await api("getChatMember", chat_id=GROUP_ID, user_id=SANDBOX_ADMIN_ID))["status"] == "left"
    assert [m["user"]["id"] for m in await api("getChatAdministrators", chat_id=GROUP_ID)] == [LIN]
    assert len(await api("getChatAdministrators", chat_id=CHANNEL_ID, return_bots=True)) == 2
    assert await api("getChatMemberCount", chat_id=GROUP_ID) == 3
    post = await api("sendMessage", chat_id="@linjiang_watch", text="快讯")
    assert post["sender_chat"]["id"] == CHANNEL_ID and post["message_id"] == 1
    await api("editMessageText", chat_id=CHANNEL_ID, message_id=1, text="更正")
    forwarded = await api("forwardMessage", chat_id=LIN, from_chat_id=CHANNEL_ID, message_id=1)
    assert forwarded["forward_origin"]["type"] == "channel"


async def topics(api: Client) -> None:
    new = api.sandbox.act.upgrade(LIN, GROUP_ID)
    api.sandbox.act.set_forum(new, True)
    api.sandbox.act.add_bot(LIN, new, administrator=True)
    topic = await api("createForumTopic", chat_id=new, name="动力电池")
    sent = await api("sendMessage", chat_id=new, text="甲", message_thread_id=topic["message_thread_id"])
    assert sent["is_topic_message"]
    refused = await api.refused("sendMessage", chat_id=new, text="甲", message_thread_id=777)
    assert refused["description"] == "Bad Request: message thread not found"
    thread: Any = {"chat_id": new, "message_thread_id": topic["message_thread_id"]}
    await api("editForumTopic", **thread, name="储能")
    await api("closeForumTopic", **thread)
    await api("sendMessage", **thread, text="who made it may write into it")
    await _topics_and_rights(api, new, thread)
    await api("leaveChat", chat_id=new)


async def _topics_and_rights(api: Client, new: int, thread: Any) -> None:
    chat = api.sandbox.world.chats[new]
    assert chat.threads[thread["message_thread_id"]] == "储能"
    for method in ("closeForumTopic", "editForumTopic"):
        assert "TOPIC_NOT_MODIFIED" in (await api.refused(method, **thread))["description"]
    api.sandbox.act.allow_topics(new, False)
    assert (await api("getChatMember", chat_id=new, user_id=42))["can_manage_topics"] is False
    refused = await api.refused("createForumTopic", chat_id=new, name="光伏")
    assert refused["description"] == "Bad Request: not enough rights to create a topic"
    await api("reopenForumTopic", **thread)
    assert "TOPIC_NOT_MODIFIED" in (await api.refused("reopenForumTopic", **thread))["description"]
    chat.made_threads.clear()  # as if somebody else had made it
    refused = await api.refused("editForumTopic", **thread, name="光伏")
    assert refused["description"] == "Bad Request: not enough rights to manage topics"
    chat.closed_threads.append(thread["message_thread_id"])
    assert "TOPIC_CLOSED" in (await api.refused("sendMessage", **thread, text="甲"))["description"]
    api.sandbox.act.allow_topics(new, True)
    for bad in ({"name": "　"}, {"name": "光" * 129}, {"name": "光伏", "icon_color": 1}):
        assert "invalid" in (await api.refused("createForumTopic", chat_id=new, **bad))["description"]
    await api("deleteForumTopic", **thread)
    assert "not found" in (await api.refused("editForumTopic", **thread))["description"]
    assert not chat.threads and not any(said.get("message_thread_id") for said in chat.messages.values())
    api.sandbox.act.add_bot(LIN, new)
    assert "not enough rights" in (await api.refused("deleteForumTopic", **thread))["description"]


async def updates(api: Client) -> None:
    act = api.sandbox.act
    asked = await api("sendMessage", chat_id=LIN, text="甲", reply_markup=KEYS)
    query = act.press_text(LIN, LIN, asked["message_id"], "甲")
    act.upload(LIN, LIN, Upload("a.png", "image/png", png()), "图", as_photo=True)
    act.upload(LIN, LIN, Upload("a.txt", "", b"x"))
    act.write(JOURNALIST_ID, CHANNEL_ID, "频道")
    act.change_member(CHANNEL_ID, LIN, "administrator", JOURNALIST_ID)
    kinds = {kind for update in await api("getUpdates", timeout=0) for kind in update if kind != "update_id"}
    assert kinds >= {"message", "callback_query", "channel_post", "my_chat_member"}
    await api("answerCallbackQuery", callback_query_id=query, text="好", show_alert=True)
    assert "too old" in (await api.refused("answerCallbackQuery", callback_query_id=query))["description"]
    await api("getUpdates", allowed_updates=["chat_member"], offset=-1)
    act.change_member(CHANNEL_ID, LIN, "member", JOURNALIST_ID)
    assert "chat_member" in (await api("getUpdates"))[-1]


async def test_every_method_agrees_with_the_table() -> None:
    table()
    async with sandboxed() as api:
        for user in (LIN, SUPPLIER_ID, JOURNALIST_ID):
            api.sandbox.act.start(user, "payload")
        for story in (texts, media, profile, rooms, topics, updates):
            await story(api)
        await api("setWebhook", url="http://127.0.0.1:9/x")
        assert (await api("getWebhookInfo"))["url"] == "http://127.0.0.1:9/x"
        await api("deleteWebhook", drop_pending_updates=True)
        await api("logOut")
        await api("close")
        await api.refused("answerInlineQuery", inline_query_id="1", results=[])
        assert api.calls == {*METHODS, "getUpdates"} - {"answerInlineQuery"}


async def test_half_a_surrogate_pair_is_no_character() -> None:
    """No app can send one; the sandbox could not be saved any more after it."""
    async with sandboxed() as api:
        act = api.sandbox.act
        act.start(LIN)
        assert act.write(LIN, LIN, "储能\ud83d")["text"] == "储能\ufffd"
        assert act.write(LIN, LIN, "储能\U0001f50b")["text"] == "储能\U0001f50b"
