"""Every line of the query language as a chat in the sandbox: tried, refused, subscribed to, delivered, explained, and carried in a file.

What a query finds on stored issues is compared with what the subscription to it brings: `/test` is the evaluator's word, `/why`
the matcher's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chat_driver import KNOWLEDGE
from pipeline_world import raw, read
from town import Town, in_town

from bot.sandbox import OFFICIAL_ID, SUPPLIER_ID, Upload
from digests.enrich import enrich

ME, OTHER = OFFICIAL_ID, SUPPLIER_ID


@dataclass(frozen=True)
class Printed:
    """An article of the two papers below; its facts and topics are read from its text."""

    title: str
    body: str
    paper: str = "云溪时报"
    page: int = 3
    section: str = "要闻"
    byline: str = "周远"


SIGNED = Printed(
    "青禾锂电签约落户", "青禾锂电18GWh动力电池项目签约，总投资60亿元。", page=1, section="招商", byline="林知秋"
)
OPENED = Printed("江澜电站投产", "江澜储能电站昨日正式投产，年产值3亿元。广告经营部供稿。")
GRAND = Printed(
    "重大项目集中开工", "全市重大项目集中开工，其中青禾二期在列。数月之后，各方都盼望着它能够早一天顺利地竣工投产。"
)
LOOSE = Printed("重大的项目", "会议研究了重大的项目和签约仪式的安排。", paper="临江日报")
NEW_NAME = Printed("中创新航扩建", "中创新航在临江扩建工厂。", paper="临江日报", page=2)
OLD_NAME = Printed("中航锂电往事", "中航锂电当年落户。", paper="临江日报", page=2)
TRADITIONAL = Printed("龍湖風電併網", "龍湖風電場併網發電。", paper="临江日报", page=2)
BROKEN = Printed("海边风光", "灯塔湾光 伏\n电站并网。", paper="临江日报", page=2)
ALL = (SIGNED, OPENED, GRAND, LOOSE, OLD_NAME, NEW_NAME, TRADITIONAL, BROKEN)

LINES = (
    ("青禾 投产", "投产 青禾", (GRAND,)),
    ("青禾签约|江澜电站", "江澜电站|青禾签约", (OPENED,)),
    ("青禾 或 江澜", "江澜|青禾", (SIGNED, OPENED, GRAND)),
    ("签约 OR 扩建", "扩建|签约", (SIGNED, LOOSE, NEW_NAME)),
    ("投产 -广告", "投产 -广告", (GRAND,)),
    ("青禾 NOT 投产", "青禾 -投产", (SIGNED,)),
    ("(青禾|江澜) 投产", "投产 (江澜|青禾)", (OPENED, GRAND)),
    ('"重大 项目"', "重大项目", (GRAND,)),
    ("标题:签约", "标题:签约", (SIGNED,)),
    ("title:投产", "标题:投产", (OPENED,)),
    ("正文:签约仪式", "正文:签约仪式", (LOOSE,)),
    ("版:1 青禾", "版:1 青禾", (SIGNED,)),
    ("栏目:招商", "栏目:招商", (SIGNED,)),
    ("报:临江日报 签约", "报:临江日报 签约", (LOOSE,)),
    ("作者:林知秋", "作者:林知秋", (SIGNED,)),
    ("#动力电池 青禾", "#动力电池 青禾", (SIGNED,)),
    ("江澜 ~20 投产", "投产 ~20 江澜", (OPENED,)),
    ("青禾 ~20 投产", "投产 ~20 青禾", ()),
    ("投资额>=10亿", "投资额>=10亿元", (SIGNED,)),
    ("产能>10GWh", "产能>10GWh", (SIGNED,)),
    ("产能>20GWh", "产能>20GWh", ()),
    ("阶段:投产", "阶段:投产", (OPENED,)),
    ("中航锂电", "中航锂电", (OLD_NAME, NEW_NAME)),
    ('="中航锂电"', '="中航锂电"', (OLD_NAME,)),
    ("龙湖风电", "龙湖风电", (TRADITIONAL,)),
    ("江瀾儲能", "江澜储能", (OPENED,)),
    ("光伏电站", "光伏电站", (BROKEN,)),
)
"""As typed, as it is shown, and what it finds, the newest last."""

SPELLINGS = (
    ("（青禾｜江澜）　投产", "投产 (江澜|青禾)"),
    ("“重大　项目”", "重大项目"),
    ("投产　－广告", "投产 -广告"),
    ("标题：签约", "标题:签约"),
    ("投资额＞＝１０亿", "投资额>=10亿元"),
    ("投资额≥10亿元", "投资额>=10亿元"),
    ("＃动力电池　青禾", "#动力电池 青禾"),
    ("投产～20　江澜", "投产 ~20 江澜"),
    ("＝“中航锂电”", '="中航锂电"'),
    ("中航鋰電", "中航锂电"),
    ("青禾 投产 青禾", "投产 青禾"),
)
"""What is held already, typed otherwise: full width, traditional characters, in another order, twice the same."""

MISTAKES = (
    ("青禾 (投产", "右括号", "青禾 【(】投产"),
    ("青禾）投产", "左括号", "青禾【）】投产"),
    ("“重大项目", "引号", "【“】重大项目"),
    ("青禾 |", "还缺一个词", "青禾 【|】"),
    ("-广告", "光有“不要”的词", "【-广告】"),
    ("版:头版", "“头版”不是版号", "【版:头版】"),
    ("青禾 标题：", "“标题”后面还要写内容", "青禾 【标题：】"),
    ("投资额>=10GWh", "“GWh”不能做投资额的单位", "投资额>=10【GWh】"),
    ("投资额>=很多 青禾", "“很多”不是数字", "【投资额>=很多】 青禾"),
    ("青禾 投资额>=", "“投资额>=”后面还要写内容", "青禾 【投资额>=】"),
    ("栏木:招商", "不认识“栏木”", "【栏木:】招商"),
    ("阶段:结束", "没有“结束”这个阶段", "【阶段:结束】"),
    ("青禾 ~999 投产", "最多是 200", "青禾 【~999】 投产"),
    ("的", "几乎每篇都有", "【的】"),
    ("青禾、投产 -广告", "意思不明", "青禾【、】投产 -广告"),
    ("青禾" + "长" * 300, "最多 200 个字，现在是 302 个", "【长长长"),
    ("#没有的主题", "没有“没有的主题”这个主题", "去掉 #"),
)
"""As typed, what is said of it, and how the place is marked."""


async def test_every_line_is_tried_and_every_mistake_is_shown_at_its_place() -> None:
    async with in_town() as town:
        await started(town)
        for typed, _, found in LINES:
            told = await town.asks(ME, ME, f"/test {typed}")
            assert told.startswith(f"试查：{typed}"), told
            assert (f"有 {len(found)} 篇符合" if found else "没有符合的文章") in told, told
            shown = {one.title for one in ALL if f"· {one.title}（{one.paper}" in told}
            assert shown <= {one.title for one in found} and len(shown) == min(len(found), 2), told
        for typed, said, place in MISTAKES:
            told = await town.asks(ME, ME, f"/subscribe {typed}")
            assert said in told and place in told, told
        assert "还没有订阅" in await town.asks(ME, ME, "/list")


async def test_every_line_is_subscribed_to_delivered_explained_and_carried_to_another_reader() -> None:
    async with in_town() as town:
        await started(town)
        for typed, shown, _ in LINES:
            assert f"已订阅：{shown}\n" in await town.asks(ME, ME, f"/subscribe {typed}")
        for typed, shown in SPELLINGS:
            assert f"您已经订阅过：{shown}\n" in await town.asks(ME, ME, f"/subscribe {typed}")
        await publish(town, "（续）")
        await town.deliver(hours=25)
        assert "2 期刊报，8 篇中有 8 篇与您有关" in town.text(ME), "of the number before, none"
        for number, (_, shown, found) in enumerate(LINES, 1):
            told = await town.asks(ME, ME, f"/why {number}")
            if not found:
                assert told == f"“{shown}”还没有文章。"
                continue
            assert told.startswith(f"{found[-1].title}\n{found[-1].paper}") and f"因为订阅：{shown}\n" in told
            assert f"第 {found[-1].page} 版" in told
            assert ("“中航锂电”又名“中创新航”，文中是后者。" in told) == (shown == "中航锂电")
        await carried(town)


async def carried(town: Town) -> None:
    """All of it to somebody else, by the OPML file."""
    await town.says(ME, ME, "/export", "/export")
    await town.until(lambda: sum("document" in one for one in town.messages(ME)) == 2)
    document = next(
        one["document"]
        for one in reversed(town.messages(ME))
        if one.get("document", {}).get("file_name", "").endswith("opml")
    )
    outline = town.api.sandbox.world.files.read(document["file_id"])
    assert outline is not None
    town.act.start(OTHER)
    await town.says(OTHER, OTHER, "/subscribe 江瀾儲能", "已订阅：江澜储能")
    town.act.upload(OTHER, OTHER, Upload("kanbao.opml", "text/x-opml", outline))
    await town.until(lambda: f"{len(LINES) - 1} 条新的订阅（另有 1 条已经有了）" in town.text(OTHER))
    await town.press(OTHER, OTHER, f"加入这 {len(LINES) - 1} 条")
    await town.says(OTHER, OTHER, "/list", f"我的订阅（{len(LINES)} 条）")
    listed = town.text(OTHER)
    await town.press(OTHER, OTHER, "下一页")
    listed += town.text(OTHER)
    assert all(f". {shown} · " in listed for _, shown, _ in LINES)


async def started(town: Town) -> None:
    await publish(town, "")
    town.act.start(ME)
    await town.until(lambda: "这里是刊报" in town.text(ME))


async def publish(town: Town, mark: str) -> None:
    """Both papers; `mark` at the end of each text makes it another number of them."""
    for paper in ("云溪时报", "临江日报"):
        printed = [one for one in ALL if one.paper == paper]
        text = "\n\n".join(f"{one.title}：{one.body}{mark}" for one in printed)
        issue = read(raw(text, paper + mark, paper))
        made = [
            enrich(replace(article, page=one.page, section=one.section, byline=one.byline), KNOWLEDGE.knowledge)
            for article, one in zip(issue.articles, printed, strict=True)
        ]
        await town.world.all.issues.add_issue(replace(issue, articles=tuple(made)), town.api.clock.now())
    await town.world.publish(now=town.api.clock.now())
