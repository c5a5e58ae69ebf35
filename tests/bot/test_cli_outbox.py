"""`kanbao outbox`: a ledger, and what failed; and what `kanbao read` says of a file without an article."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.app import App, open_app
from bot.cli import app
from bot.cli_outbox import ACTOR, SHOWN, outbox_action, print_ledger
from bot.errors import StartError
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


async def put_failed(kanbao: App, count: int) -> None:
    now = kanbao.services.now()
    await kanbao.stores.outbox.put([Delivery(f"d{n}", f"{n}", "notice", now, html="甲") for n in range(count)], now)
    for one in await kanbao.stores.outbox.claim(now, count, timedelta(minutes=1)):
        gone = replace(one, state="failed", settled=now, error="Bad Request: chat not found")
        await kanbao.stores.outbox.settle(gone, now, next_at=None, chat_at=now)


async def test_all_that_failed_is_dropped_once_that_is_agreed_to(tmp_path: Path) -> None:
    out, asked = io.StringIO(), list[str]()

    def answer(yes: bool) -> Callable[[str], bool]:
        def answered(question: str) -> bool:
            asked.append(question)
            return yes

        return answered

    async with open_app(Settings(data_dir=tmp_path)) as kanbao:
        await put_failed(kanbao, 3)
        console, digests = Console(file=out, width=300), kanbao.services.digests
        for yes in (False, True, True):
            await outbox_action(["drop", "all"], console, answer(yes))(kanbao)
        assert await digests.failed(9) == []
        assert out.getvalue().split() == [
            "已移出",
            "/",
            "dropped:",
            *["0", "已移出", "/", "dropped:", "3", "已移出", "/", "dropped:", "0"],
        ]
        assert asked == ["把没能送出的 3 条都移出吗？ / Drop the 3 that could not be sent?"] * 2
        (entry,) = await digests.audit()
        assert (entry.actor, entry.action, entry.detail) == (ACTOR, "dismiss", {"letters": "3"})


async def test_all_that_failed_is_queued_again(tmp_path: Path) -> None:
    out = io.StringIO()
    async with open_app(Settings(data_dir=tmp_path)) as kanbao:
        await put_failed(kanbao, 2)
        await outbox_action([], Console(file=out, width=300), lambda _: False)(kanbao)
        await outbox_action(["retry", "all"], Console(file=out, width=300), lambda _: False)(kanbao)
        assert await kanbao.services.digests.failed(9) == []
    assert out.getvalue().count("chat not found") == 2 and "已重新排队 / queued again: 2" in out.getvalue()


def test_the_command_line_asks_before_it_drops_unless_told_not_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KANBAO_DATA_DIR", str(tmp_path / "data"))

    async def fill() -> None:
        async with open_app(Settings(data_dir=tmp_path / "data")) as kanbao:
            await put_failed(kanbao, 2)

    asyncio.run(fill())
    done = CliRunner().invoke(app, ["outbox", "drop", "all"], input="n\n")
    assert done.exit_code == 0 and "2 条都移出吗" in done.output and "dropped: 0" in done.output
    done = CliRunner().invoke(app, ["outbox", "drop", "all", "--yes"])
    assert done.exit_code == 0 and "移出吗" not in done.output and "dropped: 2" in done.output


@pytest.mark.parametrize("words", [["drop"], ["drop", "7"], ["retry", "some"], ["张三"], ["7", "8"]])
def test_what_is_not_understood_is_told(words: list[str]) -> None:
    with pytest.raises(StartError, match=f"不明白：{' '.join(words)}.*retry all or drop all"):
        outbox_action(words, Console(), lambda _: True)


def test_a_file_without_an_article_is_told_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("这里只是一行纯文本", "utf-8")
    done = CliRunner().invoke(app, ["read", str(tmp_path / "a.docx")])
    assert done.exit_code == 0 and "! 没有认出标题和正文 / no article found" in done.stdout
