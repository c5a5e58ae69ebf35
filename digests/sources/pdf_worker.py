"""The process in which a PDF is read: `python -m digests.sources.pdf_worker`, limits as JSON in its argument, the PDF on
its input, JSON on its output. Limits itself before it looks at the file, so that a hostile one harms nobody else.

Text comes from pdfminer.six with char_margin 0.6 and boxes_flow None (by trial on four-column Chinese pages: right down to
gutters of 3 points); whether a page has a text layer, and pictures of pages, from pypdfium2.
"""

from __future__ import annotations

import json
import logging
import statistics
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from digests.sources.pdf_layout import Box, reading_order

HEADLINE = 1.35
"""Letters so many times larger than the page's usual ones make a headline."""
LEAST = 8
"""Characters from which a page has a text layer."""


def main() -> None:
    limits = json.loads(sys.argv[1])
    _limit(limits["seconds"], limits["memory"])
    logging.disable(logging.CRITICAL)
    data = sys.stdin.buffer.read()
    try:
        answer = read(data, limits["pages"], limits["characters"])
    except MemoryError:
        answer = {"error": "memory"}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"[:300]}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _limit(seconds: int, memory: int) -> None:
    """Where the system knows such limits (not on Windows: there the parent's clock alone holds)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def read(data: bytes, max_pages: int, max_characters: int) -> dict[str, Any]:
    """{"pages": [text or null where there is no text layer], "count": pages in the file}."""
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(data) as document:
        count = len(document)
        layers = [_has_text(document[n]) for n in range(min(count, max_pages))]
    texts = dict(_texts(data, {n for n, has in enumerate(layers) if has}, max_characters))
    return {"pages": [texts.get(n) for n in range(len(layers))], "count": count}


def _has_text(page: Any) -> bool:
    text = page.get_textpage()
    return len("".join(text.get_text_range().split())) >= LEAST


def _texts(data: bytes, wanted: set[int], left: int) -> Iterator[tuple[int, str]]:
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams

    if not wanted:
        return
    params = LAParams(char_margin=0.6, boxes_flow=None)
    for number, page in zip(
        sorted(wanted), extract_pages(BytesIO(data), page_numbers=wanted, laparams=params), strict=False
    ):
        text = page_text(list(_boxes(page)))[: max(left, 0)]
        left -= len(text)
        yield number, text


def _boxes(page: Any) -> Iterator[Box]:
    from pdfminer.layout import LTChar, LTTextBox, LTTextLine

    for box in page:
        if isinstance(box, LTTextBox):
            lines = [line for line in box if isinstance(line, LTTextLine) and line.get_text().strip()]
            sizes = [char.size for line in lines for char in line if isinstance(char, LTChar)]
            size = statistics.median(sizes) if sizes else 10.0
            text = "\n".join(_line(line, box, size) for line in lines)
            if text:
                yield Box(box.x0, page.height - box.y1, box.x1, page.height - box.y0, text, size)


def _line(line: Any, box: Any, size: float) -> str:
    """A line that begins two letters further in begins a paragraph."""
    indent = "　　" if len(box) > 1 and line.x0 - box.x0 > 1.5 * size else ""
    return f"{indent}{line.get_text().strip()}"


def page_text(boxes: list[Box]) -> str:
    """Boxes in reading order, apart by an empty line; larger letters as a heading in Markdown."""
    letters = [box.size for box in boxes for _ in box.text]
    usual = statistics.median(letters) if letters else 10.0
    return "\n\n".join(
        "## " + "".join(box.text.split("\n")) if box.size >= usual * HEADLINE else box.text
        for box in reading_order(boxes)
    )


if __name__ == "__main__":
    main()
