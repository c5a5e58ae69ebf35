"""Sentences, extracts and keywords."""

from __future__ import annotations

import logging
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.words import Keywords, extract, full_sentences, keywords, sentences
from digests.words.sentences import fold_each
from subscriptions import fold

BODY = (
    "本报讯 昨天，远图储能项目在青岚区开工，总投资22亿元。项目由远图公司建设。“我们等这一天很久了！”公司负责人说。\n"
    "青岚区正在打造储能产业集群；产业链日益完善。天气很好。"
)


def cut(text: str, places: list[tuple[int, int]] | tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:end] for start, end in places]


def test_sentences_end_with_their_marks_and_closing_quotes() -> None:
    assert cut(BODY, sentences(BODY)) == [
        "本报讯 昨天，远图储能项目在青岚区开工，总投资22亿元。",
        "项目由远图公司建设。",
        "“我们等这一天很久了！”",
        "公司负责人说。",
        "青岚区正在打造储能产业集群；",
        "产业链日益完善。",
        "天气很好。",
    ]
    assert cut(BODY, full_sentences(BODY))[-2] == "青岚区正在打造储能产业集群；产业链日益完善。"


@given(st.text(alphabet="甲乙。；！？\n ”Ａ1ｅ\u0301", max_size=60))
def test_sentences_lose_nothing_but_white_space(text: str) -> None:
    for places in (sentences(text), full_sentences(text)):
        assert "".join(cut(text, places)).split() == text.split() or "".join(
            "".join(cut(text, places)).split()
        ) == "".join(text.split())
        assert all(left[1] <= right[0] for left, right in pairwise(places))


@given(st.text(alphabet="甲乙。；Ａ１a 1鐵㎡", max_size=60))
def test_folding_each_equals_folding_one_by_one(text: str) -> None:
    places = sentences(text)
    assert [folded.strip() for folded in fold_each(text, places)] == [fold(piece) for piece in cut(text, places)]


def test_an_extract_is_the_lead_with_its_figures() -> None:
    assert cut(BODY, extract("远图储能项目开工", BODY))[0].startswith("本报讯 昨天，远图储能项目")


def test_an_extract_shows_the_terms_asked_for() -> None:
    chosen = cut(BODY, extract("远图储能项目开工", BODY, ["产业链", ""]))
    assert "青岚区正在打造储能产业集群；产业链日益完善。" in chosen


def test_an_extract_prefers_statements_to_questions_and_remarks() -> None:
    body = "编者按：路在何方？远图公司去年产值12亿元，同比增长20%。"
    assert cut(body, extract("", body))[0].startswith("远图公司")


def test_an_extract_of_nothing_is_nothing_and_of_one_sentence_that_one() -> None:
    assert extract("题", " \n") == ()
    assert extract("题", "只有一句") == ((0, 4),)


@given(st.text(alphabet="甲乙丙。！？\n1亿元", max_size=80), st.text(max_size=10))
def test_an_extract_is_whole_sentences_in_order(body: str, title: str) -> None:
    chosen = extract(title, body)
    assert len(chosen) <= 2
    assert list(chosen) == sorted(chosen)
    assert set(chosen) <= set(full_sentences(body))


@pytest.fixture(scope="module")
def words() -> Keywords:
    return Keywords("青岚智谷 3000 n\n# 注释\n\n")


def test_keywords_know_the_trade_and_the_admins_own(words: Keywords) -> None:
    found = words.of("压缩空气储能项目落户青岚智谷", "压缩空气储能项目利用盐穴。青岚智谷的固定资产投资增长。" * 2, 5)
    assert {"压缩空气储能", "青岚智谷"} <= set(found)
    assert len(found) <= 5


def test_keywords_leave_out_numbers_and_common_words(words: Keywords) -> None:
    found = words.of("我区两家企业", "昨天，我区12家企业表示，2021年将持续发展。")
    assert not {"12", "2021", "我区", "表示", "两家"} & set(found)
    assert words.of("", "") == ()
    assert words.of("储能", "储能", 0) == ()


def test_keywords_with_the_shipped_dictionary_are_the_same_twice() -> None:
    assert keywords("磷酸铁锂正极材料投产", "磷酸铁锂正极材料投产。") == keywords(
        "磷酸铁锂正极材料投产", "磷酸铁锂正极材料投产。"
    )
    assert "磷酸铁锂" in keywords("磷酸铁锂正极材料投产", "")


def test_loading_is_silent_even_where_warnings_are_errors() -> None:
    code = "from digests.words import keywords; keywords('储能', '储能')"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert (run.stdout, run.stderr) == ("", "")
    assert logging.getLogger("jieba").level == logging.WARNING
