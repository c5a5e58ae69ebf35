"""Issues and articles in Redis. Everything lies under `{issues}`: one hash slot, so that adding an issue is one step.

{issues}:seen            hash    fingerprint of an issue -> its id
{issues}:i:<issue>       list    its parts as JSON, without articles, in the order in which they came
{issues}:l:<issue>       list    numbers of its articles, in order
{issues}:u:<issue>       set     numbers of those not matched yet
{issues}:a:<number>      text    issue id; order and what it reprints; JSON of the article: three lines
{issues}:n               number  of the newest article
{issues}:prints:<scope>  hash    fingerprint of an article of a publication, or of issues without one -> its first number
{issues}:recent          zset    issue -> first seen, microseconds
{issues}:match           zset    issue -> when it may be claimed for matching, microseconds
{issues}:unreadable      set     what was reported
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from digests.errors import StoreError
from digests.issue_parts import is_named, join_parts, scope_of, summary
from digests.ports import Added, IssueSummary
from digests.types import Article, ArticleId, Issue, IssueId
from subscriptions import Runner, Script, from_json, moment, to_json, to_microseconds, wall

TAG = "{issues}"
SLICE = 50
"""Articles whose issues are read by one script: so that none holds the server for long."""

IS_SEEN = Script("return redis.call('HEXISTS', KEYS[1] .. ':seen', ARGV[1])")
ADD = Script("""
local tag, id, print_, scope, now, first_seen, part, named = KEYS[1], unpack(ARGV, 1, 7)
local seen = print_ ~= '' and redis.call('HGET', tag .. ':seen', print_)
if seen then return {'duplicate', seen} end
local changed = redis.call('EXISTS', tag .. ':i:' .. id) == 1
local known, list, fresh = tag .. ':prints:' .. scope, tag .. ':l:' .. id, {}
local function first(n) return ARGV[n] ~= '' and redis.call('HGET', known, ARGV[n]) or false end
for n = 8, #ARGV, 3 do
  if (named == '1' and not changed) or not first(n) then fresh[#fresh + 1] = n end
end
if #fresh == 0 and #ARGV > 7 and not changed then
  if print_ ~= '' then redis.call('HSET', tag .. ':seen', print_, id) end
  return {'duplicate', id}
end
local reply, order = {changed and 'changed' or 'new', id}, redis.call('LLEN', list)
for _, n in ipairs(fresh) do
  local number, earlier = redis.call('INCR', tag .. ':n'), first(n) or '0'
  local place = changed and string.format('%d', order) or ARGV[n + 1]
  local value = table.concat({id, place .. ' ' .. earlier, ARGV[n + 2]}, '\\n')
  redis.call('SET', tag .. ':a:' .. string.format('%d', number), value)
  redis.call('RPUSH', list, number)
  redis.call('SADD', tag .. ':u:' .. id, number)
  if ARGV[n] ~= '' then redis.call('HSETNX', known, ARGV[n], string.format('%d', number)) end
  order = order + 1
  for _, told in ipairs({(n - 8) / 3, number, tonumber(place), tonumber(earlier)}) do reply[#reply + 1] = told end
end
redis.call('RPUSH', tag .. ':i:' .. id, part)
redis.call('ZADD', tag .. ':recent', 'NX', first_seen, id)
if print_ ~= '' then redis.call('HSET', tag .. ':seen', print_, id) end
if #fresh > 0 then redis.call('ZADD', tag .. ':match', 'LT', now, id) end
return reply
""")
WHOLE = """
local function whole(id)
  local articles = {}
  for _, number in ipairs(redis.call('LRANGE', KEYS[1] .. ':l:' .. id, 0, -1)) do
    articles[#articles + 1] = number
    articles[#articles + 1] = redis.call('GET', KEYS[1] .. ':a:' .. number)
  end
  return {redis.call('ZSCORE', KEYS[1] .. ':recent', id), redis.call('LRANGE', KEYS[1] .. ':i:' .. id, 0, -1), articles}
end
"""
FIND = Script(WHOLE, "return whole(ARGV[1])")
OF = Script(
    WHOLE,
    """
local found, known = {}, {}
for _, number in ipairs(ARGV) do
  local article = redis.call('GET', KEYS[1] .. ':a:' .. number)
  local id = article and string.match(article, '^[^\\n]*')
  if id and not known[id] then
    known[id] = true
    found[#found + 1] = whole(id)
  end
end
return found
""",
)
NEWEST = Script(
    WHOLE,
    """
local found = {}
for n, id in ipairs(redis.call('ZREVRANGE', KEYS[1] .. ':recent', 0, ARGV[1] - 1)) do found[n] = whole(id) end
return found
""",
)
RECENT = Script("""
local found = {}
for _, id in ipairs(redis.call('ZREVRANGE', KEYS[1] .. ':recent', 0, ARGV[1] - 1)) do
  found[#found + 1] = {
    redis.call('ZSCORE', KEYS[1] .. ':recent', id), redis.call('LRANGE', KEYS[1] .. ':i:' .. id, 0, -1),
    redis.call('LLEN', KEYS[1] .. ':l:' .. id), redis.call('EXISTS', KEYS[1] .. ':u:' .. id),
  }
end
return found
""")
ARTICLES = Script("""
local found = {}
for n, number in ipairs(ARGV) do found[n] = redis.call('GET', KEYS[1] .. ':a:' .. number) end
return found
""")
AFTER = Script("""
local found, last = {}, math.min(ARGV[1] + ARGV[2], tonumber(redis.call('GET', KEYS[1] .. ':n') or 0))
for number = ARGV[1] + 1, last do
  found[#found + 1] = number
  found[#found + 1] = redis.call('GET', KEYS[1] .. ':a:' .. string.format('%d', number))
end
return found
""")
SUMMARIES = Script("""
local found = {}
for n, id in ipairs(ARGV) do
  found[n] = {
    redis.call('ZSCORE', KEYS[1] .. ':recent', id), redis.call('LRANGE', KEYS[1] .. ':i:' .. id, 0, -1),
    redis.call('LLEN', KEYS[1] .. ':l:' .. id), redis.call('EXISTS', KEYS[1] .. ':u:' .. id),
  }
end
return found
""")
CLAIM = Script("""
local id = redis.call('ZRANGEBYSCORE', KEYS[1] .. ':match', '-inf', ARGV[1], 'LIMIT', 0, 1)[1]
if not id then return false end
redis.call('ZADD', KEYS[1] .. ':match', ARGV[2], id)
return {id, redis.call('SMEMBERS', KEYS[1] .. ':u:' .. id)}
""")
SETTLE = Script("""
for n = 3, #ARGV do redis.call('SREM', KEYS[1] .. ':u:' .. ARGV[1], ARGV[n]) end
if redis.call('EXISTS', KEYS[1] .. ':u:' .. ARGV[1]) == 0 then
  redis.call('ZREM', KEYS[1] .. ':match', ARGV[1])
elseif ARGV[2] ~= '' then
  redis.call('ZADD', KEYS[1] .. ':match', 'XX', ARGV[2], ARGV[1])
end
return 1
""")
REPORT = Script("return redis.call('SADD', KEYS[1] .. ':unreadable', ARGV[1])")


@wall(StoreError, RedisError, RedisClusterException, OSError)
class RedisIssueStore:
    """Implements IssueStore. `client`: answers not decoded."""

    def __init__(self, client: Redis | RedisCluster) -> None:
        self._runner = Runner(client, NoScriptError)

    async def is_seen(self, fingerprint: str) -> bool:
        return bool(await self._runner.run(IS_SEEN(TAG, fingerprint)))

    async def add_issue(self, issue: Issue, now: datetime) -> Added:
        first_seen, part = to_microseconds(issue.first_seen or now), to_json(replace(issue, articles=()))
        words = [word for a in issue.articles for word in (a.fingerprint, a.order, to_json(replace(a, id=0)))]
        call = ADD(
            TAG, issue.id, issue.fingerprint, scope_of(issue), to_microseconds(now), first_seen, part,
            int(is_named(issue)), *words,
        )  # fmt: skip
        outcome, id, *places = await self._runner.run(call)
        added = tuple(
            replace(issue.articles[n], id=id_, order=order, reprint_of=earlier)
            for n, id_, order, earlier in (places[at : at + 4] for at in range(0, len(places), 4))
        )
        return Added(outcome.decode(), id.decode(), added)

    async def find_issue(self, id: IssueId) -> Issue | None:
        return _issue(await self._runner.run(FIND(TAG, id)))

    async def issues_of(self, articles: Sequence[ArticleId]) -> list[Issue]:
        ids = list(dict.fromkeys(articles))
        calls = [OF(TAG, *ids[at : at + SLICE]) for at in range(0, len(ids), SLICE)]
        replies = await self._runner.run_all(calls) if calls else []
        found = [_issue(stored) for reply in replies for stored in reply]
        return list({issue.id: issue for issue in found if issue is not None}.values())

    async def newest_issues(self, limit: int) -> list[Issue]:
        found = await self._runner.run(NEWEST(TAG, limit)) if limit > 0 else []
        return [issue for stored in found if (issue := _issue(stored)) is not None]

    async def recent_issues(self, limit: int) -> list[IssueSummary]:
        found = await self._runner.run(RECENT(TAG, limit)) if limit > 0 else []
        return [_summary(*stored) for stored in found]

    async def get_articles(self, ids: Sequence[ArticleId]) -> dict[ArticleId, tuple[Article, IssueId]]:
        found = await self._runner.run(ARTICLES(TAG, *ids)) if ids else []
        return {id: _article(id, data) for id, data in zip(ids, found, strict=True) if data}

    async def articles_after(self, number: ArticleId, limit: int) -> list[tuple[Article, IssueId]]:
        found = await self._runner.run(AFTER(TAG, max(number, 0), limit))
        return [_article(int(found[at]), found[at + 1]) for at in range(0, len(found), 2)]

    async def get_summaries(self, ids: Sequence[IssueId]) -> dict[IssueId, IssueSummary]:
        found = await self._runner.run(SUMMARIES(TAG, *ids)) if ids else []
        return {id: _summary(*stored) for id, stored in zip(ids, found, strict=True) if stored[1]}

    async def claim_to_match(self, now: datetime, lease: timedelta) -> tuple[IssueId, tuple[ArticleId, ...]] | None:
        claimed = await self._runner.run(CLAIM(TAG, to_microseconds(now), to_microseconds(now + lease)))
        return (claimed[0].decode(), tuple(sorted(map(int, claimed[1])))) if claimed else None

    async def settle_matched(
        self, issue: IssueId, articles: Sequence[ArticleId], *, until: datetime | None = None
    ) -> None:
        await self._runner.run(SETTLE(TAG, issue, "" if until is None else to_microseconds(until), *articles))

    async def report_once(self, key: str, fingerprint: str) -> bool:
        return bool(await self._runner.run(REPORT(TAG, f"{key}\n{fingerprint}")))


def _issue(stored: tuple[bytes, Sequence[bytes], Sequence[bytes]]) -> Issue | None:
    first_seen, parts, articles = stored
    if not parts:
        return None
    pairs = [(int(articles[at]), articles[at + 1]) for at in range(0, len(articles), 2)]
    return join_parts(_parts(parts), [_article(number, data)[0] for number, data in pairs], _time(first_seen))


def _summary(first_seen: bytes, parts: Sequence[bytes], articles: int, unmatched: int) -> IssueSummary:
    seen = _time(first_seen)
    return summary(join_parts(_parts(parts), (), seen), seen, articles, matched=not unmatched)


def _parts(parts: Sequence[bytes]) -> list[Issue]:
    return [from_json(Issue, part) for part in parts]


def _article(number: ArticleId, data: bytes) -> tuple[Article, IssueId]:
    issue, place, body = data.split(b"\n", 2)
    order, earlier = map(int, place.split())
    return replace(from_json(Article, body), id=number, order=order, reprint_of=earlier), issue.decode()


def _time(score: bytes) -> datetime:
    return moment(int(float(score)))
