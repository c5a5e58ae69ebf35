"""What was written so far made to last, before something that relies on it is written.

Each server may lose its last moment, by a fail-over or a power cut. Within one life of a server the log has an order, so nothing is
missing before what is there. Two things break that order: another server, which keeps what this one loses; and whoever wrote one half of
something before the loss, lives on, and writes the other half after it. So whoever writes "done" asks here first: the servers must be those,
and in the life, to which the first was written; and of a cluster all of it is waited for. One server alone needs no waiting.
"""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.cluster import ClusterNode
from redis.exceptions import RedisClusterException, RedisError, ResponseError

from digests.errors import StoreError
from digests.pipeline import Servers
from subscriptions import SHARDS, chat_tag, query_tag, wall

PATIENCE_MS = 3000
TAGS = ("{issues}", *(tag(shard) for shard in range(SHARDS) for tag in (chat_tag, query_tag)))


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisSecure:
    """Implements Secure. A server has a new replication id in each of its lives, and when it takes another's place."""

    def __init__(self, client: Redis | RedisCluster) -> None:
        self._client = client

    async def begin(self) -> Servers:
        client = self._client
        if not isinstance(client, RedisCluster):
            told: dict[str, Any] = await client.info("replication")
            return {"": _life(told)}
        owners = await self._owners(client)
        lives = {
            node: _life(await client.execute_command("INFO", "replication", target_nodes=node))
            for node in set(owners.values())
        }
        return {tag: lives[node] for tag, node in owners.items()}

    async def wait(self, since: Servers) -> None:
        """Until every master of a cluster has what was written on its disk, and in a replica if it has one. Repeatable. A server that
        keeps no log or cannot tell (before 7.2) is not waited for."""
        if isinstance(self._client, RedisCluster):
            owners = await self._owners(self._client)
            await _wait({node: f"{tag}:sync" for tag, node in owners.items()}, self._client)
        if await self.begin() != since:
            raise StoreError("wait: a server may have lost what was just written")

    async def _owners(self, client: RedisCluster) -> dict[str, ClusterNode]:
        if client.get_default_node() is None:
            await client.initialize()
        nodes = {tag: client.get_node_from_key(f"{tag}:sync") for tag in TAGS}
        return {tag: node for tag, node in nodes.items() if node is not None}


def _life(told: dict[str, Any]) -> str:
    return str(told.get("master_replid", ""))


async def _wait(keys: dict[ClusterNode, str], client: RedisCluster) -> None:
    """The write and the waiting go over one connection: a server waits for what that connection wrote, and all before it."""
    told = [await client.execute_command("ROLE", target_nodes=node) for node in keys]
    async with client.pipeline(transaction=False) as pipe:
        for (node, key), role in zip(keys.items(), told, strict=True):
            pipe.execute_command("SET", key, 1)
            pipe.execute_command("WAIT", int(bool(role[2])), PATIENCE_MS, target_nodes=node)
            pipe.execute_command("WAITAOF", 1, 0, PATIENCE_MS, target_nodes=node)
        replies: list[Any] = await pipe.execute(raise_on_error=False)
    for role, at in zip(told, range(0, len(replies), 3), strict=True):
        written, copies, logged = replies[at : at + 3]
        for failed in (written, copies, logged):
            if isinstance(failed, Exception) and not (failed is logged and isinstance(failed, ResponseError)):
                raise failed
        if copies < int(bool(role[2])) or (not isinstance(logged, Exception) and logged[0] < 1):
            raise StoreError("wait: a server's log or its replica is too far behind")
