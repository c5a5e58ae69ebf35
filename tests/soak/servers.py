"""The stores that the fault bench ill-treats: one server, or a cluster of three masters with a replica each.

Each stands behind doors (network.py) through which the service reaches it; the bench itself looks at the servers directly.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from network import Door, Network, State
from redis import Redis
from redis.exceptions import RedisError, ResponseError
from store_servers import SLOTS, free_ports, until

from bot.store_process import FLAGS, _die_with_parent, server_binary

HELLO = b"HELLO"
"""What the service's client says first, and a replica does not."""
NODE_TIMEOUT = 2000
"""Milliseconds after which the others of a cluster take a master for dead."""
SERVER = FLAGS[FLAGS.index("--daemonize") :]


class Server:
    """One process. `words`: more flags."""

    def __init__(self, folder: Path, words: Sequence[str], client: Callable[[], Redis]) -> None:
        self.folder, self._words, self._client = folder, words, client
        self._process: subprocess.Popen[bytes] | None = None
        self._sizes: list[tuple[float, Path, int]] = []
        self._images = 0

    def start(self) -> None:
        if self.runs:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        words = [server_binary(), *SERVER, *self._words, "--dir", self.folder, "--logfile", self.folder / "log"]
        line = [f"{word}" for word in words]
        self._process = subprocess.Popen(line, preexec_fn=_die_with_parent())

    @property
    def runs(self) -> bool:
        return self._process is not None

    def answers(self) -> bool:
        return self.ask("PING") is not None

    def ask(self, *words: Any) -> Any:
        """The answer, or None where there is none."""
        with contextlib.suppress(RedisError), self._client() as client:
            return client.execute_command(*words)
        return None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def sample(self, now: float) -> None:
        """Note how long the log is; for `lose_tail`."""
        if (log := self._log()) is not None:
            self._sizes = [*self._sizes[-20:], (now, log, log.stat().st_size)]

    def lose_tail(self, seconds: float, now: float) -> int:
        """What a power cut takes under appendfsync everysec: what was written in the last seconds. Answers how many bytes."""
        log = self._log()
        known = [size for at, path, size in self._sizes if path == log and at <= now - seconds]
        self._sizes.clear()
        if log is None or not known:
            return 0
        lost = log.stat().st_size - known[-1]
        with log.open("r+b") as file:
            file.truncate(known[-1])
        return lost

    def image(self) -> Image:
        """Of a server that runs too: what it has written so far. It may be writing its log anew meanwhile; then once more."""
        self._images += 1
        image = Image(self.folder.with_name(f"{self.folder.name}.{self._images}"))
        while True:
            with contextlib.suppress(FileNotFoundError):
                copy_log(self.folder / "appendonlydir", image.folder / "appendonlydir")
                return image

    def _log(self) -> Path | None:
        logs = sorted(self.folder.glob("appendonlydir/*.incr.aof"), key=lambda path: int(path.name.split(".")[-3]))
        return logs[-1] if logs else None


def copy_log(log: Path, to: Path) -> None:
    """The parts that its list names, and the list. Raises FileNotFoundError if one of them was replaced meanwhile."""
    to.mkdir(parents=True, exist_ok=True)
    list_ = "appendonly.aof.manifest"
    told = (log / list_).read_text().splitlines()
    parts = [line for line in told if not line.endswith(" type h")]  # those have been replaced, and are being deleted
    for line in parts:
        shutil.copyfile(log / line.split()[1], to / line.split()[1])
    (to / list_).write_text("".join(f"{line}\n" for line in parts))


@dataclass(frozen=True)
class Image:
    """What a server had at a moment, to be looked at later. `folder`: a copy of its log."""

    folder: Path

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        """The URL of a server that has it, until left."""
        socket = self.folder / "s"
        flags = ["--port", "0", "--unixsocket", str(socket)]
        server = Server(self.folder, flags, lambda: Redis(unix_socket_path=str(socket), socket_timeout=5))
        server.start()
        try:
            until(server.answers, 120)
            yield f"unix://{socket}"
        finally:
            server.kill()


class Store(Protocol):
    """What the bench asks of either. `url` for the bench, `url_for` for a process of the service."""

    url: str
    doors: list[Door]

    def start(self) -> None: ...
    def url_for(self, name: str) -> str: ...
    def servers(self) -> list[Server]: ...
    def whole(self) -> bool: ...
    def ask_key(self, key: str, *words: Any) -> Any: ...
    def close(self) -> None: ...


