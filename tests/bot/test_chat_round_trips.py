"""How often a command or a tap waits for the store: counted at the client, over the whole chat with its real services.

A walk gives every command and taps one of each kind of button that turns up: once in processes that are each as good as new,
once in one that has seen all before.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.filters.callback_data import CallbackData
from aiogram.types import Update
from chat_driver import KNOWLEDGE, MONDAY, READER, TEXTS, fees_of
from fake_session import BOT_ID, DATE, Asked, FakeSession
from pipeline_world import World, raw
from redis.asyncio import Redis
from store_servers import over

from bot.chat import build_dispatcher, callbacks
from bot.chat.menus import READER_MENU
from bot.digest_service import Digests
from bot.knowledge import CurrentKnowledge
from bot.pushes import Pushes
from bot.rendering import Renderer
from bot.search_service import Search
from bot.services import Services
from digests.compose import compose_due
from digests.narrowing import looser
from digests.rates import Budget
from digests.search import Archive
from digests.search_kept_redis import RedisKeptQueries
from digests.words import keywords
from subscriptions import parse_query, print_query, query_id
from subscriptions.service import SubscriptionService


class Waves:
    """A client whose requests go in waves: what is asked for while nothing is under way goes together, and what is asked for
    meanwhile waits for the next wave. So `count` is how often whoever asks must wait one after the other."""

    def __init__(self, client: Redis) -> None:
        self._client: Any = client
        self.count = 0
        self._waiting: list[tuple[Callable[[], Awaitable[Any]], asyncio.Future[Any]]] = []
        self._task: asyncio.Task[None] | None = None

    async def execute_command(self, *words: Any) -> Any:
        return await self.go(lambda: self._client.execute_command(*words))

    def pipeline(self, transaction: bool = False) -> Any:
        return Pipe(self, self._client.pipeline(transaction=transaction))

    async def go(self, request: Callable[[], Awaitable[Any]]) -> Any:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        if self._task is None:
            self._task = asyncio.create_task(self._send())
        return await answer

    async def _send(self) -> None:
        while self._waiting:
            for _ in range(20):
                await asyncio.sleep(0)
            wave, self._waiting = self._waiting, []
            self.count += 1
            replies = await asyncio.gather(*(request() for request, _ in wave), return_exceptions=True)
            for (_, answer), reply in zip(wave, replies, strict=True):
                if isinstance(reply, BaseException):
                    answer.set_exception(reply)
                else:
                    answer.set_result(reply)
        self._task = None


class Pipe:
    def __init__(self, waves: Waves, pipe: Any) -> None:
        self._waves, self._pipe = waves, pipe

    async def __aenter__(self) -> Pipe:
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._pipe.reset()

    def execute_command(self, *words: Any) -> None:
        self._pipe.execute_command(*words)

    async def execute(self, raise_on_error: bool = True) -> Any:
        return await self._waves.go(lambda: self._pipe.execute(raise_on_error=raise_on_error))


@dataclass
class Walker:
    """`cold`: every update meets services that know nothing yet. `waits`: what was done -> the most waits it took."""

    client: Redis
    folder: Path
    cold: bool
    session: FakeSession = field(default_factory=FakeSession)
    clock: datetime = MONDAY
    waits: dict[str, int] = field(default_factory=dict)
    updates: int = 0

    def __post_init__(self) -> None:
        self.bot = Bot(f"{BOT_ID}:{'x' * 35}", session=self.session)
        self.waves = Waves(self.client)
        self.parts = self._parts()
        self.dispatcher = build_dispatcher(cast(Services, Latest(self)))

    def _parts(self) -> Services:
        all = over(cast(Redis, self.waves))
        knowledge = CurrentKnowledge.__new__(
            CurrentKnowledge
        )  # reading topics and dictionary anew would take a second each time
        vars(knowledge).update(vars(KNOWLEDGE), _store=all.admin)
        stores = World(all).stores
        self.renderer = Renderer(all.issues, all.hits, all.subscribers, TEXTS, knowledge)
        archive = Archive(
            over(self.client).issues, self.folder, lambda: knowledge.aliases
        )  # follows the store by itself
        return Services(
            subscriptions=SubscriptionService(all.subscribers),
            digests=Digests(stores, all.admin, knowledge, self.renderer, TEXTS, list),
            pushes=Pushes(stores, all.holds, all.batches, all.admin, knowledge, self.renderer, 30, fees_of(Budget())),
            texts=TEXTS,
            admins=frozenset(),
            now=lambda: self.clock,
            nudge=lambda: None,
            search=Search(archive, RedisKeptQueries(cast(Redis, self.waves)), TEXTS, lambda: ()),
        )

    async def feed(self, name: str, **content: Any) -> list[Asked]:
        """One update; answers what was asked of Telegram."""
        self.updates += 1
        if self.cold:
            self.parts = self._parts()
        before, self.waves.count = len(self.session.asked), 0
        update = Update.model_validate({"update_id": self.updates, **content}, context={"bot": self.bot})
        await self.dispatcher.feed_update(self.bot, update)
        self.waits[name] = max(self.waits.get(name, 0), self.waves.count)
        if self.cold and self.parts.search is not None:
            await self.parts.search.close()
        return self.session.asked[before:]

    async def say(self, text: str, **fields: Any) -> list[Asked]:
        self.session.next_message += 1
        head = {"message_id": self.session.next_message, "date": DATE, "chat": ME, "from": USER}
        return await self.feed(text, message={**head, "text": text, **fields})

    async def tap(self, data: str, **fields: Any) -> list[Asked]:
        sender = {"id": BOT_ID, "is_bot": True, "first_name": "K"}
        asked = {"message_id": 899, "date": DATE, "chat": ME, "from": USER, "text": "储能电站"}
        shown = {
            "message_id": 900,
            "date": DATE,
            "chat": ME,
            "text": "…",
            "from": sender,
            "reply_to_message": asked,
            **fields,
        }
        tapped = {"id": "q", "from": USER, "chat_instance": "c", "data": data, "message": shown}
        return await self.feed(shape(data), callback_query=tapped)


class Latest:
    """The services of the process that runs now."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker

    def __getattr__(self, name: str) -> Any:
        return getattr(self._walker.parts, name)


