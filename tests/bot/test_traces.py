"""Traces by OpenTelemetry: one for each issue and each delivery, with the ids of the log. Skipped where the extra is not installed."""

from __future__ import annotations

import socket
import sys
import time
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from pipeline_world import NOW, SLOT, World, raw
from relay_kit import Bench
from store_servers import Stores
from test_delivery_log import Knowledge, OneIssue

from bot.errors import StartError
from bot.notices import Notices
from bot.run import _open_traces
from bot.settings import Settings
from bot.steps import Steps
from bot.texts import Texts
from digests.settle import Outcome

SECOND = timedelta(seconds=1)


def exported(spans: Any) -> list[tuple[str, dict[str, object], float]]:
    """Of each span its name, attributes and seconds."""
    return [(span.name, dict(span.attributes), (span.end_time - span.start_time) / 1e9) for span in spans]


def in_memory() -> tuple[Any, Any]:
    pytest.importorskip("opentelemetry.sdk")
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from bot.traces import Traces

    exporter = InMemorySpanExporter()
    return Traces(SimpleSpanProcessor(exporter)), exporter


async def test_an_issue_from_its_arrival_to_its_match(memory_stores: Stores) -> None:
    traces, exporter = in_memory()
    world, clock = World(memory_stores), [NOW]
    await world.reader("1", "电池", kind="instant")
    notices = Notices(world.stores, memory_stores.admin, Texts.load(strict=False), frozenset())
    knowledge: Any = Knowledge()
    steps = Steps(
        world.stores, memory_stores.follow_ups, knowledge, [OneIssue()], notices, lambda: clock[0], lambda: None,
        lambda *_: None, traces=traces,
    )  # fmt: skip
    await steps.watch()
    clock[0] += 7 * SECOND
    assert await steps.match() and not await steps.match()
    ((name, attributes, seconds),) = exported(exporter.get_finished_spans())
    assert (name, seconds) == ("issue", 7.0)
    assert attributes == {"issue": "the-issue", "articles": 1, "hits": 1, "instant": 1}


async def test_a_delivery_from_due_to_settled_with_each_attempt(memory_stores: Stores) -> None:
    traces, exporter = in_memory()
    world = World(memory_stores)
    await world.reader("1", "电池")
    await world.publish(raw("电池：下线"))
    bench = Bench(memory_stores, now=SLOT)
    bench.relay._traces = bench.relay._outcomes._traces = traces
    bench.sender.outcomes = [Outcome("retry_after", "Too Many Requests", retry_after=9)]
    from digests.compose import compose_due

    (turn,) = await compose_due(world.stores, SLOT)
    assert turn.delivery is not None
    await bench.relay.step()
    assert exported(exporter.get_finished_spans())[0][0] == "attempt", "it is not settled yet"
    await bench.after(10 * SECOND)
    spans = exporter.get_finished_spans()
    told = exported(spans)
    assert [(name, of.get("outcome", of.get("state"))) for name, of, _ in told] == [
        ("attempt", "retry_after"), ("attempt", "sent"), ("delivery", "sent"),
    ]  # fmt: skip
    assert {of["delivery"] for _, of, _ in told} == {turn.delivery.id}
    assert told[2][1]["issues"] == turn.delivery.digest.issues[0] and told[2][2] >= 10  # type: ignore[union-attr]
    root = spans[2].context
    assert spans[2].parent is None and {span.context.trace_id for span in spans} == {root.trace_id}
    assert [span.parent.span_id for span in spans[:2]] == [root.span_id] * 2
    assert not spans[0].status.is_ok and spans[2].status.is_ok
    again, other = in_memory()
    again.delivery(turn.delivery, SLOT)
    assert other.get_finished_spans()[0].context.trace_id == root.trace_id, "in another process too"


async def test_a_collector_is_told_in_the_background_and_at_the_end() -> None:
    pytest.importorskip("opentelemetry.sdk")
    asked: list[tuple[str, int]] = []

    async def collect(request: web.Request) -> web.Response:
        asked.append((request.path, len(await request.read())))
        return web.Response()

    app = web.Application()
    app.router.add_post("/v1/traces", collect)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with AsyncExitStack() as stack:
        traces = _open_traces(Settings(traces=url), stack)
        assert traces is not None
        traces.issue("i", NOW, NOW + SECOND)
    assert asked and asked[0][0] == "/v1/traces" and asked[0][1] > 50
    await runner.cleanup()


def test_a_collector_that_does_not_answer_keeps_nobody() -> None:
    pytest.importorskip("opentelemetry.sdk")
    from bot.traces import PATIENCE, open_traces

    with socket.create_server(("127.0.0.1", 0), backlog=9) as silent:
        traces = open_traces(f"http://127.0.0.1:{silent.getsockname()[1]}")
        for n in range(1500):  # three portions
            traces.issue(f"{n}", NOW, NOW + SECOND)
        begun = time.monotonic()
        traces.close()
        assert time.monotonic() - begun < 2 * PATIENCE


async def test_without_the_setting_nothing_is_loaded_and_without_the_extra_it_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with AsyncExitStack() as stack:
        assert _open_traces(Settings(), stack) is None
        monkeypatch.setitem(sys.modules, "bot.traces", None)
        with pytest.raises(StartError, match=r"kanbao\[otel\]"):
            _open_traces(Settings(traces="http://localhost:4318"), stack)
