"""Figures in a text: number, multiplier, unit, with what limits them (超, 约, 以上, a range).

Pure. Finds every figure with a unit of `units.py`; ordinals, dates, ranks and names with figures in them are left out here,
what a figure means is `metrics.py`'s business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digests.facts.units import MULTIPLIERS, UNIT, measure

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_CHINESE = r"[一二两三四五六七八九十][一二三四五六七八九十百千]*"
_MULTIPLIER = r"[百千]?万亿|[十百千]?亿|[百千]?万|百|千"
_MORE = r"余|多"

_FIGURE = re.compile(
    rf"(?:(?P<number>{_NUMBER})|(?P<chinese>{_CHINESE})(?=\s*(?:[余多]?\s*(?:{_MULTIPLIER}|家|名|位|辆|台|套|户|座|条|人|倍|亩|吨|公里)))|(?=(?:{_MULTIPLIER})(?:\s*[余多])?\s*级?\s*(?:美元|元|家|亩|吨|人|辆)|(?:{_MULTIPLIER})(?=[,。;]|级)))"
    rf"(?:\s*(?P<scale1>{_MULTIPLIER})?\s*(?P<unit1>{UNIT})?\s*(?:-|~|至|到)\s*(?P<upper>{_NUMBER}))?"
    rf"\s*(?P<more1>{_MORE})?\s*(?P<scale>{_MULTIPLIER})?\s*(?P<more2>{_MORE})?\s*级?(?P<unit>\s*(?:{UNIT}))?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?P<word>不低于|不少于|不高于|不超过|不足|超过|突破|超|逾|约为|大约|约|近|将近|至少|最高|高达|达到|接近|上|过|最多)\s*$"
)
_AFTER = re.compile(r"\s*(?:\(含\))?(?P<word>以上|以下|以内|左右|上下|大关|\+)")
_RANK = re.compile(r"(?:第|前|TOP|No\.?|排名|位列|位居|连续|近|每)\s*$", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z#.\-/]$")
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_BARE_END = re.compile(r"\s*(?:$|[,;.。、!?)”\"]|以上|左右|以内)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure at `start`..`end` (code points). `value` counts `unit` (multiplier and unit, such as 万台); `factor` leads to `base`."""

    start: int
    end: int
    value: float
    value_max: float | None
    unit: str
    base: str
    factor: float
    qualifier: str | None
    worded: bool
    """Written in Chinese numerals or as a bare multiplier (两家, 千亿元)."""

    @property
    def measure_word(self) -> str:
        return self.unit.lstrip("十百千万亿")


def quantities(text: str) -> list[Quantity]:
    """Every figure of a half-width text, in reading order."""
    found = []
    for match in _FIGURE.finditer(text):
        quantity = _read(text, match)
        if quantity:
            found.append(quantity)
    return found


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    scale, unit = match["scale"] or "", (match["unit"] or "").strip()
    if match["unit1"] and not unit:
        return None
    if not unit:
        if "亿" not in scale or not (_BARE_END.match(text, match.end()) or "级" in match.group()):
            return None
        unit = "元"
    number = match["number"]
    before = text[max(0, match.start() - 8) : match.start()]
    if _is_name(text, match, before, unit):
        return None
    base, factor = measure(unit)
    if not number and not match["chinese"] and not _is_order(text, match, before, base):
        return None
    value = _value(number, match["chinese"])
    upper = float(match["upper"].replace(",", "")) if match["upper"] else None
    if upper is not None and match["scale1"] and MULTIPLIERS[match["scale1"]] != MULTIPLIERS[scale]:
        value = value * MULTIPLIERS[match["scale1"]] / MULTIPLIERS[scale]
    return Quantity(
        match.start(),
        match.end(),
        value,
        upper,
        scale + unit,
        base,
        factor * MULTIPLIERS[scale],
        _qualifier(text, match),
        number is None,
    )


def _is_order(text: str, match: re.Match[str], before: str, base: str) -> bool:
    """百家, 千亿级, 亿元大关: a bare multiplier is a figure only where words of reaching stand by it, or a currency follows."""
    if base in {"CNY", "USD", "EUR"}:
        return True
    return bool(re.search(r"(?:超过?|突破|过|近|逾|达到?|上|破)\s*$", before)) or "级" in match.group()


def _is_name(text: str, match: re.Match[str], before: str, unit: str) -> bool:
    """第3家, 前10名, AI5, 2020个: no figures."""
    if _RANK.search(before) and not re.search(r"近\s*$", before):
        return True
    if re.search(r"[A-Za-z]\s*$", before) and measure(unit)[0] == "count":
        return True
    if re.search(r"[\d.]$", before) or (match["number"] and re.search(r"[A-Za-z]-?$", before)):
        return True
    if match["chinese"] and re.search(r"[一二三四五六七八九十百千万]\s*$", before):
        return True
    return measure(unit)[0] == "count" and bool(
        re.match(r"\s*(?:级|工智能|民币|月|世纪|以上领导)", text[match.end() : match.end() + 6])
    )


def _value(number: str | None, chinese: str | None) -> float:
    if number:
        return float(number.replace(",", ""))
    return float(_read_chinese(chinese)) if chinese else 1.0


def _read_chinese(text: str) -> int:
    """三, 十二, 二百五十."""
    total = digit = 0
    for character in text:
        if character in _TENS:
            total += (digit or 1) * _TENS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def _qualifier(text: str, match: re.Match[str]) -> str | None:
    """The word that limits the figure, as printed: before it, within it, or after it."""
    before = _BEFORE.search(text, max(0, match.start() - 6), match.start())
    after = _AFTER.match(text, match.end())
    words = [before["word"] if before else "", match["more1"] or match["more2"] or "", after["word"] if after else ""]
    return next((word for word in words if word), None)
