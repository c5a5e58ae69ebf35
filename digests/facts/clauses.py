"""Clauses of a sentence, and the noun phrase at a clause's head.

Pure. No parser: a noun phrase ends before the first word that can only be a predicate, an adverb or the name of a measure.
The word lists are Chinese grammar's, not one paper's.
"""

from __future__ import annotations

import re

_BREAK = re.compile(r"[,;:!?。\n]")

_LEAD = re.compile(
    r"^(?:[\s■●▲*#\"'“”「」()、]+|本报讯|(?:其中|此外|另外|同时|据悉|据了解|据介绍|目前|如今|现在|近年来|多年来|截至|截止|至此|近日|日前|昨天|昨日|今天|上午|下午|当天|当日|会上|会议期间|活动中|现场|活动现场|随后|接下来|下一步|未来|届时|并且|并|而|此次|本次|这次|当时|使|让|令|且|但|又|还|也|再加上|加上|以及|和|及|与|那么|因此|所以|由于|为此|预计|预期|力争|争取|确保|计划|整体|总体|全年|年内|当年|本?年度|"
    r"有|新增|新招引|新引进|新签约|引进|招引|拿出|另有|还有|包括|包含|投资约?|总投资|实现|完成|(?:今|去|前|明|当)年(?:以来|底|初|末|内)?|三年内|[\d一二两三四五六七八九十]+年(?:内|来|间)?|完成年度目标|全年目标|年度目标|"
    r"(?:截至|截止|到|至|自|从|于|在)?\s*\d{4}\s*年?(?:\d{1,2}\s*月份?)?(?:\d{1,2}\s*日)?(?:上半年|下半年|[一二三四]季度|度|底|初|末|前|间|以来)?|\d{1,2}\s*月(?:份|底|初|末)?(?:\d{1,2}\s*日)?(?:上午|下午|晚|晚上|以来)?|\d{1,2}\s*-\s*\d{1,2}\s*月份?|\d{1,2}日(?:上午|下午)?|"
    r"上半年|下半年|[一二三四]季度|前[一二三]季度|“?十[三四五]五”?(?:期间|时期|开局之年)?|期间|以来|到\d{4}年))+"
)

_KIND_OF = re.compile(r"^[^,、]{0,24}的[^,、的]{0,4}(?:企业|品牌|单位)(?=[^,、的\s]{3,})")

_SCENE = re.compile(
    r"(?:在|来到|走进|走访)(?:了)?(?:位于[^,。;的]{1,16}的)?(?P<name>[^,。;]{3,24}?)的?(?:建设|施工)?(?:现场|工地)"
)

_SETTING = re.compile(
    r"(?:位于|坐落于|坐落在|地处|走进|来到|走访|作为|由)(?:位于|坐落于|坐落在|地处)?[^,。;的]{1,24}的(?!\d)|(?:记者)?(?:走进|来到|走访)(?:了)?"
)

