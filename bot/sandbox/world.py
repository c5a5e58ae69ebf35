"""The sandbox's world: people, chats, messages, files and the bot's updates, in memory and as JSON.

One event loop writes to it, without awaiting, so every change is whole. It holds what happened; who may do what stands in
`calls_*.py` (the bot) and `actions.py` (the people).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from bot.sandbox.chats import Chat, Person, filled
from bot.sandbox.errors import Json
from bot.sandbox.events import EventLog
from bot.sandbox.files import FileStore
from bot.sandbox.limits import Pace
from bot.sandbox.people import BOT_NAME, BOT_USERNAME
from bot.sandbox.profile import Profile
from bot.sandbox.updates import Updates, Webhook

KEPT_RECORDS = 200_000


@dataclass(frozen=True, slots=True)
class Sent:
    """One message or edit of the bot that the sandbox accepted. `text` is the text or caption without markup."""

    method: str
    chat_id: int
    message_id: int
    text: str
    at: datetime


@dataclass(slots=True)
class Query:
    """A pressed button that the bot may answer."""

    chat_id: int
    message_id: int
    user_id: int
    answered: bool = False


@dataclass(slots=True)
class InlineQuery:
    """Words that somebody wrote behind @bot; the bot answers once. `results`: each with the content of its message."""

    user_id: int
    results: list[Json] = field(default_factory=list)
    button: Json = field(default_factory=dict)
    next_offset: str = ""
    answered: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class World:
    """`now` gives aware datetimes for dates, `clock` seconds for the pace; `changed` is called after every change."""

    bot_id: int
    now: Callable[[], datetime]
    clock: Callable[[], float]
    pace: Pace
    files: FileStore
    changed: Callable[[], None] = lambda: None
    people: dict[int, Person] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    profile: Profile = field(default_factory=Profile)
    events: EventLog = field(default_factory=EventLog)
    record: deque[Sent] = field(default_factory=lambda: deque(maxlen=KEPT_RECORDS))
    queries: dict[str, Query] = field(default_factory=dict)
    inline: dict[str, InlineQuery] = field(default_factory=dict)
    last_id: int = 0
    updates: Updates = field(init=False)

    def __post_init__(self) -> None:
        self.updates = Updates(lambda: self.changed())

    # -- who and where

    def bot_user(self) -> Json:
        name = self.profile.text("name", "") or BOT_NAME
        return {"id": self.bot_id, "is_bot": True, "first_name": name, "username": BOT_USERNAME}

    def add_people(self, people: Iterable[Person]) -> None:
        """Every person has a private chat in which nothing has been said yet."""
        for person in people:
            self.people[person.id] = person
            self.chats.setdefault(person.id, Chat(person.id, "private", "new", members={person.id: "member"}))

    def chat_object(self, chat: Chat) -> Json:
        return chat.object(self.people.get(chat.id))

    def find_chat(self, name: int | str) -> Chat | None:
        """A chat by id, or a channel or supergroup by @username."""
        if isinstance(name, int):
            return self.chats.get(name)
        for chat in self.chats.values():
            if chat.own_numbers and chat.username and f"@{chat.username}".lower() == name.lower():
                return chat
        return None

    def stamp(self) -> int:
        return int(self.now().timestamp())

    # -- messages

    def post(self, chat: Chat, content: Json) -> Json:
        """Give a message its id and date and put it into the chat. Nobody is told but the page."""
        message: Json = {
            "message_id": self._next_id(chat),
            "date": self.stamp(),
            "chat": self.chat_object(chat),
            **content,
        }
        chat.keep(message)
        self.told(chat, message)
        return message

    def told(self, chat: Chat, message: Json) -> None:
        """Tell the page about a new or changed message."""
        self.events.add("message", chat=chat.id, message=message)
        self.changed()

    def remove(self, chat: Chat, message_id: int) -> None:
        del chat.messages[message_id]
        self.events.add("delete", chat=chat.id, message_id=message_id)
        self.changed()

    def remove_thread(self, chat: Chat, thread: int) -> None:
        """A forum topic goes, and with it all that was said there."""
        for message_id in [n for n, said in chat.messages.items() if said.get("message_thread_id") == thread]:
            self.remove(chat, message_id)
        del chat.threads[thread]
        self.told_chat(chat)

    def told_chat(self, chat: Chat) -> None:
        """Tell the page that a chat's standing, title or keyboard changed."""
        self.events.add("chat", chat=chat.id)
        self.changed()

    def noted(self, method: str, chat: Chat, message: Json) -> None:
        """Record what the bot sent, for tests."""
        text = message.get("text") or message.get("caption") or ""
        self.record.append(Sent(method, chat.id, message["message_id"], text, self.now()))

    def _next_id(self, chat: Chat) -> int:
        if chat.own_numbers:
            chat.last_id += 1
            return chat.last_id
        self.last_id += 1
        return self.last_id

    # -- membership

    def member_object(self, chat: Chat, user_id: int) -> Json:
        """The ChatMember object of a person or of the bot."""
        if user_id == self.bot_id:
            standing = {"new": "left", "deactivated": "left"}.get(chat.standing, chat.standing)
            right = {"can_manage_topics": chat.topic_right} if chat.kind == "supergroup" else {}
            return member(standing, self.bot_user(), right)
        return member(chat.members.get(user_id, "left"), self.people[user_id].user())

    def stand(self, chat: Chat, standing: str, by: int) -> None:
        """Change how the bot stands in a chat and let the bot know."""
        old = self.member_object(chat, self.bot_id)
        chat.standing = standing
        new = self.member_object(chat, self.bot_id)
        actor = self.bot_user() if by == self.bot_id else self.people[by].user()
        if old != new:
            content = {"chat": self.chat_object(chat), "from": actor, "date": self.stamp()}
            self.updates.add("my_chat_member", {**content, "old_chat_member": old, "new_chat_member": new})
        self.told_chat(chat)

    # -- keeping

    def to_json(self) -> Json:
        return {
            "version": 1,
            "last_id": self.last_id,
            "people": [asdict(person) for person in self.people.values()],
            "chats": [chat.to_json() for chat in self.chats.values()],
            "files": self.files.to_json(),
            "profile": asdict(self.profile),
            "updates": {
                "next_id": self.updates.next_id,
                "pending": self.updates.pending,
                "allowed": self.updates.allowed,
            },
            "webhook": asdict(self.updates.webhook),
        }

    def load(self, data: Json) -> None:
        """Take over what `to_json` wrote. Raises KeyError, TypeError or ValueError where it did not."""
        self.last_id = int(data["last_id"])
        self.people = {item["id"]: Person(**item) for item in data["people"]}
        self.chats = {item["id"]: Chat.from_json(item) for item in data["chats"]}
        self.files.load(data["files"])
        self.profile = Profile(**data["profile"])
        self.updates.next_id = data["updates"]["next_id"]
        self.updates.pending = data["updates"]["pending"]
        self.updates.allowed = data["updates"]["allowed"]
        self.updates.webhook = Webhook(**data["webhook"])


