"""Fingerprints by content: what makes two issues or two articles the same whatever their wrapping, name or time.

BLAKE2b with 128 bits over the text after NFKC without white space, as 32 hex digits. Not a secret, only an identity.
"""

from __future__ import annotations

import unicodedata
from hashlib import blake2b

from digests.types import IssueId, RawIssue


def issue_fingerprint(raw: RawIssue) -> str:
    """Over the texts of all pages and ready articles in their order; file names do not count. Pages name their paper themselves;
    for ready articles the source does, and two papers that print the same have an issue each."""
    ready = [part for article in raw.articles for part in (article.title, article.body)]
    if ready and raw.hints.publication:
        ready.append(raw.hints.publication)
    return _digest(*(page.text for page in raw.pages), *ready)


def article_fingerprint(title: str, body: str) -> str:
    return _digest(title, body)


def issue_id(publication: str | None, number: str | None, fingerprint: str) -> IssueId:
    """`number`: the ISO date or printed number. Where either is unknown, the issue is known by its content."""
    return _digest(publication, number) if publication and number else fingerprint


def _digest(*parts: str) -> str:
    state = blake2b(digest_size=16)
    for part in parts:
        text = "".join(unicodedata.normalize("NFKC", part).split())
        state.update(text.encode("utf-8", "surrogatepass") + b"\x00")
    return state.hexdigest()
