"""Pages to lines: the odd places of print, one by one."""

from __future__ import annotations

from digests import split_issue
from digests.reading.lines import Line, read_lines
from digests.reading.roles import is_paper_name, read_roles
from digests.types import Article, Issue, PageText, RawIssue

ONE = "今年以来，全市上下抢抓机遇、奋勇争先，各项事业取得了新的进步，群众的日子越过越好，企业的信心越来越足。"
TWO = "下一步，各镇要把好事办好、实事办实，让山区的百姓在家门口就能看上病、上好学，过上更加安心的生活。"


def read(*pages: str) -> Issue:
    return split_issue(RawIssue("t", "t", tuple(PageText(str(n), text) for n, text in enumerate(pages))))


def articles(*pages: str) -> tuple[Article, ...]:
    return read(*pages).articles


def kinds(issue: Issue) -> set[str]:
    return {left.kind for left in issue.leftovers}


def lines(text: str) -> list[Line]:
    return read_lines(0, text)


# ---------------------------------------------------------------------------------------------- lines
def test_a_line_with_two_parts_is_cut() -> None:
    text = f"{ONE} 山区公路全线通车啦 本报讯 {TWO}"
    assert [line.text for line in lines(text)] == [ONE, "山区公路全线通车啦", f"本报讯 {TWO}"]


def test_a_headline_and_its_text_on_one_line_are_cut() -> None:
    (article,) = articles(f"## 山区公路全线通车 **本报讯** {ONE}")
    assert article.title == "山区公路全线通车" and article.body.startswith("本报讯")


def test_a_jump_line_inside_a_sentence_is_cut_off() -> None:
    (article,) = articles(f"# 山路通车\n\n{ONE}他又说(下转第二版) ** **")
    assert article.body == ONE + "他又说" and article.continued_on == "第二版"


def test_marks_are_no_text() -> None:
    (article,) = articles(f"# 山路[通车](http://a.example)\n\n![图](a.png)\n\n> <b>{ONE}</b>\n\n---\n")
    assert (article.title, article.body) == ("山路通车", ONE)


def test_captions_with_a_triangle() -> None:
    issue = read(f"# 山路通车\n\n{ONE}\n\n▲村民走在新路上\n新路两旁种满了树\n\n{TWO}")
    assert issue.articles[0].body.split("\n")[0] == ONE and "caption" in kinds(issue)


def test_wrapped_columns_become_paragraphs() -> None:
    text = "\n".join((ONE + TWO)[i : i + 14] for i in range(0, len(ONE + TWO), 14))
    (article,) = articles("# 山路通车\n" + text)
    assert article.body == ONE + TWO


def test_latin_words_do_not_grow_together() -> None:
    body = "\n".join(
        [
            "The new bridge over the wide river was",
            "opened to the people of the whole town",
            "after three years of hard work by all",
        ]
        * 4
    )
    (article,) = articles("# Bridge\n\n" + body + ".")
    assert "was opened" in article.body and "town after" in article.body


def test_paper_names() -> None:
    assert is_paper_name("云溪日报") == "newspaper" and is_paper_name("《云溪学报》") == "periodical"
    assert is_paper_name("THE HILL TIMES") == "newspaper" and is_paper_name("山路通车了") is None


def test_a_line_on_three_pages_is_a_running_head() -> None:
    pages = [f"云水之间\n\n{ONE}" for _ in range(3)]
    issue = read("# 山路通车\n\n" + ONE, *pages)
    assert "running_header" in kinds(issue) and "云水之间" not in issue.articles[0].body


def test_roles_of_furniture() -> None:
    texts = [
        "公益广告 讲文明树新风",
        "扫一扫",
        "第3版",
        "▶ 详见二版",
        "二版 社区食堂开到家门口",
        "联系电话：0999-1234567",
        "云溪水利 2021年第4期",
        "云溪水利 2021.4",
        "云溪水利 2021年第4期 技术交流",
        "云溪经济导报 A03 深度 2024-05-20 星期一 编辑/罗列 校对/申言",
        "云溪纺织周报 | 产业 | 2023年5月18日 第20期 总第1066期 | 3版",
        "今天多云，偏东风3级，气温6～15℃。",
        "图为云溪大桥。记者 罗小川 摄",
        "| 品种 | 价格 |",
        "问：何时通车？",
    ]
    found = [read_roles(lines(text))[0] for text in texts]
    assert found == [
        *("public_service", "masthead", "page_number", "pointer", "pointer", "colophon", "running_header"),
        *(
            "running_header",
            "running_header",
            "running_header",
            "running_header",
            "masthead",
            "caption",
            "text",
            "text",
        ),
    ]


def test_a_poem_ends_at_a_line_that_stands_alone() -> None:
    poem = "钢城秋韵\n\n云溪钢厂 罗小川\n\n一片叶子\n听见远方\n有了重量\n\n天车驶过\n把夕阳吊起\n又轻轻放下\n\n桥也通车"
    assert read_roles(lines(poem)) == ["short", "byline", *["text"] * 6, "short"]


def test_a_numbered_series_stands_over_its_headline() -> None:
    (article,) = articles("出海调查②\n\n五问汽车出海\n\n本报记者 罗小川 发自云溪\n\n" + ONE)
    assert (article.title, article.kicker, article.byline) == ("五问汽车出海", "出海调查②", "本报记者 罗小川")


def test_an_interview_is_one_text() -> None:
    talk = "云溪周刊：难在哪里？\n\n卫国：在轴承。\n\n云溪周刊：怎么办？\n\n卫国：靠用户。"
    assert read_roles(lines(talk)) == ["text"] * 4
    assert read_roles(lines("云溪区：开工十个项目\n\n青岚区：签约八个项目")) == ["short", "short"]


def test_a_boxs_list_is_its_text() -> None:
    assert read_roles(lines("数读\n\n- 46艘：手持订单\n- 9家：新增企业\n\n山路通车")) == [
        "box",
        "text",
        "text",
        "short",
    ]


def test_news_under_triangles_are_no_captions() -> None:
    brief = "▲5月18日，云溪大学与青岚集团签署合作协议，共建联合实验室。"
    assert [read_roles(lines(text))[0] for text in (brief, "▲云溪大桥合龙。")] == ["text", "caption"]


def test_a_slogan_goes_with_the_label_above_it() -> None:
    assert read_roles(lines("公益广告\n\n光盘行动 从我做起\n\n云溪县文明办 宣\n\n山路通车")) == [
        *("public_service", "public_service", "public_service", "short"),
    ]
    assert read_roles(lines("公益广告\n\n山路通车\n\n桥也通车")) == ["public_service", "short", "short"]
