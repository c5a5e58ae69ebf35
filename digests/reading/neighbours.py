"""Second step of splitting, continued: what a line is that only its neighbours tell.

Each rule changes the roles in place: a running header comes again, a poem stands under its author, a slogan under its label.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from digests.reading.bylines import is_credit, is_name
from digests.reading.lines import Line
from digests.reading.text import letters

_DAY_ONLY = re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日$|^二[〇○零]\S{2,4}年\S{1,3}月\S{1,4}日$")
_STANZA = 3
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
    """An interview: two speakers at least who speak twice each; what they say is text, however short."""
    spoken = {
        index: found[1]
        for index, line in enumerate(lines)
        if roles[index] in ("short", "subhead", "text") and not line.level and (found := _SPEAKER.match(line.text))
    }
    often = {name for name, count in Counter(spoken.values()).items() if count > 1}
    if len(often) > 1:
        for index, name in spoken.items():
            if name in often:
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
        if roles[index] == "short" and roles[index - 1] == "text" and lines[index].within and not lines[index].bold:
            roles[index] = "text"


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
