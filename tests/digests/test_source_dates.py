"""The moments that feeds and pages state, in the many forms of Chinese publishing software."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.sources.dates import AHEAD, CHINA, FIRST_YEAR, day_of, parse_date

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DAY = date(2021, 1, 21)
MOMENT = datetime(2021, 1, 21, 8, 30, tzinfo=CHINA)


@pytest.mark.parametrize(
    "text",
    [
        "2021年01月21日", "2021年1月21日", "2021/01/21", "2021.01.21", "2021-1-21", "20210121", "２０２１－０１－２１", "二〇二一年一月二十一日",
        "21 Jan 2021", "Thu, 21 Jan 2021", "Jan 21, 2021", "January 21st, 2021", "21 一月 2021", "21 1月 2021", "发布日期：2021年01月21日",
        "2021 年 1 月 21 日 星期四", "21-Jan-2021", "2021年1月21号", "二○二一年一月廿一日 2021-01-21", "2021-01-21 25:61",
    ],
)  # fmt: skip
def test_days(text: str) -> None:
    assert parse_date(text, NOW) == DAY
    assert type(parse_date(text, NOW)) is date


@pytest.mark.parametrize(
    "text",
    [
        "2021-01-21 08:30", "2021-01-21T08:30:00", "2021-01-21T00:30:00Z", "2021-01-21T08:30:00+08:00", "2021-01-21T08:30:00.000+0800",
        "2021年01月21日 08:30", "2021年1月21日8时30分", "2021年1月21日 星期四 上午8点30分", "2021/1/21 8:30:00", "2021.01.21 08:30", "20210121083000",
        "202101210830", "Thu, 21 Jan 2021 08:30:00 CST", "Thu, 21 Jan 2021 08:30:00 +0800", "Thu, 21 Jan 2021 00:30:00 GMT",
        "Thu, 21 Jan 2021 00:30 UT", "Thu, 21 Jan 2021 08:30:00", "Thu, 21 Jan 2021 08:30:00 GMT+8", "Thu, 21 Jan 2021 08:30:00 UTC+08:00",
        "Thu, 21 Jan 21 08:30:00 +0800", "Wed, 20 Jan 2021 19:30:00 EST", "星期四, 21 1月 2021 08:30:00 +0800", "周四, 21 一月 2021 08:30:00 +0800",
        "Thu Jan 21 08:30:00 CST 2021", "Thu Jan 21 08:30:00 2021", "Thu Jan 21 2021 08:30:00 GMT+0800 (中国标准时间)", "1611189000", "1611189000000",
        "Jan 21, 2021 8:30 AM", "2021-01-21 08:30 北京时间", "2021-01-21 08:30 XYZ",
    ],
)  # fmt: skip
def test_moments(text: str) -> None:
    found = parse_date(text, NOW)
    assert isinstance(found, datetime) and abs(found - MOMENT) < timedelta(minutes=1)
    assert found.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(("text", "hour"), [("下午3:05", 15), ("晚上8点", 20), ("凌晨12:10", 0), ("中午12:30", 12), ("中午1点", 13), ("3:05 PM", 15), ("12:05 a.m.", 0), ("下午15:05", 15)])  # fmt: skip
def test_halves_of_the_day(text: str, hour: int) -> None:
    found = parse_date(f"2021年1月21日 {text}", NOW)
    assert isinstance(found, datetime) and found.hour == hour


@pytest.mark.parametrize(
    "text",
    ["", "昨天", "3小时前", "0000-00-00", "0000-00-00 00:00:00", "2021-02-30", "2021年13月1日", "01/02/2021", "2099-01-01", "1611-01-01", "一九年一月一日",
     "21 Foo 2021", "21 十三月 2021", "21 13月 2021", "2021", "2021-01", "1.2021.3", "12345", "二〇二一年一十一月十一十日", "99999999999999"],
)  # fmt: skip
def test_what_is_no_date_or_no_plausible_one(text: str) -> None:
    assert parse_date(text, NOW) is None


def test_the_future_is_set_back_to_now() -> None:
    assert parse_date("2026-11-22", NOW) == date(2026, 11, 22), "tomorrow's paper"
    assert parse_date("2026-12-24", NOW) == date(2026, 11, 21)
    assert parse_date("2026-12-24T08:00:00+08:00", NOW) == NOW
    assert parse_date("2031-12-24T08:00:00+08:00", NOW) is None


def test_another_zone_where_it_is_said() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    found = parse_date("2021-01-21 08:30", NOW, tokyo)
    assert found == datetime(2021, 1, 21, 8, 30, tzinfo=tokyo)
    assert day_of(datetime(2021, 1, 20, 23, 0, tzinfo=UTC)) == DAY == day_of(DAY)
    assert parse_date("2021-01-21 08:30 +99:00", NOW) == MOMENT, "no zone is that far away"


MOMENTS = st.datetimes(datetime(1991, 1, 1), datetime(2026, 11, 20), timezones=st.just(UTC)).map(
    lambda m: m.replace(microsecond=0)
)
OFFSETS = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))


@given(MOMENTS, OFFSETS)
def test_standard_forms_round_trip(moment: datetime, zone: timezone) -> None:
    local = moment.astimezone(zone)
    assert parse_date(format_datetime(local), NOW) == moment
    assert parse_date(local.isoformat(), NOW) == moment
    assert parse_date(str(int(moment.timestamp())), NOW) == moment
    if moment.timestamp() >= 1e9:  # 12 digits are rather a day and a time than milliseconds before 2001
        assert parse_date(str(int(moment.timestamp() * 1000)), NOW) == moment


FORMS = ["{0.year}年{0.month}月{0.day}日", "{0.year}年{0.month:02}月{0.day:02}日", "{0.year}/{0.month}/{0.day}", "{0.year}.{0.month:02}.{0.day:02}", "{0:%Y%m%d}", "{0:%d %b %Y}", "{0:%B %d, %Y}"]  # fmt: skip


@given(st.dates(date(1990, 1, 1), date(2026, 11, 20)), st.sampled_from(FORMS), st.sampled_from(["", "发布时间：", " "]))
def test_days_round_trip(day: date, form: str, before: str) -> None:
    assert parse_date(before + form.format(day), NOW) == day


@given(st.text(alphabet="0123456789年月日时分:-/. TZ+GMTCSTJanFeb星期四上下午,二〇一十", max_size=40))
def test_any_text_gives_a_plausible_date_or_none(text: str) -> None:
    found = parse_date(text, NOW)
    if found is not None:
        assert found.year >= FIRST_YEAR
        assert day_of(found) <= day_of(NOW + AHEAD)
