"""Fifth step of splitting, the short lines: what waited for the next text to show what it is.

Headline with kicker and subtitle, headline after its text, section, author, signature, subhead, a paragraph cut short, or a caption.
"""

from __future__ import annotations

from digests.reading.bylines import is_collective, is_credit
from digests.reading.drafts import Assembly, Draft, Piece, credit, start
from digests.reading.heads import THRESHOLD, Context, Head, compose, groups, is_caption_like, lead_strength, score_group
from digests.reading.lines import Line
from digests.reading.roles import is_notice


def settle(state: Assembly, after: Line | None) -> None:
    """Decide what the waiting short lines are, now that `after` (a text line, or None: no text) follows."""
    waiting, state.waiting = state.waiting, []
    waiting = _tail(state, waiting)
    if not waiting:
        return
    if after is None:
        _without_text(state, waiting)
        return
    waiting = _late_head(state, waiting)
    head, rest_before, rest_after = _choose(state, waiting, after)
    if head is None:
        for index in waiting:
            _minor(state, index)
        return
    for index in rest_before:
        _minor(state, index, closing=True)
    start(state, head)
    for index in rest_after:
        _minor(state, index)


def _tail(state: Assembly, waiting: list[int]) -> list[int]:
    """Author lines right after a text belong to it and end it."""
    draft = state.current
    while (
        waiting
        and state.roles[waiting[0]] in ("byline", "note")
        and draft is not None
        and draft.begun
        and not draft.ended
    ):
        if draft.bylines and is_collective(state.lines[waiting[0]].text):
            draft.ended = True
            break
        index = waiting.pop(0)
        photo = draft.head is not None and len(draft.pieces) == 1 and not draft.open and not draft.bylines
        credit(state, draft, index)
        if is_credit(state.lines[index].text):
            draft.photo = draft.ended = photo
        else:
            draft.ended = True
            while waiting and state.roles[waiting[0]] in ("byline", "note"):
                credit(state, draft, waiting.pop(0))
    return waiting


def _late_head(state: Assembly, waiting: list[int]) -> list[int]:
    """A text without a headline takes the one printed after it, if another headline follows for the next text."""
    draft = state.current
    if draft is None or draft.head is not None or draft.box or not draft.begun:
        return waiting
    mark = next((at for at, index in enumerate(waiting) if state.roles[index] == "byline"), 0)
    if mark == len(waiting) - 1 or not all(state.roles[i] in ("short", "subhead") for i in waiting[:mark]) or not mark:
        return waiting
    _give_head(state, draft, waiting[:mark])
    credit(state, draft, waiting[mark])
    return waiting[mark + 1 :]


def _give_head(state: Assembly, draft: Draft, shorts: list[int]) -> None:
    parts = groups(state.lines, shorts)
    context = Context(open=False, ended=True, waiting=False, next=None)
    best = max(parts, key=lambda g: score_group(state.lines, g, context))
    draft.head = compose(state.lines, best, state.contents, score_group(state.lines, best, context))
    draft.lines.extend(best)
    draft.late_head = draft.ended = True
    kept = set(best)
    for index in shorts:
        if index not in kept:
            state.leftovers[index] = _left_kind(state, index)


def _without_text(state: Assembly, waiting: list[int]) -> None:
    """No text follows: a headline after its text, else nothing that belongs to an article."""
    draft = state.current
    while waiting and draft is not None and not draft.ended and draft.begun:
        index = waiting[0]
        if state.roles[index] != "short" or not _goes_on(state.lines[index], draft):
            break
        waiting.pop(0)
        draft.pieces.append(Piece(index, state.lines[index].text))
        draft.lines.append(index)
    shorts = [i for i in waiting if state.roles[i] in ("short", "subhead")]
    bylines = [i for i in waiting if state.roles[i] in ("byline", "note")]
    if (
        shorts
        and draft is not None
        and draft.head is None
        and not draft.box
        and draft.begun
        and _could_be_title(state, shorts)
    ):
        _give_head(state, draft, shorts)
        for index in bylines:
            credit(state, draft, index)
        waiting = [i for i in waiting if state.roles[i] == "continued_from"]
    for index in waiting:
        state.leftovers[index] = _left_kind(state, index)


