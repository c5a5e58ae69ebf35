"""The in-memory twin of the batch store: the same contract, for tests of pipelines."""

from __future__ import annotations

from datetime import datetime, timedelta

from digests.batches import held, planned, saved, started
from digests.types import Batch, Hold


class MemoryBatchStore:
    def __init__(self) -> None:
        self._batches: dict[str, Batch] = {}
        self._due: dict[str, datetime] = {}

    async def put_batch(self, batch: Batch, ttl: timedelta) -> bool:
        if planned(self._batches.get(batch.id), batch) is None:
            return False
        self._batches[batch.id] = batch
        return True

    async def find_batch(self, id: str) -> Batch | None:
        return self._batches.get(id)

    async def start_batch(self, plan: Batch, now: datetime, at: datetime | None = None) -> Batch | None:
        return self._change(plan.id, started(self._batches.get(plan.id), plan, now, at), at or now)

    async def hold_batch(self, id: str, hold: Hold, now: datetime) -> Batch | None:
        return self._change(id, held(self._batches.get(id), hold), now)

    def _change(self, id: str, batch: Batch | None, due: datetime) -> Batch | None:
        if batch is not None:
            self._batches[id], self._due[id] = batch, due
        return batch

    async def claim_batch(self, now: datetime, lease: timedelta) -> Batch | None:
        for id in sorted(self._due, key=lambda id: self._due[id]):
            if self._due[id] <= now:
                self._due[id] = now + lease
                return self._batches[id]
        return None

    async def save_batch(self, batch: Batch, *, due: datetime | None) -> None:
        self._batches[batch.id] = saved(self._batches.get(batch.id), batch)
        if due is None:
            self._due.pop(batch.id, None)
        else:
            self._due[batch.id] = min(due, self._due.get(batch.id, due))

    async def under_way(self) -> list[Batch]:
        return [self._batches[id] for id in sorted(self._due, key=lambda id: self._due[id])]
