"""HTML of a page to links, fields and paragraphs of plain text, by CSS selectors.

Knows nothing of papers. The parser is the only place that imports selectolax; it never fetches and never runs a script.
What is nested deeper than a page can be is refused before it is parsed: the parser's time grows with the square of it.
Encoding of a page, by experience with Chinese sites: byte order mark, valid UTF-8, what the server says, what the page
says, GB18030.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from digests.errors import UnreadableError

MAX_DEPTH = 1000
MAX_LINKS = 20_000

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "founder-author",
        "founder-content",
        "founder-subtitle",
        "founder-title",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset(["script", "style", "noscript", "template", "textarea", "select", "iframe", "object", "svg"])
_CLOSES_ITSELF = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|dd|dt|td|th|tr|option"
_MARKUP = re.compile(
    r"<!--(?:.*?-->|.*\Z)"  # what is never closed reaches to the end: looked at once, not once for each beginning
    r"|<(script|style)\b(?:.*?</\1\s*>|.*\Z)"
    rf"|<(?!(?:{_CLOSES_ITSELF})\b)(?P<close>/?)(?P<tag>[a-z][\w-]*)[^<>]*?(?P<self>/?)>",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0\u200b\ufeff]+")
_EDGES = " \u3000"

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """`address`: absolute, without fragment. `text`: what is printed on it, or its title where nothing is."""

    address: str
    text: str


def page_text(body: bytes, content_type: str = "", encoding: str = "") -> str:
    """The bytes as text; `encoding`: what a profile insists on, or "". Never fails: what cannot be read is U+FFFD."""
    for mark, name in MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if encoding:
        return body.decode(_known(encoding), "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _declared(body, content_type)


def _declared(body: bytes, content_type: str) -> str:
    """By the first declaration that reads without loss; a page cut off in a character is read by the first at all."""
    said = [*_CHARSET.findall(content_type), *_CHARSET.findall(body[:4096].decode("latin-1"))]
    names = [_known(name) for name in said if _known(name) != "utf-8"] + ["gb18030"]
    for name in names:
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    return body.decode(names[0], "replace")


def _known(name: str) -> str:
    """GB 2312 and GBK are read as their superset; an unknown name as GB 18030."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return "gb18030"
    return "gb18030" if found in ("gb2312", "gbk", "hz", "latin-1", "iso8859-1") else found


