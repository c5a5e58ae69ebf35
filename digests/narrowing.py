"""Better wording for a query: what to exclude when it brings too much, and what to loosen when it brings nothing.

Pure proposals; whoever shows them tries them on articles first. A proposal is always a query in canonical text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from digests.types import Article
from subscriptions import (
    AliasTable,
    And,
    Match,
    Near,
    Not,
    Or,
    Query,
    QueryError,
    Term,
    fold,
    iter_atoms,
    names_of,
    parse_query,
    positive_terms,
    print_query,
)

SHOWN = 3
"""Proposals made at most."""
FEW, MOST = 6, 3
"""Of FEW articles or more, a word of more than one in MOST is as good as the query itself."""
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


def propose_exclusions(query: str, matched: Sequence[tuple[Article, Match]], aliases: AliasTable) -> tuple[str, ...]:
    """Words of articles that mention the query in passing and of none that is about it, those of most articles first.

    The article's own keywords and its section; a word that the query asks for is never proposed.
    """
    weak = [article for article, match in matched if is_weak(article, match)]
    strong = [article for article, match in matched if not is_weak(article, match)]
    counts = Counter(word for article in weak for word in dict.fromkeys(_words_of(article)))
    safe = (word for word, _ in counts.most_common() if not any(holds_word(article, word) for article in strong))
    rare = (word for word in safe if len(matched) < FEW or counts[word] * MOST <= len(matched))
    return tuple(_usable(query, rare, aliases))


def exclusions_for(query: str, article: Article, aliases: AliasTable) -> tuple[str, ...]:
    """Words that would have kept this article out, best first."""
    return tuple(_usable(query, iter(_words_of(article)), aliases))


def _words_of(article: Article) -> list[str]:
    """The section and the keywords; none that is a fragment of a name, a place, a person, a paper or a measure."""
    section = [article.section] if article.section and 1 < len(article.section) <= 8 else []
    return [*section, *whole_keywords(article)]


def whole_keywords(article: Article) -> list[str]:
    """The keywords that say what the article is about."""
    return [word for word in article.keywords if _is_whole(article, word) and not _NAMING.search(word)]


_NAMING = re.compile(
    r"\d|[%％]|(?:市|区|县|镇|乡|村|省|街道|日报|时报|晚报|早报|周报|[亿万]元|美元|平方米|平方公里|公里|亩|吨|千瓦时?|公斤)$|^(?:记者|通讯员|本报|全市|全区|全县|我市|我区|我县|全省)$",
)


def _is_whole(article: Article, word: str) -> bool:
    """In the title or said more than once; not in the byline, and not always with the same character beside it, as a part of a
    longer name is."""
    if word in (article.byline or ""):
        return False
    text = "\n".join((article.title, article.subtitle or "", article.body))
    places = [found.start() for found in re.finditer(re.escape(word), text)]
    if len(places) < 2:
        return word in article.title
    before = {text[max(0, at - 1) : at] for at in places}
    after = {text[at + len(word) : at + len(word) + 1] for at in places}
    return not any(len(beside) == 1 and _INSIDE.fullmatch(next(iter(beside))) for beside in (before, after))


_INSIDE = re.compile(r"[\w\u4e00-\u9fff]")


def _usable(query: str, words: Iterator[str], aliases: AliasTable) -> Iterator[str]:
    asked = _asked(parse_query(query), aliases)
    taken: list[str] = []
    for word in words:
        folded = fold(word)
        related = any(folded in other or other in folded for other in (*asked, *taken))
        if len(taken) < SHOWN and not related and narrowed(query, word) not in (None, query):
            taken.append(folded)
            yield word


def _asked(query: Query, aliases: AliasTable) -> tuple[str, ...]:
    """What the query asks for in any of its names, normalised: without 总投资 nothing is left of 投资额>=10亿, nor without 中创新航 of
    中航锂电."""
    terms = [fold(term) for term in positive_terms(query)]
    others = [other for term in terms for other in aliases.others(term)]
    named = [name for atom, negated in iter_atoms(query) if not negated for name in names_of(atom)]
    return (*terms, *others, *named)


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
