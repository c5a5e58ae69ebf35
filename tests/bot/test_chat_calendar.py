"""When digests come, as a chat in the sandbox: the reader taps a cadence, issues appear, and the digest is there at its minute and
not before. Days off by decree, ends of months, clocks that are changed, several times a day, one subscription's own times.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline_world import raw
from town import Town, in_town

from bot.sandbox import OFFICIAL_ID

ME = OFFICIAL_ID
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)


async def test_working_days_ends_of_months_and_changed_clocks() -> None:
    async with in_town() as town:
        await begun(town, datetime(2026, 9, 30, 20))
        await chosen(town, "节奏", "工作日")
        assert "现在：工作日 08:00" in town.text(ME)
        # 1 to 7 October are days off; Saturday the 10th is worked for it, Sunday is not
        await comes(town, datetime(2026, 10, 8, 8), datetime(2026, 10, 9, 8), datetime(2026, 10, 10, 8))
        await comes(town, datetime(2026, 10, 12, 8))

        await chosen(town, "节奏", "每月一次")
        await chosen(town, "日期", "29")
        assert "现在：每月 29 日 08:00" in town.text(ME)
        await comes(town, datetime(2026, 10, 29, 8), datetime(2026, 11, 29, 8))
        await forward(town, datetime(2027, 2, 1))
        await comes(town, datetime(2027, 2, 28, 8), datetime(2027, 3, 29, 8))
        await forward(town, datetime(2028, 2, 1))
        await comes(town, datetime(2028, 2, 29, 8))
        await chosen(town, "日期", "最后一天")
        assert "现在：每月最后一天 08:00" in town.text(ME)
        await comes(town, datetime(2028, 3, 31, 8), datetime(2028, 4, 30, 8))

        await forward(town, datetime(2029, 3, 24, 12))
        await chosen(town, "节奏", "每天")
        assert "设置" in await town.asks(ME, ME, "/timezone 柏林")
        await chosen(town, "时间", "半点", "02:30")
        await chosen(town, "时间", "08:00")
        assert "现在：每天 02:30" in town.text(ME)
        await comes(town, datetime(2029, 3, 25, 3), zone=BERLIN)  # there is no 02:30 on this day
        await comes(town, datetime(2029, 3, 26, 2, 30), zone=BERLIN)
        await forward(town, datetime(2029, 10, 27, 12))
        await comes(town, datetime(2029, 10, 28, 2, 30), zone=BERLIN)  # the first of two
        told = town.times_told(ME, "青禾电站")
        await publish(town)
        await town.deliver(hours=1)
        assert town.times_told(ME, "青禾电站") == told, "the second 02:30 is not one more"


async def test_four_times_a_day_a_week_a_subscription_of_its_own_and_a_word_when_nothing_is_new() -> None:
    async with in_town() as town:
        await begun(town, datetime(2026, 11, 18, 20))
        await chosen(town, "时间", "12:00", "18:00", "22:00")
        await town.press(ME, ME, "时间")
        assert "最多选 4 个时间" in await town.press(ME, ME, "06:00")
        await town.says(ME, ME, "/settings", "现在：每天 08:00、12:00、18:00、22:00")
        await comes(town, datetime(2026, 11, 18, 22), datetime(2026, 11, 19, 8), datetime(2026, 11, 19, 12))

        await chosen(town, "节奏", "每周一次")
        await chosen(town, "星期", "周三")
        for label in ("12:00", "18:00", "22:00"):
            await chosen(town, "时间", label)
        assert "现在：每周三 08:00" in town.text(ME)
        await comes(town, datetime(2026, 11, 25, 8))

        await town.says(ME, ME, "/subscribe 临江电缆", "已订阅")
        await town.says(ME, ME, "/list", "2. 临江电缆 · 每周三 08:00")
        await town.press(ME, ME, "2")
        await town.press(ME, ME, "节奏：每周一次 ↩")
        await town.press(ME, ME, "随到随送")
        assert "这一条有自己的时间" in town.text(ME)
        await publish(town, "临江电缆扩建：临江电缆二期")
        await town.deliver(seconds=1)
        assert "临江电缆扩建" in town.text(ME) and "青禾电站" not in town.text(ME), "the other waits for Wednesday"
        await town.press(ME, ME, "↩ 跟随总设置")

        await chosen(town, "没有新内容时")
        await chosen(town, "提示音")
        sent: list[dict[str, object]] = []
        town.api.sandbox.api.observers.append(lambda method, params, _: sent.append(params.raw))
        await town.at(datetime(2026, 12, 2, 8, 1, tzinfo=SHANGHAI))
        await town.at(datetime(2026, 12, 9, 8, 1, tzinfo=SHANGHAI))
        assert "今天的刊报里没有与您的订阅有关的新文章" in town.text(ME)
        assert all(one.get("disable_notification") for one in sent if one.get("chat_id") == ME) and sent


async def test_as_much_of_each_article_as_was_asked_for_at_an_hour_five_and_a_half_east() -> None:
    async with in_town() as town:
        await begun(town, datetime(2026, 11, 18, 20))
        assert "是哪个时区" in await town.asks(ME, ME, "/timezone UTC+5:30")
        await town.press(ME, ME, "Asia/Kolkata")
        body = (
            "　　青禾电站昨天并网。\n　　全站装机容量为三十万千瓦。\n"
            + "　　夜里的风很大，工人没有停。\n" * 90
            + "　　食堂备了热汤。\n　　青禾电站是这里最大的电站。"
        )
        seen = {}
        for number, length in enumerate(("只要标题", "标题和要点", "全文")):
            await chosen(town, "篇幅", length)
            await publish(town, f"第{'甲乙丙'[number]}篇青禾电站：{body}")
            due = datetime(2026, 11, 19 + number, 2, 30, tzinfo=UTC)
            await town.at(due - MINUTE)
            assert town.times_told(ME, f"第{'甲乙丙'[number]}篇青禾电站") == 0, "08:00 there is 02:30 in Greenwich"
            before = len(town.messages(ME))
            await town.at(due + MINUTE)
            seen[length] = "".join(str(one.get("text")) for one in town.messages(ME)[before:])
        for said, lengths in {"篇青禾电站": 3, "三十万千瓦": 2, "食堂备了热汤": 1}.items():
            assert [said in text for text in seen.values()] == [False] * (3 - lengths) + [True] * lengths, said


async def begun(town: Town, local: datetime) -> None:
    """The reader holds one query; it is `local` in Shanghai."""
    town.api.clock.seconds += (local.replace(tzinfo=SHANGHAI) - town.api.clock.now()).total_seconds()
    town.act.start(ME)
    await town.until(lambda: "这里是刊报" in town.text(ME))
    await town.says(ME, ME, "/subscribe 青禾电站", "已订阅")


async def chosen(town: Town, *labels: str) -> None:
    """From /settings on, and back there."""
    await town.asks(ME, ME, "/settings")
    for label in labels:
        await town.press(ME, ME, label)
    await town.asks(ME, ME, "/settings")


async def publish(town: Town, text: str = "") -> None:
    now = town.api.clock.now()
    text = text or f"青禾电站并网：{now:%Y年%m月%d日%H时%M分}并网"
    await town.world.publish(raw(text, f"{now}.txt"), now=now)


async def comes(town: Town, *moments: datetime, zone: ZoneInfo = SHANGHAI) -> None:
    """What is published now comes at the first of these and not a minute before, and so on."""
    for local in moments:
        moment, told = local.replace(tzinfo=zone).astimezone(UTC), town.times_told(ME, "青禾电站并网")
        await publish(town)
        await town.at(moment - MINUTE)
        assert town.times_told(ME, "青禾电站并网") == told, f"before {local}"
        await town.at(moment + MINUTE)
        assert town.times_told(ME, "青禾电站并网") == told + 1, f"not at {local}"


async def forward(town: Town, local: datetime) -> None:
    """So much later; nothing was published meanwhile."""
    await town.at(local.replace(tzinfo=SHANGHAI))
