"""A press and its sites: papers of every family that come out over weeks, each at its hour, on a real server with a clock that
tests move; what was printed is known, and so is every request.

A site behaves as sites do: validators, 304, robots with a delay; and as they do at times: outages, stale entries, moved
entries, refusals in the middle of an issue.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from io import BytesIO
from typing import Any
from zlib import crc32

from epaper_world import Stories, family_a, family_b, family_b2, family_c, family_d, html, paragraphs
from http_kit import Asked, Clock, Reply
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

Pages = dict[str, str | bytes]
Fault = Callable[[Asked, datetime], Reply | None]
"""What goes wrong with a request at a moment, or None."""


@dataclass(frozen=True)
class Print:
    """Something that came out: when it can be seen, its titles, its pages."""

    online: datetime
    titles: tuple[str, ...]
    pages: Pages


@dataclass
class PaperSite:
    """`prints` in the order of appearing; a later page replaces an earlier one of the same path. `robots`: its text, or None."""

    host: str
    prints: list[Print] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    robots: str | None = None
    types: dict[str, str] = field(default_factory=dict)
    answered: list[tuple[str, int, datetime]] = field(default_factory=list)

    def answer(self, asked: Asked, now: datetime) -> Reply:
        reply = self._reply(asked, now)
        self.answered.append((asked.path, reply.status, now))
        return reply

    def _reply(self, asked: Asked, now: datetime) -> Reply:
        for fault in self.faults:
            if (reply := fault(asked, now)) is not None:
                return reply
        if asked.path == "/robots.txt":
            return Reply((self.robots or "").encode(), 200 if self.robots else 404)
        found = next((one.pages[asked.path] for one in reversed(self.prints) if one.online <= now and asked.path in one.pages), None)  # fmt: skip
        if found is None:
            return Reply(b"nothing here", 404)
        body = found if isinstance(found, bytes) else found.encode()
        etag = f'"{crc32(body):x}"'
        if asked.headers.get("if-none-match") == etag:
            return Reply(status=304, headers={"ETag": etag})
        kind = "application/pdf" if asked.path.endswith(".pdf") else self.types.get(asked.path, "text/html")
        return Reply(body, headers={"ETag": etag, "Content-Type": kind, "Last-Modified": format_datetime(now)})

    def printed(self, until: datetime) -> list[str]:
        return sorted(title for one in self.prints if one.online <= until for title in one.titles)


@dataclass
class Town:
    """All sites, by host."""

    clock: Clock
    sites: dict[str, PaperSite] = field(default_factory=dict)

    def add(self, host: str, **more: Any) -> PaperSite:
        site = self.sites[host] = PaperSite(host, **more)
        return site

    def answer(self, asked: Asked) -> Reply:
        return self.sites[asked.host].answer(asked, self.clock.now)


# ---------------------------------------------------------------------------------------------- what goes wrong
def outage(first: datetime, last: datetime, status: int = 503, wait: str = "1800") -> Fault:
    """Every request within is refused."""
    return lambda asked, now: Reply(b"", status, {"Retry-After": wait}) if first <= now < last else None


def stumbles(part: str, times: int, status: int) -> Fault:
    """Addresses that hold `part` are refused so many times."""
    left = [times]

    def fault(asked: Asked, now: datetime) -> Reply | None:
        if part in asked.path and left[0]:
            left[0] -= 1
            return Reply(b"", status)
        return None

    return fault


def moved(before: str, after: str) -> Fault:
    """An entry that has moved for good."""
    return lambda asked, now: Reply(b"", 301, {"Location": after}) if asked.path == before else None


def stale(site: PaperSite, entry: str, first: datetime, last: datetime) -> Fault:
    """Between two moments the entry shows what it showed at the first."""

    def fault(asked: Asked, now: datetime) -> Reply | None:
        if asked.path != entry or not first <= now < last:
            return None
        shown = next(one.pages[entry] for one in reversed(site.prints) if one.online <= first and entry in one.pages)
        return Reply(shown if isinstance(shown, bytes) else shown.encode(), headers={"Content-Type": "text/html"})

    return fault


# ---------------------------------------------------------------------------------------------- what is printed
def stories(name: str, day: str, pages: int = 2, each: int = 2) -> Stories:
    """Titles that no other day and no other paper has."""
    return [[f"{name}{day}第{page}版第{n}条要闻" for n in range(1, each + 1)] for page in range(1, pages + 1)]


FAMILIES = {"A": family_a, "B": family_b, "B2": family_b2, "C": family_c}


def daily(site: PaperSite, family: str, name: str, onlines: list[datetime]) -> None:
    """An issue for each moment, of that day."""
    for online in onlines:
        day = online.date().isoformat()
        told = stories(name, day)
        site.prints.append(Print(online, flat(told), dict(FAMILIES[family](day, told))))


def numbered(
    site: PaperSite, name: str, onlines: list[datetime], words: dict[str, str], late: dict[str, datetime]
) -> None:
    """Issues of family D from 第2421期 on; the platform's own ids jump. `words`: what the issue of a day says besides. `late`:
    when that of a day can be seen."""
    before = None
    for n, online in enumerate(onlines):
        day, id = online.date().isoformat(), 5300 + n * 7
        told = stories(name, day)
        pages = family_d(day, 2421 + n, id, before, told)
        if day in words:
            pages = {
                path: text.replace("<p>林晓</p>", f"<p>{words[day]}</p><p>林晓</p>") for path, text in pages.items()
            }
        site.prints.append(Print(late.get(day, online), flat(told), dict(pages)))
        before = id


def column(site: PaperSite, path: str, onlines: list[datetime]) -> None:
    """A government column: the list grows by one article each time."""
    listed = ""
    for n, online in enumerate(onlines):
        title, day = f"云溪科技局第{n}号通知", online.date()
        address = f"/html/yxkj/{day.year}/ABCDEFGH_{day:%m%d}/{1000 + n}.html"
        listed = f'<li><a href="{address}">{title}</a></li>{listed}'
        page = html(f"<h1>{title}</h1><p>发布日期：{day}</p><div id=zoom>{paragraphs(title)}</div>", "云溪科技局")
        listing = html(f"<ul class=list>{listed}</ul>", head='<meta name="SiteName" content="云溪科技局">')
        site.prints.append(Print(online, (title,), {path: listing, address: page}))


def periodical(site: PaperSite, path: str, issues: list[tuple[datetime, int]]) -> None:
    """A list of issues, each a PDF."""
    listed = ""
    for online, number in issues:
        title = f"云溪科技第{number}期卷首语"
        address = f"/upload/{number}.pdf"
        listed = f'<li><a href="{address}">云溪科技2026年第{number}期</a></li>{listed}'
        body = "本刊讯 园区里的实验室亮着灯，研究人员说，各项工作进展顺利，成果将在下半年发布。"
        site.prints.append(Print(online, (title,), {path: html(f"<ul class=list>{listed}</ul>"), address: pdf(title, body)}))  # fmt: skip


def feed(site: PaperSite, path: str, onlines: list[datetime], window: int = 6, as_json: bool = False) -> None:
    """A feed whose items leave it after `window` newer ones."""
    titles: list[tuple[str, datetime]] = []
    site.types[path] = "application/feed+json" if as_json else "application/rss+xml"
    for n, online in enumerate(onlines):
        titles.insert(0, (f"{site.host}第{n}条快讯", online))
        text = json_feed(titles[:window]) if as_json else rss(titles[:window])
        site.prints.append(Print(online, (titles[0][0],), {path: text}))


def rss(titles: list[tuple[str, datetime]]) -> str:
    items = "".join(
        f"<item><title>{title}</title><guid>{title}</guid><pubDate>{format_datetime(at)}</pubDate>"
        f"<description>本报讯 {title}的消息传遍全城，各项工作进展顺利。</description></item>"
        for title, at in titles
    )
    return f"<rss version='2.0'><channel><title>云溪快讯</title>{items}</channel></rss>"


def json_feed(titles: list[tuple[str, datetime]]) -> str:
    items = [
        {"id": title, "title": title, "date_published": at.isoformat(), "content_text": f"本报讯 {title}的消息传遍全城。"}
        for title, at in titles
    ]  # fmt: skip
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "云溪简报", "items": items})


def pdf(title: str, body: str) -> bytes:
    """One page: a headline and a column under it."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = BytesIO()
    canvas = Canvas(out, pagesize=(400, 500))
    canvas.setFont("STSong-Light", 24)
    canvas.drawString(20, 440, title)
    canvas.setFont("STSong-Light", 10)
    for n in range(0, len(body), 20):
        canvas.drawString(20, 400 - n // 20 * 14, body[n : n + 20])
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def flat(told: Stories) -> tuple[str, ...]:
    return tuple(title for page in told for title in page)


def bomb() -> bytes:
    """Entities that would unfold to gigabytes."""
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "ha">{grown}]><rss version="2.0"><channel><title>&a9;</title></channel></rss>'.encode()


def nested(depth: int = 50_000) -> bytes:
    return b"<rss version='2.0'>" + b"<channel>" * depth


def huge(size: int = 100 << 20) -> Reply:
    """A feed of 100 MB that travels as 100 KB."""
    head = b"<rss version='2.0'><channel><title>x</title><description>"
    return Reply(gzip.compress(head + b" " * size, 1), headers={"Content-Encoding": "gzip"})


def week(start: datetime, days: int, hour: float, weekdays: str = "0123456", skip: tuple[int, ...] = ()) -> list[datetime]:  # fmt: skip
    """A moment on each of these weekdays (0 is Monday), around an hour of the local day; `skip`: days from the start."""
    midnight = start.replace(hour=0, minute=0)
    made = []
    for n in range(days):
        day = midnight + timedelta(days=n)
        if str(day.weekday()) in weekdays and n not in skip:
            made.append(day + timedelta(hours=hour, minutes=(n * 37) % 40 - 20))
    return made
