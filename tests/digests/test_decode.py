"""Any encoding in use for Chinese reads as the text that was written; what is no text is refused in plain words."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.errors import UnreadableError
from digests.sources.decode import decode
from digests.sources.frequent import FREQUENT, common, likeness

PAGE = (
    "云溪日报\n2031年4月8日 第一版\n\n# 青石岭储能电站开工\n\n本报讯（记者 林晚舟）昨天上午，总投资12.5亿元的青石岭储能电站在云溪经济开发区开工，"
    "建成后年发电量可达3亿千瓦时。市领导出席仪式并宣布项目开工。\n"
)
TRADITIONAL = "雲溪日報\n昨天上午，總投資12.5億元的青石嶺儲能電站在雲溪經濟開發區開工，建成後年發電量可達3億千瓦時。市領導出席儀式並宣佈項目開工。\n"

SIMPLIFIED_CHARS = "".join(sorted(char for char in common() if char >= "\u4e00" and char.encode("gb2312", "ignore")))
TRADITIONAL_CHARS = "".join(sorted(char for char in common() if char >= "\u4e00" and len(char.encode("cp950", "ignore")) == 2 and char.encode("cp950") < b"\xc6\xa1"))  # fmt: skip
FREQUENT_TRADITIONAL = (
    "的一是在不人我有中了上大下以年生家市出行成方分工地天日月本新發電業經濟開會國區項目投資動力車產時報記者"
)


def running_text(chars: str, frequent: str) -> st.SearchStrategy[str]:
    """Sentences as they are met: frequent characters among all those in common use, with figures and line ends."""
    return st.lists(
        st.one_of(
            st.sampled_from(frequent),
            st.sampled_from(frequent),
            st.sampled_from(chars),
            st.sampled_from("，。：60亿\n"),
        ),
        min_size=20,
        max_size=60,
    ).map(lambda found: "".join(found) + "，本報記者。")


SIMPLIFIED = running_text(SIMPLIFIED_CHARS, "".join(sorted(char for char in FREQUENT if char in SIMPLIFIED_CHARS)))
TRADITIONAL_TEXT = running_text(TRADITIONAL_CHARS, FREQUENT_TRADITIONAL).map(lambda text: text.replace("亿", "億"))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_a_page_reads_alike_in_every_encoding(encoding: str) -> None:
    assert decode(PAGE.encode(encoding), "page.txt") == PAGE


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "cp950", "big5hkscs", "gb18030", "utf-16-le"])
def test_a_traditional_page_reads_alike_in_every_encoding(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding), "page.txt") == TRADITIONAL


@settings(max_examples=60)
@given(SIMPLIFIED, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]))
def test_simplified_text_comes_back(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.txt") == text


@settings(max_examples=60)
@given(TRADITIONAL_TEXT, st.sampled_from(["utf-8", "cp950", "utf-16-le", "utf-16-be"]))
def test_traditional_text_comes_back(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.txt") == text


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data, "a.txt")
    except UnreadableError as error:
        assert error.key == "a.txt" and " / " in error.reason
    else:
        assert text.strip() and "\r" not in text


def test_few_characters_suffice() -> None:
    assert decode("动力电池".encode("gb18030"), "a") == "动力电池"
    assert decode("動力電池發展".encode("big5"), "a") == "動力電池發展"


def test_line_ends_become_line_feeds() -> None:
    assert decode("甲\r\n乙\r丙\n".encode(), "a") == "甲\n乙\n丙\n"


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, "\u3000\n".encode()])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"空的.*empty file"):
        decode(data, "a")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF 文档"),
        (b"PK\x03\x04\x14\x00[Content_Types].xml", "Office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "旧版 Office"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"\x89PNG\r\n\x1a\n\x00", "PNG"),
        (b"{\\rtf1\\ansi", "RTF"),
        (bytes(range(256)) * 8, "二进制"),
        (b"\x00" * 500, "二进制"),
        (b"\x01\x02\x03\x04" * 40, "二进制"),
        ("caf\xe9 na\xefve d\xe9j\xe0 vu \xe0 la\xdf".encode("latin-1"), "二进制"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, word: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        decode(data, "扫描.txt")
    assert word in caught.value.reason
    assert f"{len(data)} bytes" in caught.value.reason and "another" not in caught.value.reason
    assert caught.value.key == "扫描.txt"


def test_a_broken_text_with_a_mark_is_refused() -> None:
    with pytest.raises(UnreadableError, match="damaged UTF-8"):
        decode(codecs.BOM_UTF8 + PAGE.encode("gb18030"), "a")


def test_one_damaged_byte_is_borne() -> None:
    good = PAGE.encode()
    text = decode(good[:200] + b"\xff" + good[200:], "a")
    assert text.count("\ufffd") <= 4 and "储能电站" in text
    long = (PAGE * 10).encode("gb18030")
    assert "储能电站" in decode(long[:-1] + b"\xff\n", "a")


def test_a_file_cut_within_a_character_is_read() -> None:
    assert decode(PAGE.rstrip().encode()[:-1], "a").startswith("云溪日报")


def test_likeness_tells_the_right_encoding_from_the_wrong() -> None:
    assert likeness(PAGE) > 1.5 and likeness(TRADITIONAL) > 1.5
    assert likeness(PAGE.encode("gb18030").decode("cp950", "replace")) < 0.3
    assert likeness(TRADITIONAL.encode("cp950").decode("gb18030", "replace")) < 0.3
    assert likeness("") == 0.0 == likeness("plain")
    assert likeness("ab\n\x01", ascii_counts=True) == 0.5
