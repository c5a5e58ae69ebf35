"""Folding: what becomes equal, what stays apart, and the way back to the print."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from subscriptions import fold, normalise
from subscriptions.text import BLOCKS, folding_to, word_class

MIXED = "甲乙锂鋰電电ａＡ１ 　\n\u200b\u00ad“”（）－—…㎡ﬁßé\u0301\u0327가각ﾞｶが①⑴²Ωω丟\uffff\U0001d400"
mixed = st.text(st.one_of(st.sampled_from(MIXED), st.characters(exclude_categories=["Cs"])), max_size=30)


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("中航鋰電 ＡＢＣ", "中航锂电abc"),
        ("动 力\n电　池", "动力电池"),
        ("Power  Battery\nPACK", "power battery pack"),
        ("18 GWh", "18gwh"),
        ("2021 12", "2021 12"),
        ("总投资 60 亿元", "总投资60亿元"),
        ("“投产”－｜（甲）：＃～", '"投产"-|(甲):#~'),
        ("「甲」〔乙〕【丙】", '"甲"(乙)(丙)'),
        ("占地500㎡…", "占地500m2..."),
        ("e\u0301 É ﬁ ß", "é é fi ss"),
        ("か\u3099 ｶﾞ", "がガ"),
        ("电\u200b池\ufeff\u00ad\x00", "电池"),
        ("二○二一", "二〇二一"),
        ("薴", "苎"),
        ("\u0301甲", "\u0301甲"),
        ("o\u00af", "o\u00af"),
        ("안녕 세계", "안녕 세계"),
        ("", ""),
        (" \n ", ""),
        ("\u200b", ""),
    ],
)
def test_folding(printed: str, folded: str) -> None:
    assert fold(printed) == folded


@settings(deadline=None)
@given(mixed)
@example("甲 \u0301乙")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(mixed)
@example("㎡ e\u0301 b")
def test_every_character_leads_back_to_where_it_stands(text: str) -> None:
    normal = normalise(text)
    assert len(normal.starts) == len(normal.ends) == len(normal.text)
    places = [normal.source(place, place + 1) for place in range(len(normal.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)
    for character, (start, end) in zip(normal.text, places, strict=True):
        assert character == " " or character in fold(text[start:end])


@settings(deadline=None)
@given(mixed, st.data())
def test_a_place_in_the_print_holds_what_was_found(text: str, data: st.DataObject) -> None:
    normal = normalise(text)
    start = data.draw(st.integers(0, len(normal.text)))
    end = data.draw(st.integers(start, len(normal.text)))
    printed = text[slice(*normal.source(start, end))]
    assert normal.text[start:end].strip() in fold(printed)


def test_an_empty_range_is_a_place() -> None:
    normal = normalise("甲 乙")
    assert [normal.source(place, place) for place in range(3)] == [(0, 0), (2, 2), (3, 3)]
    assert normalise("").source(0, 0) == (0, 0)


@settings(deadline=None)
@given(
    st.text(
        st.characters(
            exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Lo", "Po", "Pd", "Ps", "Pe", "Pi", "Pf"]
        ),
        max_size=8,
    )
)
def test_latin_text_folds_as_unicode_says(text: str) -> None:
    """Where nothing is dropped, simplified or alike, folding is NFKC and case folding until nothing changes."""
    expected = text
    while (folded := unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", expected).casefold())) != expected:
        expected = folded
    if " " not in expected and all(fold(character) == character for character in expected):
        assert fold(text) == expected


def test_what_is_outside_the_blocks_stands_for_itself() -> None:
    inside = {code for start, end in BLOCKS for code in range(start, end)}
    outside = [chr(code) for code in range(0x110000) if code not in inside and not 0xD800 <= code < 0xE000]
    text = "\n".join(outside)
    assert unicodedata.normalize("NFKC", text) == text
    assert text.casefold() == text
    assert not {unicodedata.category(character) for character in outside} & {"Cc", "Cf", "Zs", "Zl", "Zp"}


def test_spaces_part_words_of_one_kind_only() -> None:
    assert [word_class(character) for character in "a1甲、é가٣"] == [1, 2, 0, 0, 1, 1, 2]


def test_a_table_of_what_looks_alike() -> None:
    table = folding_to("(-")
    assert "（甲－乙—【".translate(table) == "(甲-乙-("


def test_an_article_folds_in_well_under_a_millisecond() -> None:
    article = ("中航锂电动力电池项目，总投资60亿元。\n" * 90)[:1600]
    fold(article)
    best = min(_timed(article) for _ in range(20))
    assert best < 1e-3


def test_folding_is_linear() -> None:
    short, long = "e\u0301㎡ 甲" * 2000, "e\u0301㎡ 甲" * 16000
    fold(short)
    assert min(_timed(long) for _ in range(3)) < 40 * min(_timed(short) for _ in range(3)) + 0.01


def _timed(text: str) -> float:
    start = time.process_time()
    fold(text)
    return time.process_time() - start
