"""How long a search takes over many synthetic articles, by kind of query, beside the scan of all of them.

    python tests/bench/search.py --articles 100000

Prints a line for building the index and one for each query: how many match, the median and the longest of the repeats in
milliseconds, for the first page with its facets. The target is 100 ms at 100,000 articles.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from digests.issues_memory import MemoryIssueStore
from digests.search import Archive, proved
from digests.search_index import Narrow
from digests.types import Article, DateEvidence, Fact, Issue
from subscriptions import Alias, AliasTable, parse_query

QUERIES = (
    "动力电池", "电池", "中航锂电", "市", "动力电池 投产", "动力电池|储能|光伏", "标题:电池", "报:云溪日报 电池", "#动力电池", "#动力电池 -储能",
    "版:1 电池", "投资额>=50亿", "阶段:投产 电池", "电池 ~5 投产", "动力电池 ~20 签约", "零零零零", "青石湖畔电池项目一期",
)  # fmt: skip
WORDS = (
    "动力电池",
    "储能",
    "光伏",
    "投产",
    "签约",
    "电池",
    "项目",
    "中创新航",
    "青石湖畔",
    "市",
    "建设",
    "企业",
    "工作",
)
PAPERS = ("青石时报", "云溪日报", "白湖晚报", "常山科技")
PER_ISSUE, CHARACTERS = 40, 700
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def vocabulary(chance: random.Random) -> tuple[list[str], list[float]]:
    """Words of two to four made-up characters, as unevenly used as real ones; some of ours among them."""
    made = ["".join(chr(0x4E00 + int(chance.paretovariate(0.7)) % 3000) for _ in range(chance.choice((2, 2, 2, 3, 4)))) for _ in range(30_000)]  # fmt: skip
    for place, word in enumerate(WORDS):
        made[100 + place * 200] = word
    return made, list(accumulate(1 / (rank + 10) for rank in range(len(made))))


def article(chance: random.Random, words: list[str], weights: list[float], number: int) -> Article:
    chosen = chance.choices(words, cum_weights=weights, k=CHARACTERS * 10 // 26)
    body = "".join(f"{word}{'。' if n % 12 == 11 else ''}" for n, word in enumerate(chosen))
    fact = Fact(
        "甲", "total_investment", 1.0, "亿元", chance.random() * 1e10, "CNY", "1亿元", 0, 1, stage="in_production"
    )
    return Article(
        "".join(chance.choices(words, cum_weights=weights, k=5)), body, page=number % 8 + 1, order=number % PER_ISSUE,
        fingerprint=f"{number}", topics=("动力电池",) if "动力电池" in body else (), facts=(fact,) if number % 4 == 0 else (),
    )  # fmt: skip


def issues(count: int) -> Iterator[Issue]:
    chance = random.Random(5)
    words, weights = vocabulary(chance)
    for start in range(0, count, PER_ISSUE):
        place = start // PER_ISSUE
        day = (date(2026, 3, 1) - timedelta(days=place // len(PAPERS))).isoformat()
        articles = tuple(article(chance, words, weights, n) for n in range(start, min(start + PER_ISSUE, count)))
        paper = PAPERS[place % len(PAPERS)]
        yield Issue(
            paper,
            "newspaper",
            articles,
            fingerprint=f"f{place}",
            id=f"{place}",
            date=DateEvidence(day, day, printed=True),
        )


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*"))


async def measure(count: int, repeats: int) -> None:
    store, aliases = MemoryIssueStore(), AliasTable([Alias(("中航锂电", "中创新航"))])
    for issue in issues(count):
        await store.add_issue(issue, NOW)
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(store, Path(folder), lambda: aliases)
        start = time.perf_counter()
        assert await archive.follow()
        built, size = time.perf_counter() - start, size_of(Path(folder))
        print(f"{count} articles indexed in {built:.1f} s ({count / built:.0f}/s), {size / 2**20:.0f} MiB on disk")
        for text in QUERIES:
            await one(archive, store, aliases, text, count, repeats)
        await archive.close()


async def one(
    archive: Archive, store: MemoryIssueStore, aliases: AliasTable, text: str, count: int, repeats: int
) -> None:
    query, taken = parse_query(text), []
    for _ in range(repeats):
        archive._scans.clear()
        start = time.perf_counter()
        found = await archive.search(query, Narrow(), 0, 5)
        taken.append(1000 * (time.perf_counter() - start))
    sample = await store.articles_after(0, min(count, 200))
    start = time.perf_counter()
    proved(query, aliases, [(article, id, None) for article, id in sample])
    scan = 1000 * (time.perf_counter() - start) * count / len(sample)
    total = f"{found.total}{'' if found.counted else '+'}"
    print(
        f"{text:<16}\t{total:>7} found  median {sorted(taken)[repeats // 2]:6.1f} ms  longest {max(taken):6.1f} ms  scan {scan:8.0f} ms"
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=10_000)
    options.add_argument("--repeats", type=int, default=7)
    chosen = options.parse_args()
    asyncio.run(measure(chosen.articles, chosen.repeats))
