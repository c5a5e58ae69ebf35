"""A PDF to the text of its pages: its text layer, else recognition where `tesseract` is there, else told of.

The file is parsed in a process of its own with limits on time, memory, pages and characters; a damaged or hostile file ends
that process and nothing else. Blocks while it reads: call it in a thread.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from digests.errors import UnreadableError
from digests.sources.pdf_ocr import Tesseract, find_tesseract
from digests.types import PageText

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """Of one file. `seconds`: of work, and twice as many by the clock. `memory`: bytes of address space."""

    size: int = 50 * MIB
    seconds: int = 60
    memory: int = 1024 * MIB
    pages: int = 200
    characters: int = 4_000_000


LIMITS = PdfLimits()


@dataclass(frozen=True, slots=True)
class PdfText:
    """`recognised`: 0..1, how sure the recognition of pages that are pictures was; None: there are none. `problems`: for the
    admins."""

    pages: tuple[PageText, ...]
    recognised: float | None = None
    problems: tuple[str, ...] = ()


def read_pdf(data: bytes | Path, name: str, limits: PdfLimits = LIMITS, ocr: Tesseract | None = None) -> PdfText:
    """The pages that have text, in order. `ocr`: what recognises pages without text; None: the one that is installed,
    if any. Raises UnreadableError(name) where nothing can be read."""
    size, head = (len(data), data[:1024]) if isinstance(data, bytes) else _measure(data)
    if size > limits.size:
        raise UnreadableError(
            name,
            f"PDF 应不超过 {limits.size // MIB} MiB，实际更大；请拆开"
            f" / expected a PDF of at most {limits.size // MIB} MiB, found more; cut it into parts",
        )
    if b"%PDF-" not in head:
        raise UnreadableError(name, "应为 PDF，实际不是 / expected a PDF, found none")
    answer = _ask(data, name, limits)
    texts: list[str | None] = answer["pages"]
    problems = _too_many(answer["count"], limits)
    confidence = None
    if None in texts:
        texts, confidence, more = _recognise(data, texts, ocr or find_tesseract())
        problems += more
    pages = tuple(
        PageText(f"{name}#{n}", text, n if len(texts) > 1 else None)
        for n, text in enumerate(texts, 1)
        if text is not None and text.strip()
    )
    if not pages:
        raise UnreadableError(name, "；".join(problems) or "PDF 里没有文字 / the PDF has no text")
    return PdfText(pages, confidence, tuple(problems))


def mean(shares: Iterable[float | None]) -> float | None:
    """Of those that are known; None: of none."""
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if known else None


def _measure(file: Path) -> tuple[int, bytes]:
    with file.open("rb") as opened:
        return file.stat().st_size, opened.read(1024)


def _ask(data: bytes | Path, name: str, limits: PdfLimits) -> dict[str, Any]:
    """What the worker answers; it reads a file itself. It inherits nothing of our environment."""
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-m", "digests.sources.pdf_worker", json.dumps(asdict(limits))]
    run = partial(
        subprocess.run, command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=2 * limits.seconds,
        check=False, env={"PYTHONPATH": root},
    )  # fmt: skip
    try:
        if isinstance(data, bytes):
            ran = run(input=data)
        else:
            with data.open("rb") as opened:
                ran = run(stdin=opened)
    except subprocess.TimeoutExpired as error:
        raise _failed(name, f"{2 * limits.seconds} s") from error
    try:
        answer: dict[str, Any] = json.loads(ran.stdout)
    except ValueError as error:
        raise _failed(name, f"worker ended with {ran.returncode}") from error
    if "error" in answer:
        raise _failed(name, answer["error"])
    return answer


def _failed(name: str, why: str) -> UnreadableError:
    return UnreadableError(
        name,
        f"PDF 无法读取（{why}）：文件损坏、加密，或过于复杂；请另存为新的 PDF 或文字再放入"
        f" / the PDF cannot be read ({why}): it is damaged, encrypted or too complex; save it anew or as text",
    )


def _too_many(count: int, limits: PdfLimits) -> list[str]:
    if count <= limits.pages:
        return []
    return [
        f"PDF 有 {count} 页，只读了前 {limits.pages} 页 / the PDF has {count} pages, only the first {limits.pages} were read"
    ]


def _recognise(
    data: bytes | Path, texts: list[str | None], ocr: Tesseract | None
) -> tuple[list[str | None], float | None, list[str]]:
    """The texts with those of pictures filled in, the mean confidence of these, and what could not be read."""
    without = [n for n, text in enumerate(texts) if text is None]
    shown = "、".join(str(n + 1) for n in without[:20])
    if ocr is None:
        return texts, None, [
            f"第 {shown} 页只有图像，没有文字；装上 tesseract 和 chi_sim 后可以识别"
            f" / pages {shown} are pictures without text; install tesseract with chi_sim to recognise them"
        ]  # fmt: skip
    read = ocr.read_pages(data, without)
    found = {n: page for n, page in read.items() if page.text.strip()}
    filled = [found[n].text if n in found else text for n, text in enumerate(texts)]
    missing = [n + 1 for n in without if n not in found]
    problems = [f"第 {missing} 页识别不出文字 / nothing was recognised on pages {missing}"] if missing else []
    return filled, mean(page.confidence for page in found.values()), problems
