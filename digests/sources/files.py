"""Files of one issue to a RawIssue: what counts as a page, in which order, with which hints.

A file is a page or a whole issue; a folder is one issue whose files are its pages. Reading is bounded, and a file that
changes while it is read is left for later. Watching is folder.py's business, meaning is the reader's.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from natsort import natsort_keygen, ns

from digests.errors import UnreadableError
from digests.sources.archive import read_document, read_zip
from digests.sources.decode import decode
from digests.sources.names import agreed, bare_page, hints_from_name, hints_from_sidecar, merge, split_front_matter
from digests.sources.pdf import PdfText, mean
from digests.types import Hints, PageText, RawIssue

TEXT_SUFFIXES = (".txt", ".md")
PAGE_SUFFIXES = (*TEXT_SUFFIXES, ".pdf", ".html", ".htm")
ARCHIVE_SUFFIX = ".zip"
SIDECAR_SUFFIX = ".toml"
ISSUE_SIDECAR = "issue.toml"
MAX_BYTES = 20 * 1024 * 1024
MAX_DOCUMENT_BYTES = 50 * 1024 * 1024
"""Of a PDF, a page in HTML, an archive: pictures make them large."""
MAX_PAGES = 500

_UNFINISHED = re.compile(r"(?i)^[.~]|~$|\.(?:part|partial|tmp|temp|crdownload|download|swp|swx|filepart)$")
_LITTER = {"thumbs.db", "desktop.ini"}

_natural = natsort_keygen(alg=ns.INT | ns.IGNORECASE)

Stamp = tuple[str, int, int, int]
"""A file's name, size, time of change (ns) and mode: while these stand still it is the same file."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The files of one issue. `key`: path for messages. `problem`: why it cannot be read, known without reading.
    `changed`: newest time of change, seconds since the epoch."""

    key: str
    pages: tuple[Path, ...]
    sidecars: tuple[Path, ...] = ()
    folder: Path | None = None
    stamps: tuple[Stamp, ...] = ()
    changed: float = 0.0
    problem: str = ""


def is_page(name: str) -> bool:
    return name.lower().endswith(PAGE_SUFFIXES)


def is_document(name: str) -> bool:
    """A file that holds pages in another form than text. An archive is an issue, never a page of one."""
    return name.lower().endswith((*PAGE_SUFFIXES[len(TEXT_SUFFIXES) :], ARCHIVE_SUFFIX))


def is_ignored(name: str) -> bool:
    """Hidden and unfinished files, litter of file managers, side-cars."""
    return bool(_UNFINISHED.search(name)) or name.lower() in _LITTER or name.lower().endswith(SIDECAR_SUFFIX)


def in_natural_order(names: Iterable[str]) -> list[str]:
    """2 before 10, full-width digits like others."""
    return sorted(names, key=lambda name: _natural(unicodedata.normalize("NFKC", name)))


def in_page_order(names: Iterable[str]) -> list[str]:
    """The files of one issue: by printed page where every name tells one (第二版 before 第十版), else in natural order."""
    names = in_natural_order(names)
    pages = [_page_in(name) for name in names]
    if all(page is not None for page in pages):
        names = [name for _, name in sorted(zip(pages, names, strict=True), key=lambda pair: pair[0] or 0)]
    return names


def stamped(unit: Unit) -> Unit:
    """With the stamps of its files as they are now. Raises OSError."""
    found = [(path, path.stat()) for path in (*unit.pages, *unit.sidecars)]
    stamps = tuple((path.name, s.st_size, s.st_mtime_ns, s.st_mode) for path, s in found)
    return replace(unit, stamps=stamps, changed=max((s.st_mtime for _, s in found), default=0.0))


def file_unit(path: Path, beside: frozenset[str], key: str) -> Unit:
    """The unit of one file; `beside`: the names in its folder, among which its side-car may be."""
    return Unit(key, (path,), _sidecars_of(path, beside))


def folder_unit(folder: Path, names: frozenset[str], beside: frozenset[str], key: str) -> Unit:
    """The unit of a folder with these file `names`; `beside`: the names next to the folder."""
    pages = tuple(
        folder / name for name in in_page_order(name for name in names if is_page(name) and not is_ignored(name))
    )
    own = [folder / ISSUE_SIDECAR] if ISSUE_SIDECAR in names else []
    own += [path for page in pages for path in _sidecars_of(page, names)]
    return Unit(key, pages, (*own, *_sidecars_of(folder, beside)), folder)


def load_issue(path: Path, source: str = "file") -> RawIssue:
    """The issue in a file or a folder of pages, for whoever names it; any file name will do. Raises UnreadableError,
    for the first page that cannot be read."""
    beside = _names_in(path.parent)
    try:
        unit = (
            folder_unit(path, _names_in(path), beside, str(path))
            if path.is_dir()
            else file_unit(path, beside, str(path))
        )
        items = read_unit(unit, source)
    except OSError as error:
        raise unreadable_file(str(path), error) from error
    for item in items:
        if isinstance(item, UnreadableError):
            raise item
        return item
    raise UnreadableError(str(path), NO_PAGES)


NO_PAGES = (
    "应有 .txt、.md、.pdf 或 .html 文件，每版一个，实际没有；请把各版放入这个文件夹"
    " / expected .txt or .md, .pdf or .html files, one for each page, found none; put the pages into this folder"
)


def read_unit(unit: Unit, source: str) -> list[RawIssue | UnreadableError]:
    """What cannot be read, then the issue from all that can. Raises FileNotFoundError if a file has gone meanwhile."""
    try:
        sidecars = {path: _sidecar(path, _key(unit, path)) for path in unit.sidecars}
    except UnreadableError as error:
        return [error]
    pages: list[tuple[PageText, Hints]] = []
    problems: list[RawIssue | UnreadableError] = []
    sure: list[float | None] = []
    for path in unit.pages:
        try:
            if is_document(path.name):
                more, read = _read_document(path, _key(unit, path), sidecars)
                pages += more
                sure.append(read.recognised)
                problems += [UnreadableError(_key(unit, path), reason) for reason in read.problems]
            else:
                pages.append(_read_page(path, _key(unit, path), sidecars))
        except UnreadableError as error:
            problems.append(error)
    if not pages:
        return problems
    hints = pages[0][1] if unit.folder is None else _folder_hints(unit.folder, [own for _, own in pages], sidecars)
    return [
        *problems,
        RawIssue(source, unit.key, tuple(_with_page(page, hints) for page, _ in pages), hints, recognised=mean(sure)),
    ]


def unreadable_file(key: str, error: OSError) -> UnreadableError:
    why = error.strerror or type(error).__name__
    return UnreadableError(
        key, f"无法读取（{why}）；请检查文件和权限 / cannot be read ({why}); check that it is there and who may read it"
    )


def _read_page(path: Path, key: str, sidecars: dict[Path, Hints]) -> tuple[PageText, Hints]:
    front, text = split_front_matter(_text(path, key), key)
    hints = merge(*_own(path, sidecars), front, hints_from_name(path.name))
    return PageText(path.name, text, hints.page), hints


def _read_document(path: Path, key: str, sidecars: dict[Path, Hints]) -> tuple[list[tuple[PageText, Hints]], PdfText]:
    """The pages of a PDF, a saved web page or an archive, and how they were read."""
    data = _bytes(path, key, MAX_DOCUMENT_BYTES)
    is_archive = path.name.lower().endswith(ARCHIVE_SUFFIX)
    try:
        read = read_zip(data, path.name) if is_archive else read_document(data, path.name)
    except UnreadableError as error:
        raise UnreadableError(key, error.reason) from error
    hints = merge(*_own(path, sidecars), hints_from_name(path.stem))
    pages = [page if page.page is not None else replace(page, page=_page_of(page, hints)) for page in read.pages]
    return [(page, hints) for page in pages], read


def _page_of(page: PageText, hints: Hints) -> int | None:
    """By the name in the archive, without its folders; else the page that the file's own name tells."""
    name = page.name.rpartition("/")[2]
    stem = name.rpartition(".")[0] if is_document(name) else name
    own = hints_from_name(stem).page or (bare_page(stem) if hints.date else None)
    return own or hints.page


