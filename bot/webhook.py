"""Updates that Telegram pushes: the handler behind the public address, and telling Telegram of that address.

Rules: nothing is read before the secret is right; an update is handled once over all replicas (bot/updates.py); Telegram gets
its answer in time however long a handler takes. What is answered other than 200, Telegram sends again.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from aiogram import Bot, Dispatcher
from aiogram.exceptions import AiogramError
from aiogram.methods import TelegramMethod
from aiohttp import web

from bot.logs import event
from bot.metrics import Metrics
from bot.updates import Claim, UpdateLog
from digests.errors import StoreError

log = logging.getLogger(__name__)

PROOF_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1 << 20
"""Bytes of an update. Telegram's own have some kilobytes: files come as ids."""
ANSWER_WITHIN = 10.0
"""Seconds. Telegram gives up after a minute and counts that as a failure."""
LEASE = timedelta(seconds=30)
"""Longer than ANSWER_WITHIN, so that nobody takes over what is being handled."""
CONNECTIONS = 40
"""Updates under way at once, over all replicas; Telegram keeps those of one chat in order."""
WAITS = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds between attempts to reach Telegram at start; the last one is repeated."""


class Webhook:
    """One replica's handler. `url`: the public address; its path is the route here."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        bot: Bot,
        updates: UpdateLog,
        url: str,
        secret: str,
        answer_within: float = ANSWER_WITHIN,
        metrics: Metrics | None = None,
    ) -> None:
        self._dispatcher, self._bot, self._updates = dispatcher, bot, updates
        self._url, self._secret, self._answer_within = url, secret, answer_within
        self._outcomes = (metrics or Metrics()).updates
        self._under_way: set[asyncio.Task[tuple[int, str]]] = set()
        self._closing = False

    def routes(self) -> list[web.RouteDef]:
        return [web.post(urlsplit(self._url).path or "/", self.handle)]

    async def announce(self) -> None:
        """Have Telegram push to us, unless it does already. Raises AiogramError, StoreError."""
        kinds = self._dispatcher.resolve_used_update_types()
        mark, info = _mark(self._url, self._secret), await self._bot.get_webhook_info()
        known = (info.url, info.max_connections, sorted(info.allowed_updates or ()))
        if known == (self._url, CONNECTIONS, sorted(kinds)) and await self._updates.find_hook() == mark:
            return
        await self._bot.set_webhook(
            self._url, secret_token=self._secret, allowed_updates=kinds, max_connections=CONNECTIONS
        )
        await self._updates.put_hook(mark)
        event(log, "webhook_set", updates=",".join(sorted(kinds)))

    async def handle(self, request: web.Request) -> web.Response:
        """200: handled, now or before. 401: not Telegram. 400, 413: no update. 503: Telegram should send it again."""
        given = request.headers.get(PROOF_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret.encode()):
            return self._done(401, "refused")
        if self._closing:
            return self._done(503, "closing")
        if (update := _update_in(await request.read())) is None:
            return web.Response(status=400)
        return self._done(*await self._answer(update))

    async def close(self, within: float) -> None:
        """Take nothing more, finish what is under way within so many seconds, give back the rest."""
        self._closing = True
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=within)
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _done(self, status: int, outcome: str) -> web.Response:
        self._outcomes.labels(outcome).inc()
        return web.Response(status=status)

    async def _answer(self, update: dict[str, Any]) -> tuple[int, str]:
        """The status and the outcome. Of a handler that takes too long Telegram hears that all is well, and it goes on."""
        task = asyncio.create_task(self._take(update), name=f"update {update['update_id']}")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        done, _ = await asyncio.wait([task], timeout=self._answer_within)
        if done:
            return (503, "closing") if task.cancelled() else task.result()
        event(log, "update_slow", level=logging.WARNING, update=update["update_id"])
        await self._settle(update["update_id"])
        return 200, "slow"

    async def _take(self, update: dict[str, Any]) -> tuple[int, str]:
        number, by = update["update_id"], uuid.uuid4().hex
        try:
            claim = await self._updates.claim(number, by, LEASE)
        except StoreError as error:
            event(log, "update_unclaimed", level=logging.ERROR, update=number, error=str(error))
            return 503, "unclaimed"
        if claim is not Claim.MINE:
            return (200, "repeated") if claim is Claim.DONE else (503, "busy")
        try:
            await self._feed(update)
        except asyncio.CancelledError:
            with suppress(StoreError):
                await self._updates.give_back(number, by)
            raise
        await self._settle(number)
        return 200, "handled"

    async def _feed(self, update: dict[str, Any]) -> None:
        """An update that breaks us is done with: sent again, it would break us again and hold up its chat."""
        try:
            result = await self._dispatcher.feed_raw_update(self._bot, update)
            if isinstance(result, TelegramMethod):
                await self._dispatcher.silent_call_request(self._bot, result)
        except Exception:
            log.exception("update %s failed", update["update_id"])

    async def _settle(self, number: int) -> None:
        try:
            await self._updates.settle(number)
        except StoreError as error:
            event(log, "update_unsettled", level=logging.WARNING, update=number, error=str(error))


async def withdraw(bot: Bot) -> None:
    """Have Telegram keep updates for polling; those that wait stay. Raises AiogramError."""
    if (await bot.get_webhook_info()).url:
        await bot.delete_webhook(drop_pending_updates=False)
        event(log, "webhook_deleted")


async def patiently(
    step: Callable[[], Awaitable[None]],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    waits: Sequence[float] = WAITS,
) -> None:
    """Do a step until it succeeds: neither Telegram nor the store need be there when we start."""
    tried = 0
    while True:
        try:
            return await step()
        except (AiogramError, StoreError) as error:
            event(log, "updates_unsettled", level=logging.ERROR, error=f"{type(error).__name__}: {error}")
        await sleep(waits[min(tried, len(waits) - 1)])
        tried += 1


def _update_in(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = update.get("update_id") if isinstance(update, dict) else None
    return update if isinstance(number, int) and not isinstance(number, bool) else None


def _mark(url: str, secret: str) -> str:
    """Tells whether this address was set with this secret, which Telegram does not show, and gives neither away."""
    return blake2b(url.encode(), key=blake2b(secret.encode(), digest_size=32).digest(), digest_size=16).hexdigest()
