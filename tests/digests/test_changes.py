"""What a corrected article says otherwise: figures, names and titles, and nothing that is only worded anew."""

from __future__ import annotations

from time import process_time

import pytest
from render_words import words

from digests.changes import Change, changes
from digests.render_correction import Correction, render_corrections
from digests.types import Article, Fact


def figure(old: str, new: str) -> Change:
    return Change("figure", old, new)


def name(old: str, new: str) -> Change:
    return Change("name", old, new)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("总投资25亿元的项目昨天开工。", "总投资26亿元的项目昨天开工。", [figure("总投资25亿元", "总投资26亿元")]),
        ("会议在3月5日召开，有300人参加。", "会议在3月6日召开，有320人参加。",
         [figure("会议在3月5日", "会议在3月6日"), figure("有300人", "有320人")]),
        ("共有十二个村受益。", "共有二十个村受益。", [figure("共有十二", "共有二十")]),
        ("咨询电话0519-82831234。", "咨询电话0519-82831235。", [figure("咨询电话0519-82831234", "咨询电话0519-82831235")]),
        ("建成后年产值约10亿元。", "达产后年产值约12亿元。", [figure("10亿元", "12亿元")]),
        ("市委书记王建国昨天调研。", "市委书记王建军昨天调研。", [name("王建国", "王建军")]),
        ("王建国说，今年的茶叶不错。", "李建国说，今年的茶叶不错。", [name("王建国", "李建国")]),
        ("项目由青禾锂电有限公司承建。", "项目由青木锂电有限公司承建。", [name("青禾锂电有限公司", "青木锂电有限公司")]),
        ("县医院昨天启用新楼。", "县中医院昨天启用新楼。", [name("县医院", "县中医院")]),
        ("大家谈了《春江》一书。", "大家谈了《秋江》一书。", [name("《春江》", "《秋江》")]),
        ("采用 Qinghe 的设备。", "采用 Qingmu 的设备。", [name("Qinghe", "Qingmu")]),
        ("推动高质量发展，开创新局面。", "推动高水平发展，开创新局面。", []),
        ("他认为这样很好。", "他认为这样挺好。", []),
        ("一起来看。", "一同来看。", []),
        ("茶园里很热闹。", "今天下雪了，路上没有人。", []),
        ("今天开工。", "今天开工。新的一句有30万元。", []),
        ("", "", []),
    ],
)  # fmt: skip
def test_what_is_told(old: str, new: str, expected: list[Change]) -> None:
    assert list(changes(Article("题", old), Article("题", new))) == expected


def test_titles_and_bylines() -> None:
    old, new = Article("二十家企业落户", "", byline="记者 王小明"), Article("三十家企业落户", "", byline="记者 王晓明")
    assert changes(old, new) == (
        Change("title", "二十家企业落户", "三十家企业落户"), name("记者 王小明", "记者 王晓明"),
    )  # fmt: skip
    assert changes(Article("", "", byline=None), Article("新题", "", byline="记者 王晓明")) == ()
    assert changes(Article("ＡＢ", ""), Article("AB", "")) == (), "only written otherwise"


def test_the_subject_of_a_figure_is_a_name() -> None:
    def article(subject: str) -> Article:
        fact = Fact(subject, "jobs", 3.0, "人", 3.0, "count", "3人", 0, 2)
        return Article("题", f"昨天{subject}上市了，有三人到场。", facts=(fact,))

    assert changes(article("春江茶"), article("秋江茶")) == (name("春江茶", "秋江茶"),)


def test_the_same_change_is_told_once() -> None:
    text = "总投资25亿元的项目开工。\n总投资25亿元的项目开工。"
    assert changes(Article("题", text), Article("题", text.replace("25", "26"))) == (
        figure("总投资25亿元", "总投资26亿元"),
    )


def test_what_has_no_stop_is_compared_by_its_clauses_in_bounded_time() -> None:
    """A list or a table without any stop, as long as a body may be, and clauses without a comma."""
    old = "".join(f"第{n}项投资25亿元，" for n in range(400)) + "甲" * 900 + "有25人" + "乙" * 900
    begun = process_time()
    new = old.replace("资25", "资26").replace("有25", "有26")
    found = changes(Article("题", old), Article("题", new))
    assert process_time() - begun < 5
    assert found[:2] == (figure("第0项投资25亿元", "第0项投资26亿元"), figure("第1项投资25亿元", "第1项投资26亿元"))
    assert len(found) == 401 and found[-1] == figure("甲甲甲有25人", "甲甲甲有26人")
    assert changes(Article("题", "甲" * 999 + "，"), Article("题", "甲" * 999 + "。")) == ()


def test_a_correction_in_words() -> None:
    was = Article("<旧>题", "总投资25亿元。")
    (chunk,) = render_corrections(
        [Correction(Article("新题", "总投资26亿元。"), "云溪时报 3月3日", was)], words("zh-Hans")
    )
    assert chunk.html.split("\n") == [
        "<b>更正</b>：《新题》（云溪时报 3月3日）", "标题原为“&lt;旧&gt;题”，现为“新题”。", "原为“总投资25亿元”，现为“总投资26亿元”。",
    ]  # fmt: skip
    many = "".join(f"第{n}项投资{n}5亿元。" for n in range(1, 9))
    (chunk,) = render_corrections(
        [Correction(Article("", many.replace("5亿", "6亿")), "i", Article("", many))], words("en")
    )
    lines = chunk.html.split("\n")
    assert len(lines) == 7 and lines[0].startswith("<b>Correction</b>") and "3 more changes" in lines[-1]
