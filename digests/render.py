"""A digest as messages: a title line, articles under their headings, split only between articles.

Pure and repeatable: the same digest and view give the same pages, so that page 3 can be made anew when somebody asks for
it. A digest goes into one message where it fits, with as much of each article as leaves room for all; else into pages, of which
the first is sent and the others are reached by editing it. Every article is on exactly one page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digests.html import EMPTY, ENTITIES, LIMIT, Piece, join, markup, plain_parts, shorten, tag, text, utf16_len
from digests.render_fragment import TITLES_ONLY, Cache, fill, fragment
from digests.render_labels import DigestView, Words, group_label, noted_label
from digests.types import Button, Chunk, Digest, DigestItem, IssueId
from subscriptions import Length

ARTICLES_PER_PAGE = 40
"""Their buttons are five rows of eight; Telegram takes 100 buttons."""
NUMBERS_PER_ROW = 8
ISSUE_LINES = 6
HEADING_UNITS = 100
PAGE_LINE_UNITS = 40
"""Room kept for 第 3/12 页."""
TAGS = ENTITIES - 8
"""Left for the title line and for what Telegram finds by itself, such as addresses."""

DEPTHS: dict[Length, tuple[int, ...]] = {
    "titles": (TITLES_ONLY, TITLES_ONLY),
    "extracts": (600, 300, 120, 0),
    "full": (2400, 1200, 600, 300),
}
"""UTF-16 units of each quote, the first that lets everything fit one message; the second where nothing does."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in its place: `number` from 1, its group (from 0) with heading and number of articles."""

    number: int
    group: int
    heading: str
    of_group: int
    piece: Piece


Page = list[Entry]


def render_digest(
    digest: Digest, view: DigestView, words: Words, cache: Cache | None = None, *, paged: bool = True
) -> tuple[Chunk, ...]:
    """The pages of `digest`, one at least if it has an article. `cache`: rendered fragments, shared between digests as the caller likes. `paged` False: all
    pages are to be sent, so there are no buttons to turn them."""
    pages = lay_out(digest, view, words, {} if cache is None else cache)
    return tuple(_chunk(digest, view, pages, n, words, paged) for n in range(len(pages)))


def lay_out(digest: Digest, view: DigestView, words: Words, cache: Cache) -> list[Page]:
    """Which article stands on which page, and how much is shown of it."""
    head = _head(digest, view, words).units
    depths = DEPTHS[view.settings.length]
    if len(digest.items()) <= ARTICLES_PER_PAGE:
        for depth in depths:
            pages = _paginate(_entries(digest, view, depth, words, cache), head, words, most=1)
            if pages:
                return pages
    return _paginate(_entries(digest, view, depths[1], words, cache), head, words)


def page_of(pages: Sequence[Page], item: int) -> int:
    """The page on which article `item` (from 0) stands."""
    return next((n for n, page in enumerate(pages) if page[-1].number > item), 0)


def _entries(digest: Digest, view: DigestView, depth: int, words: Words, cache: Cache) -> Iterator[Entry]:
    number, many = 0, len(digest.issues) > 1
    for place, group in enumerate(digest.groups):
        heading = shorten(group_label(view, group, words), HEADING_UNITS)
        for item in group.items:
            number += 1
            piece = fill(fragment(view, item, depth, many, words, cache), number)
            yield Entry(number, place, heading, len(group.items), piece)


def _paginate(entries: Iterator[Entry], head: int, words: Words, most: int | None = None) -> list[Page]:
    """Fill page after page; [] as soon as more than `most` are needed."""
    pages: list[Page] = []
    room = tags = 0
    for entry in entries:
        headed = not pages or pages[-1][-1].group != entry.group
        need, opens = _need(entry, headed, words)
        full = not pages or len(pages[-1]) == ARTICLES_PER_PAGE
        if full or need > room or opens > tags:
            room, tags = LIMIT - PAGE_LINE_UNITS - (PAGE_LINE_UNITS if pages else head), TAGS
            need, opens = _need(entry, True, words)
            if most is not None and (len(pages) == most or need > room):
                return []
            pages.append([])
        pages[-1].append(entry)
        room, tags = room - need, tags - opens
    return pages


def _need(entry: Entry, headed: bool, words: Words) -> tuple[int, int]:
    """Units and tags that the article takes, with the line feeds before it and its heading, fresh or continued, if it has one."""
    units, tags = entry.piece.units + 2, entry.piece.entities
    if headed:
        units += 1 + max(_heading(entry, continued, words).units for continued in (False, True))
    return units, tags + headed


