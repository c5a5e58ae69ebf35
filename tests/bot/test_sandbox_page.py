"""The chat page's routes, the state file, and who is kept out."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, web
from sandbox_kit import NOW, TOKEN, Client, eventually, png, sandboxed

from bot.sandbox import (
    CHANNEL_ID,
    GROUP_ID,
    OFFICIAL_ID,
    SANDBOX_ADMIN_ID,
    Person,
    Sandbox,
    SandboxError,
    Upload,
)
from bot.sandbox.events import KEPT_EVENTS

LIN = OFFICIAL_ID


async def get(api: Client, path: str) -> Any:
    async with api.http.get(f"{api.sandbox.page_url}{path}") as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def post(api: Client, path: str, **body: Any) -> tuple[int, Any]:
    async with api.http.post(f"{api.sandbox.page_url}sandbox/{path}", json=body) as answer:
        return answer.status, await (answer.json() if answer.content_type == "application/json" else answer.text())


async def test_the_page_and_its_parts_are_served_and_locked_down() -> None:
    async with sandboxed() as api:
        for path, kind in [("", "text/html"), ("assets/app.js", "text/javascript"), ("assets/style.css", "text/css")]:
            async with api.http.get(f"{api.sandbox.page_url}{path}") as answer:
                assert (answer.status, answer.content_type) == (200, kind)
                assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
        async with api.http.get(api.sandbox.page_url) as answer:
            assert "SANDBOX" in await answer.text()
        for path in (
            "assets/index.html",
            "assets/none.js",
            "assets/..%2Fserver.py",
            "sandbox/files/none",
            "sandbox/chats/5/messages",
        ):
            async with api.http.get(f"{api.sandbox.page_url}{path}") as answer:
                assert answer.status == 404, path


async def test_other_sites_are_kept_out() -> None:
    async with sandboxed() as api:
        for headers in (
            {"Host": "evil.example"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
        ):
            for path in ("", "sandbox/state", f"bot{TOKEN}/getMe"):
                async with api.http.get(f"{api.sandbox.page_url}{path}", headers=headers) as answer:
                    assert answer.status == 403
        form = FormData({"user": str(LIN), "text": "x"})
        async with api.http.post(f"{api.sandbox.page_url}sandbox/chats/{LIN}/start", data=form) as answer:
            assert answer.status == 415


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "example.com", "", "::"])
def test_only_this_machine(host: str) -> None:
    with pytest.raises(SandboxError, match="this machine only"):
        Sandbox(host, 0, token=TOKEN, state_file=None, publish=None, now=lambda: NOW)


def test_a_token_needs_a_number() -> None:
    with pytest.raises(SandboxError, match="42:NAME"):
        Sandbox("localhost", 0, token="x:y", state_file=None, publish=None, now=lambda: NOW)


async def test_the_state_names_people_and_chats() -> None:
    async with sandboxed() as api:
        await api("setMyDescription", description="读报")
        state = await get(api, "sandbox/state")
        assert [person["id"] for person in state["people"]] == [1001, 1002, 1003, 1004]
        assert [person["id"] for person in state["people"] if person["admin"]] == [SANDBOX_ADMIN_ID]
        assert {chat["id"]: chat["standing"] for chat in state["chats"]} == {
            **dict.fromkeys((1001, 1002, 1003, 1004), "new"),
            GROUP_ID: "member",
            CHANNEL_ID: "administrator",
        }
        assert state["bot"]["description"] == {"zh": "读报", "en": "读报"}
        assert state["publish"] is False


async def test_what_people_do_through_the_page() -> None:
    async with sandboxed() as api:
        assert await post(api, f"chats/{LIN}/text", user=LIN, text="x") == (409, {"error": "press Start first"})
        assert (await post(api, f"chats/{LIN}/start", user=LIN))[0] == 200
        status, answer = await post(api, f"chats/{LIN}/text", user=LIN, text="订阅 动力电池")
        assert (status, answer["done"]["text"]) == (200, "订阅 动力电池")
        keys = {"inline_keyboard": [[{"text": "甲", "callback_data": "a"}]]}
        sent = await api("sendMessage", chat_id=LIN, text="?", reply_markup=keys)
        status, answer = await post(api, f"chats/{LIN}/press", user=LIN, message_id=sent["message_id"], data="a")
        assert answer["done"] in api.sandbox.world.queries
        form = FormData({"user": str(LIN), "caption": "图", "photo": "true"}, quote_fields=False)
        form.add_field("file", png(), filename="图.png", content_type="image/png")
        async with api.http.post(f"{api.sandbox.page_url}sandbox/chats/{LIN}/file", data=form) as answered:
            message = (await answered.json())["done"]
        async with api.http.get(f"{api.sandbox.page_url}sandbox/files/{message['photo'][0]['file_id']}") as answered:
            assert answered.content_type == "image/png" and await answered.read() == png()
        messages = (await get(api, f"sandbox/chats/{LIN}/messages"))["messages"]
        assert [m.get("text", m.get("caption")) for m in messages] == ["/start", "订阅 动力电池", "?", "图"]
        for deed in ("block", "unblock", "deactivate"):
            assert (await post(api, f"chats/{LIN}/{deed}", user=LIN))[0] == 200
        for deed in ("remove_bot", "add_bot"):
            assert (await post(api, f"chats/{GROUP_ID}/{deed}", user=LIN))[0] == 200
        _, answer = await post(api, f"chats/{GROUP_ID}/upgrade", user=LIN)
        assert (await post(api, f"chats/{answer['done']}/forum", user=LIN))[0] == 200
        new = answer["done"]
        api.sandbox.world.chats[new].threads[5] = "储能"
        assert (await post(api, f"chats/{new}/topics", user=LIN, allowed=False))[0] == 200
        shown = next(chat for chat in (await get(api, "sandbox/state"))["chats"] if chat["id"] == new)
        assert (shown["forum"], shown["topic_right"], shown["threads"]) == (True, False, {"5": "储能"})
        assert (await post(api, f"chats/{new}/delete_topic", user=LIN, thread=5))[0] == 200
        assert (await post(api, f"chats/{new}/delete_topic", user=LIN, thread=5))[0] == 409
        assert (await post(api, f"chats/{LIN}/dance", user=LIN))[0] == 404
        assert (await post(api, f"chats/{LIN}/text", user=LIN))[0] == 400
        async with api.http.post(
            f"{api.sandbox.page_url}sandbox/chats/{LIN}/file", data=FormData({"user": "1"}, default_to_multipart=True)
        ) as answered:
            assert answered.status == 400


async def test_several_files_are_one_album() -> None:
    async with sandboxed() as api:
        api.sandbox.act.start(LIN)
        address = f"{api.sandbox.page_url}sandbox/chats/{LIN}/file"

        def form(*mimes: str) -> FormData:
            made = FormData({"user": str(LIN), "caption": "图", "photo": "true"}, quote_fields=False)
            for mime in mimes:
                made.add_field("file", png(), filename=f"一.{mime[-3:]}", content_type=mime)
            return made

        async with api.http.post(address, data=form("image/png", "video/mp4")) as answered:
            photo, video = (await answered.json())["done"]
        assert photo["media_group_id"] == video["media_group_id"] and (photo["caption"], "caption" in video) == (
            "图",
            False,
        )
        assert "photo" in photo and video["video"]["duration"] == 3
        for bad in (("image/png", "audio/mpeg"), ("image/png", "image/gif"), ("image/png",) * 11):
            async with api.http.post(address, data=form(*bad)) as answered:
                assert answered.status == 409 and "one album" in (await answered.json())["error"]


async def test_only_pictures_are_shown_by_the_browser() -> None:
    async with sandboxed() as api:
        api.sandbox.act.start(LIN)
        page = Upload("页.html", "text/html", b"<script>alert(1)</script>")
        message = api.sandbox.act.upload(LIN, LIN, page)
        async with api.http.get(f"{api.sandbox.page_url}sandbox/files/{message['document']['file_id']}") as answer:
            assert answer.content_type == "application/octet-stream"
            assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E9%A1%B5.html"


async def test_the_command_menu_of_a_person() -> None:
    async with sandboxed() as api:
        await api("setMyCommands", commands=[{"command": "start", "description": "开始"}])
        menu = await get(api, f"sandbox/chats/{LIN}/commands?user={LIN}")
        assert menu["commands"] == [{"command": "start", "description": "开始"}]
        async with api.http.get(f"{api.sandbox.page_url}sandbox/chats/{LIN}/commands?user=x") as answer:
            assert answer.status == 404


async def read_events(api: Client, since: int, count: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    async with asyncio.timeout(5), api.http.get(f"{api.sandbox.page_url}sandbox/events?since={since}") as stream:
        async for line in stream.content:
            if line.startswith(b"data: "):
                events.append(json.loads(line[6:]))
            if len(events) == count:
                return events
    return events


async def test_events_reach_the_page() -> None:
    async with sandboxed() as api:
        act = api.sandbox.act
        act.start(LIN)
        reading = asyncio.create_task(read_events(api, 0, 9))
        await asyncio.sleep(0.05)
        keys = {"inline_keyboard": [[{"text": "甲", "callback_data": "a"}]]}
        sent = await api("sendMessage", chat_id=LIN, text="?", reply_markup=keys)
        query = act.press(LIN, LIN, sent["message_id"], "a")
        await api("answerCallbackQuery", callback_query_id=query, text="好", show_alert=True)
        await api("sendChatAction", chat_id=LIN, action="typing")
        await api("setMessageReaction", chat_id=LIN, message_id=1, reaction=[{"type": "emoji", "emoji": "👍"}])
        await api(
            "sendMessage",
            chat_id=LIN,
            text="选",
            reply_markup={"keyboard": [[{"text": "甲"}]], "one_time_keyboard": True},
        )
        await api("deleteMessage", chat_id=LIN, message_id=sent["message_id"])
        events = await reading
        kinds = ["chat", "message", "message", "answer", "action", "reaction", "message", "chat", "delete"]
        assert [event["kind"] for event in events] == kinds
        assert events[3]["text"] == "好" and events[3]["alert"] is True
        assert api.sandbox.world.chats[LIN].keyboard["rows"] == [["甲"]]
        act.write(LIN, LIN, "甲")
        assert api.sandbox.world.chats[LIN].keyboard == {}
        for _ in range(KEPT_EVENTS + 1):
            api.sandbox.world.events.add("action", chat=LIN)
        assert (await read_events(api, 0, 1))[0]["kind"] == "reset"


async def test_publishing() -> None:
    names = ["临江日报-2026-11-18-01.txt"]

    async def publish() -> str | None:
        return names.pop() if names else None

    async with sandboxed(publish=publish) as api:
        assert (await get(api, "sandbox/state"))["publish"] is True
        assert await post(api, "publish") == (200, {"published": "临江日报-2026-11-18-01.txt"})
        assert await post(api, "publish") == (200, {"published": None})
    async with sandboxed() as api:
        assert (await post(api, "publish"))[0] == 404


async def test_a_restart_keeps_everything(tmp_path: Path) -> None:
    state = tmp_path / "data" / "sandbox.json"
    async with sandboxed(state_file=state) as api:
        api.sandbox.act.start(LIN)
        message = api.sandbox.act.upload(LIN, LIN, Upload("a.txt", "", b"abc"))
        await api("setMyCommands", commands=[{"command": "start", "description": "x"}])
        await api("sendMessage", chat_id=GROUP_ID, text="甲")
        before = api.sandbox.world.to_json()
    async with sandboxed(state_file=state) as api:
        assert api.sandbox.world.to_json() == before
        path = (await api("getFile", file_id=message["document"]["file_id"]))["file_path"]
        async with api.http.get(f"{api.sandbox.base_url}/file/bot{TOKEN}/{path}") as answer:
            assert await answer.read() == b"abc"
        assert len(await api("getUpdates")) == 3
        assert (await api("sendMessage", chat_id=LIN, text="乙"))["message_id"] == 4
    assert sorted(path.name for path in state.parent.iterdir()) == ["sandbox.files", "sandbox.json"]


async def test_the_state_is_saved_soon_after_a_change(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.json"
    async with sandboxed(state_file=state) as api:
        api.sandbox.act.start(LIN)
        await eventually(state.exists)
        assert json.loads(state.read_text(encoding="utf-8"))["chats"][0]["standing"] == "member"


def test_a_broken_state_file_says_so(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.json"
    state.write_text("{}", encoding="utf-8")
    with pytest.raises(SandboxError, match=r"delete sandbox\.json"):
        Sandbox("::1", 0, token=TOKEN, state_file=state, publish=None, now=lambda: NOW)


async def test_it_may_be_mounted_in_another_application() -> None:
    sandbox = Sandbox("127.0.0.1", 0, token=TOKEN, state_file=None, publish=None, now=lambda: datetime.now(UTC))
    app = web.Application()
    app.add_subapp("/chat/", sandbox.application())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/chat"
    async with ClientSession() as http:
        async with http.get(f"{base}/") as answer:
            assert "SANDBOX" in await answer.text()
        async with http.get(f"{base}/sandbox/state") as answer:
            assert answer.status == 200
        async with http.post(f"{base}/bot{TOKEN}/getMe") as answer:
            assert (await answer.json())["ok"]
    await sandbox.stop()
    await runner.cleanup()


async def test_more_people_for_tests() -> None:
    async with sandboxed() as api:
        for number in range(2000, 2010):
            api.sandbox.act.add_person(Person(number, f"读者{number}"))
        await api("sendMessage", chat_id=2009, text="x")
        assert api.sandbox.record[-1].chat_id == 2009
        assert api.sandbox.base_url.startswith("http://127.0.0.1:")


async def test_what_is_written_while_a_group_is_upgraded_goes_to_the_new_one() -> None:
    async with sandboxed() as api:
        status, answer = await post(api, f"chats/{GROUP_ID}/upgrade", user=LIN)
        assert status == 200
        assert (await post(api, f"chats/{GROUP_ID}/text", user=LIN, text="/digest"))[0] == 200
        said = (await get(api, f"sandbox/chats/{answer['done']}/messages"))["messages"]
        assert [one.get("text") for one in said][-1] == "/digest"
