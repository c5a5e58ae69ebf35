"""One page of an e-paper site to one article: by the profile's selectors, or by the order of the visible text.

Pure. Furniture (players, comments, links to the next page) is cut by the profile's patterns; nothing is invented: a field
that is not on the page is None.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from digests.sources.epaper_profile import DATE_GROUPS, Profile
from digests.sources.html import Page
from digests.types import RawArticle

_PROPERTY = re.compile(r"<!--\s*enpproperty\s*(.*?)/?enpproperty\s*-->", re.DOTALL | re.IGNORECASE)
_TAGGED = re.compile(r"<(author|title|subtitle|introtitle|nodename|date)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>")
_SITE_TAIL = re.compile(r"\s*[-_|—]\s*[^-_|—]*$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article was found: its link's text, the number and the name of its page."""

    link: str = ""
    page: int | None = None
    section: str | None = None


def read_article(page: Page, profile: Profile, place: Place) -> RawArticle | None:
    """The article of this page; None where the page has no text of one."""
    found = _by_selectors(page, profile)
    if not found.body and profile.head_after:
        found = _by_order(page.all_lines(), profile, place.link) or found
    body = "\n".join(strip(found.body.split("\n"), profile, found.title))
    title = found.title or place.link or _SITE_TAIL.sub("", page.title())
    if not title or not body:
        return None
    section = place.section or page.line(profile.fields.page_name) or None
    return replace(found, title=title, body=body, page=place.page, section=section, address=page.address)


def is_skipped(title: str, profile: Profile) -> bool:
    return not title or any(pattern.search(title) for pattern in profile.skip_titles)


def article_key(address: str) -> str:
    """An article's key: its address without scheme and without what only shows it otherwise (?div=-1)."""
    parts = urlsplit(address)
    query = "&".join(pair for pair in parts.query.split("&") if pair and not pair.startswith("div="))
    return f"{parts.netloc.lower()}{parts.path}" + (f"?{query}" if query else "")


def article_day(page: Page, profile: Profile) -> str | None:
    """The day printed on the page (meta tag, field, text), else the one in its address; None for neither."""
    printed = [page.meta("PubDate", "publishdate", "article:published_time"), page.line(profile.fields.date)]
    texts = [*printed, *page.all_lines()]
    own = re.compile(r"(?P<y>(?:19|20)\d\d)\s*[-年/.]\s*(?P<m>\d{1,2})\s*[-月/.]\s*(?P<d>\d{1,2})")
    for text in printed:
        if day := iso_day(own.search(text)):
            return day
    for pattern in profile.issue_date:
        for text in texts:
            if day := iso_day(pattern.search(text)):
                return day
    path = urlsplit(page.address).path
    return next((day for pattern in profile.article_url if (day := iso_day(pattern.search(path)))), None)


def iso_day(found: re.Match[str] | None) -> str | None:
    """The ISO day in a match's groups y, m, d; None where they are none."""
    groups = found.groupdict() if found else {}
    year, month, day = (groups.get(name) for name in DATE_GROUPS)
    if not year or not month or not day:
        return None
    valid = 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    return f"{year}-{int(month):02}-{int(day):02}" if valid else None


def properties(text: str) -> dict[str, str]:
    """What the comment enpproperty of a Founder page says, in plain text; {} where there is none."""
    found = _PROPERTY.search(text)
    pairs = _TAGGED.findall(found[1]) if found else []
    plain = {name.lower(): _MARKUP.sub("", html.unescape(value)).strip() for name, value in pairs}
    return {name: " ".join(value.split()) for name, value in plain.items() if value}


def strip(lines: Sequence[str], profile: Profile, title: str = "") -> list[str]:
    """The lines without furniture before and after, and without the title said again."""
    start = next((n + 1 for n, line in enumerate(lines) if _any(profile.strip_before, line)), 0)
    end = next((n for n, line in enumerate(lines) if n >= start and _any(profile.strip_after, line)), len(lines))
    kept = list(lines[start:end])
    return kept[1:] if kept and title and kept[0] == title else kept


def _by_selectors(page: Page, profile: Profile) -> RawArticle:
    fields, own = profile.fields, properties(page.text) if profile.enpproperty else {}
    title = own.get("title") or page.line(fields.title) or page.meta("ArticleTitle")
    heads = (
        own.get("introtitle") or page.line(fields.kicker) or None,
        own.get("subtitle") or page.line(fields.subtitle) or None,
        own.get("author") or page.line(fields.author) or None,
    )
    kicker, subtitle, byline = (value if value != title else None for value in heads)
    body = "\n".join(page.paragraphs(fields.body))
    return RawArticle(title, body, kicker=kicker, subtitle=subtitle, byline=byline)


def _by_order(lines: Sequence[str], profile: Profile, link: str) -> RawArticle | None:
    """By what stands before and after in the visible text: issue line, heads, marker, body, furniture."""
    start = next((n + 1 for n, line in enumerate(lines) if _any(profile.head_after, line)), None)
    if start is None:
        return None
    middle = next((n for n, line in enumerate(lines) if n >= start and _any(profile.body_after, line)), None)
    if middle is None:
        return None
    kicker, title, subtitle = _heads(lines[start:middle], link)
    body = strip(lines[middle + 1 :], profile)
    byline = body.pop() if body and re.fullmatch(r"[\u4e00-\u9fff ]{2,12}", body[-1]) else None
    return RawArticle(title, "\n".join(body), kicker=kicker, subtitle=subtitle, byline=byline)


def _heads(lines: Iterable[str], link: str) -> tuple[str | None, str, str | None]:
    """Kicker (ends in ： or ——), title (the rest, or what the link says), subtitle (begins with ——)."""
    heads = list(lines)
    kicker = heads.pop(0) if len(heads) > 1 and heads[0] != link and heads[0].endswith(("：", ":", "——")) else None
    begin = next((n for n, line in enumerate(heads) if n and line.startswith("——")), len(heads))
    return kicker, " ".join(heads[:begin]), " ".join(heads[begin:]) or None


def _any(patterns: Iterable[re.Pattern[str]], line: str) -> bool:
    return any(pattern.search(line) for pattern in patterns)
