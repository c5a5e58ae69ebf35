"""Made-up queries and articles for the matcher's benchmark: characters by frequency, words of 2-8 of them, queries of
1-5 words, uniform or Zipf popularity. The same seed gives the same world."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from subscriptions import Document, QueryId, query_id

Pick = Callable[[], str]

_FIRST = 0x4E00
_CHARACTERS = 3000
_SIZES = (35, 35, 15, 10, 5)
"""Of a hundred queries, so many have one, two .. five words."""
ARTICLE = 1600
PLANTED = {"uniform": 40, "zipf": 88}
"""Words of the vocabulary put into each article; by Zipf so many that a million queries have about 100,000 hits in it."""


@dataclass(frozen=True)
class World:
    words: list[str]
    queries: dict[QueryId, str]
    articles: list[Document]


def make_world(queries: int, articles: int, popularity: str, seed: int = 7) -> World:
    dice = random.Random(seed)
    letters = _Letters(dice)
    words = letters.words(queries if popularity == "uniform" else max(2000, queries // 10))
    pick = _picker(dice, words, popularity)
    stored: dict[QueryId, str] = {}
    while len(stored) < queries:
        text = _query(dice, pick)
        stored[query_id(text)] = text
    return World(words, stored, [_article(letters, pick, PLANTED[popularity]) for _ in range(articles)])


class _Letters:
    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self._letters = [chr(_FIRST + number) for number in range(_CHARACTERS)]
        self._weights = list(accumulate(1 / (number + 20) for number in range(_CHARACTERS)))

    def text(self, length: int) -> str:
        return "".join(self.dice.choices(self._letters, cum_weights=self._weights, k=length))

    def words(self, count: int) -> list[str]:
        words: dict[str, None] = {}
        while len(words) < count:
            words[self.text(self.dice.choice((2, 3, 4, 4, 4, 5, 6, 8)))] = None
        return list(words)


def _picker(dice: random.Random, words: list[str], popularity: str) -> Pick:
    if popularity == "uniform":
        return lambda: words[int(dice.random() * len(words))]
    weights = list(accumulate(1 / (number + 2) ** 1.15 for number in range(len(words))))
    return lambda: words[bisect(weights, dice.random() * weights[-1])]


def _query(dice: random.Random, pick: Pick) -> str:
    """In canonical form: sorted, mostly words side by side, some alternatives, some exclusions."""
    (size,) = dice.choices((1, 2, 3, 4, 5), weights=_SIZES)
    words = sorted({pick() for _ in range(size)})
    kind = dice.random()
    if len(words) > 1 and kind < 0.15:
        return "|".join(words)
    if len(words) > 1 and kind < 0.3:
        return f"{' '.join(words[:-1])} -{words[-1]}"
    return " ".join(words)


def _article(letters: _Letters, pick: Pick, planted: int) -> Document:
    parts = [letters.text(ARTICLE // planted - 4) + pick() for _ in range(planted)]
    return Document(title=letters.text(18), body="".join(parts), byline=letters.text(3))
