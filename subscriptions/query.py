"""A reader's query as a value: its atoms, its one canonical form, how that is printed, and its id.

The canonical form has negation only at the atoms, nothing nested in its own kind, and everything sorted and unique,
so that equal queries of different readers are one stored query. `parse_query(print_query(q)) == q` for every `q` that
`canonical` made. Must not read text (see parse.py) nor know documents (see evaluate.py).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from subscriptions.types import QUERY_BYTES, QueryId

TermField = Literal["title", "body", "section", "byline", "publication"]
Operator = Literal[">=", ">", "<=", "<", "="]


@dataclass(frozen=True, slots=True)
class Term:
    """Normalised text that must occur; `field` None: in any but the publication's name. `exact`: no aliases.

    `title` includes the subtitle."""

    text: str
    field: TermField | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """One of `left` and one of `right` in the same field with at most `distance` characters between, in either order."""

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Topic:
    """The article was filed under the topic of this (normalised) name."""

    name: str


@dataclass(frozen=True, slots=True)
class PageIs:
    """The article begins on page `first`..`last`."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class FigureIs:
    """The article states a figure of `metric` that compares so; `value` in `unit`, a key of UNITS."""

    metric: str
    operator: Operator
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class StageIs:
    """The article states a figure of an undertaking in this stage, a value of STAGES."""

    stage: str


Atom: TypeAlias = Term | Near | Topic | PageIs | FigureIs | StageIs


@dataclass(frozen=True, slots=True)
class Not:
    item: Query


@dataclass(frozen=True, slots=True)
class And:
    items: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    items: tuple[Query, ...]


Query: TypeAlias = Atom | Not | And | Or

FIELD_NAMES: dict[TermField, str] = {
    "title": "标题",
    "body": "正文",
    "section": "栏目",
    "byline": "作者",
    "publication": "报",
}
METRIC_NAMES = {
    "total_investment": "投资额",
    "planned_annual_investment": "年度投资",
    "completed_investment": "完成投资",
    "capacity": "产能",
    "output": "产量",
    "output_value": "产值",
    "sales": "销售额",
    "tax": "税收",
    "area": "面积",
    "jobs": "岗位",
    "headcount": "人数",
    "installed_volume": "装机量",
    "growth": "增长",
    "loan": "贷款",
    "count": "数量",
}
STAGE_NAMES = {
    "signed": "签约",
    "planned": "规划",
    "started": "开工",
    "under_construction": "在建",
    "completed": "竣工",
    "in_production": "投产",
}
UNITS = {
    "元": ("CNY", 1.0),
    "美元": ("USD", 1.0),
    "欧元": ("EUR", 1.0),
    "GWh": ("GWh", 1.0),
    "GW": ("GW", 1.0),
    "吨": ("t", 1.0),
    "平方米": ("m2", 1.0),
    "亩": ("m2", 2000 / 3),
    "公里": ("km", 1.0),
    "%": ("ratio", 0.01),
    "倍": ("ratio", 1.0),
    "": ("count", 1.0),
}
"""Units as printed -> base unit of `Figure` and factor to it."""

OPERATOR_WORDS = {"或": "|", "or": "|", "且": "&", "and": "&", "&": "&", "&&": "&", "＆": "&", "非": "-", "not": "-"}

_BARE = re.compile(r'[^\s|()"~#<>=≥≧⩾≤≦⩽:,、;\-][^\s|()"~<>=≥≧⩾≤≦⩽:,、;]*')


def bare(word: str) -> str:
    """A word as typed, without what sentences and names of papers put around it: 储能。 and 《临江日报》 mean the word."""
    return word.lstrip("《〈").rstrip("》〉。！？!?…") or word


def canonical(query: Query) -> Query:
    """The one form of all queries equal to this one but for order, repetition, grouping and where they negate."""
    return _arrange(query, negated=False)


def _arrange(query: Query, *, negated: bool) -> Query:
    if isinstance(query, Not):
        return _arrange(query.item, negated=not negated)
    if isinstance(query, And | Or):
        both = isinstance(query, And) is not negated
        return _join([_arrange(item, negated=negated) for item in query.items], both=both)
    atom = _tidy(query) if isinstance(query, Near) else query
    return Not(atom) if negated else atom


