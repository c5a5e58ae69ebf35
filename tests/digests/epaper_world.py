"""A web of e-paper sites in memory: each family's structure with papers and towns of our own invention."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from digests.sources.epaper import Answer
from digests.sources.epaper_find import Fetch, PageKind

STORIES = [["储能电站在云溪开工", "青石岭大桥合龙"], ["春茶开采", "广告", "社区食堂开门"]]
NAMES = ["要闻", "民生"]


def text_of(title: str) -> list[str]:
    return [f"本报讯 昨天，{title}的消息传遍全城。", "记者从现场了解到，各项工作进展顺利。"]


@dataclass
class World:
    """Pages by address without scheme. `asked`: every address, in order."""

    pages: dict[str, str | bytes | int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    types: str = "text/html"

    def at(self, now: datetime) -> Fetch:
        async def fetch(address: str, kind: PageKind, /) -> Answer:
            self.asked.append(address)
            parts = urlsplit(address)
            found = self.pages.get(parts.netloc + parts.path + (f"?{parts.query}" if parts.query else ""), 404)
            if isinstance(found, int):
                return Answer(found, address)
            return Answer(200, address, found if isinstance(found, bytes) else found.encode(), self.types)

        return fetch

    def put(self, host: str, pages: dict[str, str]) -> World:
        self.pages |= {f"{host}{path}": text for path, text in pages.items()}
        return self


def html(body: str, title: str = "云溪日报", head: str = "") -> str:
    return f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}</body></html>"


def paragraphs(title: str) -> str:
    return "".join(f"<p>　　{line}</p>" for line in text_of(title))


def refresh(target: str) -> str:
    return html("", head=f'<meta http-equiv="refresh" content="0; URL={target}">')


def family_a(day: str) -> dict[str, str]:
    y, m, d = day.split("-")
    base, stamp = "/yx/pc", f"{y}{m}/{d}"
    pages = {f"{base}/layout/index.html": refresh(f"{stamp}/node_A01.html")}
    listing = "".join(f'<li><a href="node_A0{n}.html">第A0{n}版：{name}</a></li>' for n, name in enumerate(NAMES, 1))
    for n, stories in enumerate(STORIES, 1):
        links = "".join(f'<li><a href="../../../content/{stamp}/content_{n}{k}.html">{s}</a></li>' for k, s in enumerate(stories))  # fmt: skip
        old = '<li><a href="../../../content/202001/01/content_9.html">旧闻</a></li>'
        pages[f"{base}/layout/{stamp}/node_A0{n}.html"] = html(f'<ul id="list">{listing}</ul><ul class="newsList">{links}{old}</ul>')  # fmt: skip
        for k, s in enumerate(stories):
            pages[f"{base}/content/{stamp}/content_{n}{k}.html"] = html(
                f'<p id="PreTitle">快讯</p><h1 id="Title">{s}</h1><p id="SubTitle">各方关注</p><div id="ozoom">{paragraphs(s)}</div>'
            )
    return pages


def family_b(day: str) -> dict[str, str]:
    y, m, d = day.split("-")
    base = f"/html/{y}-{m}/{d}"
    pages = {"/paperindex.htm": f"<script>window.location.href = '{base}/node_205.htm';</script>"}
    listing = "".join(f'<td class="default"><a id=pageLink href="node_{204 + n}.htm">第0{n}版：{name}</a></td>' for n, name in enumerate(NAMES, 1))  # fmt: skip
    for n, stories in enumerate(STORIES, 1):
        links = "".join(f'<li><a href="content_{n}{k}.htm?div=-1"><div>{s}</div></a></li>' for k, s in enumerate(stories))  # fmt: skip
        areas = '<map name="PagePicMap"><area coords="1,2,3,4" href="content_10.htm?div=-1"></map>'
        pages[f"{base}/node_{204 + n}.htm"] = html(f'<table><tr>{listing}</tr></table><ul class="main-ed-articlenav-list">{links}</ul>{areas}')  # fmt: skip
        for k, s in enumerate(stories):
            meta = f"<!--enpproperty <articleid>{k}</articleid><author>林晓</author><title>{s}</title><subtitle></subtitle><introtitle>记者走基层</introtitle>/enpproperty-->"
            pages[f"{base}/content_{n}{k}.htm?div=-1"] = html(f'{meta}<td class="font01">{s}</td><div id="ozoom"><founder-content>{paragraphs(s)}</founder-content></div>')  # fmt: skip
    return pages


def family_b2(day: str) -> dict[str, str]:
    y, m, d = day.split("-")
    base = f"/html/{y}-{m}/{d}"
    pages = {"/": refresh(f"{base}/nbs.D110000yxrb_01.htm")}
    listing = "".join(f'<a id="pageLink" href="nbs.D110000yxrb_0{n}.htm">第0{n}版：{name}</a>' for n, name in enumerate(NAMES, 1))  # fmt: skip
    for n, stories in enumerate(STORIES, 1):
        address = f"nw.D110000yxrb_{y}{m}{d}_{{}}-0{n}.htm"
        links = "".join(f'<li><a href="{address.format(k)}">{s}</a></li>' for k, s in enumerate(stories))
        pages[f"{base}/nbs.D110000yxrb_0{n}.htm"] = html(f'<div id="pageList">{listing}</div><div id="titleList"><ul>{links}</ul></div>')  # fmt: skip
        for k, s in enumerate(stories):
            pages[f"{base}/{address.format(k)}"] = html(f'<div class="text_c"><h3>快讯</h3><h1>{s}</h1><h2></h2><div id="ozoom">{paragraphs(s)}</div></div>')  # fmt: skip
    return pages


def family_c(day: str) -> dict[str, str]:
    stamp = day.replace("-", "")
    base = f"/content/{stamp}"
    pages = {"/content/PaperIndex.htm": refresh(f"{stamp}/IssueIndex.htm"), f"{base}/IssueIndex.htm": refresh("Page01KX.htm")}  # fmt: skip
    listing = "".join(f'<a href="Page0{n}KX.htm">第0{n}版：{name}</a>' for n, name in enumerate(NAMES, 1))
    for n, stories in enumerate(STORIES, 1):
        links = "".join(f'<a href="Articel0{n}00{k}KX.htm">{s}</a>' for k, s in enumerate(stories))
        pages[f"{base}/Page0{n}KX.htm"] = html(f"{listing}{links}")
        for k, s in enumerate(stories):
            pages[f"{base}/Articel0{n}00{k}KX.htm"] = html(f'<p id="title">{s}</p><div id="ozoom">{paragraphs(s)}</div>')  # fmt: skip
    return pages


def family_d(day: str, number: int, issue: int, before: int | None = None) -> dict[str, str]:
    """`issue`: the platform's own id; `before`: that of the previous issue."""
    base = f"/YX001/news/{issue}"
    pages = {"/YX001": html(f'<a href="{base}/{issue}1/1-1.shtml">电子版</a>')}
    back = f'<a href="/YX001/news/{before}/{before}1/1-1.shtml">上一期</a>' if before else ""
    listing = "".join(f'<a href="{base}/{issue}{n}/{n}-1.shtml">第0{n}版 {name}</a>' for n, name in enumerate(NAMES, 1))  # fmt: skip
    for n, stories in enumerate(STORIES, 1):
        ids = [n if k == 0 else n * 100 + k for k in range(len(stories))]
        links = "".join(f'<li><a href="{base}/{issue}{n}/{i}-1.shtml">{s}</a></li>' for i, s in zip(ids, stories, strict=True))  # fmt: skip
        for i, s in zip(ids, stories, strict=True):
            pages[f"{base}/{issue}{n}/{i}-1.shtml"] = html(
                f"<div id=pagelist>{listing}</div><ul id=m1>{links}</ul>{back}<p>标题</p><p>第{number}期:第0{n}版 本期出版日期:{day}</p>"
                f"<p>记者走基层：</p><h2>{s}</h2><p>——来自一线的报道</p><p>语音播报</p>{paragraphs(s)}<p>林晓</p><p>新闻评论0</p><p>友情链接</p>"
            )
    return pages


Family = Callable[[str], dict[str, str]]
FAMILIES: dict[str, tuple[Family, str]] = {
    "A": (family_a, "/yx/pc/layout/index.html"),
    "B": (family_b, "/paperindex.htm"),
    "B2": (family_b2, "/"),
    "C": (family_c, "/content/PaperIndex.htm"),
    "D": (lambda day: family_d(day, 2421, 5396), "/YX001"),
}
