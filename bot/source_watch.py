"""Watching the sources that are kept in the store: each checked when it is due, by whichever process claims it.

One source that fails, hangs or is slow never stops the others; what is unusual (late, missing, broken) is told to the admins.
The inbox is not among them: it is looked at on every tick, see bot/steps.py.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.logs import event
from bot.notices import Notices
from bot.source_web import SourceWeb
from digests.errors import StoreError, UnreadableError
from digests.pipeline import IN_MEMORY, Noticed, ReadIssue, Secure, check_source
from digests.ports import IssueStore, Source
from digests.sources.announced import closures_of, sighting_of
from digests.sources.calendar import (
    Record,
    Sighting,
    came_late,
    expectation,
    late_day,
    missing_numbers,
    next_poll,
    with_closures,
    with_sighting,
)
from digests.sources.feed_decide import failed
from digests.sources.opening import USUAL
from digests.sources.registry import SourceStore, Watched, sync
from digests.sources.registry_toml import FILE
from digests.sources.state import WatchState
from digests.types import RawIssue

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=30)
LONGEST_CHECK = 25 * 60.0
"""Seconds: a whole issue of a slow paper, at one page each 1.2 s. Shorter than the lease."""
AT_ONCE = 16
SYNC_EVERY = timedelta(seconds=30)


class Tapped:
    """A source that remembers what it yielded."""

    def __init__(self, source: Source) -> None:
        self.name, self._source = source.name, source
        self.issues: list[RawIssue] = []

    async def check(self, now: datetime) -> AsyncIterator[object]:
        async for item in self._source.check(now):
            if isinstance(item, RawIssue):
                self.issues.append(item)
            yield item


class SourceWatch:
    """`read`: splits and reads an issue. `noticed`: hears of everything that a check brings."""

    def __init__(
        self,
        store: SourceStore,
        web: SourceWeb,
        issues: IssueStore,
        read: ReadIssue,
        noticed: Callable[[Noticed], Awaitable[None]],
        notices: Notices,
        now: Callable[[], datetime],
        secure: Secure = IN_MEMORY,
    ) -> None:
        self._secure = secure
        self._store, self._web, self._issues, self._read = store, web, issues, read
        self._noticed, self._notices, self._now = noticed, notices, now
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._text: str | None = None
        self._wrong = ""
        self._synced: datetime | None = None

    async def step(self) -> bool:
        """Take over what sources.toml says, and begin to check what is due; the checks go on beside the ticks."""
        await self._sync()
        room = AT_ONCE - len(self._under_way)
        for name in await self._store.claim_due(self._now(), LEASE, room):
            if name not in self._under_way:
                self._under_way[name] = asyncio.create_task(self._check_safely(name), name=f"source {name}")
        return False

    async def finish(self) -> None:
        """Until all that is under way has ended."""
        await asyncio.gather(*self._under_way.values())

    async def close(self) -> None:
        """Stop what is under way; each such source is due again at once."""
        running = dict(self._under_way)
        for task in running.values():
            task.cancel()
        await asyncio.gather(*running.values(), return_exceptions=True)
        for name in running:
            found = await self._store.find_source(name)
            if found is not None:
                await self._store.settle(name, self._now(), found.record)

    # ------------------------------------------------------------------------------------------ sources.toml
    async def _sync(self) -> None:
        now = self._now()
        if self._synced is not None and now - self._synced < SYNC_EVERY:
            return
        self._synced = now
        try:
            text = await self._web.text()
            if text is None and self._text is not None:  # it was there when we came
                text = ""
            if text is None or text == self._text:
                return
            declared = self._web.declared(text)
        except UnreadableError as error:
            if error.reason != self._wrong:
                event(log, "sources_wrong", level=logging.ERROR, error=error.reason)
                await self._notices.unreadable(FILE, error.reason, now)
            self._wrong = error.reason  # looked at again: a profile that it names may come
            return
        self._text, self._wrong = text, ""
        plan = sync([one.spec for one in await self._store.get_sources()], declared.sources)
        for spec in plan.add:
            await self._store.add_source(spec, now)
        for spec in plan.change:
            await self._store.put_spec(spec, None if spec.paused else now)
        for name in plan.remove:
            await self._store.remove_source(name)
        event(log, "sources", added=len(plan.add), changed=len(plan.change), removed=len(plan.remove))

    # ------------------------------------------------------------------------------------------ one source
    async def _check_safely(self, name: str) -> None:
        try:
            await self._check_bounded(name)
        finally:
            self._under_way.pop(name, None)

    async def _check_bounded(self, name: str) -> None:
        try:
            async with asyncio.timeout(LONGEST_CHECK):
                await self.check(name)
        except StoreError as error:  # the lease hands it out again
            event(log, "source_unsettled", level=logging.ERROR, source=name, error=str(error))
        except Exception as error:
            log.debug("source %s", name, exc_info=error)
            reason = error.reason if isinstance(error, UnreadableError) else f"{type(error).__name__}: {error}"
            await self._failed(name, reason)

    async def _failed(self, name: str, reason: str) -> None:
        now = self._now()
        event(log, "source_failed", level=logging.ERROR, source=name, error=reason)
        found = await self._store.find_source(name)
        if found is not None:
            state = failed(found.state, reason, name, now)
            await self._store.put_state(name, state)
            await self._store.settle(name, state.next_at, found.record)
            await self._notices.unreadable(name, reason, now)

    async def check(self, name: str) -> None:
        """Look at one source that was claimed, and settle when it is looked at next."""
        found = await self._store.find_source(name)
        if found is None:
            return
        now = self._now()
        wait = self._next_poll(found, found.record, now) - now
        source = Tapped((await self._web.opener()).open(found.spec, wait))
        record = found.record
        async for noticed in check_source(source, self._issues, self._read, now, self._secure):
            await self._noticed(noticed)
            if noticed.issue is not None:
                today = now.astimezone(self._web.zone).date()
                record = with_sighting(record, sighting_of(noticed.issue, now))
                record = with_closures(record, closures_of(noticed.issue, today), today)
        for raw in source.issues:
            record = _with_known(record, raw, now)
        state = await self._store.find_state(name) or WatchState()
        if not state.failures:
            record = replace(record, succeeded=now)
        await self.tell(found, record, now)
        await self._store.settle(name, self._due(found, state, record, now), record)

    def _due(self, found: Watched, state: WatchState, record: Record, now: datetime) -> datetime | None:
        if state.stopped:
            return None
        at = self._next_poll(found, record, now)
        if state.failures and state.next_at:
            return state.next_at
        return max(at, state.next_at) if state.next_at else at

    def _next_poll(self, found: Watched, record: Record, now: datetime) -> datetime:
        """A feed may bring several entries a day, so that the first one does not make it rest."""
        usual = USUAL[found.spec.kind]
        at = next_poll(expectation(found.spec.calendar, record, self._web.zone), now, usual)
        return min(at, now + usual) if found.spec.kind == "feed" else at

    async def tell(self, found: Watched, record: Record, now: datetime) -> None:
        """What the calendar finds wrong; each only once, for a notice's id follows from what it says."""
        spec = found.spec
        paper = spec.publication or spec.name
        before = set(missing_numbers(found.record.sightings))
        for number in missing_numbers(record.sightings):
            if number not in before:
                await self._notices.missing(spec.name, paper, number, now)
        known = expectation(spec.calendar, record, self._web.zone)
        for sighting in record.sightings if found.record.sightings else ():  # the first check finds old issues
            if sighting.at == now and came_late(sighting, known):
                await self._notices.came_late(spec.name, paper, sighting.day, now)
        if not (await self._store.find_state(spec.name) or WatchState()).failures:
            late = late_day(known, now)
            if late is not None:
                await self._notices.late(spec.name, paper, late.isoformat(), now)


def _with_known(record: Record, raw: RawIssue, now: datetime) -> Record:
    """An issue that the store had already counts as well, by what its source says of it."""
    day, number = raw.hints.date or "", raw.hints.total_number
    if not day or any(sighting.day == day for sighting in record.sightings):
        return record
    return with_sighting(record, Sighting(now, day, number=number, last=number))
