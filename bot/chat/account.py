"""Taking one's data away and leaving: /export, as JSON and as OPML, and /forget."""

from __future__ import annotations

import asyncio
import json

from aiogram import Bot, F, Router
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.chat.callbacks import Forget, Open
from bot.chat.filters import ADDS, CHANGES, LEAN, Asks
from bot.chat.reader import Reader
from bot.chat.threads import follow
from bot.chat.view import View, say, show
from bot.chat.wording import about
from bot.services import Services
from digests.types import Button
from subscriptions.service_import import to_opml
from subscriptions.threads import threads_of


async def open_account(query: CallbackQuery, reader: Reader) -> None:
    """What is kept, as buttons."""
    rows = tuple((_open(reader, f"open-{screen}", screen),) for screen in ("export", "import", "forget"))
    await show(query, View(about(reader) + reader.t("account"), (*rows, (_open(reader, "back", "help"),))))


def _open(reader: Reader, label: str, screen: str) -> Button:
    return Button(reader.plain(label), Open(target=reader.target, screen=screen).pack())


async def open_import(query: CallbackQuery, reader: Reader) -> None:
    await show(query, View(reader.t("import-how"), ((_open(reader, "back", "account"),),)))


async def open_export(query: CallbackQuery, reader: Reader, services: Services) -> None:
    if isinstance(query.message, Message):
        await export(query.message, reader, services)
    await query.answer()


async def open_forget(query: CallbackQuery, reader: Reader) -> None:
    await show(query, forget_view(reader))


async def export(message: Message, reader: Reader, services: Services) -> None:
    if not reader.subscriber.rev:
        await say(message, View(about(reader) + reader.t("export-nothing")))
        return
    kept = await services.subscriptions.export(reader.subscriber)
    content = json.dumps(kept, ensure_ascii=False, indent=2).encode()
    name = f"kanbao-{reader.now:%Y%m%d}"
    outline = to_opml(reader.subscriber).encode()
    await message.answer_document(
        BufferedInputFile(content, f"{name}.json"), caption=about(reader) + reader.t("export"), parse_mode="HTML"
    )
    await message.answer_document(
        BufferedInputFile(outline, f"{name}.opml"), caption=about(reader) + reader.t("export-opml"), parse_mode="HTML"
    )


async def forget(message: Message, reader: Reader) -> None:
    """Asks first."""
    await say(message, forget_view(reader))


def forget_view(reader: Reader) -> View:
    if not reader.subscriber.rev:
        return View(about(reader) + reader.t("export-nothing"))
    yes = Button(reader.plain("forget-yes"), Forget(target=reader.target, sure=True).pack())
    no = Button(reader.plain("cancel"), Forget(target=reader.target, sure=False).pack())
    text = reader.t("forget-ask", count=len(reader.subscriber.subscriptions))
    return View(about(reader) + text, ((yes,), (no,)))


async def forget_now(query: CallbackQuery, reader: Reader, services: Services, bot: Bot) -> None:
    """With what was given forum topics of its own from here: those first, for the place alone knows which they are."""
    own, threads = reader.subscriber.id, threads_of(reader.subscriber)
    subscriptions, digests = services.subscriptions.forget, services.digests.forget
    await asyncio.gather(*map(subscriptions, threads))
    await asyncio.gather(*map(digests, threads))
    await subscriptions(own)
    await digests(own)
    await show(query, View(about(reader) + reader.t("forgotten") + await follow(bot, reader, None)))


async def forget_not(query: CallbackQuery, reader: Reader) -> None:
    await show(query, View(about(reader) + reader.t("forget-cancelled")))


def account_router() -> Router:
    router = Router(name="account")
    router.message.register(export, Asks("export"), flags=CHANGES)
    router.message.register(forget, Asks("forget"), flags=ADDS)
    taps = router.callback_query
    taps.register(open_account, Open.filter(F.screen == "account"), flags=LEAN)
    taps.register(open_import, Open.filter(F.screen == "import"), flags=LEAN)
    taps.register(open_export, Open.filter(F.screen == "export"), flags=CHANGES)
    taps.register(open_forget, Open.filter(F.screen == "forget"), flags=ADDS)
    taps.register(forget_now, Forget.filter(F.sure.is_(True)), flags=ADDS)
    taps.register(forget_not, Forget.filter(), flags=ADDS)
    return router
