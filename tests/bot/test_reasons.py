"""Reasons in the reader's language: halves of pairs, and the fixed sentences of the readers."""

from __future__ import annotations

from functools import partial

import pytest

from bot.reasons import in_language, problem_text, topic_reason
from bot.texts import Texts
from digests.aliases import parse_aliases
from digests.errors import AliasError, TopicError
from digests.topics import parse_topic
from subscriptions import Language

TEXTS = Texts.load()


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        ("应为文件 / expected a file", "应为文件", "expected a file"),
        ("应为甲；请改 / expected a; mend it", "应为甲；请改", "expected a; mend it"),
        ("甲 / a；乙 / b", "甲；乙", "a; b"),
        ("no such thing", "no such thing", "no such thing"),
        ("/a / b", "/a / b", "/a / b"),
    ],
)
def test_the_half_that_a_reader_reads(reason: str, zh: str, en: str) -> None:
    assert in_language(reason, "zh-Hans") == zh
    assert in_language(reason, "en") == en


def problem(text: str, language: Language = "zh-Hans") -> str:
    return problem_text(text, language, partial(TEXTS.get, language))


def test_problems_of_reading_are_told_in_words() -> None:
    assert problem("p1.txt: not a text") == "p1.txt：不是文字"
    assert "100" in problem("p1.txt: only the first 100 characters were read")
    assert problem("no article found") == "没有认出标题和正文"
    assert problem("第三版缺失 / page 3 is missing", "en") == "page 3 is missing"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("name = ", "不是有效的 TOML"),
        ('name = "甲"\nsize = 1', "size：没有这一项"),
        ('name = "甲"', "应为非空的文字"),
        ('name = "甲"\nname_en = "A"\ndefinition = "丙"', "至少要有一组词"),
        ('name = "甲"\nname_en = "A"\ndefinition = "丙"\n[[terms]]\nweight = 1\nany = ["词", "词"]', "写了两次"),
        ('name = "甲"\nname_en = "A"\ndefinition = "丙"\n[[terms]]\nweight = 1\nany = []', "至少要有一个词"),
    ],
)
def test_a_wrong_definition_is_explained_in_chinese(toml: str, said: str) -> None:
    with pytest.raises(TopicError) as raised:
        parse_topic(toml)
    assert said in topic_reason(raised.value.reason, partial(TEXTS.get, "zh-Hans"))


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("alias = ", "不是有效的 TOML"),
        ("other = 1", "只能有 [[alias]]"),
        ('[[alias]]\nname = "甲"', "alias[1]：应写 names"),
        ('[[alias]]\nnames = ["甲乙"]', "至少两个名称"),
        ('[[alias]]\nnames = ["甲乙", "丙"]', "名称至少两个字"),
        ('[[alias]]\nnames = ["甲乙", "甲乙"]', "写了两次"),
        ('[[alias]]\nnames = ["甲乙", "丙丁"]\nsince = 3', "这样的日期"),
        ('[[alias]]\nnames = ["甲乙", "丙丁"]\nsince = "3"', "这样的日期"),
    ],
)
def test_a_wrong_table_of_aliases_is_explained_in_chinese(toml: str, said: str) -> None:
    with pytest.raises(AliasError) as raised:
        parse_aliases(toml)
    told = problem(f"{raised.value.place}: {raised.value.reason}")
    assert said in told and "expected" not in told


def test_what_is_not_known_is_shown_as_it_is() -> None:
    assert topic_reason("quite new", partial(TEXTS.get, "zh-Hans")) == "quite new"
