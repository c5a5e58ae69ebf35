"""What the service tells its admins, through the outbox like everything else: a file that cannot be read, an alarm.

Each notice has an id that follows from what it says, so none is told twice.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from bot.texts import Texts
from digests.compose import Stores
from digests.html import html_escape
from digests.types import Delivery
from subscriptions import subscriber_id

REASON_LENGTH = 500


class Notices:
    """`admins`: Telegram user ids; a private chat has its user's id."""

    def __init__(self, stores: Stores, texts: Texts, admins: frozenset[int]) -> None:
        self._stores, self._texts, self._admins = stores, texts, admins

    async def unreadable(self, key: str, reason: str, now: datetime) -> None:
        params = {"key": html_escape(key), "reason": html_escape(reason[:REASON_LENGTH])}
        await self._tell("notice-unreadable", f"{key}\0{reason}", now, **params)

    async def alarm(self, error: str, now: datetime) -> None:
        """At most once an hour for the same words."""
        await self._tell("notice-alarm", f"{error}\0{now:%Y%m%d%H}", now, kind=html_escape(error[:REASON_LENGTH]))

    async def late(self, source: str, paper: str, day: str, now: datetime) -> None:
        """Once for each day of each source."""
        await self._tell("notice-late", f"{source}\0{day}", now, paper=html_escape(paper), day=day)

    async def came_late(self, source: str, paper: str, day: str, now: datetime) -> None:
        """Once for each day of each source."""
        await self._tell("notice-came-late", f"{source}\0{day}", now, paper=html_escape(paper), day=day)

    async def missing(self, source: str, paper: str, number: int, now: datetime) -> None:
        """Once for each number of each source."""
        await self._tell("notice-missing", f"{source}\0{number}", now, paper=html_escape(paper), number=str(number))

    async def _tell(self, text: str, seed: str, now: datetime, /, **params: str) -> None:
        ids = [subscriber_id(user) for user in sorted(self._admins)]
        known = {reader.id: reader for reader in await self._stores.subscribers.get_subscribers(ids)}
        notices = []
        for id in ids:
            language = known[id].settings.language if id in known else "zh-Hans"
            html = self._texts.get(language, text, **params)
            token = hashlib.blake2b(f"{text}\0{id}\0{seed}".encode(), digest_size=8).hexdigest()
            notices.append(Delivery(token, id, "notice", now, html=html))
        await self._stores.outbox.put(notices, now)
