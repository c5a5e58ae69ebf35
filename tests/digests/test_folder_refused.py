"""The inbox: what is not taken, and what is said of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from inbox_kit import START, TEXT, Inbox, issues, problem

from digests.errors import UnreadableError
from digests.sources.files import MAX_BYTES, MAX_PAGES, Unit
from digests.sources.folder import MAX_DEPTH, _read_if_still
from digests.types import RawIssue


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    (tmp_path / "inbox").mkdir()
    return Inbox(tmp_path / "inbox")


async def test_an_unreadable_file_is_told_of_once_for_each_state(inbox: Inbox) -> None:
    inbox.put("扫描.txt", b"%PDF-1.7")
    inbox.put("甲.txt")
    items = await inbox.settled()
    [error] = [item for item in items if isinstance(item, UnreadableError)]
    assert error.key == "扫描.txt" and "PDF" in error.reason and len(items) == 2
    assert await inbox.settled() == []
    inbox.put("扫描.txt", b"%PDF-1.7 and more")
    assert problem(await inbox.settled()).reason != error.reason
    inbox.put("扫描.txt", TEXT)
    assert len(issues(await inbox.settled())) == 1


@pytest.mark.parametrize(("name", "word"), [("甲.rtf", ".rtf"), ("甲.DOCX", ".DOCX"), ("甲", "without a suffix")])
async def test_other_kinds_of_files_are_named(inbox: Inbox, name: str, word: str) -> None:
    inbox.put(name)
    error = problem(await inbox.settled())
    assert error.key == name and word in error.reason


async def test_a_folder_without_pages_is_told_of(inbox: Inbox) -> None:
    inbox.put("一期/01.jpg", b"\xff\xd8\xff")
    assert problem(await inbox.settled()).key == "一期"
    inbox.put("一期/01.txt")
    assert len(issues(await inbox.settled())) == 1


async def test_one_bad_page_does_not_hide_the_others(inbox: Inbox) -> None:
    inbox.put("一期/01.txt")
    inbox.put("一期/02.txt", b"")
    inbox.put("一期/03.txt")
    error, issue = await inbox.settled()
    assert isinstance(error, UnreadableError) and error.key == "一期/02.txt"
    assert isinstance(issue, RawIssue) and [page.name for page in issue.pages] == ["01.txt", "03.txt"]


async def test_a_bad_sidecar_holds_the_issue_back(inbox: Inbox) -> None:
    inbox.put("一期/01.txt")
    inbox.put("一期/issue.toml", "date = 1")
    assert problem(await inbox.settled()).key == "一期/issue.toml"
    inbox.put("一期.toml", "page = 0")
    inbox.put("一期/issue.toml", "# 暂缺")
    assert problem(await inbox.settled()).key == "一期.toml"


async def test_a_file_too_big_is_refused_without_reading_it_all(inbox: Inbox) -> None:
    with inbox.put("甲.txt").open("r+b") as file:
        file.truncate(MAX_BYTES + 1)
    os.utime(inbox.folder / "甲.txt", (START.timestamp(), START.timestamp()))
    assert "20 MiB" in problem(await inbox.settled()).reason


async def test_too_many_pages_and_too_deep_folders_are_refused(inbox: Inbox) -> None:
    for number in range(MAX_PAGES + 1):
        inbox.put(f"多/{number}.txt", "")
    deep = "/".join("深" * (MAX_DEPTH + 1))
    inbox.put(f"{deep}/01.txt")
    errors = await inbox.settled()
    assert [item.key for item in errors if isinstance(item, UnreadableError)] == ["多", deep]


async def test_links_out_of_the_inbox_are_not_followed(inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(TEXT)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.txt").write_text(TEXT)
    (inbox.folder / "甲.txt").symlink_to(tmp_path / "secret.txt")
    (inbox.folder / "乙").symlink_to(tmp_path / "elsewhere")
    (inbox.folder / "丙.txt").symlink_to("nowhere")
    (inbox.folder / "丁.txt").symlink_to("丁.txt")
    (inbox.folder / "戊").symlink_to(inbox.folder)
    (inbox.folder / ".己").symlink_to("nowhere")
    items = await inbox.settled()
    assert sorted(item.key for item in items if isinstance(item, UnreadableError)) == sorted(
        ["甲.txt", "乙", "丙.txt", "丁.txt", "戊"]
    )
    assert len(items) == 5


async def test_a_link_within_the_inbox_is_a_file(inbox: Inbox) -> None:
    inbox.put("甲.txt")
    (inbox.folder / "乙.txt").symlink_to("甲.txt")
    assert {issue.key for issue in issues(await inbox.settled())} == {"甲.txt", "乙.txt"}


async def test_a_pipe_does_not_hold_the_source_up(inbox: Inbox) -> None:
    os.mkfifo(inbox.folder / "甲.txt")
    os.mkfifo(inbox.folder / ".乙.txt")
    assert "pipe" in problem(await inbox.settled()).reason


def test_a_pipe_that_took_a_files_place_is_refused(inbox: Inbox) -> None:
    path = inbox.folder / "甲.txt"
    os.mkfifo(path)
    stat = path.stat()
    unit = Unit("甲.txt", (path,), stamps=((path.name, stat.st_size, stat.st_mtime_ns, stat.st_mode),))
    [error] = _read_if_still(unit, "收件") or []
    assert isinstance(error, UnreadableError) and "pipe" in error.reason


async def test_a_missing_inbox_is_told_of_once_and_then_used(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "later")
    assert problem(await inbox.settled()).key == str(tmp_path / "later")
    inbox.put("甲.txt")
    assert len(issues(await inbox.settled())) == 1


@contextmanager
def an_ordinary_account() -> Iterator[Path]:
    """A folder of somebody who may not read everything: root may."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    root = os.geteuid() == 0
    try:
        if root:
            os.seteuid(65534)
        yield folder
    finally:
        if root:
            os.seteuid(0)
        for path in folder.rglob("*"):
            path.chmod(0o777)
        shutil.rmtree(folder)


async def test_what_may_not_be_read_is_told_of_and_read_once_it_may() -> None:
    with an_ordinary_account() as folder:
        inbox = Inbox(folder)
        inbox.put("甲.txt").chmod(0)
        inbox.put("乙/01.txt")
        (folder / "乙").chmod(0)
        items = await inbox.settled()
        assert sorted(item.key for item in items if isinstance(item, UnreadableError)) == ["乙", "甲.txt"]
        (folder / "甲.txt").chmod(0o644)
        (folder / "乙").chmod(0o755)
        assert len(issues(await inbox.settled())) == 2
