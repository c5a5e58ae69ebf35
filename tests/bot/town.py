"""The whole service in one process against the sandbox: people who type and tap there, real digests, and a relay that sends.

Readers and issues are kept in memory; time is moved by hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from chat_driver import KNOWLEDGE, TEXTS, pushes_of
from pipeline_world import World
from sandbox_kit import TOKEN, Client, polled, sandboxed
from store_servers import memory

from bot.chat import build_dispatcher
from bot.digest_service import Digests
from bot.line import Line
from bot.rates import Rates
from bot.relay import Relay
from bot.rendering import Renderer
from bot.sandbox.actions import Actions
from bot.search_service import Search
from bot.sender import Sender
from bot.services import Services
from digests.compose import compose_due
from digests.pipeline import MatcherFeed
from digests.ports import IssueStore
from digests.rates import RateLimits
from digests.rates_memory import MemoryRates
from digests.search import Archive
from digests.search_kept import MemoryKeptQueries


@dataclass
class Town:
    api: Client
    world: World
    relay: Relay

    @property
    def act(self) -> Actions:
        return self.api.sandbox.act

    def messages(self, chat: int, thread: int | None = None) -> list[dict[str, Any]]:
        """Of one forum topic, 0 the general one; None: of all the chat."""
        said = self.api.sandbox.world.chats[chat].messages.values()
        return [one for one in said if thread is None or one.get("message_thread_id", 0) == thread]

    def text(self, chat: int, thread: int | None = None) -> str:
        return next((str(one["text"]) for one in reversed(self.messages(chat, thread)) if "text" in one), "")

    async def until(self, seen: Callable[[], object]) -> None:
        for _ in range(500):
            if seen():
                return
            await asyncio.sleep(0.01)
        shown = [self.text(chat) for chat in self.api.sandbox.world.chats]
        raise AssertionError(f"not seen in five seconds: {shown}")

    async def says(self, user: int, chat: int, text: str, answer: str, thread: int = 0) -> None:
        self.act.write(user, chat, text, thread=thread)
        await self.until(lambda: answer in self.text(chat, thread or None))

    async def asks(self, user: int, chat: int, text: str) -> str:
        """What is answered, whatever it is."""
        asked = self.act.write(user, chat, text)["message_id"]
        await self.until(lambda: any(one["message_id"] > asked for one in self.messages(chat)))
        return self.text(chat)

    async def press(self, user: int, chat: int, label: str, thread: int | None = None) -> str:
        """The newest message with such a button; answers the words at the top of the screen once they come."""
        for message in reversed(self.messages(chat, thread)):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if label in button["text"]:
                        return await self._pressed(user, chat, message["message_id"], button)
        raise AssertionError(f"no button {label!r}")

    async def _pressed(self, user: int, chat: int, message: int, button: dict[str, Any]) -> str:
        events = self.api.sandbox.world.events
        before = events.seq
        query = self.act.press(user, chat, message, button["callback_data"])
        await self.until(lambda: self.api.sandbox.world.queries[query].answered)
        told = [one for one in events.since(before) or [] if one["kind"] == "answer"]
        return str(told[-1].get("text", "")) if told else ""

    async def deliver(self, **later: float) -> None:
        """Time goes on, what is due is composed, and the relay sends it."""
        self.api.clock.seconds += timedelta(**later).total_seconds()
        for _ in range(4):
            self.api.clock.seconds += 2
            await compose_due(self.world.stores, self.api.clock.now(), aliases=KNOWLEDGE.aliases)
            await self.relay.step()

    async def at(self, moment: datetime) -> None:
        """It is now `moment`, and all that is due by then is sent."""
        await self.deliver(seconds=(moment - self.api.clock.now()).total_seconds())

    def times_told(self, chat: int, words: str) -> int:
        """In how many messages of the bot's and the people's they stand."""
        return sum(words in str(one.get("text", "")) for one in self.messages(chat))


@asynccontextmanager
async def in_town(archive: Path | None = None) -> AsyncIterator[Town]:
    """`archive`: the folder of the index that /search needs; None: there is none."""
    world = World(memory())
    world.feed = MatcherFeed(world.all.subscribers, KNOWLEDGE.aliases)
    async with sandboxed() as api:
        clock, limits, stores = api.clock, RateLimits(), world.all
        line = Line(api.sandbox.base_url, TOKEN)

        async def sleep(seconds: float) -> None:
            clock.seconds += max(seconds, 0.001)

        async def alarm(error: str) -> None:
            raise AssertionError(error)

        renderer = Renderer(stores.issues, stores.hits, stores.subscribers, TEXTS, KNOWLEDGE)
        relay = Relay(
            stores.outbox, stores.subscribers, world.service, Sender(line.post),
            Rates(MemoryRates(limits), limits, clock.now, sleep), renderer.chunks, alarm, clock.now, sleep,
        )  # fmt: skip
        search = searching(stores.issues, archive) if archive else None
        services = Services(
            subscriptions=world.service, digests=Digests(world.stores, stores.admin, KNOWLEDGE, renderer, TEXTS, list),
            pushes=pushes_of(world, TEXTS), texts=TEXTS, admins=frozenset(), now=clock.now, nudge=relay.nudge,
            topics=lambda: KNOWLEDGE.knowledge.topics.topics, search=search,
        )  # fmt: skip
        bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api.sandbox.base_url)))
        dispatcher = build_dispatcher(services)
        try:
            async with polled(dispatcher, bot):
                yield Town(api, world, relay)
        finally:
            await line.close()
            if search is not None:
                await search.close()


def searching(issues: IssueStore, folder: Path) -> Search:
    return Search(
        Archive(issues, folder, lambda: KNOWLEDGE.aliases),
        MemoryKeptQueries(),
        TEXTS,
        lambda: KNOWLEDGE.knowledge.aliases,
    )