class Page:
    """A parsed page. Raises UnreadableError(address) if it is nested too deep."""

    def __init__(self, text: str, address: str) -> None:
        if _is_deep(text):
            raise UnreadableError(
                address,
                f"网页的嵌套应不超过 {MAX_DEPTH} 层，实际更深，不予解析 / expected at most {MAX_DEPTH} levels of nesting,"
                " found more; the page is not parsed",
            )
        self.text, self.address = text, address
        self._tree = LexborHTMLParser(text)
        base = self._tree.css_first("base[href]")
        self._base = urljoin(address, (base.attributes.get("href") or "") if base else "")

    def links(self, selectors: Sequence[str] = ("a[href]", "area[href]")) -> list[Link]:
        """Of the first selector that finds any link: each once, in the page's order."""
        for selector in selectors:
            nodes = (inner for node in self._tree.css(selector) for inner in _anchors(node))
            found: dict[str, str] = {}
            for node in nodes:
                if len(found) < MAX_LINKS and (address := self._address(node)):
                    text = line_of(node) or _attribute(node, "title")
                    if not found.get(address):
                        found[address] = text
            if found:
                return [Link(address, text) for address, text in found.items()]
        return []

    def _address(self, node: LexborNode) -> str:
        given = next(
            (value for name in ("href", "data-href", "daoxiang") if (value := _attribute(node, name).strip())), ""
        )
        return absolute(self._base, given)

    def line(self, selectors: Sequence[str]) -> str:
        """The text of the first selector that finds any, in one line; "" for none."""
        return next(
            (line for selector in selectors for node in self._tree.css(selector) if (line := line_of(node))), ""
        )

    def paragraphs(self, selectors: Sequence[str]) -> list[str]:
        """The paragraphs of the first selector that finds any text."""
        for selector in selectors:
            node = self._tree.css_first(selector)
            if node is not None and (found := paragraphs_of(node)):
                return found
        return []

    def all_lines(self) -> list[str]:
        """The whole page as printed, one line for each block."""
        return paragraphs_of(self._tree.body) if self._tree.body is not None else []

    def title(self) -> str:
        return self.line(("title",))

    def meta(self, *names: str) -> str:
        """The content of the first of these meta tags that has any; names in any case."""
        wanted = [name.lower() for name in names]
        found = {
            (_attribute(node, "name") or _attribute(node, "property")).lower(): _attribute(node, "content").strip()
            for node in self._tree.css("meta[content]")
        }
        return next((found[name] for name in wanted if found.get(name)), "")

    def refresh(self) -> str:
        """Where a meta refresh leads, absolute; "" for nowhere."""
        for node in self._tree.css("meta[http-equiv]"):
            given = re.search(r"url\s*=\s*[\"']?\s*([^\"'>\s]+)", _attribute(node, "content"), re.IGNORECASE)
            if _attribute(node, "http-equiv").lower() == "refresh" and given:
                return absolute(self._base, given[1])
        return ""

    def scripts(self) -> str:
        """The text of all scripts, to look for a redirect in; it is never run."""
        return "\n".join(node.text(deep=True) for node in self._tree.css("script"))

    def count(self, selector: str) -> int:
        return len(self._tree.css(selector))


def absolute(base: str, given: str) -> str:
    """The address that a page at `base` means by `given`, without fragment; "" if it is none of http."""
    try:
        address = urljoin(base, html.unescape(given)).partition("#")[0]
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if given and parts.scheme in ("http", "https") and parts.netloc else ""


def selector_error(selector: str) -> str:
    """What is wrong with a CSS selector; "" if nothing is."""
    try:
        LexborHTMLParser("<p></p>").css(selector)
    except SelectolaxError as error:
        return str(error)
    return ""


def line_of(node: LexborNode) -> str:
    return " ".join(paragraphs_of(node))


def paragraphs_of(node: LexborNode) -> list[str]:
    """The text below a node, parted where a browser would begin a new line; no scripts, no styles."""
    lines = (_SPACES.sub(" ", line).strip(_EDGES) for line in "".join(_pieces(node)).split("\0"))
    return [line for line in lines if line]


def _pieces(top: LexborNode) -> Iterator[str]:
    """Texts in order, with NUL where a block begins or ends. Walks without recursion: pages may be deep."""
    node: LexborNode | None = top
    while node is not None:
        if node.is_text_node:
            yield (node.text_content or "").replace("\0", "")
        yield _edge(node)
        if node.child is not None and node.tag not in _SILENT:
            node = node.child
            continue
        while node is not None and node.mem_id != top.mem_id and node.next is None:
            node = node.parent
            yield _edge(node)
        node = None if node is None or node.mem_id == top.mem_id else node.next


def _edge(node: LexborNode | None) -> str:
    return "\0" if node is not None and node.tag in _BLOCKS else ""


def _anchors(node: LexborNode) -> Iterable[LexborNode]:
    """The node itself if it is a link, else the links in it."""
    own = node.tag in ("a", "area", "link") or any(_attribute(node, name) for name in ("data-href", "daoxiang"))
    return (node,) if own else node.css("a[href], a[data-href], area[href]")


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def _is_deep(text: str) -> bool:
    """Whether tags that need closing are open more than MAX_DEPTH deep."""
    depth = 0
    for found in _MARKUP.finditer(text):
        if found["tag"] and not found["self"]:
            depth = max(depth - 1, 0) if found["close"] else depth + 1
            if depth > MAX_DEPTH:
                return True
    return False
