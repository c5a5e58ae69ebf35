"""Second step of splitting, continued: what a line is that only its neighbours tell.

Each rule changes the roles in place: a running header comes again, a poem stands under its author, a slogan under its label.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from digests.reading.bylines import is_body, is_credit, is_name
from digests.reading.lines import Line
from digests.reading.tables import is_row
from digests.reading.text import ends_sentence, is_open, letters

_DAY_ONLY = re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日$|^二[〇○零]\S{2,4}年\S{1,3}月\S{1,4}日$")
_STANZA = 3
_CHINESE = re.compile(r"^[\u4e00-\u9fff]+$")
_HEADLINE = 6
"""Fewest characters of a headline over its author."""
_NEAR = 3
"""Most lines from what one speaker says to the answer."""
_SLOGAN = frozenset(["short", "subhead", "byline", "public_service"])
_SIGNED = re.compile(r"(?:宣|制|办|宣传部|发布|刊播|联盟|协会)$")
_SPEAKER = re.compile(r"^([^\s：:，。、]{1,8})[：:]\s*\S")
_BOARD_LABEL = re.compile(
    r"^(?:名誉|执行|常务|第一)?\s*(?:主\s*任|副\s*主\s*任|委\s*员|成\s*员|主\s*编|副\s*主\s*编|编\s*委|顾\s*问|总\s*编|责任编辑|编\s*辑|校\s*对|美\s*编|社\s*长|理\s*事\s*长|秘\s*书\s*长|组\s*长|特约编辑)(?:委员)?(?:\s|$|[:：（(])"
)


def settle_roles(lines: Sequence[Line], roles: list[str]) -> None:
    """All of the rules, in the order in which they build on one another."""
    for rule in (
        _repeated,
        _credits,
        _boards,
        _colophon_values,
        _public_blocks,
        _dialogues,
        _box_lists,
        _blocks,
        _tables,
        _authors,
        _signatures,
        _verses,
    ):
        rule(lines, roles)


def _repeated(lines: Sequence[Line], roles: list[str]) -> None:
    """A short line that stands on three pages or more, or twice beside a page's number, is a running header."""
    places: dict[str, set[int]] = {}
    for line, role in zip(lines, roles, strict=True):
        if role == "short" and len(line.text) <= 24:
            places.setdefault(letters(line.text), set()).add(line.page)
    often = {key for key, pages in places.items() if len(pages) >= 3}
    often |= {key for key, count in Counter(_beside_numbers(lines, roles)).items() if count > 1}
    for index, line in enumerate(lines):
        if roles[index] == "short" and often and letters(line.text) in often:
            roles[index] = "running_header"


def _dialogues(lines: Sequence[Line], roles: list[str]) -> None:
    """An interview: two speakers at least who speak twice each, one after the other; what they say is text, however short."""
    spoken = {
        index: found[1]
        for index, line in enumerate(lines)
        if roles[index] in ("short", "subhead", "text") and not line.level and (found := _SPEAKER.match(line.text))
    }
    talk: set[int] = set()
    for before, index in pairwise(spoken):
        if index - before <= _NEAR and spoken[index] != spoken[before]:
            talk |= {before, index}
    often = {name for name, count in Counter(spoken[index] for index in talk).items() if count > 1}
    for index in talk if len(often) > 1 else ():
        if spoken[index] in often:
            roles[index] = "text"


def _box_lists(lines: Sequence[Line], roles: list[str]) -> None:
    """The items of a list under a box's label."""
    for index in range(1, len(lines)):
        under = roles[index - 1] == "box" or (roles[index - 1] == "text" and lines[index - 1].bullet)
        if under and lines[index].bullet and roles[index] in ("short", "subhead"):
            roles[index] = "text"


def _beside_numbers(lines: Sequence[Line], roles: Sequence[str]) -> Iterator[str]:
    """Short lines right before or after a page number that stands alone on its line."""
    for index, role in enumerate(roles):
        if role == "page_number":
            beside = (at for at in (index - 1, index + 1) if 0 <= at < len(lines))
            near = (at for at in beside if roles[at] == "short" and lines[max(at, index)].gap <= 1)
            yield from (letters(lines[at].text) for at in near if len(lines[at].text) <= 12 and not lines[at].level)


def _public_blocks(lines: Sequence[Line], roles: list[str]) -> None:
    """Under the bare label 公益广告: the slogan, down to who signs it."""
    for index, line in enumerate(lines):
        if roles[index] != "public_service" or letters(line.text) != "公益广告":
            continue
        run = list(takewhile(lambda i: roles[i] in _SLOGAN, range(index + 1, min(index + 7, len(lines)))))
        signed = [i for i in run if _SIGNED.search(lines[i].text)]
        for after in range(index + 1, signed[0] + 1 if signed else index + 1):
            roles[after] = "public_service"


def _blocks(lines: Sequence[Line], roles: list[str]) -> None:
    """What stands in one block with running text is running text: no headline is printed in a paragraph's block."""
    for index in range(1, len(lines)):
        within = (
            roles[index] == "short" and roles[index - 1] == "text" and lines[index].within and not lines[index].bold
        )
        named = len(lines[index].text) <= 3 and ends_sentence(lines[index - 1].text)
        if within and not named:
            roles[index] = "text"


