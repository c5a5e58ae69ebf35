"""HTML fragments to plain text: paragraphs apart by one line feed, nothing else kept.

No link, picture, script or style survives. Made for the pieces of HTML that feeds carry, whatever their state; double
escaping is undone once. Pure.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
SILENT = frozenset(["script", "style", "noscript", "template", "iframe", "object", "svg", "select", "textarea", "head"])
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
LONGEST = 400_000
"""Code points of HTML that are read of one entry."""

_HTML = re.compile(r"(?i)</?[a-z][a-z0-9]{0,14}(?:\s[^<>]*)?/?>|<!--")
_TWICE = re.compile(
    r"(?i)</(?:p|div|span|a|strong|b)>|<br ?/?>|<p>|&(?:nbsp|amp|lt|gt|quot|ldquo|rdquo|mdash|hellip|middot);"
)
_WIDE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+(?=[\u3000-\u9fff\uff00-\uffef])")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = "[ \t\r\f\v\u00a0\u2002-\u200a\u202f\u3000]+"


class _Reader(HTMLParser):
    """Collects text; a block's edge becomes a line feed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent.append(tag)
        elif tag in BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()
        elif tag in BLOCKS and tag not in VOID:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s*\n\s*", " ", data))


def html_to_text(fragment: str) -> str:
    """Plain text of HTML or of text that may be HTML."""
    text = _read(fragment[:LONGEST])
    return _read(text) if _TWICE.search(text) else text


def plain_line(fragment: str) -> str:
    """The same on one line, for titles and names."""
    return " ".join(html_to_text(fragment).split("\n"))


def _read(fragment: str) -> str:
    if "<" not in fragment or not _HTML.search(fragment):
        return tidy(html.unescape(fragment))
    reader = _Reader()
    reader.feed(fragment)
    reader.close()
    return tidy("".join(reader.parts))


def tidy(text: str) -> str:
    """White space within a line to one blank, none between Chinese characters; empty lines gone."""
    lines = (re.sub(_BLANKS, " ", _INVISIBLE.sub("", line)).strip() for line in text.split("\n"))
    return "\n".join(_WIDE.sub("", line) for line in lines if line)
