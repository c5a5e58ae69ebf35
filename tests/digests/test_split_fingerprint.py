"""Fingerprints: equal for the same words in other wrapping, different for other words."""

from __future__ import annotations

from dataclasses import replace

from digests import article_fingerprint, issue_fingerprint, issue_id
from digests.types import Hints, PageText, RawArticle, RawIssue


def raw(*texts: str, name: str = "a") -> RawIssue:
    return RawIssue("s", name, tuple(PageText(f"{name}{n}", text) for n, text in enumerate(texts)))


def test_wrapping_width_and_names_do_not_count() -> None:
    assert issue_fingerprint(raw("第１期\n正文 一", name="a")) == issue_fingerprint(raw("第1期正文一", name="b"))
    assert article_fingerprint("标题", "正文\n一") == article_fingerprint("标 题", "正文一")


def test_ready_articles_are_a_papers_own() -> None:
    """Of pages the paper's name is part of the text, so that a file is the same under whatever name it comes."""

    def ready(paper: str | None) -> RawIssue:
        return RawIssue("s", "k", hints=Hints(publication=paper), articles=(RawArticle("题", "文"),))

    assert issue_fingerprint(ready("甲报")) == issue_fingerprint(replace(ready("甲报"), source="t", key="l"))
    assert len({issue_fingerprint(ready(paper)) for paper in ("甲报", "乙报", None)}) == 3
    assert issue_fingerprint(replace(raw("一"), hints=Hints(publication="甲报"))) == issue_fingerprint(raw("一"))


def test_words_and_pages_count() -> None:
    assert issue_fingerprint(raw("一", "二")) != issue_fingerprint(raw("一二"))
    assert article_fingerprint("一", "二") != article_fingerprint("一二", "")
    assert len(article_fingerprint("", "")) == 32


def test_an_issue_is_known_by_name_and_day_or_by_content() -> None:
    assert issue_id("云溪日报", "2022-03-18", "f" * 32) == issue_id("云溪日报", "2022-03-18", "0" * 32)
    assert issue_id("云溪日报", None, "f" * 32) == issue_id(None, "2022-03-18", "f" * 32) == "f" * 32
