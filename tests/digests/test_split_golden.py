"""Golden pairs: made-up issues in the layouts that papers use, each with what an editor reads in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from digests import split_issue
from digests.types import Issue, PageText, RawIssue

FOLDER = Path(__file__).parent / "issues"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
FIELDS = ("title", "kicker", "subtitle", "byline", "section", "page", "kind", "continued_on", "body")


def read(name: str) -> Issue:
    """Pages of a golden issue are parted by form feeds."""
    pages = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\f")
    return split_issue(
        RawIssue("golden", name, tuple(PageText(f"{name}-{n}", text) for n, text in enumerate(pages, 1)))
    )


def gold(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def test_there_are_enough_layouts() -> None:
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_articles(name: str) -> None:
    articles = [
        {field: getattr(a, field) for field in FIELDS if getattr(a, field) is not None} for a in read(name).articles
    ]
    assert articles == gold(name)["articles"]


@pytest.mark.parametrize("name", NAMES)
def test_issue_fields(name: str) -> None:
    issue, wanted = read(name), gold(name)["issue"]
    date = issue.date
    assert (date and date.date_from, date and date.date_to, date and date.printed) == tuple(
        wanted[key] for key in ("date_from", "date_to", "printed")
    )
    for field in ("publication", "kind", "number", "total_number", "page"):
        assert getattr(issue, field) == wanted[field], field
    assert list(issue.sponsors) == wanted["sponsors"]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_left_over(name: str) -> None:
    assert sorted({left.kind for left in read(name).leftovers} - {"space"}) == gold(name)["leftovers"]


@pytest.mark.parametrize("name", NAMES)
def test_order_spans_and_confidence(name: str) -> None:
    issue = read(name)
    assert [a.order for a in issue.articles] == list(range(len(issue.articles)))
    for article in issue.articles:
        assert (
            article.spans
            and 0 <= article.prominence <= 1
            and 0 <= article.confidence <= 1
            and len(article.fingerprint) == 32
        )


def test_leads_are_more_prominent_than_what_follows() -> None:
    articles = read("01_front_markdown").articles
    assert articles[0].prominence > articles[1].prominence > articles[2].prominence
