"""Which topics an article has: every topic's terms in one automaton, one pass over the article's normalised text.

Pure. The score of a topic is `title weight · t + lead weight · l + body weight · b`, each of t, l, b between 0 and 1: how much
the title, the lead and the sentences of the body speak of the topic. b is the share of the body's characters that stand in
sentences with the topic's terms, so a passing mention in a long article stays a passing mention. A rule must hold for any
paper: no term may be a headline's words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from daachorse import MATCH_KIND_STANDARD, CharwiseDoubleArrayAhoCorasick

from digests.topics.cast import COMPANY, about_company
from digests.topics.types import Topic
from digests.types import TopicReason
from digests.words.sentences import fold_each, sentences
from subscriptions import fold

_PROOF = 3.0
"""The weight of a term, or of several terms in one sentence, that proves the topic alone."""

_LEAD = 160
"""Code points of normalised text: a lead paragraph of a newspaper."""

_LONGEST = 300
"""Code points of a sentence; a line without any stop is read in pieces of it, so that time grows with the text alone."""

_BREADTH = 0.22
"""A topic with less than this share of the article's best score is a side topic, and left out."""

_NOTICE = re.compile(r"(?:启事|稿约|征订|征稿)$")
"""A paper's notices of its own affairs are about no topic, whatever they ask for."""

_SCHOOL = re.compile(r"(?:职业|技术|产业)*(?:学院|学校|大学|中学|小学|职校)")
"""What a school is named after (储能学院) is not yet what the sentence is about."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence or a title: its field and its place in the haystack."""

    field: str
    start: int
    end: int


@dataclass(slots=True)
class _Tally:
    """What one topic has gathered. `sentences`: index of part -> proof there; `terms`: (term, field) -> count."""

    sentences: dict[int, float] = field(default_factory=dict)
    terms: Counter[tuple[str, str]] = field(default_factory=Counter)


class TopicIndex:
    """Topics, ready to be assigned. Built once; `assign` may be called from any number of threads."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = tuple(topics)
        self._owners: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._terms: list[list[_Term]] = []
        for number, topic in enumerate(self.topics):
            self._terms.append(_compile(topic))
            for index, term in enumerate(self._terms[-1]):
                for atom in dict.fromkeys(term.atoms):
                    self._owners[atom].append((number, index))
        self._atoms = list(self._owners)
        self._automaton = CharwiseDoubleArrayAhoCorasick(self._atoms, MATCH_KIND_STANDARD) if self._atoms else None

    def assign(self, title: str, subtitle: str, body: str, section: str) -> tuple[TopicReason, ...]:
        """The article's topics with their reasons, best score first. Takes printed texts; empty ones are allowed."""
        if _NOTICE.search(fold(title)):
            return ()
        haystack, parts = _lay_out(title, subtitle, body, section)
        scored = [
            (topic, tally, _score(topic, tally, parts))
            for topic, tally in ((self.topics[n], t) for n, t in self._tallies(haystack, parts).items())
        ]
        best = max((score for _, _, score in scored), default=0.0)
        kept = [item for item in scored if item[2] >= max(item[0].threshold, _BREADTH * best)]
        kept.sort(key=lambda item: (-item[2], item[0].name))
        return tuple(_reason(topic, tally, score) for topic, tally, score in kept)

    def scores(self, title: str, subtitle: str, body: str, section: str) -> dict[str, float]:
        """Every topic's score, also below its threshold: for whoever edits a topic."""
        haystack, parts = _lay_out(title, subtitle, body, section)
        return {
            self.topics[n].name: _score(self.topics[n], tally, parts)
            for n, tally in self._tallies(haystack, parts).items()
        }

    def _tallies(self, haystack: str, parts: list[_Part]) -> dict[int, _Tally]:
        tallies: dict[int, _Tally] = defaultdict(_Tally)
        for number, part in enumerate(parts):
            for owner, hits in self._hits(haystack[part.start : part.end]).items():
                proof = _proof(self._terms[owner], hits, part.field, tallies[owner].terms)
                if proof:
                    tallies[owner].sentences[number] = proof
        return tallies

    def _hits(self, text: str) -> dict[int, list[tuple[int, int, int, str]]]:
        """Topic -> (start, end, index of the term, atom) in one part."""
        found: dict[int, list[tuple[int, int, int, str]]] = defaultdict(list)
        if self._automaton is None:
            return found
        for start, end, atom in self._automaton.find_overlapping(text):
            if _SCHOOL.match(text, end):
                continue
            for owner, index in self._owners[self._atoms[atom]]:
                found[owner].append((start, end, index, self._atoms[atom]))
        return found


@dataclass(frozen=True, slots=True)
class _Term:
    """A term as the automaton sees it. `weight` None: an excluded phrase."""

    text: str
    atoms: tuple[str, ...]
    weight: float | None


