"""When one process may send the next message: to everybody, to one chat, to one group.

A sliding log of booked moments, so that no second holds more than the rate, wherever it begins. Nothing sleeps here
and nothing reads the clock: `reserve` answers a moment, and the caller waits or puts the delivery back. The figures are
Telegram's (bot FAQ): about 30 a second over all, one a second in a chat, 20 a minute in a group.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import deque
from datetime import UTC, datetime, timedelta

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
SWEEP = 4096
"""Chats remembered before those that are quiet for a minute are forgotten."""


class Rates:
    """The limits of one process. `hold`: a moment further ahead is told but not booked; ask again when it comes."""

    def __init__(
        self,
        per_second: int = 30,
        per_chat: timedelta = SECOND,
        group_per_minute: int = 20,
        hold: timedelta = timedelta(seconds=1.5),
    ) -> None:
        self._per_second, self._per_chat = per_second, per_chat
        self._group_per_minute, self._hold = group_per_minute, hold
        self._all: list[datetime] = []
        self._chats: dict[int, deque[datetime]] = {}
        self._blocked: dict[int, datetime] = {}
        self._all_blocked = LONG_AGO
        self._sweep_at = SWEEP

    def reserve(self, chat_id: int, now: datetime) -> datetime:
        """The first moment, not before `now`, at which a message to `chat_id` may go. It is taken, unless it is more than `hold` ahead."""
        at = self._free_second(max(now, self._all_blocked, self._chat_free(chat_id)))
        if at - now <= self._hold:
            self._book(chat_id, at, now)
        return at

    def block(self, chat_id: int | None, until: datetime) -> None:
        """Telegram said to wait: this chat, or with None the whole bot."""
        if chat_id is None:
            self._all_blocked = max(self._all_blocked, until)
        else:
            self._blocked[chat_id] = max(self._blocked.get(chat_id, until), until)

    def _chat_free(self, chat_id: int) -> datetime:
        free = self._blocked.get(chat_id, LONG_AGO)
        log = self._chats.get(chat_id)
        if log:
            free = max(free, log[-1] + self._per_chat)
            if chat_id < 0 and len(log) == self._group_per_minute:
                free = max(free, log[0] + MINUTE)
        return free

    def _free_second(self, at: datetime) -> datetime:
        """The first moment from `at` on at which one more booking leaves every second within the rate."""
        while True:
            place = bisect_right(self._all, at)
            later = self._crowded(place, at)
            if later is None:
                return at
            at = later

    def _crowded(self, place: int, at: datetime) -> datetime | None:
        """The moment to try instead if a booking at `at`, the `place`-th, made any second too full."""
        with_it = [*self._all[max(0, place - self._per_second) : place], at]
        mine = len(with_it) - 1
        with_it += self._all[place : place + self._per_second]
        for first in range(len(with_it) - self._per_second):
            if with_it[first + self._per_second] - with_it[first] < SECOND:
                return with_it[first if first < mine else first + 1] + SECOND
        return None

    def _book(self, chat_id: int, at: datetime, now: datetime) -> None:
        insort(self._all, at)
        if len(self._all) > 8 * self._per_second:
            del self._all[: bisect_right(self._all, now - SECOND)]
        size = self._group_per_minute if chat_id < 0 else 1
        self._chats.setdefault(chat_id, deque(maxlen=size)).append(at)
        if len(self._chats) > self._sweep_at:
            self._sweep(now)

    def _sweep(self, now: datetime) -> None:
        self._chats = {chat: log for chat, log in self._chats.items() if log[-1] > now - MINUTE}
        self._blocked = {chat: until for chat, until in self._blocked.items() if until > now}
        self._sweep_at = max(SWEEP, 2 * len(self._chats))
