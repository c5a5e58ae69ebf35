"""The full text of one article of a digest, page by page, with why the reader got it, its figures, and a way back.

The body is cut after paragraphs, else after sentences, else after a whole character, and loses none.
"""

from __future__ import annotations

from digests.html import EMPTY, ENTITIES, LIMIT, SLOT, Piece, join, sentence_at, shorten, split_ranges, tag, text
from digests.render import lay_out, page_of
from digests.render_fragment import Cache, headline
from digests.render_labels import (
    DigestView,
    Words,
    alias_labels,
    continued_label,
    newer_label,
    noted_label,
    page_label,
    query_label,
)
from digests.render_marks import Marks, marked, marks_of, shortened
from digests.types import Article, Button, Chunk, Digest, DigestItem, Fact
from subscriptions import Match

TITLE_UNITS, LINE_UNITS, FACT_UNITS, PASSAGE_UNITS = 400, 120, 60, 120
FACTS, QUERIES = 8, 4
OTHER = "other"
FRONT_TAGS = 44
"""What title, reasons and figures open at most; the body has the rest."""
BEFORE_MATCH = 30
"""Characters shown before the first match of a passage."""
MARGIN = 120
"""Room kept for the head and foot of each page."""

METRICS = frozenset(
    {
        "total_investment", "planned_annual_investment", "completed_investment", "capacity", "output", "output_value", "sales",
        "tax", "area", "jobs", "headcount", "installed_volume", "growth", "loan", "count", "other",
    }
)  # fmt: skip
STAGES = frozenset({"signed", "started", "under_construction", "completed", "in_production", "planned"})


def render_article(
    digest: Digest, view: DigestView, item: int, words: Words, cache: Cache | None = None
) -> tuple[Chunk, ...]:
    """The pages of article `item` (from 0) of the digest, at least one. Raises IndexError if there is no such item."""
    entry = digest.items()[item]
    back = page_of(lay_out(digest, view, words, {} if cache is None else cache), item)
    known = entry.article_id in view.articles
    pages = _pages(view, entry, words) if known else [text(words("digest-gone"))]
    return tuple(
        Chunk(page.html, page.plain, _buttons(view.delivery, item, n, len(pages), back, words))
        for n, page in enumerate(pages)
    )


