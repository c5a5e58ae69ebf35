"""How calls share round trips: each gets its own answer or its own error, and a cancelled one is not sent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisError, ResponseError

from subscriptions import Runner, Script

ECHO = Script("return ARGV[1]")
FAIL = Script("return redis.error_reply('ERR ' .. ARGV[1])")
COUNT = Script("return redis.call('INCR', KEYS[1] .. ':n')")
SLOW = Script("local n = 0 for i = 1, 3000000 do n = n + i end return n")


async def test_each_call_gets_its_own_answer(redis_client: Redis) -> None:
    runner = Runner(redis_client, NoScriptError)
    answers = await asyncio.gather(*(runner.run(ECHO("{a}", n)) for n in range(450)))
    assert answers == [b"%d" % n for n in range(450)]


async def test_each_call_gets_its_own_answer_of_a_cluster(cluster_client: RedisCluster) -> None:
    runner = Runner(cluster_client, NoScriptError)
    answers = await asyncio.gather(*(runner.run(ECHO(f"{{t{n}}}", n)) for n in range(60)))
    assert answers == [b"%d" % n for n in range(60)]


async def test_one_that_fails_fails_alone(redis_client: Redis) -> None:
    runner = Runner(redis_client, NoScriptError)
    calls = [ECHO("{a}", "x"), FAIL("{a}", "y"), ECHO("{a}", "z")]
    first, failed, last = await asyncio.gather(*map(runner.run, calls), return_exceptions=True)
    assert (first, last) == (b"x", b"z")
    assert isinstance(failed, ResponseError)
    with pytest.raises(ResponseError, match="y"):
        await runner.run_all(calls)
    with pytest.raises(ResponseError, match="y"):
        await runner.run(calls[1])
    assert await runner.run_all([]) == []


async def test_without_a_server_all_fail(redis_client: Redis) -> None:
    lost = Redis.from_url("redis://127.0.0.1:1", socket_timeout=0.2)
    runner = Runner(lost, NoScriptError)
    failed = await asyncio.gather(*(runner.run(ECHO("{a}", n)) for n in range(3)), return_exceptions=True)
    assert all(isinstance(error, RedisError) for error in failed)
    await lost.aclose()


class ClosedClient:
    """Its connection is closed under it: the event loop's error comes instead of the answers, or in an answer's place."""

    def __init__(self, *, inside: bool) -> None:
        self._inside = inside

    async def execute_command(self, *words: Any) -> Any:
        raise RuntimeError("the handler is closed")

    def pipeline(self, transaction: bool | None = None) -> ClosedPipe:
        return ClosedPipe(self._inside)


class ClosedPipe:
    def __init__(self, inside: bool) -> None:
        self._inside = inside

    async def __aenter__(self) -> ClosedPipe:
        return self

    async def __aexit__(self, *_: Any) -> None:
        pass

    def execute_command(self, *words: Any) -> None:
        pass

    async def execute(self, raise_on_error: bool) -> list[Any]:
        if self._inside:
            return [b"x", AttributeError("'NoneType': the handler is closed")]
        raise RuntimeError("the handler is closed")


@pytest.mark.parametrize("inside", [False, True])
async def test_a_connection_closed_under_it_is_an_error_of_the_network(inside: bool) -> None:
    runner = Runner(ClosedClient(inside=inside), NoScriptError)
    with pytest.raises(ConnectionError, match="handler"):
        await runner.run(ECHO("{a}", "x"))
    with pytest.raises(ConnectionError, match="handler"):
        await runner.run_all([ECHO("{a}", "x"), ECHO("{a}", "y")])


async def test_a_cancelled_call_is_not_sent(redis_client: Redis) -> None:
    runner = Runner(redis_client, NoScriptError)
    under_way = asyncio.create_task(runner.run(SLOW("{a}")))
    await asyncio.sleep(0.001)
    waiting = asyncio.create_task(runner.run(COUNT("{a}")))
    staying = asyncio.create_task(runner.run(ECHO("{a}", "here")))
    await asyncio.sleep(0)
    waiting.cancel()
    assert await staying == b"here"
    assert await under_way
    assert await redis_client.get("{a}:n") is None


async def test_a_call_cancelled_under_way_leaves_the_others(redis_client: Redis) -> None:
    runner = Runner(redis_client, NoScriptError)
    under_way, other = asyncio.create_task(runner.run(SLOW("{a}"))), asyncio.create_task(runner.run(ECHO("{a}", "x")))
    await asyncio.sleep(0.001)
    under_way.cancel()
    assert await other == b"x"


async def test_the_end_of_the_sender_ends_who_waits(redis_client: Redis) -> None:
    runner = Runner(redis_client, NoScriptError)
    under_way = asyncio.create_task(runner.run(SLOW("{a}")))
    await asyncio.sleep(0.001)
    waiting = asyncio.create_task(runner.run(ECHO("{a}", "x")))
    await asyncio.sleep(0)
    assert runner._sender is not None
    runner._sender.cancel()
    ended = await asyncio.gather(under_way, waiting, return_exceptions=True)
    assert all(isinstance(error, asyncio.CancelledError) for error in ended)
    assert await runner.run(ECHO("{a}", "again")) == b"again"


async def test_calls_of_a_joining_script_go_as_one_for_each_tag(redis_client: Redis) -> None:
    runner = Runner(redis_client, NoScriptError)
    joining = Script("return #ARGV", joins=True)
    calls = [joining("{a}", 1), ECHO("{a}", "x"), joining("{b}", 1), joining("{a}", 2, 3), ECHO("{a}", "y")]
    assert await asyncio.gather(*map(runner.run, calls)) == [3, b"x", 1, 3, b"y"]


async def test_with_a_pause_what_comes_meanwhile_waits_and_goes_together(redis_client: Redis) -> None:
    runner = Runner(redis_client, NoScriptError, pause=0.05)
    joining = Script("return #ARGV", joins=True)
    assert await runner.run(joining("{a}", 1)) == 1
    later = [asyncio.create_task(runner.run(joining("{a}", n))) for n in range(3)]
    await asyncio.sleep(0.01)
    assert not any(task.done() for task in later)
    assert await asyncio.gather(*later) == [3, 3, 3]
