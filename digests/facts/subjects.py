"""Whose figure it is: names of companies, projects, parks and places, kept in mind over sentences and paragraphs.

Pure but for the memory, which lives as long as one article is read. 该公司, 项目 and 全区 stand for what was named last of their
kind; 我区 stays 我区 where the article does not say which; what is never named falls back to the title.
"""

from __future__ import annotations

import re

from digests.facts.clauses import clean, head

_COMPANY = r"公司|集团|股份|企业集团|能源|锂电|锂能|光能|科技|电子|汽车|医疗|生物|新材|重工|药业|制药|充电|新能|氢能|数控|机床|机器人|智造|传感|半导体|微电子|精密|激光|光学|玻纤|钢铁|特钢|石化|轮胎|电缆|线缆|船舶|航空|医药|控股|实业|(?:铝|铜|锂|钛|硅|纸|乳|酒|种|牧|茶|塑|矿|药|糖|盐)业|水务|置业|建工|家居|服饰|电气|电池|机械|纺机|车灯|照明|环保科技|精工|光电|智能|(?<![新生展心部活原驱的])动力"
_PROJECT = r"项目|工程|基地|工厂|产业园|科技园|工业园|创业园|园区|酒店|大厦|大楼|(?<=[^,、]{4})楼|电站|(?:物流|创新|产业|科技|数字)港|枢纽|研发中心|中心|实验室|研究院|研究所|医院|学校|大学|学院|平台|机场|港口|高速|公路|铁路|大桥|乐园|景区|小镇|号线|专线|合作社|农场|车间|生产线|园|(?:纪念|博物|图书|文化|美术|展览|体育|科技|新)馆|基金|计划|产业链|产业集群|产业"
_BODY = r"银行|农商行|支行|分行|协会|联盟|商会|政协|人大|法院|检察院|供电公司|财政|局|委|办|厅|部|委员会|管委会|党工委|工会|合作社|基金会|医院"
_PLACE = r"(?<![园开产])区|市|县|省|镇|乡|街道|村|社区|高新区|经开区|开发区|度假区|示范区|新区"
_STRONG = re.compile(rf"(?:{_COMPANY}|{_PROJECT}|{_BODY}|{_PLACE})(?:[一二三四]期)?(?:\([^)]*\))?$")
_IS_COMPANY = re.compile(rf"(?:{_COMPANY})(?:\([^)]*\))?$")
_IS_FIRM = re.compile(r"(?:公司|集团|股份)(?:\([^)]*\))?$")
_IS_DIVISION = re.compile(
    r"[\u4e00-\u9fff]{1,7}(?:(?<!示范)(?<!高新)(?<!经开)(?<!开发)(?<!度假)(?<!创新)(?<!园)(?<!新)(?<!社)区|市|县|镇|乡|省|村|街道|社区)$"
)

_IS_SEAT = re.compile(rf"(?:{_BODY}|{_PLACE}|产业链|产业集群|产业)$")
_PREFIX = re.compile(
    r"^(?P<name>[^,;、]{2,}?(?:公司|集团|项目|产业园|科技园|基地|研究院|银行|农商行))(?P<rest>[^,;、]{1,4})$|"
    r"^(?P<plant>[^,;、的]{4,}?(?:电站|产业园|科技园|医院|大楼|中心|大桥|高速|[院校厂馆]区|新馆))(?:首[批台块座]|主体|机组)[^,;、]{0,8}$"
)

