"""Faults on order: what a test wants the sandbox to do wrong, and when.

A fault may strike before the call is processed (nothing happened) or after it (it happened, and the bot does not learn so).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

FaultKind = Literal["status", "reset", "timeout"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Strikes the next `times` calls of `method` ("*": any but getUpdates).

    `status` answers `code` (5xx as a proxy does, without JSON; 429 and others as Telegram does), `reset` cuts the connection,
    `timeout` keeps silent for `seconds` and then cuts it. `after`: once the call has been processed. `skip` calls pass first;
    `chat` narrows it to one chat.
    """

    method: str = "*"
    kind: FaultKind = "status"
    code: int = 502
    times: int = 1
    after: bool = False
    seconds: float = 60
    retry_after: int = 1
    skip: int = 0
    chat: int | None = None

    def concerns(self, method: str, chat: str) -> bool:
        named = self.method.lower() == method or (self.method == "*" and method != "getupdates")
        return named and self.chat in (None, _integer(chat))


def _integer(text: str) -> int | None:
    return int(text) if text.lstrip("-").isdigit() else None


@dataclass(slots=True)
class Faults:
    """The faults that are still to strike, oldest first."""

    pending: list[Fault] = field(default_factory=list)

    def add(self, *faults: Fault) -> None:
        self.pending.extend(faults)

    def clear(self) -> None:
        self.pending.clear()

    def take(self, method: str, chat: str) -> Fault | None:
        """The fault that strikes this call (method in lower case, chat as the call wrote it), counted down."""
        for place, fault in enumerate(self.pending):
            if fault.concerns(method, chat):
                return self._count(place, fault)
        return None

    def _count(self, place: int, fault: Fault) -> Fault | None:
        if fault.skip:
            self.pending[place] = replace(fault, skip=fault.skip - 1)
            return None
        left: Sequence[Fault] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
        self.pending[place : place + 1] = left
        return fault
