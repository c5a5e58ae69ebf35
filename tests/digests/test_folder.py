"""The inbox: what is taken, when, how often, and what is said of the rest."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digests.errors import UnreadableError
from digests.sources import FolderSource
from digests.sources.files import MAX_BYTES, MAX_PAGES, Unit
from digests.sources.folder import MAX_DEPTH, _read_if_still, scan
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


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    (tmp_path / "inbox").mkdir()
    return Inbox(tmp_path / "inbox")


def issues(items: list[RawIssue | UnreadableError]) -> list[RawIssue]:
    assert not [item for item in items if isinstance(item, UnreadableError)]
    return [item for item in items if isinstance(item, RawIssue)]


def problem(items: list[RawIssue | UnreadableError]) -> UnreadableError:
    [item] = items
    assert isinstance(item, UnreadableError)
    return item


# ------------------------------------------------------------------------------------------------ what is taken
async def test_a_file_is_an_issue_with_what_its_name_tells(inbox: Inbox) -> None:
    inbox.put("云溪日报-2031-04-08-01.txt")
    [issue] = issues(await inbox.settled())
    assert (issue.source, issue.key) == ("收件", "云溪日报-2031-04-08-01.txt")
    assert (issue.hints.publication, issue.hints.date, issue.hints.page) == ("云溪日报", "2031-04-08", 1)
    assert [(page.name, page.text, page.page) for page in issue.pages] == [("云溪日报-2031-04-08-01.txt", TEXT, 1)]


async def test_what_was_taken_is_offered_once_more_in_case_the_store_lost_it(inbox: Inbox) -> None:
    inbox.put("甲.txt")
    assert len(issues(await inbox.settled())) == 1
    assert issues(await inbox.check(20)) == []
    assert len(issues(await inbox.check(20))) == 1
    assert issues(await inbox.check(60)) == [] == issues(await inbox.check(60))
    inbox.put("甲.txt", TEXT + "又讯。\n")
    assert len(issues(await inbox.settled())) == 1
    inbox.folder.joinpath("甲.txt").unlink()
    assert issues(await inbox.check(60)) == []


async def test_files_come_in_natural_order_and_only_once(inbox: Inbox) -> None:
    for name in ("页10.txt", "页2.MD", "页１.txt"):
        inbox.put(name)
    assert [issue.key for issue in issues(await inbox.settled())] == ["页１.txt", "页2.MD", "页10.txt"]
    assert await inbox.settled() == []


async def test_a_folder_is_one_issue_with_its_files_as_pages(inbox: Inbox) -> None:
    for name in ("10.txt", "2.txt", "1.txt"):
        inbox.put(f"云溪日报-2031-04-08/{name}", f"第{name}页。")
    [issue] = issues(await inbox.settled())
    assert issue.key == "云溪日报-2031-04-08"
    assert [(page.name, page.page) for page in issue.pages] == [("1.txt", 1), ("2.txt", 2), ("10.txt", 10)]
    assert (issue.hints.publication, issue.hints.date, issue.hints.page) == ("云溪日报", "2031-04-08", None)


async def test_printed_pages_order_a_folder(inbox: Inbox) -> None:
    for name in ("第十版.txt", "第二版.txt", "头版.txt"):
        inbox.put(f"四月八日/{name}")
    [issue] = issues(await inbox.settled())
    assert [page.name for page in issue.pages] == ["头版.txt", "第二版.txt", "第十版.txt"]
    assert issue.hints.date is None


async def test_numbered_parts_of_an_undated_issue_are_no_pages(inbox: Inbox) -> None:
    inbox.put("青岭科技2031年第5期/1.txt")
    [issue] = issues(await inbox.settled())
    assert issue.hints.number == "2031年第5期" and issue.pages[0].page is None


async def test_a_folder_of_folders_holds_many_issues(inbox: Inbox) -> None:
    inbox.put("云溪日报/2031-04-08/01.txt")
    inbox.put("云溪日报/2031-04-09/01.txt")
    assert [issue.key for issue in issues(await inbox.settled())] == ["云溪日报/2031-04-08", "云溪日报/2031-04-09"]


async def test_names_in_a_folder_speak_for_it_if_they_agree(inbox: Inbox) -> None:
    inbox.put("今天/云溪日报-2031-04-08-01.txt")
    inbox.put("今天/云溪日报-2031-04-08-02.txt")
    [issue] = issues(await inbox.settled())
    assert (issue.hints.publication, issue.hints.date) == ("云溪日报", "2031-04-08")
    assert [page.page for page in issue.pages] == [1, 2]


async def test_front_matter_beats_the_name_and_a_sidecar_beats_both(inbox: Inbox) -> None:
    inbox.put("甲报-2031-04-08-01.txt", "---\n报名: 乙报\n版: 2\n---\n正文如下。")
    inbox.put("甲报-2031-04-08-01.toml", "page = 3")
    inbox.put("丙报-2031-04-08-01.txt")
    inbox.put("丙报-2031-04-08-01.txt.toml", 'publication = "丁报"')
    first, second = issues(await inbox.settled())
    assert {first.hints.publication, second.hints.publication} == {"乙报", "丁报"}
    issue = first if first.hints.publication == "乙报" else second
    assert (issue.hints.date, issue.hints.page, issue.pages[0].page) == ("2031-04-08", 3, 3)
    assert issue.pages[0].text == "正文如下。"


async def test_sidecars_of_a_folder(inbox: Inbox) -> None:
    inbox.put("a/issue.toml", 'publication = "甲报"\ndate = "2031-04-08"')
    inbox.put("a/x.txt")
    inbox.put("a/x.toml", "page = 4")
    inbox.put("b.toml", 'publication = "乙报"')
    inbox.put("b/1.txt")
    first, second = issues(await inbox.settled())
    assert (first.hints.publication, first.hints.date, first.pages[0].page) == ("甲报", "2031-04-08", 4)
    assert second.hints.publication == "乙报"


async def test_a_changed_sidecar_brings_the_issue_again(inbox: Inbox) -> None:
    inbox.put("甲.txt")
    await inbox.settled()
    inbox.put("甲.toml", 'publication = "甲报"')
    assert issues(await inbox.settled())[0].hints.publication == "甲报"


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.txt",
        "~甲.txt",
        "甲.txt~",
        "甲.txt.part",
        "甲.TMP",
        "甲.txt.crdownload",
        ".甲.txt.swp",
        "Thumbs.db",
        "孤.toml",
        ".git/甲.txt",
    ],
)
async def test_unfinished_and_foreign_files_are_passed_over(inbox: Inbox, name: str) -> None:
    inbox.put(name)
    assert await inbox.settled() == []


async def test_an_empty_folder_waits(inbox: Inbox) -> None:
    (inbox.folder / "新的一期").mkdir()
    inbox.put("将来/.hidden")
    assert await inbox.settled() == []


async def test_pictures_beside_pages_do_not_matter(inbox: Inbox) -> None:
    inbox.put("一期/01.txt")
    inbox.put("一期/01.jpg", b"\xff\xd8\xff")
    assert len(issues(await inbox.settled())) == 1


# ------------------------------------------------------------------------------------------------ when
async def test_a_file_is_taken_at_the_second_check(inbox: Inbox) -> None:
    inbox.put("甲.txt")
    assert await inbox.check() == []
    assert len(await inbox.check()) == 1


async def test_a_file_being_written_is_left(inbox: Inbox) -> None:
    for length in range(1, 5):
        inbox.put("甲.txt", TEXT * length)
        assert await inbox.check() == []
    assert len(await inbox.check()) == 1


async def test_quick_checks_wait_until_the_file_has_settled(inbox: Inbox) -> None:
    inbox.put("甲.txt")
    assert [len(await inbox.check(0.5)) for _ in range(5)] == [0, 0, 0, 1, 0]


async def test_a_time_in_the_future_counts_from_when_it_was_seen(inbox: Inbox) -> None:
    inbox.put("甲.txt", at=START + timedelta(days=400))
    assert [len(await inbox.check(1)) for _ in range(4)] == [0, 0, 1, 0]


async def test_a_change_brings_the_file_again_and_a_touch_too(inbox: Inbox) -> None:
    inbox.put("甲.txt")
    await inbox.settled()
    inbox.put("甲.txt", TEXT + "更正。")
    assert issues(await inbox.settled())[0].pages[0].text.endswith("更正。")
    inbox.put("甲.txt", TEXT + "更正。")
    assert len(await inbox.settled()) == 1


async def test_an_unchanged_file_is_not_read_again(inbox: Inbox) -> None:
    path = inbox.put("甲.txt")
    await inbox.settled()
    stamp = path.stat()
    path.write_bytes(TEXT.replace("云溪", "青岭").encode())
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert await inbox.settled() == []


async def test_what_was_removed_and_comes_back_is_read_again(inbox: Inbox) -> None:
    path = inbox.put("甲.txt")
    await inbox.settled()
    path.unlink()
    assert await inbox.check() == []
    inbox.put("甲.txt")
    assert len(await inbox.settled()) == 1


async def test_what_the_caller_did_not_finish_is_yielded_again(inbox: Inbox) -> None:
    inbox.put("甲.txt")
    await inbox.check()
    items = inbox.source.check(inbox.now + timedelta(seconds=3))
    assert isinstance(await anext(items), RawIssue)
    await items.aclose()
    assert len(await inbox.check()) == 1


async def test_a_file_that_goes_or_changes_meanwhile_has_its_turn_later(inbox: Inbox) -> None:
    path = inbox.put("甲.txt")
    [unit] = scan(inbox.folder)
    path.write_text(TEXT * 2)
    assert _read_if_still(unit, "收件") is None
    path.unlink()
    assert _read_if_still(unit, "收件") is None


async def test_files_that_move_during_a_check(inbox: Inbox) -> None:
    inbox.put("甲.txt")
    inbox.put("乙.txt")
    units = scan(inbox.folder)
    first = next(units)
    second = {"甲.txt", "乙.txt"} - {first.key}
    (inbox.folder / second.pop()).unlink()
    assert list(units) == []
    inbox.put("乙.txt")
    inbox.put("甲.txt")
    await inbox.check()
    items = inbox.source.check(inbox.now + timedelta(seconds=3))
    taken = await anext(items)
    assert isinstance(taken, RawIssue)
    inbox.put("乙.txt" if taken.key == "甲.txt" else "甲.txt", TEXT * 2, inbox.now + timedelta(seconds=3))
    assert [item async for item in items] == []
    assert len(await inbox.settled()) == 1


# ------------------------------------------------------------------------------------------------ what is refused
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


# ------------------------------------------------------------------------------------------------ at scale
async def test_a_restart_reads_all_again(inbox: Inbox) -> None:
    """What was seen, the store knows by its content."""
    inbox.put("甲.txt")
    await inbox.settled()
    inbox.source = FolderSource("收件", inbox.folder)
    assert len(await inbox.settled()) == 1
