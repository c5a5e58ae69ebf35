"""Decompression step by step: the same as the whole at once, whatever the cuts, and never more than the cap."""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.sources.http_body import STEP, Body, DamagedError, TooBigError


def read(body: Body, data: bytes, cut: int) -> bytes:
    out = b"".join(piece for at in range(0, len(data), cut) for piece in body.feed(data[at : at + cut]))
    body.finish()
    return out


@given(
    st.lists(st.binary(max_size=300), min_size=1, max_size=3),
    st.integers(1, 50),
    st.sampled_from([b"", b"\0\0\0", b"junk", b"\r\n"]),
)
def test_members_in_any_cuts(parts: list[bytes], cut: int, junk: bytes) -> None:
    packed = b"".join(gzip.compress(part) for part in parts) + junk
    out = read(Body("gzip", 10_000), packed, cut)
    assert out == b"".join(parts)


@given(st.integers(0, 3 * STEP + 5), st.sampled_from([1, 7, 1000]))
def test_long_runs_lose_nothing(size: int, cut: int) -> None:
    assert read(Body("deflate", 4 * STEP), zlib.compress(b"a" * size), cut) == b"a" * size


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", ""]), st.integers(1, 60))
def test_anything_ends_within_the_cap(data: bytes, coding: str, cut: int) -> None:
    with suppress(DamagedError, TooBigError):
        assert len(read(Body(coding, 100), data, cut)) <= 100


def test_a_bomb_stops_at_the_cap() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 50_000_000))
    body, out = Body("gzip", 5 * STEP), 0
    with pytest.raises(TooBigError):
        for piece in body.feed(gzip.decompress(bomb)):
            out += len(piece)
    assert out <= 5 * STEP
