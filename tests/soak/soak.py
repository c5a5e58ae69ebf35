"""The fault bench: a whole service of several processes over a real store, with faults at random, and the books compared at the end.

    python tests/soak/soak.py [--short] [--seed N]

Readers hold an instant subscription; issue after issue falls into the inbox. Meanwhile, drawn from the seed: kill -9 of a process,
kill -9 of the store (AOF everysec), a process frozen with SIGSTOP, and a Bot API that answers 429, 500, 502, breaks off or
keeps silent, before and after it has taken the message. At the end the Bot API's own record is compared with the model: nothing may
be lost, order must be kept, and whatever came twice must be on record as tried more than once. Exit code 1 otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from fleet_kit import Fleet, Verdict, judge, until

from bot.connect_redis import connect
from subscriptions import Cadence
from subscriptions.service import SubscriptionService
from subscriptions.subscribers_redis import RedisSubscriberStore

PROCESSES = {
    "one": "watch,match,compose,deliver",
    "two": "watch,match,compose,deliver",
    "three": "match,compose,deliver",
}
QUERY = "云岭储能"
FREEZE = (3.0, 70.0)
"""Seconds that a process is frozen: some of them past a claim's lease."""
LEASE = 65.0
STORE_KILL = 3.0
"""Seconds before a kill of the store whose writes AOF everysec may lose."""
MATCHED = re.compile(r"event=matched issue=(\S+)")
PLACES = ["东港", "西岭", "南浦", "北原", "石桥", "清溪", "白杨", "临湖", "望江", "金沙"]
THINGS = [
    "生产线",
    "中试基地",
    "研发中心",
    "换电站",
    "数据中心",
    "物流园",
    "检测平台",
    "回收车间",
    "示范项目",
    "配套工程",
]
DOINGS = ["开工", "投产", "签约", "竣工", "扩建", "通过验收", "完成选址", "启动招标", "设备进场", "并网运行"]


@dataclass
class Plan:
    readers: int
    issues: int
    seconds: int
    rate: int
    seed: int


@dataclass
class Told:
    """What was done to the service."""

    acts: Counter[str] = field(default_factory=Counter)
    store_kills: list[float] = field(default_factory=list)


def issue_text(number: int, draw: random.Random) -> str:
    """An invented front page whose only article carries the number."""
    words = [f"{draw.choice(PLACES)}{draw.choice(THINGS)}{draw.choice(DOINGS)}" for _ in range(12)]
    body = "。".join(
        f"{word}，投资{draw.randrange(2, 90)}亿元，{draw.choice(PLACES)}有关部门作了介绍" for word in words
    )
    return f"云岭日报\n\n2026年3月{number}日 第1版\n\n# {QUERY}第{number}号{words[0]}\n\n本报讯 {QUERY}{words[1]}。{body}。\n"


async def subscribe(fleet: Fleet) -> None:
    client = await connect(fleet.url)
    service, now = SubscriptionService(RedisSubscriberStore(client)), datetime.now(UTC)

    async def one(chat: int) -> None:
        await service.get_or_create(str(chat), "zh-Hans", "private", "", None, now)
        await service.subscribe(str(chat), QUERY, now)
        await service.set_settings(str(chat), lambda settings: replace(settings, cadence=Cadence("instant")), now)

    for at in range(0, fleet.readers, 100):
        await asyncio.gather(*(one(chat) for chat in fleet.chats[at : at + 100]))
    await client.aclose()


class Chaos:
    """Does to the fleet what the seed says."""

    def __init__(self, fleet: Fleet, draw: random.Random) -> None:
        self._fleet, self._draw = fleet, draw
        self._frozen: dict[str, float] = {}
        self.told = Told()

    def step(self) -> None:
        self.thaw(time.monotonic())
        for name, process in list(self._fleet.processes.items()):
            if process.poll() is not None and name not in self._frozen:
                self.told.acts["restarted"] += 1
                self._fleet.run(name, PROCESSES[name])
        if self._draw.random() < 0.15:
            self._act(self._draw.choices(["kill", "freeze", "store"], [5, 3, 2])[0])

    def _act(self, act: str) -> None:
        free = [name for name in PROCESSES if name not in self._frozen and self._fleet.started(name)]
        if act == "store":
            self._kill_store()
        elif len(free) > 1 and act == "kill":
            self._fleet.processes[self._draw.choice(free)].kill()
        elif len(free) > 1:
            name = self._draw.choice(free)
            self._fleet.processes[name].send_signal(signal.SIGSTOP)
            self._frozen[name] = time.monotonic() + self._draw.uniform(*FREEZE)
        else:
            return
        self.told.acts[act] += 1

    def _kill_store(self) -> None:
        assert self._fleet.store is not None
        self._fleet.store.kill()
        self._fleet.store.wait()
        self.told.store_kills.append(time.time())
        time.sleep(self._draw.uniform(0, 2))
        self._fleet.start_store()

    def thaw(self, now: float) -> None:
        for name, at in list(self._frozen.items()):
            if at <= now:
                with contextlib.suppress(ProcessLookupError):
                    self._fleet.processes[name].send_signal(signal.SIGCONT)
                del self._frozen[name]


