"""Whether a query matches a document, exactly, with the proof. The truth that the matcher is tested against.

Every atom is looked for in the folded text, one after the other; nothing is indexed. Must stay obvious.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from subscriptions.aliases import AliasTable
from subscriptions.figures import holds
from subscriptions.prepare import FIELDS_OF, Prepared, prepare
from subscriptions.query import (
    And,
    Atom,
    FigureIs,
    Near,
    Not,
    Or,
    PageIs,
    Query,
    Term,
    Topic,
    print_atom,
    query_id,
)
from subscriptions.types import Document, DocumentField, Match, Span

PROOF_SPANS = 32
"""So many places of a term are kept in a proof, the first ones."""

Place = tuple[int, int]
Found = tuple[Place, str]
"""A place and the name that stands there."""

Finder = Callable[[str], Iterable[Place]]
"""All places of a normalised string in a prepared document, ascending."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves one atom. `key`: the term, or the atom as printed. `alias`: the name found instead of the term."""

    key: str
    spans: tuple[Span, ...]
    alias: str | None = None


def evaluate(query: Query, document: Document, aliases: AliasTable) -> Match | None:
    """The match, or None. Terms without a field are looked for everywhere but in the publication's name."""
    return evaluate_prepared(query, prepare(document), aliases)


def evaluate_prepared(query: Query, prepared: Prepared, aliases: AliasTable) -> Match | None:
    """As `evaluate`, for many queries on one document."""
    evidence = prove(query, Witness(prepared, aliases, lambda text: find_all(prepared.text, text)))
    return None if evidence is None else build_match(query_id(query), evidence)


def find_all(text: str, part: str) -> Iterator[Place]:
    """All places of `part`, also overlapping ones."""
    start = text.find(part)
    while start >= 0:
        yield start, start + len(part)
        start = text.find(part, start + 1)


def build_match(id: str, evidence: Iterable[Evidence]) -> Match:
    """One proof of many, in whatever order; the same term in several fields is one entry, and the name is that which stands first."""
    terms: dict[str, tuple[Span, ...]] = {}
    names: dict[str, tuple[_Place, str]] = {}
    direct = set()
    for proof in evidence:
        known = terms.get(proof.key)
        terms[proof.key] = proof.spans if known is None else _merge(known, proof.spans)
        if proof.alias is None:
            direct.add(proof.key)
        else:
            stands = _place(proof.spans[0]), proof.alias
            names[proof.key] = min(names.get(proof.key, stands), stands)
    return Match(id, terms, {key: name for key, (_, name) in names.items() if key not in direct})


_ORDER: dict[DocumentField, int] = {field: number for number, field in enumerate(FIELDS_OF[None])}
_Place = tuple[int, int, int]


def _place(span: Span) -> _Place:
    return _ORDER.get(span.field, len(_ORDER)), span.start, span.end


def _merge(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(sorted({*one, *other}, key=_place)[:PROOF_SPANS])


def prove(query: Query, witness: Witness) -> list[Evidence] | None:
    """The evidence of all atoms that hold on a way on which the query holds, or None where it does not."""
    if isinstance(query, Not):
        return None if prove(query.item, witness) is not None else []
    if isinstance(query, And):
        parts = []
        for item in query.items:
            if (proof := prove(item, witness)) is None:
                return None
            parts += proof
        return parts
    if isinstance(query, Or):
        proofs = [proof for item in query.items if (proof := prove(item, witness)) is not None]
        return [evidence for proof in proofs for evidence in proof] if proofs else None
    return witness.see(query)


@dataclass(frozen=True, slots=True)
class Witness:
    """Says of each atom whether it holds in one document. `find` is how strings are found in it."""

    prepared: Prepared
    aliases: AliasTable
    find: Finder

    def see(self, atom: Atom) -> list[Evidence] | None:
        document = self.prepared.document
        match atom:
            case Term():
                evidence = self.see_term(atom)
                return None if evidence is None else [evidence]
            case Near():
                return self._see_near(atom)
            case Topic():
                return _fact(atom, "topic", atom.name in self.prepared.topics)
            case PageIs():
                return _fact(atom, "page", document.page is not None and atom.first <= document.page <= atom.last)
            case FigureIs():
                return _figures(atom, [holds(atom, figure) for figure in document.figures])
        return _figures(atom, [figure.stage == atom.stage for figure in document.figures])

    def see_term(self, term: Term) -> Evidence | None:
        return self._evidence(term, self._places(term))

    def _evidence(self, term: Term, places: list[Found]) -> Evidence | None:
        if not places:
            return None
        names = [name for _, name in places]
        alias = None if term.text in names else self.aliases.printed(names[0])
        outer = _outermost([place for place, _ in places])
        return Evidence(term.text, tuple(self.prepared.span(*place) for place in outer[:PROOF_SPANS]), alias)

    def _places(self, term: Term) -> list[Found]:
        """Where the term or a name of the same thing stands, ascending, with the name that stands there."""
        names = (term.text,) if term.exact else (term.text, *self.aliases.others(term.text))
        fields = FIELDS_OF[term.field]
        found = [
            (place, name) for name in names for place in self.find(name) if self.prepared.field(place[0]) in fields
        ]
        return sorted(found, key=lambda item: (item[0][0], -item[0][1]))

    def _see_near(self, near: Near) -> list[Evidence] | None:
        evidence: list[Evidence] = []
        for left in near.left:
            for right in near.right:
                evidence += self._see_pair(left, right, near.distance)
        return evidence or None

    def _see_pair(self, left: Term, right: Term, distance: int) -> list[Evidence]:
        ones, others = self._places(left), self._places(right)
        lefts, rights = self._near_to(ones, others, distance), self._near_to(others, ones, distance)
        seen = self._evidence(left, lefts), self._evidence(right, rights)
        return [evidence for evidence in seen if evidence is not None]

    def _near_to(self, ones: list[Found], others: list[Found], distance: int) -> list[Found]:
        """Those of `ones` before or after which one of `others` stands, in the same field: the nearest decides."""
        starts = [start for (start, _), _ in others]
        ends = sorted(end for (_, end), _ in others)
        return [
            ((start, end), name)
            for (start, end), name in ones
            if ((after := bisect_left(starts, end)) < len(starts) and self._joined(end, starts[after], distance))
            or ((before := bisect_right(ends, start)) and self._joined(ends[before - 1], start, distance))
        ]

    def _joined(self, end: int, start: int, distance: int) -> bool:
        """Whether one that ends and one that starts there are close enough, and in one field."""
        return start - end <= distance and self.prepared.field(end - 1) == self.prepared.field(start)


def _outermost(places: list[Place]) -> list[Place]:
    """Without those that lie within another (names of one thing contain each other); `places` by start, longest first."""
    kept: list[Place] = []
    for place in places:
        if not kept or place[1] > kept[-1][1]:
            kept.append(place)
    return kept


def _fact(atom: Atom, field: DocumentField, holds: bool) -> list[Evidence] | None:
    return [Evidence(print_atom(atom), (Span(field, 0, 0),))] if holds else None


def _figures(atom: Atom, hold: list[bool]) -> list[Evidence] | None:
    """Places of figures are their numbers in Document.figures."""
    spans = tuple(Span("figure", number, number + 1) for number, holds in enumerate(hold) if holds)
    return [Evidence(print_atom(atom), spans[:PROOF_SPANS])] if spans else None
