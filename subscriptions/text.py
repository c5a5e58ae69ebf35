"""The one form in which queries and articles meet: width, case, script, white space and look-alikes folded away.

`normalise` is what both sides go through; a `NormalText` leads every place back to the printed text, so that marks
stand where the reader sees the word. Characters are folded one by one (a table of all code points, applied by NumPy),
only base letters with combining marks go as a cluster. Linear in the text; must not know queries.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
import opencc

_Codes = npt.NDArray[np.uint32]
_Places = npt.NDArray[np.int32]

_END = 0x110000
_DROPPED = _END
_EXPANDED = _END + 1
"""Table values from here on are numbers of expansions: characters that fold to several (㎡ to m2)."""

_MARK = 1 << 30
"""Set in the table for what joins the character before it."""

_WORD = 32

_LETTER, _DIGIT = 1, 2

_LOOK_ALIKES = {
    '"': "“”„‟«»「」『』〝〞〟❝❞",
    "'": "‘’‚‛′`´ʹʼ",
    "-": "‐‑‒–—―−⸺⸻﹘─━",
    "·": "•・‧∙⋅●﹒᛫⸱",
    "~": "〜∼∽〰",
    "(": "〔【〖❨⟨",
    ")": "〕】〗❩⟩",
    "〇": "○◯",
    "!": "ǃ",
    ":": "∶꞉",
    "|": "∣❘｜",
    "/": "⁄∕",
}
"""Beyond what NFKC folds. Brackets only become round: what is between them does not change."""

BLOCKS = (
    *((0x0000, 0x3400), (0x4DC0, 0x4E00), (0xA000, 0xAC00), (0xD7B0, 0xD800), (0xE000, 0xE001), (0xF900, 0x10000)),
    *((0x10100, 0x10300), (0x10400, 0x10600), (0x10780, 0x107C0), (0x10C80, 0x10D80), (0x11000, 0x11A00)),
    *(
        (0x118A0, 0x118E0),
        (0x13430, 0x13460),
        (0x16E40, 0x16F00),
        (0x1BCA0, 0x1BCB0),
        (0x1CCD0, 0x1CD00),
        (0x1D100, 0x1D200),
    ),
    *((0x1D400, 0x1D800), (0x1DF00, 0x1E100), (0x1E900, 0x1E960), (0x1EE00, 0x1EF00), (0x1F100, 0x1F300)),
    *((0x1FBF0, 0x1FC00), (0x2F800, 0x2FA20), (0xE0000, 0xE0200)),
)
"""Where NFKC, case, dropping or classes change anything; the rest stands for itself. A test walks all code points."""

_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x2FA20), (0x30000, 0x33480))


@dataclass(frozen=True, slots=True)
class NormalText:
    """A folded text. `starts[i]`..`ends[i]`: the printed code points that character i of `text` came from."""

    text: str
    starts: _Places
    ends: _Places

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The printed range of the half-open range `start`..`end` of `text`, without white space around it.

        An empty range is the empty range before character `start`. Raises IndexError outside the text."""
        if end > start:
            return int(self.starts[start]), int(self.ends[end - 1])
        place = int(self.starts[start]) if start < len(self.text) else int(self.ends[-1]) if self.text else 0
        return place, place


@dataclass(frozen=True, slots=True)
class _Tables:
    """`fold`: code point -> code point, _DROPPED or _EXPANDED + n. `lengths`, `begins`: of expansion n in `letters`.
    `classes`: code point -> 0, _LETTER or _DIGIT (of scripts that put spaces between words). `marks`: the code
    points that join the character before them."""

    fold: _Codes
    lengths: _Places
    begins: _Places
    letters: _Codes
    classes: npt.NDArray[np.uint8]
    marks: re.Pattern[str]


def normalise(text: str) -> NormalText:
    """Fold a text: NFKC, case, traditional to simplified, look-alike punctuation; control and zero-width characters
    gone. White space is gone too, but for one space between two Latin words or two numbers."""
    if not text:
        return NormalText("", _places(0), _places(0))
    tables = _tables()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    starts: _Places | None = None
    ends: _Places | None = None
    folded: _Codes = tables.fold.take(codes)
    if (highest := folded.max()) >= _MARK:
        codes, starts, ends = _compose(text, tables.marks)
        folded = tables.fold.take(codes) & np.uint32(_MARK - 1)
        highest = folded.max()
    if highest >= _EXPANDED:
        folded, origin = _expand(folded, tables)
        starts = origin if starts is None else starts[origin]
        ends = origin + 1 if ends is None else ends[origin]
    folded, kept = _squeeze(folded, tables.classes)
    starts = kept if starts is None else starts[kept]
    ends = kept + 1 if ends is None else ends[kept]
    return NormalText(folded.tobytes().decode("utf-32-le", "surrogatepass"), starts, ends)


def fold(text: str) -> str:
    """The folded text alone, for words, names and keys: these are short and come again and again."""
    return _fold_word(text) if len(text) <= _WORD else normalise(text).text


@lru_cache(maxsize=16384)
def _fold_word(text: str) -> str:
    return normalise(text).text


def _places(size: int) -> _Places:
    return np.arange(size, dtype=np.int32)


def _expand(folded: _Codes, tables: _Tables) -> tuple[_Codes, _Places]:
    """Each expanded character as its several ones, with the place each came from."""
    special = folded >= _EXPANDED
    which = folded[special] - _EXPANDED
    counts = np.ones(len(folded), dtype=np.int32)
    counts[special] = tables.lengths[which]
    origin = np.repeat(_places(len(folded)), counts)
    within = _places(len(origin)) - np.repeat(np.cumsum(counts, dtype=np.int32) - counts, counts)
    begins = np.zeros(len(folded), dtype=np.int32)
    begins[special] = tables.begins[which]
    out = folded[origin]
    wide = special[origin]
    out[wide] = tables.letters[(begins[origin] + within)[wide]]
    return out, origin


