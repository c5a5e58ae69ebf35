"""Better wording: what is proposed to exclude, and what to loosen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digests.narrowing import exclusions_for, holds_word, is_weak, looser, narrowed, propose_exclusions
from digests.types import Article
from digests.words import keywords
from subscriptions import Alias, AliasTable, Document, Match, Span, evaluate, parse_query, print_query

NONE = AliasTable()


def article(title: str, body: str, *words: str, section: str | None = None) -> Article:
    return Article(title, body, keywords=words, section=section)


def matched(query: str, *articles: Article) -> list[tuple[Article, Match]]:
    found = []
    for one in articles:
        match = evaluate(parse_query(query), Document(one.title, one.body, section=one.section or ""), NONE)
        assert match is not None
        found.append((one, match))
    return found


@pytest.mark.parametrize(
    ("query", "word", "expected"),
    [
        ("储能", "招聘", "储能 -招聘"),
        ("储能 -广告", "招聘", "储能 -广告 -招聘"),
        ("储能|锂电", "招聘", "(储能|锂电) -招聘"),
        ("#动力电池", "二手 车", '#动力电池 -"二手车"'),
        ("储能", "储能", None),
        ("储能", "的", None),
    ],
)
def test_a_query_narrowed_by_a_word(query: str, word: str, expected: str | None) -> None:
    found = narrowed(print_query(parse_query(query)), word)
    assert found == (print_query(parse_query(expected)) if expected else None)


def test_a_mention_in_passing_is_weak() -> None:
    strong = article("储能电站开工", "储能")
    often = article("青石湖新闻", "储能、储能、储能")
    passing = article("招聘启事", "本公司做储能。")
    by_topic = article("青石湖新闻", "电池")
    assert [is_weak(*pair) for pair in matched("储能", strong, often, passing)] == [False, False, True]
    assert not is_weak(by_topic, Match("q"))
    assert not is_weak(by_topic, Match("q", {"#电池": (Span("topic", 0, 0),)}))


def test_words_of_passing_mentions_are_proposed_and_none_of_the_rest() -> None:
    found = matched(
        "储能",
        article("储能电站开工", "投资储能。", "电站", "投资"),
        article("招聘启事", "储能公司招聘，投资方。", "招聘", "储能公司", "投资"),
        article("又一则招聘", "招聘储能工程师。工程师待遇优厚。", "招聘", "工程师", section="分类广告"),
    )
    assert propose_exclusions("储能", found, NONE) == ("招聘", "分类广告", "工程师")
    assert propose_exclusions("储能", found[:1], NONE) == ()


def test_what_would_have_kept_one_article_out() -> None:
    one = article(
        "招聘启事", "储能公司招聘", "储能", "储能公司", "招聘", "的", "启事", "公司", "一", section="分类广告"
    )
    assert exclusions_for("储能", one, NONE) == ("分类广告", "招聘", "启事")
    assert exclusions_for("储能 -招聘", one, NONE) == ("分类广告", "启事")
    assert holds_word(one, "启事") and holds_word(one, "分类") and not holds_word(one, "光伏")


def test_no_names_places_papers_measures_or_fragments_are_proposed() -> None:
    body = (
        "青石时代在云溪市招工，在云溪市，青石时代储能工厂招工百人。林溪说，投资12亿元，占地12亿元。云溪日报、云溪日报。"
    )
    words = ("青石", "云溪市", "林溪", "12亿元", "云溪日报", "工厂", "招工", "招")
    one = replace(article("短讯", body, *words), byline="记者 林溪")
    assert exclusions_for("储能", one, NONE) == ("招工",)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("#动力电池", ("总投资", "签约", "中创新航")),
        ("中航锂电", ("电池", "总投资", "签约")),
        ('="中航锂电"', ("电池", "总投资", "签约")),
        ("投资额>=10亿", ("电池", "签约", "中创新航")),
        ("阶段:签约 版:1", ("电池", "总投资", "中创新航")),
        ("储能 -#动力电池 -阶段:签约", ("电池", "总投资", "签约")),
    ],
)
def test_what_is_asked_for_in_whatever_name_is_not_proposed(query: str, expected: tuple[str, ...]) -> None:
    """Without 电池 nothing would be left of a topic 动力电池, nor of 投资额>=10亿 without 总投资."""
    table = AliasTable([Alias(("中航锂电", "中创新航"))])
    one = article("中创新航签约电池项目 总投资60亿元", "", "电池", "总投资", "签约", "中创新航")
    assert exclusions_for(query, one, table) == expected
    weak = replace(one, title="短讯", body="电池，电池。总投资、总投资；签约！签约。中创新航，中创新航，")
    match = Match("q", {"x": (Span("body", 0, 2),)})
    assert set(propose_exclusions(query, [(weak, match)], table)) == set(expected)


def test_a_word_of_most_hits_is_as_good_as_the_query() -> None:
    many = [article(f"短讯{n}", "储能，新能源好，新能源妙。", "新能源") for n in range(5)]
    one = article("招聘", "储能公司。", "招聘")
    assert propose_exclusions("储能", matched("储能", *many, one), NONE) == ("招聘",)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("储能 投产 -广告", ("储能 投产", "储能", "投产")),
        ("储能 -广告", ("储能",)),
        ("标题:签约", ("签约",)),
        ('="中航锂电"', ("中航锂电", "锂电 中航", "锂电", "中航")),
        ("中航 ~20 投产", ("中航 投产",)),
        ('标题:中航 ~20 标题:="投产"', ("标题:中航 ~20 标题:投产", "中航 ~20 投产", '标题:中航 标题:="投产"')),
        ("储能|锂电", ()),
        ("#动力电池", ()),
        ("动力电池产业项目", ("产业项目 动力电池", "产业项目", "动力电池")),
        ("储能 (标题:锂电|光伏)", ("储能 (锂电|光伏)", "标题:锂电|光伏", "储能")),
    ],
)
def test_a_query_is_loosened_one_demand_at_a_time(query: str, expected: tuple[str, ...]) -> None:
    wanted = {print_query(parse_query(text)) for text in expected}
    found = looser(print_query(parse_query(query)), keywords)
    assert set(found) == wanted and len(found) == len(wanted)
    assert all(print_query(parse_query(text)) == text for text in found)


def test_what_is_left_must_be_a_query() -> None:
    """Of a page and a field alone nothing is left that could be looked for."""
    assert looser(print_query(parse_query("储能 -(光伏 锂电)")), keywords) == ("储能",)
