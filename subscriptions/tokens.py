"""The tokens of a query as typed: operators, words, phrases, fields, topics, and conditions on figures.

A regular expression per kind, none with nested repetition, tried at each place once: linear. Places are code points of
what the reader typed. Must not know how tokens combine (see parse.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from subscriptions.errors import QueryError
from subscriptions.figures import METRICS, STAGES, figure_condition
from subscriptions.query import OPERATOR_WORDS, Atom, PageIs, StageIs, Term, TermField, Topic, bare
from subscriptions.text import fold, folding_to

MAX_DISTANCE = 200
DEFAULT_DISTANCE = 20
MAX_PAGE = 999

_TERM_FIELDS: dict[str, TermField] = {
    **dict.fromkeys(("标题", "题", "title"), "title"),
    **dict.fromkeys(("正文", "body", "text"), "body"),
    **dict.fromkeys(("栏目", "section", "column"), "section"),
    **dict.fromkeys(("作者", "记者", "author", "byline"), "byline"),
    **dict.fromkeys(("报", "报纸", "刊", "报刊", "paper", "publication"), "publication"),
}
_PAGE_FIELDS = frozenset({"版", "版面", "page"})
_STAGE_FIELDS = frozenset({"阶段", "stage"})
_TOPIC_FIELDS = frozenset({"主题", "topic"})

_COMMON = frozenset(
    "的一是了不在有和人这中大为上个我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
)
"""Single characters that nearly every article has."""

_SPACE = re.compile(r"[\s\u200b-\u200f\u2028-\u202f\u2060\ufeff]+")
_QUOTED = re.compile(r'"([^"]*)"')
_NEAR = re.compile(r"~\s*(\d*)")
_WORD = re.compile(r'[^\s|()"~]+')
_FIELD = re.compile(r'([^\s|()"~:<>=#-][^\s|()"~:<>=]*):')
_COMPARISON = re.compile(r'([^\s|()"~:<>=≥≧⩾≤≦⩽-][^\s|()"~:<>=≥≧⩾≤≦⩽]*)\s*([<>]\s*=?|[≥≧⩾≤≦⩽]|=(?!"))')
_COMMA = re.compile(r"(?<!\d),|,(?!\d)|[、;]")
_HAN = "[\u4e00-\u9fff]"
_SHOUTED = re.compile(rf"(?:OR|AND|NOT)(?={_HAN})")
_JOINED = re.compile(rf"(?<={_HAN})(?:OR|AND|NOT)(?={_HAN})")
"""锂电OR光伏: in capitals between Chinese characters they are no part of a word."""
_SPOKEN = re.compile(
    r'([^\s|()"~:<>=\d-]{2,8}?)\s*(大于等于|不少于|不低于|至少|大于|超过|高于|小于等于|不超过|不高于|至多|小于|低于|少于)(?=\s*[\d０-９])'
)
_PAGES = re.compile(r"第?(\d{1,6})(?:[-至](\d{1,6}))?版?")


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: "|", "&", "-", "(", ")", "~" with `number`, "field" with `field`, or "atom" with `atom`."""

    kind: str
    text: str
    start: int
    end: int
    atom: Atom | None = None
    field: TermField | None = None
    number: int = 0


@cache
def _operators() -> dict[int, str]:
    return folding_to('|()"-:#~<>=,;')


def read_tokens(text: str) -> list[Token]:
    """All tokens of `text`. Raises QueryError."""
    reader = _Reader(text)
    tokens: list[Token] = []
    while (token := reader.read()) is not None:
        tokens.append(token)
    return tokens


