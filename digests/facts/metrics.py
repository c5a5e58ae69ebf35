"""What a figure measures: cue words before and after it, in the scorer's vocabulary of metrics.

Pure. The nearest cue before the figure decides, then one right after it, then the figure it stands in a list with, then the
unit. Words of planning and completing tell 总投资 from 年度投资 and 完成投资; 设备投资 and 研发投入 are no total.
"""

from __future__ import annotations

import re

from digests.facts.quantities import Quantity

_Cues = tuple[tuple[str, re.Pattern[str]], ...]


def _cues(table: dict[str, str]) -> _Cues:
    return tuple((metric, re.compile(words)) for metric, words in table.items())


_MONEY = _cues(
    {
        "planned_annual_investment": r"(?:年度|当年|本年度?|今年|年内|年)计划(?:完成)?投资|(?:年度|当年|本年度?)(?:完成)?投资|年度计划",
        "completed_investment": r"(?:累计|已|共)?(?<!计划)(?<!确保)完成[^,。;、]{0,8}?(?:投资|投入)额?|累计(?:投资|投入)|(?:投资|投入)完成|已(?:投资|投入)|实际(?:投资|投入)",
        "other": r"(?:设备|研发|科研|固定资产|环保|技改|科技|研发经费|资金|经费|财政)(?:总)?(?:投资|投入)|[A-G]\+?轮|轮融资|天使投资|股权融资|经费|估值|市值|外资|利润|注册资本|资产|奖励|补助|补贴|奖金|资助|捐款|捐赠|捐出|善款|出口额?|进口额?|进出口|生产总值|GDP|增加值|(?:财政|预算|可支配|人均)[^,。、]{0,4}收入|人均|存款|保费|保额|成本|单价|价格|均价|节约|节省|罚款|工资|月薪|年薪|基金|损失|增收|募集资金|募资|规模|支持",
        "output_value": r"产值",
        "sales": r"销售收入|销售额?|开票|营业额|营业收入|营收|业务收入|收入|交易额|成交额|卖(?:了|出|出去)|售出|订单|合同额",
        "tax": r"税收|纳税|利税|缴税|税金|税款|税",
        "loan": r"(?:信贷|贷款|融资)支持|(?:质押|抵押|担保)(?:贷款|融资)|贷款|放贷|授信|信贷|放款|贷|融资(?=.*贷)",
        "total_investment": r"总投资额?|投资总额|投资额|总投入|协议投资|计划投资|概算|投资|投入|增资|斥资|耗资|引资|投建",
    }
)
_DONE = re.compile(r"完成(?:约|近|超过?|逾|了)?\s*$")
_INVESTED = frozenset(["total_investment", "planned_annual_investment", "completed_investment"])
"""计划投资32亿元,已完成29.5亿元: what is completed of an investment is an investment."""

_MONEY_AFTER = _cues(
    {
        "loan": r"^的?(?![A-G]\+?轮|天使)[^,。;、]{0,10}?(?:贷款|授信|信贷|融资|银团)",
        "other": r"^的?[A-G]\+?轮|^的?[^,。;、]{0,6}?(?:基金|奖励|奖金|补助|补贴|资助|外资|捐款|善款|研发|经费|资金|注册资本)",
        "sales": r"^的?[^,。;、]{0,6}?(?:订单|销售|营收|大单)|^的?(?:销售|营业)?收入",
        "tax": r"^的?[^,。;、]{0,4}?(?:税收|税)",
        "output_value": r"^的?[^,。;、]{0,8}?产值|^级?(?:地标|产业|集群)",
        "total_investment": r"^(?:建设|建起|兴建|打造|改造|扩建|新建|修建|上了|新上)|^(?:以上|以内|左右)?的?[^,。;、]{0,12}?(?:项目|投资|投入|基地|产业园|工程)",
    }
)
_MADE = _cues(
    {
        "output": r"产量|总产(?![值能])|吞吐量|(?<!用)电量|亩产|单产|能收|可收|收了|收获|捕捞|出货量?|生产了?(?!能力|线)|下线|产出|发电量?|年发电",
        "sales": r"销量|产销|销售|交付|售出|卖出",
        "installed_volume": r"装机(?:总?量|容量|规模)?|装车量?|并网",
        "capacity": r"年产(?!量|值|生)|产能|生产能力|生产规模|设计规模|可产|可生产|产线|(?:处理|处置|吞吐|通过|接待|加工|储存|存储|设计)能力|(?:年|日)(?:处理|处置|加工)|建设规模|规划规模|储能规模|装机规模",
        "other": r"减排|节约|节省|二氧化碳|标准?煤|用电|耗电|消耗|排放",
    }
)
_SPREAD = _cues({"capacity": r"产能|年产|生产能力", "area": r"面积|占地|用地|厂房"})
"""Films and glass are made by the square metre."""