_RIGHTS = [
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
    "can_post_messages",
    "can_edit_messages",
    "can_pin_messages",
]
_GRANTED = frozenset(
    {"can_manage_chat", "can_post_messages", "can_edit_messages", "can_delete_messages", "can_pin_messages"}
)


def member(status: str, user: Json, rights: Json | None = None) -> Json:
    """A ChatMember object with the fields that its status requires. `rights`: more of an administrator's."""
    found: Json = {"status": status, "user": user}
    if status == "administrator":
        return found | {right: right in _GRANTED for right in _RIGHTS} | (rights or {})
    if status == "creator":
        return found | {"is_anonymous": False}
    return found | {"until_date": 0} if status == "kicked" else found


def reply_stub(message: Json) -> Json:
    """A message as it stands inside reply_to_message: without the one that it replies to itself."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


def sender(world: World, chat: Chat, user_id: int) -> Json:
    """The fields that say who wrote: a person or the bot, in a channel the channel itself."""
    if chat.kind == "channel":
        return {"sender_chat": world.chat_object(chat)}
    user = world.bot_user() if user_id == world.bot_id else world.people[user_id].user()
    return filled(**{"from": user})


def files_folder(state_file: Path | None) -> Path | None:
    """The folder beside the state file that holds the uploads."""
    return state_file.with_suffix(".files") if state_file else None
