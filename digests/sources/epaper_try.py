"""Looking at an address: which family of sites it is, and step by step what a profile expects there and what is found.

For `/sources add` and `kanbao sources try`: people read the answers, so each step says what it looked for in words.
Retrieves at most a handful of pages; remembers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from digests.errors import UnreadableError
from digests.sources.epaper_article import read_article
from digests.sources.epaper_find import (
    Fetch,
    Fetched,
    article_links,
    find_issue,
    find_leaves,
    follow,
    get_page,
    marks_of,
    newest,
)
from digests.sources.epaper_lists import listed, named_periods
from digests.sources.epaper_profile import PRESETS, Profile, ready_papers, shipped
from digests.sources.html import Page, page_text

GuessKind = Literal["feed", "epaper", "periodicals", "articles", "page", "pdf", "nothing"]


@dataclass(frozen=True, slots=True)
class Step:
    """`expected` and `found` in Chinese and English, for people."""

    expected: str
    found: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Guess:
    """What an address is. `profile`: to watch it with, for all but feed, page, pdf and nothing. `sample`: a title found there; `title`: the page's own, where that is another.
    `feed`: a feed that the page names."""

    kind: GuessKind
    profile: Profile | None = None
    sample: str = ""
    title: str = ""
    reason: str = ""
    feed: str = ""


async def recognise(address: str, fetch: Fetch) -> Guess:
    """What the address leads to. Never raises for what it finds there."""
    fetch = remembering(fetch)
    answer = await fetch(address)
    if answer.status != 200:
        return Guess("nothing", reason=answer.body.decode("utf-8", "replace")[:300] or f"HTTP {answer.status}")
    head = answer.body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-"):
        return Guess("pdf")
    if _is_feed(head, answer.content_type):
        return Guess("feed", feed=answer.address)
    try:
        page = Page(page_text(answer.body, answer.content_type), answer.address)
        return await _of_page(address, page, fetch)
    except UnreadableError as error:
        return Guess("nothing", reason=error.reason)


def remembering(fetch: Fetch) -> Fetch:
    """Each address is asked for once, however many profiles look at it."""
    answers: dict[str, Fetched] = {}

    async def once(address: str, file: Path | None = None, /) -> Fetched:
        if file is not None:
            return await fetch(address, file)
        if address not in answers:
            answers[address] = await fetch(address)
        return answers[address]

    return once


async def _of_page(address: str, page: Page, fetch: Fetch) -> Guess:
    for preset in PRESETS:
        profile = replace(_known_at(address) or shipped(preset), entry=address)
        if profile.shape == "issue" and (end := await _leads_to_issue(profile, fetch)):
            return Guess("epaper", replace(profile, preset=profile.preset or preset), end)
    periodicals, feed = shipped("periodical-list"), _feed_of(page)
    if periods := named_periods(page, periodicals):
        listed_at = replace(periodicals, entry=address, preset="periodical-list")
        return Guess("periodicals", listed_at, periods[0][1].text, page.title())
    if feed:
        return Guess("feed", feed=feed, sample=page.title())
    for preset in ("gov-cms", "gov-meta"):
        profile = replace(shipped(preset), entry=address, preset=preset)
        if len(found := listed(page, profile)) >= 3:
            return Guess("articles", profile, next(iter(found.values()))[1].link)
    return Guess("page", sample=page.title())


def _known_at(address: str) -> Profile | None:
    return next((paper for paper in ready_papers() if paper.entry.rstrip("/") == address.rstrip("/")), None)


async def _leads_to_issue(profile: Profile, fetch: Fetch) -> str:
    """The title of the issue's first page if the profile's way leads to one; "" else."""
    try:
        page, _ = await follow(profile.entry, profile, fetch)
        if marks_of(page.address, profile.page_url) is None and newest(page, profile) is None:
            return ""
        found = await find_issue(profile, fetch)
    except UnreadableError:
        return ""
    return found.first.title() or found.first.address


def _is_feed(head: bytes, content_type: str) -> bool:
    marks = (b"<rss", b"<feed", b"<rdf:rdf", b"jsonfeed.org/version")
    is_json_feed = "feed+json" in content_type
    return is_json_feed or (head[:1] in b"<{" and any(mark in head.lower() for mark in marks))


def _feed_of(page: Page) -> str:
    selectors = [f"link[rel~=alternate][type='application/{kind}']" for kind in ("rss+xml", "atom+xml", "feed+json")]
    return next((link.address for link in page.links(selectors)), "")


async def try_address(address: str, fetch: Fetch, profile: Profile | None = None) -> list[Step]:
    """Every step from the address to one article's text, up to the first that fails. `profile`: one under work; None:
    the one that is recognised."""
    steps: list[Step] = []
    fetch = remembering(fetch)
    if profile is None:
        guess = await recognise(address, fetch)
        ok = guess.kind not in ("nothing", "page")
        name = f"{guess.kind} {guess.profile.preset if guess.profile else guess.feed} {guess.sample} {guess.reason}"
        steps.append(Step("一种认识的网站 / a known kind of site", " ".join(name.split()), ok))
        profile = guess.profile
    if profile is None:
        return steps
    try:
        await _walk(replace(profile, entry=address), fetch, steps)
    except UnreadableError as error:
        steps.append(Step("下一步 / the next step", error.reason, False))
    return steps


async def _walk(profile: Profile, fetch: Fetch, steps: list[Step]) -> None:
    if profile.shape == "issue":
        await _walk_issue(profile, fetch, steps)
        return
    page, hops = await follow(profile.entry, profile, fetch)
    steps.append(Step("列表页 / a list page", " → ".join(hops), True))
    if profile.shape == "periodicals":
        periods = [link.text for _, link in named_periods(page, profile)]
        steps.append(Step("“某年第几期”的链接 / links named by their period", _shown(periods), bool(periods)))
        return
    found = [(address, place) for address, place in listed(page, profile).values()]
    steps.append(Step("文章链接 / links to articles", _shown([place.link for _, place in found]), bool(found)))
    if found:
        article = read_article(await get_page(fetch, found[0][0], profile), profile, found[0][1])
        steps.append(
            Step("标题和正文 / title and text", _text(article.title, article.body) if article else "-", bool(article))
        )


async def _walk_issue(profile: Profile, fetch: Fetch, steps: list[Step]) -> None:
    found = await find_issue(profile, fetch)
    steps.append(
        Step("从入口到版面 / from the entry to a page", " → ".join(found.hops or (found.first.address,)), True)
    )
    keyed = found.number if profile.keyed_by == "number" else found.date
    steps.append(
        Step("日期和期号 / date and number", f"{found.date or '-'} · {found.number or '-'}", keyed is not None)
    )
    leaves = await find_leaves(found, profile, fetch)
    names = [f"{leaf.page or '?'} {leaf.name or ''}".strip() for leaf, _ in leaves]
    steps.append(Step("版面列表 / a list of pages", _shown(names), bool(leaves)))
    leaf, ready = leaves[0]
    page = ready or await get_page(fetch, leaf.address, profile)
    links = article_links(page, leaf, found.mark, profile)
    steps.append(
        Step("这一版的文章链接 / links to its articles", _shown([place.link for _, place in links]), bool(links))
    )
    if links:
        article = read_article(await get_page(fetch, links[0][0], profile), profile, links[0][1])
        steps.append(
            Step("标题和正文 / title and text", _text(article.title, article.body) if article else "-", bool(article))
        )


def _shown(items: Sequence[str]) -> str:
    return f"{len(items)}: " + "、".join(items[:5]) + ("…" if len(items) > 5 else "")


def _text(title: str, body: str) -> str:
    return f"{title} · {body[:60].strip()}…（{len(body)} 字 / characters）"