def _could_be_title(state: Assembly, shorts: list[int]) -> bool:
    return any(state.lines[i].level or 6 <= len(state.lines[i].text) <= 40 for i in shorts)


def _left_kind(state: Assembly, index: int) -> str:
    line, role = state.lines[index], state.roles[index]
    if role == "continued_from":
        return "pointer"
    if line.gap >= 2 or role == "byline":
        return "caption"
    return "noise" if not line.level else "section" if len(line.text) <= 6 else "notice"


def _choose(state: Assembly, waiting: list[int], after: Line) -> tuple[Head | None, list[int], list[int]]:
    """The best headline among the waiting lines, with what stands before and after it."""
    shorts = [i for i in waiting if state.roles[i] not in ("byline", "note", "continued_from")]
    candidates = [_drop_captions(state, group) for group in groups(state.lines, shorts)]
    draft = state.current
    scored: list[tuple[float, int, list[int]]] = []
    for at, group in enumerate(candidates):
        if any(i in state.contents.heads for i in group):
            scored.append((20.0, at, _around(state, group)))
            continue
        byline = group[-1] + 1 < len(state.roles) and state.roles[group[-1] + 1] == "byline"
        ended = state.boundary or draft is None or draft.ended
        context = Context(
            open=draft is not None and draft.open and not ended, ended=ended,
            waiting=draft is not None and draft.head is not None and not draft.begun and not ended, next=after, byline=byline,
            lonely=len(group) == 1 and group[0] in state.lonely,
            image=state.leftovers.get(group[0] - 1) == "caption", signed=draft is not None and bool(draft.bylines),
        )  # fmt: skip
        scored.append((score_group(state.lines, group, context), at, group))
    if not scored:
        return None, [], []
    score, _, best = max(scored, key=lambda s: (s[0], s[1]))
    if score < THRESHOLD or _is_subhead(state, best, after):
        return None, [], []
    best = _drop_captions(state, _with_title_above(state, best, scored))
    best = _drop_label(state, _drop_signature(state, best))
    best = _with_subtitle_below(state, best, scored, after)
    head = compose(state.lines, best, state.contents, score)
    return head, [i for i in waiting if i < best[0]], [i for i in waiting if i > best[-1]]


def _is_subhead(state: Assembly, group: list[int], after: Line) -> bool:
    """A deeper heading inside an article that has its author on top, or a short one: it divides the article."""
    draft, first = state.current, state.lines[group[0]]
    if draft is None or draft.head is None or draft.ended or state.boundary or not draft.begun:
        return False
    if any(state.lines[i].text[-1] not in ":：" for i in group[1:]):
        return False
    above = state.lines[draft.head.title[0]].level
    if not above or first.level <= above or lead_strength(after) >= 3:
        return False
    return bool(draft.bylines) or len(first.text) <= 14


def _drop_signature(state: Assembly, group: list[int]) -> list[int]:
    """The name under a notice is its signature, not the next notice's headline."""
    draft = state.current
    at = next((n for n, i in enumerate(group) if is_notice(state.lines[i].text)), 0)
    if at == 0 or not state.lines[group[at]].gap or draft is None or draft.ended or not draft.begun:
        return group
    for index in group[:at]:
        draft.pieces.append(Piece(index, state.lines[index].text, "subhead"))
        draft.lines.append(index)
        state.taken.add(index)
    return group[at:]


def _with_title_above(state: Assembly, best: list[int], scored: list[tuple[float, int, list[int]]]) -> list[int]:
    """A headline that a wide gap parts from its subtitle: the group right above also looks like a headline."""
    for score, _, group in scored:
        if (
            group[-1] == best[0] - 1
            and score >= THRESHOLD
            and not is_caption_like(state.lines[group[0]])
            and not state.lines[best[0]].level
        ):
            return [*group, *best]
    return best


