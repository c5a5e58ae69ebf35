"""A reader's query as a look-up in the search index: the articles that may match it, and whether these are exactly those.

Never leaves out an article that `evaluate` would take. Nearness, which cannot be looked up exactly, becomes what it needs at
least: a bigram of one side not too far from one of the other. Where that stands under a "not", nothing is asked.
Pure but for making the index library's query objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import product

import tantivy
from tantivy import FieldType, Occur

from digests.search_grams import asked, figure_range, phrase
from subscriptions import (
    AliasTable,
    And,
    FigureIs,
    Near,
    Not,
    Or,
    PageIs,
    Query,
    StageIs,
    Term,
    TermField,
    Topic,
)

FIELDS_OF: dict[TermField | None, tuple[str, ...]] = {
    None: ("title", "body", "byline", "section"),
    "title": ("title",),
    "body": ("body",),
    "section": ("section",),
    "byline": ("byline",),
    "publication": ("publication",),
}
"""Fields of the index in which a term is looked for. `title` holds the subtitle as well."""

PAIRS_ASKED = 64
"""Pairs of names whose distance one nearness asks the index for; with more of them, only whether they are there."""

_SPECIAL = frozenset("\\.+*?()|[]{}^$#&-~/<>=!:,'\"@%`;_")


@dataclass(frozen=True, slots=True)
class Lookup:
    """`exact`: what `query` finds is all that matches and nothing else; else it finds at least that."""

    query: tantivy.Query
    exact: bool


class Translator:
    """Queries of one index, with the aliases that are in force."""

    def __init__(self, schema: tantivy.Schema, aliases: AliasTable) -> None:
        self._schema, self._aliases = schema, aliases

    def translate(self, query: Query) -> Lookup:
        match query:
            case And():
                return both([self.translate(item) for item in query.items])
            case Or():
                return either([self.translate(item) for item in query.items])
            case Not():
                return _without(self.translate(query.item))
            case Near():
                return self._near(query)
            case Term():
                return self._term(query)
        return Lookup(self._stored(query), exact=True)

    def _stored(self, atom: Topic | PageIs | FigureIs | StageIs) -> tantivy.Query:
        match atom:
            case Topic():
                return self.exactly("topic", asked(atom.name))
            case StageIs():
                return self.exactly("stage", atom.stage)
            case PageIs():
                return self._between("page", atom.first, atom.last)
            case FigureIs():
                keys = figure_range(atom)
                return self._between("figure", *keys) if keys else tantivy.Query.empty_query()

    def exactly(self, field: str, value: str | int) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value, "basic")

    def _between(self, field: str, first: int, last: int) -> tantivy.Query:
        return tantivy.Query.range_query(self._schema, field, FieldType.Unsigned, first, last)

    def _term(self, term: Term) -> Lookup:
        return either([Lookup(self._substring(field, name), True) for field, name in self._named(term)])

    def _named(self, term: Term) -> list[tuple[str, str]]:
        """Where in the index the term is looked for, and the names of it that count."""
        names = (term.text,) if term.exact else (term.text, *self._aliases.others(term.text))
        return [(field, asked(name)) for name in names for field in FIELDS_OF[term.field]]

    def _near(self, near: Near) -> Lookup:
        parts = [either([self._term(term) for term in side]) for side in (near.left, near.right)]
        lefts, rights = ([named for term in side for named in self._named(term)] for side in (near.left, near.right))
        pairs = [(field, one, other) for (field, one), (there, other) in product(lefts, rights) if field == there]
        if 0 < len(pairs) <= PAIRS_ASKED:
            parts.append(either([Lookup(self._close(*pair, near.distance), exact=False) for pair in pairs]))
        return Lookup(both(parts).query, exact=False)

    def _close(self, field: str, one: str, other: str, distance: int) -> tantivy.Query:
        """At most `distance` characters between the two, or one more; a single character has no bigram to go by."""
        if min(len(one), len(other)) < 2:
            return both([Lookup(self._substring(field, text), exact=False) for text in (one, other)]).query
        return either(
            [Lookup(self._within(field, *order, distance), False) for order in ((one, other), (other, one))]
        ).query

    def _within(self, field: str, first: str, second: str, distance: int) -> tantivy.Query:
        """The index allows as much before a place as after it: hence half the distance, around the middle."""
        half = (distance + 1) // 2
        bigrams: list[str | tuple[int, str]] = [(0, first[-2:]), (2 + half, second[:2])]
        return tantivy.Query.phrase_query(self._schema, field, bigrams, half)

    def _substring(self, field: str, text: str) -> tantivy.Query:
        if len(text) == 1:
            return tantivy.Query.regex_query(self._schema, field, f"{escaped(text)}.")
        if len(text) == 2:
            return self.exactly(field, text)
        return tantivy.Query.phrase_query(self._schema, field, list(phrase(text)))


def escaped(character: str) -> str:
    """For the index's regular expressions."""
    return f"\\{character}" if character in _SPECIAL else character


def both(items: list[Lookup]) -> Lookup:
    query = tantivy.Query.boolean_query([(Occur.Must, item.query) for item in items])
    return Lookup(query, all(item.exact for item in items))


def either(items: list[Lookup]) -> Lookup:
    if len(items) == 1:
        return items[0]
    query = tantivy.Query.boolean_query([(Occur.Should, item.query) for item in items])
    return Lookup(query, all(item.exact for item in items))


def _without(item: Lookup) -> Lookup:
    everything = tantivy.Query.all_query()
    if not item.exact:
        return Lookup(everything, exact=False)
    return Lookup(tantivy.Query.boolean_query([(Occur.Must, everything), (Occur.MustNot, item.query)]), exact=True)


def narrowed(lookup: Lookup, filters: list[tantivy.Query]) -> Lookup:
    """`lookup` within what all `filters` let through."""
    return reduce(lambda found, only: both([found, Lookup(only, True)]), filters, lookup)
