"""What a file's name, front matter and side-car tell, and what they do not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import UnreadableError
from digests.sources.names import agreed, bare_page, hints_from_name, hints_from_sidecar, merge, split_front_matter
from digests.types import Hints


@pytest.mark.parametrize(
    ("name", "hints"),
    [
        ("云溪日报-2031-04-08-01.txt", Hints("云溪日报", date="2031-04-08", page=1)),
        ("云溪日报-2031-4-8-12.md", Hints("云溪日报", date="2031-04-08", page=12)),
        ("云溪日报_20310408_A01版.TXT", Hints("云溪日报", date="2031-04-08", page=1)),
        ("云溪日报_20310408_A02.txt", Hints("云溪日报", date="2031-04-08", page=2)),
        ("云溪日报 2031.04.08 第十二版.txt", Hints("云溪日报", date="2031-04-08", page=12)),
        ("云溪日报2031/04/08", Hints("云溪日报", date="2031-04-08")),
        ("《云溪日报》2031年4月8日头版.txt", Hints("云溪日报", date="2031-04-08", page=1)),
        ("003_24小时云溪-2031-04-08.md", Hints("24小时云溪", date="2031-04-08")),
        ("2031-04-08-二版.txt", Hints(date="2031-04-08")),
        ("2031-04-08-第二版.txt", Hints(date="2031-04-08", page=2)),
        ("青岭科技2031年第5期.md", Hints("青岭科技", number="2031年第5期")),
        ("青岭科技2031-第5期.md", Hints("青岭科技", number="2031年第5期")),
        ("青岭科技 2031年第7-8期（总第160期）.md", Hints("青岭科技", number="2031年第7-8期", total_number=160)),
        ("青岭科技总第160期.md", Hints("青岭科技", total_number=160)),
        ("云溪日报第2422期第3版.txt", Hints("云溪日报", number="第2422期", page=3)),
        ("Yunxi Daily-2031-04-08.txt", Hints(date="2031-04-08")),
    ],
)
def test_names_that_tell(name: str, hints: Hints) -> None:
    assert hints_from_name(name) == hints


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt", "01.txt", "云溪日报.txt", "第一版.txt", "云溪日报-1.txt", "云溪日报-2031-04.txt", "云溪日报-2031-13-40.txt",
        "云溪日报-20310231-01.txt", "云溪日报-2031-04.08.txt", "电话13820310408123.txt", "", "---", "共5期.txt",
        "IMG_20310408_01.txt", "扫描-2031-04-08-3.txt", "微信图片_20310408.txt", "新建文本文档 2031-04-08.txt",
    ],
)  # fmt: skip
def test_names_that_tell_nothing(name: str) -> None:
    assert hints_from_name(name) == Hints()


def test_a_later_section_is_no_page_of_the_first() -> None:
    assert hints_from_name("云溪日报-2031-04-08-B02版.txt").page is None


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.integers(1, 99), st.sampled_from(["-", "_", ".", ""]))
def test_every_date_and_page_is_found(day: date, page: int, mark: str) -> None:
    name = f"云溪日报-{day:%Y}{mark}{day:%m}{mark}{day:%d}-{page:02}.txt"
    assert hints_from_name(name) == Hints("云溪日报", date=day.isoformat(), page=page)


@given(st.text(max_size=60))
def test_any_name_is_borne(name: str) -> None:
    hints = hints_from_name(name)
    assert hints.date is None or date.fromisoformat(hints.date)
    assert hints.page is None or 1 <= hints.page <= 99


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("01.txt", 1), ("12.MD", 12), ("A03.txt", 3), ("page-2.txt", 2), ("p4.md", 4), ("第一版.txt", 1), ("第十版.md", 10),
        ("第二十一版.md", 21), ("第三十版.md", 30), ("头版.txt", 1), ("3版.txt", 3), ("00.txt", None), ("100.txt", None), ("B1.txt", None),
        ("第十百版.md", None), ("第三二版.txt", None), ("第十十版.txt", None), ("封面.txt", None),
    ],
)  # fmt: skip
def test_a_name_that_is_a_page(name: str, page: int | None) -> None:
    assert bare_page(name) == page


def test_front_matter_in_both_languages() -> None:
    text = "---\n# 由编辑填写\n报名：《云溪日报》\n日期: 2031年4月8日\n\n类型：报纸\n版: 第二版\n总期号：总第2422期\n期号：第2422期\n编辑：无名\n---\n# 标题\n正文\n"
    hints, rest = split_front_matter(text)
    assert hints == Hints("云溪日报", "newspaper", "第2422期", 2422, "2031-04-08", 2)
    assert rest == "# 标题\n正文\n"
    english = '---\nPublication: "Qingling Keji"\nkind: Periodical\nnumber: 2031年第5期\ntotal_number: 160\ndate:\npage: 3\n...\nx'
    assert split_front_matter(english) == (Hints("Qingling Keji", "periodical", "2031年第5期", 160, None, 3), "x")


@pytest.mark.parametrize(
    "text",
    [
        "# 标题\n---\n日期: 2031-04-08\n---\n", "---\n一条横线之后就是正文\n---\n", "---\n作者: 甲\n---\n正文", "---\n日期: 2031-04-08\n正文没有结束的线",
        "---\n---\n正文", "", "---", "---\n" + "日期: x\n" * 40 + "---\n",
    ],
)  # fmt: skip
def test_what_is_no_front_matter_stays(text: str) -> None:
    assert split_front_matter(text) == (Hints(), text)


def test_front_matter_may_be_all() -> None:
    assert split_front_matter("---\n版: 1\n---") == (Hints(page=1), "")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("日期: 昨天", "第 3 行“日期”：应为日期，例如 2020-11-20，实为“昨天”"), ("date: 2031-02-30", "line 3, date: expected a date"),
        ("版: 零", "第 3 行“版”"), ("版: 0", "1 到 999"), ("kind: blog", "newspaper or periodical, found 'blog'"),
        ("总期号: 很多", "总期号"), ("报名: 《》", "报刊名称"), ("page: " + "9" * 60, "9…"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_with_its_line(line: str, expected: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        split_front_matter(f"---\nnumber: 1\n{line}\n---\n正文", "a.md")
    assert caught.value.key == "a.md" and expected in caught.value.reason


def test_sidecar() -> None:
    toml = '"报名" = "云溪日报"\ndate = 2031-04-08\ntotal_number = 7\nPage = "一版"\nkind = "期刊"\nnumber = ""\n'
    assert hints_from_sidecar(toml, "a.toml") == Hints("云溪日报", "periodical", None, 7, "2031-04-08", 1)


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("date =", "is not valid TOML"),
        ("page = 1\ndates = 2", "line 2, dates"),
        ("page = 0", "line 1, page"),
        ("[date]\n", "第 1 行"),
    ],
)
def test_a_bad_sidecar_is_refused(toml: str, expected: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        hints_from_sidecar(toml, "a.toml")
    assert expected in caught.value.reason


def test_the_most_trusted_comes_first() -> None:
    assert merge(Hints("甲报"), Hints("乙报", page=2), Hints(date="2031-04-08")) == Hints(
        "甲报", date="2031-04-08", page=2
    )
    assert merge() == Hints()


def test_pages_agree_or_say_nothing() -> None:
    pages = [Hints("甲报", date="2031-04-08", page=1), Hints("甲报", date="2031-04-09", page=1), Hints()]
    assert agreed(pages) == Hints("甲报")
    assert agreed([]) == Hints()
