"""Zip archives and HTML files: pages in order, names as they were meant, caps on what comes out."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import UnreadableError
from digests.sources.archive import ZipLimits, read_document, read_html, read_zip, unzip

TEXT = "本报讯 昨天上午，青石岭储能电站在云溪开工。\n"


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def test_pages_in_order_and_litter_left_out() -> None:
    data = packed(("10.txt", TEXT.encode()), ("2.txt", TEXT.encode("gbk")), ("__MACOSX/._2.txt", b"x"), ("logo.png", b"x"), ("x/", b""))  # fmt: skip
    read = read_zip(data, "一期.zip")
    assert [page.name for page in read.pages] == ["2.txt", "10.txt"]
    assert len(read.problems) == 1
    assert "logo.png" in read.problems[0]


def test_names_in_gbk_and_names_that_lead_out() -> None:
    plain = packed(("aaaa.txt", TEXT.encode()), ("../../etc/b.txt", TEXT.encode()), ("C:\\d\\e.txt", TEXT.encode()))
    data = plain.replace(b"aaaa.txt", "头版".encode("gbk") + b".txt")
    assert [member.name for member in unzip(data, "a.zip")] == ["头版.txt", "etc/b.txt", "d/e.txt"]


def test_a_bomb_is_refused_while_it_unpacks() -> None:
    data = packed(("a.txt", b"0" * 5_000_000))
    with pytest.raises(UnreadableError, match="sensible size"):
        read_zip(data, "a.zip")
    with pytest.raises(UnreadableError, match="sensible size"):
        read_zip(packed(("a.txt", b"0123456789" * 10)), "a.zip", ZipLimits(one=50))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04junk", "a sound zip archive"),
        (packed(), "no page that can be read"),
        (packed(*((f"{n}.txt", b"x") for n in range(5))), "at most 4 files"),
        (packed(("a.txt", TEXT.encode())).replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"), "without a password"),
    ],
)  # fmt: skip
def test_refusals(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_zip(data, "a.zip", ZipLimits(entries=4))
    assert caught.value.key == "a.zip"
    assert said in caught.value.reason


@given(st.binary(max_size=200), st.integers(0, 150))
def test_damage_is_told_never_raised_otherwise(junk: bytes, at: int) -> None:
    data = packed(("a.txt", TEXT.encode()))
    try:
        read_zip(data[:at] + junk + data[at + len(junk) :], "a.zip")
    except UnreadableError as error:
        assert error.key == "a.zip"


def test_a_saved_page() -> None:
    html = f"<title>云溪日报</title><h1>开工</h1><div id=ozoom><p>{TEXT}</p></div><p>友情链接</p>"
    page = read_html(html.encode("gbk"), "1.html")
    assert page.text == f"# 开工\n\n{TEXT.strip()}"
    with pytest.raises(UnreadableError, match="no text"):
        read_html(b"<p></p>", "1.html")


def test_documents() -> None:
    assert read_document(TEXT.encode(), "1.md").pages[0].text == TEXT
    assert read_document(b"<p>a</p>", "1.HTM").pages[0].text == "a"
    with pytest.raises(UnreadableError, match=r"found \.doc"):
        read_document(b"x", "a.doc")
    with pytest.raises(UnreadableError, match="PDF"):
        read_document(b"%PDF-junk", "a.bin")
