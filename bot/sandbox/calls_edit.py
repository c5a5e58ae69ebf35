"""The bot's calls that change what stands already: edits, deletions, pins, reactions, and answers to pressed buttons."""

from __future__ import annotations

from bot.sandbox.access import own_message, the_chat, writable
from bot.sandbox.calls_send import caption_of, media_content, text_of
from bot.sandbox.chats import Chat, filled
from bot.sandbox.errors import Json, bad, flood, forbidden
from bot.sandbox.keyboards import inline_keyboard
from bot.sandbox.markup import utf16
from bot.sandbox.params import Params
from bot.sandbox.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
DELETABLE = 48 * 3600
"""Seconds for which a message can be deleted."""
_TEXT = ("text", "entities", "link_preview_options")
_CAPTION = ("caption", "caption_entities")


def edit_message_text(world: World, params: Params) -> Json:
    chat, message = _editable(world, params)
    if "text" not in message:
        raise bad("there is no text in the message to edit")
    return _edit(world, "editMessageText", chat, message, params, _TEXT, text_of(params))


def edit_message_caption(world: World, params: Params) -> Json:
    chat, message = _editable(world, params)
    if "text" in message:
        raise bad("there is no caption in the message to edit")
    return _edit(world, "editMessageCaption", chat, message, params, _CAPTION, caption_of(params))


def edit_message_media(world: World, params: Params) -> Json:
    chat, message = _editable(world, params)
    if "text" in message:
        raise bad("there is no media in the message to edit")
    content = media_content(world, params, params.object("media"))
    return _edit(world, "editMessageMedia", chat, message, params, ("document", "photo", *_CAPTION), content)


def edit_message_reply_markup(world: World, params: Params) -> Json:
    chat, message = _editable(world, params)
    return _edit(world, "editMessageReplyMarkup", chat, message, params, (), {})


def delete_message(world: World, params: Params) -> bool:
    chat = the_chat(world, params)
    message_id = params.integer("message_id")
    if message_id not in chat.messages:
        raise bad("message to delete not found")
    if not _may_delete(world, chat, message_id):
        raise bad("message can't be deleted")
    may_always = not chat.private and chat.standing == "administrator"
    if not may_always and chat.messages[message_id]["date"] <= world.stamp() - DELETABLE:
        raise bad("message can't be deleted for everyone")
    world.remove(chat, message_id)
    return True


def delete_messages(world: World, params: Params) -> bool:
    chat = the_chat(world, params)
    ids = [int(message_id) for message_id in params.array("message_ids")]
    if not 1 <= len(ids) <= 100:
        raise bad("message identifiers are not specified" if not ids else "too many message identifiers specified")
    for message_id in ids:
        if message_id in chat.messages and _may_delete(world, chat, message_id):
            world.remove(chat, message_id)
    return True


def pin_chat_message(world: World, params: Params) -> bool:
    chat = writable(world, params)
    message_id = params.integer("message_id")
    if message_id not in chat.messages:
        raise bad("message to pin not found")
    if not chat.private and chat.standing != "administrator":
        raise bad("not enough rights to manage pinned messages in the chat")
    chat.pinned = message_id
    world.told_chat(chat)
    return True


def unpin_chat_message(world: World, params: Params) -> bool:
    chat = writable(world, params)
    chat.pinned = 0
    world.told_chat(chat)
    return True


def set_message_reaction(world: World, params: Params) -> bool:
    chat = writable(world, params)
    message_id = params.integer("message_id")
    if message_id not in chat.messages:
        raise bad("message to react not found")
    world.events.add("reaction", chat=chat.id, message_id=message_id, reaction=params.objects("reaction"))
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    query = world.queries.get(params.text("callback_query_id"))
    if query is None or query.answered:
        raise bad(TOO_OLD)
    if utf16(params.text("text")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    query.answered = True
    world.events.add(
        "answer",
        chat=query.chat_id,
        message_id=query.message_id,
        user=query.user_id,
        query=params.text("callback_query_id"),
        text=params.text("text"),
        alert=params.flag("show_alert"),
        url=params.text("url"),
    )
    return True


def _may_delete(world: World, chat: Chat, message_id: int) -> bool:
    """In private chats the bot may delete everything, elsewhere its own messages or, as an administrator, all."""
    author = chat.messages[message_id].get("from", {}).get("id")
    return chat.private or author == world.bot_id or chat.standing == "administrator"


def _editable(world: World, params: Params) -> tuple[Chat, Json]:
    if params.text("inline_message_id"):
        raise bad("MESSAGE_ID_INVALID")
    chat = the_chat(world, params)
    if chat.private and chat.standing == "deactivated":
        raise forbidden("user is deactivated")
    missing, foreign = "message to edit not found", "message can't be edited"
    return chat, own_message(world, chat, params.integer("message_id"), missing, foreign)


def _edit(
    world: World, method: str, chat: Chat, message: Json, params: Params, fields: tuple[str, ...], content: Json
) -> Json:
    """Replace the named fields and the keyboard. A keyboard that is not given goes away, as with Telegram."""
    markup = filled(reply_markup=inline_keyboard(params.object("reply_markup")))
    kept = {key: value for key, value in message.items() if key not in (*fields, "reply_markup", "edit_date")}
    edited = kept | content | markup
    if edited == {key: value for key, value in message.items() if key != "edit_date"}:
        raise bad(NOT_MODIFIED)
    if seconds := world.pace.take_any(world.clock()):
        raise flood(seconds)
    edited["edit_date"] = world.stamp()
    chat.messages[message["message_id"]] = edited
    world.told(chat, edited)
    world.noted(method, chat, edited)
    return edited
