"""Which topics an article has, and why. Topics are curated queries: see the `*.toml` files beside this one."""

from digests.topics.definition import parse_topic, print_topic
from digests.topics.index import TopicIndex
from digests.topics.shipped import load_topics, merge_topics
from digests.topics.types import FieldWeights, Topic

__all__ = ["FieldWeights", "Topic", "TopicIndex", "load_topics", "merge_topics", "parse_topic", "print_topic"]
