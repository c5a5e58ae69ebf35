"""The bot's calls about forum topics: made, renamed, closed, opened again, deleted. The topic's creator needs no right to change it."""

from __future__ import annotations

from bot.sandbox.access import writable
from bot.sandbox.chats import Chat
from bot.sandbox.entities import clean
from bot.sandbox.errors import ApiError, Json, bad
from bot.sandbox.params import Params
from bot.sandbox.world import World, sender

COLORS = frozenset({7322096, 16766590, 13338331, 9367192, 16749490, 16478047})
LONGEST_NAME = 128


def create_forum_topic(world: World, params: Params) -> Json:
    chat = _forum(world, params)
    if not chat.grants_topics:
        raise bad("not enough rights to create a topic")
    name, color = _name(params), params.integer("icon_color", 7322096)
    if color not in COLORS:
        raise bad("topic icon color is invalid")
    created = {"forum_topic_created": {"name": name, "icon_color": color}, "is_topic_message": True}
    message = world.post(chat, sender(world, chat, world.bot_id) | created)
    thread = message["message_thread_id"] = message["message_id"]
    chat.threads[thread] = name
    chat.made_threads.append(thread)
    world.told_chat(chat)
    return {"message_thread_id": thread, "name": name, "icon_color": color}


def edit_forum_topic(world: World, params: Params) -> bool:
    """Without a name it stays as it is."""
    chat, thread = _changeable(world, params)
    name = _name(params) if params.text("name") else chat.threads[thread]
    if name == chat.threads[thread]:
        raise bad("TOPIC_NOT_MODIFIED")
    chat.threads[thread] = name
    return _tell(world, chat, thread, {"forum_topic_edited": {"name": name}})


def close_forum_topic(world: World, params: Params) -> bool:
    chat, thread = _changeable(world, params)
    if thread in chat.closed_threads:
        raise bad("TOPIC_NOT_MODIFIED")
    chat.closed_threads.append(thread)
    return _tell(world, chat, thread, {"forum_topic_closed": {}})


def reopen_forum_topic(world: World, params: Params) -> bool:
    chat, thread = _changeable(world, params)
    if thread not in chat.closed_threads:
        raise bad("TOPIC_NOT_MODIFIED")
    chat.closed_threads.remove(thread)
    return _tell(world, chat, thread, {"forum_topic_reopened": {}})


def delete_forum_topic(world: World, params: Params) -> bool:
    chat, thread = _forum(world, params), params.integer("message_thread_id")
    if chat.standing != "administrator":
        raise bad("not enough rights to delete a topic")
    _known(chat, thread)
    world.remove_thread(chat, thread)
    return True


def refusal_in_thread(chat: Chat, thread: int) -> ApiError | None:
    """Why the bot cannot write to this topic of a chat."""
    if thread not in chat.threads:
        return bad("message thread not found")
    return bad("TOPIC_CLOSED") if thread in chat.closed_threads and not _may_change(chat, thread) else None


def _forum(world: World, params: Params) -> Chat:
    chat = writable(world, params)
    if not chat.forum:
        raise bad("the chat is not a forum")
    return chat


def _changeable(world: World, params: Params) -> tuple[Chat, int]:
    chat, thread = _forum(world, params), params.integer("message_thread_id")
    _known(chat, thread)
    if not _may_change(chat, thread):
        raise bad("not enough rights to manage topics")
    return chat, thread


def _known(chat: Chat, thread: int) -> None:
    if thread not in chat.threads:
        raise bad("message thread not found")


def _may_change(chat: Chat, thread: int) -> bool:
    return chat.grants_topics or (chat.standing == "administrator" and thread in chat.made_threads)


def _name(params: Params) -> str:
    name = clean(params.text("name")).strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise bad("topic name is invalid")
    return name


def _tell(world: World, chat: Chat, thread: int, content: Json) -> bool:
    """The service message in the topic."""
    frame = sender(world, chat, world.bot_id) | {"message_thread_id": thread, "is_topic_message": True}
    world.post(chat, frame | content)
    world.told_chat(chat)
    return True
