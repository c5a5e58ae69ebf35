"""What matches what, one document, with the places that prove it."""

from __future__ import annotations

import time

import pytest

from subscriptions import Alias, AliasTable, Document, Figure, Match, Span, evaluate, parse_query
from subscriptions.evaluate import Evidence, build_match

ARTICLE = Document(
    title="青禾新航动力电\n池项目投产",
    subtitle="一期产能 18GWh",
    body="总投资60亿元的 项 目 今日投产，青禾 鋰電公司说。Power  Battery 与储能。项目项目项目",
    byline="记者 林一",
    section="要闻",
    publication="云溪时报",
    page=2,
    topics=frozenset({"动力电池", "Power Battery"}),
    figures=(
        Figure("total_investment", 6e9, "CNY", "in_production"),
        Figure("capacity", 18.0, "GWh"),
        Figure("area", 500 * 2000 / 3, "m2", "planned"),
    ),
)
ALIASES = AliasTable([Alias(("青禾锂电", "青禾新航"), since="2021-11-16"), Alias(("青禾锂电", "青禾"))])


def matched(text: str, document: Document = ARTICLE, aliases: AliasTable = ALIASES) -> Match | None:
    return evaluate(parse_query(text), document, aliases)


@pytest.mark.parametrize(
    "text",
    [
        "动力电池 投产",
        "储能|光伏",
        "投产 -广告",
        "投产 -(投产 广告)",
        "标题:投产",
        "标题:产能",
        "正文:储能",
        "作者:林一",
        "栏目:要闻 要闻 林一",
        "报:云溪",
        "版:2",
        "版:1-3",
        "#动力电池",
        '#"power battery"',
        '"power battery"',
        "项目 ~2 投产",
        "投产 ~2 项目",
        "正文:(项目~2投产)",
        "(光伏|项目) ~2 (签约|投产)",
        "项目 ~0 项目",
        "投资额>=60亿",
        "投资额<=60亿",
        "投资额=60亿",
        "投资额>59.9亿",
        "投资额<61亿",
        "面积=500亩",
        "产能>10GWh",
        "阶段:投产",
        "阶段:规划",
        '="青禾新航"',
        '="青禾锂电"',
        "标题:青禾锂电",
        '标题:"青禾锂电"',
    ],
)
def test_matches(text: str) -> None:
    assert matched(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "动力电池 签约",
        "光伏|签约",
        "投产 -储能",
        "投产 -(今日 投产)",
        "标题:储能",
        "正文:产能",
        "要闻 作者:要闻",
        "云溪时报",
        "版:1",
        "版:3-9",
        "#储能",
        '今日 ~5 ="青禾新航"',
        "投产 ~1 总投资",
        "标题:(动力电池 ~0 投产)",
        "电池 ~20 动力电池",
        "投资额>60亿",
        "投资额<60亿",
        "投资额>=1亿美元",
        "贷款>1亿",
        "阶段:签约",
        '标题:="青禾锂电"',
        "电池 -青禾新航",
        "投产要闻",
    ],
)
def test_does_not_match(text: str) -> None:
    assert matched(text) is None


def test_a_document_without_page_or_figures() -> None:
    bare = Document("甲乙", "")
    assert matched("版:1", bare) is None
    assert matched("投资额>0", bare) is None
    assert matched("甲乙", bare) is not None


def test_the_proof_leads_to_the_print() -> None:
    match = matched("动力电池 项目 锂电公司")
    assert match is not None
    assert match.terms["动力电池"] == (Span("title", 4, 9),)
    assert [_printed(span) for span in match.terms["动力电池"] + match.terms["锂电公司"]] == ["动力电\n池", "鋰電公司"]
    assert match.terms["项目"][:2] == (Span("title", 9, 11), Span("body", 9, 12))
    assert match.aliases == {}


def _printed(span: Span) -> str:
    return str(getattr(ARTICLE, span.field))[span.start : span.end]


