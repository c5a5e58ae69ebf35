"""`kanbao outbox READER`, and what `kanbao read` says of a file without an article."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.app import open_app
from bot.cli import app
from bot.cli_outbox import SHOWN, print_ledger
from bot.settings import Settings
from digests.types import Delivery


@pytest.mark.parametrize(
    ("count", "head"),
    [
        (2, "2 条投递 / deliveries"),
        (SHOWN + 1, "最近 100 条投递，更早的未列 / the newest 100 deliveries; there are older ones"),
    ],
)
async def test_a_ledger_that_is_longer_than_is_shown_says_so(tmp_path: Path, count: int, head: str) -> None:
    out = io.StringIO()
    async with open_app(Settings(data_dir=tmp_path)) as kanbao:
        now = kanbao.services.now()
        made = [Delivery(f"d{n}", "7", "notice", now + timedelta(seconds=n), html="甲") for n in range(count)]
        await kanbao.stores.outbox.put(made, now)
        await print_ledger(kanbao, "7", Console(file=out, width=300))
    lines = out.getvalue().splitlines()
    assert lines[0] == f"7: {head}" and len(lines) == min(count, SHOWN) + 1


def test_a_file_without_an_article_is_told_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("这里只是一行纯文本", "utf-8")
    done = CliRunner().invoke(app, ["read", str(tmp_path / "a.docx")])
    assert done.exit_code == 0 and "! 没有认出标题和正文 / no article found" in done.stdout
