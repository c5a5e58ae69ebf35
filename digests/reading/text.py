"""Characters and lines: what OCR and Markdown put around the print, and whether a sentence is still open.

Pure helpers on strings. Nothing here knows of articles, pages or issues; nothing here drops a word of the print.
"""

from __future__ import annotations

import re
import unicodedata

_CLOSERS = "”’\"'』」）)】》〉]"
_SENTENCE_END = "。！？!?…｡.．"
_CLOSED = re.compile(rf"[{re.escape(_SENTENCE_END)}；;：:][{re.escape(_CLOSERS)}\s]*$")
_ABBREVIATED = re.compile(r"\d\.$")
_IMAGE = re.compile(r"!\[[^\]\n]{0,200}\](?:\([^)\n]{0,400}\))?")
_LINK = re.compile(r"\[([^\]\n]{0,200})\]\([^)\n]{0,400}\)")
_TAG = re.compile(r"</?(?:br|p|b|i|u|em|strong|sup|sub|span|div|center|font)\b[^<>\n]{0,200}>", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}|`{1,3}|~~")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffd]")
_BLANK = re.compile(r"[ \t\u00a0\u3000]+")
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def squeeze(text: str) -> str:
    """NFKC without white space and case: the form in which two prints of the same words are equal."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def letters(text: str) -> str:
    """Only letters and digits of `squeeze(text)`: punctuation differs between a table of contents and a headline."""
    return "".join(filter(str.isalnum, squeeze(text)))


def clean(text: str) -> str:
    """One line without Markdown marks, tags and control characters; runs of blanks become one space."""
    text = _CONTROL.sub("", text)
    if "[" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    return _BLANK.sub(" ", _EMPHASIS.sub("", text)).strip()


def is_open(text: str) -> bool:
    """Whether the sentence goes on after `text`: it ends neither a sentence, nor a clause of a list, nor with a colon."""
    text = text.rstrip()
    return bool(text) and (not _CLOSED.search(text[-12:]) or bool(_ABBREVIATED.search(text[-2:])))


def ends_sentence(text: str) -> bool:
    text = text.rstrip(_CLOSERS + " ")
    return bool(text) and text[-1] in _SENTENCE_END


def is_chinese(text: str) -> bool:
    """Whether at least a third of the first 2,000 letters are Chinese characters."""
    sample = [c for c in text[:4000] if c.isalpha()][:2000]
    return bool(sample) and 3 * sum(map(bool, map(_CJK.match, sample))) >= len(sample)


def join(first: str, second: str) -> str:
    """Two pieces of one sentence; a space only where two Latin words would grow together."""
    if first and second and first[-1].isascii() and second[0].isascii() and first[-1].isalnum() and second[0].isalnum():
        return f"{first} {second}"
    return first + second


def bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def likeness(first: str, second: str) -> float:
    """Dice's coefficient over character bigrams, 0..1; robust against single OCR errors. Both in the form of `letters`."""
    a, b = bigrams(first), bigrams(second)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else float(bool(first) and first == second)
