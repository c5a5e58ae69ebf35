"""Finding the newest issue of an e-paper: redirects, its date and number, its pages, the addresses of its articles.

Retrieves through the `Fetch` it is given and nothing else. Addresses of pages and articles are read from the site, never
worked out; only those of the issue's own date or number count. What is not as the profile expects is an UnreadableError.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from digests.errors import UnreadableError
from digests.sources.epaper_article import Place, is_skipped, iso_day
from digests.sources.epaper_profile import DATE_GROUPS, ISSUE_GROUPS, Profile
from digests.sources.html import Link, Page, absolute, page_text

MAX_HOPS = 6
MAX_NEXT = 12

_LOCATION = re.compile(
    r"(?:\blocation(?:\.href)?\s*=\s*|\blocation\.(?:replace|assign)\(\s*|window\.open\(\s*)[\"']([^\"'<>\s]+)[\"']"
)


class Fetched(Protocol):
    """An answer. `address`: after redirects. A failure has status 0 or an HTTP status of 400 and more; its body says why."""

    @property
    def status(self) -> int: ...
    @property
    def address(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def content_type(self) -> str: ...


class Fetch(Protocol):
    """A page; with `file` a PDF, whose body goes there instead of into memory."""

    def __call__(self, address: str, file: Path | None = None, /) -> Awaitable[Fetched]: ...


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page (版) of an issue: its address, printed number and name."""

    address: str
    page: int | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """The newest issue. `mark`: the parts of its address that all its pages share. `first`: its first page, parsed."""

    first: Page
    mark: dict[str, str]
    date: str | None
    number: str | None
    hops: tuple[str, ...] = ()


class UnreachableError(UnreadableError):
    """The server did not answer, or with an error of its own: likely to heal by itself."""


def trouble(key: str, zh: str, en: str) -> UnreadableError:
    return UnreadableError(key, f"{zh} / {en}")


async def get_page(fetch: Fetch, address: str, profile: Profile) -> Page:
    """Raises UnreadableError for an answer that is no page."""
    answer = await fetch(address)
    if answer.status != 200 or not answer.body:
        raise _no_page(address, answer)
    if answer.body.startswith(b"%PDF-"):
        raise trouble(address, "应为网页，实为 PDF", "expected a page, found a PDF")
    return Page(page_text(answer.body, answer.content_type, profile.encoding), answer.address)


def heals(answer: Fetched) -> bool:
    """Whether a failure is the server's of the moment, rather than of the address."""
    return answer.status in (0, 408, 429) or answer.status >= 500


def _no_page(address: str, answer: Fetched) -> UnreadableError:
    kind = UnreachableError if heals(answer) else UnreadableError
    if answer.status == 200:
        return trouble(address, "应有网页，收到的是空白", "expected a page, found nothing")
    zh, _, en = answer.body.decode("utf-8", "replace")[:300].partition(" / ")
    zh, en = zh or f"网站答复 {answer.status}", en or zh or f"the site answered {answer.status}"
    if kind is UnreachableError:
        return kind(address, f"没有读到网页：{zh} / no page: {en}")
    return kind(
        address,
        f"没有读到网页：{zh}；请在浏览器里核对这个地址 / no page: {en}; check the address in a browser",
    )


async def find_issue(profile: Profile, fetch: Fetch) -> Found:
    """From the entry to the newest issue's first page. Raises UnreadableError."""
    page, hops = await follow(profile.entry, profile, fetch)
    mark = marks_of(page.address, profile.page_url)
    if mark is None:
        target = newest(page, profile)
        if target is None:
            raise no_issue(profile, page)
        page = await get_page(fetch, target, profile)
        mark = marks_of(page.address, profile.page_url) or marks_of(target, profile.page_url) or {}
    page, mark = await _last_issue(page, mark, profile, fetch)
    return Found(page, mark, *dated(page, mark, profile), hops)


def no_issue(profile: Profile, page: Page) -> UnreadableError:
    patterns = " | ".join(pattern.pattern for pattern in profile.page_url)
    shown = ", ".join(urlsplit(link.address).path for link in page.links()[:3]) or "-"
    return trouble(
        profile.entry,
        f"应从入口找到版面网址（{patterns}），实际停在 {page.address}，其链接如 {shown}；"
        "网站可能改版，请运行 kanbao sources try 后修改方案",
        f"expected the entry to lead to a page like {patterns}, stopped at {page.address} with links like {shown};"
        " the site may have changed: run kanbao sources try and correct the profile",
    )


