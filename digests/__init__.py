"""What is new, what it says, what each reader should get. Knows the names that subscriptions exports, and nobody else."""

from digests.build import advance_cursors, build_digest, heading_of
from digests.fingerprint import article_fingerprint, issue_fingerprint, issue_id
from digests.html import plain_parts
from digests.ports import Outbox
from digests.reading import split_issue
from digests.render import render_digest, render_html, render_nothing
from digests.render_article import render_article
from digests.render_labels import DigestView, Words, remembered
from digests.settle import Outcome, OutcomeKind, Settlement, settle
from digests.types import Button, Chunk, Delivery, Digest

__all__ = [
    "Button",
    "Chunk",
    "Delivery",
    "Digest",
    "DigestView",
    "Outbox",
    "Outcome",
    "OutcomeKind",
    "Settlement",
    "Words",
    "advance_cursors",
    "article_fingerprint",
    "build_digest",
    "heading_of",
    "issue_fingerprint",
    "issue_id",
    "plain_parts",
    "remembered",
    "render_article",
    "render_digest",
    "render_html",
    "render_nothing",
    "settle",
    "split_issue",
]
