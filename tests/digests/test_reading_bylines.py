"""Who wrote it: what is an author line, and what only looks like one."""

from __future__ import annotations

import pytest

from digests.reading.bylines import dateline_author, is_byline, is_credit, is_name, split_tail, tidy


@pytest.mark.parametrize(
    "text",
    ["罗小川", "罗小川/文 叶青/摄", "本报记者 顾晓晨 通讯员 祝英", "全媒体记者 欧阳修远 齐山", "（住建局）", "■ 卫平", "本报评论员", "融媒报道", "来源：云溪发布",
     "文/图 齐山", "王 强", "通讯员 市科协 王强", "本报综合报道", "供稿 摄影"],
)  # fmt: skip
def test_author_lines(text: str) -> None:
    assert is_byline(text)


@pytest.mark.parametrize(
    "text",
    ["", "云", "简讯", "山路通车了", "（下转第二版）", "（资料图）", "会议现场 王强 摄", "春茶开采 山村忙碌", "（完）", "。。。", "王强 李明 张三 赵四 钱七 孙八 周九 吴十 郑一 冯二", "记者 今天来到了美丽的山村",
     "王" * 61],
)  # fmt: skip
def test_no_author_lines(text: str) -> None:
    assert not is_byline(text)


def test_names() -> None:
    assert is_name("罗川") and is_name("欧阳修远") and is_name("司马光")
    assert (
        not is_name("") and not is_name("Tom") and not is_name("欧阳") and not is_name("一二三") and not is_name("文化")
    )


def test_credits() -> None:
    assert is_credit("王强 摄") and not is_credit("王强 文 李明 摄") and not is_credit("王强")


@pytest.mark.parametrize(
    ("text", "tail"),
    [("会议结束了。 融媒报道", " 融媒报道"), ("会议结束了。（王强）", "（王强）"), ("会议结束了。（记者 王强 李明）", "（记者 王强 李明）"),
     ("会议结束了。(作者系局长)", "(作者系局长)"), ("会议结束了。(现场)", "(现场)")],
)  # fmt: skip
def test_author_at_the_end_of_a_paragraph(text: str, tail: str) -> None:
    at = split_tail(text)
    assert at is not None and text[at:] == tail


@pytest.mark.parametrize(
    "text",
    ["会议结束了。", "会议结束了。 下一次明年开", "会议结束了。（十二月再开，地点不变）", "会议结束了。（2022年5月）"],
)
def test_no_author_at_the_end(text: str) -> None:
    assert split_tail(text) is None


def test_author_in_the_dateline() -> None:
    assert dateline_author("本报讯 （记者 王强）昨天", 3) == "记者 王强"
    assert dateline_author("本报讯 记者王强 通讯员胡杨报道 昨天", 3) == "记者王强 通讯员胡杨"
    assert dateline_author("本报讯（今天天气很好）昨天", 3) is None
    assert dateline_author("昨天", 0) is None


def test_tidy() -> None:
    assert tidy("■ 王 强") == "王强" and tidy("（住建局）") == "住建局"


def test_a_byline_is_shown_without_what_is_no_name() -> None:
    assert tidy("本报讯 特约记者 罗珊报道") == "特约记者 罗珊"
    assert is_credit("摄影/学生记者 罗珊") and not is_credit("摄影/秋到厂区的云")
    assert tidy("融媒报道") == "融媒报道"
