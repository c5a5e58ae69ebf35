"""/search: pages of results in one message, narrowed by tapping, each article's full text and back; and inline mode.

Everything is edited in place. In groups anybody may search; subscribing from there follows the group's rights.
"""

from __future__ import annotations

from dataclasses import replace

from aiogram import Router
from aiogram.types import (
    CallbackQuery,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InlineQueryResultUnion,
    InputTextMessageContent,
    Message,
)

from bot.chat.callbacks import SearchArticle, SearchResults, take_data
from bot.chat.filters import LEAN, Asks
from bot.chat.problems import RefusedError, shorten
from bot.chat.reader import Reader, language_of
from bot.chat.sentences import Request
from bot.chat.suggesting import note_found
from bot.chat.view import NO_PREVIEW, Rows, View, chunk_view, grid, say, show
from bot.search_service import Facet, FoundArticle, Search, SearchPage
from bot.services import Services
from digests.search_index import Narrow
from digests.types import Button
from subscriptions import Language, Settings, subscriber_id

PAPERS, YEARS = 4, 4
"""Facets offered as buttons, the most frequent papers and the newest years."""
CACHED = 10
"""Seconds for which Telegram may answer the same inline query by itself: new issues come all the time."""


async def search(message: Message, request: Request, reader: Reader, services: Services) -> None:
    if not request.args:
        await say(message, View(reader.t("search-how")))
        return
    await say(message, await search_view(reader, services, request.args))


async def search_view(reader: Reader, services: Services, words: str) -> View:
    return results_view(reader, await _searching(services).search(words, _settings(reader)))


async def results(query: CallbackQuery, callback_data: SearchResults, reader: Reader, services: Services) -> None:
    page = await _searching(services).turn(
        callback_data.token, narrow_of(callback_data), callback_data.page, _settings(reader)
    )
    if page is None:
        raise RefusedError("refused-search-gone")
    await show(query, results_view(reader, page))


async def article(query: CallbackQuery, callback_data: SearchArticle, reader: Reader, services: Services) -> None:
    found = await _searching(services).article(
        callback_data.token, callback_data.number, callback_data.part, _settings(reader)
    )
    if found is None:
        raise RefusedError("refused-search-article-gone")
    await note_found(reader, services, callback_data.number)
    await show(query, chunk_view(found.page, *article_rows(reader, callback_data, found)))


def _searching(services: Services) -> Search:
    if services.search is None:
        raise RefusedError("search-off")
    return services.search


def _settings(reader: Reader) -> Settings:
    return replace(reader.subscriber.settings, language=reader.language)


# ------------------------------------------------------------------------------------------------ views
def results_view(reader: Reader, page: SearchPage) -> View:
    numbers = tuple(
        Button(str(place), _article_data(page, number, 0)) for place, number in enumerate(page.numbers, page.first)
    )
    rows = (
        numbers,
        _turns(reader, page),
        *_paper_rows(reader, page),
        *_year_rows(reader, page),
        _subscribe(reader, page),
    )
    return View(page.html, tuple(row for row in rows if row))


def _turns(reader: Reader, page: SearchPage) -> tuple[Button, ...]:
    turns = []
    if page.page > 0:
        turns.append(Button(reader.plain("page-previous"), _results_data(page, page.narrow, page.page - 1)))
    if page.more:
        turns.append(Button(reader.plain("page-next"), _results_data(page, page.narrow, page.page + 1)))
    return tuple(turns)


def _paper_rows(reader: Reader, page: SearchPage) -> Rows:
    if page.narrow.paper is not None:
        chosen = next((paper.name for paper in page.papers if paper.key == page.narrow.paper), "")
        return ((_widen(reader, page, chosen, replace(page.narrow, paper=None)),),)
    if len(page.papers) < 2:
        return ()
    return grid(
        [_facet(reader, page, facet, replace(page.narrow, paper=facet.key)) for facet in page.papers[:PAPERS]], 2
    )


def _year_rows(reader: Reader, page: SearchPage) -> Rows:
    if page.narrow.year is not None:
        return ((_widen(reader, page, str(page.narrow.year), replace(page.narrow, year=None)),),)
    if len(page.years) < 2:
        return ()
    return grid(
        [_facet(reader, page, facet, replace(page.narrow, year=int(facet.key))) for facet in page.years[:YEARS]], 4
    )


