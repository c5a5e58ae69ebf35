"""What watching needs of the outside: sources.toml and the profiles of the data folder, our client, the feed worker.

Client and worker are made when first needed, for most commands need none. Decides nothing about sources.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from digests.sources.decode import decode
from digests.sources.feed_worker import FeedWorker
from digests.sources.http import HttpClient
from digests.sources.opening import Opener
from digests.sources.registry import SourceStore
from digests.sources.registry_toml import FILE, Declared, parse_sources

PROFILES = "profiles"
NO_CONTACT = "no contact given"


def guarded_client(declared: Declared) -> HttpClient:
    """Nothing but public addresses on the usual ports."""
    return HttpClient(declared.contact or NO_CONTACT, proxy=declared.proxy or None)


class SourceWeb:
    """`folder`: the data folder. `make_client`: from what is declared. Close it when done."""

    def __init__(
        self,
        folder: Path,
        store: SourceStore,
        timezone: str,
        *,
        make_client: Callable[[Declared], HttpClient] | None = None,
    ) -> None:
        self._folder, self._store, self._zone = folder, store, ZoneInfo(timezone)
        self._make_client = make_client or guarded_client
        self._client: HttpClient | None = None
        self._opener: Opener | None = None
        self._worker = FeedWorker()

    @property
    def zone(self) -> ZoneInfo:
        return self._zone

    @property
    def worker(self) -> FeedWorker:
        return self._worker

    async def text(self) -> str | None:
        """What sources.toml says: that of the data folder, else of the working folder; None: there is none. Raises
        UnreadableError for what is no text."""
        return await asyncio.to_thread(self._text)

    def _text(self) -> str | None:
        for path in (self._folder / FILE, Path(FILE)):
            if path.is_file():
                return decode(path.read_bytes(), FILE)
        return None

    def declared(self, text: str) -> Declared:
        """Raises UnreadableError."""
        return parse_sources(text, tuple(self.profiles()))

    def profiles(self) -> dict[str, str]:
        """One's own profiles: name -> TOML. Raises UnreadableError for what is no text."""
        files = sorted((self._folder / PROFILES).glob("*.toml"))
        return {path.stem: decode(path.read_bytes(), path.name) for path in files}

    async def client(self) -> HttpClient:
        """Raises UnreadableError where sources.toml cannot be understood."""
        if self._client is None:
            declared = self.declared(await self.text() or "")
            self._client = self._client or self._make_client(declared)  # another task may have made it meanwhile
        return self._client

    async def opener(self) -> Opener:
        if self._opener is None:
            client = await self.client()
            self._opener = self._opener or Opener(
                client, self._store, self._worker.parse, self.profiles, self._folder, self._zone
            )
        return self._opener

    async def close(self) -> None:
        await self._worker.close()
        if self._client is not None:
            await self._client.close()
