"""Better wording for a query: what to exclude when it brings too much, and what to loosen when it brings nothing.

Pure proposals; whoever shows them tries them on articles first. A proposal is always a query in canonical text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from digests.types import Article
from subscriptions import (
    And,
    Match,
    Near,
    Not,
    Or,
    Query,
    QueryError,
    Term,
    fold,
    parse_query,
    positive_terms,
    print_query,
)

SHOWN = 3
"""Proposals made at most."""
WEAK = 2
"""An article that names the terms at most so often, and none in its title, may be about something else."""

Words = Callable[[str, str], Sequence[str]]
"""The keywords of a title and a body, best first: see digests.words.keywords."""


def narrowed(query: str, word: str) -> str | None:
    """The query without articles that hold `word`; None where that is no query."""
    try:
        return print_query(parse_query(f'({query}) -"{word}"'))
    except QueryError:
        return None


def is_weak(article: Article, match: Match) -> bool:
    """Whether the match looks like a mention in passing."""
    spans = [span for found in match.terms.values() for span in found]
    in_head = any(span.field in ("title", "subtitle", "section", "topic") for span in spans)
    return bool(spans) and not in_head and len(spans) <= WEAK * len(match.terms)


def propose_exclusions(query: str, matched: Sequence[tuple[Article, Match]]) -> tuple[str, ...]:
    """Words of articles that mention the query in passing and of none that is about it, those of most articles first.

    The article's own keywords and its section; a word that the query asks for is never proposed.
    """
    weak = [article for article, match in matched if is_weak(article, match)]
    strong = [article for article, match in matched if not is_weak(article, match)]
    counts = Counter(word for article in weak for word in dict.fromkeys(_words_of(article)))
    safe = (word for word, _ in counts.most_common() if not any(holds_word(article, word) for article in strong))
    return tuple(_usable(query, safe))


def exclusions_for(query: str, article: Article) -> tuple[str, ...]:
    """Words that would have kept this article out, best first."""
    return tuple(_usable(query, iter(_words_of(article))))


def _words_of(article: Article) -> list[str]:
    section = [article.section] if article.section and 1 < len(article.section) <= 8 else []
    return [*section, *article.keywords]


def _usable(query: str, words: Iterator[str]) -> Iterator[str]:
    asked = [fold(term) for term in positive_terms(parse_query(query))]
    count = 0
    for word in words:
        folded = fold(word)
        related = any(folded in term or term in folded for term in asked)
        if count < SHOWN and not related and narrowed(query, word) not in (None, query):
            count += 1
            yield word


def holds_word(article: Article, word: str) -> bool:
    return any(word in (part or "") for part in (article.title, article.subtitle, article.body, article.section))


# ---------------------------------------------------------------------------------------------- loosening
def looser(query: str, words: Words) -> tuple[str, ...]:
    """The query with one demand less each: what it excludes, quotes, fields, one of its words, or parts of a long word."""
    parsed = parse_query(query)
    found = dict.fromkeys(text for text in map(_printed, _loosened(parsed, words)) if text not in (None, query))
    return tuple(text for text in found if text is not None)


def _printed(query: Query) -> str | None:
    try:
        return print_query(parse_query(print_query(query)))
    except QueryError:
        return None


def _loosened(query: Query, words: Words) -> Iterator[Query]:
    if isinstance(query, And):
        wanted = tuple(item for item in query.items if not isinstance(item, Not))
        if len(wanted) < len(query.items):
            yield wanted[0] if len(wanted) == 1 else And(wanted)
    yield _each_term(query, lambda term: replace(term, exact=False))
    yield _each_term(query, lambda term: replace(term, exact=False, field=None))
    if isinstance(query, And):
        for number in range(len(wanted) if len(wanted) > 1 else 0):
            left = wanted[:number] + wanted[number + 1 :]
            yield left[0] if len(left) == 1 else And(left)
    elif isinstance(query, Near):
        yield And((Or(query.left), Or(query.right)))
    elif isinstance(query, Term):
        parts = [Term(part) for part in map(fold, words(query.text, "")) if 1 < len(part) < len(query.text)]
        yield from ([And(tuple(parts))] if len(parts) > 1 else [])
        yield from parts


def _each_term(query: Query, change: Callable[[Term], Term]) -> Query:
    """The query with every wanted term changed."""
    if isinstance(query, And):
        return And(tuple(_each_term(item, change) for item in query.items))
    if isinstance(query, Or):
        return Or(tuple(_each_term(item, change) for item in query.items))
    if isinstance(query, Near):
        return replace(query, left=tuple(map(change, query.left)), right=tuple(map(change, query.right)))
    return change(query) if isinstance(query, Term) else query