_PRONOUN = re.compile(
    r"^(?:该|本|此|这个|这一|这座|这家|这|新的?|上述|整个|目前)?(?P<kind>项目|工程|公司|企业|集团|基地|园区|产业园|科技园|工厂|工场|生产线|产线|中心|平台|酒店|医院|学校|银行|行|院|活动|会议|本次活动|次活动|次签约|批项目|我们|其|它|他们|双方)(?:[一二三四]期)?(?:项目|工程)?(?:方|负责人)?$"
)
_THAT = re.compile(r"^(?:该|这家|这所|这座|上述)(?P<kind>(?![区市县镇乡省村])[\u4e00-\u9fff]{1,3})$")
_ALL_OF = re.compile(r"^全(?P<kind>产业链|链条?|行业|集团|公司|园区?|系统)$")
_BODY_ALONE = re.compile(r"^(?P<kind>产业链|产业集群|研究院|研究所|实验室|学院|合作社|协会|联盟|商会|基金会)$")
_BATCH = re.compile(r"^(?:当[天日]|此[次批]|这[次批]|本[次批])?(?:集中)?(?:开工|签约|竣工|投产|落户)的项目$")
_ROOM = re.compile(
    r"^(?:[一二三四]号?|洁净|无尘|总装|生产|加工|智能|数字化)?(?:生产)?(?:车间|展厅|实验室|生产线|产线|厂区)$"
)
"""A part of the house that was named."""
_OURS = re.compile(r"^我(?:校|院|司|行|所|厂|店)(?P<rest>.*)$")
_AT_PLACE = re.compile(r"^[\u4e00-\u9fff]{2,3}?(?:街道|[区市县镇乡])(?=[\u4e00-\u9fff]{3,})")
_PARK = re.compile(r"(?:园区?|[发新]区|港)$")
_NEW_ONE = re.compile(r"^新(?:[院校厂园]区|校|馆|厂|楼|大楼)$")
"""新院区: of the hospital that was named, or what was named so in full."""
_HOUSE = re.compile(
    r"(?:^|(?<=[。!?\n]))(?:在(?P<at>[\u4e00-\u9fff]{4,8}),[^。!?\n]{2,40}(?:公司|企业)的|(?!记者|目前|今年|去年|同时)(?P<name>[\u4e00-\u9fff]{4,8}?)(?=则|也|已|就?是|便是|今年|去年|目前|近年|还|正|将|从|拥有|成立)[^。!?\n]{4,60}[。!?]”?(?:[今去]年,?|目前,?|如今,?|\d{4}年,?|[^。!?\n,]{0,8}[,，])?(?:该)?(?:公司|企业)(?!家|们))"
)
"""A house named without 公司, which is called so right after: 某某线束则尝到了甜头。公司与 …"""
_TALK_WITH = re.compile(
    r"^(?:对话|专访|对谈)(?P<owner>.{2,20}?)(?:董事长|总经理|总裁|创始人|负责人|院长|校长|局长|主任)"
)
"""The heading over an interview: whose head answers is who 我们 is."""
_THIS = re.compile(r"^该(?P<kind>行|校|厂|院|所|社|店|园|馆|场|港|站|局|基地|中心|园区|学院|医院|产业园)(?P<rest>.*)$")
_ITS = re.compile(r"^其(?![他中它余次实])(?:[^的]{1,6}的)?(?P<rest>.{2,})$")
_PAIR = re.compile(r"^(?P<name>[^,、]{3,}?)(?:与|和|同|携手|联合)(?P<other>[^,、]{2,})$")
_COUNCIL = re.compile(
    r"(?:^|[\u4e00-\u9fff])(?P<level>[区市县镇省])(?:委|政府|人大|政协|纪委)(?:[\u4e00-\u9fff]{0,8}会)?$"
)
_EVERYBODY = re.compile(r"^(?:上下|各级|干部群众|各地|各界|人民)")
_PHASE = re.compile(r"^(?:项目)?(?P<phase>[一二三四]期)(?:项目|工程)?.{0,3}$")
_OF_PHASE = re.compile(r"[一二三四]期(?:项目|工程)?$")
_OWNED = re.compile(r"^(?:该|本)?(?P<kind>公司|企业|项目|基地|园区|工厂)的?(?P<rest>[^\d].*)$")
_HERE = re.compile(r"^(?P<word>我|全|该|本)(?P<level>区|市|县|镇|乡|省|村)(?:内)?的?(?P<rest>.*)$")
_WITHIN = re.compile(r"^(?P<level>[区市县镇乡村])里(?:的)?(?P<rest>.*)$")
_EVENT = re.compile(r"(?:活动|仪式|大会|推介会|签约会|恳谈会|观摩会|推进会|工作会|会议)$")
_REFERS = re.compile(r"^(?:其(?![他余])|该|本|公司|企业|集团|我们)")
_WORK = re.compile(r"^(?:招商引资|双招双引|招商|项目建设|经济(?:社会)?(?:发展|运行)?)?(?:工作)?$")
_ARRANGED = re.compile(r"^(?:共|计划|已)*(?:排定|安排|确定|实施|推进|排出|梳理)")
_SUFFIX = re.compile(r"(?:科技|实业|控股)?(?:股份|有限|责任|公司|集团)+$")
_OTHERS = re.compile(
    r"[“\"]?(?:他们|人家|别人|别处|外地|邻[省市县区]|邻近的|对手|竞争对手|同行|有的|一些|很多|许多|不少(?!于))"
)
_LEADING = re.compile(
    r"(?![全我该本各])[\u4e00-\u9fff]{2,3}(?<!示范)(?<!高新)(?<!经开)(?<!开发)[区市县镇乡](?=[\u4e00-\u9fff]{2})"
)
_WORLD = re.compile(
    r"^(?:全球|世界|国际|全国|我国|国内|中国)(?![\u4e00-\u9fff]{0,12}(?:公司|集团|银行|项目|基地|中心)$)"
)
_SEVERAL = re.compile(r"^(?:这|上述|以上)?[\d两三四五六七八九十]{1,3}个(?:[^的,、]{0,4})项目$")
_AIM = re.compile(r"^(?P<whole>[^,、]*?)(?:[^,、的]{0,6}的)?(?:主要|总体|具体|工作)?(?:目标|任务|安排)$")
_GENERIC = re.compile(
    r"^(?:[^“”]*”)?(?:[^的,]{0,12}的)?(?:集中|开工|签约|竣工|投产|新建|在建|续建|扩建|改造|已|重大|重点|优质|高端|高新|省级?|市级?|区级?|国家级?|产业类?|制造业?|工业|农业|服务业|现代|科技创新|科技|创新|创业|人才|类|型|外资|内资|民生|基础设施|实事|年度|引进|招引|新|小|大|各类?|"
    r"世界|中国|强|央企|国有|民营|外商|其余|其他|亿元|万元|以上|[\d.]{1,6}|[一二两三四五六七八九十]{1,4}|个|“[^”]*”|[\"][^\"]*[\"]|专精特新|独角兽|规上|规模以上|技改|技术改造|中小|多个|数个|若干|一批|酒店|上市|高层次|领军|顶尖|技术|规模|发明|授权|研发|从业|高端|紧缺|技能|外国){0,8}(?:项目|企业|平台|机构|人才|工程|载体|外资|团队|产业|工业园区?|公司|专利|人员|专家)$"
)
_POST = re.compile(
    r"^(?P<owner>.*?(?:公司|集团|银行|农商行|支行|局|研究院|研究所|学院|大学|医院|中心|联盟|协会|政协|人大|管委会|项目|工程|镇|街道|园区|高新区|经开区|开发区|区|市|县|村|社区|街道|厂|店|农场|合作社|基地|学校|中学|小学))(?:科技局|发改局|党委|党组|党工委|区委|市委|县委|委)?"
    r"(?:党|副|有关|相关|常务|董事|总经理|总裁|首席|书记|区长|市长|县长|镇长|局长|主任|主席|院长|校长|行长|会长|秘书长|创始人|负责人|执行|技术总监|厂长|科长|委书记|委常委|经理)"
)
_LONGEST = 40
"""Code points of a name; longer phrases are sentences."""

