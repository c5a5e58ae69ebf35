"""The doctor's checks of what answers over a socket: the store, Telegram, the clock, the service itself.

Every failure becomes a line, whatever it is: a doctor that breaks down helps nobody.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any

import aiohttp

from bot.connect_redis import connect
from bot.settings import Settings
from bot.store_process import EmbeddedStore, StoreProcessError, running_store
from digests.errors import StoreError

PATIENCE, HEALTH_PATIENCE = 10.0, 3.0
SKEW_LIMIT = 5.0


@dataclass(frozen=True, slots=True)
class Check:
    """`ok`: True right, False wrong, None a hint. The lines say what is so and, if need be, how to mend it."""

    name: str
    ok: bool | None
    line_zh: str
    line_en: str


@dataclass(frozen=True, slots=True)
class StoreTime:
    """What the store's clock said, and ours at that moment. Seconds since the epoch."""

    theirs: float
    ours: float


async def check_store(settings: Settings, *, start: bool = True) -> tuple[Check, StoreTime | None]:
    """Version, persistence, eviction. `start`: an embedded store that does not run is started for the look."""
    try:
        async with asyncio.timeout(PATIENCE * 3), _store_url(settings, start) as url, _client(url) as ask:
            info, policy = await ask("INFO"), _texts(await ask("CONFIG", "GET", "maxmemory-policy"))
            seconds, micros = await ask("TIME")
            return _judge_store(info, policy[-1]), StoreTime(int(seconds) + int(micros) / 1e6, time.time())
    except StoreProcessError as error:
        return Check("store", False, f"内置存储没有运行：{error}", f"the embedded store does not run: {error}"), None
    except (PermissionError, FileExistsError, FileNotFoundError, NotADirectoryError) as error:
        return _data_folder_closed(settings.data_dir, error), None
    except Exception as error:  # whatever the library or the network raises, the line says it
        return _store_unreachable(error), None


@asynccontextmanager
async def _store_url(settings: Settings, start: bool) -> AsyncIterator[str]:
    if settings.redis_url:
        yield settings.redis_url.get_secret_value()
    elif running := await asyncio.to_thread(running_store, settings.data_dir):
        yield running
    elif start:
        store = EmbeddedStore(settings.data_dir, patience=PATIENCE * 2)
        try:
            yield await store.start()
        finally:
            await store.stop()
    else:
        raise StoreProcessError("服务没有启动，请运行 kanbao run / start the service with kanbao run")


@asynccontextmanager
async def _client(url: str) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """A function that sends one command; of a cluster, one node speaks for all."""
    client: Any = await connect(url, patience=PATIENCE / 2, retries=0)
    node = {"target_nodes": client.get_random_node()} if hasattr(client, "get_random_node") else {}
    try:
        yield lambda *command: client.execute_command(*command, **node)
    finally:
        await client.aclose()


def _texts(answer: Mapping[bytes, bytes] | Sequence[bytes]) -> list[str]:
    """Key and value of CONFIG GET, in whichever form the protocol's version gives them."""
    flat = [part for pair in answer.items() for part in pair] if isinstance(answer, Mapping) else answer
    return [part.decode() if isinstance(part, bytes) else str(part) for part in flat]


def _judge_store(info: Mapping[str, Any], policy: object) -> Check:
    name = "Valkey" if "valkey_version" in info else "Redis"
    version = str(info.get("valkey_version") or info.get("redis_version") or "0")
    wrong = [problem for problem in (_not_persistent(info), _evicts(policy)) if problem]
    if wrong:
        zh, en = zip(*wrong, strict=True)
        return Check("store", False, f"{name} {version}：{'；'.join(zh)}", "; ".join(en))
    return Check("store", True, f"{name} {version}，已持久化，不淘汰数据", "persistent, evicts nothing")


def _not_persistent(info: Mapping[str, Any]) -> tuple[str, str] | None:
    if not int(info.get("aof_enabled", 0)):
        return (
            "没有开启 AOF，断电会丢失数据；请设 appendonly yes",
            "AOF is off, a power cut loses data; set appendonly yes",
        )
    if info.get("aof_last_write_status", "ok") != "ok":
        return "AOF 写入失败；请检查磁盘空间和权限", "writing the AOF fails; look at the disk's space and permissions"
    return None


