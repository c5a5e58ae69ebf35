"""Which word to suggest to a reader: one that the articles they opened have far more often than the papers have it. Pure.

Only for readers who asked for it. Never a word of a query they hold, nor one that such a query finds already, nor one they refused.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digests.narrowing import whole_keywords
from digests.types import Article
from subscriptions import (
    AliasTable,
    Document,
    Query,
    QueryError,
    Subscriber,
    evaluate_prepared,
    fold,
    parse_query,
    prepare,
)

FEWEST_OPENED = 5
"""Articles opened before anything is suggested."""
FEWEST_SHARING = 3
"""Of those, so many must have the word."""
TIMES = 2.0
"""They have it so many times as often as all articles do, at least."""
LONGEST = 40
"""Bytes of a word, so that it fits into a button."""
EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Background:
    """`articles` that were counted, and in how many of them each word is a keyword."""

    articles: int
    words: Mapping[str, int]


def count_words(articles: Iterable[Article]) -> Background:
    """What articles are about, counted."""
    counts, number = Counter[str](), 0
    for article in articles:
        number += 1
        counts.update(set(whole_keywords(article)))
    return Background(number, counts)


def joined(parts: Iterable[Background]) -> Background:
    counts, number = Counter[str](), 0
    for part in parts:
        number += part.articles
        counts.update(part.words)
    return Background(number, counts)


def wants_suggestion(reader: Subscriber, now: datetime) -> bool:
    """Whether it is time to look for a word: asked for, enough opened, and a week since the last."""
    interest = reader.interest
    if not reader.settings.suggest or reader.paused or len(interest.opened) < FEWEST_OPENED:
        return False
    return interest.suggested is None or now - interest.suggested >= EVERY


def suggest(reader: Subscriber, opened: Sequence[Article], background: Background, aliases: AliasTable) -> str | None:
    """The word that tells the opened articles from the others best; None: there is none worth a message."""
    here = count_words(opened)
    refused = {fold(word) for word in reader.interest.refused}
    scores = {word: _score(count, here.articles, background, word) for word, count in here.words.items()}
    held = [(fold(one.query), parse_query(one.query)) for one in reader.subscriptions]
    for word in sorted(scores, key=lambda word: (-scores[word], word)):
        if scores[word] > 0 and fold(word) not in refused and _is_new(word, held, aliases):
            return word
    return None


def _score(count: int, opened: int, background: Background, word: str) -> float:
    """How surprising it is that `count` of the opened articles have the word: the more of them and the rarer elsewhere."""
    usual = (background.words.get(word, 0) + 0.5) / (background.articles + 1)
    here = count / opened
    return count * math.log(here / usual) if count >= FEWEST_SHARING and here >= TIMES * usual else 0.0


def _is_new(word: str, held: Sequence[tuple[str, Query]], aliases: AliasTable) -> bool:
    """A query by itself, that is part of none that is held (folded text, query) and found by none."""
    if len(word.encode()) > LONGEST or ":" in word:
        return False
    try:
        parse_query(word)
    except QueryError:
        return False
    alone, folded = prepare(Document("", word)), fold(word)
    return not any(folded in text or evaluate_prepared(query, alone, aliases) is not None for text, query in held)
