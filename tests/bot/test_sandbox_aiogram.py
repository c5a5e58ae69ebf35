"""aiogram on the sandbox as the service uses it: a dispatcher that polls, answers, edits and downloads."""

from __future__ import annotations

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramForbiddenError, TelegramMigrateToChat, TelegramRetryAfter
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from sandbox_kit import TOKEN, Client, eventually, polled, sandboxed

from bot.sandbox import GROUP_ID, OFFICIAL_ID, SUPPLIER_ID, Limits, Sandbox, Upload


def bot_for(sandbox: Sandbox) -> Bot:
    return Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(sandbox.base_url)))


async def until(api: Client, text: str) -> None:
    await eventually(lambda: any(text in sent.text for sent in api.sandbox.record))


async def test_a_dispatcher_talks_with_people() -> None:
    dispatcher = Dispatcher()

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.answer("好")
        await query.message.edit_text(f"按了 {query.data}")

    @dispatcher.message()
    async def said(message: Message, bot: Bot) -> None:
        if message.document:
            content = await bot.download(message.document)
            assert content is not None
            await message.reply_document(BufferedInputFile(content.read() * 2, "twice.txt"))
        else:
            keys = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="甲", callback_data="a")]])
            await message.answer(f"<b>{message.text}</b>", parse_mode="HTML", reply_markup=keys)

    async with sandboxed() as api:
        bot, act = bot_for(api.sandbox), api.sandbox.act
        async with polled(dispatcher, bot):
            act.start(OFFICIAL_ID)
            await until(api, "/start")
            act.press_text(OFFICIAL_ID, OFFICIAL_ID, api.sandbox.record[-1].message_id, "甲")
            await until(api, "按了 a")
            act.upload(OFFICIAL_ID, OFFICIAL_ID, Upload("one.txt", "text/plain", b"abc"))
            await eventually(lambda: api.sandbox.record[-1].method == "sendDocument")
            document = api.sandbox.world.chats[OFFICIAL_ID].messages[api.sandbox.record[-1].message_id]["document"]
            assert document["file_size"] == 6


async def test_refusals_become_aiograms_errors() -> None:
    async with sandboxed(Limits(burst=1)) as api:
        bot = bot_for(api.sandbox)
        api.sandbox.act.start(OFFICIAL_ID)
        await bot.send_message(OFFICIAL_ID, "x")
        with pytest.raises(TelegramRetryAfter) as slow:
            await bot.send_message(OFFICIAL_ID, "x")
        assert slow.value.retry_after == 1
        with pytest.raises(TelegramForbiddenError):
            await bot.send_message(SUPPLIER_ID, "x")
        new = api.sandbox.act.upgrade(OFFICIAL_ID, GROUP_ID)
        with pytest.raises(TelegramMigrateToChat) as moved:
            await bot.send_message(GROUP_ID, "x")
        assert moved.value.migrate_to_chat_id == new
        await bot.session.close()
