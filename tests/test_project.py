"""The project's own files: locks, commands, image, compose file, documents. What they promise is so."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.doctor_remote import check_store
from bot.settings import Settings
from bot.store_process import FLAGS, server_binary

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(name: str) -> dict[str, str]:
    """Package -> version of a lock file, without markers."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text(name), re.MULTILINE)
    return {canonical(package): version for package, version in found}


def wanted(name: str) -> set[str]:
    lines = text(name).splitlines()
    return {canonical(found[0]) for line in lines if (found := re.match(r"[A-Za-z][A-Za-z0-9._-]*", line))}


# ------------------------------------------------------------------------------------------------ locks
@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-otel.txt"])
def test_a_lock_has_hashes_and_no_address(name: str) -> None:
    lock = text(name)
    assert not re.search(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host", lock)
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert all("--hash=sha256:" in entry for entry in entries if not entry.startswith("#"))


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-otel"])
def test_a_lock_holds_what_is_wanted(name: str) -> None:
    assert wanted(f"{name}.in") <= set(locked(f"{name}.txt"))


def test_both_locks_agree() -> None:
    dev = locked("requirements-dev.txt")
    assert {package: dev.get(package) for package in locked("requirements.txt")} == locked("requirements.txt")


def test_what_is_imported_is_asked_for() -> None:
    """Nothing works only because another package happens to bring it."""
    modules = {
        name.partition(".")[0]
        for package in ("bot", "digests", "subscriptions")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _modules_of(node)
    }
    owners = packages_distributions()
    modules.discard("opentelemetry")  # an extra, which need not be here: requirements-otel.in
    foreign = modules - set(sys.stdlib_module_names) - {"bot", "digests", "subscriptions"}
    asked = wanted("requirements.in") | {"python-dotenv", "pydantic"}  # parts of pydantic-settings' own interface
    assert {
        name: owners.get(name) for name in foreign if not {canonical(o) for o in owners.get(name, [])} & asked
    } == {}


def _modules_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def test_no_package_index_is_named_anywhere() -> None:
    words = ("pypi." + "org", "files.python" + "hosted", "simple/" + "</", "/opt/" + "pypi", "tsinghua." + "edu")
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file() and path.stat().st_size < 1_000_000:
            content = path.read_bytes()
            assert not [word for word in words if word.encode() in content], name


# ------------------------------------------------------------------------------------------------ commands
def make(*words: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], "HOME": str(cwd)} | environment
    return subprocess.run(["make", *words], cwd=cwd, env=clean, capture_output=True, text=True, check=False, timeout=60)


def test_help_lists_every_command() -> None:
    shown = make().stdout
    for command in ("run", "test", "lint", "bench", "lock", "clean", "help"):
        assert re.search(rf"^make {command} +\S", shown, re.MULTILINE), command


