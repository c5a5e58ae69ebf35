"""One article in a digest: title, place, extract, the rest in an expandable quote, what it matched.

A fragment depends on article, queries and their labels, depth and language only, not on its place in the digest (its number is a slot that is
filled in later), so equal fragments of many readers are rendered once. It is bounded: with a quote of at most
1,200 units it fits any page.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence

from digests.html import EMPTY, SLOT, Piece, join, reach, sentence_at, sentence_end, shorten, tag, text, trim, utf16_len
from digests.render_labels import (
    DigestView,
    Words,
    alias_labels,
    continued_label,
    corrected_label,
    issue_label,
    page_label,
    query_label,
)
from digests.render_marks import Marks, Range, bold_title, few, marked, marks_of, merge, shortened, within
from digests.types import Article, ArticleId, DigestItem, IssueId
from subscriptions import QueryId

TITLE_UNITS, SUBTITLE_UNITS, SECTION_UNITS, BYLINE_UNITS, EXTRACT_UNITS, MATCHED_UNITS = 240, 120, 40, 60, 200, 300
EXTRACT_ENTITIES, QUOTE_ENTITIES = 16, 16
LEAD = re.compile(r"\s*本[报刊网]讯\s*[（(][^（()）]{0,40}(?:记者|通讯员)[^（()）]{0,60}[）)]\s*")
_BACK = re.compile(r"[“‘「『]?(?:该|此|这|其|上述|前者|后者|据此|对此|为此)")
_BARE_LEAD = re.compile(r"\s*本[报刊网]讯[ \t\u3000]+")
BEFORE_MATCH = 60
"""Characters shown before the first match of a sentence that is too long to be shown."""
TITLES_ONLY = -1
"""The depth at which nothing of the body is shown."""

FragmentKey = tuple[ArticleId, tuple[QueryId, ...], tuple[str, ...], int, str, str]
Cache = MutableMapping[FragmentKey, Piece]


def fragment(view: DigestView, item: DigestItem, depth: int, many: bool, words: Words, cache: Cache) -> Piece:
    """The article at `depth`: UTF-16 units of the quote, or TITLES_ONLY. `many`: say which issue it is of. The number is a SLOT."""
    settings = view.settings
    labels = tuple(query_label(view, query, words) for query in item.queries)
    key = (item.article_id, item.queries, labels, depth, settings.language, settings.timezone if many else "")
    if key not in cache:
        cache[key] = _fragment(view, item, depth, many, words)
    return cache[key]


def fill(piece: Piece, number: int) -> Piece:
    """The fragment with its number in the digest."""
    return Piece(piece.html.replace(SLOT, str(number)), piece.plain.replace(SLOT, str(number)), piece.entities)


def _fragment(view: DigestView, item: DigestItem, depth: int, many: bool, words: Words) -> Piece:
    number = Piece(f"{SLOT}. ", f"{SLOT}. ")
    if item.article_id not in view.articles:
        return number + text(words("digest-gone"))
    article, issue_id = view.articles[item.article_id]
    marks = marks_of(article, view.matches_of(item))
    passage, rest = body_parts(article, marks, depth, words)
    lead = corrected_label(article, words)
    title = bold_title(article.title or words("digest-untitled"), marks.of("title"), TITLE_UNITS, lead)
    where = place_line(view, article, issue_id if many else None, marks, words)
    matched = text(matched_line(view, item, words)) + (EMPTY if rest else _hidden(article, passage, words))
    goes_on = EMPTY if depth == TITLES_ONLY else text(continued_label(article, words))
    return join([number + title, subtitle_line(article, marks), where, passage, rest, goes_on, matched])


def headline(view: DigestView, article: Article, marks: Marks, units: int, words: Words) -> Piece:
    """The title, marked where it corrects another one, struck where another one counts."""
    title, matched = article.title or words("digest-untitled"), marks.of("title")
    if article.id not in view.newer:
        return bold_title(title, matched, units, corrected_label(article, words))
    return text(words("search-corrected-mark")) + tag("s", bold_title(title, matched, units))


def subtitle_line(article: Article, marks: Marks) -> Piece:
    """Kicker and subtitle, but only if a matched word stands there."""
    line = " ".join(part for part in (article.kicker, article.subtitle) if part)
    ranges = marks.of("subtitle")
    return shortened(line, ranges, SUBTITLE_UNITS, 4) if ranges else EMPTY


def place_line(view: DigestView, article: Article, issue: IssueId | None, marks: Marks, words: Words) -> Piece:
    """Page, section, byline; before them the issue if one is named."""
    known = view.issues.get(view.articles[article.id][1]) if article.id in view.articles else None
    label = issue_label(view.issues.get(issue), view.settings.timezone, words) if issue is not None else ""
    return join(
        [
            text(label),
            text(page_label(article, known, words)),
            shortened(article.section or "", marks.of("section"), SECTION_UNITS, 2),
            shortened(article.byline or "", marks.of("byline"), BYLINE_UNITS, 2),
        ],
        " · ",
    )


def matched_line(view: DigestView, item: DigestItem, words: Words) -> str:
    """匹配：动力电池、重大项目（中航锂电 → 现名中创新航）"""
    labels = words("digest-comma").join(query_label(view, query, words) for query in item.queries)
    notes = dict.fromkeys(note for match in view.matches_of(item) for note in alias_labels(view, match, words))
    line = words("digest-matched", queries=labels)
    if notes:
        line = words("digest-noted", text=line, notes=words("digest-semicolon").join(notes))
    return shorten(line, MATCHED_UNITS)


# ---------------------------------------------------------------------------------------------- extract and quote
def body_parts(article: Article, marks: Marks, depth: int, words: Words) -> tuple[Piece, Piece]:
    """The extract, and the rest of the body as far as `depth` units of it, in an expandable quote."""
    if depth == TITLES_ONLY or not article.body.strip():
        return EMPTY, EMPTY
    begin = _lead(article)
    shown = [(max(a, begin), b) for a, b in extract_ranges(article, marks) if b > begin]
    passage = _passage(article.body, shown, marks, begin)
    if depth == 0:
        return passage, EMPTY
    return passage, _quote(article, shown, marks, depth, words, begin)


def _lead(article: Article) -> int:
    """Where the body begins behind a lead: 本报讯 alone, or 本报讯（记者 林溪） if the line above names who reported."""
    found = (LEAD.match(article.body) if article.byline else None) or _BARE_LEAD.match(article.body)
    return found.end() if found else 0


def extract_ranges(article: Article, marks: Marks) -> list[Range]:
    """What to show of the body: the chosen sentences, or the one around the first match if they show no match."""
    body, matched = article.body, marks.of("body")
    chosen = [trim(body, max(a, 0), min(b, len(body))) for a, b in article.extract]
    chosen = merge((a, b) for a, b in chosen)
    proven = bool(marks.of("title")) or any(within(matched, a, b) for a, b in chosen)
    if not chosen or (matched and not proven):
        first = matched[0][0] if matched else trim(body, 0, len(body))[0]
        chosen = [sentence_at(body, first)]
    return _fitting(body, merge(_led(body, *one) for one in chosen), matched)


def _led(body: str, start: int, end: int) -> Range:
    """With the sentence before one that points back to it (该项目总投资60亿元), if they stand in one paragraph and both fit."""
    if not _BACK.match(body, start):
        return start, end
    before = sentence_at(body, start - 1)[0] if start > 0 and body[start - 1] != "\n" else start
    return (before, end) if utf16_len(body[before:end]) <= EXTRACT_UNITS else (start, end)


def _fitting(body: str, chosen: Sequence[Range], matched: Sequence[Range]) -> list[Range]:
    """The ranges, cut to the extract's room; a long one is shown from shortly before its first match."""
    room, kept = EXTRACT_UNITS, []
    for start, end in chosen:
        if room < EXTRACT_UNITS // 4:
            break
        a = start
        if reach(body, a, room) < end:
            first = next(iter(within(matched, start, end)), (start, start))[0]
            a = max(start, first - BEFORE_MATCH) if first - start > room // 2 else start
        b = min(end, reach(body, a, room))
        kept.append((a, b))
        room -= utf16_len(body[a:b])
    return kept


