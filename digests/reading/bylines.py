"""Who wrote it: the grammar of author lines.

A byline is names and roles and nothing else. Names are told from words by the Hundred Family Surnames (百家姓, a public
list of the tenth century, with the frequent surnames that it lacks); no list of journalists.
"""

from __future__ import annotations

import re

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚"
    "程嵇邢滑裴陆荣翁荀羊於惠甄麴家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙"
    "叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农"
    "温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空"
    "曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖闫付代覃辜苟漆佘仝帅佟岳塔海缑亢况郈琴归商牟墨哈谯年爱阳佴言福邸兰郁楚晋闾法汝鄢涂钦仉督仇庹原冼税揭"
)  # fmt: skip
_DOUBLE = frozenset(
    [
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
    ]
)
_ROLE = (
    r"(?:(?:本报|本刊|本网|全媒体|融媒体|融媒|见习|实习|首席|特约|特派|新华社|中新社|人民日报|央视|通讯社|区|市|县|省)*"
    r"(?:记者|通讯员|评论员|撰稿人|撰稿|摄影师|摄影|实习生|作者|编辑|供稿|整理|文字|图文|图片|采写|报道|执笔))"
)
_ROLES = re.compile(
    rf"{_ROLE}|(?<![\u4e00-\u9fff])[文图摄](?![\u4e00-\u9fff])|(?<=[\s/])[文图摄](?=$|[\s/、,，;；:：)）])"
)
_NOUN_BYLINE = re.compile(
    r"^(?:本报|本刊|本网|新华社|融媒体?|全媒体|综合|特约|编辑部|社论)*(?:评论员|特约评论员|编辑部|综合报道|综合整理|集体采写|记者组|报道组|报道|融媒报道|本刊综合|本报综合)(?:文章)?$"
)
_SOURCE = re.compile(r"^(?:来源|据|稿源|转自|作者|文|供稿|撰稿|通讯员|执笔)\s*[:：/]\s*\S.{0,24}$")
_DEPARTMENT = re.compile(r"^[（(]([^（）()。，,；;：:！!？?\d]{1,14})[）)]$")
_NOT_DEPARTMENT = re.compile(
    r"转第|上接|下转|版$|完$|待续|资料图|效果图|图片|[新暂]定|左|右|试行|节选|摘要|有删节|扩大|公益"
)
_NAME_SPACED = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\s+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_SEPARATORS = re.compile(r"[\s/、,，;；:：|｜·•&+()（）]+")
_CREDIT = re.compile(r"(?:摄|图|摄影|供图|资料图|资料图片|制图|绘)\s*[)）]?$")
_CREDIT_FIRST = re.compile(r"^(?:摄影|供图|制图|图片|绘图)\s*[/／:：]")
_RUBRICS = frozenset(
    [
        "简讯",
        "时政",
        "文化",
        "国际",
        "国内",
        "公告",
        "通知",
        "经济",
        "安全",
        "文旅",
        "教育",
        "卫生",
        "农业",
        "工业",
        "财经",
        "金融",
        "房产",
        "汽车",
        "体育",
        "娱乐",
        "广告",
        "常识",
        "时评",
        "时论",
        "言论",
        "温馨",
        "关注",
        "民生",
        "幸福",
        "和谐",
        "健康",
        "平安",
        "法治",
        "文明",
        "文苑",
        "方圆",
        "方志",
        "广场",
        "都市",
        "国防",
        "强国",
        "党建",
        "党课",
        "时讯",
        "快讯",
        "时事",
        "通告",
        "公示",
        "通报",
        "家园",
        "家教",
        "古今",
        "常州",
        "江苏",
        "江南",
        "上海",
        "浙江",
        "安徽",
        "山东",
        "山西",
        "江西",
        "云南",
        "贵州",
        "海南",
        "河南",
        "河北",
        "湖南",
        "湖北",
        "广东",
        "广西",
        "宁夏",
        "吉林",
        "甘肃",
        "金坛",
        "武进",
        "温州",
        "杭州",
        "景区",
        "高新",
        "经开",
        "商务",
        "项目",
        "相关",
        "附表",
        "导读",
        "目录",
        "单位",
        "时间",
        "地点",
        "地址",
        "电话",
        "邮编",
        "主任",
        "成员",
        "主编",
        "编委",
        "顾问",
        "校对",
        "印刷",
        "封面",
        "封底",
        "图文",
        "文字",
        "文章",
        "方案",
        "计划",
        "应用",
        "解读",
        "解码",
        "阳光",
        "花絮",
        "花园",
        "花开",
        "春风",
        "金秋",
        "温暖",
        "方法",
        "干部",
        "明星",
        "成果",
        "成效",
        "成就",
        "经验",
        "经营",
        "强化",
        "公司",
        "企业",
        "平台",
        "车间",
        "园区",
        "文化馆",
        "图书馆",
        "高新区",
        "经开区",
        "开发区",
        "常州市",
        "金坛区",
        "武进区",
        "江苏省",
        "水利局",
        "时间表",
        "明白卡",
        "路线图",
    ]
)
"""Two- and three-character rubric words and places that begin with a surname: alone on a line they are no authors."""
AUTHOR_NOTE = re.compile(r"^[（(【]?\s*(?:本文)?(?:作者|执笔人?|撰稿人?|供稿单位|作者单位)(?:系|为|是|单位|简介|[:：])")
_TAIL = re.compile(
    r"(?<=[。！？!?”」』）)])\s*(?:[（(]\s*([^（）()。\n]{2,36})\s*[）)]|\s([^\s。，,][^。，,；;：:\n]{1,30})|(?<=。)([\u4e00-\u9fff]{2,3}))\s*$"
)
_CAPTIONED = 40
"""Most characters that a caption has before its photographer; a longer text is a photo story."""
_BODY_NAME = re.compile(
    r"(?:所|院|校|局|大学|公司|中心|委|办|站|集团|协会|学会|学院|医院|银行|报社|政府|委员会|支行|园区|课题组|厂|部|处|科|车间|作业区|工区|矿|中学|小学|社区|街道|镇|乡)$"
)
_OFFICE = re.compile(
    r"(?:[局处科委办院所校厅]|中心|公司|集团|协会|学会|联合会|大学|银行|政府|委员会|管委会|调研组|课题组|编辑部|指挥部)$"
)
_LATIN = re.compile(r"^By\s+[A-Z][\w.'-]+(?:\s+(?:and\s+)?[A-Z][\w.'-]+){0,5}$")


