"""How queries come into the matcher and stay in it: additions, tiers, merging beside matching, processes."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection

import numpy as np
import pytest

from subscriptions import (
    Alias,
    AliasTable,
    Document,
    Figure,
    Matcher,
    QueryId,
    Span,
    evaluate,
    matcher_apart,
    matcher_texts,
    parse_query,
    print_query,
    query_id,
)
from subscriptions.matcher import FRESH, MANY_ADDED, SMALL
from subscriptions.matcher_compile import build_index
from subscriptions.matcher_index import Index
from subscriptions.matcher_texts import in_order, pack, page_of
from subscriptions.types import QueryPage

ARTICLE = Document(
    "青禾新航动力电池投产", "总投资60亿元的储能项目", publication="云溪时报", page=1, topics=frozenset({"动力电池"})
)


def stored(text: str) -> tuple[QueryId, str]:
    canonical = print_query(parse_query(text))
    return query_id(canonical), canonical


def numbered(start: int, end: int) -> list[tuple[QueryId, str]]:
    """Queries of which every tenth matches the article."""
    words = (
        f"{'投产' if number % 10 == 0 else '无此事'} {'-' if number % 2 == 0 else ''}词{number}"
        for number in range(start, end)
    )
    return [(query_id(text), text) for text in words]


def added(matcher: Matcher, queries: list[tuple[QueryId, str]]) -> Matcher:
    for id, text in queries:
        matcher.add(id, text)
    return matcher


def test_an_empty_matcher_matches_nothing() -> None:
    matcher = Matcher()
    assert (len(matcher), matcher.match(ARTICLE), matcher.match_ids(ARTICLE)) == (0, [], [])
    matcher.merge()
    assert len(matcher) == 0


def test_an_addition_is_live_at_once() -> None:
    matcher = Matcher([stored("储能")])
    id, text = stored("动力电池 投产")
    assert id not in matcher
    matcher.add(id, text)
    assert id in matcher
    assert {match.query_id for match in matcher.match(ARTICLE)} == {stored("储能")[0], id}
    assert id in matcher


def test_a_match_proves_itself() -> None:
    (match,) = Matcher([stored("动力电池 (投产|签约) -广告")]).match(ARTICLE)
    assert match.terms == {"动力电池": (Span("title", 4, 8),), "投产": (Span("title", 8, 10),)}
    assert match.aliases == {}


def test_aliases_count_and_are_named() -> None:
    aliases = AliasTable([Alias(("青禾锂电", "青禾新航"))])
    (match,) = Matcher([stored("青禾锂电"), stored('="青禾锂电"')], aliases).match(ARTICLE)
    assert match.aliases == {"青禾锂电": "青禾新航"}


def test_known_queries_are_not_added_twice() -> None:
    matcher = Matcher([stored("储能")])
    added(matcher, [stored("储能"), stored("投产"), stored("投产")])
    assert len(matcher) == 2
    matcher.add(*stored("投产"))
    assert len(matcher.match_ids(ARTICLE)) == 2


def test_few_tiers_come_of_many_additions() -> None:
    matcher = Matcher(numbered(0, 100))
    for start in range(100, 100 + SMALL, 100):
        added(matcher, numbered(start, start + 100))
        matcher.match_ids(ARTICLE)
    assert len(matcher) == 100 * (SMALL // 100 + 2)
    assert 2 <= len(matcher.tiers) <= 6
    assert len(matcher.match_ids(ARTICLE)) == len(matcher) // 10


def test_merging_leaves_one_tier_and_everything_in_it() -> None:
    matcher = added(Matcher(numbered(0, 500)), numbered(500, 600))
    before = sorted(matcher.match_ids(ARTICLE))
    added(matcher, numbered(600, 610))
    matcher.merge()
    assert matcher.tiers == (610,)
    assert sorted(matcher.match_ids(ARTICLE)) == sorted([*before, numbered(600, 601)[0][0]])
    matcher.merge()
    assert matcher.tiers == (610,)


def test_a_failed_merge_changes_nothing() -> None:
    matcher = added(Matcher(numbered(0, 50)), numbered(50, 60))

    def fail(pages: Sequence[QueryPage], aliases: AliasTable) -> Index:
        raise MemoryError

    with pytest.raises(MemoryError):
        matcher.merge(fail)
    assert len(matcher) == 60
    assert len(matcher.match_ids(ARTICLE)) == 6
    matcher.merge()
    assert matcher.tiers == (60,)


@pytest.mark.parametrize("match_between", [True, False])
def test_additions_while_a_merge_runs_are_live_and_kept(match_between: bool) -> None:
    matcher = added(Matcher(numbered(0, 50)), numbered(50, 60))

    def build(pages: Sequence[QueryPage], aliases: AliasTable) -> Index:
        added(matcher, numbered(60, 80))
        if match_between:
            assert len(matcher.match_ids(ARTICLE)) == 8
        added(matcher, numbered(80, 90))
        matcher.merge()  # one is running: nothing happens
        return build_index(in_order(pages), aliases)

    matcher.merge(build)
    assert len(matcher) == 90
    assert len(matcher.match_ids(ARTICLE)) == 9
    matcher.merge()
    assert (matcher.tiers, len(matcher.match_ids(ARTICLE))) == ((90,), 9)


def test_a_tier_beside_a_merge_stays_where_it_shares_nothing() -> None:
    matcher = added(Matcher(numbered(0, FRESH)), numbered(FRESH, FRESH + 10))
    matcher.match_ids(ARTICLE)

    def build(pages: Sequence[QueryPage], aliases: AliasTable) -> Index:
        added(matcher, numbered(FRESH + 10, FRESH + 30))
        matcher.match_ids(ARTICLE)
        return build_index(in_order(pages), aliases)

    matcher.merge(build)
    assert matcher.tiers == (FRESH + 10, 20)


def test_matching_goes_on_while_a_thread_merges() -> None:
    matcher = Matcher(numbered(0, 3000))

    def merge_often() -> None:
        for _ in range(5):
            matcher.merge()

    worker = threading.Thread(target=merge_often)
    worker.start()
    number = 3000
    while worker.is_alive() or number < 3050:
        added(matcher, numbered(number, number + 10))
        number += 10
        assert len(matcher.match_ids(ARTICLE)) == number // 10
    worker.join()
    matcher.merge()
    assert (len(matcher), len(matcher.match_ids(ARTICLE))) == (number, number // 10)


def test_when_a_merge_is_wanted() -> None:
    matcher = Matcher(numbered(0, 10))
    assert not matcher.wants_merge
    added(matcher, [(f"{number:024x}", f"词{number}") for number in range(MANY_ADDED + 1)])
    assert matcher.wants_merge


def test_an_index_can_be_built_in_another_process() -> None:
    matcher = added(Matcher(numbered(0, 50)), numbered(50, 60))
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        matcher.merge(lambda pages, aliases: pool.submit(build_index, in_order(pages), aliases).result())
    assert (matcher.tiers, len(matcher.match_ids(ARTICLE))) == ((60,), 6)


def test_many_queries_are_built_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matcher_apart, "WORTH", 60)
    aliases = AliasTable([Alias(("青禾锂电", "青禾新航"))])
    matcher = Matcher(numbered(0, 50), aliases)
    matcher.add_all([*numbered(45, 60), stored("青禾锂电"), stored("版:1 -投产~2签约")])
    before = matcher.match(ARTICLE)
    matcher.merge()
    assert matcher.tiers == (62,)
    assert sorted(matcher.match(ARTICLE), key=repr) == sorted(before, key=repr)
    assert len(before) == 8


@pytest.mark.parametrize("queries", [numbered(0, 20), [stored("版:1"), stored("#动力电池")]])
def test_an_index_travels_in_parts(queries: list[tuple[QueryId, str]]) -> None:
    """As the child sends it: here in a thread, for what a pipe holds is less than an index."""
    here, there = get_context("spawn").Pipe()
    child = threading.Thread(target=matcher_apart.serve_index, args=(there, AliasTable()))
    child.start()
    matcher_apart.send_pages(here, [page_of(queries[:7]), page_of(queries[5:])])
    received = matcher_apart.receive_index(here)
    child.join()
    built = build_index(pack(queries), AliasTable())
    assert (received.texts.ids, received.texts.blob) == (built.texts.ids, built.texts.blob)
    assert received.others.tolist() == built.others.tolist()
    assert [level.first for level in received.strings.levels] == [level.first for level in built.strings.levels]
    matcher = Matcher()
    matcher.add_all(queries)
    matcher.merge(lambda pages, aliases: received)
    assert sorted(matcher.match_ids(ARTICLE)) == sorted(Matcher(queries).match_ids(ARTICLE)) != []


def test_a_builder_that_dies_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matcher_apart, "WORTH", 10)
    monkeypatch.setattr(matcher_apart, "serve_index", die)
    matcher = added(Matcher(numbered(0, 50)), numbered(50, 60))
    with pytest.raises(ChildProcessError, match="60 queries"):
        matcher.merge()
    assert len(matcher.match_ids(ARTICLE)) == 6


def die(there: Connection, aliases: AliasTable) -> None:
    """What becomes of a child that the machine has no memory for."""
    os._exit(9)


def test_every_kind_of_query_beside_the_others() -> None:
    document = replace(ARTICLE, figures=(Figure("capacity", 18.0, "GWh", "in_production"),))
    texts = [
        *(
            "储能",
            "标题:储能",
            "标题:投产",
            "标题:投产 投产",
            "报:云溪",
            "报:青禾",
            "云溪",
            "时报",
            "投产 ~3 电池",
            "投产 ~1 动力",
            '="投产"',
        ),
        *(
            "产能>10GWh",
            "产能>=18GWh",
            "产能<18GWh",
            "投资额>1元",
            "阶段:投产",
            "阶段:签约",
            "版:1-3",
            "版:2",
            "#动力电池",
            "#储能",
        ),
        *(
            "标题:投产|标题:动力电池|储能",
            "投产 -标题:储能",
            "投产 -(标题:投产 版:1)",
            "标题:投产 报:云溪 阶段:投产 #动力电池 版:1 储能",
        ),
    ]
    queries = [parse_query(text) for text in texts]
    truth = [match for query in queries if (match := evaluate(query, document, AliasTable())) is not None]
    matcher = Matcher([(query_id(query), print_query(query)) for query in queries])
    assert {match.query_id: match for match in matcher.match(document)} == {match.query_id: match for match in truth}
    assert sorted(matcher.match_ids(document)) == sorted(match.query_id for match in truth)
    assert len(truth) == 14


def test_queries_without_strings() -> None:
    matcher = Matcher([stored("版:1"), stored("#动力电池"), stored("阶段:投产")])
    assert sorted(matcher.match_ids(ARTICLE)) == sorted(id for id, _ in (stored("版:1"), stored("#动力电池")))
    assert len(matcher.match(ARTICLE)) == 2


def test_an_index_without_strings_pickles_too() -> None:
    index = pickle.loads(pickle.dumps(build_index(pack([stored("版:1"), stored("#动力电池")]), AliasTable())))
    assert len(index) == 2


def test_texts_by_number_and_by_id() -> None:
    pairs = [stored("甲甲"), stored("乙乙 丙丙"), stored("#丁")]
    texts = pack(pairs)
    assert {texts.id(number): texts.text(number) for number in range(3)} == dict(pairs)
    assert texts.ids_of(np.arange(3, dtype=np.int32)) == sorted(id for id, _ in pairs)
    assert texts.ids_of(np.arange(0, dtype=np.int32)) == []
    assert all(id in texts for id, _ in pairs)
    assert "0" * 24 not in texts
    assert "f" * 24 not in texts
    assert len(pack([])) == 0


def test_pages_are_put_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matcher_texts, "_CHUNK", 100)
    many = numbered(0, 800)
    pages = [page_of(many[:10]), pack(many[10:700]), page_of(many[600:][::-1]), page_of([])]
    texts, whole = in_order(pages), dict(sorted(many))
    assert {texts.id(number): texts.text(number) for number in range(len(texts))} == whole
    assert [texts.id(number) for number in range(len(texts))] == list(whole)


def test_what_others_have_is_left_out() -> None:
    some, other = pack(numbered(0, 20)), pack(numbered(10, 30))
    assert some.without(other).blob == pack(numbered(0, 10)).blob
    assert some.without(pack(numbered(20, 30))) is some.without(pack([])) is some
    assert len(some.without(some)) == 0
