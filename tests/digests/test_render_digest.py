"""Digests as messages: golden texts, titles, and what is marked and shown of an article."""

import re
from dataclasses import replace
from typing import Any

import pytest
from render_samples import BODY, FACTS, ISSUE, MONTHLY, article, check, digest, fact, match, spans, view
from render_words import words
from telegram_html import read

from digests import Digest, DigestView, render_digest
from digests.render_fragment import Cache
from digests.types import Article, TopicReason
from subscriptions import Alias, Match, Settings, Span

ZH, EN = words("zh-Hans"), words("en")

FIRST = article(
    1,
    section="要闻",
    page=1,
    byline="苏晚",
    extract=((0, 21),),
    facts=FACTS,
)
SECOND = article(2, "调研<材料>企业 A&B", "副区长许岩到高新区调研动力电池材料企业。他说，要让企业安心。", page=2)

GOLDEN = """\
<b>云溪时报 2026年3月3日</b> · 23 篇中有 2 篇与您有关

<b>动力电池（2 篇）</b>
1. <b><u>青禾锂电</u>二期开工</b>
第1版 · 要闻 · 苏晚
昨天上午，云溪区举行重大项目集中开工仪式。
<blockquote expandable>总投资<b>60亿元</b>的<u>青禾锂电</u>二期项目正式开工建设，规划产能<b>18GWh</b><u>动力电池</u>。
<u>青禾锂电</u>董事长林致远说，二期将新建四条生产线，带动上下游企业十余家落户。项目达产后，年产值可达85亿元，新增岗位2600个。
区委书记周衡要求，各部门要靠前服务，确保项目早建成、早投产、早见效。</blockquote>
匹配：动力电池、青禾能源（青禾能源 → 现名青禾锂电）

2. <b>调研&lt;材料&gt;企业 A&amp;B</b>
第2版
副区长许岩到高新区调研<u>动力电池</u>材料企业。
<blockquote expandable>他说，要让企业安心。</blockquote>
匹配：动力电池"""


def two() -> tuple[Digest, DigestView]:
    renamed = match(FIRST, "q2", "青禾锂电", aliases={"青禾能源": "青禾锂电"})
    matches = [(1, match(FIRST, "q1", "动力电池")), (1, renamed), (2, match(SECOND, "q1", "动力电池"))]
    shown = view(
        [(FIRST, "i1"), (SECOND, "i1")],
        matches,
        {"q1": "#动力电池", "q2": "青禾能源"},
        aliases=(Alias(("青禾能源", "青禾锂电"), "2025-01-01"),),
    )
    return digest(("动力电池", [(1, ("q1", "q2")), (2, ("q1",))])), shown


def with_settings(shown: DigestView, **changes: Any) -> DigestView:
    return replace(shown, settings=replace(shown.settings, **changes))


def one(item: Article, *matches: Match, **more: Any) -> str:
    """The only message of a digest of one article."""
    queries = tuple(found.query_id for found in matches) or ("q",)
    shown = view([(item, "i1")], [(item.id, found) for found in matches], dict.fromkeys(queries, "词"), **more)
    chunks = render_digest(digest(("词", [(item.id, queries)])), shown, ZH)
    assert len(chunks) == 1
    check(chunks)
    return chunks[0].html


def test_golden() -> None:
    made, shown = two()
    chunks = render_digest(made, shown, ZH)
    check(chunks)
    assert [chunk.html for chunk in chunks] == [GOLDEN]
    assert [[(b.text, b.data) for b in row] for row in chunks[0].buttons] == [
        [("1", "a:0123456789abcdef:0:0"), ("2", "a:0123456789abcdef:1:0")]
    ]


def test_in_english_the_labels_change_and_the_print_stays() -> None:
    made, shown = two()
    html = render_digest(made, with_settings(shown, language="en"), EN)[0].html
    assert html.startswith("<b>云溪时报 3 March 2026</b> · 2 of 23 articles for you\n\n<b>动力电池 (2)</b>\n1. ")
    assert "p. 1 · 要闻 · 苏晚" in html
    assert "Matched: 动力电池, 青禾能源 (青禾能源 → now 青禾锂电)" in html


