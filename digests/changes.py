"""What a corrected article says otherwise than before: its title, who and what it names, its figures. Pure.

Sentences are compared first, then the characters of those that differ (Ratcliff and Obershelp, difflib). A change counts where it
touches a figure, or a name that is known as one: a person beside a post or a verb of speech, a company, body or place, the
subject of a figure, a title in quotation marks, a Latin word. Another wording of the same is not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from digests.facts.quantities import quantities
from digests.facts.text import half_width
from digests.reading.bylines import is_name
from digests.types import Article
from digests.words.sentences import full_sentences
from subscriptions import fold

LOOKED_AT = 6000
"""Characters of a body that are compared."""
LONGEST = 300
"""Characters of a sentence that is compared as one, for comparing takes time with the square of it, or more. A longer one, as a
table without any stop, is compared by its clauses, and these in pieces."""
KEPT = 64
"""The newest pairs, for a correction is told to many readers."""
ALIKE = 0.5
"""Sentences less alike than this are not the same one corrected."""
BEFORE = 8
"""Characters before a figure that say what it is."""

_NUMBER = re.compile(
    r"(?:\d[\d.,:/-]*[%‰]?[十百千万亿]*[年月日时分元吨人个台辆家亩号期版届岁米]?)+|[〇零一二两三四五六七八九十百千万亿]+"
)
_CLAUSE = re.compile(r"[^,，。;；:：、!！?？\s]*$")
_CLAUSES = re.compile(rf"[^,，;；、]{{1,{LONGEST - 1}}}[,，;；、]?|[,，;；、]")
_BODY = re.compile(
    r"[^\s,，。;；:：、!！?？的了在与和由到对向为是将把从于被及“”《》()（）\d]{1,16}?"
    r"(?:公司|集团|项目|工程|基地|园区|产业园|科技园|高新区|经开区|开发区|银行|医院|学院|大学|学校|中学|小学|研究院|研究所|中心|协会"
    r"|商会|委员会|管委会|法院|检察院|[税警商政]局|街道|社区|镇|村(?!民)|大桥|大道|公园|广场|(?<!上)[省市县区](?![域间场民委政里内级]))"
)
_QUOTED = re.compile(r"《[^》]{1,40}》|“[^”]{1,40}”|[A-Za-z][A-Za-z0-9-]+")
_POST = re.compile(
    r"(?:书记|[市区县镇乡村局院校厂部处科会行站所队组]长|主任|经理|总裁|董事长|主席|主编|记者|通讯员|教授|医生|老师|工程师|负责人|代表"
    r"|委员|村民|居民|职工|员工|选手|[、,，:：(（“。]|^)$"
)
_SPOKE = re.compile(r"同志|先生|女士|说|介绍|表示|告诉|坦言|指出|强调|主持|出席|参加|带队|率|一行|、|等")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """What was printed, and what stands there now."""

    kind: Literal["title", "name", "figure"]
    old: str
    new: str


@lru_cache(KEPT)
def changes(old: Article, new: Article) -> tuple[Change, ...]:
    """In reading order, each once; none where only the wording differs."""
    found = [Change("title", old.title, new.title)] if old.title and _differ(old.title, new.title) else []
    if old.byline and new.byline and _differ(old.byline, new.byline):
        found.append(Change("name", old.byline, new.byline))
    subjects = [{fact.subject for fact in article.facts if fact.subject} for article in (old, new)]
    for before, after in _replaced(_sentences(old.body[:LOOKED_AT]), _sentences(new.body[:LOOKED_AT])):
        found += _in_sentence(before, after, subjects)
    return tuple(dict.fromkeys(found))


def _differ(one: str, other: str) -> bool:
    return fold(one) != fold(other)


def _sentences(text: str) -> list[str]:
    return [half_width(text[start:end]) for start, end in full_sentences(text)]


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Sentences that stand for each other and differ, the long ones clause by clause."""
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for one, other in zip(old[i1:i2], new[j1:j2], strict=False) if what == "replace" else ():
            if max(len(one), len(other)) <= LONGEST:
                yield one, other
            else:
                yield from _replaced(_CLAUSES.findall(one), _CLAUSES.findall(other))


def _in_sentence(old: str, new: str, subjects: Sequence[set[str]]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return
    figures = _figures(old), _figures(new)
    bodies = _bodies(old, subjects[0]), _bodies(new, subjects[1])
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            continue
        before, after = (i1, i2), (j1, j2)
        first, second = _around(figures[0], before), _around(figures[1], after)
        if first and second and old[slice(*first)] != new[slice(*second)]:
            yield _figure(old, new, first, second)
        elif name := _name(old, new, before, after, bodies):
            yield name


def _around(places: Sequence[Span], change: Span) -> Span | None:
    """The longest place that the change touches."""
    touched = [place for place in places if place[0] <= change[1] and change[0] <= place[1]]
    return max(touched, key=lambda place: place[1] - place[0], default=None)


def _figures(text: str) -> list[Span]:
    found = [(figure.start, figure.end) for figure in quantities(text)]
    return found + [match.span() for match in _NUMBER.finditer(text)]


def _figure(old: str, new: str, before: Span, after: Span) -> Change:
    """With what it is a figure of: 总投资25亿元."""
    heads = []
    for text, (start, _) in ((old, before), (new, after)):
        clause = _CLAUSE.search(text[:start])
        heads.append(clause[0][-BEFORE:] if clause else "")
    same = heads[0] if heads[0] == heads[1] else ""
    return Change("figure", same + old[slice(*before)], same + new[slice(*after)])


def _name(old: str, new: str, before: Span, after: Span, bodies: Sequence[Sequence[Span]]) -> Change | None:
    for first, second in ((_persons(old, before), _persons(new, after)), bodies):
        one, other = _around(first, before), _around(second, after)
        if one and other and old[slice(*one)] != new[slice(*other)]:
            return Change("name", old[slice(*one)], new[slice(*other)])
    return None


def _persons(text: str, change: Span) -> list[Span]:
    """Names of people that hold the change."""
    spans = [
        (start, end) for start in range(max(0, change[0] - 2), change[0] + 1) for end in range(start + 4, start + 1, -1)
    ]
    return [
        (start, end)
        for start, end in spans
        if change[1] <= end <= len(text) and is_name(text[start:end])
        and (_POST.search(text[:start]) or _SPOKE.match(text, end))
    ]  # fmt: skip


def _bodies(text: str, subjects: set[str]) -> list[Span]:
    """Companies, bodies, places and titles; subjects of figures."""
    found = [match.span() for match in _QUOTED.finditer(text)]
    found += [match.span() for subject in subjects for match in re.finditer(re.escape(subject), text)]
    return found + [match.span() for match in _BODY.finditer(text)]
