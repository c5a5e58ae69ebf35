"""PDF: the order of columns, pages without text, recognition with a program of our own, limits."""

from __future__ import annotations

import random
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from digests.errors import UnreadableError
from digests.sources.pdf import PdfLimits, read_pdf
from digests.sources.pdf_layout import Box, reading_order
from digests.sources.pdf_ocr import Tesseract, regions, words_of

pytestmark = pytest.mark.slow

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


def newspaper(columns: int = 4, lines: int = 6, gutter: float = 8, seed: int = 1) -> tuple[bytes, list[str]]:
    """A page with a headline over all columns; drawn in shuffled order. The lines in the right order."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(600, 800))
    width = (560 - gutter * (columns - 1)) / columns
    letters = int(width // 10)
    texts = [chr(0x4E00 + n * 40 + c) * letters for c in range(columns) for n in range(lines)]
    places = [(20 + c * (width + gutter), 680 - n * 14) for c in range(columns) for n in range(lines)]
    drawn = list(zip(places, texts, strict=True))
    random.Random(seed).shuffle(drawn)
    canvas.setFont("STSong-Light", 10)
    for (x, y), text in drawn:
        canvas.drawString(x, y, text)
    canvas.setFont("STSong-Light", 32)
    canvas.drawString(20, 730, "云溪储能电站昨日正式开工建设")
    canvas.showPage()
    canvas.save()
    return out.getvalue(), texts


def picture() -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(200, 200))
    canvas.rect(20, 20, 60, 160, fill=1)
    canvas.rect(120, 20, 60, 160, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_columns_in_reading_order_with_the_headline_first() -> None:
    data, texts = newspaper()
    read = read_pdf(data, "云溪日报.pdf")
    lines = [line for line in read.pages[0].text.split("\n") if line]
    assert lines[0] == "## 云溪储能电站昨日正式开工建设"
    assert lines[1:] == texts
    assert (read.recognised, read.problems, read.pages[0].page) == (None, (), None)


def test_a_page_without_text_is_told_of_or_recognised(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="install tesseract"):
        read_pdf(picture(), "a.pdf", ocr=None if not _installed() else Tesseract("/nonexistent"))
    program = tmp_path / "tesseract"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.stdin.buffer.read()\n"
        "print('5\\t1\\t1\\t1\\t1\\t1\\t0\\t0\\t9\\t9\\t90\\t云 溪')\nprint('5\\t1\\t1\\t1\\t1\\t2\\t0\\t0\\t9\\t9\\t70\\t日')\n"
    )
    program.chmod(0o755)
    read = read_pdf(picture(), "a.pdf", ocr=Tesseract(str(program)))
    assert read.pages[0].text == "云溪日\n\n云溪日"
    assert round(read.recognised or 0, 2) == 0.8


def _installed() -> bool:
    from digests.sources.pdf_ocr import find_tesseract

    return find_tesseract() is not None


def test_a_program_that_fails_recognises_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="nothing was recognised"):
        read_pdf(picture(), "a.pdf", ocr=Tesseract(str(tmp_path / "none")))


@pytest.mark.parametrize("data", [b"%PDF-1.4\n" + b"junk" * 100, b"no PDF", b"%PDF-"])
def test_damaged(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="PDF"):
        read_pdf(data, "a.pdf")


def test_limits() -> None:
    data, _ = newspaper(columns=1, lines=2)
    with pytest.raises(UnreadableError, match="at most 0 MiB"):
        read_pdf(data, "a.pdf", PdfLimits(size=10))
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_pdf(data, "a.pdf", PdfLimits(memory=64 * 1024 * 1024))
    out = BytesIO()
    canvas = Canvas(out)
    for _ in range(3):
        canvas.drawString(50, 500, "some words on a page")
        canvas.showPage()
    canvas.save()
    read = read_pdf(out.getvalue(), "a.pdf", PdfLimits(pages=2))
    assert [page.page for page in read.pages] == [1, 2]
    assert "has 3 pages" in read.problems[0]


def test_columns_of_a_picture_are_cut() -> None:
    grey = np.full((400, 600), 255, np.uint8)
    grey[20:60, 20:580] = 0
    grey[120:380, 20:270] = 0
    grey[120:380, 330:580] = 0
    assert [(box.left, box.top) for box in regions(grey)] == [(20, 20), (20, 120), (330, 120)]
    assert regions(np.full((9, 9), 255, np.uint8)) == []


def test_the_programs_table() -> None:
    assert words_of("level\tpage\n1\t\n") is None


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(1, 200), st.integers(1, 90)), max_size=30)
)
def test_no_box_is_lost(places: list[tuple[int, int, int, int]]) -> None:
    boxes = [Box(x, y, x + w, y + h, str(n)) for n, (x, y, w, h) in enumerate(places)]
    assert sorted(box.text for box in reading_order(boxes)) == sorted(box.text for box in boxes)


def test_white_at_one_height_does_not_tear_columns() -> None:
    boxes = [Box(x, y, x + 90, y + 40, f"{x}/{y}") for y in (100, 150) for x in (0, 100)]
    head = Box(0, 0, 190, 50, "head")
    assert [box.text for box in reading_order([*boxes, head])] == ["head", "0/100", "0/150", "100/100", "100/150"]
