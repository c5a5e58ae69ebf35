"""The chat: from an update of Telegram to one service call and one reply. Knows services and texts, never a store."""

from bot.chat.dispatcher import build_dispatcher
from bot.chat.menus import register_chat_commands, register_commands

__all__ = ["build_dispatcher", "register_chat_commands", "register_commands"]
