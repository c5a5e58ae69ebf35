"""An issue as an admin looks at it: pages, marks on what may be split wrongly, nothing that breaks HTML."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.issue_page import PER_PAGE, issue_page
from bot.sandbox.markup import parse_html
from bot.texts import Texts
from digests.types import Article, Issue

TEXTS = Texts.load()
SEEN = datetime(2026, 3, 2, tzinfo=UTC)


def issue(count: int, **given: Any) -> Issue:
    articles = tuple(
        Article(
            f"<题> {n} " + "长" * 80,
            "文",
            confidence=0.3 if n == 1 else 0.9,
            topics=("光伏",) if n else (),
            page=n or None,
        )
        for n in range(count)
    )
    return Issue("甲&乙报", "newspaper", articles, id="0" * 32, first_seen=SEEN, **given)


def test_pages_turn_and_end() -> None:
    whole = issue(PER_PAGE + 1)
    first, second = (issue_page(whole, n, "zh-Hans", TEXTS) for n in (0, 1))
    assert first is not None and second is not None
    assert [button.data for row in first.buttons for button in row] == [f"i:{'0' * 32}:1"]
    assert [button.data for row in second.buttons for button in row] == [f"i:{'0' * 32}:0"]
    assert issue_page(whole, 2, "zh-Hans", TEXTS) is None
    assert issue_page(whole, -1, "zh-Hans", TEXTS) is None


def test_what_a_later_one_corrects_is_marked() -> None:
    whole = issue(3)
    first, second, third = (replace(article, id=n) for n, article in enumerate(whole.articles, 7))
    page = issue_page(replace(whole, articles=(first, second, replace(third, corrects=8))), 0, "zh-Hans", TEXTS)
    assert page is not None
    assert ["已更正" in line for line in page.html.splitlines()[-3:]] == [False, True, False]


def test_what_may_be_split_wrongly_is_marked_and_html_holds() -> None:
    page = issue_page(issue(3, problems=("<p> & more",)), 0, "zh-Hans", TEXTS)
    assert page is not None
    text, entities = parse_html(page.html)[:2]
    assert "❓" in text and "1 篇拆分把握不大" in text and "<p> & more" in text
    assert entities


def test_an_empty_issue_has_one_page() -> None:
    page = issue_page(issue(0), 0, "en", TEXTS)
    assert page is not None and page.buttons == () and "0 articles" in page.html
