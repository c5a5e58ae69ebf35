"""Two chat replicas as processes behind a balancer that sends every update to both: one answer each, also while the replicas
are restarted in turn or killed."""

from __future__ import annotations

import asyncio
import json
import signal
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout, web
from fleet_kit import Fleet, until
from store_servers import free_ports

pytestmark = pytest.mark.slow

SECRET = "fleet-secret"
PROOF_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Balancer:
    """The public address. Every update goes to all replicas at once; Telegram hears the best of their answers."""

    def __init__(self, http: ClientSession, ports: list[int]) -> None:
        self.http, self.ports, self.port = http, ports, 0
        self.statuses: list[list[int]] = []

    async def handle(self, request: web.Request) -> web.Response:
        body, headers = await request.read(), {PROOF_HEADER: request.headers.get(PROOF_HEADER, "")}
        statuses = await asyncio.gather(*(self._pass(port, body, headers) for port in self.ports))
        self.statuses.append(statuses)
        return web.Response(status=min(statuses))

    async def _pass(self, port: int, body: bytes, headers: dict[str, str]) -> int:
        """502: that replica is away."""
        try:
            address = f"http://127.0.0.1:{port}/telegram"
            async with self.http.post(address, data=body, headers=headers, timeout=ClientTimeout(30)) as answer:
                return answer.status
        except ClientError:
            return 502


class Replicas:
    """Two chat processes of a fleet, each with a folder and a port of its own."""

    def __init__(self, fleet: Fleet, balancer: Balancer) -> None:
        self.fleet, self.balancer = fleet, balancer
        self.names = {f"chat{n}": port for n, port in enumerate(balancer.ports)}

    def start(self, name: str) -> None:
        times = self.fleet.started(name)
        self.fleet.run(
            name,
            "chat",
            KANBAO_DATA_DIR=str(self.fleet.folder / name),
            KANBAO_WEB=f"127.0.0.1:{self.names[name]}",
            KANBAO_WEBHOOK_URL=f"http://127.0.0.1:{self.balancer.port}/telegram",
            KANBAO_WEBHOOK_SECRET=SECRET,
            KANBAO_LOG="json",
        )
        until(lambda: self.fleet.started(name) > times, f"{name} to come up", 40)

    def end(self, name: str, sign: int) -> float:
        """Seconds that the end took."""
        begun, old = time.monotonic(), self.fleet.processes[name]
        old.send_signal(sign)
        assert old.wait(30) == (0 if sign == signal.SIGTERM else -sign)
        return time.monotonic() - begun

    def log(self) -> list[dict[str, object]]:
        text = "".join((self.fleet.folder / f"{name}.log").read_text("utf-8") for name in self.names)
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
async def replicas(tmp_path: Path) -> AsyncIterator[Replicas]:
    http = ClientSession()
    fleet, balancer = Fleet(tmp_path, readers=40, rate=100), Balancer(http, free_ports(2))
    app = web.Application()
    app.router.add_post("/telegram", balancer.handle)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    balancer.port = runner.addresses[0][1]
    made = Replicas(fleet, balancer)
    try:
        await asyncio.to_thread(begin, made)
        yield made
    finally:
        await asyncio.to_thread(fleet.close)
        await runner.cleanup()
        await http.close()


def begin(made: Replicas) -> None:
    made.fleet.start_store()
    made.fleet.start_api()
    for name in made.names:
        made.start(name)


def ask(fleet: Fleet, chats: range, pause: float = 0.0) -> None:
    for chat in chats:
        fleet.write(chat, "/help")
        time.sleep(pause)


def answered(fleet: Fleet, chats: range, times: int) -> bool:
    return all(len(fleet.said(chat)) >= times for chat in chats)


def refused(port: int, headers: dict[str, str]) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/telegram", data=b'{"update_id":1}', headers=headers)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=20)
    caught.value.close()
    return caught.value.code


async def test_two_replicas_answer_once_over_restarts_and_a_kill(replicas: Replicas) -> None:
    fleet, few = replicas.fleet, replicas.fleet.chats[:6]
    assert refused(replicas.balancer.ports[0], {}) == refused(replicas.balancer.ports[1], {PROOF_HEADER: "no"}) == 401
    await asyncio.to_thread(ask, fleet, few)
    await asyncio.to_thread(until, lambda: answered(fleet, few, 1), "the first answers", 40)
    assert any(sorted(pair) != [200, 200] for pair in replicas.balancer.statuses)  # both had it at once
    asking = asyncio.create_task(asyncio.to_thread(ask, fleet, fleet.chats, 0.1))
    for name in replicas.names:
        assert await asyncio.to_thread(replicas.end, name, signal.SIGTERM) < 10
        await asyncio.to_thread(replicas.start, name)
    await asking
    await asyncio.to_thread(until, lambda: answered(fleet, fleet.chats, 1), "all answers", 60)
    await asyncio.to_thread(replicas.end, "chat0", signal.SIGKILL)
    await asyncio.to_thread(ask, fleet, fleet.chats[-3:])
    await asyncio.to_thread(until, lambda: answered(fleet, fleet.chats[-3:], 2), "answers of one replica", 60)
    told = [len(fleet.said(chat)) for chat in fleet.chats]
    assert told == [2] * 6 + [1] * 31 + [2] * 3
    log = replicas.log()
    assert [one["level"] for one in log if one["level"] not in ("info",)] == []
    assert len([one for one in log if one["event"] == "webhook_set"]) in (1, 2)  # 2: both looked at the same moment
