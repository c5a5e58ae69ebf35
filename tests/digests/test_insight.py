"""What a query brings and why, over real stores in memory; and rewording that loses nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from pipeline_world import NOW, SLOT, World, raw
from store_servers import Stores

from bot.insight import Insight
from bot.services import Activity
from digests.compose import compose_due, is_waiting, waiting_for
from digests.pipeline import forget_queries
from digests.types import Article
from subscriptions import Alias, AliasTable, Cadence, Match, QueryError, Subscriber, Subscription, query_id
from subscriptions.types import QUERY_ENCODING

ALIASES = AliasTable((Alias(("旧名电池", "新名电池")),))
FIRST = "储能电站开工：青石湖的储能项目\n\n招聘启事：某公司做储能。另有球赛。球赛免费"
DAY = timedelta(days=1)


class Words(World):
    """Articles with keywords, as reading fills them in."""

    async def issue(self, text: str, key: str, days: int = 0) -> None:
        await self.publish(raw(text, key), now=NOW + days * DAY)


@pytest.fixture
def world(memory_stores: Stores) -> Words:
    return Words(memory_stores)


@pytest.fixture
def insight(world: Words) -> Insight:
    return Insight(world.stores, lambda: ALIASES)


async def sent(world: World) -> str:
    (turn,) = await compose_due(world.stores, SLOT)
    assert turn.delivery is not None
    return turn.delivery.id


async def test_a_dry_run_counts_the_newest_issues(world: Words, insight: Insight) -> None:
    assert (await insight.dry_run("储能")).issues == 0
    await world.issue(FIRST, "a.txt")
    await world.issue("储能二期：再投", "b.txt", 1)
    trial = await insight.dry_run("储能")
    assert (trial.issues, trial.articles) == (2, 3)
    (title, issue), _ = trial.samples
    assert (title, issue.publication, issue.day) == ("储能二期", "云溪时报", "2026-03-03")
    with pytest.raises(QueryError):
        await insight.dry_run("(储能")


async def test_an_issue_with_more_articles_is_read_again(world: Words, insight: Insight) -> None:
    await world.issue(FIRST, "a.txt")
    assert (await insight.dry_run("储能")).articles == 2
    assert (await insight.dry_run("储能")).articles == 2
    await world.issue("储能三期：又投", "c.txt", 2)
    assert (await insight.dry_run("储能")).articles == 3


async def test_wordings_that_find_something(world: Words, insight: Insight) -> None:
    await world.issue(FIRST, "a.txt")
    assert await insight.reword("储能 光伏 -球赛") == [("储能", 2)]
    assert await insight.reword("储能|光伏") == []


async def test_activity(world: Words, insight: Insight) -> None:
    await world.reader("1", "储能", "光伏")
    ids = [query_id("储能"), query_id("光伏")]
    assert await insight.activity(ids, NOW) == dict.fromkeys(ids, Activity())
    await world.issue(FIRST, "a.txt")
    await world.issue("储能二期：再投", "b.txt", 14)
    found = await insight.activity(ids, NOW + 14 * DAY)
    assert found[ids[1]] == Activity()
    assert found[ids[0]] == Activity(NOW + 14 * DAY, "储能二期", 1.5)


async def test_why_an_article_is_in_a_digest(world: Words, insight: Insight) -> None:
    await world.reader("1", "储能", "标题:开工")
    await world.issue(FIRST, "a.txt")
    delivery = await sent(world)
    why = await insight.why(delivery, "1", 0)
    assert why is not None and (why.title, why.issue) == ("储能电站开工", "云溪时报 2026-03-03")
    by_query = {reason.query: reason for reason in why.reasons}
    body, title = by_query["储能"], by_query["标题:开工"]
    assert body.passage == "青石湖的储能项目" and [body.passage[a:b] for a, b in body.marks] == ["储能"]
    assert title.passage == "储能电站开工" and [title.passage[a:b] for a, b in title.marks] == ["开工"]
    assert await insight.why(delivery, "1", 9) is None and await insight.why("gone", "1", 0) is None
    newest = await insight.why_newest(query_id("储能"))
    assert newest is not None and newest.title == "招聘启事"
    assert await insight.why_newest(query_id("光伏")) is None


async def test_a_reason_that_no_hit_holds_is_found_again_with_its_alias(world: Words, insight: Insight) -> None:
    await world.reader("1", "旧名电池", "#动力电池")
    await world.issue("项目开工：新名电池投资", "a.txt")
    delivery = await sent(world)
    why = await insight.why(delivery, "1", 0)
    assert why is not None
    reasons = {reason.query: reason for reason in why.reasons}
    assert "旧名电池" not in reasons or reasons["旧名电池"].aliases == (("旧名电池", "新名电池"),)
    assert reasons["#动力电池"].passage == ""


async def test_exclusions_tell_what_else_they_would_hide(world: Words, insight: Insight) -> None:
    await world.reader("1", "储能")
    await world.issue(FIRST + "\n\n球赛预告：储能杯球赛", "a.txt")
    delivery = await sent(world)
    (turn,) = [await world.all.outbox.find_delivery(delivery, "1")]
    assert turn is not None and turn.digest is not None
    ids = [item.article_id for item in turn.digest.items()]
    found = await world.all.issues.get_articles(ids)
    place = next(n for n, id in enumerate(ids) if found[id][0].title == "招聘启事")
    assert await insight.exclusions(delivery, "1", place) == []
    issues: Any = WithKeywords(world.all)
    keyed = Insight(replace(world.stores, issues=issues), lambda: ALIASES)
    proposals = await keyed.exclusions(delivery, "1", place)
    assert proposals is not None
    assert [(one.word, one.narrowed, one.hidden, one.samples) for one in proposals] == [
        ("招聘", "储能 -招聘", 0, ()),
        ("球赛", "储能 -球赛", 1, ("球赛预告",)),
    ]
    assert await insight.exclusions("gone", "1", 0) is None


class WithKeywords:
    """An issue store whose articles have keywords."""

    def __init__(self, stores: Stores) -> None:
        self._issues = stores.issues

    def __getattr__(self, name: str) -> Any:
        return getattr(self._issues, name)

    async def get_articles(self, ids: list[int]) -> dict[int, tuple[Article, str]]:
        found = await self._issues.get_articles(ids)
        return {id: (replace(article, keywords=("球赛", "招聘")), issue) for id, (article, issue) in found.items()}


async def test_rewording_loses_nothing_that_waits(stores: Stores) -> None:
    world = World(stores)
    await world.reader("1", "光伏", "储能")
    await world.reader("2", "储能 -球赛")
    await world.publish(raw(FIRST))
    held = (await world.service.get("1")).subscriptions[1]
    after, replaced = await reworded(world, held, "储能 -球赛")
    assert [one.query for one in after.subscriptions] == ["光伏", "储能 -球赛"] and replaced.created == held.created
    given = {turn.subscriber: await world.titles([turn.delivery]) for turn in await compose_due(world.stores, SLOT)}
    assert given == {"1": [["储能电站开工"]], "2": [["储能电站开工"]]}
    reader = await world.service.get("1")
    assert [one.waiting for one in reader.subscriptions] == [(), ()]
    assert await waiting_for(world.stores, reader, reader.subscriptions[1]) == (), "nothing waits any more"


@pytest.mark.parametrize("leaves", [True, False])
async def test_of_what_waits_for_a_new_wording_the_place_has_had_some(stores: Stores, leaves: bool) -> None:
    """By another subscription: it does not come there again; a topic of its own has all, as of one that was never worded anew."""
    world = World(stores)
    await world.reader("-5", "储能", "青石湖")
    held = (await world.service.get("-5")).subscriptions[1]
    weekly = Cadence("weekly", weekday=(SLOT + DAY).weekday())
    await world.service.set_cadence("-5", held.query_id, weekly, NOW)
    await world.publish(raw(FIRST))
    (turn,) = await compose_due(world.stores, SLOT)
    assert await world.titles([turn.delivery]) == [["储能电站开工", "招聘启事"]]
    _, held = await reworded(world, held, "青石湖 储能", "-5")
    if leaves:
        await world.service.move_to_thread("-5", held.query_id, 7, SLOT)
    given = {
        turn.subscriber: await world.titles([turn.delivery]) for turn in await compose_due(world.stores, SLOT + DAY)
    }
    assert given == ({"-5": [[]], "-5:7": [["储能电站开工"]]} if leaves else {"-5": [[]]})


async def test_what_waits_for_one_subscription_is_not_tried_on_another(stores: Stores) -> None:
    """A subscription counts from the next article on, whatever waits beside it."""
    world = World(stores)
    await world.reader("1", "储能")
    await world.publish(raw(FIRST))
    await reworded(world, (await world.service.get("1")).subscriptions[0], "光伏")
    await world.reader("1", "储能 青石湖")
    later = next(one for one in (await world.service.get("1")).subscriptions if one.query != "光伏")
    await reworded(world, later, "储能 -球赛")
    assert [turn.delivery for turn in await compose_due(world.stores, SLOT)] == [None]


async def reworded(world: World, held: Subscription, query: str, id: str = "1") -> tuple[Subscriber, Subscription]:
    reader = await world.service.get(id)
    return await world.service.replace_query(
        reader, held.query_id, query, SLOT, partial(waiting_for, world.stores, reader, held)
    )


async def test_rewording_brings_nothing_to_others_who_hold_the_new_wording(stores: Stores) -> None:
    world = World(stores)
    await world.reader("1", "储能")
    await world.publish(raw(FIRST))
    await world.reader("2", "储能 招聘")
    held = (await world.service.get("1")).subscriptions[0]
    await reworded(world, held, "储能 招聘")
    given = {turn.subscriber: await world.titles([turn.delivery]) for turn in await compose_due(world.stores, SLOT)}
    assert given == {"1": [["招聘启事"]], "2": [[]]}


async def test_what_waits_for_a_wording_stays_until_its_time_and_comes_again_unless_it_arrives(stores: Stores) -> None:
    world = World(stores)
    await world.reader("1", "光伏", "储能")
    await world.publish(raw("光伏电站：光伏\n\n新名电池：储能"))
    held = (await world.service.get("1")).subscriptions[1]
    weekly = Cadence("weekly", weekday=(SLOT + timedelta(days=1)).weekday())
    await world.service.set_cadence("1", held.query_id, weekly, NOW)
    await reworded(world, held, "储能 旧名电池")
    (turn,) = await compose_due(world.stores, SLOT, aliases=ALIASES)
    assert await world.titles([turn.delivery]) == [["光伏电站"]]
    assert await is_waiting(world.stores, await world.service.get("1"))
    (turn,) = await compose_due(world.stores, SLOT + DAY, aliases=ALIASES)
    assert await world.titles([turn.delivery]) == [["新名电池"]], "tried with the aliases in force"
    assert turn.delivery is not None and turn.delivery.digest is not None
    assert not await is_waiting(world.stores, await world.service.get("1"))
    await stores.outbox.give_back("1", turn.delivery.digest.given())
    again = await world.asks("1", SLOT + DAY)
    assert await world.titles([again.delivery]) == [["新名电池"]]


async def test_rewording_to_what_nobody_had_brings_what_waits(stores: Stores) -> None:
    world = World(stores)
    await world.reader("1", "储能")
    await world.publish(raw(FIRST))
    held = (await world.service.get("1")).subscriptions[0]
    await reworded(world, held, "储能 招聘")
    (turn,) = await compose_due(world.stores, SLOT)
    assert await world.titles([turn.delivery]) == [["招聘启事"]]


async def test_nothing_of_a_reader_is_left_after_forgetting(redis_stores: Stores, redis_client: object) -> None:
    """The whole store is searched: every key's name, and every value as the server keeps it."""
    world, chat = World(redis_stores), "987654321012"
    await world.reader(chat, "储能", "储能 -独家不要", kind="instant")
    await world.reader("5", "储能")
    await world.publish(raw(FIRST))
    await compose_due(world.stores, SLOT)
    (delivery,) = [one for one in await redis_stores.outbox.claim(SLOT, 9, DAY) if one.subscriber == chat]
    await redis_stores.outbox.progress(delivery.id, chat, 77)
    await redis_stores.outbox.give_back(chat, [1])
    await world.service.set_settings(chat, lambda old: replace(old, silent=True, suggest=True), SLOT)
    await world.service.note_opened(chat, 1, SLOT)
    await world.service.refuse_word(chat, "只有这位读者不要的词", SLOT)
    assert await places_of(redis_client, "只有这位读者不要的词")
    assert await places_of(redis_client, chat)
    await world.service.forget(chat)
    await redis_stores.outbox.drop(chat)
    assert await places_of(redis_client, chat) == []
    assert await places_of(redis_client, "只有这位读者不要的词") == []
    assert await places_of(redis_client, "独家不要")
    for late in (SLOT, SLOT + DAY):
        await forget_queries(redis_stores.subscribers, redis_stores.hits, late)
    assert await places_of(redis_client, "独家不要") == []
    assert await places_of(redis_client, "储能") and (await world.service.get("5")).subscriptions
    await world.publish(raw("储能签约：储能", "b.txt"), now=SLOT + DAY)
    assert await redis_stores.hits.newest_hits(query_id("储能 -独家不要"), 9) == [], "no matcher brings it back"
    assert len(await redis_stores.hits.newest_hits(query_id("储能"), 9)) > 1


