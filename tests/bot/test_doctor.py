"""The doctor finds what is wrong, says how to mend it, and shows no secret."""

from __future__ import annotations

import asyncio
import io
import os
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from redis.asyncio import Redis
from rich.console import Console

from bot.doctor import (
    FONT_FOLDERS,
    check_fonts,
    check_inbox,
    check_python,
    check_timezone,
    check_web,
    diagnose,
    line_of,
    run_doctor,
)
from bot.doctor_remote import Check, StoreTime, check_clock, check_store, check_token, service_answers, skew_of_store
from bot.settings import Settings
from bot.store_process import EmbeddedStore

TOKEN = "123456:" + "abcdefghij" * 3 + "ABCDE"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper().startswith("KANBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def settings(**given: Any) -> Settings:
    return Settings.model_validate({"web": "127.0.0.1:0", **given})


@asynccontextmanager
async def bot_api(token: str = TOKEN, *, ahead: float = 0.0, status: int = 200) -> AsyncIterator[str]:
    """A Bot API server that knows one token, and whose clock may be wrong."""

    async def get_me(request: web.Request) -> web.Response:
        if status != 200:
            return web.json_response({"ok": False, "error_code": status, "description": "Internal"}, status=status)
        if request.match_info["token"] != token:
            return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        me = {"id": 1, "is_bot": True, "first_name": "刊报", "username": "kanbao_bot"}
        return web.json_response({"ok": True, "result": me})

    async def root(_: web.Request) -> web.Response:
        return web.Response(headers={"Date": formatdate(time.time() + ahead, usegmt=True)})

    app = web.Application()
    app.add_routes([web.post("/bot{token}/getMe", get_me), web.get("/", root)])
    async with serving(app) as port:
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[int]:
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@contextmanager
def a_free_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


# ------------------------------------------------------------------------------------------------ store
async def test_the_embedded_store_is_started_for_the_look_and_stopped(tmp_path: Path) -> None:
    check, times = await check_store(settings(data_dir=tmp_path / "data"))
    assert check.ok and "Valkey" in check.line_zh and times is not None and abs(skew_of_store(times) or 0) < 5
    assert not list((tmp_path / "data").glob("*.sock"))


async def test_the_store_of_a_running_service_is_used(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    await store.start()
    try:
        check, _ = await check_store(settings(data_dir=tmp_path), start=False)
        assert check.ok and store.pid
    finally:
        await store.stop()
    check, times = await check_store(settings(data_dir=tmp_path), start=False)
    assert check.ok is False and "kanbao run" in check.line_en and times is None


async def test_data_of_a_newer_store_are_told_of(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "version").write_text("99.1.0")
    check, _ = await check_store(settings(data_dir=tmp_path))
    assert check.ok is False and "99.1.0" in check.line_zh


async def test_eviction_and_missing_persistence_are_wrong(store_url: str, redis_client: Redis) -> None:
    given = settings(redis_url=store_url)
    assert (await check_store(given))[0].ok
    await redis_client.config_set("maxmemory-policy", "allkeys-lru")
    await redis_client.config_set("appendonly", "no")
    try:
        check, _ = await check_store(given)
    finally:
        await redis_client.config_set("maxmemory-policy", "noeviction")
        await redis_client.config_set("appendonly", "yes")
    assert check.ok is False
    assert "set maxmemory-policy noeviction" in check.line_en and "set appendonly yes" in check.line_en


async def test_a_cluster_is_asked_at_one_node(cluster_url: str) -> None:
    check, times = await check_store(settings(redis_url=cluster_url))
    assert "Valkey" in check.line_zh and times is not None


async def test_a_store_that_is_not_there() -> None:
    check, times = await check_store(settings(redis_url="redis://someone:pass-word@127.0.0.1:1/0"))
    assert check.ok is False and times is None
    assert "KANBAO_REDIS_URL" in check.line_en and "pass-word" not in check.line_zh + check.line_en


async def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    for folder in (tmp_path / "data", tmp_path / "data" / "inside"):
        check, _ = await check_store(settings(data_dir=folder))
        assert check.ok is False and "KANBAO_DATA_DIR" in check.line_zh


# ------------------------------------------------------------------------------------------------ token and clock
async def test_the_token_is_asked_about() -> None:
    async with bot_api() as url:
        assert await check_token(settings(bot_token=TOKEN, api_url=url)) == Check(
            "token", True, "@kanbao_bot", "Telegram knows it"
        )
        wrong = await check_token(settings(bot_token=TOKEN[:-1], api_url=url))
    assert wrong.ok is False and "@BotFather" in wrong.line_en
    gone = await check_token(settings(bot_token=TOKEN, api_url=url))
    assert gone.ok is False and "KANBAO_API_URL" in gone.line_en


async def test_a_server_that_fails_is_no_traceback() -> None:
    async with bot_api(status=400) as url:
        check = await check_token(settings(bot_token=TOKEN, api_url=url))
    assert check.ok is False and "getMe failed" in check.line_en


async def test_no_token_is_the_sandbox() -> None:
    assert (await check_token(settings())).ok


@pytest.mark.parametrize(
    ("ahead", "ok", "word"), [(0.0, True, "less than"), (60.0, False, "60 s behind"), (-60.0, False, "s ahead")]
)
async def test_the_clock_against_telegram(ahead: float, ok: bool, word: str) -> None:
    async with bot_api(ahead=ahead) as url:
        check = await check_clock(settings(bot_token=TOKEN, api_url=url), None)
    assert check.ok is ok and word in check.line_en.replace("59 s", "60 s")


async def test_the_clock_without_telegram() -> None:
    assert (await check_clock(settings(), 0.1)).ok
    assert (await check_clock(settings(), 9.0)).ok is False
    assert (await check_clock(settings(), None)).ok is None
    assert (await check_clock(settings(bot_token=TOKEN, api_url="http://127.0.0.1:1"), 0.1)).ok is None
    assert skew_of_store(StoreTime(theirs=10.0, ours=17.0)) == 7.0 and skew_of_store(None) is None


# ------------------------------------------------------------------------------------------------ this machine
def test_python() -> None:
    assert check_python().ok and check_python((3, 10, 4)).ok is False


def test_inbox(tmp_path: Path) -> None:
    assert check_inbox(tmp_path).ok
    assert check_inbox(tmp_path / "a" / "b").ok and not (tmp_path / "a").exists()
    (tmp_path / "file").write_text("")
    assert check_inbox(tmp_path / "file").ok is False
    assert check_inbox(tmp_path / "file" / "inbox").ok is False
    assert check_inbox(Path("relative")).ok


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_inbox_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir(mode=0)
    assert check_inbox(tmp_path / "in").ok is False


def test_fonts_are_only_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert check_fonts((str(tmp_path / "none"),)).ok is None
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "NotoSansCJK-Regular.ttc").write_text("")
    found = check_fonts((str(tmp_path / "fonts"),))
    assert found.ok and "NotoSansCJK" in found.line_en
    tool = tmp_path / "fc-list"
    tool.write_text("#!/bin/sh\necho 'Yunxi Song,云溪宋体'\n")
    tool.chmod(0o755)
    assert "Yunxi Song" in check_fonts(FONT_FOLDERS).line_en
    tool.write_text("no program")
    assert check_fonts(()).ok is None


def test_timezone() -> None:
    assert check_timezone(settings(timezone="Asia/Urumqi")).line_zh.startswith("Asia/Urumqi，现在 2")


async def test_web() -> None:
    assert (await check_web(settings(web="off"))).ok
    with a_free_port() as port:
        pass
    assert (await check_web(settings(web=f"127.0.0.1:{port}"))).ok
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = await asyncio.wait_for(check_web(settings(web=f"127.0.0.1:{other.getsockname()[1]}")), 30)
    assert taken.ok is False and "change KANBAO_WEB" in taken.line_en


async def test_a_running_service_holds_its_own_address() -> None:
    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz)])
    async with serving(app) as port:
        given = settings(web=f"127.0.0.1:{port}")
        assert (await check_web(given)).line_en == "the service is running there"
        assert [check.ok for check in await diagnose(given, quick=True)] == [True]
        assert await service_answers("0.0.0.0", port)
    assert [check.ok for check in await diagnose(given, quick=True)] == [False]
    assert not await service_answers("::1", port)


