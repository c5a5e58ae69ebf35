"""Which stretches of an article stand out: matched words underlined, amounts and capacities bold.

Ranges are code points of one printed field. Overlapping ranges are merged, bold lies outside underline, and where the two
cross, the tags are closed and opened again, so that they nest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from digests.html import Piece, clean, html_escape, shorten, tag, text
from digests.types import Article
from subscriptions import Match, Span

Range = tuple[int, int]

BOLD_BASES = frozenset({"CNY", "USD", "EUR", "GWh", "GW", "t", "m2"})
BOLD, UNDERLINE = 1, 2
TOPIC_WORDS = 3
TIMES = 2
"""How often a word is underlined in one passage."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Per field of an article its merged, ascending ranges: `matched` words and, of title and body, `figures`."""

    matched: dict[str, list[Range]] = field(default_factory=dict)
    figures: dict[str, list[Range]] = field(default_factory=dict)

    def of(self, name: str) -> list[Range]:
        return self.matched.get(name, [])


def marks_of(article: Article, matches: Iterable[Match]) -> Marks:
    """Everything to mark in `article`: the proofs of all its matches, its amounts and capacities."""
    matched: dict[str, list[Range]] = {}
    for match in matches:
        for term, spans in match.terms.items():
            for span in spans:
                name, place = _printed(span, article)
                matched.setdefault(name, []).append(place)
            if any(span.field == "topic" for span in spans):
                _add_topic_words(matched, article, term)
    figures: dict[str, list[Range]] = {}
    for fact in article.facts:
        if fact.base in BOLD_BASES:
            figures.setdefault("title" if fact.in_title else "body", []).append((fact.start, fact.end))
    return Marks(_merged(matched, article), _merged(figures, article))


def _printed(span: Span, article: Article) -> tuple[str, Range]:
    """A figure that holds is named by its number: it is marked where the article prints it. A stored proof may be older than it."""
    if span.field == "figure" and span.start < len(article.facts):
        fact = article.facts[span.start]
        return ("title" if fact.in_title else "body"), (fact.start, fact.end)
    return span.field, (span.start, span.end)


def _add_topic_words(matched: dict[str, list[Range]], article: Article, term: str) -> None:
    """A topic is proven by the words that gave it to the article: the foremost of them are marked where they are printed."""
    name = term.strip('#"')
    reasons = (word for reason in article.reasons if reason.topic == name for word, _, _ in reason.terms)
    words = [word for word in dict.fromkeys(reasons) if not any(map(str.isspace, word))]
    for word in words[:TOPIC_WORDS]:
        for field_, printed in (("title", article.title), ("body", article.body)):
            found = re.finditer(re.escape(word), printed)
            matched.setdefault(field_, []).extend(place.span() for place in found)


def _merged(ranges: dict[str, list[Range]], article: Article) -> dict[str, list[Range]]:
    """A stored proof is older than what renders it, so places beyond the body's end are dropped rather than believed."""
    merged = {name: merge(found) for name, found in ranges.items()}
    if "body" in merged:
        merged["body"] = within(merged["body"], 0, len(article.body))
    return merged


def merge(ranges: Iterable[Range]) -> list[Range]:
    """Ascending, without overlap: those that overlap or touch become one; empty ones are dropped."""
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def within(ranges: Sequence[Range], start: int, end: int) -> list[Range]:
    """The parts of the ranges that lie in `start`..`end`."""
    return [(max(a, start), min(b, end)) for a, b in ranges if a < end and b > start]


def marked(body: str, start: int, end: int, matched: Sequence[Range], figures: Sequence[Range], entities: int) -> Piece:
    """`body[start:end]` with at most `entities` tags; what is beyond them stays unmarked."""
    bold = within(figures, start, end)[:entities]
    underlined = _affordable(within(matched, start, end), bold, entities - len(bold))
    if not underlined and not bold:
        return text(body[start:end])
    html: list[str] = []
    opened, state = 0, 0
    for a, b, wanted in _segments(start, end, underlined, bold):
        change, more = _change(state, wanted)
        html.append(change + html_escape(body[a:b]))
        opened, state = opened + more, wanted
    html.append(_change(state, 0)[0])
    return Piece("".join(html), clean(body[start:end]), opened)


def _affordable(underlined: Sequence[Range], bold: Sequence[Range], entities: int) -> list[Range]:
    """The first underlines that leave every figure bold: one that crosses figures opens up to two more tags for each."""
    kept: list[Range] = []
    for a, b in underlined:
        entities -= 1 + 2 * len(within(bold, a, b))
        if entities < 0:
            break
        kept.append((a, b))
    return kept


def few(body: str, matched: Sequence[Range]) -> list[Range]:
    """Of each word in `matched` the first TIMES places."""
    seen: Counter[str] = Counter()
    kept: list[Range] = []
    for a, b in matched:
        seen[body[a:b]] += 1
        if seen[body[a:b]] <= TIMES:
            kept.append((a, b))
    return kept


def _segments(
    start: int, end: int, underlined: Sequence[Range], bold: Sequence[Range]
) -> Iterator[tuple[int, int, int]]:
    """The stretches of equal marks, in order, as (start, end, marks)."""
    changes: dict[int, int] = {start: 0, end: 0}
    for ranges, mark in ((bold, BOLD), (underlined, UNDERLINE)):
        for a, b in ranges:
            changes[a] = changes.get(a, 0) ^ mark
            changes[b] = changes.get(b, 0) ^ mark
    places, state = sorted(changes), 0
    for a, b in pairwise(places):
        state ^= changes[a]
        yield a, b, state


def _change(old: int, new: int) -> tuple[str, int]:
    """The tags that lead from the marks `old` to `new`, and how many of them open."""
    if old == new:
        return "", 0
    if old & BOLD and new & BOLD:
        return ("</u>", 0) if old & UNDERLINE else ("<u>", 1)
    closing = ("</u>" if old & UNDERLINE else "") + ("</b>" if old & BOLD else "")
    opening = ("<b>" if new & BOLD else "") + ("<u>" if new & UNDERLINE else "")
    return closing + opening, new.bit_count()


def shortened(value: str, matched: Sequence[Range], units: int, entities: int) -> Piece:
    """One line of at most `units`, matched words underlined, cut with a visible …"""
    shown = shorten(value, units)
    if shown == value:
        return marked(value, 0, len(value), matched, (), entities)
    return marked(value, 0, len(shown) - 1, matched, (), entities) + text("…")


def bold_title(title: str, matched: Sequence[Range], units: int, lead: str = "") -> Piece:
    """The title, after `lead`, a word of ours about it."""
    return tag("b", text(lead) + shortened(title, matched, units, 8))
