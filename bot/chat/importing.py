"""/import: a JSON or OPML file that is sent here becomes subscriptions, after it was shown what it would add.

Nothing is kept between the question and the answer: the question answers the message with the file, and the tap reads it again.
"""

from __future__ import annotations

from io import BytesIO

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Document, Message

from bot.chat.callbacks import Import
from bot.chat.filters import ADDS, CHANGES, Asks
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader
from bot.chat.view import View, say, show
from bot.chat.wording import query_name
from bot.services import Services
from digests.types import Button
from subscriptions.service import find_subscription
from subscriptions.service_import import MOST_BYTES, ImportFileError, ImportPlan, read_import

SHOWN = 15
ENDINGS = (".opml", ".json", ".xml")


def is_import(message: Message, services: Services) -> bool:
    """A file that looks like subscriptions. Of admins, whose other files are issues, only what can be nothing else."""
    name = (message.document.file_name or "").lower() if message.document else ""
    admin = message.from_user is not None and message.from_user.id in services.admins
    return name.endswith(ENDINGS[:1] if admin else ENDINGS)


async def import_(message: Message, reader: Reader, bot: Bot) -> None:
    """In answer to a file, or with one; else says how."""
    source = message if message.document else message.reply_to_message
    if source is None or source.document is None:
        await say(message, View(reader.t("import-how")))
        return
    await _ask(source, reader, bot, source.document)


async def take_file(message: Message, reader: Reader, bot: Bot) -> None:
    if message.document is not None:
        await _ask(message, reader, bot, message.document)


async def _ask(message: Message, reader: Reader, bot: Bot, sent: Document) -> None:
    view = plan_view(reader, await _plan(bot, sent))
    await say(message, view, reply=True)


async def _plan(bot: Bot, sent: Document) -> ImportPlan:
    """Raises ImportFileError."""
    if (sent.file_size or 0) > MOST_BYTES:
        raise ImportFileError("too_big")
    content = await bot.download(sent, BytesIO())
    return read_import(content.read() if content is not None else b"")


def plan_view(reader: Reader, plan: ImportPlan) -> View:
    """What would be added; what is held already, and what cannot be read."""
    new = [one for one in plan.wanted if find_subscription(reader.subscriber, one.query_id) is None]
    lines = [reader.t("import-plan", count=len(new), held=len(plan.wanted) - len(new))]
    lines += [reader.t("import-line", name=query_name(reader, one.query)) for one in new[:SHOWN]]
    lines += [reader.t("import-more", count=len(new) - SHOWN)] if len(new) > SHOWN else []
    if plan.bad:
        named = reader.plain("list-separator").join(shorten(text, 30) for text in plan.bad[:5])
        lines.append(reader.t("import-bad", count=len(plan.bad), names=named))
    if not new:
        return View("\n".join(lines))
    yes = Button(reader.plain("import-yes", count=len(new)), Import(sure=True).pack())
    no = Button(reader.plain("cancel"), Import(sure=False).pack())
    return View("\n".join(lines), ((yes,), (no,)))


async def import_now(query: CallbackQuery, reader: Reader, services: Services, bot: Bot) -> None:
    asked = query.message.reply_to_message if isinstance(query.message, Message) else None
    if asked is None or asked.document is None:
        raise RefusedError("refused-import-gone")
    plan = await _plan(bot, asked.document)
    before = len(reader.subscriber.subscriptions)
    after = await services.subscriptions.add_many(reader.subscriber, plan.wanted, reader.now)
    await show(query, View(reader.t("imported", count=len(after.subscriptions) - before)))


async def import_not(query: CallbackQuery, reader: Reader) -> None:
    await show(query, View(reader.t("import-cancelled")))


def importing_router() -> Router:
    router = Router(name="importing")
    router.message.register(import_, Asks("import"), flags=CHANGES)
    router.message.register(take_file, is_import, F.chat.type == "private", flags=CHANGES)
    router.callback_query.register(import_now, Import.filter(F.sure.is_(True)), flags=ADDS)
    router.callback_query.register(import_not, Import.filter(), flags=CHANGES)
    return router
