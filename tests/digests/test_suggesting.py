"""Which word is suggested: weighed against all the papers, never what is held, found, refused or too soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from digests.suggesting import (
    EVERY,
    FEWEST_OPENED,
    Background,
    count_words,
    joined,
    suggest,
    wants_suggestion,
)
from digests.types import Article
from subscriptions import (
    Alias,
    AliasTable,
    Interest,
    Settings,
    Subscriber,
    Subscription,
    parse_query,
    print_query,
    query_id,
)

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
NONE = AliasTable(())


def article(*words: str) -> Article:
    return Article("、".join(words), "正文", keywords=words)


def reader(*queries: str, refused: tuple[str, ...] = (), opened: int = 9, **more: Any) -> Subscriber:
    texts = [print_query(parse_query(query)) for query in queries]
    held = tuple(Subscription(query_id(text), text, 0, NOW) for text in texts)
    interest = Interest(tuple(range(opened)), refused)
    return replace(Subscriber("7", Settings(suggest=True), NOW, held, interest=interest), **more)


OPENED = [article("固态电池", "青石")] * 4 + [article("氢能", "青石"), article("青石")]
PAPERS = Background(1000, {"青石": 800, "固态电池": 10, "氢能": 2})


def test_a_word_is_chosen_by_how_much_more_often_it_is_here() -> None:
    assert suggest(reader("青禾"), OPENED, PAPERS, NONE) == "固态电池"
    assert suggest(reader("青禾"), OPENED, Background(1000, {"固态电池": 600, "青石": 800}), NONE) is None
    assert suggest(reader("青禾"), OPENED[4:], PAPERS, NONE) is None
    assert suggest(reader("青禾"), [], PAPERS, NONE) is None


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("固态电池", None), ("电池", None), ("固态电池 投产", None), ("投产 -固态电池", None), ("电池|储能", None), ("#固态电池", None),
        ("储能", "固态电池"), ("电池 投产", "固态电池"), ("标题:电池", "固态电池"), ('="锂电"', "固态电池"), ("全固态锂电", "固态电池"),
    ],
)  # fmt: skip
def test_never_a_word_that_is_held_or_found(query: str, word: str | None) -> None:
    assert suggest(reader(query), OPENED, PAPERS, NONE) == word


def test_nor_another_name_of_one_that_is_held() -> None:
    aliases = AliasTable((Alias(("固态锂电", "固态电池")),))
    assert suggest(reader("固态锂电"), OPENED, PAPERS, aliases) is None


def test_nor_one_that_was_refused() -> None:
    assert suggest(reader(refused=("固态电池",)), OPENED, PAPERS, NONE) is None


@pytest.mark.parametrize("word", ["固态电池" * 4, "a:b", "OR"])
def test_nor_one_that_fits_no_button_or_is_no_query(word: str) -> None:
    opened = [Article(word, word, keywords=(word,))] * 5
    assert suggest(reader(), opened, PAPERS, NONE) is None


def test_when_it_is_time() -> None:
    assert wants_suggestion(reader(), NOW)
    assert not wants_suggestion(reader(settings=Settings()), NOW)
    assert not wants_suggestion(reader(paused="reader"), NOW)
    assert not wants_suggestion(reader(opened=FEWEST_OPENED - 1), NOW)
    last = replace(reader(), interest=replace(reader().interest, suggested=NOW))
    assert not wants_suggestion(last, NOW + EVERY - timedelta(seconds=1))
    assert wants_suggestion(last, NOW + EVERY)


def test_counting_in_parts_is_counting_at_once() -> None:
    parts = [count_words(OPENED[:2]), count_words(OPENED[2:])]
    assert joined(parts) == count_words(OPENED) == Background(6, {"固态电池": 4, "青石": 6, "氢能": 1})


words = st.sampled_from(["固态电池", "氢能", "青石", "储能", "电池", "投产"])
articles = st.lists(st.lists(words, min_size=1, max_size=4, unique=True).map(lambda some: article(*some)), max_size=12)


@run(max_examples=60, deadline=None)
@given(articles, articles, st.lists(words, max_size=3, unique=True), st.lists(words, max_size=2).map(tuple))
def test_whatever_is_suggested_is_new_and_often_opened(
    opened: list[Article], others: list[Article], held: list[str], refused: tuple[str, ...]
) -> None:
    word = suggest(reader(*held, refused=refused), opened, count_words([*opened, *others]), NONE)
    if word is not None:
        assert word not in held and word not in refused
        assert sum(word in one.keywords for one in opened) >= 3
        assert not any(query in word for query in held)
