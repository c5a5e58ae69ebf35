"""Pages of one issue that came at different times, or corrected ones: how they make one issue. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from digests.corrections import live
from digests.ports import IssueSummary
from digests.types import Article, DateEvidence, Issue

T = TypeVar("T")


def join_parts(parts: Sequence[Issue], articles: Sequence[Article], first_seen: datetime) -> Issue:
    """What any part knows, the first that knows it; a printed date before one that was worked out.

    `parts`: at least one, as they came. `articles`: all stored, in order. Problems and leftovers of all, each once.
    """
    first = parts[0]
    named = next((part for part in parts if part.publication is not None), first)
    pages = {part.page for part in parts}
    return replace(
        first,
        publication=named.publication,
        publication_confidence=named.publication_confidence,
        kind=_first_known(part.kind for part in parts),
        number=_first_known(part.number for part in parts),
        total_number=_first_known(part.total_number for part in parts),
        sponsors=next((part.sponsors for part in parts if part.sponsors), ()),
        page=pages.pop() if len(pages) == 1 else None,
        date=_best_date(parts),
        problems=_each_once(problem for part in parts for problem in part.problems),
        leftovers=_each_once(leftover for part in parts for leftover in part.leftovers),
        articles=tuple(articles),
        first_seen=first_seen,
        recognised=min((part.recognised for part in parts if part.recognised is not None), default=None),
    )


def summary(issue: Issue, first_seen: datetime, articles: int, *, matched: bool) -> IssueSummary:
    date = issue.date
    return IssueSummary(
        id=issue.id,
        publication=issue.publication,
        kind=issue.kind,
        number=issue.number,
        day=issue.day,
        date_from=date.date_from if date else None,
        date_to=date.date_to if date else None,
        first_seen=first_seen,
        articles=articles,
        matched=matched,
        source=issue.source,
        key=issue.key,
        problems=issue.problems,
        recognised=issue.recognised,
    )


def is_named(issue: Issue) -> bool:
    """Whether the paper and its day or number tell this issue from every other, so that what it repeats of an earlier
    one is a reprint and not the same file again."""
    return issue.id != issue.fingerprint


def scope_of(issue: Issue) -> str:
    """Within which an article's fingerprint tells that it was there before: the publication, or all that have no name."""
    return f"p:{issue.publication}" if issue.publication is not None else "unnamed"


def _best_date(parts: Sequence[Issue]) -> DateEvidence | None:
    dates = [part.date for part in parts if part.date is not None]
    return next((date for date in dates if date.printed), dates[0] if dates else None)


def _first_known(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _each_once(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))


def issue_summary(issue: Issue) -> IssueSummary:
    """Of an issue as the store answers it: `first_seen` is set, its articles are all there."""
    if issue.first_seen is None:
        raise ValueError("an issue that was never stored has no first sighting")
    return summary(issue, issue.first_seen, len(live(issue.articles)), matched=True)
