"""What must last before something relies on it: awaited on every master of a cluster, and not relied on where a server began a new life."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ConnectionError as AwayError
from redis.exceptions import ResponseError

from bot.connect_redis import make_client
from bot.secure_redis import RedisSecure
from bot.store_process import EmbeddedStore
from digests.errors import StoreError


class Pipe:
    """Answers as it is told, instead of three masters."""

    def __init__(self, answers: dict[str, Any], said: list[tuple[Any, ...]]) -> None:
        self._answers, self._said, self._words = answers, said, list[str]()

    async def __aenter__(self) -> Pipe:
        return self

    async def __aexit__(self, *_: Any) -> None:
        pass

    def execute_command(self, *words: Any, **_: Any) -> None:
        self._words.append(words[0])
        self._said.append(words)

    async def execute(self, raise_on_error: bool) -> list[Any]:
        return [self._answers[word] for word in self._words]


def tell(client: RedisCluster, monkeypatch: pytest.MonkeyPatch, **answers: Any) -> list[tuple[Any, ...]]:
    """The masters have one replica each and answer that; what they were asked."""
    said: list[tuple[Any, ...]] = []
    usual = {"SET": b"OK", "WAIT": 1, "WAITAOF": [1, 0]} | answers

    async def told(*words: str, **__: Any) -> Any:
        return {"master_replid": "a"} if words[0] == "INFO" else [b"master", 7, [["127.0.0.1", "1", "7"]]]

    monkeypatch.setattr(client, "execute_command", told)
    monkeypatch.setattr(client, "pipeline", lambda transaction: Pipe(usual, said))
    return said


async def secure(client: Redis | RedisCluster) -> None:
    asked = RedisSecure(client)
    await asked.wait(await asked.begin())


async def test_a_single_server_is_not_waited_for(redis_client: Redis) -> None:
    await secure(redis_client)
    assert await redis_client.dbsize() == 0


async def test_a_server_that_began_a_new_life_may_have_forgotten(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    client = make_client(await store.start())
    try:
        asked = RedisSecure(client)
        since = await asked.begin()
        await asked.wait(since)
        await store.stop()
        await store.start()
        with pytest.raises(StoreError, match="may have lost"):
            await asked.wait(since)
        await asked.wait(await asked.begin())
    finally:
        await client.aclose()
        await store.stop()


async def test_a_replica_that_took_over_may_not_know(cluster_client: RedisCluster) -> None:
    asked = RedisSecure(cluster_client)
    since = await asked.begin()
    assert len(since) == 33 and len(set(since.values())) == 3, "a life for each part, of three servers"
    with pytest.raises(StoreError, match="may have lost"):
        await asked.wait({**since, "{q03}": "another's"})
    await asked.wait(since)


async def test_a_server_that_is_away_makes_it_fail() -> None:
    asked = RedisSecure(make_client("unix:///nowhere/s", retries=0))
    with pytest.raises(StoreError, match="begin"):
        await asked.begin()


async def test_every_master_of_a_cluster_is_written_to_and_awaited(cluster_client: RedisCluster) -> None:
    await secure(cluster_client)
    await secure(cluster_client)
    written = [await cluster_client.dbsize(target_nodes=node) for node in cluster_client.get_primaries()]
    assert written == [1, 1, 1]


async def test_the_log_and_one_replica_are_awaited(
    cluster_client: RedisCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cluster_client.initialize()
    said = tell(cluster_client, monkeypatch)
    await secure(cluster_client)
    assert [words[:2] for words in said if words[0] == "WAIT"] == [("WAIT", 1)] * 3
    assert [words[:3] for words in said if words[0] == "WAITAOF"] == [("WAITAOF", 1, 0)] * 3


@pytest.mark.parametrize(
    "answers",
    [
        {"WAIT": 0},
        {"WAITAOF": [0, 0]},
        {"WAIT": ResponseError("no")},
        {"SET": AwayError("away")},
        {"WAITAOF": AwayError("x")},
    ],
)
async def test_whoever_lags_or_is_away_makes_it_fail(
    answers: dict[str, Any], cluster_client: RedisCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cluster_client.initialize()
    tell(cluster_client, monkeypatch, **answers)
    with pytest.raises(StoreError):
        await secure(cluster_client)


async def test_a_server_without_a_log_is_taken_as_it_is(
    cluster_client: RedisCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cluster_client.initialize()
    tell(cluster_client, monkeypatch, WAITAOF=ResponseError("WAITAOF cannot be used when appendonly is disabled."))
    await secure(cluster_client)
