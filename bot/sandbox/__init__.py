"""A bot without a token: a local server that speaks Kanbao's part of the Bot API, and a page to chat with the bot.

For trying Kanbao and for its end-to-end tests. It never talks to Telegram and listens on this machine only.
"""

from bot.sandbox.chats import Chat, Person
from bot.sandbox.errors import ActionError, ApiError, SandboxError
from bot.sandbox.faults import Fault
from bot.sandbox.files import Upload
from bot.sandbox.limits import UNLIMITED, Limits
from bot.sandbox.people import (
    BOT_USERNAME,
    CHANNEL_ID,
    GROUP_ID,
    JOURNALIST_ID,
    OFFICIAL_ID,
    SANDBOX_ADMIN_ID,
    SUPPLIER_ID,
)
from bot.sandbox.server import Sandbox
from bot.sandbox.world import Sent

__all__ = [
    "BOT_USERNAME",
    "CHANNEL_ID",
    "GROUP_ID",
    "JOURNALIST_ID",
    "OFFICIAL_ID",
    "SANDBOX_ADMIN_ID",
    "SUPPLIER_ID",
    "UNLIMITED",
    "ActionError",
    "ApiError",
    "Chat",
    "Fault",
    "Limits",
    "Person",
    "Sandbox",
    "SandboxError",
    "Sent",
    "Upload",
]
