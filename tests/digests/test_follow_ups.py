"""Corrections reach the messages that carry what was wrong: the store's contract, and the way from a changed issue."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from pipeline_world import NOW, SLOT, World, raw, read
from store_servers import Stores

from digests.compose import Composed, compose_due, compose_issue
from digests.follow_ups import answer, correct, with_article
from digests.pipeline import Alive, check_source, match_next
from digests.settle import Outcome, OutcomeKind, settle, unread_with_it
from digests.types import Article, Delivery, Digest, DigestGroup, DigestItem, Issue, RawIssue
from subscriptions import AliasTable, query_id

AT = datetime(2026, 5, 1, 8, 0, 0, 123456, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WRONG = "青禾锂电开工：总投资25亿元的动力电池项目\n\n春茶上市：茶园采摘"
RIGHT = WRONG.replace("25", "26")


def digest(*articles: int) -> Digest:
    return Digest((DigestGroup("动力电池", tuple(DigestItem(n, ("a" * 24,)) for n in articles)),), ("i",), 9, AT)


def carrying(id: str, *articles: int, subscriber: str = "1") -> Delivery:
    return Delivery(id, subscriber, "digest", AT, digest=digest(*articles))


# ------------------------------------------------------------------------------------------------ the store
async def test_what_carries_an_article(stores: Stores) -> None:
    await stores.outbox.put(
        [carrying("d1", 7, 17), carrying("d2", 71), carrying("d3", 7), carrying("e", 7, subscriber="2")], AT
    )
    assert await stores.follow_ups.carrying("1", 7) == [], "nothing is sent yet"
    for n in range(3):
        for one in await stores.outbox.claim(AT + n * MINUTE, 9, MINUTE):
            state = "failed" if one.id == "d3" else "sent"
            await stores.outbox.settle(replace(one, state=state, sent=(5,)), AT, next_at=None, chat_at=AT)  # type: ignore[arg-type]
    assert [d.id for d in await stores.follow_ups.carrying("1", 7)] == ["d1"]
    assert [d.id for d in await stores.follow_ups.carrying("1", 17)] == ["d1"]
    assert await stores.follow_ups.carrying("1", 1) == [] and await stores.follow_ups.carrying("9", 7) == []


async def test_a_correction_is_queued_and_counts_as_given_in_one_step(stores: Stores) -> None:
    made = Delivery("c", "1", "correction", AT, digest=digest(8), edits=(5,), news=(8,))
    assert await stores.follow_ups.follow_up(made, AT)
    assert await stores.outbox.had("1") == {8}
    await stores.outbox.give_back("1", [8])
    assert not await stores.follow_ups.follow_up(made, AT), "a repeated step takes nothing back"
    assert await stores.outbox.had("1") == frozenset()
    assert [d.edits for d in await stores.outbox.claim(AT, 9, MINUTE)] == [(5,)]


# ------------------------------------------------------------------------------------------------ the way
async def publish(world: World, text: str, now: datetime = NOW, issue: str = "i") -> list[int]:
    """Every file is the same issue, printed anew, unless another is named. Answers how many messages each correction changes."""

    def read_as_one(source: RawIssue) -> Issue:
        return replace(read(source), id=issue)

    world.source.items[:] = [raw(text, key=f"{issue}.txt")]
    assert [one async for one in check_source(world.source, world.all.issues, read_as_one, now)]
    counts = []

    async def follow_up(article: Article, alive: Alive) -> int:
        counts.append(await correct(world.stores, world.all.follow_ups, article, now, alive))
        return counts[-1]

    while await match_next(world.all.issues, world.all.hits, world.all.subscribers, world.feed, now, follow_up):
        pass
    return counts


async def still_here() -> None:
    """Nobody else is there to take the work."""


async def deliver(world: World, now: datetime) -> list[Delivery]:
    claimed = await world.all.outbox.claim(now, 9, MINUTE)
    for one in claimed:
        done = replace(one, state="sent", sent=one.edits or (int(one.subscriber) * 100,), settled=now)
        await world.all.outbox.settle(done, now, next_at=None, chat_at=now)
    return claimed


async def refuse(world: World, now: datetime, outcome: Outcome) -> None:
    for one in await world.all.outbox.claim(now, 9, MINUTE):
        made = settle(one, outcome, now)
        await world.all.outbox.settle(made.delivery, now, next_at=None, chat_at=now)
        await world.all.outbox.give_back(one.subscriber, made.returned, stood_for=unread_with_it(one))


@pytest.fixture
def world(memory_stores: Stores) -> World:
    return World(memory_stores)


async def read_the_wrong(world: World) -> None:
    for id in ("1", "2"):
        await world.reader(id, "青禾锂电", "#动力电池")
    await world.reader("3", "茶园")
    assert await publish(world, WRONG) == []
    assert len(await compose_due(world.stores, SLOT)) == 3
    assert len(await deliver(world, SLOT)) == 3


async def test_the_message_that_carries_it_is_edited_and_the_next_digest_is_silent(world: World) -> None:
    await read_the_wrong(world)
    assert await publish(world, RIGHT, SLOT + MINUTE) == [2]
    edits = await deliver(world, SLOT + 2 * MINUTE)
    assert sorted((d.kind, d.edits) for d in edits) == [("correction", (100,)), ("correction", (200,))]
    assert await world.titles(edits) == [["青禾锂电开工"]] * 2 and edits[0].news == (3,)
    turns = await compose_due(world.stores, SLOT + DAY)
    assert [turn.delivery for turn in turns] == [None] * 3
    assert await publish(world, RIGHT.replace("26", "27"), SLOT + 3 * MINUTE) == [2], "and once more"
    again = await deliver(world, SLOT + 4 * MINUTE)
    assert sorted(d.edits for d in again) == [(100,), (200,)] and again[0].news == (4,)


async def test_a_repeated_step_edits_once(world: World) -> None:
    await read_the_wrong(world)
    await publish(world, RIGHT, SLOT + MINUTE)
    (article, _) = (await world.all.issues.get_articles([3]))[3]
    assert await correct(world.stores, world.all.follow_ups, article, SLOT + MINUTE, still_here) == 0


async def test_what_is_old_or_somebody_who_is_away_waits_for_the_next_digest(world: World) -> None:
    await read_the_wrong(world)
    await world.service.pause("2", "reader", SLOT)
    assert await publish(world, RIGHT, SLOT + 2 * DAY) == [0]
    (turn, *_) = [turn for turn in await compose_due(world.stores, SLOT + 2 * DAY) if turn.delivery]
    assert turn.subscriber == "1" and await world.titles([turn.delivery]) == [["青禾锂电开工"]]
    assert await publish(world, RIGHT.replace("26", "27"), SLOT + 2 * DAY) == [0], "it waits in the outbox still"


async def compose(world: World, now: datetime) -> list[Composed]:
    """As the service does: corrections of what was sent are told as answers."""
    say = partial(answer, world.stores, world.all.follow_ups)
    turns = await compose_due(world.stores, now, answer=lambda reader, digest: say(reader, digest, now))
    return sorted(turns, key=lambda turn: turn.subscriber)


async def test_what_is_old_is_corrected_by_an_answer_in_the_readers_slot(world: World) -> None:
    await read_the_wrong(world)
    late = SLOT + 2 * DAY
    assert await publish(world, RIGHT, late) == [0], "nothing is edited any more"
    assert await deliver(world, late) == [], "and nothing is sent before the slot"
    turns = await compose(world, late)
    assert [(turn.delivery, turn.answered) for turn in turns] == [(None, True), (None, True), (None, False)]
    answers = await deliver(world, late)
    assert sorted((d.kind, d.replies, d.edits, d.news) for d in answers) == [
        ("correction", 100, (), (3,)), ("correction", 200, (), (3,)),
    ]  # fmt: skip
    assert await world.titles(answers[:1]) == [["青禾锂电开工"]]
    assert await compose(world, late + DAY) and await deliver(world, late + DAY) == []
    assert await publish(world, RIGHT.replace("26", "27"), late + DAY) == [2], "the answer itself is edited then"
    assert {(d.edits, d.replies) for d in await deliver(world, late + DAY)} == {((100,), 100), ((200,), 200)}


async def test_an_answer_keeps_quiet_hours(world: World) -> None:
    await read_the_wrong(world)
    late = SLOT + 2 * DAY
    quiet = replace((await world.service.get("1")).settings, quiet=(0, 23 * 60 + 59))
    await world.service.set_settings("1", lambda _: quiet, late)
    await publish(world, RIGHT, late)
    await compose(world, late)
    assert [d.subscriber for d in await deliver(world, late)] == ["2"]


async def test_what_is_only_worded_anew_comes_with_the_digest(world: World) -> None:
    await read_the_wrong(world)
    late = SLOT + 2 * DAY
    await publish(world, WRONG.replace("的动力电池", "，动力电池"), late)
    first, *_ = await compose(world, late)
    assert first.delivery is not None and first.delivery.kind == "digest" and not first.answered


async def test_what_nobody_knows_the_message_of_comes_with_the_digest(world: World) -> None:
    """Two readers were given it; of one the delivery is still on its way."""
    await world.reader("1", "青禾锂电")
    await publish(world, WRONG)
    await compose(world, SLOT)
    await publish(world, RIGHT, SLOT + 2 * DAY)
    (turn,) = await compose(world, SLOT + 2 * DAY)
    assert turn.delivery is not None and await world.titles([turn.delivery]) == [["青禾锂电开工"]]


async def test_other_articles_stay_in_the_digest(world: World) -> None:
    await world.reader("1", "青禾锂电", "茶园")
    await publish(world, WRONG)
    await compose(world, SLOT)
    await deliver(world, SLOT)
    late = SLOT + 2 * DAY
    await publish(world, f"{RIGHT}\n\n夏茶上市：茶园又忙", late)
    (turn,) = await compose(world, late)
    assert turn.answered and await world.titles([turn.delivery]) == [["夏茶上市"]]
    told, digest = await deliver(world, late) + await deliver(world, late + MINUTE)
    assert (told.kind, digest.kind) == ("correction", "digest")


async def test_the_digest_names_the_issues_that_are_left_in_it(world: World) -> None:
    await world.reader("1", "青禾锂电", "茶园")
    await publish(world, f"{WRONG}\n\n青石要闻：又及")
    await compose(world, SLOT)
    await deliver(world, SLOT)
    late = SLOT + 2 * DAY
    await publish(world, f"{RIGHT}\n\n青石要闻：又及", late)
    await publish(world, "夏茶上市：茶园又忙", late, "j")
    (turn,) = await compose(world, late)
    assert turn.answered and turn.delivery is not None and turn.delivery.digest is not None
    assert (turn.delivery.digest.issues, turn.delivery.digest.total) == (("j",), 1)


async def test_a_digest_without_corrections_stays_as_it_is(world: World) -> None:
    await world.reader("1", "青禾锂电")
    await publish(world, WRONG)
    (turn,) = await compose(world, SLOT)
    assert not turn.answered and await world.titles([turn.delivery]) != [[]]


@pytest.mark.parametrize("kind", ["gone", "unchangeable", "rejected"])
async def test_an_edit_that_is_refused_becomes_an_answer(world: World, kind: OutcomeKind) -> None:
    await read_the_wrong(world)
    await publish(world, RIGHT, SLOT + MINUTE)
    await refuse(world, SLOT + 2 * MINUTE, Outcome(kind, "message can't be edited", message_id=100))
    turns = await compose(world, SLOT + DAY)
    assert [turn.answered for turn in turns] == [True, True, False]
    assert {d.replies for d in await deliver(world, SLOT + DAY)} == {100, 200}


async def test_an_answer_that_was_not_given_is_given_with_the_next_turn(world: World) -> None:
    await read_the_wrong(world)
    late = SLOT + 2 * DAY
    await publish(world, RIGHT, late)
    await compose(world, late)
    await refuse(world, late, Outcome("blocked"))
    assert [turn.answered for turn in await compose(world, late + DAY)] == [True, True, False]
    assert len(await deliver(world, late + DAY)) == 2


async def test_what_came_back_is_owed_still_where_its_correction_comes_back_too(world: World) -> None:
    """So that it comes where nothing that the reader holds wants the correction any more."""
    await world.reader("1", "25亿元", "26亿元")
    await publish(world, WRONG)
    await compose(world, SLOT)
    await refuse(world, SLOT, Outcome("blocked"))
    await publish(world, RIGHT, SLOT + MINUTE)
    (turn,) = await compose(world, SLOT + DAY)
    assert turn.delivery is not None and turn.delivery.digest is not None
    assert (turn.delivery.digest.given(), turn.delivery.digest.stood_for()) == ((3,), (1,))
    await refuse(world, SLOT + DAY, Outcome("blocked"))
    await world.service.unsubscribe("1", query_id("26亿元"), SLOT + DAY)
    (turn,) = await compose(world, SLOT + 2 * DAY)
    assert turn.delivery is not None and turn.delivery.digest is not None and turn.delivery.digest.given() == (1,)
    await deliver(world, SLOT + 2 * DAY)
    assert [turn.delivery for turn in await compose(world, SLOT + 3 * DAY)] == [None]


async def test_no_notice_of_nothing_beside_an_answer(world: World) -> None:
    await read_the_wrong(world)
    for id in ("1", "3"):
        await world.service.set_settings(id, lambda settings: replace(settings, nothing_today=True), SLOT)
    late = SLOT + 2 * DAY
    await publish(world, RIGHT, late)
    turns = await compose(world, late)
    assert [turn.delivery.kind if turn.delivery else None for turn in turns] == [None, None, "notice"]


async def test_a_turn_that_is_repeated_answers_once(world: World) -> None:
    """Between the answer and the end of the turn the process died."""
    await read_the_wrong(world)
    late = SLOT + 2 * DAY
    await publish(world, RIGHT, late)
    outbox = world.all.outbox

    async def die(*_: Any, **__: Any) -> bool:
        raise RuntimeError("killed")

    whole, outbox.compose = outbox.compose, die  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        await compose(world, late)
    outbox.compose = whole  # type: ignore[method-assign]
    await compose(world, late + 3 * MINUTE)
    assert len(await deliver(world, late + 3 * MINUTE)) == 2


async def test_what_telegram_does_not_let_us_edit_comes_with_the_next_digest(world: World) -> None:
    await read_the_wrong(world)
    await publish(world, RIGHT, SLOT + MINUTE)
    for one in await world.all.outbox.claim(SLOT + 2 * MINUTE, 9, MINUTE):
        for kind, state in (("rejected", "failed"), ("blocked", "paused")):
            made = settle(one, Outcome(kind, "message can't be edited"), SLOT)  # type: ignore[arg-type]
            assert (made.state, made.returned) == (state, (3,))


@pytest.mark.parametrize("backfilled", [False, True])
async def test_a_wrong_text_that_is_printed_again_does_not_come_after_its_correction(
    world: World, backfilled: bool
) -> None:
    """It was a reprint itself: the correction stands for its first printing too, whichever way it came."""
    await publish(world, WRONG, NOW - DAY, "first")
    reader = await world.reader("1", "青禾锂电")
    await publish(world, f"{WRONG}\n\n青石要闻：又及", NOW, "second")
    await publish(world, f"{RIGHT}\n\n青石要闻：又及", NOW + MINUTE, "second")
    if backfilled:
        assert await compose_issue(world.stores, reader, ["second"], AliasTable(), SLOT)
    else:
        assert [turn.delivery is not None for turn in await compose_due(world.stores, SLOT)] == [True]
    (sent,) = await deliver(world, SLOT)
    assert sent.digest is not None and [item.article_id for item in sent.digest.items()] == [6]
    await publish(world, f"{WRONG}\n\n青石旧闻：再及", SLOT + MINUTE, "third")
    assert [turn.delivery for turn in await compose_due(world.stores, SLOT + DAY)] == [None]


def test_only_what_is_corrected_is_replaced() -> None:
    assert with_article(digest(7, 8), Article("题", "文", id=9, corrects=7)) == digest(9, 8)
