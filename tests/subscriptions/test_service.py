"""The service over the in-memory store: what is stored, when it is due, and what happens when two write at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from subscriptions import (
    Cadence,
    ConflictError,
    LimitError,
    NotFoundError,
    QueryError,
    Settings,
    Subscriber,
    parse_query,
    query_id,
)
from subscriptions.service import (
    AUTOMATIC,
    TRIES,
    Limits,
    SubscriptionService,
    find_subscription,
    named_subscription,
    topic_of,
)
from subscriptions.service_due import due_after
from subscriptions.service_import import Wanted
from subscriptions.subscribers_memory import MemorySubscriberStore

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)
TOMORROW_8 = datetime(2026, 1, 6, 0, tzinfo=UTC)
INSTANT = Cadence("instant")


class Busy(MemorySubscriberStore):
    """Somebody else changes the title before each of the first `clashes` writes."""

    clashes = 0

    async def put_subscriber(self, subscriber: Subscriber, *, due: datetime | None) -> Subscriber:
        if self.clashes > 0:
            self.clashes -= 1
            there = await self.find_subscriber(subscriber.id)
            if there is not None:
                await super().put_subscriber(replace(there, title=f"{there.title}!"), due=None)
            raise ConflictError(subscriber.id)
        return await super().put_subscriber(subscriber, due=due)


@pytest.fixture
def store() -> Busy:
    return Busy()


@pytest.fixture
def service(store: Busy) -> SubscriptionService:
    return SubscriptionService(store, Limits(subscriptions=3))


async def known(service: SubscriptionService, id: str = "7") -> Subscriber:
    return await service.get_or_create(id, "zh-Hans", "private", "小金", None, NOW)


async def due(store: MemorySubscriberStore, at: datetime) -> list[str]:
    return await store.claim_due(at, 10, timedelta(minutes=1))


async def test_a_reader_is_stored_once(service: SubscriptionService) -> None:
    first = await known(service)
    assert first.rev == 1 and first.created == NOW and first.settings.language == "zh-Hans"
    assert await known(service) == first
    assert await service.count() == 1
    assert [s async for s in service.iter_subscribers()] == [first]
    assert await service.find("8") is None
    assert await service.find_many(["8", "7"]) == {"7": first}
    with pytest.raises(NotFoundError):
        await service.get("8")


async def test_a_new_reader_is_stored_with_the_first_change(service: SubscriptionService) -> None:
    fresh = await service.find_or_new("7", "en", "private", "", None, NOW, Settings(timezone="Asia/Tokyo"))
    assert fresh.rev == 0 and await service.count() == 0
    result = await service.subscribe(fresh, "动力电池", NOW)
    stored = await service.get("7")
    assert result.subscriber == stored and stored.settings == Settings(language="en", timezone="Asia/Tokyo")


async def test_subscribing_makes_due_at_the_next_slot(service: SubscriptionService, store: Busy) -> None:
    await known(service)
    result = await service.subscribe("7", "动力电池  -广告", NOW)
    assert not result.existing and result.subscription.query == "动力电池 -广告"
    assert result.subscription.query_id == query_id(parse_query("动力电池 -广告"))
    assert await store.get_queries([result.subscription.query_id]) == {result.subscription.query_id: "动力电池 -广告"}
    assert await due(store, TOMORROW_8 - timedelta(seconds=1)) == []
    assert await due(store, TOMORROW_8) == ["7"]


async def test_the_same_query_in_other_words_is_held_once(service: SubscriptionService) -> None:
    await known(service)
    first = await service.subscribe("7", "锂电｜储能", NOW)
    again = await service.subscribe("7", "储能 | 锂电", NOW)
    assert again.existing and again.subscription == first.subscription
    assert len((await service.get("7")).subscriptions) == 1


async def test_counts_from_the_next_hit_on(service: SubscriptionService, store: Busy) -> None:
    await known(service)
    for shard in range(store.shards):
        store.newest_hit[shard] = 40
    assert (await service.subscribe("7", "动力电池", NOW)).subscription.cursor == 40


async def test_a_bad_query_stores_nothing(service: SubscriptionService) -> None:
    await known(service)
    with pytest.raises(QueryError) as caught:
        await service.subscribe("7", "动力电池 (投产", NOW)
    assert caught.value.code == "unbalanced_open"
    assert (await service.get("7")).rev == 1


async def test_the_quota(service: SubscriptionService) -> None:
    await known(service)
    for text in ("甲醇", "乙烯", "丙烷"):
        await service.subscribe("7", text, NOW)
    with pytest.raises(LimitError) as caught:
        await service.subscribe("7", "丁烷", NOW)
    assert (caught.value.code, caught.value.limit) == ("subscriptions", 3)
    assert (await service.subscribe("7", "甲醇", NOW)).existing


async def test_one_query_in_place_of_another(service: SubscriptionService) -> None:
    await known(service)
    for text in ("甲醇", "乙烯", "#丙烷"):
        topic = (await service.subscribe("7", text, NOW)).subscription
    result = await service.subscribe("7", "丙烷", NOW, instead_of=topic.query_id)
    assert [held.query for held in result.subscriber.subscriptions] == ["甲醇", "乙烯", "丙烷"] and not result.existing
    again = await service.subscribe("7", "甲醇", NOW, instead_of=result.subscription.query_id)
    assert [held.query for held in again.subscriber.subscriptions] == ["甲醇", "乙烯"] and again.existing
    same = await service.subscribe("7", "甲醇", NOW, instead_of=again.subscription.query_id)
    assert same.subscriber == again.subscriber


async def test_a_change_is_repeated_on_the_fresh_value(service: SubscriptionService, store: Busy) -> None:
    reader = await known(service)
    store.clashes = 2
    result = await service.subscribe(reader, "动力电池", NOW)
    assert result.subscriber.title == "小金!!" and len(result.subscriber.subscriptions) == 1


async def test_the_same_subscription_made_twice_at_once_is_held_once(service: SubscriptionService) -> None:
    stale = await known(service)
    await service.subscribe("7", "动力电池", NOW)
    result = await service.subscribe(stale, "动力电池", NOW)
    assert len(result.subscriber.subscriptions) == 1


async def test_endless_clashes_are_told(service: SubscriptionService, store: Busy) -> None:
    await known(service)
    store.clashes = TRIES
    with pytest.raises(ConflictError):
        await service.pause("7", "reader", NOW)
    store.clashes = TRIES - 1
    assert (await service.pause("7", "reader", NOW)).paused == "reader"


async def test_somebody_forgotten_meanwhile_is_not_found(service: SubscriptionService) -> None:
    reader = await known(service)
    await service.forget("7")
    with pytest.raises(NotFoundError):
        await service.subscribe(reader, "动力电池", NOW)


async def test_unsubscribing_by_id_by_words_and_by_number(service: SubscriptionService, store: Busy) -> None:
    await known(service)
    held = (await service.subscribe("7", "动力电池", NOW)).subscription
    await service.subscribe("7", "#重大项目", NOW)
    await service.subscribe("7", "2号 线路", NOW)
    assert (await service.unsubscribe_text("7", "重大项目", NOW))[0].query == "#重大项目"
    assert (await service.unsubscribe_text("7", " 2 ", NOW))[0].query == "2号 线路"
    with pytest.raises(NotFoundError):
        await service.unsubscribe_text("7", "2", NOW)
    with pytest.raises(NotFoundError):
        await service.unsubscribe_text("7", '"', NOW)
    left = await service.unsubscribe("7", held.query_id, NOW)
    assert left.subscriptions == () and await service.unsubscribe(left, held.query_id, NOW) == left
    assert await due(store, NOW + timedelta(days=9)) == []


async def test_settings_move_the_slot(service: SubscriptionService, store: Busy) -> None:
    await known(service)
    await service.subscribe("7", "动力电池", NOW)

    def evening(settings: Settings) -> Settings:
        return replace(settings, cadence=Cadence(times=(18 * 60,)))

    after = await service.set_settings("7", evening, NOW)
    assert after.settings.cadence.times == (18 * 60,)
    assert await due(store, NOW + timedelta(hours=7)) == ["7"]


async def test_pausing_keeps_everything_and_resuming_goes_on(service: SubscriptionService, store: Busy) -> None:
    await known(service)
    await service.subscribe("7", "动力电池", NOW)
    assert (await service.pause("7", "blocked", NOW)).paused == "blocked"
    assert await due(store, NOW + timedelta(days=9)) == []
    resumed = await service.resume("7", NOW, AUTOMATIC)
    assert resumed.paused is None and len(resumed.subscriptions) == 1
    assert await due(store, TOMORROW_8) == ["7"]


async def test_only_the_reader_ends_a_pause_of_their_own(service: SubscriptionService) -> None:
    await known(service)
    await service.pause("7", "reader", NOW)
    assert (await service.pause("7", "blocked", NOW)).paused == "reader"
    assert (await service.resume("7", NOW, AUTOMATIC)).paused == "reader"
    assert (await service.resume("7", NOW)).paused is None


async def test_whoever_asks_is_due_before_all_others_until_they_are_served(
    service: SubscriptionService, store: Busy
) -> None:
    for id in ("7", "8"):
        await known(service, id)
        await service.subscribe(id, "动力电池", NOW)
    await service.pause("8", "reader", NOW)
    asked = await service.ask("8", NOW)
    assert await service.ask(asked, NOW) == asked, "nothing is stored twice"
    await service.set_settings("8", lambda settings: replace(settings, silent=True), NOW)
    assert await due(store, NOW) == ["8"]
    moved = await service.move("8", "-9")
    assert moved is not None and moved.asked and await due(store, NOW + timedelta(days=9)) == ["-9", "7"]
    served = replace(moved, asked=False)
    assert due_after(moved, served, NOW) is None, "the pause goes on"


async def test_instant_readers_wait_for_a_hit_but_not_after_a_pause(service: SubscriptionService, store: Busy) -> None:
    fresh = await service.find_or_new("7", "en", "private", "", None, NOW, Settings(cadence=INSTANT))
    held = (await service.subscribe(fresh, "动力电池", NOW)).subscription
    await service.subscribe("7", "储能", NOW)
    assert await due(store, NOW + timedelta(days=9)) == []
    assert await store.make_due([held.query_id], NOW) == 1
    await service.set_settings("7", lambda settings: replace(settings, silent=True), NOW)
    assert await due(store, NOW) == ["7"]
    await service.pause("7", "reader", NOW)
    await service.resume("7", NOW)
    assert await due(store, NOW + timedelta(minutes=2)) == ["7"]


async def test_going_over_to_instant_is_due_at_once(service: SubscriptionService) -> None:
    await known(service)
    before = (await service.subscribe("7", "动力电池", NOW)).subscriber
    after = replace(before, settings=Settings(cadence=INSTANT))
    assert due_after(before, after, NOW) == NOW
    assert due_after(after, after, NOW) is None
    assert due_after(before, replace(after, paused="reader"), NOW) is None


async def test_a_cadence_of_its_own(service: SubscriptionService) -> None:
    await known(service)
    one = (await service.subscribe("7", "动力电池", NOW)).subscription
    await service.subscribe("7", "储能", NOW)
    after = await service.set_cadence("7", one.query_id, INSTANT, NOW)
    assert [held.cadence for held in after.subscriptions] == [INSTANT, None]


async def test_moving(service: SubscriptionService) -> None:
    await known(service, "-5")
    await service.subscribe("-5", "动力电池", NOW)
    moved = await service.move("-5", "-1005")
    assert moved is not None and moved.id == "-1005"
    assert await service.find("-5") is None and await service.move("-5", "-1005") is None


async def test_forgetting_leaves_nothing(service: SubscriptionService, store: Busy) -> None:
    await known(service)
    await service.subscribe("7", "动力电池", NOW)
    assert await service.forget("7") and not await service.forget("7")
    assert await service.find("7") is None and await due(store, NOW + timedelta(days=9)) == []


async def test_the_export_holds_everything_that_is_kept(service: SubscriptionService) -> None:
    await known(service)
    one = (await service.subscribe("7", "动力电池", NOW)).subscription
    await service.set_cadence("7", one.query_id, Cadence("weekly", (540,), 4), NOW)
    exported: dict[str, Any] = json.loads(json.dumps(await service.export("7")))
    stored = await service.get("7")
    assert exported["settings"].keys() == set(Settings.__dataclass_fields__)
    assert exported.keys() - {"format"} == set(Subscriber.__dataclass_fields__) - {"rev"}
    assert exported["subscriptions"] == [
        {
            "query": "动力电池",
            "created": NOW.isoformat(),
            "cadence": {"kind": "weekly", "times": [540], "weekday": 4, "day": 1},
            "waiting": [],
        }
    ]
    assert exported["id"] == stored.id


async def test_a_stored_query_is_taken_by_its_id(service: SubscriptionService) -> None:
    await known(service)
    id = (await service.subscribe("7", "光伏", NOW)).subscription.query_id
    again = await service.subscribe_stored("7", id, NOW)
    assert again.existing and again.subscription.query == "光伏"
    await service.get_or_create("8", "en", "private", "", None, NOW)
    taken = await service.subscribe_stored("8", id, NOW)
    assert not taken.existing and [held.query for held in taken.subscriber.subscriptions] == ["光伏"]
    with pytest.raises(NotFoundError, match="query"):
        await service.subscribe_stored("8", "0" * 24, NOW)


async def test_what_was_read_without_texts_gets_them_where_they_matter(service: SubscriptionService) -> None:
    await known(service)
    for text in ("光伏", "储能"):
        await service.subscribe("7", text, NOW)
    lean = await service.find_or_new("7", "en", "private", "", None, NOW, texts=False)
    assert [held.query for held in lean.subscriptions] == ["", ""]
    after, held = await service.replace_query(lean, lean.subscriptions[0].query_id, "储能", NOW)
    assert held.query == "储能" and [one.query for one in after.subscriptions] == ["储能"]
    assert [one.query for one in (await service.get("7")).subscriptions] == ["储能"]


async def test_what_people_mean(service: SubscriptionService) -> None:
    await known(service)
    held = (await service.subscribe("7", "#动力电池", NOW)).subscription
    reader = await service.get("7")
    assert named_subscription(reader, "动力电池") == held
    assert named_subscription(reader, "1") == held and named_subscription(reader, "0") is None
    assert find_subscription(reader, "x") is None
    assert topic_of("#动力电池") == "动力电池" and topic_of("动力电池") is None and topic_of("#动力电池 -广告") is None


async def test_rewording_keeps_place_age_and_cadence(service: SubscriptionService) -> None:
    await known(service)
    for text in ("储能", "光伏"):
        await service.subscribe("7", text, NOW)
    old = (await service.get("7")).subscriptions[0]
    await service.set_cadence("7", old.query_id, Cadence("weekly"), NOW)
    later = NOW + timedelta(hours=1)
    after, held = await service.replace_query("7", old.query_id, "储能 -广告", later)
    assert [one.query for one in after.subscriptions] == ["储能 -广告", "光伏"]
    assert (held.created, held.cadence) == (NOW, Cadence("weekly"))
    after, held = await service.replace_query("7", held.query_id, "光伏", later)
    assert [one.query for one in after.subscriptions] == ["光伏"] == [held.query]
    with pytest.raises(NotFoundError):
        await service.replace_query("7", old.query_id, "锂电", later)


async def test_what_waits_goes_along_with_another_wording(service: SubscriptionService) -> None:
    await known(service)
    for text in ("储能", "光伏"):
        await service.subscribe("7", text, NOW)
    old, other = (await service.get("7")).subscriptions

    async def waiting() -> tuple[int, ...]:
        return 4, 9

    after, held = await service.replace_query("7", old.query_id, "储能 -广告", NOW, waiting)
    assert held.waiting == (4, 9) and [one.waiting for one in after.subscriptions] == [(4, 9), ()]
    assert (await service.get("7")).subscriptions == after.subscriptions
    same, _ = await service.replace_query("7", held.query_id, "储能 -广告", NOW, waiting)
    assert same.subscriptions == after.subscriptions
    after, _ = await service.replace_query("7", held.query_id, "光伏", NOW, waiting)
    assert [(one.query_id, one.waiting) for one in after.subscriptions] == [(other.query_id, (4, 9))]


async def test_many_are_added_all_or_none(service: SubscriptionService) -> None:
    await known(service)
    await service.subscribe("7", "储能", NOW)
    wanted = [Wanted(query_id(text), text, Cadence("weekly")) for text in ("储能", "光伏", "锂电")]
    after = await service.add_many("7", wanted, NOW)
    assert [(one.query, one.cadence) for one in after.subscriptions] == [
        ("储能", None), ("光伏", Cadence("weekly")), ("锂电", Cadence("weekly")),
    ]  # fmt: skip
    too_many = [Wanted(query_id(f"词语{n}"), f"词语{n}") for n in range(98)]
    with pytest.raises(LimitError):
        await service.add_many("7", too_many, NOW)
    assert len((await service.get("7")).subscriptions) == 3
