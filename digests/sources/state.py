"""What is remembered of a watched place between two checks, and the port of the store that keeps it.

One frozen value per source, replaced as a whole. Written only by the process that holds the source's lease, after the
caller took what the check brought: a crash before repeats the check and brings the same again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from digests.sources.politeness import Sightings


@dataclass(frozen=True, slots=True)
class WatchState:
    """`address`: taken over from permanent redirects, or "" for the declared one. `etag`, `modified`: validators, or "".
    `body_hash`: of the last body that was read, or "". `seen`: keys known, the oldest first. `begun`: the first check is over.
    `full_at`: when a whole answer was last asked for. `stopped`: why the source is never asked again, or "". `marks`: of a feed's items as they were read last, byte for byte."""

    address: str = ""
    etag: str = ""
    modified: str = ""
    body_hash: str = ""
    seen: tuple[str, ...] = ()
    begun: bool = False
    checked_at: datetime | None = None
    next_at: datetime | None = None
    full_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    problem: str = ""
    moved: Sightings = field(default_factory=Sightings)
    stopped: str = ""
    marks: tuple[str, ...] = ()


class SourceStates(Protocol):
    """The states of all sources, by name."""

    async def find_state(self, name: str) -> WatchState | None:
        """None: never checked. Repeatable."""
        ...

    async def put_state(self, name: str, state: WatchState) -> None:
        """Replace the whole state. Called by the holder of the source's lease. Repeatable."""
        ...


class MemorySourceStates:
    """The twin in memory."""

    def __init__(self) -> None:
        self._states: dict[str, WatchState] = {}

    async def find_state(self, name: str) -> WatchState | None:
        return self._states.get(name)

    async def put_state(self, name: str, state: WatchState) -> None:
        self._states[name] = state
