"""How far an undertaking is, where it stands and when: from the words of the figure's sentence.

Pure. Words of the future before the figure outweigh a stage named elsewhere in the sentence.
"""

from __future__ import annotations

import re

_FUTURE = re.compile(
    r"计划|预计|预期|力争|争取|确保|有望|拟|将(?!军)|即将|规划(?!面积|局|馆)|目标|达产后|建成后|投产后|全面达产|全部达产|未来|到20\d\d年|筹建|年内[^,。]*完成"
)
_STAGES = (
    ("signed", re.compile(r"签约|签订|签署|签下|协议|落户|大单|订单")),
    ("started", re.compile(r"开工|动工|奠基|启动建设|破土")),
    ("under_construction", re.compile(r"在建|正在建设|正在[^,。]{0,8}(?:施工|安装|调试|装修|建设)|施工|封顶|主体|吊装|督查|推进|加紧建设")),
    ("in_production", re.compile(r"投产(?!后|早|快)|量产|投运|运营|投用|投入使用|正式生产|启用|通车")),
    ("completed", re.compile(r"竣工(?!后)|建成(?!后)|完工|完成(?!后)|落成|交付|发放|获批|拿到")),
)  # fmt: skip
_AFTERWARDS = re.compile(r"达产后|建成后|投产后|全面达产|全部达产|预计|力争|争取|确保|有望")
_SUM = re.compile(r"计划(?=总?投资)")
_YEARLY = re.compile(r"年度计划")
_SPENT = re.compile(r"完成(?=[^,;。]{0,6}投资)")
"""Money that has been spent completes no undertaking."""
_NOW = re.compile(r"已|目前|实际|去年|累计|完成|昨[天日]|日前|近日|正在|正式")
_TIME = re.compile(
    r"(?:到|至|截至|截止)?\s*\d{4}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?|第?[一二三四]季度|[上下]半年|度|底|初|末)?|"
    r"\d{1,2}\s*(?:-|至)\s*\d{1,2}\s*月份?|(?:今年|去年|明年|前年)(?:\s*\d{1,2}\s*(?:-\s*\d{1,2}\s*)?月份?|[一二三四]季度|前[一二三]季度|[上下]半年|以来|底|初|末)?|\d{1,2}月\d{1,2}日|\d{1,2}月份?|"
    r"“?十[三四五]五”?(?:期间|期末|末)?|[上下]半年|前?[一二三四]季度|\d+年内|[一二三四五]年内|近年来|达产后|建成后|当年|昨天|日前"
)
_PLACE = re.compile(
    r"(?:位于|落户于?|坐落于?|坐落在|选址于?|落地于?|入驻)\s*(?P<place>[\u4e00-\u9fff]{2,14}?(?:区|市|县|镇|街道|村|园|路|国|省|州))|(?:在|赴)(?P<other>[\u4e00-\u9fff]{2,10}?(?:区|市|县|镇|街道|园区))(?!委|长)"
)


def stage_of(before: str, so_far: str, sentence: str) -> str | None:
    """The stage. `before`: the clause up to the figure; `so_far`: the sentence up to it; `sentence`: all of it.

    Only the part between semicolons counts that the figure stands in. What is yet to come (计划今年12月开工, and a clause that goes on
    from there) is no stage that has been reached: where nothing else is said, the figure is planned. 计划总投资 is only the name of
    a sum."""
    so_far, after = so_far.rpartition(";")[2], sentence[len(so_far) :].partition(";")[0]
    before, so_far, whole = (_YEARLY.sub("", text) for text in (before, so_far, so_far + after))
    before, so_far, part = (_SUM.sub("", text) for text in (before, so_far, whole))
    if _AFTERWARDS.search(so_far) or _FUTURE.search(before):
        return "planned"
    reached = _reached(before) or _reached(_SPENT.sub("", part))
    if reached:
        return reached
    return "planned" if part != whole or (_FUTURE.search(part) and not _NOW.search(part)) else None


def _reached(text: str) -> str | None:
    """The first stage that the text tells of as reached."""
    coming = False
    for clause in re.split(r"[,:。]", text):
        hits = [(match.start(), name) for name, words in _STAGES if (match := words.search(clause))]
        future = _FUTURE.search(clause)
        coming = bool(future) or (coming and not _NOW.search(clause))
        found = min(hits, default=None)
        if found and (not coming or (future and found[0] < future.start())):
            return found[1]
    return None


def time_of(before: str, sentence: str) -> str | None:
    """The time nearest before the figure, else the sentence's first, as printed."""
    found = list(_TIME.finditer(before)) or list(_TIME.finditer(sentence))[:1]
    return found[-1].group().strip() if found else None


def place_of(sentence: str, subject: str) -> str | None:
    """Where it stands, if the sentence says so, else the place that the subject's name begins with."""
    if match := _PLACE.search(sentence):
        return match["place"] or match["other"]
    if match := re.match(r"(?![全我该本])[\u4e00-\u9fff]{2,3}?(?:区|市|县|镇)", subject):
        return match.group()
    return None
