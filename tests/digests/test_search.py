"""Searching finds what the evaluator finds, page by page, newest first; and the index keeps up with the store."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from search_kit import ALIASES, ALL, NOW, archive, article, fill, issue

from digests.corrections import with_corrections
from digests.issues_memory import MemoryIssueStore
from digests.pipeline import as_document
from digests.search import Archive, Results
from digests.search_grams import key_of
from digests.search_index import BusyError, Facets, Narrow, SearchIndex
from digests.types import Article, Fact, Issue
from subscriptions import Alias, AliasTable, evaluate, parse_query

pytestmark = pytest.mark.slow


async def titles(made: Archive, query: str, narrow: Narrow = ALL, offset: int = 0, limit: int = 9) -> list[str]:
    found = await made.search(parse_query(query), narrow, offset, limit)
    assert found.complete
    return [item.article.title for item in found.items]


@pytest.fixture
async def store() -> MemoryIssueStore:
    """Three issues of two papers, the oldest added last."""
    made = MemoryIssueStore()
    fact = Fact("甲", "total_investment", 60.0, "亿元", 6e9, "CNY", "60亿元", 0, 4, stage="signed")
    await fill(
        made,
        issue("青石时报", "2026-03-01", article("电池项目投产", "动力电池在青石湖畔投产。", page=1),
              article("天气", "今天有雨，明天晴。", page=2)),
        issue("云溪日报", "2026-03-02", article("签约", "中创新航签约，总投资60亿元。", facts=(fact,), topics=("动力电池",))),
        issue("青石时报", "2019-05-01", article("旧事", "动力\n电池往事。", section="副刊", byline="林小满")),
    )  # fmt: skip
    return made


# ------------------------------------------------------------------------------------------ searching
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("动力电池", ["电池项目投产", "旧事"]), ("電池", ["电池项目投产", "旧事"]), ("雨", ["天气"]), ("晴。", ["天气"]), ("无此词", []),
        ("标题:电池", ["电池项目投产"]), ("作者:林小满", ["旧事"]), ("栏目:副刊", ["旧事"]), ("报:云溪", ["签约"]), ("正文:签约", ["签约"]),
        ("中航锂电", ["签约"]), ('="中航锂电"', []), ("#动力电池", ["签约"]), ("投资额>=60亿", ["签约"]), ("投资额>60亿", []),
        ("投资额<61亿", ["签约"]), ("阶段:签约", ["签约"]), ("阶段:投产", []), ("版:1 电池", ["电池项目投产"]), ("版:1-2", ["电池项目投产", "天气"]),
        ("动力电池 -往事", ["电池项目投产"]), ("动力 ~3 投产", []), ("电池 ~5 投产", ["电池项目投产"]), ("雨|签约", ["签约", "天气"]),
        ("电池 -(动力 ~9 投产)", ["旧事"]),
    ],
)  # fmt: skip
async def test_what_queries_find(store: MemoryIssueStore, tmp_path: Path, query: str, found: list[str]) -> None:
    async with archive(store, tmp_path) as made:
        assert await titles(made, query) == found


async def test_facets_and_narrowing(store: MemoryIssueStore, tmp_path: Path) -> None:
    async with archive(store, tmp_path) as made:
        found = await made.search(parse_query("动力电池|签约"), ALL, 0, 2)
        assert (found.total, found.counted, found.exact, len(found.items)) == (3, True, True, 2)
        assert found.facets.papers == (("青石时报", 2), ("云溪日报", 1)) and found.facets.years == (
            (2026, 2),
            (2019, 1),
        )
        assert await titles(made, "动力电池|签约", Narrow(paper=key_of("青石时报"))) == ["电池项目投产", "旧事"]
        assert await titles(made, "动力电池|签约", Narrow(year=2019)) == ["旧事"]
        assert await titles(made, "动力电池|签约", Narrow(key_of("云溪日报"), 2019)) == []
        assert await titles(made, "动力电池|签约", offset=2) == ["旧事"]


async def test_one_article(store: MemoryIssueStore, tmp_path: Path) -> None:
    async with archive(store, tmp_path) as made:
        found = await made.find(parse_query("中航锂电"), 3)
        assert found is not None and found.match.aliases == {"中航锂电": "中创新航"} and found.issue is not None
        assert await made.find(parse_query("中航锂电"), 1) is None and await made.find(parse_query("雨"), 99) is None


async def correct(store: MemoryIssueStore, old: Issue, *articles: Article) -> None:
    """The same issue comes anew with these articles."""
    fresh = replace(old, articles=articles, fingerprint=f"{old.fingerprint}+{len(articles)}{articles[0].fingerprint}")
    await store.add_issue(with_corrections(await store.find_issue(old.id), fresh), NOW + timedelta(hours=1))


@pytest.mark.parametrize("query", ["投产", "投产 ~9 完工"])
async def test_what_was_corrected_names_what_counts(tmp_path: Path, query: str) -> None:
    """Also where the index alone cannot answer, after two corrections, and in a process that has not searched yet."""
    store, body = MemoryIssueStore(), "动力电池在青石湖畔投产，今年完工，总投资{}亿元，明年再建一座。"
    first, text = (
        issue("青石时报", "2026-03-01", article("投产", body.format(6)), article("天气", "今天投产完工有雨。")),
        body.format(60),
    )
    await fill(store, first)
    async with archive(store, tmp_path) as made:
        assert all(item.newer is None for item in (await made.search(parse_query(query), ALL, 0, 9)).items)
        await correct(store, first, article("投产", body.format(16)), article("天气", "今天投产完工有雨。"))
        await correct(store, first, article("电池厂投产", text), article("天气", "今天投产完工有雨。"))
        found = (await made.search(parse_query(query), ALL, 0, 9)).items
        newer = {item.article.id: item.newer.id if item.newer else 0 for item in found}
        assert newer == {1: 4, 2: 0, 3: 4, 4: 0} and all(item.newer_found for item in found if item.newer)
    async with archive(store, tmp_path) as fresh:
        one = await fresh.find(parse_query("6亿元 -60亿元"), 1)
        assert one is not None and one.newer is not None and one.newer.body == text and not one.newer_found


async def test_pages_of_what_must_be_proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digests.search.STRIDE", 3)
    monkeypatch.setattr("digests.search.SCANS", 1)
    store = MemoryIssueStore()
    bodies = ["甲甲一二乙乙" if n % 3 else f"甲甲{'一' * 30}乙乙" for n in range(20)]
    await fill(
        store, issue("云溪日报", "2026-01-01", *(article(f"第{n}篇", body + str(n)) for n, body in enumerate(bodies)))
    )
    async with archive(store, tmp_path) as made:
        pages: list[str] = []
        counts: list[tuple[int, bool]] = []
        for offset in (0, 5, 10):
            found = await made.search(parse_query("甲甲 ~5 乙乙"), ALL, offset, 5)
            pages += [item.article.title for item in found.items]
            counts.append((found.total, found.counted))
        assert pages == [f"第{n}篇" for n in range(20) if n % 3]
        assert not counts[0][1] and counts[-1] == (13, True)
        await titles(made, "甲甲 ~4 乙乙")


async def test_the_index_asks_for_what_is_near_and_leaves_out_nothing(tmp_path: Path) -> None:
    """Each order, each distance around the one asked, terms of one, two and three characters, names and fields."""
    store, chance = MemoryIssueStore(), random.Random(7)
    parts = ("甲", "甲乙", "乙丙丁", "中航锂电", "中创新航", "一", "二二二", "，", " ")
    bodies = ["".join(chance.choices(parts, k=chance.randint(2, 9))) for _ in range(60)]
    articles = [article(bodies[n - 1][:6], body, fingerprint=f"{n}") for n, body in enumerate(bodies)]
    await fill(store, issue("云溪日报", "2026-01-01", *articles))
    near = [
        (a, b, d)
        for a in ("甲", "甲乙", "标题:乙丙丁", "中航锂电", "(甲乙|丁)")
        for b in ("甲乙", "乙丙丁", "中创新航")
        for d in (1, 4)
    ]
    async with archive(store, tmp_path) as made:
        for one, other, distance in near:
            query = parse_query(f"{one} ~{distance} {other}")
            expected = [a.title + a.body for a in articles if evaluate(query, as_document(a, "云溪日报"), ALIASES)]
            found = await made.search(query, ALL, 0, 300)
            assert [item.article.title + item.article.body for item in found.items] == expected
            assert found.counted and found.total == len(expected)


async def test_candidates_of_a_nearness_are_few(tmp_path: Path) -> None:
    store = MemoryIssueStore()
    bodies = [f"电池{'零' * (n % 50)}投产" for n in range(100)]
    await fill(store, issue("云溪日报", "2026-01-01", *(article(f"{n}", body) for n, body in enumerate(bodies))))
    async with archive(store, tmp_path) as made:
        assert await made.follow()
        window = SearchIndex(tmp_path).find(parse_query("电池 ~4 投产"), ALIASES, ALL, 0, 100)
        assert (len(window.numbers), window.exact) == (10, False)
        many = AliasTable([Alias((*(f"名{n}" for n in range(20)), "电池"))])
        window = SearchIndex(tmp_path).find(parse_query("电池 ~4 投产"), many, ALL, 0, 100)
        assert (len(window.numbers), window.exact) == (100, False)


# ------------------------------------------------------------------------------------------ keeping up
async def test_what_is_added_is_found_at_once(store: MemoryIssueStore, tmp_path: Path) -> None:
    async with archive(store, tmp_path) as made:
        assert await titles(made, "雨") == ["天气"]
        await fill(store, issue("云溪日报", "2026-03-03", article("雨停", "不下雨了。")))
        assert await titles(made, "雨") == ["雨停", "天气"]
    async with archive(store, tmp_path) as made:
        assert await titles(made, "雨") == ["雨停", "天气"]


async def test_an_index_of_another_store_is_made_anew(store: MemoryIssueStore, tmp_path: Path) -> None:
    async with archive(store, tmp_path) as made:
        assert await titles(made, "雨") == ["天气"]
    for others in (
        [issue("云溪日报", "2026-01-01", article("一", "雪"))],
        [issue("云溪日报", None, *(article(f"{n}雪") for n in range(9)))],
    ):
        other = MemoryIssueStore()
        await fill(other, *others)
        async with archive(other, tmp_path) as made:
            assert await titles(made, "雨") == []
            assert len(await titles(made, "雪")) == len(others[0].articles)


def spoil(folder: Path) -> None:
    (meta,) = folder.glob("*/meta.json")
    meta.write_text("{", "utf-8")


async def test_a_broken_index_is_made_anew(store: MemoryIssueStore, tmp_path: Path) -> None:
    async with archive(store, tmp_path) as made:
        assert await titles(made, "雨") == ["天气"]
    spoil(tmp_path)
    async with archive(store, tmp_path) as made:
        assert await titles(made, "雨") == ["天气"]


async def test_many_articles_come_in_several_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digests.search.TRIP", 3)
    monkeypatch.setattr("digests.search.COMMIT", 7)
    monkeypatch.setattr("digests.search.PATIENCE", 60)
    store = MemoryIssueStore()
    await fill(store, issue("云溪日报", None, *(article(f"{n}", "雪") for n in range(20))))
    async with archive(store, tmp_path) as made:
        found = await made.search(parse_query("雪"), ALL, 0, 50)
        assert [item.article.title for item in found.items] == [str(n) for n in range(20)]
        assert found.facets.years == ((2026, 20),)


async def test_while_another_process_writes_what_is_there_is_searched(store: MemoryIssueStore, tmp_path: Path) -> None:
    async with archive(store, tmp_path) as made:
        assert await titles(made, "雨") == ["天气"]
        writer = SearchIndex(tmp_path)._writer()
        await fill(store, issue("云溪日报", "2026-03-03", article("雨停", "不下雨了。")))
        found = await made.search(parse_query("雨"), ALL, 0, 9)
        assert not found.complete and found.total == 1
        with pytest.raises(BusyError):
            SearchIndex(tmp_path).clear()
        writer.wait_merging_threads()
        assert await titles(made, "雨") == ["雨停", "天气"]


async def test_adding_again_adds_nothing(store: MemoryIssueStore, tmp_path: Path) -> None:
    """As when two processes follow, or one was killed between adding and noting it."""
    async with archive(store, tmp_path) as made:
        assert await titles(made, "雨") == ["天气"]
    index = SearchIndex(tmp_path)
    one = await store.get_articles([1])
    summaries = await store.get_summaries([one[1][1]])
    index.add([(one[1][0], summaries[one[1][1]])])
    async with archive(store, tmp_path) as made:
        assert await titles(made, "电池") == ["电池项目投产", "旧事"]


CHILD = """
import asyncio, sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import digests.search as search
from test_search import many
from subscriptions import AliasTable

