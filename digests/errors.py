"""The package's errors, one tree.

DigestsError
├── UnreadableError      a file or an address cannot be read (key, reason): reported once, set aside
├── TopicError           a topic's definition is wrong (topic, reason)
├── AliasError           a table of aliases is wrong (place, reason)
├── NotFoundError        no such issue, article, delivery, topic
└── StoreError           the store did not answer or refused
"""

from __future__ import annotations


class DigestsError(Exception):
    """Base of everything that this package raises."""


class UnreadableError(DigestsError):
    """`key` names the place; `reason` says what was expected, what was found, and what to do."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key, self.reason = key, reason


class TopicError(DigestsError):
    def __init__(self, topic: str, reason: str) -> None:
        super().__init__(f"topic {topic!r}: {reason}")
        self.topic, self.reason = topic, reason


class AliasError(DigestsError):
    """`place` says which entry of the table, `reason` what was expected there."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place, self.reason = place, reason


class NotFoundError(DigestsError):
    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"no {what} {key!r}")
        self.what, self.key = what, key


class StoreError(DigestsError):
    """A lower library's error, translated at the wall of the Redis files; the cause is chained."""
