"""Reasons in the reader's language: halves of pairs, and the fixed sentences of the readers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import partial
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from bot.reasons import delivery_cause, in_language, problem_text, topic_reason
from bot.texts import Texts
from digests.aliases import parse_aliases
from digests.errors import AliasError, TopicError
from digests.settle import Outcome, OutcomeKind, settle
from digests.sources.feed_decide import telling
from digests.sources.state import WatchState
from digests.topics import parse_topic
from digests.types import Delivery
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


def cause(error: str, language: Language = "zh-Hans") -> str:
    return delivery_cause(error, partial(TEXTS.get, language))


@pytest.mark.parametrize(
    ("error", "zh", "en"),
    [
        ("not_found: Bad Request: chat not found", "找不到这个会话（Bad Request: chat not found）", "there is no such chat (Bad Request: chat not found)"),
        ("blocked: Forbidden: bot was blocked by the user", "读者停用了机器人（Forbidden: bot was blocked by the user）", "the reader has blocked the bot (Forbidden: bot was blocked by the user)"),
        ("network: TimeoutError: x: y (possibly sent)", "网络不通（TimeoutError: x: y），也可能已经送到", "no connection (TimeoutError: x: y); it may have arrived all the same"),
        ("server_error: HTTP 502 without an answer of the Bot API (possibly sent)", "Telegram 的服务器出错（HTTP 502，不是 Bot API 的回答），也可能已经送到", "an error of Telegram's server (HTTP 502, not an answer of the Bot API); it may have arrived all the same"),
        ("unknown: not known to be sent (possibly sent)", "不知道送到没有，也可能已经送到", "nobody knows whether it arrived; it may have arrived all the same"),
        ("stale: its articles come with the next digest", "等得太久，不再单独发，文章并入下一份摘要", "it waited too long; its articles come with the next digest"),
        ("", "", ""),
        ("Bad Request: <1>", "Bad Request: <1>", "Bad Request: <1>"),
        ("other: words", "other: words", "other: words"),
    ],
)  # fmt: skip
def test_why_something_was_not_delivered(error: str, zh: str, en: str) -> None:
    assert cause(error) == zh and cause(error, "en") == en


@pytest.mark.parametrize("kind", get_args(OutcomeKind))
def test_every_outcome_that_is_noted_has_a_chinese_sentence(kind: OutcomeKind) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    ambiguous = kind in ("unknown", "network")
    noted = settle(
        Delivery("d", "7", "digest", now), Outcome(kind, "Bad Request: X", new_chat=8, ambiguous=ambiguous), now
    )
    error = noted.delivery.error
    told = cause(error or f"{kind}: Bad Request: X")
    assert re.search("[\u4e00-\u9fff]{2}", told) and kind not in told and told.count("Bad Request: X") == 1


def test_since_when_a_source_fails_is_told_in_one_language() -> None:
    state = WatchState(
        problem="没有回音；请查网址 / no answer; look at the address", failing_since=datetime(2026, 3, 2, tzinfo=UTC)
    )
    told = telling(state, ZoneInfo("Asia/Shanghai"))
    assert in_language(told, "zh-Hans") == "没有回音；请查网址；自 2026-03-02 08:00 起如此"
    assert in_language(told, "en") == "no answer; look at the address; so since 2026-03-02 08:00"


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
