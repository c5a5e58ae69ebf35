"""`kanbao doctor`: is everything there that the service needs? One line for each thing, and how to mend it.

Looks, never changes anything that stays: a store that it started it also stops. The lines carry no secret. What needs
the network or the store stands in bot/doctor_remote.py.
"""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape

from bot.doctor_remote import Check, check_clock, check_store, check_token, service_answers, skew_of_store
from bot.errors import SettingsError
from bot.logs import Redactor
from bot.settings import Settings, load_settings, unknown_in_environment

NAMES_ZH = {
    "settings": "设置", "python": "Python", "store": "存储", "token": "令牌", "inbox": "收件目录",
    "fonts": "字体", "timezone": "时区", "clock": "时钟", "web": "网页", "service": "服务",
}  # fmt: skip

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")  # fmt: skip
CJK_FONTS = (
    "cjk",
    "sourcehan",
    "wqy",
    "pingfang",
    "stheiti",
    "songti",
    "simsun",
    "msyh",
    "droidsansfallback",
    "ukai",
    "uming",
)


async def diagnose(settings: Settings, *, quick: bool = False) -> list[Check]:
    """All checks, in the order in which one would mend things. `quick`: only whether the running service is well."""
    if quick:
        checks = [await check_service(settings)]
    else:
        store, store_time = await check_store(settings)
        local = [check_settings(), check_python(), store, await check_token(settings), check_inbox(settings.inbox)]
        clock = await check_clock(settings, skew_of_store(store_time))
        checks = [*local, check_fonts(), check_timezone(settings), clock, await check_web(settings)]
    hide = Redactor(settings.secrets())
    return [replace(check, line_zh=hide(check.line_zh), line_en=hide(check.line_en)) for check in checks]


def run_doctor(*, quick: bool = False, folder: Path | None = None, console: Console | None = None) -> int:
    """Diagnose and print; the exit code: 1 if anything is wrong."""
    console = console or Console(soft_wrap=True)
    try:
        checks = asyncio.run(diagnose(load_settings(folder), quick=quick))
    except SettingsError as error:
        checks = [_of_pair("settings", False, line) for line in str(error).splitlines()]
    for check in checks:
        console.print(line_of(check), highlight=False)
    return 1 if any(check.ok is False for check in checks) else 0


def line_of(check: Check) -> str:
    """As rich markup, on one line."""
    mark = {True: "[green]✓[/green]", False: "[red]✗[/red]", None: "[yellow]·[/yellow]"}[check.ok]
    name = NAMES_ZH[check.name] + ("" if check.name == "python" else f" {check.name}")
    return f"{mark} [bold]{name}[/bold]  {escape(check.line_zh)} / {escape(check.line_en)}"


def check_settings() -> Check:
    if unknown := unknown_in_environment():
        return _of_pair("settings", None, unknown[0])
    return Check("settings", True, "已读取", "read")


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> Check:
    found = ".".join(map(str, version))
    if version < (3, 11):
        return Check(
            "python", False, f"{found} 过旧；请安装 3.11 或更新版本", f"{found} is too old; install 3.11 or newer"
        )
    return Check("python", True, f"{found}，{platform.system()} {platform.machine()}", "is new enough")


def check_inbox(inbox: Path) -> Check:
    if inbox.is_dir():
        if os.access(inbox, os.R_OK | os.X_OK):
            return Check("inbox", True, f"{inbox} 可读", f"{inbox} can be read")
        return Check("inbox", False, f"{inbox} 无权读取；请改权限", f"{inbox} cannot be read; change who may read it")
    if inbox.exists():
        return Check(
            "inbox",
            False,
            f"{inbox} 不是文件夹；请移走或改 KANBAO_INBOX",
            f"{inbox} is no folder; move it or change KANBAO_INBOX",
        )
    parent = next(parent for parent in inbox.absolute().parents if parent.exists())
    if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK):
        return Check("inbox", True, f"{inbox} 尚不存在，启动时会建立", f"{inbox} is not there yet; the start makes it")
    return Check(
        "inbox", False, f"{inbox} 无法建立：{parent} 不可写；请改权限或 KANBAO_INBOX",
        f"{inbox} cannot be made: {parent} is not writable; change that or KANBAO_INBOX",
    )  # fmt: skip


def check_fonts(folders: tuple[str, ...] = FONT_FOLDERS) -> Check:
    """Only for pictures and screenshots: nothing that the service needs."""
    if font := _font_by_fontconfig() or next(_fonts_in(folders), None):
        return Check("fonts", True, f"有中文字体 {font}", f"there is a Chinese font, {font}")
    return Check(
        "fonts", None, "没有中文字体，网页截图中的汉字会显示为方框；可安装 fonts-noto-cjk",
        "no Chinese font, screenshots would show boxes; install fonts-noto-cjk if you want them",
    )  # fmt: skip


def _font_by_fontconfig() -> str | None:
    if not (tool := shutil.which("fc-list")):
        return None
    try:
        found = subprocess.run(
            [tool, ":lang=zh", "family"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return found.partition("\n")[0].partition(",")[0].strip() or None


def _fonts_in(folders: tuple[str, ...]) -> Iterator[str]:
    for folder in folders:
        for path in Path(folder).expanduser().rglob("*.[toTO]*"):
            if any(word in path.name.lower().replace("-", "") for word in CJK_FONTS):
                yield path.stem


def check_timezone(settings: Settings) -> Check:
    """That the zone is known, the settings have made sure of."""
    here = datetime.now(UTC).astimezone(ZoneInfo(settings.timezone))
    return Check("timezone", True, f"{settings.timezone}，现在 {here:%Y-%m-%d %H:%M}", f"it is {here:%H:%M} there")


async def check_web(settings: Settings) -> Check:
    if (address := settings.web_address) is None:
        return Check("web", True, "不开网页", "switched off")
    shown = f"http://{settings.web}/"
    try:
        _try_to_listen(*address)
    except OSError as error:
        if await service_answers(*address):
            return Check("web", True, f"{shown} 服务正在运行", "the service is running there")
        return Check(
            "web", False, f"{settings.web} 无法监听（{error.strerror}）；请停掉占用者，或改 KANBAO_WEB",
            f"cannot listen on {settings.web} ({error.strerror}); stop what uses it or change KANBAO_WEB",
        )  # fmt: skip
    return Check("web", True, f"{shown} 可用", "is free")


def _try_to_listen(host: str, port: int) -> None:
    family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
        0
    ]
    with socket.socket(family, kind, proto) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as the service does: else a socket that lingers is in the way
        probe.bind(address)
        probe.listen(1)


async def check_service(settings: Settings) -> Check:
    if (address := settings.web_address) is None:
        store, _ = await check_store(settings, start=False)
        return replace(store, name="service")
    if await service_answers(*address):
        return Check("service", True, "正常", "is well")
    return Check(
        "service", False, f"http://{settings.web}/healthz 没有正常回答；请看日志，或重新启动",
        f"http://{settings.web}/healthz does not answer well; look at the log or start it again",
    )  # fmt: skip


def _of_pair(name: str, ok: bool | None, line: str) -> Check:
    """Of a line that says both, as SettingsError has them."""
    zh, _, en = line.partition(" / ")
    return Check(name, ok, zh, en)
