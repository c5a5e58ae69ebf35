"""The relay: claims, sends under the rates, settles; one bad delivery takes no other with it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from relay_kit import NOW, Bench, notice
from store_servers import memory

from bot.metrics import Metrics
from bot.relay_render import RenderOnce
from digests.rates import RateLimits
from digests.settle import Outcome
from digests.types import ADDRESS, Button, Delivery, Digest, DigestGroup, DigestItem


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


async def test_a_refused_token_stops_all_and_is_told_in_the_log_once(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.put(notice("a"), notice("b", "2"))
    bench.sender.outcomes = [Outcome("unauthorized", "Unauthorized")] * 2
    await bench.relay.step()
    (told,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert "sending_stopped" in str(vars(told)) and "KANBAO_BOT_TOKEN" in str(vars(told))
    await bench.after(timedelta(minutes=5, seconds=1))
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
    given, with_it = had.digest.given(), had.digest.stood_for()
    await bench.stores.outbox.compose(reader, reader, due=None, had=given, stood_for=with_it, delivery=None)
    mend = Delivery("c", "1", "correction", NOW, digest=edited, html="乙", edits=(5,), news=(8,))
    await bench.stores.follow_ups.follow_up(mend, NOW)
    bench.sender.outcomes = [Outcome("blocked")]
    await bench.relay.step()
    assert await bench.stores.outbox.had("1") == {3, 7} and await bench.stores.outbox.owed("1") == {8}


async def test_a_notice_that_an_admin_cannot_get_yet_is_spoken_of(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    bench.sender.outcomes = [Outcome("cant_initiate", "Forbidden: bot can't initiate conversation with a user")]
    await bench.put(notice("a"))
    await bench.relay.step()
    (told,) = [vars(record)["fields"] for record in caplog.records if record.message == "delivery"]
    assert (told["kind"], told["state"]) == ("notice", "paused") and "cant_initiate" in told["error"]


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


async def test_at_a_low_rate_no_more_is_claimed_than_a_pause_may_let_go() -> None:
    bench = Bench(memory(), limits=RateLimits(per_second=4))
    await bench.put(*(notice(f"d{n}", str(n)) for n in range(1, 31)))
    assert await bench.relay.step() == 4
    assert len(bench.texts) == 4


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


async def test_a_store_that_is_away_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        async def claim(self, *_: Any) -> list[Delivery]:
            raise ConnectionError("away")

    bench = Bench(memory())
    monkeypatch.setattr(bench.relay, "_outbox", Away())
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
    assert (
        kept is not None and kept.state == "expired" and kept.error == "stale: its articles come with the next digest"
    )
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
