"""From hits to the outbox: nothing twice, nothing lost, one digest a slot, pushes that may be repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from pipeline_world import NOW, SLOT, ListSource, World, raw
from store_servers import Stores

from digests.compose import NOTHING, compose_due, compose_for, compose_issue, is_waiting, issue_digest
from digests.enrich import load_knowledge
from digests.errors import StoreError
from digests.pipeline import check_source, match_next
from digests.ports import IssueStore
from digests.read import read_issue
from digests.reading_once import ReadOnce
from digests.types import Delivery, Hints, Issue, RawArticle, RawIssue
from subscriptions import AliasTable, ConflictError, Subscriber

NONE = AliasTable()
BEGUN = ["青禾锂电开工"]
BATTERY = "青禾锂电开工：动力电池项目\n\n春茶上市：茶园采摘"


@pytest.fixture
def world(memory_stores: Stores) -> World:
    return World(memory_stores)


async def newest(world: World) -> str:
    return (await world.all.issues.recent_issues(1))[0].id


async def test_a_slot_brings_what_is_new_once(world: World) -> None:
    await world.reader("1", "青禾锂电", "#动力电池")
    await world.publish(raw(BATTERY))
    assert await compose_due(world.stores, NOW) == []
    (turn,) = await compose_due(world.stores, SLOT)
    assert await world.titles([turn.delivery]) == [["青禾锂电开工"]]
    (again,) = await compose_due(world.stores, SLOT + timedelta(days=1))
    assert again.delivery is None


async def test_two_papers_that_print_the_same_have_an_issue_each(world: World) -> None:
    """Who asks for either paper gets its article; who asks for the words gets the text once, whichever paper."""
    for reader, query in (("1", "报:甲报"), ("2", "报:乙报"), ("3", "青禾锂电"), ("4", "报:丙报")):
        await world.reader(reader, query)
    ready = RawArticle("青禾锂电开工", "动力电池项目昨日开工。")
    knowledge, stores = load_knowledge(), world.all
    papers = [
        RawIssue(name, name, hints=Hints(name, date="2026-03-03"), articles=(ready,))
        for name in ("甲报", "乙报", "甲报")
    ]
    source = ListSource([*papers])
    added = [one async for one in check_source(source, stores.issues, lambda raw: read_issue(raw, knowledge), NOW)]
    assert [one.added.outcome for one in added if one.added] == ["new", "new"]
    while await match_next(stores.issues, stores.hits, stores.subscribers, world.feed, NOW):
        pass
    turns = {turn.subscriber: turn.delivery for turn in await compose_due(world.stores, SLOT)}
    told = {reader: len(turn.digest.items()) if turn and turn.digest else 0 for reader, turn in turns.items()}
    assert told == {"1": 1, "2": 1, "3": 1, "4": 0}


async def test_one_reader_that_cannot_be_composed_for_holds_up_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for id in map(str, range(1, 101)):
        await world.reader(id, "青禾锂电")
    await world.publish(raw(BATTERY))
    compose = world.all.outbox.compose

    async def failing(before: Subscriber, after: Subscriber, **named: Any) -> bool:
        if before.id == "7":
            raise StoreError("away")
        return await compose(before, after, **named)

    monkeypatch.setattr(world.all.outbox, "compose", failing)
    with pytest.raises(StoreError, match="away"):
        await compose_due(world.stores, SLOT)
    queued = await world.all.outbox.claim(SLOT, 200, timedelta(minutes=1))
    assert sorted(int(one.subscriber) for one in queued) == [n for n in range(1, 101) if n != 7]


async def test_after_an_outage_the_missed_slot_is_made_good_once(world: World) -> None:
    await world.reader("1", "青禾锂电")
    await world.publish(raw(BATTERY))
    late = SLOT + timedelta(days=5)
    assert len(await compose_due(world.stores, late)) == 1
    assert await compose_due(world.stores, late) == []
    stored = await world.all.subscribers.claim_due(late + timedelta(hours=24), 10, timedelta(minutes=1))
    assert stored == ["1"]


async def test_a_quiet_day_is_told_only_to_who_asked(world: World) -> None:
    await world.reader("1", "青禾锂电")
    await world.reader("2", "青禾锂电", nothing_today=True)
    turns = {turn.subscriber: turn.delivery for turn in await compose_due(world.stores, SLOT)}
    assert turns["1"] is None
    assert turns["2"] is not None and (turns["2"].kind, turns["2"].html) == ("notice", NOTHING)


async def test_asking_takes_what_is_new_and_the_slot_does_not_repeat_it(world: World) -> None:
    await world.reader("1", "青禾锂电", nothing_today=True)
    await world.publish(raw(BATTERY))
    asked = await world.asks("1", NOW)
    assert await world.titles([asked.delivery]) == [["青禾锂电开工"]]
    assert not await is_waiting(world.stores, await world.service.get("1"))
    again = (await world.asks("1", NOW)).delivery
    assert again is not None and again.html == NOTHING
    (turn,) = await compose_due(world.stores, SLOT)
    assert turn.delivery is not None and turn.delivery.kind == "notice"


async def test_whoever_asked_is_served_first_whatever_the_hour_and_once(world: World) -> None:
    for id in ("1", "2", "3"):
        await world.reader(id, "青禾锂电")
    await world.reader("-4", "青禾锂电", quiet=(0, 1439))
    await world.service.pause("-4", "reader", NOW)
    await world.publish(raw(BATTERY))
    assert await is_waiting(world.stores, await world.service.get("-4"))
    await world.service.ask("-4", SLOT)
    (first,) = await compose_due(world.stores, SLOT, limit=1)
    assert first.subscriber == "-4" and await world.titles([first.delivery]) == [["青禾锂电开工"]]
    after = await world.service.get("-4")
    assert (after.asked, after.paused) == (False, "reader")
    assert sorted(turn.subscriber for turn in await compose_due(world.stores, SLOT)) == ["1", "2", "3"]
    later = await compose_due(world.stores, SLOT + timedelta(days=2))
    assert {turn.subscriber for turn in later} == {"1", "2", "3"}, "the one who paused is asked about no more"


class Counting:
    """An issue store that notes what is read of it."""

    def __init__(self, issues: IssueStore) -> None:
        self._issues, self.asked = issues, list[list[int]]()

    async def issues_of(self, articles: Sequence[int]) -> list[Issue]:
        self.asked.append(list(articles))
        return await self._issues.issues_of(articles)


async def test_readers_of_one_step_share_what_is_read(world: World) -> None:
    for id in ("1", "2", "3"):
        await world.reader(id, "青禾锂电")
    await world.reader("4", "临江电缆", "青禾锂电")
    await world.publish(raw(BATTERY + "\n\n临江电缆扩建：临江电缆"))
    counting = Counting(world.all.issues)
    stores = replace(world.stores, issues=cast(IssueStore, counting))
    turns = await compose_due(stores, SLOT)
    given = {turn.subscriber: titles for turn in turns for titles in await world.titles([turn.delivery])}
    assert given == {"1": BEGUN, "2": BEGUN, "3": BEGUN, "4": ["临江电缆扩建", *BEGUN]}
    assert len(counting.asked) == 1, "one issue, read once"
    read = ReadOnce(cast(IssueStore, counting))
    assert await read.of([]) == [] and len(counting.asked) == 1
    found, again = await asyncio.gather(read.of([1, 77]), read.of([1]))
    assert found == again and [issue.publication for issue in found] == ["云溪时报"]
    assert counting.asked[1:] == [[1, 77]]


async def test_the_readers_of_a_channel_are_not_told_that_its_admin_asked_for_nothing(world: World) -> None:
    await world.reader("1", "青禾锂电")
    await world.service.get_or_create("-1001", "zh-Hans", "channel", "临江", 1, NOW)
    await world.service.subscribe("-1001", "青禾锂电", NOW)
    assert (await world.asks("-1001", NOW)).delivery is None
    assert (await world.asks("1", NOW)).delivery is not None


async def test_paused_and_unknown_readers_get_nothing(world: World) -> None:
    await world.reader("1", "青禾锂电")
    await world.publish(raw(BATTERY))
    await world.service.pause("1", "reader", NOW)
    assert (await compose_for(world.stores, "1", SLOT)).delivery is None
    assert (await compose_for(world.stores, "9", SLOT)).delivery is None
    assert (await world.asks("1", SLOT)).delivery is not None


async def test_a_backfill_reaches_behind_the_subscription_but_never_repeats(world: World) -> None:
    await world.publish(raw(BATTERY))
    reader = await world.reader("1", "青禾锂电")
    issue = await newest(world)
    first = await compose_issue(world.stores, reader, [issue, "gone"], NONE, NOW)
    assert await world.titles([first]) == [["青禾锂电开工"]]
    again = await world.service.get("1")
    assert await compose_issue(world.stores, again, [issue], NONE, NOW) is None
    (turn,) = await compose_due(world.stores, SLOT)
    assert turn.delivery is None


async def test_a_stale_reader_is_read_again(world: World) -> None:
    await world.publish(raw(BATTERY))
    stale = await world.reader("1", "青禾锂电")
    await world.service.pause("1", "reader", NOW)
    assert await compose_issue(world.stores, stale, [await newest(world)], NONE, NOW) is not None
    assert (await world.service.get("1")).paused == "reader"


async def test_a_reader_who_left_meanwhile_gets_nothing(world: World) -> None:
    await world.publish(raw(BATTERY))
    reader = await world.reader("1", "青禾锂电")
    await world.service.forget("1")
    assert await compose_issue(world.stores, reader, [await newest(world)], NONE, NOW) is None


async def test_a_value_that_never_stands_still_is_an_error(world: World) -> None:
    class Restless:
        """An outbox that always finds the reader changed."""

        async def had(self, subscriber: str) -> frozenset[int]:
            return frozenset()

        async def owed(self, subscriber: str) -> frozenset[int]:
            return frozenset()

        async def compose(self, *args: Any, **kwargs: Any) -> bool:
            return False

    await world.publish(raw(BATTERY))
    reader = await world.reader("1", "青禾锂电")
    restless = replace(world.stores, outbox=Restless())  # type: ignore[arg-type]
    with pytest.raises(ConflictError):
        await compose_for(restless, "1", SLOT)
    with pytest.raises(ConflictError):
        await compose_issue(restless, reader, [await newest(world)], NONE, SLOT)


async def give_back_world(world: World) -> Delivery:
    await world.reader("1", "青禾锂电")
    await world.publish(raw(BATTERY))
    (turn,) = await compose_due(world.stores, SLOT)
    assert turn.delivery is not None and turn.delivery.digest is not None
    return turn.delivery


async def test_what_was_not_sent_after_all_comes_with_the_next_digest(world: World) -> None:
    lost = await give_back_world(world)
    assert lost.digest is not None
    await world.all.outbox.give_back("1", [item.article_id for item in lost.digest.items()])
    (turn,) = await compose_due(world.stores, SLOT + timedelta(days=1))
    assert await world.titles([turn.delivery]) == [["青禾锂电开工"]]
    (after,) = await compose_due(world.stores, SLOT + timedelta(days=2))
    assert after.delivery is None


async def test_an_issue_that_nobody_holds_has_no_digest(world: World) -> None:
    await world.publish(raw(BATTERY))
    reader = await world.reader("1", "光伏")
    when: datetime = NOW
    assert await issue_digest(world.stores, reader, [await newest(world)], NONE, when) is None


async def test_a_backfill_does_not_put_off_a_slot_that_waits_for_the_end_of_the_quiet_hours(world: World) -> None:
    """The slot was missed in an outage, and what it has comes when the quiet hours end, whatever is asked for meanwhile."""
    noon, evening = 12 * 60, 20 * 60
    reader = await world.reader("1", "青禾锂电", quiet=(noon, evening))
    await world.publish(raw(BATTERY))
    (turn,) = await compose_due(world.stores, SLOT + timedelta(hours=6))
    assert turn.delivery is None, "14:01"
    reader = await world.service.get("1")
    await world.publish(raw("青禾锂电增资：青禾锂电", "b.txt"), now=SLOT + timedelta(hours=7))
    assert await compose_issue(world.stores, reader, [await newest(world)], NONE, SLOT + timedelta(hours=8))
    (turn,) = await compose_due(world.stores, SLOT + timedelta(hours=12))
    assert await world.titles([turn.delivery]) == [["青禾锂电开工"]], "20:01"
