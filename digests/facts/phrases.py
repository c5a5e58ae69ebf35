"""Turns of phrase by which a sentence says whose a figure is, what it counts and who invests.

Tables for `extract.py`, which alone knows when each of them is asked.
"""

from __future__ import annotations

import re

ATTRIBUTE = re.compile(
    r"^(?:以上|左右|余)?(?:建设|打造|兴建|新建|建成|实施)?的(?:\s*[\d.]+\s*[A-Za-z]+/?)*(?P<name>[^,;。:、]+)"
)
BARE = re.compile(r"^[^,]{0,10}?(?:生产线|产线|生产基地|加工基地|中试线|加工厂|车间)")
"""A works that has no name of its own where its owner has one."""

BACKER = re.compile(
    r"(?P<who>[^,。;]{0,10}?)由(?P<name>[^,。;、的\d]{2,20}?)(?:[与和同][^,。;]{2,14}?)?(?:共同|联合)?(?:总?投资|出资|斥资|投建)"
)
"""由某某能源投资4.2亿元建设的电站."""

SPOKE = re.compile(r"(?:强调|指出|表示|要求|说|介绍|认为|透露|坦言|告诉记者)\s*$")
"""阮某某强调: who speaks is not yet whose the figures are."""

BROUGHT = re.compile(r"(?:引进|引入|招引|引来)了?(?P<name>[^,。;、的\d]{3,24}(?:公司|集团))$")
"""引进某某公司,投资1.3亿元建起 …: who invests there is who was brought in."""

ONLY_REACHED = re.compile(
    r"、?(?:总?金额|总额)[约达共计]*|(?:要|将|力争|有望|预计|争取|也|已|又|还|可|(?:这|该)一?数[字据](?:将|已)?)*(?:突破|达到?|超过?|冲刺|变成了?|增至|升至|增加到|提高到|扩大到)[约近了]?\s*$"
)
"""力争突破200亿元: of what, the clause or the sentence before has said."""
PLANT = re.compile(r"^(?P<name>[^,。;:、的\d]{3,30}?(?:项目|基地|工程|电站))")
"""60兆瓦某地储能项目, 年产10万吨某某项目: the size stands before the name."""

OBJECT = re.compile(r"^(?:以上|以下|左右|以内|余)?的?(?P<name>[^,;。:、!?\d]+)")
PARTICIPLE = re.compile(
    r"^(?:报名|新增|新建|新|现有|签约|入选|获评|在建|不同的|优质|完整的|规模以上|国内外|多家|知名)+"
)
NAMED = re.compile(
    r"^(?:企业|项目|单位|公司|产品|个人|平台)(?:获评|入选|荣获|获|被认定为|被评为|获批|跻身)(?:为|省|市)?(?P<name>[^,;。、]{3,20})"
)
ENUMERATED = re.compile(
    r"(?:^|的|[,为是])(?P<names>[^\s\d,;。、的]{2,16}(?:、[^\s\d,;。、的]{2,16}?)+(?<![和与及]))等?$"
)
AGENT = re.compile(r"(?:由|与|和|同|跟|为|向|对|组织|邀请|依托)[^,。;]{2,}$")
"""Before a list of names that is not the sentence's subject."""

CONTAINS = re.compile(r"(?:设有?|包[括含]|涵盖|分为|含有?)[^,。;]*$")
"""设有甲、乙、丙等6个展区: what is listed is within the subject."""

ANYBODY = frozenset(["企业", "公司", "单位", "项目", "居民", "群众", "人员", "员工", "职工"])
ANEW = re.compile(r"\s*(?:去年|今年|\d{4}年)?(?:完成(?:固定|工业)|实现|工业投资|规上|带动|新增)")
SUMMED = re.compile(r"^[^、,;。和及与的]{0,12}?(?:\d{4}年|去年|今年)?(?:总投资|总销售|协议|计划|合计|总产值|总)")
SERVED = re.compile(r"(?:向|对|为|给|帮助|支持|服务(?!业))[^,。;]{0,6}$")
"""Before a count of those for whom something is done: 向316家企业发放贷款12亿元 is the lender's figure."""

REACHED = re.compile(r"^[^。]{0,40}(?:(?:有望|预计|力争|将)[^,。;]{0,4}(?:突破|达到?|超过?)|已?完成)[约近了]?\s*$")
GIVEN = re.compile(r"给予|奖励|补贴|资助|补助|发放|支持|扶持|每")
RESPECTIVELY = re.compile(
    r"(?P<names>[^,;。]*)分别(?:同比|环比|比[^,。;]{1,8})?(?:为|是|达到?|有|增长|下降|提高|增加|上升|超过?|完成|实现)*[约近]?\s*(?![^\d])"
)
BOTH = re.compile(
    r"的?(?P<names>[^,。;、\d的]{2,20}?(?:、[^,。;、\d的]{2,20}?){1,5})[两三四五六]?(?:个|家|大)?(?:项目|企业|公司|等)"
)
RECIPIENT = re.compile(
    r"\s*[(\d一二三四)\"“]*(?:对|给(?!予))(?P<name>[^,。;\d]{2,24}?)(?=,|给予|发放|提供|按|最高|一次性|每|$)"
)
"""To whom a policy gives its money: 对引进的顶尖人才,给予最高1亿元资助."""

NEW = re.compile(r"[。;]|累计|实现|处理|去年|目前|现有|减|提供|拥有")
ADVERBIAL = re.compile(r"(?:改造|实施|建成|投产|投运|启用|完成|升级|达产|竣工|投用)(?:之|以)?后$")
"""A clause that only says when: 数字化改造后."""

QUOTED = re.compile(r"^[^“”]*”[^“”]{0,8}?(?P<who>[^,。“”]{2,40}?)(?:说|表示|介绍|告诉记者|坦言|感慨|算起)")
"""Who said what a figure within quotation marks belongs to."""

SPEAKER = re.compile(r"(?P<who>[^\n]{2,60}):\s*$")
