"""The search index on disk: a replica of the stored articles that can always be made anew.

One folder per layout. What was committed survives a kill; what was not is added again. Blocking: call it in threads.
One process writes at a time (the library's lock, freed when a process dies); any number read. No clock, no store.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import tantivy

from digests.pipeline import as_document
from digests.ports import IssueSummary
from digests.search_grams import PAIRS, asked, day_of, figure_key, folded, grams, key_of, number_of, order_key
from digests.search_lookup import Lookup, Translator, narrowed
from digests.types import Article
from subscriptions import AliasTable, Query, fold

LAYOUT = f"2-{key_of(str(sorted(PAIRS)))}"
"""Name of the folder: an index of another layout is left aside and a new one built."""
HEAP = 32_000_000
"""Bytes the writer collects before it writes a segment; 15,000,000 at least."""
FACETS = 60
TEXTS = ("title", "body", "byline", "section", "publication")


@dataclass(frozen=True, slots=True)
class Narrow:
    """Facets chosen: `paper` by its key, `year` as a number; None: all."""

    paper: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many articles there are by publication and by year, the most and the newest first."""

    papers: tuple[tuple[str, int], ...] = ()
    years: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Some of the candidates, newest first, and how many there are. `exact`: each of them matches."""

    numbers: tuple[int, ...]
    total: int
    exact: bool


class BusyError(Exception):
    """Another process writes to the index."""


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name="whitespace")
    for name in ("topic", "stage", "paper_key"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("paper", tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("page", "figure", "year"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in ("number", "order"):
        builder.add_unsigned_field(name, fast=True)
    builder.add_unsigned_field("corrects", indexed=True, stored=True)
    builder.add_text_field("fingerprint", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


class SearchIndex:
    """`folder`: where indexes lie; made if missing, and made anew where it cannot be read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / LAYOUT
        self._schema = schema()
        self._index = self._open()

    def _open(self) -> tantivy.Index:
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            return tantivy.Index(self._schema, path=str(self._folder))
        except ValueError:
            shutil.rmtree(self._folder)
            self._folder.mkdir()
            return tantivy.Index(self._schema, path=str(self._folder))

    # ------------------------------------------------------------------------------------------ following
    def newest(self) -> tuple[int, str]:
        """Number and fingerprint of the article added last; (0, "") where there is none."""
        self._index.reload()
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.all_query(), limit=1, count=False, order_by_field="number").hits
        if not hits:
            return 0, ""
        number, place = hits[0]
        return int(number), str(searcher.doc(place).get_first("fingerprint"))

    def add(self, articles: Sequence[tuple[Article, IssueSummary]]) -> None:
        """Add all of them, or none if it fails. Numbers must be above the newest. Raises BusyError."""
        writer = self._writer()
        try:
            newest = self.newest()[0]
            for article, issue in articles:
                if article.id > newest:
                    writer.add_document(document(article, issue))
            writer.commit()
        finally:
            writer.wait_merging_threads()
        self._index.reload()

    def clear(self) -> None:
        """Forget everything. Raises BusyError."""
        writer = self._writer()
        writer.delete_all_documents()
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def _writer(self) -> tantivy.IndexWriter:
        try:
            return self._index.writer(HEAP, 1)
        except ValueError as error:
            if "LockBusy" not in str(error):
                raise
            raise BusyError(str(self._folder)) from error

    # ------------------------------------------------------------------------------------------ searching
    def find(self, query: Query, aliases: AliasTable, narrow: Narrow, offset: int, limit: int) -> Window:
        """Candidates `offset`..`offset + limit` for the query, newest first; `limit` at least 1."""
        lookup = self._lookup(query, aliases, narrow)
        found = self._index.searcher().search(lookup.query, limit=limit, offset=offset, order_by_field="order")
        total: int = cast(Any, found).count  # the stubs of the library leave it out
        return Window(tuple(number_of(int(order)) for order, _ in found.hits), total, lookup.exact)

    def facets(self, query: Query, aliases: AliasTable, narrow: Narrow) -> Facets:
        """Over all candidates."""
        wanted = {name: {"terms": {"field": name, "size": FACETS}} for name in ("paper", "year")}
        counts = self._index.searcher().aggregate(self._lookup(query, aliases, narrow).query, wanted)
        papers = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in counts["paper"]["buckets"]]
        years = [(int(bucket["key"]), int(bucket["doc_count"])) for bucket in counts["year"]["buckets"]]
        return Facets(tuple(papers), tuple(sorted(years, reverse=True)))

    def newer(self, numbers: Sequence[int]) -> dict[int, int]:
        """Of those articles that were corrected, the one that counts now."""
        ends = {number: number for number in numbers}
        while step := self._corrections(set(ends.values())):
            ends = {number: step.get(end, end) for number, end in ends.items()}
        return {number: end for number, end in ends.items() if end != number}

    def _corrections(self, numbers: set[int]) -> dict[int, int]:
        """What corrects each of them: always a later number, or nothing."""
        if not numbers:
            return {}
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "corrects", number, "basic"))
            for number in numbers
        ]
        searcher, query = self._index.searcher(), tantivy.Query.boolean_query(terms)
        hits = searcher.search(query, limit=2 * len(numbers), count=False, order_by_field="number").hits
        found = ((int(str(searcher.doc(place).get_first("corrects"))), int(number)) for number, place in hits)
        return {old: new for old, new in found if new > old}

    def _lookup(self, query: Query, aliases: AliasTable, narrow: Narrow) -> Lookup:
        translator = Translator(self._schema, aliases)
        filters = []
        if narrow.paper is not None:
            filters.append(translator.exactly("paper_key", narrow.paper))
        if narrow.year is not None:
            filters.append(translator.exactly("year", narrow.year))
        return narrowed(translator.translate(query), filters)


def document(article: Article, issue: IssueSummary) -> tantivy.Document:
    """The article as the index holds it: what queries see of it, and what it is listed under."""
    seen, made, day = as_document(article, issue.publication), tantivy.Document(), day_of(issue)
    texts = (folded(seen.title, seen.subtitle), folded(seen.body), folded(seen.byline), folded(seen.section), folded(seen.publication))  # fmt: skip
    for name, text in zip(TEXTS, texts, strict=True):
        made.add_text(name, grams(text))
    _add_all(made, "topic", {asked(fold(topic)) for topic in seen.topics})
    _add_all(made, "stage", {figure.stage for figure in seen.figures if figure.stage})
    if issue.publication:
        _add_all(made, "paper", [issue.publication.encode("utf-8", "replace").decode()])
        _add_all(made, "paper_key", [key_of(issue.publication)])
    if seen.page is not None and seen.page >= 0:
        made.add_unsigned("page", seen.page)
    for figure in seen.figures:
        if (key := figure_key(figure.metric, figure.value, figure.unit)) is not None:
            made.add_unsigned("figure", key)
    made.add_unsigned("year", day.year)
    made.add_unsigned("number", article.id)
    made.add_unsigned("order", order_key(day, article.id))
    if article.corrects:
        made.add_unsigned("corrects", article.corrects)
    made.add_text("fingerprint", article.fingerprint)
    return made


def _add_all(made: tantivy.Document, field: str, values: Iterable[str]) -> None:
    for value in values:
        made.add_text(field, value)
