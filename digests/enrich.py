"""What an article is about: topics, facts, keywords and an extract, filled in on the article.

A decider: pure once `load_knowledge` has built what it knows, which happens once per process and per change of the topics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from digests.aliases import load_aliases
from digests.facts import extract_facts
from digests.topics import TopicIndex, load_topics, merge_topics
from digests.types import Article
from digests.words import Keywords, extract
from subscriptions import Alias


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Topics, aliases and dictionary. Built once, shared by threads."""

    topics: TopicIndex
    aliases: tuple[Alias, ...]
    words: Keywords


def load_knowledge(
    topic_overrides: Mapping[str, str] | None = None, *, aliases: str | None = None, dictionary: str = ""
) -> Knowledge:
    """The shipped knowledge with the admins' own over it: topics by name as TOML, aliases as TOML, dictionary lines.

    Raises TopicError or AliasError with the place and what was expected there.
    """
    topics = merge_topics(load_topics(), topic_overrides or {})
    return Knowledge(TopicIndex(topics), load_aliases(aliases), Keywords(dictionary))


def enrich(article: Article, knowledge: Knowledge) -> Article:
    """The article with its topics (best first), their reasons, facts, keywords and extract."""
    reasons = knowledge.topics.assign(article.title, article.subtitle or "", article.body, article.section or "")
    return replace(
        article,
        topics=tuple(reason.topic for reason in reasons),
        reasons=reasons,
        facts=extract_facts(article),
        keywords=knowledge.words.of(article.title, article.body),
        extract=extract(article.title, article.body),
    )