def _compile(topic: Topic) -> list[_Term]:
    terms = [_Term(text, _atoms(text), weight) for text, weight in topic.terms]
    terms += [_Term(text, (fold(text),), None) for text in topic.excludes]
    return [term for term in terms if all(term.atoms)]


def _atoms(term: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in term.split())


def _lay_out(title: str, subtitle: str, body: str, section: str) -> tuple[str, list[_Part]]:
    """Every sentence folded, one after the other, a line feed between."""
    pieces: list[str] = []
    parts: list[_Part] = []
    at = lead = 0
    for name, folded in _texts(title, subtitle, body, section):
        if not folded:
            continue
        place = "lead" if name == "body" and lead < _LEAD else name
        lead += len(folded) if name == "body" else 0
        parts.append(_Part(place, at, at + len(folded)))
        pieces.append(folded)
        at += len(folded) + 1
    return "\n".join(pieces), parts


def _texts(title: str, subtitle: str, body: str, section: str) -> Iterator[tuple[str, str]]:
    yield "section", fold(section)
    folded = fold(title)
    yield "title", f"{folded}\n{COMPANY}" if about_company(folded, fold(body)) else folded
    yield "subtitle", fold(subtitle)
    for folded in fold_each(body, sentences(body)):
        for start in range(0, len(folded), _LONGEST):
            yield "body", folded[start : start + _LONGEST]


def _proof(
    terms: list[_Term], hits: list[tuple[int, int, int, str]], place: str, seen: Counter[tuple[str, str]]
) -> float:
    """How much one sentence speaks of the topic, 0..1, -1 where the title refuses it; counts its terms in `seen`."""
    hidden = [(start, end) for start, end, index, _ in hits if terms[index].weight is None]
    shown = [hit for hit in hits if terms[hit[2]].weight is not None and not _begins_in(hit[0], hidden)]
    if place == "title" and hidden and any(not _hides(span, hits, terms) for span in hidden):
        return -1.0
    total = 0.0
    covered: list[tuple[int, int]] = []
    for index, spans in _complete(terms, shown):
        weight = terms[index].weight or 0.0
        if len(terms[index].atoms) == 1 and all(_inside(start, end, covered) for start, end in spans):
            continue
        covered += spans
        total += weight
        seen[terms[index].text, place] += len(spans) if len(terms[index].atoms) == 1 else 1
    return max(0.0, min(1.0, total / _PROOF))


def _complete(terms: list[_Term], hits: list[tuple[int, int, int, str]]) -> list[tuple[int, list[tuple[int, int]]]]:
    """Terms of which every atom stands in the sentence, longest text first, with their places."""
    places: dict[int, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for start, end, index, atom in hits:
        places[index][atom].append((start, end))
    whole = [index for index, atoms in places.items() if len(atoms) == len(set(terms[index].atoms))]
    whole.sort(key=lambda index: (-len(terms[index].text), index))
    return [(index, [span for spans in places[index].values() for span in spans]) for index in whole]


def _inside(start: int, end: int, others: list[tuple[int, int]]) -> bool:
    return any(left <= start and end <= right for left, right in others)


def _begins_in(start: int, others: list[tuple[int, int]]) -> bool:
    """Also of what goes on behind: in 异质结电池项目 there is no 电池项目, where 异质结电池 is excluded."""
    return any(left <= start < right for left, right in others)


def _hides(span: tuple[int, int], hits: list[tuple[int, int, int, str]], terms: list[_Term]) -> bool:
    return any(terms[hit[2]].weight is not None and _inside(hit[0], hit[1], [span]) for hit in hits)


def _score(topic: Topic, tally: _Tally, parts: list[_Part]) -> float:
    """See the module's docstring; the section counts as half a title, a subtitle as a title's second line."""
    if any(proof < 0 for proof in tally.sentences.values()):
        return 0.0
    title = max(
        (tally.sentences.get(n, 0.0) * _HEAD[part.field] for n, part in enumerate(parts) if part.field in _HEAD),
        default=0.0,
    )
    lead = _share(tally, parts, {"lead"})
    body = _share(tally, parts, {"lead", "body"})
    weights = topic.weights
    return round(weights.title * title + weights.lead * lead + weights.body * body, 4)


_HEAD = {"title": 1.0, "subtitle": 0.8, "section": 0.5}


def _share(tally: _Tally, parts: list[_Part], fields: set[str]) -> float:
    total = sum(part.end - part.start for part in parts if part.field in fields)
    covered = sum(
        (part.end - part.start) * tally.sentences.get(n, 0.0) for n, part in enumerate(parts) if part.field in fields
    )
    return covered / total if total else 0.0


def _reason(topic: Topic, tally: _Tally, score: float) -> TopicReason:
    terms = sorted(tally.terms.items(), key=lambda item: (-item[1], item[0]))
    return TopicReason(topic.name, score, tuple((term, place, count) for (term, place), count in terms))
