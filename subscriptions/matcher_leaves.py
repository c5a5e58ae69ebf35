"""The atoms of an index by number, and which of them hold in a document.

The first numbers are the strings': leaf n holds where string n occurs anywhere. The atoms that say more
(a field, other names, a topic, a figure) have the numbers after. Must not know queries or clauses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from subscriptions.aliases import AliasTable
from subscriptions.figures import COMPARE, in_base, rounded
from subscriptions.prepare import FIELDS_OF, Prepared
from subscriptions.query import Atom, FigureIs, Operator, PageIs, StageIs, Term, Topic
from subscriptions.types import DocumentField


class SpecialLeaves:
    """Atoms that are more than a string found anywhere, each with its number, from 0.

    `by_pattern`: which of them a pattern may prove, and in which fields."""

    def __init__(self, aliases: AliasTable) -> None:
        self.atoms: list[Atom] = []
        self.by_pattern: dict[int, list[tuple[int, frozenset[DocumentField]]]] = {}
        self._numbers: dict[Atom, int] = {}
        self._aliases = aliases
        self._topics: dict[str, int] = {}
        self._stages: dict[str, int] = {}
        self._pages: list[tuple[int, int, int]] = []
        self._figures: dict[tuple[str, str], list[tuple[Operator, float, int]]] = {}

    def number(self, atom: Atom, pattern_of: Callable[[str], int]) -> int:
        """The atom's number; `pattern_of` gives out numbers of the strings that must be looked for."""
        number = self._numbers.get(atom)
        if number is None:
            number = self._numbers[atom] = len(self.atoms)
            self.atoms.append(atom)
            self._index(atom, number, pattern_of)
        return number

    def _index(self, atom: Atom, number: int, pattern_of: Callable[[str], int]) -> None:
        match atom:
            case Term():
                fields = frozenset(FIELDS_OF[atom.field])
                for name in (atom.text, *(() if atom.exact else self._aliases.others(atom.text))):
                    self.by_pattern.setdefault(pattern_of(name), []).append((number, fields))
            case Topic():
                self._topics[atom.name] = number
            case StageIs():
                self._stages[atom.stage] = number
            case PageIs():
                self._pages.append((atom.first, atom.last, number))
            case _:
                assert isinstance(atom, FigureIs)
                value, base = in_base(atom)
                self._figures.setdefault((atom.metric, base), []).append((atom.operator, value, number))

    def renumber_patterns(self, ranks: npt.NDArray[np.int32]) -> None:
        """Pattern n is now pattern `ranks[n]`."""
        self.by_pattern = {int(ranks[pattern]): leaves for pattern, leaves in self.by_pattern.items()}

    def holding(self, prepared: Prepared, places: Iterable[tuple[int, int]]) -> set[int]:
        """Numbers of the atoms that hold; `places`: starts of all patterns in `by_pattern`, with their numbers."""
        found = {
            number
            for start, pattern in places
            for number, fields in self.by_pattern[pattern]
            if prepared.field(start) in fields
        }
        found.update(self._topics[topic] for topic in prepared.topics if topic in self._topics)
        found.update(self._stages[f.stage] for f in prepared.document.figures if f.stage in self._stages)
        found.update(self._on_page(prepared.document.page))
        found.update(self._stated(prepared))
        return found

    def _on_page(self, page: int | None) -> Iterable[int]:
        return () if page is None else (number for first, last, number in self._pages if first <= page <= last)

    def _stated(self, prepared: Prepared) -> Iterable[int]:
        for figure in prepared.document.figures:
            stated = rounded(figure.value)
            for sign, value, number in self._figures.get((figure.metric, figure.unit), ()):
                if COMPARE[sign](stated, value):
                    yield number
