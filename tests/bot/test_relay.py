"""The relay: claims, sends under the rates, settles; one bad delivery takes no other with it, a crash loses nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from store_servers import Stores, memory

from bot.rates import Rates
from bot.relay import Relay
from digests.settle import Outcome
from digests.types import Chunk, Delivery, Digest, DigestGroup, DigestItem
from subscriptions import Subscriber
from subscriptions.service import SubscriptionService

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass
class FakeSender:
    """Notes what is sent; answers from `outcomes` while there are any, then with a message id."""

    outcomes: list[Outcome] = field(default_factory=list)
    sent: list[tuple[int, int | None, str, bool]] = field(default_factory=list)

    async def send(self, chat: int, thread: int | None, chunk: Chunk, *, silent: bool, plain: bool) -> Outcome:
        if self.outcomes:
            return self.outcomes.pop(0)
        self.sent.append((chat, thread, chunk.plain if plain else chunk.html, silent))
        return Outcome("sent", message_id=len(self.sent))


@dataclass
class Bench:
    stores: Stores
    sender: FakeSender = field(default_factory=FakeSender)
    alarms: list[str] = field(default_factory=list)
    now: datetime = NOW
    broken: set[str] = field(default_factory=set)
    rates: Rates = field(default_factory=Rates)

    def __post_init__(self) -> None:
        service = SubscriptionService(self.stores.subscribers)
        self.service = service
        self.relay = Relay(
            self.stores.outbox,
            self.stores.subscribers,
            service,
            self.sender,
            self.rates,
            self.render,
            self.alarm,
            lambda: self.now,
            self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        """The clock by hand: whoever waits longest has moved it."""
        until = self.now + timedelta(seconds=seconds)
        await asyncio.sleep(0)
        self.now = max(self.now, until)

    async def render(self, delivery: Delivery, subscriber: Subscriber | None) -> tuple[Chunk, ...]:
        if delivery.id in self.broken:
            raise LookupError("a defect of ours")
        return tuple(Chunk(part, f"plain {part}") for part in delivery.html.split("|"))

    async def alarm(self, words: str) -> None:
        self.alarms.append(words)

    async def put(self, *deliveries: Delivery) -> None:
        await self.stores.outbox.put(deliveries, self.now)

    async def after(self, wait: timedelta) -> int:
        self.now += wait
        return await self.relay.step()

    @property
    def texts(self) -> list[str]:
        return [text for _, _, text, _ in self.sender.sent]


def notice(id: str, chat: str = "1", html: str = "甲") -> Delivery:
    return Delivery(id, chat, "notice", NOW, html=html)


@pytest.fixture
def bench() -> Bench:
    return Bench(memory())


async def test_what_waits_is_sent_in_order_and_settled(bench: Bench) -> None:
    await bench.put(notice("a"), notice("b", html="乙"), notice("c", "2", "丙"))
    assert await bench.relay.step() == 2
    assert sorted(bench.texts) == ["丙", "甲"]
    assert await bench.relay.step() == 0
    assert await bench.after(timedelta(seconds=1)) == 1
    assert bench.texts[-1] == "乙"
    found = await bench.stores.outbox.find_delivery("a", "1")
    assert found is not None and (found.state, found.sent) == ("sent", (1,))


async def test_after_a_crash_it_goes_on_with_the_first_part_not_known_to_be_sent(bench: Bench) -> None:
    await bench.put(notice("a", html="一|二|三"))
    await bench.stores.outbox.progress("a", "1", 77)
    bench.sender.outcomes = []
    await bench.relay.step()
    assert bench.texts[0] == "二"


async def test_a_wait_is_a_later_time(bench: Bench) -> None:
    await bench.put(notice("a"))
    bench.sender.outcomes = [Outcome("retry_after", retry_after=7)]
    await bench.relay.step()
    assert await bench.after(timedelta(seconds=6)) == 0
    assert await bench.after(timedelta(seconds=2)) == 1
    assert bench.texts == ["甲"]


async def test_a_whole_bot_wait_holds_for_every_chat(bench: Bench) -> None:
    await bench.put(notice("a"))
    bench.sender.outcomes = [Outcome("retry_after", retry_after=60, whole_bot=True)]
    await bench.relay.step()
    await bench.put(notice("b", "2"))
    assert await bench.after(timedelta(seconds=5)) == 1
    assert bench.texts == []
    await bench.after(timedelta(seconds=56))
    assert sorted(bench.texts) == ["甲", "甲"]


async def test_a_blocked_reader_is_paused_and_keeps_everything(bench: Bench) -> None:
    await bench.service.get_or_create("1", "zh-Hans", "private", "", None, NOW)
    digest = Digest((DigestGroup("甲", (DigestItem(5, ("q",)),)),), ("i",), 1, NOW)
    await bench.put(Delivery("a", "1", "digest", NOW, digest=digest, html="甲"))
    bench.sender.outcomes = [Outcome("blocked", "Forbidden: bot was blocked by the user")]
    await bench.relay.step()
    reader = await bench.service.get("1")
    assert reader.paused == "blocked"
    assert await bench.stores.outbox.owed("1") == {5}


async def test_a_chat_that_nobody_stored_may_refuse_too(bench: Bench) -> None:
    await bench.put(notice("a"))
    bench.sender.outcomes = [Outcome("not_found")]
    await bench.relay.step()
    found = await bench.stores.outbox.find_delivery("a", "1")
    assert found is not None and found.state == "paused"


async def test_a_supergroup_takes_everything_over(bench: Bench) -> None:
    await bench.service.get_or_create("-5", "zh-Hans", "group", "组", None, NOW)
    await bench.put(notice("a", "-5"), notice("b", "-5", "乙"))
    bench.sender.outcomes = [Outcome("migrated", new_chat=-1005)]
    await bench.relay.step()
    for _ in range(3):
        await bench.after(timedelta(seconds=5))
    assert [(chat, text) for chat, _, text, _ in bench.sender.sent] == [(-1005, "甲"), (-1005, "乙")]
    assert await bench.service.find("-5") is None and await bench.service.find("-1005") is not None


async def test_a_closed_topic_falls_back_to_the_general_one_and_says_so_once(bench: Bench) -> None:
    await bench.put(notice("a", "-1005:3"))
    bench.sender.outcomes = [Outcome("topic_closed", "Bad Request: TOPIC_CLOSED")]
    await bench.relay.step()
    for _ in range(3):
        await bench.after(timedelta(seconds=5))
    assert [(thread, text) for _, thread, text, _ in bench.sender.sent] == [(None, "甲"), (None, "@topic-closed")]


async def test_refused_markup_goes_out_plain_and_we_hear_of_it(bench: Bench) -> None:
    await bench.put(notice("a"))
    bench.sender.outcomes = [Outcome("bad_entities", "Bad Request: can't parse entities")]
    await bench.relay.step()
    await bench.after(timedelta(seconds=2))
    assert bench.texts == ["plain 甲"]
    assert len(bench.alarms) == 1 and "can't parse entities" in bench.alarms[0]


async def test_a_defect_in_one_delivery_takes_no_other_with_it(bench: Bench) -> None:
    bench.broken = {"a"}
    await bench.put(notice("a"), notice("b", "2"))
    assert await bench.relay.step() == 2
    assert [chat for chat, _, _, _ in bench.sender.sent] == [2]
    bench.broken = set()
    assert await bench.after(timedelta(minutes=2)) == 1
    assert [chat for chat, _, _, _ in bench.sender.sent] == [2, 1]


async def test_no_second_holds_more_than_the_rate(bench: Bench) -> None:
    await bench.put(*(notice(f"d{n}", str(n)) for n in range(100)))
    start = bench.now
    while await bench.relay.step():
        pass
    assert len(bench.texts) == 100
    assert bench.now - start >= timedelta(seconds=3)


async def test_a_turn_too_far_off_goes_back_to_the_outbox(bench: Bench) -> None:
    bench.rates.block(1, NOW + timedelta(seconds=10))
    await bench.put(notice("a"), notice("b", "2"))
    await bench.relay.step()
    assert [chat for chat, _, _, _ in bench.sender.sent] == [2]
    assert await bench.after(timedelta(seconds=9)) == 0
    assert await bench.after(timedelta(seconds=1)) == 1
    assert [chat for chat, _, _, _ in bench.sender.sent] == [2, 1]


async def test_silent_readers_get_silent_messages_in_their_thread(bench: Bench) -> None:
    await bench.service.get_or_create("-1007:9", "zh-Hans", "supergroup", "组", None, NOW)
    await bench.service.set_settings("-1007:9", lambda settings: replace(settings, silent=True), NOW)
    await bench.put(notice("a", "-1007:9"))
    await bench.relay.step()
    assert bench.sender.sent == [(-1007, 9, "甲", True)]


async def test_a_store_that_is_away_stops_nothing() -> None:
    class Away:
        async def claim(self, *_: object) -> list[Delivery]:
            raise ConnectionError("away")

    bench = Bench(memory())
    bench.relay._outbox = Away()
    assert await bench.relay.step() == 0


async def test_it_runs_until_stopped_and_wakes_when_nudged(bench: Bench) -> None:
    task = asyncio.create_task(bench.relay.run(idle=60))
    await asyncio.sleep(0.05)
    await bench.put(notice("a"))
    bench.relay.nudge()
    await asyncio.sleep(0.05)
    assert bench.texts == ["甲"]
    bench.relay.stop()
    await asyncio.wait_for(task, 1)
