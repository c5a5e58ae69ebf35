"""Which of all standing queries match a document, with the proof.

A large index and, beside it, small ones for what was added since: a new query counts from the next document on. The
tiers are immutable; `merge` builds one index of all of them and puts it in their place. Must not know who holds a query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from threading import Lock

from subscriptions.aliases import AliasTable
from subscriptions.matcher_apart import build_apart
from subscriptions.matcher_compile import build_index
from subscriptions.matcher_index import Index
from subscriptions.matcher_proof import Prover
from subscriptions.matcher_strings import Windows
from subscriptions.matcher_texts import in_order, pack, page_of
from subscriptions.prepare import prepare
from subscriptions.types import Document, Match, QueryId, QueryPage

FRESH = 1024
"""The newest queries are compiled anew after each addition up to so many: about 2 ms."""

SMALL = 2048
"""Tiers of similar size are joined up to so many queries, in passing: about 4 ms. Beyond, `merge` does it."""

MANY_TIERS = 6
MANY_ADDED = 20_000

Build = Callable[[Sequence[QueryPage], AliasTable], Index]


class Matcher:
    """`match` and `add` belong to one thread, the event loop's; `merge` may run in another."""

    def __init__(self, queries: Iterable[tuple[QueryId, str]] = (), aliases: AliasTable | None = None) -> None:
        self._aliases = AliasTable() if aliases is None else aliases
        self._lock = Lock()
        self._merging = False
        self._fixed = 0
        """So many tiers, the first ones, are being merged and must stay as they are."""
        self._waiting: list[QueryPage] = []
        texts = pack(queries)
        self._tiers: tuple[Index, ...] = (build_index(texts, self._aliases),) if len(texts) else ()

    def __len__(self) -> int:
        return sum(map(len, self._live()))

    def __contains__(self, id: QueryId) -> bool:
        return any(id in tier.texts for tier in self._live())

    @property
    def tiers(self) -> tuple[int, ...]:
        """Queries per tier, the oldest first."""
        return tuple(map(len, self._tiers))

    @property
    def wants_merge(self) -> bool:
        """Whether what was added since the last merge has begun to slow matching: ask after adding, merge beside."""
        added = sum(map(len, self._tiers[1:])) + sum(map(len, self._waiting))
        return len(self._tiers) > MANY_TIERS or added > MANY_ADDED

    def add(self, id: QueryId, canonical: str) -> None:
        """Live with the next document. An id that is known stays as it is."""
        self.add_all([(id, canonical)])

    def add_all(self, queries: Iterable[tuple[QueryId, str]]) -> None:
        """As `add`, of many."""
        self.add_pages([page_of(queries)])

    def add_pages(self, pages: Iterable[QueryPage]) -> None:
        """As `add`, of as many as there are, in no time: before matching, `merge` compiles them apart."""
        with self._lock:
            self._waiting += filter(len, pages)

    def match(self, document: Document) -> list[Match]:
        """All matches, each with its proof, in no order."""
        return [match for prover in self._provers(document) for match in prover.matches()]

    def match_ids(self, document: Document) -> list[QueryId]:
        """The ids alone, in no order: for bulk work."""
        return list(chain.from_iterable(prover.ids() for prover in self._provers(document)))

    def merge(self, build: Build = build_apart) -> None:
        """Put one index in the place of everything there is now; what is added meanwhile stays beside it.

        May run in a thread: many queries are compiled in a process of their own, so that the event loop is not kept
        waiting. Repeatable; a merge that fails changes nothing, and while one runs another does nothing."""
        with self._lock:
            tiers, waiting = self._tiers, list(self._waiting)
            if self._merging or (len(tiers) < 2 and not waiting):
                return
            self._merging = True
            self._fixed = len(tiers)
        try:
            merged = build([*(tier.texts for tier in tiers), *waiting], self._aliases)
            self._put_first(merged, len(tiers), waiting)
        finally:
            self._merging, self._fixed = False, 0

    def _put_first(self, merged: Index, replaced: int, taken: list[QueryPage]) -> None:
        """In the place of the first tiers. A later tier that has some of its queries was compiled meanwhile: what else
        is in it waits once more, so that no query is in two tiers."""
        with self._lock:
            done = set(map(id, taken))
            self._waiting = [page for page in self._waiting if id(page) not in done]
            tiers = [merged]
            for tier in self._tiers[replaced:]:
                rest = tier.texts.without(merged.texts)
                if len(rest) == len(tier):
                    tiers.append(tier)
                else:
                    self._waiting.append(rest)
            self._tiers = tuple(tiers)

    def _provers(self, document: Document) -> Iterator[Prover]:
        prepared = prepare(document)
        windows = Windows.of(prepared.text)
        for tier in self._live():
            found = tier.find(prepared, windows)
            if len(found.clauses):
                yield Prover(tier, prepared, self._aliases, found)

    def _live(self) -> tuple[Index, ...]:
        """All tiers, what waits compiled into them."""
        with self._lock:
            if self._waiting:
                self._compile_waiting()
            return self._tiers

    def _compile_waiting(self) -> None:
        """As a new tier, joined with those before it that are small enough, so that there are few."""
        fresh = in_order(self._waiting)
        self._waiting = []
        for tier in self._tiers:
            fresh = fresh.without(tier.texts)
        if not len(fresh):
            return
        joined, tiers = [fresh], list(self._tiers)
        while len(tiers) > self._fixed and _belong_together(len(tiers[-1]), sum(map(len, joined))):
            joined.append(tiers.pop().texts)
        self._tiers = (*tiers, build_index(in_order(joined), self._aliases))


def _belong_together(before: int, newest: int) -> bool:
    """Whether the tier before and the newest queries are one tier: while fresh, and when they have grown alike."""
    total = before + newest
    return total <= FRESH or (total <= SMALL and before <= 2 * newest)
