"""A rolling restart under load: every process is ended by SIGTERM in turn, and nothing is lost, doubled or out of order."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fleet_kit import Fleet, judge, until

from bot.connect_redis import connect
from digests.outbox_redis import RedisOutbox
from digests.types import Delivery

pytestmark = pytest.mark.slow

NUMBERS = range(1, 4)


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    made = Fleet(tmp_path, readers=150, rate=40)
    try:
        made.start_store()
        made.start_api()
        yield made
    finally:
        made.close()


async def queue(fleet: Fleet) -> None:
    client = await connect(fleet.url)
    many = [
        Delivery(f"{chat}-{n}", str(chat), "broadcast", datetime.now(UTC), html=f"第{n}号")
        for n in NUMBERS
        for chat in fleet.chats
    ]
    await RedisOutbox(client).put(many, datetime.now(UTC))
    await client.aclose()


def restart(fleet: Fleet, name: str) -> None:
    begun, old, times = time.monotonic(), fleet.processes[name], fleet.started(name)
    old.send_signal(signal.SIGTERM)
    assert old.wait(30) == 0
    assert time.monotonic() - begun < 12
    fleet.run(name, "deliver")
    until(lambda: fleet.started(name) > times, f"{name} to be back")


@pytest.mark.timeout(600)
async def test_a_rolling_restart_loses_and_doubles_nothing(fleet: Fleet) -> None:
    await queue(fleet)
    for name in ("one", "two"):
        fleet.run(name, "deliver")
    for name in ("one", "two"):
        until(lambda name=name: fleet.started(name) > 0, "the processes to start")
    for name in ("one", "two"):
        restart(fleet, name)
    until(lambda: fleet.waiting() == 0, "everything to be sent")
    verdict = judge(fleet.record(), fleet.chats, NUMBERS)
    assert (verdict.lost, verdict.doubled, verdict.disordered) == ([], {}, [])


def test_the_judge_can_tell() -> None:
    sent = [(1, "第1号", 0.0), (1, "第2号 第3号", 0.0), (2, "第2号", 0.0), (2, "第1号", 0.0), (2, "第2号", 0.0)]
    verdict = judge(sent, range(1, 3), range(1, 4))
    assert (verdict.lost, verdict.doubled, verdict.disordered) == ([(2, 3)], {(2, 2): 1}, [2])
