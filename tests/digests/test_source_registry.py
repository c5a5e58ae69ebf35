"""sources.toml, what it changes in the store, and names for new sources."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from digests.errors import UnreadableError
from digests.sources.calendar import Calendar
from digests.sources.registry import INBOX, SourceSpec, Sync, free_name, sync
from digests.sources.registry_toml import Declared, parse_sources

WHOLE = """
contact = "https://kanbao.example/about"
proxy = "http://proxy.example:3128"

[[source]]
name = "金坛时报"
kind = "epaper"
profile = "jintan-times"
weekdays = [1, 2, 3, 4, 5]
hours = "06:00-09:30"
skip = ["2026-02-17", "10-01"]

[[source]]
name = "云溪"
kind = "feed"
address = "https://paper.example/rss"
publication = "云溪日报"
paused = true

[[source]]
name = "月刊"
kind = "list"
address = "http://list.example/class/X"

[[source]]
name = "scans"
kind = "folder"
address = "../scans"
"""


def test_all_that_can_be_declared() -> None:
    workdays = Calendar((0, 1, 2, 3, 4), 360, 570, ("2026-02-17", "10-01"))
    assert parse_sources(WHOLE) == Declared(
        (
            SourceSpec("金坛时报", "epaper", "", "jintan-times", calendar=workdays, declared=True),
            SourceSpec(
                "云溪",
                "feed",
                "https://paper.example/rss",
                publication="云溪日报",
                paused=True,
                declared=True,
                rests=True,
            ),
            SourceSpec("月刊", "list", "http://list.example/class/X", "periodical-list", declared=True),
            SourceSpec("scans", "folder", "../scans", declared=True),
        ),
        "https://kanbao.example/about",
        "http://proxy.example:3128",
    )
    assert parse_sources("") == Declared()


def test_own_profiles_may_be_named() -> None:
    toml = '[[source]]\nname = "x"\nkind = "epaper"\nprofile = "own"\naddress = "http://a.example/"'
    assert parse_sources(toml, ("own",)).sources[0].profile == "own"
    with pytest.raises(UnreadableError, match="jintan-times"):
        parse_sources(toml)


def test_hours_until_midnight() -> None:
    toml = '[[source]]\nname = "x"\nkind = "feed"\naddress = "http://a.example/"\nhours = "20:00-24:00"'
    assert parse_sources(toml).sources[0].calendar == Calendar((), 1200, 1439)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("name = 3", "name"), ('name = "a b"', "name"), (f'name = "{INBOX}"', "name"), ('kind = "paper"', "folder, feed, epaper, list"),
        ('address = "ftp://a.example/"', "address"), ('address = ""', "address"), ("address = 5", "text"), ('paused = "no"', "paused"),
        ("weekdays = [0]", "weekdays"), ("weekdays = 3", "weekdays"), ("weekdays = [true]", "weekdays"), ('hours = "9-5"', "hours"),
        ('hours = "09:00-05:00"', "hours"), ('skip = ["1.10."]', "skip"), ('skip = "10-01"', "skip"), ("colour = 1", "colour"),
        ('profile = "Z"', "profile"), ('profile = "A"', "epaper"), ('skip = ["02-30"]', "skip"), ('address = "http://127.0.0.1/"', "内部"), ('kind = "epaper"', "profile"), ("= 5", "TOML"),
    ],
)  # fmt: skip
def test_mistakes_are_named(line: str, told: str) -> None:
    given = {"name": '"x"', "kind": '"feed"', "address": '"https://a.example/"'}
    key = line.partition(" ")[0]
    text = "\n".join(["[[source]]", *(f"{k} = {v}" for k, v in given.items() if k != key), line])
    with pytest.raises(UnreadableError) as caught:
        parse_sources(text)
    assert caught.value.key == "sources.toml" and told in caught.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "source = 3",
        "[source]\nname = 'x'",
        "sources = []",
        "contact = 5",
        'proxy = "127.0.0.1:7890"',
        'proxy = "socks5://x:1"',
        'proxy = "http://[x"',
        'proxy = "http://u@x:1"',
    ],
)
def test_mistakes_at_the_top(text: str) -> None:
    with pytest.raises(UnreadableError):
        parse_sources(text)


def test_a_folder_needs_a_path_and_names_are_unique() -> None:
    with pytest.raises(UnreadableError, match="path of a folder"):
        parse_sources('[[source]]\nname = "x"\nkind = "folder"')
    one = '[[source]]\nname = "x"\nkind = "folder"\naddress = "a"\n'
    with pytest.raises(UnreadableError, match="different name"):
        parse_sources(one + one)


def test_what_is_declared_is_made_so() -> None:
    old = SourceSpec("old", "feed", "https://a.example/", declared=True)
    same, added = replace(old, name="same"), SourceSpec("added", "feed", "https://b.example/")
    moved, new = replace(old, name="moved"), replace(old, name="new")
    stored = [old, replace(same, paused=True), added, moved]
    target = replace(moved, address="https://c.example/")
    assert sync(stored, [same, target, new]) == Sync((new,), (target,), ("old",))
    assert sync([added], [replace(added, declared=True)]) == Sync(change=(replace(added, declared=True),))


def test_names_for_new_sources() -> None:
    assert free_name("常州日报", []) == "常州日报"
    assert free_name("常州日报", ["常州日报", "常州日报-2"]) == "常州日报-3"
    assert free_name("  «» ", []) == "source" and free_name("inbox", []) == "inbox-2"
    assert free_name("云溪 日报（电子版）", []) == "云溪-日报-电子版" and len(free_name("长" * 99, ["长" * 28])) <= 32


def test_the_example_in_the_documents_is_understood() -> None:
    text = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")
    (example,) = (block for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "[[source]]" in block)
    assert [spec.name for spec in parse_sources(example).sources] == ["金坛时报", "云溪快讯"]
