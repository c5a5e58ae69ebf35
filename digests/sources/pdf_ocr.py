"""Pages that are pictures to text, by the program `tesseract` with its Chinese data, where it is installed.

Columns are cut before recognition (the program misses or mixes them), spaces between Chinese characters are removed after
it, and its own confidence is kept. The program runs as a child with a limit on time, one region at a time.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from digests.sources.pdf_layout import Box, reading_order

DPI = 300
INK = 128
"""Grey below which a pixel is ink."""
MAX_PIXELS = 60_000_000
MERGE = 18
"""Pixels at 300 dpi: white narrower than this is inside a column, as between two letters."""

Grey = npt.NDArray[np.uint8]

_HAN = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’…—·"
_SPACES = re.compile(rf"(?<=[{_HAN}])[ \t]+(?=[{_HAN}])")


@dataclass(frozen=True, slots=True)
class Recognised:
    """`confidence`: 0..1, the mean over its words."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Tesseract:
    """`program`: its path. `seconds`: for one region."""

    program: str
    seconds: float = 60.0

    def read_pages(self, pdf: bytes | Path, numbers: Iterable[int]) -> dict[int, Recognised]:
        """Of these pages, counted from 0, those in which something was recognised."""
        import pypdfium2 as pdfium

        found = {}
        with pdfium.PdfDocument(pdf) as document:
            for number in numbers:
                if page := self.read_picture(picture_of(document[number])):
                    found[number] = page
        return found

    def read_picture(self, picture: Grey) -> Recognised | None:
        parts = [part for box in regions(picture) if (part := self._region(_part(picture, box)))]
        if not parts:
            return None
        weights = [len(part.text) for part in parts]
        confidence = sum(part.confidence * weight for part, weight in zip(parts, weights, strict=True)) / sum(weights)
        return Recognised("\n\n".join(part.text for part in parts), confidence)

    def _region(self, picture: Grey) -> Recognised | None:
        command = [self.program, "stdin", "stdout", "-l", "chi_sim", "--psm", "6", "--dpi", str(DPI)]
        command += ["-c", "preserve_interword_spaces=1", "tsv"]
        header = f"P5 {picture.shape[1]} {picture.shape[0]} 255\n".encode()
        try:
            ran = subprocess.run(
                command, input=header + picture.tobytes(), capture_output=True, timeout=self.seconds, check=False
            )
        except (subprocess.TimeoutExpired, OSError):
            return None
        return words_of(ran.stdout.decode("utf-8", "replace")) if ran.returncode == 0 else None


@cache
def find_tesseract() -> Tesseract | None:
    """The installed program, if it has the Chinese data."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    listed = subprocess.run([program, "--list-langs"], capture_output=True, timeout=20, check=False)
    return Tesseract(program) if b"chi_sim" in listed.stdout.split() else None


def words_of(table: str) -> Recognised | None:
    """The program's table (level, page, block, paragraph, line, word, box, confidence, text) to lines."""
    lines: dict[tuple[str, ...], list[str]] = {}
    sure: list[float] = []
    for row in table.split("\n"):
        cells = row.rstrip("\r").split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip():
            lines.setdefault(tuple(cells[1:5]), []).append(cells[11])
            sure.append(max(float(cells[10]), 0.0) / 100)
    text = "\n".join(_SPACES.sub("", " ".join(words)) for words in lines.values())
    return Recognised(text, sum(sure) / len(sure)) if sure else None


def picture_of(page: Any) -> Grey:
    """A page as grey pixels at 300 dpi; less for a page that would be too large."""
    width, height = page.get_size()
    scale = min(DPI / 72, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
    picture: Grey = page.render(scale=scale, grayscale=True).to_numpy()
    return np.ascontiguousarray(picture.reshape(picture.shape[:2]))


def regions(picture: Grey) -> list[Box]:
    """Columns and bands with ink, in reading order, in pixels."""
    ink = picture < INK
    found: list[Box] = []
    for top, bottom in _runs(np.any(ink, axis=1), MERGE * 2):
        found += [Box(left, top, right, bottom) for left, right in _runs(np.any(ink[top:bottom], axis=0), MERGE)]
    return reading_order(found, MERGE)


def _runs(marked: npt.NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    """Half-open stretches of marked places; white shorter than `gap` does not part them."""
    at = np.flatnonzero(marked)
    if not len(at):
        return []
    cuts = [n for n, (one, other) in enumerate(pairwise(at.tolist()), 1) if other - one > gap]
    edges = [0, *cuts, len(at)]
    return [(int(at[begin]), int(at[end - 1]) + 1) for begin, end in pairwise(edges)]


def _part(picture: Grey, box: Box, margin: int = 10) -> Grey:
    top, left = max(int(box.top) - margin, 0), max(int(box.left) - margin, 0)
    return np.ascontiguousarray(picture[top : int(box.bottom) + margin, left : int(box.right) + margin])
