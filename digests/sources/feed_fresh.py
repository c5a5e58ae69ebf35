"""Which items of a feed were read before, byte for byte: only the others need a parser, which is most of a feed's cost.

Finds items by expat alone. What it cannot read has no items here, and is parsed as a whole. Pure.
"""

from __future__ import annotations

from collections.abc import Container
from hashlib import blake2b
from xml.parsers import expat

from digests.errors import UnreadableError

MAX_DEPTH = 200
ITEMS = frozenset({"item", "entry"})

Range = tuple[int, int]
"""Bytes, half open."""


def items_of(xml: bytes, address: str) -> list[Range]:
    """Where the items lie, in order; [] for broken XML. Raises UnreadableError(address) for elements nested deeper than any
    feed's, for parsers' time grows with the square of that."""
    depth, inside, begin = 0, 0, 0
    found: list[Range] = []
    parser = expat.ParserCreate()

    def opened(name: str, _: object) -> None:
        nonlocal depth, inside, begin
        depth += 1
        if depth > MAX_DEPTH:
            raise UnreadableError(
                address,
                f"订阅源的元素嵌套应不超过 {MAX_DEPTH} 层，实际更深 / expected elements nested at most {MAX_DEPTH} deep, found more",
            )
        if not inside and depth <= 3 and name.rpartition(":")[2] in ITEMS:
            inside, begin = depth, parser.CurrentByteIndex

    def closed(name: str) -> None:
        nonlocal depth, inside
        if depth == inside:
            at = parser.CurrentByteIndex  # of the closing tag, but behind a tag that closes itself
            found.append((begin, xml.index(b">", at) + 1 if xml.startswith(f"</{name}".encode(), at) else at))
            inside = 0
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:  # a more patient parser may still read it
        return []
    return found


def mark(item: bytes) -> str:
    return blake2b(item, digest_size=8).hexdigest()


def without_known(xml: bytes, items: list[Range], known: Container[str]) -> tuple[bytes, tuple[str, ...], int]:
    """The document less the items whose marks are known, the marks of all items, and how many were left out."""
    marks = tuple(mark(xml[begin:end]) for begin, end in items)
    parts, at = [], 0
    for (begin, end), one in zip(items, marks, strict=True):
        if one in known:
            parts.append(xml[at:begin])
            at = end
    return b"".join([*parts, xml[at:]]), marks, len(parts)
