"""What topics are called in a reader's language: their English name, or their own in the characters of the place."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from opencc import OpenCC

from digests.topics import Topic
from subscriptions import Language


def names_in(language: Language, topics: Iterable[Topic]) -> dict[str, str]:
    """Name -> the name to show, for those topics that are called otherwise."""
    if language == "en":
        return {topic.name: topic.name_en for topic in topics}
    return {topic.name: _traditional(topic.name) for topic in topics} if language == "zh-Hant" else {}


@cache
def _traditional(name: str) -> str:
    return str(_converter().convert(name))


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")
