"""What reading needs to know (topics, aliases, dictionary), in step with what admins changed.

The topics that admins edit lie in the store, their aliases and words in two files of the data folder; every process looks
at them at each tick and rebuilds only on a change. A file with a mistake is told, and what was known before stays.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.logs import event
from digests.enrich import Knowledge, load_knowledge
from digests.errors import AliasError, DigestsError, TopicError, UnreadableError
from digests.ports import AdminStore
from digests.read import read_issue
from digests.sources.decode import decode
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
        self._good = ""
        self._wrong: tuple[str, str] | None = None
        self._use(self._own.load())

    async def refresh(self) -> UnreadableError | None:
        """Take in what changed. Answers what is wrong with it, once for each change; what is wrong is left as it was before."""
        topics = await self._store.get_topics()
        aliases, dictionary, wrong = await asyncio.to_thread(self._files)
        own = Own(topics, aliases, dictionary)
        if own == self._own and wrong == self._wrong:
            return None
        self._own, self._wrong = own, wrong
        problem = await asyncio.to_thread(self._take, own)
        return problem or (UnreadableError(*wrong) if wrong else None)

    def _take(self, own: Own) -> UnreadableError | None:
        try:
            self._use(own.load())
        except AliasError as error:
            problem = UnreadableError(ALIASES, f"{error.place}: {error.reason}")
        except TopicError as error:
            problem = UnreadableError(error.topic, error.reason)
        else:
            self._good = own.aliases
            return None
        event(log, "knowledge_wrong", level=logging.ERROR, folder=str(self._folder), error=str(problem))
        with suppress(DigestsError):
            self._use(replace(own, aliases=self._good).load())
        return problem

    def _use(self, knowledge: Knowledge) -> None:
        self.knowledge, self.aliases = knowledge, AliasTable(knowledge.aliases)

    def _files(self) -> tuple[str, str, tuple[str, str] | None]:
        """Aliases, dictionary, and which of them is no text, with the reason."""
        texts, wrong = [], None
        for name in (ALIASES, DICTIONARY):
            path = self._folder / name
            try:
                texts.append(decode(path.read_bytes(), name) if path.is_file() else "")
            except (UnreadableError, OSError) as error:
                wrong = (name, error.reason if isinstance(error, UnreadableError) else str(error.strerror))
                texts.append(self._own.aliases if name == ALIASES else self._own.dictionary)
        return texts[0], texts[1], wrong

    def read(self, raw: RawIssue) -> Issue:
        return read_issue(raw, self.knowledge)
