"""The in-memory twin of the batch store: the same contract, for tests of pipelines."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from digests.types import Batch


class MemoryBatchStore:
    def __init__(self) -> None:
        self._batches: dict[str, Batch] = {}
        self._due: dict[str, datetime] = {}

    async def put_batch(self, batch: Batch, ttl: timedelta) -> None:
        self._batches[batch.id] = batch

    async def find_batch(self, id: str) -> Batch | None:
        return self._batches.get(id)

    async def start_batch(self, id: str, now: datetime) -> Batch | None:
        batch = self._batches.get(id)
        if batch is None or batch.state != "planned":
            return None
        started = replace(batch, state="composing")
        self._batches[id], self._due[id] = started, now
        return started

    async def claim_batch(self, now: datetime, lease: timedelta) -> Batch | None:
        for id in sorted(self._due, key=lambda id: self._due[id]):
            if self._due[id] <= now:
                self._due[id] = now + lease
                return self._batches[id]
        return None

    async def save_batch(self, batch: Batch, *, due: datetime | None) -> None:
        self._batches[batch.id] = batch
        if due is None:
            self._due.pop(batch.id, None)
        else:
            self._due[batch.id] = due
