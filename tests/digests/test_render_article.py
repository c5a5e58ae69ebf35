"""The full text of an article: golden page, splitting without loss, the way back, limits under any input."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render_samples import BODY, ISSUE, MONTHLY, any_digest, article, check, digest, fact, many, match, spans, view
from render_words import words
from telegram_html import read

from digests import Digest, DigestView, render_article, render_digest
from digests.render_fragment import Cache
from digests.types import Article, Fact
from subscriptions import Match, Span

ZH, EN = words("zh-Hans"), words("en")

GOLDEN = """\
<b>青禾锂电二期开工</b>
云溪再添 ——<u>动力</u>电池大项目
云溪时报 2026年3月3日 · 第1版 · 要闻 · 苏晚
上接第一版

<b>为何推送</b>
• 动力电池：总投资60亿元的青禾锂电二期项目正式开工建设，规划产能18GWh<u>动力电池</u>。（第1版）
• 青禾能源（青禾能源 → 文中作青禾锂电）：<u>青禾锂电</u>董事长林致远说，二期将新建四条生产线，带动上下游企业十余家落户。（第1版）

<blockquote expandable><b>文中数字</b>
• 总投资 <b>60亿元</b> · 青禾锂电二期项目 · 开工
• 产能 <b>18GWh</b> · 青禾锂电二期项目
• 岗位数 <b>2600个</b></blockquote>

昨天上午，云溪区举行重大项目集中开工仪式。总投资<b>60亿元</b>的青禾锂电二期项目正式开工建设，规划产能<b>18GWh</b><u>动力电池</u>。
<u>青禾锂电</u>董事长林致远说，二期将新建四条生产线，带动上下游企业十余家落户。项目达产后，年产值可达85亿元，新增岗位2600个。
区委书记周衡要求，各部门要靠前服务，确保项目早建成、早投产、早见效。

