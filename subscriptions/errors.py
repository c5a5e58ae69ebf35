"""The package's errors, one tree.

SubscriptionsError
├── QueryError           a reader's query cannot be understood (code, place, params)
├── LimitError           a quota is used up (code, limit)
├── ConflictError        the stored value changed since it was read: read again
├── NotFoundError        no such subscriber or subscription
└── StoreError           the store did not answer or refused
"""

from __future__ import annotations


class SubscriptionsError(Exception):
    """Base of everything that this package raises."""


class QueryError(SubscriptionsError):
    """`code` names the message for the reader (a key `query-error-<code>` of the texts), `start`..`end` the place in `text`, in code points."""

    def __init__(self, code: str, text: str, start: int, end: int, **params: str | int) -> None:
        super().__init__(f"{code} at {start}..{end} of {text!r}")
        self.code, self.text, self.start, self.end, self.params = code, text, start, end, params


class LimitError(SubscriptionsError):
    """`code` names the message for the reader (`limit-<code>`)."""

    def __init__(self, code: str, limit: int) -> None:
        super().__init__(f"{code}: at most {limit}")
        self.code, self.limit = code, limit


class ConflictError(SubscriptionsError):
    def __init__(self, key: str) -> None:
        super().__init__(f"{key} was changed meanwhile")
        self.key = key


class NotFoundError(SubscriptionsError):
    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"no {what} {key!r}")
        self.what, self.key = what, key


class StoreError(SubscriptionsError):
    """A lower library's error, translated at the wall of the Redis files; the cause is chained."""
