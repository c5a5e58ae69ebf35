"""Settings: where they come from, what is refused and how it is said, and the documents that name them."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, is_loopback, load_settings, need_folder, unknown_in_environment
from bot.settings_table import TABLE, page

TOKEN = "123456:" + "abcdefghij" * 3 + "ABCDE"
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("KANBAO_")]:
        monkeypatch.delenv(name)


def refused(folder: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(folder)
    return str(caught.value)


def test_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings.sandbox and settings.bot_token is None and settings.redis_url is None
    assert settings.api_url == "https://api.telegram.org"
    assert (settings.data_dir, settings.inbox) == (Path("data"), Path("data/inbox"))
    assert settings.admins == frozenset()
    assert settings.timezone == "Asia/Shanghai"
    assert settings.web_address == ("127.0.0.1", 8080)
    assert settings.secrets() == ()


def test_environment_beats_dotenv_beats_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kanbao.toml").write_text('timezone = "Asia/Tokyo"\nweb = "off"\nadmins = [1, 2]\ndata_dir = "c"\n')
    (tmp_path / ".env").write_text("KANBAO_TIMEZONE=Asia/Urumqi\nKANBAO_DATA_DIR=b\nOTHER=1\n")
    monkeypatch.setenv("KANBAO_DATA_DIR", "a")
    settings = load_settings(tmp_path)
    assert (settings.data_dir, settings.inbox, settings.timezone) == (Path("a"), Path("a/inbox"), "Asia/Urumqi")
    assert settings.web_address is None and settings.admins == {1, 2}


def test_the_working_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kanbao.toml").write_text("admins = 7")
    monkeypatch.chdir(tmp_path)
    assert load_settings().admins == {7}


def test_empty_means_unset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kanbao.toml").write_text('bot_token = ""\nredis_url = ""\n')
    monkeypatch.setenv("KANBAO_BOT_TOKEN", "")
    assert load_settings(tmp_path).sandbox


def test_a_token_ends_the_sandbox_and_is_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANBAO_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("KANBAO_WEB", "0.0.0.0:8080")
    settings = load_settings(tmp_path)
    assert not settings.sandbox
    assert TOKEN not in repr(settings) + str(settings) + settings.model_dump_json()
    assert settings.secrets() == (TOKEN,)


def test_admins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANBAO_ADMINS", " 1001, 1002，1001 ,")
    assert load_settings(tmp_path).admins == {1001, 1002}


@pytest.mark.parametrize("name", ["BOT_TOKEN", "REDIS_URL", "WEBHOOK_SECRET"])
def test_secrets_by_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    value = {"BOT_TOKEN": TOKEN, "REDIS_URL": "redis://u:pw@h/0", "WEBHOOK_SECRET": "s3cret"}[name]
    file = tmp_path / "secret"
    file.write_text(value + "\n")
    monkeypatch.setenv(f"KANBAO_{name}_FILE", str(file))
    assert load_settings(tmp_path).secrets() == (value,)
    monkeypatch.setenv(f"KANBAO_{name}", value)
    both = refused(tmp_path)
    assert "are both set" in both and value not in both


def test_a_secret_file_that_is_not_there_or_empty_or_binary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    monkeypatch.setenv("KANBAO_BOT_TOKEN_FILE", str(file))
    assert "KANBAO_BOT_TOKEN_FILE: cannot read" in refused(tmp_path)
    file.write_text(" \n")
    assert "is empty" in refused(tmp_path)
    file.write_bytes(b"\xff\xfe")
    assert "not text" in refused(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("BOT_TOKEN", "my secret token", "KANBAO_BOT_TOKEN：应为 @BotFather 给出的令牌"),
        ("BOT_TOKEN", f"'{TOKEN}'", "no blanks or quotes"),
        ("API_URL", "api.telegram.org", "KANBAO_API_URL：应为网址"),
        ("API_URL", "https://", "expected an address"),
        ("WEBHOOK_URL", "https://x y", "KANBAO_WEBHOOK_URL：应为网址"),
        ("WEBHOOK_URL", "https://example.org/{hook}", "the path may hold letters"),
        ("PAID_BUDGET", "-1", "KANBAO_PAID_BUDGET：不能小于 0"),
        ("PAID_PRICE", "free", "KANBAO_PAID_PRICE：应为数字"),
        ("PAID_PRICE", "inf", "KANBAO_PAID_PRICE：应为数字"),
        ("LOG", "xml", "KANBAO_LOG：应为以下之一"),
        ("REDIS_URL", "localhost:6379", "KANBAO_REDIS_URL：应以下列之一开头"),
        ("ADMINS", "@alice", "KANBAO_ADMINS：应为以逗号分隔的"),
        ("ADMINS", "0", "expected Telegram user ids"),
        ("TIMEZONE", "Asia/Changzhou", "there is no time zone Asia/Changzhou"),
        ("TIMEZONE", "../etc/passwd", "没有名为"),
        ("WEB", "8080", "KANBAO_WEB：应为 主机:端口"),
        ("WEB", "127.0.0.1:99999", "host:port"),
        ("WEB", "::1:8080", "[::1]:8080"),
        ("WEB", ":8080", "host:port"),
        ("WEB", "0.0.0.0:8080", "without a token the pages are the sandbox"),
        ("WEBHOOK_SECRET", "p@ss", "KANBAO_WEBHOOK_SECRET：应为 1–256"),
        ("WEBHOOK_URL", "https://example.org/hook", "needs KANBAO_BOT_TOKEN"),
    ],
)
def test_a_wrong_value_says_what_was_expected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(f"KANBAO_{name}", value)
    message = refused(tmp_path)
    assert expected in message and " / " in message
    assert name not in ("BOT_TOKEN", "REDIS_URL", "WEBHOOK_SECRET") or value not in message


def test_every_wrong_value_has_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANBAO_TIMEZONE", "x")
    monkeypatch.setenv("KANBAO_ADMINS", "x")
    assert len(refused(tmp_path).splitlines()) == 2


def test_an_error_does_not_carry_the_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANBAO_BOT_TOKEN", TOKEN + " ?")
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    assert caught.value.__cause__ is None and TOKEN not in str(caught.value)


def test_webhook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANBAO_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("KANBAO_WEBHOOK_URL", "https://example.org/hook/")
    monkeypatch.setenv("KANBAO_WEBHOOK_SECRET", "abc_-1")
    assert load_settings(tmp_path).webhook_url == "https://example.org/hook"
    monkeypatch.setenv("KANBAO_WEB", "OFF")
    assert "KANBAO_WEB other than off" in refused(tmp_path)


def test_mistyped_names_are_refused_where_the_file_is_ours(tmp_path: Path) -> None:
    (tmp_path / "kanbao.toml").write_text('admin = "1"\ncolour = 1\n')
    (tmp_path / ".env").write_text("KANBAO_BOT_TOKNE=1\nPATH_TO=2\n")
    first, second, third = refused(tmp_path).splitlines()
    assert "没有名为 admin 的设置；是否想写 ADMINS？" in first
    assert "there is no setting colour" in second and "mean" not in second
    assert ".env" in third and "did you mean BOT_TOKEN?" in third


def test_toml_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "kanbao.toml").write_text("admins = ")
    assert "is not valid TOML" in refused(tmp_path)
    (tmp_path / "kanbao.toml").write_bytes(b"\xff")
    assert "is not valid TOML" in refused(tmp_path)


def test_mistyped_names_in_the_environment_are_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANBAO_ADMIN", "1")
    monkeypatch.setenv("KANBAO_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("KANBAO_WEB", "off")
    [line] = unknown_in_environment()
    assert "KANBAO_ADMIN " in line and "did you mean ADMINS?" in line


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("example.org", False),
    ],
)
def test_loopback(host: str, answer: bool) -> None:
    assert is_loopback(host) is answer


def test_web_address_of_ipv6(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANBAO_WEB", "[::1]:0")
    assert load_settings(tmp_path).web_address == ("::1", 0)


@pytest.mark.parametrize(
    ("rate", "allowed"), [("1", True), ("1000", True), ("0", False), ("1001", False), ("many", False)]
)
def test_the_rate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rate: str, allowed: bool) -> None:
    monkeypatch.setenv("KANBAO_RATE", rate)
    if allowed:
        assert load_settings(tmp_path).rate == int(rate)
    else:
        with pytest.raises(SettingsError, match="KANBAO_RATE"):
            load_settings(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [("PUSH_FAILURES", "1", True), ("PUSH_FAILURES", "100", True), ("PUSH_FAILURES", "0", False), ("PUSH_FAILURES", "101", False),
     ("PUSH_FAILURES_LEAST", "1", True), ("PUSH_FAILURES_LEAST", "0", False)],
)  # fmt: skip
def test_when_a_push_stops_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: bool
) -> None:
    monkeypatch.setenv(f"KANBAO_{name}", value)
    if allowed:
        assert getattr(load_settings(tmp_path), name.lower()) == int(value)
    else:
        with pytest.raises(SettingsError, match=f"KANBAO_{name}"):
            load_settings(tmp_path)


# ------------------------------------------------------------------------------------------------ documents
def test_the_table_names_every_setting_with_its_default() -> None:
    assert sorted(doc.name for doc in TABLE) == sorted(f"KANBAO_{name.upper()}" for name in Settings.model_fields)
    for doc in TABLE:
        default = Settings.model_fields[doc.name.removeprefix("KANBAO_").lower()].default
        if isinstance(default, str):
            assert doc.default == default
        elif isinstance(default, Path):
            assert Path(doc.default) == default
        elif isinstance(default, int | Decimal):
            assert Decimal(doc.default) == default
        else:
            assert doc.default in ("", "<data>/inbox")
        assert doc.meaning_zh and doc.meaning_en


def test_the_page_is_made_from_the_table() -> None:
    """If this fails: python -m bot.settings_table > docs/settings.md"""
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == page()


def test_a_folder_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    need_folder(tmp_path / "new" / "inbox", "KANBAO_INBOX")
    assert (tmp_path / "new" / "inbox").is_dir()
    with pytest.raises(SettingsError, match=r"KANBAO_INBOX：.*是一个文件 / is a file"):
        need_folder(file, "KANBAO_INBOX")
    with pytest.raises(SettingsError, match=r"KANBAO_DATA_DIR：.*不能用作文件夹"):
        need_folder(file / "data", "KANBAO_DATA_DIR")


def test_a_number_that_is_none_is_told_in_our_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value, told in (
        ("RATE", "abc", "应为整数（1–1000） / expected a whole number (1–1000)"),
        ("RATE", "1.5", "应为整数（1–1000） / expected a whole number (1–1000)"),
        ("LEDGER_DAYS", "1", "不能小于 3（3–3650） / must not be below 3 (3–3650)"),
        ("PUSH_FAILURES_LEAST", "x", "应为整数 / expected a whole number"),
    ):
        monkeypatch.setenv(f"KANBAO_{name}", value)
        with pytest.raises(SettingsError) as caught:
            load_settings()
        assert str(caught.value) == f"KANBAO_{name}：{told}"
        monkeypatch.delenv(f"KANBAO_{name}")
