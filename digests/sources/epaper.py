"""An e-paper that is watched: one source for all families of sites, told apart by their profiles.

Retrieval only: how a site is read stands in its profile, what is new in an issue the store knows. A site that is not as its
profile expects is told of, never passed over as "nothing new". What is yielded counts as taken when the caller asks on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from digests.errors import UnreadableError
from digests.sources.epaper_find import Fetched, UnreachableError, marks_of
from digests.sources.epaper_issue import Issues, ReadPdf, Visit
from digests.sources.epaper_lists import take_articles, take_periodicals
from digests.sources.epaper_profile import Profile
from digests.sources.feed_decide import after_move, failed, is_due, validators
from digests.sources.http import PAGE, PDF, HttpClient
from digests.sources.http_outcomes import Failed, Gone, Moved, NotModified
from digests.sources.http_outcomes import Fetched as Answered
from digests.sources.pdf import PdfText, read_pdf
from digests.sources.politeness import next_check
from digests.sources.state import SourceStates, WatchState
from digests.types import RawIssue

TOLD_AFTER = 3
"""A server that does not answer is told of from this failure on: most come back by themselves."""

WHOLE_EVERY = timedelta(hours=6)
"""So often the entry is asked for without validators: a server that says "not modified" for ever must not hide an issue."""
FRESH_MOST = timedelta(hours=1)
"""So long an entry's own word that it is fresh is taken: stubs that say a day would hide the day's issue."""
MAX_SEEN = 4000


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as the engine needs it, with what the entry's says of the next time."""

    status: int
    address: str
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    modified: str = ""
    fresh_until: datetime | None = None
    retry_at: datetime | None = None
    moved: Moved | None = None


class Ask(Protocol):
    """Our client's way to retrieve, as it is at one moment. `etag`, `modified`: validators."""

    def __call__(
        self, address: str, file: Path | None = None, /, *, etag: str = "", modified: str = ""
    ) -> Awaitable[Answer]: ...


def client_fetch(client: HttpClient, profile: Profile) -> Callable[[datetime], Ask]:
    """Our client as the engine's way to retrieve."""

    def at(now: datetime) -> Ask:
        async def ask(address: str, file: Path | None = None, /, *, etag: str = "", modified: str = "") -> Answer:
            want = PDF if file else PAGE
            match await client.get(
                address, now, want=want, etag=etag, modified=modified, crawl=True, downgrade=profile.is_plain_http,
                file=file,
            ):  # fmt: skip
                case Answered() as found:
                    return Answer(
                        200, found.address, found.body, found.content_type, found.etag, found.modified,
                        found.fresh_until, moved=found.moved,
                    )  # fmt: skip
                case NotModified() as same:
                    return Answer(304, same.address, fresh_until=same.fresh_until, moved=same.moved)
                case Gone():
                    return Answer(410, address)
                case Failed() as failure:
                    return Answer(failure.status, address, failure.reason.encode(), retry_at=failure.retry_at)

        return ask

    return at


async def read_pdf_aside(file: Path, name: str) -> PdfText:
    return await asyncio.to_thread(read_pdf, file, name)


class SameEntryError(Exception):
    """The entry says that nothing changed since the last visit, which left nothing open."""


class GoneEntryError(Exception):
    """The owner took the entry away for good."""


class Door:
    """Retrieves for one visit; the entry is asked for with the validators of the last one, and its answer kept."""

    def __init__(self, ask: Ask, entry: str, etag: str, modified: str) -> None:
        self._ask, self._entry, self._validators = ask, entry, (etag, modified)
        self.answer = Answer(0, entry)

    async def fetch(self, address: str, file: Path | None = None, /) -> Fetched:
        """Raises SameEntryError, GoneEntryError."""
        if address != self._entry:
            return await self._ask(address, file)
        etag, modified = self._validators
        self.answer = await self._ask(address, etag=etag, modified=modified)
        if self.answer.status == 304:
            raise SameEntryError(address)
        if self.answer.status == 410:
            raise GoneEntryError(address)
        return self.answer


