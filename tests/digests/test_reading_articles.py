"""Lines to articles: the odd places of print, one by one."""

from __future__ import annotations

from digests import split_issue
from digests.reading.lines import Line, read_lines
from digests.reading.pages import PageHead, read_page_head
from digests.reading.roles import read_roles
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


# ---------------------------------------------------------------------------------------------- articles
def test_a_box_without_text_is_left_over() -> None:
    issue = read(f"# 山路通车\n\n{ONE}\n\n相关链接\n")
    assert [a.kind for a in issue.articles] == ["news"] and "noise" in kinds(issue)


def test_paragraphs_after_a_box_stay_in_it() -> None:
    box = articles(f"# 山路通车\n\n{ONE}\n\n【相关链接】{TWO}\n\n{ONE}\n\n{TWO}")[1]
    assert (box.kind, box.title, box.body) == ("box", "相关链接", "\n".join((TWO, ONE, TWO)))


def test_a_box_keeps_its_author() -> None:
    box = articles(f"# 山路通车\n\n{ONE}\n\n相关链接：{TWO}\n\n{ONE}\n\n罗小川")[1]
    assert box.byline == "罗小川"


def test_an_author_in_the_contents_is_the_article_s() -> None:
    text = f"目录\n01 山区公路全线通车 / 罗小川\n02 小河清了\n03 老耿的田\n04 春天的账本\n\n山区公路全线通车\n\n{ONE}"
    assert articles(text)[0].byline == "罗小川"


def test_two_authors_under_a_text() -> None:
    (article,) = articles(f"# 山路通车\n\n{ONE}\n\n罗小川\n\n（作者系县水利局局长）\n\n王强\n")
    assert article.byline == "罗小川 王强"


def test_a_credit_under_a_text_does_not_end_it() -> None:
    (article,) = articles(f"# 山路通车\n\n{ONE}\n\n王强 摄\n\n{TWO}")
    assert article.body == f"{ONE}\n{TWO}" and article.byline == "王强 摄"


def test_headlines_after_their_texts() -> None:
    found = articles(f"{ONE}\n\n把路修到家门口\n\n本报评论员\n\n山区公路全线通车\n\n本报讯 {TWO}\n\n罗小川")
    assert [(a.title, a.byline) for a in found] == [("把路修到家门口", "本报评论员"), ("山区公路全线通车", "罗小川")]


def test_a_jump_head_before_an_author_is_no_headline() -> None:
    found = articles(f"{ONE}\n\n(上接第一版)\n\n王强 李明\n\n山区公路全线通车\n\n本报讯 {TWO}")
    assert "上接" not in "".join(a.title for a in found)


def test_a_headline_and_its_subtitle_apart() -> None:
    (article,) = articles(f"山区公路全线通车 村民出行更便捷\n\n\n\n五年投入三亿元建成八条新路\n\n■ {ONE}")
    assert (article.title, article.subtitle) == ("山区公路全线通车 村民出行更便捷", "五年投入三亿元建成八条新路")


def test_a_headline_among_captions() -> None:
    issue = read(f"# 小河清了\n\n本报讯 {ONE}\n\n\n\n通车仪式\n\n\n\n山区公路全线通车 村民出行更便捷\n\n■ {TWO}")
    assert [a.title for a in issue.articles] == ["小河清了", "山区公路全线通车 村民出行更便捷"] and "caption" in kinds(
        issue
    )


def test_sections() -> None:
    found = articles(
        f"■ 要闻\n\n山区公路全线通车\n\n■ {ONE}\n\n## 人物\n\n### 老耿和他的稻田\n\n{TWO}\n\n短评\n守住一粒粮\n{ONE}\n\n罗小川\n\n小河清了鱼儿回来了\n\n本报讯 {TWO}"
    )
    assert [(a.section, a.title) for a in found][:2] == [("要闻", "山区公路全线通车"), ("人物", "老耿和他的稻田")]


def test_numbered_subheads_stay_in_the_body() -> None:
    (article,) = articles(f"# 山路通车\n\n{ONE}\n\n一、路是怎样修成的\n\n{TWO}")
    assert article.body.split("\n")[1] == "一、路是怎样修成的"


def test_a_kicker_with_a_colon_waits_for_its_headline() -> None:
    (article,) = articles(f"省领导在山区调研时强调：\n\n把路修到家门口\n\n本报讯 {ONE}")
    assert (article.kicker, article.title) == ("省领导在山区调研时强调", "把路修到家门口")


def test_a_text_cut_short_by_a_page_goes_on() -> None:
    half = len(ONE) // 2
    (article,) = articles("# 山路通车\n\n" + TWO + "\n\n" + ONE[:half], ONE[half:])
    assert article.body == f"{TWO}\n{ONE}"


def test_briefs_without_headlines_are_articles() -> None:
    found = articles(f"# 小河清了\n\n本报讯 {ONE}\n\n本报讯 {TWO}")
    assert len(found) == 2 and found[1].title.endswith("…") and found[1].confidence < 0.5


