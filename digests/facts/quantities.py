"""Figures in a text: number, multiplier, unit, with what limits them (超, 约, 以上, a range).

Pure. Finds every figure with a unit of `units.py`; ordinals, dates, ranks and names with figures in them are left out here,
what a figure means is `metrics.py`'s business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from digests.facts.units import MULTIPLIERS, UNIT, measure

_TORN = r"(?<=[^\s\d.,%A-Za-z-])(?:\d{1,3} \d{1,3}(?:\. ?\d{1,2})?|\d{1,3}(?: \. ?| ?\. )\d{1,2})(?![\d.])(?=\s*(?:[百千万亿]|[家名个户亩吨元%台套张座]))"
"""8 3.7亿元, 1 263万元, 2. 8万平方米: recognition parts a number's digits; right after a word and before a unit they are one number.
After a blank they may as well be two columns of a table (某厂 35 120万元)."""

_NUMBER = r"(?<![\d.])(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,12})(?:\.\d{1,6})?(?!\d)"
_CHINESE = r"(?<![一二两三四五六七八九十百千])[一二两三四五六七八九十][一二三四五六七八九十百千]{0,8}"
_MULTIPLIER = r"[百千]?万亿|[十百千]?亿|[百千]?万|百|千(?![瓦克米升])"
_MORE = r"余|多"

_BEGIN = (
    rf"(?:(?P<number>{_TORN}|{_NUMBER})|(?P<chinese>{_CHINESE})(?=\s*(?:[余多]?\s*(?:{_MULTIPLIER}|家|名|位|辆|台|套|户|座|条|人|倍|亩|吨|公里)))"
    rf"|(?=(?:{_MULTIPLIER})(?:\s*[余多])?\s*级?\s*(?:美元|元|家|亩|吨|人|辆)|(?:{_MULTIPLIER})(?=[,。;]|级)))"
)
_UPPER = rf"\s*(?P<scale1>{_MULTIPLIER})?\s*(?P<unit1>{UNIT})?\s*(?:-|~|至|到)\s*(?P<upper>{_NUMBER})"
_FINISH = rf"\s*(?P<more1>{_MORE})?\s*(?P<scale>{_MULTIPLIER})?\s*(?P<more2>{_MORE})?\s*级?(?P<unit>\s*(?:{UNIT}))?"

_FIGURE = re.compile(_BEGIN + _FINISH, re.IGNORECASE)
_RANGE = re.compile(_BEGIN + _UPPER + _FINISH, re.IGNORECASE)
_BEFORE = re.compile(
    r"(?P<word>不低于|不少于|不高于|不超过|不足|超过|突破|超|逾|约为|大约|约|近|将近|至少|最高|高达|达到|接近|过|最多)\s*$"
)
_AFTER = re.compile(r"\s*(?:\(含\))?(?P<word>以上|以下|以内|左右|上下|大关|\+)")
_RANK = re.compile(r"(?:第|前|TOP|No\.?|排名|位列|位居|连续|每)\s*$", re.IGNORECASE)
_VAGUE = re.compile(r"(?:(?<![迈跃登踏])上|[几数])\s*$")
"""上万元, 好几百人: no figure."""

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_BARE_END = re.compile(r"\s*(?:$|[,;.。、!?)”\"]|以上|左右|以内)")

_ROUNDED = 0.05
"""A title rounds what the body says exactly: 150亿元 is the 151.7亿元 below it."""


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
    found: list[Quantity] = []
    at = 0
    while match := _FIGURE.search(text, at):
        span = _RANGE.match(text, match.start())
        quantity = (_read_range(text, span) if span else None) or _read(text, match)
        if quantity:
            found.append(quantity)
        at = max(quantity.end if quantity else match.end(), match.start() + 1)
    return found


def _read_range(text: str, match: re.Match[str]) -> Quantity | None:
    """100-120家, 5亿元至8亿元; None where what follows is of another kind (60亿元到2025年)."""
    quantity = _read(text, match)
    if quantity is None or (match["unit1"] and measure(match["unit1"])[0] != quantity.base):
        return None
    value, upper = quantity.value, _value(match["upper"], None)
    scale, scale1 = match["scale"] or "", match["scale1"]
    if scale1 and scale1 != scale:
        value = value * MULTIPLIERS[scale1] / MULTIPLIERS[scale]
    return replace(quantity, value=value, value_max=upper)


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    scale, unit = match["scale"] or "", (match["unit"] or "").strip()
    if (not unit and not _is_bare_money(text, match)) or (unit == "度" and not scale):
        return None
    unit = unit or "元"
    before = text[max(0, match.start() - 8) : match.start()]
    base, factor = measure(unit)
    worded = match["number"] is None
    if _is_name(text, match, before, unit) or (worded and not match["chinese"] and not _is_order(match, before, base)):
        return None
    value = _value(match["number"], match["chinese"])
    if _VAGUE.search(before) and (worded or match["chinese"]):
        return None
    if value == 1 and not scale and unit in {"公斤", "斤", "千克", "亩"}:
        return None  # 1公斤铜, 1亩地: by so much others are told
    if worded and value * MULTIPLIERS[scale] < 2 and base in {"CNY", "m2", "t", "km"}:
        return None  # 一亩地, 一斤, 一公里: a way of speaking
    factor *= MULTIPLIERS[scale]
    return Quantity(
        match.start(), match.end(), value, None, scale + unit, base, factor, _qualifier(text, match), worded
    )


def _is_bare_money(text: str, match: re.Match[str]) -> bool:
    """估值155亿, 千亿级: papers leave 元 out at a clause's end."""
    return "亿" in (match["scale"] or "") and bool(_BARE_END.match(text, match.end()) or "级" in match.group())


def _is_order(match: re.Match[str], before: str, base: str) -> bool:
    """百家, 千亿级, 亿元大关: a bare multiplier is a figure only where words of reaching stand by it, or a currency follows."""
    if base in {"CNY", "USD", "EUR"}:
        return True
    return bool(re.search(r"(?:超过?|突破|过|近|逾|达到?|上|破)\s*$", before)) or "级" in match.group()


def _is_name(text: str, match: re.Match[str], before: str, unit: str) -> bool:
    """第3家, 前10名, AI3台, T1000碳纤维: no figures."""
    if _RANK.search(before) or re.search(
        r"[\d.]$|[一二三四五六七八九十百千万]\s*$" if match["chinese"] else r"[\d.]$", before
    ):
        return True
    after = text[match.end() : match.end() + 6]
    count = measure(unit)[0] == "count"
    if (match["number"] and re.search(r"[A-Za-z]-?$", before)) or (count and re.search(r"[A-Za-z]\s*$", before)):
        return True
    return count and bool(re.match(r"\s*(?:级|工智能|民币|月|世纪|\d+线)", after))


def _value(number: str | None, chinese: str | None) -> float:
    if number:
        return float(re.sub("[, ]", "", number))
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


def exact(value: float) -> float:
    """Drops the dust of binary fractions: 39.7 × 10⁸ is 3970000000."""
    return float(f"{value:.12g}")


def rounds(printed: str, round_value: float, value: float) -> bool:
    """Whether a title's figure is the body's `value` in round numbers: 150亿元 for 151.7, 亿元 for 1.2亿元."""
    if printed[0] in "十百千万亿":
        return round_value <= value < 10 * round_value
    return abs(value - round_value) <= _ROUNDED * value
