"""Real servers for the tests: one embedded store, and a cluster of three masters from the same binary."""

from __future__ import annotations

import contextlib
import random
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis as SyncRedis
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import RedisError

from bot.store_process import _die_with_parent, server_binary
from digests.admin_memory import MemoryAdminStore
from digests.admin_redis import RedisAdminStore
from digests.batches_memory import MemoryBatchStore
from digests.batches_redis import RedisBatchStore
from digests.follow_ups_redis import RedisFollowUps
from digests.hits_memory import MemoryHitStore
from digests.hits_redis import RedisHitStore
from digests.holds_redis import RedisHolds
from digests.issues_memory import MemoryIssueStore
from digests.issues_redis import RedisIssueStore
from digests.outbox_memory import MemoryOutbox
from digests.outbox_redis import RedisOutbox
from digests.ports import AdminStore, BatchStore, FollowUps, HitStore, Holds, IssueStore, Outbox
from subscriptions import MemorySubscriberStore, SubscriberStore
from subscriptions.subscribers_redis import RedisSubscriberStore

SLOTS = ((0, 5460), (5461, 10922), (10923, 16383))


@dataclass(frozen=True)
class Stores:
    """One of each port. `clock`: what `admin.once` goes by in memory, moved by hand."""

    subscribers: SubscriberStore
    issues: IssueStore
    hits: HitStore
    outbox: Outbox
    admin: AdminStore
    batches: BatchStore
    holds: Holds
    follow_ups: FollowUps
    clock: list[float]


def memory() -> Stores:
    subscribers, clock = MemorySubscriberStore(), [0.0]
    admin, batches = MemoryAdminStore(lambda: clock[0]), MemoryBatchStore()
    hits, outbox = MemoryHitStore(subscribers), MemoryOutbox(subscribers)
    return Stores(subscribers, MemoryIssueStore(), hits, outbox, admin, batches, outbox, outbox, clock)


def over(client: Redis | RedisCluster) -> Stores:
    subscribers, outbox = RedisSubscriberStore(client), RedisOutbox(client)
    admin, batches = RedisAdminStore(client), RedisBatchStore(client)
    issues, hits = RedisIssueStore(client), RedisHitStore(client)
    holds, follow_ups = RedisHolds(client), RedisFollowUps(client)
    return Stores(subscribers, issues, hits, outbox, admin, batches, holds, follow_ups, [])


@contextlib.contextmanager
def cluster_of_three(folder: Path) -> Iterator[str]:
    """The URL of a cluster that answers on loopback; ended at the end."""
    ports = free_ports(6)
    nodes = [_start_node(folder / str(port), port, bus) for port, bus in zip(ports[:3], ports[3:], strict=True)]
    try:
        _join(ports[:3], ports[3:])
        yield f"redis+cluster://127.0.0.1:{ports[0]}"
    finally:
        for node in nodes:
            node.kill()
            node.wait()


def free_ports(count: int) -> list[int]:
    """Of those that no system hands out by itself: else somebody's connection may have one before its server listens there."""
    found: list[int] = []
    for port in random.SystemRandom().sample(range(15_000, 30_000), 1000):
        with contextlib.suppress(OSError), socket.socket() as line:
            line.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            break
    return found


def _start_node(folder: Path, port: int, bus: int) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True)
    words = f"--port {port} --cluster-port {bus} --bind 127.0.0.1 --cluster-enabled yes --cluster-node-timeout 3000"
    return subprocess.Popen(
        [server_binary(), *words.split(), "--save", "", "--dir", folder, "--logfile", folder / "log"],
        preexec_fn=_die_with_parent(),
    )


def _join(ports: list[int], buses: list[int]) -> None:
    with contextlib.ExitStack() as stack:
        nodes = [stack.enter_context(SyncRedis(port=port)) for port in ports]
        until(lambda: all(node.ping() for node in nodes))
        for number, (node, (first, last)) in enumerate(zip(nodes, SLOTS, strict=True)):
            node.execute_command("CLUSTER SET-CONFIG-EPOCH", number + 1)
            node.execute_command("CLUSTER ADDSLOTSRANGE", first, last)
        for port, bus in zip(ports[1:], buses[1:], strict=True):
            nodes[0].execute_command("CLUSTER MEET", "127.0.0.1", port, bus)
        until(lambda: all(_is_whole(node) for node in nodes))


def _is_whole(node: SyncRedis) -> bool:
    untyped: Any = node
    told: dict[str, str] = untyped.execute_command("CLUSTER INFO")
    return told["cluster_state"] == "ok" and told["cluster_known_nodes"] == "3" and told["cluster_size"] == "3"


def until(true: Callable[[], bool], patience: float = 20.0) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with contextlib.suppress(RedisError):
            if true():
                return
        time.sleep(0.02)
    raise TimeoutError("the servers did not become ready")
