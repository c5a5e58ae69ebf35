"""Hits in Redis: per query, in the query's shard.

    {q03}:seq           number  of the newest hit
    {q03}:h:<query>     zset    article -> number of the hit, 0 for one of the past
    {q03}:p:<query>     hash    article -> proof as JSON
    {q03}:a:<article>   text    queries of this shard that matched it, raw bytes, one after the other

Numbers ascend, and never fall back: they count on from the seconds since 2020 by 4096, so that a server that lost its last
moment (a fail-over, a power cut) does not hand out numbers again which readers' cursors have passed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from digests.codec import pack_match, unpack_match
from digests.errors import StoreError
from digests.types import ArticleId, Hit
from subscriptions import SHARDS, Match, QueryId, Runner, Script, query_shard, query_tag, raw_queries, wall

SLICE = 500
"""Queries per script: so that none holds the server for long."""
DROPPED = 50
"""Hits that one script drops: each writes the list of its article's queries anew, of which a popular one has 70 kB in a shard."""

ADD = Script("""
local tag, article, past = KEYS[1], ARGV[1], ARGV[2] == '1'
local start = (redis.call('TIME')[1] - 1577836800) * 4096
local seq = math.max(tonumber(redis.call('GET', tag .. ':seq') or 0), start)
local before, step, added = seq, past and 0 or 1, {}
for n = 3, #ARGV, 2 do
  local query = ARGV[n]
  local key, number = tag .. ':h:' .. query, past and '0' or string.format('%.0f', seq + 1)
  if redis.call('ZADD', key, 'NX', number, article) == 1 then
    seq = seq + step
    redis.call('HSET', tag .. ':p:' .. query, article, ARGV[n + 1])
    added[#added + 1] = query
  elseif not past and tonumber(redis.call('ZSCORE', key, article)) == 0 then
    seq = seq + step
    redis.call('ZADD', key, number, article)
  end
end
if seq > before then redis.call('SET', tag .. ':seq', string.format('%.0f', seq)) end
if #added > 0 then redis.call('APPEND', tag .. ':a:' .. article, table.concat(added)) end
return #added
""")
PROOFS = """
local function with_proofs(tag, query, hits)
  local found = {}
  for n = 1, #hits, 2 do
    found[#found + 1] = hits[n]
    found[#found + 1] = hits[n + 1]
    found[#found + 1] = redis.call('HGET', tag .. ':p:' .. query, hits[n])
  end
  return found
end
"""
AFTER = Script(
    PROOFS,
    """
local found = {}
for n = 2, #ARGV, 2 do
  local key = KEYS[1] .. ':h:' .. ARGV[n]
  local hits = redis.call('ZRANGEBYSCORE', key, '(' .. ARGV[n + 1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[1])
  found[#found + 1] = with_proofs(KEYS[1], ARGV[n], hits)
end
return found
""",
)
NEWEST = Script(
    PROOFS,
    """
local hits = redis.call('ZREVRANGEBYSCORE', KEYS[1] .. ':h:' .. ARGV[1], '+inf', '(0', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
return with_proofs(KEYS[1], ARGV[1], hits)
""",
)
PAIRS = Script("""
local found = {}
for n = 1, #ARGV, 2 do
  found[#found + 1] = redis.call('ZSCORE', KEYS[1] .. ':h:' .. ARGV[n], ARGV[n + 1])
  found[#found + 1] = redis.call('HGET', KEYS[1] .. ':p:' .. ARGV[n], ARGV[n + 1])
end
return found
""")
QUERIES_OF = Script("""
local found = {}
for n, article in ipairs(ARGV) do found[n] = redis.call('GET', KEYS[1] .. ':a:' .. article) end
return found
""")