def test_in_english_topics_go_by_their_english_names_and_one_article_is_one() -> None:
    made, shown = two()
    shown = replace(with_settings(shown, language="en"), topic_names={"动力电池": "Power batteries"})
    html = render_digest(replace(made, total=1), shown, EN)[0].html
    assert "2 of 1 article for you" in html
    assert "<b>Power batteries (2)</b>" in html and html.endswith("Matched: Power batteries")


def test_a_topic_says_so_where_a_keyword_has_its_name() -> None:
    queries = {"q1": "#动力电池", "q2": "动力电池"}
    shown = view([(FIRST, "i1"), (SECOND, "i1")], [], queries)
    made = digest(("动力电池", [(1, ("q1", "q2"))]), ("动力电池", [(2, ("q2",))]))
    html = render_digest(made, shown, ZH)[0].html
    assert "<b>动力电池（主题）（1 篇）</b>" in html and "<b>动力电池（1 篇）</b>" in html
    assert "匹配：动力电池（主题）、动力电池\n" in html


def test_a_correction_is_marked_and_a_torn_article_says_where_it_goes_on() -> None:
    item = article(1, corrects=7, continued_on="第三版")
    html = one(item)
    assert "1. <b>【更正】青禾锂电二期开工</b>" in html and "</blockquote>\n本文未完，见第三版\n匹配" in html
    titles = one(item, settings=Settings(length="titles"))
    assert "本文未完" not in titles


def test_titles_only() -> None:
    made, shown = two()
    html = render_digest(made, with_settings(shown, length="titles"), ZH)[0].html
    assert "开工仪式" not in html and "blockquote" not in html
    assert "匹配：动力电池 · 全文 30 字" in html


def test_equal_fragments_are_rendered_once() -> None:
    made, shown = two()
    cache: Cache = {}
    first = render_digest(made, shown, ZH, cache)
    assert len(cache) == 2
    cache.update({key: replace(piece, html=piece.html.replace("开工", "KAIGONG")) for key, piece in cache.items()})
    assert render_digest(made, shown, ZH, cache)[0].html == first[0].html.replace("开工", "KAIGONG")


# ---------------------------------------------------------------------------------------------- the title
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "云溪时报 2026年3月3日"),
        ({"day": "2026-03-01"}, "云溪时报 2026年3月1日（晚到）"),
        ({"recognised": 0.724}, "云溪时报 2026年3月3日（扫描识别，约 72% 可信）"),
        ({"publication": None}, "刊名不详 2026年3月3日"),
        ({"kind": "periodical", "number": "2026年第2期"}, "云溪时报 2026年第2期"),
        ({"kind": "periodical", "number": "7"}, "云溪时报 第7期"),
        ({"number": "第2422期"}, "云溪时报 2026年3月3日"),
        ({"day": None, "date_to": "2026-03-05"}, "云溪时报 2026年3月3日至5日之间"),
        ({"day": None, "date_from": "2026-02-26"}, "云溪时报 2026年2月26日至2026年3月3日之间"),
        ({"day": None}, "云溪时报 2026年3月3日"),
        ({"day": "2026-03-02"}, "云溪时报 2026年3月2日"),
        ({"day": "2026-02-01"}, "云溪时报 2026年2月1日（晚到）"),
        ({"day": "2026-01-31"}, "云溪时报 2026年1月31日"),
        ({"day": None, "date_to": "2026-03-01", "date_from": "2026-02-28"}, "云溪时报 2026年2月28日至2026年3月1日之间（晚到）"),
        ({"day": None, "date_from": None, "date_to": None}, "云溪时报 日期未印，2026年3月3日 07:30 首见"),
    ],
)  # fmt: skip
def test_publication_and_when(changes: dict[str, Any], expected: str) -> None:
    html = one(article(1), issues=[replace(ISSUE, **changes)])
    assert html.startswith(f"<b>{expected}</b> · 23 篇中有 1 篇与您有关\n")


def test_an_issue_that_is_gone() -> None:
    made = digest(("词", [(1, ("q",))]), total=0)
    html = render_digest(made, view([(article(1), "i1")], [], {}, issues=()), ZH)[0].html
    assert html.startswith("<b>刊名不详</b> · 1 篇与您有关\n")


