"""Suggesting a word: one message after a digest, at most once a week, to those who asked for it.

The message is queued first and noted then; its id follows from when the last was, so that a crash in between queues it once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.texts import Texts
from digests.compose import Stores, delivery_id
from digests.html import html_escape
from digests.suggesting import Background, count_words, joined, suggest, wants_suggestion
from digests.types import Button, Delivery, IssueId
from subscriptions import AliasTable, Subscriber, SubscriberId
from subscriptions.service import SubscriptionService

ISSUES = 30
"""The newest issues, whose articles an interest is weighed against."""


class Suggestions:
    """`aliases`: answers those in force."""

    def __init__(self, stores: Stores, texts: Texts, aliases: Callable[[], AliasTable]) -> None:
        self._stores, self._texts, self._aliases = stores, texts, aliases
        self._service = SubscriptionService(stores.subscribers)
        self._counted: dict[tuple[IssueId, int], Background] = {}

    async def offer(self, id: SubscriberId, now: datetime) -> bool:
        """Queue a suggestion for this reader, if it is time and there is a word. True: it was queued."""
        reader = await self._stores.subscribers.find_subscriber(id)
        if reader is None or not wants_suggestion(reader, now):
            return False
        found = await self._stores.issues.get_articles(reader.interest.opened)
        word = suggest(reader, [article for article, _ in found.values()], await self._background(), self._aliases())
        if word is None:
            return False
        await self._stores.outbox.put([self._message(reader, word, now)], now)
        await self._service.note_suggested(reader, now)
        return True

    def _message(self, reader: Subscriber, word: str, now: datetime) -> Delivery:
        language = reader.settings.language
        steps = (("yes", "no"), ("off",))
        buttons = tuple(
            tuple(Button(self._texts.get(language, f"suggest-{step}"), f"sg:{step}:{word}") for step in row)
            for row in steps
        )
        html = self._texts.get(language, "suggest-word", word=html_escape(word))
        token = delivery_id("suggestion", reader.id, reader.created, reader.interest.suggested)
        return Delivery(token, reader.id, "notice", now, html=html, buttons=buttons)

    async def _background(self) -> Background:
        """Each issue is read and counted once, and again when it has more articles."""
        summaries = await self._stores.issues.recent_issues(ISSUES)
        wanted = [(summary.id, summary.articles) for summary in summaries]
        missing = [key for key in wanted if key not in self._counted]
        found = await asyncio.gather(*(self._stores.issues.find_issue(id) for id, _ in missing))
        fresh = {
            key: await asyncio.to_thread(count_words, issue.articles)
            for key, issue in zip(missing, found, strict=True)
            if issue is not None
        }
        known = self._counted | fresh
        self._counted = {key: known[key] for key in wanted if key in known}
        return joined(self._counted.values())
