"""Random queries and documents as in query_worlds, by dice: no shrinking, but a tenth of the time."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from query_worlds import LETTERS, TOPICS, can_be_stored

from subscriptions import Alias, AliasTable, Document, Figure
from subscriptions.query import (
    FIELD_NAMES,
    STAGE_NAMES,
    And,
    Atom,
    FigureIs,
    Near,
    Not,
    Operator,
    Or,
    PageIs,
    Query,
    StageIs,
    Term,
    TermField,
    Topic,
    canonical,
)

STAGES = sorted(STAGE_NAMES)
OPERATORS: Sequence[Operator] = (">=", ">", "<=", "<", "=")
AMOUNTS = (1.0, 2.0, 1e8, 2.5e8)
FIELDS: Sequence[TermField] = tuple(FIELD_NAMES)
LONGEST = 20
"""Characters of a word: some are longer than one block of the index, or two."""


def dice_query(dice: Random) -> Query:
    """One that a reader may store."""
    while not can_be_stored(query := canonical(_query(dice, 2))):
        pass
    return query


def _query(dice: Random, depth: int) -> Query:
    kind = dice.random()
    if not depth or kind < 0.5:
        return _atom(dice)
    if kind < 0.65:
        return Not(_query(dice, depth - 1))
    items = tuple(_query(dice, depth - 1) for _ in range(dice.randint(2, 4)))
    return And(items) if kind < 0.85 else Or(items)


def _atom(dice: Random) -> Atom:
    kind = dice.random()
    if kind < 0.5:
        return Term(_word(dice))
    if kind < 0.7:
        return Term(_word(dice), dice.choice((None, *FIELDS)), dice.random() < 0.5)
    if kind < 0.8:
        field: TermField | None = dice.choice((None, None, "title", "body"))
        return Near(_side(dice, field), _side(dice, field), dice.randint(0, 4))
    if kind < 0.85:
        return Topic(dice.choice(TOPICS))
    if kind < 0.9:
        first = dice.randint(1, 4)
        return PageIs(first, dice.randint(first, 4))
    if kind < 0.95:
        return FigureIs("sales", dice.choice(OPERATORS), dice.choice(AMOUNTS), "元")
    return StageIs(dice.choice(STAGES))


def _side(dice: Random, field: TermField | None) -> tuple[Term, ...]:
    return tuple(Term(_word(dice), field, dice.random() < 0.5) for _ in range(dice.randint(1, 2)))


def _word(dice: Random) -> str:
    if dice.random() < 0.1:
        return "甲" * dice.randint(1, LONGEST)
    word = _text(dice, LETTERS, 1, 3)
    return word if word not in {"a", "b"} else word * 2


def _text(dice: Random, letters: str, least: int, most: int) -> str:
    return "".join(dice.choices(letters, k=dice.randint(least, most)))


def dice_document(dice: Random) -> Document:
    letters = dice.choice((LETTERS, LETTERS + " \n。", "甲甲甲甲乙"))
    title, subtitle, byline, section, publication = (_text(dice, letters, 0, 12) for _ in range(5))
    figures = tuple(
        Figure("sales", dice.choice(AMOUNTS), dice.choice(("CNY", "USD")), dice.choice((None, *STAGES)))
        for _ in range(dice.randrange(3))
    )
    return Document(
        title=title,
        body=_text(dice, letters, 0, 60),
        subtitle=subtitle,
        byline=byline,
        section=section,
        publication=publication,
        page=dice.choice((None, 1, 2, 3, 4)),
        topics=frozenset(dice.sample(TOPICS, dice.randrange(len(TOPICS) + 1))),
        figures=figures,
    )


def dice_aliases(dice: Random) -> AliasTable:
    names = [[_text(dice, LETTERS, 2, 3) for _ in range(dice.randint(2, 3))] for _ in range(dice.randrange(4))]
    return AliasTable([Alias(tuple(some)) for some in names])
