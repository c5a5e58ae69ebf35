"""The in-memory twin of the hit store. Nothing in it waits, so each method is atomic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from digests.types import ArticleId, Hit
from subscriptions import Match, MemorySubscriberStore, QueryId, query_shard


class MemoryHitStore:
    """Implements HitStore. Numbers of hits are counted where add_query of `subscribers` tells them."""

    def __init__(self, subscribers: MemorySubscriberStore) -> None:
        self._newest = subscribers.newest_hit
        self._shards = subscribers.shards
        self._hits: defaultdict[QueryId, dict[ArticleId, Hit]] = defaultdict(dict)

    async def add_hits(self, article: ArticleId, matches: Sequence[Match], *, past: bool = False) -> None:
        for match in matches:
            known = self._hits[match.query_id].setdefault(article, Hit(article, 0, match))
            if known.seq == 0 and not past:
                shard = query_shard(match.query_id, self._shards)
                self._newest[shard] += 1
                self._hits[match.query_id][article] = replace(known, seq=self._newest[shard])

    async def hits_after(self, cursors: Mapping[QueryId, int], limit: int) -> dict[QueryId, list[Hit]]:
        found = {
            query: [hit for hit in self._of(query) if hit.seq > cursor][:limit] for query, cursor in cursors.items()
        }
        return {query: hits for query, hits in found.items() if hits}

    async def get_matches(self, wanted: Sequence[tuple[QueryId, ArticleId]]) -> dict[tuple[QueryId, ArticleId], Hit]:
        return {(q, a): self._hits[q][a] for q, a in wanted if q in self._hits and a in self._hits[q]}

    async def queries_of(self, articles: Sequence[ArticleId]) -> dict[ArticleId, tuple[QueryId, ...]]:
        return {a: tuple(sorted(q for q, hits in self._hits.items() if a in hits)) for a in articles}

    async def newest_hits(self, query: QueryId, limit: int) -> list[Hit]:
        return [hit for hit in self._of(query)[::-1] if hit.seq][:limit]

    async def drop_hits(self, up_to: Mapping[QueryId, int]) -> None:
        for query, newest in up_to.items():
            self._hits[query] = {id: hit for id, hit in self._hits[query].items() if hit.seq > newest}

    def _of(self, query: QueryId) -> list[Hit]:
        return sorted(self._hits.get(query, {}).values(), key=lambda hit: hit.seq)
