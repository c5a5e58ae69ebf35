"""The fault bench: a whole service of three processes over a real store, with faults at random, and the books compared at the end.

    python tests/soak/soak.py [--short | --small] [--leg one|six] [--seed N] [--seconds S] [--readers N] [--keep FOLDER]

Two legs: over one server, and over a cluster of three masters with a replica each. Readers hold an instant subscription; issue after
issue falls into the inbox. Meanwhile come the faults of chaos.py, drawn from the seed, and a Bot API that answers 429, 500, 502,
breaks off or keeps silent, before and after it has taken the message. At the end the Bot API's own record is compared with the model:
nothing may be lost, order must be kept, and of whatever came twice as many attempts must be on record: in the ledger, or in the log of a
server that was killed, where whoever goes on in its place had not heard of them. Prints the seed, every fault with its time, and a table. Exit code 1 if it does not hold.

Gives up only when nothing has moved for a long time, whatever the clock says: other work on the machine makes it longer.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from chaos import PROCESSES, Chaos, Scale, Told
from fleet_kit import Fleet, until
from network import Network
from servers import OneServer, SixNodes, Store
from verdict import Report, compare

from bot.connect_redis import connect
from subscriptions import Cadence
from subscriptions.service import SubscriptionService
from subscriptions.subscribers_redis import RedisSubscriberStore

QUERY = "云岭储能"
STUCK = 900.0
"""Seconds without any movement after which it is over: the longest backoff."""
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


@dataclass(frozen=True)
class Plan:
    """`seconds`: for so long there are faults, about one every `every` seconds. `hurry`: at the end all clocks are set forward by
    so much, so that leases and waits are over. `quiet`: seconds for which nothing must be waiting any more. `late`: seconds that
    kinds of faults which had to wait for their turn get besides."""

    leg: str
    readers: int
    issues: int
    seconds: float
    every: float
    rate: int
    seed: int
    scale: Scale
    hurry: float = 0.0
    quiet: float = 10.0
    late: float = 60.0


SHORT = Plan("one", 300, 4, 75.0, 6.0, 60, 1, Scale((8, 15), (2, 6), 90, 8), hurry=900.0)
SMALL = Plan("one", 60, 6, 30.0, 2.4, 60, 1, Scale((2, 4), (1, 2), 40, 5), hurry=900.0, quiet=1.0, late=20.0)
"""What `make faults` does: a minute or two a leg."""
LONG = Plan("one", 20_000, 10, 900.0, 15.0, 300, 1, Scale((60, 150), (5, 40), 120, 12))


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


class State(NamedTuple):
    """Issues that are matched, chats that wait, readers that are due, messages sent."""

    matched: int
    waiting: int
    due: int
    sent: int


class Bench:
    """One run: the fleet, the store, and the network between them."""

    def __init__(self, folder: Path, plan: Plan, network: Network) -> None:
        self.plan, self._draw = plan, random.Random(plan.seed)
        self.fleet = Fleet(folder, plan.readers, plan.rate, plan.seed)
        six = plan.leg == "six"
        self.store: Store
        self.store = SixNodes(folder, network) if six else OneServer(folder, network, list(PROCESSES))
        self.fleet.cluster = self.store.url
        self._network = network

    def run(self) -> Told:
        """The whole of it; answers what was done."""
        plan, fleet = self.plan, self.fleet
        (inbox := fleet.folder / "data" / "inbox").mkdir(parents=True)
        self.store.start()
        fleet.start_api()
        asyncio.run(subscribe(fleet))
        doors = [self._network.door(fleet.port) for _ in PROCESSES]
        chaos = Chaos(fleet, self.store, doors, plan.scale, self._draw)
        for name in PROCESSES:
            fleet.set_clock(name, 0)
            chaos.start(name)
        until(lambda: all(fleet.started(name) for name in PROCESSES), "the processes to start", 300)
        (fleet.folder / "faults").touch()
        chaos.plan(plan.seconds, plan.every)
        for number in range(1, plan.issues + 1):
            (inbox / f"{number:02}.txt").write_text(issue_text(number, self._draw), "utf-8")
            while chaos.now < plan.seconds * number / plan.issues:
                chaos.step()
                time.sleep(0.1)
        while not chaos.all_done() and chaos.now < plan.seconds + plan.late:
            chaos.step()
            time.sleep(0.1)
        (fleet.folder / "faults").unlink()
        chaos.end(plan.hurry)
        print(f"{chaos.now:8.1f} s  no more faults; {self._state()}", flush=True)
        self._settle_down(chaos)
        print(f"{chaos.now:8.1f} s  at rest; {self._state()}", flush=True)
        return chaos.told

    def _settle_down(self, chaos: Chaos) -> None:
        """No more faults: whatever is dead comes back, claims lapse, and the outbox must run empty."""
        state, moved, quiet = self._state(), time.monotonic(), time.monotonic()
        while time.monotonic() - quiet < self.plan.quiet:
            chaos.revive()
            time.sleep(0.5)
            before, state = state, self._state()
            if state != before:
                moved = time.monotonic()
            if state[:3] != (self.plan.issues, 0, 0):
                quiet = time.monotonic()
            if time.monotonic() - moved > STUCK:
                print(f"nothing moves: {state}")
                return

    def _state(self) -> State:
        issues, open_ = (self._count("{issues}:recent"), self._count("{issues}:match"))
        waiting, due = (
            sum(self._count(f"{{s{shard:02}}}:{what}") for shard in range(16)) for what in ("outbox", "due")
        )
        return State(issues - open_, waiting, due, self.fleet.sent())

    def _count(self, key: str) -> int:
        """-1: the store does not say."""
        found = self.store.ask_key(key, "ZCARD")
        return -1 if found is None else int(found)

    def close(self) -> None:
        self.fleet.close()
        self.store.close()


def tell(plan: Plan, told: Told, report: Report, lapsed: int, seconds: float) -> None:
    """The table at the end."""
    print(f"\nleg {plan.leg}, seed {plan.seed}: {plan.readers} readers, {plan.issues} issues, {seconds:.0f} s in all")
    for kind, times in sorted(told.acts.items()):
        print(f"  {kind:44} {times:8}")
    for name, value in (
        ("processes started again", told.restarts),
        ("bytes of the store's log lost", told.lost_bytes),
        ("claims left alone after standing still", lapsed),
        ("messages sent", report.messages),
        ("lost", len(report.lost)),
        ("doubled", report.doubled),
        ("  on record as tried more than once", report.tried_again),
        ("  on record where the store lost it", report.store_lost),
        ("  not on record", len(report.bare)),
        ("not in the ledger", len(report.unknown)),
        ("chats out of order", len(report.disordered)),
    ):
        print(f"  {name:44} {value:8}")
    for name, some in (
        ("lost", report.lost),
        ("not in the ledger", report.unknown),
        ("out of order", report.disordered),
    ):
        if some:
            print(f"{name}: {some[:10]}")
    for (chat, number), what in list(report.bare.items())[:10]:
        print(f"not on record: {number} to {chat} {what}")


def soak(plan: Plan, folder: Path) -> Report:
    """Run one leg in an empty folder; prints as it goes."""
    begun, network = time.monotonic(), Network()
    print(f"leg {plan.leg}, seed {plan.seed}, {plan.seconds:.0f} s of faults", flush=True)
    bench = Bench(folder, plan, network)
    try:
        told = bench.run()
        record, fleet = bench.fleet.record(), bench.fleet
        report = asyncio.run(compare(fleet.url, record, fleet.chats, range(1, plan.issues + 1), QUERY, told))
    finally:
        bench.close()
        network.close()
    logs = [(folder / f"{name}.log").read_text(errors="replace") for name in PROCESSES]
    tell(plan, told, report, sum(log.count("claim_lapsed") for log in logs), time.monotonic() - begun)
    return report


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true", help="three to four minutes for both legs")
    parser.add_argument(
        "--small", action="store_true", help="two minutes for both legs: fewer readers, every kind of fault once"
    )
    parser.add_argument("--leg", choices=("one", "six"), help="over one server, or over a cluster of six; else both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, help="how long there are faults")
    parser.add_argument("--readers", type=int)
    parser.add_argument("--keep", type=Path, help="a folder to leave logs and data in")
    given = parser.parse_args()
    plan = replace(SMALL if given.small else SHORT if given.short else LONG, seed=given.seed)
    plan = replace(plan, seconds=given.seconds or plan.seconds, readers=given.readers or plan.readers)
    passed = True
    for leg in (given.leg,) if given.leg else ("one", "six"):
        with tempfile.TemporaryDirectory(prefix="soak-") as temporary:
            folder = (given.keep or Path(temporary)) / leg
            folder.mkdir(parents=True)
            passed = soak(replace(plan, leg=leg), folder).passed and passed
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
