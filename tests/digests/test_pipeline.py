"""From a watched place to stored hits: once each, whatever is renamed, copied, corrected, repeated or broken."""

from __future__ import annotations

import pytest
from pipeline_world import NOW, ListSource, World, raw, read
from store_servers import Stores

from digests.errors import StoreError, UnreadableError
from digests.pipeline import MATCH_LEASE, InMemory, Servers, as_document, check_source, match_next
from digests.types import Article, Fact

TEXT = "青禾锂电开工：动力电池项目\n\n春茶上市：茶园采摘"


@pytest.fixture
def world(memory_stores: Stores) -> World:
    return World(memory_stores)


async def test_a_new_issue_is_added_and_matched_once(world: World) -> None:
    reader = await world.reader("1", "青禾锂电")
    (noticed,) = await world.publish(raw(TEXT))
    assert noticed.added is not None and noticed.added.outcome == "new" and len(noticed.added.articles) == 2
    hits = await world.all.hits.newest_hits(reader.subscriptions[0].query_id, 10)
    assert [hit.article_id for hit in hits] == [noticed.added.articles[0].id]


async def test_what_was_stored_is_secure_before_anything_counts_as_done(world: World) -> None:
    stores, seen = world.all, list[tuple[bool, bool]]()

    class Looking(InMemory):
        async def wait(self, since: Servers) -> None:
            (issue,) = await stores.issues.recent_issues(1)
            found = await stores.hits.queries_of([1])
            seen.append((issue.matched, any(found.values())))

    await world.reader("1", "储能")
    source = ListSource([raw("储能电站开工：云溪")])
    noticed = [one async for one in check_source(source, stores.issues, read, NOW, Looking())]
    assert len(noticed) == 1 and seen == [(False, False)]
    await match_next(stores.issues, stores.hits, stores.subscribers, world.feed, NOW, secure=Looking())
    assert seen[1:] == [(False, False), (False, True)]


async def test_whoever_outlives_the_servers_loss_does_not_call_it_done(world: World) -> None:
    """The hits are written, the server loses its last second and comes back; the process goes on as if nothing had been."""

    class Replaced(InMemory):
        async def begin(self) -> Servers:
            return {"": "before"}

        async def wait(self, since: Servers) -> None:
            assert since == {"": "before"}
            if any((await stores.hits.queries_of([1])).values()):
                raise StoreError("another life")

    stores = world.all
    await world.reader("1", "储能")
    source = ListSource([raw("储能电站开工：云溪")])
    assert [one async for one in check_source(source, stores.issues, read, NOW, Replaced())]
    with pytest.raises(StoreError):
        await match_next(stores.issues, stores.hits, stores.subscribers, world.feed, NOW, secure=Replaced())
    (issue,) = await stores.issues.recent_issues(1)
    assert not issue.matched
    again = await match_next(stores.issues, stores.hits, stores.subscribers, world.feed, NOW + MATCH_LEASE)
    assert again is not None and again.hits == 1, "whoever comes next does all of it"


async def test_the_same_content_under_another_name_is_nothing(world: World) -> None:
    await world.publish(raw(TEXT))
    assert (
        await world.publish(raw(TEXT, key="copy.txt"), raw(" " + TEXT.replace("：", "：\n"), key="wrapped.txt")) == []
    )


async def test_of_a_corrected_issue_only_what_changed_goes_on(world: World) -> None:
    await world.reader("1", "青禾锂电|茶园")
    await world.publish(raw(TEXT))
    (noticed,) = await world.publish(raw(TEXT.replace("采摘", "采摘忙")))
    assert noticed.added is not None
    assert [article.title for article in noticed.added.articles] == ["春茶上市"]


async def test_what_cannot_be_read_is_told_once_for_each_state(world: World) -> None:
    broken = UnreadableError("b.txt", "expected text, found a picture")
    first = await world.publish(broken, raw(TEXT))
    assert [(one.key, bool(one.unreadable)) for one in first] == [("b.txt", True), ("a.txt", False)]
    assert await world.publish(broken) == []
    assert len(await world.publish(UnreadableError("b.txt", "expected text, found nothing"))) == 1


async def test_a_source_may_only_yield_issues_and_errors(world: World) -> None:
    world.source.items.append("nonsense")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="list yielded str"):
        [one async for one in check_source(world.source, world.all.issues, read, NOW)]


async def test_a_query_added_later_meets_later_articles_only(world: World) -> None:
    await world.publish(raw(TEXT))
    reader = await world.reader("1", "青禾锂电")
    await world.publish(raw("青禾锂电投产：二期", key="b.txt"))
    hits = await world.all.hits.newest_hits(reader.subscriptions[0].query_id, 10)
    assert len(hits) == 1


async def test_instant_readers_become_due_at_once(world: World) -> None:
    await world.reader("1", "青禾锂电", kind="instant")
    await world.publish(raw(TEXT))
    assert await world.all.subscribers.claim_due(NOW, 10, NOW - NOW) == ["1"]


def test_a_document_has_everything_that_queries_ask_for() -> None:
    fact = Fact("甲", "capacity", 18.0, "GWh", 18.0, "GWh", "18GWh", 0, 5, stage="signed")
    article = Article("题", "文", "副题", "引题", "张三", "要闻", 1, topics=("光伏",), facts=(fact,))
    document = as_document(article, None)
    assert (document.subtitle, document.publication, document.topics) == ("引题 副题", "", frozenset({"光伏"}))
    assert document.figures[0].value == 18.0 and document.figures[0].stage == "signed"


async def test_many_new_queries_are_merged_while_following(world: World) -> None:
    await world.publish(raw(TEXT))
    for n in range(40):
        await world.reader(str(n + 1), f"青禾锂电 词语{n}", "青禾锂电")
        await world.feed.follow()
    assert not world.feed.matcher.wants_merge
    assert len(world.feed.matcher) == 41
