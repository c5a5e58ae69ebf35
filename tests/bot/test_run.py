"""The service in this process: assembled from settings, driven through its sandbox, stopped by an event."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import TelegramObject
from pydantic import SecretStr
from store_servers import free_ports

from bot.app import open_app, present
from bot.errors import StartError
from bot.listening import Listening, at_once
from bot.run import ROLES, roles_of, serve
from bot.sandbox import JOURNALIST_ID, OFFICIAL_ID, SANDBOX_ADMIN_ID, UNLIMITED, Sandbox
from bot.settings import Settings
from bot.web.pages import WebPages
from digests.types import Delivery

pytestmark = pytest.mark.slow

PATIENCE = 30.0


def settings(folder: Path, **given: Any) -> Settings:
    return Settings(data_dir=folder, inbox=folder / "inbox", web=f"127.0.0.1:{free_ports(1)[0]}", **given)


class Hand:
    """A hand on the sandbox of a service that runs in this process."""

    def __init__(self, base: str) -> None:
        self.base = base

    async def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return await asyncio.to_thread(self._call, path, body)

    def _call(self, path: str, body: dict[str, Any] | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.base}{path}", data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    async def said(self, chat: int) -> list[str]:
        messages = (await self.call(f"/sandbox/chats/{chat}/messages"))["messages"]
        return [m.get("text", "") for m in messages if m["from"]["is_bot"]]

    async def write(self, user: int, text: str) -> str:
        before = len(await self.said(user))
        await self.call(f"/sandbox/chats/{user}/text", {"user": user, "text": text})
        return await self.next(user, before)

    async def begin(self, user: int) -> str:
        before = len(await self.said(user))
        await self.call(f"/sandbox/chats/{user}/start", {"user": user})
        return await self.next(user, before)

    async def next(self, user: int, before: int) -> str:
        async with asyncio.timeout(PATIENCE):
            while len(said := await self.said(user)) <= before:
                await asyncio.sleep(0.05)
        return said[before]

    async def shows(self, user: int, words: str) -> str:
        """The newest message with `words`, once there is one, also by an edit."""
        async with asyncio.timeout(PATIENCE):
            while not (found := [text for text in await self.said(user) if words in text]):
                await asyncio.sleep(0.05)
        return found[-1]

    async def press(self, user: int, label: str) -> None:
        messages = (await self.call(f"/sandbox/chats/{user}/messages"))["messages"]
        buttons = [
            (m["message_id"], button["callback_data"])
            for m in messages
            for row in m.get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
            if label in button["text"]
        ]
        message, data = buttons[-1]
        await self.call(f"/sandbox/chats/{user}/press", {"user": user, "message_id": message, "data": data})


@asynccontextmanager
async def running(given: Settings, only: str = "") -> AsyncIterator[Hand]:
    stop = asyncio.Event()
    task = asyncio.create_task(serve(given, only, stop=stop))
    hand = Hand(f"http://{given.web}")
    try:
        async with asyncio.timeout(PATIENCE):
            while not await _answers(hand, task):
                await asyncio.sleep(0.1)
        yield hand
    finally:
        stop.set()
        await task


async def _answers(hand: Hand, task: asyncio.Task[None]) -> bool:
    if task.done():
        task.result()
    try:
        return bool((await hand.call("/healthz"))["status"] == "ok")
    except urllib.error.URLError:
        return False


async def test_a_morning_with_kanbao(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as hand:
        assert "刊报" in await hand.begin(OFFICIAL_ID)
        assert "已订阅主题：动力电池" in await hand.write(OFFICIAL_ID, "订阅 动力电池")
        await hand.begin(JOURNALIST_ID)
        await hand.write(JOURNALIST_ID, "/subscribe 储能|光伏")
        await hand.begin(SANDBOX_ADMIN_ID)
        await hand.call("/sandbox/publish", {})
        async with asyncio.timeout(PATIENCE):
            while "没有" in (digest := await hand.write(OFFICIAL_ID, "今日摘要")):
                await asyncio.sleep(0.3)
        assert digest.startswith("临江日报 2026年11月18日")
        await hand.press(OFFICIAL_ID, "1")
        assert "为何推送" in await hand.shows(OFFICIAL_ID, "为何推送")
        await hand.press(OFFICIAL_ID, "返回摘要")
        await hand.shows(OFFICIAL_ID, "临江日报 2026年11月18日")
        await _admin(hand)


async def _admin(hand: Hand) -> None:
    admin = SANDBOX_ADMIN_ID
    assert "临江日报" in await hand.write(admin, "/issues")
    await hand.press(admin, "1")
    assert "重大项目" in await hand.shows(admin, "重大项目")
    await hand.write(admin, "/push")
    await hand.shows(admin, "1 位读者会收到")
    await hand.press(admin, "发给 1 位读者")
    assert "Linjiang" in (told := await hand.shows(JOURNALIST_ID, "articles for you")) or "临江日报" in told
    await hand.shows(admin, "已送达：1")
    assert "动力电池" in await hand.write(admin, "/preview 1 动力电池")
    assert "读者：" in await hand.write(admin, "/stats")
    assert "inbox" in await hand.write(admin, "/sources")
    assert "推送" in await hand.write(admin, "/audit")
    await hand.write(admin, "/broadcast 今晚 <b>维护</b>")
    await hand.shows(admin, "要群发吗")
    await hand.press(admin, "位读者")
    await hand.shows(OFFICIAL_ID, "今晚")


async def test_what_cannot_be_read_reaches_the_admins(tmp_path: Path) -> None:
    given = settings(tmp_path)
    async with running(given) as hand:
        await hand.begin(SANDBOX_ADMIN_ID)
        (given.inbox / "坏.txt").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)
        assert "PDF" in await hand.shows(SANDBOX_ADMIN_ID, "坏.txt")
        assert "坏.txt" in await hand.write(SANDBOX_ADMIN_ID, "/sources")


async def test_a_service_with_a_token_has_a_status_page(tmp_path: Path, store_url: str) -> None:
    """The token is a local Bot API server's, which the settings point at as they would at a self-hosted one."""
    telegram = Sandbox("127.0.0.1", 0, token="77:REAL", state_file=None, publish=None, now=present, limits=UNLIMITED)
    async with telegram:
        given = settings(
            tmp_path,
            bot_token=SecretStr("77:REAL"),
            api_url=telegram.base_url,
            admins=frozenset({OFFICIAL_ID}),
            redis_url=SecretStr(store_url),
        )
        async with running(given, "chat,web,deliver") as hand:
            assert (await hand.call("/readyz"))["backlog"] == 0
            page = await asyncio.to_thread(lambda: urllib.request.urlopen(f"{hand.base}/", timeout=9).read().decode())
            assert "刊报" in page and "77:REAL" not in page


