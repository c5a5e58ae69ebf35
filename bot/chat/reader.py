"""Who speaks, for which subscriber, in which language: loaded once for each update, before the handler.

A handler gets a Reader and asks nothing of Telegram about rights: whoever may not change a group's or a channel's
subscriptions never reaches a handler that is flagged `changes`. A new chat's subscriber is stored with its first change.
"""

from __future__ import annotations

import re
from asyncio import gather
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Any, cast

from aiogram import BaseMiddleware, Bot
from aiogram.dispatcher.flags import get_flag
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject, User

from bot.chat.access import Rights
from bot.chat.callbacks import SHORT_ID
from bot.chat.problems import RefusedError
from bot.chat.sentences import Request, split_channel
from bot.services import Services
from bot.texts import Texts
from digests.topics import Topic
from subscriptions import Language, Settings, Subscriber, SubscriberId, subscriber_id
from subscriptions.service import AUTOMATIC, ChatKind

TRADITIONAL = ("hant", "-tw", "-hk", "-mo")
"""How language codes end where traditional characters are written."""

_SHORT = re.compile(rf"[0-9a-f]{{{SHORT_ID}}}")

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Reader:
    """`subscriber`: the one addressed, with `rev` 0 if it is not stored yet. `target`: "" for this chat, or the id of the
    channel that is run from here, whose name is `label`. `language`: of this conversation. `forum`: the group has topics."""

    subscriber: Subscriber
    actor: int
    language: Language
    texts: Texts
    now: datetime
    target: str = ""
    label: str = ""
    admin: bool = False
    forum: bool = False
    topics: tuple[Topic, ...] = ()
    """Those known to this process, for their names."""

    def t(self, key: str, /, **params: str | int) -> str:
        """The text as HTML, its parameters escaped."""
        safe = {name: escape(value, quote=False) if isinstance(value, str) else value for name, value in params.items()}
        return self.texts.get(self.language, key, **safe)

    def plain(self, key: str, /, **params: str | int) -> str:
        """The text for a button or the answer to a tap, where nothing is HTML."""
        return self.texts.get(self.language, key, **params)

    def with_subscriber(self, subscriber: Subscriber) -> Reader:
        """After a change, so that what follows shows the new value."""
        return replace(self, subscriber=subscriber)

    def switched(self, subscriber: Subscriber) -> Reader:
        """After a change of language in this very chat."""
        language = self.language if self.target else subscriber.settings.language
        return replace(self, subscriber=subscriber, language=language)


def language_of(user: User | None) -> Language:
    """Chinese for Chinese clients and where nothing is known, in the characters of the place; else English."""
    code = ((user.language_code if user else None) or "zh").lower()
    if not code.startswith("zh"):
        return "en"
    return "zh-Hant" if code.endswith(TRADITIONAL) else "zh-Hans"


def place_of(message: Message) -> SubscriberId:
    """The chat, with the forum topic in a group that has topics."""
    topic = message.message_thread_id if message.is_topic_message and message.chat.type != "private" else None
    return subscriber_id(message.chat.id, topic)


class ReaderLoader(BaseMiddleware):
    """Sets `reader`, and takes `@channel` out of the request's words. Raises RefusedError where rights are missing."""

    def __init__(self, services: Services, rights: Rights) -> None:
        self._services, self._rights = services, rights

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        message = event.message if isinstance(event, CallbackQuery) else event
        if not isinstance(message, Message):
            raise RefusedError("refused-outdated")
        load = self._load(event, message, data)
        if get_flag(data, "topics"):
            data["reader"], data["known"] = await gather(load, self._services.digests.topics())
        else:
            data["reader"] = await load
        return await handler(event, data)

    async def _load(self, event: TelegramObject, message: Message, data: dict[str, Any]) -> Reader:
        bot = cast(Bot, data["bot"])
        tapped = isinstance(event, CallbackQuery)
        user = cast("User | None", getattr(event, "from_user", None))
        target = await self._target(bot, message, user, data)
        texts = _texts(data)
        if target is not None:
            return await self._channel(message, user, target, texts)
        if message.chat.type != "private" and get_flag(data, "changes"):
            await self._rights.require_group_admin(bot, message, user, fresh=tapped)
        return await self._here(message, user, tapped, texts)

    async def _target(self, bot: Bot, message: Message, user: User | None, data: dict[str, Any]) -> Chat | None:
        """The channel that is addressed, its rights checked, or None."""
        if message.chat.type != "private" or user is None:
            return None
        request = data.get("request")
        name: str | int = ""
        if isinstance(request, Request):
            name, rest = split_channel(request.args)
            data["request"] = replace(request, args=rest) if name else request
        tapped = getattr(data.get("callback_data"), "target", "")
        if not name and not tapped:
            return None
        return await self._rights.require_channel(bot, int(tapped) if tapped else f"@{name}", user)

    async def _here(self, message: Message, user: User | None, tapped: bool, texts: bool | str) -> Reader:
        services, now, chat = self._services, self._services.now(), message.chat
        subscriber = await services.subscriptions.find_or_new(
            place_of(message), language_of(user), _kind(chat), _title(chat), None, now, self._defaults(), texts=texts
        )
        if subscriber.paused in AUTOMATIC and not tapped:
            subscriber = await services.subscriptions.resume(subscriber, now, AUTOMATIC)
        reader = self._reader(subscriber, user, subscriber.settings.language)
        return replace(reader, forum=bool(chat.is_forum) and chat.type != "private")

    async def _channel(self, message: Message, user: User | None, chat: Chat, texts: bool | str) -> Reader:
        services, id = self._services, subscriber_id(chat.id)
        stored = await services.subscriptions.find_many([subscriber_id(message.chat.id), id], texts=texts)
        own = stored.get(subscriber_id(message.chat.id))
        language = own.settings.language if own else language_of(user)
        owner = user.id if user else None
        fresh = Subscriber(id, replace(self._defaults(), language=language), services.now(), chat_kind=_kind(chat), title=_title(chat), owner=owner)  # fmt: skip
        reader = self._reader(stored.get(id, fresh), user, language)
        return replace(reader, target=f"{chat.id}", label=f"@{chat.username}" if chat.username else _title(chat))

    def _reader(self, subscriber: Subscriber, user: User | None, language: Language) -> Reader:
        actor = user.id if user else 0
        services = self._services
        admin, topics = actor in services.admins, tuple(services.topics())
        return Reader(subscriber, actor, language, services.texts, services.now(), admin=admin, topics=topics)

    def _defaults(self) -> Settings:
        return Settings(timezone=self._services.timezone)


def _texts(data: dict[str, Any]) -> bool | str:
    """Of which queries the texts are wanted, as the store is asked for them."""
    wanted = get_flag(data, "texts", default=True)
    if wanted != "one":
        return bool(wanted)
    named = str(getattr(data.get("callback_data"), "query", ""))
    return named if _SHORT.fullmatch(named) else False


def _kind(chat: Chat) -> ChatKind:
    return cast(ChatKind, str(chat.type))


def _title(chat: Chat) -> str:
    return chat.title or chat.full_name or ""
