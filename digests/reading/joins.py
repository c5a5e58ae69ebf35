"""Sixth step of splitting: pieces to bodies, and articles that print cut in two.

Paragraphs that a column, a caption or a page cut in the middle of a sentence are put together; a column that stands under
another article's headline goes back to the article whose sentence it ends; 下转 finds its 上接.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from digests.reading.articles import Draft, Piece
from digests.reading.lines import Line
from digests.reading.text import is_open, join, letters, likeness

_NEIGHBOURS = 2
_MINIMUM = 40
_STARTS_CLOSED = re.compile(r"^[“”‘《（(【「\d一二三四五六七八九十①-⑩]")


def body(pieces: Sequence[Piece], lines: Sequence[Line]) -> str:
    """The text of an article, one line feed between paragraphs, sentences whole."""
    paragraphs: list[str] = []
    previous: Piece | None = None
    for piece in pieces:
        if (
            previous is not None
            and previous.kind == piece.kind == "text"
            and is_open(previous.text)
            and not _fresh(piece, lines)
        ):
            paragraphs[-1] = join(paragraphs[-1], piece.text)
        else:
            paragraphs.append(piece.text)
        previous = piece
    return "\n".join(paragraphs)


def _fresh(piece: Piece, lines: Sequence[Line]) -> bool:
    return lines[piece.line].mark == "lead" or lines[piece.line].bullet


# ---------------------------------------------------------------------------------------------- stray columns
def return_strays(drafts: Sequence[Draft]) -> int:
    """Give columns that stand in a neighbour back to the article whose last sentence is open. Answers how many moved.

    A column moves only if the sentence before it in its present place is closed, it is much more like the open article in its words, and
    the open article misses an end.
    """
    moved = 0
    for at, draft in enumerate(drafts):
        if not draft.open or draft.box or draft.continued_on:
            continue
        best = max(
            (_stray(other, draft) for other in drafts[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1] if other is not draft),
            default=None, key=lambda stray: stray[0] if stray else 0.0,
        )  # fmt: skip
        if best:
            _move(best[1], best[2], draft)
            moved += 1
    return moved


def _stray(host: Draft, home: Draft) -> tuple[float, Draft, slice] | None:
    """The tail of `host` from a line that does not begin a sentence well and speaks of what `home` speaks of."""
    texts = [p for p in host.pieces if p.kind == "text"]
    if len(texts) < 2 or host.box:
        return None
    best: tuple[float, Draft, slice] | None = None
    for start in range(1, len(host.pieces)):
        piece, before = host.pieces[start], host.pieces[start - 1]
        if (
            piece.kind != "text"
            or is_open(before.text)
            or len(piece.text) < _MINIMUM
            or _STARTS_CLOSED.match(piece.text)
        ):
            continue
        cut = slice(start, _run_end(host, start))
        if (gain := _gain(host, home, cut)) > 0 and (best is None or gain > best[0]):
            best = (gain, host, cut)
    return best


def _run_end(host: Draft, start: int) -> int:
    """The pieces that stand together in print from `start` on."""
    end = start + 1
    while end < len(host.pieces) and host.pieces[end].line == host.pieces[end - 1].line + 1:
        end += 1
    return end


def _gain(host: Draft, home: Draft, cut: slice) -> float:
    stray = _grams("".join(p.text for p in host.pieces[cut]))
    own = _grams("".join(p.text for p in (*host.pieces[: cut.start], *host.pieces[cut.stop :])))
    far = _grams("".join(p.text for p in home.pieces))
    return _share(stray, far) - max(0.06, 1.6 * _share(stray, own))


def _grams(text: str) -> Counter[str]:
    text = letters(text)
    return Counter(text[i : i + 3] for i in range(len(text) - 2))


def _share(part: Counter[str], whole: Counter[str]) -> float:
    return (
        sum(n for gram, n in part.items() if gram in whole)
        / max(1, sum(part.values()))
        / max(1.0, len(whole) / 400) ** 0.5
    )


def _move(host: Draft, cut: slice, home: Draft) -> None:
    pieces = host.pieces[cut]
    moved = {p.line for p in pieces}
    host.pieces[cut] = []
    host.lines[:] = [i for i in host.lines if i not in moved]
    home.pieces.extend(pieces)
    home.lines.extend(p.line for p in pieces)


# ---------------------------------------------------------------------------------------------- 下转 / 上接
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九十")}


def page_number(text: str | None) -> int | None:
    """第二版 -> 2, A3版 -> 3, 12版 -> 12; None if there is none."""
    if text is None:
        return None
    if digits := re.search(r"\d{1,3}", text):
        return int(digits[0])
    found = re.search(r"[一二三四五六七八九十]{1,3}", text)
    if not found:
        return None
    word = found[0]
    if "十" not in word:
        return _DIGITS[word[-1]]
    tens, _, ones = word.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def join_continued(drafts: list[Draft], titles: Sequence[str], pages: Sequence[int | None]) -> list[tuple[int, int]]:
    """Pairs (part, its continuation) among the drafts: 下转第三版 with 上接第一版, by page, then by likeness of the titles."""
    pairs: list[tuple[int, int]] = []
    taken: set[int] = set()
    for first, draft in enumerate(drafts):
        if draft.continued_on is None:
            continue
        options = [
            second for second, other in enumerate(drafts)
            if second not in taken and second != first and other.continued_from is not None and _fits(draft, other, pages[first], pages[second])
        ]  # fmt: skip
        if not options:
            continue
        second = max(options, key=lambda i: (likeness(letters(titles[first]), letters(titles[i])), -i))
        if len(options) == 1 or likeness(letters(titles[first]), letters(titles[second])) >= 0.3 or draft.open:
            taken.add(second)
            pairs.append((first, second))
    return pairs


def _fits(part: Draft, rest: Draft, part_page: int | None, rest_page: int | None) -> bool:
    to, back = page_number(part.continued_on), page_number(rest.continued_from)
    return (rest_page is None or to is None or to == rest_page) and (
        part_page is None or back is None or back == part_page
    )
