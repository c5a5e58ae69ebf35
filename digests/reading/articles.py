"""Fifth step of splitting: lines to articles.

One pass in print order. Short lines wait until the next text shows whether they were a headline, a caption or a subhead; texts
go to the article that is open. What is left out keeps its kind. Every line ends up in exactly one draft or leftover.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from digests.reading.bylines import dateline_author
from digests.reading.contents import Contents
from digests.reading.drafts import Assembly, Draft, Piece, start
from digests.reading.lines import CONTINUED_FROM, CONTINUED_ON, DATELINE, Line
from digests.reading.pages import PageHead
from digests.reading.roles import BOX, rubric_of
from digests.reading.shorts import settle
from digests.reading.subheads import lonely, torn

_HEADLINE, _LABEL = 40, 14
"""Most characters of a headline and of a rubric on the front page's list of pointers."""
_FURNITURE = frozenset(
    ("masthead", "colophon", "board", "running_header", "page_number", "noise", "public_service", "caption", "contents")
)


def assemble(
    lines: Sequence[Line],
    roles: Sequence[str],
    contents: Contents,
    heads: Mapping[int, PageHead],
    *,
    newspaper: bool,
    front: int,
) -> tuple[list[Draft], dict[int, str]]:
    """Drafts in print order, and the kind of every line that is in none. Lines before `front` are front matter; `heads`: of
    `page_heads`, for a newspaper."""
    cut = torn(lines, roles)
    state = Assembly(lines, roles, contents, newspaper, heads=heads, torn=cut, lonely=lonely(lines, roles, cut))
    if heads:
        state.printed = heads[min(heads)].page - 1 or None
    for index, role in enumerate(roles):
        if index in heads:
            _open_page(state, heads[index])
        if index < front:
            state.leftovers[index] = contents.roles.get(index) or front_kind(role)
            continue
        if lines[index].page != state.page:
            _turn_page(state, lines[index].page)
        _take(state, index, contents.roles.get(index, role))
    settle(state, None)
    _return_to_hosts(state)
    return [d for d in state.drafts if _keep(state, d)], state.leftovers


def front_kind(role: str) -> str:
    return role if role in _FURNITURE else "masthead"


def _keep(state: Assembly, draft: Draft) -> bool:
    """An article without text is none: its lines are left over."""
    if any(p.kind == "text" for p in draft.pieces):
        return True
    for index in draft.lines:
        state.leftovers[index] = "noise" if len(draft.pieces) < 2 else "advertisement"
    return False


def _return_to_hosts(state: Assembly) -> None:
    """Paragraphs after a box or a photo story that no headline claimed are its own."""
    for draft in state.drafts:
        host = draft.host
        if host is not None and draft.head is None:
            host.pieces.extend(draft.pieces)
            host.lines.extend(draft.lines)
            host.bylines.extend(draft.bylines)
            draft.pieces, draft.lines = [], []


def _turn_page(state: Assembly, page: int) -> None:
    first = state.page < 0
    settle(state, None)
    state.page = page
    if not first:
        state.boundary = True
        if state.newspaper and state.current is not None and not state.current.open:
            state.current.ended = True


def _open_page(state: Assembly, head: PageHead) -> None:
    """A printed page begins within the text: what was open ends, unless its sentence goes on."""
    settle(state, None)
    state.printed, state.rubric, state.section, state.passing = head.page, head.rubric, None, False
    if state.current is None or not state.current.open:
        _end(state)


def _end(state: Assembly) -> None:
    state.boundary = True
    if state.current is not None:
        state.current.ended = True


def _take(state: Assembly, index: int, role: str) -> None:
    line = state.lines[index]
    if index in state.contents.heads or role in ("short", "byline", "note"):
        state.waiting.append(index)
    elif role == "text":
        _text(state, index)
    elif role == "subhead":
        _subhead(state, index)
    elif role == "box":
        _box(state, index)
    elif role == "continued_on":
        settle(state, None)
        _continued_on(state, index)
    elif role == "continued_from":
        state.continued_from = re.sub(r"\s", "", _page_in(CONTINUED_FROM, line.text))
        state.waiting.append(index)
    elif role == "pointer":
        _pointer(state, index)
    elif role == "rubric":
        _rubric(state, index)
    else:
        _furniture(state, index, role)


