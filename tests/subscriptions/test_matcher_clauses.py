"""Clauses: what they say, and where they say less than the query."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from subscriptions import AliasTable, Document, Matcher, evaluate, parse_query, print_query, query_id
from subscriptions.matcher_clauses import MAX_CLAUSES, WIDTH, Clause, plan_query
from subscriptions.query import PageIs, Term, Topic

WORDS = [f"词{letter}" for letter in "甲乙丙丁戊己庚辛壬癸子丑寅卯"]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("甲甲", [Clause(("甲甲",))]),
        ("乙乙 甲甲 -丙丙", [Clause(("乙乙", "甲甲"), ("丙丙",))]),
        ("乙乙|甲甲", [Clause(("乙乙",)), Clause(("甲甲",))]),
        ("丁丁 (乙乙|甲甲)", [Clause(("丁丁", "乙乙")), Clause(("丁丁", "甲甲"))]),
        ("甲甲 -(乙乙 丙丙)", [Clause(("甲甲",), ("丙丙",)), Clause(("甲甲",), ("乙乙",))]),
        (
            '#题 标题:甲甲 ="乙乙" 版:1',
            [Clause((Topic("题"), Term("乙乙", None, True), Term("甲甲", "title"), PageIs(1, 1)))],
        ),
    ],
)
def test_exact_clauses(text: str, clauses: list[Clause]) -> None:
    plan = plan_query(text)
    assert not plan.loose
    assert _sets(plan.clauses) == _sets(clauses)


def _sets(clauses: Iterable[Clause]) -> list[tuple[frozenset[object], frozenset[object]]]:
    return sorted(
        ((frozenset(clause.required), frozenset(clause.forbidden)) for clause in clauses),
        key=lambda sets: sorted(map(repr, sets[0] | sets[1])),
    )


@pytest.mark.parametrize(
    "text",
    [
        "甲甲 ~5 乙乙",
        "丙丙 -甲甲~5乙乙",
        " ".join(WORDS[: WIDTH + 1]),
        " ".join(f"({one}|{other})" for one, other in zip(WORDS[:7], WORDS[7:], strict=True)),
    ],
)
def test_loose_clauses_are_verified(text: str) -> None:
    query = parse_query(text)
    plan = plan_query(print_query(query))
    assert plan.loose
    assert len(plan.clauses) <= MAX_CLAUSES
    assert all(clause.required and len(clause.required) + len(clause.forbidden) <= WIDTH for clause in plan.clauses)
    matcher = Matcher([(query_id(query), print_query(query))])
    for body in (
        "甲甲乙乙丙丙",
        "甲甲而且还有很远的乙乙和丙丙",
        "，".join(WORDS),
        "，".join(WORDS[:7]),
        "，".join(WORDS[3:]),
    ):
        document = Document("", body)
        match = evaluate(query, document, AliasTable())
        assert matcher.match(document) == ([match] if match else [])


def test_a_clause_of_many_words_among_alternatives() -> None:
    text = print_query(parse_query(f"{' '.join(WORDS[: WIDTH + 1])}|储能"))
    matcher = Matcher([(query_id(text), text)])
    assert [
        len(matcher.match_ids(Document(body, ""))) for body in ("储能", "".join(WORDS), "".join(WORDS[:WIDTH]))
    ] == [1, 1, 0]