async def test_however_many_queries_nobody_holds_they_are_removed(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digests.pipeline.AT_ONCE", 2)
    ids = [query_id(f"词{n}") for n in range(5)]
    for n, id in enumerate(ids):
        await stores.subscribers.add_query(id, f"词{n}")
        await stores.hits.add_hits(1, [Match(id)])
    assert await forget_queries(stores.subscribers, stores.hits, SLOT) == 0
    assert await forget_queries(stores.subscribers, stores.hits, SLOT + DAY) == 5
    assert await stores.subscribers.get_queries(ids) == {} and await stores.hits.queries_of([1]) == {1: ()}


async def places_of(client: object, text: str) -> list[bytes]:
    """Keys that hold `text` in their name or value, in either of the ways in which texts are stored."""
    wanted, found = {text.encode(), text.encode(QUERY_ENCODING)}, []
    async for key in client.scan_iter():  # type: ignore[attr-defined]
        reading = {
            b"string": ("GET",), b"hash": ("HGETALL",), b"list": ("LRANGE", 0, -1), b"set": ("SMEMBERS",),
            b"zset": ("ZRANGE", 0, -1), b"stream": ("XRANGE", "-", "+"),
        }  # fmt: skip
        name, *rest = reading[await client.type(key)]  # type: ignore[attr-defined]
        value = await client.execute_command(name, key, *rest)  # type: ignore[attr-defined]
        if any(one in key or one in flat(value) for one in wanted):
            found.append(key)
    return found


def flat(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, dict):
        return b"\0".join(flat(part) for pair in value.items() for part in pair)
    if isinstance(value, (list, tuple, set)):
        return b"\0".join(flat(part) for part in value)
    return str(value).encode()