def _heading(entry: Entry, continued: bool, words: Words) -> Piece:
    if continued:
        return tag("b", text(words("digest-heading-continued", heading=entry.heading)))
    return tag("b", text(words("digest-heading", heading=entry.heading, count=entry.of_group)))


# ---------------------------------------------------------------------------------------------- one page
def _chunk(digest: Digest, view: DigestView, pages: list[Page], n: int, words: Words, paged: bool) -> Chunk:
    page = pages[n]
    before = pages[n - 1][-1].group if n else None
    blocks = [_title(digest, view, n, len(pages), words)]
    group = None
    for entry in page:
        heading = _heading(entry, entry.group == before, words) if entry.group != group else EMPTY
        blocks.append(join([heading, entry.piece]))
        group = entry.group
    whole = join(blocks, "\n\n")
    return Chunk(whole.html, whole.plain, _buttons(view.delivery, pages, n, words, paged))


def _title(digest: Digest, view: DigestView, n: int, of: int, words: Words) -> Piece:
    count = text(words("digest-page-of", page=n + 1, pages=of)) if of > 1 else EMPTY
    if n == 0:
        return join([_head(digest, view, words), count])
    return join([tag("b", text(words("digest-title-short"))), count], " · ")


def _head(digest: Digest, view: DigestView, words: Words) -> Piece:
    """Publication, date and how many of how many; of several issues one line each."""
    count = len(digest.items())
    if len(digest.issues) == 1:
        label = _issue(digest.issues[0], view, words)
        total = {"total": digest.total} if digest.total else {}
        key = "digest-title-one" if total else "digest-title-count"
        return join([tag("b", text(label)), text(words(key, count=count, **total))], " · ")
    title = words("digest-title-many", issues=len(digest.issues), total=digest.total, count=count)
    lines = [text(_issue_line(id, digest, view, words)) for id in digest.issues[:ISSUE_LINES]]
    more = len(digest.issues) - ISSUE_LINES
    rest = text(words("digest-issues-more", count=more)) if more > 0 else EMPTY
    return join([tag("b", text(title)), *lines, rest])


def _issue(id: IssueId, view: DigestView, words: Words) -> str:
    return noted_label(view.issues.get(id), view.settings.timezone, words)


def _issue_line(id: IssueId, digest: Digest, view: DigestView, words: Words) -> str:
    count = sum(1 for item in digest.items() if _is_of(item, id, view))
    issue = view.issues.get(id)
    if issue is None or not issue.articles:
        return words("digest-issue-count", issue=_issue(id, view, words), count=count)
    return words("digest-issue-line", issue=_issue(id, view, words), total=issue.articles, count=count)


def _is_of(item: DigestItem, issue: IssueId, view: DigestView) -> bool:
    return item.article_id in view.articles and view.articles[item.article_id][1] == issue


def _buttons(delivery: str, pages: list[Page], n: int, words: Words, paged: bool) -> tuple[tuple[Button, ...], ...]:
    numbers = [Button(str(entry.number), f"a:{delivery}:{entry.number - 1}:0") for entry in pages[n]]
    rows = [tuple(numbers[i : i + NUMBERS_PER_ROW]) for i in range(0, len(numbers), NUMBERS_PER_ROW)]
    turns = []
    if paged and n > 0:
        turns.append(Button(words("digest-back"), f"d:{delivery}:{n - 1}"))
    if paged and n + 1 < len(pages):
        left = pages[-1][-1].number - pages[n][-1].number
        turns.append(Button(words("digest-more", count=left), f"d:{delivery}:{n + 1}"))
    return (*rows, tuple(turns)) if turns else tuple(rows)


# ---------------------------------------------------------------------------------------------- other texts
def render_nothing(words: Words) -> Chunk:
    """For a quiet day, to those who asked to be told."""
    piece = text(words("digest-nothing"))
    return Chunk(piece.html, piece.plain)


def render_html(html: str, buttons: tuple[tuple[Button, ...], ...] = ()) -> tuple[Chunk, ...]:
    """A text of an admin or of our own as messages: as it is if it fits one, else without markup, cut after sentences."""
    piece = markup(html)
    if utf16_len(piece.plain) <= LIMIT:
        return (Chunk(piece.html, piece.plain, buttons),)
    parts = [text(part) for part in plain_parts(piece.plain)]
    chunks = [Chunk(part.html, part.plain) for part in parts]
    return (*chunks[:-1], Chunk(chunks[-1].html, chunks[-1].plain, buttons))
