"""The table of contents: its entries in both layouts, and its alignment with a body that OCR has read differently."""

from __future__ import annotations

from digests import split_issue
from digests.reading.contents import Contents, read_contents
from digests.reading.lines import read_lines
from digests.reading.roles import read_roles
from digests.types import PageText, RawIssue

BODY = "今年以来，全市上下抢抓机遇、奋勇争先，各项事业取得了新的进步，群众的日子越过越好，企业的信心越来越足。"


def contents(text: str) -> Contents:
    lines = read_lines(0, text)
    return read_contents(lines, read_roles(lines))


def test_numbers_before_the_titles() -> None:
    read = contents(
        "目 录\n\n■ 要闻\n\n- 01 全市科技大会召开\n- 02 副市长调研时强调——\n把饭碗端在自己手里\n\n■ 人物\n\n- 05 守田人老耿\n——一个农民的四十年\n- 07 A区与B区——双城记\n- 08 小河的春天 / 罗小川\n"
    )
    assert [(e.page, e.section) for e in read.entries] == [
        (1, "要闻"),
        (2, "要闻"),
        (5, "人物"),
        (7, "人物"),
        (8, "人物"),
    ]
    assert (read.entries[1].kicker, read.entries[1].title) == ("副市长调研时强调", "把饭碗端在自己手里")
    assert (read.entries[2].title, read.entries[2].subtitle) == ("守田人老耿", "一个农民的四十年")
    assert (read.entries[3].title, read.entries[3].subtitle) == ("A区与B区", "双城记")
    assert (read.entries[4].title, read.entries[4].byline) == ("小河的春天", "罗小川")


def test_numbers_after_the_titles() -> None:
    read = contents(
        "目录\n卷首语\n春天里的账本……1\n人物\n守田人老耿 …… 罗小川 …… 3\n小河 · · · 5\n弯弯的山路通到我家 王强  8\n"
    )
    assert [(e.page, e.title) for e in read.entries] == [
        (1, "春天里的账本"),
        (3, "守田人老耿"),
        (5, "小河"),
        (8, "弯弯的山路通到我家"),
    ]
    assert [e.section for e in read.entries] == ["卷首语", "人物", "人物", "人物"]
    assert [e.byline for e in read.entries] == ["", "罗小川", "", "王强"]


def test_a_figure_in_a_headline_is_no_page() -> None:
    read = contents(
        "目录\n- 01 全市科技大会召开\n- 26 产学研赋能制造业\n18 家企业对接八家院所\n- 27 山路通车了\n- 30 小河清了\n"
    )
    assert [e.page for e in read.entries] == [1, 26, 27, 30]
    assert read.entries[1].title == "产学研赋能制造业 18 家企业对接八家院所"


def test_an_author_on_a_line_of_its_own() -> None:
    read = contents("目录\n01 全市科技大会召开\n王强\n02 产学研赋能制造业\n03 山路通车了\n04 小河清了\n")
    assert read.entries[0].byline == "王强" and read.entries[0].title == "全市科技大会召开"


def test_no_contents() -> None:
    assert not contents("45 个项目集中签约\n\n" + BODY).entries
    assert not contents("01 全市大会召开\n02 小河清了很多\n03 山路通车了吗\n04 守田人老耿头\n").entries
    assert contents("\n".join(f"{n:02} 第{n}篇文章的题目" for n in range(1, 8))).entries


def test_the_body_s_headlines_are_found_though_ocr_errs() -> None:
    text = (
        "云溪科创\n\n目录\n\n要闻\n01 全市科技大会隆重召开\n03 云溪创新园启动积分试点工作\n人物\n05 副市长调研种业时强调——\n把饭碗端在自己手里\n09 溪山矿区的智能化之路\n\n"
        f"全市科枝大会隆重召开\n\n{BODY}\n\n会场外景\n\n{BODY}\n\n云溪创新园启动\n积分试点工作\n\n{BODY}\n\n副市长调研种业时强调——\n\n把饭碗瑞在自己手里\n\n{BODY}\n\n溪山矿区的智能化之路业合作\n\n一年建成三个样板\n\n■ {BODY}"
    )
    articles = split_issue(RawIssue("t", "t", (PageText("t", text),))).articles
    assert [(a.page, a.section) for a in articles] == [(1, "要闻"), (3, "要闻"), (5, "人物"), (9, "人物")]
    assert [a.title for a in articles] == [
        "全市科枝大会隆重召开",
        "云溪创新园启动 积分试点工作",
        "把饭碗瑞在自己手里",
        "溪山矿区的智能化之路",
    ]
    assert articles[2].kicker == "副市长调研种业时强调" and articles[3].subtitle == "一年建成三个样板"


def test_a_dash_without_a_second_part() -> None:
    read = contents("目录\n01 全市科技大会召开——\n02 产学研赋能制造业\n03 山路通车了\n04 小河清了\n")
    assert read.entries[0].title.startswith("全市科技大会召开") and not read.entries[0].subtitle