async def test_quick_without_web_looks_at_the_store(store_url: str) -> None:
    [check] = await diagnose(settings(web="off", redis_url=store_url), quick=True)
    assert check.ok and check.name == "service"


# ------------------------------------------------------------------------------------------------ the whole
def run(folder: Path, *, quick: bool = False) -> tuple[int, list[str]]:
    out = io.StringIO()
    code = run_doctor(quick=quick, folder=folder, console=Console(file=out, soft_wrap=True))
    return code, out.getvalue().splitlines()


def test_all_is_well_in_a_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANBAO_WEB", "127.0.0.1:0")
    code, lines = run(tmp_path)
    assert code == 0, lines
    assert [line.split()[1] for line in lines] == [
        "设置",
        "Python",
        "存储",
        "令牌",
        "收件目录",
        "字体",
        "时区",
        "时钟",
        "网页",
    ]
    assert all(line[0] in "✓·" and " / " in line for line in lines)


def test_no_line_shows_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANBAO_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("KANBAO_API_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("KANBAO_REDIS_URL", "redis://u:pass-word@127.0.0.1:1")
    monkeypatch.setenv("KANBAO_ADMIN", "1")
    code, lines = run(tmp_path)
    text = "\n".join(lines)
    assert code == 1 and TOKEN not in text and "pass-word" not in text
    assert "did you mean ADMINS?" in text


def test_wrong_settings_are_lines_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANBAO_TIMEZONE", "Nowhere")
    code, lines = run(tmp_path)
    assert code == 1 and len(lines) == 1 and lines[0].startswith("✗ 设置 settings") and "Nowhere" in lines[0]


def test_markup_in_a_message_is_text() -> None:
    assert "\\[red]" in line_of(Check("web", None, "[red]", "x"))