def _own(path: Path, sidecars: dict[Path, Hints]) -> list[Hints]:
    return [sidecars[side] for side in sidecars if side.parent == path.parent and side.name in _sidecar_names(path)]


def _sidecar(path: Path, key: str) -> Hints:
    return hints_from_sidecar(_text(path, key), key)


def _folder_hints(folder: Path, pages: Sequence[Hints], sidecars: dict[Path, Hints]) -> Hints:
    own = [
        sidecars[side]
        for side in (folder / ISSUE_SIDECAR, folder.with_name(folder.name + SIDECAR_SUFFIX))
        if side in sidecars
    ]
    return replace(merge(*own, hints_from_name(folder.name), agreed(list(pages))), page=None)


def _with_page(page: PageText, issue: Hints) -> PageText:
    """A name that is a bare number is a page's number only in an issue with a date: parts of a periodical are numbered too."""
    if page.page is None and issue.date is not None and (number := bare_page(page.name)):
        return replace(page, page=number)
    return page


def _text(path: Path, key: str) -> str:
    try:
        return decode(_bytes(path, key), key)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise unreadable_file(key, error) from error


def _bytes(path: Path, key: str, most: int = MAX_BYTES) -> bytes:
    """At most so many, of a regular file only: opening a named pipe must not wait for its writer."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UnreadableError(key, NOT_A_FILE)
        data = file.read(most + 1)
    if len(data) > most:
        raise UnreadableError(key, _too_big(most))
    return data


NOT_A_FILE = (
    "应为普通文件，实为设备、管道或套接字；请放入文本文件"
    " / expected an ordinary file, found a device, pipe or socket; put in a text file"
)


def _too_big(most: int) -> str:
    return (
        f"应不超过 {most >> 20} MiB，实际更大；请按版拆开，放入同一个文件夹"
        f" / expected at most {most >> 20} MiB, found more; cut it into pages and put them into one folder"
    )


def _sidecars_of(path: Path, beside: frozenset[str]) -> tuple[Path, ...]:
    return tuple(path.with_name(name) for name in _sidecar_names(path) if name in beside)


def _sidecar_names(path: Path) -> tuple[str, ...]:
    """NAME.txt.toml, or NAME.toml for a page NAME.txt."""
    whole = path.name + SIDECAR_SUFFIX
    return (whole, path.stem + SIDECAR_SUFFIX) if is_page(path.name) else (whole,)


def _page_in(name: str) -> int | None:
    return hints_from_name(name).page or bare_page(name)


def _key(unit: Unit, path: Path) -> str:
    """A file's own key, from its unit's: the folder's side-car lies beside the folder."""
    base = Path(unit.key) if path.parent == unit.folder else Path(unit.key).parent
    return (base / path.name).as_posix()


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(entry.name for entry in folder.iterdir() if entry.is_file())
    except OSError:
        return frozenset()
