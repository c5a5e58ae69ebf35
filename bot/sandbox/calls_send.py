"""The bot's calls that make new messages: text, documents, photos, albums, copies and forwards."""

from __future__ import annotations

from bot.sandbox.access import keep_pace, the_chat, writable
from bot.sandbox.calls_topics import refusal_in_thread
from bot.sandbox.chats import Chat, filled
from bot.sandbox.entities import CAPTION_LIMIT, TEXT_LIMIT, formatted
from bot.sandbox.errors import Json, bad
from bot.sandbox.files import PICTURES, Stored
from bot.sandbox.keyboards import chat_keyboard, inline_keyboard
from bot.sandbox.params import Params
from bot.sandbox.world import World, reply_stub, sender

CAPTION_TOO_LONG = "message caption is too long"
WRONG_FILE = "wrong file identifier/HTTP URL specified"
_CONTENT = (
    "text", "entities", "document", "photo", "video", "animation", "audio", "voice", "video_note", "sticker", "poll", "location",
    "caption", "caption_entities", "link_preview_options",
)  # fmt: skip


def send_message(world: World, params: Params) -> Json:
    chat = writable(world, params)
    return _send(world, "sendMessage", chat, params, text_of(params))


def send_document(world: World, params: Params) -> Json:
    chat = writable(world, params)
    stored = _file(world, params, params.text("document"), "document")
    return _send(world, "sendDocument", chat, params, {"document": stored.document(), **caption_of(params)})


def send_photo(world: World, params: Params) -> Json:
    chat = writable(world, params)
    stored = _file(world, params, params.text("photo"), "photo")
    content = {"photo": stored.photo(*world.files.size_of(stored)), **caption_of(params)}
    shown = filled(
        has_media_spoiler=params.flag("has_spoiler"),
        show_caption_above_media=params.flag("show_caption_above_media"),
    )
    return _send(world, "sendPhoto", chat, params, content | shown)


def send_media_group(world: World, params: Params) -> list[Json]:
    chat = writable(world, params)
    media = params.objects("media")
    if not 2 <= len(media) <= 10:
        raise bad("group send failed: wrong number of media")
    contents = [media_content(world, params, item) for item in media]
    group = str(world.last_id + 1)
    return [_send(world, "sendMediaGroup", chat, params, {**content, "media_group_id": group}) for content in contents]


def media_content(world: World, params: Params, item: Json) -> Json:
    """The content of an InputMediaPhoto or InputMediaDocument."""
    stored = _file(world, params, str(item.get("media", "")), "media")
    caption = caption_of(Params(item))
    if item.get("type") == "photo":
        return {"photo": stored.photo(*world.files.size_of(stored)), **caption}
    return {"document": stored.document(), **caption}


def forward_message(world: World, params: Params) -> Json:
    chat, original = writable(world, params), _original(world, params, "forward")
    return _send(world, "forwardMessage", chat, params, forwarded(original))


def forwarded(original: Json) -> Json:
    """The content of a message that hands on `original`. Raises `ApiError` (400) for one that has none."""
    author = original.get("from")
    origin: Json = {"date": original["date"]}
    if author:
        origin |= {"type": "user", "sender_user": author}
    else:
        origin |= {"type": "channel", "chat": original["chat"], "message_id": original["message_id"]}
    return {**_copied(original), "forward_origin": original.get("forward_origin", origin)}


def copy_message(world: World, params: Params) -> Json:
    chat, original = writable(world, params), _original(world, params, "copy")
    content = _copied(original)
    if "caption" in params.raw and "text" not in content:
        content = {key: value for key, value in content.items() if not key.startswith("caption")} | caption_of(params)
    return {"message_id": _send(world, "copyMessage", chat, params, content)["message_id"]}


def text_of(params: Params) -> Json:
    """Text, entities and preview options of a message. Raises `ApiError` (400)."""
    given = params.objects("entities")
    text, entities = formatted(params.text("text"), params.text("parse_mode"), given, TEXT_LIMIT, "message is too long")
    if not text:
        raise bad("message text is empty")
    preview = params.object("link_preview_options")
    if params.flag("disable_web_page_preview"):
        preview = {"is_disabled": True}
    return {"text": text, **filled(entities=entities, link_preview_options=preview)}


def caption_of(params: Params) -> Json:
    """Caption and its entities; empty without one."""
    given = params.objects("caption_entities")
    mode = params.text("parse_mode")
    caption, entities = formatted(params.text("caption"), mode, given, CAPTION_LIMIT, CAPTION_TOO_LONG)
    return filled(caption=caption, caption_entities=entities)


def _send(world: World, method: str, chat: Chat, params: Params, content: Json) -> Json:
    markup = params.object("reply_markup")
    frame = sender(world, chat, world.bot_id) | _thread(chat, params) | _reply(chat, params)
    frame |= filled(reply_markup=inline_keyboard(markup), has_protected_content=params.flag("protect_content"))
    keyboard = chat_keyboard(markup)
    keep_pace(world, chat, params.flag("allow_paid_broadcast"))
    message = world.post(chat, frame | content)
    world.noted(method, chat, message)
    if keyboard is not None:
        chat.keyboard = keyboard
        world.told_chat(chat)
    return message


def _thread(chat: Chat, params: Params) -> Json:
    thread = params.integer("message_thread_id")
    if not thread:
        return {}
    if refused := refusal_in_thread(chat, thread):
        raise refused
    return {"message_thread_id": thread, "is_topic_message": True}


def _reply(chat: Chat, params: Params) -> Json:
    asked = params.object("reply_parameters")
    message_id = int(asked.get("message_id") or params.integer("reply_to_message_id"))
    if not message_id:
        return {}
    original = chat.messages.get(message_id)
    if original is None:
        if asked.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")
    return {"reply_to_message": reply_stub(original)}


def _file(world: World, params: Params, value: str, name: str) -> Stored:
    upload = params.upload(value, name)
    if upload is not None:
        if not upload.data:
            raise bad("file must be non-empty")
        return world.files.add(upload)
    if not value:
        raise bad(f"there is no {name} in the request")
    stored = world.files.find(value)
    if stored is None or (name == "photo" and stored.mime not in PICTURES):
        raise bad(WRONG_FILE)
    return stored


def _original(world: World, params: Params, verb: str) -> Json:
    original = the_chat(world, params, "from_chat_id").messages.get(params.integer("message_id"))
    if original is None:
        raise bad(f"message to {verb} not found")
    return original


def _copied(original: Json) -> Json:
    content = {key: original[key] for key in _CONTENT if key in original}
    if not content:
        raise bad("message can't be copied")
    return content
