"""The whole chat over HTTP: the dispatcher polls the sandbox, whose people subscribe, tap, run a channel and block the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from chat_driver import KNOWLEDGE, TEXTS, fees_of, pushes_of
from fake_digests import FakeDigests
from pipeline_world import World, raw
from sandbox_kit import NOW, TOKEN, Client, png, polled, sandboxed
from store_servers import memory

from bot.batch_steps import BatchSteps, Guard
from bot.chat import build_dispatcher, register_commands
from bot.chat.reports import Reporter
from bot.notices import Notices
from bot.sandbox import CHANNEL_ID, GROUP_ID, JOURNALIST_ID, OFFICIAL_ID, SANDBOX_ADMIN_ID, SUPPLIER_ID, Upload
from bot.services import Services
from digests.rates import Budget
from subscriptions.service import SubscriptionService
from subscriptions.subscribers_memory import MemorySubscriberStore


@dataclass
class Talk:
    api: Client
    store: MemorySubscriberStore
    digests: FakeDigests
    taken: dict[str, bytes]
    world: World

    def text(self, chat: int) -> str:
        """The newest message in a chat."""
        messages = self.api.sandbox.world.chats[chat].messages
        return str(messages[max(messages)].get("text", ""))

    async def until(self, seen: Callable[[], bool]) -> None:
        for _ in range(1000):
            if seen():
                return
            await asyncio.sleep(0.01)
        raise AssertionError("not seen in ten seconds")

    async def says(self, user: int, chat: int, text: str, answer: str) -> None:
        self.api.sandbox.act.write(user, chat, text)
        await self.until(lambda: answer in self.text(chat))

    async def press(self, user: int, chat: int, label: str, answer: str) -> None:
        messages = self.api.sandbox.world.chats[chat].messages
        self.api.sandbox.act.press_text(user, chat, max(messages), label)
        await self.until(lambda: answer in self.text(chat))

    def queries(self, id: str) -> list[str]:
        found = self.store._subscribers.get(id)
        return [held.query for held in found.subscriptions] if found else []


@asynccontextmanager
async def talking() -> AsyncIterator[Talk]:
    store, digests, taken, world = MemorySubscriberStore(), FakeDigests(), {}, World(memory())

    async def take(name: str, content: bytes) -> None:
        taken[name] = content

    services = Services(
        subscriptions=SubscriptionService(store),
        digests=digests,
        pushes=pushes_of(world, TEXTS),
        texts=TEXTS,
        admins=frozenset({SANDBOX_ADMIN_ID}),
        now=lambda: NOW,
        nudge=lambda: None,
        inbox=take,
    )
    async with sandboxed() as api:
        bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api.sandbox.base_url)))
        dispatcher = build_dispatcher(services, Reporter(services, pauses=(0.01,)))
        await register_commands(bot, services)
        async with polled(dispatcher, bot):
            yield Talk(api, store, digests, taken, world)


async def test_two_readers_in_two_languages() -> None:
    async with talking() as talk:
        act = talk.api.sandbox.act
        act.start(OFFICIAL_ID)
        await talk.until(lambda: "这里是刊报" in talk.text(OFFICIAL_ID))
        await talk.press(OFFICIAL_ID, OFFICIAL_ID, "重大项目", "已订阅 1 个主题")
        await talk.says(OFFICIAL_ID, OFFICIAL_ID, "订阅 储能 -广告", "7 篇符合")
        await talk.press(OFFICIAL_ID, OFFICIAL_ID, "保留", "7 篇符合")
        await talk.says(OFFICIAL_ID, OFFICIAL_ID, "/subscribe 储能 (", "【(】")
        await talk.says(OFFICIAL_ID, OFFICIAL_ID, "/settings", "设置")
        await talk.press(OFFICIAL_ID, OFFICIAL_ID, "时间：08:00", "什么时间")
        await talk.press(OFFICIAL_ID, OFFICIAL_ID, "18:00", "08:00、18:00")
        assert talk.queries(f"{OFFICIAL_ID}") == ["#重大项目", "储能 -广告"]
        act.start(JOURNALIST_ID)
        await talk.until(lambda: "this is Kanbao" in talk.text(JOURNALIST_ID))
        await talk.press(JOURNALIST_ID, JOURNALIST_ID, "Power batteries", "You have 1 topic")
        await talk.says(JOURNALIST_ID, JOURNALIST_ID, "/push", "There is no command /push")


async def test_a_group_a_channel_and_a_block() -> None:
    async with talking() as talk:
        act = talk.api.sandbox.act
        await talk.says(SUPPLIER_ID, GROUP_ID, "/subscribe 储能", "由群管理员来改")
        await talk.says(OFFICIAL_ID, GROUP_ID, "/subscribe 储能", "已订阅")
        act.start(JOURNALIST_ID)
        await talk.says(JOURNALIST_ID, JOURNALIST_ID, "/subscribe @linjiang_watch 储能", "Channel")
        assert talk.queries(f"{CHANNEL_ID}") == ["储能"] and talk.queries(f"{JOURNALIST_ID}") == []
        act.block(JOURNALIST_ID)
        await talk.says(OFFICIAL_ID, GROUP_ID, "/list", "储能")
        new = act.upgrade(OFFICIAL_ID, GROUP_ID)
        await talk.until(lambda: talk.queries(f"{new}") == ["储能"])
        assert talk.digests.moved == [(f"{GROUP_ID}", f"{new}")]
        await talk.says(OFFICIAL_ID, new, "/list", "储能")


async def step(talk: Talk) -> None:
    """What the service does about a push, and a relay that sends all at once."""
    all = talk.world.all
    notices = Notices(talk.world.stores, all.admin, TEXTS, frozenset())
    steps = BatchSteps(
        talk.world.stores, all.holds, all.batches, all.admin, KNOWLEDGE, notices, Guard(), lambda: NOW, lambda: None,
        fees_of(Budget()),
    )  # fmt: skip
    for batch in await all.batches.under_way():
        await all.batches.save_batch(batch, due=NOW)
    await steps.step()


async def deliver(talk: Talk) -> int:
    claimed = await talk.world.all.outbox.claim(NOW, 9, timedelta(minutes=1))
    for one in claimed:
        done = replace(one, state="sent", sent=(9,), settled=NOW)
        await talk.world.all.outbox.settle(done, NOW, next_at=None, chat_at=NOW)
    return len(claimed)


async def test_an_admin_pushes_and_drops_a_file() -> None:
    async with talking() as talk:
        act, admin, world = talk.api.sandbox.act, SANDBOX_ADMIN_ID, talk.world
        for reader in ("11", "12"):
            await world.reader(reader, "青禾锂电")
        await world.publish(raw("青禾锂电开工：项目"))
        act.start(admin)
        await talk.until(lambda: "这里是刊报" in talk.text(admin))
        await talk.says(admin, admin, "/push", "2 位读者")
        await talk.press(admin, admin, "选择对象…", "可以只发给一部分读者")
        await talk.press(admin, admin, "语言：全部", "请选择")
        await talk.press(admin, admin, "英文", "没有读者要收")
        await talk.press(admin, admin, "语言：英文", "请选择")
        await talk.press(admin, admin, "全部", "2 位读者")
        await talk.press(admin, admin, "‹ 返回", "要推送")
        await talk.until(lambda: "只发给一部分" not in talk.text(admin))
        await talk.press(admin, admin, "发给 2 位读者", "正在发送")
        await step(talk)
        await talk.press(admin, admin, "暂停", "已暂停。")
        assert await deliver(talk) == 0
        await talk.press(admin, admin, "继续", "正在发送")
        assert await deliver(talk) == 2
        await step(talk)
        await talk.until(lambda: "发送完毕" in talk.text(admin))
        await talk.says(admin, admin, "/recall", "1. 11-18 08:00 · 云溪时报")
        await talk.press(admin, admin, "撤回第 1 次", "要删除已经发出的 2 份吗")
        await talk.press(admin, admin, "取消", "什么都没有发")


async def test_an_admin_broadcasts_a_photo_later() -> None:
    async with talking() as talk:
        act, admin = talk.api.sandbox.act, SANDBOX_ADMIN_ID
        await talk.world.reader("11", "青禾锂电")
        act.start(admin)
        await talk.until(lambda: "这里是刊报" in talk.text(admin))
        act.upload(admin, admin, Upload("a.png", "image/png", png()), "/broadcast 新刊", as_photo=True)
        await talk.until(lambda: "1 位读者会收到" in talk.text(admin))
        shown = [m for m in talk.api.sandbox.world.chats[admin].messages.values() if m.get("photo")]
        assert len(shown) == 2 and shown[0]["photo"][-1]["file_id"] == shown[1]["photo"][-1]["file_id"]
        await talk.press(admin, admin, "定时发送…", "哪一天发")
        await talk.press(admin, admin, "明天", "几点发")
        await talk.press(admin, admin, "08:30", "已排定")
        await talk.press(admin, admin, "取消 11-19 08:30 的发送", "不会发送")
        (batch,) = await talk.world.all.batches.under_way()
        assert (batch.hold, batch.media.partition(":")[0]) == ("stopped", "photo")


async def test_an_admin_looks_at_issues_and_drops_a_file() -> None:
    async with talking() as talk:
        act, admin = talk.api.sandbox.act, SANDBOX_ADMIN_ID
        act.start(admin)
        await talk.until(lambda: "这里是刊报" in talk.text(admin))
        await talk.says(admin, admin, "/issues", "青石时报")
        await talk.press(admin, admin, "1", "页")
        act.upload(admin, admin, Upload("青石时报.txt", "text/plain", "青石".encode()))
        await talk.until(lambda: "收件目录" in talk.text(admin))
        assert talk.taken == {"青石时报.txt": "青石".encode()}
        await talk.says(admin, admin, "/forget", "删除")
