"""An e-paper that is watched: one source for all families of sites, told apart by their profiles.

Retrieval only: how a site is read stands in its profile, what is new in an issue the store knows. A site that is not as its
profile expects is told of, never passed over as "nothing new". What is yielded counts as taken when the caller asks on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digests.errors import UnreadableError
from digests.sources.epaper_find import Fetch, Fetched, PageKind, UnreachableError
from digests.sources.epaper_issue import Issues, ReadPdf, Visit
from digests.sources.epaper_lists import take_articles, take_periodicals
from digests.sources.epaper_profile import Profile
from digests.sources.feed_decide import failed, is_due
from digests.sources.http import PAGE, PDF, HttpClient
from digests.sources.http_outcomes import Failed, Gone, NotModified
from digests.sources.http_outcomes import Fetched as Answered
from digests.sources.pdf import PdfText, read_pdf
from digests.sources.state import SourceStates, WatchState
from digests.types import RawIssue

TOLD_AFTER = 3
"""A server that does not answer is told of from this failure on: most come back by themselves."""

MAX_SEEN = 4000


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as the engine needs it."""

    status: int
    address: str
    body: bytes = b""
    content_type: str = ""


def client_fetch(client: HttpClient, profile: Profile) -> Callable[[datetime], Fetch]:
    """Our client as the engine's way to retrieve."""

    def at(now: datetime) -> Fetch:
        async def fetch(address: str, kind: PageKind, /) -> Fetched:
            want = PDF if kind == "pdf" else PAGE
            match await client.get(address, now, want=want, crawl=True, downgrade=profile.is_plain_http):
                case Answered() as found:
                    return Answer(200, found.address, found.body, found.content_type)
                case Failed() as failure:
                    return Answer(failure.status, address, failure.reason.encode())
                case Gone() | NotModified() as other:
                    return Answer(410 if isinstance(other, Gone) else 304, address)

        return fetch

    return at


async def read_pdf_aside(body: bytes, name: str) -> PdfText:
    return await asyncio.to_thread(read_pdf, body, name)


class EpaperSource:
    """Implements digests.ports.Source. `fetch`: gives the way to retrieve at a moment. `interval`: between two checks."""

    def __init__(
        self,
        name: str,
        profile: Profile,
        fetch: Callable[[datetime], Fetch],
        states: SourceStates,
        *,
        interval: timedelta = timedelta(minutes=15),
        read_pdf: ReadPdf = read_pdf_aside,
    ) -> None:
        self.name = name
        self._profile, self._fetch, self._states = profile, fetch, states
        self._interval, self._read_pdf = interval, read_pdf

    async def check(self, now: datetime) -> AsyncIterator[RawIssue | UnreadableError]:
        """What is new since the last check; nothing if it is not due."""
        state = await self._states.find_state(self.name) or WatchState()
        if not is_due(state, now):
            return
        visit = Visit(
            self.name, self._profile, self._fetch(now), self._read_pdf, now, frozenset(state.seen), state.begun
        )
        issues, past, error = await _take(visit)
        for raw, keys in issues:
            yield raw
            state = with_seen(state, keys)
            await self._states.put_state(self.name, state)
        for problem in visit.problems:
            yield problem
        state = with_seen(state, (*past, *visit.given_up))
        if error is None:
            state = replace(
                state,
                begun=True,
                failures=0,
                failing_since=None,
                problem="",
                checked_at=now,
                next_at=now + self._interval,
            )
        else:
            state = failed(state, error.reason, self.name, now)
            if not isinstance(error, UnreachableError) or state.failures >= TOLD_AFTER:
                yield error
        await self._states.put_state(self.name, state)


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
