"""A web of e-paper sites in memory: each family's structure with papers and towns of our own invention."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zlib import crc32

from digests.sources.epaper import Answer, Ask

Stories = list[list[str]]
"""Titles by page."""
STORIES: Stories = [["储能电站在云溪开工", "青石岭大桥合龙"], ["春茶开采", "广告", "社区食堂开门"]]
NAMES = ["要闻", "民生"]


def text_of(title: str) -> list[str]:
    return [f"本报讯 昨天，{title}的消息传遍全城。", "记者从现场了解到，各项工作进展顺利。"]


@dataclass
class World:
    """Pages by address without scheme. `asked`: every address, in order."""

    pages: dict[str, str | bytes | int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    types: str = "text/html"

    def at(self, now: datetime) -> Ask:
        async def ask(address: str, file: Path | None = None, /, *, etag: str = "", modified: str = "") -> Answer:
            self.asked.append(address)
            parts = urlsplit(address)
            found = self.pages.get(parts.netloc + parts.path + (f"?{parts.query}" if parts.query else ""), 404)
            if isinstance(found, int):
                return Answer(found, address)
            body = found if isinstance(found, bytes) else found.encode()
            keep(file, body)
            if etag and etag == etag_of(body):
                return Answer(304, address)
            return Answer(200, address, b"" if file else body, self.types, etag_of(body))

        return ask

    def put(self, host: str, pages: dict[str, str]) -> World:
        self.pages |= {f"{host}{path}": text for path, text in pages.items()}
        return self


def keep(file: Path | None, body: bytes) -> None:
    if file:
        file.write_bytes(body)


def etag_of(body: bytes) -> str:
    return f'"{crc32(body):x}"'


def html(body: str, title: str = "云溪日报", head: str = "") -> str:
    return f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}</body></html>"


def paragraphs(title: str) -> str:
    return "".join(f"<p>　　{line}</p>" for line in text_of(title))


def picture(targets: list[str], base: str) -> str:
    """The page as a picture with its hot areas, and as a PDF, the way sites offer them."""
    areas = "".join(f'<area shape="rect" coords="{n},0,{n + 1},9" href="{t}">' for n, t in enumerate(targets))
    return f'<img class="preview" src="{base}.jpg" usemap="#PagePicMap"><map name="PagePicMap">{areas}</map><a href="{base}.pdf">PDF</a>'


def refresh(target: str) -> str:
    return html("", head=f'<meta http-equiv="refresh" content="0; URL={target}">')


def family_a(day: str, stories_of: Stories = STORIES) -> dict[str, str]:
    y, m, d = day.split("-")
    base, stamp = "/yx/pc", f"{y}{m}/{d}"
    pages = {f"{base}/layout/index.html": refresh(f"{stamp}/node_A01.html")}
    listing = "".join(f'<li><a href="node_A0{n}.html">第A0{n}版：{name}</a></li>' for n, name in enumerate(NAMES, 1))
    for n, stories in enumerate(stories_of, 1):
        links = "".join(f'<li><a href="../../../content/{stamp}/content_{n}{k}.html">{s}</a></li>' for k, s in enumerate(stories))  # fmt: skip
        areas = [f"../../../content/{stamp}/content_{n}{k}.html" for k in range(len(stories))]
        old = '<li><a href="../../../content/202001/01/content_9.html">旧闻</a></li>'
        pages[f"{base}/layout/{stamp}/node_A0{n}.html"] = html(f'<ul id="list">{listing}</ul><ul class="newsList">{links}{old}</ul>{picture(areas, "page")}')  # fmt: skip
        for k, s in enumerate(stories):
            pages[f"{base}/content/{stamp}/content_{n}{k}.html"] = html(
                f'<p id="PreTitle">快讯</p><h1 id="Title">{s}</h1><p id="SubTitle">各方关注</p><div id="ozoom">{paragraphs(s)}</div>'
            )
    return pages


def family_b(day: str, stories_of: Stories = STORIES) -> dict[str, str]:
    y, m, d = day.split("-")
    base = f"/html/{y}-{m}/{d}"
    pages = {"/paperindex.htm": f"<script>window.location.href = '{base}/node_205.htm';</script>"}
    listing = "".join(f'<td class="default"><a id=pageLink href="node_{204 + n}.htm">第0{n}版：{name}</a></td>' for n, name in enumerate(NAMES, 1))  # fmt: skip
    for n, stories in enumerate(stories_of, 1):
        links = "".join(f'<li><a href="content_{n}{k}.htm?div=-1"><div>{s}</div></a></li>' for k, s in enumerate(stories))  # fmt: skip
        areas = picture([f"content_{n}{k}.htm?div=-1" for k in range(len(stories))], f"../../../page/{n}")
        pages[f"{base}/node_{204 + n}.htm"] = html(f'<table><tr>{listing}</tr></table><ul class="main-ed-articlenav-list">{links}</ul>{areas}')  # fmt: skip
        for k, s in enumerate(stories):
            meta = f"<!--enpproperty <articleid>{k}</articleid><author>林晓</author><title>{s}</title><subtitle></subtitle><introtitle>记者走基层</introtitle>/enpproperty-->"
            pages[f"{base}/content_{n}{k}.htm?div=-1"] = html(f'{meta}<td class="font01">{s}</td><div id="ozoom"><founder-content>{paragraphs(s)}</founder-content></div>')  # fmt: skip
    return pages


def family_b2(day: str, stories_of: Stories = STORIES) -> dict[str, str]:
    y, m, d = day.split("-")
    base = f"/html/{y}-{m}/{d}"
    pages = {"/": refresh(f"{base}/nbs.D110000yxrb_01.htm")}
    listing = "".join(f'<a id="pageLink" href="nbs.D110000yxrb_0{n}.htm">第0{n}版：{name}</a>' for n, name in enumerate(NAMES, 1))  # fmt: skip
    for n, stories in enumerate(stories_of, 1):
        address = f"nw.D110000yxrb_{y}{m}{d}_{{}}-0{n}.htm"
        links = "".join(f'<li><a href="{address.format(k)}">{s}</a></li>' for k, s in enumerate(stories))
        areas = picture([address.format(k) for k in range(len(stories))], f"page{n}")
        pages[f"{base}/nbs.D110000yxrb_0{n}.htm"] = html(f'<div id="pageList">{listing}</div><div id="titleList"><ul>{links}</ul></div>{areas}')  # fmt: skip
        for k, s in enumerate(stories):
            pages[f"{base}/{address.format(k)}"] = html(f'<div class="text_c"><h3>快讯</h3><h1>{s}</h1><h2></h2><div id="ozoom">{paragraphs(s)}</div></div>')  # fmt: skip
    return pages


def family_c(day: str, stories_of: Stories = STORIES) -> dict[str, str]:
    stamp = day.replace("-", "")
    base = f"/content/{stamp}"
    pages = {"/content/PaperIndex.htm": refresh(f"{stamp}/IssueIndex.htm"), f"{base}/IssueIndex.htm": refresh("Page01KX.htm")}  # fmt: skip
    listing = "".join(f'<a href="Page0{n}KX.htm">第0{n}版：{name}</a>' for n, name in enumerate(NAMES, 1))
    for n, stories in enumerate(stories_of, 1):
        links = "".join(f'<a href="Articel0{n}00{k}KX.htm">{s}</a>' for k, s in enumerate(stories))
        areas = picture([f"Articel0{n}00{k}KX.htm" for k in range(len(stories))], f"PDF/{n}")
        pages[f"{base}/Page0{n}KX.htm"] = html(f"{listing}{links}{areas}")
        for k, s in enumerate(stories):
            pages[f"{base}/Articel0{n}00{k}KX.htm"] = html(f'<p id="title">{s}</p><div id="ozoom">{paragraphs(s)}</div>')  # fmt: skip
    return pages


def family_d(
    day: str, number: int, issue: int, before: int | None = None, stories_of: Stories = STORIES
) -> dict[str, str]:
    """`issue`: the platform's own id; `before`: that of the previous issue."""
    base = f"/YX001/news/{issue}"
    pages = {"/YX001": html(f'<a href="{base}/{issue}1/1-1.shtml">电子版</a>')}
    back = f'<a href="/YX001/news/{before}/{before}1/1-1.shtml">上一期</a>' if before else ""
    listing = "".join(f'<a href="{base}/{issue}{n}/{n}-1.shtml">第0{n}版 {name}</a>' for n, name in enumerate(NAMES, 1))  # fmt: skip
    for n, stories in enumerate(stories_of, 1):
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