def _furniture(state: Assembly, index: int, role: str) -> None:
    state.leftovers[index] = role if role in _FURNITURE else "noise"
    if role in ("masthead", "colophon") and state.current is not None and not state.current.open:
        settle(state, None)
        state.current.ended = state.boundary = True


def _rubric(state: Assembly, index: int) -> None:
    """A section begins: what stands before it has ended."""
    settle(state, None)
    state.leftovers[index] = "section"
    state.section, state.passing = rubric_of(state.lines[index].text), False
    if state.current is None or not state.current.open:
        _end(state)


def _pointer(state: Assembly, index: int) -> None:
    """A page pointer takes the headline and the label before it along."""
    state.leftovers[index] = "pointer"
    longest = (_LABEL,) if len(state.lines[index].text) > 10 else (_HEADLINE, _LABEL)
    for most in longest:
        if (
            not state.waiting
            or state.roles[state.waiting[-1]] != "short"
            or len(state.lines[state.waiting[-1]].text) > most
        ):
            break
        state.leftovers[state.waiting.pop()] = "pointer"
    settle(state, None)
    state.boundary = True
    for draft in state.drafts[-1:]:
        draft.ended = True


def _page_in(pattern: re.Pattern[str], text: str) -> str:
    return "".join(found["page"] for found in pattern.finditer(text))


def _continued_on(state: Assembly, index: int) -> None:
    draft = state.current
    if draft is None or draft.ended:
        state.leftovers[index] = "pointer"
        return
    draft.continued_on = re.sub(r"\s", "", _page_in(CONTINUED_ON, state.lines[index].text))
    draft.lines.append(index)
    draft.ended = True


# ---------------------------------------------------------------------------------------------- texts
def _text(state: Assembly, index: int) -> None:
    line = state.lines[index]
    settle(state, line)
    draft = state.current
    fresh = (
        draft is None
        or draft.ended
        or (bool(draft.pieces) and bool(DATELINE.match(line.text)) and draft.begun and not draft.open)
    )
    whole_box = draft is not None and draft.box is not None and draft.begun and not draft.open and line.gap > 0
    if fresh or draft is None or whole_box:
        host = draft if whole_box or (draft is not None and draft.photo) else None
        draft = start(state, None)
        draft.host = host
    if not draft.pieces and not draft.bylines and (author := _author_in(line.text)):
        draft.bylines.append(author)
    draft.pieces.append(Piece(index, line.text))
    draft.lines.append(index)
    state.boundary = False


def _author_in(text: str) -> str | None:
    dateline = DATELINE.match(text)
    return dateline_author(text, dateline.end()) if dateline else None


def _subhead(state: Assembly, index: int) -> None:
    """A numbered or colon-ended line: a subhead of the open article; before a headline it is a kicker, so it waits."""
    draft = state.current
    after = state.roles[index + 1] if index + 1 < len(state.roles) else ""
    colon = state.lines[index].text[-1] in ":：—"
    if state.waiting or draft is None or draft.ended or (colon and after == "short" and not state.lines[index].bold):
        state.waiting.append(index)
        return
    draft.pieces.append(Piece(index, state.lines[index].text, "subhead"))
    draft.lines.append(index)


def _box(state: Assembly, index: int) -> None:
    """A box of its own, or, right under a headline, how that article begins: 【人物名片】 over an interview."""
    headed = bool(state.waiting) and state.lines[index].gap == 0
    settle(state, state.lines[index] if headed else None)
    draft = state.current
    if headed and draft is not None and draft.head is not None and not draft.pieces:
        draft.pieces.append(Piece(index, state.lines[index].text))
        draft.lines.append(index)
        state.boundary = False
        return
    _open_box(state, index)


def _open_box(state: Assembly, index: int) -> None:
    text = state.lines[index].text
    draft = start(state, None)
    for found in BOX.finditer(text):
        draft.box = found["framed"] or found["bare"]
        text = text[found.end() :]
    draft.lines.append(index)
    draft.pieces.extend([Piece(index, text)] if text else [])
    state.boundary = False
