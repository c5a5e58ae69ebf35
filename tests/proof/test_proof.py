"""The proof: hundreds of readers use everything at random for simulated weeks, and get what a plain model says, when it says.

`make proof` runs longer ones. A failure names the seed, the moment and the reader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from proof_town import Town
from store_servers import Stores, memory

pytestmark = pytest.mark.slow

SPRING = datetime(2026, 3, 23, tzinfo=UTC)
"""Clocks are put forward in Europe and back in Australia, and the Qingming holiday follows."""


@pytest.mark.timeout(600)
async def test_500_readers_get_what_a_plain_model_says() -> None:
    town = Town(memory(), 500, SPRING, seed=1)
    await town.live(timedelta(days=9), a_day=110)
    assert min(town.done[name] for name in town.acts) > 8, "everything is used"
    assert min(town.done[name] for name in ("issues corrected", "issues late", "corrections", "reprints")) > 2
    assert town.done["articles"] > 2500


@pytest.mark.timeout(600)
async def test_50_readers_on_a_real_server(redis_stores: Stores) -> None:
    town = Town(redis_stores, 50, SPRING, seed=2)
    await town.live(timedelta(days=4), a_day=40)
    assert town.done["articles"] > 60


async def test_the_judge_can_tell() -> None:
    """A post that loses one message, and one that brings something twice, are noticed."""
    for wrong in (lambda came: came.clear(), lambda came: came.append(came[0])):
        town = Town(memory(), 40, SPRING, seed=3)
        town.post.meddle = wrong
        with pytest.raises(AssertionError, match=r"lost|\['"):
            await town.live(timedelta(days=4), a_day=40)
