"""Profiles: what ships is sound, what is wrong is refused with the file, the key and what was expected."""

from __future__ import annotations

import pytest

from digests.errors import UnreadableError
from digests.sources.epaper_profile import PRESETS, parse_profile, profile_from, ready_papers, shipped, shipped_names


def test_what_ships() -> None:
    assert set(PRESETS) <= set(shipped_names())
    assert {paper.publication for paper in ready_papers()} == {"金坛时报", "常州日报", "常州科技"}
    for name in shipped_names():
        assert shipped(name).name == name


def test_a_paper_is_a_preset_an_entry_and_overrides() -> None:
    toml = 'preset = "B"\nentry = "http://a.example/"\nskip_titles = "^启事"\n[fields]\ntitle = ["h2"]\n'
    paper = parse_profile(toml, "yx.toml")
    assert (paper.name, paper.preset, paper.entry, paper.is_plain_http) == ("yx", "B", "http://a.example/", True)
    assert paper.fields.title == ("h2",)
    assert paper.fields.body == shipped("B").fields.body
    assert [pattern.pattern for pattern in paper.skip_titles] == ["^启事"]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("x", "not valid TOML"),
        ('preset = "Z"', "preset: expected one of A, B"),
        ("preset = 3", "preset: expected one of"),
        ('preset = "A"\ncolour = 1', "colour: expected one of"),
        ('preset = "A"\npage_url = "("', "page_url: expected a regular expression"),
        ('preset = "A"\npage_links = "a[["', "page_links: expected a CSS selector"),
        ('preset = "A"\npage_links = 3', "page_links: expected text or a list"),
        ('preset = "A"\nfields = 3', "fields: expected a section"),
        ('preset = "A"\n[fields]\ncolour = "a"', "fields.colour: expected one of kicker"),
        ('preset = "A"\nentry = "ftp://x"', "entry: expected an address"),
        ('preset = "A"\nmax_pages = 0', "max_pages: expected a number from 1 to 500"),
        ('preset = "A"\nmin_gap_s = 0.1', "min_gap_s: expected a number from 1.2"),
        ('preset = "A"\nshape = "round"', "shape: expected one of issue"),
        ('preset = "A"\nenpproperty = 1', "enpproperty: expected true or false"),
        ('preset = "A"\npublication = 1', "publication: expected text"),
        ('entry = "http://a.example"', "article_url: expected patterns"),
        ('article_url = "x"', "page_url: expected patterns"),
    ],
)
def test_refusals(toml: str, said: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse_profile(toml, "yx.toml")
    assert caught.value.key == "yx.toml"
    assert said in caught.value.reason


def test_no_such_preset() -> None:
    for name in ("none", "../A"):
        with pytest.raises(UnreadableError, match="expected one of A"):
            profile_from(name, "http://a.example")
