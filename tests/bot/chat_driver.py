"""A few people with a Telegram client: they type, tap, and see what the dispatcher sent back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import Update
from fake_digests import FakeDigests
from fake_session import BOT_ID, DATE, USERNAME, Asked, FakeSession
from pipeline_world import World
from store_servers import memory

from bot.chat import build_dispatcher
from bot.chat.reports import Reporter
from bot.fees import Fees
from bot.knowledge import CurrentKnowledge
from bot.pushes import Pushes
from bot.rendering import Renderer
from bot.services import Services
from bot.texts import Texts
from digests.admin_memory import MemoryAdminStore
from digests.rates import Budget, RateLimits
from digests.rates_memory import MemoryRates
from subscriptions import Subscriber, SubscriberId
from subscriptions.service import SubscriptionService
from subscriptions.subscribers_memory import MemorySubscriberStore

ADMIN = 1
READER = 7
GROUP = -100500
CHANNEL = -100777
MONDAY = datetime(2026, 1, 5, 3, tzinfo=UTC)
TEXTS = Texts.load()


class CountingStore(MemorySubscriberStore):
    """Counts the round trips."""

    def __init__(self) -> None:
        super().__init__()
        self.trips = 0

    def __getattribute__(self, name: str) -> Any:
        if name in (
            "find_subscriber",
            "get_subscribers",
            "put_subscriber",
            "delete_subscriber",
            "move_subscriber",
            "add_query",
            "find_query",
        ):
            self.trips += 1
        return super().__getattribute__(name)


KNOWLEDGE = CurrentKnowledge(MemoryAdminStore(), Path("/nonexistent"))
"""As it is shipped; read once, for that takes a while."""


def pushes_of(world: World, texts: Texts, per_second: int = 30, fees: Fees | None = None) -> Pushes:
    """Over the stores of a small world; nothing may be paid for unless `fees` allow it."""
    all, stores = world.all, world.stores
    renderer = Renderer(stores.issues, stores.hits, stores.subscribers, texts, KNOWLEDGE)
    return Pushes(stores, all.holds, all.batches, all.admin, KNOWLEDGE, renderer, per_second, fees or fees_of(Budget()))


def fees_of(budget: Budget) -> Fees:
    return Fees(MemoryRates(RateLimits()), budget)


@dataclass
class Chat:
    """`language_code` of whoever speaks next; `clock` is moved by hand. `world`: the readers and issues that pushes are about."""

    language_code: str = "zh-hans"
    clock: datetime = MONDAY
    session: FakeSession = field(default_factory=FakeSession)
    store: CountingStore = field(default_factory=CountingStore)
    digests: FakeDigests = field(default_factory=FakeDigests)
    world: World = field(default_factory=lambda: World(memory()))
    nudged: int = 0
    taken: dict[str, bytes] = field(default_factory=dict)
    updates: int = 0
    trips: int = 0

    def __post_init__(self) -> None:
        self.bot = Bot(f"{BOT_ID}:{'x' * 35}", session=self.session)
        self.pushes = pushes_of(self.world, TEXTS)
        self.digests.queries = self.store.get_queries
        self.services = Services(
            subscriptions=SubscriptionService(self.store), digests=self.digests, pushes=self.pushes, texts=TEXTS, admins=frozenset({ADMIN}),
            now=lambda: self.clock, nudge=self._nudge, inbox=self._take, topics=lambda: KNOWLEDGE.knowledge.topics.topics,
        )  # fmt: skip
        self.reporter = Reporter(self.services, pauses=(0.0,))
        self.dispatcher: Dispatcher = build_dispatcher(self.services, self.reporter)

    def _nudge(self) -> None:
        self.nudged += 1

    async def _take(self, name: str, content: bytes) -> None:
        self.taken[name] = content

    def user(self, id: int) -> dict[str, Any]:
        return {"id": id, "is_bot": False, "first_name": "小金", "language_code": self.language_code}

    def chat(self, id: int) -> dict[str, Any]:
        kind = "private" if id > 0 else "channel" if id == CHANNEL else "supergroup"
        names = {"first_name": "小金"} if id > 0 else {"title": "青石新闻组"}
        return {"id": id, "type": kind, **names}

    async def feed(self, **content: Any) -> list[Asked]:
        """One update; answers the requests that it led to, without those about ourselves."""
        self.updates += 1
        before, self.store.trips = len(self.session.asked), 0
        update = Update.model_validate({"update_id": self.updates, **content}, context={"bot": self.bot})
        await self.dispatcher.feed_update(self.bot, update)
        self.trips = self.store.trips
        assert self.trips <= 3, "a command or a tap takes at most three round trips"
        return [asked for asked in self.session.asked[before:] if asked.method != "getMe"]

    async def message(self, user: int = READER, chat: int | None = None, **fields: Any) -> list[Asked]:
        place = self.chat(user if chat is None else chat)
        self.session.next_message += 1
        head = {"message_id": self.session.next_message, "date": DATE, "chat": place, "from": self.user(user)}
        return await self.feed(message={**head, **fields})

    async def say(self, text: str, user: int = READER, chat: int | None = None, **fields: Any) -> list[Asked]:
        return await self.message(user, chat, text=text, **fields)

    async def tap(self, data: str, user: int = READER, chat: int | None = None, **fields: Any) -> list[Asked]:
        place = self.chat(user if chat is None else chat)
        shown = {"message_id": 900, "date": DATE, "chat": place, "text": "…", "from": {"id": BOT_ID, "is_bot": True, "first_name": "K"}}  # fmt: skip
        query = {"id": "q", "from": self.user(user), "chat_instance": "c", "data": data, "message": {**shown, **fields}}
        return await self.feed(callback_query=query)

    async def press(self, label: str, user: int = READER, chat: int | None = None) -> list[Asked]:
        """The newest button whose text holds `label`."""
        return await self.tap(self.data_of(label), user, chat)

    def data_of(self, label: str) -> str:
        for asked in reversed(self.session.asked):
            for button in asked.buttons:
                if label in button["text"]:
                    return str(button["callback_data"])
        raise AssertionError(f"no button {label!r}")

    async def stored(self, id: SubscriberId | None = None) -> Subscriber:
        found = await self.store.find_subscriber(id or f"{READER}")
        assert found is not None
        return found

    async def queries(self, id: SubscriberId | None = None) -> list[str]:
        return [held.query for held in (await self.stored(id)).subscriptions]

    def later(self, **delta: float) -> None:
        self.clock += timedelta(**delta)


def mention(text: str) -> str:
    return f"@{USERNAME} {text}"


def labels(asked: Asked) -> list[str]:
    """What stands on the buttons of a message, row by row."""
    return [button["text"] for button in asked.buttons]
