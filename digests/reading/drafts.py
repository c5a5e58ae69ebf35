"""An article while it is put together, and the state of the pass that does it.

Only data and the two steps that both halves of the pass share; what is decided stands in articles.py and shorts.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from digests.reading.bylines import tidy
from digests.reading.contents import Contents
from digests.reading.heads import Head
from digests.reading.lines import Line
from digests.reading.pages import PageHead
from digests.reading.roles import INTRO
from digests.reading.text import is_open


@dataclass(slots=True)
class Piece:
    """A stretch of an article's text. `kind`: text or subhead."""

    line: int
    text: str
    kind: str = "text"


@dataclass(slots=True)
class Draft:
    """An article while it is put together; line numbers throughout. `ended`: nothing more belongs to it. `host`: the box or photo story that takes it back
    if it gets no headline. `page`: of the printed page, where a head within the text tells it. `photo`: a headline, one paragraph and the photographer."""

    head: Head | None = None
    bylines: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    box: str | None = None
    section: str | None = None
    page: int | None = None
    continued_on: str | None = None
    continued_from: str | None = None
    ended: bool = False
    late_head: bool = False
    photo: bool = False
    host: Draft | None = None

    @property
    def open(self) -> bool:
        return bool(self.pieces) and self.pieces[-1].kind == "text" and is_open(self.pieces[-1].text)

    @property
    def begun(self) -> bool:
        """Whether its own text has begun: an editor's note alone is none."""
        return any(p.kind == "text" and not INTRO.match(p.text) for p in self.pieces)


@dataclass(slots=True)
class Assembly:
    """The state of the pass. `printed`, `rubric`: the printed page's number and name; `section`: what stands over the
    articles, `passing`: over the next one only."""

    lines: Sequence[Line]
    roles: Sequence[str]
    contents: Contents
    newspaper: bool
    drafts: list[Draft] = field(default_factory=list)
    leftovers: dict[int, str] = field(default_factory=dict)
    current: Draft | None = None
    waiting: list[int] = field(default_factory=list)
    heads: Mapping[int, PageHead] = field(default_factory=dict)
    printed: int | None = None
    rubric: str | None = None
    section: str | None = None
    passing: bool = False
    boundary: bool = True
    page: int = -1
    continued_from: str | None = None
    taken: set[int] = field(default_factory=set)
    lonely: frozenset[int] = frozenset()
    torn: frozenset[int] = frozenset()


def start(state: Assembly, head: Head | None) -> Draft:
    """Open a new article under `head`, or without one."""
    entry = state.contents.entries[head.entry] if head and head.entry is not None else None
    section = entry.section if entry else state.section or state.rubric
    draft = Draft(head=head, section=section, page=state.printed, continued_from=state.continued_from)
    if entry and entry.byline:
        draft.bylines.append(entry.byline)
    if head:
        draft.lines.extend(head.lines)
    state.continued_from = None
    if state.passing:
        state.section, state.passing = None, False
    state.drafts.append(draft)
    state.current = draft
    return draft


def credit(state: Assembly, draft: Draft, index: int) -> None:
    """Give an author line or author's note to an article."""
    draft.lines.append(index)
    if state.roles[index] == "byline":
        draft.bylines.append(tidy(state.lines[index].text))
