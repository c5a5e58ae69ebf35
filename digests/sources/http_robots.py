"""robots.txt: which pages of a site may be crawled, and how fast. Asked once a day per site, with our own client.

As RFC 9309 says: no file (4xx) allows everything, a server that fails (5xx, no answer) allows nothing for now. The file
is read by the standard library from our bytes; it never fetches.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.robotparser import RobotFileParser

from digests.sources.guard import Target
from digests.sources.http_outcomes import Failed, Fetched, Outcome

KEPT = timedelta(hours=24)
RETRIED = timedelta(hours=1)
MANY = 1024
"""Sites whose rules are remembered."""

Fetch = Callable[[str, datetime], Awaitable[Outcome]]


@dataclass(slots=True)
class _Site:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: RobotFileParser | None = None
    """None: the server failed to say."""
    until: datetime | None = None


class Robots:
    """`agent`: the name by which rules address us."""

    def __init__(self, fetch: Fetch, agent: str) -> None:
        self._fetch, self._agent = fetch, agent
        self._sites: dict[str, _Site] = {}

    async def refusal(self, target: Target, now: datetime) -> Failed | None:
        """Why the page may not be crawled now; None: it may."""
        site = await self._site(target, now)
        if site.rules is None:
            return Failed("network", "读不到 robots.txt，暂不访问该站 / robots.txt cannot be read; the site is left alone for now", site.until)  # fmt: skip
        if site.rules.can_fetch(self._agent, target.url):
            return None
        return Failed("robots", "该站的 robots.txt 不允许访问此页 / the site's robots.txt does not allow this page")

    async def delay(self, target: Target, now: datetime) -> float:
        """The Crawl-delay that the site asks for, in seconds; 0 for none."""
        rules = (await self._site(target, now)).rules
        return float(rules.crawl_delay(self._agent) or 0) if rules else 0.0

    async def _site(self, target: Target, now: datetime) -> _Site:
        origin = target.url.split("/", 3)
        key = "/".join(origin[:3])
        if key not in self._sites and len(self._sites) >= MANY:
            del self._sites[next(iter(self._sites))]
        site = self._sites.setdefault(key, _Site())
        async with site.lock:
            if site.until is None or site.until <= now:
                site.rules = read_robots(await self._fetch(f"{key}/robots.txt", now))
                site.until = now + (KEPT if site.rules else RETRIED)
        return site


def read_robots(outcome: Outcome) -> RobotFileParser | None:
    """The rules; None where the server failed to say."""
    rules = RobotFileParser()
    if isinstance(outcome, Fetched):
        text = outcome.body.decode("utf-8-sig", "replace")
        rules.parse([] if text.lstrip()[:1] == "<" else text.splitlines())  # a page for everything that is not found
        return rules
    if isinstance(outcome, Failed) and (
        outcome.kind == "too_big" or not 400 <= outcome.status < 500 or outcome.status == 429
    ):
        return None
    rules.parse([])
    return rules
