"""Profiles of e-papers: TOML that says what a family of sites looks like, so that a new paper needs no code.

A paper = a preset + an entry address + at most a few overrides. Whatever is not understood is refused with the file, the
key and what was expected. Reads text; looks at no site.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import resources
from typing import Any, Literal

from digests.errors import UnreadableError
from digests.sources.html import absolute, selector_error

Shape = Literal["issue", "articles", "periodicals"]

DATE_GROUPS = ("y", "m", "d")
ISSUE_GROUPS = (*DATE_GROUPS, "paper", "issue")
"""Named groups of address patterns that tell one issue from another; `page` and `id` tell its parts."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Per field CSS selectors, tried in turn: the first that finds any text counts."""

    kicker: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    subtitle: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    page_name: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    publication: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """`shape`: what the entry leads to: the newest issue with its pages, a list of articles, or a list of periodicals.

    Patterns are searched in a path with its query (`page_url`, `article_url`), in one line of a page (`label`, `skip_titles`,
    `strip_before`, `strip_after`), or in the whole text of the first page (`issue_date`, `issue_number`). Their named
    groups y m d, paper and issue tell which issue an address belongs to, `page` which page.
    """

    name: str
    preset: str = ""
    about: str = ""
    shape: Shape = "issue"
    entry: str = ""
    publication: str = ""
    kind: Literal["newspaper", "periodical", ""] = "newspaper"
    page_url: tuple[re.Pattern[str], ...] = ()
    article_url: tuple[re.Pattern[str], ...] = ()
    page_links: tuple[str, ...] = ()
    article_links: tuple[str, ...] = ()
    page_pdf: tuple[str, ...] = ()
    next_page: tuple[str, ...] = ()
    issue_date: tuple[re.Pattern[str], ...] = ()
    issue_number: tuple[re.Pattern[str], ...] = ()
    label: tuple[re.Pattern[str], ...] = ()
    keyed_by: Literal["date", "number"] = "date"
    fields: Fields = Fields()
    enpproperty: bool = False
    head_after: tuple[re.Pattern[str], ...] = ()
    body_after: tuple[re.Pattern[str], ...] = ()
    strip_before: tuple[re.Pattern[str], ...] = ()
    strip_after: tuple[re.Pattern[str], ...] = ()
    skip_titles: tuple[re.Pattern[str], ...] = ()
    encoding: str = ""
    min_gap_s: float = 1.2
    max_pages: int = 64
    max_articles: int = 600
    max_age_days: int = 7

    @property
    def is_plain_http(self) -> bool:
        """A few papers answer at plain http alone: the entry says so."""
        return self.entry.startswith("http://")


PRESETS = ("A", "B", "B2", "C", "D", "gov-cms", "gov-meta", "periodical-list")
_FIELD_NAMES = tuple(field.name for field in fields(Fields))
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "shape": ("issue", "articles", "periodicals"),
    "kind": ("newspaper", "periodical", ""),
    "keyed_by": ("date", "number"),
}
_RANGES: Mapping[str, tuple[float, float]] = {
    "min_gap_s": (1.2, 600),
    "max_pages": (1, 500),
    "max_articles": (1, 5000),
    "max_age_days": (1, 4000),
}
_PATTERNS = frozenset(
    [
        "page_url",
        "article_url",
        "issue_date",
        "issue_number",
        "label",
        "head_after",
        "body_after",
        "strip_before",
        "strip_after",
        "skip_titles",
    ]
)
_SELECTORS = frozenset(["page_links", "article_links", "page_pdf", "next_page"])


def parse_profile(toml: str, file: str) -> Profile:
    """A profile from its text; `file` for messages. Raises UnreadableError with the key and what was expected."""
    try:
        given = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(file, f"不是有效的 TOML，请改正 / is not valid TOML, correct it: {error}") from error
    base = _base(given.pop("preset", ""), file)
    known = {field.name for field in fields(Profile)} - {"preset"}
    if unknown := [key for key in given if key not in known]:
        raise _bad(
            file, unknown[0], f" {'、'.join(sorted(known))} 之一", f"one of {', '.join(sorted(known))}", unknown[0]
        )
    name = re.sub(r"\.toml$", "", file.rpartition("/")[2])
    values = {key: _value(file, key, value, base) for key, value in given.items()}
    return _complete(replace(base, **{"name": name, **values}), file)


def profile_from(preset: str, entry: str, **overrides: Any) -> Profile:
    """A paper made of a preset and an address, as /sources add does. Raises UnreadableError."""
    return _complete(replace(shipped(preset), preset=preset, entry=entry, **overrides), preset)