def is_name(token: str) -> bool:
    """2..4 Chinese characters that begin with a surname (two-character surnames: 3..4)."""
    if not token or not all("\u4e00" <= c <= "\u9fff" for c in token):
        return False
    if token[:2] in _DOUBLE:
        return 3 <= len(token) <= 4
    return 2 <= len(token) <= 3 and token[0] in _SURNAMES and token not in _RUBRICS and not token.endswith("委会")


def is_body(text: str) -> bool:
    """Whether the words name an office, a company or another body: 县农业农村局, 市工信局调研组."""
    return len(text) >= 4 and bool(_OFFICE.search(text)) and all("\u4e00" <= c <= "\u9fff" for c in text)


def is_credit(text: str) -> bool:
    """A photographer's or designer's credit only: 王某 摄."""
    if len(text) <= 24 and _CREDIT_FIRST.match(text):
        return is_byline(text)
    return len(text) <= 16 and bool(_CREDIT.search(text)) and is_byline(text) and not re.search(r"文(?:$|[\s/])", text)


def is_collective(text: str) -> bool:
    """A byline that names nobody: 本报评论员文章, 本刊综合."""
    return bool(_NOUN_BYLINE.match(text))


def is_byline(text: str) -> bool:
    """Whether a whole line names its authors and says nothing else."""
    text = text.strip().strip("■●◆▲□○◎·-—─ ")
    if not 2 <= len(text) <= 60:
        return False
    if _NOUN_BYLINE.match(text) or _SOURCE.match(text) or _LATIN.match(text):
        return True
    if department := _DEPARTMENT.match(text):
        return not _NOT_DEPARTMENT.search(department[1]) and (len(department[1]) > 1 or department[1] in _SURNAMES)
    return _only_names(text)


def _only_names(text: str) -> bool:
    if is_name(_NAME_SPACED.sub(r"\1\2", text)):
        return True
    bare = _ROLES.sub(" ", text)
    roles = bare != text
    tokens = [t for t in _SEPARATORS.split(_NAME_SPACED.sub(r"\1\2", bare)) if t]
    if not tokens:
        return roles and len(text) >= 3
    if len(tokens) > 9:
        return False
    named = sum(map(is_name, tokens))
    if named == len(tokens) or (
        0 < named == len(tokens) - 1
        and len(tokens[0]) > 2
        and _BODY_NAME.search(tokens[0])
        and not _CREDIT.search(text)
    ):
        return True
    reporters = "记者" in text or "通讯员" in text
    bodies = sum(bool(_OFFICE.search(t)) for t in tokens if not is_name(t))
    return reporters and 2 * (named + bodies) >= len(tokens) and all(len(t) <= 12 for t in tokens)


def split_tail(text: str) -> int | None:
    """Where an author line begins at the end of a paragraph (…目标。 融媒报道; …启动。（记者 王某）), or None."""
    tail = _TAIL.search(text, max(0, len(text) - 48))
    if tail is None:
        return None
    inner, bare, glued = tail[1], tail[2], tail[3]
    if glued is not None:
        return tail.start() if is_name(glued) else None
    if tail.end() - tail.start() <= 16 and tail.start() <= _CAPTIONED and is_credit(tidy(inner or bare)):
        return None
    if inner is not None:
        good = is_byline(inner) or is_byline(f"（{inner}）")
        return tail.start() if good or AUTHOR_NOTE.match(inner) else None
    return tail.start() if is_byline(bare) and not AUTHOR_NOTE.match(bare) else None


_REPORT = re.compile(r"^本[报刊网]讯[\s:：]+|(?<=\S)\s*(?:综合|摄影)?报道$|\s+发自\S{2,12}$")
"""What a byline says besides names."""


def tidy(text: str) -> str:
    """A byline as shown: without marks and brackets around it."""
    text = text.strip().strip("■●◆▲□○◎·— ").strip()
    if len(text) > 1 and text[0] in "（(" and text[-1] in "）)":
        text = text[1:-1].strip()
    if not is_collective(text):
        text = _REPORT.sub("", text) or text
    return _NAME_SPACED.sub(r"\1\2", text)


_IN_BRACKETS = re.compile(r"^\s*[（(]([^（）()]{2,40})[）)]")
_REPORTED = re.compile(r"^\s*((?:[^\s，。,\d]{0,4}记者|通讯员)[^，。,\d]{2,30}?)\s*报道")


def dateline_author(text: str, at: int) -> str | None:
    """The author behind a dateline that ends at `at`: 本报讯（记者 王某）…, 本报讯 记者王某报道 …"""
    found = _IN_BRACKETS.match(text[at : at + 48]) or _REPORTED.match(text[at : at + 48])
    return found[1].strip() if found and is_byline(found[1]) else None