def _pages(view: DigestView, item: DigestItem, words: Words) -> list[Piece]:
    article = view.articles[item.article_id][0]
    marks = marks_of(article, view.matches_of(item))
    front = _front(view, item, article, marks, words)
    ranges = split_ranges(article.body, LIMIT - MARGIN - front.units, LIMIT - MARGIN)
    matched, figures = marks.of("body"), marks.figures.get("body", [])
    bodies = [
        marked(article.body, a, b, matched, figures, ENTITIES - (4 if n else FRONT_TAGS) - 4)
        for n, (a, b) in enumerate(ranges)
    ] or [text(words("article-empty"))]
    short = tag("b", text(shorten(article.title or words("digest-untitled"), LINE_UNITS // 2)))
    pages = [join([front if n == 0 else short, body], "\n\n") for n, body in enumerate(bodies)]
    pages[-1] = join([pages[-1], _foot(article, words)], "\n\n")
    return [_numbered(page, n, len(pages), words) for n, page in enumerate(pages)]


def _numbered(page: Piece, n: int, of: int, words: Words) -> Piece:
    if of == 1:
        return page
    return join([page, text(words("digest-page-of", page=n + 1, pages=of))], "\n\n")


def _foot(article: Article, words: Words) -> Piece:
    return text(continued_label(article, words))


# ---------------------------------------------------------------------------------------------- before the body
def _front(view: DigestView, item: DigestItem, article: Article, marks: Marks, words: Words) -> Piece:
    """Title and place, why it came, its figures: at most some 2,800 units."""
    title = headline(view, article, marks, TITLE_UNITS, words)
    subtitle = " ".join(part for part in (article.kicker, article.subtitle) if part)
    head = join(
        [
            title,
            text(newer_label(view, article, words)),
            shortened(subtitle, marks.of("subtitle"), LINE_UNITS, 3),
            _place(view, item, article, marks, words),
            _continued_from(article, words),
        ]
    )
    return join([head, _why(view, item, article, words), _figures(article, words)], "\n\n")


def _continued_from(article: Article, words: Words) -> Piece:
    if not article.continued_from:
        return EMPTY
    return text(words("article-continued-from", place=shorten(article.continued_from, 24)))


def _place(view: DigestView, item: DigestItem, article: Article, marks: Marks, words: Words) -> Piece:
    issue = view.issues.get(view.articles[item.article_id][1])
    return join(
        [
            text(noted_label(issue, view.settings.timezone, words)),
            text(page_label(article, issue, words)),
            shortened(article.section or "", marks.of("section"), LINE_UNITS // 2, 2),
            shortened(article.byline or "", marks.of("byline"), LINE_UNITS // 2, 2),
        ],
        " · ",
    )


def _why(view: DigestView, item: DigestItem, article: Article, words: Words) -> Piece:
    lines = []
    for query in item.queries[:QUERIES]:
        match = view.matches.get((query, item.article_id), Match(query))
        label = query_label(view, query, words)
        notes = words("digest-semicolon").join(alias_labels(view, match, words))
        name = shorten(words("digest-noted", text=label, notes=notes) if notes else label, LINE_UNITS)
        page = page_label(article, view.issues.get(view.articles[item.article_id][1]), words)
        key = "article-why-line-page" if page else "article-why-line"
        line = words(key, query=name, passage=SLOT, **({"page": page} if page else {}))
        lines.append(_around(f"• {line}", _passage(article, match)))
    more = len(item.queries) - QUERIES
    rest = text(words("article-why-more", count=more)) if more > 0 else EMPTY
    return join([tag("b", text(words("article-why"))), *lines, rest])


def _passage(article: Article, match: Match) -> Piece:
    """The sentence that proves the match; if the body does not, the title."""
    marks = marks_of(article, [match])
    matched = marks.of("body")
    if not matched:
        return shortened(article.title, marks.of("title"), PASSAGE_UNITS, 2)
    place = matched[0][0]
    start, end = sentence_at(article.body, place)
    begin = start if place - start <= PASSAGE_UNITS // 2 else place - BEFORE_MATCH
    local = [(a - begin, b - begin) for a, b in matched if a >= begin]
    lead = text("…") if begin > start else EMPTY
    return lead + shortened(article.body[begin:end].replace("\n", " "), local, PASSAGE_UNITS, 2)


def _around(sentence: str, piece: Piece) -> Piece:
    """A sentence of ours with `piece` in its slot."""
    before, _, after = sentence.partition(SLOT)
    return text(before) + piece + text(after)


def _figures(article: Article, words: Words) -> Piece:
    """Each figure as printed, with what it measures, of whom, and how far the undertaking is. Where there are too many, those go first
    whose measure has a name (总投资, 产能); shown in the order of the text."""
    if not article.facts:
        return EMPTY
    numbers = sorted(range(len(article.facts)), key=lambda n: (article.facts[n].metric == OTHER, n))[:FACTS]
    lines = [_figure(article.facts[n], words) for n in sorted(numbers)]
    more = len(article.facts) - FACTS
    rest = text(words("article-figures-more", count=more)) if more > 0 else EMPTY
    listed = join([tag("b", text(words("article-figures"))), *lines, rest])
    return tag("blockquote", listed, " expandable")


def _figure(fact: Fact, words: Words) -> Piece:
    named = words(f"metric-{fact.metric.replace('_', '-')}") if fact.metric in METRICS else fact.metric
    metric = "" if fact.metric == OTHER else f"{shorten(named, FACT_UNITS // 2)} "
    stage = words(f"stage-{fact.stage.replace('_', '-')}") if fact.stage in STAGES else ""
    subject = text(shorten(" · ".join(part for part in (fact.subject, stage) if part), FACT_UNITS))
    printed = tag("b", text(shorten(fact.printed, FACT_UNITS // 2)))
    return join([text(f"• {metric}") + printed, subject], " · ")


def _buttons(delivery: str, item: int, n: int, of: int, back: int, words: Words) -> tuple[tuple[Button, ...], ...]:
    turns = []
    if n > 0:
        turns.append(Button(words("article-previous"), f"a:{delivery}:{item}:{n - 1}"))
    if n + 1 < of:
        turns.append(Button(words("article-next"), f"a:{delivery}:{item}:{n + 1}"))
    home = (Button(words("article-back"), f"d:{delivery}:{back}"),)
    return (tuple(turns), home) if turns else (home,)
