"""Small phrases that several screens share: a cadence, a time, a query, a dry run. Pure; the words come from the texts."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.problems import shorten
from bot.chat.reader import Reader
from bot.services import DryRun
from bot.topic_names import names_in
from digests.render_labels import issue_label
from subscriptions import Cadence, Subscription
from subscriptions.service import topic_of

ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul", "Asia/Dubai",
    "Europe/Moscow", "Europe/Berlin", "Europe/London", "America/New_York", "America/Chicago", "America/Los_Angeles",
    "Australia/Sydney", "UTC",
)  # fmt: skip
"""Time zones offered as buttons; each has a text `zone-<name>` with its slash as a hyphen."""


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def times(reader: Reader, cadence: Cadence) -> str:
    return reader.plain("list-separator").join(clock(minutes) for minutes in cadence.times)


def zone(reader: Reader, name: str) -> str:
    if name in ZONES:
        return reader.plain(f"zone-{zone_key(name)}")
    fixed = name.removeprefix("Etc/GMT")  # the sign of these is the other way round
    return name if fixed == name else f"UTC{-int(fixed):+d}"


def zone_key(name: str) -> str:
    return name.replace("/", "-").replace("_", "-").lower()


def cadence(reader: Reader, value: Cadence) -> str:
    """Such as 每天 08:00、18:00, 每周一 08:00, 有新文章立即推送."""
    if value.kind == "instant":
        return reader.plain("cadence-instant-short")
    weekday = reader.plain(f"weekday-{value.weekday}")
    return reader.plain(f"cadence-{value.kind}-at", times=times(reader, value), weekday=weekday, day=value.day)


def quiet(reader: Reader, value: tuple[int, int] | None) -> str:
    if value is None or value[0] == value[1]:
        return reader.plain("quiet-none")
    return reader.plain("quiet-between", start=clock(value[0]), end=clock(value[1]))


def query_name(reader: Reader, query: str, most: int = 60) -> str:
    """A query as people see it; a topic without its mark."""
    topic = topic_of(query)
    return shorten(query, most) if topic is None else reader.plain("query-topic", name=topic_name(reader, topic))


def topic_name(reader: Reader, topic: str) -> str:
    return names_in(reader.language, reader.topics).get(topic, topic)


def subscription_cadence(reader: Reader, held: Subscription) -> str:
    return cadence(reader, held.cadence or reader.subscriber.settings.cadence)


def when(reader: Reader) -> str:
    """When the next digests come, with the zone; or that none comes by itself until it is asked for again."""
    settings = reader.subscriber.settings
    if reader.subscriber.paused is not None:
        return reader.t("list-paused", command=command(reader, "resume"))
    if settings.cadence.kind == "instant":
        return reader.t("when-instant")
    return reader.t("when", cadence=cadence(reader, settings.cadence), zone=zone(reader, settings.timezone))


def day_of(reader: Reader, at: datetime) -> str:
    """A day in the reader's zone, with its year unless it is this one."""
    zone = ZoneInfo(reader.subscriber.settings.timezone)
    local = at.astimezone(zone)
    return f"{local:%m-%d}" if local.year == reader.now.astimezone(zone).year else f"{local:%Y-%m-%d}"


def rate(reader: Reader, per_week: float) -> str:
    if per_week >= 1:
        return reader.plain("rate-week", count=round(per_week))
    per_month = round(per_week * 30 / 7)
    return reader.plain("rate-month", count=per_month) if per_month else reader.plain("rate-rare")


def dry_run(reader: Reader, trial: DryRun) -> str:
    """What a query would have brought, and its newest two."""
    if trial.issues == 0:
        return reader.t("dry-run-no-issues")
    lines = [reader.t("dry-run", issues=trial.issues, articles=trial.articles)]
    timezone = reader.subscriber.settings.timezone
    for title, issue in trial.samples:
        label = issue_label(issue, timezone, reader.plain)
        lines.append(reader.t("dry-run-sample", title=shorten(title, 80), issue=label))
    return "\n".join(lines)


def command(reader: Reader, name: str) -> str:
    """How to give the command here: one for a channel names it."""
    return f"/{name} {reader.label}" if reader.label.startswith("@") else f"/{name}"


def about(reader: Reader) -> str:
    """The channel's name on a line of its own, where one is addressed."""
    return reader.t("about-channel", channel=reader.label) + "\n" if reader.label else ""


def duration(reader: Reader, value: timedelta) -> str:
    """Such as 不到一分钟, 12 分钟, 3 小时 5 分."""
    minutes = round(value / timedelta(minutes=1))
    if minutes < 1:
        return reader.plain("duration-short")
    hours, rest = divmod(minutes, 60)
    return (
        reader.plain("duration-hours", hours=hours, minutes=rest)
        if hours
        else reader.plain("duration-minutes", minutes=minutes)
    )
