"""What is refused: the reason, and the place in what the reader typed."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscriptions import QUERY_ERROR_PARAMS, QUERY_ERRORS, QueryError, parse_query, print_query

REFUSED = [
    ("", "empty", ""),
    (" 　\u200b", "empty", " 　\u200b"),
    ("甲" * 201, "too_long", "甲"),
    ("ﷺ" * 40, "too_long", "ﷺ" * 40),
    (" ".join(f"词{number}" for number in range(21)), "too_many_terms", "词20"),
    ("(" * 7 + "甲甲" + ")" * 7, "too_deep", "("),
    ("甲甲 （乙乙", "unbalanced_open", "（"),
    ("甲甲 (", "unbalanced_open", "("),
    ("(甲甲 乙乙|", "missing_operand", "|"),
    ("甲甲） 乙乙", "unbalanced_close", "）"),
    (")", "unbalanced_close", ")"),
    ("甲甲 “乙乙", "unbalanced_quote", "“"),
    ("甲甲 ()", "empty_group", "()"),
    ('甲甲 ""', "empty_term", '""'),
    ("甲甲 ！！", "empty_term", "！！"),
    ("#！", "empty_term", "#！"),
    ("甲甲 或", "missing_operand", "或"),
    ("| 甲甲", "missing_operand", "|"),
    ("甲甲 | | 乙乙", "missing_operand", "|"),
    ("(|甲甲)", "missing_operand", "|"),
    ("(~5 甲甲)", "missing_operand", "~5"),
    ("甲甲 AND", "missing_operand", "AND"),
    ("甲甲 -", "missing_operand", "-"),
    ("甲甲 ~5", "missing_operand", "~5"),
    ("甲甲 ~5 -乙乙", "missing_operand", "~5"),
    ("-甲甲", "only_negative", "-甲甲"),
    ("甲甲|-乙乙", "only_negative", "甲甲|-乙乙"),
    ("-(甲甲 乙乙)", "only_negative", "-(甲甲 乙乙)"),
    ("甲甲 乙乙 -甲甲", "contradiction", "甲甲 乙乙 -甲甲"),
    ("甲甲 Ａ", "too_short", "Ａ"),
    ("7", "too_short", "7"),
    ("甲甲 的", "too_common", "的"),
    ("动力电池，储能", "ambiguous_comma", "，"),
    ("动力电池、储能", "ambiguous_comma", "、"),
    ("#甲,乙", "ambiguous_comma", ","),
    ("来源：新华社", "unknown_field", "来源："),
    ("甲甲 标题：", "missing_field_value", "标题："),
    ("标题:|甲甲", "missing_field_value", "标题:"),
    ("甲甲 #", "missing_field_value", "#"),
    ("版:", "missing_field_value", "版:"),
    ("标题:版:1", "bad_field_value", "标题:版:1"),
    ("标题:(甲甲 正文:乙乙)", "bad_field_value", "标题:(甲甲 正文:乙乙)"),
    ("标题:(正文:甲甲~2乙乙)", "bad_field_value", "标题:(正文:甲甲~2乙乙)"),
    ("版:头", "bad_page", "版:头"),
    ("版:4-2", "bad_page", "版:4-2"),
    ("版:1000", "bad_page", "版:1000"),
    ("阶段:完", "bad_stage", "阶段:完"),
    ("金额>=10亿", "unknown_metric", "金额"),
    ("投资额>=", "missing_field_value", "投资额>="),
    ("投资额>= | 签约", "missing_field_value", "投资额>="),
    ("投资额>=若干", "bad_number", "投资额>=若干"),
    ("投资额>=1.2.3亿", "bad_number", "投资额>=1.2.3"),
    ("投资额>=10吨", "bad_unit", "吨"),
    ("产能>10亿元", "bad_unit", "亿元"),
    ("产能>10块糖", "bad_unit", "块糖"),
    ("面积>500", "bad_unit", ""),
    ("增长>20", "bad_unit", ""),
    ("甲甲 ~5 #乙", "near_operand", "甲甲 ~5 #乙"),
    ("(甲甲 乙乙) ~5 丙丙", "near_operand", "(甲甲 乙乙) ~5 丙丙"),
    ("甲甲 ~201 乙乙", "near_distance", "~201"),
    ("标题:甲甲 ~5 正文:乙乙", "near_fields", "标题:甲甲 ~5 正文:乙乙"),
]


@pytest.mark.parametrize(("text", "code", "place"), REFUSED)
def test_refused(text: str, code: str, place: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    error = caught.value
    assert (error.code, text[error.start : error.end]) == (code, place)
    assert error.text == text
    assert tuple(error.params) == QUERY_ERROR_PARAMS[code]


def test_every_error_is_reached() -> None:
    assert {code for _, code, _ in REFUSED} == set(QUERY_ERRORS)


@pytest.mark.parametrize(
    "text",
    [
        "甲甲-乙乙",
        "covid-19",
        "a/b",
        "3:1 甲甲",
        "C++",
        "标题:(甲甲 -乙乙|丙丙~2丁丁)",
        "盐",
        "1,000",
        "甲甲 & 乙乙",
        "投资额>=10亿 的确",
        "AT&T",
        "50%",
    ],
)
def test_taken_as_it_stands(text: str) -> None:
    parse_query(text)


PIECES = [
    *"甲乙丙a1 　|()（）“”\"'-－~#:：=<>≥,，、.亿%\n或非",
    *("标题:", "版:", "投资额>=", "10亿元", " ~5 ", "阶段:投产", "OR "),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_whatever_is_typed_is_understood_or_refused_with_its_place(text: str) -> None:
    try:
        query = parse_query(text)
    except QueryError as error:
        assert 0 <= error.start <= error.end <= len(text)
        assert tuple(error.params) == QUERY_ERROR_PARAMS[error.code]
    else:
        assert parse_query(print_query(query)) == query


@pytest.mark.parametrize(
    "text",
    [
        "-" * 200,
        "(" * 200,
        "~" * 200,
        '"' * 199,
        "=" * 200,
        "9" * 200,
        "投资额>=" + "9," * 90,
        "甲~" * 100,
        "标题:" * 50,
    ],
)
def test_nothing_typed_takes_long(text: str) -> None:
    start = time.process_time()
    with contextlib.suppress(QueryError):
        parse_query(text)
    assert time.process_time() - start < 0.2
