"""Units as newspapers print them, and what they come to in a base unit.

Pure tables. Base units: CNY, USD, EUR, HKD, JPY, GWh, GW, t, m2, km, ratio, count. Factors of areas, masses and energies are the
definitions of the Chinese legal units (1 亩 = 2000/3 m²).
"""

from __future__ import annotations

import re

MULTIPLIERS = {
    "": 1.0, "十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7,
    "亿": 1e8, "十亿": 1e9, "百亿": 1e10, "千亿": 1e11, "万亿": 1e12,
}  # fmt: skip

_SCALED = {
    "CNY": {"元": 1.0, "元人民币": 1.0, "块钱": 1.0},
    "USD": {"美元": 1.0, "美金": 1.0},
    "EUR": {"欧元": 1.0},
    "HKD": {"港元": 1.0, "港币": 1.0},
    "JPY": {"日元": 1.0},
    "GWh": {
        "gwh": 1.0,
        "吉瓦时": 1.0,
        "mwh": 1e-3,
        "兆瓦时": 1e-3,
        "kwh": 1e-6,
        "千瓦时": 1e-6,
        "度电": 1e-6,
        "度": 1e-6,
    },
    "GW": {"gw": 1.0, "吉瓦": 1.0, "mw": 1e-3, "兆瓦": 1e-3, "kw": 1e-6, "千瓦": 1e-6},
    "t": {"吨": 1.0, "公斤": 1e-3, "斤": 5e-4, "千克": 1e-3, "kg": 1e-3},
    "m2": {
        "平方公里": 1e6,
        "平方千米": 1e6,
        "公顷": 1e4,
        "平方米": 1.0,
        "平米": 1.0,
        "㎡": 1.0,
        "m2": 1.0,
        "亩": 2000 / 3,
    },
    "km": {"公里": 1.0, "千米": 1.0, "米": 1e-3},
    "ratio": {"%": 0.01, "个百分点": 0.01, "百分点": 0.01, "倍": 1.0},
}

COUNTED = (
    "家", "名", "位", "人次", "人", "台套", "台", "套", "辆", "件", "条", "项", "座", "栋", "幢", "块", "所", "片", "架", "艘", "户",
    "处", "笔", "宗", "款", "只", "支", "组", "副", "枚", "颗", "株", "头", "羽", "张", "份", "次", "场", "单", "批", "间", "口", "眼", "个",
    "立方米", "升", "千升", "尾", "匹", "剂次", "剂", "篇", "把", "根", "卷", "箱", "盒", "瓶", "桶", "袋", "粒", "例", "标准箱", "标箱", "部", "册", "棵", "盏", "封",
)  # fmt: skip
"""Measure words of things that are counted. Of time, rank and kind (年, 天, 届, 强, 级, 类, 种) there is none: those are no figures."""

_NAMES = {name: (base, factor) for base, names in _SCALED.items() for name, factor in names.items()}
_NAMES.update(dict.fromkeys(COUNTED, ("count", 1.0)))

UNIT = "|".join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True))
"""A regular expression of every unit, longest first; Latin ones in lower case."""


def measure(unit: str) -> tuple[str, float]:
    """Base unit and factor of a unit's name without multiplier. Raises KeyError for one that is not in the tables."""
    return _NAMES[unit.casefold()]
