"""The chat's ear: updates reach the dispatcher by polling, or by a webhook where one is set. Answers go out by `bot`.

One process may poll; behind a webhook any number of replicas listen. Changing from one to the other needs a restart only.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.types import TelegramObject
from pydantic import SecretStr

from bot.app import App
from bot.chat.dispatcher import build_dispatcher
from bot.chat.menus import register_commands
from bot.chat.reader import Handler
from bot.webhook import Webhook, patiently, withdraw

LEAST_AT_ONCE, MOST_AT_ONCE = 8, 400


class UnderWay(BaseMiddleware):
    """Which updates are being handled: polling ends without waiting for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            return await handler(event, data)
        finally:
            self._tasks.discard(task)

    async def ended(self) -> None:
        """Wait until none is handled any more."""
        while self._tasks:
            await asyncio.wait(self._tasks)


class Listening:
    """`hook`: for the web server; None: updates are polled. `start` once, `finish` at the end."""

    def __init__(self, app: App, bot: Bot) -> None:
        self._app, self._bot = app, bot
        self._dispatcher, self._under_way = build_dispatcher(app.services), UnderWay()
        self._dispatcher.update.outer_middleware(self._under_way)
        self.hook = self._hook(app.settings.webhook_url, app.settings.webhook_secret)
        self._tasks: list[asyncio.Task[None]] = []

    def _hook(self, url: str | None, secret: SecretStr | None) -> Webhook | None:
        if url is None or secret is None:
            return None
        app, known = self._app, secret.get_secret_value()
        return Webhook(self._dispatcher, self._bot, app.updates, url, known, metrics=app.metrics)

    def start(self) -> None:
        """Menus are registered beside it, for a token that is wrong must not stop the rest."""
        way = self._poll() if self.hook is None else patiently(self.hook.announce)
        self._tasks = [
            asyncio.create_task(way, name="chat"),
            asyncio.create_task(register_commands(self._bot, self._app.services), name="menus"),
        ]

    async def finish(self, within: float) -> None:
        """Hear no more, and end what is under way within so many seconds."""
        if self.hook is not None:
            await self.hook.close(within)
            await self._dispatcher.emit_shutdown(bot=self._bot, **self._dispatcher.workflow_data)
        else:
            with suppress(RuntimeError):  # polling has not begun, or has ended
                await self._dispatcher.stop_polling()
            with suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await asyncio.wait(self._tasks[:1])
                    await self._under_way.ended()
        for task in self._tasks:
            task.cancel()

    async def _poll(self) -> None:
        await patiently(partial(withdraw, self._bot))
        most = at_once(self._app.settings.rate)
        await self._dispatcher.start_polling(
            self._bot, handle_signals=False, close_bot_session=False, tasks_concurrency_limit=most
        )


def at_once(rate: int) -> int:
    """How many updates are handled at once, of those that are polled: as many as can be answered in some three seconds. The rest wait
    at Telegram: after an outage hundreds come together, and answers that wait for their turn too long are refused."""
    return min(MOST_AT_ONCE, max(LEAST_AT_ONCE, 3 * rate))