_MEASURE = re.compile(
    r"(?:[量额率值数费价期资力]|^.{0,4}[存贷]款|覆盖面|满意度|容量|容积|规模|收入|整车|旅游|研发|设备|厂房|建筑|注册|产品|业务|服务|市场|面积|水平|成本|投入|资本|资产|盘子)$"
)
_OFFICE = re.compile(
    r"(?:书记|区长|市长|县长|局长|主任|主席|部长|理事长|厅长|处长|科长|总经理|董事长|总裁|院士|教授|院长|校长|记者|领导|行长|秘书长|首席|创始人|合伙人|负责人|创办人|带头人|经理|厂长|站长|所长|队长|店长|主管|工程师)"
)
_WEAK_BAD = re.compile(
    r"^(?:我(?![区市国省县镇乡村院校司])|你|咱|俺|这|那|一|每|各|大家|人们|我们|他|她|它|记者|首|第|如|若|只|上述|当|随|为|不|更|最|多|近|据|目标|任务|达到|实际$|指标|\d+[至到~-]|真|没|本文|本报|.*(?:得好|不错)$|(?:核心|主城|老城|城|新|北|南|东|西|库|厂|景|校|院|小|辖|片|山|湖|灾)区$|[新老南北东西主]?(?:校区|院区|厂区|库区)$|(?:集中)?(?:开工|签约|竣工|投产)$|笔者|作者|村集体|村级|村民|.*[\u4e00-\u9fff]了|.*(?:可以?|显示|而言|来说|来看)$|.*(?:老|山|矿|林|灾)区$|经(?![济营开理贸编纬络典费])|.*(?:首日|当日|当天|期间|之际|之后|以后|以前|之前|[\d两三四五六七八九十]+[天年月日])$)"
)
_PREDICATE = re.compile(
    r"^(?!.{1,6}[率面]$)(?:加价|销往|非法|判处|用(?![地工电水户品能气])|清退|退出|腾出|回收|收回|拆|栽|植下|放流|投入|选址|列出|串联起|串起|算上|用上|补上|装上|存下|省下|挣下|创办|创建|组建|开办|兴办|注册|覆盖|满意|给予|承担|开设|改造|拆除|关停|淘汰|腾退|盘活|整治|清理|清淤|疏浚|修缮|修复|修建|铺设|新铺|新上|加装|增设|增加|减轻|削减|压减|处置|处理|排查|检查|检测|受理|办理|办结|走访|化解|调解|"
    r"受(?!让|益)|排定|新辟|开辟|添置|新改|种下|种上|栽种|养了|卖出|售出|卖|买|收|收购|采购|购买|购置|购入|租用|流转|承包|出租|搬迁|搬进|入住|入驻|容纳|辐射|服务于|解决|缓解|满足|争取|获取|取得|得到|赢得|夺得|斩获|留|招收|招录|录用|录取|"
    r"培训|轮训|选派|选拔|评选|评定|认定|授予|表彰|奖励|补助|补贴|资助|扶持|支付|缴存|发行|募集|筹集|筹措|拨付|兑现|投放|投运|投用|注入|撬动|拉动|跑出|交出|创下|刷新|抬升|攀升|飙升|跃升|跌至|增至|升至|"
    r"增(?!材|城|值|强)|减(?!速器|振|震)|涨|跌|降(?!解|噪|温)|高于|低于|优于|快于|好于|多于|少于|不少|不足|仅|只|恢复|编制|制定|出台|修订|审议|审查|批准|核准|备案|征求|提请|提交|收集|征集|登记|授权|申请|申报|上报|展出|展示(?!馆|中心|厅)|"
    r"孵化|转化|研制|攻克|突破|掌握|自主研发|共同|相继|陆续|顺利|成功|如期|按期|提前|同步|同时|进一步|切实|有效|大力|着力|全力|努力|继续|再次|率先|首批|连续|累计|平均|合计|总计|共计|几乎|甚至|尤其|特别|仅仅|"
    r"认真|深入|扎实|牢固|统筹|健全|完善|优化|强化|深化|加大|加强|扩大|缩小|缩短|延长|拓宽|拓展|压缩|控制|保障|保护|维护|守护|节水|节电|节能量|减排|折合|相当|等于|意味|属于|源于|得益|归功|推动|促进|动员|引导|鼓励|引进|购进|进口|出口|组织|见证|迎来|吸纳)"
)
"""A clause that begins so has no name at its head: these are verbs and adverbs that no name begins with."""

