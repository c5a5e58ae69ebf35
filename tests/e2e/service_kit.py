"""The real service as a child process, and a hand on its sandbox: type, press, publish, look at what the bot said."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from children import Child

OFFICIAL, SUPPLIER, JOURNALIST, ADMIN = 1001, 1002, 1003, 1004
PATIENCE = 40.0
"""Seconds that anything may take on a busy machine; a test that waits so long has failed."""


@dataclass
class Service:
    """`kanbao run` on a data folder of its own, with the sandbox on a free port."""

    folder: Path
    port: int = field(default_factory=lambda: free_port())
    process: Child | None = None
    others: list[Child] = field(default_factory=list)

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def log(self) -> str:
        return (self.folder / "service.log").read_text(encoding="utf-8")

    def start(self, only: str = "", **env: str) -> Child:
        """Start a process; the first one is waited for until its sandbox answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        words = ["run", *(["--only", only] if only else [])]
        process = Child(words, self._environment() | env, self.folder / "service.log")
        if self.process is None or self.process.poll() is not None:
            self.process = process
            until(lambda: self._answers(process), "the service to start")
        else:
            self.others.append(process)
        return process

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KANBAO_")}
        return kept | {"KANBAO_DATA_DIR": str(self.folder), "KANBAO_WEB": f"127.0.0.1:{self.port}"}

    def command(self, *words: str) -> str:
        """What `kanbao …` prints beside the running service."""
        printed = self.folder / "command.log"
        printed.unlink(missing_ok=True)
        code = Child(list(words), self._environment(), printed).wait(PATIENCE)
        assert code == 0, printed.read_text(encoding="utf-8")
        return printed.read_text(encoding="utf-8")

    def _answers(self, process: Child) -> bool:
        assert process.poll() is None, f"the service ended: {self.log[-2000:]}"
        with contextlib.suppress(OSError):
            self.call("/sandbox/state")
            return "event=started" in self.log
        return False

    def kill(self, sign: int = signal.SIGKILL) -> int:
        assert self.process is not None
        self.process.send_signal(sign)
        return self.process.wait(PATIENCE)

    def stop(self) -> None:
        for process in [*self.others, *([self.process] if self.process else [])]:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        for process in [*self.others, *([self.process] if self.process else [])]:
            process.wait(PATIENCE)

    # ------------------------------------------------------------------------------------------ the sandbox
    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    def messages(self, chat: int) -> list[dict[str, Any]]:
        return list(self.call(f"/sandbox/chats/{chat}/messages")["messages"])

    def said(self, chat: int) -> list[str]:
        """What the bot wrote there, in order."""
        return [m.get("text", "") for m in self.messages(chat) if m.get("from", {}).get("is_bot")]

    def said_in_file(self, chat: int) -> list[str]:
        """The same from the sandbox's state file, while nothing runs."""
        state = json.loads((self.folder / "sandbox.json").read_text(encoding="utf-8"))
        kept = next(one for one in state["chats"] if one["id"] == chat)
        return [m.get("text", "") for m in kept["messages"].values() if m.get("from", {}).get("is_bot")]

    def write(self, user: int, text: str, chat: int | None = None) -> str:
        """Type a message and wait for the bot's next one, which is answered."""
        chat = chat or user
        before = len(self.said(chat))
        self.call(f"/sandbox/chats/{chat}/text", {"user": user, "text": text})
        return self.wait_for(chat, before)

    def begin(self, user: int) -> str:
        before = len(self.said(user))
        self.call(f"/sandbox/chats/{user}/start", {"user": user})
        return self.wait_for(user, before)

    def wait_for(self, chat: int, before: int) -> str:
        until(lambda: len(self.said(chat)) > before, f"an answer in chat {chat} after message {before}")
        return self.said(chat)[before]

    def press(self, user: int, label: str, chat: int | None = None) -> None:
        """Press the newest button whose text holds `label`."""
        chat = chat or user
        for message in reversed(self.messages(chat)):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if label in button["text"]:
                        body = {"user": user, "message_id": message["message_id"], "data": button["callback_data"]}
                        self.call(f"/sandbox/chats/{chat}/press", body)
                        return
        raise AssertionError(f"no button {label!r} in chat {chat}")

    def publish(self) -> str:
        return str(self.call("/sandbox/publish", {})["published"])

    def until_matched(self, issues: int) -> None:
        until(lambda: self.log.count("event=matched") >= issues, f"{issues} matched issues")


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@contextlib.contextmanager
def service(folder: Path) -> Iterator[Service]:
    made = Service(folder)
    try:
        yield made
    finally:
        made.stop()
