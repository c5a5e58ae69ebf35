"""The webhook: who may call it, that each update is handled once over all replicas, and that Telegram never waits long."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import GetMe, SendMessage
from aiogram.types import Message
from aiohttp import ClientSession, web
from sandbox_kit import TOKEN, Client, eventually, sandboxed

from bot.metrics import Metrics
from bot.sandbox import OFFICIAL_ID
from bot.updates import Claim, MemoryUpdateLog
from bot.webhook import LARGEST, LEASE, PROOF_HEADER, Webhook, patiently, withdraw
from digests.errors import StoreError

SECRET = "a-secret"
GOOD = {PROOF_HEADER: SECRET}


def message(update: int, text: str = "/list") -> dict[str, Any]:
    chat = {"id": OFFICIAL_ID, "type": "private", "first_name": "林"}
    sender = {"id": OFFICIAL_ID, "is_bot": False, "first_name": "林"}
    return {"update_id": update, "message": {"message_id": 1, "date": 1, "chat": chat, "from": sender, "text": text}}


class Away(MemoryUpdateLog):
    """A store that fails where it is told to."""

    def __init__(self, *methods: str) -> None:
        super().__init__(lambda: 0.0)
        for method in methods:
            setattr(self, method, self._fail)

    async def _fail(self, *_: Any) -> None:
        raise StoreError("away")


@dataclass
class Replica:
    hook: Webhook
    metrics: Metrics
    address: str
    http: ClientSession
    bot: Bot

    def outcomes(self) -> dict[str, float]:
        """How often what came of an update."""
        (family,) = self.metrics.updates.collect()
        return {one.labels["outcome"]: one.value for one in family.samples if one.name.endswith("_total")}

    async def post(self, body: object, headers: dict[str, str] = GOOD) -> int:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.http.post(self.address, data=BytesIO(data), headers=headers) as answer:
            return answer.status


@dataclass
class World:
    """Replicas over one log; `handled`: the texts that reached a handler. `gate`: what the handler waits for."""

    api: Client
    stack: AsyncExitStack
    updates: MemoryUpdateLog = field(default_factory=lambda: MemoryUpdateLog(lambda: 0.0))
    handled: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def replica(
        self, answer_within: float = 5.0, handler: Callable[..., Awaitable[Any]] | None = None, **given: Any
    ) -> Replica:
        session = AiohttpSession(api=TelegramAPIServer.from_base(self.api.sandbox.base_url))
        bot, dispatcher, app = Bot(TOKEN, session=session), Dispatcher(), web.Application(client_max_size=LARGEST)
        dispatcher.message.register(handler or self._handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        hook_url = given.get("url", "http://127.0.0.1/hook")
        updates, metrics = given.get("updates", self.updates), Metrics()
        hook = Webhook(dispatcher, bot, updates, hook_url, SECRET, answer_within, metrics)
        app.add_routes(hook.routes())
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        http = await self.stack.enter_async_context(ClientSession())
        self.stack.push_async_callback(runner.cleanup)
        self.stack.push_async_callback(session.close)
        return Replica(hook, metrics, f"http://127.0.0.1:{runner.addresses[0][1]}/hook", http, bot)

    async def _handle(self, message: Message) -> None:
        self.handled.append(message.text or "")
        await self.gate.wait()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with opened() as made:
        yield made


@asynccontextmanager
async def opened() -> AsyncIterator[World]:
    async with sandboxed() as api, AsyncExitStack() as stack:
        made = World(api, stack)
        made.gate.set()
        yield made


async def test_only_who_knows_the_secret_is_heard(world: World) -> None:
    one = await world.replica()
    for headers in ({}, {PROOF_HEADER: ""}, {PROOF_HEADER: SECRET + "x"}, {PROOF_HEADER: "秘密"}):
        assert await one.post(message(1), headers) == 401
        assert await one.post(b"x" * (LARGEST + 1), headers) == 401  # not even read
    assert world.handled == [] and await world.updates.claim(1, "a", LEASE) is Claim.MINE
    assert one.outcomes() == {"refused": 8}


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"{", 400), (b"[" * 100_000, 400), (b"[]", 400), (b'{"update_id": "1"}', 400), (b'{"update_id": true}', 400),
     (b"x" * (LARGEST + 1), 413), (b'{"update_id": 7}', 200), (b'{"update_id": 7, "message": {"text": 5}}', 200)],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Detected unknown update type")
async def test_what_is_no_update_and_what_we_cannot_read(world: World, body: bytes, status: int) -> None:
    assert await (await world.replica()).post(body) == status
    assert world.handled == []


async def test_an_update_is_handled_once_over_all_replicas(world: World) -> None:
    one, two = await world.replica(), await world.replica()
    world.gate.clear()
    first = asyncio.create_task(one.post(message(1)))
    await eventually(lambda: world.handled)
    assert [await two.post(message(1)), await one.post(message(1))] == [503, 503]
    world.gate.set()
    assert await first == 200
    assert [await two.post(message(1)), await one.post(message(1)), await two.post(message(2))] == [200, 200, 200]
    assert world.handled == ["/list"] * 2
    assert one.outcomes() == {"handled": 1, "busy": 1, "repeated": 1}
    assert two.outcomes() == {"handled": 1, "busy": 1, "repeated": 1}


async def test_many_at_once(world: World) -> None:
    replicas = [await world.replica() for _ in range(3)]
    posts = [replica.post(message(n, f"/{n}")) for n in range(60) for replica in replicas]
    assert set(await asyncio.gather(*posts)) <= {200, 503}
    assert sorted(world.handled) == sorted(f"/{n}" for n in range(60))


async def test_a_slow_handler_keeps_nobody_waiting(world: World) -> None:
    one, two = await world.replica(answer_within=0.05), await world.replica()
    world.gate.clear()
    assert await one.post(message(1)) == 200
    assert await two.post(message(1)) == 200
    world.gate.set()
    await one.hook.close(5)
    assert world.handled == ["/list"] and one.outcomes() == {"slow": 1}


async def test_what_breaks_a_handler_is_not_sent_again(world: World) -> None:
    async def breaks(message: Message) -> None:
        world.handled.append("broken")
        raise ValueError("ours")

    one = await world.replica(handler=breaks)
    assert [await one.post(message(1)), await one.post(message(1))] == [200, 200]
    assert world.handled == ["broken"]


async def test_an_answer_that_a_handler_returns_is_sent(world: World) -> None:
    async def answers(message: Message) -> SendMessage:
        return SendMessage(chat_id=message.chat.id, text="好")

    world.api.sandbox.act.start(OFFICIAL_ID)
    assert await (await world.replica(handler=answers)).post(message(1)) == 200
    assert [sent.text for sent in world.api.sandbox.record] == ["好"]


async def test_without_the_store_telegram_keeps_the_update(world: World) -> None:
    one = await world.replica(updates=Away("claim"))
    assert await one.post(message(1)) == 503 and world.handled == []
    assert one.outcomes() == {"unclaimed": 1}


async def test_what_was_handled_is_handled_even_if_that_cannot_be_kept(world: World) -> None:
    one = await world.replica(updates=Away("settle"))
    assert await one.post(message(1)) == 200 and world.handled == ["/list"]


async def test_the_end_waits_for_what_is_under_way_and_takes_nothing_more(world: World) -> None:
    one, two = await world.replica(), await world.replica()
    world.gate.clear()
    first = asyncio.create_task(one.post(message(1)))
    await eventually(lambda: world.handled)
    closing = asyncio.create_task(one.hook.close(5))
    await asyncio.sleep(0)
    assert await one.post(message(2)) == 503
    world.gate.set()
    await closing
    assert await first == 200
    assert await two.post(message(2)) == 200 and world.handled == ["/list"] * 2


async def test_what_does_not_end_in_time_goes_to_another_replica(world: World) -> None:
    one, two = await world.replica(), await world.replica()
    world.gate.clear()
    first = asyncio.create_task(one.post(message(1)))
    await eventually(lambda: world.handled)
    await one.hook.close(0.01)
    assert await first == 503 and one.outcomes() == {"closing": 1}
    world.gate.set()
    assert await two.post(message(1)) == 200 and world.handled == ["/list"] * 2


async def test_nothing_under_way_is_an_end_at_once(world: World) -> None:
    await (await world.replica()).hook.close(60)


# ------------------------------------------------------------------------------------------------ telling Telegram
async def test_the_webhook_is_set_only_when_it_differs(world: World) -> None:
    one = await world.replica()
    told: list[str] = []
    world.api.sandbox.api.observers.append(lambda method, params, result: told.append(method))
    await one.hook.announce()
    assert told == ["getWebhookInfo", "setWebhook"]
    info = await one.bot.get_webhook_info()
    assert (info.url, info.allowed_updates) == ("http://127.0.0.1/hook", ["message"])
    assert world.api.sandbox.world.updates.webhook.secret == SECRET
    told.clear()
    await (await world.replica()).hook.announce()
    assert told == ["getWebhookInfo"]
    await world.updates.put_hook("of another secret")
    await one.hook.announce()
    assert told[1:] == ["getWebhookInfo", "setWebhook"]
    await (await world.replica(url="http://127.0.0.1/other")).hook.announce()
    assert (await one.bot.get_webhook_info()).url == "http://127.0.0.1/other"


async def test_going_back_to_polling_keeps_what_waits(world: World) -> None:
    one = await world.replica()
    await one.hook.announce()
    world.api.sandbox.act.start(OFFICIAL_ID)
    await withdraw(one.bot)
    await withdraw(one.bot)
    assert (await one.bot.get_webhook_info()).url == ""
    assert len(await world.api("getUpdates")) == 1


async def test_the_sandbox_delivers_to_the_webhook(world: World) -> None:
    one = await world.replica()
    await one.bot.set_webhook(one.address, secret_token=SECRET, allowed_updates=["message"])
    world.api.sandbox.act.start(OFFICIAL_ID)
    world.api.sandbox.act.write(OFFICIAL_ID, OFFICIAL_ID, "你好")
    await eventually(lambda: world.handled == ["/start", "你好"] and not world.api.sandbox.world.updates.pending)


async def test_neither_telegram_nor_the_store_need_be_there_at_the_start() -> None:
    errors: list[Exception | None] = [
        TelegramNetworkError(GetMe(), "down"),
        StoreError("away"),
        StoreError("away"),
        None,
    ]
    slept: list[float] = []

    async def step() -> None:
        if error := errors.pop(0):
            raise error

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    await patiently(step, sleep, (1.0, 2.0))
    assert slept == [1.0, 2.0, 2.0] and errors == []
