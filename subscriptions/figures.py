"""Conditions on figures: 投资额>=10亿, 产能>10GWh, 面积<500亩. Names of metrics, stages and units, and how a figure compares.

Amounts are decimals of nine significant digits, so that equal conditions print equally. Must not know articles.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from decimal import Decimal

from subscriptions.errors import QueryError
from subscriptions.query import METRIC_NAMES, STAGE_NAMES, UNITS, Atom, FigureIs, Operator, StageIs, Topic
from subscriptions.text import fold
from subscriptions.types import Figure

METRICS = {
    **{name: metric for metric, name in METRIC_NAMES.items()},
    **dict.fromkeys(("投资", "总投资", "总投资额", "investment"), "total_investment"),
    **dict.fromkeys(("年度投资额", "年度计划投资", "计划投资"), "planned_annual_investment"),
    **dict.fromkeys(("完成投资额", "已投资"), "completed_investment"),
    **dict.fromkeys(("年产能", "capacity"), "capacity"),
    **dict.fromkeys(("年产量", "output"), "output"),
    **dict.fromkeys(("年产值", "总产值"), "output_value"),
    **dict.fromkeys(("销售", "营收", "销售收入", "营业收入", "sales"), "sales"),
    **dict.fromkeys(("税", "纳税", "tax"), "tax"),
    **dict.fromkeys(("占地", "占地面积", "建筑面积", "area"), "area"),
    **dict.fromkeys(("就业", "jobs"), "jobs"),
    **dict.fromkeys(("员工", "headcount"), "headcount"),
    **dict.fromkeys(("装机",), "installed_volume"),
    **dict.fromkeys(("增幅", "增速", "growth"), "growth"),
    **dict.fromkeys(("授信", "loan"), "loan"),
}
"""Names as typed, normalised -> metric."""

STAGES = {
    **{name: stage for stage, name in STAGE_NAMES.items()},
    **{stage: stage for stage in STAGE_NAMES},
    **dict.fromkeys(("建设", "建设中", "施工"), "under_construction"),
    **dict.fromkeys(("完工", "建成"), "completed"),
    **dict.fromkeys(("达产", "量产"), "in_production"),
    **dict.fromkeys(("拟建", "计划"), "planned"),
    **dict.fromkeys(("动工", "奠基"), "started"),
}
"""Names as typed, normalised -> stage."""


def names_of(atom: Atom) -> tuple[str, ...]:
    """Every name, normalised, of the topic, metric or stage that the atom asks for; () for any other atom."""
    if isinstance(atom, FigureIs):
        return tuple(name for name, metric in METRICS.items() if metric == atom.metric)
    if isinstance(atom, StageIs):
        return tuple(name for name, stage in STAGES.items() if stage == atom.stage)
    return (atom.name,) if isinstance(atom, Topic) else ()


_MONEY = frozenset({"CNY", "USD", "EUR"})
_BASES = {
    **dict.fromkeys(
        (
            *("total_investment", "planned_annual_investment", "completed_investment"),
            "output_value",
            "sales",
            "tax",
            "loan",
        ),
        _MONEY,
    ),
    "area": frozenset({"m2"}),
    "growth": frozenset({"ratio"}),
    **dict.fromkeys(("jobs", "headcount"), frozenset({"count"})),
}
"""Base units that a metric may have; not named: any but money and shares."""

_ANY_BASE = frozenset({"GWh", "GW", "t", "m2", "km", "count"})

_TYPED_UNITS: dict[str, tuple[str, str]] = {
    **{fold(unit): (unit, "1") for unit in UNITS if unit},
    **dict.fromkeys(("人民币", "元人民币", "人民币元", "cny", "rmb"), ("元", "1")),
    **dict.fromkeys(("美金", "usd"), ("美元", "1")),
    "eur": ("欧元", "1"),
    "吉瓦时": ("GWh", "1"),
    "mwh": ("GWh", "0.001"),
    "kwh": ("GWh", "0.000001"),
    "千瓦时": ("GWh", "0.000001"),
    "吉瓦": ("GW", "1"),
    **dict.fromkeys(("mw", "兆瓦"), ("GW", "0.001")),
    "t": ("吨", "1"),
    **dict.fromkeys(("kg", "公斤", "千克"), ("吨", "0.001")),
    **dict.fromkeys(("m2", "平米"), ("平方米", "1")),
    **dict.fromkeys(("平方公里", "平方千米", "km2"), ("平方米", "1000000")),
    "公顷": ("平方米", "10000"),
    **dict.fromkeys(("km", "千米"), ("公里", "1")),
    **dict.fromkeys(("百分点", "个百分点"), ("%", "1")),
    **dict.fromkeys(("人", "个", "家", "台", "套", "辆", "名", "件", "条", "块", "项"), ("", "1")),
}
"""Units as typed, normalised -> key of UNITS, factor to it."""

_MULTIPLIERS = {"十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12}  # fmt: skip

COMPARE: dict[Operator, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}

_NUMBER = re.compile(r"\s*([\d.,]+)")
_TYPED = re.compile(r'\s*[^\s|()"~]+')
_UNIT = re.compile(r'\s*([^\s|()"~:<>=\d-]+)(?=[\s|()]|$)')
_DIGITS = re.compile(r"\d{1,16}(?:\.\d{1,12})?")
_OPERATORS: dict[str, Operator] = {
    ">": ">",
    "<": "<",
    "=": "=",
    ">=": ">=",
    "<=": "<=",
    **dict.fromkeys(("大于", "超过", "高于"), ">"),
    **dict.fromkeys(("大于等于", "不少于", "不低于", "至少"), ">="),
    **dict.fromkeys(("小于", "低于", "少于"), "<"),
    **dict.fromkeys(("小于等于", "不超过", "不高于", "至多"), "<="),
}
_SIGNS = str.maketrans({"≥": ">=", "≧": ">=", "⩾": ">=", "≤": "<=", "≦": "<=", "⩽": "<=", " ": "", "\t": "", "\n": ""})


def figure_condition(text: str, plain: str, metric: str, found: re.Match[str]) -> tuple[FigureIs, int]:
    """The condition whose name and operator `found` matched, and where it ends. Raises QueryError.

    `plain`: `text` with half-width operators."""
    sign = _OPERATORS["".join(found.group(2).translate(_SIGNS).split())]
    folded = fold_places(plain)
    number = _NUMBER.match(folded, found.end())
    digits = number.group(1).replace(",", "") if number else ""
    if number is None or not _DIGITS.fullmatch(digits):
        raise _no_number(text, found, number or _TYPED.match(folded, found.end()))
    end, unit, factor = _read_unit(text, folded, number.end(), metric)
    value = float(f"{Decimal(digits) * factor:.9g}")
    return FigureIs(metric, sign, value, unit), end


def _no_number(text: str, found: re.Match[str], typed: re.Match[str] | None) -> QueryError:
    """`typed`: what stands where the number should."""
    if typed is None:
        return QueryError("missing_field_value", text, *found.span(), field=text[slice(*found.span())].strip())
    value = text[slice(*typed.span())].strip()
    return QueryError("bad_number", text, found.start(), typed.end(), value=value)


def fold_places(text: str) -> str:
    """Digits and letters of any width as half-width small ones, place by place."""
    return "".join(folded if len(folded := fold(character)) == 1 else character for character in text)


def _read_unit(text: str, folded: str, start: int, metric: str) -> tuple[int, str, Decimal]:
    """End, key of UNITS and factor of the unit at `start`. A word after white space that is no unit is a term."""
    found = _UNIT.match(folded, start)
    unit = _unit(found.group(1), metric) if found else None
    if found is not None and (unit is not None or not found.group()[0].isspace()):
        end, typed = found.end(), text[slice(*found.span(1))]
    else:
        end, typed, unit = start, "", _unit("", metric)
    if unit is None or UNITS[unit[0]][0] not in _BASES.get(metric, _ANY_BASE):
        raise QueryError("bad_unit", text, start, max(end, start), unit=typed, metric=METRIC_NAMES[metric])
    return end, *unit


def _unit(typed: str, metric: str) -> tuple[str, Decimal] | None:
    """亿美元 -> (美元, 10^8). Money where only a multiplier was typed for an amount; None for what is no unit."""
    for length in range(min(2, len(typed)), -1, -1):
        power = _MULTIPLIERS.get(typed[:length], 0 if not length else None)
        base = _TYPED_UNITS.get(typed[length:]) if typed[length:] else _bare_unit(metric)
        if power is not None and base is not None:
            return base[0], Decimal(base[1]) * Decimal(10**power)
    return None


def _bare_unit(metric: str) -> tuple[str, str]:
    return ("元", "1") if "CNY" in _BASES.get(metric, _ANY_BASE) else ("", "1")


def in_base(condition: FigureIs) -> tuple[float, str]:
    """The condition's value in the base unit of figures."""
    base, factor = UNITS[condition.unit]
    return rounded(condition.value * factor), base


def rounded(value: float) -> float:
    """To nine digits: what was computed in different ways compares as equal."""
    return float(f"{value:.9g}")


def holds(condition: FigureIs, figure: Figure) -> bool:
    value, base = in_base(condition)
    if figure.metric != condition.metric or figure.unit != base:
        return False
    return COMPARE[condition.operator](rounded(figure.value), value)
