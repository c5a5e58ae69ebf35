"""Made-up articles, and digests of them, for the tests of rendering."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from digests import DigestView
from digests.ports import IssueSummary
from digests.types import Article, Digest, DigestGroup, DigestItem, Fact
from subscriptions import Alias, Match, Settings, Span

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


def spans(field: str, text: str, word: str) -> tuple[Span, ...]:
    found, at = [], text.find(word)
    while at >= 0:
        found.append(Span(field, at, at + len(word)))
        at = text.find(word, at + len(word))
    return tuple(found)


def fact(body: str, printed: str, metric: str, base: str, stage: str | None = None) -> Fact:
    start = body.index(printed)
    return Fact("青禾锂电二期项目", metric, 1.0, "", 1.0, base, printed, start, start + len(printed), stage=stage)


def article(id: int, title: str = "青禾锂电二期开工", body: str = BODY, **more: object) -> Article:
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
