"""Paid pushes: switched on by an admin for one push, within a budget, at a rate of their own; whatever is wrong, the rest goes on."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from chat_driver import ADMIN, Chat, fees_of, labels
from push_kit import acts, deliver, looked, pushing, readers, running, work
from relay_kit import NOW, Bench, notice
from store_servers import Stores

from bot.fees import stars
from bot.rates import Rates
from bot.relay_paid import PaidLane
from bot.sandbox import Limits
from digests.rates import Budget, Purse, RateLimits
from digests.rates_memory import MemoryRates
from digests.settle import Outcome
from digests.types import Audience, Batch, Chunk, Delivery

SECOND = timedelta(seconds=1)
BUDGET = Budget(100)


def paid_bench(stores: Stores, budget: Budget = BUDGET) -> Bench:
    """A relay to which the batch p pays."""
    bench = Bench(stores)

    async def paying() -> frozenset[str]:
        return frozenset({"p"})

    lane = PaidLane(
        Rates(bench.rates._store, RateLimits(per_second=970), lambda: bench.now, bench.sleep, "a", budget=budget),
        paying,
        lambda: bench.now,
    )
    bench.relay = type(bench.relay)(
        stores.outbox, stores.subscribers, bench.service, bench.sender, bench.rates, bench.render, bench.alarm,
        lambda: bench.now, bench.sleep, paid=lane,
    )  # fmt: skip
    bench.lane = lane  # type: ignore[attr-defined]
    return bench


def pushed(n: int, html: str = "推") -> Delivery:
    return replace(notice(f"p{n}", str(n), html), kind="broadcast", batch="p")


async def until(bench: Bench, sent: int) -> None:
    while len(bench.texts) < sent:
        if not await bench.relay.step():
            bench.now += SECOND / 20
        assert bench.now - NOW < timedelta(minutes=1), f"{len(bench.texts)} of {sent} sent"


async def flags(bench: Bench, fee: dict[str, bool]) -> None:
    """Note of each text whether it was paid for."""
    send = bench.sender.send

    async def noting(chat: int, thread: int | None, chunk: Chunk, **more: Any) -> Outcome:
        fee[f"{chunk.html}{chat}"] = chunk.paid
        return await send(chat, thread, chunk, **more)

    bench.sender.send = noting  # type: ignore[method-assign, assignment]


# ------------------------------------------------------------------------------------------------ the relay
async def test_only_that_push_goes_faster(memory_stores: Stores) -> None:
    bench, fee = paid_bench(memory_stores), dict[str, bool]()
    await flags(bench, fee)
    await bench.put(*(notice(f"d{n}", str(n), "常") for n in range(1000, 1060)), *(pushed(n) for n in range(1, 61)))
    await until(bench, 120)
    assert bench.texts.count("推") == 60 and bench.texts.count("常") == 60
    assert {text[0]: paid for text, paid in fee.items()} == {"推": True, "常": False}
    assert bench.now - NOW >= timedelta(seconds=1.9), "the rest keeps thirty a second"
    assert await bench.rates._store.spent("p", "2026-03-02") == (60, 60)


async def test_a_paid_push_is_over_long_before_the_free_backlog(memory_stores: Stores) -> None:
    bench = paid_bench(memory_stores)
    await bench.put(*(notice(f"d{n}", str(n), "常") for n in range(1000, 1400)))
    bench.now += SECOND
    await bench.put(*(pushed(n) for n in range(1, 101)))
    start = bench.now
    while bench.texts.count("推") < 100:
        await bench.relay.step()
    assert bench.now - start < timedelta(seconds=4), "400 others before it take 13 seconds"
    await until(bench, 500)
    assert timedelta(seconds=13) <= bench.now - start < timedelta(seconds=18), "and they keep their own rate"
    assert Counter(bench.texts) == {"推": 100, "常": 400}


async def test_a_budget_that_is_used_up_leaves_the_rest_at_the_free_rate(memory_stores: Stores) -> None:
    bench, fee = paid_bench(memory_stores, replace(BUDGET, messages=25)), dict[str, bool]()
    await flags(bench, fee)
    await bench.put(*(pushed(n) for n in range(1, 101)))
    await until(bench, 100)
    assert Counter(fee.values()) == {True: 25, False: 75}
    assert bench.now - NOW >= timedelta(seconds=2.3)
    assert await bench.rates._store.spent("p", "2026-03-02") == (25, 25)
    found = await memory_stores.outbox.find_delivery("p99", "99")
    assert found is not None and found.attempts == 1


async def test_each_message_of_a_delivery_is_counted(memory_stores: Stores) -> None:
    bench = paid_bench(memory_stores)
    await bench.put(pushed(1, "一|二|三"))
    await bench.relay.step()
    assert bench.texts == ["一", "二", "三"] and await bench.rates._store.spent("p", "2026-03-02") == (3, 3)


@pytest.mark.parametrize(
    "outcomes", [[Outcome("unpaid", "Bad Request: BALANCE_TOO_LOW")], [Outcome("retry_after", retry_after=2)] * 3]
)
async def test_where_telegram_takes_no_fee_it_goes_on_for_nothing(
    memory_stores: Stores, outcomes: list[Outcome]
) -> None:
    bench, fee = paid_bench(memory_stores), dict[str, bool]()
    bench.sender.outcomes = list(outcomes)
    await bench.put(*(pushed(n) for n in range(1, 6)))
    await bench.relay.step()
    await flags(bench, fee)
    while len(bench.texts) < 5:
        await bench.after(SECOND)
    assert set(fee.values()) == {False}
    assert len(bench.alarms) == (outcomes[0].kind == "unpaid")


async def test_a_paid_message_whose_moment_has_passed_is_counted_once(memory_stores: Stores) -> None:
    bench = paid_bench(memory_stores)
    lane: PaidLane = bench.lane  # type: ignore[attr-defined]
    other = Purse(RateLimits(per_second=970), 99, "2026-03-02", ("q",))
    await bench.rates._store.reserve([77], bench.now, by="b", purse=other)
    await bench.put(pushed(1))
    await bench.relay._take()
    fast = bench.relay._fast
    assert fast is not None
    await fast._book()
    bench.now += SECOND
    assert lane.rates.is_lapsed(NOW)
    await bench.relay.step()
    assert bench.texts == ["推"] and await bench.rates._store.spent("p", "2026-03-02") == (2, 1)


async def test_it_runs_and_ends_with_both_paces(memory_stores: Stores) -> None:
    bench = paid_bench(memory_stores)
    await bench.put(*(pushed(n) for n in range(1, 40)), *(notice(f"d{n}", str(n)) for n in range(100, 140)))
    task = asyncio.create_task(bench.relay.run(idle=0.01))
    for _ in range(300):
        if len(bench.texts) == 79:
            break
        await asyncio.sleep(0.01)
    bench.relay.stop()
    await asyncio.wait_for(task, 2)
    assert len(bench.texts) == 79


# ------------------------------------------------------------------------------------------------ Telegram
async def test_the_flag_goes_with_each_call_of_that_push_and_the_report_says_so(redis_stores: Stores) -> None:
    seen: list[tuple[str, bool]] = []
    tight = Limits(per_second=1, per_chat_second=0, per_group_minute=0)
    async with running(redis_stores, limits=tight, budget=replace(BUDGET, messages=2)) as service:
        service.api.sandbox.api.observers.append(
            lambda method, params, _: seen.append((params.text("text"), params.flag("allow_paid_broadcast")))
        )
        people = await readers(service)
        assert len(people) == 3
        plan = await service.pushes.plan_broadcast("付费的", "", Audience(), ADMIN, service.now)
        assert plan.fee is not None and (plan.fee.messages, plan.fee.left, stars(plan.fee.stars)) == (2, 2, "0.2")
        switched = await service.pushes.switch(plan.batch.id, "paid", True, service.now)
        assert switched is not None
        plan = switched
        sent = await service.send(plan)
        await service.work(12)
        assert await service.states(sent.id) == {"sent": 3}
        assert Counter(seen) == {("付费的", True): 2, ("付费的", False): 1}
        progress = await service.pushes.progress(sent.id, service.now)
        assert progress is not None and progress.fee is not None and progress.fee.messages == 2
        noted = [(e.action, e.actor, e.detail) for e in await redis_stores.admin.recent_audit(9)]
        assert noted[0] == ("push-paid", 0, {"batch": sent.id, "messages": "2", "stars": "0.2"})
        assert noted[1][0] == "broadcast" and noted[1][2]["stars"] == "0.2"
        other = await service.pushes.plan_broadcast("普通的", "", Audience(), ADMIN, service.now)
        assert other.fee is not None and other.fee.left == 0
        seen.clear()
        await service.send(other)
        await service.work(12)
        assert set(seen) == {("普通的", False)}


# ------------------------------------------------------------------------------------------------ the chat
def paying_chat(chat: Chat, messages: int = 5000) -> MemoryRates:
    chat.pushes._fees = fees_of(Budget(messages))
    return chat.pushes._fees._store  # type: ignore[return-value]


async def test_an_admin_pays_for_one_push() -> None:
    chat = await pushing()
    rates = paying_chat(chat)
    *_, question = await chat.say("/push", ADMIN)
    assert labels(question)[3:5] == ["付费加速", "宁漏勿重"] and "颗星" not in question.text
    before = chat.data_of("发给 2 位读者")
    asked, _ = await chat.press("付费加速", ADMIN)
    assert "2 条可以付费" in asked.text and "每条收 0.1 颗星，最多 0.2 颗" in asked.text
    assert "还剩 5,000 条" in asked.text and "每秒 30 条" not in asked.text and "✓ 付费加速" in labels(asked)
    refused, *_ = await chat.tap(before, ADMIN)
    assert "还没有发送" in refused.text and await acts(chat) == [], (
        "the button of the free push does not start the paid one"
    )
    asked, _ = await chat.press("✓ 付费加速", ADMIN)
    assert "颗星" not in asked.text
    await chat.press("付费加速", ADMIN)
    shown, *_ = await chat.press("发给 2 位读者", ADMIN)
    assert "付费消息：0 条，最多 0 颗星" in shown.text
    batch = (await chat.world.all.admin.recent_audit(1))[0].detail["batch"]
    assert (await chat.pushes._batches.find_batch(batch)).paid  # type: ignore[union-attr]
    day = Budget(1).day(chat.clock)
    await rates.reserve([10, 11], chat.clock, by="a", purse=Purse(RateLimits(970), 2, day, (batch, batch)))
    chat.pushes._fees.budget = Budget(2)
    await work(chat)
    assert "额度用完了" in (await looked(chat)).text
    await deliver(chat)
    await work(chat)
    assert "付费消息：2 条，最多 0.2 颗星" in (await looked(chat)).text
    assert await acts(chat) == ["push", "push-paid"]


async def test_the_report_of_a_long_paid_push_names_what_it_cost() -> None:
    chat = await pushing()
    paying_chat(chat)
    plan = await chat.pushes.plan_push(None, Audience(), ADMIN, chat.clock)
    plan = await chat.pushes.switch(plan.batch.id, "paid", True, chat.clock)  # type: ignore[assignment]
    batch = await chat.pushes.confirm(plan.batch.id, 2, ADMIN, chat.clock, way="p")
    assert isinstance(batch, Batch)
    await work(chat)
    await deliver(chat)
    chat.later(minutes=5)
    await work(chat)
    (told,) = await deliver(chat)
    assert "推送结束" in told.html and "付费最多 0 颗星" in told.html


async def test_nothing_is_paid_for_without_a_budget() -> None:
    chat = await pushing()
    *_, question = await chat.say("/push", ADMIN)
    assert "付费加速" not in labels(question)
    batch = chat.data_of("宁漏勿重").split(":")[1]
    for gone in (f"wy:{batch}:free:1", "wy:none:paid:1"):
        (answered,) = await chat.tap(gone, ADMIN)
        assert answered.method == "answerCallbackQuery" and answered.text
    assert Budget().per_second == 0 and (await fees_of(Budget()).planned(9, NOW)).messages == 0


async def test_what_is_confirmed_meanwhile_is_switched_no_more() -> None:
    chat = await pushing()
    plan = await chat.pushes.plan_push(None, Audience(), ADMIN, chat.clock)
    assert await chat.pushes.confirm(plan.batch.id, 2, ADMIN, chat.clock)
    assert await chat.pushes.switch(plan.batch.id, "paid", True, chat.clock) is None


def test_stars_in_words() -> None:
    words = [stars(Decimal(text)) for text in ("0", "0.0", "0.1", "12.30", "100.0", "12000")]
    assert words == ["0", "0", "0.1", "12.3", "100", "12000"]


async def test_how_long_a_paid_push_takes() -> None:
    chat = await pushing()
    paying_chat(chat, 60_000)
    fee = await chat.pushes._fees.planned(100_000, chat.clock)
    assert chat.pushes._needs(100_000, fee) == timedelta(seconds=63 + 1355)
    assert chat.pushes._needs(100_000, None) == timedelta(seconds=3387)
