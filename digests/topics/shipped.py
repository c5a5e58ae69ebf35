"""The topics that come with Kanbao, and the admins' changes laid over them.

Reads package data only; what admins changed is handed in by the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files

from digests.topics.definition import parse_topic
from digests.topics.types import Topic


def load_topics() -> tuple[Topic, ...]:
    """The shipped topics, in the order of their file names. Raises TopicError for a broken file."""
    found = (item for item in files("digests.topics").iterdir() if item.name.endswith(".toml"))
    return tuple(parse_topic(item.read_text(encoding="utf-8")) for item in sorted(found, key=lambda item: item.name))


def merge_topics(shipped: Iterable[Topic], overrides: Mapping[str, str]) -> tuple[Topic, ...]:
    """Shipped topics with the admins' changes: `overrides` maps a name to TOML text, "" removes, an unknown name adds.

    Order: shipped ones in their order, then new ones by name. Raises TopicError for text that cannot be read.
    """
    changed = {name: parse_topic(toml) for name, toml in overrides.items() if toml}
    kept = [changed.pop(topic.name, topic) for topic in shipped if overrides.get(topic.name) != ""]
    return (*kept, *(changed[name] for name in sorted(changed)))
