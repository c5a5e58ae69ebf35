"""Each subscription at its own times: a plain model of who gets what when, and the changes that must put nothing off."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pipeline_world import NOW, SLOT, World, raw
from store_servers import Stores, memory

from digests.compose import compose_due
from subscriptions import Cadence, is_due, quiet_until

SECOND = timedelta(seconds=1)
INSTANT = Cadence("instant")
NIGHT = (23 * 60, 8 * 60 + 30)
WORDS = ("锂电", "茶叶", "光伏")


@pytest.fixture
def world(memory_stores: Stores) -> World:
    return World(memory_stores)


async def cadence(world: World, number: int, wanted: Cadence | None, now: datetime = NOW) -> None:
    held = (await world.service.get("1")).subscriptions[number]
    await world.service.set_cadence("1", held.query_id, wanted, now)


async def brought(world: World, now: datetime) -> list[list[str]]:
    return await world.titles([turn.delivery for turn in await compose_due(world.stores, now)])


async def test_only_what_is_due_goes_out_and_the_rest_waits(world: World) -> None:
    await world.reader("1", "锂电", "茶叶")
    await cadence(world, 1, Cadence("daily", (600,)))
    await world.publish(raw("锂电开工：青石\n\n茶叶上市：春"))
    assert await brought(world, SLOT) == [["锂电开工"]]
    assert await brought(world, SLOT + timedelta(hours=1)) == []
    assert await brought(world, SLOT + timedelta(hours=2)) == [["茶叶上市"]]


async def test_an_article_of_two_subscriptions_comes_with_the_first_only(world: World) -> None:
    await world.reader("1", "锂电", "青石")
    await cadence(world, 1, INSTANT)
    await world.publish(raw("锂电开工：青石"))
    assert await brought(world, NOW) == [["锂电开工"]]
    assert await brought(world, SLOT) == [[]]


async def test_an_instant_one_waits_for_the_end_of_quiet_hours(world: World) -> None:
    await world.reader("1", "锂电", kind="instant", quiet=NIGHT)
    await world.publish(raw("锂电开工：青石"))
    assert await brought(world, NOW) == [[]]
    assert await brought(world, SLOT) == []
    assert await brought(world, NOW + timedelta(hours=1)) == [["锂电开工"]]


async def test_what_waits_for_the_end_of_quiet_hours_survives_a_change(world: World) -> None:
    await world.reader("1", "锂电", kind="instant", quiet=NIGHT)
    await world.publish(raw("锂电开工：青石"))
    assert await brought(world, NOW) == [[]]
    await world.service.set_settings("1", lambda old: replace(old, silent=True), NOW)
    assert await brought(world, NOW + timedelta(hours=1)) == [["锂电开工"]]
    await world.publish(raw("锂电投产：青石", "b.txt"), now=NOW + timedelta(days=1))
    assert await brought(world, NOW + timedelta(days=1)) == [[]]
    await world.service.set_settings("1", lambda old: replace(old, quiet=None), NOW + timedelta(days=1))
    assert await brought(world, NOW + timedelta(days=1)) == [["锂电投产"]]


async def test_what_an_outage_made_late_keeps_quiet_hours(world: World) -> None:
    """The slot of 08:00 was missed; at 22:30 of the same day it is night."""
    await world.reader("1", "锂电", quiet=(22 * 60, 7 * 60))
    await world.publish(raw("锂电开工：青石"))
    night = NOW.replace(day=3, hour=14)
    assert await brought(world, night) == [[]]
    await world.service.set_settings("1", lambda old: replace(old, silent=True), night)
    assert await brought(world, night + timedelta(hours=2)) == [[]]
    assert await brought(world, night + timedelta(hours=8, minutes=29)) == []
    assert await brought(world, night + timedelta(hours=8, minutes=30)) == [["锂电开工"]]


async def test_a_notice_of_nothing_comes_with_a_slot_only(world: World) -> None:
    await world.reader("1", "锂电", "茶叶", nothing_today=True)
    await cadence(world, 0, INSTANT)
    await world.publish(raw("锂电开工：青石"))
    assert [turn.delivery.kind for turn in await compose_due(world.stores, NOW) if turn.delivery] == ["digest"]
    assert [turn.delivery.kind for turn in await compose_due(world.stores, SLOT) if turn.delivery] == ["notice"]


async def test_new_times_bring_no_slot_of_the_past(world: World) -> None:
    await world.reader("1", "锂电")
    assert await brought(world, SLOT) == [[]]
    await world.publish(raw("锂电开工：青石"))
    noon = SLOT + timedelta(hours=4)
    await cadence(world, 0, Cadence("daily", (600,)), noon)
    assert await brought(world, noon) == []
    assert await brought(world, noon + timedelta(hours=22)) == [["锂电开工"]]


async def test_after_a_pause_instant_ones_come_at_once_the_others_at_their_slot(world: World) -> None:
    await world.reader("1", "锂电", "茶叶")
    await cadence(world, 1, INSTANT)
    await world.service.pause("1", "blocked", NOW)
    await world.publish(raw("锂电开工：青石\n\n茶叶上市：春"))
    back = SLOT + timedelta(days=3, hours=2)
    await world.service.resume("1", back)
    assert await brought(world, back) == [["茶叶上市"]]
    assert await brought(world, back + timedelta(days=1)) == [["锂电开工"]]


@pytest.mark.parametrize("crashed", [False, True])
async def test_a_change_just_after_the_slot_puts_nothing_off(stores: Stores, crashed: bool) -> None:
    """Before the slot is claimed, and after a process that had claimed it died."""
    world = World(stores)
    await world.reader("1", "锂电")
    await world.publish(raw("锂电开工：青石"))
    if crashed:
        assert await stores.subscribers.claim_due(SLOT, 9, timedelta(minutes=2)) == ["1"]
    await world.service.set_settings("1", lambda old: replace(old, length="full"), SLOT)
    await world.service.subscribe("1", "茶叶", SLOT)
    assert await brought(world, SLOT) == [["锂电开工"]]
    assert await brought(world, SLOT + SECOND) == []


# ---------------------------------------------------------------------------------------------- against a model
@dataclass
class Model:
    """Articles wait per subscription; at each look, every subscription that is due hands its own over, none twice."""

    cadences: list[Cadence]
    quiet: tuple[int, int] | None
    served: list[datetime] = field(default_factory=list)
    waiting: list[list[str]] = field(default_factory=list)
    had: set[str] = field(default_factory=set)

    def look(self, now: datetime) -> set[str]:
        given: set[str] = set()
        if quiet_until(self.quiet, "Asia/Shanghai", now) is not None:
            return given
        for number, own in enumerate(self.cadences):
            if is_due(own, "Asia/Shanghai", self.served[number], now, self.quiet):
                given |= set(self.waiting[number]) - self.had
                self.waiting[number] = []
                self.served[number] = now
        self.had |= given
        return given


CADENCES = st.builds(
    Cadence,
    st.sampled_from(["instant", "daily", "weekdays", "workdays", "weekly", "monthly"]),
    st.lists(st.integers(0, 23).map(lambda hour: hour * 60), min_size=1, max_size=4, unique=True).map(
        lambda times: tuple(sorted(times))
    ),
    st.integers(0, 6),
    st.integers(1, 31),
)
STEPS = st.tuples(st.integers(1, 4000), st.sets(st.sampled_from(WORDS)))
"""Minutes that pass, and the words of the article that then comes; none: no article."""


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(CADENCES, CADENCES, CADENCES),
    st.none() | st.tuples(st.integers(0, 1439), st.integers(0, 1439)),
    st.lists(STEPS, max_size=12),
)
async def test_the_same_articles_at_the_same_looks_as_a_plain_model(
    cadences: tuple[Cadence, ...], quiet: tuple[int, int] | None, steps: list[tuple[int, set[str]]]
) -> None:
    world = World(memory())
    await world.reader("1", *WORDS, quiet=quiet)
    for number, own in enumerate(cadences):
        await cadence(world, number, own)
    model = Model(list(cadences), quiet, [NOW] * 3, [[], [], []])
    now = NOW
    for number, (minutes, words) in enumerate(steps):
        now += timedelta(minutes=minutes)
        if words:
            title = f"第{number}篇"
            await world.publish(raw(f"{title}：{'、'.join(sorted(words))}{number}", f"{number}.txt"), now=now)
            for place, word in enumerate(WORDS):
                model.waiting[place] += [title] * (word in words)
        given = [title for some in await brought(world, now) for title in some]
        assert len(given) == len(set(given))
        assert set(given) == model.look(now)
    rest = await world.asks("1", now)
    left = {title for waiting in model.waiting for title in waiting} - model.had
    assert {title for some in await world.titles([rest.delivery]) for title in some} == left
