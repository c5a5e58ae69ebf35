"""One search of the JSON log for an issue's id finds every delivery it led to, and what came of each."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from relay_kit import Bench
from store_servers import memory

from bot.delivery_log import named
from bot.knowledge import CurrentKnowledge
from bot.logs import configure
from bot.notices import Notices
from bot.steps import Steps
from bot.texts import Texts
from digests.compose import Stores
from digests.settle import Outcome
from digests.types import Article, Delivery, Hints, Issue, PageText, RawIssue
from subscriptions import AliasTable, Cadence, Settings
from subscriptions.service import SubscriptionService

NOW = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
SLOT = NOW + timedelta(minutes=31)
"""Past 08:00 in Shanghai, the usual slot."""


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root, out = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    configure("INFO", as_json=True, stream=out)
    yield out
    root.handlers[:] = handlers
    root.setLevel(level)


class Knowledge:
    """Every raw issue is one article about batteries; the editors changed nothing."""

    aliases = AliasTable(())

    def read(self, raw: RawIssue) -> Issue:
        article = Article("电池下线", "云溪的电池今日下线。", fingerprint="a")
        return Issue(
            "云溪时报", "newspaper", (article,), fingerprint="f", id="the-issue", key=raw.key, source=raw.source
        )

    async def refresh(self) -> None:
        return None


class OneIssue:
    name = "one"

    async def check(self, now: datetime) -> AsyncIterator[RawIssue]:
        yield RawIssue("one", "a.txt", (PageText("a.txt", "电池"),), Hints())


async def test_from_the_issue_to_what_telegram_said(stream: io.StringIO) -> None:
    kept, now = memory(), [NOW]
    stores, service = (
        Stores(kept.subscribers, kept.issues, kept.hits, kept.outbox),
        SubscriptionService(kept.subscribers),
    )
    notices = Notices(stores, kept.admin, Texts.load(strict=False), frozenset())
    knowledge = cast(CurrentKnowledge, Knowledge())
    steps = Steps(
        stores, kept.follow_ups, knowledge, [OneIssue()], notices, lambda: now[0], lambda: None, lambda *_: None
    )
    for reader in ("1", "2"):
        await service.get_or_create(reader, "zh-Hans", "private", reader, None, NOW)
        await service.set_settings(reader, lambda _: Settings(cadence=Cadence("daily")), NOW)
        await service.subscribe(reader, "电池", NOW)
    await steps.watch()
    await steps.match()
    now[0] = SLOT
    await steps.compose()
    bench = Bench(kept, now=SLOT)
    bench.sender.outcomes.append(Outcome("rejected", "Bad Request: odd"))
    await bench.relay.step()
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [one["event"] for one in told] == ["issue", "matched", "digest", "digest", "delivery"]
    assert [one["issue"] for one in told[:2]] + [one["issues"] for one in told[2:]] == ["the-issue"] * 5
    assert told[4]["delivery"] in {one["delivery"] for one in told[2:4]} and told[4]["state"] == "failed"
    assert all(one["subscriber"] in ("1", "2") and one["kind"] == "digest" for one in told[2:])


def test_only_what_a_delivery_has_is_named() -> None:
    plain = Delivery("d", "7", "notice", NOW, html="甲")
    assert named(plain) == {"delivery": "d", "subscriber": "7", "kind": "notice"}
    assert named(Delivery("d", "7", "broadcast", NOW, html="甲", batch="b"))["batch"] == "b"