def test_several_issues_have_a_line_each_and_every_article_names_its_own() -> None:
    late = replace(ISSUE, id="i1", day="2026-03-01")
    shown = view([(article(1), "i1"), (article(2, page=4), "i2")], [], {"q": "词"}, issues=[late, MONTHLY])
    made = digest(("词", [(1, ("q",)), (2, ("q",))]), issues=("i2", "i1", "i3"), total=63)
    html = render_digest(made, shown, ZH)[0].html
    assert html.startswith(
        "<b>3 期刊报，63 篇中有 2 篇与您有关</b>\n云溪科技 2026年第2期：40 篇中 1 篇\n云溪时报 2026年3月1日（晚到）：23 篇中 1 篇\n刊名不详：0 篇\n\n"
    )
    assert "云溪时报 2026年3月1日" in html and "云溪科技 2026年第2期 · 第4页" in html


def test_more_issues_than_lines_are_counted() -> None:
    ids = [f"i{n}" for n in range(9)]
    issues = [replace(ISSUE, id=id, publication=f"{id}报") for id in ids]
    shown = view([(article(n), ids[n]) for n in range(9)], [], {"q": "词"}, issues=issues)
    made = digest(("词", [(n, ("q",)) for n in range(9)]), issues=tuple(ids))
    text = render_digest(made, shown, ZH)[0].plain
    assert "i5报 2026年3月3日：23 篇中 1 篇\n另有 3 期，见各篇标注\n" in text
    assert all(f"{id}报" in text for id in ids)


# ---------------------------------------------------------------------------------------------- one article
def test_the_sentence_of_the_match_is_shown_where_the_extract_proves_nothing() -> None:
    item = article(1, "开工", extract=((0, 21),))
    html = one(item, match(item, "q", "周衡"))
    assert "\n区委书记<u>周衡</u>要求，各部门要靠前服务，确保项目早建成、早投产、早见效。\n<blockquote" in html


def test_without_match_and_extract_the_first_sentence_is_shown() -> None:
    assert "\n昨天上午，云溪区举行重大项目集中开工仪式。\n<blockquote expandable>总投资" in one(article(1))


def test_chosen_sentences_that_do_not_touch_are_joined_by_dots_and_the_rest_keeps_its_order() -> None:
    first, second = BODY.index("昨天"), BODY.index("青禾锂电董事长")
    item = article(1, "青禾", extract=((first, first + 21), (second, BODY.index("项目达产"))))
    html = one(item, Match("q", {"青禾": spans("title", "青禾", "青禾")}))
    assert "开工仪式。…青禾锂电董事长" in html
    assert "18GWh动力电池。 […] 项目达产后" in html


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ("主会场设在青禾电池项目现场。", "主会场设在青禾电池项目现场。该项目总投资60亿元。"),
        ("主会场设在青禾电池项目现场。\n", "…该项目总投资60亿元。"),
        ("主会场设在青禾" + "很长的地方" * 40 + "。", "…该项目总投资60亿元。"),
        ("", "该项目总投资60亿元。"),
    ],
)
def test_what_points_back_comes_with_what_it_points_to(before: str, shown: str) -> None:
    body = f"四季度集中开工。\n{before}该项目总投资60亿元。\n仪式结束。"
    start = body.index("该项目")
    html = one(article(1, "题", body, extract=((start, start + len("该项目总投资60亿元。")),)))
    plain = re.sub("<[^>]*>", "", html)
    assert f"\n{shown.removeprefix('…')}" in plain.replace("…", ""), plain


def test_a_long_sentence_is_shown_from_shortly_before_its_match() -> None:
    item = article(1, "标题", "前" * 500 + "动力电池" + "后" * 500)
    html = one(item, match(item, "q", "动力电池"))
    assert "\n…" + "前" * 60 + "<u>动力电池</u>" + "后" * 136 + "…\n" in html


def test_a_match_near_the_start_of_a_long_sentence_leaves_the_start() -> None:
    item = article(1, "标题", "动力电池" + "后" * 500)
    assert "\n<u>动力电池</u>" + "后" * 196 + "…\n" in one(item, match(item, "q", "动力电池"))


def test_matches_in_the_small_lines_are_marked() -> None:
    item = article(1, "题", kicker="肩题", subtitle="——副题动力", section="产业要闻", byline="苏晚", page=3)
    found = Match("q", {"x": (Span("subtitle", 5, 9), Span("section", 0, 2), Span("byline", 0, 2))})
    html = one(item, found)
    assert "\n肩题 ——<u>副题动力</u>\n" in html
    assert "第3版 · <u>产业</u>要闻 · <u>苏晚</u>" in html


