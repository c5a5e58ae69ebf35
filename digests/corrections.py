"""What a corrected issue replaces: which of its articles stand for one that was stored before. Pure.

An article replaces another of the same issue when their headlines are equal, or their texts mostly are: Jaccard of
4-character shingles of the folded text (Broder 1997) from ALIKE on. Each old one is replaced by one new one at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from digests.types import Article, Issue
from subscriptions import fold

ALIKE = 0.5
SHINGLE = 4
LOOKED_AT = 4000
"""Characters of a body that are compared."""


def with_corrections(stored: Issue | None, issue: Issue) -> Issue:
    """`issue` with `corrects` set on articles that replace one of `stored`, the same issue as it is kept."""
    if stored is None:
        return issue
    known = {article.fingerprint for article in stored.articles}
    left = [a for a in live(stored.articles) if a.fingerprint not in {one.fingerprint for one in issue.articles}]
    articles = []
    for article in issue.articles:
        old = None if article.fingerprint in known else _replaced(article, left)
        if old is not None:
            left.remove(old)
        articles.append(replace(article, corrects=old.id) if old else article)
    return replace(issue, articles=tuple(articles))


def live(articles: Iterable[Article]) -> list[Article]:
    """Those that no other one corrects."""
    articles = list(articles)
    gone = {article.corrects for article in articles}
    return [article for article in articles if article.id not in gone or article.id == 0]


def _replaced(article: Article, old: Sequence[Article]) -> Article | None:
    same = [one for one in old if one.title and fold(one.title) == fold(article.title)]
    if same:
        return same[0]
    mine = _shingles(article.body)
    scored = [(_jaccard(mine, _shingles(one.body)), -one.order, one) for one in old]
    best = max(scored, key=lambda entry: entry[:2], default=None)
    return best[2] if best and best[0] >= ALIKE else None


def _shingles(text: str) -> frozenset[str]:
    folded = fold(text[:LOOKED_AT])
    return frozenset(folded[at : at + SHINGLE] for at in range(max(1, len(folded) - SHINGLE + 1)))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
