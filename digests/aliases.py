"""Names of one thing: companies renamed or shortened, zones under two names. Read from TOML, shipped and the admins' own.

Pure but for reading package data. Makes no guess: what no table says is not an alias.
"""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files

from digests.errors import AliasError
from subscriptions import Alias


def load_aliases(extra: str | None = None) -> tuple[Alias, ...]:
    """The shipped aliases, then those of `extra` (TOML text in the same form). Raises AliasError."""
    shipped = parse_aliases(files("digests").joinpath("aliases.toml").read_text(encoding="utf-8"))
    return (*shipped, *(parse_aliases(extra) if extra else ()))


def parse_aliases(toml: str) -> tuple[Alias, ...]:
    """`[[alias]]` tables with `names` (two or more, the newest last) and, where names[-1] has a beginning, `since` (a day)."""
    try:
        table = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise AliasError("aliases", f"not valid TOML: {error}") from error
    entries = table.get("alias", [])
    if set(table) - {"alias"} or not isinstance(entries, list):
        raise AliasError("aliases", "expected only [[alias]] tables")
    return tuple(_alias(entry, f"alias[{number}]") for number, entry in enumerate(entries, 1))


def _alias(entry: object, place: str) -> Alias:
    if not isinstance(entry, dict) or set(entry) - {"names", "since"}:
        raise AliasError(place, f'expected names = ["…", "…"] and perhaps since = 2021-11-01, found {entry!r}')
    return Alias(_names(entry.get("names"), place), _since(entry.get("since"), place))


def _names(value: object, place: str) -> tuple[str, ...]:
    wanted = f"{place}.names"
    if not isinstance(value, list) or len(value) < 2:
        raise AliasError(wanted, f"expected a list of two or more names, found {value!r}")
    for name in value:
        if not isinstance(name, str) or len(name.strip()) < 2:
            raise AliasError(wanted, f"expected names of two characters or more, found {name!r}")
    if len(set(value)) != len(value):
        raise AliasError(wanted, "expected different names, found one twice")
    return tuple(value)


def _since(value: object, place: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError as error:
            raise AliasError(f"{place}.since", f"expected a day such as 2021-11-01, found {value!r}") from error
    if not isinstance(value, date):
        raise AliasError(f"{place}.since", f"expected a day such as 2021-11-01, found {value!r}")
    return value.isoformat()[:10]
