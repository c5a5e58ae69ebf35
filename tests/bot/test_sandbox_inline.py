"""Inline mode in the sandbox: asking, answering, choosing; over the page's routes with the real bot, and what Telegram refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sandbox_kit import Client, sandboxed

from bot.sandbox import ActionError
from bot.sandbox.people import GROUP_ID, OFFICIAL_ID, SUPPLIER_ID


@pytest.fixture
async def api() -> AsyncIterator[Client]:
    async with sandboxed() as made:
        made.sandbox.act.start(OFFICIAL_ID)
        yield made


def result(id: str = "1", **more: Any) -> dict[str, Any]:
    content = {"message_text": "<b>青禾锂电</b>签约", "parse_mode": "HTML"}
    return {"type": "article", "id": id, "title": "签约", "input_message_content": content, **more}


async def asked(api: Client, **update: Any) -> tuple[asyncio.Task[Any], dict[str, Any]]:
    """Somebody's question under way, and the update that the bot got."""
    waiting = asyncio.create_task(api.sandbox.act.ask_inline(OFFICIAL_ID, GROUP_ID, "动力电池", **update))
    await asyncio.sleep(0)
    (query,) = [one["inline_query"] for one in await api("getUpdates", timeout=1) if "inline_query" in one]
    return waiting, query


async def test_a_result_is_sent_in_the_persons_name(api: Client) -> None:
    waiting, query = await asked(api, offset="5")
    assert (query["query"], query["offset"], query["from"]["id"]) == ("动力电池", "5", OFFICIAL_ID)
    assert query["chat_type"] in ("group", "supergroup")
    button = {"text": "怎样用", "start_parameter": "help"}
    await api("answerInlineQuery", inline_query_id=query["id"], results=[result()], next_offset="6", button=button)
    offered = await waiting
    assert offered["results"] == [{"id": "1", "title": "签约", "description": ""}]
    assert (offered["button"], offered["next_offset"]) == (button, "6")
    sent = api.sandbox.act.choose_inline(OFFICIAL_ID, GROUP_ID, offered["id"], "1")
    assert (sent["from"]["id"], sent["via_bot"]["is_bot"], sent["text"]) == (OFFICIAL_ID, True, "青禾锂电签约")
    assert sent["entities"][0]["type"] == "bold"
    for user, id in ((SUPPLIER_ID, "1"), (OFFICIAL_ID, "2")):
        with pytest.raises(ActionError, match="offered"):
            api.sandbox.act.choose_inline(user, GROUP_ID, offered["id"], id)
    assert "too old" in (await api.refused("answerInlineQuery", inline_query_id=query["id"], results=[]))["description"]
    assert not api.problems


@pytest.mark.parametrize(
    ("results", "told"),
    [
        ([result(str(n)) for n in range(51)], "TOO_MUCH"),
        ([result(), result()], "RESULT_ID_INVALID"),
        ([result("x" * 65)], "RESULT_ID_INVALID"),
        ([result(title="")], "title"),
        ([result(type="photo")], "article only"),
        ([result(input_message_content=None)], "input_message_content"),
        ([result(input_message_content={"message_text": "<b>x", "parse_mode": "HTML"})], "parse entities"),
        ([result(input_message_content={"message_text": "字" * 4097})], "too long"),
    ],
)
async def test_what_telegram_would_refuse_is_refused(api: Client, results: list[Any], told: str) -> None:
    waiting, query = await asked(api)
    refused = await api.raw("answerInlineQuery", {"inline_query_id": query["id"], "results": results})
    assert refused[0] == 400 and told in refused[1]["description"], refused
    waiting.cancel()


async def test_a_bot_that_does_not_answer_is_given_up(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sandbox.inline.PATIENCE", 0.01)
    monkeypatch.setattr("bot.sandbox.inline.KEPT", 1)
    for _ in range(2):
        with pytest.raises(ActionError, match="no answer"):
            await api.sandbox.act.ask_inline(OFFICIAL_ID, OFFICIAL_ID, "储能")
    assert len(api.sandbox.world.inline) == 1
    url = f"{api.sandbox.base_url}/sandbox/chats/{GROUP_ID}/inline"
    async with api.http.post(url, json={"user": OFFICIAL_ID, "query": "x"}) as answer:
        assert answer.status == 409 and "no answer" in (await answer.json())["error"]
