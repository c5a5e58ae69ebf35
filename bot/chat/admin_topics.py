"""Admins: /topic, and files sent to the bot. A topic is shown, added, changed and removed as TOML text; a .toml file is a topic,
any other file an issue for the inbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import PurePosixPath

from aiogram import Bot, F, Router
from aiogram.types import BufferedInputFile, CallbackQuery, Document, Message

from bot.chat.callbacks import RemoveTopic, ShowTopic, short
from bot.chat.filters import Asks, FromAdmin
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader
from bot.chat.sentences import Request
from bot.chat.topic_views import find_short, find_topic, label, topic_id
from bot.chat.view import View, grid, say, show
from bot.services import Services
from digests.errors import NotFoundError, TopicError
from digests.sources.files import ARCHIVE_SUFFIX, PAGE_SUFFIXES
from digests.topics import Topic, print_topic
from digests.types import Button

MOST_BYTES = 20_000_000
"""What a bot may download, by the Bot API's documentation of getFile."""
MOST_SHOWN = 3000
"""Characters of a definition that still go into one message with its heading."""


async def topic(message: Message, request: Request, reader: Reader, services: Services) -> None:
    """Without a word the list; with TOML text a change; with a name that topic."""
    if "=" in request.args:
        await _put(message, reader, services, request.args)
        return
    known = await services.digests.topics()
    if not request.args:
        await say(message, topics_view(reader, known))
        return
    found = find_topic(known, request.args)
    if found is None:
        raise NotFoundError("topic", request.args)
    await _show(message, reader, found)


def topics_view(reader: Reader, known: Sequence[Topic]) -> View:
    buttons = [Button(label(reader, t), ShowTopic(topic=short(topic_id(t.name))).pack()) for t in known]
    return View(reader.t("topic-list", count=len(known)), grid(buttons, 2))


async def _put(message: Message, reader: Reader, services: Services, toml: str) -> None:
    stored = await services.digests.put_topic(toml, reader.actor, reader.now)
    await say(message, View(reader.t("topic-stored", topic=stored.name, terms=len(stored.terms))))


async def show_topic(query: CallbackQuery, callback_data: ShowTopic, reader: Reader, services: Services) -> None:
    found = await _find(services, callback_data.topic)
    if isinstance(query.message, Message):
        await _show(query.message, reader, found)
    await query.answer()


async def _find(services: Services, short_id: str) -> Topic:
    found = find_short(await services.digests.topics(), short_id)
    if found is None:
        raise RefusedError("refused-topic-gone")
    return found


async def _show(message: Message, reader: Reader, found: Topic) -> None:
    """The definition as it may be sent back: in the message, or as a file where it is long."""
    toml = print_topic(found)
    remove = Button(reader.plain("topic-remove"), RemoveTopic(topic=short(topic_id(found.name)), sure=False).pack())
    head = reader.t("topic-shown", topic=found.name, definition=shorten(found.definition, 300), terms=len(found.terms))
    if len(toml) <= MOST_SHOWN:
        head += "\n\n" + reader.t("topic-toml", toml=toml)
    else:
        await message.answer_document(BufferedInputFile(toml.encode(), f"{found.name}.toml"))
    await say(message, View(head, ((remove,),)))


async def remove(query: CallbackQuery, callback_data: RemoveTopic, reader: Reader, services: Services) -> None:
    """Asks, then removes; readers who hold the topic keep their subscription, which finds nothing more."""
    found = await _find(services, callback_data.topic)
    if callback_data.sure:
        await services.digests.remove_topic(found.name, reader.actor, reader.now)
        await show(query, View(reader.t("topic-removed", topic=found.name)))
        return
    yes = Button(reader.plain("topic-remove-yes"), RemoveTopic(topic=callback_data.topic, sure=True).pack())
    no = Button(reader.plain("cancel"), ShowTopic(topic=callback_data.topic).pack())
    await show(query, View(reader.t("topic-remove-ask", topic=found.name), ((yes,), (no,))))


async def document(message: Message, reader: Reader, services: Services, bot: Bot) -> None:
    sent = message.document
    if sent is None:
        return
    name = sent.file_name or "file.txt"
    if name.lower().endswith(".toml"):
        await _put(message, reader, services, _decode(name, await _download(bot, sent)))
        return
    if services.inbox is None:
        raise RefusedError("refused-no-inbox")
    name = PurePosixPath(name.replace("\\", "/")).name
    if not name.lower().endswith((*PAGE_SUFFIXES, ARCHIVE_SUFFIX)):
        raise RefusedError(
            "refused-file-kind", name=shorten(name), kinds=" ".join((*PAGE_SUFFIXES, ARCHIVE_SUFFIX, ".toml"))
        )
    await services.inbox(name, await _download(bot, sent))
    await say(message, View(reader.t("file-taken", name=shorten(name))))


async def _download(bot: Bot, sent: Document) -> bytes:
    if (sent.file_size or 0) > MOST_BYTES:
        raise RefusedError("refused-file-size", megabytes=MOST_BYTES // 1_000_000)
    content = await bot.download(sent, BytesIO())
    return content.read() if content is not None else b""


def _decode(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TopicError(name, f"not UTF-8: {error.reason} at byte {error.start}") from error


def admin_topics_router() -> Router:
    router = Router(name="admin-topics")
    router.message.filter(FromAdmin())
    router.callback_query.filter(FromAdmin())
    router.message.register(topic, Asks("topic"))
    router.message.register(document, F.document)
    router.callback_query.register(show_topic, ShowTopic.filter())
    router.callback_query.register(remove, RemoveTopic.filter())
    return router
