"""`kanbao sources` and `kanbao sources try` on the command line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from source_kit import kit, paper
from typer.testing import CliRunner

from bot.app import open_app, present
from bot.cli import app
from bot.cli_sources import print_sources, print_try
from bot.settings import Settings
from digests.sources.registry import SourceSpec

runner = CliRunner()


def console() -> Console:
    return Console(file=io.StringIO(), width=250, soft_wrap=True)


def said(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


async def test_sources_are_listed_with_their_health(tmp_path: Path) -> None:
    out = console()
    async with open_app(Settings(data_dir=tmp_path, inbox=tmp_path / "inbox")) as kanbao:
        await kanbao.sources.add_source(SourceSpec("金坛时报", "epaper", "", "jintan-times"), present())
        await print_sources(kanbao, out)
    told = said(out)
    assert "inbox" in told and "金坛时报" in told and "未看 new" in told and "xpaper" in told


async def test_each_step_says_what_was_expected_and_found(tmp_path: Path) -> None:
    async with kit(tmp_path) as world:
        world.site.pages = dict(paper("2026-03-02"))
        good, bad = console(), console()
        assert await print_try(world.service, f"{world.url}/pc/layout/index.html", "", good)
        assert not await print_try(world.service, f"{world.url}/[none]", "", bad)
    assert said(good).count("✓") == 6 and "储能电站在云溪开工" in said(good)
    assert "✗" in said(bad) and "404" in said(bad)


def test_addresses_of_ones_own_network_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KANBAO_DATA_DIR", str(tmp_path / "data"))
    done = runner.invoke(app, ["sources", "try", "http://127.0.0.1/"])
    assert done.exit_code == 1 and "✗" in done.stdout
    wrong = runner.invoke(app, ["sources", "try", "http://a.example/", "--profile", "none"])
    assert wrong.exit_code == 2 and "none" in wrong.stderr