USER = {"id": READER, "is_bot": False, "first_name": "小金", "language_code": "zh-hans"}
ME = {"id": READER, "type": "private", "first_name": "小金"}


def shape(data: str) -> str:
    """Buttons that differ in numbers, ids, words and zones alone are one kind."""
    return re.sub(r"[A-Z][\w+-]*/[\w/+-]+|[0-9a-f]{10,16}|-?\d+|[^\x00-\x7f]+", "#", data)


OLD = "\n\n".join(f"储能电站{n}：储能电站并网，总投资{n}5亿元。" for n in range(1, 4))
NEW = "\n\n".join(f"{name}：{body}" for name, body in (
    ("储能电站签约", "储能电站签约，总投资60亿元。"), ("招聘启事", "储能电站招聘，储能电站。"), ("动力电池投产", "动力电池项目投产。"),
))  # fmt: skip
COMMANDS = (
    "/start", "/help", "/topics", "/subscribe", "/subscribe 储能", "/subscribe 储能", "/subscribe 动力电池", "/sub 标题:签约 -广告", "订阅 光伏",
    "/test", "/test 储能", "/test 核聚变", "/list", "/digest", "/search", "/search 储能", "/change 1 储能|光伏", "/change 1 储能", "/why", "/settings",
    "/timezone", "/timezone 东八区", "/timezone EST", "/pause", "/digest", "/resume", "/lang", "/lang en", "/lang zh-Hans", "/export", "/import",
    "/forget", "/unsubscribe", "/unsubscribe 光伏", "退订 1", "/subscribe 储能", "我的订阅", "今日摘要", "青石湖畔", "我想看动力电池的新闻", "不想再看储能了", "订阅 储能电站", "订阅 签约",
)  # fmt: skip


PUT = {"/start", "/subscribe 储能", "/subscribe 动力电池", "订阅 光伏"}
"""Where a reader's new value is stored: nothing that is stored takes less."""
KINDS = {
    "m",
    "t",
    "x",
    "k",
    "w",
    "q",
    "s",
    "r",
    "f",
    "b",
    "d",
    "a",
    "sr",
    "sa",
    "o",
    "n",
    "rw",
    "y",
    "u",
    "wd",
    "sg",
    "z",
    "im",
}
FOR_ADMINS = {
    "il", "i", "pu", "p", "lk", "am", "wy", "lt", "hb", "rc", "ak", "dl", "dd", "ts", "tr", "so", "si", "sn",
}  # fmt: skip


