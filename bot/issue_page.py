"""An issue as an admin looks at it: its articles with page, topics and how sure the split is, page by page.

Articles that may be split wrongly, and those that a later one corrects, stand marked, so that a list to check is one look away.
"""

from __future__ import annotations

from functools import partial

from bot.chat.callbacks import IssuePage
from bot.reasons import problem_text
from bot.texts import Texts
from digests.html import html_escape
from digests.issue_parts import issue_summary
from digests.ports import IssueSummary
from digests.render_labels import issue_label
from digests.types import Article, Button, Chunk, Issue
from subscriptions import Language

PER_PAGE = 15
SURE = 0.6
"""Confidence below which a person should look at the split."""
TITLE_LENGTH = 60


def issue_page(issue: Issue, page: int, language: Language, texts: Texts) -> Chunk | None:
    """Page `page` (from 0), or None if there is none. Nothing of it names a time zone but first_seen, shown in UTC+8."""
    t = partial(texts.get, language)
    pages = max(1, -(-len(issue.articles) // PER_PAGE))
    if not 0 <= page < pages:
        return None
    summary = issue_summary(issue)
    shown = issue.articles[page * PER_PAGE : (page + 1) * PER_PAGE]
    lines = [_head(issue, summary, texts, language)]
    lines += [
        t("issue-problem", problem=html_escape(problem_text(problem, language, t))) for problem in issue.problems[:3]
    ]
    gone = {article.corrects for article in issue.articles} - {0}
    marks = [t("issue-article-corrected") if article.id in gone else "" for article in shown]
    lines += ["", *(_line(article, page * PER_PAGE + n, t) + marks[n - 1] for n, article in enumerate(shown, 1))]
    html = "\n".join(lines)
    return Chunk(html, html, _turns(issue.id, page, pages, t))


def _head(issue: Issue, summary: IssueSummary, texts: Texts, language: Language) -> str:
    label = issue_label(summary, "Asia/Shanghai", partial(texts.get, language))
    unsure = sum(article.confidence < SURE for article in issue.articles)
    return texts.get(language, "issue-head", issue=html_escape(label), articles=len(issue.articles), unsure=unsure)


def _line(article: Article, number: int, t: partial[str]) -> str:
    title = article.title if len(article.title) <= TITLE_LENGTH else article.title[:TITLE_LENGTH] + "…"
    key = "issue-article" if article.confidence >= SURE else "issue-article-unsure"
    topics = "、".join(article.topics[:3]) or "–"
    page = f"{article.page or '–'}"
    return t(key, number=number, title=html_escape(title), page=page, topics=html_escape(topics))


def _turns(issue: str, page: int, pages: int, t: partial[str]) -> tuple[tuple[Button, ...], ...]:
    row = []
    if page:
        row.append(Button(t("digest-back"), IssuePage(issue=issue, page=page - 1).pack()))
    if page + 1 < pages:
        row.append(Button(t("article-next"), IssuePage(issue=issue, page=page + 1).pack()))
    return (tuple(row),) if row else ()
