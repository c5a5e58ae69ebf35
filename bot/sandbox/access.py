"""Which chat a call of the bot means, and whether the bot may write there now.

Every refusal is Telegram's. Nothing is changed here except the counters of the pace.
"""

from __future__ import annotations

from bot.sandbox.chats import Chat
from bot.sandbox.errors import ApiError, Json, bad, flood, forbidden, migrated
from bot.sandbox.params import Params
from bot.sandbox.world import World

_NAMES = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}


def the_chat(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat that a parameter names. Raises `ApiError`: chat not found."""
    chat = world.find_chat(params.chat(name))
    if chat is None:
        raise bad("chat not found")
    return chat


def writable(world: World, params: Params) -> Chat:
    """The chat, if the bot may send there. Raises `ApiError`: 400 unknown or upgraded, 403 refused."""
    chat = the_chat(world, params)
    if refused := refusal(chat):
        raise refused
    return chat


def refusal(chat: Chat) -> ApiError | None:
    """Why the bot cannot write to a chat."""
    if chat.migrated_to:
        return migrated(chat.migrated_to)
    if chat.private:
        return _private_refusal(chat)
    name = _NAMES[chat.kind]
    if chat.standing == "kicked":
        return forbidden(f"bot was kicked from the {name}")
    if chat.standing in ("left", "new"):
        return forbidden(f"bot is not a member of the {name}")
    if chat.kind == "channel" and chat.standing != "administrator":
        return bad("need administrator rights in the channel chat")
    return None


def _private_refusal(chat: Chat) -> ApiError | None:
    match chat.standing:
        case "new":
            return forbidden("bot can't initiate conversation with a user")
        case "kicked":
            return forbidden("bot was blocked by the user")
        case "deactivated":
            return forbidden("user is deactivated")
    return None


def keep_pace(world: World, chat: Chat, paid: bool = False) -> None:
    """Count one message to this chat. Raises `ApiError` (429)."""
    if seconds := world.pace.take(chat.id, chat.is_group, world.clock(), paid):
        raise flood(seconds)


def own_message(world: World, chat: Chat, message_id: int, missing: str, foreign: str) -> Json:
    """A message that the bot may change: its own, or any post of a channel where it is an administrator.

    Raises `ApiError` with the given words if there is none or somebody else wrote it.
    """
    message = chat.messages.get(message_id)
    if message is None:
        raise bad(missing)
    if chat.kind != "channel" and message.get("from", {}).get("id") != world.bot_id:
        raise bad(foreign)
    return message
