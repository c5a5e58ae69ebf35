"""Inline mode: somebody writes @bot and words in any chat, the bot offers results, and one is sent in that person's name.

A query waits for one answer; what was offered is kept until so many others were asked.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field

from bot.sandbox.calls_send import text_of
from bot.sandbox.errors import ActionError, Json, bad
from bot.sandbox.params import Params
from bot.sandbox.world import InlineQuery, World

MOST = 50
"""Results of one answer, and bytes of a result's id are at most 64."""
KEPT = 200
PATIENCE = 10.0
"""Seconds after which the page gives the bot up."""


@dataclass(slots=True)
class Inline:
    """What people do with it; `choose` answers the content of the message that they send."""

    world: World
    answered: dict[str, asyncio.Event] = field(default_factory=dict)

    async def ask(self, user: int, chat_id: int, text: str, offset: str = "") -> Json:
        """What the bot offers: id, results, button, next_offset. Raises ActionError where it does not answer."""
        world, id = self.world, str(secrets.randbits(62))
        query = world.inline[id] = InlineQuery(user)
        while len(world.inline) > KEPT:
            del world.inline[next(iter(world.inline))]
        kind = "sender" if chat_id == user else world.chats[chat_id].kind
        asked = {"id": id, "from": world.people[user].user(), "query": text[:256], "offset": offset, "chat_type": kind}
        world.updates.add("inline_query", asked)
        try:
            async with asyncio.timeout(PATIENCE):
                await query.answered.wait()
        except TimeoutError:
            raise ActionError("the bot gave no answer") from None
        shown = [{key: one.get(key, "") for key in ("id", "title", "description")} for one in query.results]
        return {"id": id, "results": shown, "button": query.button, "next_offset": query.next_offset}

    def choose(self, user: int, query_id: str, result_id: str) -> Json:
        """The content of the result, sent by the bot in this person's name."""
        query = self.world.inline.get(query_id)
        found = next((one for one in query.results if one["id"] == result_id), None) if query else None
        if query is None or found is None or query.user_id != user:
            raise ActionError("this result is no longer offered")
        return {**found["content"], "via_bot": self.world.bot_user()}


def answer_inline_query(world: World, params: Params) -> bool:
    query = world.inline.get(params.text("inline_query_id"))
    if query is None or query.answered.is_set():
        raise bad("query is too old and response timeout expired or query ID is invalid")
    results = params.objects("results")
    if len(results) > MOST:
        raise bad("RESULTS_TOO_MUCH")
    ids = [str(one.get("id", "")) for one in results]
    if len(set(ids)) < len(ids) or not all(0 < len(id.encode()) <= 64 for id in ids):
        raise bad("RESULT_ID_INVALID")
    query.results = [_result(one) for one in results]
    query.button = params.object("button")
    query.next_offset = params.text("next_offset")
    query.answered.set()
    return True


def _result(given: Json) -> Json:
    """An article, which is all that the sandbox plays. Raises `ApiError` for what Telegram refuses, or the sandbox does not know."""
    if given.get("type") != "article":
        raise bad("can't parse inline query result: the sandbox plays results of type article only")
    if not given.get("title"):
        raise bad("can't parse inline query result: title is empty")
    content = given.get("input_message_content")
    if not isinstance(content, dict):
        raise bad("can't parse inline query result: input_message_content is empty")
    sent = text_of(Params({**content, "text": content.get("message_text", "")}))
    return {**{key: str(given.get(key, "")) for key in ("id", "title", "description")}, "content": sent}
