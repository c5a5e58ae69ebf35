"""The button "publish the next issue": drops the shipped sample issues into the inbox, one at a time.

How many were dropped is kept in the data folder, so that a restart goes on with the next one.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from bot.samples import SAMPLES


class Publisher:
    def __init__(self, inbox: Path, state: Path) -> None:
        self._inbox, self._state = inbox, state

    async def next(self) -> str | None:
        """The name of the issue that was dropped; None when there is none left."""
        return await asyncio.to_thread(self._publish)

    def _publish(self) -> str | None:
        done = json.loads(self._state.read_text()) if self._state.exists() else 0
        if done >= len(SAMPLES):
            return None
        sample = SAMPLES[done]
        sample.copy_to(self._inbox)
        self._state.write_text(json.dumps(done + 1))
        return sample.name
