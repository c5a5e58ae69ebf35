"""The composition root: settings in, a service made of parts out, and its life from start to stop.

The only place that knows every part. Wires stores, reading, composing, sending and chatting together by the roles that
were asked for; decides nothing about issues or readers.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from redis.asyncio import Redis, RedisCluster

from bot.connect_redis import StoreVitals, connect, read_vitals
from bot.digest_service import Digests
from bot.errors import StartError
from bot.fees import Fees
from bot.knowledge import CurrentKnowledge
from bot.metrics import Metrics
from bot.notices import Notices
from bot.pushes import Pushes
from bot.rates import Rates
from bot.relay_paid import PaidLane, paying
from bot.rendering import Renderer
from bot.search_service import Search
from bot.secure_redis import RedisSecure
from bot.services import Services, SourceState
from bot.settings import Settings, need_folder
from bot.source_service import SourceService
from bot.source_web import SourceWeb
from bot.store_process import EmbeddedStore, StoreProcessError, running_store
from bot.texts import Texts
from bot.updates import UpdateLog
from bot.updates_redis import RedisUpdateLog
from digests.admin_redis import RedisAdminStore
from digests.batches_redis import RedisBatchStore
from digests.compose import Stores
from digests.follow_ups_redis import RedisFollowUps
from digests.hits_redis import RedisHitStore
from digests.holds_redis import RedisHolds
from digests.issues_redis import RedisIssueStore
from digests.outbox_redis import RedisOutbox
from digests.pipeline import Secure
from digests.ports import AdminStore, BatchStore, FollowUps, Holds
from digests.rates import Budget, RateLimits, RateStore
from digests.rates_redis import RedisRates
from digests.search import Archive
from digests.search_kept_redis import RedisKeptQueries
from digests.sources.folder import FolderSource
from digests.sources.registry import SourceStore
from digests.sources_redis import RedisSourceStore
from subscriptions import AliasTable
from subscriptions.service import SubscriptionService
from subscriptions.subscribers_redis import RedisSubscriberStore

log = logging.getLogger(__name__)
ATTACH_WITHIN = 20.0
"""Seconds that one of several processes waits for the store of another that was started at the same time, or is being ended."""


def present() -> datetime:
    return datetime.now(UTC)


class Watched:
    """The inbox as admins see it: where it is, what was wrong last, and a way to put a file in."""

    def __init__(self, source: FolderSource, folder: Path) -> None:
        self._source, self._folder = source, folder
        self.checked: datetime | None = None
        self.problem = ""

    def note(self, at: datetime, problem: str | None = None) -> None:
        """A check ended at `at`; `problem`: what it could not read, in plain words."""
        self.checked = at
        if problem is not None:
            self.problem = problem

    def states(self) -> list[SourceState]:
        return [SourceState(self._source.name, str(self._folder), self.checked, self.problem)]

    async def accept(self, name: str, content: bytes) -> None:
        await asyncio.to_thread(self._write, name, content)

    def _write(self, name: str, content: bytes) -> None:
        """Under a hidden name first, so that no check ever sees half a file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        safe = Path(name).name.lstrip(".") or "issue.txt"
        draft = self._folder / f".{safe}.part"
        draft.write_bytes(content)
        draft.replace(self._folder / safe)


@dataclass(slots=True)
class App:
    """Everything but the network: what the command line and the roles share."""

    settings: Settings
    stores: Stores
    admin: AdminStore
    batches: BatchStore
    holds: Holds
    follow_ups: FollowUps
    knowledge: CurrentKnowledge
    renderer: Renderer
    texts: Texts
    inbox: FolderSource
    watched: Watched
    sources: SourceStore
    web: SourceWeb
    services: Services
    notices: Notices
    rates: Rates
    paid: PaidLane | None
    fees: Fees
    metrics: Metrics
    updates: UpdateLog
    nudges: list[Callable[[], None]]
    composers: list[Callable[[], None]]
    vitals: Callable[[], Awaitable[StoreVitals]]
    secure: Secure

    def nudge(self) -> None:
        """Wake whoever sends."""
        for wake in self.nudges:
            wake()


