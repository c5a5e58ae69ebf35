"""The service from start to stop: the roles that were asked for, each as tasks, until a signal ends them.

Stops in the order in which nothing is lost: no new ticks, what is claimed is finished or handed back by its lease,
the chat and the pages close, the store last.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from rich.console import Console

from bot.alarms import EVERY, Alarms
from bot.app import App, open_app, present
from bot.batch_steps import BatchSteps, Guard
from bot.errors import StartError
from bot.line import Line
from bot.listening import Listening
from bot.logs import configure, event
from bot.patience import Patience
from bot.relay import Relay
from bot.samples import publish_next
from bot.sandbox import SANDBOX_ADMIN_ID, Sandbox, SandboxError
from bot.schedule import Step, hurry, ticking
from bot.sender import Sender
from bot.settings import Settings, need_folder
from bot.source_watch import SourceWatch
from bot.steps import Steps
from bot.suggestions import Suggestions
from bot.web.pages import WebPages

if TYPE_CHECKING:
    from bot.traces import Traces

log = logging.getLogger(__name__)

ROLES = ("watch", "match", "compose", "deliver", "chat", "web")
TICK = timedelta(seconds=1)
FORGETTING = timedelta(minutes=10)
"""Between two looks for queries that nobody holds any more."""
SANDBOX_BOT = "42:SANDBOX"
"""The token of the sandbox's own bot, good for nothing else."""
STOP_WITHIN = 9.0
"""Seconds for finishing what is under way; the whole end takes no more than ten."""
Ending = Callable[[], Awaitable[None]]


def roles_of(only: str) -> frozenset[str]:
    """Raises StartError that names the roles there are."""
    asked = frozenset(filter(None, (part.strip() for part in only.replace("，", ",").split(","))))
    unknown = asked - set(ROLES)
    if unknown:
        raise StartError(
            f"没有这些角色 / no such roles: {', '.join(sorted(unknown))}；可用 / there are: {', '.join(ROLES)}"
        )
    return asked or frozenset(ROLES)


async def serve(settings: Settings, only: str = "", *, stop: asyncio.Event | None = None) -> None:
    """Run until SIGINT or SIGTERM, or until `stop` is set. Raises StartError, SettingsError."""
    configure(as_json=settings.log == "json", secrets=settings.secrets())
    stop = stop or _stopped_by_signal()
    roles = roles_of(only)
    need_folder(settings.data_dir, "KANBAO_DATA_DIR")  # first: the inbox lies in it unless set
    need_folder(settings.inbox, "KANBAO_INBOX")
    async with AsyncExitStack() as stack:
        admins = settings.admins | {SANDBOX_ADMIN_ID} if settings.sandbox else settings.admins
        app = await stack.enter_async_context(open_app(settings, admins=admins, attach=only != ""))
        base, token = await _open_api(app, stack, roles)
        listening = Listening(app, _bot(app, base, token, stack)) if "chat" in roles else None
        hook = listening.hook if listening else None
        if not settings.sandbox and ("web" in roles or hook):
            await stack.enter_async_context(WebPages(settings, app, hook))
        traces = _open_traces(settings, stack)
        steps = Steps(
            app.stores, app.follow_ups, app.knowledge, [app.inbox], app.notices, present, app.nudge, app.watched.note, app.secure,
            traces, Suggestions(app.stores, app.texts, lambda: app.knowledge.aliases),
        )  # fmt: skip
        watching = SourceWatch(
            app.sources, app.web, app.stores.issues, app.knowledge.read, steps.noticed, app.notices, present, app.secure
        )
        stack.push_async_callback(watching.close)
        alarms = Alarms(app.stores.outbox, app.vitals, app.notices, present, app.nudge, socket.gethostname())
        if listening is not None:
            await _start_search(app, stack)
        ticks = await stack.enter_async_context(ticking(_steps(steps, _batch_steps(app), watching, alarms, roles)))
        if "compose" in roles:
            app.composers.append(partial(hurry, ticks, "compose"))
        endings: list[Ending] = []
        stack.push_async_callback(_end_together, endings)
        if "deliver" in roles:
            endings.append(_start_relay(app, Line(base, token), traces))
        if listening is not None:
            listening.start()
            endings.append(partial(listening.finish, STOP_WITHIN))
        if settings.log == "text":
            _greet(settings, shows="web" in roles)
        spare_collector()
        event(log, "started", roles=",".join(sorted(roles)))
        await stop.wait()
        event(log, "stopping")


def spare_collector() -> None:
    """What has been made up to now stays until the end: the collector looks at it no more. Some hundred thousand objects of the
    libraries took it a fifth of a second every time, in which nothing was sent and nobody was answered."""
    gc.collect()
    gc.freeze()


def _stopped_by_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    return stop


