"""Aliases from TOML: the shipped table is sound, the admins' own are read, refusals say where."""

from __future__ import annotations

import pytest

from digests.aliases import load_aliases, parse_aliases
from digests.errors import AliasError
from subscriptions import Alias


def test_the_shipped_table_knows_the_renaming() -> None:
    found = {alias.names[-1]: alias for alias in load_aliases()}
    assert found["中创新航"].since == "2021-11-01"
    assert "中航锂电" in found["中创新航"].names
    assert "SK" in found["爱思开"].names


def test_no_name_is_in_two_aliases() -> None:
    names = [name for alias in load_aliases() for name in alias.names]
    assert len(names) == len(set(names))


def test_admins_add_their_own() -> None:
    extra = '[[alias]]\nnames = ["远图锂电", "远图新航"]\nsince = "2024-03-01"\n'
    assert load_aliases(extra)[-1] == Alias(("远图锂电", "远图新航"), "2024-03-01")
    assert load_aliases(extra)[:-1] == load_aliases()
    assert parse_aliases("") == ()


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[[alias", "not valid TOML"),
        ("names = 3", "expected only [[alias]] tables"),
        ("alias = 3", "expected only [[alias]] tables"),
        ("alias = [3]", "alias[1]: expected names"),
        ('[[alias]]\nnames = ["甲乙", "丙丁"]\nform = 3', "alias[1]: expected names"),
        ("[[alias]]\nnames = 3", "alias[1].names: expected a list"),
        ('[[alias]]\nnames = ["甲乙"]', "alias[1].names: expected a list"),
        ('[[alias]]\nnames = ["甲乙", "丙"]', "alias[1].names: expected names of two characters"),
        ('[[alias]]\nnames = ["甲乙", "甲乙"]', "alias[1].names: expected different names"),
        ('[[alias]]\nnames = ["甲乙", "丙丁"]\nsince = "2021年"', "alias[1].since: expected a day"),
        ('[[alias]]\nnames = ["甲乙", "丙丁"]\nsince = 2021', "alias[1].since: expected a day"),
    ],
)
def test_a_refusal_says_where_and_what_was_expected(toml: str, words: str) -> None:
    with pytest.raises(AliasError) as refused:
        parse_aliases(toml)
    assert words in str(refused.value)
