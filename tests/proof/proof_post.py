"""What surrounds the service: Telegram, which keeps messages and refuses some, and papers that print. Fakes without any wish of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from digests.compose import TEXT_KEY
from digests.fingerprint import issue_fingerprint
from digests.settle import Outcome
from digests.types import Article, Chunk, Delivery, Issue, RawIssue
from subscriptions import Subscriber, chat_of, subscriber_id

EVERY = 40
TROUBLE = [Outcome("network"), Outcome("server_error"), Outcome("retry_after", retry_after=2)]
"""What each so many requests meet, one after the other, without anything being sent."""


@dataclass
class Message:
    """`reader`: under which id it was sent; `text`: the numbers of its articles, or the name of a note. `gone`: deleted. `number` 0: Telegram refused it."""

    reader: str
    text: str
    replies: int | None = None
    gone: bool = False
    number: int = 0


@dataclass
class Post:
    """Telegram. `closed`: forum topics that are gone; `moved`: groups that have become supergroups, by their numbers; of `came` and
    `changed` the town takes what is new since it looked: what was sent to whom, and which messages were edited or deleted, with what
    came of it. `renamed`: who was found to live elsewhere."""

    blocked: set[int] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    moved: dict[int, int] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    came: defaultdict[str, list[Message]] = field(default_factory=lambda: defaultdict(list))
    changed: list[tuple[int, Message, str]] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    asked: int = 0
    meddle: Callable[[list[Message]], None] | None = None
    """What a test does to the first messages that leave, to see that it is noticed."""

    async def send(
        self, chat_id: int, thread_id: int | None, chunk: Chunk, *, silent: bool = False, plain: bool = False
    ) -> Outcome:
        chat, thread = chat_id, thread_id
        id = subscriber_id(chat, thread)
        self.asked += 1
        if self.asked % EVERY == 0:
            return TROUBLE[self.asked // EVERY % len(TROUBLE)]
        if chat in self.moved:
            self.renamed.append((id, subscriber_id(self.moved[chat], thread)))
            return Outcome("migrated", new_chat=self.moved[chat])
        if chunk.edits is not None:
            return self._change(id, chunk.edits, Message(id, chunk.plain, chunk.replies, gone=not chunk.plain))
        sent = Message(id, chunk.plain, chunk.replies)
        if chat in self.blocked:
            self.came[id].append(sent)
            return Outcome("blocked")
        if id in self.closed:
            self.renamed.append((id, subscriber_id(chat)))
            return Outcome("topic_closed")
        self.came[id].append(sent)
        sent.number = len(self.messages) + 1
        self.messages[sent.number] = sent
        return Outcome("sent", message_id=sent.number)

    def _change(self, id: str, number: int, now: Message) -> Outcome:
        """Messages of a group stay behind when it becomes a supergroup, and those of a topic go with it."""
        kept, outcome = self.messages[number], "sent"
        if chat_of(id) in self.blocked:
            outcome = "blocked"
        elif kept.gone or chat_of(id) != chat_of(kept.reader) or kept.reader in self.closed:
            outcome = "gone"
        self.changed.append((number, now, outcome))
        if outcome == "blocked":
            return Outcome("blocked")
        if outcome == "gone" and not now.gone:
            return Outcome("gone", message_id=number)
        if outcome == "sent":
            kept.text, kept.gone = now.text, now.gone
        return Outcome("sent", message_id=number)

    def refuses(self, id: str) -> bool:
        return chat_of(id) in self.blocked

    def lets_in(self, id: str) -> None:
        """Whoever speaks to us is there."""
        self.blocked.discard(chat_of(id))
        self.closed.discard(id)


@dataclass
class Press:
    """What the papers have printed, and the next issue to be read."""

    issues: dict[str, list[Article]] = field(default_factory=dict)
    next: list[tuple[RawIssue, Issue]] = field(default_factory=list)
    name: str = "press"

    async def check(self, now: datetime) -> AsyncIterator[object]:
        for raw, _ in self.next:
            yield raw

    def read(self, raw: RawIssue) -> Issue:
        return next(replace(issue, fingerprint=issue_fingerprint(raw)) for one, issue in self.next if one is raw)


async def render(delivery: Delivery, subscriber: Subscriber | None) -> tuple[Chunk, ...]:
    """The numbers of the articles, or the name of the note; nothing, where messages are deleted."""
    if delivery.kind == "recall":
        return tuple(Chunk("", "", edits=number) for number in delivery.edits)
    items = delivery.digest.items() if delivery.digest else ()
    text = " ".join(str(item.article_id) for item in items) or delivery.html
    assert items or text.startswith(TEXT_KEY)
    edits = delivery.edits[0] if delivery.edits else None
    return (Chunk(text, text, edits=edits, replies=None if edits else delivery.replies),)
