"""What an admin may send or answer with /broadcast, over the sandbox: nothing of it is left out unsaid."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiogram.types import Message, TelegramObject
from sandbox_kit import png
from test_chat_sandbox import Talk, talking

from bot.chat.albums import KEPT, AlbumReader
from bot.sandbox import SANDBOX_ADMIN_ID as ADMIN
from bot.sandbox import SUPPLIER_ID as READER
from bot.sandbox import Upload
from digests.html import strip_tags

PICTURE = Upload("a.png", "image/png", png())
CLIP = Upload("发布会.mp4", "video/mp4", b"clip")
PDF = Upload("目录.pdf", "application/pdf", b"%PDF")


class Desk:
    """The admin's chat; `answers` are the bot's messages since the last look."""

    def __init__(self, talk: Talk, user: int = ADMIN) -> None:
        self.talk, self.user, self.act, self.seen = talk, user, talk.api.sandbox.act, 0

    async def begin(self) -> None:
        await self.talk.world.reader("11", "青禾锂电")
        self.act.start(self.user)
        await self.answer()

    async def answer(self, count: int = 1) -> list[str]:
        """The next `count` messages of the bot, and no other follows."""
        await self.talk.until(lambda: len(self._new()) >= count)
        await asyncio.sleep(0.1)
        found = self._new()
        self.seen = max(self.talk.api.sandbox.world.chats[self.user].messages)
        assert len(found) == count, found
        return found

    def _new(self) -> list[str]:
        messages = self.talk.api.sandbox.world.chats[self.user].messages.values()
        ours = [m for m in messages if m["message_id"] > self.seen and m.get("from", {}).get("is_bot")]
        return [str(m.get("text") or m.get("caption") or "") for m in ours]

    async def refused(self, *said: str) -> None:
        (answer,) = await self.answer()
        assert answer.startswith("没有群发") and all(words in answer for words in said), answer
        assert await self.talk.world.all.batches.under_way() == []

    async def goes_out(self, html: str, media: str = "") -> None:
        """After the preview and the question: to the only reader, with these words and this kind of file."""
        await self.answer(2)
        await self.talk.press(ADMIN, ADMIN, "发给 1 位读者", "正在发送")
        batches = await self.talk.world.all.batches.under_way()
        assert (strip_tags(batches[-1].html), batches[-1].media.partition(":")[0]) == (html, media)


async def test_what_cannot_be_broadcast_is_named_and_refused() -> None:
    async with talking() as talk:
        desk = Desk(talk)
        await desk.begin()
        desk.act.show(ADMIN, ADMIN, "video", CLIP, "/broadcast 新厂")
        await desk.refused("视频", "作为文件发来")
        kinds = {"animation": "动图", "audio": "音频", "voice": "语音", "video_note": "圆形视频", "sticker": "贴纸"}
        for kind, name in kinds.items():
            shown = desk.act.show(ADMIN, ADMIN, kind, CLIP)
            await desk.answer()  # what it says of such a message itself
            for words in ("/broadcast", "/broadcast 请看"):
                desk.act.write(ADMIN, ADMIN, words, reply_to=shown["message_id"])
                await desk.refused(name, "文字、一张图片或一个文件")
        made: list[tuple[Callable[[], dict[str, Any]], str]] = [
            (lambda: desk.act.ask_poll(ADMIN, ADMIN, "几点送？", ["七点", "八点"]), "投票"),
            (lambda: desk.act.locate(ADMIN, ADMIN, 31.8, 119.9), "位置"),
        ]
        for make, name in made:
            shown = make()
            await desk.answer()
            desk.act.write(ADMIN, ADMIN, "/broadcast", reply_to=shown["message_id"])
            await desk.refused(name, "请改用文字")


async def test_an_album_is_refused_once_and_its_other_pictures_say_nothing() -> None:
    async with talking() as talk:
        desk = Desk(talk)
        await desk.begin()
        shown = desk.act.album(ADMIN, ADMIN, [PICTURE] * 3, "/broadcast 三张", as_photo=True)
        await desk.refused("一组图片或文件", "单独发来")
        desk.act.write(ADMIN, ADMIN, "/broadcast 三张", reply_to=shown[1]["message_id"])
        await desk.refused("一组图片或文件")
        desk.act.album(ADMIN, ADMIN, [PDF, PDF], "/broadcast 目录")
        refused, other = sorted(await desk.answer(2), key=len, reverse=True)
        assert refused.startswith("没有群发") and "收件目录" in other, "a file without the command is an issue, as ever"


async def test_an_album_of_a_reader_is_answered_once_and_the_next_one_too() -> None:
    async with talking() as talk:
        desk = Desk(talk, READER)
        await desk.begin()
        for _ in range(2):
            desk.act.album(READER, READER, [PICTURE] * 4, as_photo=True)
            assert "我只读文字" in (await desk.answer())[0]


async def test_albums_that_are_long_past_are_forgotten() -> None:
    reader, told = AlbumReader(), list[bool]()

    async def note(_: TelegramObject, data: dict[str, object]) -> None:
        told.append(bool(data["stray"]))

    async def see(message_id: int, album: str) -> None:
        fields = {"message_id": message_id, "date": 0, "chat": {"id": 7, "type": "private"}, "media_group_id": album}
        await reader(note, Message.model_validate(fields), {})

    for place, album in enumerate(["a", "a", *map(str, range(KEPT)), "a", "a"]):
        await see(place, album)
    await see(KEPT + 2, "a")  # the same update once more
    assert told == [False, True, *[False] * KEPT, False, True, False]


async def forwarded(desk: Desk, made: Callable[[], dict[str, object]], answers: int) -> None:
    """A reader's message, handed on to the bot by the admin, and answered with the command."""
    original = made()
    desk.talk.api.sandbox.world.chats[READER].members[ADMIN] = "member"
    handed = desk.act.forward(ADMIN, ADMIN, READER, int(str(original["message_id"])))
    assert handed["forward_origin"]["sender_user"]["id"] == READER
    await desk.answer(answers)
    desk.act.write(ADMIN, ADMIN, "/broadcast", reply_to=handed["message_id"])


async def test_what_is_forwarded_goes_as_what_it_is() -> None:
    async with talking() as talk:
        desk = Desk(talk)
        await desk.begin()
        desk.act.start(READER)
        await forwarded(desk, lambda: desk.act.write(READER, READER, "明天停水"), 1)
        await desk.goes_out("明天停水")
    async with talking() as talk:
        desk = Desk(talk)
        await desk.begin()
        desk.act.start(READER)
        await forwarded(desk, lambda: desk.act.upload(READER, READER, PICTURE, "新厂", as_photo=True), 1)
        await desk.goes_out("新厂", "photo")
    async with talking() as talk:
        desk = Desk(talk)
        await desk.begin()
        desk.act.start(READER)
        await forwarded(desk, lambda: desk.act.upload(READER, READER, PDF), 1)
        await desk.goes_out("", "document")


async def test_a_video_sent_as_a_file_is_a_file() -> None:
    async with talking() as talk:
        desk = Desk(talk)
        await desk.begin()
        desk.act.upload(ADMIN, ADMIN, CLIP, "/broadcast 新厂")
        await desk.goes_out("新厂", "document")