async def follow(address: str, profile: Profile, fetch: Fetch) -> tuple[Page, tuple[str, ...]]:
    """The page to which meta refreshes and scripts lead, on the same host, and the way there."""
    hops: list[str] = []
    while True:
        page = await get_page(fetch, address, profile)
        hops.append(page.address)
        target = page.refresh() or _script_target(page)
        known = marks_of(page.address, profile.page_url) is not None
        if known or not target or not same_host(target, profile.entry) or target in hops:
            return page, tuple(hops)
        if len(hops) > MAX_HOPS:
            raise trouble(
                profile.entry,
                f"跳转应不超过 {MAX_HOPS} 次，实际更多",
                f"expected at most {MAX_HOPS} redirects, found more",
            )
        address = target


def _script_target(page: Page) -> str:
    """A page that shows nothing and whose script leads elsewhere; a page with links is read as it is."""
    found = _LOCATION.search(page.scripts())
    return absolute(page.address, found[1]) if found and len(page.links()) < 5 else ""


def same_host(address: str, other: str) -> bool:
    return urlsplit(address).hostname == urlsplit(other).hostname


def marks_of(address: str, patterns: Iterable[re.Pattern[str]]) -> dict[str, str] | None:
    """The named groups of the first pattern that finds itself in the address; None for none."""
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    found = next((match for pattern in patterns if (match := pattern.search(path))), None)
    return {name: value for name, value in found.groupdict().items() if value} if found else None


def is_of(mark: dict[str, str], other: dict[str, str] | None, names: Sequence[str] = ISSUE_GROUPS) -> bool:
    """Whether what both addresses tell of these names is the same."""
    return other is not None and all(mark[name] == other[name] for name in names if name in mark and name in other)


def newest(page: Page, profile: Profile) -> str | None:
    """Among the links of a page, the first one of the newest issue."""
    best: tuple[tuple[int, ...], str] | None = None
    for link in page.links():
        mark = marks_of(link.address, profile.page_url) if same_host(link.address, profile.entry) else None
        if mark is not None and (best is None or _rank(mark) > best[0]):
            best = (_rank(mark), link.address)
    return best[1] if best else None


def at_day(address: str, mark: dict[str, str], day: date) -> str:
    """The same address on another day, where it carries the date of `mark` in one piece; "" where it does not."""
    y, m, d = (mark.get(name, "") for name in DATE_GROUPS)
    parts = urlsplit(address)
    for form in ("{}{}/{}", "{}-{}/{}", "{}/{}/{}", "{}-{}-{}", "{}{}{}"):
        if y and (old := form.format(y, m, d)) in parts.path:
            new = form.format(*day.isoformat().split("-"))
            return parts._replace(path=parts.path.replace(old, new)).geturl()
    return ""


def _rank(mark: dict[str, str]) -> tuple[int, ...]:
    return tuple(int(mark[name]) if mark.get(name, "").isdecimal() else 0 for name in (*DATE_GROUPS, "issue"))


async def _last_issue(page: Page, mark: dict[str, str], profile: Profile, fetch: Fetch) -> tuple[Page, dict[str, str]]:
    """The issue that 下一期 leads to in the end: an entry may lag behind."""
    for _ in range(MAX_NEXT):
        target = next((link.address for link in page.links() if link.text == "下一期"), "")
        other = marks_of(target, profile.page_url) if target else None
        if other is None or not same_host(target, profile.entry) or _rank(other) <= _rank(mark):
            break
        page, mark = await get_page(fetch, target, profile), other
    return page, mark


def dated(page: Page, mark: dict[str, str], profile: Profile) -> tuple[str | None, str | None]:
    """The issue's date (its address first, then its text) and printed number; None where neither says it."""
    text = "\n".join([page.title(), *page.all_lines()])
    stated = "-".join(mark[name] for name in DATE_GROUPS) if all(name in mark for name in DATE_GROUPS) else None
    stated = stated or next((day for pattern in profile.issue_date if (day := iso_day(pattern.search(text)))), None)
    found = next((match for pattern in profile.issue_number if (match := pattern.search(text))), None)
    return stated, found["number"] if found else None


