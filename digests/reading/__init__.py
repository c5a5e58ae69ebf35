"""Raw text of an issue in, articles that a reader can trust out. Pure and deterministic."""

from digests.reading.split import split_issue

__all__ = ["split_issue"]