def test_an_alias_is_named_where_only_it_was_found() -> None:
    title = Document("青禾新航投产", "")
    match = matched("青禾锂电", title)
    assert match is not None
    assert (match.terms, match.aliases) == ({"青禾锂电": (Span("title", 0, 4),)}, {"青禾锂电": "青禾新航"})
    both = matched("青禾锂电")
    assert both is not None
    assert both.aliases == {}
    assert [_printed(span) for span in both.terms["青禾锂电"]] == ["青禾新航", "青禾 鋰電"]


def test_a_name_inside_a_name_is_marked_once() -> None:
    match = matched("青禾", Document("青禾锂电", "青禾"))
    assert match is not None
    assert match.terms["青禾"] == (Span("title", 0, 4), Span("body", 0, 2))


def test_a_term_in_two_ways_is_one_entry() -> None:
    match = matched("标题:投产 投产")
    assert match is not None
    assert match.terms == {"投产": (Span("title", 11, 13), Span("body", 15, 17))}
    mixed = matched('标题:青禾锂电 ="青禾锂电"')
    assert mixed is not None
    assert mixed.aliases == {}
    assert [span.field for span in mixed.terms["青禾锂电"]] == ["title", "body"]


def test_facts_are_proved_by_what_they_are() -> None:
    match = matched("版:2 #动力电池 投资额>1亿 阶段:规划 报:云溪")
    assert match is not None
    assert match.terms == {
        "版:2": (Span("page", 0, 0),),
        "#动力电池": (Span("topic", 0, 0),),
        "投资额>1亿元": (Span("figure", 0, 1),),
        "阶段:规划": (Span("figure", 2, 3),),
        "云溪": (Span("publication", 0, 2),),
    }


def test_only_what_holds_proves() -> None:
    match = matched("投产 光伏|储能")
    assert match is not None
    assert set(match.terms) == {"储能"}


def test_near_proves_only_the_places_that_are_near() -> None:
    match = matched("项目 ~2 投产")
    assert match is not None
    assert match.terms["项目"] == (Span("title", 9, 11), Span("body", 9, 12))


def test_a_long_proof_is_cut() -> None:
    match = matched("电池", Document("", "电池" * 100))
    assert match is not None
    assert len(match.terms["电池"]) == 32


def test_fields_do_not_run_into_each_other() -> None:
    document = Document("动力", "池甲乙\uffff丙丁", subtitle="电", byline="")
    assert matched("动力电池", document) is None
    assert matched("乙丙", document) is not None


def test_nearness_does_not_take_forever() -> None:
    document = Document("", "甲乙" * 4000)
    start = time.process_time()
    assert matched("甲甲 ~200 乙乙|甲 ~0 丁丁|甲乙 ~100 乙甲", document) is not None
    assert time.process_time() - start < 5


def test_aliases() -> None:
    table = AliasTable(
        [Alias(("ABC集团", "ＡＢＣ集团", "x"), since=None), Alias(("ABC集团", "甲乙")), Alias(("甲乙", "甲" * 300))]
    )
    assert table.others("abc集团") == ("甲乙",)
    assert table.others("甲乙") == ("abc集团",)
    assert table.others("丙丁") == ()
    assert table.printed("abc集团") == "ＡＢＣ集团"
    assert table.printed("丙丁") == "丙丁"
    assert table.names() == {"abc集团", "甲乙"}


def test_of_two_names_the_first_in_the_article_is_told_in_whatever_order_they_were_seen() -> None:
    title, body = Span("title", 3, 5), Span("body", 0, 2)
    proofs = [Evidence("青禾锂电", (body,), "青禾"), Evidence("青禾锂电", (title, body), "青禾新航")]
    for seen in (proofs, proofs[::-1]):
        found = build_match("q", seen)
        assert (found.terms, found.aliases) == ({"青禾锂电": (title, body)}, {"青禾锂电": "青禾新航"})