_STOP = re.compile(
    r"(?:协议|设备|固定资产|一次性?|实际|工业|总)*(?:投资|(?<!研发)投入)|协议(?=总|引)|来自|开展|计划|预计|预期|力争|争取|确保|达产|建成|投产(?!的)|竣工(?!的|项目)|开工(?!项目|的)|动工|签约(?!引进项目|项目|的)|落户|位于|坐落|总?占地|总?用地|总?建筑面积|总面积|面积|规划(?!馆|院|局)|"
    r"拥有|现有|共有|设有|建有|设立|成立|创立|专业从事|专注|致力|是(?!否)|(?<![关体联谱水山院])系(?!统|列)|将(?!军)|已|(?<![虚模])拟|可(?=[年达形实新生容满])|正(?=在|式|加|以|处|全)|能够|"
    r"在(?!建|坛|线|线上|手|校|职)|于(?!都)|由|有(?!限|色|机|关|效|轨)|对(?!外|接|口)|向|把|被|使得|让|从(?!事)|(?<![可予得所])以(?!上|下|内|及|岭|色)|围绕|紧扣|坚持|实现|完成|达(?=到|\d|约|近|超|\s|$)|突破|获评|获|荣获|收获|收到|"
    r"发布|表示|介绍|透露|指出|强调|(?<![效利税比概汇功频格驻化长用占有到透产诊达成合])率(?!先)|赴|来(?!安|宾)|举行|召开|启动|推进|加快|形成|成为|作为|凭借|通过|利用|设计(?!院)|实际(?:总?产能|投入|投资)|(?:总)?规划(?:总)?产能|(?:总|年|新增|设计)?产能|年产|年销售|年可|年均|产值|总产值|税收|利税|纳税|入库|缴纳|销售(?!公司|有限|中心)|营业收入|营收|贷款(?!余额)|放贷|累计|增长|"
    r"同比|环比|占(?!用)|超(?!级|市|威|导|声|精)|(?<![节合特签大预])约(?!定)|近(?!代)|逾|(?<![公中])共(?!建|享|同|青)|新增|新引进|新招引|引进(?!项目)|招引(?!项目)|到账|生产(?!基地|线|总值|中心|力|车间|厂|企业|研发)|提供|获得|收入|实施|采用|进行|主要|全面|首次|"
    r"先后|分别|全部|全年|单独|目前|(?:日|年|总)*(?:处理|吞吐|接待)能力|装机|装车|产量|销量|出货|净?利润|地区生产总值|生产总值|一般公共预算|财政收入|可支配|余额|总额|人数|员工(?:总数|人数)?|固定资产|增加值|出口|进出口|较|比(?=上|去|年|前)|惠及|招聘|时速|研制|每年|每月|总规模|金额|容量|合同(?=金额|额|总额)|能耗|下浮|提升|提高|降低|下降|上升|开票|创造|追加|远期|近期|年?发电|上缴|上交|全长|设(?=车站|置|有|计)|用工|概算|年门诊|门诊|减排|减少|节约|开设|亩产|在手|订单|授信|增资|出资|持股|承建|工期|降至|持有|种植|养殖|举办|提供|人均|达成|首期|今年|去年|前不久|日前|近日|\d{4}年|\d+月|一季度|上半年|联合|立即|紧|聚焦|抢抓|持续|不断|保持|(?<!成)就(?!业|近)|(?<![成首东国古])都(?!市)|也|(?<![人年亩平月])均|仍|还|不(?!锈)|没有|需要?|需求|会(?=[在将把不以与同])|"
    r"总量|总数|数量|排名|位居|位列|跻身|入选|聚集|集聚(?!区|发展)|汇聚|涵盖|包括|包含|分为|分(?:两|三|四|\d)期|达|(?<!华)为(?!民|企)|报名|捧回|斩获|签下|签订|签署|发放|投放|拿到|确定|推进|安排|列入|纳入|组织|集中(?!开工|签约|区)|建设(?!项目|集团|局|银行|有限|工程|厅|部|投资|用地|面积|兵团|路|发展|中心|大厦|者)|打造|引领|培育|带动|吸纳|解决(?!方案)|吸引|接待|服务(?!业|中心|机构|平台|有限|站|局|区)|帮助|支持(?!计划)|减免|迎来|收获|问世|下线|交付|运营(?!中心)|[\"”]?保\s*\d"
)

_TAIL = re.compile(r"(?:的|之|等|了|一家|一个|集中|(?<!集)中|里|内|上|时|后|既|项目方|[\s\"“”、和与及及其\-—(])+$")


def clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The clauses of the sentence at `start`..`end` of a half-width text."""
    found = []
    at = start
    for match in _BREAK.finditer(text, start, end):
        if _within_number(text, match):
            continue
        if match.start() > at:
            found.append((at, match.start()))
        at = match.end()
    if at < end:
        found.append((at, end))
    return found


def _within_number(text: str, match: re.Match[str]) -> bool:
    """The comma of 1,234 and the colon of 1:1 part no clauses."""
    around = text[max(0, match.start() - 1) : match.end() + 1]
    return bool(re.fullmatch(r"\d[,:]\d", around))


def head(text: str) -> str:
    """The noun phrase with which a clause begins, "" where it begins with its predicate."""
    if scene := _SCENE.match(text.lstrip('#*■ “"')):
        return clean(scene["name"])
    rest = text
    for opening in (_LEAD, _SETTING, _LEAD):
        found = opening.match(rest)
        rest = rest[found.end() :] if found else rest
    stop = _STOP.search(rest)
    phrase = rest[: stop.start()] if stop else rest
    return clean(phrase)


def clean(phrase: str) -> str:
    """A noun phrase without what clings to its ends, and without what only says of which kind the named one is."""
    phrase = _KIND_OF.sub("", phrase)
    while (cut := _TAIL.sub("", phrase.strip("\"'“”「」『』、:; \t*#■"))) != phrase:
        phrase = cut
    return phrase if phrase.count("(") == phrase.count(")") else phrase.replace("(", "").replace(")", "")
