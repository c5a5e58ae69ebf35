"""The web pages of a service with a token: a status page for people, health and readiness for machines.

Read-only, and shows no reader's data. A process that has the chat takes Telegram's updates here, if a webhook is set. Without a
token the sandbox's chat page stands in this place.
"""

from __future__ import annotations

from html import escape

from aiohttp import web

from bot.app import App
from bot.errors import StartError
from bot.metrics import CONTENT_TYPE
from bot.settings import Settings
from bot.webhook import LARGEST, Webhook

PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>刊报 Kanbao</title><style>body{{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}td,th{{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc}}
:root{{color-scheme:light dark}}</style><h1>刊报 Kanbao</h1><table>{rows}</table></html>"""


class WebPages:
    """`async with`: listening while inside."""

    def __init__(self, settings: Settings, app: App, hook: Webhook | None = None) -> None:
        self._address, self._app, self._hook = settings.web_address, app, hook
        self._runner: web.AppRunner | None = None

    def application(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST)
        app.add_routes(
            [
                web.get("/", self._status),
                web.get("/healthz", self._healthy),
                web.get("/readyz", self._ready),
                web.get("/metrics", self._metrics),
            ]
        )
        if self._hook is not None:
            app.add_routes(self._hook.routes())
        return app

    async def __aenter__(self) -> WebPages:
        if self._address is None:
            return self
        self._runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=1, handle_signals=False)
        await self._runner.setup()
        host, port = self._address
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise StartError(f"{host}:{port} 已被占用，请改 KANBAO_WEB / is in use: change KANBAO_WEB") from error
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _healthy(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _ready(self, request: web.Request) -> web.Response:
        """Ready when the store answers."""
        chats, age = await self._app.stores.outbox.backlog(self._app.services.now())
        return web.json_response({"status": "ok", "backlog": chats, "oldest_seconds": age.total_seconds()})

    async def _metrics(self, request: web.Request) -> web.Response:
        self._app.metrics.backlog(*await self._app.stores.outbox.backlog(self._app.services.now()))
        return web.Response(body=self._app.metrics.page(), headers={"Content-Type": CONTENT_TYPE})

    async def _status(self, request: web.Request) -> web.Response:
        stats = await self._app.services.digests.stats(self._app.services.now())
        rows = "".join(f"<tr><th>{escape(name)}<td>{count}" for name, count in stats.items())
        for source in await self._app.services.digests.sources():
            rows += f"<tr><th>{escape(source.name)}<td>{escape(source.problem or 'ok')}"
        return web.Response(text=PAGE.format(rows=rows), content_type="text/html")
