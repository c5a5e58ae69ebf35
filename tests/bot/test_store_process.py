"""The embedded store against the real server: start, stop, kill -9 of the service, locks, versions, long paths."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import store_process
from bot.store_process import EmbeddedStore, StoreProcessError, server_binary, server_version

SERVICE = """
    import asyncio, sys, time
    from pathlib import Path
    from bot import store_process
    from bot.store_process import EmbeddedStore

    async def main() -> None:
        if "alone" in sys.argv:
            store_process._die_with_parent = lambda: None
        store = EmbeddedStore(Path(sys.argv[1]))
        url = await store.start()
        print(store.pid, url, flush=True)
        await asyncio.sleep(60)

    asyncio.run(main())
"""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[EmbeddedStore]:
    store = EmbeddedStore(tmp_path)
    yield store
    await store.stop()


def say(url: str, *words: str) -> bytes:
    command = b"".join([b"*%d\r\n" % len(words), *(b"$%d\r\n%b\r\n" % (len(w.encode()), w.encode()) for w in words)])
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(url.removeprefix("unix://"))
        line.sendall(command)
        return line.recv(4096)


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def mode(url: str) -> int:
    return stat.S_IMODE(Path(url.removeprefix("unix://")).stat().st_mode)


async def until_gone(pid: int) -> bool:
    for _ in range(500):
        if not runs(pid):
            return True
        await asyncio.sleep(0.01)
    return False


def start_service(data: Path, *words: str) -> tuple[subprocess.Popen[str], int, str]:
    service = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SERVICE), str(data), *words], stdout=subprocess.PIPE, text=True
    )
    assert service.stdout is not None
    pid, url = service.stdout.readline().split()
    return service, int(pid), url


def kill_service(service: subprocess.Popen[str]) -> None:
    service.kill()
    service.communicate()


async def test_it_starts_answers_and_keeps_what_was_said(store: EmbeddedStore) -> None:
    url = await store.start()
    assert await store.start() == url
    assert say(url, "SET", "a", "1") == b"+OK\r\n"
    await store.stop()
    assert say(await store.start(), "GET", "a") == b"$1\r\n1\r\n"


async def test_its_settings_are_those_of_a_store_that_must_not_lose(store: EmbeddedStore) -> None:
    url = await store.start()
    for name, value in {
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "port": "0",
    }.items():
        assert f"\r\n{value}\r\n".encode() in say(url, "CONFIG", "GET", name)
    assert mode(url) == 0o700


async def test_stop_leaves_nothing_that_runs_or_listens(store: EmbeddedStore, tmp_path: Path) -> None:
    await store.start()
    pid = store.pid
    assert pid and runs(pid)
    await store.stop()
    await store.stop()
    assert not runs(pid)
    assert names(tmp_path) == {"store", "store.lock", "store.log"}
    assert not (tmp_path / "store" / "socket").exists()


async def test_a_second_service_on_the_folder_is_told_who_has_it(store: EmbeddedStore, tmp_path: Path) -> None:
    url = await store.start()
    second = EmbeddedStore(tmp_path)
    with pytest.raises(StoreProcessError, match=f"process {os.getpid()}.*KANBAO_DATA_DIR"):
        await second.start()
    await second.stop()
    assert say(url, "PING") == b"+PONG\r\n"


async def test_a_killed_service_takes_its_server_along(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("PDEATHSIG is Linux's")
    service, pid, url = await asyncio.to_thread(start_service, tmp_path)
    assert say(url, "SET", "kept", "yes") == b"+OK\r\n"
    kill_service(service)
    assert await until_gone(pid)
    again = EmbeddedStore(tmp_path)
    assert say(await again.start(), "GET", "kept") == b"$3\r\nyes\r\n"
    await again.stop()


async def test_a_server_left_behind_is_stopped_by_the_next_start(store: EmbeddedStore, tmp_path: Path) -> None:
    service, orphan, url = await asyncio.to_thread(start_service, tmp_path, "alone")
    say(url, "SET", "kept", "yes")
    kill_service(service)
    assert runs(orphan)
    assert say(await store.start(), "GET", "kept") == b"$3\r\nyes\r\n"
    assert not runs(orphan)
    assert store.pid != orphan


async def test_a_frozen_server_left_behind_is_stopped_too(store: EmbeddedStore, tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("needs /proc")
    service, orphan, _ = await asyncio.to_thread(start_service, tmp_path, "alone")
    kill_service(service)
    os.kill(orphan, signal.SIGSTOP)
    await store.start()
    assert not runs(orphan)


async def test_a_foreign_process_with_the_noted_number_is_left_alone(store: EmbeddedStore, tmp_path: Path) -> None:
    home = tmp_path / "store"
    home.mkdir()
    (home / "socket").write_text(f"{tmp_path / 'store.sock'}\n{os.getpid()}\n")
    assert say(await store.start(), "PING") == b"+PONG\r\n"


async def test_a_foreign_server_on_the_noted_socket_is_left_alone(store: EmbeddedStore, tmp_path: Path) -> None:
    other = EmbeddedStore(tmp_path / "other")
    url = await other.start()
    home = tmp_path / "store"
    home.mkdir()
    (home / "socket").write_text(f"{url.removeprefix('unix://')}\n0\n")
    await store.start()
    assert other.pid is not None
    assert runs(other.pid)
    await other.stop()


async def test_a_long_data_folder_gets_a_short_socket(tmp_path: Path) -> None:
    data = tmp_path / ("d" * 60) / ("e" * 60)
    store = EmbeddedStore(data)
    url = await store.start()
    path = Path(url.removeprefix("unix://"))
    assert len(str(path)) <= store_process.SOCKET_PATH_LIMIT
    assert (data / "store" / "socket").read_text().startswith(str(path))
    assert say(url, "PING") == b"+PONG\r\n"
    await store.stop()
    assert not path.parent.exists()


async def test_newer_data_are_refused(store: EmbeddedStore, tmp_path: Path) -> None:
    await store.start()
    await store.stop()
    stamp = tmp_path / "store" / "version"
    assert stamp.read_text() == server_version(server_binary())
    stamp.write_text("99.0.1")
    with pytest.raises(StoreProcessError, match=r"99\.0\.1"):
        await store.start()
    stamp.write_text("7.2.4")
    await store.start()


async def test_a_server_that_cannot_start_is_told_with_its_last_words(store: EmbeddedStore, tmp_path: Path) -> None:
    await store.start()
    await store.stop()
    (tmp_path / "store" / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")
    with pytest.raises(StoreProcessError, match=r"store\.log"):
        await store.start()
    assert "store.sock" not in names(tmp_path)


async def test_a_start_takes_no_longer_than_the_patience(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path, patience=-1.0)
    with pytest.raises(StoreProcessError, match="not ready"):
        await store.start()
    assert store.pid is None


async def test_a_large_log_is_put_aside(store: EmbeddedStore, tmp_path: Path) -> None:
    (tmp_path / "store.log").write_bytes(b"x" * (store_process.LOG_LIMIT + 1))
    await store.start()
    assert (tmp_path / "store.log").stat().st_size < store_process.LOG_LIMIT
    assert (tmp_path / "store.log.1").exists()


def test_a_binary_that_tells_no_version_is_refused(tmp_path: Path) -> None:
    liar = tmp_path / "server"
    liar.write_text("#!/bin/sh\necho hello\n")
    liar.chmod(0o755)
    with pytest.raises(StoreProcessError, match="hello"):
        server_version(liar)


def test_without_a_wheel_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(StoreProcessError, match="KANBAO_REDIS_URL"):
        server_binary()


def test_elsewhere_than_on_linux_the_kernel_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert store_process._die_with_parent() is None


async def test_a_server_that_will_not_end_is_killed(store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_process, "GRACE", 0.05)
    await store.start()
    pid = store.pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    await store.stop()
    assert not runs(pid)


def start_deaf() -> subprocess.Popen[bytes]:
    """A process that ignores SIGTERM."""
    words = "import signal; signal.signal(15, signal.SIG_IGN); print(1, flush=True); signal.pause()"
    deaf = subprocess.Popen([sys.executable, "-c", words], stdout=subprocess.PIPE)
    assert deaf.stdout is not None
    deaf.stdout.readline()
    return deaf


async def test_an_orphan_that_will_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_process, "GRACE", 0.2)
    deaf = await asyncio.to_thread(start_deaf)
    await store_process._end_stranger(deaf.pid)
    assert not runs(deaf.pid)
    deaf.communicate()
    await store_process._end_stranger(deaf.pid)


async def test_a_second_role_finds_the_running_server(store: EmbeddedStore, tmp_path: Path) -> None:
    assert store_process.running_store(tmp_path) is None
    url = await store.start()
    assert store_process.running_store(tmp_path) == url
    assert store_process.running_store(tmp_path / "other") is None
    (tmp_path / "store" / "socket").write_text(f"{tmp_path / 'nobody'}\n1\n")
    assert store_process.running_store(tmp_path) is None