def _squeeze(folded: _Codes, classes: npt.NDArray[np.uint8]) -> tuple[_Codes, _Places]:
    """Drop what is dropped and white space; keep one space between two words, or two numbers, that it parts."""
    space = folded == 0x20
    gone = space | (folded == _DROPPED)
    if not gone.any():
        return folded, _places(len(folded))
    kept = np.flatnonzero(~gone).astype(np.int32)
    out = folded[kept]
    if len(kept) < 2 or not space.any():
        return out, kept
    spaces = np.cumsum(space, dtype=np.int32)[kept]
    kinds = classes[out]
    parted = (spaces[1:] != spaces[:-1]) & (kinds[1:] == kinds[:-1]) & (kinds[1:] != 0)
    where = np.flatnonzero(parted) + 1
    return np.insert(out, where, 0x20), np.insert(kept, where, kept[where - 1] + 1)


def _compose(text: str, marks: re.Pattern[str]) -> tuple[_Codes, _Places, _Places]:
    """NFKC of each base character with the marks that follow it; all its characters come from the whole cluster."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for cluster in re.finditer(f"[^\\s\uffff]?{marks.pattern}+", text):
        done = _copy(text, done, cluster.start(), out, starts, ends)
        composed = _settle(cluster.group())
        out.append(composed)
        starts += [done] * len(composed)
        ends += [cluster.end()] * len(composed)
        done = cluster.end()
    _copy(text, done, len(text), out, starts, ends)
    codes = np.frombuffer("".join(out).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return codes, np.array(starts, dtype=np.int32), np.array(ends, dtype=np.int32)


def _copy(text: str, start: int, end: int, out: list[str], starts: list[int], ends: list[int]) -> int:
    out.append(text[start:end])
    starts += range(start, end)
    ends += range(start + 1, end + 1)
    return end


def _settle(text: str) -> str:
    """NFKC and case fold until nothing changes, so that folding twice is folding once."""
    while (folded := unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())) != text:
        text = folded
    return text


def fold_character(character: str, look_alikes: dict[str, str]) -> str:
    if character in look_alikes:
        return look_alikes[character]
    category = unicodedata.category(character)
    if category in {"Zs", "Zl", "Zp"} or character in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85":
        return " "
    if category in {"Cc", "Cf"} or 0xFE00 <= ord(character) < 0xFE10 or 0xE0100 <= ord(character) < 0xE01F0:
        return ""
    folded = _settle(character)
    if folded[0] == " ":  # an accent that stands alone: NFKC makes it a space and a mark for the letter before
        return character
    return "".join(look_alikes.get(part, part) for part in folded)


def is_mark(code: int) -> bool:
    decomposed = unicodedata.normalize("NFKD", chr(code))
    return unicodedata.combining(decomposed[0]) > 0 or 0x1161 <= code < 0x1200 or 0x11A8 <= code < 0x1200


def word_class(character: str) -> int:
    if not character.isalnum() or 0x2E80 <= ord(character) < 0xA000:
        return 0
    return _DIGIT if character.isdigit() else _LETTER


@cache
def _simplified() -> dict[int, int]:
    """Traditional -> simplified, character by character: OpenCC's table followed to its end (薴 to 苧 to 苎)."""
    han = [chr(code) for start, end in _HAN for code in range(start, end)]
    converted = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    table = {source: target for source, target in zip(han, converted, strict=True) if source != target}
    return {ord(source): ord(table.get(target, target)) for source, target in table.items()}


@cache
def _tables() -> _Tables:
    fold = np.arange(_END, dtype=np.uint32)
    classes = np.zeros(_DROPPED + 1, dtype=np.uint8)
    look_alikes = {alike: to for to, alikes in _LOOK_ALIKES.items() for alike in alikes}
    simplified = _simplified()
    classes[0xAC00:0xD7A4] = _LETTER
    fold[list(simplified)] = list(simplified.values())
    expansions: dict[str, int] = {}
    marks: list[int] = []
    for code in _interesting():
        folded = fold_character(chr(code), look_alikes).translate(simplified)
        fold[code] = _entry(folded, expansions)
        classes[code] = word_class(chr(code))
        if folded and is_mark(code):
            marks.append(code)
    fold[marks] |= _MARK
    lengths = np.array([len(text) for text in expansions], dtype=np.int32)
    letters = np.array([ord(letter) for text in expansions for letter in text], dtype=np.uint32)
    begins = np.cumsum(lengths, dtype=np.int32) - lengths
    return _Tables(fold, lengths, begins, letters, classes, re.compile(_character_set(marks)))


def _interesting() -> Iterable[int]:
    return (code for start, end in BLOCKS for code in range(start, end))


def _entry(folded: str, expansions: dict[str, int]) -> int:
    if not folded:
        return _DROPPED
    if len(folded) == 1:
        return ord(folded)
    return _EXPANDED + expansions.setdefault(folded, len(expansions))


def _character_set(codes: list[int]) -> str:
    """A regular expression for one of `codes`, by ranges."""
    parts: list[str] = []
    start = previous = codes[0]
    for code in [*codes[1:], _END]:
        if code != previous + 1:
            parts.append(f"\\U{start:08x}-\\U{previous:08x}")
            start = code
        previous = code
    return f"[{''.join(parts)}]"


def folding_to(characters: str) -> dict[int, str]:
    """All single characters that fold to one of `characters`: a table for str.translate that keeps every place."""
    table = _tables().fold
    return {int(code): chr(table[code]) for to in characters for code in np.flatnonzero(table == ord(to))}
