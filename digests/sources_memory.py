"""The store of sources in memory: the twin of sources_redis, for tests and for what the store is asked to prove."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from digests.sources.calendar import Record
from digests.sources.registry import SourceSpec, Watched
from digests.sources.state import WatchState


class MemorySourceStore:
    """Implements SourceStore and SourceStates."""

    def __init__(self) -> None:
        self._sources: dict[str, Watched] = {}

    async def get_sources(self) -> list[Watched]:
        return [self._sources[name] for name in sorted(self._sources)]

    async def find_source(self, name: str) -> Watched | None:
        return self._sources.get(name)

    async def add_source(self, spec: SourceSpec, due: datetime) -> bool:
        if spec.name in self._sources:
            return False
        self._sources[spec.name] = Watched(spec, due=None if spec.paused else due)
        return True

    async def put_spec(self, spec: SourceSpec, due: datetime | None) -> bool:
        if spec.name not in self._sources:
            return False
        self._sources[spec.name] = replace(self._sources[spec.name], spec=spec, due=due)
        return True

    async def remove_source(self, name: str) -> bool:
        return self._sources.pop(name, None) is not None

    async def claim_due(self, now: datetime, lease: timedelta, limit: int) -> list[str]:
        due = sorted((one.due, name) for name, one in self._sources.items() if one.due is not None and one.due <= now)
        claimed = [name for _, name in due[: max(limit, 0)]]
        for name in claimed:
            self._sources[name] = replace(self._sources[name], due=now + lease)
        return claimed

    async def settle(self, name: str, due: datetime | None, record: Record) -> None:
        if (one := self._sources.get(name)) is not None:
            self._sources[name] = replace(one, record=record, due=None if one.due is None else due)

    async def find_state(self, name: str) -> WatchState | None:
        one = self._sources.get(name)
        return None if one is None else one.state

    async def put_state(self, name: str, state: WatchState) -> None:
        if (one := self._sources.get(name)) is not None:
            self._sources[name] = replace(one, state=state)
