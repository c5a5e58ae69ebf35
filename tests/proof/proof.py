"""The long proof: 500 readers over six simulated weeks and more, for several seeds and seasons. Exit code 1 at the first difference.

    python tests/proof/proof.py [--seeds N ...] [--readers N] [--weeks N]

A failure names the seed, the moment, the reader, and what was lost or too much.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from proof_town import Town
from store_servers import memory

SEASONS = [datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 10, 12, tzinfo=UTC), datetime(2028, 1, 31, tzinfo=UTC)]
"""Clocks go forward; they go back; and a leap day, in a year whose days off are not decreed."""


async def run(seed: int, readers: int, weeks: float) -> bool:
    town, begun = Town(memory(), readers, SEASONS[seed % len(SEASONS)], seed), time.perf_counter()
    try:
        await town.live(timedelta(weeks=weeks), a_day=readers * 2 // 3)
    except AssertionError as difference:
        print(f"seed {seed}: {difference}")
        return False
    took = time.perf_counter() - begun
    print(
        f"seed {seed}: {readers} readers, {weeks:g} weeks, {town.done['digests']} digests: as the model says, {took:.0f} s"
    )
    print(
        "  " + ", ".join(f"{name.removeprefix('do_')} {count}" for name, count in sorted(town.done.items())), flush=True
    )
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description="The long proof")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5, 6])
    parser.add_argument("--readers", type=int, default=500)
    parser.add_argument("--weeks", type=float, default=6)
    asked = parser.parse_args()
    agreed = [asyncio.run(run(seed, asked.readers, asked.weeks)) for seed in asked.seeds]
    return 0 if all(agreed) else 1


if __name__ == "__main__":
    sys.exit(main())
