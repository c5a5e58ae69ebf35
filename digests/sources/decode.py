"""Bytes of a file to text: which of the encodings in use for Chinese it is, or why it is no text.

Order: byte order mark; valid UTF-8; then whichever of UTF-16, GB18030 and Big5 gives the likeliest Chinese. A few
damaged bytes are borne (they become U+FFFD) where nothing reads without loss. What looks like none of these is refused,
never guessed. Pure: knows no file, only its bytes and its name.
"""

from __future__ import annotations

import codecs
import re

from digests.errors import UnreadableError
from digests.sources.frequent import likeness

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Longest first where one begins another."""

MAGIC = (
    (b"%PDF-", "PDF 文档", "a PDF document"),
    (b"PK\x03\x04", "ZIP 压缩包或 Office 文档", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 文档", "an old Office document"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
    (b"\xff\xd8\xff", "JPEG 图片", "a JPEG picture"),
    (b"\x89PNG\r\n", "PNG 图片", "a PNG picture"),
    (b"GIF8", "GIF 图片", "a GIF picture"),
    (b"II*\x00", "TIFF 图片", "a TIFF picture"),
    (b"MM\x00*", "TIFF 图片", "a TIFF picture"),
    (b"RIFF", "WebP 图片或音视频", "a WebP picture, sound or video"),
    (b"Rar!\x1a\x07", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip 压缩包", "a 7-Zip archive"),
    (b"\x1f\x8b\x08", "gzip 压缩包", "a gzip archive"),
)

WIDE = ("utf-16-le", "utf-16-be")
NARROW = ("gb18030", "cp950", "big5hkscs")
LIKELY = 0.4
"""Least mean weight for a guess: Chinese of any kind in the right encoding has 1 to 2.5, in a wrong one below 0.3."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f]")
DAMAGE = 1 / 500
"""Largest share of damaged characters that is borne."""


def decode(data: bytes, name: str) -> str:
    """The text, lines ended by line feeds, without byte order mark. Raises UnreadableError(name, reason)."""
    for magic, zh, en in MAGIC:
        if data.startswith(magic):
            raise refusal(name, data, zh, en)
    text = _marked(data, name)
    if text is None:
        text = _unmarked(data, name)
    if not text.strip():
        raise UnreadableError(
            name,
            "应为一版或一期的文字，文件却是空的；请放入有内容的文件"
            " / expected the text of a page or an issue, found an empty file; put in one with text",
        )
    if len(_CONTROL.findall(text)) > 3 + len(text) // 100:
        raise _binary(name, data)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def refusal(name: str, data: bytes, zh: str, en: str) -> UnreadableError:
    """What was expected, what was found, what to do. The size stands in it, so that a changed file is told of again."""
    return UnreadableError(
        name,
        f"应为 UTF-8、GB18030、Big5 或 UTF-16 编码的文本，实为{zh}（{len(data)} 字节）；请把文字另存为 .txt 或 .md 再放入"
        f" / expected text in UTF-8, GB18030, Big5 or UTF-16, found {en} ({len(data)} bytes);"
        " save its text as .txt or .md and put that in",
    )


def _marked(data: bytes, name: str) -> str | None:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            text = _borne(data[len(mark) :], encoding)
            if text is None:
                raise refusal(name, data, f"损坏的 {encoding.upper()} 文本", f"damaged {encoding.upper()} text")
            return text
    return None


def _unmarked(data: bytes, name: str) -> str:
    """NUL bytes tell wide encodings from all others: no text in the others has any."""
    if b"\0" in data:
        text = _likeliest(data, WIDE)
    elif (text := _strict(data, "utf-8")) is None:
        text = _likeliest(data, (*NARROW, *WIDE)) or _likeliest_damaged(data)
    if text is None:
        raise _binary(name, data)
    return text


def _likeliest(data: bytes, encodings: tuple[str, ...]) -> str | None:
    return _best([(encoding, text) for encoding in encodings if (text := _strict(data, encoding)) is not None])


def _likeliest_damaged(data: bytes) -> str | None:
    readings = ((encoding, _borne(data, encoding)) for encoding in ("utf-8", *NARROW))
    return _best([(encoding, text) for encoding, text in readings if text is not None])


def _best(readings: list[tuple[str, str]]) -> str | None:
    """The likeliest reading if it is likely at all; of equals the first."""
    scored = [(likeness(text, ascii_counts=encoding in WIDE), text) for encoding, text in readings]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    return best[1] if best[0] >= LIKELY else None


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _borne(data: bytes, encoding: str) -> str | None:
    text = data.decode(encoding, "replace")
    return (
        text if text.count("\ufffd") <= 4 + len(text) * DAMAGE else None
    )  # one bad byte inside a character spoils four


def _binary(name: str, data: bytes) -> UnreadableError:
    return refusal(name, data, "二进制数据或未知编码", "binary data or an unknown encoding")
