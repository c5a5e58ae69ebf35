"""Which counts are figures worth keeping: 13家独角兽企业 is one, 三个方面 and 44个县区 are not.

Pure. Kinds, ranks, steps and administrative divisions in passing are talk, not figures of an undertaking.
"""

from __future__ import annotations

import re

from digests.facts.quantities import Quantity

_TALK = re.compile(
    r"^(?:的)?(?:县(?:市|区)|区县|市县|县市区|辖市|省(?!级|重|市)份?|省区|国家(?!级)|(?:中小|主要|重点|大)?城市|地区|方面|环节|阶段|部分|重点(?!项目|企业|工程)|目标|要求|字|单元|形态|大类|类别|指标|月|工作日|小时|步骤|板块|维度|层面|"
    r"关键|年头|季度|梯队|席|层次|领域|档次|等级|层级|坚持|确保|加快|提升(?![到至])|村(?![级民(])|(?<!高)镇(?!级)|乡(?!级|土)|街道|打造|聚焦|转变|必须|行动|抓手|支撑|关系|意识|问题|举措|原则|途径|主题|篇章|亮点|特点|优势|条件|理念|机制|第一|率先|维护|孩子|儿子|女儿|小孩)"
)
_LOOSE = frozenset(["次", "批", "份", "单", "张", "点", "口", "眼", "间"])
_OFFICE = re.compile(r"\s*(?:门|委|队|署|长|级|分|属|里|下)")
"""After 部: 3部门, 四部委 count no books and no lifts."""

_HELD = re.compile(r"(?:集中|组织|举办|开展|举行|召开|累计|床位|登记|收到|签订|签署)[^,。;]*$")
_SURE = frozenset(["家", "名", "台", "辆", "户", "台套", "人"])
_CLASS = re.compile(
    r"(?:以上|级)?(?:的)?(?:工业|产业|重大|重点|优质)?(?:项目|企业|产业|集群|镇|乡|村|街道|园区|强|俱乐部|楼宇|市场|板块)"
)
_DEGREE = re.compile(r"(?:级|每|这|那|(?<!合)同|另|某|各|上一|下一|全国百强|排)\s*$")


_ADDRESS = re.compile(r"(?:村|小区|花园|[苑里坊弄号])\s*$")


_EACH = re.compile(
    r"(?:每(?:亩|斤|公斤|吨|人|户|个|套|台|辆|件|份|头|只|把|株|棵|平方米|度|千瓦时|瓦|立方米|月|天|次|张|瓶|盒)|(?<![十百第\d.])[一1](?:亩|斤|公斤|吨|台|辆|头|只|把|株|棵|张|瓶|盒))[^,。;]{0,14}$"
)


def is_price(left: str) -> bool:
    """每斤卖到6元, 每亩补贴400元: what one of them costs is no figure of an undertaking."""
    return bool(_EACH.search(left))


def is_adjective(quantity: Quantity, right: str) -> bool:
    """亿元企业, 百亿元产业: a size that names a class, not a figure."""
    return quantity.worded and quantity.base in {"CNY", "USD"} and bool(_CLASS.match(right))


def is_length(left: str) -> bool:
    """Roads, lines and pipes have lengths; a width, a height or a speed is no figure of an undertaking."""
    return bool(
        re.search(
            r"(?:全长|总长|长度?|里程|线路|管网|道路|铁路|公路|河道|改造|新建|铺设|修复|贯通|护岸|岸线|绿道|河|渠|堤|缆|建成)[^,。;]{0,10}$",
            left,
        )
    )


def is_figure(quantity: Quantity, left: str, right: str) -> bool:
    """Whether a count is kept. `left`, `right`: the clause's text around it."""
    word = quantity.measure_word
    if quantity.worded and (quantity.value * quantity.factor < 2 or word not in _SURE):
        return False
    if _DEGREE.search(left) or _TALK.search(right.lstrip()):
        return False
    if (word in {"幢", "栋"} and _ADDRESS.search(left)) or (word == "块" and right[:1].isdigit()):
        return False
    if word == "部" and _OFFICE.match(right):
        return False
    return word not in _LOOSE or bool(_HELD.search(left))