def test_a_heading_without_a_text_is_left_over() -> None:
    issue = read(f"# 山路通车\n\n{ONE}\n\n## 春季大促销全场五折起\n\n## 要闻\n")
    assert len(issue.articles) == 1 and {"notice", "section"} <= kinds(issue)


def test_jump_without_an_article_is_a_pointer() -> None:
    issue = read("(下转第二版)\n\n(上接第一版)\n")
    assert not issue.articles and kinds(issue) <= {"pointer", "space"}


def test_jumps_are_joined_by_page_and_title() -> None:
    first = f"# 山区公路通车了\n\n{ONE}\n\n(下转第二版)\n\n# 小河清了鱼儿回来\n\n{TWO}\n\n(下转第二版)"
    rest = f"第2版 要闻\n\n## 小河清了鱼儿回来\n\n(上接第一版)\n\n{ONE}\n\n罗小川\n\n## 山区公路通车了\n\n(上接第一版)\n\n{TWO}\n\n王强"
    found = articles(first, rest)
    assert [(a.title, a.byline, a.body) for a in found] == [
        ("山区公路通车了", "王强", f"{ONE}\n{TWO}"),
        ("小河清了鱼儿回来", "罗小川", f"{TWO}\n{ONE}"),
    ]


def test_a_jump_that_begins_a_paragraph_is_joined() -> None:
    first = f"# 山区公路通车了\n\n{ONE}（下转第二版）"
    (article,) = articles(first, f"第2版 要闻\n\n（上接第一版）{TWO}")
    assert (article.title, article.body) == ("山区公路通车了", f"{ONE}\n{TWO}")


def test_jumps_that_do_not_fit_stay_apart() -> None:
    first = f"# 山区公路通车了\n\n{ONE}\n\n(下转第三版)"
    rest = f"第2版 要闻\n\n## 小河清了鱼儿回来\n\n(上接第一版)\n\n{TWO}\n\n罗小川"
    found = articles(first, rest)
    assert [(a.continued_on, a.continued_from) for a in found] == [("第三版", None), (None, "第一版")]


def test_jumps_to_several_places_need_a_like_title() -> None:
    first = f"# 山区公路通车了\n\n{ONE}\n\n(下转第二版)"
    rest = f"第2版 要闻\n\n## 小河清了鱼儿回来\n\n(上接第一版)\n\n{TWO}\n\n罗小川\n\n## 食堂开到家门口\n\n(上接第一版)\n\n{TWO}\n\n王强"
    assert len(articles(first, rest)) == 3


def test_a_subtitle_that_looks_like_a_headline_joins_the_one_above() -> None:
    (article,) = articles(f"山区公路全线通车 村民出行更便捷\n\n\n\n五年投入三亿元 建成八条新路\n\n{ONE}")
    assert article.title == "山区公路全线通车 村民出行更便捷" and article.subtitle == "五年投入三亿元 建成八条新路"


def test_captions_over_a_listed_or_plain_headline_are_dropped() -> None:
    issue = read(f"# 小河清了\n\n{ONE}\n\n罗小川\n\n\n\n通车仪式\n\n山区公路全线通车 村民出行更便捷\n\n■ {TWO}")
    assert [a.title for a in issue.articles] == ["小河清了", "山区公路全线通车 村民出行更便捷"]
    assert "caption" in kinds(issue)


def test_the_author_on_top_lets_a_feature_go_on_under_subheads() -> None:
    text = f"老耿和他的稻田\n\n本报记者 罗小川\n\n{ONE}\n\n稻田里的每一天都是新的开始\n\n{TWO}"
    (article,) = articles(f"{text}\n\n稻谷里的每一粒都是汗水\n\n近年来，{TWO}")
    assert "稻田里的每一天都是新的开始" in article.body.split("\n")


def test_a_line_without_a_fellow_divides_nothing() -> None:
    text = f"老耿和他的稻田\n\n本报记者 罗小川\n\n{ONE}\n\n春天里的三件新鲜事上了账本\n\n{TWO}"
    assert [a.title for a in articles(text)] == ["老耿和他的稻田", "春天里的三件新鲜事上了账本"]


def test_a_caption_is_not_continued_by_the_line_below() -> None:
    issue = read(f"# 山路通车\n\n{ONE}\n\n通车的第一天，村民们走上新路，敲锣打鼓 ■\n{TWO}")
    assert issue.articles[0].body == f"{ONE}\n{TWO}"


def test_a_long_indented_line_is_text() -> None:
    (line,) = lines("　　群众的日子越过越好企业的信心越来越足山区的路越修越宽")
    assert read_roles([line]) == ["text"]


def test_what_the_cover_shows() -> None:
    found = read_roles(lines("封面说明\n\n村民走上新路\n\n" + ONE))
    assert found == ["caption", "caption", "text"]
    assert read_roles(lines("主办单位：" + "\n云溪市水利局" * 14)) == ["colophon"] * 13 + ["short"] * 2


def test_short_lines_over_the_first_listed_headline_are_its_head() -> None:
    text = f"目录\n01 山区公路全线通车\n02 小河清了\n03 老耿的田\n04 春天的账本\n\n五年圆了通车梦\n\n山区公路全线通车\n\n{ONE}"
    assert articles(text)[0].kicker == "五年圆了通车梦"


