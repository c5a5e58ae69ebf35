"""Alarms: what is wrong, told once an hour in each admin's language; and a real store's vitals."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from chat_driver import KNOWLEDGE, TEXTS
from redis.asyncio import Redis, RedisCluster
from store_servers import Stores

from bot.alarms import Alarms, Vitals, alarms
from bot.chat.callbacks import Acknowledge
from bot.connect_redis import StoreVitals, read_vitals
from bot.digest_service import Digests
from bot.notices import Notices, acknowledged
from bot.rendering import Renderer
from digests.compose import Stores as ComposeStores
from digests.settle import Outcome, settle
from digests.types import Delivery
from subscriptions import Settings, Subscriber

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
WELL = Vitals(timedelta(minutes=29), StoreVitals(0.89, True, NOW.timestamp()), timedelta(seconds=-29), 5, "<one>")


def notices_of(all: Stores) -> Notices:
    stores = ComposeStores(all.subscribers, all.issues, all.hits, all.outbox)
    return Notices(stores, all.admin, TEXTS, frozenset({7}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"waits": timedelta(minutes=31, seconds=5)}, {"alarm-backlog": {"minutes": "31", "chats": "5"}}),
        ({"store": StoreVitals(0.912, True, 0)}, {"alarm-memory": {"percent": "91%"}}),
        ({"store": StoreVitals(0, False, 0)}, {"alarm-persistence": {}}),
        (
            {"skew": timedelta(seconds=-31)},
            {"alarm-skew": {"seconds": "31", "side": "behind", "machine": "&lt;one&gt;"}},
        ),
    ],
)
def test_what_is_wrong(changes: dict[str, Any], expected: dict[str, dict[str, str]]) -> None:
    assert alarms(replace(WELL, **changes)) == expected


async def test_each_kind_is_told_once_an_hour(memory_stores: Stores) -> None:
    stores, now, nudged = memory_stores, NOW, []

    async def vitals() -> StoreVitals:
        return StoreVitals(0.95, False, now.timestamp() - 60)

    notices = notices_of(stores)
    watch = Alarms(stores.outbox, vitals, notices, lambda: now, lambda: nudged.append(1), "news-2")
    assert not await watch.step()
    await watch.step()
    assert nudged

    async def told() -> list[str]:
        found: list[Delivery] = []
        while new := await stores.outbox.claim(now, 9, timedelta(minutes=1)):
            for one in new:
                await stores.outbox.settle(replace(one, state="sent"), now, next_at=None, chat_at=now)
            found += new
        return [one.html for one in found]

    first = await told()
    (only,) = first
    assert "95%" in only and "没有落盘" in only and "news-2 的时钟比存储的快 60 秒" in only
    await watch.step()
    assert await told() == []
    for minutes, count in ((29, 0), (2, 0), (29, 1)):  # over the full hour of the clock, and over an hour's time
        now += timedelta(minutes=minutes)
        stores.clock[0] += 60 * minutes
        await watch.step()
        assert len(await told()) == count


async def test_several_alarms_are_one_message_with_a_button_each(memory_stores: Stores) -> None:
    notices, clock = notices_of(memory_stores), memory_stores.clock
    wrong = {"alarm-memory": {"percent": "95%"}, "alarm-persistence": {}}
    assert await notices.warn(wrong, NOW) and not await notices.warn(wrong, NOW + timedelta(minutes=1))
    (told,) = await settled_and_claimed(memory_stores, NOW)
    assert "95%" in told.html and "AOF" in told.html
    assert [[(b.text, b.data)] for (b,) in told.buttons] == [
        [("知道了：存储将满", "ak:alarm-memory")],
        [("知道了：没有落盘", "ak:alarm-persistence")],
    ]
    await memory_stores.admin.once(acknowledged("alarm-memory"), timedelta(days=1))
    clock[0] += 3600
    assert await notices.warn(wrong, NOW + timedelta(hours=1))
    (told,) = await settled_and_claimed(memory_stores, NOW + timedelta(hours=1))
    assert "95%" not in told.html and [b.text for (b,) in told.buttons] == ["知道了"]


async def test_an_alarm_about_a_backlog_does_not_wait_behind_it(memory_stores: Stores) -> None:
    stores, now = memory_stores, NOW
    await stores.outbox.put([Delivery(f"d{n}", f"{n}", "push", NOW, html="甲") for n in range(100, 150)], NOW)
    now += timedelta(minutes=40)

    async def vitals() -> StoreVitals:
        return StoreVitals(0.1, True, now.timestamp())

    await Alarms(stores.outbox, vitals, notices_of(stores), lambda: now, lambda: None, "news-2").step()
    (first,) = await stores.outbox.claim(now, 1, timedelta(minutes=1))
    assert "已等待 40 分钟" in first.html and "共有 50 个会话" in first.html and "/outbox" in first.html


@pytest.mark.parametrize("language", TEXTS.languages)
@pytest.mark.parametrize("key", ["alarm-backlog", "alarm-memory", "alarm-persistence", "alarm-skew"])
def test_every_alarm_says_what_to_do(language: str, key: str) -> None:
    params = {"minutes": "31", "chats": "5", "percent": "95%", "seconds": "47", "side": "ahead", "machine": "news-2"}
    what, do = TEXTS.get(language, key, **params).split("\n", 1)
    assert what.startswith("⚠") and any(
        word in do for word in ("/outbox", "KANBAO_LEDGER_DAYS", "kanbao doctor", "NTP")
    )


async def test_an_alarm_that_is_known_is_told_again_when_it_comes_back(memory_stores: Stores) -> None:
    stores, now, full = memory_stores, NOW, 0.95

    async def vitals() -> StoreVitals:
        return StoreVitals(full, True, now.timestamp())

    notices = notices_of(stores)
    watch = Alarms(stores.outbox, vitals, notices, lambda: now, lambda: None, "news-2")

    async def told() -> list[Delivery]:
        nonlocal now
        now += timedelta(hours=1)
        stores.clock[0] += 3600
        await watch.step()
        new = await stores.outbox.claim(now, 9, timedelta(minutes=1))
        for one in new:
            await stores.outbox.settle(replace(one, state="sent"), now, next_at=None, chat_at=now)
        return new

    (first,) = await told()
    ((button,),) = first.buttons
    assert button.text == "知道了" and button.data == Acknowledge(kind="alarm-memory").pack()
    assert len(await told()) == 1, "nobody has said so yet"
    assert await stores.admin.once(acknowledged("alarm-memory"), timedelta(days=1))
    assert await told() == []
    full = 0.5
    assert await told() == []
    full = 0.95
    assert len(await told()) == 1


async def test_words_of_an_error_are_known_by_themselves(memory_stores: Stores) -> None:
    stores = memory_stores
    notices = notices_of(stores)
    await notices.alarm("rejected: one", NOW)
    (first,) = await stores.outbox.claim(NOW, 9, timedelta(minutes=1))
    kind = (first.buttons[0][0].data or "").removeprefix("ak:")
    assert await stores.admin.once(acknowledged(kind), timedelta(days=1))
    later = NOW + timedelta(hours=2)
    await notices.alarm("rejected: one", later)
    await notices.alarm("rejected: another", later)
    told = [d.html for _ in range(2) for d in await settled_and_claimed(stores, later)]
    assert len(told) == 2 and "another" in told[0] and "one" in told[1], "the second is the first one, which nobody got"


async def test_a_late_issue_that_is_known_is_told_again_once_it_came(memory_stores: Stores) -> None:
    all = memory_stores
    stores = ComposeStores(all.subscribers, all.issues, all.hits, all.outbox)
    notices = Notices(stores, all.admin, TEXTS, frozenset({7}))
    renderer = Renderer(all.issues, all.hits, all.subscribers, TEXTS, KNOWLEDGE)
    digests = Digests(stores, all.admin, KNOWLEDGE, renderer, TEXTS, list)

    async def told(source: str, day: str) -> list[Delivery]:
        await notices.late(source, source, day, NOW)
        return await settled_and_claimed(memory_stores, NOW)

    (first,) = await told("云溪日报", "2026-03-03")
    ((button,),) = first.buttons
    assert button.data is not None and len(button.data.encode()) <= 64
    kind = button.data.removeprefix("ak:")
    assert await digests.acknowledge(kind, 7, NOW) and not await digests.acknowledge(kind, 8, NOW)
    assert (await all.admin.recent_audit(1))[0].detail == {"alarm": "alarm-late"}
    assert await told("云溪日报", "2026-03-04") == []
    assert len(await told("另一份报", "2026-03-04")) == 1
    await notices.came_late("云溪日报", "云溪日报", "2026-03-04", NOW)
    await settled_and_claimed(memory_stores, NOW)
    assert len(await told("云溪日报", "2026-03-05")) == 1


async def test_who_could_not_be_written_to_is_told_on_start(memory_stores: Stores) -> None:
    """An admin who has not pressed Start yet: each notice ends as Telegram's refusal does, and comes with the time it was of."""
    all = memory_stores
    stores = ComposeStores(all.subscribers, all.issues, all.hits, all.outbox)
    notices = Notices(stores, all.admin, TEXTS, frozenset({7}))
    renderer = Renderer(all.issues, all.hits, all.subscribers, TEXTS, KNOWLEDGE)
    digests = Digests(stores, all.admin, KNOWLEDGE, renderer, TEXTS, list)
    for day in range(12):
        all.clock[0] += 86_400
        await notices.warn({"alarm-persistence": {}}, NOW + timedelta(days=day))
        (one,) = await all.outbox.claim(NOW + timedelta(days=day), 9, timedelta(0))
        at = NOW + timedelta(days=day)
        made = settle(one, Outcome("cant_initiate", "Forbidden: bot can't initiate conversation with a user"), at)
        await all.outbox.settle(made.delivery, at, next_at=None, chat_at=at)
    now = NOW + timedelta(days=12)
    past = Delivery("past", "7", "notice", now, html="@digest-nothing")
    await all.outbox.put([past], now)
    await all.outbox.settle(replace(past, state="paused", settled=now), now, next_at=None, chat_at=now)
    assert await digests.tell_missed(Subscriber("8", Settings(), NOW), "zh-Hans", now) == 0
    assert await digests.tell_missed(Subscriber("7", Settings(), NOW), "zh-Hans", now) == 6  # those of seven days
    assert await digests.tell_missed(Subscriber("7", Settings(), NOW), "zh-Hans", now) == 0
    told = []
    while some := await settled_and_claimed(all, now):
        told += some
    first = (NOW + timedelta(days=6)).astimezone(ZoneInfo("Asia/Shanghai"))
    assert len(told) == 6 and told[0].html.startswith(f"<i>{first:%m-%d %H:%M} 要告诉您而没能送到：</i>\n")
    assert all_of(told, "ak:alarm-persistence")