def _with_subtitle_below(
    state: Assembly, best: list[int], scored: list[tuple[float, int, list[int]]], after: Line
) -> list[int]:
    """A subtitle that a wide gap parts from its headline: the last line before a text that surely begins an article."""
    listed = any(i in state.contents.heads for i in best)
    if lead_strength(after) < 3:
        return best
    for score, _, group in scored:
        if group[0] == best[-1] + 1 and (listed or score >= THRESHOLD) and not is_caption_like(state.lines[group[0]]):
            return [*best, *group]
    return best


def _drop_captions(state: Assembly, group: list[int]) -> list[int]:
    """Captions that stand right over a headline are none of it."""
    while (
        len(group) > 1
        and group[0] not in state.contents.heads
        and is_caption_like(state.lines[group[0]])
        and len(state.lines[group[1]].text) >= 8
    ):
        state.leftovers[group[0]] = "caption"
        group = group[1:]
    return group


def _around(state: Assembly, group: list[int]) -> list[int]:
    """Of a run with a listed headline, that headline with its neighbours; an earlier one in the run is no part of it."""
    entry = state.contents.heads[[i for i in group if i in state.contents.heads][-1]][0]
    start = min(i for i in group if state.contents.heads.get(i, (-1, ""))[0] == entry)
    while start - 1 in group and start - 1 not in state.contents.heads and len(state.lines[start - 1].text) > 6:
        start -= 1
    return [i for i in group if i >= start]


def _drop_label(state: Assembly, group: list[int]) -> list[int]:
    """A short rubric over a headline is the section of what follows: ■ 重大项目, ## 要闻 over ### …"""
    first = state.lines[group[0]]
    if len(group) > 1 and len(first.text) <= 10 and not first.mark and state.lines[group[1]].mark == "lead":
        state.section, state.passing = first.text, False
        state.leftovers[group[0]] = "section"
        return group[1:]
    if (
        len(group) > 1
        and group[0] not in state.contents.heads
        and len(first.text) <= 10
        and first.text[-1] not in ":：—"
    ):
        below = state.lines[group[1]]
        higher = first.level and below.level > first.level and len(first.text) <= 6
        if first.mark == "lead" or higher or (len(first.text) <= 4 < len(below.text) and first.level == below.level):
            state.section = first.text
            state.passing = first.mark != "lead" and not higher
            state.leftovers[group[0]] = "section"
            return group[1:]
    return group


def _minor(state: Assembly, index: int, *, closing: bool = False) -> None:
    """A waiting line that is no headline: author, note, subhead, text cut short, or a caption."""
    line, role, draft = state.lines[index], state.roles[index], state.current
    if index in state.leftovers or index in state.taken:
        return
    if role in ("byline", "note") and draft is not None and not (draft.ended and draft.bylines):
        credit(state, draft, index)
    elif role == "continued_from" and draft is not None:
        draft.lines.append(index)
    elif draft is None or draft.ended or closing or role in ("byline", "note"):
        state.leftovers[index] = _left_kind(state, index)
    elif index in state.torn or _reads_on(line, draft):
        draft.pieces.append(Piece(index, line.text))
        draft.lines.append(index)
    elif role == "subhead" or (line.gap <= 1 and draft.begun and not draft.open and len(line.text) <= 28):
        draft.pieces.append(Piece(index, line.text, "subhead"))
        draft.lines.append(index)
    else:
        state.leftovers[index] = "caption"


def _reads_on(line: Line, draft: Draft) -> bool:
    """A paragraph that a page or column cut short: commas inside, or the line right under an open sentence."""
    if line.level or line.gap > 1:
        return False
    return (("," in line.text or "，" in line.text) and draft.begun) or (
        _goes_on(line, draft) and lead_strength(line) == 0
    )


def _goes_on(line: Line, draft: Draft) -> bool:
    """Right under an open sentence."""
    return not line.gap and not line.level and not line.mark and draft.open