@asynccontextmanager
async def open_app(
    settings: Settings, *, admins: frozenset[int] | None = None, attach: bool = True
) -> AsyncIterator[App]:
    """Store and services. `attach`: where another process runs the embedded store of this data folder, use that one.

    Raises StartError, SettingsError.
    """
    need_folder(settings.data_dir, "KANBAO_DATA_DIR")
    async with AsyncExitStack() as stack:
        url = await _store_url(settings, stack, attach)
        client = await connect(url)
        stack.push_async_callback(client.aclose)
        app = _assemble(settings, client, settings.admins if admins is None else admins)
        stack.push_async_callback(app.web.close)
        yield app


async def _store_url(settings: Settings, stack: AsyncExitStack, attach: bool) -> str:
    if settings.redis_url is not None:
        return settings.redis_url.get_secret_value()
    store = EmbeddedStore(settings.data_dir)
    stack.push_async_callback(store.stop)
    deadline = asyncio.get_running_loop().time() + (ATTACH_WITHIN if attach else 0)
    while True:
        running = await asyncio.to_thread(running_store, settings.data_dir) if attach else None
        if running is not None:
            return running
        try:
            return await store.start()
        except StoreProcessError as error:
            taken = isinstance(error.__cause__, BlockingIOError)  # by one whose store is starting, or ending
            if not taken or asyncio.get_running_loop().time() > deadline:
                raise StartError(str(error)) from error
        await asyncio.sleep(0.2)


def _assemble(settings: Settings, client: Redis | RedisCluster, admins: frozenset[int]) -> App:
    stores = Stores(
        subscribers=RedisSubscriberStore(client),
        issues=RedisIssueStore(client),
        hits=RedisHitStore(client),
        outbox=RedisOutbox(client, ledger=timedelta(days=settings.ledger_days)),
    )
    admin, batches, holds = RedisAdminStore(client), RedisBatchStore(client), RedisHolds(client)
    texts = Texts.load(strict=False)
    knowledge = CurrentKnowledge(admin, settings.data_dir)
    renderer = Renderer(stores.issues, stores.hits, stores.subscribers, texts, knowledge)
    inbox = FolderSource("inbox", settings.inbox)
    watched = Watched(inbox, settings.inbox)
    store = RedisSourceStore(client)
    web = SourceWeb(settings.data_dir, store, settings.timezone)
    sources = SourceService(store, web, admin, watched.states, present)
    digests = Digests(stores, admin, knowledge, renderer, texts, watched.states)
    metrics, limits, budget = Metrics(), RateLimits(per_second=settings.rate), settings.budget
    shared = RedisRates(client, settings.bot_id, limits)
    fees = Fees(shared, budget)
    pushes = Pushes(stores, holds, batches, admin, knowledge, renderer, settings.rate, fees)
    nudges: list[Callable[[], None]] = []
    composers: list[Callable[[], None]] = []

    def nudge() -> None:
        for wake in (*composers, *nudges):
            wake()

    services = Services(
        subscriptions=SubscriptionService(stores.subscribers),
        digests=digests,
        pushes=pushes,
        texts=texts,
        admins=admins,
        now=present,
        nudge=nudge,
        sandbox=settings.sandbox,
        inbox=watched.accept,
        timezone=settings.timezone,
        topics=lambda: knowledge.knowledge.topics.topics,
        search=_search(settings, stores, client, knowledge, texts),
        sources=sources,
    )
    notices, rates = Notices(stores, admin, texts, admins), Rates(shared, limits, present, metrics=metrics)
    return App(
        settings, stores, admin, batches, holds, RedisFollowUps(client), knowledge, renderer, texts, inbox, watched, store, web, services, notices, rates,
        _paid_lane(shared, budget, batches, metrics), fees, metrics, RedisUpdateLog(client, settings.bot_id), nudges, composers, partial(read_vitals, client),
        RedisSecure(client),
    )  # fmt: skip


def _paid_lane(store: RateStore, budget: Budget, batches: BatchStore, metrics: Metrics) -> PaidLane | None:
    """None: nothing may be paid for."""
    if not budget.per_second:
        return None
    rates = Rates(store, RateLimits(per_second=budget.per_second), present, metrics=metrics, budget=budget)
    return PaidLane(rates, partial(paying, batches), present)


def _search(
    settings: Settings, stores: Stores, client: Redis | RedisCluster, knowledge: CurrentKnowledge, texts: Texts
) -> Search:
    def aliases() -> AliasTable:
        return AliasTable(knowledge.knowledge.aliases)

    archive = Archive(stores.issues, settings.data_dir / "search", aliases)
    return Search(archive, RedisKeptQueries(client), texts, lambda: knowledge.knowledge.aliases)