def all_of(told: list[Delivery], data: str) -> bool:
    return all(button.data == data for one in told for row in one.buttons for button in row)


async def settled_and_claimed(stores: Stores, now: datetime) -> list[Delivery]:
    found = await stores.outbox.claim(now, 9, timedelta(0))
    for one in found:
        await stores.outbox.settle(replace(one, state="sent"), now, next_at=None, chat_at=now)
    return found


async def test_an_admin_who_knows_is_noted_once(memory_stores: Stores) -> None:
    all = memory_stores
    stores = ComposeStores(all.subscribers, all.issues, all.hits, all.outbox)
    renderer = Renderer(all.issues, all.hits, all.subscribers, TEXTS, KNOWLEDGE)
    service = Digests(stores, all.admin, KNOWLEDGE, renderer, TEXTS, list)
    assert await service.acknowledge("alarm-memory", 7, NOW)
    assert not await service.acknowledge("alarm-memory", 8, NOW)
    assert await all.admin.is_taken(acknowledged("alarm-memory"))
    (entry,) = await service.audit()
    assert (entry.actor, entry.action, entry.detail) == (7, "ack", {"alarm": "alarm-memory"})


async def test_a_real_store_tells_how_it_is(redis_client: Redis, cluster_client: RedisCluster) -> None:
    for client in (redis_client, cluster_client):
        vitals = await read_vitals(client)
        assert vitals.full < 0.9 and abs(vitals.clock - time.time()) < 5
    await redis_client.config_set("maxmemory", "1gb")
    assert 0 < (await read_vitals(redis_client)).full < 0.5
    await redis_client.config_set("maxmemory", "0")
