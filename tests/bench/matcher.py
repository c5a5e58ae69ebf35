"""Matching standing queries, measured in one run: ours, the floor (the bare automaton pass), and the peers.

    python tests/bench/matcher.py [--queries 100000] [--articles 25] [--popularity uniform,zipf]

Peers that need more than the project does are measured where they are installed:
    pip install pyahocorasick flashtext
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from daachorse import CharwiseDoubleArrayAhoCorasick

sys.path.insert(0, str(Path(__file__).parent))
from matcher_world import World, make_world

from subscriptions import AliasTable, Document, Matcher, QueryId, fold, query_id
from subscriptions.matcher_compile import build_index
from subscriptions.matcher_texts import in_order, page_of
from subscriptions.types import QueryPage

Terms = Callable[[str], set[str]]


@dataclass(frozen=True)
class Row:
    name: str
    ms: float
    hits: float
    missed: float | None = None
    build: float | None = None


def milliseconds(work: Callable[[Document], object], articles: list[Document], rounds: int = 3) -> float:
    """The median article's best of `rounds`: processor time, so that other work on the machine does not count."""
    best = [min(_timed(work, article) for _ in range(rounds)) for article in articles]
    return statistics.median(best) * 1e3


def in_turn(works: list[Callable[[Document], object]], articles: list[Document], rounds: int = 15) -> list[float]:
    """As `milliseconds`, of several works that are compared: one after the other in each round, so that what else the
    machine does meets them alike. With fewer rounds the ratios tell of the neighbours."""
    best = [[[_timed(work, article) for work in works] for _ in range(rounds)] for article in articles]
    fastest = [[min(times) for times in zip(*of_article, strict=True)] for of_article in best]
    return [statistics.median(times) * 1e3 for times in zip(*fastest, strict=True)]


def _timed(work: Callable[[Document], object], article: Document) -> float:
    start = time.thread_time()
    work(article)
    return time.thread_time() - start


def text_of(article: Document) -> str:
    return fold("\n".join((article.title, article.body, article.byline)))


def parse_simple(text: str) -> list[tuple[list[str], list[str]]]:
    """The clauses of a query of the world: what must, what must not occur."""
    clauses = [part.split(" ") for part in text.split("|")]
    return [([w for w in c if w[0] != "-"], [w[1:] for w in c if w[0] == "-"]) for c in clauses]


def naive(world: World) -> Callable[[Document], list[QueryId]]:
    queries = [(id, parse_simple(text)) for id, text in world.queries.items()]

    def match(article: Document) -> list[QueryId]:
        text = text_of(article)
        return [
            id
            for id, clauses in queries
            if any(all(w in text for w in must) and not any(w in text for w in no) for must, no in clauses)
        ]

    return match


class Inverted:
    """Queries under their rarest word, checked in Python: what a peer that finds words still needs."""

    def __init__(self, world: World) -> None:
        use: dict[str, int] = {}
        parsed = [(id, parse_simple(text)) for id, text in world.queries.items()]
        for _, clauses in parsed:
            for must, _ in clauses:
                for word in must:
                    use[word] = use.get(word, 0) + 1
        self.under: dict[str, list[tuple[QueryId, list[str], list[str]]]] = {}
        for id, clauses in parsed:
            for must, no in clauses:
                self.under.setdefault(min(must, key=use.__getitem__), []).append((id, must, no))

    def match(self, present: set[str]) -> set[QueryId]:
        found = set()
        for word in present & self.under.keys():
            for id, must, no in self.under[word]:
                if all(w in present for w in must) and not any(w in present for w in no):
                    found.add(id)
        return found


def jieba_terms(words: list[str]) -> Terms:
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()
    return lambda text: set(jieba.cut(text))


def ahocorasick_terms(words: list[str]) -> Terms:
    automaton = importlib.import_module("ahocorasick").Automaton()
    for word in words:
        automaton.add_word(word, word)
    automaton.make_automaton()
    return lambda text: {word for _, word in automaton.iter(text)}


