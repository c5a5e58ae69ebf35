"""Tables that recognition flattened to lines of words and figures."""

from __future__ import annotations

import re

_CELL = re.compile(r"^[+\-−]?\d(?:[\d,.]*\d)?%?(?:[—–\-~～至]\d[\d,.]*%?)?$")


def is_row(text: str) -> bool:
    """A row of a flattened table: two figures at least that stand alone, one of them at its end."""
    cells = text.split()
    return len(cells) > 2 and bool(_CELL.match(cells[-1])) and sum(bool(_CELL.match(cell)) for cell in cells) > 1
