"""The relay: claims, sends under the rates, settles; one bad delivery takes no other with it, a crash loses nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from store_servers import Stores, memory

from bot.metrics import Metrics
from bot.rates import Rates
from bot.relay import Relay
from bot.relay_doubt import Doubt
from bot.relay_pace import Held, Pacer
from bot.relay_render import RenderOnce
from digests.errors import StoreError
from digests.rates import RateLimits
from digests.rates_memory import MemoryRates
from digests.settle import Outcome
from digests.types import ADDRESS, Button, Chunk, Delivery, Digest, DigestGroup, DigestItem
from subscriptions import Subscriber
from subscriptions.service import SubscriptionService

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass
class FakeSender:
    """Notes what is sent; answers from `outcomes` while there are any, then with a message id."""

    outcomes: list[Outcome] = field(default_factory=list)
    sent: list[tuple[int, int | None, str, bool]] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)

    async def send(self, chat: int, thread: int | None, chunk: Chunk, *, silent: bool, plain: bool) -> Outcome:
        if self.outcomes:
            return self.outcomes.pop(0)
        self.chunks.append(chunk)
        self.sent.append((chat, thread, chunk.plain if plain else chunk.html, silent))
        return Outcome("sent", message_id=len(self.sent))


@dataclass
class Bench:
    stores: Stores
    sender: FakeSender = field(default_factory=FakeSender)
    alarms: list[str] = field(default_factory=list)
    now: datetime = NOW
    broken: set[str] = field(default_factory=set)
    limits: RateLimits = field(default_factory=RateLimits)
    renders: int = 0

    def __post_init__(self) -> None:
        self.rates = Rates(MemoryRates(self.limits), self.limits, lambda: self.now, self.sleep, "a")
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
        self.renders += 1
        if delivery.html in self.broken:
            raise LookupError("a defect of ours")
        rows = ((Button("1", f"a:{delivery.id}:0:0"),),) if delivery.digest else ()
        return tuple(Chunk(part, f"plain {part}", rows) for part in delivery.html.split("|"))

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


# ------------------------------------------------------------------------------------------------ one delivery
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


# ------------------------------------------------------------------------------------------------ outcomes
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
    assert await bench.after(timedelta(seconds=5)) == 0
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


async def test_a_refused_correction_takes_back_nothing_but_itself(bench: Bench) -> None:
    """The rest of the message was read, and with it what that stood for."""
    had = Delivery("d", "1", "digest", NOW, digest=Digest((DigestGroup("甲", (DigestItem(7, (), (3,)),)),), (), 1, NOW))
    assert had.digest is not None
    edited = replace(had.digest, groups=(replace(had.digest.groups[0], items=(DigestItem(8, (), (3,)),)),))
    await bench.service.get_or_create("1", "zh-Hans", "private", "甲", None, NOW)
    reader = await bench.service.get("1")
    await bench.stores.outbox.compose(reader, reader, due=None, had=had.digest.given(), delivery=None)
    mend = Delivery("c", "1", "correction", NOW, digest=edited, html="乙", edits=(5,), news=(8,))
    await bench.stores.follow_ups.follow_up(mend, NOW)
    bench.sender.outcomes = [Outcome("blocked")]
    await bench.relay.step()
    assert await bench.stores.outbox.had("1") == {3, 7} and await bench.stores.outbox.owed("1") == {8}


async def test_a_notice_that_an_admin_cannot_get_yet_is_spoken_of(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.sender.outcomes = [Outcome("cant_initiate", "Forbidden: bot can't initiate conversation with a user")]
    await bench.put(notice("a"))
    await bench.relay.step()
    assert "notice_waits" in caplog.text


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
    bench.broken = {"坏"}
    await bench.put(notice("a", html="坏"), notice("b", "2"))
    assert await bench.relay.step() == 2
    assert [chat for chat, _, _, _ in bench.sender.sent] == [2]
    bench.broken = set()
    assert await bench.after(timedelta(minutes=2)) == 1
    assert [chat for chat, _, _, _ in bench.sender.sent] == [2, 1]


# ------------------------------------------------------------------------------------------------ rates
async def test_no_second_holds_more_than_the_rate(bench: Bench) -> None:
    await bench.put(*(notice(f"d{n}", str(n)) for n in range(100)))
    start = bench.now
    while await bench.relay.step():
        pass
    assert len(bench.texts) == 100
    assert bench.now - start >= timedelta(seconds=3)


async def test_a_turn_too_far_off_goes_back_to_the_outbox(bench: Bench) -> None:
    await bench.rates.block(1, NOW + timedelta(seconds=10))
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


# ------------------------------------------------------------------------------------------------ running
async def test_it_runs_until_stopped_and_wakes_when_nudged(bench: Bench) -> None:
    task = asyncio.create_task(bench.relay.run(idle=60))
    await asyncio.sleep(0.05)
    await bench.put(notice("a"))
    bench.relay.nudge()
    await asyncio.sleep(0.05)
    assert bench.texts == ["甲"]
    bench.relay.stop()
    await asyncio.wait_for(task, 1)


async def test_equal_digests_are_rendered_once_and_keep_their_own_buttons(bench: Bench) -> None:
    digest = Digest((DigestGroup("甲", (DigestItem(5, ("q",)),)),), ("i",), 1, NOW)
    await bench.put(*(Delivery(f"d{n}", str(n), "digest", NOW, digest=digest, html="甲") for n in range(1, 9)))
    assert await bench.relay.step() == 8
    assert bench.renders == 1 and len(bench.texts) == 8
    assert {chunk.address for chunk in bench.sender.chunks} == {f"d{n}" for n in range(1, 9)}
    assert len({id(chunk.buttons) for chunk in bench.sender.chunks}) == 1
    assert bench.sender.chunks[0].buttons == ((Button("1", f"a:{ADDRESS}:0:0"),),)


async def test_a_digest_that_waited_too_long_comes_with_the_next_one(bench: Bench) -> None:
    digest = Digest((DigestGroup("甲", (DigestItem(5, ("q",)),)),), ("i",), 1, NOW)
    await bench.put(Delivery("old", "1", "digest", NOW, digest=digest, html="旧"), notice("n"))
    pushed = Delivery("pushed", "2", "push", NOW, digest=digest, html="推", batch="b")
    await bench.put(pushed)
    await bench.after(timedelta(hours=37))
    await bench.after(timedelta(0))
    assert bench.texts == ["推", "甲"]
    kept = await bench.stores.outbox.find_delivery("old", "1")
    assert kept.state == "expired" and kept.error == "stale: its articles come with the next digest"
    assert await bench.stores.outbox.owed("1") == {5}


async def test_only_so_many_renderings_are_kept_and_no_failed_ones(bench: Bench) -> None:
    render = RenderOnce(bench.render, Metrics(), kept=2)
    for text in ("一", "二", "三", "一", "一"):
        assert (await render(notice("a", html=text), None))[0].html == text
    assert bench.renders == 4
    for n in range(20):
        digest = Digest((DigestGroup("甲", (DigestItem(n, ("q",)),)),), ("i",), 1, NOW)
        for same in (digest, digest, replace(digest)):
            await render(Delivery("a", "1", "digest", NOW, digest=same, html="甲"), None)
    assert bench.renders == 24 and len(render._objects) <= 8 and len(render._numbers) <= 8
    bench.renders, bench.broken = 4, {"四"}
    for _ in range(2):
        with pytest.raises(LookupError):
            await render(notice("a", html="四"), None)
    assert bench.renders == 6


# ------------------------------------------------------------------------------------------------ a process, a store or the Bot API that is away
async def test_a_process_that_stood_still_does_not_send_what_others_may_have(bench: Bench) -> None:
    await bench.put(notice("a"), notice("b", "2"))
    await bench.relay._take()
    bench.now += timedelta(seconds=61)
    while len(bench.relay._pacer):
        await bench.relay._pacer.drain()
    assert bench.texts == []
    assert await bench.relay.step() == 2
    assert sorted(chat for chat, _, _, _ in bench.sender.sent) == [1, 2]


async def test_many_chats_told_to_wait_mean_the_bot(bench: Bench) -> None:
    await bench.put(*(notice(f"d{n}", str(n)) for n in range(1, 7)))
    bench.sender.outcomes = [Outcome("retry_after", retry_after=30)] * 3
    await bench.relay.step()
    assert await bench.after(timedelta(seconds=20)) == 0
    await bench.after(timedelta(seconds=11))
    assert len(bench.texts) == 6


async def test_a_wait_that_another_process_was_told(bench: Bench) -> None:
    other = Rates(bench.rates._store, bench.limits, lambda: bench.now, bench.sleep, "b")
    await bench.put(*(notice(f"d{n}", str(n)) for n in range(1, 7)))
    await other.block(None, NOW + timedelta(seconds=30))
    assert await bench.relay.step() == 6
    assert bench.texts == [] and await bench.after(timedelta(seconds=29)) == 0
    assert await bench.after(timedelta(seconds=1)) == 6
    found = await bench.stores.outbox.find_delivery("d1", "1")
    assert found is not None and (found.state, found.attempts) == ("sent", 1)


def away(bench: Bench, name: str, times: float) -> list[object]:
    """That method of the outbox raises so many times; answers the calls."""
    method, calls = getattr(bench.stores.outbox, name), list[object]()

    async def failing(*words: object, **named: object) -> object:
        calls.append(words)
        if len(calls) <= times:
            raise StoreError("away")
        return await method(*words, **named)

    setattr(bench.stores.outbox, name, failing)
    return calls


async def test_what_came_of_a_message_waits_for_a_store_that_is_away(bench: Bench) -> None:
    await bench.put(notice("a", html="一|二"), notice("b", "2"))
    progressed, settled = away(bench, "progress", 3), away(bench, "settle", 20)
    begun = bench.now
    await bench.relay.step()
    assert sorted(bench.texts) == ["一", "二", "甲"] and len(progressed) == 4 and len(settled) > 20
    assert bench.now - begun > timedelta(seconds=9)
    for id, chat in (("a", "1"), ("b", "2")):
        found = await bench.stores.outbox.find_delivery(id, chat)
        assert found is not None and (found.state, found.attempts) == ("sent", 1)


async def test_what_can_never_be_stored_gives_its_room_back(bench: Bench) -> None:
    await bench.put(notice("a"))
    settled = away(bench, "settle", float("inf"))
    assert await bench.relay.step() == 1
    assert bench.texts == ["甲"] and len(settled) > 100 and not bench.relay._flights


async def test_a_process_that_does_not_reach_the_bot_api_leaves_the_work_to_others(bench: Bench) -> None:
    other = Bench(bench.stores)
    bench.sender.outcomes = [Outcome("network", "refused")] * 10_000
    await bench.put(*(notice(f"d{n}", str(n)) for n in range(1, 201)))
    assert await bench.relay.step() == 30
    while await bench.relay.step():
        pass
    tried = 10_000 - len(bench.sender.outcomes)
    assert tried <= 32  # the doubt comes after twenty, what flew by then included; then one at a time
    other.now = bench.now + timedelta(seconds=5)
    for _ in range(20):
        await other.relay.step()
    assert len(other.texts) == 200
    ledger = [await bench.stores.outbox.find_delivery(f"d{n}", str(n)) for n in range(1, 201)]
    assert sum(one.attempts for one in ledger if one) <= 200 + tried


async def test_doubt_ends_with_the_first_message_that_arrives(bench: Bench) -> None:
    await bench.put(*(notice(f"d{n}", str(n)) for n in range(1, 61)))
    bench.sender.outcomes = [Outcome("server_error", "502")] * 25
    begun = bench.now
    while len(bench.texts) < 60 and bench.now - begun < timedelta(minutes=2):
        await bench.after(timedelta(seconds=1))
    assert len(bench.texts) == 60 and not bench.relay._doubt.is_deep


async def test_a_clock_set_back_prolongs_no_doubt() -> None:
    doubt = Doubt()
    for _ in range(20):
        doubt.note(Outcome("network"))
    assert [doubt.room(9, NOW), doubt.room(9, NOW), doubt.room(9, NOW - timedelta(hours=1))] == [1, 0, 1]


@pytest.mark.parametrize("back", [timedelta(seconds=5), timedelta(hours=1)])
async def test_a_clock_that_is_set_back_holds_nothing_up(back: timedelta) -> None:
    bench = Bench(memory(), limits=RateLimits(per_second=4))
    await bench.put(*(notice(f"d{n}", str(n), "一|二") for n in range(1, 7)))
    await bench.relay.step()
    assert len(bench.texts) == 12
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await bench.sleep(seconds)

    bench.relay._pacer._sleep = sleep
    held = [Held(notice(f"e{n}", str(n)), (Chunk("甲", "甲"),), None, NOW + timedelta(hours=9)) for n in (7, 8, 9)]
    bench.relay._pacer.put(held[:1])
    bench.relay._pacer._booked.append((bench.now + timedelta(milliseconds=200), held[1]))
    bench.relay._pacer.put_later(held[2], bench.now + timedelta(seconds=1))
    bench.now -= back
    await bench.relay._pacer.drain()
    await asyncio.gather(*bench.relay._flights)
    gone = {chat for chat, _, _, _ in bench.sender.sent[12:]}
    handed_back = 3 - len(gone)  # a few seconds back, bookings of before still stand: that is a later time, not a sleep
    assert sum(slept) < 5 and (handed_back == 0 or back < timedelta(seconds=10))


async def test_rates_that_are_away_delay_and_lose_nothing(bench: Bench) -> None:
    reserve, failures = bench.rates._store.reserve, [StoreError("away"), StoreError("away")]

    async def failing(*words: object, **named: object) -> object:
        if failures:
            raise failures.pop()
        return await reserve(*words, **named)

    bench.rates._store.reserve = failing
    await bench.put(notice("a"))
    await bench.relay.step()
    assert bench.texts == ["甲"] and failures == []


# ------------------------------------------------------------------------------------------------ the end
async def test_the_end_finishes_what_flies_and_hands_the_rest_back(bench: Bench) -> None:
    await bench.put(*(notice(f"d{n}", str(n), "一|二") for n in range(1, 31)))
    answer = asyncio.Event()
    send = bench.sender.send

    async def slow(*words: object, **named: object) -> Outcome:
        await answer.wait()
        return await send(*words, **named)

    bench.sender.send = slow
    task = asyncio.create_task(bench.relay.run(idle=60))
    while not bench.relay._flights:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    flying = len(bench.relay._flights)
    bench.relay.stop()
    await asyncio.sleep(0.05)
    answer.set()
    await asyncio.wait_for(task, 5)
    assert len(bench.texts) == flying
    other = Bench(bench.stores, now=bench.now + timedelta(seconds=2))
    while await other.relay.step():
        other.now += timedelta(seconds=1)
    told = Counter((chat, text) for chat, _, text, _ in bench.sender.sent + other.sender.sent)
    assert told == Counter({(n, text): 1 for n in range(1, 31) for text in ("一", "二")})


async def test_whoever_is_stopped_while_waiting_for_a_turn_loses_nothing(bench: Bench) -> None:
    async def never(seconds: float) -> None:
        await asyncio.Event().wait()

    async def launch(held: Held) -> None:
        raise AssertionError("nobody's moment has come")

    async def too_far(far: list[tuple[Held, datetime]], blocked: datetime) -> None:
        raise AssertionError("nothing is far")

    pacer = Pacer(bench.rates, launch, too_far, lambda: NOW - timedelta(seconds=1), never)
    held = [Held(notice(f"d{n}", str(n)), (Chunk("甲", "甲"),), None, NOW) for n in range(1, 6)]
    pacer.put(held)
    running = asyncio.create_task(pacer.run())
    await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.wait([running])
    assert sorted(one.chat for one in pacer.take_all()) == [1, 2, 3, 4, 5] and not len(pacer)


async def test_what_is_late_leaves_one_by_one(bench: Bench) -> None:
    """Each is written before the next is counted as left: counted together, all but the first would be written later than that."""
    told = list[str]()

    async def fly(chat: int) -> None:
        told.append(f"written {chat}")

    async def launch(held: Held) -> None:
        told.append(f"left {held.chat}")
        flights.append(asyncio.create_task(fly(held.chat)))

    async def too_far(far: list[tuple[Held, datetime]], blocked: datetime) -> None:
        raise AssertionError("nothing is far")

    flights = list[asyncio.Task[None]]()
    pacer = Pacer(bench.rates, launch, too_far, lambda: bench.now, bench.sleep)
    pacer.put(Held(notice(f"d{n}", str(n)), (Chunk("甲", "甲"),), None, NOW) for n in range(1, 4))
    booking = asyncio.create_task(pacer.drain())
    while not pacer._booked:
        await asyncio.sleep(0)
    bench.now += timedelta(seconds=1)  # this process stood still
    await booking
    await asyncio.gather(*flights)
    assert told == [f"{what} {chat}" for chat in (1, 2, 3) for what in ("left", "written")]