本文未完，见第三版"""


def of_one(item: Article, *matches: Match, **more: Any) -> tuple[Digest, DigestView]:
    queries = tuple(found.query_id for found in matches) or ("q",)
    names = {"q1": "#动力电池", "q2": "青禾能源"} | {f"x{n}": f"词{n}" for n in range(9)}
    shown = view([(item, "i1")], [(item.id, found) for found in matches], names, **more)
    return digest(("词", [(item.id, queries)])), shown


def test_golden() -> None:
    jobs = replace(fact(BODY, "2600个", "岗位数", "count"), subject="")
    item = article(
        1,
        kicker="云溪再添",
        subtitle="——动力电池大项目",
        page=1,
        section="要闻",
        byline="苏晚",
        continued_on="第三版",
        continued_from="第一版",
        facts=(
            fact(BODY, "60亿元", "total_investment", "CNY", "started"),
            fact(BODY, "18GWh", "capacity", "GWh"),
            jobs,
        ),
    )
    second = BODY.index("青禾锂电董事长")
    found = [
        Match("q1", {"动力电池": spans("body", BODY, "动力电池"), "动力": (Span("subtitle", 7, 9),)}),
        Match("q2", {"青禾能源": (Span("body", second, second + 4),)}, {"青禾能源": "青禾锂电"}),
    ]
    made, shown = of_one(item, *found)
    (chunk,) = render_article(made, shown, 0, ZH)
    check((chunk,))
    assert chunk.html == GOLDEN
    assert [[(b.text, b.data) for b in row] for row in chunk.buttons] == [[("◂ 返回摘要", "d:0123456789abcdef:0")]]


def test_in_english() -> None:
    item = article(1, page=3, facts=(fact(BODY, "18GWh", "capacity", "GWh", "under_construction"),))
    made, shown = of_one(item, match(item, "q1", "18GWh"), issues=[replace(ISSUE, day="2026-03-01")])
    (chunk,) = render_article(made, shown, 0, EN)
    assert "云溪时报 1 March 2026 (arrived late) · p. 3\n" in chunk.plain
    assert "Why you got this\n• 动力电池: 总投资60亿元" in chunk.plain and "<u>18GWh</u>动力电池。 (p. 3)" in chunk.html
    assert "• Capacity 18GWh · 青禾锂电二期项目 · under construction" in chunk.plain


def test_a_match_in_the_title_only_is_proven_by_the_title() -> None:
    item = article(1, "云溪二期开工")
    made, shown = of_one(item, match(item, "q1", "云溪二期"))
    assert "• 动力电池：<u>云溪二期</u>开工\n" in render_article(made, shown, 0, ZH)[0].html


def test_a_pair_without_a_kept_proof_still_names_its_query() -> None:
    made, shown = of_one(article(1))
    html = render_article(made, replace(shown, queries={"q": "开工"}), 0, ZH)[0].html
    assert "• 开工：青禾锂电二期开工\n" in html


def test_a_passage_in_a_long_sentence_begins_shortly_before_the_match() -> None:
    item = article(1, "题", "前" * 300 + "动力电池" + "后" * 300)
    made, shown = of_one(item, match(item, "q1", "动力电池"))
    assert "：…" + "前" * 30 + "<u>动力电池</u>" + "后" * 85 + "…\n" in render_article(made, shown, 0, ZH)[0].html


def test_long_lists_are_counted() -> None:
    item = article(1, facts=tuple(fact(BODY, "60亿元", "sales", "CNY") for _ in range(11)))
    made, shown = of_one(item, *(match(item, f"x{n}", "开工") for n in range(7)))
    text = render_article(made, shown, 0, ZH)[0].plain
    assert "• 词3：" in text and "词4" not in text and "另有 3 条订阅也匹配" in text
    assert text.count("• 销售收入 60亿元") == 8 and "另有 3 项，见正文" in text


def test_figures_whose_measure_has_a_name_come_before_others() -> None:
    """其他 70% filled the eight lines, and the total investment was left to 另有 14 项."""
    some = [fact(BODY, "18GWh", "other", "GWh") for _ in range(9)]
    item = article(1, facts=(*some, fact(BODY, "60亿元", "total_investment", "CNY")))
    made, shown = of_one(item, match(item, "q", "开工"))
    text = render_article(made, shown, 0, ZH)[0].plain
    assert text.count("\n• 18GWh · ") == 7 and "\n• 总投资 60亿元" in text and "其他" not in text
    assert text.index("• 18GWh") < text.index("• 总投资") and "另有 2 项，见正文" in text


def test_a_title_alone() -> None:
    made, shown = of_one(article(1, "", ""), issues=())
    assert render_article(made, shown, 0, ZH)[0].plain == "无题\n刊名不详\n\n为何推送\n• ?：\n\n（只有标题，没有正文）"


def test_an_article_that_is_gone() -> None:
    made = digest(("词", [(1, ("q",))]))
    (chunk,) = render_article(made, view([], [], {}), 0, ZH)
    assert chunk.plain == "这篇文章已不再保存" and chunk.buttons[-1][0].data == "d:0123456789abcdef:0"


def test_an_unknown_item_is_told() -> None:
    made, shown = of_one(article(1))
    with pytest.raises(IndexError):
        render_article(made, shown, 1, ZH)


def test_pages_lose_nothing_and_lead_to_one_another() -> None:
    body = "\n".join(f"第{n}段说的是云溪的事，写得不长也不短，正好用来分页。" * 3 for n in range(200))
    item = article(1, "长文😀", body, page=12)
    made = digest(("词", [(1, ("q",))]), issues=("i2",))
    chunks = render_article(made, view([(item, "i2")], [], {"q": "词"}, issues=[MONTHLY]), 0, ZH)
    check(chunks)
    assert "云溪科技 2026年第2期 · 第12页" in chunks[0].plain
    parts = []
    for n, chunk in enumerate(chunks):
        head, text, foot = chunk.plain.rsplit("\n\n", 2)
        parts.append(text)
        assert foot == f"第 {n + 1}/{len(chunks)} 页" and ("为何推送" in head) == (n == 0)
        turns = [(b.text, b.data) for row in chunk.buttons[:-1] for b in row]
        before = [("◂ 上一页", f"a:0123456789abcdef:0:{n - 1}")] if n else []
        after = [("下一页 ▸", f"a:0123456789abcdef:0:{n + 1}")] if n + 1 < len(chunks) else []
        assert turns == before + after
    assert "\n".join(parts).replace("\n", "") == body.replace("\n", "")


def test_the_way_back_leads_to_the_page_of_the_article() -> None:
    made, shown = many(60)
    cache: Cache = {}
    pages = render_digest(made, shown, ZH, cache)
    for n, page in enumerate(pages):
        for button in (b for row in page.buttons for b in row if (b.data or "").startswith("a:")):
            item = int((button.data or "").split(":")[2])
            assert render_article(made, shown, item, ZH, cache)[0].buttons[-1][0].data == f"d:{shown.delivery}:{n}"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_any_article_fits(seed: int) -> None:
    made = any_digest(seed)
    for n, item in enumerate(made[0].items()):
        chunks = render_article(*made, n, ZH)
        check(chunks)
        body = made[1].articles[item.article_id][0].body
        shown = "".join(chunk.plain for chunk in chunks)
        assert sum(map(shown.count, "电池")) >= sum(map(body.count, "电池"))


def test_front_matter_of_every_bound_leaves_room_for_the_body() -> None:
    wide = "宽" * 900
    facts = tuple(Fact(wide, wide, 1.0, "", 1.0, "CNY", wide, 0, 5) for _ in range(20))
    item = article(
        1, wide, wide * 9, kicker=wide, subtitle=wide, section=wide, byline=wide, continued_on=wide, continued_from=wide, page=99, facts=facts
    )  # fmt: skip
    made, shown = of_one(item, *(match(item, f"x{n}", "宽宽", aliases={wide: wide}) for n in range(9)))
    shown = replace(shown, queries=dict.fromkeys(shown.queries, wide), issues={"i1": replace(ISSUE, publication=wide)})
    chunks = render_article(made, shown, 0, ZH)
    check(chunks)
    assert sum(read(chunk.html).text.count("宽") for chunk in chunks) >= 8100
    assert len(chunks) == 3
    assert len(render_digest(made, shown, ZH)) == 1