DROP = Script("""
local function without(all, query)
  local at = 0
  repeat at = string.find(all, query, at + 1, true) until not at or (at - 1) % #query == 0
  return at and string.sub(all, 1, at - 1) .. string.sub(all, at + #query) or all
end
local left = tonumber(ARGV[1])
for n = 2, #ARGV, 2 do
  local query, hits = ARGV[n], KEYS[1] .. ':h:' .. ARGV[n]
  local articles = redis.call('ZRANGEBYSCORE', hits, '-inf', ARGV[n + 1], 'LIMIT', 0, left)
  for _, article in ipairs(articles) do
    redis.call('ZREM', hits, article)
    redis.call('HDEL', KEYS[1] .. ':p:' .. query, article)
    local of = KEYS[1] .. ':a:' .. article
    local kept = without(redis.call('GET', of) or '', query)
    if kept ~= '' then redis.call('SET', of, kept) else redis.call('DEL', of) end
  end
  left = left - #articles
  if left == 0 then return n / 2 - 1 end
end
return (#ARGV - 1) / 2
""")


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisHitStore:
    """Implements HitStore. `client`: answers not decoded. `shards` as in RedisSubscriberStore."""

    def __init__(self, client: Redis | RedisCluster, shards: int = SHARDS) -> None:
        self._runner = Runner(client, NoScriptError)
        self._shards = shards

    async def add_hits(self, article: ArticleId, matches: Sequence[Match], *, past: bool = False) -> None:
        by_query: dict[QueryId, Match] = {}
        for match in matches:
            by_query.setdefault(match.query_id, match)
        calls = [
            ADD(
                tag,
                article,
                1 if past else 0,
                *(word for q in part for word in (bytes.fromhex(q), pack_match(by_query[q]))),
            )
            for tag, part in self._slices(by_query)
        ]
        for at in range(0, len(calls), 64):
            await self._runner.run_all(calls[at : at + 64])

    async def hits_after(self, cursors: Mapping[QueryId, int], limit: int) -> dict[QueryId, list[Hit]]:
        slices = self._slices(cursors)
        calls = [
            AFTER(tag, limit, *(word for q in part for word in (bytes.fromhex(q), cursors[q]))) for tag, part in slices
        ]
        replies = await self._runner.run_all(calls) if calls else []
        found = {q: hits for (_, part), reply in zip(slices, replies, strict=True)
                 for q, hits in zip(part, reply, strict=True)}  # fmt: skip
        return {query: _hits(query, found[query]) for query in cursors if found[query]}

    async def get_matches(self, wanted: Sequence[tuple[QueryId, ArticleId]]) -> dict[tuple[QueryId, ArticleId], Hit]:
        per_shard: defaultdict[str, list[tuple[QueryId, ArticleId]]] = defaultdict(list)
        for pair in dict.fromkeys(wanted):
            per_shard[self._tag(pair[0])].append(pair)
        calls = [PAIRS(tag, *(w for q, a in pairs for w in (bytes.fromhex(q), a))) for tag, pairs in per_shard.items()]
        replies = await self._runner.run_all(calls) if calls else []
        found = {pair: Hit(pair[1], int(float(reply[2 * n])), unpack_match(pair[0], reply[2 * n + 1]))
                 for pairs, reply in zip(per_shard.values(), replies, strict=True)
                 for n, pair in enumerate(pairs) if reply[2 * n] is not None}  # fmt: skip
        return {pair: found[pair] for pair in wanted if pair in found}

    async def queries_of(self, articles: Sequence[ArticleId]) -> dict[ArticleId, tuple[QueryId, ...]]:
        ids = list(dict.fromkeys(articles))
        if not ids:
            return {}
        replies = await self._runner.run_all([QUERIES_OF(query_tag(shard), *ids) for shard in range(self._shards)])
        packed = {id: b"".join([reply[n] or b"" for reply in replies]) for n, id in enumerate(ids)}
        return {id: tuple(sorted(raw_queries(queries))) for id, queries in packed.items()}

    async def newest_hits(self, query: QueryId, limit: int) -> list[Hit]:
        reply = await self._runner.run(NEWEST(self._tag(query), bytes.fromhex(query), limit)) if limit > 0 else []
        return _hits(query, reply)

    async def drop_hits(self, up_to: Mapping[QueryId, int]) -> None:
        """A script answers how many of its queries are done."""
        for tag, part in self._slices(up_to):
            while part:
                words = (word for query in part for word in (bytes.fromhex(query), up_to[query]))
                part = part[await self._runner.run(DROP(tag, DROPPED, *words)) :]

    def _slices(self, queries: Iterable[QueryId]) -> list[tuple[str, list[QueryId]]]:
        """Queries by shard, at most SLICE together, in the order given."""
        per_shard: defaultdict[str, list[QueryId]] = defaultdict(list)
        for query in queries:
            per_shard[self._tag(query)].append(query)
        return [(tag, held[at : at + SLICE]) for tag, held in per_shard.items() for at in range(0, len(held), SLICE)]

    def _tag(self, query: QueryId) -> str:
        return query_tag(query_shard(query, self._shards))


def _hits(query: QueryId, flat: Sequence[bytes]) -> list[Hit]:
    triples = [flat[at : at + 3] for at in range(0, len(flat), 3)]
    return [Hit(int(article), int(float(seq)), unpack_match(query, proof)) for article, seq, proof in triples]