def _tables(lines: Sequence[Line], roles: list[str]) -> None:
    """Rows of a table with its columns' names, two lines at least, are text, unless they stand in the midst of a sentence."""
    index = 0
    while index < len(lines):
        end = index
        while end < len(lines) and roles[end] in ("short", "subhead", "text") and not (lines[end].gap and end > index):
            if not (is_row(lines[end].text) or (end == index and _is_table_head(lines, index))):
                break
            end += 1
        if end - index > 1 and not (index and roles[index - 1] == "text" and is_open(lines[index - 1].text)):
            roles[index:end] = ["text"] * (end - index)
        index = max(end, index + 1)


def _is_table_head(lines: Sequence[Line], index: int) -> bool:
    columns = len(lines[index].text.split())
    return 2 < columns <= 12 and index + 1 < len(lines) and is_row(lines[index + 1].text)


def _authors(lines: Sequence[Line], roles: list[str]) -> None:
    """Who wrote it, where the grammar of names does not tell: a pen name or a body between headline and text, a body or its
    short name under a text that has ended."""
    for index in range(1, len(lines) - 1):
        line, above, below = lines[index], lines[index - 1], lines[index + 1]
        if roles[index] != "short" or line.level or line.bold or line.mark or line.bullet:
            continue
        pen_name = 2 <= len(line.text) <= 4 and _CHINESE.match(line.text)
        body = len(line.text) <= 16 and is_body(line.text)
        headed = roles[index - 1] == "short" and len(above.text) >= _HEADLINE and not line.gap
        if headed and roles[index + 1] == "text" and below.gap <= 1 and (pen_name or body):
            roles[index] = "byline"
        elif roles[index - 1] == "text" and ends_sentence(above.text) and below.gap and not line.gap:
            alone = pen_name and len(line.text) <= 3 and len(above.text) > 24 and roles[index + 1] == "short"
            if body or alone or (line.within and pen_name):
                roles[index] = "byline"


def _signatures(lines: Sequence[Line], roles: list[str]) -> None:
    """Who signs a notice and when: the name of a body and a bare date under a text."""
    for index in range(2, len(lines)):
        signed = roles[index - 2] == "text" and roles[index - 1] in ("short", "byline") and not lines[index - 1].level
        if signed and _DAY_ONLY.match(lines[index].text):
            roles[index - 1] = roles[index] = "subhead"


def _verses(lines: Sequence[Line], roles: list[str]) -> None:
    """Lines of a poem: three short ones or more under its author, in stanzas; a line alone is the next headline."""
    for index in range(1, len(lines)):
        if roles[index - 1] != "byline" or roles[index] != "short":
            continue
        end = index
        while end < len(lines) and _is_verse(lines[end], roles[end]):
            end += 1
        starts = [at for at in range(index, end) if at == index or lines[at].gap]
        lone = next((at for at, after in pairwise([*starts, end]) if after - at == 1), end)
        stanzas = sum(at < lone for at in starts)
        if lone - index >= _STANZA * stanzas > 0:
            roles[index:lone] = ["text"] * (lone - index)


def _is_verse(line: Line, role: str) -> bool:
    plain = not (line.level or line.bold or line.mark or line.bullet)
    return role == "short" and plain and line.gap <= 1 and len(line.text) <= 18


def _credits(lines: Sequence[Line], roles: list[str]) -> None:
    """A photographer's name right behind a caption belongs to it."""
    for index in range(1, len(lines)):
        credit = roles[index] == "byline" and roles[index - 1] == "caption" and lines[index].gap == 0
        if credit and is_credit(lines[index].text):
            roles[index] = "caption"


def _boards(lines: Sequence[Line], roles: list[str]) -> None:
    """The names under an editorial board's heading."""
    inside = False
    for index, line in enumerate(lines):
        if roles[index] == "board":
            inside = True
        elif inside:
            inside = (
                roles[index] in ("byline", "colophon") or bool(_BOARD_LABEL.match(line.text)) or _is_roll(line.text)
            )
            if inside and roles[index] != "colophon":
                roles[index] = "board"


def _is_roll(text: str) -> bool:
    tokens = text.replace("　", " ").split()
    return 0 < len(tokens) <= 8 and len(text) <= 30 and (all(len(t) == 1 for t in tokens) or any(map(is_name, tokens)))


def _colophon_values(lines: Sequence[Line], roles: list[str]) -> None:
    """`主办单位：` alone on its line: the short lines after it are its values; `封面说明`: what it explains."""
    for index, line in enumerate(lines):
        label = (roles[index] == "colophon" and line.text[-1] in ":：") or (
            roles[index] == "caption" and line.text.startswith("封面")
        )
        if not label:
            continue
        for after in range(index + 1, min(index + 13, len(lines))):
            if roles[after] != "short" or lines[after].gap > 1 or lines[after].level or len(lines[after].text) > 24:
                break
            roles[after] = roles[index]
