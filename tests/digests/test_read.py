"""Ready articles are taken as they are, pages are split; both are enriched."""

from __future__ import annotations

import pytest

from digests.enrich import Knowledge, load_knowledge
from digests.read import read_issue
from digests.types import Hints, PageText, RawArticle, RawIssue

READY = RawArticle(
    "青禾锂电开工", "总投资60亿元的动力电池项目昨天开工。", byline="苏晚", page=1, address="https://example.org/1"
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def test_ready_articles_keep_what_the_source_says(knowledge: Knowledge) -> None:
    hints = Hints(publication="云溪时报", kind="newspaper", number="第7期", date="2026-03-03")
    raw = RawIssue("feed", "https://example.org", hints=hints, articles=(READY, RawArticle("春茶", "采茶忙。", page=2)))
    issue = read_issue(raw, knowledge)
    assert (issue.publication, issue.day, issue.number, len(issue.articles)) == ("云溪时报", "2026-03-03", "第7期", 2)
    first, second = issue.articles
    assert (first.title, first.byline, first.address) == ("青禾锂电开工", "苏晚", "https://example.org/1")
    assert "动力电池" in first.topics and first.facts[0].printed == "60亿元"
    assert first.prominence > second.prominence
    assert issue.id != issue.fingerprint


def test_without_a_date_the_content_is_the_identity(knowledge: Knowledge) -> None:
    issue = read_issue(RawIssue("feed", "k", articles=(READY,)), knowledge)
    assert issue.date is None and issue.id == issue.fingerprint


def test_pages_are_split(knowledge: Knowledge) -> None:
    raw = RawIssue("inbox", "k", (PageText("k", "# 青禾锂电开工\n\n本报讯 昨天，动力电池项目开工。\n"),))
    assert [article.title for article in read_issue(raw, knowledge).articles] == ["青禾锂电开工"]
