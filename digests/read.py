"""An issue, read: split into articles, then each article with its topics, facts, keywords and extract. Pure."""

from __future__ import annotations

from dataclasses import replace

from digests.enrich import Knowledge, enrich
from digests.reading import split_issue
from digests.types import Issue, RawIssue


def read_issue(raw: RawIssue, knowledge: Knowledge) -> Issue:
    """Everything that the text of `raw` says; what could not be read stands in `problems`."""
    issue = split_issue(raw)
    return replace(issue, articles=tuple(enrich(article, knowledge) for article in issue.articles))
