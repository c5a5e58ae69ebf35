"""A zip archive of an issue's pages, and a page in HTML: to the text of pages, in memory, within caps.

Nothing is written to disk, so no name can lead anywhere; names serve hints and messages only. Caps hold for what comes out,
counted while it comes: what the archive says of itself is not believed. Archives within archives are not opened.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from digests.errors import UnreadableError
from digests.sources.decode import decode
from digests.sources.html import Page, page_text
from digests.sources.pdf import LIMITS, PdfLimits, PdfText, mean, read_pdf
from digests.types import PageText

MIB = 1024 * 1024
TEXT = (".txt", ".md")
HTML = (".html", ".htm", ".xhtml")
_NOISE = re.compile(r"(?i)(?:^|/)(?:__MACOSX/|\.(?!\.?/)|thumbs\.db$|desktop\.ini$)|/$")


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """`entries` in the archive, bytes of one file and of all unpacked, and how many times larger than packed."""

    entries: int = 1000
    one: int = 50 * MIB
    all: int = 200 * MIB
    ratio: int = 200


ZIP_LIMITS = ZipLimits()


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    data: bytes


def read_zip(data: bytes, name: str, limits: ZipLimits = ZIP_LIMITS, pdf: PdfLimits = LIMITS) -> PdfText:
    """The pages in the archive, in the order of their names. Files of other kinds, and pages that cannot be read, stand in
    `problems`. Raises UnreadableError(name) where no page can be read, or a cap is passed."""
    from digests.sources.files import in_page_order

    members = {member.name: member for member in unzip(data, name, limits)}
    pages: list[PageText] = []
    problems: list[str] = []
    sure: list[float | None] = []
    for one in in_page_order(members):
        try:
            read = read_document(members[one].data, one, pdf)
        except UnreadableError as error:
            problems.append(f"{one}: {error.reason}")
            continue
        pages += read.pages
        problems += read.problems
        sure.append(read.recognised)
    if not pages:
        raise UnreadableError(name, "；".join(problems[:5]) or _empty())
    return PdfText(tuple(pages), mean(sure), tuple(problems))


def read_document(data: bytes, name: str, pdf: PdfLimits = LIMITS) -> PdfText:
    """A file of any kind that holds pages, but no archive: PDF, HTML, text. Raises UnreadableError(name)."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".pdf" or data.startswith(b"%PDF-"):
        return read_pdf(data, name, pdf)
    if suffix in HTML:
        return PdfText((read_html(data, name),))
    if suffix in TEXT:
        return PdfText((PageText(name, decode(data, name)),))
    raise UnreadableError(
        name,
        f"应为 .txt、.md、.html 或 .pdf 文件，实为 {suffix or name} / expected .txt, .md, .html or .pdf, found {suffix or name}",
    )


def read_html(data: bytes, name: str) -> PageText:
    """A saved page as text: what is printed on it, its title as a heading. Raises UnreadableError(name)."""
    page = Page(page_text(data), f"http://file.invalid/{name}")
    lines = page.paragraphs(("#ozoom", "article", "main")) or page.all_lines()
    title = page.line(("#Title", "h1")) or page.title()
    if not lines:
        raise UnreadableError(name, "网页里没有文字 / the page has no text")
    heading = [f"# {title}"] if title else []
    return PageText(name, "\n\n".join([*heading, *(line for line in lines if line != title)]))


def unzip(data: bytes, name: str, limits: ZipLimits = ZIP_LIMITS) -> Iterator[Member]:
    """The files in an archive, without folders and litter. Raises UnreadableError(name) for what is no sound archive, is
    encrypted, or passes a cap."""
    left = min(limits.all, max(len(data), 1) * limits.ratio)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not _NOISE.search(_name(info))]
            if len(infos) > limits.entries:
                raise _bad(name, f"不超过 {limits.entries} 个文件", f"at most {limits.entries} files")
            for info in infos:
                if info.flag_bits & 1:
                    raise _bad(name, "没有密码的压缩包", "an archive without a password")
                body = _unpacked(archive, info, min(limits.one, left))
                if body is None:
                    raise _bad(name, "解压后大小合理的文件", f"files that unpack to a sensible size ({_name(info)})")
                left -= len(body)
                yield Member(_safe(_name(info)), body)
    # NotImplementedError: what zipfile says to a way of packing that it does not know.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise _bad(name, f"完好的 zip 压缩包（{error}）", f"a sound zip archive ({error})") from error


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes | None:
    with archive.open(info) as file:
        body = file.read(most + 1)
    return body if len(body) <= most else None


def _name(info: zipfile.ZipInfo) -> str:
    """Without the mark for UTF-8, names are in the encoding of the machine that packed them: here GBK."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename


def _safe(name: str) -> str:
    """A relative name for messages and hints: no drive, no root, no way up, nothing unprintable."""
    parts = [part for part in re.split(r"[\\/]+", name) if part not in ("", ".", "..") and not part.endswith(":")]
    return "".join(char for char in "/".join(parts) if char.isprintable())


def _bad(name: str, zh: str, en: str) -> UnreadableError:
    return UnreadableError(name, f"应为{zh}；请重新打包 / expected {en}; pack it anew")


def _empty() -> str:
    return "压缩包里没有可读的版面 / the archive holds no page that can be read"
