"""What is marked where a condition of figures, or a topic, is the reason; and the passage that /why shows of it."""

from __future__ import annotations

from dataclasses import replace

from render_samples import BODY, article, fact

from bot.insight import _passage
from digests.render_marks import marks_of
from digests.types import Article, TopicReason
from subscriptions import Match, Span


def told(article: Article, match: Match) -> tuple[str, list[str]]:
    passage, marks = _passage(article, match)
    return passage, [passage[start:end] for start, end in marks]


def test_a_figure_that_holds_is_shown_in_its_sentence() -> None:
    sums = (fact(BODY, "60亿元", "investment", "CNY"), fact(BODY, "85亿元", "output_value", "CNY"))
    stated = article(1, facts=sums)
    passage, marked = told(stated, Match("q", {"产值>=80亿元": (Span("figure", 1, 2),)}))
    assert "年产值可达85亿元" in passage and marked == ["85亿元"]
    both = Match("q", {"投资额>=10亿元": (Span("figure", 0, 1), Span("figure", 1, 2))})
    assert [BODY[start:end] for start, end in marks_of(stated, [both]).of("body")] == ["60亿元", "85亿元"]


def test_one_that_the_title_states_is_shown_there() -> None:
    title = "青禾锂电投资60亿元"
    stated = article(1, title, facts=(replace(fact(title, "60亿元", "investment", "CNY"), in_title=True),))
    assert told(stated, Match("q", {"投资额>=10亿元": (Span("figure", 0, 1),)})) == (title, ["60亿元"])


def test_a_proof_that_is_older_than_the_figures_marks_nothing() -> None:
    assert told(article(1), Match("q", {"投资额>=10亿元": (Span("figure", 3, 4),)})) == ("", [])


def test_a_topic_is_shown_by_the_words_that_gave_it() -> None:
    found = article(1, reasons=(TopicReason("动力电池", 1.0, (("动力电池", "body", 1), ("锂电", "body", 2))),))
    passage, marked = told(found, Match("q", {"#动力电池": (Span("topic", 0, 0),)}))
    assert "动力电池" in passage
    assert set(marked) == {"动力电池", "锂电"}
