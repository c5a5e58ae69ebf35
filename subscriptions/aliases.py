"""Names of one and the same thing: a query for one finds the others, and says so.

Only a whole term that is a name has aliases, never a part of one: 中航锂电 does, 中航锂电研究院 does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from subscriptions.text import fold
from subscriptions.types import Alias

LONGEST = 200


class AliasTable:
    """Immutable. Names are compared in normalised form; names of fewer than two or more than LONGEST characters are left out."""

    def __init__(self, aliases: Sequence[Alias] = ()) -> None:
        self._printed: dict[str, str] = {}
        self._others: dict[str, tuple[str, ...]] = {}
        for alias in aliases:
            names = self._add_names(alias)
            for name in names:
                known = self._others.get(name, ())
                self._others[name] = (*known, *(other for other in names if other != name and other not in known))

    def _add_names(self, alias: Alias) -> list[str]:
        names = {folded: name for name in alias.names if 1 < len(folded := fold(name)) <= LONGEST}
        self._printed |= {name: printed for name, printed in names.items() if name not in self._printed}
        return list(names)

    def others(self, name: str) -> tuple[str, ...]:
        """The other names, normalised, of the thing that the normalised `name` names; () where it names none."""
        return self._others.get(name, ())

    def printed(self, name: str) -> str:
        """A normalised name as it is written."""
        return self._printed.get(name, name)

    def names(self) -> frozenset[str]:
        """All normalised names that have others."""
        return frozenset(name for name, others in self._others.items() if others)