_TALK = re.compile(
    r"了|着(?![力陆色装])|就(?![业近医餐])|(?<![人英])才|却|又|很|更(?![新换])|每|只(?=.)|仅|把|被(?![动服])|让(?!利)|(?<!补)给(?![水排料付])|从(?![业化])|跟(?!踪)|按(?![摩键])|(?<![影图成])像|好几|少说|"
    r"这|那(?!曲)|哪|谁|你|我(?![区市县国省镇乡村校院])|他(?!山)|她|它|们|吗|呢|吧|啊|(?<!小)吃|(?<![买拍])卖|看(?!守)|搞|干的|(?<![入居])住(?![房宅院建户所宿址店区])|[到过]$|的\d+$|\d层"
)
"""What no name and no noun phrase has in it."""


class Names:
    """What an article has named so far."""

    def __init__(self, title: str, body: str = "") -> None:
        """`title`: half-width; a name that it only seems to begin with counts where the body has it too. `metrics`: of the last
        figure of each base unit."""
        name = _title_name(title)
        name = "" if len(name) <= 2 and _WEAK_BAD.match(name) else name
        self._title = name if not body or is_name(name) or len(name) > 2 or _HERE.match(name) or name in body else ""
        self.metrics: dict[str, str] = {}
        self._short: set[str] = set()
        self._company = self._place = self._thing = self._undertaking = ""
        self._all: list[str] = []
        found = {house["name"] or house["at"] for house in _HOUSE.finditer(body)}
        self._houses = {name for name in found if not (is_name(name) or _WEAK_BAD.match(name) or _GENERIC.match(name))}
        self._short |= self._houses

    @property
    def main(self) -> str:
        """The last thing that was named, else the title's."""
        if self.sector and is_name(self._title):
            return self._title
        return self._thing or self._title or self._place

    @property
    def sector(self) -> bool:
        """Whether what was named last is an industry, of which a sentence about another measure no longer speaks."""
        return bool(re.search(r"业$|产业链$|集群$", self._thing))

    def knows(self, phrase: str) -> bool:
        """Whether a phrase is what a name is short for: 精恒线材 after 精恒线材公司, 盐湖 after 盐湖市."""
        return phrase in self._short

    def house_of(self, clause: str) -> str:
        """The house without 公司 in its name that a clause begins with, or is set in: 在某某热管理, …"""
        begun = (name for name in self._houses if clause.startswith(name) or clause == f"在{name}")
        return max(begun, key=len, default="")

    def hold(self, whole: str) -> None:
        """Remember 我县 or 全县 as what is spoken of: the holder of an event, or whose figures were told last."""
        self._thing = whole

    @property
    def place(self) -> str:
        """The administrative division named last, "" if none was."""
        return self._place

    def resolve(self, phrase: str, owner: str = "") -> str:
        """The name that a noun phrase stands for, "" where it names nothing. `owner`: whose kinds of things the sentence speaks of."""
        if not phrase or len(phrase) > _LONGEST:
            return ""
        if _SEVERAL.match(phrase) or _BATCH.match(phrase):
            return self._place or self._title or self.main
        qualifier, _, rest = phrase.rpartition("的")
        if qualifier and (is_name(rest) or self.knows(rest)) and not is_name(qualifier) and not _REFERS.match(phrase):
            phrase = rest
        if phase := _PHASE.match(phrase):
            whole = _OF_PHASE.sub("", self._undertaking or self.main)
            return whole + phase["phase"] if is_name(whole) else whole
        if pronoun := _PRONOUN.match(phrase):
            return self._last(pronoun["kind"])
        if (short := _ALL_OF.match(phrase) or _BODY_ALONE.match(phrase)) and (whole := self._in_full(short["kind"])):
            return whole
        if ours := _OURS.match(phrase):
            return (self._title or self.main) + ("" if _is_clause(ours["rest"]) else clean(ours["rest"]))
        if _ROOM.match(phrase) and (self._company or is_name(self.main)):
            return self._company or self.main
        if _NEW_ONE.match(phrase):
            return self._in_full(phrase) or (self.main + phrase if is_name(self.main) else phrase)
        if this := _THIS.match(phrase):
            rest = clean(this["rest"])
            named = self._named(this["kind"])
            return phrase if not is_name(named) else named + ("" if len(rest) < 2 or is_measure(rest) else rest)
        if that := _THAT.match(phrase):
            return self._named(that["kind"])
        if its := _ITS.match(phrase):
            return self.main + its["rest"]
        if owned := _OWNED.match(phrase):
            owner = self._last(owned["kind"])
            return (
                owner + clean(owned["rest"])
                if owner and len(owned["rest"]) > 1 and not _STRONG.search(phrase[:4])
                else owner
            )
        if aim := _AIM.match(phrase):
            return self.resolve(aim["whole"], owner)
        if here := _HERE.match(phrase):
            return self._here(here)
        if within := _WITHIN.match(phrase):
            return self._within(within["level"], within["rest"])
        if talk := _TALK_WITH.match(phrase):
            return self._employer(talk["owner"])
        if post := _POST.match(phrase):
            return self._employer(post["owner"])
        if _OFFICE.search(phrase):
            return ""
        if _GENERIC.match(phrase):
            owner = owner if is_name(owner) or _HERE.match(owner) else self._place or self._title or self.main
            return phrase if owner in phrase else owner + phrase
        return "" if len(phrase) < 2 or _WEAK_BAD.match(phrase) or _PREDICATE.match(phrase) else phrase

    def note(self, phrase: str, *, speaks: bool = False, house: bool = False, opens: bool = True) -> None:
        """Remember a name that stood at the head of a clause, if it is one. `speaks`: as somebody's who is quoted about another's doings. `house`: surely a
        company, though its name (铭骏电梯) does not say so. `opens`: at the head of a sentence; a company named later on is not yet what 项目 stands for."""
        if house:
            phrase = _AT_PLACE.sub("", phrase)
        if (house or phrase in self._houses) and not is_name(phrase):
            self._thing = self._company = phrase
        if not is_name(phrase) and (prefix := _PREFIX.match(phrase)):
            phrase = prefix["name"] or prefix["plant"]
        if (pair := _PAIR.match(phrase)) and is_name(pair["name"]):
            if _IS_COMPANY.search(pair["other"]):
                self._company = pair["other"]
            phrase = pair["name"]
        if _HERE.match(phrase) and len(phrase) > 4 and _IS_SEAT.search(phrase):
            self._all = [*self._all[-20:], phrase]
        if is_name(phrase) or self.knows(phrase):
            self._short |= _short_forms(phrase)
            self._thing = phrase
            self._all = [*self._all[-20:], phrase]
            if not _IS_SEAT.search(phrase) and not (
                self._undertaking
                and ((speaks and not phrase.endswith(("项目", "工程"))) or (not opens and _IS_FIRM.search(phrase)))
            ):
                self._undertaking = phrase
            if _IS_COMPANY.search(phrase):
                self._company = phrase
            elif "公司" in phrase:
                self._company = phrase[: phrase.index("公司") + 2]
            elif _IS_DIVISION.match(phrase):
                self._place = phrase

    def _named(self, kind: str) -> str:
        """The last name that ends with `kind`, else the last of any."""
        return self._in_full(kind) or self.main

    def _in_full(self, kind: str) -> str:
        """The last name that ends with `kind`, the title's if none before it does, else ""."""
        return next((name for name in (*reversed(self._all), self._title) if name.endswith(kind)), "")

    def _last(self, kind: str) -> str:
        if kind in {"公司", "企业", "集团", "我们"}:
            return self._company or self._title or self.main
        if kind in {"活动", "会议", "本次活动", "次活动"} or kind in {"次签约", "批项目"}:
            council = _COUNCIL.search(self.main)
            return self._place or (f"全{council['level']}" if council else self.main)
        if kind in {"项目", "工程", "基地", "工厂", "酒店"}:
            return self._undertaking or self.main
        if kind in {"园区", "产业园", "科技园"}:
            return next((name for name in (*reversed(self._all), self._title) if _PARK.search(name)), self.main)
        return self.main

    def _employer(self, owner: str) -> str:
        """Whose 总经理 or 书记 it is: 公司总经理 and 镇党委书记 are those of the house or place last named."""
        if pronoun := _PRONOUN.match(owner):
            return self._last(pronoun["kind"])
        return self._within(owner, "") if len(owner) == 1 and owner in "区市县镇乡村" else owner

    def _within(self, level: str, rest: str) -> str:
        """村里, 镇里: the place of that level, with what of it is meant."""
        divisions = (name if name.endswith(level) else leading_place(name) for name in reversed(self._all))
        place = next((name for name in divisions if name.endswith(level)), f"全{level}")
        return place + ("" if _is_clause(rest) else clean(rest))

    def _here(self, here: re.Match[str]) -> str:
        level, rest = here["level"], clean(_EVERYBODY.sub("", here["rest"]))
        arranged = _ARRANGED.sub("", rest)
        rest = arranged if is_kind(arranged) else rest
        if _EVENT.search(rest) or _WORK.match(rest) or _PREDICATE.match(rest.removeprefix("有效")):
            rest = ""
        place = self._place if self._place.endswith(level) else ""
        return (place or here["word"] + level) + rest


