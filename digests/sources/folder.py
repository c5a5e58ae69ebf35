"""The inbox: a folder whose new files and sub-folders are issues.

A file is taken when its size and time have stood still over two checks, and is read again only when it changes: what is
new in its content, the store knows; a while after it was taken it is offered once more, because a store may lose its last second
(a power cut, a fail-over) and nobody else would know of the issue. Nothing outside the folder is read, whatever links lie in it; nothing is written,
moved or removed. What cannot be read is yielded as an UnreadableError, once for each state of the file.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digests.errors import UnreadableError
from digests.sources.files import (
    MAX_PAGES,
    NO_PAGES,
    NOT_A_FILE,
    Stamp,
    Unit,
    file_unit,
    folder_unit,
    in_natural_order,
    is_document,
    is_ignored,
    is_page,
    read_unit,
    stamped,
    unreadable_file,
)
from digests.types import RawIssue

MAX_DEPTH = 8
NEVER = datetime.max.replace(tzinfo=UTC)

LINK = (
    "是链接，指向收件目录之外、文件夹或不存在的地方，不予跟随；请放入文件本身"
    " / is a link out of the inbox, to a folder, or to nothing, and is not followed; put in the file itself"
)
TOO_DEEP = (
    f"文件夹超过 {MAX_DEPTH} 层；请把各期移到上层 / folders are nested more than {MAX_DEPTH} deep; move the issues up"
)
TOO_MANY = (
    f"一期应不超过 {MAX_PAGES} 个文件，实际更多；请每期一个子文件夹"
    f" / expected at most {MAX_PAGES} files in an issue, found more; make one sub-folder for each issue"
)


class FolderSource:
    """Implements digests.ports.Source. Holds in memory what it has seen: after a restart everything is read once more.
    `again`: after that long what was taken is offered a second time."""

    def __init__(
        self,
        name: str,
        folder: Path,
        *,
        settle: timedelta = timedelta(seconds=2),
        again: timedelta = timedelta(seconds=30),
    ) -> None:
        self.name = name
        self._folder, self._settle, self._again = folder, settle, again
        self._standing: dict[str, tuple[tuple[Stamp, ...], datetime]] = {}
        self._done: dict[str, tuple[Stamp, ...]] = {}
        self._offer_again: dict[str, datetime] = {}

    async def check(self, now: datetime) -> AsyncIterator[RawIssue | UnreadableError]:
        """What is ready and not yet taken, in natural order. What is yielded counts as taken when the caller asks on."""
        units = await asyncio.to_thread(lambda: list(scan(self._folder)))
        self._forget_all_but({unit.key for unit in units})
        for unit in units:
            if not self._is_ready(unit, now):
                continue
            items = await asyncio.to_thread(_read_if_still, unit, self.name)
            for item in items or ():
                yield item
            if items is not None:
                self._take(unit, now)

    def _take(self, unit: Unit, now: datetime) -> None:
        if self._done.get(unit.key) == unit.stamps:
            del self._offer_again[unit.key]
        else:
            self._done[unit.key] = unit.stamps
            self._offer_again[unit.key] = now + self._again

    def _is_ready(self, unit: Unit, now: datetime) -> bool:
        """Not taken in this state, and standing still since the check before and for `settle`."""
        if self._done.get(unit.key) == unit.stamps:
            return now >= self._offer_again.get(unit.key, NEVER)
        stamps, since = self._standing.get(unit.key, (None, now))
        if stamps != unit.stamps:
            self._standing[unit.key] = (unit.stamps, now)
            return False
        ahead = unit.changed > now.timestamp()  # a clock elsewhere is fast: count from when we saw it
        return (now - since if ahead else timedelta(seconds=now.timestamp() - unit.changed)) >= self._settle

    def _forget_all_but(self, keys: set[str]) -> None:
        self._standing = {key: seen for key, seen in self._standing.items() if key in keys}
        self._done = {key: stamps for key, stamps in self._done.items() if key in keys}
        self._offer_again = {key: at for key, at in self._offer_again.items() if key in keys}


def scan(folder: Path) -> Iterator[Unit]:
    """The units below `folder` as they are now, each file stamped. Reads names and stamps only."""
    try:
        root = folder.resolve(strict=True)
        yield from _scan_inbox(root)
    except OSError as error:
        yield _problem(str(folder), folder, unreadable_file(str(folder), error).reason)


def _scan_inbox(root: Path) -> Iterator[Unit]:
    files, folders, refused = _entries(root, root)
    yield from refused
    names = frozenset(files)
    for name in in_natural_order(files):
        if not is_ignored(name):
            yield from _unit_now(file_unit(root / name, names, name))
    for name in in_natural_order(folders):
        yield from _scan_folder(root / name, root, names, 1)


def _scan_folder(folder: Path, root: Path, beside: frozenset[str], depth: int) -> Iterator[Unit]:
    key = _key(folder, root)
    if depth > MAX_DEPTH:
        yield _problem(key, folder, TOO_DEEP)
        return
    try:
        files, folders, refused = _entries(folder, root)
    except OSError as error:
        yield _problem(key, folder, unreadable_file(key, error).reason)
        return
    yield from refused
    names = frozenset(files)
    unit = folder_unit(folder, names, beside, key)
    if len(unit.pages) > MAX_PAGES:
        yield _problem(key, folder, TOO_MANY)
    elif unit.pages:
        yield from _unit_now(unit)
    elif any(not is_ignored(name) for name in files) and not folders:
        yield _problem(key, folder, NO_PAGES)
    for name in in_natural_order(folders):
        yield from _scan_folder(folder / name, root, names, depth + 1)


def _entries(folder: Path, root: Path) -> tuple[list[str], list[str], list[Unit]]:
    """Names of files, names of folders, and what is refused. Raises OSError."""
    files: list[str] = []
    folders: list[str] = []
    refused: list[Unit] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            path = Path(entry.path)
            if entry.is_symlink() and not _leads_to_file_inside(path, root):
                refused += [] if is_ignored(entry.name) else [_problem(_key(path, root), path, LINK)]
            elif entry.is_dir():
                folders += [] if is_ignored(entry.name) else [entry.name]
            elif entry.is_file():
                files.append(entry.name)
            elif not is_ignored(entry.name):
                refused.append(_problem(_key(path, root), path, NOT_A_FILE))
    return files, folders, refused


def _leads_to_file_inside(link: Path, root: Path) -> bool:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # a loop
        return False
    return target.is_file() and target.is_relative_to(root)


def _unit_now(unit: Unit) -> Iterator[Unit]:
    """The unit with its stamps; nothing if a file of it has gone meanwhile."""
    try:
        unit = stamped(unit)
    except OSError:
        return
    if unit.folder is None and not is_page(unit.key) and not is_document(unit.key):
        size = unit.stamps[0][1]
        unit = replace(unit, problem=_other_kind(unit.pages[0].suffix, size))
    yield unit


def _other_kind(suffix: str, size: int) -> str:
    zh, en = (f"{suffix} 文件", f"a {suffix} file") if suffix else ("没有扩展名的文件", "a file without a suffix")
    return (
        f"应为 .txt、.md、.pdf、.html 或 .zip 文件，实为{zh}（{size} 字节）；请把文字另存为 .txt 或 .md 再放入"
        f" / expected a .txt, .md, .pdf, .html or .zip file, found {en} ({size} bytes); save its text as .txt or .md and put that in"
    )


def _problem(key: str, path: Path, reason: str) -> Unit:
    try:
        found = path.lstat()
        stamps: tuple[Stamp, ...] = ((path.name, found.st_size, found.st_mtime_ns, found.st_mode),)
    except OSError:
        stamps = ()
    return Unit(key, (), stamps=stamps, problem=reason)


def _key(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _read_if_still(unit: Unit, source: str) -> list[RawIssue | UnreadableError] | None:
    """What the unit holds; None if it changed or went while it was read: then it has its turn again."""
    if unit.problem:
        return [UnreadableError(unit.key, unit.problem)]
    try:
        items = read_unit(unit, source)
        return items if stamped(unit).stamps == unit.stamps else None
    except OSError:
        return None
