"""Issue fields and dates: what is proved is told with its evidence, what is not is None."""

from __future__ import annotations

import pytest

from digests import split_issue
from digests.reading.dates import read_date
from digests.reading.pages import page_number
from digests.types import DateEvidence, Issue, PageText, RawIssue

STORY = "# 山路通车了\n\n本报讯 {}，山路全线通车，村民们放起了鞭炮，载着山货的汽车一辆接一辆地开了出去。\n\n罗小川\n"


def read(text: str) -> Issue:
    return split_issue(RawIssue("t", "t", (PageText("t", text),)))


def dated(
    text: str,
    *,
    head: tuple[str, ...] = (),
    number: str | None = None,
    kind: str | None = None,
    hint: str | None = None,
) -> DateEvidence | None:
    return read_date(head, text, hint=hint, number=number, kind=kind)


# ---------------------------------------------------------------------------------------------- dates
def test_a_printed_day_is_a_fact() -> None:
    date = dated("", head=("2021年2月24日 星期三",))
    assert date == DateEvidence("2021-02-24", "2021-02-24", True, ("2021年2月24日 星期三",))


@pytest.mark.parametrize("line", ["2021年2月24日 星期四", "2021年2月30日", "2021年13月1日"])
def test_a_printed_day_that_cannot_be_is_none(line: str) -> None:
    assert dated("", head=(line,)) is None


def test_english_days() -> None:
    date = dated("", head=("Friday, March 4, 2022", "Feb 30, 2022"))
    assert date and date.date_from == "2022-03-04" and date.printed
    assert dated("", head=("Feb 30, 2022",)) is None


def test_a_hint_is_a_fact_if_it_is_a_day() -> None:
    date = dated("", hint="2021-02-24")
    assert date and date.printed and date.date_from == "2021-02-24"
    assert dated("", hint="2021-02-31") is None and dated("", hint="2021-02") is None


def test_a_weekday_beside_a_day_proves_the_year() -> None:
    date = dated("2月23日,联盟发布了2021年1月份数据。2月26日,本周五上午将播出节目。")
    assert date and (date.date_from, date.date_to, date.printed) == ("2021-02-23", "2021-02-26", False)
    assert "2月26日,本周五" in date.quotes


def test_a_weekday_may_prove_the_year_after_the_newest_named_one() -> None:
    date = dated("2020年全县增长了一成。1月29日（星期五），大会召开。")
    assert date and date.date_from == "2021-01-29"


def test_a_weekday_without_any_year_proves_nothing() -> None:
    assert dated("2月26日（星期五）上午，大会召开。") is None


def test_the_latest_event_bounds_the_day() -> None:
    date = dated("11月17-18日，大会召开。2020年以来增长很快。11月3日，小会召开。去年12月30日，旧会召开。")
    assert date and (date.date_from, date.date_to) == ("2020-11-18", "2020-11-28")


def test_plans_prove_no_year() -> None:
    date = dated("力争到2035年建成。2030年前完成。2028年目标已定。2023年，公司投产。1月29日，大会召开。")
    assert date and date.date_from == "2023-01-29"


def test_a_lone_far_year_is_no_proof() -> None:
    date = dated("2019年开工，2020年投产，2031年的规划。5月3日，大会召开。")
    assert date and date.date_from == "2020-05-03"


def test_only_announced_days_bound_it_from_above() -> None:
    date = dated("2022年的第一场展览5月20日将开幕。")
    assert date and (date.date_from, date.date_to) == ("2022-05-10", "2022-05-20")


def test_a_year_without_days_is_a_year() -> None:
    date = dated("2022年，公司增长了一成。")
    assert date and (date.date_from, date.date_to, date.printed) == ("2022-01-01", "2022-12-31", False)


def test_one_event_far_after_all_others_is_a_slip() -> None:
    date = dated("2021年的事：2月3日开会，2月5日签约，2月7日开工，12月9日。")
    assert date and date.date_from == "2021-02-07"


def test_full_days_in_the_text() -> None:
    date = dated("2021年2月26日（星期五），大会召开。2021年2月31日不存在。")
    assert date and date.date_from == "2021-02-26"
    wrong = dated("2021年2月26日（星期四），大会召开。")
    assert wrong and wrong.date_from == "2021-02-26" and wrong.quotes[0].startswith("2021")


def test_nothing_proves_nothing() -> None:
    assert dated("昨天，大会召开。") is None


def test_a_five_year_plan_names_its_first_and_last_year() -> None:
    for words, year in (("“十四五”开局之年", 2021), ("十三五规划收官之年", 2020)):
        date = dated(f"今年是{words}，3月4日，县里召开会议。")
        assert date is not None and date.date_from == f"{year}-03-04" and words.removeprefix("“") in date.quotes[0]


def test_a_year_told_as_a_whole_is_over() -> None:
    date = dated("3月4日，县里召开会议。2020年，全县实现产值3亿元，同比增长5%。")
    assert date is not None and date.date_from == "2021-03-04"
    date = dated("11月4日，县里召开会议。2020年，全县实现产值3亿元，同比增长5%。")
    assert date is not None and date.date_from == "2020-11-04"