@cache
def shipped(name: str) -> Profile:
    """A preset or a ready paper that comes with Kanbao. Raises UnreadableError(name) where there is none."""
    file = resources.files("digests.sources") / "profiles" / f"{name}.toml"
    if not re.fullmatch(r"[\w-]+", name) or not file.is_file():
        raise _bad(name, "preset", "随附的方案之一", f"one of {', '.join(shipped_names())}", name)
    return parse_profile(file.read_text("utf-8"), f"{name}.toml")


@cache
def shipped_names() -> tuple[str, ...]:
    files = (resources.files("digests.sources") / "profiles").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def ready_papers() -> tuple[Profile, ...]:
    """The shipped profiles that have an entry address."""
    return tuple(profile for name in shipped_names() if (profile := shipped(name)).entry)


def _base(preset: object, file: str) -> Profile:
    if preset == "":
        return Profile("")
    if not isinstance(preset, str) or preset not in PRESETS:
        raise _bad(file, "preset", f" {'、'.join(PRESETS)} 之一", f"one of {', '.join(PRESETS)}", preset)
    return replace(shipped(preset), preset=preset)


def _complete(profile: Profile, file: str) -> Profile:
    """What the shape needs must be there."""
    if not profile.article_url and profile.shape != "periodicals":
        raise _bad(file, "article_url", "文章网址的正则", "patterns of article addresses", "")
    if profile.shape == "issue" and not profile.page_url:
        raise _bad(file, "page_url", "版面网址的正则", "patterns of page addresses", "")
    return profile


def _value(file: str, key: str, value: Any, base: Profile) -> Any:
    if key == "fields":
        return _fields(file, value, base.fields)
    if key in _PATTERNS:
        return tuple(_pattern(file, key, text) for text in _texts(file, key, value))
    if key in _SELECTORS:
        return _selectors(file, key, value)
    if key in _RANGES:
        return _number(file, key, value)
    if key == "enpproperty":
        return _checked(file, key, value, isinstance(value, bool), "true 或 false", "true or false")
    if key in _CHOICES:
        choices = _CHOICES[key]
        return _checked(
            file, key, value, value in choices, f" {'、'.join(choices)} 之一", f"one of {', '.join(choices)}"
        )
    if key == "entry":
        ok = isinstance(value, str) and bool(absolute(value, value))
        return _checked(file, key, value, ok, " http 或 https 网址", "an address with http or https")
    return _checked(file, key, value, isinstance(value, str), "文字", "text")


def _fields(file: str, given: Any, base: Fields) -> Fields:
    _checked(file, "fields", given, isinstance(given, dict), "[fields] 一节", "a section [fields]")
    if unknown := [key for key in given if key not in _FIELD_NAMES]:
        raise _bad(
            file,
            f"fields.{unknown[0]}",
            f" {'、'.join(_FIELD_NAMES)} 之一",
            f"one of {', '.join(_FIELD_NAMES)}",
            unknown[0],
        )
    return replace(base, **{key: _selectors(file, f"fields.{key}", value) for key, value in given.items()})


def _selectors(file: str, key: str, value: Any) -> tuple[str, ...]:
    for selector in (texts := _texts(file, key, value)):
        if why := selector_error(selector):
            raise _bad(file, key, "CSS 选择器", f"a CSS selector ({why})", selector)
    return texts


def _texts(file: str, key: str, value: Any) -> tuple[str, ...]:
    """One text is the same as a list of one."""
    values = [value] if isinstance(value, str) else value
    ok = isinstance(values, list) and all(isinstance(text, str) and text for text in values)
    return tuple(_checked(file, key, values, ok, "文字或文字的列表", "text or a list of texts"))


def _pattern(file: str, key: str, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise _bad(file, key, "正则表达式", f"a regular expression ({error})", text) from error


def _number(file: str, key: str, value: Any) -> Any:
    low, high = _RANGES[key]
    whole = isinstance(low, int) and isinstance(high, int)
    ok = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool) and low <= value <= high
    return _checked(file, key, value, ok, f"{low} 到 {high} 的数", f"a number from {low} to {high}")


def _checked(file: str, key: str, value: Any, ok: bool, zh: str, en: str) -> Any:
    if not ok:
        raise _bad(file, key, zh, en, value)
    return value


def _bad(file: str, key: str, zh: str, en: str, found: object) -> UnreadableError:
    shown = str(found) if len(str(found)) <= 60 else f"{str(found)[:60]}…"
    return UnreadableError(
        file, f"“{key}”：应为{zh}，实为“{shown}”；请改正 / {key}: expected {en}, found {shown!r}; correct it"
    )