_MADE_AFTER = _cues(
    {
        "capacity": r"^(?:/年|每年|以上)?的?[^,。;、]{0,16}?(?:产能|生产能力|产线|生产线|基地|项目)|^(?:/年|每年)",
        "installed_volume": r"^的?[^,。;、]{0,6}?装机",
        "output": r"^的?[^,。;、]{0,6}?产量",
    }
)
_ABLE_AFTER = _cues({"capacity": r"^(?:的)?(?:生产能力|产能|年产能)|^/年"})
_GROWTH = re.compile(
    r"(?:增长|上升|提高|提升|下降|下滑|增幅|增速|增加|涨幅|上涨|回落|同比|环比|下浮|减少|翻番|缩短|降低|增)(?!至|到|为)"
)
_GROWTH_AFTER = re.compile(r"^的?(?:增长|增速|增幅|速度|涨幅|降幅)")
_SHARE = re.compile(r"占比?[^,。;]{0,12}$|比重|比例|达标率|合格率|完成率|占有率|渗透率|效率|(?<!增长)率")
_JOBS = re.compile(r"就业|岗位|用工|招工|从业")
_PLANT = re.compile(r"项目|基地|规划|规模|一期|二期|量产|电池|储能|组件|工厂")
_SIZED = re.compile(r"/|(?:储能|光伏|风电|机组)")
"""100MW/200MWh, 100MW储能: the size of a plant."""


def metric_of(quantity: Quantity, left: str, right: str, listed: str | None) -> str:
    """The metric. `left`, `right`: the clause's text around the figure, up to the figures beside it; `listed`: the
    metric of the figure before it where both stand in one list, else None."""
    if quantity.base in {"CNY", "USD", "EUR", "HKD", "JPY"}:
        said = _nearest(_MONEY, left) or _first(_MONEY_AFTER, right)
        return said or ("completed_investment" if listed in _INVESTED and _DONE.search(left) else listed or "other")
    if quantity.base == "ratio":
        return _ratio(left, right, listed)
    if quantity.base == "m2":
        return "capacity" if _nearest(_SPREAD, left) == "capacity" else "area"
    if quantity.base == "km":
        return "other"
    if quantity.base == "count":
        return _count(quantity, left, right, _nearest(_MADE, left) or _first(_ABLE_AFTER, right) or listed)
    made = _nearest(_MADE, left) or _first(_MADE_AFTER, right) or listed or _unmarked(quantity, left, right)
    grown = quantity.base == "t" and made == "capacity" and not _PLANT.search(left + right)
    return "output" if grown and _FARM.search(left[left.rfind("年产") :] + right[:10]) else made


_FARM = re.compile(
    r"[粮稻麦薯豆菜果茶桃梨橘柿莓瓜菌菇苗花禽猪鸡鸭鹅羊牛奶蛋鱼虾蟹鳝藕蜜桑茧棉油]|葡萄|玉米|水产|猕猴桃|枇杷|板栗|笋"
)
"""What is grown has a yield, not a capacity, where only 年产 is said of it."""


def _nearest(cues: _Cues, text: str) -> str | None:
    best: tuple[int, int] | None = None
    found = None
    for metric, pattern in cues:
        for match in pattern.finditer(text):
            key = (match.end(), match.end() - match.start())
            if best is None or key > best:
                best, found = key, metric
    return found


def _first(cues: _Cues, text: str) -> str | None:
    return next((metric for metric, pattern in cues if pattern.search(text)), None)


def _ratio(left: str, right: str, listed: str | None) -> str:
    growth = max((match.end() for match in _GROWTH.finditer(left)), default=-1)
    share = max((match.end() for match in _SHARE.finditer(left)), default=-1)
    if _GROWTH_AFTER.search(right) or growth > share:
        return "growth"
    return "other" if share >= 0 else listed or "other"


def _count(quantity: Quantity, left: str, right: str, made: str | None) -> str:
    if quantity.measure_word == "人次" and "能力" in left[-8:]:
        return "capacity"
    if quantity.measure_word in {"人", "名", "位", "人次"}:
        return "jobs" if _JOBS.search(left + right[:6]) else "headcount"
    if _JOBS.search(left[-6:] + "|" + right[:4]):
        return "jobs"
    if made in {"capacity", "output", "sales"} and quantity.measure_word in _PRODUCTS:
        return made
    return "count"


_PRODUCTS = frozenset(
    [
        "台",
        "套",
        "台套",
        "辆",
        "件",
        "只",
        "支",
        "片",
        "架",
        "艘",
        "副",
        "枚",
        "颗",
        "头",
        "羽",
        "株",
        "个",
        "张",
        "块",
        "组",
        "根",
        "卷",
        "箱",
        "盒",
        "瓶",
        "桶",
        "袋",
        "粒",
        "标箱",
        "标准箱",
        "把",
        "升",
        "千升",
        "剂",
    ]
)


def _unmarked(quantity: Quantity, left: str, right: str) -> str:
    """A power or a mass of which nothing is said is a plant's capacity only where a plant is spoken of; 度 and 千瓦时 are current
    made or used, GWh and MWh the size of batteries."""
    if quantity.base == "GWh" and not quantity.unit.endswith(("度", "度电", "千瓦时")):
        return "capacity"
    return "capacity" if quantity.base == "GW" and (_PLANT.search(left) or _SIZED.match(right)) else "other"
