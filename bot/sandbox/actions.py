"""What the made-up people do: write, press, drop files, start, block, invite and remove the bot.

The chat page and the tests act through this. A group tells the bot only what Telegram's privacy mode lets through: commands,
mentions of the bot and replies to it, unless the bot is an administrator.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from bot.sandbox.calls_send import forwarded
from bot.sandbox.chats import Chat, Person, filled
from bot.sandbox.entities import CAPTION_LIMIT, TEXT_LIMIT, formatted
from bot.sandbox.errors import ActionError, ApiError, Json
from bot.sandbox.files import Upload, picture_size
from bot.sandbox.inline import Inline
from bot.sandbox.kinds import check_album, kind_of, media, poll
from bot.sandbox.people import BOT_USERNAME
from bot.sandbox.world import Query, World, member, reply_stub, sender

KEPT_QUERIES = 1000


class Actions:
    """Each method is one deed of one person, whole and at once. Raises `ActionError` where Telegram's apps would not offer it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._inline = Inline(world)

    def start(self, user: int, payload: str = "") -> Json:
        """Press Start (or open a deep link with a payload): lets the bot write and sends /start. Also restarts after a block."""
        chat = self._chat(user)
        if chat.standing != "member":
            self._world.stand(chat, "member", user)
        return self.write(user, user, f"/start {payload}".strip())

    def write(self, user: int, chat_id: int, text: str, reply_to: int = 0, thread: int = 0) -> Json:
        """Send a text. Returns the Message."""
        chat = self._open(user, chat_id)
        kept, entities = _kept(text, TEXT_LIMIT)
        if not kept:
            raise ActionError("an empty message cannot be sent")
        return self._post(user, chat, {"text": kept, **filled(entities=entities)}, reply_to, thread)

    def locate(self, user: int, chat_id: int, latitude: float, longitude: float) -> Json:
        """Send a place. Returns the Message."""
        place = {"latitude": latitude, "longitude": longitude}
        return self._post(user, self._open(user, chat_id), {"location": place})

    def upload(self, user: int, chat_id: int, file: Upload, caption: str = "", as_photo: bool = False) -> Json:
        """Send a file, or as a photo (video, music) what an app would send so. Returns the Message."""
        return self._post(
            user, self._open(user, chat_id), self._media(file, caption, "photo" if as_photo else "document")
        )

    def show(self, user: int, chat_id: int, kind: str, file: Upload, caption: str = "") -> Json:
        """Send a video, animation, audio, voice, video_note or sticker. Returns the Message."""
        return self._post(user, self._open(user, chat_id), self._media(file, caption, kind))

    def album(
        self, user: int, chat_id: int, files: Sequence[Upload], caption: str = "", as_photo: bool = False
    ) -> list[Json]:
        """Send two to ten files as one album, the caption below the first; the bot gets a message of each. Returns the Messages."""
        chat, kind = self._open(user, chat_id), "photo" if as_photo else "document"
        contents = [self._media(file, "" if place else caption, kind) for place, file in enumerate(files)]
        check_album(contents)
        group = {"media_group_id": str(secrets.randbits(53))}
        return [self._post(user, chat, content | group) for content in contents]

    def ask_poll(self, user: int, chat_id: int, question: str, options: Sequence[str]) -> Json:
        """Send a poll. Returns the Message."""
        return self._post(user, self._open(user, chat_id), poll(str(secrets.randbits(62)), question, options))

    def forward(self, user: int, chat_id: int, from_chat: int, message_id: int) -> Json:
        """Hand on what stands in another chat that this person is in. Returns the Message."""
        chat, source = self._open(user, chat_id), self._chat(from_chat)
        self._take_part(user, source)
        if message_id not in source.messages:
            raise ActionError("there is no such message")
        try:
            return self._post(user, chat, forwarded(source.messages[message_id]))
        except ApiError as error:
            raise ActionError(error.description) from error

    async def ask_inline(self, user: int, chat_id: int, text: str, offset: str = "") -> Json:
        """Write words behind @bot: what the bot offers there."""
        self._open(user, chat_id)
        return await self._inline.ask(user, chat_id, text, offset)

    def choose_inline(self, user: int, chat_id: int, query_id: str, result_id: str, thread: int = 0) -> Json:
        """Send one of the results that were offered. Returns the Message."""
        chat = self._open(user, chat_id)
        return self._post(user, chat, self._inline.choose(user, query_id, result_id), thread=thread)

    def press(self, user: int, chat_id: int, message_id: int, data: str) -> str:
        """Press a callback button. Returns the id of the query, which the bot may answer once."""
        world, chat = self._world, self._chat(chat_id)
        self._take_part(user, chat)
        message = chat.messages.get(message_id)
        if message is None or data not in _callbacks(message):
            raise ActionError("there is no such button any more")
        query_id = str(secrets.randbits(62))
        world.queries[query_id] = Query(chat.id, message_id, user)
        while len(world.queries) > KEPT_QUERIES:
            del world.queries[next(iter(world.queries))]
        query = {"id": query_id, "from": world.people[user].user(), "message": message}
        world.updates.add("callback_query", {**query, "chat_instance": str(abs(chat.id) + 7), "data": data})
        return query_id

    def press_text(self, user: int, chat_id: int, message_id: int, label: str) -> str:
        """Press the callback button with this label, as a person who reads would."""
        message = self._chat(chat_id).messages.get(message_id, {})
        for button in _buttons(message):
            if button["text"] == label and "callback_data" in button:
                return self.press(user, chat_id, message_id, button["callback_data"])
        raise ActionError(f"there is no button {label!r}")

    def block(self, user: int) -> None:
        self._world.stand(self._chat(user), "kicked", user)

    def unblock(self, user: int) -> None:
        chat = self._chat(user)
        if chat.standing == "kicked":
            self._world.stand(chat, "member", user)

    def deactivate(self, user: int) -> None:
        """Delete the account: the bot is not told, its messages are refused."""
        chat = self._chat(user)
        chat.standing = "deactivated"
        self._world.told_chat(chat)

    def remove_bot(self, user: int, chat_id: int) -> None:
        self._world.stand(self._room(chat_id), "kicked", user)

    def add_bot(self, user: int, chat_id: int, administrator: bool = False) -> None:
        """Bring the bot (back) into a group or channel; in a channel it is always an administrator."""
        room = self._room(chat_id)
        admin = administrator or room.kind == "channel"
        self._world.stand(room, "administrator" if admin else "member", user)

    def set_forum(self, chat_id: int, forum: bool) -> None:
        room = self._room(chat_id)
        if room.kind != "supergroup":
            raise ActionError("only a supergroup can have topics")
        room.forum = forum
        self._world.told_chat(room)

    def allow_topics(self, chat_id: int, allowed: bool) -> None:
        """Give the bot, where it is an administrator, the right to manage topics, or take it."""
        room = self._room(chat_id)
        room.topic_right = allowed
        self._world.told_chat(room)

    def delete_topic(self, chat_id: int, thread: int) -> None:
        """Delete a forum topic with everything in it; the bot is not told."""
        room = self._room(chat_id)
        if thread not in room.threads:
            raise ActionError("there is no such topic")
        self._world.remove_thread(room, thread)

    def upgrade(self, user: int, chat_id: int) -> int:
        """Turn a group into a supergroup, as Telegram does when it grows. Returns the new id; the old one refuses from now on."""
        world, old = self._world, self._room(chat_id)
        if old.kind != "group" or old.migrated_to:
            raise ActionError("only a group can be upgraded")
        new = Chat(-1003000000000 + old.id, "supergroup", old.standing, title=old.title, members=dict(old.members))
        new.migrated_from, old.migrated_to = old.id, new.id
        world.chats[new.id] = new
        by = sender(world, old, user)
        self._service(old, {**by, "migrate_to_chat_id": new.id})
        self._service(new, {"sender_chat": world.chat_object(new), "migrate_from_chat_id": old.id})
        world.told_chat(old)
        world.told_chat(new)
        return new.id

    def add_person(self, person: Person, started: bool = True) -> None:
        """Another user, for tests; `started` as if he had pressed Start long ago."""
        self._world.add_people([person])
        if started:
            self._world.chats[person.id].standing = "member"

    def change_member(self, chat_id: int, user: int, status: str, by: int) -> None:
        """Make a member an administrator or the like; the bot hears of it if it asked for chat_member."""
        world, room = self._world, self._room(chat_id)
        old = world.member_object(room, user)
        room.members[user] = status
        new = member(status, world.people[user].user())
        changed: Json = {"chat": world.chat_object(room), "from": world.people[by].user(), "date": world.stamp()}
        world.updates.add("chat_member", {**changed, "old_chat_member": old, "new_chat_member": new})
        world.told_chat(room)

    def _media(self, file: Upload, caption: str, kind: str) -> Json:
        kept, entities = _kept(caption, CAPTION_LIMIT)
        stored = self._world.files.add(file)
        shown = kind_of(stored.mime) if kind == "photo" else kind
        size = picture_size(file.data) if shown == "photo" else None
        return media(shown, stored, size) | filled(caption=kept, caption_entities=entities)

    def _post(self, user: int, chat: Chat, content: Json, reply_to: int = 0, thread: int = 0) -> Json:
        frame = sender(self._world, chat, user)
        original = chat.messages.get(reply_to)
        if original:
            frame["reply_to_message"] = reply_stub(original)
        if thread in chat.threads:
            frame |= {"message_thread_id": thread, "is_topic_message": True}
        if chat.keyboard.get("once") or chat.keyboard.get("force_reply"):
            chat.keyboard = {}
        message = self._world.post(chat, frame | content)
        if self._heard(chat, message):
            self._world.updates.add("channel_post" if chat.kind == "channel" else "message", message)
        return message

    def _service(self, chat: Chat, content: Json) -> None:
        self._world.updates.add("message", self._world.post(chat, content))

    def _heard(self, chat: Chat, message: Json) -> bool:
        """Whether the bot sees a message: privacy mode."""
        if chat.private or chat.standing == "administrator":
            return True
        if chat.standing != "member":
            return False
        if "via_bot" in message:
            return True
        text = message.get("text") or message.get("caption") or ""
        replied = message.get("reply_to_message", {}).get("from", {}).get("id")
        return text.startswith("/") or f"@{BOT_USERNAME}" in text.lower() or replied == self._world.bot_id

    def _open(self, user: int, chat_id: int) -> Chat:
        """The chat, if this person may write there now."""
        chat = self._chat(chat_id)
        self._take_part(user, chat)
        if chat.private and chat.standing != "member":
            raise ActionError("press Start first" if chat.standing == "new" else "unblock the bot first")
        if chat.migrated_to:
            raise ActionError("this group was upgraded to a supergroup")
        if chat.kind == "channel" and chat.members[user] not in ("creator", "administrator"):
            raise ActionError("only administrators post in a channel")
        return chat

    def _take_part(self, user: int, chat: Chat) -> None:
        if user not in self._world.people or user not in chat.members:
            raise ActionError("this person is not in the chat")

    def _chat(self, chat_id: int) -> Chat:
        chat = self._world.chats.get(chat_id)
        if chat is None:
            raise ActionError("there is no such chat")
        return chat

    def _room(self, chat_id: int) -> Chat:
        chat = self._chat(chat_id)
        if chat.private:
            raise ActionError("this is a private chat")
        return chat


def _kept(text: str, limit: int) -> tuple[str, list[Json]]:
    """Half a surrogate pair, which JSON may hold and no app can send, becomes a question mark."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    try:
        return formatted(text, "", None, limit, "this message is too long for Telegram")
    except ApiError as error:
        raise ActionError(error.description) from error


def _buttons(message: Json) -> list[Json]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def _callbacks(message: Json) -> set[str]:
    return {button["callback_data"] for button in _buttons(message) if "callback_data" in button}
