"""Topics as TOML: what is read back equals what was printed, and every refusal names its key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import TopicError
from digests.topics import FieldWeights, Topic, load_topics, merge_topics, parse_topic, print_topic

GOOD = 'name = "低空经济"\nname_en = "Low-altitude economy"\ndefinition = "无人机与通用航空。"\n'
TERMS = '[[terms]]\nweight = 3\nany = ["无人机", "通用航空"]\n'

texts = st.text(min_size=1).filter(lambda text: bool(text.strip()))
numbers = st.floats(min_value=-9, max_value=9, allow_nan=False).map(lambda number: round(number, 3))
topics = st.builds(
    Topic,
    name=texts,
    name_en=texts,
    definition=texts,
    terms=st.lists(st.tuples(texts, numbers), min_size=1, max_size=8, unique_by=lambda term: term[0]).map(tuple),
    excludes=st.lists(texts, max_size=4).map(tuple),
    weights=st.builds(FieldWeights, title=numbers, lead=numbers, body=numbers),
    threshold=st.floats(min_value=0.01, max_value=9).map(lambda number: round(number, 3)),
)


@given(topics)
def test_printing_and_reading_a_topic_gives_it_back(topic: Topic) -> None:
    assert parse_topic(print_topic(topic)) == topic


def test_reads_a_definition_with_defaults() -> None:
    topic = parse_topic(GOOD + TERMS)
    assert topic.terms == (("无人机", 3.0), ("通用航空", 3.0))
    assert (topic.excludes, topic.weights, topic.threshold) == ((), FieldWeights(), 0.5)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("name = ", "not valid TOML"),
        ("", "name: expected a text"),
        ('name = "  "', "name: expected a text"),
        ('name = "甲"\nname_en = 3', "name_en: expected a text"),
        ('name = "甲"\ntitel = 3', "titel: unknown key; expected one of name"),
        (GOOD, "terms: expected at least one group"),
        (GOOD + 'terms = ["无人机"]', "terms[1]: expected weight"),
        (GOOD + '[[terms]]\nweight = 3\nall = ["无人机"]', "terms[1]: expected weight"),
        (GOOD + '[[terms]]\nweight = "3"\nany = ["无人机"]', "terms[1].weight: expected a number"),
        (GOOD + '[[terms]]\nweight = true\nany = ["无人机"]', "terms[1].weight: expected a number"),
        (GOOD + "[[terms]]\nweight = inf\nany = ['无人机']", "terms[1].weight: expected a number"),
        (GOOD + "[[terms]]\nweight = 3\nany = []", "terms[1].any: expected at least one term"),
        (GOOD + "[[terms]]\nweight = 3\nany = [3]", "terms[1].any: expected texts"),
        (GOOD + TERMS + TERMS, "'无人机' stands there twice"),
        (GOOD + "threshold = 0\n" + TERMS, "threshold: expected a number above 0"),
        (GOOD + "excludes = '无人机'\n" + TERMS, "excludes: expected a list"),
        (GOOD + "excludes = ['']\n" + TERMS, "excludes: expected texts"),
        (GOOD + "weights = 3\n" + TERMS, "weights: expected a table"),
        (GOOD + "[weights]\nheadline = 3\n" + TERMS, "weights.headline: unknown field"),
        (GOOD + "[weights]\ntitle = '3'\n" + TERMS, "weights.title: expected a number"),
    ],
)
def test_a_refusal_says_where_and_what_was_expected(toml: str, words: str) -> None:
    with pytest.raises(TopicError) as refused:
        parse_topic(toml)
    assert words in str(refused.value)


def test_a_topic_has_an_upper_limit_of_terms() -> None:
    many = ", ".join(f'"词{number}"' for number in range(2001))
    with pytest.raises(TopicError, match="at most 2000"):
        parse_topic(GOOD + f"[[terms]]\nweight = 1\nany = [{many}]")


def test_the_shipped_topics_are_the_editors_twenty_two() -> None:
    shipped = load_topics()
    assert len(shipped) == len({topic.name for topic in shipped}) == 22
    assert shipped[0].name == "动力电池"
    assert all(parse_topic(print_topic(topic)) == topic for topic in shipped)


def test_overrides_change_remove_and_add() -> None:
    shipped = load_topics()
    changed = merge_topics(
        shipped, {"光伏": "", "低空经济": GOOD + TERMS, "储能": GOOD.replace("低空经济", "储能") + TERMS}
    )
    names = [topic.name for topic in changed]
    assert "光伏" not in names
    assert names[-1] == "低空经济"
    assert changed[names.index("储能")].terms == (("无人机", 3.0), ("通用航空", 3.0))
    assert merge_topics(shipped, {"无此题": ""}) == shipped
