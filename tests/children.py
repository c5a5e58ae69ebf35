"""`kanbao …` as a child process that is forked from one which has the imports done, so that a start takes no seconds of importing.

The child is a process of its own in every respect: it may be killed, stopped and waited for, and it runs the command line's code from
its first line. Only the executable's start and the imports are shared; tests/bot/test_cli.py and tests/test_project.py start the
real executable.
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
import signal
import struct
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["bot.cli", "bot.run", "bot.app", "bot.web.pages", "bot.sandbox"])


class Child:
    """A running `kanbao WORDS…` with exactly the environment `env`; its output is appended to `log`. `clock`: a file with one
    float, by how many seconds its clock is wrong from now on; it may change while the process runs."""

    def __init__(self, words: list[str], env: Mapping[str, str], log: Path, clock: Path | None = None) -> None:
        self._process = FORKS.Process(target=_command, args=(words, dict(env), log, clock))
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise TimeoutError(f"process {self.pid} still runs after {timeout} s")
        return code

    def send_signal(self, sign: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sign)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _command(words: list[str], env: dict[str, str], log: Path, clock: Path | None) -> None:
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["kanbao", *words]
    from bot.cli import main

    if clock is not None:
        _set_wrong(clock)
    main()


def _set_wrong(clock: Path) -> None:
    """The service takes its clock at one place, `bot.app.present`, which is handed on from there."""
    from bot import app, run

    with clock.open("rb") as file:
        offset = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)

    def present() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=struct.unpack("d", offset[:8])[0])

    for module in (app, run):
        vars(module)["present"] = present
