"""From an article to its facts."""

from __future__ import annotations

from digests.types import Article, Fact


def extract_facts(article: Article) -> tuple[Fact, ...]:
    """The figures of title and body, in reading order."""
    return ()