def _short_forms(name: str) -> set[str]:
    """What a house or a place is called once it has been named."""
    short = _SUFFIX.sub("", name)
    if short != name:
        return {short} if len(short) >= 3 else set()
    return {name[:-1]} if _IS_DIVISION.match(name) and 3 <= len(name) <= 4 and name[-1] in "市县区镇乡" else set()


def is_several(clause: str) -> str:
    """三个项目, where a clause begins with several at once; else ""."""
    found = re.match(r"(?:这|上述|以上)?[\d两三四五六七八九十]{1,3}个[^的,、\d]{0,4}项目(?=[投建达全]|均|都|$)", clause)
    return found.group() if found else ""


def is_other(text: str) -> bool:
    """Whether a clause speaks of others than the article does (对手, 邻县, 他们)."""
    return bool(_OTHERS.match(text))


def leading_place(phrase: str) -> str:
    """The administrative division that a phrase begins with, or ""."""
    found = _LEADING.match(phrase)
    return found.group() if found else ""


def is_of_all(phrase: str) -> bool:
    """Whether a phrase speaks of a whole market or country (全球封装基板市场规模): nobody's of those named."""
    return bool(_WORLD.match(phrase))


def is_sound(phrase: str) -> bool:
    """Whether a subject can be one: no words that only sentences have."""
    return not _TALK.search(phrase)


