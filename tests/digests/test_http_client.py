"""The client against a server that misbehaves in every way that is named: each outcome is a value, bounded and told."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from http_kit import START, Reply, Script, failed, fetched, world

from digests.sources.http import FEED
from digests.sources.http_outcomes import Gone, Moved, NotModified
from digests.sources.politeness import LEAST_GAP


# ------------------------------------------------------------------------------------------------ the ordinary
async def test_a_page_comes_with_what_is_needed_the_next_time() -> None:
    async with world() as (site, client, _):
        headers = {
            "ETag": '"v1"',
            "Last-Modified": "Sat, 21 Nov 2026 03:00:00 GMT",
            "Content-Type": "text/html",
            "Cache-Control": "max-age=60",
        }
        site.routes["/a"] = Reply(b"hello", headers=headers)
        answer = fetched(await client.get(site.url("/a"), START))
        assert (answer.body, answer.etag, answer.modified) == (b"hello", '"v1"', "Sat, 21 Nov 2026 03:00:00 GMT")
        assert (answer.content_type, answer.size, answer.moved) == ("text/html", 5, None)
        assert answer.fresh_until == START + timedelta(minutes=1)
        [asked] = site.asked
        assert asked.headers["user-agent"] == "Kanbao/1 (+https://kanbao.example/contact)"
        assert "cookie" not in asked.headers and "referer" not in asked.headers


async def test_validators_are_sent_and_304_is_an_outcome() -> None:
    async with world() as (site, client, _):
        site.routes["/a"] = Reply(status=304, headers={"Cache-Control": "max-age=60"})
        answer = await client.get(
            site.url("/a"), START, want=FEED, etag='"v1"', modified="Sat, 21 Nov 2026 03:00:00 GMT"
        )
        assert answer == NotModified(site.url("/a"), START + timedelta(minutes=1))
        [asked] = site.asked
        assert asked.headers["if-none-match"] == '"v1"' and asked.headers["if-modified-since"].startswith("Sat")
        assert asked.headers["connection"] == "close"
        assert failed(await client.get(site.url("/a"), START), "status").status == 304, "nobody asked for it"


@pytest.mark.parametrize("status", [400, 403, 404, 500, 206, 204, 418])
async def test_other_answers_are_failures(status: int) -> None:
    async with world() as (site, client, _):
        site.routes["/a"] = Reply(status=status)
        found = failed(await client.get(site.url("/a"), START), "status")
        assert (found.status, found.is_final, found.retry_at) == (status, False, None)


async def test_410_is_for_good() -> None:
    async with world() as (site, client, _):
        site.routes["/a"] = Reply(status=410)
        assert await client.get(site.url("/a"), START) == Gone(site.url("/a"))


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_asks_to_be_left_alone_is_left_alone(status: int) -> None:
    async with world() as (site, client, _):
        site.routes["/a"] = Reply(status=status, headers={"Retry-After": "600"})
        site.routes["/b"] = Reply(b"b")
        later = START + timedelta(minutes=10)
        assert failed(await client.get(site.url("/a"), START), "status").retry_at == later
        assert failed(await client.get(site.url("/b"), START + timedelta(minutes=9)), "status").retry_at == later
        assert site.paths() == ["/a"]
        assert fetched(await client.get(site.url("/b"), later)).body == b"b"
        assert fetched(await client.get(site.url("/b", host="other.example"), START)).body == b"b"


# ------------------------------------------------------------------------------------------------ turns
async def test_one_connection_per_host_and_a_gap_between_two() -> None:
    async with world() as (site, client, _):
        for n in range(6):
            site.routes[f"/{n}"] = Reply(b"x")
        await asyncio.gather(*(client.get(site.url(f"/{n}"), START) for n in range(6)))
        times = [asked.at for asked in site.asked]
        gaps = [after - before for before, after in pairwise(times)]
        assert min(gaps) >= LEAST_GAP - 1e-9 and max(gaps) < 1.5 and len(set(gaps)) > 3
        assert site.most["paper.example"] == 1


async def test_hosts_do_not_wait_for_each_other() -> None:
    async with world() as (site, client, clock):
        site.routes["/"] = Reply(b"x")
        await asyncio.gather(*(client.get(site.url("/", host=f"p{n}.example"), START) for n in range(20)))
        assert clock.slept == [] and len(site.asked) == 20


async def test_a_slow_host_does_not_hold_up_the_others() -> None:
    async def never(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with world(seconds=0.3) as (site, client, _):
        site.routes["slow.example/"] = Script(never)
        site.routes["/"] = Reply(b"x")
        found = await asyncio.gather(
            *(client.get(site.url("/", host=host), START) for host in ("slow.example", "a.example", "b.example"))
        )
        failed(found[0], "slow")
        assert [fetched(one).body for one in found[1:]] == [b"x", b"x"]


# ------------------------------------------------------------------------------------------------ redirects
async def test_permanent_redirects_are_followed_and_told() -> None:
    async with world() as (site, client, _):
        site.routes["/a"] = Reply(status=301, headers={"Location": "/b"})
        site.routes["/b"] = Reply(status=308, headers={"Location": site.url("/c", host="new.example")})
        site.routes["/c"] = Reply(status=302, headers={"Location": "d"})
        site.routes["/d"] = Reply(b"d")
        answer = fetched(await client.get(site.url("/a"), START))
        assert (answer.body, answer.address) == (b"d", site.url("/d", host="new.example"))
        assert answer.moved == Moved(site.url("/c", host="new.example")), (
            "what came after the first passing move is not for good"
        )


async def test_a_passing_redirect_first_makes_no_move() -> None:
    async with world() as (site, client, _):
        site.routes["/a"] = Reply(status=307, headers={"Location": "/b"})
        site.routes["/b"] = Reply(status=301, headers={"Location": "/c"})
        site.routes["/c"] = Reply(status=304)
        answer = await client.get(site.url("/a"), START, etag="x")
        assert isinstance(answer, NotModified) and answer.moved is None


async def test_loops_and_long_ways_end() -> None:
    async with world() as (site, client, _):
        site.routes["/a"] = Reply(status=302, headers={"Location": "/b"})
        site.routes["/b"] = Reply(status=302, headers={"Location": "/a"})
        failed(await client.get(site.url("/a"), START), "redirects")
        assert site.paths() == ["/a", "/b"]
        for n in range(9):
            site.routes[f"/{n}"] = Reply(status=302, headers={"Location": f"/{n + 1}"})
        failed(await client.get(site.url("/0"), START), "redirects")
        assert site.paths()[2:] == [f"/{n}" for n in range(6)]


@pytest.mark.parametrize("location", ["http://10.0.0.1/", "http://169.254.169.254/latest/", "file:///etc/passwd", "http://u@paper.example/", "http://[", "//0x7f.1/"])  # fmt: skip
async def test_each_redirect_is_guarded(location: str) -> None:
    async with world() as (site, client, _):
        site.routes["/a"] = Reply(status=302, headers={"Location": location})
        assert failed(await client.get(site.url("/a"), START), "refused").is_final
        assert len(site.asked) == 1


async def test_a_location_in_raw_bytes_is_followed() -> None:
    async with world() as (site, client, _):
        site.routes["/a"] = Reply(status=302, headers={"Location": "/版 1"})
        site.routes["/b"] = Reply(
            status=302, headers={"Location": "/版".encode("gbk").decode("utf-8", "surrogateescape")}
        )
        site.routes["/%E7%89%88%201"] = site.routes["/%B0%E6"] = Reply(b"ok")
        for path in ("/a", "/b"):
            assert fetched(await client.get(site.url(path), START)).body == b"ok"
