"""What reading needs to know (topics, aliases, dictionary), in step with what admins changed.

The topics that admins edit lie in the store, their aliases and words in two files of the data folder; every process looks
at them at each tick and rebuilds only on a change. A file with a mistake is told, and what was known before stays.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.logs import event
from digests.enrich import Knowledge, load_knowledge
from digests.errors import DigestsError
from digests.ports import AdminStore
from digests.read import read_issue
from digests.types import Issue, RawIssue
from subscriptions import AliasTable

log = logging.getLogger(__name__)

ALIASES, DICTIONARY = "aliases.toml", "dictionary.txt"


@dataclass(frozen=True, slots=True)
class Own:
    """What admins added: topics by name as TOML, aliases as TOML, dictionary lines."""

    topics: Mapping[str, str] = field(default_factory=dict)
    aliases: str = ""
    dictionary: str = ""

    def load(self) -> Knowledge:
        """Raises TopicError, AliasError."""
        return load_knowledge(self.topics, aliases=self.aliases or None, dictionary=self.dictionary)


class CurrentKnowledge:
    """`folder`: the data folder. `refresh` before a tick; `read` in a thread, with whatever is current."""

    def __init__(self, store: AdminStore, folder: Path) -> None:
        self._store, self._folder = store, folder
        self._own = Own()
        self._use(self._own.load())

    async def refresh(self) -> None:
        own = Own(await self._store.get_topics(), *await asyncio.to_thread(self._files))
        if own == self._own:
            return
        self._own = own
        try:
            self._use(await asyncio.to_thread(own.load))
        except DigestsError as error:
            event(log, "knowledge_wrong", level=logging.ERROR, folder=str(self._folder), error=str(error))

    def _use(self, knowledge: Knowledge) -> None:
        self.knowledge, self.aliases = knowledge, AliasTable(knowledge.aliases)

    def _files(self) -> tuple[str, str]:
        paths = (self._folder / ALIASES, self._folder / DICTIONARY)
        aliases, words = (path.read_text(encoding="utf-8-sig") if path.is_file() else "" for path in paths)
        return aliases, words

    def read(self, raw: RawIssue) -> Issue:
        return read_issue(raw, self.knowledge)
