"""Reading an issue that somebody names: `kanbao read PATH`."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.errors import UnreadableError
from digests.sources import load_issue
from digests.sources.files import in_natural_order, in_page_order

TEXT = "本报讯 昨天上午，青石岭储能电站在云溪开工。\n"


def test_a_file_of_any_name(tmp_path: Path) -> None:
    path = tmp_path / "page.ocr"
    path.write_text(TEXT, "gb18030")
    issue = load_issue(path)
    assert (issue.source, issue.key, issue.pages[0].text) == ("file", str(path), TEXT)


def test_a_folder_with_its_sidecar_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "一期"
    folder.mkdir()
    (folder / "2.txt").write_text(TEXT)
    (folder / "1.md").write_text(TEXT)
    (tmp_path / "一期.toml").write_text('publication = "云溪日报"')
    issue = load_issue(folder)
    assert issue.hints.publication == "云溪日报"
    assert [page.name for page in issue.pages] == ["1.md", "2.txt"]


def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT)
    assert load_issue(Path("a.txt")).key == "a.txt"


def test_one_bad_page_refuses_the_issue(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text(TEXT)
    (tmp_path / "2.txt").write_bytes(b"%PDF-1.4")
    with pytest.raises(UnreadableError, match="PDF"):
        load_issue(tmp_path)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"expected \.txt or \.md"):
        load_issue(tmp_path)
    with pytest.raises(UnreadableError, match="No such file"):
        load_issue(tmp_path / "none" / "a.txt")


def test_orders() -> None:
    assert in_natural_order(["10.txt", "2.txt", "１.txt"]) == ["１.txt", "2.txt", "10.txt"]
    assert in_page_order(["第十版.txt", "第二版.txt"]) == ["第二版.txt", "第十版.txt"]
    assert in_page_order(["第十版.txt", "封面.txt"]) == ["封面.txt", "第十版.txt"]