def test_run_sets_up_from_the_lock_and_starts_the_service(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    steps = make("-n", "run", cwd=tmp_path).stdout
    order = [
        steps.index(word)
        for word in ("-m venv", "--require-hashes -r requirements.txt", "--no-deps -e .", "kanbao run")
    ]
    assert order == sorted(order)


def test_run_says_what_is_missing(tmp_path: Path) -> None:
    """With only an old Python, or one without ensurepip, as Debian ships it."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("make", "sh"):
        (tools / tool).symlink_to(shutil.which(tool) or "")
    assert "Found no Python 3.11" in make("run", cwd=tmp_path, PATH=str(tools)).stdout
    for name, answer in (("python3.11", "exit 1"), ("python3", 'case "$2" in *ensurepip*) exit 1;; esac')):
        (tools / name).write_text(f"#!/bin/sh\n{answer}\n")
        (tools / name).chmod(0o755)
    done = make("run", cwd=tmp_path, PATH=str(tools))
    assert done.returncode and "apt install python3-venv" in done.stdout
    assert not (tmp_path / ".venv").exists()


def test_the_continuous_integration_runs_make_test_and_then_the_faults() -> None:
    script = ROOT / ".ci" / "run"
    lines = script.read_text().splitlines()
    assert script.stat().st_mode & stat.S_IXUSR and "set -euo pipefail" in lines
    assert lines[-2:] == ["make --no-print-directory test", "exec make --no-print-directory faults"]
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


# ------------------------------------------------------------------------------------------------ image and compose file
def test_the_compose_file_keeps_to_its_schema() -> None:
    schema = ["--builtin-schema", "vendor.compose-spec", str(ROOT / "docker-compose.yml")]
    done = subprocess.run([shutil.which("check-jsonschema", path=sysconfig.get_path("scripts")) or "check-jsonschema", *schema], capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_is_watched_and_comes_back() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["restart"] == "unless-stopped" and service["healthcheck"]["test"], name
    assert COMPOSE["services"]["kanbao"]["depends_on"] == {"store": {"condition": "service_healthy"}}
    assert COMPOSE["services"]["store"]["volumes"] == ["store:/data"]
    assert COMPOSE["networks"]["inner"] == {"internal": True}


def test_secrets_come_by_file() -> None:
    service = COMPOSE["services"]["kanbao"]
    assert service["secrets"] == ["bot_token"]
    assert service["environment"]["KANBAO_BOT_TOKEN_FILE"] == "/run/secrets/bot_token"
    assert "/secrets/" in text(".gitignore").splitlines()
    assert not re.search(r"\d{6,}:[A-Za-z0-9_-]{30,}", text("docker-compose.yml"))


def test_the_compose_files_settings_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the service gets them when `.env` is empty."""
    for name in [name for name in os.environ if name.startswith("KANBAO_")]:
        monkeypatch.delenv(name)
    (tmp_path / "bot_token").write_text("123456:" + "a" * 35)
    for name, value in COMPOSE["services"]["kanbao"]["environment"].items():
        value = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value).replace("/run/secrets", str(tmp_path))
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.web_address == ("0.0.0.0", 8080) and settings.timezone == "Asia/Shanghai" and not settings.sandbox
    assert settings.redis_url and settings.redis_url.get_secret_value().startswith("redis://store:6379")


async def test_the_composed_store_is_what_the_doctor_wants(tmp_path: Path) -> None:
    """Its command, run as a plain process, with a socket in the place of the network."""
    program, *flags = COMPOSE["services"]["store"]["command"]
    assert program == "valkey-server"
    place = ["--port", "0", "--unixsocket", str(tmp_path / "s"), "--dir", str(tmp_path)]
    server = subprocess.Popen([server_binary(), *flags, *place], stdout=subprocess.DEVNULL)  # noqa: ASYNC220
    try:
        while not (tmp_path / "s").exists():
            assert server.poll() is None
        check, _ = await check_store(Settings.model_validate({"redis_url": f"unix://{tmp_path / 's'}"}))
    finally:
        server.terminate()
        server.wait(10)
    assert check.ok, check.line_en


def test_the_composed_store_packs_as_the_embedded_one_does() -> None:
    """The figures for memory hold for both."""
    command = COMPOSE["services"]["store"]["command"]
    pairs = dict(zip(command[1::2], command[2::2], strict=True))
    embedded = dict(zip(FLAGS[::2], FLAGS[1::2], strict=True))
    assert pairs == {flag: embedded[flag] for flag in pairs}
    assert set(embedded) - set(pairs) == {"--port", "--unixsocketperm", "--daemonize"}


def test_the_image_is_built_from_the_lock_and_runs_without_rights() -> None:
    lines = text("Dockerfile").splitlines()
    assert any("--require-hashes -r requirements.txt" in line for line in lines)
    last_stage = lines[max(at for at, line in enumerate(lines) if line.startswith("FROM")) :]
    assert "USER kanbao" in last_stage and any(line.startswith("HEALTHCHECK") for line in last_stage)
    assert json.loads(last_stage[-2].removeprefix("ENTRYPOINT ")) == list(PROJECT["project"]["scripts"])
    copied = {word for line in lines if line.startswith("COPY") and "--from" not in line for word in line.split()[1:-1]}
    allowed = {line.removeprefix("!") for line in text(".dockerignore").splitlines() if line.startswith("!")}
    assert copied == allowed


# ------------------------------------------------------------------------------------------------ documents
def test_the_licence_is_the_projects() -> None:
    assert text("LICENSE").startswith("MIT License") and PROJECT["project"]["license"] == "MIT"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/deploy.md", "docs/settings.md"])
def test_links_in_documents_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text(name)):
        assert (ROOT / name).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/deploy.md"])
def test_documents_name_only_settings_and_commands_that_exist(name: str) -> None:
    known = {f"KANBAO_{field.upper()}" for field in Settings.model_fields}
    assert set(re.findall(r"\bKANBAO_[A-Z_]+\b", text(name))) <= known
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", text(name))) <= targets