class OneServer:
    """A server with a door for each process of the service."""

    def __init__(self, folder: Path, network: Network, names: Sequence[str]) -> None:
        socket = folder / "s"
        self.url = f"unix://{socket}"
        flags = ["--port", "0", "--unixsocket", str(socket), "--aof-load-truncated", "yes"]
        self._server = Server(folder / "store", flags, lambda: Redis(unix_socket_path=str(socket), socket_timeout=5))
        self._by_name = {name: network.door(socket) for name in names}
        self.doors = list(self._by_name.values())

    def start(self) -> None:
        self._server.start()
        until(self._server.answers, 60)

    def url_for(self, name: str) -> str:
        return f"redis://127.0.0.1:{self._by_name[name].port}"

    def servers(self) -> list[Server]:
        return [self._server]

    def whole(self) -> bool:
        return self._server.answers()

    def ask_key(self, key: str, *words: Any) -> Any:
        return self._server.ask(words[0], key, *words[1:])

    def close(self) -> None:
        self._server.kill()


class SixNodes:
    """Three masters, a replica each. A node tells everybody the address of its door, and its fellows come through that too."""

    def __init__(self, folder: Path, network: Network) -> None:
        numbers = free_ports(12)
        self._ports, self._buses = numbers[:6], numbers[6:]
        self.doors = [network.door(port, greeting=HELLO) for port in self._ports]
        self._servers = [self._node(folder / f"node{n}", n) for n in range(6)]
        self.url = f"redis+cluster://{','.join(f'127.0.0.1:{door.port}' for door in self.doors)}"
        self._owners: dict[str, int] = {}

    def _node(self, folder: Path, n: int) -> Server:
        port, bus, door = self._ports[n], self._buses[n], self.doors[n].port
        words = (
            f"--port {port} --bind 127.0.0.1 --cluster-enabled yes --cluster-port {bus} --cluster-announce-ip 127.0.0.1 "
            f"--cluster-announce-port {door} --cluster-announce-bus-port {bus} --cluster-node-timeout {NODE_TIMEOUT} "
            "--repl-diskless-sync-delay 0 --cluster-replica-validity-factor 0"
        )
        return Server(folder, words.split(), lambda: Redis(port=port, socket_timeout=5))

    def start(self) -> None:
        for server in self._servers:
            server.start()
        until(lambda: all(server.answers() for server in self._servers), 60)
        for n, (first, last) in enumerate(SLOTS):
            self._servers[n].ask("CLUSTER SET-CONFIG-EPOCH", n + 1)
            self._servers[n].ask("CLUSTER ADDSLOTSRANGE", first, last)
        for port, bus in zip(self._ports[1:], self._buses[1:], strict=True):
            self._servers[0].ask("CLUSTER MEET", "127.0.0.1", port, bus)
        until(lambda: all(self._info(server).get("cluster_known_nodes") == "6" for server in self._servers), 60)
        for n in range(3, 6):
            master = self._servers[n - 3].ask("CLUSTER MYID")
            until(partial(self._follows, n, master), 60)
        until(self.whole, 60)

    def _follows(self, number: int, master: object) -> bool:
        return self._servers[number].ask("CLUSTER REPLICATE", master) is not None

    def url_for(self, name: str) -> str:
        return self.url

    def servers(self) -> list[Server]:
        return self._servers

    def masters(self) -> list[Server]:
        """Those that hold slots."""
        return [server for server in self._servers if server.runs and self._role(server).get("role") == "master"]

    def replicas(self) -> list[Server]:
        return [server for server in self._servers if server.runs and self._role(server).get("role") == "slave"]

    def replica_of(self, master: Server) -> Server | None:
        port = self.doors[self._servers.index(master)].port
        return next((one for one in self.replicas() if self._role(one).get("master_port") in (port, str(port))), None)

    def whole(self) -> bool:
        """Every node up, every slot served, every master with a replica that is in step."""
        masters = self.masters()
        linked = [r for r in self.replicas() if self._role(r).get("master_link_status") == "up"]
        well = all(self._info(server).get("cluster_state") == "ok" for server in self._servers)
        return len(masters) == 3 and len(linked) == 3 and well and all(self.replica_of(one) for one in masters)

    def ask_key(self, key: str, *words: Any) -> Any:
        """Of the master that has the key."""
        first = self._owners.get(key, 0)
        for n in sorted(range(6), key=lambda n: n != first):
            with contextlib.suppress(RedisError), Redis(port=self._ports[n], socket_timeout=5) as client:
                try:
                    answer = client.execute_command(words[0], key, *words[1:])
                except ResponseError:
                    continue
                self._owners[key] = n
                return answer
        return None

    def lag(self, master: Server, state: State) -> None:
        """Stall, cut or heal what a master tells its fellows."""
        self.doors[self._servers.index(master)].turn(state, inner=True)

    def close(self) -> None:
        for server in self._servers:
            server.kill()

    def _info(self, server: Server) -> dict[str, str]:
        return server.ask("CLUSTER INFO") or {}

    def _role(self, server: Server) -> dict[str, Any]:
        return server.ask("INFO", "replication") or {}
