"""What follows from an answer: which entries are new, which issues they make, what is remembered, when to ask again.

New means that no key of the entry is known; never "younger than the last" or "first in the list". Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from hashlib import blake2b
from itertools import groupby

from digests.sources.dates import day_of
from digests.sources.feed_items import Entry, Feed, keys_of
from digests.sources.http_outcomes import Failed, Fetched, Moved, NotModified
from digests.sources.politeness import next_check, next_try, sight, spread
from digests.sources.state import WatchState
from digests.types import Hints, RawArticle, RawIssue

WHOLE_EVERY = timedelta(hours=24)
"""Once a day a whole answer is asked for: some servers say "not modified" for ever."""
TOLD_AFTER = 3
"""Failures in a row from which the admins are told; what cannot heal by itself is told at once."""
KEYS = 3
"""Keys that an entry has at most."""
KEPT = 3000
"""Keys kept of entries that have left the feed."""

Known = tuple[Entry, tuple[str, ...]]
"""An entry and its keys."""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one day, in the feed's order reversed (oldest first)."""

    day: str
    entries: tuple[Known, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for _, keys in self.entries for key in keys)


def is_due(state: WatchState, now: datetime) -> bool:
    return not state.stopped and (state.next_at is None or state.next_at <= now)


def validators(state: WatchState, now: datetime, every: timedelta = WHOLE_EVERY) -> tuple[str, str]:
    """(etag, modified) to send; none where a whole answer is due, which is `every` so often."""
    fresh = state.full_at is not None and now - state.full_at < every
    return (state.etag, state.modified) if fresh else ("", "")


def body_hash(body: bytes) -> str:
    return blake2b(body, digest_size=12).hexdigest()


def unseen(feed: Feed, state: WatchState) -> list[Known]:
    """The entries of which no key is known, each once."""
    seen, new = set(state.seen), []
    for entry, keys in zip(feed.entries, keys_of(feed), strict=True):
        if seen.isdisjoint(keys):
            new.append((entry, keys))
        seen.update(keys)
    return new


def newest(feed: Feed, zone: tzinfo) -> list[Known]:
    """The youngest entry by its date, of equals the first; for a sample."""
    pairs = list(zip(feed.entries, keys_of(feed), strict=True))
    return (
        [max(pairs, key=lambda pair: day_of(pair[0].published, zone).isoformat() if pair[0].published else "")]
        if pairs
        else []
    )


def groups(new: Sequence[Known], now: datetime, zone: tzinfo) -> list[Group]:
    """By day, the oldest day first; those that say no day, which is never made up, before all."""
    dated = [
        (day_of(entry.published, zone).isoformat() if entry.published else "", (entry, keys))
        for entry, keys in reversed(new)
    ]
    dated.sort(key=lambda pair: pair[0])
    return [Group(day, tuple(known for _, known in same)) for day, same in groupby(dated, key=lambda pair: pair[0])]


def issue_of(group: Group, source: str, address: str, publication: str) -> RawIssue:
    """The issue that the entries of one day make."""
    articles = tuple(_article(entry) for entry, _ in reversed(group.entries))
    return RawIssue(
        source, f"{address}#{group.day}", hints=Hints(publication or None, date=group.day or None), articles=articles
    )


def _article(entry: Entry) -> RawArticle:
    title, _, rest = entry.text.partition("\n") if not entry.title else (entry.title, "", entry.text)
    return RawArticle(
        title[:120],
        rest or entry.text,
        byline=entry.author or None,
        section=entry.sections[0] if entry.sections else None,
        address=entry.address,
    )


def with_seen(state: WatchState, keys: Iterable[str]) -> WatchState:
    """These are known from now on."""
    known = set(state.seen)
    return replace(state, seen=(*state.seen, *(key for key in dict.fromkeys(keys) if key not in known)))


def trimmed(state: WatchState, feed: Feed) -> WatchState:
    """All keys of what the feed holds now are known, and the newest KEPT of what it held before: more of them where entries
    were left out, whose keys are among them."""
    current = dict.fromkeys(key for keys in keys_of(feed) for key in keys)
    before = tuple(key for key in state.seen if key not in current)
    kept = KEPT + KEYS * feed.left_out
    return replace(state, seen=(*before[-kept:], *current), marks=feed.marks)


def answered(
    state: WatchState, answer: Fetched | NotModified, name: str, now: datetime, interval: timedelta, minutes: int = 0
) -> WatchState:
    """After an answer that could be read. `minutes`: the feed's own ttl."""
    later = now + timedelta(minutes=minutes) if minutes else None
    state = replace(
        after_move(state, answer.moved), begun=True, checked_at=now, failures=0, failing_since=None, problem="",
        next_at=next_check(now, interval, fresh=answer.fresh_until, asked=later, jitter=_jitter(name, now)),
    )  # fmt: skip
    if isinstance(answer, Fetched):
        state = replace(
            state, etag=answer.etag, modified=answer.modified, body_hash=body_hash(answer.body), full_at=now
        )
    return state


def after_move(state: WatchState, moved: Moved | None) -> WatchState:
    """With a permanent redirect that was met, or none; taken over once it is believed. The validators stay with the new
    address: a server that does not know them sends everything."""
    sighted = sight(state.moved, moved.address if moved else "")
    if sighted.believed:
        return replace(state, address=sighted.address, moved=type(sighted)())
    return replace(state, moved=sighted)


def failed(state: WatchState, reason: str, name: str, now: datetime, asked: datetime | None = None) -> WatchState:
    """After a failure: asked again later and later."""
    count = state.failures + 1
    return replace(
        state, checked_at=now, failures=count, failing_since=state.failing_since or now, problem=reason,
        next_at=next_try(now, count, asked=asked, jitter=_jitter(name, now)),
    )  # fmt: skip


def is_told(state: WatchState, outcome: Failed | None) -> bool:
    """Whether the admins hear of the failure. `outcome` None: the answer came but is no feed."""
    return outcome is None or outcome.is_final or state.failures >= TOLD_AFTER


def telling(state: WatchState, zone: tzinfo) -> str:
    """What they hear: the same words as long as one breakdown lasts, others for the next."""
    since = (state.failing_since or state.checked_at or datetime.max).astimezone(zone)
    return f"{state.problem}；自 {since:%Y-%m-%d %H:%M} 起如此 / so since {since:%Y-%m-%d %H:%M}"


def _jitter(name: str, now: datetime) -> float:
    return spread(f"{name} {now.isoformat()}")
