"""The chat page in a real browser, with a small bot behind it: what a newcomer sees and does.

Keeps screenshots in the folder that KANBAO_SHOTS names, if it is set.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)
from playwright.async_api import Browser, Locator, Page, async_playwright, expect
from sandbox_kit import TOKEN, png, polled

from bot.sandbox import GROUP_ID, OFFICIAL_ID, UNLIMITED, Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EVIL = "<img src=x onerror=\"document.title='broken'\">"
DIGEST = (
    "<b>临江日报 · 11月18日</b>\n共 7 篇，3 篇与您有关\n\n<b>动力电池</b>\n1. <b>18GWh <u>动力电池</u>项目落户</b>\n"
    "总投资 <b>60亿元</b>\n<blockquote expandable>" + "项目分两期建设，一期投资 25 亿元。\n" * 6 + "</blockquote>\n"
    "<blockquote>年产隔膜 4.2 亿平方米</blockquote>\n<a href='https://example.org/a'>原文</a> <code>/list</code> "
    "<tg-spoiler>剧透</tg-spoiler> <s>旧</s> <i>新</i> #动力电池 /settings"
)


def keys(*labels: str) -> InlineKeyboardMarkup:
    row = [InlineKeyboardButton(text=label, callback_data=label) for label in labels]
    return InlineKeyboardMarkup(inline_keyboard=[row])


def small_bot() -> Dispatcher:
    dispatcher = Dispatcher()

    @dispatcher.message(Command("start"))
    async def start(message: Message) -> None:
        await message.answer("<b>您好</b>，请选主题。", reply_markup=keys("动力电池", "完成"))

    @dispatcher.message(Command("digest"))
    async def digest(message: Message) -> None:
        await message.answer(DIGEST)

    @dispatcher.message(Command("export"))
    async def export(message: Message) -> None:
        await message.reply_document(BufferedInputFile(b"[]", "我的订阅.json"), caption="共 2 条")
        await message.answer_photo(BufferedInputFile(png(40, 20), "a.png"), caption="图表")

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        if query.data == "完成":
            await query.answer("每天 08:00 推送", show_alert=True)
            return
        assert isinstance(query.message, Message)
        await query.answer("已订阅")
        await query.message.edit_text("<b>已订阅 1 个主题</b>", reply_markup=keys("完成"))

    @dispatcher.message(F.document)
    async def document(message: Message) -> None:
        assert message.document is not None
        await message.reply(f"收到 {message.document.file_name}")

    @dispatcher.message(F.text)
    async def echo(message: Message) -> None:
        assert message.text is not None
        await message.answer(message.html_text)

    return dispatcher


@dataclass
class Desk:
    """A sandbox with its bot, and a browser in front of it."""

    sandbox: Sandbox
    browser: Browser
    problems: list[str]

    async def open(self, width: int = 1180, height: int = 820, dark: bool = False) -> Page:
        page = await self.browser.new_page(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
        )
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self.problems.append(line.text) if line.type == "error" else None)
        await page.goto(self.sandbox.page_url)
        return page


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on the PATH (chromium, chromium-browser or google-chrome)")
    names = ["临江日报-2026-11-18-01.txt"]

    async def publish() -> str | None:
        return names.pop() if names else None

    sandbox = Sandbox(
        "127.0.0.1", 0, token=TOKEN, state_file=None, publish=publish, now=lambda: datetime.now(UTC), limits=UNLIMITED
    )
    async with sandbox, polling(sandbox), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        desk = Desk(sandbox, browser, [])
        yield desk
        await browser.close()
        assert desk.problems == []


@asynccontextmanager
async def polling(sandbox: Sandbox) -> AsyncIterator[None]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.base_url))
    bot = Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    named = [("start", "开始使用"), ("digest", "现在的新内容"), ("export", "导出订阅")]
    await bot.set_my_commands([BotCommand(command=command, description=text) for command, text in named])
    dispatcher = small_bot()
    async with polled(dispatcher, bot):
        yield


async def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("KANBAO_SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def say(page: Page, text: str) -> None:
    await page.get_by_test_id("input").fill(text)
    await page.keyboard.press("Enter")


def last_text(page: Page) -> Locator:
    return page.get_by_test_id("text").last


async def test_a_newcomer_talks_with_the_bot(desk: Desk) -> None:
    page = await desk.open()
    find = page.get_by_test_id
    await expect(find("banner")).to_contain_text("SANDBOX")
    await find("start").click()
    await expect(find("keyboard")).to_be_visible()
    await page.get_by_role("button", name="动力电池").click()
    await expect(find("edited")).to_be_visible()
    await expect(find("toast")).to_have_text("已订阅")
    await page.get_by_role("button", name="完成").click()
    await expect(find("alert")).to_contain_text("每天 08:00 推送")
    await find("alert-close").click()
    await find("slash").click()
    await find("command-digest").click()
    await expect(find("expandable")).to_be_visible()
    await shot(page, "digest")
    folded = await find("expandable").bounding_box()
    await find("expand").click()
    opened = await find("expandable").bounding_box()
    assert folded is not None and opened is not None and opened["height"] > folded["height"] + 40
    await find("spoiler").click()
    drawn = await last_text(page).inner_html()
    for piece in (
        "<b>",
        "<u>",
        "<i>",
        "<s>",
        "<code>",
        "<blockquote>",
        'href="https://example.org/a"',
        'rel="noopener noreferrer"',
    ):
        assert piece in drawn
    await say(page, "/export")
    await expect(find("photo").locator("img")).to_be_visible()
    async with page.expect_download() as download:
        await find("document").click()
    assert (await download.value).suggested_filename == "我的订阅.json"


async def test_nothing_that_is_said_becomes_markup(desk: Desk) -> None:
    desk.sandbox.act.start(OFFICIAL_ID)
    page = await desk.open()
    await page.get_by_test_id("input").wait_for()
    await say(page, EVIL)
    await expect(page.get_by_test_id("text").filter(has_text="onerror")).to_have_count(2)
    await expect(last_text(page)).to_have_text(EVIL)
    assert "SANDBOX" in await page.title()
    assert await page.locator(".messages img").count() == 0


async def test_a_file_is_dropped_into_the_chat(desk: Desk) -> None:
    desk.sandbox.act.start(OFFICIAL_ID)
    page = await desk.open()
    await page.get_by_test_id("input").wait_for()
    carried = await page.evaluate_handle(
        "() => { const data = new DataTransfer(); data.items.add(new File(['# 头版'], '临江日报.txt', {type: 'text/plain'})); return data; }"
    )
    for event in ("dragenter", "dragover", "drop"):
        await page.dispatch_event("#chat", event, {"dataTransfer": carried})
    await expect(last_text(page)).to_have_text("收到 临江日报.txt")
    await page.get_by_test_id("file").set_input_files({"name": "二.txt", "mimeType": "text/plain", "buffer": b"x"})
    await expect(last_text(page)).to_have_text("收到 二.txt")


async def test_blocking_starting_again_and_publishing(desk: Desk) -> None:
    desk.sandbox.act.start(OFFICIAL_ID)
    page = await desk.open()
    find = page.get_by_test_id
    await find("menu").click()
    await find("block").click()
    await expect(find("notice")).to_contain_text("停用")
    await find("restart").click()
    await expect(find("input")).to_be_visible()
    await find("publish").click()
    await expect(find("published").last).to_contain_text("临江日报-2026-11-18-01.txt")
    await find("publish").click()
    await expect(find("published").last).to_contain_text("全部发布")
    await find("language").click()
    await expect(find("publish")).to_have_text("Publish the next issue")


async def test_a_group_has_roles_and_can_be_upgraded(desk: Desk) -> None:
    page = await desk.open()
    find = page.get_by_test_id
    await find(f"chat-{GROUP_ID}").click()
    await find("role").select_option(label="周远")
    await say(page, "/start")
    await expect(find("keyboard")).to_be_visible()
    await expect(page.locator(".message.mine")).to_have_count(1)
    await find("role").select_option(label="林知秋")
    await expect(page.locator(".message.mine")).to_have_count(0)
    await find("menu").click()
    await find("upgrade").click()
    await expect(page.get_by_role("log").get_by_text("群组已升级为超级群")).to_be_visible()
    await say(page, "/digest")
    await expect(find("expandable")).to_be_visible()


async def test_a_draft_goes_along_when_its_group_is_upgraded(desk: Desk) -> None:
    page = await desk.open()
    find = page.get_by_test_id
    await find(f"chat-{GROUP_ID}").click()
    await find("role").select_option(label="周远")
    await find("input").fill("/digest")
    desk.sandbox.act.upgrade(OFFICIAL_ID, GROUP_ID)
    await expect(page.get_by_role("log").get_by_text("群组已升级为超级群")).to_be_visible()
    await expect(find("role").locator("option:checked")).to_have_text("周远")
    await expect(find("input")).to_have_value("/digest")
    await page.keyboard.press("Enter")
    await expect(find("expandable")).to_be_visible()


async def test_the_keyboard_alone_is_enough(desk: Desk) -> None:
    page = await desk.open()
    await page.get_by_test_id("start").focus()
    await page.keyboard.press("Enter")
    await page.get_by_test_id("input").wait_for()
    await page.get_by_test_id("input").press_sequentially("/di")
    await expect(page.get_by_test_id("command-digest")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("expandable")).to_be_visible()
    await page.get_by_test_id("spoiler").press("Enter")
    await expect(page.get_by_test_id("spoiler")).to_have_class("spoiler shown")


async def test_on_a_phone_and_in_the_dark(desk: Desk) -> None:
    page = await desk.open(width=390, height=780, dark=True)
    find = page.get_by_test_id
    await expect(find("chat-list")).to_be_visible()
    await find(f"chat-{OFFICIAL_ID}").click()
    await find("start").click()
    await expect(find("keyboard")).to_be_visible()
    await shot(page, "phone")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await find("back").click()
    await expect(find("publish")).to_be_visible()


async def test_two_windows_see_the_same(desk: Desk) -> None:
    desk.sandbox.act.start(OFFICIAL_ID)
    first, second = await desk.open(), await desk.open()
    await first.get_by_test_id("input").wait_for()
    await second.get_by_test_id("input").wait_for()
    await say(first, "订阅 动力电池")
    await expect(second.get_by_test_id("text").filter(has_text="订阅 动力电池")).to_have_count(2)
