"""What an article is about, all filled in; and what the labelled issues say of the rules."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest

from digests.enrich import Knowledge, enrich, load_knowledge
from digests.errors import TopicError
from digests.reading import split_issue
from digests.types import Article, PageText, RawIssue

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def test_fills_topics_facts_keywords_and_extract(knowledge: Knowledge) -> None:
    article = Article(
        title="远图储能电站开工",
        body="昨天，远图储能电站在青岚区开工，总投资22亿元，储能容量400MWh。电站建成后将参与电网调峰。",
        section="重大项目",
    )
    full = enrich(article, knowledge)
    assert full.topics[:2] == tuple(reason.topic for reason in full.reasons[:2])
    assert {"储能", "重大项目"} <= set(full.topics)
    assert [(fact.metric, fact.normalised) for fact in full.facts] == [("total_investment", 2.2e9), ("capacity", 0.4)]
    assert "储能" in "".join(full.keywords)
    assert article.body[full.extract[0][0] : full.extract[0][1]].endswith("。")
    assert replace(full, topics=(), reasons=(), facts=(), keywords=(), extract=()) == article


def test_an_empty_article_stays_empty(knowledge: Knowledge) -> None:
    full = enrich(Article(title="", body=""), knowledge)
    assert (full.topics, full.facts, full.keywords, full.extract) == ((), (), (), ())


@pytest.mark.parametrize(
    "unit", ["总投资5亿元", "1", "一", "科技创新", "动力电池", "甲、", "“", "百千万亿", "1,", "\n甲"]
)
def test_an_endless_line_is_read_in_bounded_time(knowledge: Knowledge, unit: str) -> None:
    begun = process_time()
    enrich(Article(title=unit * 40, body=unit * (20_000 // len(unit))), knowledge)
    assert process_time() - begun < 20


def test_admins_topics_lie_over_the_shipped_ones() -> None:
    extra = 'name = "龙舟"\nname_en = "Dragon boats"\ndefinition = "龙舟。"\n[[terms]]\nweight = 3\nany = ["龙舟"]\n'
    changed = load_knowledge(
        {"龙舟": extra, "文旅": ""}, aliases='[[alias]]\nnames = ["甲乙", "丙丁"]\n', dictionary="龙舟竞渡 9\n"
    )
    assert enrich(Article(title="龙舟竞渡", body="龙舟竞渡。"), changed).topics == ("龙舟",)
    assert changed.aliases[-1].names == ("甲乙", "丙丁")
    with pytest.raises(TopicError):
        load_knowledge({"龙舟": "name = 3"})


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the labelled issues are not here")
def test_topics_and_facts_of_the_labelled_issues(knowledge: Knowledge, tmp_path: Path) -> None:
    for path in sorted(CORPUS.glob("0*.txt")):
        issue = split_issue(RawIssue("test", path.stem, (PageText(path.stem, path.read_text(encoding="utf-8")),)))
        rows = [_row(enrich(article, knowledge)) for article in issue.articles]
        (tmp_path / f"{path.stem}.json").write_text(json.dumps({"articles": rows, "issue": {}}), encoding="utf-8")
    scored = subprocess.run(
        [sys.executable, CORPUS / "score.py", tmp_path, "--json"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    pooled = json.loads(scored.stdout)["ALL"]
    assert pooled["topic_F1"] >= 0.95
    assert pooled["fact_F1"] >= 0.95
    assert pooled["fact_F1_loose"] >= 0.95


def _row(article: Article) -> dict[str, object]:
    facts = [{"subject": f.subject, "metric": f.metric, "value": f.value, "unit": f.unit} for f in article.facts]
    return {
        "title": article.title,
        "subtitle": article.subtitle,
        "byline": article.byline,
        "section": article.section,
        "page": article.page,
        "body": article.body,
        "topics": list(article.topics),
        "facts": facts,
    }
