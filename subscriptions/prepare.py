"""A document made ready for matching: all its fields folded in one go, and the way back to each printed field.

The fields stand one after the other in one string with a boundary between that no query contains, so that one pass
finds the terms of all of them and none straddles two fields.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from subscriptions.query import TermField
from subscriptions.text import NormalText, fold, normalise
from subscriptions.types import Document, DocumentField, Span

FIELDS: tuple[DocumentField, ...] = ("title", "subtitle", "body", "byline", "section", "publication")
"""In the order in which they stand in the prepared text."""

FIELDS_OF: dict[TermField | None, tuple[DocumentField, ...]] = {
    None: ("title", "subtitle", "body", "byline", "section"),
    "title": ("title", "subtitle"),
    "body": ("body",),
    "section": ("section",),
    "byline": ("byline",),
    "publication": ("publication",),
}
"""Where a term with each field is looked for."""

BOUNDARY = "\uffff"


@dataclass(frozen=True, slots=True)
class Prepared:
    """`begins[i]`: where FIELDS[i] begins in `text`; `printed[i]`: where it begins in the joined printed text."""

    document: Document
    normal: NormalText
    begins: tuple[int, ...]
    printed: tuple[int, ...]
    topics: frozenset[str]

    @property
    def text(self) -> str:
        return self.normal.text

    def field(self, start: int) -> DocumentField:
        """The field in which this character of `text` lies."""
        return FIELDS[bisect_right(self.begins, start) - 1]

    def span(self, start: int, end: int) -> Span:
        """The printed place of `start`..`end` of `text`."""
        number = bisect_right(self.begins, start) - 1
        printed = self.normal.source(start, end)
        return Span(FIELDS[number], printed[0] - self.printed[number], printed[1] - self.printed[number])


def prepare(document: Document) -> Prepared:
    parts = [_part(document, field) for field in FIELDS]
    printed = [0]
    for part in parts[:-1]:
        printed.append(printed[-1] + len(part) + len(BOUNDARY))
    normal = normalise(BOUNDARY.join(parts))
    begins = normal.starts.searchsorted(printed)
    topics = frozenset(fold(topic) for topic in document.topics)
    return Prepared(document, normal, tuple(int(place) for place in begins), tuple(printed), topics)


def _part(document: Document, field: DocumentField) -> str:
    text: str = getattr(document, field)
    return text.replace(BOUNDARY, " ") if BOUNDARY in text else text
