"""The contract of IssueStore, on memory, a server and a cluster."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from store_servers import Stores

from digests.types import Article, DateEvidence, Fact, Issue, Leftover, SourceSpan, TopicReason

NOW = datetime(2026, 5, 1, 8, 0, 0, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def article(print_: str, **more: Any) -> Article:
    return Article(f"Title {print_}", f"正文 {print_}\n第二段。", fingerprint=print_, **more)


def issue(id: str, print_: str, *articles: Article, publication: str | None = "白湖晚报", **more: Any) -> Issue:
    return Issue(publication, "newspaper", articles, fingerprint=print_, id=id, **more)


RICH = article(
    "rich",
    subtitle="副题",
    kicker="肩题",
    byline="林小满",
    section="要闻",
    page=2,
    continued_on="第三版",
    kind="box",
    spans=(SourceSpan(0, 3, 99), SourceSpan(1, 0, 5)),
    order=4,
    prominence=0.25,
    confidence=0.5,
    topics=("动力电池", "重大项目"),
    reasons=(TopicReason("动力电池", 3.5, (("电池", "title", 1), ("锂电", "body", 4))),),
    facts=(
        Fact(
            "某项目", "投资额", 60.0, "亿元", 6e9, "CNY", "60亿元", 2, 6, stage="signed", value_max=70.0, in_title=True
        ),
    ),
    keywords=("电池",),
    extract=((0, 5), (7, 9)),
)


async def test_an_issue_comes_back_whole(stores: Stores) -> None:
    value = issue(
        "白湖晚报:1",
        "f1",
        RICH,
        article("b", order=5),
        leftovers=(Leftover("caption", SourceSpan(0, 1, 2), "图"),),
        number="第5期",
        total_number=160,
        sponsors=("白湖县科协",),
        page=1,
        date=DateEvidence("2026-05-01", "2026-05-02", False, ("本周五",)),
        publication_confidence=0.75,
        recognised=0.5,
        problems=("no masthead",),
        source="inbox",
        key="a.txt",
    )
    added = await stores.issues.add_issue(value, NOW)
    assert (added.outcome, added.issue_id) == ("new", value.id)
    assert added.articles == (replace(RICH, id=1), replace(value.articles[1], id=2))
    assert await stores.issues.find_issue(value.id) == replace(value, articles=added.articles, first_seen=NOW)
    assert await stores.issues.find_issue("other") is None
    assert await stores.issues.get_articles([2, 9, 1]) == {
        1: (added.articles[0], value.id),
        2: (added.articles[1], value.id),
    }
    assert await stores.issues.get_articles([]) == {}


async def test_issues_are_read_whole_by_their_articles_and_by_their_age(stores: Stores) -> None:
    many = [article(f"{n}", order=n) for n in range(60)]
    await stores.issues.add_issue(issue("i1", "f1", *many), NOW)
    await stores.issues.add_issue(issue("i2", "f2", article("x")), NOW + MINUTE)
    await stores.issues.add_issue(issue("i3", "f3"), NOW + 2 * MINUTE)
    await stores.issues.add_issue(issue("i1", "f4", article("y")), NOW + 3 * MINUTE)
    first, second, third = [await stores.issues.find_issue(id) for id in ("i1", "i2", "i3")]
    assert first is not None and len(first.articles) == 61
    assert await stores.issues.issues_of([62, 1, 999, 55, 1]) == [first]
    assert await stores.issues.issues_of([61, 60]) == [second, first]
    assert await stores.issues.issues_of([*range(1, 61), 61]) == [first, second], "in more than one step"
    assert await stores.issues.issues_of([]) == await stores.issues.issues_of([999]) == []
    assert await stores.issues.newest_issues(2) == [third, second]
    assert await stores.issues.newest_issues(9) == [third, second, first]
    assert await stores.issues.newest_issues(0) == []


async def test_a_known_content_is_a_duplicate_whatever_its_name(stores: Stores) -> None:
    first = await stores.issues.add_issue(issue("i1", "f1", article("a")), NOW)
    assert await stores.issues.is_seen("f1")
    assert not await stores.issues.is_seen("f2")
    for id in ("i1", "i2"):
        again = await stores.issues.add_issue(issue(id, "f1", article("a"), article("b")), NOW + MINUTE)
        assert (again.outcome, again.issue_id, again.articles) == ("duplicate", first.issue_id, ())
    found = await stores.issues.find_issue("i1")
    assert found is not None
    assert found.first_seen == NOW
    assert len(found.articles) == 1
    assert await stores.issues.find_issue("i2") is None


async def test_of_a_changed_issue_only_the_new_articles_go_on(stores: Stores) -> None:
    await stores.issues.add_issue(issue("i1", "f1", article("a"), article("b", order=1)), NOW)
    changed = await stores.issues.add_issue(
        issue("i1", "f2", article("a"), article("c", order=1), article("d", order=2)), NOW
    )
    assert changed.outcome == "changed"
    assert [(a.fingerprint, a.id, a.order) for a in changed.articles] == [("c", 3, 2), ("d", 4, 3)]
    found = await stores.issues.find_issue("i1")
    assert found is not None
    assert [(a.fingerprint, a.order) for a in found.articles] == [("a", 0), ("b", 1), ("c", 2), ("d", 3)]
    same = await stores.issues.add_issue(issue("i1", "f3", article("d"), article("a")), NOW)
    assert (same.outcome, same.articles) == ("changed", ())
    assert await stores.issues.is_seen("f3")


async def test_of_an_undated_issue_only_what_the_paper_has_not_printed_is_stored(stores: Stores) -> None:
    """A corrected page without a date has an id of its own; what it repeats must not go out again."""
    await stores.issues.add_issue(issue("f1", "f1", article("a"), article("b", order=1)), NOW)
    corrected = await stores.issues.add_issue(issue("f2", "f2", article("a"), article("c", order=1)), NOW)
    assert corrected.outcome == "new"
    assert [(a.fingerprint, a.id) for a in corrected.articles] == [("c", 3)]
    elsewhere = await stores.issues.add_issue(issue("f3", "f3", article("a"), publication="其他报"), NOW)
    assert [a.fingerprint for a in elsewhere.articles] == ["a"]


async def test_a_dated_issue_is_whole_and_its_reprints_are_marked(stores: Stores) -> None:
    await stores.issues.add_issue(issue("i1", "f1", article("a"), article("b", order=1)), NOW)
    later = await stores.issues.add_issue(issue("i2", "f2", article("b"), article("c", order=1)), NOW)
    assert [(a.fingerprint, a.id, a.reprint_of) for a in later.articles] == [("b", 3, 2), ("c", 4, 0)]
    found = await stores.issues.find_issue("i2")
    assert found is not None and [a.reprint_of for a in found.articles] == [2, 0]
    third = await stores.issues.add_issue(issue("i3", "f3", article("b")), NOW)
    assert [a.reprint_of for a in third.articles] == [2]


async def test_an_issue_that_only_repeats_is_a_duplicate(stores: Stores) -> None:
    await stores.issues.add_issue(issue("f1", "f1", article("a"), article("b", order=1)), NOW)
    again = await stores.issues.add_issue(issue("f2", "f2", article("b")), NOW)
    assert (again.outcome, again.articles) == ("duplicate", ())
    assert await stores.issues.is_seen("f2")
    assert await stores.issues.find_issue("f2") is None
    assert len(await stores.issues.recent_issues(9)) == 1


async def test_issues_without_a_publication_share_one_scope(stores: Stores) -> None:
    await stores.issues.add_issue(issue("f1", "f1", article("a"), publication=None), NOW)
    corrected = await stores.issues.add_issue(issue("f2", "f2", article("a"), article("b"), publication=None), NOW)
    assert [a.fingerprint for a in corrected.articles] == ["b"]


async def test_what_has_no_fingerprint_is_never_known(stores: Stores) -> None:
    for _ in range(2):
        added = await stores.issues.add_issue(issue("i1", "", article("")), NOW)
        assert len(added.articles) == 1
    assert not await stores.issues.is_seen("")


async def test_later_pages_complete_the_issue(stores: Stores) -> None:
    one = issue(
        "i1",
        "f1",
        article("a"),
        publication=None,
        page=1,
        leftovers=(Leftover("masthead", SourceSpan(0, 0, 4), "报头"),),
    )
    two = issue(
        "i1",
        "f2",
        article("b"),
        page=2,
        number="7",
        sponsors=("s",),
        publication_confidence=0.5,
        problems=("p",),
        date=DateEvidence("2026-05-01", "2026-05-01", True),
        leftovers=(Leftover("caption", SourceSpan(0, 9, 11), "图"), *one.leftovers),
    )
    await stores.issues.add_issue(replace(one, date=DateEvidence("2026-01-01", "2026-12-31", False)), NOW)
    await stores.issues.add_issue(two, NOW + MINUTE)
    found = await stores.issues.find_issue("i1")
    assert found is not None
    assert (found.publication, found.number, found.page, found.sponsors, found.problems) == (
        "白湖晚报",
        "7",
        None,
        ("s",),
        ("p",),
    )
    assert (found.first_seen, found.day, found.publication_confidence) == (NOW, "2026-05-01", 0.5)
    assert [leftover.text for leftover in found.leftovers] == ["报头", "图"]


async def test_recent_issues_are_listed_newest_first(stores: Stores) -> None:
    for n in range(4):
        await stores.issues.add_issue(issue(f"i{n}", f"f{n}", article(f"a{n}"), number=str(n)), NOW + n * MINUTE)
    await stores.issues.add_issue(issue("i0", "f9", article("z")), NOW + 9 * MINUTE)
    await stores.issues.settle_matched("i2", [3])
    listed = await stores.issues.recent_issues(3)
    assert [(s.id, s.number, s.articles, s.matched) for s in listed] == [
        ("i3", "3", 1, False),
        ("i2", "2", 1, True),
        ("i1", "1", 1, False),
    ]
    assert [s.articles for s in await stores.issues.recent_issues(9)] == [1, 1, 1, 2]
    assert listed[0].first_seen == NOW + 3 * MINUTE
    assert await stores.issues.recent_issues(0) == []


async def test_a_source_that_knows_when_it_saw_the_issue_is_believed(stores: Stores) -> None:
    await stores.issues.add_issue(issue("i1", "f1", first_seen=NOW - MINUTE), NOW)
    assert [s.first_seen for s in await stores.issues.recent_issues(1)] == [NOW - MINUTE]


async def test_whoever_is_still_matching_keeps_the_claim(stores: Stores) -> None:
    await stores.issues.add_issue(issue("i1", "f1", article("a"), article("b")), NOW)
    assert await stores.issues.claim_to_match(NOW, MINUTE) == ("i1", (1, 2))
    await stores.issues.settle_matched("i1", (), until=NOW + 5 * MINUTE)
    assert await stores.issues.claim_to_match(NOW + 4 * MINUTE, MINUTE) is None
    await stores.issues.settle_matched("i1", (1,), until=NOW)
    assert await stores.issues.claim_to_match(NOW, MINUTE) == ("i1", (2,)), (
        "what came meanwhile does not wait for a lease"
    )
    await stores.issues.settle_matched("i1", (2,), until=NOW)
    await stores.issues.settle_matched("i1", (), until=NOW)
    assert await stores.issues.claim_to_match(NOW + 9 * MINUTE, MINUTE) is None


async def test_matching_is_claimed_oldest_first_under_a_lease(stores: Stores) -> None:
    assert await stores.issues.claim_to_match(NOW, MINUTE) is None
    await stores.issues.add_issue(issue("i1", "f1", article("a"), article("b")), NOW + MINUTE)
    await stores.issues.add_issue(issue("i2", "f2", article("c")), NOW)
    await stores.issues.add_issue(issue("i3", "f3"), NOW)
    assert await stores.issues.claim_to_match(NOW - MINUTE, MINUTE) is None
    assert await stores.issues.claim_to_match(NOW + MINUTE, MINUTE) == ("i2", (3,))
    assert await stores.issues.claim_to_match(NOW + MINUTE, MINUTE) == ("i1", (1, 2))
    assert await stores.issues.claim_to_match(NOW + MINUTE, MINUTE) is None
    await stores.issues.settle_matched("i2", (3,))
    await stores.issues.settle_matched("i1", (1,))
    await stores.issues.settle_matched("i1", (1,))
    assert await stores.issues.claim_to_match(NOW + 2 * MINUTE, MINUTE) == ("i1", (2,))
    await stores.issues.settle_matched("i1", (2,))
    await stores.issues.settle_matched("none", (2,))
    assert await stores.issues.claim_to_match(NOW + 9 * MINUTE, MINUTE) is None


async def test_articles_added_while_others_are_matched_are_not_lost(stores: Stores) -> None:
    await stores.issues.add_issue(issue("i1", "f1", article("a")), NOW)
    assert await stores.issues.claim_to_match(NOW, MINUTE) == ("i1", (1,))
    await stores.issues.add_issue(issue("i1", "f2", article("b")), NOW)
    await stores.issues.settle_matched("i1", (1,))
    assert await stores.issues.claim_to_match(NOW, MINUTE) == ("i1", (2,))


async def test_what_cannot_be_read_is_reported_once_per_content(stores: Stores) -> None:
    told = [
        await stores.issues.report_once(key, content)
        for key, content in (("a", "1"), ("a", "1"), ("a", "2"), ("b", "1"), ("a", "1"))
    ]
    assert told == [True, False, True, True, False]
