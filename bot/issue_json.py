"""An issue as `kanbao read --json` prints it: one JSON object a line, a contract that scripts rely on.

Unknown is null. Facts carry the figure as printed.
"""

from __future__ import annotations

from typing import Any

from digests.types import Article, Fact, Issue


def issue_json(issue: Issue, source: str) -> dict[str, Any]:
    return {
        "source": source,
        "issue": {
            "publication": issue.publication,
            "kind": issue.kind,
            "number": issue.number,
            "total_number": issue.total_number,
            "sponsor": list(issue.sponsors) or None,
            "page": issue.page,
            **_date(issue),
        },
        "articles": [article_json(article) for article in issue.articles],
    }


def _date(issue: Issue) -> dict[str, Any]:
    if issue.date is None:
        return {"date": None}
    if issue.day is not None:
        return {"date": issue.day}
    return {"date_from": issue.date.date_from, "date_to": issue.date.date_to}


def article_json(article: Article) -> dict[str, Any]:
    subtitle = " ".join(part for part in (article.kicker, article.subtitle) if part)
    return {
        "title": article.title,
        "subtitle": subtitle or None,
        "byline": article.byline,
        "section": article.section,
        "page": article.page,
        "body": article.body,
        "topics": list(article.topics),
        "facts": [fact_json(fact) for fact in article.facts],
        "continued_on": article.continued_on,
    }


def fact_json(fact: Fact) -> dict[str, Any]:
    return {"subject": fact.subject, "metric": fact.metric, "value": fact.value, "unit": fact.unit}
