"""The parts of reading a feed: encodings, what a body is, text of HTML, keys; and what the worker's two ends say."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import UnreadableError
from digests.sources.feed import parse_feed
from digests.sources.feed_fresh import items_of, mark, without_known
from digests.sources.feed_items import Entry, Feed, keys_of, normal_address
from digests.sources.feed_sniff import clean_xml, decode_web, root_of
from digests.sources.feed_text import html_to_text, plain_line
from digests.sources.feed_worker import read_answer, serve
from digests.sources.guard import Target
from digests.sources.http_hosts import MANY, HostTurns
from digests.sources.http_outcomes import Fetched, Outcome
from digests.sources.http_robots import MANY as MANY_SITES
from digests.sources.http_robots import Robots

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ADDRESS = "https://paper.example/feed"
HAN = st.text(alphabet="云溪日报第一版储能电站昨日开工，。《》青石岭", min_size=4, max_size=60)


# ------------------------------------------------------------------------------------------------ encodings
@given(HAN, st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"]), st.sampled_from(["", "text/xml; charset=gbk", "text/xml; charset=nonsense", "text/xml; charset=rot13", "text/xml; charset=iso-8859-1"]))  # fmt: skip
def test_every_usual_encoding_is_told(text: str, encoding: str, content_type: str) -> None:
    markup = f"<rss><channel><title>{text}</title></channel></rss>"
    assert decode_web(markup.encode(encoding), content_type) == markup


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_have_a_reading(body: bytes, content_type: str) -> None:
    text = decode_web(body, content_type)
    try:
        parse_feed(body, content_type, ADDRESS, NOW)
    except UnreadableError as error:
        assert " / " in error.reason
    assert isinstance(text, str)


@pytest.mark.parametrize(
    "text",
    ["<?xml version='1.0'", "<!-- never ends", "<!DOCTYPE rss [ <!ENTITY a 'b'>", "<!DOCTYPE rss", "<?xml?>" * 2000, "[1, 2]", "plain words", "<p>x</p>"],
)  # fmt: skip
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="订阅源"):
        root_of(text, ADDRESS)


def test_a_document_type_goes_and_its_entities_with_it() -> None:
    kind, text = root_of("<!DOCTYPE rss [<!ENTITY a '>'>]><rss>&a;&nbsp;&amp;</rss>", ADDRESS)
    assert kind == "rss" and clean_xml(text).endswith(b"<rss>&a;&#160;&amp;</rss>")


def test_broken_beyond_reading() -> None:
    with pytest.raises(UnreadableError, match="损坏"):
        parse_feed(b"<rss", "", ADDRESS, NOW)


def test_links_that_are_no_addresses_are_left_out() -> None:
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "http://["}]})
    assert parse_feed(body.encode(), "", ADDRESS, NOW).entries[0].address == ""
    [entry] = parse_feed(
        b"<rss><channel><item><title>a</title><link>http://[</link></item></channel></rss>", "", ADDRESS, NOW
    ).entries
    assert keys_of(Feed("", (entry,)))[0]


# ------------------------------------------------------------------------------------------------ text
@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("甲<br/>乙<br>丙", "甲\n乙\n丙"), ("<p>甲</p >\n<P class=x>乙", "甲\n乙"), ("a &lt; b", "a < b"), ("3 < 5 > 2", "3 < 5 > 2"), ("<img/>甲", "甲"),
        ("<script>x</script >甲", "甲"), ("</script>甲<b>乙</b>", "甲乙"), ("<style>甲", ""), ("<li>甲<li>乙", "甲\n乙"), ("", ""), ("<td>1</td><th>2</th>", "1 2"),
        ("甲\u200b\u00ad乙", "甲乙"), ("云溪 储能\tGWh", "云溪储能 GWh"), ("<hr/>甲<x-y/>乙", "甲\n乙".replace("\n", "")), ("<!-- x -->甲", "甲"),
    ],
)  # fmt: skip
def test_html_becomes_text(html: str, text: str) -> None:
    assert html_to_text(html) == text


@given(st.text(alphabet="<>/pbrscipt &;#lgamn123 \n云溪\u3000\u00a0!-[]CDATA\"'=", max_size=120))
def test_any_fragment_gives_tidy_lines(fragment: str) -> None:
    lines = html_to_text(fragment).split("\n")
    assert all(line == line.strip() and line for line in lines) or lines == [""]
    assert "\n" not in plain_line(fragment)


# ------------------------------------------------------------------------------------------------ keys
@pytest.mark.parametrize(
    "address",
    ["http://paper.example/a/1.html", "https://PAPER.example:443/a/1.html#x", "https://paper.example/a/1.html?div=-1&utm_source=rss", "http://paper.example:80/a/1.html/"],
)  # fmt: skip
def test_addresses_of_one_page_are_one(address: str) -> None:
    assert normal_address(address) == "//paper.example/a/1.html"


def test_other_addresses_stay() -> None:
    assert normal_address("https://paper.example/?id=2&b=1") == "//paper.example?b=1&id=2"
    assert normal_address(" tag:paper.example,2021:1 ") == "tag:paper.example,2021:1"
    assert normal_address("http://[") == "http://["


@given(st.lists(st.builds(Entry, st.sampled_from("甲乙"), st.sampled_from(["", "x" * 50]), st.sampled_from(["", "g", "h"]),
                          st.sampled_from(["", "https://paper.example/", "https://paper.example/1", "https://paper.example/2"])), max_size=5))  # fmt: skip
def test_every_entry_has_a_key_and_what_differs_in_all_is_never_one(entries: list[Entry]) -> None:
    keys = keys_of(Feed("", tuple(entries), home="https://paper.example"))
    assert all(keys)
    for one, its in zip(entries, keys, strict=True):
        for other, theirs in zip(entries, keys, strict=True):
            if (
                one.guid != other.guid
                and one.address != other.address
                and (one.title, one.text) != (other.title, other.text)
            ):
                assert set(its).isdisjoint(theirs)


# ------------------------------------------------------------------------------------------------ worker, hosts, sites
def test_the_childs_answers() -> None:
    good = b"<rss><channel><title>t</title><item><title>a</title><pubDate>2021-01-21</pubDate></item></channel></rss>"
    frames = b"".join(
        json.dumps({"type": "", "address": ADDRESS, "now": NOW.isoformat(), "size": len(body), "known": []}).encode()
        + b"\n"
        + body
        for body in (good, b"<html>", good.replace(b"2021-01-21", b"2021-01-21 08:30"))
    )
    sink = io.BytesIO()
    serve(io.BytesIO(frames), sink)
    first, second, third = (json.loads(line) for line in sink.getvalue().splitlines())
    assert read_answer(first, ADDRESS) == parse_feed(good, "", ADDRESS, NOW)
    assert isinstance(read_answer(third, ADDRESS).entries[0].published, datetime)
    with pytest.raises(UnreadableError, match="网页"):
        read_answer(second, ADDRESS)


async def test_hosts_that_are_free_again_are_forgotten() -> None:
    ticks = 0.0
    turns = HostTurns(lambda: ticks, asyncio.sleep)
    turns.hold("held.example", NOW)
    for n in range(MANY + 5):
        ticks += 10
        async with turns.turn(f"p{n}.example"):
            pass
    assert len(turns._hosts) < 20 and "held.example" in turns._hosts


async def test_few_sites_rules_are_kept() -> None:
    async def fetch(address: str, now: datetime) -> Outcome:
        return Fetched(address, b"", "")

    robots = Robots(fetch, "Kanbao")
    for n in range(MANY_SITES + 3):
        assert await robots.refusal(Target("http", f"p{n}.example", 80, f"http://p{n}.example/"), NOW) is None
    assert len(robots._sites) == MANY_SITES


def test_elements_deeper_than_any_feeds_are_refused_before_they_cost_time() -> None:
    assert items_of(b"<a>" * 200 + b"</a>" * 200, "x") == []
    assert items_of(b"<a></b>" + b"<a>" * 300, "x") == [], "broken XML is read by a more patient parser"
    with pytest.raises(UnreadableError, match="200"):
        items_of(b"<a>" * 50_000, "x")


@pytest.mark.parametrize(
    "xml",
    [
        "<rss><channel><title>t</title><item><a>一</a></item>\n<item b='c'/><item><item>二</item></item></channel></rss>",
        "<feed><entry>一</entry><entry/><entry>二<content><div><entry>三</entry></div></content></entry></feed>",
        "<r:RDF xmlns:r='r' xmlns:i='i'><i:channel/><i:item>一</i:item><i:item/><i:item>二</i:item></r:RDF>",
    ],
)
def test_items_are_found_and_known_ones_left_out(xml: str) -> None:
    data = xml.encode()
    items = items_of(data, "x")
    texts = [data[begin:end].decode() for begin, end in items]
    assert len(texts) == 3 and all(text[-1] == ">" for text in texts) and "".join(texts) in xml.replace("\n", "")
    rest, marks, left_out = without_known(data, items, {mark(texts[0].encode()), mark(texts[2].encode())})
    assert (left_out, len(marks)) == (2, 3)
    assert rest.decode() == xml.replace(texts[0], "", 1).replace(texts[2], "", 1)
    assert without_known(data, items, ()) == (data, marks, 0)


@given(st.lists(st.text(alphabet="abc云<&>", max_size=8), max_size=6), st.sets(st.integers(0, 5)))
def test_whatever_is_left_out_the_rest_stays_a_feed(texts: list[str], known: set[int]) -> None:
    bodies = [f"<item><title>{escape(text)}</title><guid>{n}</guid></item>".encode() for n, text in enumerate(texts)]
    feed = b"<rss version='2.0'><channel><title>t</title>" + b"".join(bodies) + b"</channel></rss>"
    marks = {mark(body) for n, body in enumerate(bodies) if n in known}
    read = parse_feed(feed, "application/rss+xml", "https://a.example/", datetime(2026, 3, 2, tzinfo=UTC), marks)
    assert [entry.guid.rpartition("/")[2] for entry in read.entries] == [
        f"{n}" for n in range(len(texts)) if n not in known
    ]
    assert read.left_out == len(texts) - len(read.entries) and len(read.marks) == len(texts)
