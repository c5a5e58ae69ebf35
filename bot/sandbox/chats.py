"""People, chats and what a chat holds, with the objects that the Bot API makes of them.

Plain data with its conversion to and from JSON; no rules about who may do what.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bot.sandbox.errors import Json

KEPT_MESSAGES = 500


@dataclass(slots=True)
class Person:
    """A made-up user. `role` and `role_en` say on the page who this is."""

    id: int
    name: str
    username: str = ""
    language: str = "zh-hans"
    role: str = ""
    role_en: str = ""
    admin: bool = False

    def user(self) -> Json:
        """The User object."""
        first, _, last = self.name.partition(" ")
        user: Json = {"id": self.id, "is_bot": False, "first_name": first}
        return user | filled(last_name=last, username=self.username, language_code=self.language)


@dataclass(slots=True)
class Chat:
    """A chat of the bot.

    `kind` is Telegram's chat type. `standing` is how the bot stands in it: new (a user who has not pressed Start), member,
    administrator, kicked (blocked, or removed), left, deactivated (the user is gone). `messages` are Message objects by id,
    `threads` names of forum topics by id; `made_threads` are the bot's, and `topic_right` whether it may make them as an admin.
    """

    id: int
    kind: str
    standing: str
    title: str = ""
    username: str = ""
    members: dict[int, str] = field(default_factory=dict)
    forum: bool = False
    migrated_to: int = 0
    migrated_from: int = 0
    pinned: int = 0
    threads: dict[int, str] = field(default_factory=dict)
    made_threads: list[int] = field(default_factory=list)
    closed_threads: list[int] = field(default_factory=list)
    topic_right: bool = True
    keyboard: Json = field(default_factory=dict)
    last_id: int = 0
    messages: dict[int, Json] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        return self.kind == "private"

    @property
    def is_group(self) -> bool:
        return self.kind in ("group", "supergroup")

    @property
    def grants_topics(self) -> bool:
        """Whether the bot may manage forum topics."""
        return self.standing == "administrator" and self.topic_right

    @property
    def own_numbers(self) -> bool:
        """Supergroups and channels count their messages by themselves; private chats and groups share the bot's count."""
        return self.kind in ("supergroup", "channel")

    def keep(self, message: Json) -> None:
        self.messages[message["message_id"]] = message
        while len(self.messages) > KEPT_MESSAGES:
            del self.messages[next(iter(self.messages))]

    def object(self, person: Person | None = None) -> Json:
        """The Chat object; a private chat is described by its person."""
        described = {"id": self.id, "type": self.kind}
        if person is not None:
            user = person.user()
            return described | {key: user[key] for key in ("first_name", "last_name", "username") if key in user}
        return described | filled(title=self.title, username=self.username, is_forum=self.forum)

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Json) -> Chat:
        for name in ("members", "threads", "messages"):
            data[name] = {int(key): value for key, value in data[name].items()}
        return cls(**data)


def filled(**fields: Any) -> Json:
    """The fields that say something; Telegram leaves the others out."""
    return {name: value for name, value in fields.items() if value not in (None, "", False, [], {})}