def _evicts(policy: object) -> tuple[str, str] | None:
    if policy == "noeviction":
        return None
    return (
        f"内存策略是 {policy}，会丢弃订阅；请设 maxmemory-policy noeviction",
        f"its policy {policy} would drop subscriptions; set maxmemory-policy noeviction",
    )


def _data_folder_closed(data_dir: Path, error: OSError) -> Check:
    return Check(
        "store", False, f"{error.filename or data_dir} 不可写；请改权限或 KANBAO_DATA_DIR",
        f"{error.filename or data_dir} cannot be written; change that or KANBAO_DATA_DIR",
    )  # fmt: skip


def _store_unreachable(error: Exception) -> Check:
    what = str(error) if isinstance(error, StoreError) else f"{type(error).__name__}: {error}".removesuffix(": ")
    return Check(
        "store", False, f"无法连接（{what}）；请检查 KANBAO_REDIS_URL，或不设它而用内置存储",
        f"no connection ({what}); check KANBAO_REDIS_URL, or leave it out for the embedded store",
    )  # fmt: skip


async def check_token(settings: Settings) -> Check:
    """Asks Telegram who the bot is."""
    if settings.bot_token is None:
        return Check("token", True, "没有令牌：沙盒模式", "none: the sandbox")
    from aiogram import Bot  # takes seconds to import: only where there is a token
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.exceptions import TelegramNetworkError, TelegramNotFound, TelegramUnauthorizedError

    session = AiohttpSession(api=TelegramAPIServer.from_base(settings.api_url), timeout=PATIENCE)
    try:
        async with Bot(settings.bot_token.get_secret_value(), session=session) as bot:
            me = await bot.get_me()
    except (TelegramUnauthorizedError, TelegramNotFound):
        return Check(
            "token",
            False,
            "Telegram 不认识这个令牌；请向 @BotFather 重新索取",
            "Telegram does not know it; ask @BotFather for another",
        )
    except TelegramNetworkError:
        return Check(
            "token", False, f"连不上 {settings.api_url}；请检查网络，或把 KANBAO_API_URL 设为自建服务器或代理",
            f"cannot reach {settings.api_url}; check the network, or set KANBAO_API_URL to a server or proxy of your own",
        )  # fmt: skip
    except Exception as error:  # as above
        return Check(
            "token",
            False,
            f"getMe 失败（{error}）；请检查 KANBAO_API_URL",
            f"getMe failed ({error}); check KANBAO_API_URL",
        )
    return Check("token", True, f"@{me.username}", "Telegram knows it")


async def check_clock(settings: Settings, skew_to_store: float | None) -> Check:
    """Against the Bot API server's Date where there is a token, else against the store's clock."""
    skew = await _skew_to_api(settings.api_url) if settings.bot_token else skew_to_store
    if skew is None:
        return Check("clock", None, "没有可比对的时钟", "nothing to compare it with")
    if abs(skew) > SKEW_LIMIT:
        zh, en = ("快", "ahead") if skew > 0 else ("慢", "behind")
        return Check(
            "clock", False, f"{zh}了 {abs(skew):.0f} 秒，摘要会在错误的时刻发出；请开启 NTP 校时",
            f"{abs(skew):.0f} s {en}, digests would go out at the wrong time; switch NTP on",
        )  # fmt: skip
    return Check("clock", True, f"误差不到 {SKEW_LIMIT:.0f} 秒", f"less than {SKEW_LIMIT:.0f} s off")


def skew_of_store(times: StoreTime | None) -> float | None:
    return times.ours - times.theirs if times else None


async def _skew_to_api(address: str) -> float | None:
    """Seconds that our clock is ahead of the server's Date, which is cut to whole seconds."""
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session:
            sent = time.time()
            async with session.head(address, allow_redirects=False) as answer:
                theirs = parsedate_to_datetime(answer.headers["Date"]).timestamp() + 0.5
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
        return None
    return (sent + time.time()) / 2 - theirs


async def service_answers(host: str, port: int) -> bool:
    """Whether a healthy service of ours is at this address."""
    if host in {str(IPv4Address(0)), str(IPv6Address(0))}:  # a service that listens everywhere is asked at home
        host = "::1" if ":" in host else "127.0.0.1"
    shown = f"[{host}]" if ":" in host else host
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=HEALTH_PATIENCE)) as session,
            session.get(f"http://{shown}:{port}/healthz") as answer,
        ):
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
