"""One or two whole sentences that stand for an article: chosen from its body, never written anew.

Pure. A sentence scores for standing early, for the terms asked for, for words of the title and for figures; it loses for being
an editor's remark, a slogan or too long. Ranges come back in reading order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from digests.words.sentences import fold_each, full_sentences
from subscriptions import fold

_ROOM = 160
"""Code points that two sentences may have together: two to four lines on a phone."""

_SHORT = 8
_FIGURE = re.compile(
    r"(?<![\d.,])\d[\d.,]{0,15}\s?[百千万亿]{0,3}\s?(?:美元|欧元|元|[GMk]Wh|GW|MW|吨|亩|平方公里|平方米|辆|台|套|%|％|倍|家|个)",
    re.IGNORECASE,
)
_REMARK = re.compile(r"^(?:编者按|相关链接|据悉|据了解|据介绍|[\"“「])")


def extract(title: str, body: str, terms: Iterable[str] = ()) -> tuple[tuple[int, int], ...]:
    """At most two sentences of `body` as code-point ranges, in reading order; none only where the body has none."""
    places = full_sentences(body)
    if not places:
        return ()
    wanted = [folded for term in terms if (folded := fold(term))]
    pairs = _pairs(fold(title))
    scored = [
        (_score(folded, number, pairs, wanted) + _printed(body[start:end]), -number)
        for number, ((start, end), folded) in enumerate(zip(places, fold_each(body, places), strict=True))
    ]
    order = [-n for _, n in sorted(scored, reverse=True)]
    chosen = [order[0]]
    for number in order[1:]:
        if sum(places[n][1] - places[n][0] for n in (*chosen, number)) <= _ROOM and scored[number][0] > 1:
            chosen.append(number)
            break
    return tuple(places[n] for n in sorted(chosen))


def _score(sentence: str, number: int, pairs: set[str], terms: list[str]) -> float:
    early = 3.0 / (1 + number)
    title = 3.0 * len(pairs & _pairs(sentence)) / len(pairs) if pairs else 0.0
    return early + title + 2.0 * min(2, sum(term in sentence for term in terms))


def _printed(sentence: str) -> float:
    figures = 0.5 * min(3, len(_FIGURE.findall(sentence)))
    flaw = (
        2.0 * bool(_REMARK.search(sentence))
        + 2.0 * sentence.rstrip("”」』").endswith(("？", "?"))
        + 4.0 * (len(sentence) < _SHORT)
        + 0.02 * max(0, len(sentence) - 120)
    )
    return figures - flaw


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
