"""Splitting as a whole: nothing is lost, nothing is raised, equal text gives equal issues, and it is quick."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests import split_issue
from digests.reading import split
from digests.types import Hints, Issue, PageText, RawIssue

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
PARTS = (
    "\n", "\n\n", "\n\n\n\n", "\r\n", "  \n", "\f", "\t", " ", "　　", "# ", "## ", "### ", "**", "- ", "■ ", " ■", "▶ 详见二版", "(下转第二版)", "(上接第一版)",
    "本报讯 ", "本报评论员", "罗小川", "（住建局）", "王强 摄", "图为会议现场", "相关链接：", "编者按：", "目录", "01 春天来了 百花齐放", "春天来了百花齐放……3",
    "编辑委员会", "主办：云溪市科协", "主办单位：", "云溪日报", "2021年第5期", "总第160期", "2021年2月26日 星期五", "— 12 —", "第2版", "一、强化责任", "奋斗者说：",
    "山区公路全线通车 沿线村民出行更便捷", "数量列全国第一", "——云溪创意街区纪实", "停水公告", "（作者系市水利局局长）", "公益广告", "![](a.png)", "\x00", "\ufffd",
    "今年以来，全市上下抢抓机遇、奋勇争先，经济运行稳中向好。", "这是一个没有结束的段落，它在句子的中间就被切断了，所以后面还会有", "接着说完这句话。", "The bridge opened on Thursday.",
)  # fmt: skip


def read(*pages: str, hints: Hints | None = None) -> Issue:
    texts = tuple(PageText(f"page {n}", text) for n, text in enumerate(pages, 1))
    return split_issue(RawIssue("test", "test", texts, hints or Hints()))


def covered(issue: Issue, pages: tuple[str, ...]) -> None:
    """Every character of every page belongs to exactly one article or leftover."""
    spans = [s for a in issue.articles for s in a.spans] + [left.span for left in issue.leftovers]
    position = dict.fromkeys(range(len(pages)), 0)
    for span in sorted(spans, key=lambda s: (s.page, s.start)):
        assert span.start == position[span.page] and span.end > span.start
        position[span.page] = span.end
    assert [position[n] for n in range(len(pages))] == [len(page) for page in pages]
    for left in issue.leftovers:
        assert left.text == pages[left.span.page][left.span.start : left.span.end]


@given(st.lists(st.lists(st.sampled_from(PARTS), max_size=40).map("".join), min_size=1, max_size=3).map(tuple))
@settings(max_examples=60, deadline=None)
def test_no_character_is_lost_in_print(pages: tuple[str, ...]) -> None:
    covered(read(*pages), pages)


@given(st.lists(st.text(max_size=300), min_size=1, max_size=2).map(tuple))
@settings(max_examples=40, deadline=None)
def test_no_character_is_lost_in_anything(pages: tuple[str, ...]) -> None:
    covered(read(*pages), pages)


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
@settings(max_examples=15, deadline=None)
def test_equal_text_gives_equal_issues(text: str) -> None:
    assert read(text) == read(text)


def test_every_letter_of_an_article_is_in_its_title_body_or_author() -> None:
    text = "# 山路通车了\n\n本报讯 昨天，山路通车了，村民们放起了\n\n鞭炮。\n\n大家都很高兴，相约明年再聚。\n\n罗小川"
    (article,) = read(text).articles
    assert (article.title, article.byline) == ("山路通车了", "罗小川")
    assert article.body == "本报讯 昨天，山路通车了，村民们放起了鞭炮。\n大家都很高兴，相约明年再聚。"


# ---------------------------------------------------------------------------------------------- bad input
NOVEL = "\n\n".join(
    f"第{n}章 风雪夜\n\n" + "他推开门，看见院子里的雪已经积了一尺厚，忍不住叹了一口气。\n\n" * 6 for n in range(40)
)
BAD = {
    "empty": "", "blank": " \n\t\n", "binary": "".join(chr(n % 256) for n in range(5000)), "one line": "天地玄黄宇宙洪荒，" * 8_000,
    "novel": NOVEL, "advertisements": "春季大促销 全场五折起 电话：12345678\n" * 200, "stars": "*" * 50_000, "brackets": "（“《" * 8_000,
    "links": "[![(" * 4_000, "controls": "标题\u202e\u0007\n\n正文\x08在这里，说了一句完整的话。\n" * 50, "numbers": "\n".join(map(str, range(2000))),
    "contents": "目录\n" + "\n".join(f"{n // 20 + 1} 关于若干事情的思考之{n}" for n in range(600)), "unmatched": "**标题\n\n（正文「没有结束" * 200,
    "surrogate": "标题\ud800\n\n正文说了一句完整的话，没有别的意思。",
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gives_an_issue_in_bounded_time(name: str) -> None:
    begun = time.process_time()
    issue = read(BAD[name])
    assert time.process_time() - begun < 5
    covered(issue, (BAD[name],))
    assert issue.articles or not BAD[name].strip() or issue.problems or name == "contents"


@pytest.mark.parametrize(("name", "problem"), [("empty", "no text"), ("blank", "no text"), ("binary", "not a text")])
def test_bad_input_is_reported(name: str, problem: str) -> None:
    assert any(problem in said for said in read(BAD[name]).problems)


def test_more_text_than_is_read_is_left_over_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "MAX_TEXT", 1000)
    text = "云" * 1010
    issue = read(text)
    covered(issue, (text,))
    assert issue.problems[0].startswith("page 1: only the first")


def test_more_lines_than_are_read_are_left_over_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "MAX_LINES", 50)
    pages = ("# 标题\n" * 40, "# 标题\n" * 40, "# 标题\n")
    issue = read(*pages)
    covered(issue, pages)
    assert any("lines" in said for said in issue.problems)


# ---------------------------------------------------------------------------------------------- hints and identity
def test_hints_go_before_the_text() -> None:
    hints = Hints("青禾时报", "newspaper", "第9期", 9, "2022-05-06", 3)
    issue = read("# 山路通车了\n\n本报讯 昨天，山路通车了，村民们放起了鞭炮。", hints=hints)
    assert (issue.publication, issue.kind, issue.number, issue.total_number, issue.page) == (
        "青禾时报",
        "newspaper",
        "第9期",
        9,
        3,
    )
    assert issue.day == "2022-05-06" and issue.articles[0].page == 3 and issue.publication_confidence == 1.0


def test_the_page_of_a_file_is_the_page_of_its_articles() -> None:
    raw = RawIssue(
        "t", "t", (PageText("A", "# 山路通车了\n\n本报讯 昨天，山路通车了，村民们很高兴。", 5), PageText("B", "无", 6))
    )
    assert split_issue(raw).articles[0].page == 5


def test_an_issue_without_a_name_is_known_by_its_content() -> None:
    one, other = read("# 山路通车了\n\n本报讯 昨天，山路通车了。"), read("# 山路通车了\n\n本报讯 昨天，山路 通车了。")
    assert one.id == one.fingerprint == other.fingerprint


def test_an_issue_with_name_and_day_is_known_by_them() -> None:
    head = "云溪日报\n\n2022年3月18日 星期五\n\n# 山路通车了\n\n本报讯 昨天，山路通车了，"
    assert read(head + "大家高兴。").id == read(head + "大家很高兴。").id


# ---------------------------------------------------------------------------------------------- the labelled issues
@pytest.mark.skipif(not CORPUS.exists(), reason="the labelled issues are not beside the project")
@pytest.mark.parametrize("spoiled", [False, True])
def test_labelled_issues(spoiled: bool) -> None:
    sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
    from random import Random

    from corruption import Score, compare, noise, samples

    for sample in samples():
        score = Score()
        compare(sample, noise(0.02)(sample.text, Random(3)) if spoiled else sample.text, score)
        assert score.detection >= 0.9, sample.name
        assert score.body / score.labelled >= (0.9 if spoiled else 0.97)


@pytest.mark.skipif(not CORPUS.exists() or sys.gettrace() is not None, reason="no labelled issues, or time is traced")
def test_a_page_is_read_quickly() -> None:
    for path in sorted(CORPUS.glob("0*.json")):
        text = (CORPUS / json.loads(path.read_text(encoding="utf-8"))["source_file"]).read_text(encoding="utf-8")
        spent = []
        for _ in range(3):
            begun = time.process_time()
            read(text)
            spent.append(time.process_time() - begun)
        assert min(spent) < (0.5 if len(text) > 10_000 else 0.05)


def test_a_report_of_the_news_agency_is_an_article_of_its_own() -> None:
    """据新华社电 without a day begins one, as 本报讯 does: it went to the readers of the article above it."""
    issue = read(
        "云溪日报\n2026年11月22日 星期日 第1版\n\n一线工人获评劳模\n本报讯 装配车间工人赵强近日获评市劳动模范。他所在班组一年改进工艺32项。\n\n"
        "光伏玻璃价格回落\n据新华社电 近期光伏玻璃价格回落，每平方米降至14元。业内人士认为，库存仍处高位。\n"
    )
    assert [article.title for article in issue.articles] == ["一线工人获评劳模", "光伏玻璃价格回落"]
