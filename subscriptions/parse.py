"""What a reader types, read into a canonical query, or refused with the place and the reason.

One pass of a tokeniser (tokens.py) and a parser of bounded depth: linear in the text, which is at most MAX_LENGTH long.
Full-width punctuation counts as half-width. Must not know documents or stores.

    query = all (("|" | 或 | OR) all)*        all  = item+
    item  = "-"* near                         near = atom ("~20" atom)*
    atom  = "(" query ")" | word | "phrase" | ="exact" | #topic | 标题:atom | 版:1-4 | 阶段:投产 | 投资额>=10亿
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from subscriptions.errors import QueryError
from subscriptions.query import (
    And,
    Atom,
    Near,
    Not,
    Or,
    Query,
    Term,
    TermField,
    canonical,
    iter_atoms,
    print_query,
)
from subscriptions.tokens import Token, read_tokens

MAX_LENGTH = 200
MAX_TERMS = 20
MAX_DEPTH = 6

QUERY_ERROR_PARAMS: dict[str, tuple[str, ...]] = {
    "empty": (),
    "too_long": ("limit", "length"),
    "too_many_terms": ("limit",),
    "too_deep": ("limit",),
    "unbalanced_open": (),
    "unbalanced_close": (),
    "unbalanced_quote": (),
    "empty_group": (),
    "empty_term": (),
    "missing_operand": ("operator",),
    "only_negative": (),
    "contradiction": ("term",),
    "too_short": ("term",),
    "too_common": ("term",),
    "ambiguous_comma": (),
    "unknown_field": ("field",),
    "missing_field_value": ("field",),
    "bad_field_value": ("field",),
    "bad_page": ("value",),
    "bad_stage": ("value",),
    "unknown_metric": ("metric",),
    "bad_number": ("value",),
    "bad_unit": ("unit", "metric"),
    "near_operand": (),
    "near_distance": ("limit",),
    "near_fields": (),
}
"""Every code of a QueryError that parsing raises, with the names of its params."""

QUERY_ERRORS = tuple(QUERY_ERROR_PARAMS)


def parse_query(text: str) -> Query:
    """The canonical query that `text` means. Raises QueryError, its place in code points of `text`.

    The printed form obeys the same limits, so a stored query can always be read again."""
    if len(text) > MAX_LENGTH:
        raise QueryError("too_long", text, MAX_LENGTH, len(text), limit=MAX_LENGTH, length=len(text))
    query = canonical(_Parser(text, read_tokens(text)).parse())
    _check(query, text)
    return query


def _check(query: Query, text: str) -> None:
    if not is_anchored(query):
        raise QueryError("only_negative", text, 0, len(text))
    items = query.items if isinstance(query, And) else ()
    for item in items:
        if isinstance(item, Not) and item.item in items:
            raise QueryError("contradiction", text, 0, len(text), term=print_query(item.item))
    length = len(print_query(query))
    if length > MAX_LENGTH:
        raise QueryError("too_long", text, 0, len(text), limit=MAX_LENGTH, length=length)


def is_anchored(query: Query) -> bool:
    """Whether the query can only match where something positive is found: never by absence alone."""
    if isinstance(query, Not):
        return False
    if isinstance(query, And):
        return any(is_anchored(item) for item in query.items)
    return not isinstance(query, Or) or all(is_anchored(item) for item in query.items)


@dataclass(slots=True)
class _Parser:
    """Recursive descent over `tokens`; `at` is the next one, `open` the brackets around it."""

    text: str
    tokens: list[Token]
    at: int = 0
    open: int = 0
    terms: int = 0

    def parse(self) -> Query:
        if not self.tokens:
            raise QueryError("empty", self.text, 0, len(self.text))
        query = self._any()
        if self.at < len(self.tokens):
            raise self._error("unbalanced_close", self.tokens[self.at])
        return query

    def _any(self) -> Query:
        items = [self._all()]
        while self._next_is("|"):
            self.at += 1
            items.append(self._all())
        return items[0] if len(items) == 1 else Or(tuple(items))

    def _all(self) -> Query:
        items = [self._item()]
        while not self._next_is("|", ")", ""):
            items.append(self._item())
        return items[0] if len(items) == 1 else And(tuple(items))

    def _item(self) -> Query:
        while self._next_is("&"):
            self.at += 1
        if self._next_is("-"):
            self.at += 1
            return Not(self._item())
        return self._near()

    def _near(self) -> Query:
        start = self.at
        left = self._atom()
        nears: list[Query] = []
        while self._next_is("~"):
            operator = self.tokens[self.at]
            self.at += 1
            right = self._atom()
            nears.append(self._join_near(left, right, operator, start))
            left = right
        return And(tuple(nears)) if nears else left

    def _join_near(self, left: Query, right: Query, operator: Token, start: int) -> Near:
        sides = _alternatives(left), _alternatives(right)
        whole = self.tokens[start].start, self.tokens[self.at - 1].end
        if not sides[0] or not sides[1]:
            raise QueryError("near_operand", self.text, *whole)
        if not any(a.field == b.field or None in (a.field, b.field) for a in sides[0] for b in sides[1]):
            raise QueryError("near_fields", self.text, *whole)
        return Near(sides[0], sides[1], operator.number)

    def _atom(self) -> Query:
        if self._next_is("", "|", ")", "&", "~", "-"):
            raise self._missing()
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == "(":
            return self._group(token)
        if token.kind == "field":
            return self._fielded(token)
        self._count(token)
        assert token.atom is not None
        return token.atom

    def _group(self, opened: Token) -> Query:
        self.open += 1
        if self.open > MAX_DEPTH:
            raise self._error("too_deep", opened, limit=MAX_DEPTH)
        if self._next_is(")"):
            raise QueryError("empty_group", self.text, opened.start, self.tokens[self.at].end)
        query = self._any()
        if not self._next_is(")"):
            raise self._error("unbalanced_open", opened)
        self.at += 1
        self.open -= 1
        return query

    def _fielded(self, token: Token) -> Query:
        """标题: before a word, a phrase or a group of such."""
        assert token.field is not None
        if self._next_is("", "|", ")", "&", "~", "-"):
            raise self._error("missing_field_value", token, field=token.text)
        value = self._atom()
        if any(not isinstance(atom, Term | Near) or _has_field(atom) for atom, _ in iter_atoms(value)):
            end = self.tokens[self.at - 1].end
            raise QueryError("bad_field_value", self.text, token.start, end, field=token.text)
        return _in_field(value, token.field)

    def _count(self, token: Token) -> None:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise self._error("too_many_terms", token, limit=MAX_TERMS)

    def _next_is(self, *kinds: str) -> bool:
        """Whether the next token is of one of these kinds; "" stands for the end."""
        return (self.tokens[self.at].kind if self.at < len(self.tokens) else "") in kinds

    def _missing(self) -> QueryError:
        """An operator without what it joins: the one before the gap, or the one after it at the beginning."""
        if self.at == 0 or (self.tokens[self.at - 1].kind == "(" and self.at < len(self.tokens)):
            token = self.tokens[self.at]
            if token.kind == ")":
                return self._error("unbalanced_close", token)
        else:
            token = self.tokens[self.at - 1]
        if token.kind == "(":
            return self._error("unbalanced_open", token)
        return self._error("missing_operand", token, operator=token.text)

    def _error(self, code: str, token: Token, **params: str | int) -> QueryError:
        return QueryError(code, self.text, token.start, token.end, **params)


def _alternatives(query: Query) -> tuple[Term, ...]:
    """The terms of a side of a nearness: one, or a group of alternatives; none if it is anything else."""
    items = query.items if isinstance(query, Or) else (query,)
    terms = tuple(item for item in items if isinstance(item, Term) and item.field != "publication")
    return terms if len(terms) == len(items) else ()


def _has_field(atom: Atom) -> bool:
    terms = (*atom.left, *atom.right) if isinstance(atom, Near) else (atom,) if isinstance(atom, Term) else ()
    return any(term.field for term in terms)


def _in_field(query: Query, field: TermField) -> Query:
    """Of terms and nearnesses without a field."""
    if isinstance(query, Not):
        return Not(_in_field(query.item, field))
    if isinstance(query, And | Or):
        return type(query)(tuple(_in_field(item, field) for item in query.items))
    if isinstance(query, Near):
        left, right = (tuple(replace(term, field=field) for term in side) for side in (query.left, query.right))
        return Near(left, right, query.distance)
    assert isinstance(query, Term)
    return replace(query, field=field)