async def test_the_chat_listens_behind_a_webhook_and_goes_back_to_polling(tmp_path: Path, store_url: str) -> None:
    telegram = Sandbox("127.0.0.1", 0, token="78:REAL", state_file=None, publish=None, now=present, limits=UNLIMITED)
    async with telegram:
        given = settings(
            tmp_path, bot_token=SecretStr("78:REAL"), api_url=telegram.base_url, redis_url=SecretStr(store_url)
        )
        hook = {"webhook_url": f"http://{given.web}/telegram", "webhook_secret": SecretStr("s")}
        person = Hand(telegram.base_url)
        async with running(given.model_copy(update=hook), "chat"):
            assert "刊报" in await person.begin(OFFICIAL_ID)
            assert telegram.world.updates.webhook.url == hook["webhook_url"]
        await person.call(f"/sandbox/chats/{OFFICIAL_ID}/text", {"user": OFFICIAL_ID, "text": "/list"})
        async with running(given, "chat,web"):
            await person.next(OFFICIAL_ID, 1)
            assert telegram.world.updates.webhook.url == ""
        assert len(await person.said(OFFICIAL_ID)) == 2


def test_roles_are_named_or_all() -> None:
    assert roles_of("") == frozenset(ROLES)
    assert roles_of("watch，match, web") == {"watch", "match", "web"}
    with pytest.raises(StartError, match="no such roles: dance"):
        roles_of("dance,web")


async def test_a_port_in_use_is_said_plainly(tmp_path: Path) -> None:
    given = settings(tmp_path)
    async with running(given):
        other = given.model_copy(update={"data_dir": tmp_path / "other", "inbox": tmp_path / "other" / "inbox"})
        with pytest.raises(StartError, match="KANBAO_WEB"):
            await serve(other, stop=asyncio.Event())


async def test_two_services_on_one_folder_are_refused_but_a_look_is_not(tmp_path: Path) -> None:
    given = settings(tmp_path)
    async with running(given):
        second = given.model_copy(update={"web": f"127.0.0.1:{free_ports(1)[0]}"})
        with pytest.raises(StartError, match=r"正由另一个刊报服务.*another Kanbao service"):
            await serve(second, stop=asyncio.Event())
        async with open_app(given) as look:
            assert (await look.services.digests.stats(look.services.now()))["subscribers"] == 0


async def test_pages_that_are_off_do_not_listen(tmp_path: Path) -> None:
    given = Settings(data_dir=tmp_path, web="off")
    async with open_app(given) as app, WebPages(given, app) as pages:
        assert pages.application() is not None


async def test_the_status_pages_port_in_use_is_said_plainly(tmp_path: Path) -> None:
    given = settings(tmp_path)
    async with open_app(given) as app, WebPages(given, app):
        with pytest.raises(StartError, match="KANBAO_WEB"):
            async with WebPages(given, app):
                pass