search.TRIP, search.COMMIT = 5, 10

async def main():
    await search.Archive(await many(), Path(sys.argv[1]), AliasTable).follow()

asyncio.run(main())
"""


async def many() -> MemoryIssueStore:
    store = MemoryIssueStore()
    await fill(store, issue("云溪日报", "2026-01-01", *(article(f"{n}", "雪") for n in range(300))))
    return store


async def test_a_kill_loses_and_doubles_nothing(tmp_path: Path) -> None:
    paths = [str(path) for path in (Path(__file__).parent, *Path(__file__).parents[1:3])]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, str(tmp_path), env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    )
    while (SearchIndex(tmp_path).newest()[0]) < 30:
        assert child.returncode is None
        await asyncio.sleep(0.02)
    child.kill()
    await child.wait()
    reached = SearchIndex(tmp_path).newest()[0]
    assert reached >= 30
    async with archive(await many(), tmp_path) as made:
        found = await made.search(parse_query("雪"), ALL, 0, 400)
        assert found.complete and [item.article.title for item in found.items] == [str(n) for n in range(300)]


class Failing(MemoryIssueStore):
    """Answers searches, but not those who follow, until it is mended."""

    broken = True

    async def articles_after(self, number: int, limit: int):  # type: ignore[no-untyped-def]
        if self.broken:
            raise OSError("gone")
        return await super().articles_after(number, limit)


async def test_following_that_fails_is_logged_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Failing()
    await fill(store, issue("云溪日报", "2026-03-03", article("雨停", "不下雨了。")))
    async with archive(store, tmp_path) as made:
        assert not (await made.search(parse_query("雨"), ALL, 0, 9)).complete
        assert "search index" in caplog.text
        store.broken = False
        assert await titles(made, "雨") == ["雨停"]


async def test_a_search_does_not_wait_long(
    store: MemoryIssueStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digests.search.PATIENCE", 0.0)
    async with archive(store, tmp_path) as made:
        assert await made.search(parse_query("雨"), ALL, 0, 9) == Results((), 0, False, True, Facets(), complete=False)
        await made.follow()
        monkeypatch.setattr("digests.search.PATIENCE", 5.0)
        assert await titles(made, "雨") == ["天气"]