class EpaperSource:
    """Implements digests.ports.Source. `ask`: gives the way to retrieve at a moment. `interval`: between two checks."""

    def __init__(
        self,
        name: str,
        profile: Profile,
        ask: Callable[[datetime], Ask],
        states: SourceStates,
        *,
        interval: timedelta = timedelta(minutes=15),
        read_pdf: ReadPdf = read_pdf_aside,
    ) -> None:
        self.name = name
        self._profile, self._ask, self._states = profile, ask, states
        self._interval, self._read_pdf = interval, read_pdf

    async def check(self, now: datetime) -> AsyncIterator[RawIssue | UnreadableError]:
        """What is new since the last check; nothing if it is not due."""
        state = await self._states.find_state(self.name) or WatchState()
        if not is_due(state, now):
            return
        profile = replace(self._profile, entry=state.address or self._profile.entry)
        door = Door(self._ask(now), profile.entry, *validators(state, now, WHOLE_EVERY))
        visit = Visit(self.name, profile, door.fetch, self._read_pdf, now, frozenset(state.seen), state.begun)
        try:
            issues, past, error = await _take(visit)
        except SameEntryError:
            await self._states.put_state(self.name, self._answered(state, door.answer, now))
            return
        except GoneEntryError:
            reason = "网站答复 410：此电子报已永久关闭，不再访问 / the site answered 410: this e-paper is gone for good, and is no longer asked"
            yield UnreadableError(profile.entry, reason)
            await self._states.put_state(self.name, replace(state, stopped=reason, checked_at=now))
            return
        for raw, keys in issues:
            yield raw
            state = with_seen(state, keys)
            await self._states.put_state(self.name, state)
        for problem in visit.problems:
            yield problem
        state = with_seen(state, (*past, *visit.given_up))
        if error is None:
            is_whole = not issues and not visit.problems
            state = with_entry(self._answered(state, door.answer, now), door.answer if is_whole else None, now)
        else:
            state = with_entry(failed(state, error.reason, self.name, now, door.answer.retry_at), None, now)
            if not isinstance(error, UnreachableError) or state.failures >= TOLD_AFTER:
                yield error
        await self._states.put_state(self.name, state)

    def _answered(self, state: WatchState, answer: Answer, now: datetime) -> WatchState:
        """After a visit that went well. An entry that leads permanently to today's issue has not moved there."""
        moved = answer.moved if answer.moved and not marks_of(answer.moved.address, self._profile.page_url) else None
        fresh = min(answer.fresh_until, now + FRESH_MOST) if answer.fresh_until else None
        return replace(
            after_move(state, moved), begun=True, failures=0, failing_since=None, problem="", checked_at=now,
            next_at=next_check(now, self._interval, fresh=fresh),
        )  # fmt: skip


def with_entry(state: WatchState, answer: Answer | None, now: datetime) -> WatchState:
    """With the entry's validators, to be asked with the next time; without any after a visit that left something open."""
    if answer is None:
        return replace(state, etag="", modified="", full_at=None)
    return replace(state, etag=answer.etag, modified=answer.modified, full_at=now)


async def _take(visit: Visit) -> tuple[Issues, list[str], UnreadableError | None]:
    take = {"issue": Visit.issues, "articles": take_articles, "periodicals": take_periodicals}[visit.profile.shape]
    try:
        issues, past = await take(visit)
    except UnreadableError as error:
        return [], [], error
    return issues, past, None


def with_seen(state: WatchState, keys: tuple[str, ...]) -> WatchState:
    """With these keys as seen, the newest last; a known one stays where it is."""
    known = frozenset(state.seen)
    return replace(state, seen=(*state.seen, *(key for key in dict.fromkeys(keys) if key not in known))[-MAX_SEEN:])