def regex_terms(words: list[str]) -> Terms:
    if len(words) > 100_000:
        raise ImportError("does not build for so many words")
    pattern = re.compile("|".join(sorted(words, key=len, reverse=True)))
    return lambda text: set(pattern.findall(text))


def flashtext_terms(words: list[str]) -> Terms:
    processor = importlib.import_module("flashtext").KeywordProcessor()
    for word in words:
        processor.add_keyword(word)
    return lambda text: set(processor.extract_keywords(text))


PEERS: dict[str, Callable[[list[str]], Terms]] = {
    "jieba tokens + dictionary": jieba_terms,
    "pyahocorasick": ahocorasick_terms,
    "one regular expression": regex_terms,
    "FlashText": flashtext_terms,
}


def peer_rows(world: World, truth: list[set[QueryId]], sample: list[Document]) -> Iterable[Row]:
    inverted = Inverted(world)
    for name, make in PEERS.items():
        start = time.thread_time()
        try:
            terms = make(world.words)
        except ImportError as error:
            print(f"  {name}: skipped ({error})")
            continue
        build = time.thread_time() - start

        def match(article: Document, terms: Terms = terms) -> set[QueryId]:
            return inverted.match(terms(text_of(article)))

        found = [match(article) for article in sample]
        missed = 1 - sum(len(f & t) for f, t in zip(found, truth, strict=True)) / max(1, sum(map(len, truth)))
        yield Row(name, milliseconds(match, sample, 1), _mean(found), missed, build)


def _mean(found: list[set[QueryId]]) -> float:
    return statistics.fmean(map(len, found))


def child(path: str) -> tuple[float, float]:
    """In a process of its own, which takes pages: seconds to build, MiB at most (its own: what the system tells of a child
    in getrusage is at least what its parent had when it was started)."""
    start = time.process_time()
    texts = in_order([QueryPage(Path(f"{path}.ids").read_bytes(), Path(path).read_bytes())])
    assert len(build_index(texts, AliasTable())) == len(texts)
    done = time.process_time()
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert peak, "needs Linux"
    return done - start, int(peak[1]) / 1024


def own_process(world: World, folder: Path) -> tuple[float, float]:
    path = folder / "queries.txt"
    page = page_of(world.queries.items())
    path.write_bytes(page.blob)
    Path(f"{path}.ids").write_bytes(page.ids)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(child, str(path)).result()


def run(queries: int, articles: int, popularity: str, peers: bool, folder: Path) -> None:
    world = make_world(queries, articles, popularity)
    print(
        f"\n{queries:,} queries, {popularity} popularity, {len(world.words):,} words, {articles} articles of 1,600 characters"
    )
    build, peak = own_process(world, folder)
    print(f"  built in a process of its own in {build:.1f} s, {peak:.0f} MiB at most")
    start = time.thread_time()
    matcher = Matcher(world.queries.items())
    build = time.thread_time() - start
    used = sorted({word.lstrip("-") for text in world.queries.values() for word in re.split("[ |]", text)})
    start = time.thread_time()
    automaton = CharwiseDoubleArrayAhoCorasick(used)
    library = time.thread_time() - start
    folded = {article: text_of(article) for article in world.articles}
    gc.collect()
    gc.freeze()  # the world's millions of strings are no part of a service
    found = [set(matcher.match_ids(article)) for article in world.articles]

    def floor(article: Document) -> object:
        return automaton.find_overlapping(folded[article])

    bare, ours = in_turn([floor, matcher.match_ids], world.articles)
    rows = [
        Row("bare automaton pass", bare, 0, build=library),
        Row("ours, ids", ours, _mean(found), build=build),
        Row("ours, with proof", milliseconds(matcher.match, world.articles), _mean(found)),
    ]
    show_every_article(world, matcher)
    if popularity == "uniform":  # of the others there are millions, which no store takes in seconds
        asyncio.run(show_stored(world, matcher))
    sample = world.articles[: 3 if queries > 200_000 else 10]
    loop = naive(world)
    truth = [set(loop(article)) for article in sample]
    assert truth == found[: len(sample)], "something was missed"
    rows.append(Row("naive loop", milliseconds(loop, sample, 1), _mean(truth)))
    rows += list(peer_rows(world, truth, sample)) if peers else []
    show(rows)
    additions(world, matcher, floor)


