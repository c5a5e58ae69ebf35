"""Where a column's end cut a sentence, what stands before the cut is no headline; and briefs whose headline runs into the text."""

from __future__ import annotations

import pytest

from digests import split_issue
from digests.types import Article, PageText, RawIssue

ONE = "本报讯 记者昨天获悉，山那边的木器厂今年产品卖到了三十个国家，工人们天天加班，订单排到了明年春天。"
TWO = "厂长说，老产品要改，新产品要快，一年要拿出十件新产品，让山里的手艺走得更远，让乡亲们的日子更好。"


def read(text: str) -> tuple[Article, ...]:
    return split_issue(RawIssue("t", "t", (PageText("1", text),))).articles


@pytest.mark.parametrize(
    ("cut", "goes_on"),
    [
        ("木器厂在青桐镇的西边，主要产", "品有桌椅和农具，样样都是老师傅带着徒弟做出来的，一件也不马虎。"),
        ("目前，青桐镇做木器的老手艺人", "已有四百多位，最年长的八十一岁，最年轻的才十九岁，刚从学校出来。"),
        ("木器厂在青桐镇的西边做着主要产", "品，样样都是老师傅带着徒弟做出来的，一件也不马虎，远近都知道。"),
    ],
)
def test_a_line_that_a_column_cut_short_is_no_headline(cut: str, goes_on: str) -> None:
    (article,) = read(f"## 木器走出大山\n\n{ONE}\n\n{cut}\n\n{goes_on}\n\n{TWO}\n\n乔木")
    assert article.title == "木器走出大山" and cut + goes_on in article.body


def test_a_headline_without_marks_stays_one() -> None:
    found = read(f"## 木器走出大山\n\n{ONE}\n\n山里今年通上了自来水\n\n本报讯 {TWO}")
    assert [article.title for article in found] == ["木器走出大山", "山里今年通上了自来水"]


def test_a_bold_headline_runs_into_its_brief() -> None:
    brief = "6月2日，全长十一公里的山路修好了，两边种上了树，村里人出门不用再绕远路。"
    found = read(f"简讯\n\n**青桐镇山路修好通车** {brief}（乔木）\n\n**青桐镇办起了木工班** {brief}（林小满）")
    assert [(article.title, article.byline, article.body) for article in found] == [
        ("青桐镇山路修好通车", "乔木", brief),
        ("青桐镇办起了木工班", "林小满", brief),
    ]


def test_bold_words_at_the_head_of_a_paragraph_are_none() -> None:
    (article,) = read(f"## 木器走出大山\n\n{ONE}\n\n**抓品质，重在用心。** {TWO}\n\n**记者：** {TWO}（乔木）")
    assert article.title == "木器走出大山" and "抓品质，重在用心。" in article.body
