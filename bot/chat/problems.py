"""What goes wrong, in the reader's words: one table from error class to text, and the one place that tells it.

Handlers have no try/except. What a reader may cause (a bad query, a full quota, missing rights) gets its own
sentence and no log line; anything else is logged with its traceback and told as "our fault".
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from html import escape, unescape
from typing import Any, cast

from aiogram import BaseMiddleware
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import CallbackQuery, InlineQuery, InlineQueryResultsButton, Message, TelegramObject

import digests.errors
import subscriptions
from bot.chat.view import View, say, toast
from bot.reasons import in_language, topic_reason
from bot.texts import Texts
from subscriptions import Language
from subscriptions.service_import import ImportFileError

log = logging.getLogger(__name__)

CONTEXT = 40
"""Characters shown on each side of the bad place of a query."""


class RefusedError(Exception):
    """Not possible for this person or now; `key` names the text that says so."""

    def __init__(self, key: str, **params: str | int) -> None:
        super().__init__(f"{key} {params}")
        self.key, self.params = key, params


Say = Callable[..., str]
"""key, **params -> text, as Reader.t and Reader.plain."""


def mark_place(error: subscriptions.QueryError) -> str:
    """The query with its bad place in 【】, or a ▲ where something is missing; far ends are cut."""
    text, start, end = error.text, max(0, error.start - CONTEXT), min(len(error.text), error.end + CONTEXT)
    before, bad, after = text[start : error.start], text[error.start : error.end], text[error.end : end]
    mark = f"【{shorten(bad, 2 * CONTEXT)}】" if bad.strip() else f"{bad}▲"
    return f"{'…' if start else ''}{before}{mark}{after}{'…' if end < len(text) else ''}"


def explain(error: Exception, t: Say) -> str | None:
    """The text for an error that a reader can do something about; None for our own faults."""
    match error:
        case RefusedError():
            return t(error.key, **error.params)
        case subscriptions.QueryError():
            return _explain_query(error, t)
        case ImportFileError():
            return t(f"import-error-{error.code}", line=error.line)
        case subscriptions.LimitError():
            return t(f"limit-{error.code}", limit=error.limit)
        case subscriptions.NotFoundError() | digests.errors.NotFoundError():
            return t(f"not-found-{error.what}", name=shorten(error.key))
        case digests.errors.TopicError():
            reason = unescape(topic_reason(error.reason, t))  # `t` escapes, and will once more
            return t("error-topic-unnamed" if error.topic == "?" else "error-topic", topic=error.topic, reason=reason)
        case digests.errors.AliasError():
            return t("error-alias", place=error.place, reason=error.reason)
        case digests.errors.UnreadableError():
            return t("error-unreadable", name=error.key, reason=error.reason)
        case subscriptions.ConflictError():
            return t("error-busy")
        case _:
            return None


def _explain_query(error: subscriptions.QueryError, t: Say) -> str:
    said = t(f"query-error-{error.code}", **error.params)
    return f"{said}\n{t('query-error-place', query=mark_place(error))}" if error.text.strip() else said


def shorten(text: str, most: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


class ErrorTeller(BaseMiddleware):
    """Around every handler: an error becomes one answer. A chat that cannot be written to gets none."""

    def __init__(self, texts: Texts, language: Callable[[Any], str]) -> None:
        self._texts, self._language = texts, language

    async def __call__(self, handler: Any, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            return await handler(event, data)
        except TelegramForbiddenError as error:
            log.info("no answer possible: %s", error.message)
        except Exception as error:
            await self._tell(event, data, error)

    async def _tell(self, event: TelegramObject, data: dict[str, Any], error: Exception) -> None:
        reader = data.get("reader")
        language = reader.language if reader else self._language(getattr(event, "from_user", None))
        tapped = isinstance(event, CallbackQuery | InlineQuery)

        def t(key: str, **params: str | int) -> str:
            if isinstance(reason := params.get("reason"), str):
                params["reason"] = in_language(reason, cast(Language, language))
            safe = {k: escape(v, quote=False) if isinstance(v, str) and not tapped else v for k, v in params.items()}
            return self._texts.get(language, key, **safe)

        told = explain(error, t)
        if told is None:
            log.error("handler failed: %s", type(error).__name__, exc_info=error)
            told = t(fault_key(error))
        await _answer(event, told)


def fault_key(error: Exception) -> str:
    """Which apology fits a fault of ours."""
    if isinstance(error, subscriptions.StoreError | digests.errors.StoreError):
        return "error-store"
    if isinstance(error, TelegramBadRequest):
        return "error-refused-by-telegram"
    return "error-telegram" if isinstance(error, TelegramAPIError) else "error-unexpected"


async def _answer(event: TelegramObject, text: str) -> None:
    if isinstance(event, CallbackQuery):
        await toast(event, text, alert=True)
    elif isinstance(event, InlineQuery):
        button = InlineQueryResultsButton(text=shorten(text, 64), start_parameter="help")
        await event.answer([], cache_time=1, is_personal=True, button=button)
    elif isinstance(event, Message):
        await say(event, View(text))