def show_every_article(world: World, matcher: Matcher) -> None:
    start = time.thread_time()
    hits = sum(len(matcher.match(article)) for article in world.articles)
    print(f"  {len(world.articles)} articles with all {hits:,} proofs: {time.thread_time() - start:.2f} s")


async def show_stored(world: World, matcher: Matcher) -> None:
    """As the pipeline does: every hit with its proof into a real store, by the clock and by the work of this process and
    of the server, for neither knows what else the machine does."""
    from bot.connect_redis import connect  # not at the top: the builder's process imports this file
    from bot.store_process import EmbeddedStore
    from digests.hits_redis import RedisHitStore

    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        client = await connect(await store.start())
        try:

            async def server_time() -> float:
                used = await client.info("cpu")
                return float(used["used_cpu_user"] + used["used_cpu_sys"])

            hits, count = RedisHitStore(client), 0
            clock, work, server = time.perf_counter(), time.process_time(), await server_time()
            for number, article in enumerate(world.articles, 1):
                matches = matcher.match(article)
                await hits.add_hits(number, matches)
                count += len(matches)
            clock, work = time.perf_counter() - clock, time.process_time() - work
            server = await server_time() - server
            print(
                f"  {len(world.articles)} articles with all {count:,} hits stored: {clock:.2f} s by the clock, "
                f"{work:.2f} s of work, {server:.2f} s of the server's"
            )
        finally:
            await client.aclose()
            await store.stop()


def show(rows: list[Row]) -> None:
    floor, slowest = rows[0].ms, next(row.ms for row in rows if row.name == "naive loop")
    print(f"  {'':28}{'ms':>10}{'x bare':>9}{'naive/x':>9}{'hits':>10}{'us/hit':>10}{'missed':>8}{'build s':>9}")
    for row in rows:
        per_hit = f"{row.ms * 1e3 / row.hits:.2f}" if row.hits else ""
        missed = "" if row.missed is None else f"{row.missed:.0%}"
        build = "" if row.build is None else f"{row.build:.1f}"
        print(
            f"  {row.name:28}{row.ms:10.3f}{row.ms / floor:9.1f}{slowest / row.ms:9.0f}{row.hits:10.0f}{per_hit:>10}{missed:>8}{build:>9}"
        )


def additions(world: World, matcher: Matcher, floor: Callable[[Document], object]) -> None:
    """1,000 new queries one by one, each live in the next article: the slowest and the median, and what they cost."""
    article = world.articles[0]
    bare, before = in_turn([floor, matcher.match_ids], world.articles)
    plain = min(_timed(matcher.match_ids, article) for _ in range(5))
    delays = []
    for number in range(1000):
        text = f"{article.title[:4]} 新{number}"
        start = time.thread_time()
        matcher.add(query_id(text), text)
        matcher.match_ids(article)
        delays.append((time.thread_time() - start - plain) * 1e3)
    bare_then, after = in_turn([floor, matcher.match_ids], world.articles)
    print(
        f"  added 1,000: live after {statistics.median(delays):.2f} ms (median), {max(delays):.2f} ms (slowest); "
        f"matching then costs {after / before * bare / bare_then - 1:+.0%}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", default="100000", help="one or several, with commas between")
    parser.add_argument("--articles", type=int, default=25)
    parser.add_argument("--popularity", default="uniform,zipf")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for popularity in options.popularity.split(","):
            for queries in options.queries.split(","):
                run(int(queries), options.articles, popularity, not options.no_peers, Path(folder))


if __name__ == "__main__":
    main()
