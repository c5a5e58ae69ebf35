"""Whether an article is about a company: its title names one, or the body comes back to one again and again.

Pure. A company is known by what follows its name somewhere in the body (精恒线材公司, 岳瓷集团), so that a title may call it by its
short name alone, or by a trade's word at its end with a verb or a stop after it (恒川铝业上半年 …). Places, parks and bodies are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

COMPANY = "厂商主角"
"""The term that stands in the title of an article about a company. No paper prints it."""

_HOUSE = re.compile(r"(?P<name>[\u4e00-\u9fffA-Za-z]{2,10}?)(?:科技|实业|控股)?(?:股份|有限|责任)*(?:公司|集团)")
_TRADE = r"重工|药业|制药|机床|数控|轴承|机械|电器|电气|铝业|铜业|锂业|钛业|硅业|纸业|乳业|酒业|种业|牧业|茶业|塑业|矿业|糖业|盐业|特钢|石化|轮胎|线缆|电缆|纺机|车灯|家居|服饰|精工|光电|锂电|锂能|光能|半导体|微电子|新材|置业|股份|集团|公司|汽车|医疗|医药|生物|科技|能源|电池|电子|食品|陶瓷|玻璃|化工|电梯|环保"
_HEADED = re.compile(
    rf"^[“\"《]?(?P<name>(?!我|全|新|本|各)[\u4e00-\u9fff]{{2,4}}?(?:{_TRADE}))(?=[:：,，\s”\"]|[上下]半年|前[一二三\d]|[去今]年|第?[\d一二三四]|入选|获|摘|夺|捧|出口|产值|营收|销售|产销|满产|投产|达产|扩产|拿下|签|中标|上市|挂牌|登陆|发布|推出|下线|首|荣|斩|与|和|携手|牵手|在|年|再|日|净利|业绩|开工|建|落户|成|突破|破)"
)
_GENERIC = re.compile(
    r"(?:科技|能源|汽车|电子|建设|投资|发展|实业|医药|生物|新材料|材料|化工|环保|机械|装备|制造|农业|食品|文旅|旅游|交通|城投|交投|水务|电力|供电|银行|保险|证券|物业|上市|龙头|该|本|有限|多家|几家|这家|国有|民营|外资|央企|跨国)$"
)
_OFTEN = 3
"""Times that the body names a company that it is about."""

_MOST = 40
"""Companies looked at: whoever an article is about stands among the first, and a list of a thousand costs no more."""


def about_company(title: str, body: str) -> bool:
    """Whether a company is the subject of an article. Takes folded texts."""
    return bool(_HEADED.search(title)) or any(
        name in title or body.count(name) >= _OFTEN for name in _short_names(body)
    )


def _short_names(body: str) -> Iterator[str]:
    """What the companies of the body may be called: the last three to six characters before 公司 or 集团, or two where there are no
    more."""
    for match in islice(_HOUSE.finditer(body), _MOST):
        name = match["name"]
        for length in range(2, min(6, len(name)) + 1):
            short = name[-length:]
            if not _GENERIC.search(short) and (length > 2 or len(name) == 2):
                yield short
