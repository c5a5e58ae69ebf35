"""The canonical form: equal queries become one, and what is printed reads as what it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from query_worlds import queries, stored_queries, unhurried

from subscriptions import AliasTable, Document, evaluate, parse_query, positive_terms, print_query, query_id, topics_of
from subscriptions.query import And, FigureIs, Near, Not, Or, Query, Term, canonical

EQUAL = [
    ("中航锂电 投产", "投产  中航鋰電"),
    ("储能|动力电池", "动力电池 或 储能"),
    ("储能|动力电池", "((动力电池) OR 储能 | 储能)"),
    ("电池 -广告", "－广告 “电池”"),
    ("电池 -广告", "NOT 广告 AND 电池"),
    ("电池 -广告", "——广告 电池"),
    ("甲甲 -乙乙 -丙丙", "甲甲 -(乙乙|丙丙)"),
    ("-(丙丙 乙乙) 甲甲", "甲甲 (-乙乙|-丙丙)"),
    ("标题:甲甲|标题:乙乙", "title:(乙乙|甲甲)"),
    ("标题:甲甲 ~5 标题:乙乙", "标题:(乙乙 ~5 甲甲)"),
    ("(甲甲|丙丙) ~20 乙乙", "乙乙~(丙丙 或 甲甲)"),
    ("甲甲 ~3 乙乙 乙乙 ~4 丙丙", "甲甲 ~3 乙乙 ~4 丙丙"),
    ("#动力电池", "主题：动力电池"),
    ('#"power battery"', "#“Power Battery”"),
    ("版:2-4", "版面:第2至4版"),
    ("版:1", "版: 1"),
    ("阶段:投产", "stage:量产"),
    ("投资额>=10亿元", "总投资 ≥ １０亿"),
    ("投资额>=10亿元", "投资额>=1,000,000,000"),
    ("产能>0.5GWh", "产能>500MWh"),
    ("面积<3万平方米", "面积 < 3公顷"),
    ("投资额=1.5亿美元", "投资额=15,000万美元"),
    ("装机量<=2.5吉瓦", "装机<=2500MW"),
    ("数量>=3万", "数量>=3万家"),
    ('"投资额>=x"', "“投资额>=x”"),
    ('="中航锂电"', "＝“中航鋰電”"),
    ('"或"', "“或”"),
    ("储能", "储能。"),
    ("储能 招聘", "《储能》 招聘！？"),
    ("报:临江日报", "报：《临江日报》"),
    ("#储能", "＃储能。"),
    ("锂电|光伏", "锂电OR光伏"),
    ("锂电 光伏 -招聘", "锂电AND光伏NOT招聘"),
    ("锂电 -招聘", "NOT招聘 锂电"),
    ("投资额>10亿元", "投资额超过１０亿"),
    ("投资额>=10亿元 储能", "储能 总投资不低于 10 亿"),
    ("产能<5GWh", "产能低于5GWh"),
    ("产能<=5GWh", "产能不超过5GWh"),
    ("3.5亿", "“3.5亿”"),
    ('"比分3:1"', "“比分3:1”"),
    ('"3:1"', "3:1"),
    ('"1,000万"', "1,000万"),
]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal_queries_are_one(one: str, other: str) -> None:
    first, second = parse_query(one), parse_query(other)
    assert first == second
    assert query_id(first) == query_id(second) == query_id(print_query(first))
    assert len(query_id(first)) == 24


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("动力电池 投产 -广告 -招聘", "动力电池 投产 -广告 -招聘"),
        ("(甲甲|乙乙) 丙丙", "丙丙 (乙乙|甲甲)"),
        ("甲甲 (乙乙 丙丙|丁丁) -戊戊", "甲甲 (丁丁|丙丙 乙乙) -戊戊"),
        ("甲甲 -(乙乙|丙丙 (丁丁|戊戊))", "甲甲 (-丁丁 -戊戊|-丙丙) -乙乙"),
        ("占地>500亩", "面积>500亩"),
        ("销售额>=123456.7万元", "销售额>=12.34567亿元"),
        ("growth>=20.5%", "增长>=20.5%"),
        ("x2 ⑴项", '"(1)项" x2'),
        ('"储能。" "《光伏》"', '"《光伏》" "储能。"'),
        ("锂电ORDER光伏 锂电or光伏", "锂电order光伏 锂电or光伏"),
        ("项目超过10亿 招聘!启事", "招聘!启事 项目超过10亿"),
        ('作者:甲甲 报:"a b" 栏目:丙丙 正文:丁丁', '作者:甲甲 报:"a b" 栏目:丙丙 正文:丁丁'),
    ],
)
def test_printed(typed: str, printed: str) -> None:
    assert print_query(parse_query(typed)) == printed
    assert parse_query(printed) == parse_query(typed)


@unhurried
@given(stored_queries)
def test_a_printed_query_reads_as_itself(query: Query) -> None:
    assert parse_query(print_query(query)) == query


@unhurried
@given(queries)
def test_the_canonical_form_is_its_own(query: Query) -> None:
    assert canonical(canonical(query)) == canonical(query)


@unhurried
@given(queries)
def test_the_canonical_form_means_the_same(query: Query) -> None:
    for document in (
        Document("甲乙", "丙a\n丁", page=1),
        Document("", "乙甲甲ab", section="丙丁", page=3, topics=frozenset("丙")),
    ):
        truth = evaluate(query, document, AliasTable()) is None
        assert (evaluate(canonical(query), document, AliasTable()) is None) == truth


def test_equal_by_order_and_repetition() -> None:
    one = And((Term("甲"), Or((Term("乙"), Term("丙"), Term("乙")))))
    other = And((Or((Term("丙"), Or((Term("乙"),)))), Term("甲"), Term("甲")))
    assert canonical(one) == canonical(other)


def test_double_negation_is_none() -> None:
    assert canonical(Not(Not(Term("甲")))) == Term("甲")


def test_amounts_print_exactly() -> None:
    assert print_query(FigureIs("capacity", ">", 1e-06, "GWh")) == "产能>0.000001GWh"
    assert print_query(FigureIs("total_investment", ">", 1e20, "元")) == "投资额>1000000000000亿元"


def test_positive_terms_are_what_is_marked() -> None:
    query = parse_query("(甲甲|标题:乙乙) 丙丙~5丁丁 -戊戊 #主题 报:某报 版:1")
    assert set(positive_terms(query)) == {"甲甲", "乙乙", "丙丙", "丁丁"}
    assert positive_terms(Not(Near((Term("甲"),), (Term("乙"),), 1))) == ()


def test_topics() -> None:
    assert topics_of(parse_query("#动力电池")) == {"动力电池"}
    assert topics_of(parse_query("#动力电池 投产")) == frozenset()
