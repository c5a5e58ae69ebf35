"""A forum topic for one subscription: made by a button, named after it, renamed and closed with it.

The topic is a subscriber of its own, so that everything said and tapped there is about it alone. Where Telegram does not rename or
close it (no right, too often, no answer) nothing that matters is changed: that is left to the log.
"""

from __future__ import annotations

import logging
from contextlib import suppress

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import CallbackQuery, ChatMemberAdministrator, ChatMemberOwner

from bot.chat.callbacks import Open, Own, short
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader
from bot.chat.view import NO_PREVIEW, View, keyboard, show
from bot.chat.wording import query_name
from bot.services import Services
from digests.types import Button
from subscriptions import NotFoundError, Subscriber, Subscription, chat_of, subscriber_id, thread_of
from subscriptions.service import find_subscription

log = logging.getLogger(__name__)

LONGEST_NAME = 128
REFUSED = (TelegramBadRequest, TelegramForbiddenError)


def offered(reader: Reader, held: Subscription) -> tuple[Button, ...]:
    """The button that gives a subscription a topic of its own, where there are topics and it has none."""
    if not reader.forum or reader.subscriber.made_for == held.query_id:
        return ()
    return (Button(reader.plain("own-thread"), Own(target="", query=short(held.query_id), screen="thread").pack()),)


def thread_link(subscriber: str) -> str:
    """Opens the topic, for members of the group."""
    return f"https://t.me/c/{str(chat_of(subscriber)).removeprefix('-100')}/{thread_of(subscriber)}"


async def give_thread(query: CallbackQuery, reader: Reader, services: Services, bot: Bot, held: Subscription) -> None:
    """From now on the subscription is delivered to a new topic. Raises RefusedError where the bot may not make one."""
    if not reader.forum:
        raise RefusedError("refused-thread-forum")
    chat = chat_of(reader.subscriber.id)
    await _require_right(bot, chat)
    thread = await _made(bot, chat, _name(reader, held))
    # What is owed goes first: where the second step fails it is owed to both rather than to nobody.
    await services.digests.carry_to(reader.subscriber.id, subscriber_id(chat, thread), held.query_id)
    made = await _moved(bot, reader, services, held, thread)
    await _greet(bot, reader.with_subscriber(made), held)
    name = query_name(reader, held.query)
    text = reader.t("thread-made", name=name, link=thread_link(made.id))
    back = Button(reader.plain("open-list"), Open(target="", screen="list").pack())
    await show(query, View(text, ((back,),), toast=reader.plain("saved")))


async def _require_right(bot: Bot, chat: int) -> None:
    ours = await bot.get_chat_member(chat, bot.id)
    allowed = isinstance(ours, ChatMemberAdministrator) and ours.can_manage_topics
    if not allowed and not isinstance(ours, ChatMemberOwner):
        raise RefusedError("refused-thread-rights")


async def _made(bot: Bot, chat: int, name: str) -> int:
    """The id of a new topic. The right may have been taken, and topics turned off, just now."""
    try:
        return (await bot.create_forum_topic(chat, name)).message_thread_id
    except REFUSED as error:
        key = "refused-thread-forum" if "not a forum" in error.message else "refused-thread-rights"
        raise RefusedError(key) from error


async def _moved(bot: Bot, reader: Reader, services: Services, held: Subscription, thread: int) -> Subscriber:
    """The topic. Who tapped twice has two, of which the second is for nothing and is closed."""
    try:
        move = services.subscriptions.move_to_thread
        _, made = await move(reader.subscriber, held.query_id, thread, reader.now)
    except NotFoundError as error:
        with suppress(TelegramAPIError):
            await bot.close_forum_topic(chat_of(reader.subscriber.id), thread)
        raise RefusedError("refused-not-held") from error
    return made


async def _greet(bot: Bot, reader: Reader, held: Subscription) -> None:
    text = reader.t("thread-hello", name=query_name(reader, held.query))
    own = Button(reader.plain("thread-own"), Own(target="", query=short(held.query_id), screen="main").pack())
    settings = Button(reader.plain("open-settings"), Open(target="", screen="settings").pack())
    id = reader.subscriber.id
    await bot.send_message(
        chat_of(id), text, message_thread_id=thread_of(id), parse_mode="HTML", reply_markup=keyboard(((own, settings),)),
        link_preview_options=NO_PREVIEW,
    )  # fmt: skip


async def follow(bot: Bot, reader: Reader, after: Subscriber | None) -> str:
    """The topic does what its subscription did: has its name, is closed after the last and opened again with the next.
    `after`: None if it was forgotten. What to say of it, or ""."""
    before = reader.subscriber
    thread = thread_of(before.id)
    if not before.made_for or thread is None:
        return ""
    chat, held = chat_of(before.id), after.subscriptions if after else ()
    try:
        if before.subscriptions and not held:
            await bot.close_forum_topic(chat, thread)
            return "\n" + reader.t("thread-closed")
        if held and not before.subscriptions:
            await bot.reopen_forum_topic(chat, thread)
        named = find_subscription(after, after.made_for) if after and after.made_for != before.made_for else None
        if named is not None:
            await bot.edit_forum_topic(chat, thread, name=_name(reader, named))
    except TelegramAPIError as error:
        log.info("topic %s left as it is: %s", before.id, error.message)
    return ""


def _name(reader: Reader, held: Subscription) -> str:
    return shorten(query_name(reader, held.query, LONGEST_NAME), LONGEST_NAME)
