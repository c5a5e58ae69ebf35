"""Sixth step of splitting: pieces to bodies, and articles that print cut in two.

Paragraphs that a column, a caption or a page cut in the middle of a sentence are put together; a column that stands under
another article's headline goes back to the article whose sentence it ends; 下转 finds its 上接.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import sqrt

from digests.reading.drafts import Draft, Piece
from digests.reading.lines import Line
from digests.reading.pages import page_number
from digests.reading.tables import is_row
from digests.reading.text import bigrams, is_open, join, letters, likeness

_NEIGHBOURS = 2
_MINIMUM = 40
_MOST = 400
_JUMPS = 40
"""Continuations among which one is sought; a real issue has a dozen."""
_WORD = 60.0
_VERSE = 18
_LEAST, _CLEARLY = 0.04, 1.3
"""A column moves if the open article has this share of its words at least, and this many times what its host has."""


def body(pieces: Sequence[Piece], lines: Sequence[Line]) -> str:
    """The text of an article, one line feed between paragraphs, sentences whole."""
    paragraphs: list[list[str]] = []
    previous: Piece | None = None
    for piece in pieces:
        running = previous is not None and previous.kind == piece.kind == "text" and is_open(previous.text)
        apart = previous is not None and (_fresh(piece, lines) or is_row(previous.text) or _verse(previous, piece))
        if running and not apart:
            last = paragraphs[-1][-1][-1:]
            paragraphs[-1].append(join(last, piece.text)[len(last) :])
        else:
            paragraphs.append([piece.text])
        previous = piece
    return "\n".join(map("".join, paragraphs))


def _verse(previous: Piece | None, piece: Piece) -> bool:
    """Two lines of a poem: no column is so narrow."""
    return previous is not None and max(len(previous.text), len(piece.text)) <= _VERSE


def _fresh(piece: Piece, lines: Sequence[Line]) -> bool:
    line = lines[piece.line]
    return line.mark == "lead" or line.bullet or is_row(line.text)


# ---------------------------------------------------------------------------------------------- stray columns
def return_strays(drafts: Sequence[Draft]) -> int:
    """Give columns that stand in a neighbour back to the article whose last sentence is open. Answers how many moved.

    A column moves only if the sentence before it in its present place is closed and it is much more like the open article in its words
    (shared bigrams, weighted by how few articles have them) than like the rest of the article where it stands.
    """
    opened = [at for at, draft in enumerate(drafts) if draft.open and not draft.box and draft.continued_on is None]
    if not opened or len(drafts) > _MOST:
        return 0
    words = [bigrams(letters("".join(p.text for p in draft.pieces))) for draft in drafts]
    times = Counter(gram for grams in words for gram in grams)
    text = "\n".join(piece.text for draft in drafts for piece in draft.pieces)
    return sum(_return_stray(drafts, at, words[at], times, text) for at in opened)


def _return_stray(drafts: Sequence[Draft], at: int, words: set[str], times: Mapping[str, int], text: str) -> bool:
    home = drafts[at]
    best: tuple[float, Draft, slice] | None = None
    for host in drafts[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1]:
        if host is home or host.box:
            continue
        for cut in _columns(host):
            gain = _gain(host, cut, words, times) + _junction(home.pieces[-1].text, host.pieces[cut.start].text, text)
            if gain > 0 and (best is None or gain > best[0]):
                best = (gain, host, cut)
    if best is None or not home.open:
        return False
    _move(best[1], best[2], home)
    return True


def _columns(host: Draft) -> Iterator[slice]:
    """The stretches of an article that may be another's column: from after a closed sentence to the next picture or the end."""
    for start in range(1, len(host.pieces)):
        piece, before = host.pieces[start], host.pieces[start - 1]
        if piece.kind == "text" and before.kind == "text" and not is_open(before.text) and len(piece.text) >= _MINIMUM:
            yield slice(start, _run_end(host, start))


def _run_end(host: Draft, start: int) -> int:
    """The pieces that stand together in print from `start` on."""
    end = start + 1
    while end < len(host.pieces) and host.pieces[end].line == host.pieces[end - 1].line + 1:
        end += 1
    return end


def _gain(host: Draft, cut: slice, home: set[str], times: Mapping[str, int]) -> float:
    """By how much more the column's pieces are like the open article than like what stands before and after them, in characters.

    Piece by piece, so that a piece of the host's own at either end of the column makes it worse.
    """
    rest = bigrams(letters("".join(p.text for p in (*host.pieces[: cut.start], *host.pieces[cut.stop :]))))
    gain, size = 0.0, 0
    for piece in host.pieces[cut]:
        weight = {gram: 1 / max(1, times.get(gram, 1) - (gram in home)) ** 2 for gram in bigrams(letters(piece.text))}
        gain += len(piece.text) * (_share(weight, home) - _CLEARLY * _share(weight, rest))
        size += len(piece.text)
    return gain - _LEAST * size


def _junction(end: str, start: str, text: str) -> float:
    """A word that the cut went through: the last character with the first, as the issue prints them together elsewhere."""
    pair = end.rstrip()[-1:] + start[:1]
    if len(pair) < 2 or not pair.isalnum():
        return 0.0
    longer = (end.rstrip()[-2:] + start[:1], pair + start[1:2])
    return _WORD * (min(text.count(pair), 3) / 3 + sum(min(text.count(part), 2) for part in longer if len(part) == 3))


def _share(weight: Mapping[str, float], whole: set[str]) -> float:
    """Of the weight what `whole` has too, per root of its size: a long article has more of everything."""
    shared = sum(value for gram, value in weight.items() if gram in whole)
    return shared / max(1e-9, sum(weight.values())) / sqrt(max(0.1, len(whole) / 200))


def _move(host: Draft, cut: slice, home: Draft) -> None:
    pieces = host.pieces[cut]
    moved = {p.line for p in pieces}
    host.pieces[cut] = []
    host.lines[:] = [i for i in host.lines if i not in moved]
    home.pieces.extend(pieces)
    home.lines.extend(p.line for p in pieces)


# ---------------------------------------------------------------------------------------------- 下转 / 上接
def join_continued(drafts: list[Draft], titles: Sequence[str], pages: Sequence[int | None]) -> list[tuple[int, int]]:
    """Pairs (part, its continuation) among the drafts: 下转第三版 with 上接第一版, by page, then by likeness of the titles."""
    pairs: list[tuple[int, int]] = []
    rests = [at for at, draft in enumerate(drafts) if draft.continued_from is not None]
    for first, draft in enumerate(drafts):
        if draft.continued_on is None or not rests:
            continue
        options = [i for i in rests[:_JUMPS] if i != first and _fits(draft, drafts[i], pages[first], pages[i])]
        if not options:
            continue
        title = letters(titles[first])
        alike, second = max((likeness(title, letters(titles[i])), -i) for i in options)
        if len(options) == 1 or alike >= 0.3 or draft.open:
            rests.remove(-second)
            pairs.append((first, -second))
    return pairs


def _fits(part: Draft, rest: Draft, part_page: int | None, rest_page: int | None) -> bool:
    to, back = page_number(part.continued_on), page_number(rest.continued_from)
    return (rest_page is None or to is None or to == rest_page) and (
        part_page is None or back is None or back == part_page
    )
