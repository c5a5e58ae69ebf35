"""What is known of an issue before it is read: from a file's name, its front matter, or a side-car in TOML.

Never invents: a name that does not clearly say a thing leaves it None. Front matter and side-cars are written by
people, so a value there that is not understood is refused, with its line. Pure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal

from digests.errors import UnreadableError
from digests.types import Hints

Kind = Literal["newspaper", "periodical"]

KEYS = {
    "报名": "publication", "刊名": "publication", "publication": "publication",
    "类型": "kind", "kind": "kind",
    "期号": "number", "期": "number", "number": "number",
    "总期号": "total_number", "总期": "total_number", "total_number": "total_number",
    "日期": "date", "出版日期": "date", "date": "date",
    "版": "page", "版次": "page", "page": "page",
}  # fmt: skip

KINDS: Mapping[str, Kind] = {
    "newspaper": "newspaper", "报纸": "newspaper", "日报": "newspaper", "报": "newspaper",
    "periodical": "periodical", "期刊": "periodical", "杂志": "periodical", "刊物": "periodical", "刊": "periodical",
}  # fmt: skip

GIVEN_BY_PROGRAMS = re.compile(
    r"(?i)扫描件?|文档|文件|新建\w*文档|识别(?:结果)?|截[图屏]|图片|照片|副本|未命名|导出|微信图片"
    r"|img|dsc\w?|pxl|scan|image|photo|screenshot|mmexport|wechat\w*|doc|new"
)
"""Beginnings that cameras, scanners and editors write: a date after them says when the file was made, not the issue."""

FRONT_MATTER_LINES = 30
DIGITS = "零一二三四五六七八九"

_DATE = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:(?P<s>[-_./])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})|(?P<m2>\d\d)(?P<d2>\d\d)|年(?P<m3>\d{1,2})月(?P<d3>\d{1,2})日?)(?!\d)")  # fmt: skip
_NUMBER = re.compile(r"(?<!\d)((?:19|20)\d\d)年?[-_\s]?第\s?(\d{1,3}(?:[-—、]\d{1,3})?)期")
_BARE_NUMBER = re.compile(r"(?<!总)第\s?(\d{1,5})期")
_TOTAL = re.compile(r"总第?\s?(\d{1,5})期")
_PAGE = re.compile(r"(?<![A-Za-z0-9])A?0*(?P<n>[1-9]\d?)版|第(?P<h>[一二三四五六七八九十]{1,3})版|(?P<first>头版)")
_TRAILING_PAGE = re.compile(r"[-_\s.]+A?0*([1-9]\d?)$")
_BARE_PAGE = re.compile(r"(?:A|[Pp](?:age)?[-_]?)?0*([1-9]\d?)")
_EDGES = " -_.,，、·《》【】[]()（）"
_HAN = re.compile(r"[\u3400-\u9fff]")


def hints_from_name(name: str) -> Hints:
    """Of a file's or folder's name. The paper's name counts only before a date or number, and only in Chinese; the page
    only as …版, or as the number that ends a name with a full date."""
    stem = re.sub(r"(?i)\.(txt|md)$", "", name)
    day, number, total = _DATE.search(stem), _NUMBER.search(stem), _TOTAL.search(stem)
    bare = None if number else _BARE_NUMBER.search(stem)
    iso = _iso(day) if day else None
    marks = [found for found in (iso and day, number, bare, total) if found]
    if not marks:
        return Hints()
    before = re.sub(r"^\d+[-_. ]+", "", stem[: min(found.start() for found in marks)]).strip(_EDGES)
    if GIVEN_BY_PROGRAMS.fullmatch(before):
        return Hints()
    return Hints(
        publication=before if len(before) >= 2 and _HAN.search(before) else None,
        number=f"{number[1]}年第{number[2]}期" if number else f"第{bare[1]}期" if bare else None,
        total_number=int(total[1]) if total else None,
        date=iso,
        page=_page(stem, day.end() if iso and day else None),
    )


def bare_page(name: str) -> int | None:
    """The page that a file's name consists of, such as 01.txt, A1.md, 第一版.txt: to be trusted only inside a dated folder."""
    stem = re.sub(r"(?i)\.(txt|md)$", "", name)
    if found := _BARE_PAGE.fullmatch(stem):
        return int(found[1])
    return _printed_page(_PAGE.fullmatch(stem))


def split_front_matter(text: str, name: str = "") -> tuple[Hints, str]:
    """The hints in a block of `key: value` lines between two lines `---` at the top, and the text after it. A block
    without any key of ours is the page's own text. Raises UnreadableError(name) with the line of a bad value."""
    lines = text.removeprefix("\ufeff").split("\n")[: FRONT_MATTER_LINES + 1]
    if lines[0].strip() != "---":
        return Hints(), text
    end = next((at for at, line in enumerate(lines[1:], 1) if line.strip() in ("---", "...")), None)
    pairs = _pairs(lines[1:end]) if end else None
    if end is None or not pairs or not any(key in KEYS for _, key, _ in pairs):
        return Hints(), text
    known: dict[str, Any] = {
        KEYS[key]: _value(KEYS[key], value, name, line + 1, key) for line, key, value in pairs if key in KEYS
    }
    return replace(Hints(), **known), text.removeprefix("\ufeff").split("\n", end + 1)[-1] if text.count(
        "\n"
    ) > end else ""


