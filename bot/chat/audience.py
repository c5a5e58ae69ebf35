"""Whom a push is for: read from words, told in words, chosen by buttons. Pure.

Words may stand anywhere after the command: a topic with its mark, a cadence, a language, groups or private; `查询:` and what
follows it is a query. What is left names the issue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.chat.callbacks import Aim, short
from bot.chat.problems import RefusedError
from bot.chat.reader import Reader
from bot.chat.view import Rows, View, grid
from bot.chat.wording import query_name
from digests.topics import Topic
from digests.types import Audience, Button
from subscriptions import parse_query, print_query, query_id

CADENCES = {
    "instant": ("即时", "即時", "instant"), "daily": ("每天", "每日", "daily"), "weekdays": ("周一至周五", "weekdays"),
    "workdays": ("工作日", "workdays"), "weekly": ("每周", "每週", "weekly"), "monthly": ("每月", "monthly"),
}  # fmt: skip
LANGUAGES = {"zh-Hans": ("简体", "zh-hans"), "zh-Hant": ("繁体", "繁體", "zh-hant"), "en": ("英文", "english", "en")}
PLACES = {
    "private": ("私聊", "private"),
    "groups": ("群组", "群組", "群", "频道", "頻道", "groups", "channels"),
}
CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {"cadence": CADENCES, "language": LANGUAGES, "place": PLACES}
QUERY = ("查询:", "查询：", "查詢:", "查詢：", "query:")
ANYBODY = "-"


def read_audience(words: str) -> tuple[str, Audience]:
    """What is left of the words, and whom they are for. Raises QueryError."""
    before, query = _query_in(words)
    chosen: dict[str, Any] = {"query": print_query(parse_query(query))} if query else {}
    rest = []
    for word in before.split():
        meant = _meant(word)
        if meant is None:
            rest.append(word)
        else:
            chosen |= meant
    return " ".join(rest), Audience(**chosen)


def _query_in(words: str) -> tuple[str, str]:
    found = sorted((words.lower().find(mark), mark) for mark in QUERY if mark in words.lower())
    if not found:
        return words, ""
    at, mark = found[0]
    return words[:at], words[at + len(mark) :].strip()


def _meant(word: str) -> dict[str, str] | None:
    if word[0] in "#＃" and len(word) > 1:
        return {"query": print_query(parse_query(f"#{word[1:]}"))}
    for what, choices in CHOICES.items():
        for value, names in choices.items():
            if word.lower() in names:
                return {what: value}
    return None


def described(reader: Reader, audience: Audience) -> str:
    """In plain words, such as 动力电池、每天、私聊."""
    parts = [query_name(reader, audience.query)] if audience.query else []
    parts += [_named(reader, what, getattr(audience, what)) for what in CHOICES if getattr(audience, what)]
    return reader.plain("list-separator").join(parts) or reader.plain("audience-all")


def _named(reader: Reader, what: str, value: str) -> str:
    return reader.plain(f"{'cadence' if what == 'cadence' else f'audience-{what}'}-{value.lower()}")


def chosen(audience: Audience, what: str, value: str, topics: Sequence[Topic]) -> Audience:
    """The audience after a tap. Raises RefusedError for a choice that is gone."""
    if value == ANYBODY:
        return replace(audience, **{"query" if what == "topic" else what: ""})
    if what == "topic":
        query = next((query for query in map(topic_query, topics) if short(query_id(query)) == value), None)
        if query is not None:
            return replace(audience, query=query)
    elif value in CHOICES.get(what, {}):
        return replace(audience, **{what: value})
    raise RefusedError("refused-outdated")


def topic_query(topic: Topic) -> str:
    return print_query(parse_query(f"#{topic.name}"))


def audience_view(reader: Reader, batch: str, audience: Audience, head: str) -> View:
    """What can be chosen, each with what it is now."""
    rows = []
    for what in ("topic", *CHOICES):
        value = getattr(audience, "query" if what == "topic" else what)
        now = reader.plain("audience-all") if not value else query_name(reader, value, 20)
        now = now if what == "topic" or not value else _named(reader, what, value)
        label = reader.plain(f"audience-{what}", value=now)
        rows.append((Button(label, Aim(batch=batch, what=what).pack()),))
    back = (Button(reader.plain("back"), Aim(batch=batch, what="ask").pack()),)
    return View(f"{head}\n\n{reader.t('audience-how')}", (*rows, back))


def choices_view(reader: Reader, batch: str, what: str, topics: Sequence[Topic], head: str) -> View:
    if what == "topic":
        named = [(query_name(reader, query, 20), short(query_id(query))) for query in map(topic_query, topics)]
    else:
        named = [(_named(reader, what, value), value) for value in CHOICES.get(what, {})]
    pairs = [(reader.plain("audience-all"), ANYBODY), *named]
    buttons = [Button(label, Aim(batch=batch, what=what, value=value).pack()) for label, value in pairs]
    back = (Button(reader.plain("back"), Aim(batch=batch, what="main").pack()),)
    return View(head, (*_rows(buttons), back))


def _rows(buttons: Sequence[Button]) -> Rows:
    return grid(buttons, 3 if len(buttons) > 8 else 2)
