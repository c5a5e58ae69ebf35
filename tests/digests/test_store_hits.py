"""The contract of HitStore, on memory, a server and a cluster."""

from __future__ import annotations

from itertools import permutations

import pytest
from store_servers import Stores

from subscriptions import Match, QueryId, Span, query_id, query_shard
from subscriptions.types import QUERY_BYTES


def qid(text: str) -> QueryId:
    return query_id(text)


A, B, C = qid("a"), qid("b"), qid("c")
PROVEN = Match(A, {"动力电池": (Span("title", 0, 4), Span("body", 7, 12)), "-": ()}, {"中航锂电": "中创新航"})


async def articles_after(stores: Stores, query: QueryId, cursor: int, limit: int = 9) -> list[int]:
    return [hit.article_id for hit in (await stores.hits.hits_after({query: cursor}, limit)).get(query, [])]


async def test_a_hit_keeps_its_proof(stores: Stores) -> None:
    await stores.hits.add_hits(7, [PROVEN, Match(B)])
    found = await stores.hits.get_matches([(A, 7), (B, 7), (A, 8), (C, 7), (A, 7)])
    assert {pair: hit.match for pair, hit in found.items()} == {(A, 7): PROVEN, (B, 7): Match(B)}
    assert found[A, 7].article_id == 7
    assert await stores.hits.get_matches([]) == {}


async def test_numbers_ascend_and_are_kept(stores: Stores) -> None:
    await stores.hits.add_hits(7, [PROVEN])
    await stores.hits.add_hits(5, [Match(A)])
    before = (await stores.hits.hits_after({A: 0}, 9))[A]
    assert [hit.article_id for hit in before] == [7, 5]
    assert 0 < before[0].seq < before[1].seq
    await stores.hits.add_hits(7, [Match(A), Match(A)])
    assert (await stores.hits.hits_after({A: 0}, 9))[A] == before


async def test_hits_are_read_from_a_cursor(stores: Stores) -> None:
    for article in (3, 1, 2, 9):
        await stores.hits.add_hits(article, [Match(A), Match(B)] if article < 3 else [Match(A)])
    hits = (await stores.hits.hits_after({A: 0}, 9))[A]
    assert await articles_after(stores, A, hits[1].seq) == [2, 9]
    assert await articles_after(stores, A, 0, limit=2) == [3, 1]
    assert await articles_after(stores, A, hits[-1].seq) == []
    both = await stores.hits.hits_after({A: hits[0].seq, B: 0, C: 0}, 2)
    assert {query: [hit.article_id for hit in found] for query, found in both.items()} == {A: [1, 2], B: [1, 2]}
    assert await stores.hits.hits_after({}, 9) == {}


async def test_newest_hits_come_first(stores: Stores) -> None:
    for article in (3, 1, 2):
        await stores.hits.add_hits(article, [Match(A)])
    assert [hit.article_id for hit in await stores.hits.newest_hits(A, 2)] == [2, 1]
    assert await stores.hits.newest_hits(A, 0) == []
    assert await stores.hits.newest_hits(B, 2) == []


async def test_a_hit_of_the_past_has_a_proof_and_no_number(stores: Stores) -> None:
    await stores.hits.add_hits(3, [Match(A)])
    await stores.hits.add_hits(3, [Match(A)], past=True)
    await stores.hits.add_hits(7, [PROVEN], past=True)
    assert (await stores.hits.get_matches([(A, 7)]))[A, 7].match == PROVEN
    assert await articles_after(stores, A, 0) == [3]
    assert [hit.article_id for hit in await stores.hits.newest_hits(A, 9)] == [3]
    await stores.hits.add_hits(7, [PROVEN])
    assert await articles_after(stores, A, 0) == [3, 7]
    assert await stores.hits.queries_of([7]) == {7: (A,)}


async def test_an_article_knows_its_queries(stores: Stores) -> None:
    await stores.hits.add_hits(1, [Match(C), Match(A)])
    await stores.hits.add_hits(1, [Match(A), Match(B)])
    await stores.hits.add_hits(2, [Match(B)])
    await stores.hits.add_hits(3, [])
    found = await stores.hits.queries_of([1, 2, 3])
    assert found == {1: tuple(sorted((A, B, C))), 2: (B,), 3: ()}
    assert await stores.hits.queries_of([]) == {}


async def test_thousands_of_hits_of_one_article(stores: Stores) -> None:
    ids = [qid(f"many {n}") for n in range(3000)]
    await stores.hits.add_hits(1, [Match(id) for id in ids])
    assert (await stores.hits.queries_of([1]))[1] == tuple(sorted(ids))
    assert len(await stores.hits.hits_after(dict.fromkeys(ids, 0), 1)) == len(ids)


async def test_hits_of_what_nobody_holds_are_dropped_up_to_a_number(stores: Stores) -> None:
    for article in (3, 4, 5):
        await stores.hits.add_hits(article, [Match(A), Match(B)])
    await stores.hits.add_hits(6, [PROVEN], past=True)
    (three, four, _) = (await stores.hits.hits_after({A: 0}, 9))[A]
    assert three.seq < four.seq
    for _ in range(2):
        await stores.hits.drop_hits({A: four.seq, C: 9})
        assert await articles_after(stores, A, 0) == [5] and await articles_after(stores, B, 0) == [3, 4, 5]
        assert await stores.hits.get_matches([(A, 3), (A, 6)]) == {}
        assert await stores.hits.queries_of([3, 5, 6]) == {3: (B,), 5: tuple(sorted((A, B))), 6: ()}
    await stores.hits.add_hits(3, [Match(A)])
    assert await articles_after(stores, A, 0) == [5, 3] and (await stores.hits.queries_of([3]))[3] == tuple(
        sorted((A, B))
    )
    await stores.hits.drop_hits({})


async def test_however_many_hits_are_dropped_each_script_drops_a_few(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digests.hits_redis.DROPPED", 2)
    for article in range(1, 6):
        await stores.hits.add_hits(article, [Match(A), Match(B), Match(C)])
    await stores.hits.drop_hits(dict.fromkeys((A, C, qid("nobody's")), 1 << 50))
    assert await stores.hits.hits_after({A: 0, C: 0}, 9) == {}
    assert await stores.hits.queries_of(range(1, 6)) == dict.fromkeys(range(1, 6), (B,))


async def test_bytes_of_two_queries_that_look_like_a_third_are_left_alone(stores: Stores) -> None:
    """Their ids lie one after the other, and the third's may stand across two of them."""
    half = QUERY_BYTES // 2
    trios = (
        [(one + other).hex(), (other + one).hex(), (other + other).hex()]
        for one, other in permutations([bytes([byte]) * half for byte in range(256)], 2)
    )
    first, second, third = next(trio for trio in trios if len(set(map(query_shard, trio))) == 1)
    await stores.hits.add_hits(1, [Match(first), Match(second), Match(third)])
    await stores.hits.drop_hits({third: 1 << 50})
    assert (await stores.hits.queries_of([1]))[1] == tuple(sorted((first, second)))