def _facet(reader: Reader, page: SearchPage, facet: Facet, narrow: Narrow) -> Button:
    name = shorten(facet.name, 20)
    label = name if facet.count is None else reader.plain("search-facet", name=name, count=facet.count)
    return Button(label, _results_data(page, narrow, 0))


def _widen(reader: Reader, page: SearchPage, name: str, narrow: Narrow) -> Button:
    return Button(reader.plain("search-narrowed", name=shorten(name, 20)), _results_data(page, narrow, 0))


def _subscribe(reader: Reader, page: SearchPage) -> tuple[Button, ...]:
    """Where the query fits into a button."""
    data = take_data(reader.target, page.query)
    return (Button(reader.plain("search-subscribe"), data),) if data is not None else ()


def article_rows(reader: Reader, place: SearchArticle, found: FoundArticle) -> Rows:
    turns = []
    if place.part > 0:
        turns.append(Button(reader.plain("article-previous"), place.model_copy(update={"part": place.part - 1}).pack()))
    if place.part + 1 < found.parts:
        turns.append(Button(reader.plain("article-next"), place.model_copy(update={"part": place.part + 1}).pack()))
    back = SearchResults(token=place.token, paper=place.paper, year=place.year, page=place.page)
    newer = place.model_copy(update={"number": found.newer, "part": 0}).pack()
    right = (Button(reader.plain("search-newer"), newer),) if found.newer else ()
    return (tuple(turns), right, (Button(reader.plain("search-back"), back.pack()),))


def narrow_of(data: SearchResults) -> Narrow:
    return Narrow(data.paper or None, data.year or None)


def _results_data(page: SearchPage, narrow: Narrow, to: int) -> str:
    return SearchResults(token=page.token, paper=narrow.paper or "", year=narrow.year or 0, page=to).pack()


def _article_data(page: SearchPage, number: int, part: int) -> str:
    narrow = page.narrow
    return SearchArticle(
        token=page.token, paper=narrow.paper or "", year=narrow.year or 0, page=page.page, number=number, part=part
    ).pack()


# ------------------------------------------------------------------------------------------------ inline mode
async def inline(query: InlineQuery, services: Services) -> None:
    """The same results in any chat; what is chosen is sent as a short item of a digest. In the asker's own language, so that Telegram
    must not answer others with them."""
    id = subscriber_id(query.from_user.id)
    own = (await services.subscriptions.find_many([id], texts=False)).get(id)
    settings = own.settings if own else Settings(language=language_of(query.from_user))
    if not query.query.strip():
        await _nothing(query, services, settings.language, "search-inline-hint")
        return
    offset = int(query.offset) if query.offset.isdecimal() else 0
    found, more = await _searching(services).inline(query.query, offset, settings)
    if not found and not offset:
        await _nothing(query, services, settings.language, "search-inline-none")
        return
    shown: list[InlineQueryResultUnion] = [
        InlineQueryResultArticle(
            id=result.id, title=result.title, description=result.description,
            input_message_content=InputTextMessageContent(
                message_text=result.html, parse_mode="HTML", link_preview_options=NO_PREVIEW
            ),
        )
        for result in found
    ]  # fmt: skip
    await query.answer(
        shown, cache_time=CACHED, is_personal=True, next_offset=f"{offset + len(shown)}" if more and shown else ""
    )


async def _nothing(query: InlineQuery, services: Services, language: Language, key: str) -> None:
    words = services.texts.get(language, key)
    await query.answer([], cache_time=CACHED, is_personal=True, button=hint(words))


def hint(words: str) -> InlineQueryResultsButton:
    """Words above the results; a tap leads to our chat."""
    return InlineQueryResultsButton(text=shorten(words, 64), start_parameter="help")


def searching_router() -> Router:
    router = Router(name="searching")
    router.message.register(search, Asks("search"), flags=LEAN)
    router.callback_query.register(results, SearchResults.filter(), flags=LEAN)
    router.callback_query.register(article, SearchArticle.filter(), flags=LEAN)
    router.inline_query.register(inline)
    return router
