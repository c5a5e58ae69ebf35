"""Taking an issue of pages off its site: what is new in it, as a RawIssue with its keys.

Retrieves; decides only what was seen before. A page or an article that cannot be read is told of and tried once more; the
rest of the issue goes its way. Nothing found at all is an error, never "nothing new".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from digests.errors import UnreadableError
from digests.sources.epaper_article import Place, article_key, read_article
from digests.sources.epaper_find import (
    Fetch,
    Fetched,
    Found,
    Leaf,
    UnreachableError,
    article_links,
    at_day,
    dated,
    find_issue,
    find_leaves,
    follow,
    get_page,
    heals,
    marks_of,
    same_host,
    trouble,
)
from digests.sources.epaper_profile import Profile
from digests.sources.html import Page
from digests.sources.pdf import PdfText, mean
from digests.types import Hints, PageText, RawArticle, RawIssue

CHINA = timezone(timedelta(hours=8))
MAX_BACK = 31
"""At most so many issues, or days, before the newest one are looked for after an outage."""
SILENT = 3
"""So many pages in a row without an answer, and the visit asks for no further ones."""

ReadPdf = Callable[[Path, str], Awaitable[PdfText]]
"""(file, name) to pages. Raises UnreadableError(name)."""

Issues = list[tuple[RawIssue, tuple[str, ...]]]
"""New issues, each with the keys that are seen once it is taken."""


@dataclass(slots=True)
class Visit:
    """One check of one paper: what it reads with, what was seen before, what went wrong on the way."""

    source: str
    profile: Profile
    fetch: Fetch
    read_pdf: ReadPdf
    now: datetime
    known: frozenset[str]
    begun: bool
    problems: list[UnreadableError] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    silent: int = 0
    """Pages in a row without an answer."""
    unanswered: int = 0
    """Pages without an answer in all."""

    @property
    def today(self) -> date:
        return self.now.astimezone(CHINA).date()

    # ------------------------------------------------------------------------------------------ pages of an issue
    async def issues(self) -> tuple[Issues, list[str]]:
        """What is new in the newest issue and in those missed since the last one; keys that are seen at once. Raises
        UnreadableError where the site is not as the profile expects."""
        newest = await find_issue(self.profile, self.fetch)
        self._refuse_stale(newest)
        missed = await self._missed(newest) or await self._missed_days(newest) if self.begun else []
        issues: Issues = []
        whole: list[str] = []
        for found in [*reversed(missed), newest]:
            key = self._issue_key(found)
            if key in self.known:
                continue
            before = len(self.problems)
            new = await self._issue(found)
            issues += new
            if not new and len(self.problems) == before:
                whole.append(key)
        return issues, whole

    def _issue_key(self, found: Found) -> str:
        return f"issue:{found.number if self.profile.keyed_by == 'number' else found.date}"

    def _refuse_stale(self, found: Found) -> None:
        entry, days = self.profile.entry, self.profile.max_age_days
        if (found.number if self.profile.keyed_by == "number" else found.date) is None:
            wanted = self.profile.issue_number if self.profile.keyed_by == "number" else self.profile.issue_date
            what = " | ".join(pattern.pattern for pattern in wanted) or "y m d"
            raise trouble(
                entry,
                f"应在 {found.first.address} 上读到期号或日期（{what}），实际没有；请修改方案",
                f"expected a number or date ({what}) on {found.first.address}, found none; correct the profile",
            )
        day = _day(found.date)
        if found.date is not None and day is None:
            raise trouble(entry, f"应有日期，实为 {found.date}", f"expected a date, found {found.date}")
        if day and not self.today - timedelta(days=days) <= day <= self.today + timedelta(days=1):
            raise trouble(
                entry,
                f"最新一期应在 {days} 天之内，实为 {day}（{found.first.address}）；报纸可能休刊，或电子报已换地址，请核对",
                f"expected a newest issue of the last {days} days, found {day} ({found.first.address});"
                " the paper may pause, or its site has moved: check the address",
            )

    async def _missed(self, newest: Found) -> list[Found]:
        """Issues before the newest that were never seen, the newest first. As far as a known one, else none."""
        missed: list[Found] = []
        found = newest
        while len(missed) < MAX_BACK:
            target = next((link.address for link in found.first.links() if link.text == "上一期"), "")
            mark = marks_of(target, self.profile.page_url) if target else None
            if mark is None or not same_host(target, self.profile.entry) or self._issue_key(found) in self.known:
                break
            try:
                page = await get_page(self.fetch, target, self.profile)
            except UnreadableError as error:
                self.problems.append(error)
                break
            found = Found(page, mark, *dated(page, mark, self.profile))
            missed.append(found)
        reached = bool(missed) and self._was_begun(found)
        return [one for one in missed if not self._was_begun(one)] if reached else []

    async def _missed_days(self, newest: Found) -> list[Found]:
        """The issues of the days since the last one seen, the newest first, where addresses carry the date: each is read from
        the address of that day, and counts only if it is of that day. A day without a page had no issue."""
        last, day = self._last_day(), _day(newest.date)
        ways = [*newest.hops, newest.first.address]
        if last is None or day is None or self.profile.keyed_by != "date":
            return []
        missed = []
        for n in range(1, min((day - last).days, MAX_BACK + 1)):
            wanted = day - timedelta(days=n)
            address = next((way for one in ways if (way := at_day(one, newest.mark, wanted))), "")
            found = await self._of_day(address, wanted) if address else None
            missed += [found] if found else []
        return missed

    def _last_day(self) -> date | None:
        days = (key.removeprefix("begun:").removeprefix("issue:") for key in self.known)
        return max((day for text in days if (day := _day(text))), default=None)

    async def _of_day(self, address: str, wanted: date) -> Found | None:
        """Raises UnreachableError where the server does not answer: then the whole visit is made again later."""
        try:
            page, hops = await follow(address, self.profile, self.fetch)
        except UnreachableError:
            raise
        except UnreadableError:
            return None
        mark = marks_of(page.address, self.profile.page_url) or {}
        found = Found(page, mark, *dated(page, mark, self.profile), hops)
        return found if found.date == wanted.isoformat() else None

    def _was_begun(self, found: Found) -> bool:
        return self._issue_key(found) in self.known or f"begun:{self._issue_key(found)}" in self.known

    async def _issue(self, found: Found) -> Issues:
        """Articles and, apart from them, pages that there are as PDF alone: the store makes one issue of both."""
        links, pages, unanswered = 0, 0, self.unanswered
        wanted: dict[str, tuple[str, Place]] = {}
        pdfs: list[tuple[Leaf, str]] = []
        for leaf, ready in await find_leaves(found, self.profile, self.fetch):
            page = ready or await self.page(leaf.address)
            if page is None:
                continue
            pages += 1
            on_page = article_links(page, leaf, found.mark, self.profile)
            links += len(on_page)
            for address, place in on_page:
                wanted.setdefault(article_key(address), (address, place))
            pdfs += [(leaf, link.address) for link in page.links(self.profile.page_pdf)[:1]] if not on_page else []
        if not links and not pdfs:
            raise self._nothing(found, pages, self.unanswered > unanswered)
        articles, keys = await self.articles(wanted)
        texts, pdf_keys, recognised = await self._pdfs(pdfs)
        if not articles and not texts:
            return []
        if not texts and not any(article.body for article in articles):
            raise self._nothing(found, pages, self.unanswered > unanswered)
        begun = (f"begun:{self._issue_key(found)}",) if self.unanswered == unanswered else ()
        address, hints = found.first.address, self._hints(found)
        of_pages = RawIssue(self.source, address, tuple(texts), hints, recognised=recognised)
        of_articles = RawIssue(self.source, address, hints=hints, articles=tuple(articles))
        parts = [(of_articles, (*keys, *begun))] if articles else []
        return [*parts, (of_pages, (*pdf_keys, *begun))] if texts else parts

    def _nothing(self, found: Found, pages: int, is_away: bool) -> UnreadableError:
        if is_away:
            return UnreachableError(self.profile.entry, self.problems.pop().reason)
        what = " | ".join(pattern.pattern for pattern in self.profile.article_url)
        return trouble(
            self.profile.entry,
            f"应有文章链接（{what}），在 {found.first.address} 起的 {pages} 个版面上一条也没有；"
            "网站可能改版，请运行 kanbao sources try 后修改方案",
            f"expected links to articles like {what}, found none on {pages} pages from {found.first.address};"
            " the site may have changed: run kanbao sources try and correct the profile",
        )

    def _hints(self, found: Found) -> Hints:
        number = int(found.number) if found.number and found.number.isdecimal() else None
        return Hints(self.profile.publication or None, self.profile.kind or None, total_number=number, date=found.date)

    # ------------------------------------------------------------------------------------------ articles and PDFs
    async def page(self, address: str) -> Page | None:
        """None, and told of, where it cannot be read. After SILENT pages without an answer no more is asked for."""
        if self.silent >= SILENT:
            return None
        try:
            page = await get_page(self.fetch, address, self.profile)
        except UnreadableError as error:
            self._note(error)
            return None
        self.silent = 0
        return page

    def _note(self, error: UnreadableError) -> None:
        away = isinstance(error, UnreachableError)
        self.silent = self.silent + 1 if away else 0
        self.unanswered += away
        self.problems.append(error)

    async def articles(self, wanted: dict[str, tuple[str, Place]]) -> tuple[list[RawArticle], list[str]]:
        articles, keys = [], []
        for key, (address, place) in list(wanted.items())[: self.profile.max_articles]:
            if key in self.known:
                continue
            page = await self.page(address)
            article = read_article(page, self.profile, place) if page else None
            if article is not None:
                articles.append(article)
            elif page is not None:
                self.problems.append(self._no_article(address, place))
            if article is not None:
                keys.append(key)
            elif not self.silent:
                self.failed(key)
        return articles, keys

    def _no_article(self, address: str, place: Place) -> UnreadableError:
        body = ", ".join(self.profile.fields.body)
        return trouble(
            address,
            f"应有“{place.link}”的正文（{body}），实际没有；请核对方案的 fields.body",
            f"expected the text of {place.link!r} ({body}), found none; check fields.body of the profile",
        )

    def failed(self, key: str) -> None:
        """The second time it counts as seen: one broken page must not keep an issue open for ever. What a silent server
        kept back is no failure: it is asked for again as long as the issue is the newest."""
        self.given_up.append(key if f"failed:{key}" in self.known else f"failed:{key}")

    async def _pdfs(self, wanted: list[tuple[Leaf, str]]) -> tuple[list[PageText], list[str], float | None]:
        texts: list[PageText] = []
        keys: list[str] = []
        sure: list[float | None] = []
        for leaf, address in wanted:
            key = article_key(address)
            if key in self.known:
                continue
            read = await self.pdf(address)
            if read is None:
                if not self.silent:
                    self.failed(key)
                continue
            sure.append(read.recognised)
            texts += [PageText(page.name, page.text, leaf.page or page.page) for page in read.pages]
            keys.append(key)
        return texts, keys, mean(sure)

    async def pdf(self, address: str) -> PdfText | None:
        """None, and told of, where it cannot be read."""
        if self.silent >= SILENT:
            return None
        name = unquote(urlsplit(address).path.rpartition("/")[2]) or "issue.pdf"
        try:
            with TemporaryDirectory(prefix="kanbao-") as folder:
                file = Path(folder) / "issue.pdf"
                answer = await self.fetch(address, file)
                if answer.status != 200:
                    raise _no_pdf(address, answer)
                self.silent = 0
                read = await self.read_pdf(file, name)
        except UnreadableError as error:
            self._note(type(error)(address, error.reason))
            return None
        self.problems += [UnreadableError(address, reason) for reason in read.problems]
        return read


def _no_pdf(address: str, answer: Fetched) -> UnreadableError:
    zh, _, en = answer.body.decode("utf-8", "replace")[:300].partition(" / ")
    kind = UnreachableError if heals(answer) else UnreadableError
    return kind(address, f"没有读到 PDF：{zh or answer.status} / no PDF: {en or zh or answer.status}")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