def _join(items: list[Query], *, both: bool) -> Query:
    """The sorted conjunction (`both`) or disjunction; the only item itself where there is but one."""
    kind = And if both else Or
    flat = {part for item in items for part in (item.items if isinstance(item, kind) else (item,))}
    ordered = tuple(sorted(flat, key=_rank))
    return ordered[0] if len(ordered) == 1 else kind(ordered)


def _rank(query: Query) -> tuple[int, str]:
    """Atoms, groups, what is excluded; each by what is printed."""
    kind = 2 if isinstance(query, Not) else 1 if isinstance(query, And | Or) else 0
    return kind, print_query(query)


def _tidy(near: Near) -> Near:
    sides = sorted((tuple(sorted(set(side), key=print_atom)) for side in (near.left, near.right)), key=_print_side)
    return Near(sides[0], sides[1], near.distance)


def print_query(query: Query) -> str:
    """The canonical text of a canonical query."""
    if isinstance(query, And):
        return " ".join(_print_item(item) for item in query.items)
    if isinstance(query, Or):
        return "|".join(print_query(item) for item in query.items)
    if isinstance(query, Not):
        return f"-{_print_item(query.item)}"
    return print_atom(query)


def _print_item(item: Query) -> str:
    """An item of a conjunction: what needs brackets gets them, and where all alternatives are negated, -(A B)."""
    if not isinstance(item, Or):
        return print_query(item)
    if all(isinstance(part, Not) for part in item.items):
        return f"-({' '.join(print_query(part)[1:] for part in item.items)})"
    return f"({print_query(item)})"


def print_atom(atom: Atom) -> str:
    match atom:
        case Term():
            return _print_term(atom)
        case Near():
            return f"{_print_side(atom.left)} ~{atom.distance} {_print_side(atom.right)}"
        case Topic():
            return f"#{_quoted_if_needed(atom.name)}"
        case PageIs():
            return f"版:{atom.first}" if atom.first == atom.last else f"版:{atom.first}-{atom.last}"
        case FigureIs():
            return f"{METRIC_NAMES[atom.metric]}{atom.operator}{_print_amount(atom.value)}{atom.unit}"
    return f"阶段:{STAGE_NAMES[atom.stage]}"


def _print_term(term: Term) -> str:
    field = f"{FIELD_NAMES[term.field]}:" if term.field else ""
    return f'{field}="{term.text}"' if term.exact else f"{field}{_quoted_if_needed(term.text)}"


def _print_side(side: tuple[Term, ...]) -> str:
    printed = "|".join(_print_term(term) for term in side)
    return printed if len(side) == 1 else f"({printed})"


def _quoted_if_needed(text: str) -> str:
    return text if _BARE.fullmatch(text) and text not in OPERATOR_WORDS and bare(text) == text else f'"{text}"'


def _print_amount(value: float) -> str:
    """10亿, 3.5万, 18: exact in decimal digits."""
    number = Decimal(repr(value))
    for size, word in ((Decimal(10**8), "亿"), (Decimal(10**4), "万")):
        if number >= size:
            return f"{_plain(number / size)}{word}"
    return _plain(number)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def query_id(query: Query | str) -> QueryId:
    """BLAKE2b-96, as hex digits, of the canonical text: given as such, or as the canonical query."""
    text = query if isinstance(query, str) else print_query(query)
    return hashlib.blake2b(text.encode(), digest_size=QUERY_BYTES).hexdigest()


def iter_atoms(query: Query, *, negated: bool = False) -> Iterator[tuple[Atom, bool]]:
    """All atoms in order, each with whether it is negated."""
    if isinstance(query, Not):
        yield from iter_atoms(query.item, negated=not negated)
    elif isinstance(query, And | Or):
        for item in query.items:
            yield from iter_atoms(item, negated=negated)
    else:
        yield query, negated


def positive_terms(query: Query) -> tuple[str, ...]:
    """The texts to be marked in an article, each once, in canonical order: terms of the article's text that are not negated."""
    found: dict[str, None] = {}
    for atom, negated in iter_atoms(query):
        terms = (*atom.left, *atom.right) if isinstance(atom, Near) else (atom,) if isinstance(atom, Term) else ()
        found |= {term.text: None for term in terms if not negated and term.field != "publication"}
    return tuple(found)


def topics_of(query: Query) -> frozenset[str]:
    """The topic, if the query is exactly one; else nothing."""
    return frozenset({query.name}) if isinstance(query, Topic) else frozenset()