def test_a_topic_is_proven_by_the_words_that_gave_it() -> None:
    terms = (("动力电池", "body", 1), ("锂电 项目", "body", 1), ("青禾锂电", "title", 1), ("动力电池", "lead", 1), ("产能", "body", 1), ("产值", "body", 1))  # fmt: skip
    item = article(1, reasons=(TopicReason("储能", 1.0, (("周衡", "body", 1),)), TopicReason("动力电池", 2.0, terms)))
    html = one(item, Match("q", {"#动力电池": (Span("topic", 0, 0),)}))
    assert set(read(html).of("u")) == {"动力电池", "青禾锂电", "产能"}
    assert read(html).of("u")[0] == "青禾锂电"
    unknown = one(item, Match("q", {"#光伏": (Span("topic", 0, 0),)}))
    assert "<u>" not in unknown


def test_dates_in_english() -> None:
    made = digest(("词", [(1, ("q",))]))
    for issue, label in (
        (replace(ISSUE, day=None, date_to="2026-03-05"), "between 3 and 5 March 2026"),
        (replace(ISSUE, day=None, date_from="2026-02-26"), "between 26 February 2026 and 3 March 2026"),
        (replace(ISSUE, number="7", kind="periodical"), "no. 7"),
    ):
        html = render_digest(made, view([(article(1), "i1")], [], {}, issues=[issue]), EN)[0].html
        assert html.startswith(f"<b>云溪时报 {label}</b>")


def test_overlapping_marks_nest() -> None:
    body = "总投资60亿元人民币。"
    item = article(1, "题", body, facts=(fact(body, "60亿元", "total_investment", "CNY"),))
    html = one(item, Match("q", {"x": (Span("body", 1, 5), Span("body", 4, 9), Span("body", 4, 5))}))
    assert "\n总<u>投资</u><b><u>60亿元</u></b><u>人民</u>币。\n" in html
    inside = one(item, Match("q", {"x": (Span("body", 4, 5),)}))
    assert "<b>6<u>0</u>亿元</b>" in inside


def test_stale_proofs_mark_nothing_and_break_nothing() -> None:
    item = article(1, "题", "短文。", facts=(replace(fact(BODY, "85亿元", "sales", "CNY"), start=90, end=95),))
    html = one(item, Match("q", {"x": (Span("body", 2, 2), Span("body", 50, 60), Span("title", 7, 9))}))
    assert "<u>" not in html and "短文。" in html


def test_figures_of_other_kinds_are_not_bold() -> None:
    item = article(1, facts=(fact(BODY, "2600个", "jobs", "count"),))
    assert "<b>2600" not in one(item)


def test_areas_are_bold_too() -> None:
    body = "项目用地420亩，厂房18万平方米。"
    html = one(article(1, "题", body, facts=(fact(body, "18万平方米", "area", "m2"),)))
    assert "<b>18万平方米</b>" in html


def test_figures_stay_bold_where_the_matched_word_stands_everywhere() -> None:
    body = "电池" + "和电池" * 30 + "，总投资60亿元，电池产能18GWh。"
    item = article(1, "题", body, facts=(fact(body, "60亿元", "total", "CNY"), fact(body, "18GWh", "capacity", "GWh")))
    html = one(item, match(item, "q", "电池"))
    assert "<b>60亿元</b>" in html and "<b>18GWh</b>" in html
    assert html.count("<u>电池</u>") == 2


def test_an_underline_that_crosses_figures_must_leave_them_bold() -> None:
    body = "".join(f"甲{n}亿元" for n in range(1, 21)) + "。"
    figures = tuple(fact(body, f"甲{n}亿元"[1:], "total", "CNY") for n in range(1, 21))
    html = one(article(1, "题", body, facts=figures), match(article(1, "题", body), "q", body[:60]))
    assert html.count("亿元</b>") == 16 and "<u>" not in html


LED = "本报讯（记者 林溪 通讯员 周禾）昨天上午，二期项目开工。总投资60亿元。"


