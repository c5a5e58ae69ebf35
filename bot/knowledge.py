"""What reading needs to know (topics, aliases), in step with what admins changed.

The topics that admins edit lie in the store; every process looks at them at each tick and rebuilds only on a change.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from digests.enrich import Knowledge, load_knowledge
from digests.ports import AdminStore
from digests.read import read_issue
from digests.types import Issue, RawIssue


class CurrentKnowledge:
    """`refresh` before a tick; `read` in a thread, with whatever is current."""

    def __init__(self, store: AdminStore) -> None:
        self._store = store
        self._overrides: Mapping[str, str] | None = None
        self.knowledge: Knowledge = load_knowledge()

    async def refresh(self) -> None:
        overrides = await self._store.get_topics()
        if overrides != (self._overrides or {}):
            self.knowledge = await asyncio.to_thread(load_knowledge, overrides)
            self._overrides = overrides

    def read(self, raw: RawIssue) -> Issue:
        return read_issue(raw, self.knowledge)
