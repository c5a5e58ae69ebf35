"""What a digest refers to, looked up, and the short labels made of it: an issue, a date, a page, a query, an alias.

Labels are plain text in the reader's language; sentences come from `words`, the texts of the edge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from digests.build import heading_of, topic_name
from digests.html import shorten
from digests.ports import IssueSummary
from digests.types import Article, ArticleId, DigestGroup, DigestItem, IssueId
from subscriptions import Alias, Match, QueryId, Settings

Words = Callable[..., str]
"""`words(key, **params)`: the sentence `key` in the reader's language."""

SENTENCES = 4096
PUBLICATION_UNITS = 40
QUERY_UNITS = 60
LATE_FROM, LATE_TO = 2, 30
"""Days after an issue's last possible day."""


@dataclass(frozen=True, slots=True)
class DigestView:
    """Everything that a digest names, looked up. `delivery`: the id that buttons carry, at most 40 ASCII characters.

    `articles` has no entry for one that is no longer kept. `matches`: the proof of each pair of query and article.
    `queries`: canonical texts.
    """

    delivery: str
    articles: Mapping[ArticleId, tuple[Article, IssueId]]
    matches: Mapping[tuple[QueryId, ArticleId], Match]
    queries: Mapping[QueryId, str]
    issues: Mapping[IssueId, IssueSummary]
    settings: Settings = field(default_factory=Settings)
    aliases: tuple[Alias, ...] = ()
    topic_names: Mapping[str, str] = field(default_factory=dict)
    """Topic -> its name in the reader's language, where that is another one."""
    newer: Mapping[ArticleId, Article] = field(default_factory=dict)
    """Of articles that were corrected, the one that counts now, where that is known."""

    def matches_of(self, item: DigestItem) -> list[Match]:
        pairs = ((query, item.article_id) for query in item.queries)
        return [self.matches[pair] for pair in pairs if pair in self.matches]


def remembered(words: Words) -> Words:
    """`words`, forming each of the latest sentences once: most of the time of rendering goes into them."""
    return lru_cache(SENTENCES)(words)


def day_label(day: date, words: Words) -> str:
    return words("digest-date", **_day_parts(day))


def issue_label(issue: IssueSummary | None, timezone: str, words: Words) -> str:
    """Publication and when: 金坛时报 2020年11月20日."""
    if issue is None:
        return words("digest-publication-unknown")
    name = issue.publication or words("digest-publication-unknown")
    return f"{shorten(name, PUBLICATION_UNITS)} {_when(issue, timezone, words)}"


def _when(issue: IssueSummary, timezone: str, words: Words) -> str:
    """A periodical goes by its number, a paper by its day; an unknown date is never invented."""
    number = _number(issue, words)
    if issue.day and not (number and issue.kind == "periodical"):
        return day_label(date.fromisoformat(issue.day), words)
    if number:
        return number
    if issue.date_from and issue.date_to:
        return _between(date.fromisoformat(issue.date_from), date.fromisoformat(issue.date_to), words)
    seen = issue.first_seen.astimezone(ZoneInfo(timezone))
    return words("digest-first-seen", date=day_label(seen.date(), words), time=f"{seen:%H:%M}")


def _between(first: date, last: date, words: Words) -> str:
    if first == last:
        return day_label(first, words)
    if (first.year, first.month) != (last.year, last.month):
        return words("digest-date-between", first=day_label(first, words), last=day_label(last, words))
    return words("digest-date-within", first=str(first.day), **_day_parts(last))


def _day_parts(day: date) -> dict[str, str]:
    """`name` lets a language choose the month's name: m1 .. m12."""
    return {"year": str(day.year), "month": str(day.month), "day": str(day.day), "name": f"m{day.month}"}


def _number(issue: IssueSummary, words: Words) -> str:
    if issue.number is None:
        return ""
    number = shorten(issue.number, PUBLICATION_UNITS)
    return words("digest-number", number=number) if number.isdecimal() else number


def noted_label(issue: IssueSummary | None, timezone: str, words: Words) -> str:
    """An issue's label with what a reader must know of it: that it came late, that its text was recognised from pictures."""
    label = issue_label(issue, timezone, words)
    if issue and is_late(issue, timezone):
        label = words("digest-late", issue=label)
    if issue and issue.recognised is not None:
        label = words("digest-scan", issue=label, sure=f"{issue.recognised:.0%}")
    return label


def is_late(issue: IssueSummary, timezone: str) -> bool:
    """Whether the issue came to us late enough to be worth a word. A paper that comes the next day is read as usual, and one
    that comes after a month is not late but old, as its date says."""
    day = issue.day or issue.date_to
    if day is None:
        return False
    return LATE_FROM <= (_local_day(issue.first_seen, timezone) - date.fromisoformat(day)).days <= LATE_TO


def _local_day(moment: datetime, timezone: str) -> date:
    return moment.astimezone(ZoneInfo(timezone)).date()


def page_label(article: Article, issue: IssueSummary | None, words: Words) -> str:
    """第1版 of a newspaper, 第12页 of a periodical; "" if unknown."""
    if article.page is None:
        return ""
    key = "digest-page-periodical" if issue and issue.kind == "periodical" else "digest-page"
    return words(key, page=str(article.page))


def query_label(view: DigestView, query: QueryId, words: Words) -> str:
    """The query as its reader knows it; a topic says that it is one where a keyword of the digest has the same name."""
    printed = view.queries.get(query, "?")
    topic = topic_name(printed)
    if topic is None:
        return shorten(heading_of(printed), QUERY_UNITS)
    name = view.topic_names.get(topic, topic)
    label = shorten(name, QUERY_UNITS)
    return words("digest-topic", name=label) if name in view.queries.values() else label


def group_label(view: DigestView, group: DigestGroup, words: Words) -> str:
    """The heading: the label of the query that heads the group's articles, while the store knows it."""
    query = group.items[0].queries[0] if group.items and group.items[0].queries else ""
    known = heading_of(view.queries.get(query, "")) == group.heading
    return query_label(view, query, words) if known else group.heading


def corrected_label(article: Article, words: Words) -> str:
    return words("digest-corrected") if article.corrects else ""


def newer_label(view: DigestView, article: Article, words: Words, place: int = 0) -> str:
    """Of a corrected article, what counts instead: by its `place` in the same list, else by its title if that is another one."""
    newer = view.newer.get(article.id)
    if newer is None:
        return ""
    if place:
        return words("search-corrected-place", number=place)
    if newer.title and newer.title != article.title:
        return words("search-corrected-title", title=shorten(newer.title, QUERY_UNITS))
    return words("search-corrected")


def continued_label(article: Article, words: Words) -> str:
    """Where the article goes on, if its end is not here."""
    return words("article-continued-on", place=shorten(article.continued_on, 24)) if article.continued_on else ""


def alias_labels(view: DigestView, match: Match, words: Words) -> list[str]:
    """中航锂电 → 现名中创新航, for each name that stood under another one."""
    return [
        words(
            _alias_key(view, written, found),
            written=shorten(written, QUERY_UNITS),
            found=shorten(found, QUERY_UNITS),
        )
        for written, found in match.aliases.items()
    ]


def _alias_key(view: DigestView, written: str, found: str) -> str:
    for alias in view.aliases:
        if alias.since and written in alias.names and found in alias.names:
            if found == alias.names[-1]:
                return "digest-alias-now"
            if written == alias.names[-1]:
                return "digest-alias-before"
    return "digest-alias-other"
