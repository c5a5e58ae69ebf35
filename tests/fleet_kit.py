"""A fleet for the fault bench and the rolling restart: a store that can be killed, the sandbox's Bot API in a process of its
own with faults on order, any number of `kanbao run` processes, and the comparison of what was sent with what should have been.

    python tests/fleet_kit.py FOLDER READERS RATE SEED

runs the Bot API: prints its port, strikes with faults while FOLDER/faults exists, answers 502 to everything while FOLDER/outage
exists, keeps the number of messages in FOLDER/count, and on SIGTERM writes FOLDER/record.json.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import re
import signal
import struct
import subprocess
import sys
import time
import urllib.request
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from children import Child
from redis import Redis
from redis.exceptions import RedisError

from bot.sandbox import Fault, Limits, Person, Sandbox
from bot.store_process import FLAGS, _die_with_parent, server_binary

ROOT = Path(__file__).parents[1]
TOKEN = "42:FLEET"
FIRST_READER = 10_001
FAULTS = (
    Fault("sendMessage", "status", 500),
    Fault("sendMessage", "status", 502),
    Fault("sendMessage", "status", 502, after=True),
    Fault("sendMessage", "status", 429, retry_after=2),
    Fault("sendMessage", "reset"),
    Fault("sendMessage", "reset", after=True),
    Fault("sendMessage", "timeout", seconds=3),
    Fault("sendMessage", "timeout", seconds=3, after=True),
)
STARTED = re.compile(r'event(?:=|": ")started')
MARKER = re.compile(r"第(\d+)号")


def until(holds: Any, what: str, patience: float = 150.0) -> None:
    deadline = time.monotonic() + patience
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited in vain for {what}")
        time.sleep(0.1)


@dataclass
class Fleet:
    """Everything lives in `folder`. `close` ends what was started here."""

    folder: Path
    readers: int
    rate: int = 30
    seed: int = 1
    store: subprocess.Popen[bytes] | None = None
    api: subprocess.Popen[str] | None = None
    port: int = 0
    processes: dict[str, Child] = field(default_factory=dict)
    cluster: str = ""
    """The URL of a cluster that is the store, where it is not the server of `start_store`."""

    @property
    def url(self) -> str:
        return self.cluster or f"unix://{self.folder}/s"

    @property
    def chats(self) -> range:
        return range(FIRST_READER, FIRST_READER + self.readers)

    def start_store(self) -> None:
        home = self.folder / "store"
        home.mkdir(parents=True, exist_ok=True)
        words = [*FLAGS, "--unixsocket", self.folder / "s", "--dir", home, "--logfile", home / "log"]
        line = [f"{server_binary()}", *map(str, words)]
        self.store = subprocess.Popen(line, preexec_fn=_die_with_parent())
        until(self.answers, "the store")

    def answers(self) -> bool:
        with contextlib.suppress(RedisError), Redis.from_url(self.url) as client:
            return bool(client.ping())
        return False

    def start_api(self) -> None:
        line = [sys.executable, __file__, str(self.folder), str(self.readers), str(self.rate), str(self.seed)]
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        self.api = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=env, preexec_fn=_die_with_parent())
        assert self.api.stdout is not None
        self.port = int(self.api.stdout.readline())

    def run(self, name: str, only: str, **settings: str) -> Child:
        """`kanbao run --only …`; a process of that name must not be running."""
        env = {key: value for key, value in os.environ.items() if not key.startswith("KANBAO_")} | {
            "KANBAO_BOT_TOKEN": TOKEN,
            "KANBAO_API_URL": f"http://127.0.0.1:{self.port}",
            "KANBAO_REDIS_URL": self.url,
            "KANBAO_DATA_DIR": str(self.folder / "data"),
            "KANBAO_RATE": str(self.rate),
            "KANBAO_WEB": "off",
            **settings,
        }
        clock = self.folder / f"{name}.clock"
        log = self.folder / f"{name}.log"
        self.processes[name] = Child(["run", "--only", only], env, log, clock if clock.exists() else None)
        return self.processes[name]

    def set_clock(self, name: str, seconds: float) -> None:
        """By how much the clock of that process is wrong; to be called before its first start too."""
        path = self.folder / f"{name}.clock"
        with path.open("r+b" if path.exists() else "wb") as file:  # in place: it is mapped into the process's memory
            file.write(struct.pack("d", seconds))

    def sent(self) -> int:
        """How many messages the Bot API has taken so far."""
        count = self.folder / "count"
        return int(count.read_text() or 0) if count.exists() else 0

    def write(self, chat: int, text: str) -> None:
        """A reader types."""
        body = json.dumps({"user": chat, "text": text}).encode()
        address = f"http://127.0.0.1:{self.port}/sandbox/chats/{chat}/text"
        request = urllib.request.Request(address, data=body, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.status < 300

    def said(self, chat: int) -> list[str]:
        """What the bot wrote to a reader, in order."""
        address = f"http://127.0.0.1:{self.port}/sandbox/chats/{chat}/messages"
        with urllib.request.urlopen(address, timeout=20) as answer:
            messages = json.loads(answer.read())["messages"]
        return [message["text"] for message in messages if message["from"]["is_bot"]]

    def started(self, name: str) -> int:
        """How many processes of that name have come up."""
        log = self.folder / f"{name}.log"
        return len(STARTED.findall(log.read_text(errors="replace"))) if log.exists() else 0

    def waiting(self) -> int:
        """Chats with something to send."""
        return self._members("outbox")

    def due(self) -> int:
        """Readers for whom a digest is still to be composed (those who get everything at once have no other due time)."""
        return self._members("due")

    def _members(self, name: str) -> int:
        with Redis.from_url(self.url) as client:
            return sum(client.zcard(f"{{s{shard:02}}}:{name}") for shard in range(16))

    def attempts(self, chat: int) -> int:
        """The most attempts of any delivery to a chat, from the ledger."""
        with Redis.from_url(self.url) as client:
            ledger = client.hvals(f"{{s{chat % 16:02}}}:l:{chat}")
        return max((int(value.split(b";", 2)[1]) for value in ledger), default=0)

    def record(self) -> list[tuple[int, str, float]]:
        """End the Bot API; chat, numbers (as `第1号第2号`) and moment of every message that it took, in order."""
        assert self.api is not None
        self.api.terminate()
        self.api.wait(600)
        return [(chat, text, at) for chat, text, at in json.loads((self.folder / "record.json").read_text("utf-8"))]

    def close(self) -> None:
        for process in (*self.processes.values(), self.api, self.store):
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait(30)
        if self.api is not None and self.api.stdout is not None:
            self.api.stdout.close()


@dataclass(frozen=True)
class Verdict:
    """`lost`: (chat, number) never sent; `doubled`: (chat, number) -> how often too many; `disordered`: chats."""

    lost: list[tuple[int, int]]
    doubled: dict[tuple[int, int], int]
    disordered: list[int]


def judge(record: list[tuple[int, str, float]], chats: range, numbers: range) -> Verdict:
    """Every chat must have got every number once, in ascending order; what comes again is judged as a duplicate only."""
    seen, first = Counter[tuple[int, int]](), defaultdict[int, list[int]](list)
    for chat, text, _ in record:
        new = sorted({int(number) for number in MARKER.findall(text)})
        first[chat] += [number for number in new if not seen[chat, number]]
        seen.update((chat, number) for number in new)
    lost = [(chat, number) for chat in chats for number in numbers if not seen[chat, number]]
    doubled = {pair: count - 1 for pair, count in seen.items() if count > 1}
    return Verdict(lost, doubled, [chat for chat, order in first.items() if order != sorted(order)])


async def serve(folder: Path, readers: int, rate: int, seed: int) -> None:
    limits = Limits(per_second=rate, per_chat_second=1, burst=4, per_group_minute=20)
    async with Sandbox(
        "127.0.0.1", 0, token=TOKEN, state_file=None, publish=None, now=lambda: datetime.now(UTC), limits=limits
    ) as sandbox:
        chats = range(FIRST_READER, FIRST_READER + readers)
        sandbox.world.add_people(Person(chat, f"读者{chat}") for chat in chats)
        for chat in chats:
            sandbox.world.chats[chat].standing = "member"
        print(sandbox.port, flush=True)
        stop, draw = asyncio.Event(), random.Random(seed)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        record: list[tuple[int, str, float]] = []
        sandbox.api.observers.append(lambda method, params, result: _note(record, method, result))
        while not stop.is_set():
            _order_faults(sandbox, folder, draw)
            (folder / "count").write_text(str(len(record)))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), draw.uniform(0.1, 0.6))
        (folder / "record.json").write_text(json.dumps(record), "utf-8")


def _note(record: list[tuple[int, str, float]], method: str, result: Any) -> None:
    """The sandbox's own record ends with its newest messages; the bench needs all of them, though only their numbers."""
    if method == "sendMessage":
        numbers = dict.fromkeys(MARKER.findall(result["text"]))
        record.append((result["chat"]["id"], "".join(f"第{number}号" for number in numbers), time.time()))


def _order_faults(sandbox: Sandbox, folder: Path, draw: random.Random) -> None:
    if (folder / "outage").exists():
        sandbox.faults.clear()
        sandbox.faults.add(Fault("*", "status", 502, times=1_000_000))
    elif (folder / "faults").exists():
        if any(fault.times > 1 for fault in sandbox.faults.pending):
            sandbox.faults.clear()
        if not sandbox.faults.pending:  # a share of the calls, however few there are
            sandbox.faults.add(replace(draw.choice(FAULTS), skip=draw.randrange(8)))
    else:
        sandbox.faults.clear()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