def _batch_steps(app: App) -> BatchSteps:
    guard = Guard(app.settings.push_failures / 100, app.settings.push_failures_least)
    return BatchSteps(
        app.stores,
        app.holds,
        app.batches,
        app.admin,
        app.knowledge,
        app.notices,
        guard,
        present,
        app.nudge,
        app.fees,
        app.secure,
    )


def _steps(
    steps: Steps, batches: BatchSteps, watching: SourceWatch, alarms: Alarms, roles: frozenset[str]
) -> dict[str, tuple[Step, timedelta]]:
    every = {
        "watch": {"watch": steps.watch, "sources": watching.step},
        "match": {"match": steps.match},
        "compose": {"compose": steps.compose, "batches": batches.step},
    }
    made: dict[str, tuple[Step, timedelta]] = {
        name: (step, TICK) for role in every if role in roles for name, step in every[role].items()
    }
    if "match" in roles:
        made["queries"] = (steps.forget_queries, FORGETTING)
    if "deliver" in roles:
        made["alarms"] = (alarms.step, EVERY)
    return made


async def _open_api(app: App, stack: AsyncExitStack, roles: frozenset[str]) -> tuple[str, str]:
    """Base address and token. Without a token it is the sandbox, which the process with the web role runs."""
    settings = app.settings
    if settings.bot_token is not None:
        return settings.api_url, settings.bot_token.get_secret_value()
    host, port = settings.web_address or ("127.0.0.1", 0)
    if "web" not in roles:
        return f"http://{host}:{port}", SANDBOX_BOT
    state = settings.data_dir / "sandbox.json"
    publish = partial(asyncio.to_thread, publish_next, settings.inbox)
    try:
        sandbox = Sandbox(host, port, token=SANDBOX_BOT, state_file=state, publish=publish, now=present)
        await stack.enter_async_context(sandbox)
    except SandboxError as error:
        raise StartError(str(error)) from error
    except OSError as error:
        raise StartError(
            f"{host}:{port} 已被占用，请设置 KANBAO_WEB=127.0.0.1:其他端口 / is in use: set KANBAO_WEB to another port"
        ) from error
    return sandbox.base_url, SANDBOX_BOT


def _bot(app: App, base: str, token: str, stack: AsyncExitStack) -> Bot:
    """For answers to readers. The relay has a line of its own: its outbox holds the times, and nobody sleeps on them."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(base))
    session.middleware(Patience(app.rates))
    stack.push_async_callback(session.close)
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True))


async def _end_together(endings: list[Ending]) -> None:
    """At once, so that all of it takes no longer than the longest."""
    await asyncio.gather(*(ending() for ending in endings))


def _open_traces(settings: Settings, stack: AsyncExitStack) -> Traces | None:
    """None: nobody wants them, and nothing of it is loaded. Raises StartError where the extra is not installed."""
    if settings.traces is None:
        return None
    try:
        from bot.traces import open_traces
    except ImportError as error:
        raise StartError("KANBAO_TRACES 需要先安装附加依赖 / needs the extra: pip install 'kanbao[otel]'") from error
    traces = open_traces(settings.traces)
    stack.push_async_callback(asyncio.to_thread, traces.close)
    return traces


def _start_relay(app: App, line: Line, traces: Traces | None) -> Ending:
    async def alarm(error: str) -> None:
        await app.notices.alarm(error, present())

    relay = Relay(
        app.stores.outbox,
        app.stores.subscribers,
        app.services.subscriptions,
        Sender(line.post),
        app.rates,
        app.renderer.chunks,
        alarm,
        present,
        metrics=app.metrics,
        paid=app.paid,
        traces=traces,
    )
    task = asyncio.create_task(relay.run(), name="relay")
    app.nudges.append(relay.nudge)

    async def finish() -> None:
        relay.stop()
        await asyncio.wait([task], timeout=STOP_WITHIN)
        task.cancel()
        await line.close()

    return finish


async def _start_search(app: App, stack: AsyncExitStack) -> None:
    """The index catches up while the rest starts."""
    if (search := app.services.search) is not None:
        stack.push_async_callback(search.close)
        await search.warm()


def _greet(settings: Settings, *, shows: bool) -> None:
    """Where to look, for a person at a terminal. `shows`: this process has the pages."""
    console = Console(stderr=True, soft_wrap=True)
    host, port = settings.web_address or ("", 0)
    if settings.sandbox:
        console.print(f"\n[bold]刊报沙盒 Kanbao sandbox[/bold]  http://{host}:{port}/\n")
        console.print("在网页中与机器人对话，点「发布下一期」看摘要。Ctrl-C 停止。")
        console.print('Talk with the bot on that page; press "Publish the next issue". Ctrl-C stops.\n')
    elif host and shows:
        console.print(f"\n[bold]刊报 Kanbao[/bold]  http://{host}:{port}/\n")
    sys.stderr.flush()
