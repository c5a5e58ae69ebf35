"""The rules for facts one by one, and what must hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.facts import extract_facts
from digests.facts.clauses import clauses, clean, head
from digests.facts.counts import is_adjective, is_figure, is_length
from digests.facts.quantities import Quantity, quantities
from digests.facts.stages import place_of, stage_of, time_of
from digests.facts.subjects import Names, is_kind, is_measure, is_name
from digests.facts.text import half_width, tidy
from digests.facts.units import MULTIPLIERS, measure
from digests.types import Article

PIECES = ["总投资", "60", "亿元", "的", "远图储能项目", ",", "、", "。", "年产", "5万", "吨", "12.5", "%", "同比增长", "该公司", "超", "\n", "1-3", "家", "“", "其中", "二", "个", "(", "3,400", " ", "第", "等"]  # fmt: skip


def one(text: str) -> Quantity:
    (found,) = quantities(half_width(text))
    return found


@pytest.mark.parametrize(
    ("text", "value", "unit", "base", "normalised"),
    [
        ("60亿元", 60, "亿元", "CNY", 6e9),
        ("5280万美元", 5280, "万美元", "USD", 5.28e7),
        ("3000万欧元", 3000, "万欧元", "EUR", 3e7),
        ("2亿港元", 2, "亿港元", "HKD", 2e8),
        ("5亿日元", 5, "亿日元", "JPY", 5e8),
        ("100亿元人民币", 100, "亿元人民币", "CNY", 1e10),
        ("２．５亿元", 2.5, "亿元", "CNY", 2.5e8),
        ("805.2 亿元", 805.2, "亿元", "CNY", 8.052e10),
        ("30 亿，", 30, "亿元", "CNY", 3e9),
        ("1,234.5万元", 1234.5, "万元", "CNY", 1.2345e7),
        ("200MWh", 200, "MWh", "GWh", 0.2),
        ("23.2Gwh", 23.2, "Gwh", "GWh", 23.2),
        ("60万度电", 60, "万度电", "GWh", 0.6),
        ("12GW", 12, "GW", "GW", 12),
        ("500万吨", 500, "万吨", "t", 5e6),
        ("48平方公里", 48, "平方公里", "m2", 4.8e7),
        ("300亩", 300, "亩", "m2", 200000),
        ("1.57万台", 1.57, "万台", "count", 15700),
        ("3个百分点", 3, "个百分点", "ratio", 0.03),
        ("15倍", 15, "倍", "ratio", 15),
        ("十二家", 12, "家", "count", 12),
        ("二百五十台", 250, "台", "count", 250),
        ("两家", 2, "家", "count", 2),
        ("超百家", 1, "百家", "count", 100),
        ("千亿级", 1, "千亿元", "CNY", 1e11),
        ("46公里", 46, "公里", "km", 46),
    ],
)
def test_reads_a_quantity(text: str, value: float, unit: str, base: str, normalised: float) -> None:
    found = one(text)
    assert (found.value, found.unit, found.base) == (value, unit, base)
    assert found.value * found.factor == pytest.approx(normalised)


@pytest.mark.parametrize(
    "text",
    [
        "第3家",
        "前10名",
        "2021年",
        "5G手机",
        "TOP5企业",
        "连续6年",
        "AI3台",
        "三个方面",
        "第三十家",
        "数百",
        "3亿用户",
        "十亿分",
    ],
)
def test_leaves_ranks_dates_and_names(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("100-120家", 100, 120),
        ("5至8万吨", 5, 8),
        ("5亿元至8亿元", 5, 8),
        ("3万～5万台", 3, 5),
        ("8000万-1亿元", 0.8, 1),
    ],
)
def test_keeps_both_ends_of_a_range(text: str, lower: float, upper: float) -> None:
    found = one(text)
    assert (found.value, found.value_max) == (lower, upper)


def test_a_range_needs_two_figures_of_one_kind() -> None:
    found = quantities("投资60亿元到2025年,用地5亩至2家,3亿元-8")
    assert [(item.value, item.value_max, item.unit) for item in found] == [
        (60, None, "亿元"),
        (5, None, "亩"),
        (2, None, "家"),
        (3, None, "亿元"),
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("超60亿元", "超"),
        ("约6亩", "约"),
        ("近50家", "近"),
        ("50余家", "余"),
        ("3亿元以上", "以上"),
        ("亿元大关", "大关"),
        ("6亩", None),
    ],
)
def test_keeps_the_word_that_limits(text: str, word: str | None) -> None:
    assert one(text).qualifier == word


def test_every_unit_has_a_base_and_every_multiplier_a_factor() -> None:
    assert measure("GWh") == ("GWh", 1.0)
    assert MULTIPLIERS["万亿"] == 1e12
    with pytest.raises(KeyError):
        measure("里弄")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("其中远图储能项目总投资", "远图储能项目"),
        ("位于青岚经开区的远图储能项目近日开工", "远图储能项目"),
        ("在海岳电池项目建设现场", "海岳电池项目"),
        ("总投资", ""),
        ("园区的重点企业云溪新材料", "云溪新材料"),
        ("今年1-3月，".rstrip("，"), ""),
    ],
)
def test_finds_the_head_of_a_clause(text: str, phrase: str) -> None:
    assert head(text) == phrase


def test_cleans_a_phrase_and_its_brackets() -> None:
    assert clean("“森晖轴承的") == "森晖轴承"
    assert clean("森晖(青岚)公司") == "森晖(青岚)公司"
    assert clean("森晖(青岚公司") == "森晖青岚公司"


def test_parts_clauses_but_not_numbers() -> None:
    text = "投资1,200万元,按1:1配套。"
    assert [text[start:end] for start, end in clauses(text, 0, len(text))] == ["投资1,200万元", "按1:1配套"]


def test_knows_names_kinds_and_measures() -> None:
    assert is_name("远图能源科技有限公司")
    assert not is_name("该项目")
    assert not is_name("高新技术企业")
    assert is_kind("全区产业类项目")
    assert not is_kind("项目")
    assert not is_kind("科技创新" * 20 + "项目")
    assert is_measure("合同金额")


def test_pronouns_stand_for_what_was_named() -> None:
    names = Names("青岚区:聚力攻坚")
    assert names.resolve("该公司") == "青岚区"
    names.note("远图能源有限公司")
    names.note("海岳电池材料项目")
    names.note("云溪县")
    assert names.resolve("公司") == "远图能源有限公司"
    assert names.resolve("该项目") == "海岳电池材料项目"
    assert names.resolve("二期项目") == "海岳电池材料项目二期"
    assert names.resolve("公司研发大楼") == "远图能源有限公司研发大楼"
    assert names.resolve("全县") == "云溪县"
    assert names.resolve("我区民生项目") == "我区民生项目"
    assert names.resolve("活动") == "云溪县"
    assert names.resolve("云溪县委书记林某") == "云溪县"
    assert names.resolve("首席科学家王某") == ""
    assert names.resolve("这一次") == ""


def test_a_title_lends_its_name() -> None:
    assert Names("我区12家企业获奖").main == "我区"
    assert Names("森晖轴承项目分期建设").main == "森晖轴承项目"
    assert Names("勇立潮头敢闯敢试敢为人先走前列").main == ""


@pytest.mark.parametrize(
    ("before", "so_far", "sentence", "stage"),
    [
        ("年产", "达产后年产", "达产后年产5万吨", "planned"),
        ("总投资", "项目总投资", "项目总投资5亿元,昨天开工", "started"),
        ("计划总投资", "计划总投资", "计划总投资5亿元,目前正在施工", "under_construction"),
        ("计划总投资", "计划总投资", "计划总投资5亿元", "planned"),
        ("总投资", "总投资", "总投资5亿元的项目签约", "signed"),
        ("占地", "占地", "占地5亩", None),
        ("总投资", "总投资", "总投资5亿元,未来再扩建", "planned"),
        ("一期投资", "一期投资", "一期投资5亿元,计划今年12月开工,2027年6月投产", "planned"),
        ("总投资", "项目总投资", "项目总投资5亿元,有望明年投产", "planned"),
        ("总投资", "项目总投资", "项目总投资5亿元,昨天开工,预计明年投产", "started"),
        ("总投资", "项目总投资", "项目总投资5亿元,拟新建厂房,目前已开工", "started"),
        ("总投资", "甲项目已封顶;乙项目总投资", "甲项目已封顶;乙项目总投资5亿元;丙项目签约", None),
        ("总投资", "项目总投资", "项目总投资5亿元,完成年度计划投资的三成", None),
        ("拿出", "我市拿出", "我市拿出3亿元设立基金,对落地快、投产早的项目给予贴息", None),
    ],
)
def test_tells_the_stage(before: str, so_far: str, sentence: str, stage: str | None) -> None:
    assert stage_of(before, so_far, sentence) == stage


def test_tells_place_and_time() -> None:
    assert place_of("项目位于青岚区,占地5亩", "远图储能项目") == "青岚区"
    assert place_of("项目在松陵市开工", "远图储能项目") == "松陵市"
    assert place_of("占地5亩", "云溪县远图储能项目") == "云溪县"
    assert place_of("占地5亩", "全区重点项目") is None
    assert time_of("2021年4月,今年", "") == "今年"
    assert time_of("", "截至2020年底") == "截至2020年底"
    assert time_of("", "占地5亩") is None


def test_counts_that_are_talk_are_no_facts() -> None:
    three, many = one("三家"), one("44个")
    assert is_figure(three, "引进", "企业")
    assert not is_figure(one("一家"), "是", "企业")
    assert not is_figure(many, "位居", "县区前三")
    assert not is_figure(many, "每", "项目")
    assert not is_figure(one("3次"), "先后", "来访")
    assert is_figure(one("3次"), "组织", "集中开工")
    assert not is_figure(one("12部"), "联合", "门")
    assert is_figure(one("12部"), "加装电梯", "")


def test_lengths_and_classes() -> None:
    assert is_length("道路全长")
    assert not is_length("时速")
    assert is_adjective(one("亿元"), "企业26家")
    assert is_adjective(one("亿元"), "以上项目")
    assert not is_adjective(one("亿元"), "大关")


def test_tidies_the_spaces_of_recognition() -> None:
    assert tidy(" 理想 ONE  Pro 汽车 ") == "理想ONE Pro汽车"
    assert tidy("") == ""


def test_reads_the_title_where_the_body_is_silent() -> None:
    article = Article(title="远图储能项目总投资22亿元 用地120亩", body="远图储能项目昨天开工，总投资22.1亿元。")
    facts = extract_facts(article)
    assert [(fact.metric, fact.value, fact.in_title) for fact in facts] == [
        ("total_investment", 22.1, False),
        ("area", 120.0, True),
    ]


def test_a_figure_of_nobody_is_no_fact() -> None:
    assert extract_facts(Article(title="", body="占地300亩。")) == ()
    assert extract_facts(Article(title="产业观察", body="达到40%以上，前景广阔。")) == ()


def test_a_speaker_owns_what_follows() -> None:
    body = "启辰医疗科技有限公司董事长 林知远：\n今年，国内市场保持增长，我们接到的订单增多，公司发展更上一层楼，力争纳税突破亿元大关。"
    (fact,) = extract_facts(Article(title="新年新愿", body=body))
    assert (fact.subject, fact.metric, fact.value, fact.stage) == ("启辰医疗科技有限公司", "tax", 1.0, "planned")


def test_two_articles_of_one_text_say_the_same() -> None:
    article = Article(title="短讯", body="远图公司产值5亿元。")
    assert extract_facts(article) == extract_facts(article)


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.text(max_size=30))
def test_what_is_printed_is_what_is_shown(pieces: list[str], tail: str) -> None:
    article = Article(title="".join(pieces[:5]), body="".join(pieces) + tail)
    for fact in extract_facts(article):
        source = article.title if fact.in_title else article.body
        assert fact.printed == source[fact.start : fact.end].strip() != ""
        assert fact.subject
        assert fact.normalised >= 0


def test_the_speaker_of_a_quotation_is_whose_figures_they_are() -> None:
    body = "“二季度新开工项目不少于12个。”柳溪镇党委书记焦阳说。"
    (fact,) = extract_facts(Article(title="擂台赛", body=body))
    assert fact.subject == "柳溪镇新开工项目"


@pytest.mark.parametrize(
    ("title", "body", "subjects"),
    [
        ("百台机器人上岗", "走进铭骏电梯的智能工厂，机械臂挥舞。公司投入1.8亿元改造。", ["铭骏电梯"]),
        (
            "税信贷",
            "宁陂农商银行科技贷款余额43亿元。该行已向316家科技企业发放贷款12亿元。",
            ["宁陂农商银行科技贷款", "宁陂农商银行科技企业", "宁陂农商银行"],
        ),
        ("隔膜龙头扩产", "恒珀新材昨日公告，将建新厂。公司现有产能20万吨。", ["恒珀新材"]),
        ("产量新高", "市工信局发布数据显示，我市汽车产量达20万辆，同比增长6%。", ["我市汽车", "我市汽车"]),
    ],
)
def test_whose_a_figure_is(title: str, body: str, subjects: list[str]) -> None:
    facts = extract_facts(Article(title=title, body=body))
    assert [fact.subject for fact in facts] == subjects


def test_current_and_boxes_are_output() -> None:
    body = "海崖港集团完成集装箱吞吐量312万标箱。弘岳储能电站每年消纳电量1.4亿千瓦时。"
    assert [fact.metric for fact in extract_facts(Article(title="", body=body))] == ["output", "output"]


def test_a_title_in_round_words_repeats_the_body() -> None:
    facts = extract_facts(Article(title="远图公司纳税突破亿元", body="远图公司去年缴纳税收1.2亿元。"))
    assert [fact.printed for fact in facts] == ["1.2亿元"]


def test_two_marks_in_a_row_part_nothing_else() -> None:
    assert clauses("甲厂,,投产", 0, 6) == [(0, 2), (4, 6)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("完成投资8 3.7亿元", [83.7]), ("占地7. 2万亩", [7.2]), ("不少于8 0个", [80]),
        ("某厂 35 120万元", [120]), ("项目 数量 投资\n甲厂 3 45亿元", [45]), ("1 263万元", [263]),
    ],
)  # fmt: skip
def test_digits_that_were_parted_are_one_number_but_columns_of_a_table_are_two(text: str, values: list[float]) -> None:
    assert [quantity.value for quantity in quantities(text)] == values


def test_no_fewer_than_so_many_are_not_a_few_others() -> None:
    facts = extract_facts(Article(title="", body="远图公司年产值8亿元，不少于3亿元出口。不少同行产值5亿元。"))
    assert [fact.printed for fact in facts] == ["8亿元", "3亿元"]


def test_one_kilometre_is_a_length_and_no_part_of_a_name() -> None:
    road, cost = extract_facts(Article(title="", body="全县新修公路1公里。地铁1号线延伸1公里，总投资8亿元。"))
    assert (road.printed, cost.printed) == ("1公里", "8亿元") and "公" not in cost.subject


def test_what_is_brought_forth_each_year_is_no_capacity() -> None:
    """每年产生专利 is not 年产."""
    facts = extract_facts(Article(title="", body="远图公司每年产生专利1800多件。远图公司年产电池1800件。"))
    assert [fact.metric for fact in facts].count("capacity") == 1
