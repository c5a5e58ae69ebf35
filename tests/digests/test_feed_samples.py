"""Small feeds of every format, in every state that publishers leave them: what a person expects is what is read."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from digests.errors import UnreadableError
from digests.sources.feed import parse_feed
from digests.sources.feed_items import Entry, Feed, keys_of

FOLDER = Path(__file__).parent / "feeds"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text("utf-8"))
ADDRESS = "https://paper.example/feed/all.xml"
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def read(name: str) -> Feed:
    return parse_feed((FOLDER / name).read_bytes(), EXPECTED[name]["type"], ADDRESS, NOW)


def stated(entry: Entry, field: str) -> object:
    value = getattr(entry, field)
    if field == "enclosures":
        return [one.address for one in value]
    return list(value) if isinstance(value, tuple) else value.isoformat() if isinstance(value, date) else value


def test_there_are_enough_and_each_is_listed() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*EXPECTED, "expected.json"}
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("name", sorted(name for name, want in EXPECTED.items() if "error" not in want))
def test_a_feed_is_read(name: str) -> None:
    want, feed = EXPECTED[name], read(name)
    assert {field: getattr(feed, field) for field in ("title", "minutes") if field in want} == {
        field: want[field] for field in ("title", "minutes") if field in want
    }
    assert len(feed.entries) == len(want["entries"])
    for entry, fields in zip(feed.entries, want["entries"], strict=True):
        assert {field: stated(entry, field) for field in fields} == fields
    keys = keys_of(feed)
    assert all(keys) and len(set(keys)) == want.get("distinct", len(keys))
    assert [len(one) for one in keys] == want.get("keys", [len(one) for one in keys])


@pytest.mark.parametrize("name", sorted(name for name, want in EXPECTED.items() if "error" in want))
def test_what_is_no_feed_is_told_from_one(name: str) -> None:
    with pytest.raises(UnreadableError) as told:
        read(name)
    assert EXPECTED[name]["error"] in told.value.reason and told.value.key == ADDRESS


def test_nothing_of_a_machine_comes_in_by_an_entity() -> None:
    body = (FOLDER / "broken-external-entity.xml").read_bytes().replace("甲".encode(), "甲&a;".encode())
    [entry] = parse_feed(body, "text/xml", ADDRESS, NOW).entries
    assert entry.title in ("甲", "甲&a;")
