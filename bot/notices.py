"""What the service tells its admins, through the outbox like everything else: a file that cannot be read, an alarm.

Each notice has an id that follows from what it says, so none is told twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bot.reasons import problem_text
from bot.texts import Texts
from digests.compose import Stores
from digests.html import html_escape
from digests.types import Delivery, Issue
from subscriptions import Language, subscriber_id

REASON_LENGTH = 500
PROBLEMS = 5


class Notices:
    """`admins`: Telegram user ids; a private chat has its user's id."""

    def __init__(self, stores: Stores, texts: Texts, admins: frozenset[int]) -> None:
        self._stores, self._texts, self._admins = stores, texts, admins

    async def unreadable(self, key: str, reason: str, now: datetime) -> None:
        await self._tell("notice-unreadable", f"{key}\0{reason}", now, reasons=(reason,), key=html_escape(key))

    async def doubtful(self, key: str, issue: Issue, now: datetime) -> None:
        """A file that was read without an article, or with problems."""
        text = "notice-problems" if issue.articles else "notice-no-article"
        shown, count = issue.problems[:PROBLEMS], str(len(issue.problems))
        await self._tell(text, f"{key}\0{issue.problems}", now, reasons=shown, key=html_escape(key), count=count)

    async def alarm(self, error: str, now: datetime) -> None:
        """At most once an hour for the same words."""
        await self._tell("notice-alarm", f"{error}\0{now:%Y%m%d%H}", now, kind=html_escape(error[:REASON_LENGTH]))

    async def warn(self, text: str, now: datetime, **params: str) -> None:
        """What ails the service: each kind at most once an hour."""
        await self._tell(text, f"{now:%Y%m%d%H}", now, **params)

    async def late(self, source: str, paper: str, day: str, now: datetime) -> None:
        """Once for each day of each source."""
        await self._tell("notice-late", f"{source}\0{day}", now, paper=html_escape(paper), day=day)

    async def came_late(self, source: str, paper: str, day: str, now: datetime) -> None:
        """Once for each day of each source."""
        await self._tell("notice-came-late", f"{source}\0{day}", now, paper=html_escape(paper), day=day)

    async def missing(self, source: str, paper: str, number: int, now: datetime) -> None:
        """Once for each number of each source."""
        await self._tell("notice-missing", f"{source}\0{number}", now, paper=html_escape(paper), number=str(number))

    async def _tell(self, text: str, seed: str, now: datetime, /, reasons: Sequence[str] = (), **params: str) -> None:
        """`reasons`: as they came, to be told in each admin's language."""
        ids = [subscriber_id(user) for user in sorted(self._admins)]
        known = {reader.id: reader for reader in await self._stores.subscribers.get_subscribers(ids)}
        notices = []
        for id in ids:
            language = known[id].settings.language if id in known else "zh-Hans"
            why = self._reason(reasons, language)
            html = self._texts.get(language, text, reason=html_escape(why[:REASON_LENGTH]), **params)
            token = hashlib.blake2b(f"{text}\0{id}\0{seed}".encode(), digest_size=8).hexdigest()
            notices.append(Delivery(token, id, "notice", now, html=html))
        await self._stores.outbox.put(notices, now)

    def _reason(self, reasons: Sequence[str], language: Language) -> str:
        say = partial(self._texts.get, language)
        return "\n".join(problem_text(reason, language, say) for reason in reasons)
