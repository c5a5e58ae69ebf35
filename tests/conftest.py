"""Fixtures for all tests: a real server per session, a clean client per test, stores in memory, on a server, on a cluster."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings
from redis.asyncio import Redis, RedisCluster
from store_servers import Stores, cluster_of_three, memory, over

from bot.connect_redis import make_client
from bot.store_process import EmbeddedStore

settings.register_profile("kanbao", deadline=None)
settings.load_profile("kanbao")
"""A machine that is busy with something else is no defect."""


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Slow tests run untraced: coverage makes them three times as long, and faster tests cover what they cover. So do
    hypothesis' tests: what is covered must not hang on what was drawn.
    """
    if pyfuncitem.get_closest_marker("slow") is None and not is_hypothesis_test(pyfuncitem.function):
        return (yield)
    traced = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(traced)


@pytest.fixture(scope="session")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a real server that lives as long as the test session."""
    store = EmbeddedStore(tmp_path_factory.mktemp("store"))
    yield asyncio.run(store.start())
    asyncio.run(store.stop())


@pytest.fixture(scope="session")
def cluster_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a real cluster of three masters that lives as long as the test session."""
    with cluster_of_three(Path(tmp_path_factory.mktemp("cluster"))) as url:
        yield url


@pytest.fixture
async def redis_client(store_url: str) -> AsyncIterator[Redis]:
    """A client of the session's server, which is empty."""
    client = make_client(store_url)
    assert isinstance(client, Redis)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
async def cluster_client(cluster_url: str) -> AsyncIterator[RedisCluster]:
    """A client of the session's cluster, which is empty."""
    client = make_client(cluster_url)
    assert isinstance(client, RedisCluster)
    await client.flushall(target_nodes=RedisCluster.PRIMARIES)
    yield client
    await client.aclose()


@pytest.fixture
def memory_stores() -> Stores:
    return memory()


@pytest.fixture
def redis_stores(redis_client: Redis) -> Stores:
    return over(redis_client)


@pytest.fixture(params=["memory", "redis", "cluster"])
def stores(request: pytest.FixtureRequest) -> Stores:
    """The same contract on all three."""
    if request.param == "memory":
        return memory()
    return over(request.getfixturevalue(f"{request.param}_client"))
