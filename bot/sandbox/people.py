"""The made-up people, the group and the channel with which a new sandbox opens. All of it is invented.

Ids are small and fixed, so that settings and tests may name them.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.sandbox.chats import Chat, Person

SANDBOX_ADMIN_ID = 1004

OFFICIAL_ID, SUPPLIER_ID, JOURNALIST_ID = 1001, 1002, 1003
GROUP_ID = -2001
CHANNEL_ID = -1002000000001
BOT_NAME, BOT_USERNAME = "Kanbao 刊报", "kanbao_sandbox_bot"


def people() -> Iterable[Person]:
    """An official, a supplier, a journalist who reads English, and the admin."""
    yield Person(OFFICIAL_ID, "林知秋", "lin_zhiqiu", "zh-hans", "区发改局干部", "District official")
    yield Person(SUPPLIER_ID, "周远", "zhou_yuan", "zh-hans", "电池材料供应商", "Battery materials supplier")
    yield Person(JOURNALIST_ID, "Emma Reed", "emma_reed", "en", "英文财经记者", "Business journalist")
    yield Person(SANDBOX_ADMIN_ID, "沈澜", "shen_lan", "zh-hans", "刊报管理员", "Kanbao administrator", admin=True)


def rooms() -> Iterable[Chat]:
    """A group of two and a channel; the bot is a member of the one and an administrator of the other."""
    members = {OFFICIAL_ID: "creator", SUPPLIER_ID: "member"}
    yield Chat(GROUP_ID, "group", "member", title="招商情报小组", members=members)
    yield Chat(
        CHANNEL_ID,
        "channel",
        "administrator",
        title="临江产业观察",
        username="linjiang_watch",
        members={JOURNALIST_ID: "creator", OFFICIAL_ID: "member"},
    )
