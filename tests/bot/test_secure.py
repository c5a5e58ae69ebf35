"""What must last before something elsewhere relies on it: awaited on every master of a cluster, and on a single server not at all."""

from __future__ import annotations

from typing import Any

import pytest
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ConnectionError as AwayError
from redis.exceptions import ResponseError

from bot.secure_redis import secure
from digests.errors import StoreError


class Pipe:
    """Answers as it is told, instead of three masters."""

    def __init__(self, answers: dict[str, Any], said: list[tuple[Any, ...]]) -> None:
        self._answers, self._said, self._words = answers, said, list[str]()

    async def __aenter__(self) -> Pipe:
        return self

    async def __aexit__(self, *_: object) -> None:
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

    async def role(*_: object, **__: object) -> list[Any]:
        return [b"master", 7, [["127.0.0.1", "1", "7"]]]

    monkeypatch.setattr(client, "execute_command", role)
    monkeypatch.setattr(client, "pipeline", lambda transaction: Pipe(usual, said))
    return said


async def test_a_single_server_is_not_waited_for(redis_client: Redis) -> None:
    await secure(redis_client)
    assert await redis_client.dbsize() == 0


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