def _passage(body: str, shown: Sequence[Range], marks: Marks, begin: int) -> Piece:
    """The extract in one line; … where something is left out before, between or inside its sentences."""
    parts: list[Piece] = []
    last, left, figures = None, EXTRACT_ENTITIES, marks.figures.get("body", [])
    for n, (a, b) in enumerate(shown):
        torn = a > begin and sentence_at(body, a)[0] < a if last is None else body[last:a].strip() != ""
        if torn:
            parts.append(text("…"))
        later = sum(len(within(figures, c, d)) for c, d in shown[n + 1 :])
        parts.append(_stretch(body, a, b, marks, max(left // (len(shown) - n), left - later)))
        left -= parts[-1].entities
        last = b
    if last is not None and sentence_at(body, last - 1)[1] > last:
        parts.append(text("…"))
    return join(parts, "")


def _stretch(body: str, start: int, end: int, marks: Marks, entities: int) -> Piece:
    matched = few(body, within(marks.of("body"), start, end))
    return marked(body, start, end, matched, marks.figures.get("body", []), entities)


def _complement(body: str, shown: Sequence[Range], begin: int) -> list[Range]:
    edges = [begin, *(place for pair in shown for place in pair), len(body)]
    gaps = (trim(body, a, b) for a, b in zip(edges[::2], edges[1::2], strict=True))
    return [(a, b) for a, b in gaps if a < b]


def _quote(article: Article, shown: Sequence[Range], marks: Marks, depth: int, words: Words, begin: int) -> Piece:
    parts: list[Piece] = []
    room, cut, entities = depth, False, QUOTE_ENTITIES
    rest = _complement(article.body, shown, begin)
    # It goes on behind the first sentence shown, but others follow before the place where the extract ends.
    skips = bool(rest) and bool(article.body[begin : rest[0][0]].strip()) and rest[0][0] < shown[-1][0]
    for start, end in rest:
        if room < 40:
            cut = True
            break
        stop = _stop(article.body, start, end, room)
        parts.append(_stretch(article.body, start, stop, marks, entities))
        cut = stop < end
        if cut:
            break
        room -= parts[-1].units
        entities -= parts[-1].entities
    inner = join(parts, " […] ")
    if skips:
        inner = text("[…] ") + inner
    if cut:
        inner = join([inner, _slotted(words("digest-read", characters=count_characters(article.body), number=SLOT))])
    return tag("blockquote", inner, " expandable")


def _stop(body: str, start: int, end: int, room: int) -> int:
    stop = reach(body, start, room)
    if stop >= end:
        return end
    sentence = sentence_end(body, start, stop)
    return trim(body, start, sentence if sentence > start else stop)[1]


def _hidden(article: Article, passage: Piece, words: Words) -> Piece:
    """How long the article is, where something of it is not shown."""
    if len(passage.plain) >= len(article.body[_lead(article) :].strip()):
        return EMPTY
    return text(" · " + words("digest-length", characters=count_characters(article.body)))


def count_characters(body: str) -> int:
    """As editors count: without white space."""
    return len(body) - sum(map(str.isspace, body))


def _slotted(value: str) -> Piece:
    """Text of ours with a slot in it."""
    parts = [text(part) for part in value.split(SLOT)]
    return Piece(SLOT.join(part.html for part in parts), SLOT.join(part.plain for part in parts))