async def find_leaves(found: Found, profile: Profile, fetch: Fetch) -> list[tuple[Leaf, Page | None]]:
    """The issue's pages in the order of its list, the one already fetched with its text. Without a list, from page to
    page by 下一版."""
    links = _page_links(found.first, found.mark, profile)
    if len(links) > 1:
        leaves = leaves_of(links, profile)
        own = part_of(found.first.address, profile)
        return [(leaf, found.first if part_of(leaf.address, profile) == own else None) for leaf in leaves]
    return await _walk(found, profile, fetch)


async def _walk(found: Found, profile: Profile, fetch: Fetch) -> list[tuple[Leaf, Page | None]]:
    pages, seen = [found.first], {part_of(found.first.address, profile)}
    while len(pages) < profile.max_pages:
        links = [*(pages[-1].links(profile.next_page) if profile.next_page else ()), *pages[-1].links()]
        ahead = (
            link.address
            for link in links
            if link.text in ("下一版", "下一页") or (link in links[:1] and profile.next_page)
        )
        target = next((a for a in ahead if is_of(found.mark, marks_of(a, profile.page_url))), None)
        if target is None or part_of(target, profile) in seen:
            break
        seen.add(part_of(target, profile))
        pages.append(await get_page(fetch, target, profile))
    return [(Leaf(page.address, n, None), page) for n, page in enumerate(pages, 1)]


def _page_links(page: Page, mark: dict[str, str], profile: Profile) -> list[Link]:
    """Of the profile's selectors, else of all links: those to pages of this issue, each page once."""
    for links in (page.links(profile.page_links), page.links()):
        own: dict[str, Link] = {}
        for link in links:
            if same_host(link.address, page.address) and is_of(mark, marks_of(link.address, profile.page_url)):
                own.setdefault(part_of(link.address, profile), link)
        if own:
            return list(own.values())[: profile.max_pages]
    return []


def part_of(address: str, profile: Profile) -> str:
    """What tells one page of an issue from another."""
    return (marks_of(address, profile.page_url) or {}).get("page") or urlsplit(address).path


def leaves_of(links: Sequence[Link], profile: Profile) -> list[Leaf]:
    """Pages with their printed numbers; by their place in the list where parts of the paper count from 1 again."""
    labels = [next((m for p in profile.label if (m := p.search(link.text))), None) for link in links]
    printed = [normal_page(label["page"]) if label else None for label in labels]
    unique = len({page for page in printed if page}) == len(printed)
    names = [(label["name"].strip() if label and "name" in label.groupdict() else "") or None for label in labels]
    return [Leaf(link.address, printed[n] if unique else n + 1, names[n]) for n, link in enumerate(links)]


def normal_page(label: str) -> int | None:
    """1 of 01, A01, 00001, (GA01); the first of a joint page 0607."""
    digits = re.sub(r"\D", "", label)
    joint = len(digits) == 4 and int(digits[2:]) == int(digits[:2]) + 1
    return int(digits[:2] if joint else digits) if digits else None


def article_links(page: Page, leaf: Leaf, mark: dict[str, str], profile: Profile) -> list[tuple[str, Place]]:
    """Articles of one page: of this issue and page, with a title, no advertisements. Selectors first, then all links."""
    own_page = (marks_of(page.address, profile.page_url) or {}).get("page")
    marks = {**mark, **({"page": own_page} if own_page else {})}
    for links in (page.links(profile.article_links), page.links()):
        found = {}
        for link in links:
            if is_article(link, marks, profile, page):
                found[link.address] = Place(link.text, leaf.page, leaf.name)
        if found:
            return list(found.items())
    return []


def is_article(link: Link, marks: dict[str, str], profile: Profile, page: Page) -> bool:
    other = marks_of(link.address, profile.article_url)
    names = (*ISSUE_GROUPS, "page") if other and "page" in other else ISSUE_GROUPS
    return (
        same_host(link.address, page.address)
        and is_of(marks, other, names)
        and not is_skipped(link.text, profile)
        and link.text not in ("上一版", "下一版", "上一期", "下一期", "上一篇", "下一篇")
    )
