"""From error class to words: every class that can reach the chat, and the marking of a query's bad place."""

from __future__ import annotations

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError
from aiogram.methods import GetMe
from chat_driver import TEXTS

import digests.errors
import subscriptions
from bot.chat.problems import RefusedError, explain, fault_key, mark_place
from subscriptions import QUERY_ERROR_PARAMS, QueryError


def t(key: str, **params: str | int) -> str:
    return TEXTS.get("zh-Hans", key, **params)


@pytest.mark.parametrize("code", QUERY_ERROR_PARAMS)
@pytest.mark.parametrize("language", TEXTS.languages)
def test_every_query_error_shows_the_place(code: str, language: str) -> None:
    params = {name: 3 if name in ("limit", "length") else "某词" for name in QUERY_ERROR_PARAMS[code]}
    error = QueryError(code, "动力电池 投产", 5, 7, **params)
    told = explain(error, lambda key, **given: TEXTS.get(language, key, **given))
    assert told is not None and told.endswith("\n动力电池 【投产】")


@pytest.mark.parametrize(
    "error",
    [
        RefusedError("refused-group-admins"),
        subscriptions.LimitError("subscriptions", 100),
        subscriptions.NotFoundError("subscription", "储能"),
        subscriptions.NotFoundError("query", "ab"),
        subscriptions.ConflictError("7"),
        digests.errors.NotFoundError("issue", "9"),
        digests.errors.TopicError("氢能", "terms: expected"),
        digests.errors.AliasError("alias[3].names", "expected a list of two or more names"),
        digests.errors.UnreadableError("a.txt", "empty"),
    ],
)
def test_what_readers_may_cause_has_words_of_its_own(error: Exception) -> None:
    assert explain(error, t)


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (subscriptions.StoreError("away"), "error-store"),
        (digests.errors.StoreError("away"), "error-store"),
        (TelegramBadRequest(GetMe(), "Bad Request"), "error-refused-by-telegram"),
        (TelegramNetworkError(GetMe(), "timeout"), "error-telegram"),
        (RuntimeError("boom"), "error-unexpected"),
    ],
)
def test_our_own_faults_are_apologised_for(error: Exception, key: str) -> None:
    assert explain(error, t) is None and fault_key(error) == key and t(key)


def test_every_class_of_both_trees_is_told() -> None:
    """A new error class needs a sentence: it is explained, or it is a fault that is not merely "unexpected"."""
    classes = set(subscriptions.SubscriptionsError.__subclasses__()) | set(digests.errors.DigestsError.__subclasses__())
    told = {
        "QueryError",
        "LimitError",
        "ConflictError",
        "NotFoundError",
        "StoreError",
        "UnreadableError",
        "TopicError",
        "AliasError",
        "ImportFileError",
    }
    assert {cls.__name__ for cls in classes} == told


@pytest.mark.parametrize(
    ("text", "start", "end", "shown"),
    [
        ("动力电池 (投产", 5, 6, "动力电池 【(】投产"),
        ("动力电池 |", 6, 6, "动力电池 |▲"),
        ("甲" * 60 + "乙", 60, 61, "…" + "甲" * 40 + "【乙】"),
        ("乙" + "甲" * 60, 0, 1, "【乙】" + "甲" * 40 + "…"),
        ("甲" * 300, 200, 300, "…" + "甲" * 40 + "【" + "甲" * 79 + "…】"),
    ],
)
def test_the_bad_place_is_marked(text: str, start: int, end: int, shown: str) -> None:
    assert mark_place(QueryError("x", text, start, end)) == shown


def test_an_empty_query_has_no_place() -> None:
    assert explain(QueryError("empty", " ", 0, 1), t) == t("query-error-empty")
