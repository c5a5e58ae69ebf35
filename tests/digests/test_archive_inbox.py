"""Documents and archives as files of an issue, with the hints of their names."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from digests.errors import UnreadableError
from digests.sources import load_issue

TEXT = "本报讯 昨天上午，青石岭储能电站在云溪开工。"


def test_an_archive_is_an_issue(tmp_path: Path) -> None:
    path = tmp_path / "云溪日报2026-03-06.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("版面/02.txt", TEXT)
        archive.writestr("版面/01.html", f"<p>{TEXT}</p>")
        archive.writestr("版面/图.png", "x")
    with pytest.raises(
        UnreadableError, match=r"图\.png"
    ):  # a person who names a file hears of all that is wrong with it
        load_issue(path)


def test_pages_of_an_archive_have_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "云溪日报2026-03-06.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("版面/第二版.txt", TEXT)
        archive.writestr("版面/第一版.html", f"<p>{TEXT}</p>")
    issue = load_issue(path)
    assert (issue.hints.publication, issue.hints.date) == ("云溪日报", "2026-03-06")
    assert [(page.page, page.text) for page in issue.pages] == [(1, TEXT), (2, TEXT)]


def test_a_saved_web_page(tmp_path: Path) -> None:
    path = tmp_path / "云溪日报2026-03-06-03.html"
    path.write_text(f"<title>开工</title><p>{TEXT}</p>")
    issue = load_issue(path)
    assert (issue.hints.page, issue.pages[0].text) == (3, f"# 开工\n\n{TEXT}")


def test_a_damaged_archive_is_told_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(UnreadableError, match="sound zip archive") as caught:
        load_issue(path)
    assert caught.value.key == str(path)
