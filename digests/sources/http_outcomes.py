"""What asking a server comes to. Values, not exceptions: a server that fails is nothing unexpected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

FailedKind = Literal["refused", "robots", "status", "too_big", "slow", "network", "redirects", "damaged"]


@dataclass(frozen=True, slots=True)
class Moved:
    """The way began with permanent redirects (301, 308), and this is where they led."""

    address: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with a body. `address`: after redirects. `body`: decompressed, or b"" where it was streamed into `file`.
    `etag`, `modified`: validators for the next time, or "". `fresh_until`: the server asks not to be asked before."""

    address: str
    body: bytes
    content_type: str
    etag: str = ""
    modified: str = ""
    fresh_until: datetime | None = None
    moved: Moved | None = None
    file: Path | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: nothing new since the validators were given."""

    address: str
    fresh_until: datetime | None = None
    moved: Moved | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """410: the owner took it away for good; never to be asked again."""

    address: str


@dataclass(frozen=True, slots=True)
class Failed:
    """No answer that can be used. `reason`: in Chinese and English. `retry_at`: the server asked not to be asked before.
    `status`: the answer's, or 0. A "refused" or "robots" failure does not heal by itself."""

    kind: FailedKind
    reason: str
    retry_at: datetime | None = None
    status: int = 0

    @property
    def is_final(self) -> bool:
        return self.kind in ("refused", "robots")


Outcome = Fetched | NotModified | Gone | Failed
