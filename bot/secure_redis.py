"""What was written so far made to last, before something that relies on it is written to another server.

Each server of a cluster may lose its last moment, by a fail-over or a power cut, while the others keep theirs. Within one server
the log has an order, so nothing is missing before what is there; between two of them there is none. Whoever writes "done" to one for
what lies on others waits here first. One server alone needs no waiting.
"""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.cluster import ClusterNode
from redis.exceptions import RedisClusterException, RedisError, ResponseError

from digests.errors import StoreError
from subscriptions import SHARDS, chat_tag, query_tag

PATIENCE_MS = 3000
TAGS = ("{issues}", *(tag(shard) for shard in range(SHARDS) for tag in (chat_tag, query_tag)))


async def secure(client: Redis | RedisCluster) -> None:
    """Until every master has what was written on its disk, and in a replica if it has one. Repeatable. A server that keeps no log or
    cannot tell (before 7.2) is not waited for. Raises StoreError if it takes too long or a server is away."""
    if not isinstance(client, RedisCluster):
        return
    try:
        if client.get_default_node() is None:
            await client.initialize()
        nodes = {client.get_node_from_key(f"{tag}:sync"): f"{tag}:sync" for tag in TAGS}
        await _secure({node: key for node, key in nodes.items() if node is not None}, client)
    except (RedisError, RedisClusterException, OSError) as error:
        raise StoreError(f"secure: {error}") from error


async def _secure(keys: dict[ClusterNode, str], client: RedisCluster) -> None:
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
            raise StoreError("secure: a server's log or its replica is too far behind")
