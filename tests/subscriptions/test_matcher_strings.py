"""Every place of every string is found, however long the strings are and whatever they share."""

from __future__ import annotations

import random
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from query_worlds import unhurried

from subscriptions import matcher_strings
from subscriptions.matcher_strings import BLOCK, Strings, StringsMaker, Windows

LETTERS = "甲乙a\U00020000\ud800"
words = st.text(LETTERS, min_size=1, max_size=3 * BLOCK)
texts = st.text(LETTERS, max_size=60)


def made(strings: list[str]) -> tuple[Strings, list[int]]:
    maker = StringsMaker()
    maker.add_all(strings[:2])
    maker.add_all(strings[2:])
    found, numbers, lengths = maker.finish()
    assert lengths[numbers].tolist() == list(map(len, strings))
    return found, numbers.tolist()


def places(strings: Strings, text: str) -> list[tuple[int, int, int]]:
    found = strings.find(Windows.of(text))
    return list(zip(found.starts.tolist(), found.ends.tolist(), found.numbers.tolist(), strict=True))


def check(strings: list[str], text: str) -> None:
    found, numbers = made(strings)
    by_string = dict(zip(strings, numbers, strict=True))
    assert len(set(numbers)) == len(by_string)
    known = set(numbers)
    seen = [place for place in places(found, text) if place[2] in known]
    ranges = [(at, end) for at in range(len(text)) for end in range(at + 1, min(at + 5 * BLOCK, len(text)) + 1)]
    truth = [(at, end, by_string[text[at:end]]) for at, end in ranges if text[at:end] in by_string]
    assert sorted(seen) == truth
    assert sorted(seen, key=itemgetter(2)) == sorted(seen, key=itemgetter(2, 0))


@unhurried
@given(st.lists(words, max_size=12), texts)
def test_all_places_are_found(strings: list[str], text: str) -> None:
    check(strings, text)


def test_long_strings_of_which_only_the_short_one_is_there() -> None:
    check(["甲", "乙" * (BLOCK + 1), "a" * 3 * BLOCK], "甲乙甲a")


@unhurried
@given(st.lists(st.integers(1, 5 * BLOCK), min_size=1, max_size=6), st.integers(0, 6 * BLOCK))
def test_of_one_letter_again_and_again(lengths: list[int], length: int) -> None:
    check(["甲" * size for size in lengths], "甲" * length)


@pytest.mark.parametrize(
    "text", ["一二三四五六七八九", "一二三四五六七八十", "一二三四五六七八" * 2, "零一二三四五六七八"]
)
def test_at_the_borders_of_blocks(text: str) -> None:
    check(["一二三四五六七八", "一二三四五六七八九"], text)
    check(["一二三四五六七八九"], text)
    check(["一二三四五六七八" * 2], text)


def test_where_all_hashes_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Strings of one bucket are told apart by what they are; one that is there twice is found under each number."""
    monkeypatch.setattr(matcher_strings, "_MIX", np.zeros(4, dtype=np.uint64))
    monkeypatch.setattr(matcher_strings, "_MIX_BEGINNING", np.zeros(3, dtype=np.uint32))
    dice = random.Random(5)
    strings = ["".join(dice.choices("甲乙", k=dice.randint(1, 12))) for _ in range(200)]
    found, numbers = made(strings)
    text = "".join(dice.choices("甲乙", k=300))
    by_number = dict(zip(numbers, strings, strict=True))
    seen = {(start, by_number[number]) for start, _, number in places(found, text) if number in by_number}
    assert seen == {(start, string) for string in strings for start in range(300) if text.startswith(string, start)}


def test_many_strings() -> None:
    dice = random.Random(3)
    letters = [chr(0x4E00 + number) for number in range(300)]
    strings = list({"".join(dice.choices(letters, k=dice.randint(1, 20))) for _ in range(20_000)})
    check(strings, "".join(dice.choices([*strings, *letters], k=200)))


def test_which_are_perhaps_there() -> None:
    maker = StringsMaker()
    maker.add_all(["甲乙", "一二三四五六七八九", "丙"])
    assert maker.perhaps(["甲", "甲乙", "丙丁", "丙", "一二三四五六七八零"]) == ["甲乙", "丙", "一二三四五六七八零"]
    assert StringsMaker().perhaps(["甲"]) == []
