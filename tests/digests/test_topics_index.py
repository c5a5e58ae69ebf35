"""How topics are scored: title, lead and share of the body, what hides a term, what refuses a topic."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.topics import FieldWeights, Topic, TopicIndex, load_topics
from digests.topics.cast import about_company

RAIL = Topic(
    name="轨道",
    name_en="Rail",
    definition="轨道交通。",
    terms=(("地铁", 3.0), ("地铁车辆", 3.0), ("列车", 1.0), ("项目 开工", 2.0), ("模型", -3.0)),
    excludes=("地铁口", "玩具展"),
    weights=FieldWeights(title=1.0, lead=0.5, body=2.0),
    threshold=0.4,
)


@pytest.fixture(scope="module")
def shipped() -> TopicIndex:
    return TopicIndex(load_topics())


def score(title: str = "", body: str = "", subtitle: str = "", section: str = "") -> float:
    return TopicIndex([RAIL]).scores(title, subtitle, body, section).get("轨道", 0.0)


def test_a_title_counts_its_weight_a_subtitle_and_a_section_less() -> None:
    assert score(title="地铁新线开通") == 1.0
    assert score(subtitle="地铁新线开通") == 0.8
    assert score(section="地铁") == 0.5


def test_the_body_counts_by_the_share_that_speaks_of_it() -> None:
    assert score(body="地铁来了。") == 2.5
    long = "地铁来了。" + "今天天气很好，大家都很高兴。" * 40
    assert 0 < score(body=long) < 0.3


def test_an_excluded_phrase_also_hides_what_goes_on_behind_it(shipped: TopicIndex) -> None:
    """光伏异质结电池项目 is no 电池项目: a reader of 动力电池 got it, with 电池项目 underlined."""
    title, body = (
        "总投资32亿元 澄川光伏异质结电池项目安装设备",
        "走进澄川光伏5GW异质结电池项目现场，工人们正在安装首批设备。",
    )
    names = [reason.topic for reason in shipped.assign(title, "", body, "")]
    assert "动力电池" not in names and "光伏" in names
    assert "动力电池" in [
        reason.topic for reason in shipped.assign("江澜电池项目安装设备", "", "走进江澜电池项目现场。", "")
    ]


def test_weak_terms_add_up_and_weights_below_zero_speak_against() -> None:
    assert 0.8 < score(body="列车来了。") < 0.9
    assert score(body="地铁列车来了。") == 2.5
    assert score(body="地铁模型来了。") == 0.0


def test_a_term_of_two_words_needs_both_in_one_sentence() -> None:
    assert score(body="项目昨天开工。") > 1.6
    assert score(body="项目来了。昨天开工。") == 0.0


def test_a_longer_term_is_not_counted_twice() -> None:
    (reason,) = TopicIndex([RAIL]).assign("", "", "地铁车辆下线。", "")
    assert reason.terms == (("地铁车辆", "lead", 1),)


def test_reasons_name_terms_places_and_counts() -> None:
    (reason,) = TopicIndex([RAIL]).assign("地铁", "", "地铁，地铁。", "")
    assert (reason.topic, reason.score) == ("轨道", 3.5)
    assert reason.terms == (("地铁", "lead", 2), ("地铁", "title", 1))


def test_an_exclude_hides_its_term_and_alone_in_the_title_refuses_the_topic() -> None:
    assert score(body="他在地铁口等人。") == 0.0
    assert score(title="地铁口新开一家书店", body="地铁来了。") == 2.5
    assert score(title="玩具展开幕", body="地铁来了。") == 0.0
    assert score(body="玩具展里有地铁。") == 2.5


def test_width_case_script_and_spaces_of_recognition_do_not_matter() -> None:
    assert score(title="地 鐵 新線") == 1.0


def test_what_a_school_is_named_after_is_not_what_it_is_about() -> None:
    assert score(title="地铁学院迎来新生") == score(title="地铁职业技术学院迎来新生") == 0.0
    assert score(title="学院师生坐上地铁") == 1.0


def test_a_papers_own_notices_are_about_nothing() -> None:
    index = TopicIndex([RAIL])
    assert index.assign("“我与地铁”征稿启事", "", "欢迎投稿：地铁故事。", "") == ()
    assert index.assign("地铁新线开通", "", "", "")


def test_nothing_matches_nothing() -> None:
    assert TopicIndex([]).assign("地铁", "", "地铁。", "") == ()
    assert TopicIndex([RAIL]).assign("", "", "", "") == ()


def test_side_topics_of_an_article_are_left_out() -> None:
    strong = Topic("甲", "A", "甲。", (("桥梁", 3.0),), threshold=0.1, weights=FieldWeights(body=9.0))
    weak = Topic("乙", "B", "乙。", (("隧道", 3.0),), threshold=0.1)
    reasons = TopicIndex([strong, weak]).assign("", "", "桥梁桥梁桥梁桥梁桥梁桥梁桥梁桥梁桥梁。隧道。", "")
    assert [reason.topic for reason in reasons] == ["甲"]


@pytest.mark.parametrize(
    ("topic", "title", "body"),
    [
        (
            "动力电池",
            "海岳磷酸铁锂基地投产",
            "海岳集团磷酸铁锂正极材料基地昨天投产，产品供应多家动力电池企业，隔膜车间同步启用。",
        ),
        ("新能源汽车", "星桥智能电动车下线", "星桥汽车首款纯电动轿车下线，整车工厂全面达产，配套充电桩同步铺设。"),
        ("光伏", "屋顶建起光伏电站", "云溪县整县推进屋顶分布式光伏，太阳能组件由本地企业生产，逆变器同步安装。"),
        ("储能", "盐穴变成充电宝", "利用废弃盐穴建设的压缩空气储能电站并网，可参与电网调峰。"),
        ("重大项目", "三个重大项目集中开工", "昨天，青岚区举行重大项目集中开工仪式，总投资60亿元，项目建设进度加快。"),
        ("招商引资", "青岚区赴深圳招商", "青岚区在深圳举行投资推介会，与客商洽谈项目并签约，双招双引再掀热潮。"),
        (
            "科技创新",
            "产学研握手 技术攻关提速",
            "青岚区科技局组织高校与企业对接，科技成果转化与关键核心技术攻关同步推进。",
        ),
        ("人才", "百名博士进企业", "青岚区出台人才政策，引进高层次人才和青年人才，建设人才公寓。"),
        (
            "企业动态",
            "远图公司科创板上市",
            "远图股份有限公司在科创板挂牌上市，去年营业收入大幅增长，公司董事长介绍了新产品。",
        ),
        ("金融支持", "银企对接送活水", "青岚银行为小微企业发放贷款，提高授信额度，担保费率降低。"),
        (
            "产业政策",
            "青岚区出台产业强区行动方案",
            "青岚区发布产业规划和若干政策措施，以三年行动方案推动产业转型升级，构建现代产业体系。",
        ),
        ("生态环保", "治污水 清河道", "青岚区推进雨污分流和污水管网改造，水质稳步提升，河长制落到实处。"),
        ("农业", "水稻机插秧忙", "白鹭镇高标准农田里，水稻插秧正忙，农技人员到田间指导，农户种植面积增加。"),
        ("医疗健康", "新院区门诊启用", "松陵市人民医院新院区启用，骨科手术室和门诊同步开放，方便患者就诊。"),
        ("新材料", "碳纤维产线投产", "云溪县碳纤维复合材料产线投产，石墨烯项目同步建设，新材料产业再添一员。"),
        (
            "智能制造",
            "老车间装上机械臂",
            "企业推进智改数转，建成智能工厂，工业机器人和数控机床联网运行，自动化率大幅提升。",
        ),
        (
            "轨道交通",
            "动车组转向架下线",
            "中轨机车研制的动车组转向架下线，轨道交通装备产业再添新品，牵引系统实现自主。",
        ),
        ("园区建设", "新园区开园迎客", "青岚智造产业园启用，标准厂房全部入驻，园区配套同步完善，高新区发展再提速。"),
        (
            "党建政务",
            "区委理论学习中心组学习会召开",
            "昨天，区委召开常委会会议，传达学习上级精神，推进党建和作风建设，党员干部踊跃发言。",
        ),
        ("教育", "职业学院办起创业课", "青岚职业学院开设创业教育课程，学生走进企业实习，教师与工程师同上一堂课。"),
        ("民生服务", "小区加装电梯惠居民", "社区为老旧小区居民加装电梯，开通便民热线，老年人出行更方便。"),
        ("文旅", "古镇灯会引客来", "白鹭古镇举办灯会，游客纷至沓来，景区民宿爆满，非遗展演精彩。"),
    ],
)
def test_each_shipped_topic_knows_its_own(shipped: TopicIndex, topic: str, title: str, body: str) -> None:
    assert topic in [reason.topic for reason in shipped.assign(title, "", body, "")]


@pytest.mark.parametrize(
    ("wrong", "title", "body"),
    [
        ("农业", "农商行发放贷款", "青岚农村商业银行、农业银行向企业发放贷款，授信额度提高。"),
        ("招商引资", "招商银行设立网点", "招商银行昨天在青岚设立网点，提供存款和结算服务。"),
        ("教育", "主题教育走深走实", "党支部开展主题教育和党史学习教育，党员重温入党誓词。"),
        ("生态环保", "创新生态日益完善", "青岚区优化创新生态和人才生态，科技企业孵化器聚集创业者。"),
        ("新材料", "电池材料基地扩产", "海岳正极材料、负极材料基地扩产，锂电材料产能翻番。"),
        ("动力电池", "职工运动会开幕", "昨天，职工运动会开幕，乒乓球和拔河比赛同时进行。"),
    ],
)
def test_look_alike_words_do_not_bring_a_topic(shipped: TopicIndex, wrong: str, title: str, body: str) -> None:
    assert wrong not in [reason.topic for reason in shipped.assign(title, "", body, "")]


@settings(max_examples=40)
@given(st.text(max_size=60), st.text(max_size=300))
def test_scores_are_bounded_and_sorted(title: str, body: str) -> None:
    reasons = TopicIndex([RAIL]).assign(title, "", body, "")
    assert all(RAIL.threshold <= reason.score <= 3.5 for reason in reasons)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("奥立特缝纫机前8月出口增四成", "昨天，在奥立特缝纫机公司的出货区，两个集装箱正等待发往海外。"),
        ("听岳瓷人讲一只碗的故事", "岳瓷集团展厅里，老师傅捧着一只碗。"),
        ("恒川铝业上半年产值破20亿元", "上半年生产铝箔5.6万吨。"),
        ("把铜丝拉细", "精恒线材公司的实验室里灯火通明。精恒线材成立了小组。精恒线材又扩产。"),
    ],
)
def test_an_article_about_a_company_is_company_news(shipped: TopicIndex, title: str, body: str) -> None:
    assert "企业动态" in [reason.topic for reason in shipped.assign(title, "", body, "")]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("新能源汽车前8月出口增四成", "全市新能源汽车出口两万辆。"),
        ("科技特派员下乡", "一家科技公司派来了人，某集团也派来了人。"),
        ("全市大会召开", "该公司和多家公司到会，云溪轴承公司发言。"),
    ],
)
def test_a_trade_or_any_company_in_passing_makes_no_company_news(title: str, body: str) -> None:
    assert not about_company(title, body)


def test_the_term_for_a_company_makes_no_word_with_the_end_of_the_title() -> None:
    index = TopicIndex([replace(RAIL, name="厂房", terms=(("工厂", 3.0),))])
    title, body = "恒川铝业上半年招了百名职工", "昨天开工。"
    assert about_company(title, body) and index.assign(title, "", body, "") == ()
