"""What is watched: one SourceSpec per source, and the port of the store that keeps specs, states and due times.

Due sources are handed out under a lease, so any number of processes may tick. Pure besides: knows no server and no site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol, get_args

from digests.sources.calendar import Calendar, Record
from digests.sources.state import WatchState

SourceKind = Literal["folder", "feed", "epaper", "list"]
KINDS: tuple[str, ...] = get_args(SourceKind)
INBOX = "inbox"
"""The name of the inbox, which is always watched and never stored."""
LONGEST_NAME = 32


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as it is declared or was added. `address`: a URL, or a path for a folder. `profile`: a shipped preset or paper, or
    a file of the profiles folder; "" for feeds and folders. `declared`: stands in sources.toml. `origin`: "" or who added it.
    `rests`: what sources.toml says of `paused`, which admins may change meanwhile."""

    name: str
    kind: SourceKind
    address: str = ""
    profile: str = ""
    publication: str = ""
    paused: bool = False
    calendar: Calendar = field(default_factory=Calendar)
    declared: bool = False
    origin: str = ""
    rests: bool = False


@dataclass(frozen=True, slots=True)
class Watched:
    """A source with all that is known of it. `due`: when it is looked at next; None: paused, or stopped for good."""

    spec: SourceSpec
    state: WatchState = field(default_factory=WatchState)
    record: Record = field(default_factory=Record)
    due: datetime | None = None


class SourceStore(Protocol):
    """Specs, states, records and due times of all sources, by name. Also a SourceStates."""

    async def get_sources(self) -> list[Watched]:
        """All of them, by name. One round trip."""
        ...

    async def find_source(self, name: str) -> Watched | None: ...

    async def add_source(self, spec: SourceSpec, due: datetime) -> bool:
        """Keep a new source, due at `due` unless paused. False, and nothing stored, if the name is taken. Atomic."""
        ...

    async def put_spec(self, spec: SourceSpec, due: datetime | None) -> bool:
        """Replace the spec of a source and its due time. False if there is none of that name. Repeatable."""
        ...

    async def remove_source(self, name: str) -> bool:
        """With its state, record and due time; False if there was none. Repeatable."""
        ...

    async def claim_due(self, now: datetime, lease: timedelta, limit: int) -> list[str]:
        """Sources that are due, the longest waiting first; due again after `lease` unless settled. Atomic."""
        ...

    async def settle(self, name: str, due: datetime | None, record: Record) -> None:
        """After a check, by the holder of the lease: when it is due next, and its record. A source that was removed or paused
        meanwhile stays so. Repeatable."""
        ...

    async def find_state(self, name: str) -> WatchState | None: ...

    async def put_state(self, name: str, state: WatchState) -> None:
        """Nothing is stored for a source that was removed meanwhile. Repeatable."""
        ...


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """A name made of a title or a host that is not taken: 常州日报, 常州日报-2."""
    base = re.sub(r"[^\w.-]+", "-", wanted).strip("-.")[: LONGEST_NAME - 4] or "source"
    used = {*taken, INBOX}
    return next(name for n in range(1, len(used) + 2) if (name := base if n == 1 else f"{base}-{n}") not in used)


@dataclass(frozen=True, slots=True)
class Sync:
    """What makes the store say what sources.toml says."""

    add: tuple[SourceSpec, ...] = ()
    change: tuple[SourceSpec, ...] = ()
    remove: tuple[str, ...] = ()


def sync(stored: Iterable[SourceSpec], declared: Iterable[SourceSpec]) -> Sync:
    """Declared sources win over added ones of the same name; those declared before and no longer are removed. What an admin paused
    stays paused until sources.toml changes its mind."""
    have, want = {spec.name: spec for spec in stored}, {spec.name: spec for spec in declared}
    add = tuple(spec for name, spec in want.items() if name not in have)
    kept = ((have[name], spec) for name, spec in want.items() if name in have)
    change = tuple(spec for old, spec in kept if replace(old, paused=spec.paused) != spec)
    remove = tuple(name for name, spec in have.items() if spec.declared and name not in want)
    return Sync(add, change, remove)
