"""Each family of e-papers, read from its entry to its articles; what is not as expected is told of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from epaper_world import FAMILIES, World, family_a, family_d, html, paragraphs, refresh, text_of

from digests.errors import UnreadableError
from digests.sources.epaper import Answer, Ask, EpaperSource
from digests.sources.epaper_find import at_day
from digests.sources.epaper_profile import Profile, profile_from
from digests.sources.epaper_try import recognise, try_address
from digests.sources.http_outcomes import Moved
from digests.sources.pdf import PdfText
from digests.sources.state import MemorySourceStates
from digests.types import PageText, RawIssue

HOST = "paper.yunxi.example"
NOW = datetime(2026, 3, 6, 9, tzinfo=timezone(timedelta(hours=8)))
LATER = timedelta(hours=1)


def paper(preset: str, path: str, **more: Any) -> Profile:
    return profile_from(preset, f"http://{HOST}{path}", publication="云溪日报", **more)


async def checked(source: EpaperSource, now: datetime) -> tuple[list[RawIssue], list[UnreadableError]]:
    items = [item async for item in source.check(now)]
    return [i for i in items if isinstance(i, RawIssue)], [i for i in items if isinstance(i, UnreadableError)]


@pytest.mark.parametrize("family", FAMILIES)
async def test_an_issue_from_entry_to_articles(family: str) -> None:
    make, path = FAMILIES[family]
    world = World().put(HOST, make("2026-03-06"))
    source = EpaperSource("yx", paper(family, path), world.at, MemorySourceStates())
    (issue,), problems = await checked(source, NOW)
    assert not problems
    assert (issue.hints.publication, issue.hints.date) == ("云溪日报", "2026-03-06")
    assert [a.title for a in issue.articles] == ["储能电站在云溪开工", "青石岭大桥合龙", "春茶开采", "社区食堂开门"]
    assert [a.page for a in issue.articles] == [1, 1, 2, 2]
    assert issue.articles[0].section == "要闻"
    assert issue.articles[0].body.split("\n") == text_of("储能电站在云溪开工")
    assert issue.articles[0].address.startswith(f"http://{HOST}/")
    asked = len(world.asked)
    assert await checked(source, NOW + LATER) == ([], [])
    assert not any("ontent_" in one or "Articel" in one for one in world.asked[asked:])
    asked = len(world.asked)
    assert await checked(source, NOW + 2 * LATER) == ([], [])
    assert len(world.asked) - asked <= 3


async def test_heads_of_each_kind() -> None:
    for family, kicker, subtitle, byline in (
        ("A", "快讯", "各方关注", None),
        ("B", "记者走基层", None, "林晓"),
        ("D", "记者走基层：", "——来自一线的报道", "林晓"),
    ):
        make, path = FAMILIES[family]
        source = EpaperSource("yx", paper(family, path), World().put(HOST, make("2026-03-06")).at, MemorySourceStates())
        (issue,), _ = await checked(source, NOW)
        first = issue.articles[0]
        assert (first.kicker, first.subtitle, first.byline) == (kicker, subtitle, byline), family


async def test_a_number_that_was_missed_is_fetched() -> None:
    world, states = World().put(HOST, family_d("2026-03-02", 2420, 5390)), MemorySourceStates()
    source = EpaperSource("yx", paper("D", "/YX001"), world.at, states)
    (first,), _ = await checked(source, NOW - timedelta(days=4))
    assert first.hints.total_number == 2420
    await checked(source, NOW - timedelta(days=3))
    world.put(HOST, family_d("2026-03-04", 2421, 5394, before=5390))
    world.put(HOST, family_d("2026-03-06", 2422, 5399, before=5394))
    issues, problems = await checked(source, NOW)
    assert ([i.hints.total_number for i in issues], problems) == ([2421, 2422], [])
    assert await checked(source, NOW + LATER) == ([], [])


async def test_an_old_issue_is_an_error_not_news() -> None:
    source = EpaperSource("yx", paper("A", "/yx/pc/layout/index.html"), World().put(HOST, family_a("2026-01-02")).at, MemorySourceStates())  # fmt: skip
    issues, (problem,) = await checked(source, NOW)
    assert not issues
    assert "2026-01-02" in problem.reason


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ({"/e": html("<a href=/about>关于</a>")}, "expected the entry to lead to a page"),
        ({"/e": refresh("/e1"), **{f"/e{n}": refresh(f"/e{n + 1}") for n in range(1, 20)}}, "at most 6 redirects"),
        ({"/e": refresh("http://other.example/x")}, "expected the entry"),
        ({"/e": refresh("/layout/202603/06/node_1.html"), "/layout/202603/06/node_1.html": html("改版了")}, "expected links to articles"),
        ({"/e": "<div>" * 5000}, "levels of nesting"),
        ({}, "404"),
    ],
)  # fmt: skip
async def test_what_is_not_as_expected_is_told(pages: dict[str, str], said: str) -> None:
    source = EpaperSource("yx", paper("A", "/e"), World().put(HOST, pages).at, MemorySourceStates())
    issues, (problem,) = await checked(source, NOW)
    assert not issues
    assert said in problem.reason


async def test_a_server_that_is_away_is_told_of_the_third_time() -> None:
    world = World({f"{HOST}/e": 503})
    source = EpaperSource("yx", paper("A", "/e"), world.at, MemorySourceStates())
    counts = [len((await checked(source, NOW + timedelta(days=n)))[1]) for n in range(4)]
    assert counts == [0, 0, 1, 1]


async def test_a_broken_article_comes_later_or_is_given_up() -> None:
    pages = family_a("2026-03-06")
    broken = "/yx/pc/content/202603/06/content_11.html"
    whole = pages.pop(broken)
    world, states = World().put(HOST, pages), MemorySourceStates()
    source = EpaperSource("yx", paper("A", "/yx/pc/layout/index.html"), world.at, states)
    (issue,), problems = await checked(source, NOW)
    assert (len(issue.articles), len(problems)) == (3, 1)
    world.put(HOST, {broken: whole})
    (rest,), problems = await checked(source, NOW + LATER)
    assert ([a.title for a in rest.articles], problems) == (["青石岭大桥合龙"], [])


async def test_a_column_of_a_government_site() -> None:
    def article(n: int, day: str) -> tuple[str, str]:
        return (
            f"/html/yxkj/2026/ABCDEFGH_{day}/{n}.html",
            html(f"<h1>通知{n}</h1><p>发布日期：2026-03-0{n}</p><div id=zoom>{paragraphs('通知')}</div>", "云溪科技局"),
        )

    articles = dict([article(3, "0303"), article(5, "0305"), article(6, "0305")])
    links = "".join(f'<li><a href="{path}">通知{path[-6]}</a></li>' for path in articles)
    listing = html(f"<ul class=list>{links}</ul>", head='<meta name="SiteName" content="云溪科技局">')
    world = World().put(HOST, {"/class/ABC": listing, **articles})
    source = EpaperSource("kj", profile_from("gov-cms", f"http://{HOST}/class/ABC"), world.at, MemorySourceStates())
    issues, problems = await checked(source, NOW)
    assert not problems
    assert [(i.hints.date, i.hints.publication) for i in issues] == [
        ("2026-03-05", "云溪科技局"),
        ("2026-03-06", "云溪科技局"),
    ]
    path, text = article(7, "0306")
    world.put(HOST, {path: text, "/class/ABC": listing.replace("<li>", f'<li><a href="{path}">通知7</a></li><li>', 1)})
    (new,), _ = await checked(source, NOW + LATER)
    assert [a.title for a in new.articles] == ["通知7"]


async def test_a_list_of_periodicals() -> None:
    listing = html('<a href="/p/1/">2026年第1期</a><a href="/p/12/">2025年第12期</a>')
    contents = html('<a href="/p/1/a.html">园区走笔</a><a href="/p/1/b.html">目录</a><a href="/x.html">首页</a>')
    story = html(f"<h1>园区走笔</h1><div class=content>{paragraphs('园区')}</div>")
    world = World().put(HOST, {"/p": listing, "/p/1/": contents, "/p/1/a.html": story})
    source = EpaperSource("kj", profile_from("periodical-list", f"http://{HOST}/p"), world.at, MemorySourceStates())
    (issue,), problems = await checked(source, NOW)
    assert not problems
    assert (issue.hints.number, issue.hints.date, issue.articles[0].title) == ("2026年第1期", None, "园区走笔")
    assert await checked(source, NOW + LATER) == ([], [])


@pytest.mark.parametrize("family", FAMILIES)
async def test_an_address_is_recognised_and_tried(family: str) -> None:
    make, path = FAMILIES[family]
    fetch = World().put(HOST, make("2026-03-06")).at(NOW)
    guess = await recognise(f"http://{HOST}{path}", fetch)
    assert guess.kind == "epaper"
    assert guess.profile is not None
    assert guess.profile.preset == family
    steps = await try_address(f"http://{HOST}{path}", fetch)
    assert [step.ok for step in steps] == [True] * 6, steps


async def test_other_addresses() -> None:
    world = World().put(
        HOST,
        {
            "/feed": "<?xml version='1.0'?><rss version='2.0'></rss>",
            "/blog": html("x", head='<link rel=alternate type="application/rss+xml" href="/feed">'),
            "/p": html('<a href="/p/1.pdf">2026年第1期</a>'),
            "/plain": html("你好", "云溪"),
            "/f.pdf": "%PDF-1.4",
        },
    )
    fetch = world.at(NOW)
    kinds = [(await recognise(f"http://{HOST}{path}", fetch)).kind for path in ("/feed", "/blog", "/p", "/plain", "/f.pdf", "/no")]  # fmt: skip
    assert kinds == ["feed", "feed", "periodicals", "page", "pdf", "nothing"]
    steps = await try_address(f"http://{HOST}/e", fetch, replace(paper("A", "/e")))
    assert [step.ok for step in steps] == [False]


async def test_an_entry_that_did_not_change_is_asked_for_alone() -> None:
    make, path = FAMILIES["A"]
    world, states = World().put(HOST, make("2026-03-06")), MemorySourceStates()
    source = EpaperSource("yx", paper("A", path), world.at, states)
    for n in range(3):
        await checked(source, NOW + n * LATER)
    state = await states.find_state("yx")
    assert state is not None and state.etag
    asked = len(world.asked)
    assert await checked(source, NOW + 3 * LATER) == ([], [])
    assert world.asked[asked:] == [f"http://{HOST}{path}"]
    asked = len(world.asked)
    await checked(source, NOW + timedelta(hours=12))
    assert len(world.asked) - asked > 1, "now and then all is looked at, whatever the server says"
    world.put(HOST, make("2026-03-07"))
    (issue,), _ = await checked(source, NOW + timedelta(days=1))
    assert issue.hints.date == "2026-03-07"


async def test_an_entry_that_is_gone_is_told_of_and_not_asked_again() -> None:
    world, states = World({f"{HOST}/yx": 410}), MemorySourceStates()
    source = EpaperSource("yx", paper("A", "/yx"), world.at, states)
    _, (problem,) = await checked(source, NOW)
    assert "410" in problem.reason
    assert await checked(source, NOW + timedelta(days=30)) == ([], [])
    assert len(world.asked) == 1


def answers(*given: Answer) -> Callable[[datetime], Ask]:
    left = list(given)

    def at(now: datetime) -> Ask:
        async def ask(address: str, file: Path | None = None, /, *, etag: str = "", modified: str = "") -> Answer:
            return left.pop(0)

        return ask

    return at


async def test_what_the_entry_says_of_the_next_time_is_followed() -> None:
    soon, day = NOW + timedelta(minutes=40), NOW + timedelta(days=1)
    given = (Answer(503, "", b"busy", retry_at=day), Answer(304, "", fresh_until=soon), Answer(304, "", fresh_until=day + timedelta(days=3)))  # fmt: skip
    states = MemorySourceStates()
    source = EpaperSource("yx", paper("A", "/yx"), answers(*given), states)
    for now, expected in ((NOW, day), (day, None), (day + 2 * LATER, day + 3 * LATER)):
        await checked(source, now)
        state = await states.find_state("yx")
        assert state is not None and (expected is None or state.next_at == expected)


async def test_an_entry_that_moved_is_taken_over_but_not_for_todays_issue() -> None:
    for target, taken in ((f"http://{HOST}/new/", True), (f"http://{HOST}/layout/202603/06/node_A01.html", False)):
        states = MemorySourceStates()
        moved = Answer(304, target, moved=Moved(target))
        source = EpaperSource("yx", paper("A", "/yx"), answers(*[moved] * 4), states)
        for n in range(3):
            await checked(source, NOW + n * LATER)
        state = await states.find_state("yx")
        assert state is not None and state.address == (target if taken else "")


async def test_a_day_that_was_missed_is_fetched_by_its_address() -> None:
    for family in ("A", "B", "B2", "C"):
        make, path = FAMILIES[family]
        world, states = World().put(HOST, make("2026-03-02")), MemorySourceStates()
        source = EpaperSource("yx", paper(family, path), world.at, states)
        await checked(source, NOW - timedelta(days=4))
        world.put(HOST, make("2026-03-04")).put(HOST, make("2026-03-06"))
        issues, problems = await checked(source, NOW)
        assert ([i.hints.date for i in issues], problems) == (["2026-03-04", "2026-03-06"], []), family


async def test_a_server_that_falls_silent_half_way_costs_no_article() -> None:
    make, path = FAMILIES["A"]
    world, states = World().put(HOST, make("2026-03-06")), MemorySourceStates()
    source = EpaperSource("yx", paper("A", path), world.at, states)
    content = {key: text for key, text in world.pages.items() if "content_" in key}
    for key in list(content)[1:]:
        world.pages[key] = 503
    got: list[str] = []
    for n in range(3):
        issues, problems = await checked(source, NOW + n * LATER)
        got += [a.title for i in issues for a in i.articles]
        assert 1 <= len(problems) <= 3
    assert len(got) == 1
    world.pages |= content
    (rest,), problems = await checked(source, NOW + 3 * LATER)
    assert (len(got) + len(rest.articles), problems) == (4, [])


@pytest.mark.parametrize("part", ["node_A02", "node_A0"])
async def test_a_page_of_the_issue_without_an_answer_comes_later(part: str) -> None:
    make, path = FAMILIES["A"]
    world, states = World().put(HOST, make("2026-03-06")), MemorySourceStates()
    source = EpaperSource("yx", paper("A", path), world.at, states)
    away = {key: text for key, text in world.pages.items() if part in key}
    world.pages |= dict.fromkeys(away, 500)
    first, _ = await checked(source, NOW)
    world.pages |= away
    second, problems = await checked(source, NOW + LATER)
    assert problems == [] and sum(len(i.articles) for i in (*first, *second)) == 4


def test_an_address_on_another_day() -> None:
    mark = {"y": "2026", "m": "03", "d": "06"}
    for path, other in (
        ("/l/202603/06/node_1.html", "/l/202602/28/node_1.html"), ("/2026-03/06/n.htm", "/2026-02/28/n.htm"),
        ("/20260306/I.htm", "/20260228/I.htm"), ("/2026/03/06/", "/2026/02/28/"), ("/index.htm", None),
    ):  # fmt: skip
        expected = f"http://{HOST}{other}" if other else ""
        assert at_day(f"http://{HOST}{path}", mark, date(2026, 2, 28)) == expected
    assert at_day(f"http://{HOST}/20260306/", {}, date(2026, 2, 28)) == ""


async def test_a_page_that_is_a_pdf_alone_comes_beside_the_articles_of_the_others() -> None:
    make, path = FAMILIES["A"]
    world, states = World().put(HOST, make("2026-03-06")), MemorySourceStates()
    page = f"{HOST}/yx/pc/layout/202603/06/node_A02.html"
    world.pages[page] = html('<a href="A02.pdf">PDF</a>')
    world.pages[f"{HOST}/yx/pc/layout/202603/06/A02.pdf"] = b"%PDF-"

    async def read(file: Path, name: str) -> PdfText:
        return PdfText((PageText(name, "第二版的文字"),), 0.5)

    source = EpaperSource("yx", paper("A", path), world.at, states, read_pdf=read)
    (articles, pages), problems = await checked(source, NOW)
    assert problems == [] and articles.hints == pages.hints
    assert [a.page for a in articles.articles] == [1, 1] and articles.pages == () and articles.recognised is None
    assert [(p.text, p.page) for p in pages.pages] == [("第二版的文字", 2)] and pages.recognised == 0.5
    for n in (1, 2):
        assert await checked(source, NOW + n * LATER) == ([], [])