async def walk(walker: Walker) -> None:
    """All of it, from a reader nobody knows to one who is forgotten."""
    world, walker.clock = World(over(walker.client)), MONDAY
    await world.publish(raw(OLD, "old.txt"), now=MONDAY)
    shown = [asked for words in COMMANDS for asked in await walker.say(words)]
    await others(walker, world)
    walker.clock += timedelta(hours=1)
    await world.publish(raw(NEW, "new.txt"), now=walker.clock)
    await waited_for(walker)
    back_filled = await walker.tap("b::3")
    assert any("这就送来" in asked.text for asked in back_filled)
    shown += await walker.say("/digest")
    buttons = [data for asked in shown for data in carried(asked)] + await delivered(walker, world)
    seen: set[str] = set()
    while buttons:
        data = buttons.pop(0)
        if shape(data) not in seen and not data.startswith("f::1"):
            seen.add(shape(data))
            buttons += [more for asked in await walker.tap(data) for more in carried(asked)]
    await walker.tap("f::1")


async def others(walker: Walker, world: World) -> None:
    """Buttons that need more than the walk has: of a link, of a suggestion, of a file, of a wording."""
    await world.reader("9", "氢能", "储能电站 核电站")
    shared = query_id("氢能")
    await walker.say(f"/start s{shared}")
    await walker.tap(f"z:{shared}")
    for answer in ("no", "off", "yes"):
        await walker.tap(f"sg:{answer}:固态电池")
    walker.session.files["f1"] = json.dumps({"subscriptions": [{"query": "风电"}, {"query": "光热"}]}).encode()
    document = {"file_id": "f1", "file_unique_id": "f1", "file_name": "kanbao.json", "file_size": 60}
    asked = {"message_id": 898, "date": DATE, "chat": ME, "from": USER, "document": document}
    await walker.tap("im:1", reply_to_message=asked)
    wide = query_id(print_query(parse_query("储能电站 核电站")))
    await walker.say("/subscribe 储能电站 核电站")
    narrower, *_ = looser("储能电站 核电站", keywords)
    await walker.tap(f"rw::{wide[:16]}:{query_id(narrower)[:16]}")
    await walker.say("/why 1")
    held = query_id(narrower)
    nothing_waits = await walker.tap(f"n::{held[:16]}:广告")
    assert any("已改为" in asked.text for asked in nothing_waits)
    walker.waits["nothing waits"] = walker.waits.pop("n::#:#")


async def waited_for(walker: Walker) -> None:
    """Narrowed while articles wait."""
    held = query_id("签约")
    told = await walker.tap(f"n::{held[:16]}:招聘")
    assert any("已改为" in asked.text for asked in told)


def carried(asked: Asked) -> list[str]:
    return [button["callback_data"] for button in asked.buttons if "callback_data" in button]


async def delivered(walker: Walker, world: World) -> list[str]:
    """The buttons of what the relay sends."""
    found = []
    await compose_due(world.stores, walker.clock)
    for one in await world.all.outbox.claim(walker.clock, 9, timedelta(minutes=1)):
        chunks = await walker.renderer.chunks(one, await world.service.find(one.subscriber))
        found += [button.data for chunk in chunks for row in chunk.buttons for button in row if button.data]
        await world.all.outbox.settle(replace(one, state="sent"), walker.clock, next_at=None, chat_at=walker.clock)
    return found


def test_every_kind_of_button_is_a_readers_or_an_admins() -> None:
    kinds = {
        cast(type[CallbackData], one).__prefix__
        for one in vars(callbacks).values()
        if inspect.isclass(one) and one.__module__ == callbacks.__name__
    }
    assert kinds == KINDS | FOR_ADMINS and {f"/{name}" for name in READER_MENU} <= {
        words.split()[0] for words in (*COMMANDS, "/forget")
    }


@pytest.mark.parametrize("cold", [False, True])
async def test_no_command_and_no_button_waits_for_the_store_more_than_three_times(
    redis_client: Redis, tmp_path: Path, cold: bool
) -> None:
    walker = Walker(redis_client, tmp_path, cold)
    await walk(walker)  # from now on the server knows the scripts
    await redis_client.flushall()
    walker.waits.clear()
    await walk(walker)
    assert walker.parts.search is not None
    await walker.parts.search.close()
    assert {name: count for name, count in walker.waits.items() if count > 3} == {}
    assert all(walker.waits[name] >= 2 for name in PUT), "the waits are counted"
    assert {name.partition(":")[0] for name in walker.waits} >= KINDS