async def test_dead_letters_are_found_retried_and_noted(tmp_path: Path) -> None:
    async with open_app(settings(tmp_path)) as app:
        digests, now = app.services.digests, app.services.now()
        await app.stores.outbox.put([Delivery(id, id[1:], "notice", now, html="甲") for id in ("d1", "d2")], now)
        for one in await app.stores.outbox.claim(now, 9, timedelta(minutes=1)):
            await app.stores.outbox.settle(replace(one, state="failed"), now, next_at=None, chat_at=now)
        assert {one.id for one in await digests.failed(9)} == {"d1", "d2"}
        assert await digests.retry("d1", "1", 7, now) and not await digests.retry("d1", "1", 7, now)
        assert await digests.dismiss("d2", "2", 7, now) and not await digests.dismiss("d2", "2", 7, now)
        assert await digests.failed(9) == []
        for one in await app.stores.outbox.claim(now, 9, timedelta(minutes=1)):
            await app.stores.outbox.settle(replace(one, state="failed"), now, next_at=None, chat_at=now)
        assert await digests.retry_all(9, 7, now) == 1 and await digests.retry_all(9, 7, now) == 0
        assert [(entry.actor, entry.action) for entry in await digests.audit()] == [
            (7, "retry"),
            (7, "dismiss"),
            (7, "retry"),
        ]


async def test_all_dead_letters_are_dropped_and_noted_once(tmp_path: Path) -> None:
    async with open_app(settings(tmp_path)) as app:
        digests, now = app.services.digests, app.services.now()
        await app.stores.outbox.put([Delivery(f"d{n}", f"{n}", "notice", now, html="甲") for n in range(1, 6)], now)
        for one in await app.stores.outbox.claim(now, 9, timedelta(minutes=1)):
            at = now + timedelta(seconds=int(one.subscriber) - 4)
            await app.stores.outbox.settle(replace(one, state="failed", settled=at), now, next_at=None, chat_at=now)
        assert await digests.dismiss_all(9, now, 7, now) == 4 and await digests.dismiss_all(9, now, 8, now) == 0
        assert [one.id for one in await digests.failed(9)] == ["d5"], "failed after it was asked"
        (entry,) = await digests.audit()
        assert (entry.actor, entry.action, entry.detail) == (7, "dismiss", {"letters": "4"})
        assert (await digests.ledger("1", 9))[0].state == "failed", "the ledger keeps what is dropped"


async def test_processes_started_at_once_share_the_store_of_the_first(tmp_path: Path) -> None:
    given, opened = settings(tmp_path), asyncio.Barrier(3)

    async def role() -> int:
        async with open_app(given) as app:
            await app.stores.outbox.put([Delivery("d1", "1", "notice", app.services.now(), html="甲")], present())
            await opened.wait()
            waiting, _ = await app.stores.outbox.backlog(present() + timedelta(seconds=1))
            await opened.wait()
            return waiting

    assert list(await asyncio.gather(role(), role(), role())) == [1, 1, 1]


async def test_the_address_is_told_by_the_process_that_has_the_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = SecretStr("42:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    given, stop = settings(tmp_path, bot_token=token, api_url="http://127.0.0.1:1"), asyncio.Event()
    stop.set()
    await serve(given, "watch", stop=stop)
    assert "http://" not in capsys.readouterr().err
    await serve(given, "web", stop=stop)
    assert f"http://{given.web}/" in capsys.readouterr().err


async def test_no_more_updates_are_handled_at_once_than_can_be_answered_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    polled = asyncio.Queue[dict[str, Any]]()

    async def start_polling(self: Dispatcher, bot: Bot, **how: Any) -> None:
        polled.put_nowait(how)

    monkeypatch.setattr(Dispatcher, "start_polling", start_polling)
    async with Sandbox("127.0.0.1", 0, token="42:S", state_file=None, publish=None, now=present) as sandbox:
        server = TelegramAPIServer.from_base(sandbox.base_url)
        async with open_app(settings(tmp_path, rate=5)) as app, Bot("42:S", AiohttpSession(api=server)) as bot:
            listening = Listening(app, bot)
            listening.start()
            assert (await asyncio.wait_for(polled.get(), 5))["tasks_concurrency_limit"] == 15
            await listening.finish(1)
    assert [at_once(rate) for rate in (1, 30, 1000)] == [8, 90, 400]


async def test_what_was_heard_is_answered_before_the_end(tmp_path: Path) -> None:
    heard, may_go_on = asyncio.Event(), asyncio.Event()

    async def slow(handler: Callable[..., Awaitable[Any]], message: TelegramObject, data: dict[str, Any]) -> Any:
        heard.set()
        await may_go_on.wait()
        return await handler(message, data)

    async with Sandbox("127.0.0.1", 0, token="42:S", state_file=None, publish=None, now=present) as sandbox:
        server = TelegramAPIServer.from_base(sandbox.base_url)
        async with open_app(settings(tmp_path)) as app, Bot("42:S", AiohttpSession(api=server)) as bot:
            listening = Listening(app, bot)
            listening._dispatcher.message.outer_middleware(slow)
            listening.start()
            sandbox.act.start(OFFICIAL_ID)
            await asyncio.wait_for(heard.wait(), 20)
            ending = asyncio.create_task(listening.finish(20))
            await asyncio.sleep(0.2)
            assert not ending.done()
            may_go_on.set()
            await ending
            assert "sendMessage" in [one.method for one in sandbox.record]
