"""The client's bounds: sizes and times, the names it may ask, robots.txt."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from http_kit import START, Asked, Reply, Script, failed, fetched, gzipped, to_loopback, world

from digests.sources.guard import LOOPBACK, Guard
from digests.sources.http import FEED, MIB, PAGE, PDF, HttpClient, Want
from digests.sources.http_outcomes import Failed, Fetched

SMALL = Want(1000, "*/*")


# ------------------------------------------------------------------------------------------------ sizes and times
async def test_sizes_count_after_decompression() -> None:
    async with world() as (site, client, _):
        site.routes["/ok"] = gzipped(b"x" * 1000)
        site.routes["/big"] = gzipped(b"x" * 1001)
        site.routes["/bomb"] = gzipped(b"\0" * (64 * MIB))
        site.routes["/plain"] = Reply(b"x" * 1001)
        assert fetched(await client.get(site.url("/ok"), START, want=SMALL)).size == 1000
        for path in ("/big", "/bomb", "/plain"):
            failed(await client.get(site.url(path), START, want=SMALL), "too_big")


async def test_a_feed_of_100_mb_stops_at_its_cap() -> None:
    sent = 0

    async def flood(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>")
        for _ in range(400):
            writer.write(b"x" * (MIB // 4))
            await writer.drain()
            sent += MIB // 4

    async with world() as (site, client, _):
        site.routes["/feed"] = Script(flood)
        failed(await client.get(site.url("/feed"), START, want=FEED), "too_big")
        assert sent < 30 * MIB


async def test_one_byte_a_second_ends_in_time() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _ in range(100):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with world(seconds=0.3) as (site, client, _):
        site.routes["/a"] = Script(drip)
        begun = asyncio.get_running_loop().time()
        failed(await client.get(site.url("/a"), START), "slow")
        assert asyncio.get_running_loop().time() - begun < 2


async def test_the_time_is_for_the_whole_way() -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.25)
        writer.write(b"HTTP/1.1 302 X\r\nLocation: /a" + b"a" * len(site.asked) + b"\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with world(seconds=0.6) as (site, client, _):
        site.routes.update({"/a" + "a" * n: Script(slowly) for n in range(9)})
        failed(await client.get(site.url("/a"), START), "slow")
        assert len(site.asked) <= 3


@pytest.mark.parametrize("body", [zlib.compress(b"hello" * 9), zlib.compress(b"hello" * 9)[2:-4], gzip.compress(b"hello" * 4, mtime=0) + gzip.compress(b"hello" * 5, mtime=0),
                                  gzip.compress(b"hello" * 9, mtime=0) + b"\0\0\0", gzip.compress(b"hello" * 9, mtime=0) + b"junk"])  # fmt: skip
async def test_codings_as_servers_send_them(body: bytes) -> None:
    async with world() as (site, client, _):
        site.routes["/a"] = Reply(body, headers={"Content-Encoding": "deflate"})
        assert fetched(await client.get(site.url("/a"), START)).body == b"hello" * 9


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"not gzip", headers={"Content-Encoding": "gzip"}), Reply(gzip.compress(b"hello" * 99, mtime=0)[:-12], headers={"Content-Encoding": "gzip"}),
        Reply(b"abc", headers={"Content-Encoding": "br"}), Reply(b"abc", headers={"Content-Encoding": "gzip, gzip"}),
        Reply(b"\xff\xff\xff", headers={"Content-Encoding": "deflate"}),
    ],
)  # fmt: skip
async def test_damaged_bodies_are_told(reply: Reply) -> None:
    async with world() as (site, client, _):
        site.routes["/a"] = reply
        failed(await client.get(site.url("/a"), START), "damaged")


async def test_answers_that_break_off_are_told() -> None:
    async def broken(writer: asyncio.StreamWriter) -> None:
        writer.write(b"nonsense\r\n\r\n")

    async def short(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")

    async def silent(writer: asyncio.StreamWriter) -> None:
        pass

    async def endless_head(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000)

    async with world() as (site, client, _):
        for path, script in (("/broken", broken), ("/silent", silent), ("/head", endless_head)):
            site.routes[path] = Script(script)
            failed(await client.get(site.url(path), START), "network")
        site.routes["/short"] = Script(short)
        failed(await client.get(site.url("/short"), START), "damaged")


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_pdf_is_streamed_into_a_file_that_appears_whole(tmp_path: Path) -> None:
    async with world() as (site, client, _):
        site.routes["/p"] = gzipped(b"%PDF-" + b"x" * 300_000)
        site.routes["/q"] = Reply(b"%PDF-" + b"x" * 2000)
        answer = fetched(await client.get(site.url("/p"), START, want=PDF, file=tmp_path / "p.pdf"))
        assert (answer.body, answer.size, answer.file) == (b"", 300_005, tmp_path / "p.pdf")
        assert (tmp_path / "p.pdf").read_bytes()[:6] == b"%PDF-x"
        failed(await client.get(site.url("/q"), START, want=replace(PDF, cap=1000), file=tmp_path / "q.pdf"), "too_big")
        assert names_in(tmp_path) == ["p.pdf"]


# ------------------------------------------------------------------------------------------------ names
async def test_names_are_looked_up_once_and_every_address_counts() -> None:
    looked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        looked.append(host)
        return {"mixed.example": ["127.0.0.1", "10.0.0.1"], "none.example": []}.get(host, ["127.0.0.1"])

    async with world(resolve=resolve) as (site, client, _):
        site.routes["/a"] = Reply(b"a")
        assert fetched(await client.get(site.url("/a"), START)).body == b"a"
        assert looked == ["paper.example"]
        failed(await client.get(site.url("/a", host="mixed.example"), START), "refused")
        failed(await client.get(site.url("/a", host="none.example"), START), "network")
        assert len(site.asked) == 1


async def test_a_name_that_changes_its_address_meanwhile_gains_nothing() -> None:
    """Rebinding: what is dialled is what was checked, for each request anew."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"]])

    async def resolve(host: str, port: int) -> list[str]:
        return next(answers)

    async with world(resolve=resolve) as (site, client, _):
        site.routes["/a"] = Reply(b"a")
        assert fetched(await client.get(site.url("/a"), START)).body == b"a"
        for _ in range(2):
            failed(await client.get(site.url("/a"), START), "refused")
        assert len(site.asked) == 1


