"""Measuring, cutting and splitting of text, and pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram_html import read

from digests import plain_parts
from digests.html import (
    EMPTY,
    SLOT,
    clean,
    html_escape,
    join,
    markup,
    reach,
    sentence_at,
    sentence_end,
    shorten,
    split_ranges,
    strip_tags,
    tag,
    text,
    trim,
    utf16_len,
)

CHARS = st.one_of(st.characters(), st.sampled_from("<>&。！？”\n 电池😀𠮷\u200d\ufe0f\u0301\U0001f3fd"))
TEXTS = st.text(CHARS, max_size=300)


@given(TEXTS)
def test_escaping_shows_the_same_text(value: str) -> None:
    shown = read(html_escape(value)).text
    assert shown == clean(value) == strip_tags(html_escape(value))
    assert len(shown) == len(value)
    shown.encode()


def test_what_a_message_cannot_carry_is_replaced_one_for_one() -> None:
    assert clean(f"甲\x00乙\ud83d丙{SLOT}\n\t") == "甲\ufffd乙\ufffd丙\ufffd\n\t"
    assert html_escape("<a & b>") == "&lt;a &amp; b&gt;"


@given(TEXTS)
def test_length_is_counted_in_utf16_units(value: str) -> None:
    assert utf16_len(value) == sum(2 if ord(c) > 0xFFFF else 1 for c in value)


@given(TEXTS, st.integers(2, 80), st.integers(0, 20))
def test_reach_fits_and_is_the_furthest_but_for_joined_characters(value: str, units: int, start: int) -> None:
    start = min(start, len(value))
    end = reach(value, start, units)
    assert utf16_len(value[start:end]) <= units
    if end < len(value):
        assert end > start
        assert utf16_len(value[start:end]) >= units - 1 - 2 * 16


@pytest.mark.parametrize(
    ("value", "units", "expected"),
    [
        ("甲乙丙", 2, "甲乙"),
        ("😀😀", 3, "😀"),
        ("甲e\u0301", 2, "甲"),
        ("甲👩\u200d🔬乙", 4, "甲"),
        ("a\u0301" * 40, 3, "a\u0301"),
    ],
)
def test_a_joined_character_is_not_torn(value: str, units: int, expected: str) -> None:
    assert value[: reach(value, 0, units)] == expected


def test_a_tower_of_accents_is_torn_rather_than_looked_at_forever() -> None:
    assert reach("a" + "\u0301" * 100, 0, 50) == 50
    assert reach("\u0301" * 100, 0, 8) == 8


def test_shorten() -> None:
    assert shorten("短", 40) == "短"
    assert shorten("一二三四五", 5) == "一二三四五"
    assert shorten("一二三 四五", 5) == "一二三…"


def test_sentence_end() -> None:
    assert sentence_end("甲。乙丙丁", 0, 5) == 2
    assert sentence_end("“甲。”乙丙", 0, 6) == 4
    assert sentence_end("One. Two", 0, 8) == 4
    assert sentence_end("甲乙。丙丁\n戊", 0, 7) == 6
    assert sentence_end("甲\n乙丙丁戊", 0, 6) == 2
    assert sentence_end("甲乙丙", 0, 3) == 0


@pytest.mark.parametrize(
    ("value", "word", "expected"),
    [
        ("甲一。乙二！丙三", "乙", "乙二！"),
        ("他说：“甲一。”乙二。", "乙", "乙二。"),
        ("甲。“乙二。”丙", "乙", "“乙二。”"),
        ("　　甲一\n乙二\n丙", "乙", "乙二"),
        ("One two. Three four. Five", "Three", "Three four."),
        ("只有", "有", "只有"),
    ],
)
def test_sentence_at(value: str, word: str, expected: str) -> None:
    start, end = sentence_at(value, value.index(word))
    assert value[start:end] == expected


@given(TEXTS, st.integers(0, 299))
def test_a_sentence_lies_around_its_place(value: str, place: int) -> None:
    if place < len(value):
        start, end = sentence_at(value, place)
        assert 0 <= start <= end <= len(value)
        assert value[place].isspace() or start <= place < end
        assert trim(value, start, end) == (start, end)


@given(TEXTS, st.integers(32, 90), st.integers(32, 90))
def test_splitting_loses_nothing(value: str, first: int, rest: int) -> None:
    ranges = split_ranges(value, first, rest)
    assert "".join(value[a:b] for a, b in ranges) == value
    for n, (a, b) in enumerate(ranges):
        assert 0 < utf16_len(value[a:b]) <= (rest if n else first)


def test_splitting_prefers_paragraphs_then_sentences() -> None:
    value = "一句话。" * 5 + "\n" + "两句话。" * 5 + "三" * 50
    parts = [value[a:b] for a, b in split_ranges(value, 32, 32)]
    assert parts == ["一句话。" * 5 + "\n", "两句话。" * 5, "三" * 32, "三" * 18]


def test_splitting_takes_linear_time() -> None:
    assert len(split_ranges("长" * 2_000_000, 4000, 4000)) == 500


def test_plain_parts() -> None:
    assert plain_parts("") == plain_parts(" \n ") == ("…",)
    assert plain_parts("甲 <b>") == ("甲 <b>",)
    assert plain_parts("一句。" * 20, 32) == ("一句。" * 10, "一句。" * 10)


def test_pieces() -> None:
    bold = tag("b", text("A&B"))
    assert (bold.html, bold.plain, bold.entities, bold.units) == ("<b>A&amp;B</b>", "A&B", 1, 3)
    assert tag("b", EMPTY) is EMPTY
    both = join([bold, EMPTY, text("丙")], " · ")
    assert (both.html, both.plain, both.entities) == ("<b>A&amp;B</b> · 丙", "A&B · 丙", 1)
    assert markup("<b>甲</b>&lt;<i>乙</i>").plain == "甲<乙" and markup("<b>甲</b>&lt;<i>乙</i>").entities == 2
    assert (bold + text("!")).html == "<b>A&amp;B</b>!"
