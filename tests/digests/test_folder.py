"""The inbox: what is taken, when, and how often."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest
from inbox_kit import START, TEXT, Inbox, issues

from digests.sources import FolderSource
from digests.sources.folder import _read_if_still, scan
from digests.types import RawIssue


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    (tmp_path / "inbox").mkdir()
    return Inbox(tmp_path / "inbox")


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
    assert isinstance(items, AsyncGenerator)
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


# ------------------------------------------------------------------------------------------------ at scale
async def test_a_restart_reads_all_again(inbox: Inbox) -> None:
    """What was seen, the store knows by its content."""
    inbox.put("甲.txt")
    await inbox.settled()
    inbox.source = FolderSource("收件", inbox.folder)
    assert len(await inbox.settled()) == 1