async def test_unknown_names_are_told() -> None:
    async with world() as (site, client, _):
        failed(await client.get(site.url("/", host="unknown.example"), START), "network")


async def test_what_is_not_allowed_is_not_even_looked_up() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    async with world(guard=Guard(), resolve=resolve) as (site, client, _):
        for address in (site.url("/"), "http://127.0.0.1/", "ftp://paper.example/", "http://localhost/"):
            failed(await client.get(address, START), "refused")
        assert site.asked == []


async def test_a_proxy_is_asked_for_what_it_alone_can_look_up() -> None:
    async with world() as (site, _, clock):
        client = HttpClient(
            "x@kanbao.example",
            guard=LOOPBACK,
            resolve=to_loopback,
            sleep=clock.sleep,
            ticks=clock,
            proxy=site.url("", host="proxy.example"),
        )
        site.routes["unknown.example" + "http://unknown.example/a"] = Reply(b"by proxy")
        assert fetched(await client.get("http://unknown.example/a", START, want=PAGE)).body == b"by proxy"
        failed(await client.get("http://10.0.0.1/a", START), "refused")
        await client.close()


# ------------------------------------------------------------------------------------------------ robots.txt
async def test_robots_are_obeyed_when_crawling_and_asked_once_a_day() -> None:
    async with world() as (site, client, clock):
        site.routes["/robots.txt"] = Reply(b"\xef\xbb\xbfUser-agent: kanbao\nDisallow: /private\nCrawl-delay: 7\n")
        site.routes["/a"] = site.routes["/private/x"] = Reply(b"a")
        assert fetched(await client.get(site.url("/a"), START, crawl=True)).body == b"a"
        assert failed(await client.get(site.url("/private/x"), START, crawl=True), "robots").is_final
        assert fetched(await client.get(site.url("/private/x"), START)).body == b"a", "an address that a person gave"
        assert site.paths() == ["/robots.txt", "/a", "/private/x"]
        assert site.asked[2].at - site.asked[1].at >= 7
        await client.get(site.url("/a"), START + timedelta(hours=25), crawl=True)
        assert site.paths()[3:] == ["/robots.txt", "/a"]
        assert clock.slept


@pytest.mark.parametrize(
    ("reply", "allowed"),
    [
        (Reply(status=404), True), (Reply(status=403), True), (Reply(status=410), True), (Reply(b"<html>none</html>"), True), (Reply(b""), True),
        (Reply(status=500), False), (Reply(status=429), False), (Reply(b"x" * 600_000), False), (Reply(b"User-agent: *\nDisallow: /"), False),
    ],
)  # fmt: skip
async def test_robots_that_are_missing_or_fail(reply: Reply, allowed: bool) -> None:
    async with world() as (site, client, _):
        site.routes["/robots.txt"] = reply
        site.routes["/a"] = Reply(b"a")
        outcome = await client.get(site.url("/a"), START, crawl=True)
        assert isinstance(outcome, Fetched) is allowed
        if reply.status >= 429 or len(reply.body) > 1000:
            assert isinstance(outcome, Failed) and outcome.retry_at == START + timedelta(hours=1)


async def test_a_redirect_into_what_robots_forbid_is_not_followed() -> None:
    async with world() as (site, client, _):
        site.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /private\n")
        site.routes["/a"] = Reply(status=302, headers={"Location": "/private"})
        failed(await client.get(site.url("/a"), START, crawl=True), "robots")
        assert site.paths() == ["/robots.txt", "/a"]


async def test_replies_can_depend_on_what_was_asked() -> None:
    def echo(asked: Asked) -> Reply:
        return Reply(asked.headers["accept"].encode())

    async with world() as (site, client, _):
        site.routes["/a"] = echo
        assert b"rss" in fetched(await client.get(site.url("/a"), START, want=FEED)).body


async def test_a_name_in_chinese_is_a_name() -> None:
    async with world() as (site, client, _):
        site.routes["/p"] = Reply(b"x")
        assert fetched(await client.get(site.url("/p", host="云溪.example"), START)).body == b"x"
        assert site.asked[0].host.startswith("xn--")
