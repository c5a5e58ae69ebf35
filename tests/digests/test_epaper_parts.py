"""The pure parts of the e-paper engine: addresses, labels, dates, encodings, text of pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import UnreadableError
from digests.sources.epaper_article import Place, article_key, iso_day, properties, read_article
from digests.sources.epaper_find import leaves_of, marks_of, normal_page
from digests.sources.epaper_profile import PRESETS, shipped
from digests.sources.html import Link, Page, absolute, page_text


def test_keys_have_no_scheme_and_no_div() -> None:
    assert article_key("https://A.example/x.htm?div=-1") == article_key("http://a.example/x.htm") == "a.example/x.htm"
    assert article_key("http://a.example/x?id=3&div=0") == "a.example/x?id=3"


@pytest.mark.parametrize(("label", "page"), [("01", 1), ("A01", 1), ("00001", 1), ("(GA01)", 1), ("0607", 6), ("A", None), ("1234", 1234)])  # fmt: skip
def test_page_labels(label: str, page: int | None) -> None:
    assert normal_page(label) == page


def test_parts_that_count_from_one_again_are_counted_through() -> None:
    links = [
        Link(f"http://a.example/{n}", text) for n, text in enumerate(["第A01版：要闻", "第A02版", "第B01版：副刊"])
    ]
    assert [(leaf.page, leaf.name) for leaf in leaves_of(links, shipped("A"))] == [(1, "要闻"), (2, None), (3, "副刊")]


@pytest.mark.parametrize(
    ("preset", "address", "found"),
    [
        ("A", "http://e.example/p/pc/layout/202503/07/node_A01.html", {"y": "2025", "m": "03", "d": "07", "page": "A01"}),
        ("A", "http://e.example/pc/col/202503/07/col12.html", {"y": "2025", "m": "03", "d": "07", "page": "12"}),
        ("B", "http://e.example/html/2022-01/07/node_18.htm", {"y": "2022", "m": "01", "d": "07", "page": "18"}),
        ("C", "http://e.example/content/20250919/Page12BC.htm", {"y": "2025", "m": "09", "d": "19", "page": "12"}),
        ("D", "http://e.example/YX001/news/5397/33008/1635-1.shtml", {"paper": "YX001", "issue": "5397", "page": "33008"}),
        ("D", "http://e.example/YX001/news/5397/", None),
    ],
)  # fmt: skip
def test_addresses_of_pages(preset: str, address: str, found: dict[str, str] | None) -> None:
    assert marks_of(address, shipped(preset).page_url) == found


def test_a_day_that_is_none() -> None:
    import re

    pattern = re.compile(r"(?P<y>\d+)-(?P<m>\d+)-(?P<d>\d+)")
    assert iso_day(pattern.search("2026-3-7")) == "2026-03-07"
    assert iso_day(pattern.search("2026-13-7")) is None
    assert iso_day(None) is None


def test_enpproperty() -> None:
    text = "<!--enpproperty <title>云溪&lt;br&gt;开工</title><author> </author><introtitle>快讯</introtitle>/enpproperty-->"
    assert properties(text) == {"title": "云溪开工", "introtitle": "快讯"}
    assert properties("<p>") == {}


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        ("云溪".encode(), "text/html; charset=gb2312", ""),
        ("云溪".encode("gb18030"), "text/html; charset=utf-8", ""),
        ("云溪".encode("gb18030"), "", ""),
        ("<meta charset=big5>雲溪".encode("big5"), "", ""),
        ("云溪".encode("utf-8-sig"), "", "gbk"),
        ("云溪".encode("gbk"), "", "gbk"),
        (b"\xff\xfe" + "云溪".encode("utf-16-le"), "", ""),
        ("云溪".encode("gbk"), "text/html; charset=nonsense", ""),
    ],
)
def test_encodings(body: bytes, content_type: str, encoding: str) -> None:
    assert page_text(body, content_type, encoding)[-2:] in ("云溪", "雲溪")


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_are_text(body: bytes, content_type: str) -> None:
    page_text(body, content_type)


@given(st.text(alphabet=st.sampled_from("<>/=\"' abdivphref!-?#&;标题0"), max_size=200), st.sampled_from(PRESETS))
def test_any_page_is_borne(text: str, preset: str) -> None:
    """Whatever a server sends: a page has links and lines, an article or none; nothing raises."""
    page = Page(text, "http://a.example/x")
    page.links()
    page.refresh()
    read_article(page, shipped(preset), Place())


@given(st.text(max_size=60))
def test_any_address_is_absolute_or_none(given_: str) -> None:
    found = absolute("http://a.example/b/", given_)
    assert found == "" or found.startswith(("http://", "https://"))


def test_text_is_parted_where_lines_break() -> None:
    page = Page("<div id=x>一<b>二</b><p>　三&nbsp; 四</p><br>五<script>六</script><table><tr><td>七</td></tr></table></div>八", "http://a.example/")  # fmt: skip
    assert page.paragraphs(["#none", "#x"]) == ["一二", "三 四", "五", "七"]
    assert page.all_lines()[-1] == "八"


def test_deep_nesting_is_refused_and_ordinary_unclosed_tags_are_not() -> None:
    Page("<ul>" + "<li>一<p>二" * 5000, "http://a.example/")
    with pytest.raises(UnreadableError, match="levels of nesting"):
        Page("<div>" * 1001, "http://a.example/")