def test_a_jump_under_an_open_line_is_no_text() -> None:
    (article,) = articles(f"# 山路通车\n\n{ONE}他又说，山里的路\n(下转第二版)")
    assert article.continued_on == "第二版" and article.body.endswith("山里的路")


def test_an_imprint_does_not_run_on_into_the_headline_below() -> None:
    imprint = "主办：中共云溪市委员会 云溪市人民政府 主管部门：云溪市委宣传部门 编辑出版：云溪市融媒体中心编辑部"
    (article,) = articles(f"云溪时报\n{imprint}\n山区公路全线通车\n本报讯 {ONE}")
    assert article.title == "山区公路全线通车"


def test_a_photographer_below_a_caption_belongs_to_it() -> None:
    found = read_roles(lines("图为山路通车现场\n罗小川 摄\n\n" + ONE))
    assert found == ["caption", "caption", "text"]


def test_a_picture_in_an_article_does_not_end_it() -> None:
    (article,) = articles(f"# 山路通车了\n\n{ONE}\n\n罗小川 摄\n\n{TWO}")
    assert article.body == f"{ONE}\n{TWO}"


# ---------------------------------------------------------------------------------------------- other papers' print
def test_page_heads() -> None:
    heads = {
        "【02版】 经济新闻": (2, "经济新闻"),
        "第1版　要闻": (1, "要闻"),
        "A1 综合　　临江新闻　　2024.9.24": (1, "综合"),
        "第12版　副刊·花径　2023年5月16日　星期二　责任编辑：方芸　版式：陆晓东": (12, "副刊·花径"),
        "责任编辑：方芸 2023年5月16日 第三版": (3, None),
        "某某日报 2023年5月16日 综合新闻 第二版": (2, "综合新闻"),
    }
    for text, head in heads.items():
        assert read_page_head(text) == PageHead(*head), text
    for text in (
        "2版",
        "3版 百亿项目落户",
        "三版块联动",
        "第3版 要闻 时评 广告",
        "第2版 项目abc 2024年5月6日",
        "今年以来 2版。",
        "要闻",
    ):
        assert read_page_head(text) is None, text


def test_pages_within_one_text() -> None:
    first, second, third = articles(
        "临江日报\n2024年5月6日 星期一 第31期\n\n山路通车了\n"
        f"{ONE}县里还要\n\n第2版　综合新闻　2024年5月6日　星期一\n\n修建更多的公路。\n\n茶园开采了\n本报讯 {TWO}"
        f"\n\n第3版　副刊　2024年5月6日\n\n渡口的早晨\n郑秋\n{ONE}{TWO}"
    )
    assert (first.page, second.page, second.section, third.page, third.section) == (1, 2, "综合新闻", 3, "副刊")
    assert first.body.endswith("修建更多的公路。") and third.byline == "郑秋"


def test_a_block_of_narrow_lines_is_put_together_though_the_rest_is_not_wrapped() -> None:
    narrow = (ONE[14:32], ONE[32:36], ONE[36:], TWO[:18], TWO[18:36], TWO[36:])
    text = f"山路通车了\n本报讯 {ONE[:14]}\n" + "\n".join(narrow) + "\n(记者 王小雨)"
    (article,) = articles(f"# 茶园开采\n\n{ONE}{TWO}\n\n{text}")[1:]
    assert article.body.count("\n") <= 1 and ONE in article.body and article.byline == "记者 王小雨"


def test_rows_of_a_table() -> None:
    (article,) = articles(
        f"# 重点项目表\n\n{ONE}\n\n序号 项目 投资 年度计划\n1 某某项目 3.6 1.2\n2 另一项目 2.1 .8\n3 第三项目 5 2\n"
    )
    assert article.body.split("\n")[1:3] == ["序号 项目 投资 年度计划", "1 某某项目 3.6 1.2"]


def test_the_end_of_a_text_without_commas_is_no_caption() -> None:
    (article,) = articles(f"# 山路通车了\n\n本报讯 {ONE}{TWO}这条路经过\n五个村子两座水库\n一直通到山顶")
    assert article.body.endswith("一直通到山顶")
    (article,) = articles(f"# 山路通车了\n\n本报讯 {ONE}{TWO}这条路经过\n五个村子两座水库\n(王小雨)")
    assert article.body.endswith("水库") and article.byline == "王小雨"


def test_a_list_of_contents_after_which_nothing_but_short_lines_comes() -> None:
    """As the first of a periodical's pages, read before the others have come."""
    contents = "\n".join(f"- 第{word}个项目开工................{n}" for n, word in enumerate("一二三四五六", 1))
    assert articles(f"目录\n\n{contents}\n\n# \n简讯") == ()


def test_a_talk_has_two_speakers_who_speak_twice_each() -> None:
    def said(*speakers: str) -> list[str]:
        return read_roles(read_lines(0, "\n".join(f"{name}：今年茶叶好" for name in speakers)))

    assert said("张老伯", "小林", "张老伯", "小林") == ["text"] * 4
    assert "text" not in said("张老伯", "小林", "张老伯")
