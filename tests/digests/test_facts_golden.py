"""Golden pairs: invented sentences over all metrics, and the facts that an editor reads from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from digests.facts import extract_facts
from digests.types import Article, Fact

GOLDEN = Path(__file__).parent / "golden" / "facts.txt"


def pairs() -> list[tuple[str, str, list[str]]]:
    found: list[tuple[str, str, list[str]]] = []
    for block in GOLDEN.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("%")]
        if lines:
            found.append((lines[0].removeprefix("# "), lines[1], [line.strip() for line in lines[2:]]))
    return found


def line(fact: Fact) -> str:
    value = f"{fact.value:g}" + (f"~{fact.value_max:g}" if fact.value_max is not None else "")
    rest = (fact.qualifier, fact.stage, fact.place, fact.time)
    return " | ".join([fact.subject, fact.metric, value, fact.unit, *(item or "-" for item in rest), fact.printed])


@pytest.mark.parametrize(("title", "body", "expected"), pairs(), ids=[body[:16] for _, body, _ in pairs()])
def test_reads_what_an_editor_reads(title: str, body: str, expected: list[str]) -> None:
    assert [line(fact) for fact in extract_facts(Article(title=title, body=body))] == expected


def test_the_golden_pairs_are_many_and_cover_the_metrics() -> None:
    metrics = {expected.split(" | ")[1] for _, _, facts in pairs() for expected in facts}
    assert len(pairs()) >= 40
    assert metrics == {
        *(
            "total_investment",
            "planned_annual_investment",
            "completed_investment",
            "capacity",
            "output",
            "output_value",
        ),
        *("sales", "tax", "area", "jobs", "headcount", "installed_volume", "growth", "loan", "count", "other"),
    }
