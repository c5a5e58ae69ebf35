"""What goes into a digest: once each, grouped and ranked, nothing lost that the reader has not had."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from digests import advance_cursors, build_digest, heading_of
from digests.types import Article, Digest, Hit
from subscriptions import Match, Settings, Subscriber, Subscription

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def reader(*queries: str) -> Subscriber:
    held = tuple(Subscription(f"id of {query}", query, 10, NOW) for query in queries)
    return Subscriber("1", Settings(), NOW, held)


def article(id: int, issue: str = "a", **more: Any) -> tuple[Article, str]:
    return Article(f"第{id}篇", "正文", id=id, fingerprint=more.pop("fingerprint", f"print {id}"), **more), issue


def hits(**brought: list[int]) -> dict[str, list[Hit]]:
    return {f"id of {q}": [Hit(id, 100 + id, Match(f"id of {q}")) for id in ids] for q, ids in brought.items()}


def found(*articles: tuple[Article, str]) -> dict[int, tuple[Article, str]]:
    return {article.id: (article, issue) for article, issue in articles}


def shape(digest: Digest | None) -> list[tuple[str, list[int]]]:
    assert digest is not None
    return [(group.heading, [item.article_id for item in group.items]) for group in digest.groups]


def test_an_article_of_several_queries_appears_once_with_all_of_them() -> None:
    subscriber = reader("锂电", "开工")
    digest = build_digest(
        subscriber, hits(锂电=[1, 2], 开工=[2, 3]), found(*map(article, (1, 2, 3))), frozenset(), NOW, {"a": 9}
    )
    assert shape(digest) == [("锂电", [1, 2]), ("开工", [3])]
    assert digest is not None and digest.items()[1].queries == ("id of 锂电", "id of 开工")
    assert (digest.total, digest.issues, digest.slot) == (9, ("a",), NOW)


def test_topics_come_first_in_the_readers_order() -> None:
    subscriber = reader("锂电", "#光伏", '#"重大 项目"')
    brought = {
        "id of 锂电": [Hit(1, 1, Match("id of 锂电")), Hit(2, 2, Match("id of 锂电"))],
        "id of #光伏": [Hit(1, 3, Match("id of #光伏"))],
        'id of #"重大 项目"': [Hit(1, 4, Match("x")), Hit(3, 5, Match("x"))],
    }
    digest = build_digest(subscriber, brought, found(*map(article, (1, 2, 3))), frozenset(), NOW, {})
    assert shape(digest) == [("光伏", [1]), ("重大 项目", [3]), ("锂电", [2])]
    assert digest is not None
    assert digest.items()[0].queries == ("id of #光伏", 'id of #"重大 项目"', "id of 锂电")


def test_headings() -> None:
    assert heading_of("#动力电池") == "动力电池"
    assert heading_of('#"重大 项目"') == "重大 项目"
    for query in ("动力电池", "#动力电池 -广告", "#光伏 | #储能", "(#光伏)", "#"):
        assert heading_of(query) == query


def test_the_newest_issue_first_then_prominence_then_order() -> None:
    articles = found(
        article(1, "old", prominence=9.0),
        article(2, "new", prominence=0.5, order=2),
        article(3, "new", prominence=0.5, order=1),
        article(4, "new", prominence=0.9, order=7),
    )
    digest = build_digest(
        reader("q"), hits(q=[1, 2, 3, 4]), articles, frozenset(), NOW, {"old": 5, "new": 7, "other": 99}
    )
    assert shape(digest) == [("q", [4, 3, 2, 1])]
    assert digest is not None and digest.issues == ("new", "old") and digest.total == 12


def test_what_the_reader_had_is_left_out() -> None:
    articles = found(article(1, fingerprint="x"), article(2, "b", fingerprint="x"), article(3, "b"))
    assert shape(build_digest(reader("q"), hits(q=[1, 2, 3]), articles, frozenset({1}), NOW, {})) == [("q", [3])]
    assert build_digest(reader("q"), hits(q=[1, 2]), articles, frozenset({1}), NOW, {}) is None


def test_of_a_reprint_the_first_printing_stays_with_the_queries_of_both() -> None:
    articles = found(article(1, "a", fingerprint="x"), article(2, "b", fingerprint="x"))
    digest = build_digest(reader("p", "q"), hits(p=[2], q=[1]), articles, frozenset(), NOW, {})
    assert shape(digest) == [("p", [1])]
    assert digest is not None and digest.items()[0].queries == ("id of p", "id of q")


def test_articles_without_a_fingerprint_are_all_different() -> None:
    articles = found(article(1, fingerprint=""), article(2, fingerprint=""), article(3, fingerprint=""))
    assert shape(build_digest(reader("q"), hits(q=[1, 2]), articles, frozenset({3}), NOW, {})) == [("q", [1, 2])]


def test_nothing_new_is_no_digest() -> None:
    assert build_digest(reader("q"), {}, {}, frozenset(), NOW, {}) is None
    assert build_digest(reader("q"), hits(q=[1]), {}, frozenset(), NOW, {}) is None
    assert build_digest(reader(), hits(q=[1]), found(article(1)), frozenset(), NOW, {}) is None


def test_cursors_move_to_the_newest_hit_and_never_back() -> None:
    subscriber = reader("p", "q", "r")
    brought = {"id of p": [Hit(1, 12, Match("")), Hit(2, 15, Match(""))], "id of q": [Hit(1, 3, Match(""))]}
    after = advance_cursors(subscriber, brought)
    assert [held.cursor for held in after.subscriptions] == [15, 10, 10]
    assert replace(after, subscriptions=subscriber.subscriptions) == subscriber


@given(
    st.dictionaries(st.sampled_from(["#甲", "乙", "丙", "#丁"]), st.lists(st.integers(1, 12), max_size=12)),
    st.frozensets(st.integers(1, 12)),
    st.lists(st.integers(0, 5), min_size=12, max_size=12),
)
def test_every_new_text_appears_exactly_once(
    brought: dict[str, list[int]], had: frozenset[int], prints: list[int]
) -> None:
    articles = found(*(article(n + 1, f"i{n % 3}", fingerprint=f"{p}" if p else "") for n, p in enumerate(prints)))
    by_query = hits(**brought)
    digest = build_digest(reader("乙", "#甲", "丙", "#丁"), by_query, articles, had, NOW, {})
    given_ids = [item.article_id for item in digest.items()] if digest else []

    def key(id: int) -> str:
        return articles[id][0].fingerprint or f"only {id}"

    wanted = {key(id) for ids in brought.values() for id in ids if id not in had}
    wanted -= {articles[id][0].fingerprint for id in had}
    assert sorted(map(key, given_ids)) == sorted(wanted)
    assert not set(given_ids) & had
    for item in digest.items() if digest else ():
        same = {id for id in articles if key(id) == key(item.article_id) and id not in had}
        assert set(item.queries) == {q for q, found_ in by_query.items() if any(h.article_id in same for h in found_)}


def test_of_an_article_and_its_corrections_the_newest_stays_with_all_queries() -> None:
    made = found(article(1), article(2, corrects=1), article(3, corrects=2), article(4, corrects=9))
    digest = build_digest(reader("甲", "乙", "丙"), hits(甲=[1], 乙=[2, 4], 丙=[3]), made, frozenset(), NOW, {})
    assert shape(digest) == [("甲", [3]), ("乙", [4])]
    assert digest is not None and digest.items()[0].queries == ("id of 甲", "id of 乙", "id of 丙")


def test_an_outdated_text_is_not_given_when_another_paper_brought_its_correction() -> None:
    made = found(article(1), article(2, corrects=1, fingerprint="same"), article(7, fingerprint="same"))
    assert build_digest(reader("甲"), hits(甲=[1, 2]), made, frozenset({7}), NOW, {}) is None


def test_what_an_article_stands_for_counts_as_given_with_it() -> None:
    made = found(article(5, reprint_of=1), article(6, corrects=2), article(8, corrects=3))
    digest = build_digest(reader("甲"), hits(甲=[5, 6, 8]), made, frozenset({3}), NOW, {})
    assert digest is not None and sorted(digest.given()) == [5, 6, 8] and sorted(digest.stood_for()) == [1, 2]


def test_a_correction_stands_for_the_first_printing_of_the_wrong_text_too() -> None:
    """So that whoever has the correction does not get another reprint of what it corrects."""
    made = found(article(6, corrects=5), article(9, corrects=8, reprint_of=1))
    digest = build_digest(reader("甲"), hits(甲=[6, 9]), made, frozenset(), NOW, {}, {5: 2, 8: 1, 7: 3})
    assert digest is not None and sorted(digest.stood_for()) == [1, 2, 5, 8]


def test_a_correction_of_a_correction_stands_for_the_first_text_too() -> None:
    """Also where the one in between is none of the reader's: what is owed of the first must not come any more."""
    made = found(article(1), article(3, corrects=2))
    digest = build_digest(reader("甲"), hits(甲=[1, 3]), made, frozenset(), NOW, {}, {1: 8}, {2: 1, 3: 2})
    assert shape(digest) == [("甲", [3])]
    assert digest is not None and digest.given() == (3,) and sorted(digest.stood_for()) == [1, 2, 8]
    made = found(article(1), article(2, corrects=1), article(3, corrects=2))
    digest = build_digest(reader("甲"), hits(甲=[1, 2, 3]), made, frozenset(), NOW, {}, {}, {2: 1, 3: 2})
    assert digest is not None and digest.given() == (3,) and sorted(digest.stood_for()) == [1, 2]


def test_what_the_store_calls_a_reprint_is_dropped() -> None:
    made = found(article(1), article(2, reprint_of=1), article(5, reprint_of=2), article(6, reprint_of=8))
    brought = hits(甲=[1, 2, 5, 6])
    assert shape(build_digest(reader("甲"), brought, made, frozenset(), NOW, {})) == [("甲", [1, 6])]
    assert shape(build_digest(reader("甲"), brought, made, frozenset({1}), NOW, {})) == [("甲", [6])]
    assert build_digest(reader("甲"), brought, made, frozenset({1, 8}), NOW, {}) is None
