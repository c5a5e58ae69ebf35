"""An issue for a person at a terminal: one head line, then each article with its page, topics and first words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from rich.markup import escape

from bot.reasons import problem_text
from bot.texts import Texts
from digests.types import Article, Issue


def issue_lines(path: Path, issue: Issue) -> Iterator[str]:
    """Lines in rich markup."""
    when = issue.day or (f"{issue.date.date_from} – {issue.date.date_to}" if issue.date else "日期未知")
    head = "  ".join(filter(None, [issue.publication or "报刊名未知", issue.number, when]))
    yield f"[bold]{escape(head)}[/bold]  {escape(str(path))}  {len(issue.articles)} 篇"
    for problem in issue.problems:
        yield f"[yellow]! {escape(_both(problem))}[/yellow]"
    for article in issue.articles:
        yield from _article_lines(article)


def _both(problem: str) -> str:
    """In Chinese and as the reader of issues put it; one that has no Chinese as it is."""
    said = problem_text(problem, "zh-Hans", _chinese())
    return problem if said == problem else f"{said} / {problem}"


@cache
def _chinese() -> Callable[..., str]:
    return partial(Texts.load().get, "zh-Hans")


def _article_lines(article: Article) -> Iterator[str]:
    page = f"{article.page} 版  " if article.page else ""
    yield f"{article.order + 1:3}. {page}[bold]{escape(article.title)}[/bold]"
    topics = "、".join(article.topics) or "–"
    yield f"     主题：{escape(topics)}  事实：{len(article.facts)}  可信度：{article.confidence:.2f}"
