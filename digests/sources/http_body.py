"""Bodies within bounds: what a server sends is decompressed step by step and counted after decompression.

Never holds more than the cap and one step: a small body that would unfold to gigabytes stops at the cap.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

STEP = 1 << 16
ACCEPTED = "gzip, deflate"


class TooBigError(Exception):
    """More came out than the cap allows."""


class DamagedError(Exception):
    """The body is not what its Content-Encoding says, or ends too early."""


class Inflater:
    """Undoes one gzip or deflate coding, whose members may follow each other. What follows the last is ignored."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._inner = zlib.decompressobj(47)  # detects gzip and zlib headers
        self._members = 0
        self._begun = self._over = False
        self._held = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Pieces of at most STEP bytes. Raises DamagedError."""
        data, self._held = self._held + data, b""
        if len(data) < 2 and not self._members and not self._begun:  # the first two bytes tell the codings apart
            self._held = data
            return
        more = bool(data)
        while more and not self._over:
            if self._inner.eof:
                self._inner, self._begun, self._members = zlib.decompressobj(47), False, self._members + 1
            out = self._piece(data)
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail
            more = bool(data) or (len(out) == STEP and not self._inner.eof)
            if out:
                yield out

    def _piece(self, data: bytes) -> bytes:
        try:
            out = self._inner.decompress(data, STEP)
        except zlib.error as error:
            if self._begun or not (self._members or self._coding == "deflate"):
                raise DamagedError(str(error)) from error
            if self._members:
                self._over = True
                return b""
            return self._raw(data)
        self._begun = self._begun or bool(out) or not self._members
        return out

    def _raw(self, data: bytes) -> bytes:
        """Some servers send "deflate" without its header."""
        self._inner, self._begun = zlib.decompressobj(-15), True
        try:
            return self._inner.decompress(data, STEP)
        except zlib.error as error:
            raise DamagedError(str(error)) from error

    @property
    def is_whole(self) -> bool:
        return not self._held and (self._inner.eof or self._over or not self._begun)


class Body:
    """Counts what comes out. `coding`: the Content-Encoding. `cap` in bytes. Raises TooBigError, DamagedError."""

    def __init__(self, coding: str, cap: int) -> None:
        names = [name for part in coding.lower().split(",") if (name := part.strip()) not in ("", "identity")]
        if len(names) > 1 or not set(names) <= {"gzip", "x-gzip", "deflate"}:
            raise DamagedError(f"Content-Encoding: {coding[:40]}")
        self._inflater = Inflater(names[0]) if names else None
        self._cap, self.size = cap, 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        for piece in self._inflater.feed(data) if self._inflater else (data,):
            self.size += len(piece)
            if self.size > self._cap:
                raise TooBigError
            yield piece

    def finish(self) -> None:
        if self._inflater and not self._inflater.is_whole:
            raise DamagedError("the body ends too early")
