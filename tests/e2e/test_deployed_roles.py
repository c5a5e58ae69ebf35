"""What docs/deploy starts in containers does start: the same commands as plain processes, each watched at its paths, and a cluster
of three masters from the compose file's own command."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from fleet_kit import Fleet, until
from store_servers import _join, free_ports

from bot.connect_redis import connect
from bot.doctor_remote import check_store
from bot.settings import Settings
from bot.store_process import _die_with_parent, server_binary

pytestmark = pytest.mark.slow

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
ROLES = {
    name: service["command"][2]
    for name, service in yaml.safe_load((DEPLOY / "roles.yml").read_text("utf-8"))["services"].items()
}
PODS = {
    one["spec"]["template"]["spec"]["containers"][0]["args"][2]
    for one in yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8"))
    if one["kind"] == "Deployment"
}


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    made = Fleet(tmp_path, readers=3)
    try:
        made.start_store()
        made.start_api()
        yield made
    finally:
        made.close()


def page(port: int, path: str) -> str:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=9) as answer:
        return str(answer.read().decode())
    return ""


def test_the_composed_roles_start_answer_and_end(fleet: Fleet) -> None:
    assert set(ROLES.values()) == PODS
    ports = dict(zip(ROLES, free_ports(len(ROLES)), strict=True))
    for name, only in ROLES.items():
        folder = {"KANBAO_DATA_DIR": str(fleet.folder / "data"), "KANBAO_INBOX": str(fleet.folder / "inbox")}
        fleet.run(name, only, KANBAO_WEB=f"127.0.0.1:{ports[name]}", KANBAO_LOG="json", **folder)
    for name, port in ports.items():
        until(lambda port=port: '"ok"' in page(port, "/readyz"), f"{name} to be ready", 60)
        assert '"ok"' in page(port, "/healthz") and "kanbao_outbox_chats 0.0" in page(port, "/metrics")
        until(lambda name=name: fleet.started(name) == 1, f"{name} to start", 60)
    fleet.write(fleet.chats[0], "/help")
    until(lambda: fleet.said(fleet.chats[0]), "an answer", 40)
    begun = time.monotonic()
    for process in fleet.processes.values():
        process.send_signal(signal.SIGTERM)
    assert [process.wait(20) for process in fleet.processes.values()] == [0] * len(ROLES)
    assert time.monotonic() - begun < 10


@pytest.fixture
def masters(tmp_path: Path) -> Iterator[list[int]]:
    """Ports of three servers that run the cluster variant's command, joined."""
    command = yaml.safe_load((DEPLOY / "cluster.yml").read_text("utf-8"))["services"]["store"]["command"]
    ports, nodes = free_ports(6), []
    for port, bus in zip(ports[:3], ports[3:], strict=True):
        folder = tmp_path / str(port)
        folder.mkdir()
        place = ["--port", str(port), "--cluster-port", str(bus), "--bind", "127.0.0.1", "--dir", str(folder)]
        line = [server_binary(), *command[1:], *place]
        nodes.append(subprocess.Popen(line, stdout=subprocess.DEVNULL, preexec_fn=_die_with_parent()))
    try:
        _join(ports[:3], ports[3:])
        yield ports[:3]
    finally:
        for node in nodes:
            node.kill()
            node.wait()


async def test_the_composed_cluster_is_what_the_doctor_wants(masters: list[int]) -> None:
    url = f"redis+cluster://127.0.0.1:{masters[0]}"
    client = await connect(url)
    assert await client.set("a", "b")
    await client.aclose()
    check, _ = await check_store(Settings.model_validate({"redis_url": url}))
    assert check.ok, check.line_en
