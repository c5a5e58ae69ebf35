"""A client of the store from its URL: one server, a unix socket, TLS, or a cluster.

Answers are not decoded, waits are bounded, and what fails for a moment is tried again with growing pauses: every step of
the stores may be repeated. Raises StoreError where the server does not answer or is too old.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.connection import HiredisRespSerializer
from redis.exceptions import RedisClusterException, RedisError

from digests.errors import StoreError

OLDEST = (6, 2)
"""ZADD LT and exclusive XRANGE came with 6.2."""

CONNECTIONS = 256
"""To one server, at most. More than all stores of a process use at once (`lua.OWN_TRIPS` and one or two more each), for the client
does not wait for a free one: it fails."""

SCHEMES = {"redis", "rediss", "unix", "redis+cluster", "rediss+cluster"}


async def connect(url: str, *, patience: float = 5.0, retries: int = 3) -> Redis | RedisCluster:
    """A client whose server answered and is new enough. `patience`: seconds to connect and per answer."""
    client = make_client(url, patience=patience, retries=retries)
    try:
        await check_server(client)
    except (RedisError, RedisClusterException, OSError) as error:
        await client.aclose()
        raise StoreError(
            f"存储 {mask(url)} 没有应答；请检查它是否在运行，以及 KANBAO_REDIS_URL / "
            f"the store at {mask(url)} does not answer; check that it runs, and KANBAO_REDIS_URL: {mask(str(error))}"
        ) from error
    except StoreError:
        await client.aclose()
        raise
    return client


def make_client(url: str, *, patience: float = 5.0, retries: int = 3) -> Redis | RedisCluster:
    """Not connected yet. Raises StoreError for a URL of another kind."""
    scheme = urlsplit(url).scheme
    if scheme not in SCHEMES:
        raise StoreError(f"KANBAO_REDIS_URL must begin with one of {', '.join(sorted(SCHEMES))}: {mask(url)}")
    retry = Retry(ExponentialBackoff(cap=1.0, base=0.02), retries)
    if scheme.endswith("+cluster"):
        first, others = _apart(url.replace("+cluster", "", 1))
        cluster = RedisCluster.from_url(
            first,
            startup_nodes=others,
            socket_timeout=patience,
            socket_connect_timeout=patience,
            retry=retry,
            protocol=3,
            max_connections=CONNECTIONS,
        )
        known = cluster.nodes_manager.connection_kwargs  # of the nodes that it will find
        known["connection_class"] = packing(known["connection_class"])
        return cluster
    client = Redis.from_url(
        url,
        socket_timeout=patience,
        socket_connect_timeout=patience,
        retry=retry,
        protocol=3,
        max_connections=CONNECTIONS,
    )
    client.connection_pool.connection_class = packing(client.connection_pool.connection_class)
    return client


def packing(kind: type[AbstractConnection]) -> type[AbstractConnection]:
    """A connection of this kind whose commands hiredis packs: an eighth of the time, and a tenth of all that sending takes."""

    pack: Any = HiredisRespSerializer().pack

    class Packing(kind):  # type: ignore[misc, valid-type]  # the base is known only when it runs
        def pack_command(self, *words: Any) -> list[bytes]:
            packed: list[bytes] = pack(*words)
            return packed

        def pack_commands(self, commands: Iterable[Iterable[Any]]) -> list[bytes]:
            return [self.pack_command(*words)[0] for words in commands]

    return Packing


def _apart(url: str) -> tuple[str, list[ClusterNode]]:
    """`redis://name:word@a:1,b:2,c:3/0` as a URL of the first node, and the others: any one that answers is enough."""
    hosts = urlsplit(url).netloc.rpartition("@")[2]
    first, *others = hosts.split(",")
    nodes = [urlsplit(f"//{other.strip()}") for other in others]
    try:
        return url.replace(hosts, first, 1), [ClusterNode(node.hostname or "", node.port or 6379) for node in nodes]
    except ValueError as error:
        raise StoreError(f"KANBAO_REDIS_URL names a node that has no such port: {mask(url)}") from error


async def check_server(client: Redis | RedisCluster) -> str:
    """The server's version, such as "9.1.2". Raises StoreError if it is too old."""
    node = {}
    if isinstance(client, RedisCluster):
        await client.initialize()
        node = {"target_nodes": client.get_random_node()}
    told = await client.execute_command("INFO", "server", **node)
    compatible, version = str(told["redis_version"]), str(told.get("valkey_version", told["redis_version"]))
    if tuple(int(part) for part in compatible.split(".")[:2]) < OLDEST:
        raise StoreError(f"The store is version {version}; Kanbao needs Redis 6.2 or newer, or Valkey.")
    return version


@dataclass(frozen=True, slots=True)
class StoreVitals:
    """Of a cluster the worst node's. `full`: share of the allowed memory in use, 0 where nothing limits it; `persistent`: what was
    answered lies on disk; `clock`: the server's time, seconds since 1970."""

    full: float
    persistent: bool
    clock: float


async def read_vitals(client: Redis | RedisCluster) -> StoreVitals:
    """Raises redis' own errors: whoever watches tells of them anyway."""
    nodes: list[dict[str, Any]] = [{}]
    if isinstance(client, RedisCluster):
        nodes = [{"target_nodes": node} for node in client.get_primaries()]
    told = [await client.execute_command("INFO", **node) for node in nodes]
    seconds, micros = await client.execute_command("TIME", **nodes[0])
    full = max(int(one["used_memory"]) / (int(one["maxmemory"]) or float("inf")) for one in told)
    persistent = all(int(one["aof_enabled"]) and one.get("aof_last_write_status", "ok") == "ok" for one in told)
    return StoreVitals(full, persistent, int(seconds) + int(micros) / 1e6)


def mask(text: str) -> str:
    """Without the password of any URL in it."""
    return re.sub(r"(\w+://[^:/@\s]*):[^@\s]*@", r"\1:***@", text)
