"""The log of updates: one contract for the memory twin, a server and a cluster."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.connect_redis import make_client
from bot.updates import Claim, MemoryUpdateLog, UpdateLog
from bot.updates_redis import PARTS, RedisUpdateLog
from digests.errors import StoreError

LEASE = timedelta(seconds=30)
SHORT = timedelta(milliseconds=40)
Pass = Callable[[], Awaitable[None]]


@pytest.fixture(params=["memory", "redis", "cluster"])
def kept(request: pytest.FixtureRequest) -> tuple[UpdateLog, Pass]:
    """A log, and a way to let SHORT pass."""
    if request.param == "memory":
        clock = [0.0]

        async def turn() -> None:
            clock[0] += 0.05

        return MemoryUpdateLog(lambda: clock[0]), turn

    return RedisUpdateLog(request.getfixturevalue(f"{request.param}_client"), 42), lambda: asyncio.sleep(0.08)


async def test_one_of_many_gets_an_update(kept: tuple[UpdateLog, Pass]) -> None:
    log, _ = kept
    for update in range(100, 100 + 2 * PARTS):
        claims = await asyncio.gather(*(log.claim(update, f"a{n}", LEASE) for n in range(5)))
        assert sorted(claim.name for claim in claims) == ["BUSY"] * 4 + ["MINE"]
        await log.settle(update)
        assert await log.claim(update, "b", LEASE) is Claim.DONE
    assert await log.claim(99, "b", LEASE) is Claim.MINE


async def test_an_attempt_may_ask_again(kept: tuple[UpdateLog, Pass]) -> None:
    log, _ = kept
    assert [await log.claim(1, "a", LEASE), await log.claim(1, "a", LEASE)] == [Claim.MINE, Claim.MINE]


async def test_a_claim_lapses_and_what_is_done_stays_so(kept: tuple[UpdateLog, Pass]) -> None:
    log, turn = kept
    await log.claim(1, "dead", SHORT)
    await log.claim(2, "quick", SHORT)
    await log.settle(2)
    await turn()
    assert await log.claim(1, "b", LEASE) is Claim.MINE
    assert await log.claim(2, "b", LEASE) is Claim.DONE


async def test_what_is_given_back_is_free_at_once_but_only_by_its_holder(kept: tuple[UpdateLog, Pass]) -> None:
    log, _ = kept
    await log.claim(1, "a", LEASE)
    await log.give_back(1, "b")
    assert await log.claim(1, "b", LEASE) is Claim.BUSY
    await log.give_back(1, "a")
    await log.give_back(1, "a")
    assert await log.claim(1, "b", LEASE) is Claim.MINE
    await log.settle(1)
    await log.give_back(1, "b")
    assert await log.claim(1, "c", LEASE) is Claim.DONE


async def test_the_hooks_mark(kept: tuple[UpdateLog, Pass]) -> None:
    log, _ = kept
    assert await log.find_hook() is None
    for mark in ("one", "two"):
        await log.put_hook(mark)
        assert await log.find_hook() == mark


async def test_a_store_that_is_away_is_an_error_of_the_store(tmp_path: Path) -> None:
    client = make_client(f"unix://{tmp_path}/none", patience=0.2, retries=0)
    log, samples = RedisUpdateLog(client, 42), {"update": 1, "by": "a", "lease": LEASE, "mark": "m"}
    methods = [getattr(log, name) for name in dir(UpdateLog) if not name.startswith("_")]
    for method in methods:
        with pytest.raises(StoreError):
            await method(**{name: samples[name] for name in inspect.signature(method).parameters})
    assert len(methods) == 5
    await client.aclose()