def test_a_far_year_with_what_happened_in_it_is_proof() -> None:
    date = dated("企业建于2013年，当年只有三个人。11月4日开工。2020年冬天，第一批产品完成测试。")
    assert date is not None and date.date_from == "2020-11-04"


def test_the_year_of_a_numbered_issue() -> None:
    date = dated("2月24日，园区召开发布会。2012年，第一家企业来到园区。", number="2022年第3期", kind="periodical")
    assert date is not None and date.date_from == "2022-02-24"


def test_a_monthly_s_number_is_its_month() -> None:
    date = dated("", head=("每月5日出版",), number="2021年第12期", kind="periodical")
    assert date and (date.date_from, date.date_to, date.printed) == ("2021-12-01", "2021-12-31", False)
    assert dated("", head=("双月刊",), number="2021年第5期", kind="periodical") is None
    assert dated("", head=("每月5日出版",), number="2021年第13期", kind="periodical") is None
    assert dated("", head=("每月5日出版",), number="第5期", kind="periodical") is None


def test_a_month_s_number_names_its_month() -> None:
    date = dated("", head=("2021年2月号",))
    assert date and (date.date_from, date.date_to) == ("2021-02-01", "2021-02-28")


# ---------------------------------------------------------------------------------------------- fields
def test_a_mention_is_a_weaker_proof_of_the_publication() -> None:
    issue = read(
        STORY.format("昨天")
        + "\n## 节目预告\n\n3月1日《云溪时报》三版将刊登详细的上线内容，敬请各位读者关注，也欢迎来电来信。"
    )
    assert issue.publication == "云溪时报" and issue.publication_confidence == 0.5


def test_two_mentions_prove_nothing() -> None:
    assert read(STORY.format("《云溪时报》和《青禾日报》说") + "本报评论员").publication is None


def test_a_name_that_comes_again_is_a_periodical_s() -> None:
    issue = read(
        f"云溪科技\n\n2021年第5期\n\n云溪科技\n\n目录\n\n01 山路通车了\n02 小河清了吗\n03 守田人老耿\n04 春天的账本\n\n{STORY.format('昨天')}"
    )
    assert (issue.publication, issue.kind, issue.number) == ("云溪科技", "periodical", "2021年第5期")


def test_no_name_on_the_cover() -> None:
    issue = read(f"123\n\n目录\n\n01 山路通车了\n02 小河清了吗\n03 守田人老耿\n04 春天的账本\n\n{STORY.format('日前')}")
    assert issue.publication is None and issue.kind == "periodical"


def test_sponsors_below_their_label() -> None:
    issue = read(
        "云溪科技 2021年第5期\n\n主办单位：\n\n云溪市科技局\n\n承办单位：\n\n云溪市科协\n\n" + STORY.format("昨天")
    )
    assert issue.sponsors == ("云溪市科技局",)


def test_sponsors_before_the_word() -> None:
    assert read("云溪科技\n\n第5期 总第12期\n\n云溪市科技局主办\n\n" + STORY.format("昨天")).sponsors == (
        "云溪市科技局",
    )
    assert read("主办单位：" + "\n云溪市水利局" * 9 + "\n\n" + STORY.format("昨天")).sponsors == ("云溪市水利局",) * 7
    assert read("云溪科技\n\n主办：\n\n" + STORY.format("昨天")).sponsors == ()


def test_numbers() -> None:
    issue = read("云溪科技\n\n第5期 总第12期\n\n云溪市科技局主办\n\n" + STORY.format("昨天"))
    assert (issue.number, issue.total_number) == ("第5期", 12)


@pytest.mark.parametrize(
    ("head", "page"),
    [
        ("第3版 综合新闻\n\n", 3),
        ("A05版\n\n", 5),
        ("", None),
        ("云溪日报\n\n主办：云溪市委\n\n", 1),
        ("2021年3月4日\n\n3\n\n", 3),
        ("云溪日报\n\n第512期\n\n", 1),
        ("6 产业链\n\n2021年3月4日 星期四 编辑 乔木\n\n", 6),
    ],
)
def test_page(head: str, page: int | None) -> None:
    assert read(head + STORY.format("昨天")).page == page


def test_pages_of_an_issue() -> None:
    pages = ("云溪日报\n\n" + STORY.format("昨天"), "第2版 要闻\n\n" + STORY.format("今天"), STORY.format("明天"))
    issue = split_issue(RawIssue("t", "t", tuple(PageText(str(n), text) for n, text in enumerate(pages))))
    assert [a.page for a in issue.articles] == [1, 2, None] and issue.page is None


@pytest.mark.parametrize(
    ("text", "page"),
    [("第二版", 2), ("A3版", 3), ("第十版", 10), ("第十二版", 12), ("二十版", 20), ("版", None), (None, None)],
)
def test_page_numbers(text: str | None, page: int | None) -> None:
    assert page_number(text) == page


def test_kind_by_length_or_not_at_all() -> None:
    plain = "# 山路\n\n" + "山路全线通车，村民们放起了鞭炮。\n\n" * 20
    assert read(plain).kind is None
    assert read("# 山路\n\n" + "山路全线通车，村民们放起了鞭炮。\n\n" * 800).kind == "periodical"
