"""An issue, read: split into articles, then each article with its topics, facts, keywords and extract. Pure.

Articles that a source delivers as such are taken as they are; pages of text are split.
"""

from __future__ import annotations

from dataclasses import replace

from digests.enrich import Knowledge, enrich
from digests.fingerprint import article_fingerprint, issue_fingerprint, issue_id
from digests.reading import split_issue
from digests.types import Article, DateEvidence, Issue, RawArticle, RawIssue

LONG = 2000
"""Characters from which an article counts as long, for its prominence."""


def read_issue(raw: RawIssue, knowledge: Knowledge) -> Issue:
    """Everything that the text of `raw` says; what could not be read stands in `problems`.

    Where a source delivers both pages and articles, the articles are what people read, and the pages are not split.
    """
    issue = _issue_of(raw) if raw.articles else split_issue(raw)
    articles = tuple(enrich(article, knowledge) for article in issue.articles)
    return replace(issue, articles=articles, recognised=raw.recognised)


def _issue_of(raw: RawIssue) -> Issue:
    """An issue of ready articles: all that is known of it are the hints."""
    hints, print_ = raw.hints, issue_fingerprint(raw)
    return Issue(
        hints.publication,
        hints.kind,
        tuple(_article(one, n, len(raw.articles)) for n, one in enumerate(raw.articles)),
        number=hints.number,
        total_number=hints.total_number,
        page=hints.page,
        date=DateEvidence(hints.date, hints.date, printed=True) if hints.date else None,
        fingerprint=print_,
        source=raw.source,
        key=raw.key,
        id=issue_id(hints.publication, hints.date or hints.number, print_),
    )


def _article(raw: RawArticle, order: int, count: int) -> Article:
    return Article(
        raw.title,
        raw.body,
        subtitle=raw.subtitle,
        kicker=raw.kicker,
        byline=raw.byline,
        section=raw.section,
        page=raw.page,
        order=order,
        prominence=_prominence(raw, order, count),
        fingerprint=article_fingerprint(raw.title, raw.body),
        address=raw.address,
    )


def _prominence(raw: RawArticle, order: int, count: int) -> float:
    """0..1: half for the front page, the rest for standing early and being long."""
    front = 0.5 if raw.page in (None, 1) else 0.0
    return front + 0.3 * (1 - order / max(count, 1)) + 0.2 * min(len(raw.body) / LONG, 1.0)
