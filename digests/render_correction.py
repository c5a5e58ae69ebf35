"""A correction as a message of its own: what an article said, and what it says now. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digests.changes import Change, changes
from digests.html import html_escape, shorten
from digests.render import render_html
from digests.render_labels import Words
from digests.types import Article, Chunk

MOST = 5
"""Changes of one article that are told; how many more there are is said."""
LONGEST = 80
"""UTF-16 units of what is quoted."""


@dataclass(frozen=True, slots=True)
class Correction:
    """`article` as it is now, the label of its issue, and as it `was`."""

    article: Article
    issue: str
    was: Article


def render_corrections(corrections: Sequence[Correction], words: Words) -> tuple[Chunk, ...]:
    """更正：《…》（…）原为“…”，现为“…”。 One paragraph for each article."""
    return render_html("\n\n".join(_paragraph(one, words) for one in corrections))


def _paragraph(one: Correction, words: Words) -> str:
    found = changes(one.was, one.article)
    title = html_escape(shorten(one.article.title, LONGEST)) or words("digest-untitled")
    lines = [words("correction-of", title=title, issue=html_escape(one.issue))]
    lines += [_line(change, words) for change in found[:MOST]]
    more = len(found) - MOST
    return "\n".join([*lines, words("correction-more", count=more)] if more > 0 else lines)


def _line(change: Change, words: Words) -> str:
    key = "correction-title" if change.kind == "title" else "correction-text"
    return words(key, old=html_escape(shorten(change.old, LONGEST)), new=html_escape(shorten(change.new, LONGEST)))
