"""Made-up articles, and digests of them, for the tests of rendering."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

from telegram_html import read

from digests import Chunk, DigestView
from digests.html import ENTITIES, LIMIT, strip_tags
from digests.ports import IssueSummary
from digests.types import Article, Digest, DigestGroup, DigestItem, Fact
from subscriptions import Alias, Length, Match, Settings, Span
from subscriptions.types import DocumentField

NOW = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
"""07:30 of 3 March in Shanghai."""

BODY = """昨天上午，云溪区举行重大项目集中开工仪式。总投资60亿元的青禾锂电二期项目正式开工建设，规划产能18GWh动力电池。
青禾锂电董事长林致远说，二期将新建四条生产线，带动上下游企业十余家落户。项目达产后，年产值可达85亿元，新增岗位2600个。
区委书记周衡要求，各部门要靠前服务，确保项目早建成、早投产、早见效。"""

ISSUE = IssueSummary(
    "i1", "云溪时报", "newspaper", None, "2026-03-03", "2026-03-03", "2026-03-03", NOW, 23, True, "inbox", "k"
)
MONTHLY = replace(
    ISSUE, id="i2", publication="云溪科技", kind="periodical", number="2026年第2期", day=None, articles=40
)


def spans(field: DocumentField, text: str, word: str) -> tuple[Span, ...]:
    found, at = [], text.find(word)
    while at >= 0:
        found.append(Span(field, at, at + len(word)))
        at = text.find(word, at + len(word))
    return tuple(found)


def fact(body: str, printed: str, metric: str, base: str, stage: str | None = None) -> Fact:
    start = body.index(printed)
    return Fact("青禾锂电二期项目", metric, 1.0, "", 1.0, base, printed, start, start + len(printed), stage=stage)


def article(id: int, title: str = "青禾锂电二期开工", body: str = BODY, **more: Any) -> Article:
    return Article(title, body, id=id, order=id, fingerprint=f"print {id}", **more)


def match(article: Article, query: str, *words: str, aliases: dict[str, str] | None = None) -> Match:
    """A proof with every place of `words` in title and body."""
    found = {word: spans("title", article.title, word) + spans("body", article.body, word) for word in words}
    return Match(query, found, aliases or {})


def view(
    articles: Iterable[tuple[Article, str]],
    matches: Sequence[tuple[int, Match]],
    queries: dict[str, str],
    settings: Settings | None = None,
    issues: Iterable[IssueSummary] = (ISSUE, MONTHLY),
    aliases: tuple[Alias, ...] = (),
) -> DigestView:
    return DigestView(
        "0123456789abcdef",
        {article.id: (article, issue) for article, issue in articles},
        {(found.query_id, id): found for id, found in matches},
        queries,
        {issue.id: issue for issue in issues},
        settings or Settings(),
        aliases,
    )


def digest(
    *groups: tuple[str, Sequence[tuple[int, tuple[str, ...]]]], issues: tuple[str, ...] = ("i1",), total: int = 23
) -> Digest:
    made = (DigestGroup(heading, tuple(DigestItem(id, queries) for id, queries in items)) for heading, items in groups)
    return Digest(tuple(made), issues, total, NOW)


FACTS = (fact(BODY, "60亿元", "total_investment", "CNY", "started"), fact(BODY, "18GWh", "capacity", "GWh"))


def check(chunks: tuple[Chunk, ...]) -> None:
    """What Telegram checks, of every chunk."""
    for chunk in chunks:
        seen = read(chunk.html)
        assert seen.text == chunk.plain == strip_tags(chunk.html)
        assert 0 < seen.units <= LIMIT and len(seen.entities) <= ENTITIES
        assert sum(map(len, chunk.buttons)) <= 100
        for button in (button for row in chunk.buttons for button in row):
            assert button.data is not None and len(button.data.encode()) <= 64


def many(count: int, groups: int = 3, length: Length = "extracts", body: str = BODY) -> tuple[Digest, DigestView]:
    articles = [article(n, f"第{n}篇：云溪动力电池", body, facts=FACTS) for n in range(count)]
    shown = view(
        [(item, "i1") for item in articles],
        [(item.id, match(item, "q", "动力电池")) for item in articles],
        {"q": "动力电池"},
        Settings(length=length),
    )
    size = -(-count // groups)
    parts = [range(count)[start : start + size] for start in range(0, count, size)]
    return digest(*((f"第{k}组", [(n, ("q",)) for n in part]) for k, part in enumerate(parts)), total=count), shown


ALPHABET = list("<>&\"'。！？\n \u3000电池动力云溪abc12亿元😀𠮷\u200d\ufe0f\u0301\U0001f469\U0001f3fd\ue000\x00\ud800")


def any_text(rng: Random, longest: int = 60) -> str:
    """Often short, sometimes far longer than a message."""
    size = rng.choice([0, 1, rng.randint(0, longest), rng.randint(0, longest)])
    return "".join(rng.choices(ALPHABET, k=size)) * rng.choice([1, 1, 1, 1, 20, 300])


def any_places(rng: Random, most: int) -> list[tuple[int, int]]:
    starts = [rng.randint(0, 90) for _ in range(rng.randint(0, most))]
    return [(start, start + rng.randint(0, 12)) for start in starts]


def any_article(rng: Random, n: int) -> Article:
    money = fact(BODY, "60亿元", "total_investment", "CNY")
    return article(
        n,
        f"{n}号{any_text(rng)}",
        any_text(rng),
        facts=tuple(replace(money, start=a, end=b, in_title=rng.random() < 0.2) for a, b in any_places(rng, 12)),
        section=any_text(rng),
        byline=any_text(rng),
        subtitle=any_text(rng),
        page=n or None,
        extract=tuple(sorted(any_places(rng, 3))),
    )


def any_match(rng: Random, query: str) -> Match:
    fields: list[DocumentField] = ["title", "body", "body", "subtitle", "section", "byline"]
    found = tuple(Span(rng.choice(fields), a, b) for a, b in any_places(rng, 10))
    return Match(query, {"词": found}, {any_text(rng): any_text(rng)} if rng.random() < 0.2 else {})


def any_digest(seed: int) -> tuple[Digest, DigestView]:
    rng = Random(seed)
    articles = [(any_article(rng, n), rng.choice(["i1", "i2"])) for n in range(rng.randint(1, 9))]
    items = [(item.id, tuple(rng.sample("pqr", rng.randint(1, 3)))) for item, _ in articles]
    cut = rng.randint(0, len(items))
    groups = [(any_text(rng) or "组", part) for part in (items[:cut], items[cut:]) if part]
    shown = view(
        articles,
        [(n, any_match(rng, query)) for n, queries in items for query in queries],
        {"p": any_text(rng), "q": "词"},
        Settings(length=rng.choice(["titles", "extracts", "full"])),
    )
    return digest(*groups, issues=tuple({issue for _, issue in articles})), shown
