"""A query as clauses: alternatives, each a set of atoms that must hold and one of atoms that must not.

Where the clauses say less than the query (nearness, very many combinations), they are said to be `loose`: whatever
matches the query satisfies one of them, and who satisfies one must be verified. Must not know documents.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from subscriptions.parse import is_anchored, parse_query
from subscriptions.query import And, Atom, Near, Not, Or, Query, Term

MAX_CLAUSES = 64
KEPT = 1024
"""The newest queries are compiled again and again, and reading one takes .1 ms."""

WIDTH = 5
"""Atoms of a clause at most; what is more is left to verification."""


@dataclass(frozen=True, slots=True)
class Clause:
    """`required` is never empty. A plain word, to be found anywhere, is its string."""

    required: tuple[Atom | str, ...]
    forbidden: tuple[Atom | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    clauses: tuple[Clause, ...]
    loose: bool = False


@lru_cache(KEPT)
def plan_query(canonical: str) -> Plan:
    return plan(parse_query(canonical))


def plan(query: Query) -> Plan:
    clauses, loose = _expand(query)
    cut = [_cut(clause) for clause in clauses]
    return Plan(tuple(dict.fromkeys(cut)), loose or cut != clauses)


def _expand(query: Query) -> tuple[list[Clause], bool]:
    """All ways to satisfy the query, and whether they are loose. An empty clause stands for "always"."""
    if isinstance(query, Not):
        loose = isinstance(query.item, Near)
        return [Clause((), () if loose else (_plain(query.item),))], loose
    if isinstance(query, Or):
        parts = [_expand(item) for item in query.items]
        return [clause for clauses, _ in parts for clause in clauses], any(loose for _, loose in parts)
    if isinstance(query, And):
        return _product(query)
    if isinstance(query, Near):
        return [Clause((_plain(left), _plain(right))) for left in query.left for right in query.right], True
    return [Clause((_plain(query),))], False


def _plain(atom: Query) -> Atom | str:
    assert not isinstance(atom, And | Or | Not)
    return atom.text if isinstance(atom, Term) and atom.field is None and not atom.exact else atom


def _product(query: And) -> tuple[list[Clause], bool]:
    """Every combination; items that would make too many are left out, but for the anchored one with the fewest."""
    parts = [(_expand(item), is_anchored(item)) for item in query.items]
    parts.sort(key=lambda part: (not part[1], len(part[0][0])))
    clauses, loose = [Clause(())], False
    for (ways, part_loose), _ in parts:
        if len(clauses) * len(ways) > MAX_CLAUSES and clauses[0].required:
            loose = True
            continue
        clauses = [_both(one, other) for one in clauses for other in ways]
        loose |= part_loose
    return clauses, loose


def _both(one: Clause, other: Clause) -> Clause:
    return Clause(_union(one.required, other.required), _union(one.forbidden, other.forbidden))


def _union(one: tuple[Atom | str, ...], other: Iterable[Atom | str]) -> tuple[Atom | str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _cut(clause: Clause) -> Clause:
    """At most WIDTH atoms, the required ones first; near words of the same text are one."""
    required = tuple(dict.fromkeys(clause.required))[:WIDTH]
    return Clause(required, clause.forbidden[: WIDTH - len(required)])
