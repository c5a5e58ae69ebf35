"""Keywords of an article by TF-IDF over jieba's words, with a dictionary of finance and industry that admins can extend.

For display and for suggesting subscriptions only: matching never goes through words (see subscriptions). jieba's own loggers
and import warnings are kept away from the reader's screen here, and nowhere else.
"""

from __future__ import annotations

import importlib
import logging
import re
import warnings
from collections import Counter
from functools import cache, cached_property
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

_TITLE = 3
"""A word of the title counts as this many in the body."""

_WORD = re.compile(r"(?![一二三四五六七八九十两首几].$)(?=.*[^\W\d_])[\w+\-·]{2,}", re.DOTALL)


def _import_jieba() -> Any:
    """jieba warns of pkg_resources and of its own escapes on import, and logs its loading on stderr."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = importlib.import_module("jieba")
    logging.getLogger("jieba").setLevel(logging.WARNING)
    return module


class _Dictionary:
    """jieba's words and weights with the shipped ones and `extra` over them. Loading takes about a second."""

    def __init__(self, extra: tuple[str, ...] = ()) -> None:
        jieba = _import_jieba()
        shipped = files("digests.words").joinpath("dictionary.txt").read_text(encoding="utf-8")
        lines = [*_lines(shipped), *extra]
        self.tokenizer = jieba.Tokenizer()
        self.tokenizer.load_userdict(StringIO("\n".join(lines)))
        self.own = {line.split()[0].casefold() for line in lines}
        self.idf, self.usual = _load_idf(Path(jieba.__file__).parent / "analyse" / "idf.txt")
        self.stop = frozenset(files("digests.words").joinpath("stopwords.txt").read_text(encoding="utf-8").split())

    def weight(self, word: str) -> float:
        own = 1.3 if word.casefold() in self.own else 1.0
        return own * self.idf.get(word, self.usual) * min(1.0, 0.55 + 0.15 * len(word))


class Keywords:
    """`extra`: lines `word [frequency [part of speech]]`, the admins' own. The dictionary is loaded at the first call."""

    def __init__(self, extra: str = "") -> None:
        self._extra = tuple(_lines(extra))

    @cached_property
    def _dictionary(self) -> _Dictionary:
        return _Dictionary(self._extra) if self._extra else _shipped()

    def of(self, title: str, body: str, limit: int = 8) -> tuple[str, ...]:
        """The best words, as printed, best first."""
        known, counts = self._dictionary, Counter[str]()
        for text, weight in ((title, _TITLE), (body, 1)):
            for word in known.tokenizer.cut(text):
                if _WORD.fullmatch(word) and word not in known.stop:
                    counts[word] += weight
        order = sorted(counts, key=lambda word: (-counts[word] * known.weight(word), word))
        return tuple(order[: max(0, limit)])


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _load_idf(path: Path) -> tuple[dict[str, float], float]:
    pairs = (line.split(" ") for line in path.read_text(encoding="utf-8").splitlines() if line)
    idf = {word: float(value) for word, value in pairs}
    return idf, sorted(idf.values())[len(idf) // 2]


@cache
def _shipped() -> _Dictionary:
    return _Dictionary()


def keywords(title: str, body: str, limit: int = 8) -> tuple[str, ...]:
    """Keywords with the shipped dictionary."""
    return Keywords().of(title, body, limit)