def run(fleet: Fleet, plan: Plan) -> Told:
    """The whole of it; answers what was done."""
    draw, inbox = random.Random(plan.seed), fleet.folder / "data" / "inbox"
    inbox.mkdir(parents=True)
    fleet.start_store()
    fleet.start_api()
    asyncio.run(subscribe(fleet))
    for name, only in PROCESSES.items():
        fleet.run(name, only)
    until(lambda: all(fleet.started(name) for name in PROCESSES), "the processes to start", 300)
    (fleet.folder / "faults").touch()
    chaos, begun = Chaos(fleet, draw), time.monotonic()
    for number in range(1, plan.issues + 1):
        (inbox / f"{number:02}.txt").write_text(issue_text(number, draw), "utf-8")
        while time.monotonic() < begun + plan.seconds * number / plan.issues:
            chaos.step()
            time.sleep(0.5)
    (fleet.folder / "faults").unlink()
    calm_down(fleet, chaos, plan)
    return chaos.told


def calm_down(fleet: Fleet, chaos: Chaos, plan: Plan) -> None:
    """No more faults: whatever is dead comes back, claims lapse, and the outbox must run empty."""
    chaos.thaw(float("inf"))
    quiet_since = time.monotonic()
    deadline = quiet_since + 4 * LEASE + plan.readers * plan.issues / plan.rate
    while time.monotonic() < deadline and time.monotonic() - quiet_since < 20:
        for name, process in list(fleet.processes.items()):
            if process.poll() is not None:
                fleet.run(name, PROCESSES[name])
        if fleet.waiting() or fleet.due() or len(matched(fleet)) < plan.issues:
            quiet_since = time.monotonic()
        time.sleep(0.5)


def matched(fleet: Fleet) -> set[str]:
    """The issues that some process has read and matched to its end."""
    logs = ((fleet.folder / f"{name}.log").read_text(errors="replace") for name in PROCESSES)
    return {found for log in logs for found in MATCHED.findall(log)}


def unexplained(
    fleet: Fleet, verdict: Verdict, record: list[tuple[int, str, float]], told: Told
) -> list[tuple[int, int]]:
    """Duplicates that neither the ledger (tried more than once) nor a kill of the store accounts for."""
    left = []
    for chat, number in verdict.doubled:
        first = next(at for other, text, at in record if other == chat and f"第{number}号" in text)
        lost_write = any(first - 1 <= kill <= first + STORE_KILL for kill in told.store_kills)
        if not lost_write and fleet.attempts(chat) < 2:
            left.append((chat, number))
    return left


def report(fleet: Fleet, plan: Plan, told: Told) -> bool:
    record = fleet.record()
    verdict = judge(record, fleet.chats, range(1, plan.issues + 1))
    bare = unexplained(fleet, verdict, record, told)
    lapsed = sum((fleet.folder / f"{name}.log").read_text(errors="replace").count("claim_lapsed") for name in PROCESSES)
    print(
        f"seed {plan.seed}: {plan.readers} readers, {plan.issues} issues, {plan.seconds} s; "
        + ", ".join(f"{k} {v}" for k, v in told.acts.items())
    )
    print(f"messages {len(record)}, lost {len(verdict.lost)}, doubled {sum(verdict.doubled.values())} (not on record: {len(bare)}), "
          f"out of order {len(verdict.disordered)}, claims left after standing still {lapsed}")  # fmt: skip
    for name, some in (("lost", verdict.lost), ("doubled, not on record", bare), ("out of order", verdict.disordered)):
        if some:
            print(f"{name}: {some[:10]}")
    return not (verdict.lost or bare or verdict.disordered)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true", help="about three minutes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder to leave logs and data in")
    given = parser.parse_args()
    plan = Plan(500, 4, 60, 60, given.seed) if given.short else Plan(20_000, 10, 1800, 200, given.seed)
    with tempfile.TemporaryDirectory(prefix="soak-") as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        fleet = Fleet(folder, plan.readers, plan.rate, plan.seed)
        try:
            return 0 if report(fleet, plan, run(fleet, plan)) else 1
        finally:
            fleet.close()


if __name__ == "__main__":
    sys.exit(main())
