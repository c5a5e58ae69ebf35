"""The command line: results on standard output, messages on standard error, errors in one line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.cli_outbox import ledger_line
from bot.samples import SAMPLES
from digests.types import Delivery

runner = CliRunner()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KANBAO_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def sample(folder: Path, index: int = 0) -> Path:
    ((_, text),) = list(SAMPLES[index].texts().items())[:1]
    path = folder / SAMPLES[index].name
    path.write_text(text, encoding="utf-8")
    return path


def test_read_prints_one_object_an_issue(own_folder: Path) -> None:
    done = runner.invoke(app, ["read", "--json", str(sample(own_folder)), str(sample(own_folder, 2))])
    assert done.exit_code == 0, done.output
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["source"].endswith("01.txt")
    assert set(first["issue"]) >= {"publication", "kind", "number", "total_number", "sponsor", "page", "date"}
    assert (first["issue"]["publication"], first["issue"]["date"]) == ("临江日报", "2026-11-18")
    assert second["issue"]["kind"] == "periodical"
    article = first["articles"][0]
    assert set(article) == {
        "title", "subtitle", "byline", "section", "page", "body", "topics", "facts", "continued_on",
    }  # fmt: skip
    assert {"subject", "metric", "value", "unit"} == set(article["facts"][0])


def test_read_of_a_folder_is_one_issue(own_folder: Path) -> None:
    folder = own_folder / "期"
    folder.mkdir()
    for name, text in SAMPLES[3].texts().items():
        (folder / name).write_text(text, encoding="utf-8")
    done = runner.invoke(app, ["read", "--json", str(folder)])
    assert len(done.stdout.splitlines()) == 1


def test_read_shows_an_issue_to_people(own_folder: Path) -> None:
    done = runner.invoke(app, ["read", str(sample(own_folder))])
    assert done.exit_code == 0 and "临江日报" in done.stdout and "主题：" in done.stdout


def test_read_goes_on_after_a_bad_file(own_folder: Path) -> None:
    bad = own_folder / "bad.txt"
    bad.write_bytes(b"\x00\x01\x02" * 50)
    done = runner.invoke(app, ["read", "--json", str(bad), str(own_folder / "missing.txt"), str(sample(own_folder))])
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 1
    assert "bad.txt" in done.stderr and "missing.txt" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["topics"], "动力电池"),
        (["sources"], "inbox"),
        (["subscriptions"], "subscribers"),
        (["outbox"], "chats waiting: 0"),
        (["outbox", "1001"], "1001: 0 条投递"),
        (["outbox", "-1001234567890:7"], "-1001234567890:7: 0 条投递"),
    ],
)
def test_looking_starts_the_store_and_stops_it(words: list[str], told: str) -> None:
    done = runner.invoke(app, words)
    assert done.exit_code == 0, done.output
    assert told in done.stdout


def test_what_is_no_chats_number_is_one_line() -> None:
    done = runner.invoke(app, ["outbox", "张三"])
    assert done.exit_code == 2 and "张三" in done.stderr and "Traceback" not in done.output


def test_a_wrong_setting_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANBAO_TIMEZONE", "Mars/Olympus")
    done = runner.invoke(app, ["run"])
    assert done.exit_code == 2
    assert "KANBAO_TIMEZONE" in done.stderr and "Traceback" not in done.output


def test_run_points_out_a_mistyped_setting(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANBAO_ADMIN", "1")
    done = runner.invoke(app, ["run", "--only", "dance"])
    assert done.exit_code == 2 and "KANBAO_ADMIN 的设置；是否想写 ADMINS？" in done.stderr


def test_an_unknown_role_is_one_line() -> None:
    done = runner.invoke(app, ["run", "--only", "dance"])
    assert done.exit_code == 2 and "dance" in done.stderr


def test_doctor_answers_by_its_exit_code() -> None:
    assert runner.invoke(app, ["doctor", "--quick"]).exit_code == 1


def test_a_line_of_the_ledger() -> None:
    made = datetime(2026, 5, 1, 8, tzinfo=UTC)
    waits = Delivery("d1", "5", "digest", made)
    assert ledger_line(waits) == "2026-05-01 08:00:00Z d1 digest queued attempts=0 messages=- settled=-"
    sent = replace(waits, kind="push", state="sent", attempts=2, sent=(41, 42), settled=made, batch="b", error="why")
    assert ledger_line(sent) == (
        "2026-05-01 08:00:00Z d1 push sent attempts=2 messages=41,42 settled=2026-05-01 08:00:00Z batch=b why"
    )
