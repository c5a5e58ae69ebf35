"""What happens to our place in a chat: blocked and let in again, put out of a group, made a channel's admin, moved.

Whoever shuts us out keeps everything and is paused; letting us in again resumes by itself. Nobody is written to here,
but a group that has just taken us in.
"""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.enums import ChatMemberStatus
from aiogram.types import ChatMemberUpdated, Message

from bot.chat.access import may_post
from bot.chat.reader import language_of
from bot.chat.view import NO_PREVIEW
from bot.services import Services
from subscriptions import PauseReason, subscriber_id
from subscriptions.service import AUTOMATIC

OUT = frozenset({ChatMemberStatus.KICKED, ChatMemberStatus.LEFT})


def pause_reason(update: ChatMemberUpdated) -> PauseReason | None:
    """Why we may not write there any more; None: we may."""
    status, kind = update.new_chat_member.status, update.chat.type
    if status in OUT:
        return "blocked" if kind == "private" else "kicked"
    if kind == "channel":
        return None if may_post(update.new_chat_member) else "rights"
    muted = status == ChatMemberStatus.RESTRICTED and not getattr(update.new_chat_member, "can_send_messages", True)
    return "rights" if muted else None


async def my_place(update: ChatMemberUpdated, services: Services, bot: Bot) -> None:
    now, id = services.now(), subscriber_id(update.chat.id)
    reason = pause_reason(update)
    known = await services.subscriptions.find(id)
    if known is not None and reason is not None:
        await services.subscriptions.pause(known, reason, now)
    elif known is not None:
        await services.subscriptions.resume(known, now, AUTOMATIC)
    elif reason is None and update.old_chat_member.status in OUT and update.chat.type in ("group", "supergroup"):
        text = services.texts.get(language_of(update.from_user), "start-group")
        await bot.send_message(update.chat.id, text, parse_mode="HTML", link_preview_options=NO_PREVIEW)


async def moved(message: Message, services: Services) -> None:
    """A group became a supergroup; this is its last message."""
    if message.migrate_to_chat_id is None:
        return
    old, new = subscriber_id(message.chat.id), subscriber_id(message.migrate_to_chat_id)
    await services.subscriptions.move(old, new)
    await services.digests.move(old, new, services.now())


async def ignore(message: Message) -> None:
    """Service messages of Telegram (a member came, a title changed) are not talk."""


def membership_router() -> Router:
    """Asked first, and without a reader: nobody speaks here."""
    router = Router(name="membership")
    router.my_chat_member.register(my_place)
    router.message.register(moved, F.migrate_to_chat_id)
    router.message.register(ignore, F.migrate_from_chat_id | F.new_chat_members | F.left_chat_member | F.pinned_message)
    return router
