"""Sources made from their specs: profiles found, and what hangs on a feed's entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from http_kit import Clock, Reply, Site, world
from reportlab.pdfgen.canvas import Canvas

from digests.errors import UnreadableError
from digests.sources.dates import CHINA
from digests.sources.feed_source import FeedSource, parse_in_thread
from digests.sources.folder import FolderSource
from digests.sources.http import HttpClient
from digests.sources.opening import USUAL, Opener, profile_of
from digests.sources.registry import KINDS, SourceSpec
from digests.sources.state import MemorySourceStates
from digests.types import RawIssue

HOUR = timedelta(hours=1)
FEED = SourceSpec("feed", "feed", "x", publication="云溪日报")


def opener(client: HttpClient, own: dict[str, str] | None = None, base: Path = Path()) -> Opener:
    return Opener(client, MemorySourceStates(), parse_in_thread, lambda: own or {}, base, CHINA)


def pdf() -> bytes:
    file = BytesIO()
    canvas = Canvas(file)
    canvas.drawString(72, 700, "The bridge of Yunxi is open")
    canvas.save()
    return file.getvalue()


def test_profiles_of_ones_own_win_over_shipped_ones() -> None:
    spec = SourceSpec("x", "epaper", "", "jintan-times")
    assert profile_of(spec, {}).publication == "金坛时报"
    own = {"jintan-times": 'preset = "D"\npublication = "青石时报"\nentry = "http://a.example/"'}
    assert profile_of(spec, own).publication == "青石时报"
    assert profile_of(replace(spec, publication="云溪", address="http://b.example/"), own).entry == "http://b.example/"
    with pytest.raises(UnreadableError, match="address"):
        profile_of(replace(spec, profile="A"), {})
    assert set(USUAL) == set(KINDS)


async def test_folders_stay_the_same_object(tmp_path: Path) -> None:
    async with world() as (_, client, _):
        made = opener(client, base=tmp_path)
        spec = SourceSpec("scans", "folder", "scans")
        one = made.open(spec, HOUR)
        assert isinstance(one, FolderSource) and made.open(spec, HOUR) is one
        assert made.open(replace(spec, address="other"), HOUR) is not one
        assert isinstance(made.open(FEED, HOUR), FeedSource)


async def brought(site: Site, client: HttpClient, clock: Clock, enclosure: str) -> list[object]:
    """What a new entry with this enclosure brings."""

    def feed(items: str) -> Reply:
        return Reply(f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode())

    made, spec = opener(client), replace(FEED, address=site.url("/feed"))
    site.routes["/feed"] = feed("")
    assert [item async for item in made.open(spec, HOUR).check(clock.now)] == []
    site.routes["/feed"] = feed(
        f"<item><title>第7期</title><guid>g7</guid><description>本期电子版。</description>{enclosure}</item>"
    )
    return [item async for item in made.open(spec, HOUR).check(clock.now + 2 * HOUR)]


@pytest.mark.parametrize("written", ["type='application/pdf' url='{}'", "url='{}'"])
async def test_a_pdf_that_hangs_on_an_entry_is_an_issue(written: str) -> None:
    async with world() as (site, client, clock):
        site.routes["/7.pdf"] = Reply(pdf())
        (issue,) = await brought(site, client, clock, f"<enclosure {written.format(site.url('/7.pdf'))}/>")
    assert isinstance(issue, RawIssue) and "bridge of Yunxi" in issue.pages[0].text
    assert issue.hints.publication == "云溪日报"


@pytest.mark.parametrize(
    ("reply", "told"), [(Reply(b"no pdf"), "PDF"), (Reply(status=500), "500"), (Reply(status=410), "gone")]
)
async def test_a_pdf_that_cannot_be_read_is_told_of(reply: Reply, told: str) -> None:
    async with world() as (site, client, clock):
        site.routes["/7.pdf"] = reply
        (error,) = await brought(site, client, clock, f"<enclosure url='{site.url('/7.pdf')}'/>")
    assert isinstance(error, UnreadableError) and told in error.reason


async def test_an_entry_with_a_picture_keeps_its_text() -> None:
    async with world() as (site, client, clock):
        (issue,) = await brought(site, client, clock, f"<enclosure type='image/jpeg' url='{site.url('/7.jpg')}'/>")
    assert isinstance(issue, RawIssue) and [article.title for article in issue.articles] == ["第7期"]
