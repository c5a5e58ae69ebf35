"""The sample issues: whole, of the promised layouts, published one after the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.samples import SAMPLES, publish_next, publish_sample


def text_of(index: int) -> str:
    return "\n".join(SAMPLES[index].texts().values())


def test_publishing_one_after_the_other(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    published = [publish_next(inbox) for _ in range(len(SAMPLES) + 1)]
    assert published == [sample.name for sample in SAMPLES] + [None]
    assert sorted(path.name for path in inbox.iterdir()) == sorted(sample.name for sample in SAMPLES)
    for sample in SAMPLES:
        folder = inbox / sample.name if sample.is_folder else inbox
        assert {page: (folder / page).read_text(encoding="utf-8") for page in sample.pages} == sample.texts()


def test_publishing_again_replaces_and_leaves_nothing_behind(tmp_path: Path) -> None:
    for index in range(len(SAMPLES)):
        (tmp_path / f".{SAMPLES[index].name}.part").touch()
        assert publish_sample(index, tmp_path) == publish_sample(index, tmp_path)
    assert len(list(tmp_path.iterdir())) == len(SAMPLES)
    with pytest.raises(IndexError):
        publish_sample(99, tmp_path)


def test_the_promised_layouts() -> None:
    marked, plain, monthly, jump, feature = map(text_of, range(5))
    assert marked.count("\n## ") >= 5 and 2000 <= len(marked) <= 3500
    assert "#" not in plain and "**" not in plain and 2000 <= len(plain) <= 3500
    assert "目 录" in monthly and monthly.count("■") >= 8 and "总第 206 期" in monthly
    assert "（下转第二版）" in jump and "（上接第一版）" in jump
    assert "编者按" in feature
    assert all(
        word in marked + plain for word in ("动力电池", "光伏", "重大项目", "招商", "人才", "总投资60亿元", "18GWh")
    )