def _is_clause(rest: str) -> bool:
    return bool(_PREDICATE.match(rest) or _WEAK_BAD.match(rest)) or not is_sound(rest)


def is_event(phrase: str) -> bool:
    """Whether a phrase names somebody's event (我县重大项目集中开工活动)."""
    return bool(_EVENT.search(phrase))


def is_post(phrase: str) -> bool:
    """Whether a phrase names somebody by office (某公司总经理): who speaks there need not be whom it is about."""
    return bool(_POST.match(phrase))


def is_whole(phrase: str) -> bool:
    """Whether a phrase is 我区, 全市 and so on, with what of it is meant."""
    return bool(_HERE.match(phrase))


def is_kind(phrase: str) -> bool:
    """Whether a phrase names a kind of thing (产业类项目), not one of them."""
    if len(phrase) > _LONGEST:
        return False
    here = _HERE.match(phrase)
    thing = here["rest"] if here else phrase
    return bool(_GENERIC.match(thing)) and not _PRONOUN.match(thing) and not _PHASE.match(thing)


def is_measure(phrase: str) -> bool:
    """Whether a phrase is of something's (合同金额, 发电量), and so no subject of its own."""
    return bool(_MEASURE.search(phrase))


def is_name(phrase: str) -> bool:
    """Whether a phrase names a company, project, body or place."""
    return bool(
        len(phrase) >= 3
        and _STRONG.search(phrase)
        and not _GENERIC.match(phrase)
        and not _PRONOUN.match(phrase)
        and not _HERE.match(phrase)
        and not _OFFICE.search(phrase)
        and not _WEAK_BAD.match(phrase)
        and not _PREDICATE.match(phrase)
        and not re.search(r"[、这]|等$", phrase)
    )


def _title_name(title: str) -> str:
    if talk := _TALK_WITH.match(title):
        return talk["owner"]
    title = re.sub(r"^\s*(?:\d{4}\s*年度?|\d{1,2}\s*月份?)\s*", "", title)
    before, colon, _ = title.partition(":")
    if colon and 2 <= len(before) <= 16:
        return clean(before)
    name = head(re.split(r"[\s“\"]|\d", title, maxsplit=1)[0])
    if here := _HERE.match(name):
        return here["word"] + here["level"]
    if prefix := _PREFIX.match(name):
        name = prefix["name"] or prefix["plant"]
    return name if is_name(name) or len(name) <= 8 else ""
