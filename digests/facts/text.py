"""The text as the rules for facts read it: one character for each printed one, so that places stay places.

Pure. Full-width letters, digits and punctuation become half-width; nothing is added or taken away.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_ODD = {
    "—": "-",
    "–": "-",
    "－": "-",
    "～": "~",
    "〜": "~",
    "﹪": "%",
    "．": ".",
    "【": "(",
    "】": ")",
    "〔": "(",
    "〕": ")",
}


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    folded = _ODD.get(character) or unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def half_width(text: str) -> str:
    """Same length, half-width forms."""
    return "".join(map(_plain, text))


def tidy(text: str) -> str:
    """A name as a reader sees it: white space beside Chinese characters is OCR's and goes, between two Latin words it stays."""
    words = text.split()
    out = words[0] if words else ""
    for word in words[1:]:
        out += (" " if out[-1].isascii() and word[0].isascii() else "") + word
    return out
