"""The sandbox's Bot API: what it refuses, in Telegram's words, files, updates, and faults that are asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import ClientError, FormData, web
from sandbox_kit import TOKEN, eventually, png, sandboxed

from bot.sandbox import (
    CHANNEL_ID,
    GROUP_ID,
    OFFICIAL_ID,
    SANDBOX_ADMIN_ID,
    SUPPLIER_ID,
    ActionError,
    Fault,
    Limits,
    Upload,
)

LIN = OFFICIAL_ID
KEYS = {"inline_keyboard": [[{"text": "甲", "callback_data": "a"}]]}


REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": "x"}, "Bad Request: chat_id is empty"),
    ("sendMessage", {"chat_id": 5, "text": "x"}, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": "abc", "text": "x"}, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": LIN, "text": " \n"}, "Bad Request: message text is empty"),
    ("sendMessage", {"chat_id": LIN, "text": "中" * 4097}, "Bad Request: message is too long"),
    (
        "sendMessage",
        {"chat_id": LIN, "text": "x", "reply_markup": "{"},
        "Bad Request: can't parse reply markup JSON object",
    ),
    (
        "sendMessage",
        {"chat_id": LIN, "text": "x", "reply_markup": "[]"},
        "Bad Request: object expected as reply markup",
    ),
    (
        "sendMessage",
        {"chat_id": LIN, "text": "x", "entities": "{}"},
        "Bad Request: can't parse entities: expected an Array",
    ),
    (
        "sendMessage",
        {"chat_id": LIN, "text": "x", "entities": "[1]"},
        "Bad Request: can't parse entities: expected an Object",
    ),
    (
        "sendMessage",
        {"chat_id": LIN, "text": "x", "reply_parameters": {"message_id": 9}},
        "Bad Request: message to be replied not found",
    ),
    ("sendMessage", {"chat_id": SUPPLIER_ID, "text": "x"}, "Forbidden: bot can't initiate conversation with a user"),
    ("sendDocument", {"chat_id": LIN}, "Bad Request: there is no document in the request"),
    (
        "sendDocument",
        {"chat_id": LIN, "document": "http://a.cn"},
        "Bad Request: wrong file identifier/HTTP URL specified",
    ),
    ("sendMediaGroup", {"chat_id": LIN, "media": []}, "Bad Request: group send failed: wrong number of media"),
    ("sendChatAction", {"chat_id": LIN, "action": "dance"}, "Bad Request: wrong parameter action in request"),
    ("editMessageText", {"chat_id": LIN, "message_id": 99, "text": "x"}, "Bad Request: message to edit not found"),
    ("editMessageText", {"chat_id": LIN, "message_id": 1, "text": "x"}, "Bad Request: message can't be edited"),
    (
        "editMessageText",
        {"chat_id": LIN, "message_id": "x", "text": "x"},
        "Bad Request: can't parse message_id: expected an Integer",
    ),
    ("editMessageText", {"inline_message_id": "x", "text": "x"}, "Bad Request: MESSAGE_ID_INVALID"),
    (
        "editMessageMedia",
        {"chat_id": LIN, "message_id": 2, "media": {}},
        "Bad Request: there is no media in the message to edit",
    ),
    (
        "editMessageCaption",
        {"chat_id": LIN, "message_id": 2},
        "Bad Request: there is no caption in the message to edit",
    ),
    ("deleteMessage", {"chat_id": LIN, "message_id": 99}, "Bad Request: message to delete not found"),
    ("deleteMessages", {"chat_id": LIN, "message_ids": []}, "Bad Request: message identifiers are not specified"),
    (
        "forwardMessage",
        {"chat_id": LIN, "from_chat_id": LIN, "message_id": 99},
        "Bad Request: message to forward not found",
    ),
    ("copyMessage", {"chat_id": LIN, "from_chat_id": LIN, "message_id": 99}, "Bad Request: message to copy not found"),
    ("pinChatMessage", {"chat_id": LIN, "message_id": 99}, "Bad Request: message to pin not found"),
    ("setMessageReaction", {"chat_id": LIN, "message_id": 99}, "Bad Request: message to react not found"),
    ("getFile", {"file_id": "x"}, "Bad Request: invalid file_id"),
    ("getChatMember", {"chat_id": LIN, "user_id": 5}, "Bad Request: user not found"),
    ("getChatAdministrators", {"chat_id": LIN}, "Bad Request: there are no administrators in the private chat"),
    ("leaveChat", {"chat_id": LIN}, "Bad Request: chat member status can't be changed in private chats"),
    ("createForumTopic", {"chat_id": GROUP_ID, "name": "x"}, "Bad Request: the chat is not a forum"),
    ("setMyDescription", {"description": "x" * 513}, "Bad Request: bot description is too long"),
    (
        "setWebhook",
        {"url": "https://example.com"},
        "Bad Request: bad webhook: the sandbox pushes updates to loopback addresses only",
    ),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    ("makeCoffee", {}, "Not Found"),
]


# ------------------------------------------------------------------------------------------------ refusals
async def test_refusals_in_telegrams_words() -> None:
    async with sandboxed() as api:
        api.sandbox.act.start(LIN)
        await api("sendMessage", chat_id=LIN, text="x")
        for method, params, words in REFUSALS:
            refused = await api.refused(method, **params)
            assert refused["description"] == words, (method, params)
        kept = {"message_id": 9, "allow_sending_without_reply": True}
        assert "reply_to_message" not in await api("sendMessage", chat_id=LIN, text="x", reply_parameters=kept)


async def test_an_edit_that_changes_nothing() -> None:
    async with sandboxed() as api:
        api.sandbox.act.start(LIN)
        sent = await api("sendMessage", chat_id=LIN, text="甲", reply_markup=KEYS)
        same = {"chat_id": LIN, "message_id": sent["message_id"], "text": "甲", "reply_markup": KEYS}
        assert (await api.refused("editMessageText", **same))["description"] == (
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
        await api("editMessageText", **same | {"text": "乙"})
        assert "not modified" in (await api.refused("editMessageText", **same | {"text": "乙"}))["description"]
        assert [(sent.method, sent.text) for sent in api.sandbox.record] == [
            ("sendMessage", "甲"),
            ("editMessageText", "乙"),
        ]


async def test_who_cannot_be_written_to() -> None:
    async with sandboxed() as api:
        act = api.sandbox.act

        async def refused(chat: int) -> str:
            return str((await api.refused("sendMessage", chat_id=chat, text="x"))["description"])

        act.start(LIN)
        act.block(LIN)
        assert await refused(LIN) == "Forbidden: bot was blocked by the user"
        act.unblock(LIN)
        await api("sendMessage", chat_id=LIN, text="x")
        act.deactivate(LIN)
        assert await refused(LIN) == "Forbidden: user is deactivated"
        assert (await api.refused("editMessageText", chat_id=LIN, message_id=2, text="y"))["error_code"] == 403
        act.remove_bot(LIN, GROUP_ID)
        assert await refused(GROUP_ID) == "Forbidden: bot was kicked from the group chat"
        assert (await api.refused("getChatMemberCount", chat_id=GROUP_ID))["error_code"] == 403
        act.add_bot(LIN, GROUP_ID)
        await api("leaveChat", chat_id=GROUP_ID)
        assert await refused(GROUP_ID) == "Forbidden: bot is not a member of the group chat"
        api.sandbox.world.chats[CHANNEL_ID].standing = "member"
        assert await refused(CHANNEL_ID) == "Bad Request: need administrator rights in the channel chat"


async def test_an_upgraded_group_names_its_new_id() -> None:
    async with sandboxed() as api:
        new = api.sandbox.act.upgrade(LIN, GROUP_ID)
        refused = await api.refused("sendMessage", chat_id=GROUP_ID, text="x")
        assert refused["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
        assert refused["parameters"] == {"migrate_to_chat_id": new}
        assert (await api("sendMessage", chat_id=new, text="x"))["chat"]["type"] == "supergroup"
        told = [update["message"] for update in await api("getUpdates")]
        assert [m.get("migrate_to_chat_id") or m.get("migrate_from_chat_id") for m in told] == [new, GROUP_ID]


async def test_too_many_requests() -> None:
    async with sandboxed(Limits()) as api:
        api.sandbox.act.start(LIN)
        for _ in range(4):
            await api("sendMessage", chat_id=LIN, text="x")
        refused = await api.refused("sendMessage", chat_id=LIN, text="x")
        assert (refused["error_code"], refused["description"]) == (429, "Too Many Requests: retry after 1")
        assert refused["parameters"] == {"retry_after": 1}
        api.clock.seconds += 1
        await api("sendMessage", chat_id=LIN, text="x")
        for _ in range(25):
            await api("editMessageText", chat_id=LIN, message_id=2, text=f"{api.clock.seconds} {_}")
        assert len(api.sandbox.record) == 30


# ------------------------------------------------------------------------------------------------ requests and files
async def test_tokens_and_bodies() -> None:
    async with sandboxed() as api:
        api.sandbox.act.start(LIN)
        assert await api.raw("getMe", {}, token="42:OTHER") == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )
        url = f"{api.sandbox.base_url}/bot{TOKEN}/SENDMESSAGE"
        async with api.http.get(url, params={"chat_id": LIN, "text": "query"}) as answer:
            assert answer.status == 200
        async with api.http.post(url, data={"chat_id": LIN, "text": "form"}) as answer:
            assert answer.status == 200
        form = FormData(default_to_multipart=True)
        form.add_field("chat_id", str(LIN))
        form.add_field("text", "multipart")
        async with api.http.post(url, data=form) as answer:
            assert answer.status == 200
        for body in (b"{", b"[]"):
            async with api.http.post(url, data=body, headers={"Content-Type": "application/json"}) as answer:
                assert answer.status == 400
        assert [sent.text for sent in api.sandbox.record] == ["query", "form", "multipart"]
        for path in ("documents/none.txt",):
            async with api.http.get(f"{api.sandbox.base_url}/file/bot{TOKEN}/{path}") as answer:
                assert answer.status == 404
        async with api.http.get(f"{api.sandbox.base_url}/file/bot1:X/documents/none") as answer:
            assert answer.status == 401


async def test_files_are_checked() -> None:
    async with sandboxed() as api:
        api.sandbox.act.start(LIN)
        for method, field, data, words in [
            ("sendPhoto", "photo", b"text", "IMAGE_PROCESS_FAILED"),
            ("sendPhoto", "photo", png(9999, 2), "PHOTO_INVALID_DIMENSIONS"),
            ("sendPhoto", "photo", b"\0" * (10 * 1024 * 1024 + 1), "too big for a photo"),
            ("sendDocument", "document", b"", "file must be non-empty"),
        ]:
            status, body = await api.send_file(method, field, "a.png", data, chat_id=LIN)
            assert status == 400 and words in body["description"]
        _, body = await api.send_file(
            "sendDocument", "document", "big.bin", b"\0" * (20 * 1024 * 1024 + 1), chat_id=LIN
        )
        refused = await api.refused("getFile", file_id=body["result"]["document"]["file_id"])
        assert refused["description"] == "Bad Request: file is too big"


# ------------------------------------------------------------------------------------------------ updates
async def test_long_polling() -> None:
    async with sandboxed() as api:
        waiting = asyncio.create_task(api("getUpdates", timeout=20))
        await asyncio.sleep(0.05)
        api.sandbox.act.start(LIN)
        assert (await waiting)[0]["update_id"] == 1
        assert len(await api("getUpdates", offset=2)) == 1
        assert await api("getUpdates", offset=3, timeout=0) == []
        first = asyncio.create_task(api.raw("getUpdates", {"timeout": 20}))
        await asyncio.sleep(0.05)
        second = asyncio.create_task(api("getUpdates", timeout=20))
        status, body = await first
        assert status == 409 and body["description"].startswith("Conflict: terminated by other getUpdates request")
        api.sandbox.act.write(LIN, LIN, "x")
        assert len(await second) == 1
        await api("setWebhook", url="http://localhost:9/", drop_pending_updates=True)
        assert "webhook is active" in (await api.refused("getUpdates"))["description"]


async def test_the_webhook_gets_updates_in_order_and_again_after_a_failure() -> None:
    got: list[tuple[int, str | None]] = []

    async def hook(request: web.Request) -> web.Response:
        got.append(((await request.json())["update_id"], request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        return web.Response(status=500 if len(got) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with sandboxed() as api:
        await api(
            "setWebhook",
            url=f"http://127.0.0.1:{runner.addresses[0][1]}/hook",
            secret_token="s",
            allowed_updates=["message"],
        )
        api.sandbox.act.start(LIN)
        api.sandbox.act.write(LIN, LIN, "x")
        await eventually(lambda: len(got) == 3 and not api.sandbox.world.updates.pending)
        assert got == [(1, "s"), (1, "s"), (2, "s")]
        assert "500" in (await api("getWebhookInfo"))["last_error_message"]
    await runner.cleanup()


async def test_privacy_mode_in_groups() -> None:
    async with sandboxed() as api:
        act = api.sandbox.act
        asked = await api("sendMessage", chat_id=GROUP_ID, text="?")
        act.write(LIN, GROUP_ID, "闲谈")
        for text in ("/list", "问 @Kanbao_Sandbox_Bot"):
            act.write(LIN, GROUP_ID, text)
        act.write(SUPPLIER_ID, GROUP_ID, "答", reply_to=asked["message_id"])
        heard = [update["message"]["text"] for update in await api("getUpdates")]
        assert heard == ["/list", "问 @Kanbao_Sandbox_Bot", "答"]
        act.add_bot(LIN, GROUP_ID, administrator=True)
        act.write(LIN, GROUP_ID, "闲谈")
        assert (await api("getUpdates"))[-1]["message"]["text"] == "闲谈"
        act.remove_bot(LIN, GROUP_ID)
        act.write(LIN, GROUP_ID, "/list")
        assert "my_chat_member" in (await api("getUpdates"))[-1]


# ------------------------------------------------------------------------------------------------ faults and people
async def test_faults_before_and_after() -> None:
    async with sandboxed() as api:
        faults, record = api.sandbox.faults, api.sandbox.record
        api.sandbox.act.start(LIN)
        url, body = f"{api.sandbox.base_url}/bot{TOKEN}/sendMessage", {"chat_id": LIN, "text": "x"}
        faults.add(Fault("sendMessage", code=500), Fault("sendMessage", code=502, after=True))
        for status, sent in ((500, 0), (502, 1)):
            async with api.http.post(url, json=body) as answer:
                assert answer.status == status and answer.content_type == "text/html"
            assert len(record) == sent
        faults.add(
            Fault("sendMessage", "reset"),
            Fault("sendMessage", "reset", after=True),
            Fault("*", "timeout", seconds=0.01),
        )
        for sent in (1, 2, 2):
            with pytest.raises(ClientError):
                await api.raw("sendMessage", body)
            assert len(record) == sent
        faults.add(Fault("sendMessage", code=429, retry_after=9), Fault("sendMessage", code=403))
        assert (await api.refused("sendMessage", **body))["parameters"] == {"retry_after": 9}
        assert (await api.refused("sendMessage", **body))["error_code"] == 403
        await api("sendMessage", **body)


async def test_what_people_cannot_do() -> None:
    async with sandboxed() as api:
        act = api.sandbox.act
        with pytest.raises(ActionError, match="press Start first"):
            act.write(LIN, LIN, "x")
        act.start(LIN)
        act.block(LIN)
        with pytest.raises(ActionError, match="unblock"):
            act.write(LIN, LIN, "x")
        act.start(LIN)
        for text, words in (("", "empty"), ("x" * 4097, "too long")):
            with pytest.raises(ActionError, match=words):
                act.write(LIN, LIN, text)
        deeds: list[tuple[Callable[[], object], str]] = [
            (lambda: act.write(SANDBOX_ADMIN_ID, GROUP_ID, "x"), "not in the chat"),
            (lambda: act.write(LIN, 5, "x"), "no such chat"),
            (lambda: act.write(LIN, CHANNEL_ID, "x"), "only administrators"),
            (lambda: act.press(LIN, LIN, 1, "x"), "no such button"),
            (lambda: act.press_text(LIN, LIN, 1, "x"), "no button"),
            (lambda: act.upgrade(LIN, CHANNEL_ID), "only a group"),
            (lambda: act.set_forum(GROUP_ID, True), "only a supergroup"),
            (lambda: act.remove_bot(LIN, LIN), "private chat"),
        ]
        for deed, words in deeds:
            with pytest.raises(ActionError, match=words):
                deed()
        act.upgrade(LIN, GROUP_ID)
        with pytest.raises(ActionError, match="upgraded"):
            act.write(LIN, GROUP_ID, "x")


async def test_people_send_every_kind_as_telegram_would() -> None:
    """Leaving the sandbox checks what getUpdates answered against the table of the Bot API."""
    async with sandboxed() as api:
        act = api.sandbox.act
        act.start(LIN)
        for kind in ("video", "animation", "audio", "voice", "video_note", "sticker"):
            shown = act.show(LIN, LIN, kind, Upload(f"a.{kind}", "video/mp4", b"x"))
            assert kind in shown and ("document" in shown) is (kind == "animation")
        for mime, kind in {
            "image/png": "photo",
            "image/gif": "animation",
            "video/mp4": "video",
            "audio/mpeg": "audio",
            "text/plain": "document",
        }.items():
            assert kind in act.upload(LIN, LIN, Upload("a", mime, png()), as_photo=True)
        assert "document" in act.upload(LIN, LIN, Upload("a.png", "image/png", b"no picture"), as_photo=True)
        assert len(act.album(LIN, LIN, [Upload("a.txt", "", b"x")] * 10, "十份")) == 10
        asked = act.ask_poll(LIN, LIN, "几点？", ["七点", "八点"])
        handed = act.forward(LIN, LIN, LIN, asked["message_id"])
        assert handed["poll"] == asked["poll"] and handed["forward_origin"]["sender_user"]["id"] == LIN
        again = act.forward(LIN, LIN, LIN, handed["message_id"])
        assert again["forward_origin"] == handed["forward_origin"]
        with pytest.raises(ActionError, match="no kind"):
            act.show(LIN, LIN, "hologram", Upload("a", "", b"x"))
        with pytest.raises(ActionError, match="no such message"):
            act.forward(LIN, LIN, LIN, 999)
        with pytest.raises(ActionError, match="not in the chat"):
            act.forward(LIN, LIN, SANDBOX_ADMIN_ID, 1)
        new = act.upgrade(LIN, GROUP_ID)
        (service,) = api.sandbox.world.chats[new].messages
        with pytest.raises(ActionError, match="can't be"):
            act.forward(LIN, LIN, new, service)
        assert len(await api("getUpdates", limit=100)) > 20
