"""Clients by URL: which kinds, what is refused, and that no password is told."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis, RedisCluster
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import NoScriptError

from bot import connect_redis
from bot.connect_redis import CONNECTIONS, check_server, connect, make_client, mask
from digests.errors import StoreError
from subscriptions import Runner, Script


async def test_a_socket_is_connected(store_url: str) -> None:
    client = await connect(store_url)
    assert isinstance(client, Redis)
    assert await client.set("a", "b")
    assert await client.get("a") == b"b"
    assert (await check_server(client)).startswith("9.")
    pool = client.connection_pool
    assert packed_by_hiredis(pool.connection_class(**pool.connection_kwargs))
    await client.aclose()


async def test_a_cluster_is_connected(cluster_url: str) -> None:
    client = await connect(cluster_url)
    assert isinstance(client, RedisCluster)
    assert len(client.get_primaries()) == 3
    assert all(packed_by_hiredis(node.connection_class()) for node in client.get_primaries())
    assert await client.set("键", 1) and await client.get("键".encode()) == b"1"
    await client.aclose()


def packed_by_hiredis(connection: AbstractConnection) -> bool:
    """What redis-py itself would have packed, in one piece."""
    command = ("CONFIG GET", b"\0", "中", 7, 1.5, "x" * 10_000)
    parts = AbstractConnection.pack_command(connection, *command)
    assert connection.pack_commands([command, ("PING",)]) == [b"".join(parts), b"*1\r\n$4\r\nPING\r\n"]
    return len(parts) > 1


async def test_of_a_cluster_any_node_will_do(cluster_url: str) -> None:
    client = await connect(cluster_url.replace("//", "//127.0.0.1:1, 127.0.0.1:2,"), retries=0)
    assert isinstance(client, RedisCluster)
    assert len(client.get_primaries()) == 3
    await client.aclose()
    with pytest.raises(StoreError, match="no such port") as caught:
        make_client("redis+cluster://me:secret@a:1,b:999999")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("kind", ["store_url", "cluster_url"])
async def test_a_burst_of_readers_waits_for_connections_and_does_not_fail(
    kind: str, request: pytest.FixtureRequest
) -> None:
    """As many stores as a process has, on one client, and hundreds of commands at once: more than there are connections."""
    client = await connect(request.getfixturevalue(kind))
    echo = Script("return ARGV[1]")
    stores = [Runner(client, NoScriptError) for _ in range(14)]
    trips = [store.run_all([echo(f"{{s{at:02}}}", at), echo("{s00}", at)]) for at in range(40) for store in stores]
    alone = [store.run_all([echo("{s01}", 7)]) for store in stores]
    assert len(trips) > CONNECTIONS
    assert await asyncio.gather(*alone, *trips) == [[b"7"]] * 14 + [
        [b"%d" % at] * 2 for at in range(40) for _ in stores
    ]
    await client.aclose()


async def test_an_old_server_is_refused(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect_redis, "OLDEST", (99, 0))
    with pytest.raises(StoreError, match=r"needs Redis 6\.2"):
        await connect(store_url)


async def test_nobody_there_is_told_without_the_password() -> None:
    with pytest.raises(StoreError, match="does not answer") as caught:
        await connect("redis://me:secret@127.0.0.1:1/0", patience=0.5, retries=0)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is not None


async def test_no_cluster_there_is_told() -> None:
    with pytest.raises(StoreError, match="does not answer"):
        await connect("redis+cluster://127.0.0.1:1", patience=0.5, retries=0)


def test_other_kinds_are_refused() -> None:
    with pytest.raises(StoreError, match="KANBAO_REDIS_URL must begin with"):
        make_client("http://localhost")


@pytest.mark.parametrize(
    ("told", "masked"),
    [
        ("redis://me:secret@host:1/0 failed", "redis://me:***@host:1/0 failed"),
        ("rediss://:secret@host", "rediss://:***@host"),
        ("unix:///tmp/a.sock", "unix:///tmp/a.sock"),
        ("redis://host:6379", "redis://host:6379"),
    ],
)
def test_passwords_are_masked(told: str, masked: str) -> None:
    assert mask(told) == masked
