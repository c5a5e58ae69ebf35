"""Cutting texts in slices gives the clauses that parsing gives, whatever stands beside what."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from query_worlds import alias_tables, documents, stored_queries, unhurried

from subscriptions import Alias, AliasTable, Document, Matcher, evaluate, matcher_compile, parse_query, print_query
from subscriptions import query_id as id_of
from subscriptions.matcher_clauses import plan_query
from subscriptions.matcher_compile import build_index
from subscriptions.matcher_strings import Windows
from subscriptions.matcher_texts import pack
from subscriptions.query import Query

NONE = AliasTable()


def clauses_of(text: str) -> set[tuple[frozenset[str], frozenset[str]]]:
    """What the index of this one query requires and forbids, in words."""
    index = build_index(pack([(id_of(text), text)]), NONE)
    words = sorted(set(text.replace("|", " ").replace(" -", " ").split(" ")))
    assert len(index.strings) == len(words)
    words.sort(key=lambda word: index.strings.find(Windows.of(word)).numbers[-1])
    always = 2 * len(words)
    found = set()
    for anchor, others in zip(index.anchors.tolist(), index.others.tolist(), strict=True):
        literals = [2 * anchor, *(other for other in others if other != always)]
        sides = [frozenset(words[literal >> 1] for literal in literals if literal & 1 == side) for side in (0, 1)]
        found.add((sides[0], sides[1]))
    return found


@pytest.mark.parametrize(
    "text",
    [
        "甲甲",
        "甲甲|乙乙",
        "甲甲 乙乙 丙丙 -丁丁",
        "a-b 甲甲 -c-d|甲甲 -乙乙|戊",
        "※≈甲 乙乙",
        "甲 乙 丙 丁 戊|己",
    ],
)
def test_a_text_without_signs_is_cut_as_it_is_parsed(text: str) -> None:
    planned = {(frozenset(map(str, c.required)), frozenset(map(str, c.forbidden))) for c in plan_query(text).clauses}
    assert clauses_of(text) == planned


def test_an_index_of_no_queries() -> None:
    index = build_index(pack([]), AliasTable([Alias(("甲乙", "丙丁"))]))
    assert (len(index), len(index.strings), len(index.anchors)) == (0, 0, 0)


def test_the_anchor_is_the_rarest_word_that_must_occur() -> None:
    texts = ["常常 少少", "常常 -只此", "常常"]
    index = build_index(pack([(id_of(text), text) for text in texts]), NONE)
    assert _uses(index.anchors.tolist()) == [1, 2]


def _uses(anchors: list[int]) -> list[int]:
    return sorted(anchors.count(anchor) for anchor in set(anchors))


@pytest.mark.parametrize("slice_size", [1, 7, 1000])
def test_slices_of_any_size_say_the_same(slice_size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matcher_compile, "SLICE", slice_size)
    dice = random.Random(slice_size)
    words = ["甲甲", "乙乙", "丙丙", "丁丁", "甲乙", "丙丁", "戊"]
    texts = {print_query(parse_query(_some(dice, words))) for _ in range(60)}
    aliases = AliasTable([Alias(("丙丙", "戊己", "丙丁"))])
    matcher = Matcher([(id_of(text), text) for text in texts], aliases)
    for _ in range(8):
        document = Document("".join(dice.choices(words, k=2)), "，".join(dice.choices([*words, "戊己"], k=3)), page=1)
        found = [evaluate(parse_query(text), document, aliases) for text in texts]
        truth = {match.query_id: match for match in found if match}
        assert sorted(matcher.match_ids(document)) == sorted(truth)
        assert {match.query_id: match for match in matcher.match(document)} == truth


def _some(dice: random.Random, words: list[str]) -> str:
    plain = dice.sample(words, dice.randint(1, 6))
    kind = dice.randrange(6)
    if kind == 0:
        return "|".join(plain)
    if kind == 1 and len(plain) > 1:
        return f"{' '.join(plain[:-1])} -{plain[-1]}"
    if kind == 2 and len(plain) > 2:
        return f"{plain[0]} {plain[1]}|{' '.join(plain[2:])}"
    if kind == 3:
        return f"{' '.join(plain)} 版:{dice.randint(1, 2)}"
    if kind == 4 and len(plain) > 1:
        return f"标题:{plain[0]} {plain[1]}"
    return " ".join(plain)


@settings(unhurried, max_examples=20)
@given(st.lists(stored_queries, min_size=1, max_size=6), documents, alias_tables)
def test_a_query_means_the_same_alone_and_among_others(
    some: list[Query],
    document: Document,
    aliases: AliasTable,
) -> None:
    pairs = {id_of(query): print_query(query) for query in some}
    alone = {id for pair in pairs.items() for id in Matcher([pair], aliases).match_ids(document)}
    assert set(Matcher(pairs.items(), aliases).match_ids(document)) == alone
