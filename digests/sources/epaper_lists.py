"""Taking lists off their sites: a column of articles (those of one day make an issue), a list of periodicals.

The first check takes the newest only and marks the rest as seen. Nothing found at all is an error.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from digests.sources.epaper_article import Place, article_day, article_key, is_skipped, read_article
from digests.sources.epaper_find import follow, is_article, marks_of, same_host, trouble
from digests.sources.epaper_issue import MAX_BACK, Issues, Visit
from digests.sources.epaper_profile import DATE_GROUPS, Profile
from digests.sources.html import Link, Page
from digests.types import Hints, RawArticle, RawIssue

Period = tuple[int, int]
"""Year and number; of a double number the last."""


async def take_articles(visit: Visit) -> tuple[Issues, list[str]]:
    """The new articles of a list, and the keys that are seen at once. Raises UnreadableError."""
    profile = visit.profile
    page, _ = await follow(profile.entry, profile, visit.fetch)
    wanted = listed(page, profile)
    if not wanted:
        what = " | ".join(pattern.pattern for pattern in profile.article_url)
        raise trouble(
            profile.entry,
            f"应有文章链接（{what}），实际没有；网站可能改版，请运行 kanbao sources try 后修改方案",
            f"expected links to articles like {what}, found none; run kanbao sources try and correct the profile",
        )
    past = [] if visit.begun else _before_newest(wanted, profile)
    fresh = {key: place for key, place in wanted.items() if key not in visit.known and key not in past}
    days: dict[str, list[tuple[RawArticle, str]]] = {}
    for key, (address, place) in list(fresh.items())[: profile.max_articles]:
        got = await visit.page(address)
        article = read_article(got, profile, place) if got else None
        if got is None or article is None:
            if not visit.silent:
                visit.failed(key)
        else:
            days.setdefault(article_day(got, profile) or "", []).append((article, key))
    publication = profile.publication or page.meta("SiteName") or page.title()
    return [_of_day(visit, day, publication, days[day]) for day in sorted(days)], past


def listed(page: Page, profile: Profile) -> dict[str, tuple[str, Place]]:
    """The articles that a list links, by key: selectors first, then all links."""
    for links in (page.links(profile.article_links), page.links()):
        found = {
            article_key(link.address): (link.address, Place(link.text))
            for link in links
            if is_article(link, {}, profile, page)
        }
        if found:
            return found
    return {}


def _before_newest(wanted: dict[str, tuple[str, Place]], profile: Profile) -> list[str]:
    days = {key: _url_day(address, profile) for key, (address, _) in wanted.items()}
    return [key for key, day in days.items() if day != max(days.values())]


def _url_day(address: str, profile: Profile) -> str:
    mark = marks_of(address, profile.article_url) or {}
    return "-".join(mark.get(name, "").zfill(2) for name in DATE_GROUPS)


def _of_day(
    visit: Visit, day: str, publication: str, articles: list[tuple[RawArticle, str]]
) -> tuple[RawIssue, tuple[str, ...]]:
    hints = Hints(publication or None, visit.profile.kind or None, date=day or None)
    raw = RawIssue(visit.source, visit.profile.entry, (), hints, tuple(article for article, _ in articles))
    return raw, tuple(key for _, key in articles)


async def take_periodicals(visit: Visit) -> tuple[Issues, list[str]]:
    """The newest issue of a periodical, and those since the last one seen. Raises UnreadableError."""
    page, _ = await follow(visit.profile.entry, visit.profile, visit.fetch)
    periods = named_periods(page, visit.profile)
    _refuse_old(visit, periods)
    fresh = [one for one in periods if period_key(one[0]) not in visit.known]
    past = [] if visit.begun else [period_key(one[0]) for one in periods[1:]]
    if not visit.begun:
        fresh = [one for one in fresh if one is periods[0]]
    taken = [await _period(visit, period, link) for period, link in reversed(fresh[:MAX_BACK])]
    return [one for one in taken if one is not None], past


def named_periods(page: Page, profile: Profile) -> list[tuple[Period, Link]]:
    """Links named by their period, the newest first, each period once; a PDF before a page."""
    found: dict[Period, Link] = {}
    for link in page.links():
        label = next((match for pattern in profile.label if (match := pattern.search(link.text))), None)
        if label is None:
            continue
        period = (int(label["y"]), int(re.split(r"\D+", label["number"].strip())[-1]))
        if period not in found or (_is_pdf(link.address) and not _is_pdf(found[period].address)):
            found[period] = link
    return sorted(found.items(), reverse=True, key=lambda one: one[0])


def period_key(period: Period) -> str:
    return f"issue:{period[0]}-{period[1]}"


def _refuse_old(visit: Visit, periods: list[tuple[Period, Link]]) -> None:
    entry = visit.profile.entry
    if not periods:
        what = " | ".join(pattern.pattern for pattern in visit.profile.label)
        raise trouble(
            entry,
            f"应有“2025年第3期”这样的链接（{what}），实际没有；请把入口改为列出各期的页面",
            f"expected links named like 2025年第3期 ({what}), found none; give the page that lists the issues",
        )
    year, number = periods[0][0]
    if (visit.today - date(year, 12, 31)).days > visit.profile.max_age_days:
        raise trouble(
            entry,
            f"最新一期是 {year} 年第 {number} 期，太旧；请核对入口",
            f"the newest issue is {year} no. {number}, too old; check the entry",
        )


async def _period(visit: Visit, period: Period, link: Link) -> tuple[RawIssue, tuple[str, ...]] | None:
    label = next(match for pattern in visit.profile.label if (match := pattern.search(link.text)))
    number = f"{label['y']}年第{''.join(label['number'].split())}期"
    hints = Hints(visit.profile.publication or None, "periodical", number=number)
    articles: list[RawArticle] = []
    address = link.address
    if not _is_pdf(address):
        address, articles = await _contents(visit, address)
    read = await visit.pdf(address) if address else None
    texts = read.pages if read else ()
    if not texts and not articles:
        if not visit.silent:
            visit.failed(period_key(period))
        return None
    return RawIssue(visit.source, link.address, texts, hints, tuple(articles), read.recognised if read else None), (
        period_key(period),
    )


async def _contents(visit: Visit, address: str) -> tuple[str, list[RawArticle]]:
    """What an issue's own page leads to: the address of a PDF, or else its articles; ("", []) for neither."""
    page = await visit.page(address)
    if page is None:
        return "", []
    profile = visit.profile
    pdf = next((link.address for link in page.links(profile.page_pdf) if same_host(link.address, address)), "")
    if pdf:
        return pdf, []
    wanted = {
        article_key(link.address): (link.address, Place(link.text))
        for link in page.links(profile.article_links or ("a[href]",))
        if same_host(link.address, address) and not is_skipped(link.text, profile) and _is_below(link, address, profile)
    }
    articles, _ = await visit.articles(wanted)
    return "", articles


def _is_below(link: Link, contents: str, profile: Profile) -> bool:
    """By the profile's pattern; without one, what lies in the folder of the table of contents."""
    if profile.article_url:
        return marks_of(link.address, profile.article_url) is not None
    folder = urlsplit(contents).path.rpartition("/")[0]
    path = urlsplit(link.address).path
    return path.startswith(f"{folder}/") and path != urlsplit(contents).path


def _is_pdf(address: str) -> bool:
    return urlsplit(address).path.lower().endswith(".pdf")
