"""The bot's calls about itself and about chats: profile, commands, webhook, members, files."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.sandbox.access import the_chat, writable
from bot.sandbox.chats import filled
from bot.sandbox.errors import Json, bad, forbidden
from bot.sandbox.files import DOWNLOAD_LIMIT
from bot.sandbox.params import Params
from bot.sandbox.updates import Webhook
from bot.sandbox.world import World

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def get_me(world: World, params: Params) -> Json:
    able = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return world.bot_user() | able


def set_webhook(world: World, params: Params) -> bool:
    url = params.text("url")
    if url and urlsplit(url).hostname not in LOOPBACK:
        raise bad("bad webhook: the sandbox pushes updates to loopback addresses only")
    updates = world.updates
    updates.webhook = Webhook(url, params.text("secret_token"), params.integer("max_connections", 40))
    if "allowed_updates" in params.raw:
        updates.allowed = [str(kind) for kind in params.array("allowed_updates")]
    if params.flag("drop_pending_updates"):
        updates.drop()
    updates.close()
    updates.arrived.set()
    return True


def delete_webhook(world: World, params: Params) -> bool:
    world.updates.webhook = Webhook()
    if params.flag("drop_pending_updates"):
        world.updates.drop()
    return True


def get_webhook_info(world: World, params: Params) -> Json:
    updates, hook = world.updates, world.updates.webhook
    info: Json = {"url": hook.url, "has_custom_certificate": False, "pending_update_count": len(updates.pending)}
    if hook.url:
        info["max_connections"] = hook.max_connections
    return info | filled(
        allowed_updates=updates.allowed,
        last_error_date=hook.last_error_date,
        last_error_message=hook.last_error,
    )


def set_my_commands(world: World, params: Params) -> bool:
    world.profile.set_commands(params.objects("commands"), *_scope(world, params))
    return _told(world)


def get_my_commands(world: World, params: Params) -> list[Json]:
    return world.profile.get_commands(*_scope(world, params))


def delete_my_commands(world: World, params: Params) -> bool:
    world.profile.delete_commands(*_scope(world, params))
    return _told(world)


def set_my_name(world: World, params: Params) -> bool:
    return _set_text(world, params, "name")


def set_my_description(world: World, params: Params) -> bool:
    return _set_text(world, params, "description")


def set_my_short_description(world: World, params: Params) -> bool:
    return _set_text(world, params, "short_description")


def get_my_name(world: World, params: Params) -> Json:
    return {"name": world.profile.text("name", params.text("language_code")) or world.bot_user()["first_name"]}


def get_my_description(world: World, params: Params) -> Json:
    return {"description": world.profile.text("description", params.text("language_code"))}


def get_my_short_description(world: World, params: Params) -> Json:
    return {"short_description": world.profile.text("short_description", params.text("language_code"))}


def set_chat_menu_button(world: World, params: Params) -> bool:
    world.profile.menu_buttons[params.text("chat_id")] = params.object("menu_button") or {"type": "default"}
    return True


def get_chat_menu_button(world: World, params: Params) -> Json:
    buttons = world.profile.menu_buttons
    return buttons.get(params.text("chat_id")) or buttons.get("", {"type": "commands"})


def send_chat_action(world: World, params: Params) -> bool:
    chat = writable(world, params)
    if params.text("action") not in _ACTIONS:
        raise bad("wrong parameter action in request")
    world.events.add("action", chat=chat.id, action=params.text("action"))
    return True


def get_chat(world: World, params: Params) -> Json:
    chat = the_chat(world, params)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    required: Json = {"accent_color_id": abs(chat.id) % 7, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return world.chat_object(chat) | required | filled(pinned_message=chat.messages.get(chat.pinned))


def get_chat_member(world: World, params: Params) -> Json:
    chat = the_chat(world, params)
    _must_see(chat.standing, chat.kind)
    user_id = params.integer("user_id")
    if user_id != world.bot_id and user_id not in world.people:
        raise bad("user not found")
    return world.member_object(chat, user_id)


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    chat = the_chat(world, params)
    if chat.private:
        raise bad("there are no administrators in the private chat")
    _must_see(chat.standing, chat.kind)
    found = [user for user, status in chat.members.items() if status in ("creator", "administrator")]
    if chat.standing == "administrator" and params.flag("return_bots"):
        found.append(world.bot_id)
    return [world.member_object(chat, user) for user in found]


def get_chat_member_count(world: World, params: Params) -> int:
    chat = the_chat(world, params)
    _must_see(chat.standing, chat.kind)
    return len(chat.members) + 1


def leave_chat(world: World, params: Params) -> bool:
    chat = the_chat(world, params)
    if chat.private:
        raise bad("chat member status can't be changed in private chats")
    world.stand(chat, "left", world.bot_id)
    return True


def get_file(world: World, params: Params) -> Json:
    stored = world.files.find(params.text("file_id"))
    if stored is None:
        raise bad("invalid file_id")
    if stored.size > DOWNLOAD_LIMIT:
        raise bad("file is too big")
    return stored.file()


def log_out(world: World, params: Params) -> bool:
    return True


def _scope(world: World, params: Params) -> tuple[Json, str]:
    scope = params.object("scope") or {"type": "default"}
    if str(scope.get("chat_id", "")).startswith("@") or "chat_id" in scope:
        scope = {**scope, "chat_id": the_chat(world, Params(scope)).id}
    return scope, params.text("language_code")


def _set_text(world: World, params: Params, kind: str) -> bool:
    world.profile.set_text(kind, params.text(kind), params.text("language_code"))
    return _told(world)


def _told(world: World) -> bool:
    world.events.add("profile")
    world.changed()
    return True


def _must_see(standing: str, kind: str) -> None:
    if kind != "private" and standing in ("kicked", "left"):
        verb = "was kicked from" if standing == "kicked" else "is not a member of"
        raise forbidden(f"bot {verb} the {kind if kind != 'group' else 'group'} chat")
