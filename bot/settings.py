"""The settings, read once at start from the environment, `.env` and `kanbao.toml` (in this order of precedence).

Rules: every setting stands in bot/settings_table.py, with its default and meaning; a value that is not understood stops
the start with what was expected, where, and what to do. Secrets may lie in files (`…_FILE`). A secret's value is never
part of a message. Nothing below bot/ imports this module: settings reach the core as arguments.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.errors import SettingsError
from digests.rates import Budget

PREFIX = "KANBAO_"
REDIS_SCHEMES = ("redis", "rediss", "redis+cluster", "rediss+cluster", "unix")
SECRETS = ("bot_token", "redis_url", "webhook_secret")


def _wrong(zh: str, en: str) -> ValueError:
    return ValueError(f"{zh} / {en}")


class Settings(BaseSettings):
    """What the environment asks for. The sandbox is on if, and only if, there is no token."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    bot_token: SecretStr | None = None
    bot_token_file: Path | None = None
    api_url: str = "https://api.telegram.org"
    redis_url: SecretStr | None = None
    redis_url_file: Path | None = None
    data_dir: Path = Path("data")
    inbox: Path = Field(default_factory=lambda known: known.get("data_dir", Path("data")) / "inbox")
    admins: Annotated[frozenset[int], NoDecode] = frozenset()
    timezone: str = "Asia/Shanghai"
    rate: int = 30
    paid_budget: int = Field(default=0, ge=0)
    paid_price: Decimal = Field(default=Decimal("0.1"), ge=0)
    push_failures: int = 20
    push_failures_least: int = 50
    ledger_days: int = Field(default=45, ge=3, le=3650)
    web: str = "127.0.0.1:8080"
    log: Literal["text", "json"] = "text"
    traces: str | None = None
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    webhook_secret_file: Path | None = None

    @property
    def sandbox(self) -> bool:
        return self.bot_token is None

    @property
    def bot_id(self) -> int:
        """The bot's number; 0 for the sandbox's."""
        return int(self.bot_token.get_secret_value().partition(":")[0]) if self.bot_token else 0

    @property
    def web_address(self) -> tuple[str, int] | None:
        """Host and port of the web pages; None: no web pages."""
        return None if self.web == "off" else _host_and_port(self.web)

    @property
    def budget(self) -> Budget:
        """What may be paid for."""
        return Budget(self.paid_budget, self.paid_price, self.timezone, self.rate)

    def secrets(self) -> tuple[str, ...]:
        """The values that must never reach a log."""
        values = (self.bot_token, self.redis_url, self.webhook_secret)
        return tuple(value.get_secret_value() for value in values if value)

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: dict[str, object]) -> dict[str, object]:
        given = {name: value for name, value in given.items() if value != ""}
        for name in SECRETS:
            if (path := given.get(f"{name}_file")) is not None:
                if given.get(name) is not None:
                    raise _both_given(name)
                given[name] = _secret_in(Path(str(path)), name)
        return given

    @field_validator("bot_token")
    @classmethod
    def _token_has_its_form(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value.get_secret_value()):
            raise _wrong(
                "应为 @BotFather 给出的令牌，形如 123456:ABC…；请整行复制，不含空格和引号",
                "expected the token that @BotFather gave, like 123456:ABC…; copy the whole line, no blanks or quotes",
            )
        return value

    @field_validator("api_url", "webhook_url", "traces")
    @classmethod
    def _address_is_http(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", value):
            raise _wrong(
                "应为网址，例如 https://example.org；请写明 http:// 或 https://",
                "expected an address like https://example.org; write http:// or https:// in full",
            )
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _path_is_plain(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"[A-Za-z0-9._~/-]*", urlsplit(value).path):
            raise _wrong(
                "路径只能含字母、数字和 . _ ~ - /，例如 https://example.org/telegram",
                "the path may hold letters, digits and . _ ~ - / only, like https://example.org/telegram",
            )
        return value

    @field_validator("redis_url")
    @classmethod
    def _store_has_a_scheme(cls, value: SecretStr | None) -> SecretStr | None:
        if value and urlsplit(value.get_secret_value()).scheme not in REDIS_SCHEMES:
            raise _wrong(
                f"应以下列之一开头：{'、'.join(f'{s}://' for s in REDIS_SCHEMES)}；留空则使用内置存储",
                f"expected one of {', '.join(f'{s}://' for s in REDIS_SCHEMES)}; leave it out for the embedded store",
            )
        return value

    @field_validator("admins", mode="before")
    @classmethod
    def _ids_apart_by_commas(cls, value: object) -> object:
        if isinstance(value, int):
            return frozenset([value])
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in re.split("[,，]", value) if part.strip()]
        if not all(re.fullmatch(r"[1-9][0-9]{0,18}", part) for part in parts):
            raise _wrong(
                "应为以逗号分隔的 Telegram 用户编号，例如 1001,1002；编号可向 @userinfobot 查询",
                "expected Telegram user ids apart by commas, like 1001,1002; @userinfobot tells a user's id",
            )
        return frozenset(int(part) for part in parts)

    @field_validator("rate")
    @classmethod
    def _rate_is_allowed(cls, value: int) -> int:
        if not 1 <= value <= 1000:
            raise _wrong(
                "应为每秒消息数 1–1000；超过 30 须 Telegram 已为机器人放宽",
                "expected messages a second, 1-1000; above 30 Telegram must have raised the bot's limit",
            )
        return value

    @field_validator("push_failures")
    @classmethod
    def _share_is_a_percentage(cls, value: int) -> int:
        if not 1 <= value <= 100:
            raise _wrong(
                "应为百分数 1–100，例如 20；100 表示从不自动停下",
                "expected a percentage, 1-100, like 20; with 100 a push never stops itself",
            )
        return value

    @field_validator("push_failures_least")
    @classmethod
    def _least_is_some(cls, value: int) -> int:
        if value < 1:
            raise _wrong("应为 1 或更大的整数，例如 50", "expected a whole number from 1 on, like 50")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, OSError, ValueError) as error:
            raise _unknown_zone(value) from error
        return value

    @field_validator("web")
    @classmethod
    def _web_is_an_address(cls, value: str) -> str:
        if value.lower() == "off":
            return "off"
        _host_and_port(value)
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _secret_suits_telegram(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise _wrong(
                "应为 1–256 个字母、数字、_ 或 -", "expected 1-256 letters, digits, _ or -: Telegram takes nothing else"
            )
        return value

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        address = self.web_address
        if self.sandbox and address and not is_loopback(address[0]):
            raise _wrong(
                f"{PREFIX}WEB：没有令牌时网页就是沙盒，只能监听本机，例如 127.0.0.1:8080；或设置 {PREFIX}BOT_TOKEN",
                f"{PREFIX}WEB: without a token the pages are the sandbox, which listens on this machine only, "
                f"like 127.0.0.1:8080; or set {PREFIX}BOT_TOKEN",
            )
        if self.webhook_url and not (self.bot_token and self.webhook_secret and address):
            raise _wrong(
                f"{PREFIX}WEBHOOK_URL：还需要 {PREFIX}BOT_TOKEN、{PREFIX}WEBHOOK_SECRET，且 {PREFIX}WEB 不为 off",
                f"{PREFIX}WEBHOOK_URL: needs {PREFIX}BOT_TOKEN, {PREFIX}WEBHOOK_SECRET and {PREFIX}WEB other than off",
            )
        return self


def load_settings(folder: Path | None = None) -> Settings:
    """Settings of `folder` (default: the working folder), where `.env` and `kanbao.toml` may lie. Raises SettingsError."""
    here = folder or Path.cwd()
    _refuse_unknown_names(here)

    class Placed(Settings):
        model_config = SettingsConfigDict(env_file=here / ".env", env_file_encoding="utf-8")

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            toml = TomlConfigSettingsSource(settings_cls, here / "kanbao.toml")
            return init_settings, env_settings, dotenv_settings, toml

    try:
        return Placed()
    except ValidationError as error:
        raise SettingsError("\n".join(_plain(error))) from None  # the cause holds the values, secrets among them


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address that listens there."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def unknown_in_environment() -> list[str]:
    """Names in the environment that look like a mistyped setting. Others may start with the prefix as well
    (a cluster adds KANBAO_PORT for a service called kanbao), so these are only pointed out."""
    names = [name for name in os.environ if name.startswith(PREFIX) and not _is_known(name[len(PREFIX) :])]
    return [_unknown("环境 / environment", name) for name in sorted(names) if _nearest(name[len(PREFIX) :])]


def _is_known(name: str) -> bool:
    return name.lower() in Settings.model_fields


def _nearest(name: str) -> str | None:
    return next(iter(difflib.get_close_matches(name.lower(), Settings.model_fields, n=1, cutoff=0.75)), None)


def _unknown(where: str, name: str) -> str:
    known = _nearest(name.removeprefix(PREFIX))
    zh, en = (f"；是否想写 {known.upper()}？", f"; did you mean {known.upper()}?") if known else ("", "")
    return f"{where}：没有名为 {name} 的设置{zh} / there is no setting {name}{en}"


def _refuse_unknown_names(folder: Path) -> None:
    """A mistyped name in our own files would otherwise be ignored without a word."""
    wrong = []
    if (file := folder / "kanbao.toml").is_file():
        wrong += [_unknown("kanbao.toml", name) for name in _toml_names(file) if name not in Settings.model_fields]
    if (file := folder / ".env").is_file():
        names = [name for name in dotenv_values(file) if name.upper().startswith(PREFIX)]
        wrong += [_unknown(".env", name) for name in names if not _is_known(name[len(PREFIX) :])]
    if wrong:
        raise SettingsError("\n".join(wrong))


def _toml_names(file: Path) -> list[str]:
    try:
        return list(tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"kanbao.toml：不是有效的 TOML / is not valid TOML: {error}") from error


def _host_and_port(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not bare or (":" in host and bare == host) or not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65535:
        raise _wrong(
            "应为 主机:端口 或 off，例如 127.0.0.1:8080", "expected host:port or off, like 127.0.0.1:8080 or [::1]:8080"
        )
    return bare, int(port)


def _unknown_zone(value: str) -> ValueError:
    return _wrong(
        f"没有名为 {value} 的时区；应为 Asia/Shanghai 这样的名称",
        f"there is no time zone {value}; expected a name like Asia/Shanghai",
    )


def _both_given(name: str) -> ValueError:
    name = f"{PREFIX}{name.upper()}"
    return _wrong(
        f"{name} 与 {name}_FILE 只能设置其一；请去掉一个", f"{name} and {name}_FILE are both set; remove one of them"
    )


def _secret_in(file: Path, name: str) -> str:
    name = f"{PREFIX}{name.upper()}_FILE"
    try:
        text = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not text"
        raise _wrong(
            f"{name}：无法读取 {file}（{why}）；请检查路径和权限",
            f"{name}: cannot read {file} ({why}); check the path and who may read it",
        ) from error
    if not text:
        raise _wrong(f"{name}：{file} 是空的；请写入内容", f"{name}: {file} is empty; write the value into it")
    return text


_PROBLEMS = {
    "int_parsing": "应为整数 / expected a whole number",
    "int_from_float": "应为整数 / expected a whole number",
    "float_parsing": "应为数字 / expected a number",
    "decimal_parsing": "应为数字 / expected a number",
    "finite_number": "应为数字 / expected a number",
    "bool_parsing": "应为 true 或 false / expected true or false",
    "greater_than_equal": "不能小于 {ge} / must not be below {ge}",
    "greater_than": "应大于 {gt} / must be above {gt}",
    "less_than_equal": "不能大于 {le} / must not be above {le}",
    "literal_error": "应为以下之一 / expected one of: {expected}",
}
"""Pydantic's kinds of problem in our words; others are shown in pydantic's."""
_RANGES = {"rate": "1–1000", "push_failures": "1–100", "ledger_days": "3–3650"}
"""What is allowed, told with whatever is wrong about the number."""


def _plain(error: ValidationError) -> list[str]:
    """Pydantic's errors as sentences, each with the setting's name and without any value."""
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        if problem["type"] == "default_factory_not_called":
            continue  # it only follows from another problem
        known = _PROBLEMS.get(problem["type"])
        text = known.format(**problem.get("ctx", {})) if known else problem["msg"].removeprefix("Value error, ")
        name = str(problem["loc"][0]) if problem["loc"] else ""
        where = PREFIX + name.upper() if name else ""
        if known and name in _RANGES:
            text = text.replace(" / ", f"（{_RANGES[name]}） / ") + f" ({_RANGES[name]})"
        lines.append(f"{where}：{text}" if where else text)
    return lines


def need_folder(path: Path, setting: str) -> None:
    """Make the folder if it is not there. Raises SettingsError where it cannot be used."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        if os.access(path, os.R_OK | os.W_OK | os.X_OK):
            return
        reason = "无读写权限 / not readable and writable"
    except OSError as error:
        reason = "是一个文件 / is a file" if path.is_file() else error.strerror or type(error).__name__
    raise SettingsError(
        f"{setting}：{path} 不能用作文件夹（{reason}），请另设一个可写的文件夹 / cannot be used as a folder; set another one that is writable"
    )