class _Reader:
    """`plain` is `text` with half-width operators, place by place; `at` the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = text.translate(_operators())
        self.at = 0

    def read(self) -> Token | None:
        self._skip()
        if self.at == len(self.plain):
            return None
        character = self.plain[self.at]
        if character in "|()":
            return self._operator(character, self._run(character) if character == "|" else 1)
        if character == "-":
            return self._operator("-", self._run("-"))
        if character == "~":
            return self._near()
        if character == "#":
            return self._topic(self.at + 1)
        if self.plain.startswith('="', self.at):
            return self._phrase(self.at + 1, exact=True)
        return self._phrase(self.at) if character == '"' else self._other()

    def _skip(self) -> None:
        if space := _SPACE.match(self.plain, self.at):
            self.at = space.end()

    def _run(self, character: str) -> int:
        """How often `character` stands here: ——广告 and A||B mean what one would mean."""
        rest = self.plain[self.at :]
        return len(rest) - len(rest.lstrip(character))

    def _operator(self, kind: str, length: int) -> Token:
        return self._token(kind, self.at + length)

    def _token(self, kind: str, end: int, atom: Atom | None = None) -> Token:
        token = Token(kind, self.text[self.at : end], self.at, end, atom)
        self.at = end
        return token

    def _near(self) -> Token:
        found = _NEAR.match(self.plain, self.at)
        assert found is not None
        start, end = found.span()
        digits = found.group(1)
        if not digits:
            end = start + 1
        distance = int(digits[:9]) if digits else DEFAULT_DISTANCE
        if distance > MAX_DISTANCE:
            raise QueryError("near_distance", self.text, start, end, limit=MAX_DISTANCE)
        self.at = end
        return Token("~", self.text[start:end], start, end, number=distance)

    def _phrase(self, quote: int, *, exact: bool = False) -> Token:
        end, text = self._quoted(quote)
        return self._token("atom", end, Term(self._term(text, quote, end), exact=exact))

    def _quoted(self, quote: int) -> tuple[int, str]:
        """Where the phrase that begins at `quote` ends, and what is in it."""
        found = _QUOTED.match(self.plain, quote)
        if found is None:
            raise QueryError("unbalanced_quote", self.text, quote, quote + 1)
        return found.end(), self.text[slice(*found.span(1))]

    def _topic(self, start: int) -> Token:
        end, text = self._value(start, "#")
        name = self._folded(text, self.at, end)
        return self._token("atom", end, Topic(name))

    def _value(self, start: int, field: str) -> tuple[int, str]:
        """The word or phrase at `start`: its end and its text."""
        if self.plain.startswith('"', start):
            return self._quoted(start)
        found = _WORD.match(self.plain, start)
        if found is None:
            raise QueryError("missing_field_value", self.text, self.at, start, field=field)
        self._refuse_comma(found)
        return found.end(), bare(self.text[slice(*found.span())])

    def _other(self) -> Token:
        """A field, a condition on a figure, or a word."""
        if found := _FIELD.match(self.plain, self.at):
            if (token := self._field(found)) is not None:
                return token
        elif (found := _COMPARISON.match(self.plain, self.at)) or (
            (found := _SPOKEN.match(self.plain, self.at)) and fold(found.group(1)) in METRICS
        ):
            return self._figure(found)
        word = _SHOUTED.match(self.plain, self.at) or _WORD.match(self.plain, self.at)
        assert word is not None
        if (operator := OPERATOR_WORDS.get(word.group().lower())) is not None:
            return self._operator(operator, len(word.group()))
        self._refuse_comma(word)
        start, end = word.span()
        if joined := _JOINED.search(self.plain, start, end):
            end = joined.start()
        return self._token("atom", end, Term(self._term(bare(self.text[start:end]), start, end)))

    def _refuse_comma(self, word: re.Match[str]) -> None:
        """A, B may mean both or any: the reader has to say which. 1,000 is a number."""
        if comma := _COMMA.search(word.group()):
            start = word.start() + comma.start()
            raise QueryError("ambiguous_comma", self.text, start, start + 1)

    def _field(self, found: re.Match[str]) -> Token | None:
        """None where the colon is no field's: 3:1."""
        name = fold(found.group(1))
        if name.isdigit():
            return None
        if name in _TERM_FIELDS:
            token = Token("field", self.text[slice(*found.span(1))], *found.span(), field=_TERM_FIELDS[name])
            self.at = found.end()
            return token
        if name not in _PAGE_FIELDS | _STAGE_FIELDS | _TOPIC_FIELDS:
            raise QueryError("unknown_field", self.text, *found.span(), field=found.group(1))
        space = _SPACE.match(self.plain, found.end())
        end, value = self._value(space.end() if space else found.end(), found.group(1))
        return self._token("atom", end, self._valued(name, fold(value), end, value))

    def _valued(self, name: str, value: str, end: int, printed: str) -> Atom:
        if name in _TOPIC_FIELDS:
            return Topic(self._folded(value, self.at, end))
        if name in _STAGE_FIELDS:
            if value not in STAGES:
                raise QueryError("bad_stage", self.text, self.at, end, value=printed)
            return StageIs(STAGES[value])
        pages = _PAGES.fullmatch(value)
        first = int(pages[1]) if pages else 0
        last = int(pages[2] or first) if pages else 0
        if not 0 < first <= last <= MAX_PAGE:
            raise QueryError("bad_page", self.text, self.at, end, value=printed)
        return PageIs(first, last)

    def _figure(self, found: re.Match[str]) -> Token:
        name = fold(found.group(1))
        if name not in METRICS:
            raise QueryError("unknown_metric", self.text, *found.span(1), metric=found.group(1))
        atom, end = figure_condition(self.text, self.plain, METRICS[name], found)
        return self._token("atom", end, atom)

    def _term(self, text: str, start: int, end: int) -> str:
        folded = self._folded(text, start, end)
        if len(folded) == 1 and folded in _COMMON:
            raise QueryError("too_common", self.text, start, end, term=text)
        if len(folded) == 1 and not 0x2E80 <= ord(folded) < 0x40000:
            raise QueryError("too_short", self.text, start, end, term=text)
        return folded

    def _folded(self, text: str, start: int, end: int) -> str:
        folded = fold(text).replace('"', "")
        if not any(character.isalnum() for character in folded):
            raise QueryError("empty_term", self.text, start, end)
        return folded
