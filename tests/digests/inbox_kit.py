"""A folder whose files carry times that the test sets, and what a source yields of it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digests.errors import UnreadableError
from digests.sources import FolderSource
from digests.types import RawIssue

START = datetime(2031, 4, 8, 0, 0, tzinfo=UTC)
TEXT = "本报讯 昨天上午，青石岭储能电站在云溪开工。\n"


class Inbox:
    """A folder whose files carry times that the test sets, and the source that watches it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = FolderSource("收件", folder, settle=timedelta(seconds=2))
        self.now = START

    def put(self, name: str, content: str | bytes = TEXT, at: datetime | None = None) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        seconds = (at or self.now).timestamp()
        os.utime(path, (seconds, seconds))
        return path

    async def check(self, seconds: float = 3) -> list[RawIssue | UnreadableError]:
        self.now += timedelta(seconds=seconds)
        return [item async for item in self.source.check(self.now)]

    async def settled(self) -> list[RawIssue | UnreadableError]:
        """What two checks bring once all stands still."""
        return [*await self.check(), *await self.check()]


def issues(items: list[RawIssue | UnreadableError]) -> list[RawIssue]:
    assert not [item for item in items if isinstance(item, UnreadableError)]
    return [item for item in items if isinstance(item, RawIssue)]


def problem(items: list[RawIssue | UnreadableError]) -> UnreadableError:
    [item] = items
    assert isinstance(item, UnreadableError)
    return item
