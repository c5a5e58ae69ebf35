"""Whether this process reaches the Bot API at all: a count of failures in a row, and what follows from it.

A process whose line is cut fails faster than the others send. Left alone it would claim everything again and again, and each
failure would put a chat off for longer. So it doubts its line, gives back what it holds, and tries one message now and then.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from digests.settle import Outcome

MANY = 20
"""Failures in a row that are no accident of single messages."""
FIRST = timedelta(seconds=1)
LONGEST = timedelta(seconds=15)


class Doubt:
    """One process's own. `note` hears of every outcome, `room` says how many deliveries to claim."""

    def __init__(self) -> None:
        self._failures = 0
        self._wait = FIRST
        self._next = datetime.min.replace(tzinfo=UTC)

    @property
    def is_deep(self) -> bool:
        return self._failures >= MANY

    def note(self, outcome: Outcome) -> None:
        if outcome.kind in ("network", "server_error"):
            self._failures += 1
        else:
            self._failures, self._wait = 0, FIRST

    def room(self, wanted: int, now: datetime) -> int:
        """All that is wanted; in doubt one, and that only now and then."""
        if not self.is_deep:
            return wanted
        if now < self._next <= now + LONGEST:
            return 0
        self._next, self._wait = now + self._wait, min(2 * self._wait, LONGEST)
        return min(1, wanted)
