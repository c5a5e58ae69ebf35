"""Words that came without a command: subscribe to them, try them, or search for them, by a button below the answer.

The answer replies to the words, so that a button needs no room for them, however long they are.
"""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot.chat.callbacks import Open, Words
from bot.chat.filters import ADDS, KNOWS, LEAN
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader
from bot.chat.readings import either_or_both
from bot.chat.searching import search_view
from bot.chat.subscribing import Topics, meant, subscribed_view, test_view
from bot.chat.view import Rows, View, show
from bot.services import Services
from digests.types import Button


def offers(reader: Reader, text: str) -> Rows:
    """What may be meant by words that are no request."""
    return ((_button(reader, "subscribe", text),), (_button(reader, "test", text), _button(reader, "search", text)))


def _button(reader: Reader, do: str, text: str) -> Button:
    return Button(reader.plain(f"words-{do}", words=shorten(text, 20)), Words(do=do).pack())


def said(query: CallbackQuery) -> str:
    """The words that the message under the button answers. Raises RefusedError where they are gone."""
    asked = query.message.reply_to_message if isinstance(query.message, Message) else None
    if asked is None or not (asked.text or "").strip():
        raise RefusedError("refused-words-gone")
    return (asked.text or "").strip()


async def subscribe(query: CallbackQuery, reader: Reader, services: Services, bot: Bot, known: Topics) -> None:
    words = said(query)
    view = either_or_both(reader, known, words)
    await show(query, view or await subscribed_view(reader, services, bot, meant(known, words)))


async def test(query: CallbackQuery, reader: Reader, services: Services, known: Topics) -> None:
    words = said(query)
    view = await test_view(reader, services, meant(known, words))
    await show(query, View(view.html, ((_button(reader, "subscribe", words), _button(reader, "search", words)),)))


async def search(query: CallbackQuery, reader: Reader, services: Services) -> None:
    await show(query, await search_view(reader, services, said(query)))


async def how(query: CallbackQuery, callback_data: Open, reader: Reader) -> None:
    """What to write, and that a button does the rest."""
    back = Button(reader.plain("back"), Open(target=reader.target, screen="help").pack())
    text = f"{reader.t(f'{callback_data.screen}-how')}\n\n{reader.t('words-how')}"
    await show(query, View(text, ((back,),)))


def words_router() -> Router:
    router = Router(name="words")
    taps = router.callback_query
    taps.register(subscribe, Words.filter(F.do == "subscribe"), flags=ADDS | KNOWS)
    taps.register(test, Words.filter(F.do == "test"), flags=KNOWS)
    taps.register(search, Words.filter(F.do == "search"), flags=LEAN)
    taps.register(how, Open.filter(F.screen.in_({"search", "test"})), flags=LEAN)
    return router