def hints_from_sidecar(toml: str, name: str) -> Hints:
    """Of a side-car's text. Keys as in front matter. Raises UnreadableError(name) with the line of what is wrong."""
    try:
        given = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(name, f"不是有效的 TOML，请改正 / is not valid TOML, correct it: {error}") from error
    known: dict[str, Any] = {}
    for key, value in given.items():
        line = next((at for at, text in enumerate(toml.split("\n"), 1) if key in text.partition("=")[0]), 1)
        if key.lower() not in KEYS:
            raise _bad(name, line, key, str(value), f"{'、'.join(KEYS)} 之一", f"one of {', '.join(KEYS)}")
        known[KEYS[key.lower()]] = _value(KEYS[key.lower()], str(value), name, line, key)
    return replace(Hints(), **known)


def merge(*hints: Hints) -> Hints:
    """The first known of each, so the most trusted first."""
    names = [field.name for field in fields(Hints)]
    return Hints(**{name: next((v for h in hints if (v := getattr(h, name)) is not None), None) for name in names})


def agreed(hints: list[Hints]) -> Hints:
    """What all that say anything say alike: the issue's own hints from those of its pages. Never a page number."""
    found = {field.name: {v for h in hints if (v := getattr(h, field.name)) is not None} for field in fields(Hints)}
    return Hints(**{name: values.pop() for name, values in found.items() if len(values) == 1 and name != "page"})


def _pairs(lines: list[str]) -> list[tuple[int, str, str]] | None:
    """(line from 1, key, value) of each; None if a line is no pair: then this is no front matter."""
    pairs = []
    for at, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = re.fullmatch(r"\s*([^:：]{1,40}?)\s*[:：]\s*(.*?)\s*", line)
        if not found:
            return None
        pairs.append((at, found[1].lower(), found[2].strip("\"'“”")))
    return pairs


def _value(field: str, value: str, name: str, line: int, key: str) -> object:
    """None for an empty value: it is the same as a line that is not there."""
    value = value.strip()
    if not value or field == "number":
        return value or None
    reader = READERS[field]
    if (found := reader.read(value)) is None:
        raise _bad(name, line, key, value, reader.zh, reader.en)
    return found


def _bad(name: str, line: int, key: str, value: str, zh: str, en: str) -> UnreadableError:
    value = value if len(value) <= 40 else f"{value[:40]}…"
    return UnreadableError(
        name,
        f"第 {line} 行“{key}”：应为{zh}，实为“{value}”；请改正或删去这一行"
        f" / line {line}, {key}: expected {en}, found {value!r}; correct the line or remove it",
    )


def _date(text: str) -> str | None:
    found = _DATE.fullmatch(text)
    return _iso(found) if found else None


def _iso(found: re.Match[str]) -> str | None:
    month, day = (found[letter] or found[f"{letter}2"] or found[f"{letter}3"] for letter in "md")
    try:
        return date(int(found["y"]), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _page(stem: str, after_date: int | None) -> int | None:
    if page := _printed_page(_PAGE.search(stem)):
        return page
    trailing = _TRAILING_PAGE.fullmatch(stem, after_date) if after_date is not None else None
    return int(trailing[1]) if trailing else None


def _printed_page(found: re.Match[str] | None) -> int | None:
    if not found:
        return None
    return 1 if found["first"] else int(found["n"]) if found["n"] else _from_han(found["h"])


def _from_han(text: str) -> int | None:
    """一 to 九十九."""
    if not (found := re.fullmatch("([二三四五六七八九]?)(十?)([一二三四五六七八九]?)", text)):
        return DIGITS.index(text) if text in DIGITS else None
    tens, ten, units = found.groups()
    if ten:
        return (DIGITS.index(tens) if tens else 1) * 10 + (DIGITS.index(units) if units else 0)
    return DIGITS.index(tens or units) if not (tens and units) else None


def _page_value(text: str) -> int | None:
    if found := re.fullmatch(r"第?A?0*([1-9]\d{0,2})版?", text):
        return int(found[1])
    return _printed_page(_PAGE.fullmatch(text if text.startswith("第") else f"第{text}"))


def _total_value(text: str) -> int | None:
    found = re.fullmatch(r"(?:总?第)?0*([1-9]\d{0,4})期?", text)
    return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class _Reader:
    """How a field's value is read (None: not understood), and what to say that was expected."""

    read: Callable[[str], object]
    zh: str
    en: str


READERS: Mapping[str, _Reader] = {
    "publication": _Reader(lambda text: text.strip("《》") or None, "报刊名称", "the paper's name"),
    "kind": _Reader(lambda text: KINDS.get(text.lower()), "报纸或期刊", "newspaper or periodical"),
    "date": _Reader(_date, "日期，例如 2020-11-20", "a date like 2020-11-20"),
    "page": _Reader(_page_value, "1 到 999 的版次", "a page from 1 to 999"),
    "total_number": _Reader(_total_value, "1 到 99999 的总期号", "a total number from 1 to 99999"),
}
