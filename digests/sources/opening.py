"""From what is declared to what is checked: the Source for a SourceSpec, and its profile.

Folders keep what they saw in memory, so each stays the same object; all others are made anew for each check. Retrieves
nothing itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory

from digests.errors import UnreadableError
from digests.ports import Source
from digests.sources.epaper import EpaperSource, client_fetch
from digests.sources.epaper_profile import Profile, parse_profile, shipped
from digests.sources.feed_decide import Group, issue_of
from digests.sources.feed_items import Entry
from digests.sources.feed_source import FeedSource, ParseFeed
from digests.sources.folder import FolderSource
from digests.sources.http import PDF, HttpClient
from digests.sources.http_outcomes import Failed, Fetched
from digests.sources.pdf import read_pdf
from digests.sources.registry import SourceSpec
from digests.sources.state import SourceStates
from digests.types import Hints, RawIssue

USUAL: Mapping[str, timedelta] = {
    "folder": timedelta(seconds=5),
    "feed": timedelta(minutes=30),
    "epaper": timedelta(hours=1),
    "list": timedelta(hours=3),
}
"""Intervals by kind, where no rhythm is known."""


def profile_of(spec: SourceSpec, own: Mapping[str, str]) -> Profile:
    """`own`: one's own profiles, name -> TOML; they win over shipped ones. Raises UnreadableError."""
    name = spec.profile
    profile = parse_profile(own[name], f"{name}.toml") if name in own else shipped(name)
    if not (entry := spec.address or profile.entry):
        raise UnreadableError(
            spec.name, "应有网址，实际没有；请补上 address / expected an address, found none; add one"
        )
    publication = spec.publication or profile.publication
    return replace(profile, name=profile.name or name, entry=entry, publication=publication)


class Opener:
    """`own`: gives one's own profiles at the moment. `base`: what relative folders are relative to."""

    def __init__(
        self,
        client: HttpClient,
        states: SourceStates,
        parse: ParseFeed,
        own: Callable[[], Mapping[str, str]],
        base: Path,
        zone: tzinfo,
    ) -> None:
        self._client, self._states, self._parse, self._own = client, states, parse, own
        self._base, self._zone = base, zone
        self._folders: dict[tuple[str, str], FolderSource] = {}

    def open(self, spec: SourceSpec, interval: timedelta) -> Source:
        """`interval`: after which it is asked again. Raises UnreadableError for a profile that is wrong."""
        if spec.kind == "folder":
            return self._folders.setdefault(
                (spec.name, spec.address), FolderSource(spec.name, self._base / spec.address)
            )
        if spec.kind == "feed":
            return FeedSource(
                spec.name, spec.address, self._client, self._states, self._parse, publication=spec.publication,
                interval=interval, zone=self._zone, enclosures=self._enclosure,
            )  # fmt: skip
        profile = profile_of(spec, self._own())
        return EpaperSource(spec.name, profile, client_fetch(self._client, profile), self._states, interval=interval)

    async def _enclosure(self, entry: Entry, hints: Hints, source: str, now: datetime) -> RawIssue | UnreadableError:
        """The PDF of an entry as an issue; its own text where what hangs on it is a picture or a sound."""
        for file in entry.enclosures:
            if "pdf" in file.kind or file.address.lower().partition("?")[0].endswith(".pdf"):
                return await self._pdf(file.address, hints, source, now)
        own = Group(hints.date or "", ((entry, ()),))
        return issue_of(own, source, entry.address or source, hints.publication or "")

    async def _pdf(self, address: str, hints: Hints, source: str, now: datetime) -> RawIssue | UnreadableError:
        with TemporaryDirectory(prefix="kanbao-") as folder:
            file = Path(folder) / "enclosure.pdf"
            match await self._client.get(address, now, want=PDF, file=file):
                case Fetched():
                    try:
                        read = await asyncio.to_thread(read_pdf, file, address)
                    except UnreadableError as error:
                        return error
                    return RawIssue(source, address, read.pages, hints, recognised=read.recognised)
                case Failed() as failure:
                    return UnreadableError(address, failure.reason)
                case _:
                    return UnreadableError(address, "附件已不在 / the enclosed file is gone")
