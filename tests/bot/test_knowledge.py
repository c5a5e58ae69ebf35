"""What admins add is known at the next look; a mistake is told and changes nothing."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.knowledge import ALIASES, DICTIONARY, CurrentKnowledge
from digests.admin_memory import MemoryAdminStore
from digests.topics import load_topics, print_topic
from digests.types import PageText, RawIssue

ALIAS = '[[alias]]\nnames = ["青禾锂电", "青禾能源"]\nsince = 2025-03-01\n'


async def test_own_aliases_words_and_topics_are_taken_in(tmp_path: Path) -> None:
    store = MemoryAdminStore()
    current = CurrentKnowledge(store, tmp_path)
    await current.refresh()
    before = current.knowledge
    await current.refresh()
    assert current.knowledge is before
    (tmp_path / ALIASES).write_text(ALIAS, encoding="utf-8")
    (tmp_path / DICTIONARY).write_text("隔膜涂覆线\n", encoding="utf-8")
    topic = print_topic(load_topics()[0]).replace('"动力电池"', '"锂电池"', 1)
    await store.put_topic("锂电池", topic)
    await current.refresh()
    assert current.aliases.others("青禾锂电") == ("青禾能源",)
    assert "锂电池" in {topic.name for topic in current.knowledge.topics.topics}


async def test_a_mistake_is_told_once_and_changes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    current = CurrentKnowledge(MemoryAdminStore(), tmp_path)
    before = current.knowledge
    (tmp_path / ALIASES).write_text("[[alias]]\nnames = 3\n", encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        wrong = await current.refresh()
        assert wrong is not None and (wrong.key, "alias[1]" in wrong.reason) == (ALIASES, True)
        assert await current.refresh() is None
    assert current.aliases.others("青禾锂电") == () and current.knowledge.aliases == before.aliases
    assert [record.getMessage() for record in caplog.records] == ["knowledge_wrong"]


def test_it_reads(tmp_path: Path) -> None:
    current = CurrentKnowledge(MemoryAdminStore(), tmp_path)
    issue = current.read(RawIssue("s", "k", (PageText("k", "# 青禾锂电开工\n\n本报讯 昨天，动力电池项目开工。\n"),)))
    assert [article.title for article in issue.articles] == ["青禾锂电开工"]


async def test_a_wrong_table_keeps_the_last_good_one_and_holds_up_nothing_else(tmp_path: Path) -> None:
    store = MemoryAdminStore()
    current = CurrentKnowledge(store, tmp_path)
    (tmp_path / ALIASES).write_bytes(ALIAS.encode("gb18030"))
    assert await current.refresh() is None
    (tmp_path / ALIASES).write_text("[[alias", encoding="utf-8")
    await store.put_topic("锂电池", print_topic(load_topics()[0]).replace('"动力电池"', '"锂电池"', 1))
    assert await current.refresh() is not None
    assert current.aliases.others("青禾锂电") == ("青禾能源",)
    assert "锂电池" in {topic.name for topic in current.knowledge.topics.topics}


async def test_a_file_that_is_no_text_and_a_wrong_topic_are_told(tmp_path: Path) -> None:
    store = MemoryAdminStore()
    current = CurrentKnowledge(store, tmp_path)
    (tmp_path / DICTIONARY).write_bytes(b"%PDF-1.4 x")
    wrong = await current.refresh()
    assert wrong is not None and wrong.key == DICTIONARY and await current.refresh() is None
    await store.put_topic("坏", "name = 3")
    wrong = await current.refresh()
    assert wrong is not None and "name" in f"{wrong}"
