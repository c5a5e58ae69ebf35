"""One issue's raw text in, its articles out: the chain of the reading steps.

Pure, deterministic, linear in the text. Raises nothing on any text: what cannot be read is left over and named in `problems`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, get_args

from digests.fingerprint import article_fingerprint, issue_fingerprint, issue_id
from digests.reading.articles import assemble
from digests.reading.contents import Contents, read_contents
from digests.reading.dates import read_date
from digests.reading.drafts import Draft
from digests.reading.heads import title_text
from digests.reading.joins import body, join_continued, return_strays
from digests.reading.lines import MAX_LINES, Line, read_lines
from digests.reading.metadata import Metadata, head_lines, printed_page, read_kind, read_metadata
from digests.reading.pages import page_heads
from digests.reading.roles import is_notice, is_paper_name, read_roles
from digests.types import Article, Issue, Leftover, LeftoverKind, RawIssue, SourceSpan

MAX_TEXT = 1_000_000
"""Code points read of one issue; a thick monthly has 200,000."""
_KINDS = frozenset(get_args(LeftoverKind))


def split_issue(raw: RawIssue) -> Issue:
    """Take an issue apart. Fills everything but topics, facts and words."""
    texts, unread, problems = _readable(raw)
    lines = _lines(texts, problems)
    roles = read_roles(lines)
    contents = read_contents(lines, roles)
    kind = raw.hints.kind or read_kind(lines, roles, contents, max(1, len(raw.pages)))
    front = _front(lines, roles, contents)
    heads = page_heads(lines, roles) if kind == "newspaper" else {}
    drafts, left = assemble(lines, roles, contents, heads, newspaper=kind == "newspaper", front=front)
    return_strays(drafts)
    metadata = _hinted(read_metadata(lines, roles, contents, front=front, kind=kind, pages=len(raw.pages)), raw)
    if heads and not raw.hints.page:
        metadata = replace(metadata, page=None)
    articles = _articles(drafts, lines, contents, _pages(raw, lines, roles, metadata))
    leftovers = _leftovers(raw, lines, left, unread, articles)
    return _issue(raw, metadata, lines, roles, front, articles, leftovers, problems)


def _readable(raw: RawIssue) -> tuple[list[str], list[tuple[int, int]], list[str]]:
    """The texts to read, the unread stretches as (page, from), and what is wrong with them."""
    texts: list[str] = []
    unread: list[tuple[int, int]] = []
    problems: list[str] = []
    room = MAX_TEXT
    for page, source in enumerate(raw.pages):
        text = source.text[:room]
        if _is_binary(text):
            problems.append(f"{source.name}: not a text")
            text = ""
        elif len(text) < len(source.text):
            problems.append(f"{source.name}: only the first {len(text)} characters were read")
        room -= len(text)
        texts.append(text)
        if len(text) < len(source.text):
            unread.append((page, len(text)))
    if not any(text.strip() for text in texts) and not raw.articles:
        problems.append("no text")
    return texts, unread, problems


def _lines(texts: Sequence[str], problems: list[str]) -> list[Line]:
    lines: list[Line] = []
    for page, text in enumerate(texts):
        room = MAX_LINES - len(lines)
        read = read_lines(page, text, room) if room > 0 else []
        lines.extend(read)
        if text.strip() and (not read or read[-1].end < len(text)):
            problems.append(f"more than {MAX_LINES} lines: the rest was not read")
            break
    return lines


def _is_binary(text: str) -> bool:
    sample = text[:4096]
    odd = sum(
        (unicodedata.category(c) in ("Cc", "Co", "Cn", "Cs") and c not in "\n\r\t\f\v") or c == "\ufffd" for c in sample
    )
    return odd > 8 and odd * 10 > len(sample)


def _front(lines: Sequence[Line], roles: Sequence[str], contents: Contents) -> int:
    """The first line after the front matter: cover, masthead, contents, colophon, up to the first headline or text."""
    if contents.entries:
        heads = [i for i in contents.heads if i >= contents.last]
        text = next((i for i in range(contents.last, len(lines)) if roles[i] == "text"), len(lines))
        return _back_to_head(lines, roles, contents, min([*heads, text]))
    text = next((i for i, role in enumerate(roles[:400]) if role == "text" and len(lines[i].text) > 24), len(lines))
    own = [
        i
        for i in range(min(text, len(lines)))
        if roles[i] in ("masthead", "colophon", "board", "running_header", "page_number")
    ]
    return own[-1] + 1 if own else 0


def _back_to_head(lines: Sequence[Line], roles: Sequence[str], contents: Contents, first: int) -> int:
    """Short lines right above the first text or listed headline belong to its head; nothing, where neither follows."""
    while contents.last < first < len(lines) and roles[first - 1] in ("short", "byline") and lines[first].gap <= 1:
        first -= 1
    return first


def _hinted(metadata: Metadata, raw: RawIssue) -> Metadata:
    """Hints from outside (file name, front matter) go before what was read."""
    hints = raw.hints
    return replace(
        metadata,
        publication=hints.publication or metadata.publication,
        confidence=1.0 if hints.publication else metadata.confidence,
        kind=hints.kind or metadata.kind,
        number=hints.number or metadata.number,
        total_number=hints.total_number or metadata.total_number,
        page=hints.page or metadata.page,
    )


def _pages(raw: RawIssue, lines: Sequence[Line], roles: Sequence[str], metadata: Metadata) -> list[int | None]:
    """The printed number of each page of a newspaper; None where none is known or the text has no pages."""
    printed: list[int | None] = [page.page for page in raw.pages]
    if len(raw.pages) == 1:
        printed[0] = printed[0] or metadata.page
        return printed
    for line, role in zip(lines, roles, strict=True):
        if printed[line.page] is None and role in ("running_header", "page_number"):
            printed[line.page] = printed_page(line.text, role)
    if printed[0] is None and metadata.kind == "newspaper" and any(is_paper_name(line.text) for line in lines[:8]):
        printed[0] = 1
    return printed


# ---------------------------------------------------------------------------------------------- articles
def _articles(
    drafts: list[Draft], lines: Sequence[Line], contents: Contents, pages: Sequence[int | None]
) -> tuple[Article, ...]:
    drafts = [d for d in drafts if d.pieces]
    titles = [_title(d, lines, contents) for d in drafts]
    numbers = [_page(d, lines, contents, pages) for d in drafts]
    rests = {second: first for first, second in join_continued(drafts, titles, numbers)}
    for second, first in rests.items():
        drafts[first].pieces.extend(drafts[second].pieces)
        drafts[first].lines.extend(drafts[second].lines)
        drafts[first].bylines.extend(drafts[second].bylines)
        drafts[first].continued_on = drafts[second].continued_on
    kept = [i for i in range(len(drafts)) if i not in rests]
    return tuple(_article(order, drafts[i], titles[i], numbers[i], lines, contents) for order, i in enumerate(kept))


def _article(
    order: int, draft: Draft, title: str, page: int | None, lines: Sequence[Line], contents: Contents
) -> Article:
    text = body(draft.pieces, lines)
    head = draft.head
    return Article(
        title=title,
        body=text,
        subtitle=_part(head.subtitle if head else (), lines),
        kicker=_part(head.kicker if head else (), lines),
        byline=" ".join(dict.fromkeys(draft.bylines)) or None,
        section=draft.section,
        page=page,
        continued_on=draft.continued_on,
        continued_from=draft.continued_from,
        kind=_kind(draft, title),
        spans=_spans(lines[i] for i in sorted(set(draft.lines))),
        order=order,
        prominence=_prominence(order, page, len(text)),
        confidence=_confidence(draft),
        fingerprint=article_fingerprint(title, text),
    )


def _title(draft: Draft, lines: Sequence[Line], contents: Contents) -> str:
    """The headline; for a text without one its label, or its first words with an ellipsis."""
    if draft.head:
        return _unframed(title_text(lines, draft.head, contents).strip("—-─ "))
    if draft.box:
        return draft.box
    first = draft.pieces[0].text
    return first if len(first) <= 24 else first[:23] + "…"


def _unframed(title: str) -> str:
    """A headline without the frame that marks it in a row of briefs: 【某企业投产】."""
    return title[1:-1] if title.startswith("【") and title.find("】") == len(title) - 1 else title


def _part(indexes: Sequence[int], lines: Sequence[Line]) -> str | None:
    return " ".join(lines[i].text.strip("—-─:： ") for i in indexes) or None


def _page(draft: Draft, lines: Sequence[Line], contents: Contents, pages: Sequence[int | None]) -> int | None:
    if draft.head and draft.head.entry is not None:
        return contents.entries[draft.head.entry].page
    return draft.page or pages[lines[draft.lines[0]].page]


def _kind(draft: Draft, title: str) -> Literal["news", "box", "notice"]:
    return "box" if draft.box else "notice" if is_notice(title) else "news"


def _prominence(order: int, page: int | None, length: int) -> float:
    """0..1 from the place in the issue, the front page and the length of the text."""
    return round(0.5 / (1 + order / 4) + 0.2 * (page == 1) + 0.3 * min(length, 1500) / 1500, 3)


def _confidence(draft: Draft) -> float:
    """How sure the split is: a listed or strongly marked headline, a text that ends."""
    if draft.box:
        return 0.8
    if draft.head is None:
        return 0.4
    sure = 0.95 if draft.head.entry is not None else min(0.95, 0.6 + draft.head.score / 12)
    return round(sure - 0.15 * draft.late_head - 0.1 * (draft.open and draft.continued_on is None), 3)


def _spans(lines: Iterable[Line]) -> tuple[SourceSpan, ...]:
    spans: list[SourceSpan] = []
    for line in lines:
        if spans and spans[-1].page == line.page and spans[-1].end == line.start:
            spans[-1] = replace(spans[-1], end=line.end)
        else:
            spans.append(SourceSpan(line.page, line.start, line.end))
    return tuple(spans)


# ---------------------------------------------------------------------------------------------- leftovers
def _leftovers(
    raw: RawIssue,
    lines: Sequence[Line],
    left: dict[int, str],
    unread: Sequence[tuple[int, int]],
    articles: Sequence[Article],
) -> tuple[Leftover, ...]:
    kinds = [
        (SourceSpan(lines[i].page, lines[i].start, lines[i].end), kind if kind in _KINDS else "noise")
        for i, kind in left.items()
    ]
    kinds += [(SourceSpan(page, start, len(raw.pages[page].text)), "noise") for page, start in unread]
    used = sorted([span for span, _ in kinds] + [s for a in articles for s in a.spans], key=lambda s: (s.page, s.start))
    kinds += [(span, "space" if not _text(raw, span).strip() else "noise") for span in _holes(raw, used)]
    return tuple(Leftover(_literal(kind), span, _text(raw, span)) for span, kind in _merged(kinds))


def _literal(kind: str) -> LeftoverKind:
    return next(k for k in get_args(LeftoverKind) if k == kind)


def _text(raw: RawIssue, span: SourceSpan) -> str:
    return raw.pages[span.page].text[span.start : span.end]


def _holes(raw: RawIssue, used: Sequence[SourceSpan]) -> Iterable[SourceSpan]:
    """Stretches of the source between and around the used ones."""
    position = dict.fromkeys(range(len(raw.pages)), 0)
    for span in used:
        if span.start > position[span.page]:
            yield SourceSpan(span.page, position[span.page], span.start)
        position[span.page] = max(position[span.page], span.end)
    for page, source in enumerate(raw.pages):
        if position[page] < len(source.text):
            yield SourceSpan(page, position[page], len(source.text))


def _merged(kinds: list[tuple[SourceSpan, str]]) -> Iterable[tuple[SourceSpan, str]]:
    last: tuple[SourceSpan, str] | None = None
    for span, kind in sorted(kinds, key=lambda k: (k[0].page, k[0].start)):
        if last and last[1] == kind and last[0].page == span.page and last[0].end == span.start:
            last = (replace(last[0], end=span.end), kind)
            continue
        if last:
            yield last
        last = (span, kind)
    if last:
        yield last


# ---------------------------------------------------------------------------------------------- issue
def _issue(
    raw: RawIssue, metadata: Metadata, lines: Sequence[Line], roles: Sequence[str], front: int,
    articles: tuple[Article, ...], leftovers: tuple[Leftover, ...], problems: list[str],
) -> Issue:  # fmt: skip
    text = "\n".join(line.text for line in lines)
    date = read_date(
        head_lines(lines, roles, front), text, hint=raw.hints.date, number=metadata.number, kind=metadata.kind
    )
    day = date.date_from if date and date.date_from == date.date_to else None
    fingerprint = issue_fingerprint(raw)
    if text and not articles:
        problems = [*problems, "no article found"]
    return Issue(
        publication=metadata.publication,
        kind=metadata.kind,
        articles=articles,
        leftovers=leftovers,
        number=metadata.number,
        total_number=metadata.total_number,
        sponsors=metadata.sponsors,
        page=metadata.page,
        date=date,
        publication_confidence=metadata.confidence,
        fingerprint=fingerprint,
        problems=tuple(problems),
        source=raw.source,
        key=raw.key,
        id=issue_id(metadata.publication, day or metadata.number, fingerprint),
    )
