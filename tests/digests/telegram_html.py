"""A strict reader of Telegram's HTML, for tests: tags must be known, balanced and properly nested."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

ALLOWED = {"b", "u", "i", "s", "code", "pre", "blockquote", "a"}
TOKEN = re.compile(r"<(/?)([a-z]+)((?: [a-z]+(?:=\"[^\"]*\")?)*)>")


@dataclass(frozen=True)
class Shown:
    text: str
    entities: tuple[tuple[str, int, int], ...]

    @property
    def units(self) -> int:
        return len(self.text.encode("utf-16-le")) // 2

    def of(self, name: str) -> list[str]:
        return [self.text[start:end] for found, start, end in self.entities if found == name]


def read(html: str) -> Shown:
    """What Telegram would show. Raises AssertionError where Telegram would refuse."""
    text, at = "", 0
    entities: list[Any] = []
    stack: list[Any] = []
    while at < len(html):
        if html[at] == "<":
            found = TOKEN.match(html, at)
            assert found, f"not a tag: {html[at : at + 40]!r}"
            closing, name = bool(found[1]), found[2]
            assert name in ALLOWED, name
            if closing:
                assert stack, "nothing to close"
                opened, start = stack.pop()
                assert opened == name, f"</{name}> closes <{opened}>"
                entities.append((name, start, len(text)))
            else:
                assert not (name == "blockquote" and "blockquote" in [n for n, _ in stack])
                stack.append((name, len(text)))
            at = found.end()
        else:
            end = html.find("<", at)
            end = len(html) if end < 0 else end
            run = html[at:end]
            assert ">" not in run
            assert not re.search(r"&(?!amp;|lt;|gt;|quot;)", run), run
            text += unescape(run)
            at = end
    assert not stack, f"not closed: {stack}"
    return Shown(text, tuple(entities))