def test_who_reported_is_said_once() -> None:
    html = one(article(1, "题", LED, byline="记者 林溪 通讯员 周禾", extract=((0, LED.index("总")),)))
    assert html.count("林溪") == 1 and "\n昨天上午，二期项目开工。" in html and "本报讯" not in html
    assert "林溪" in one(article(1, "题", LED, extract=((0, LED.index("总")),)))


def test_a_lead_that_names_nobody_is_left_out() -> None:
    """本报讯 昨天下午: every article of a local paper begins so."""
    html = one(article(1, "题", "本报讯　昨天上午，二期项目开工。总投资60亿元。"))
    assert "\n昨天上午，二期项目开工。" in html and "本报讯" not in html
    assert "本报讯员" in one(article(1, "题", "本报讯员昨天上午到场。"))


def test_a_lead_that_was_not_chosen_stays_away_from_the_quote_too() -> None:
    html = one(article(1, "题", LED, byline="记者 林溪 通讯员 周禾", extract=((LED.index("总"), len(LED)),)))
    assert "本报讯" not in html and "昨天上午" in html


def test_only_a_title_has_no_passage() -> None:
    html = one(article(1, "", " \n"))
    assert html.endswith("1. <b>无题</b>\n匹配：词")


def test_a_short_article_has_no_quote() -> None:
    html = one(article(1, "题", "只有一句。"))
    assert html.endswith("\n只有一句。\n匹配：词")


def test_an_article_that_is_gone_keeps_its_place() -> None:
    made = digest(("词", [(1, ("q",)), (2, ("q",))]))
    chunk = render_digest(made, view([(article(2), "i1")], [], {"q": "词"}), ZH)[0]
    assert "1. 这篇文章已不再保存\n\n2. " in chunk.plain


@pytest.mark.parametrize(
    ("alias", "expected"),
    [
        (Alias(("青禾能源", "青禾锂电"), "2025-01-01"), "青禾能源 → 现名青禾锂电"),
        (Alias(("青禾锂电", "青禾能源"), "2025-01-01"), "青禾能源 → 旧称青禾锂电"),
        (Alias(("青禾锂电", "青禾能源", "青禾"), "2025-01-01"), "青禾能源 → 文中作青禾锂电"),
        (Alias(("青禾锂电", "青禾能源")), "青禾能源 → 文中作青禾锂电"),
        (Alias(("甲", "乙"), "2025-01-01"), "青禾能源 → 文中作青禾锂电"),
    ],
)
def test_what_an_alias_is_called(alias: Alias, expected: str) -> None:
    item = article(1)
    html = one(item, match(item, "q", "青禾锂电", aliases={"青禾能源": "青禾锂电"}), aliases=(alias,))
    assert f"匹配：词（{expected}）" in html


def test_a_long_rest_ends_with_its_length_and_number() -> None:
    long = "".join(f"第{n}句说的是云溪的事。" for n in range(400))
    chunks = render_digest(
        digest(("词", [(1, ("q",)), (2, ("q",))])),
        view([(article(1, "甲", long), "i1"), (article(2, "乙", long), "i1")], [], {"q": "词"}),
        ZH,
    )
    assert f"。\n… 全文 {len(long):,} 字，点 2 阅读</blockquote>" in chunks[0].html
    check(chunks)


def test_an_extract_takes_its_room_and_the_rest_goes_into_the_quote() -> None:
    body = "".join(f"第{n}句" + "话" * 80 + "。" for n in range(9))
    item = article(1, "题", body, extract=((0, 84), (168, 252), (336, 420)))
    html = one(item)
    assert "。…第2句" in html and "第4句" in html.partition("<blockquote")[2]
    assert read(html).text.count("话") == 80 * 9


def test_a_quote_that_is_full_between_two_ranges_says_so() -> None:
    body = "甲" * 99 + "。" + "乙" * 579 + "。" + "丙" * 99 + "。" + "丁" * 50 + "。"
    item = article(1, "题", body, extract=((0, 100), (680, 780)))
    html = one(item)
    assert "乙。\n… 全文 831 字，点 1 阅读</blockquote>" in html and "丁" not in html


def test_a_title_longer_than_a_message_is_cut_visibly() -> None:
    html = one(article(1, "长😀" * 3000, "正文。"))
    title = read(html).of("b")[-1]
    assert title.endswith("…") and len(title.encode("utf-16-le")) // 2 in (239, 240)
